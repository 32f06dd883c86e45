//! As much of HTTP as the commands need to prepare and to ask.
//!
//! Invariant: one request, one connection; what is measured goes through wrk.

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, TcpStream},
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

pub struct Http {
    port: u16,
}

/// A request that can be sent again and again.
#[derive(Clone)]
pub struct Request {
    pub method: &'static str,
    pub path: String,
    pub token: String,
    pub body: String,
}

impl Http {
    pub fn new(port: u16) -> Self {
        Self { port }
    }

    /// The answer's body; anything but success is an error.
    pub fn send(&self, request: &Request) -> Result<Value> {
        let Request { method, path, token, body } = request;
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
        let bearer = if token.is_empty() { String::new() } else { format!("Authorization: Bearer {token}\r\n") };
        write!(
            stream,
            "{method} /api/v1{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{bearer}\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (head, body) = answer.split_once("\r\n\r\n").context("not an HTTP answer")?;
        if !head.starts_with("HTTP/1.1 2") {
            bail!("{method} {path}: {}\n{body}", head.lines().next().unwrap_or_default());
        }
        serde_json::from_str(body).with_context(|| format!("{method} {path} answers no JSON: {body}"))
    }
}
