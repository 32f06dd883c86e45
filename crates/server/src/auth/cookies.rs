//! The cookies of a session, at the desk's own page and in a panel inside somebody else's website.
//!
//! Invariant: browsers keep a panel's cookies apart for each website around it, and only what the desk's own page asks
//! for is answered by them.

use std::future::{Ready, ready};

use actix_web::{
    FromRequest, HttpRequest,
    cookie::{Cookie, SameSite, time::Duration},
    dev::Payload,
    http::header::{self, HeaderName},
    web,
};
use api_types::{error::ErrorCode, people::Role};

use super::sessions::IDLE;
use crate::{
    error::{AppError, Result},
    state::State,
};

/// The page says by it that it stands in a panel. No other website's script may send it.
const IN_PANEL: &str = "waggle-panel";

const REFRESH: &str = "refresh";
const REGISTRATION: &str = "registration";

/// How long the cookie of a browser that registers lasts: as long as the mailed link is good.
const REGISTERING: Duration = Duration::hours(24);

/// Where the page stands that asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Page,
    Panel,
}

impl FromRequest for Place {
    type Error = AppError;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let headers = request.headers();
        if !headers.contains_key(IN_PANEL) {
            return ready(Ok(Self::Page));
        }
        let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok()).unwrap_or_default();
        let is_ours =
            request.app_data::<web::Data<State>>().is_some_and(|state| plain(&state.public_url) == plain(origin));
        ready(if is_ours { Ok(Self::Panel) } else { Err(AppError::new(ErrorCode::Forbidden)) })
    }
}

/// An origin as browsers write it.
fn plain(origin: &str) -> String {
    let port = if origin.starts_with("https:") { ":443" } else { ":80" };
    origin.strip_suffix(port).unwrap_or(origin).to_ascii_lowercase()
}

impl Place {
    /// Lets somebody in who has proved who they are, unless it is one of the team in somebody else's website.
    pub fn admit(self, role: Role) -> Result<()> {
        if self == Self::Panel && role.is_team() {
            return Err(AppError::new(ErrorCode::Forbidden).detail("The team signs in at the desk itself."));
        }
        Ok(())
    }

    /// The refresh token that a request carries.
    pub fn refresh_token(self, state: &State, request: &HttpRequest) -> Option<String> {
        self.read(state, request, REFRESH)
    }

    /// By which a browser proves that it registered.
    pub fn registration(self, state: &State, request: &HttpRequest) -> Option<String> {
        self.read(state, request, REGISTRATION)
    }

    /// Keeps a refresh token.
    pub fn keep_session(self, state: &State, refresh_token: &str) -> (HeaderName, String) {
        self.set(state, REFRESH, refresh_token, Duration::seconds(IDLE.as_secs()))
    }

    /// Takes the refresh token away.
    pub fn end_session(self, state: &State) -> (HeaderName, String) {
        self.set(state, REFRESH, "", Duration::ZERO)
    }

    /// Keeps what proves later that this browser registered.
    pub fn keep_registration(self, state: &State, secret: &str) -> (HeaderName, String) {
        self.set(state, REGISTRATION, secret, REGISTERING)
    }

    fn read(self, state: &State, request: &HttpRequest, what: &str) -> Option<String> {
        request.cookie(&self.name(state, what)).map(|cookie| cookie.value().to_owned())
    }

    fn set(self, state: &State, what: &str, value: &str, age: Duration) -> (HeaderName, String) {
        let cookie = Cookie::build(self.name(state, what), value).path("/").http_only(true).max_age(age);
        let written = match self {
            Self::Page => cookie.secure(is_secure(state)).same_site(SameSite::Strict).finish().to_string(),
            // A browser takes it from another website's frame only so; on this machine also without encryption.
            Self::Panel => format!("{}; Partitioned", cookie.secure(true).same_site(SameSite::None).finish()),
        };
        (header::SET_COOKIE, written)
    }

    /// The prefix makes browsers insist on HTTPS, which localhost has not.
    fn name(self, state: &State, what: &str) -> String {
        let prefix = if is_secure(state) { "__Host-" } else { "" };
        let place = if self == Self::Panel { "_panel" } else { "" };
        format!("{prefix}waggle_{what}{place}")
    }
}

fn is_secure(state: &State) -> bool {
    state.public_url.starts_with("https://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_compared_as_browsers_write_it() {
        assert_eq!(plain("https://Help.example.org:443"), "https://help.example.org");
        assert_eq!(plain("http://localhost:80"), "http://localhost");
        assert_ne!(plain("http://help.example.org:443"), plain("https://help.example.org"));
    }
}
