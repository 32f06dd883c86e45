//! The way to webhooks: HTTP to addresses that an admin names.
//!
//! Invariant: a connection is made to a public address only, and to the very one that was judged: the name is looked up
//! by the judge, and its answer is what the connection is made with. Nothing is followed elsewhere, and nothing of an
//! answer is kept but its status.

mod public;

use std::{
    error::Error,
    fmt, io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use api_types::webhooks::DeliveryOutcome;
use reqwest::{
    Client, StatusCode, Url,
    dns::{Addrs, Name, Resolve, Resolving},
    header::{CONTENT_TYPE, HeaderName},
    redirect::Policy,
};

/// How long all of an attempt may take.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// How long somebody who names an address waits until it is known where it leads.
const LOOK_UP: Duration = Duration::from_secs(5);

/// So much of an answer is read, that its connection may carry the next message. A larger one is hung up on.
const MOST: usize = 64 * 1024;

/// A connection that nobody used for so long is closed: the name may lead elsewhere by then.
const IDLE: Duration = Duration::from_secs(30);

/// What a test says that a name's addresses are.
pub type Lookup = dyn Fn(&str) -> Vec<IpAddr> + Send + Sync;

/// The internet.
#[derive(Clone)]
pub enum Net {
    Real,
    /// Of a test. Whoever serves a desk has no way to ask for it.
    StandIn {
        lookup: Arc<Lookup>,
        /// This machine counts as public, and needs no TLS.
        this_machine: bool,
    },
}

/// Why an address is none for a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    NotAnAddress,
    NotHttps,
    Credentials,
    Fragment,
    UnknownHost,
    NotPublic,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAnAddress => "An address such as https://example.org/webhook.",
            Self::NotHttps => "The address has to begin with https://.",
            Self::Credentials => {
                "A user name or a password in the address is not accepted. Check the signature instead."
            }
            Self::Fragment => "What follows # is never sent.",
            Self::UnknownHost => "This host is not known: its name has no address.",
            Self::NotPublic => "This host is not on the public internet, or not all of its addresses are.",
        })
    }
}

impl Error for Refusal {}

/// One attempt to tell something.
pub struct Message {
    pub id: String,
    /// In seconds since 1970.
    pub timestamp: i64,
    pub signature: String,
    pub body: String,
}

/// Takes messages to webhooks. Connections are kept for the next message.
#[derive(Clone)]
pub struct Courier {
    http: Client,
    net: Net,
}

impl Courier {
    /// Opens no connection yet.
    pub fn new(net: Net, patience: Duration) -> anyhow::Result<Self> {
        let http = Client::builder()
            .dns_resolver(Arc::new(net.clone()))
            .no_proxy()
            .redirect(Policy::none())
            .timeout(patience)
            .pool_idle_timeout(IDLE)
            .user_agent("Waggle")
            .build()?;
        Ok(Self { http, net })
    }

    /// Whether messages can be taken there at this moment. Answers the address as it is asked.
    pub async fn judge(&self, address: &str) -> Result<String, Refusal> {
        let url = self.net.read(address)?;
        let host = url.host_str().unwrap_or_default();
        if literal(host).is_none() {
            let looked = tokio::time::timeout(LOOK_UP, self.net.look_up(host)).await;
            looked.map_err(|_| Refusal::UnknownHost)??;
        }
        Ok(url.into())
    }

    /// Takes a message there. Answers the status of the answer.
    pub async fn send(&self, address: &str, message: Message) -> Result<StatusCode, DeliveryOutcome> {
        let url = self.net.read(address).map_err(outcome_of)?;
        let request = self
            .http
            .post(url)
            .header(CONTENT_TYPE, "application/json")
            .header(HeaderName::from_static("webhook-id"), message.id)
            .header(HeaderName::from_static("webhook-timestamp"), message.timestamp)
            .header(HeaderName::from_static("webhook-signature"), message.signature)
            .body(message.body);
        let mut response = request.send().await.map_err(|error| what_failed(&error))?;
        let mut read = 0;
        // The status has said all there is.
        while let Ok(Some(chunk)) = response.chunk().await {
            read += chunk.len();
            if read > MOST {
                break;
            }
        }
        Ok(response.status())
    }
}

impl Net {
    /// Reads an address, and judges its host if that is a number.
    fn read(&self, address: &str) -> Result<Url, Refusal> {
        let url: Url = address.parse().map_err(|_| Refusal::NotAnAddress)?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(Refusal::NotAnAddress)?;
        match url.scheme() {
            "https" => {}
            "http" if matches!(self, Self::StandIn { this_machine: true, .. }) => {}
            "http" => return Err(Refusal::NotHttps),
            _ => return Err(Refusal::NotAnAddress),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refusal::Credentials);
        }
        if url.fragment().is_some() {
            return Err(Refusal::Fragment);
        }
        match literal(host) {
            Some(number) if !self.reaches(number) => Err(Refusal::NotPublic),
            _ => Ok(url),
        }
    }

    /// The addresses of a name. One that is not public spoils them all.
    async fn look_up(&self, name: &str) -> Result<Vec<IpAddr>, Refusal> {
        let found: Vec<IpAddr> = match self {
            Self::Real => {
                let found = tokio::net::lookup_host((name, 0)).await.map_err(|_| Refusal::UnknownHost)?;
                found.map(|address| address.ip()).collect()
            }
            Self::StandIn { lookup, .. } => lookup(name),
        };
        if found.is_empty() {
            return Err(Refusal::UnknownHost);
        }
        if found.iter().all(|address| self.reaches(*address)) { Ok(found) } else { Err(Refusal::NotPublic) }
    }

    fn reaches(&self, address: IpAddr) -> bool {
        let here = matches!(self, Self::StandIn { this_machine: true, .. }) && address.is_loopback();
        here || public::is_public(address)
    }
}

/// What connections are made with. A host that is a number is not looked up, and was judged as the address was read.
impl Resolve for Net {
    fn resolve(&self, name: Name) -> Resolving {
        let net = self.clone();
        Box::pin(async move {
            let found = net.look_up(name.as_str()).await?;
            let addresses: Addrs = Box::new(found.into_iter().map(|address| SocketAddr::new(address, 0)));
            Ok(addresses)
        })
    }
}

fn literal(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

fn outcome_of(refusal: Refusal) -> DeliveryOutcome {
    if refusal == Refusal::UnknownHost { DeliveryOutcome::UnknownHost } else { DeliveryOutcome::ForbiddenAddress }
}

fn what_failed(error: &reqwest::Error) -> DeliveryOutcome {
    if error.is_timeout() {
        return DeliveryOutcome::TimedOut;
    }
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    while let Some(one) = cause {
        if let Some(refusal) = one.downcast_ref::<Refusal>() {
            return outcome_of(*refusal);
        }
        if is_of_tls(one) {
            return DeliveryOutcome::TlsFailed;
        }
        cause = one.source();
    }
    if error.is_connect() { DeliveryOutcome::NoConnection } else { DeliveryOutcome::NoAnswer }
}

/// An error of input and output holds another one without naming it as its cause.
fn is_of_tls(error: &(dyn Error + 'static)) -> bool {
    let inside = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    error.is::<rustls::Error>() || inside.is_some_and(|inside| is_of_tls(inside))
}
