//! The rules of texts as patterns, for the API's document.
//!
//! Invariant: a text that fits its pattern fits its rule, but for what a pattern cannot say; both read JavaScript's,
//! Python's and Rust's regular expressions alike. Surrounding space counts as absent, so that one other character is
//! asked for.

/// Controls, and what a reader cannot see.
macro_rules! unseen {
    () => {
        concat!(
            r"\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200c\u200e\u200f\u2028-\u202e",
            r"\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff9-\ufffb"
        )
    };
}

/// Controls but for tabs and line ends.
macro_rules! controls {
    () => {
        r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f"
    };
}

/// Any of what is not listed, and one that is no space.
macro_rules! without {
    ($characters:expr) => {
        concat!("^[^", $characters, "]*[^", $characters, r"\s][^", $characters, "]*$")
    };
}

pub const LINE: &str = without!(unseen!());
pub const LINE_OR_NOTHING: &str = concat!("^[^", unseen!(), "]*$");
pub const TEXT: &str = without!(controls!());
pub const NAME: &str = without!(concat!(unseen!(), r"\u200d\[\]<>"));

/// One part between the dots of what stands before the `@`.
macro_rules! atom {
    () => {
        r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
    };
}

macro_rules! host {
    ($letters:expr) => {
        concat!("[", $letters, "]([", $letters, "-]{0,61}[", $letters, "])?")
    };
}

pub const EMAIL: &str =
    concat!("^", atom!(), r"(\.", atom!(), ")*@(", host!("A-Za-z0-9"), r"\.)+", host!("A-Za-z0-9"), "$");
pub const SLUG: &str = "^[a-z0-9]+(-[a-z0-9]+)*$";
pub const KEY: &str = "^[a-z0-9]+([-_][a-z0-9]+)*$";
pub const DAY: &str = "^[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$";
pub const COLOUR: &str = "^#[0-9A-Fa-f]{6}$";
pub const ZONE: &str = "^[A-Za-z0-9/_+-]+$";
pub const ORIGIN: &str = concat!(
    "^(https://",
    host!("a-z0-9"),
    r"(\.",
    host!("a-z0-9"),
    r")*|http://(([a-z0-9-]+\.)*localhost|127\.0\.0\.1))(:[1-9][0-9]{0,4})?$"
);

/// No user name, no password, no fragment.
pub const HTTPS: &str = concat!("^https://[^", unseen!(), r"\s/?#@\\]+([/?][^", unseen!(), "#]*)?$");
