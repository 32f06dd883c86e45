//! What the system is asked to do with connections, so that none is lost and none is kept for nothing.
//!
//! Invariant: what the system cannot do is said in the log, and nothing depends on it.

use std::{any::Any, io, net::TcpListener, time::Duration};

use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// Every open page holds a connection, and many systems allow 1,024 files unless asked for more.
pub fn allow_many() {
    let raised =
        getrlimit(Resource::RLIMIT_NOFILE).and_then(|(_, most)| setrlimit(Resource::RLIMIT_NOFILE, most, most));
    if let Err(error) = raised {
        tracing::warn!(%error, "the number of connections stays limited");
    }
}

/// Ends a connection whose client takes nothing for so long of what it is sent.
pub fn cut_off_after(connection: &dyn Any, patience: Duration) {
    let Some(connection) = connection.downcast_ref::<tokio::net::TcpStream>() else {
        return;
    };
    if let Err(error) = set_patience(connection, patience) {
        tracing::warn!(%error, "a client that does not read cannot be cut off");
    }
}

/// Lets nobody in any more, and loses nobody who is in already or on the way. A listener that is closed cuts off those
/// whom nobody has answered yet; one that does not hear newcomers has none left when it is closed. They knock again a
/// second later, find it closed, and go elsewhere.
pub fn let_nobody_in(listener: &TcpListener) {
    if let Err(error) = ignore_newcomers(listener) {
        tracing::warn!(%error, "whoever connects while the server stops may be cut off");
    }
}

#[cfg(target_os = "linux")]
fn set_patience(connection: &tokio::net::TcpStream, patience: Duration) -> io::Result<()> {
    socket2::SockRef::from(connection).set_tcp_user_timeout(Some(patience))
}

#[cfg(target_os = "linux")]
fn ignore_newcomers(listener: &TcpListener) -> io::Result<()> {
    use socket2::SockFilter;
    // Where a TCP header has its flags, and the flag of a packet that opens a connection.
    const FLAGS: u32 = 13;
    const SYN: u32 = 0x02;
    // In the words of the BSD packet filter: load the flags; if SYN is set, take nothing of the packet, else all.
    let filter = [
        SockFilter::new(0x30, 0, 0, FLAGS),
        SockFilter::new(0x45, 0, 1, SYN),
        SockFilter::new(0x06, 0, 0, 0),
        SockFilter::new(0x06, 0, 0, u32::MAX),
    ];
    socket2::SockRef::from(listener).attach_filter(&filter)
}

#[cfg(not(target_os = "linux"))]
fn set_patience(_: &tokio::net::TcpStream, _: Duration) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(not(target_os = "linux"))]
fn ignore_newcomers(_: &TcpListener) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
