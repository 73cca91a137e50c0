//! A scripted HTTP server: each test says what it answers, and asks afterwards what was called. It knows nothing of
//! AWS, so that it can misbehave in ways that the sandbox does not.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A call as it came.
#[derive(Clone, Debug)]
pub(crate) struct Called {
    /// The operation's bare name.
    pub(crate) operation: String,
    /// `x-amz-target`, whole.
    pub(crate) target: String,
    /// The access key that signed it.
    pub(crate) key: String,
    /// `region/service` of the signature.
    pub(crate) scope: String,
    /// The body, where it is JSON.
    pub(crate) body: Value,
    /// How often this operation had been called before.
    pub(crate) nth: usize,
}

/// What is answered.
pub(crate) enum Reply {
    /// HTTP 200.
    Ok(Value),
    /// HTTP 200 with a body that is no JSON.
    Text(String),
    /// An error by its status and name.
    Error(u16, &'static str, &'static str),
    /// A status and a body.
    Raw(u16, Value),
    /// A status and a body that is no JSON.
    TextError(u16, String),
    /// The connection is closed without an answer.
    Drop,
}

/// A running double.
pub(crate) struct Double {
    pub(crate) url: String,
    calls: Arc<Mutex<Vec<Called>>>,
}

impl Double {
    /// Answers as `script` says, until the test ends.
    pub(crate) fn answering(script: impl Fn(&Called) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let calls = Arc::new(Mutex::new(Vec::new()));
        let (log, script) = (Arc::clone(&calls), Arc::new(script));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (log, script) = (Arc::clone(&log), Arc::clone(&script));
                std::thread::spawn(move || serve(stream, &log, script.as_ref()));
            }
        });
        Self { url, calls }
    }

    /// Everything that was called, in order of arrival.
    pub(crate) fn calls(&self) -> Vec<Called> {
        self.calls.lock().unwrap().clone()
    }

    /// The calls of one operation.
    pub(crate) fn calls_of(&self, operation: &str) -> Vec<Called> {
        let mut calls = self.calls();
        calls.retain(|call| call.operation == operation);
        calls
    }

    pub(crate) fn count(&self, operation: &str) -> usize {
        self.calls_of(operation).len()
    }
}

fn serve(stream: TcpStream, log: &Mutex<Vec<Called>>, script: &dyn Fn(&Called) -> Reply) {
    let mut reader = BufReader::new(stream);
    while let Some(mut call) = next_call(&mut reader) {
        {
            let mut log = log.lock().unwrap();
            call.nth = log.iter().filter(|c| c.operation == call.operation).count();
            log.push(call.clone());
        }
        let (status, body) = match script(&call) {
            Reply::Ok(body) => (200, body.to_string()),
            Reply::Text(body) => (200, body),
            Reply::Raw(status, body) => (status, body.to_string()),
            Reply::TextError(status, body) => (status, body),
            Reply::Error(status, code, message) => {
                let name = format!("com.amazonaws.double#{code}");
                (
                    status,
                    json!({ "__type": name, "message": message }).to_string(),
                )
            }
            Reply::Drop => return,
        };
        let head = format!(
            "HTTP/1.1 {status} X\r\nx-amzn-requestid: req-{}-{}\r\ncontent-length: {}\r\n\r\n",
            call.operation,
            call.nth,
            body.len()
        );
        let stream = reader.get_mut();
        if stream
            .write_all(head.as_bytes())
            .and_then(|()| stream.write_all(body.as_bytes()))
            .is_err()
        {
            return;
        }
    }
}

fn next_call(reader: &mut BufReader<TcpStream>) -> Option<Called> {
    let (mut target, mut key, mut scope) = (String::new(), String::new(), String::new());
    let mut length = 0;
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    loop {
        line.clear();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        match name.to_ascii_lowercase().as_str() {
            "x-amz-target" => target = value.to_owned(),
            "content-length" => length = value.parse().ok()?,
            "authorization" => {
                let credential = value.split("Credential=").nth(1)?;
                let mut parts = credential.split('/');
                key = parts.next()?.to_owned();
                parts.next()?;
                scope = format!("{}/{}", parts.next()?, parts.next()?);
            }
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let operation = match target.rsplit_once('.') {
        Some((_, operation)) => operation.to_owned(),
        // STS speaks in forms.
        None => String::from_utf8_lossy(&body)
            .split("Action=")
            .nth(1)?
            .split('&')
            .next()?
            .to_owned(),
    };
    Some(Called {
        operation,
        target,
        key,
        scope,
        body: serde_json::from_slice(&body).unwrap_or_default(),
        nth: 0,
    })
}
