//! A form that checks before it sends and shows each fault at its field.
//!
//! Invariant: a refused form keeps what was typed, and focus goes to the first field at fault.

use std::pin::Pin;

use api_types::error::{ErrorCode, FieldCode, FieldError};
use garde::Validate;
use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::icon::{Glyph, Icon};
use crate::{
    api::{self, Failure},
    erased::{dynamic, spawn},
    errors,
    i18n::Words,
    settings,
};

type Call<T> = Pin<Box<dyn Future<Output = Result<T, Failure>>>>;

/// The state of one form, to be shared with its fields.
#[derive(Clone, Copy)]
pub struct Form {
    pub node: NodeRef<html::Form>,
    faults: RwSignal<Vec<FieldError>>,
    failure: RwSignal<Option<Failure>>,
    busy: RwSignal<bool>,
}

impl Form {
    pub fn new() -> Self {
        Self {
            node: NodeRef::new(),
            faults: RwSignal::default(),
            failure: RwSignal::default(),
            busy: RwSignal::default(),
        }
    }

    /// Sends a request that keeps its rules, once at a time; `then` hears the answer.
    pub fn send<R, T>(
        self,
        request: &R,
        call: impl Future<Output = Result<T, Failure>> + 'static,
        then: impl FnOnce(T) + 'static,
    ) where
        R: Validate,
        R::Context: Default,
        T: 'static,
    {
        if self.check(request) {
            self.run(call, then);
        }
    }

    /// Shows the rules that a request breaks; true when it keeps them all.
    pub fn check<R>(self, request: &R) -> bool
    where
        R: Validate,
        R::Context: Default,
    {
        self.judge(FieldError::all_of(request))
    }

    /// Shows the rules that are broken; true when none is.
    pub fn judge(self, faults: Vec<FieldError>) -> bool {
        self.clear();
        let kept = faults.is_empty();
        if !kept {
            self.blame(faults, None);
        }
        kept
    }

    /// As [`Form::send`], for a request without rules.
    pub fn run<T: 'static>(
        self,
        call: impl Future<Output = Result<T, Failure>> + 'static,
        then: impl FnOnce(T) + 'static,
    ) {
        self.begin(Box::pin(call), Box::new(then));
    }

    fn begin<T: 'static>(self, call: Call<T>, then: Box<dyn FnOnce(T)>) {
        if self.busy.get_untracked() {
            return;
        }
        self.clear();
        self.busy.set(true);
        spawn(async move {
            let answer = call.await;
            // The form may have left the page meanwhile.
            self.busy.try_set(false);
            match answer {
                Ok(answer) => then(answer),
                Err(failure) => self.refuse(failure),
            }
        });
    }

    pub fn busy(self) -> bool {
        self.busy.get()
    }

    pub fn clear(self) {
        self.faults.set(Vec::new());
        self.failure.set(None);
    }

    /// Follows by what the form as a whole was refused.
    pub fn refusal(self) -> Option<ErrorCode> {
        self.failure.with(|failure| failure.as_ref().and_then(Failure::code))
    }

    /// What is wrong with a field, or with a part of it; follows the language.
    pub fn fault(self, name: &str) -> Option<String> {
        self.fault_or(name, None)
    }

    /// As [`Form::fault`], where what is impossible has words of its own.
    pub fn fault_or(self, name: &str, impossible: Option<Words>) -> Option<String> {
        let fault = self.broken(name)?;
        let own = impossible.filter(|_| matches!(fault.code, FieldCode::NotPossible | FieldCode::WrongType));
        Some(own.map_or_else(|| errors::explain_field(&fault), |words| words.get().to_owned()))
    }

    /// The rule that a field breaks, or a part of it.
    pub fn broken(self, name: &str) -> Option<FieldError> {
        self.faults.with(|faults| {
            let is_of = |fault: &&FieldError| {
                let rest = fault.pointer.strip_prefix('/').and_then(|path| path.strip_prefix(name));
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            faults.iter().find(is_of).cloned()
        })
    }

    /// Whether something is wrong with a part as a whole, and not with one of its own parts.
    pub fn faults_all_of(self, name: &str) -> bool {
        self.faults.with(|faults| faults.iter().any(|fault| fault.pointer.strip_prefix('/') == Some(name)))
    }

    fn refuse(self, failure: Failure) {
        // No field of the form is at fault.
        let as_a_whole = api::asks_riddle(Some(&failure));
        if as_a_whole {
            // Perhaps the desk has chosen another captcha since.
            settings::fetch();
        }
        match &failure {
            Failure::Refused(problem) if !problem.errors.is_empty() && !as_a_whole => {
                self.blame(problem.errors.clone(), Some(failure));
            }
            _ => drop(self.failure.try_set(Some(failure))),
        }
    }

    /// `otherwise` is said when the form has none of the fields at fault.
    fn blame(self, faults: Vec<FieldError>, otherwise: Option<Failure>) {
        self.failure.try_set(None);
        self.faults.try_set(faults);
        request_animation_frame(move || {
            let form = self.node.try_get_untracked().flatten();
            let first = form.and_then(|form| form.query_selector("[aria-invalid=true]").ok().flatten());
            match first.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
                Some(field) => drop(field.focus()),
                None => drop(self.failure.try_set(otherwise)),
            }
        });
    }
}

/// Why the form as a whole was refused.
#[component]
pub fn FormFailure(form: Form) -> impl IntoView {
    view! {
        <div role="alert">
            {dynamic(move || {
                form.failure
                    .get()
                    .map(|failure| {
                        view! {
                            <p class="notice" data-tone="bad">
                                <Icon glyph=Glyph::Alert />
                                <span>{errors::explain(&failure)}</span>
                            </p>
                        }
                    })
            })}
        </div>
    }
}

/// The one button that sends the form.
#[component]
pub fn SubmitButton(form: Form, label: Words) -> impl IntoView {
    view! {
        <button class="button" data-kind="primary" type="submit" aria-disabled=move || form.busy().to_string()>
            {label}
        </button>
    }
}
