//! Why a file is not uploaded, in words for the person who chose it.

use api_types::error::{ErrorCode, FieldCode};

use super::{
    limits,
    words::{BAD_NAME, CLAIM_FAILED, EMPTY, FILE_TOO_LARGE, LOST, NO_ROOM, STORE_DOWN},
};
use crate::{api::Failure, errors, i18n};

/// The field that the server names when a file cannot go with a message.
pub const CLAIM: &str = "attachment_ids";

#[derive(Clone, PartialEq)]
pub enum Refusal {
    Empty,
    TooLarge,
    Failed(Failure),
}

impl Refusal {
    pub fn of(failure: Failure) -> Self {
        match failure.code() {
            Some(ErrorCode::TooLarge) => Self::TooLarge,
            _ => Self::Failed(failure),
        }
    }

    /// The same file would be refused again.
    pub fn is_final(&self) -> bool {
        match self {
            Self::Empty | Self::TooLarge => true,
            Self::Failed(failure) => failure.code() == Some(ErrorCode::Invalid),
        }
    }

    /// The line was at fault, not the file.
    pub fn is_lost(&self) -> bool {
        matches!(self, Self::Failed(Failure::Unreachable))
    }

    /// Follows the language.
    pub fn words(&self) -> String {
        let failure = match self {
            Self::Empty => return EMPTY.get().to_owned(),
            Self::TooLarge => {
                return FILE_TOO_LARGE.with(&limits::get().map(|it| i18n::size(it.max_size)).unwrap_or_default());
            }
            Self::Failed(failure) => failure,
        };
        let words = match failure {
            Failure::Unreachable => LOST,
            Failure::Refused(problem) => match (problem.code, problem.errors.first().map(|fault| fault.code)) {
                (ErrorCode::Unavailable, _) => STORE_DOWN,
                // What arrived was not whole.
                (ErrorCode::Malformed, _) => LOST,
                (ErrorCode::Invalid, Some(FieldCode::Required)) => EMPTY,
                (ErrorCode::Invalid, Some(FieldCode::NotPossible)) => NO_ROOM,
                (ErrorCode::Invalid, _) => BAD_NAME,
                _ => errors::explain(failure),
            },
        };
        words.get().to_owned()
    }
}

/// Why a message with files was refused.
pub fn explain(failure: &Failure) -> i18n::Words {
    match failure {
        Failure::Refused(problem)
            if problem.errors.iter().any(|fault| fault.pointer.split('/').nth(1) == Some(CLAIM)) =>
        {
            CLAIM_FAILED
        }
        _ => errors::explain(failure),
    }
}
