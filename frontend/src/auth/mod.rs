//! Signing in and staying so: the pages before the pages.
//!
//! Invariant: no page here tells whether an address has an account.

mod api;
mod dead_link;
mod forgot_page;
mod mailed;
mod register_page;
mod reset_page;
mod sign_in_page;
mod signed_in;
mod verify_page;
mod words;

pub use forgot_page::ForgotPage;
pub use mailed::CheckMail;
pub use register_page::RegisterPage;
pub use reset_page::ResetPage;
pub use sign_in_page::SignInPage;
pub use signed_in::{SignedIn, Whom};
pub use verify_page::{CodeForm, VerifyPage};
