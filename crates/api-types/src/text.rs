//! Words that people type, each with its rule.
//!
//! Invariant: a value that passed its rule is trimmed, holds no NUL and no character that could
//! reorder or hide what stands beside it.

use crate::error::{FieldCode, broken};

#[cfg(feature = "openapi")]
mod pattern;

/// A string with a name and a rule. It deserialises trimmed and unchecked, so that one answer can name
/// every field at fault; the rule runs in the form and at the server's door.
///
/// With a length, it is held before the rule. The pattern is what the API's document tells of the rule.
macro_rules! text {
    ($(#[doc = $doc:literal])* $name:ident, $least:literal..=$most:literal, $pattern:expr, $rule:expr) => {
        text! { @type $(#[doc = $doc])* $name, |text| {
            if $least > 0 || !text.is_empty() {
                length(text, $least, $most)?;
            }
            let rule: fn(&str) -> Result<(), garde::Error> = $rule;
            rule(text)
        } }

        #[cfg(feature = "openapi")]
        text! { @schema $(#[doc = $doc])* $name, $pattern, |schema| schema.min_length(Some($least)).max_length(Some($most)) }
    };

    ($(#[doc = $doc:literal])* $name:ident, $pattern:expr, $rule:expr) => {
        text! { @type $(#[doc = $doc])* $name, $rule }

        #[cfg(feature = "openapi")]
        text! { @schema $(#[doc = $doc])* $name, $pattern, |schema| schema }
    };

    (@schema $(#[doc = $doc:literal])* $name:ident, $pattern:expr, $measure:expr) => {
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                use utoipa::openapi::schema::{ObjectBuilder, Type};
                let words = [$($doc),*].map(str::trim).join("\n");
                let schema = ObjectBuilder::new().schema_type(Type::String).description(Some(words)).pattern(Some($pattern));
                let measure: fn(ObjectBuilder) -> ObjectBuilder = $measure;
                measure(schema).into()
            }
        }

        impl utoipa::ToSchema for $name {}
    };

    (@type $(#[doc = $doc:literal])* $name:ident, $rule:expr) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(from = "String")]
        pub struct $name(String);

        impl $name {
            /// The words themselves.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text.trim().to_owned())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl garde::Validate for $name {
            type Context = ();

            fn validate_into(
                &self,
                (): &Self::Context,
                parent: &mut dyn FnMut() -> garde::Path,
                report: &mut garde::Report,
            ) {
                let rule: fn(&str) -> Result<(), garde::Error> = $rule;
                if let Err(error) = rule(&self.0) {
                    report.append(parent(), error);
                }
            }
        }
    };
}

text! {
    /// A ticket's title: one line of 1 to 200 characters.
    Title, 1..=200, pattern::LINE, single_line
}

text! {
    /// What somebody writes, in Markdown: 1 to 20,000 characters.
    Message, 1..=20_000, pattern::TEXT, clean
}

text! {
    /// A person's name: one line of 1 to 80 characters, without brackets, which labels use.
    PersonName, 1..=80, pattern::NAME, |text| {
        single_line(text)?;
        // Brackets are the labels'; a joiner makes "A\u{200D}na" look like another "Ana".
        if text.contains(['[', ']', '<', '>', '\u{200D}']) {
            return Err(broken(FieldCode::ForbiddenCharacter, "A name cannot hold brackets or invisible characters."));
        }
        Ok(())
    }
}

text! {
    /// An email address of at most 254 characters. It is compared without regard to case.
    EmailAddress, 1..=254, pattern::EMAIL, email
}

text! {
    /// Why a ticket is parked: one line of 1 to 200 characters.
    HoldReason, 1..=200, pattern::LINE, single_line
}

text! {
    /// Why somebody was erased: one line of 1 to 300 characters.
    ErasureReason, 1..=300, pattern::LINE, single_line
}

text! {
    /// The last part of a page's address: 1 to 100 lower-case letters, digits and single hyphens between them.
    Slug, 1..=100, pattern::SLUG, |text| {
        let fits = |part: &str| {
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        // Those stand for other things in addresses.
        if !text.split('-').all(fits) || matches!(text, "suggest" | "synonyms") {
            return Err(broken(FieldCode::NotPossible, "Lower-case letters, digits and single hyphens between them."));
        }
        Ok(())
    }
}

text! {
    /// An article in Markdown: 1 to 100,000 characters.
    ArticleBody, 1..=100_000, pattern::TEXT, clean
}

text! {
    /// A category's name: one line of 1 to 60 characters.
    CategoryName, 1..=60, pattern::LINE, single_line
}

text! {
    /// What a desk is called: one line of 1 to 40 characters.
    DeskName, 1..=40, pattern::LINE, single_line
}

text! {
    /// What a field, a choice or a department is called: one line of 1 to 60 characters.
    Label, 1..=60, pattern::LINE, single_line
}

text! {
    /// What helps to fill in a field: one line of at most 300 characters.
    HelpText, 0..=300, pattern::LINE_OR_NOTHING, single_line
}

text! {
    /// The name of a field or a choice in the API: 1 to 40 lower-case letters, digits and single hyphens or underscores
    /// between them.
    FieldKey, 1..=40, pattern::KEY, |text| {
        let fits = |part: &str| {
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        if text.split(['-', '_']).all(fits) {
            Ok(())
        } else {
            let message = "Lower-case letters, digits and single hyphens or underscores between them.";
            Err(broken(FieldCode::NotPossible, message))
        }
    }
}

text! {
    /// A day of the calendar, such as `2026-03-02`.
    CalendarDay, pattern::DAY, |text| if is_day(text) { Ok(()) } else { Err(broken(FieldCode::NotPossible, "A day such as 2026-03-02.")) }
}

text! {
    /// A colour such as `#4f4dd6`, on which white words can be read: a contrast of 4.5 at least (WCAG 2.2, 1.4.3).
    Accent, pattern::COLOUR, |text| match contrast(text) {
        None => Err(broken(FieldCode::NotPossible, "A colour such as #4f4dd6.")),
        Some(contrast) if contrast < 4.5 => {
            let message = "Too light: white words on it could not be read. Choose a darker colour.";
            Err(broken(FieldCode::NotPossible, message))
        }
        Some(_) => Ok(()),
    }
}

impl Accent {
    /// How well white words can be read on it, 1 to 21; nothing if it is no colour.
    pub fn contrast(&self) -> Option<f64> {
        contrast(&self.0)
    }
}

fn contrast(colour: &str) -> Option<f64> {
    Some(1.05 / (luminance(colour)? + 0.05))
}

/// The relative luminance of a colour `#rrggbb`, 0 to 1, as WCAG defines it.
fn luminance(colour: &str) -> Option<f64> {
    let digits = colour
        .strip_prefix('#')
        .filter(|digits| digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    let part = |at: usize| {
        let value = f64::from(u8::from_str_radix(digits.get(at..at + 2)?, 16).ok()?) / 255.0;
        Some(if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) })
    };
    Some(0.2126 * part(0)? + 0.7152 * part(2)? + 0.0722 * part(4)?)
}

text! {
    /// The name of a day on which the team is closed: one line of 1 to 80 characters.
    HolidayName, 1..=80, pattern::LINE, single_line
}

text! {
    /// A time zone as the IANA database names it, such as `Europe/Paris`. The server knows which there are.
    TimeZoneName, 1..=64, pattern::ZONE, |text| {
        if text.chars().all(|c| c.is_ascii_alphanumeric() || "/_+-".contains(c)) {
            Ok(())
        } else {
            Err(broken(FieldCode::NotPossible, "A name such as Europe/Paris."))
        }
    }
}

text! {
    /// A website as browsers name its origin, such as `https://www.example.com`: no path, and `http` on the same machine only.
    WebOrigin, pattern::ORIGIN, |text| {
        let message = "An address such as https://www.example.com, without a path.";
        if is_origin(text) { Ok(()) } else { Err(broken(FieldCode::NotPossible, message)) }
    }
}

text! {
    /// Where a webhook is told what happens: an address of at most 2,000 characters that begins with `https://`, without
    /// a user name, a password or a fragment. The server knows where it leads.
    WebhookUrl, 1..=2000, pattern::HTTPS, single_line
}

text! {
    /// What a webhook is for: one line of at most 200 characters.
    WebhookDescription, 0..=200, pattern::LINE_OR_NOTHING, single_line
}

fn is_origin(text: &str) -> bool {
    let Some((scheme, host)) = text.split_once("://").filter(|_| text.len() <= 255) else { return false };
    let (name, port) = host.split_once(':').unwrap_or((host, "443"));
    let fits = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    let is_here = name == "localhost" || name == "127.0.0.1" || name.ends_with(".localhost");
    let is_port = port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port != 0);
    (scheme == "https" || scheme == "http" && is_here) && name.split('.').all(fits) && is_port
}

impl EmailAddress {
    /// The form that is stored and compared.
    pub fn normalised(&self) -> String {
        self.0.to_lowercase()
    }
}

/// A new password: 12 to 128 characters, any characters. Never trimmed and never printed.
#[derive(Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 12, max_length = 128))]
pub struct Password(String);

impl Password {
    /// The secret itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<String> for Password {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(..)")
    }
}

impl garde::Validate for Password {
    type Context = ();

    fn validate_into(&self, (): &Self::Context, parent: &mut dyn FnMut() -> garde::Path, report: &mut garde::Report) {
        if let Err(error) = length(&self.0, 12, 128) {
            report.append(parent(), error);
        }
    }
}

/// What somebody searches for: at most 200 characters.
pub const MAX_SEARCH: usize = 200;

/// From the year 1000 on, so that days sort as they are written.
fn is_day(text: &str) -> bool {
    let number = |at: std::ops::Range<usize>| -> Option<u32> {
        let digits = text.get(at).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
        digits.parse().ok()
    };
    let dashed = text.len() == 10 && text.get(4..5) == Some("-") && text.get(7..8) == Some("-");
    let (Some(year), Some(month), Some(day), true) = (number(0..4), number(5..7), number(8..10), dashed) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    };
    year >= 1000 && (1..=days).contains(&day)
}

fn length(text: &str, least: usize, most: usize) -> Result<(), garde::Error> {
    let count = text.chars().count();
    if count == 0 {
        Err(broken(FieldCode::Required, "This field is required."))
    } else if count < least {
        Err(broken(FieldCode::TooShort, &format!("At least {least} characters.")))
    } else if count > most {
        Err(broken(FieldCode::TooLong, &format!("At most {most} characters.")))
    } else {
        Ok(())
    }
}

/// Postgres cannot store NUL, and the other controls hide what a text says.
pub(crate) fn clean(text: &str) -> Result<(), garde::Error> {
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(broken(FieldCode::ForbiddenCharacter, "Control characters are not accepted."));
    }
    Ok(())
}

pub(crate) fn single_line(text: &str) -> Result<(), garde::Error> {
    if text.chars().any(|c| c.is_control() || is_deceptive(c)) {
        return Err(broken(
            FieldCode::ForbiddenCharacter,
            "Line breaks, control characters and invisible characters are not accepted.",
        ));
    }
    Ok(())
}

/// Characters that take no room or turn the direction of what follows. U+200D stays: it joins emoji.
pub fn is_deceptive(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{180E}' | '\u{200B}' | '\u{200C}' | '\u{200E}' | '\u{200F}'
        | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}'
        | '\u{E0000}'..='\u{E007F}')
}

/// The mail server has the last word on an address; this refuses what no server could accept, and
/// every character that could break a header.
fn email(text: &str) -> Result<(), garde::Error> {
    let wrong = || broken(FieldCode::NotAnEmail, "This is not an email address.");
    let (local, domain) = text.rsplit_once('@').ok_or_else(wrong)?;
    let local_ok = !local.is_empty()
        && local.len() <= 64
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && local.chars().all(|c| c.is_ascii_alphanumeric() || ".!#$%&'*+-/=?^_`{|}~".contains(c));
    let domain_ok = domain.contains('.')
        && domain.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        });
    if local_ok && domain_ok { Ok(()) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests;
