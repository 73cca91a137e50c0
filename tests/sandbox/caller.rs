//! A caller who signs by hand: one request a connection, and the answer as it came.

use jiff::Timestamp;
use kiroster::sandbox::{Faults, Sandbox};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::PathBuf;
use tempfile::TempDir;

pub(crate) const STORE: &str = "d-9067000001";
pub(crate) const INSTANCE: &str = "arn:aws:sso:::instance/ssoins-7223000000000001";
pub(crate) const APPLICATION: &str =
    "arn:aws:sso::111122223333:application/ssoins-7223000000000001/apl-0000000000000001";

/// A service, as requests name it: the target's prefix, and what is signed for.
pub(crate) type Service = (&'static str, &'static str);
pub(crate) const IDENTITY: Service = ("AWSIdentityStore", "identitystore");
pub(crate) const SSO: Service = ("SWBExternalService", "sso");
pub(crate) const SEATS: Service = ("AmazonQDeveloperService", "q");
pub(crate) const LISTS: Service = ("AWSZornControlPlaneService", "user-subscriptions");
pub(crate) const MAIL: Service = ("SWBUPService", "userpool");
pub(crate) const PROFILES: Service = ("AWSCodeWhispererService", "codewhisperer");

/// A sandbox with a file of its own.
pub(crate) struct Double {
    folder: TempDir,
    sandbox: Option<Sandbox>,
    pub(crate) url: String,
}

/// What came back; status 0 where nothing did.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Value,
}

impl Answer {
    /// The body of a success.
    #[track_caller]
    pub(crate) fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{self:?}");
        self.body
    }

    /// The name of an error, and what it says.
    #[track_caller]
    pub(crate) fn refused(&self) -> (&str, &str) {
        assert!(self.status >= 400, "{self:?}");
        let code = self.body["__type"].as_str().unwrap();
        let code = code.split_once('#').unwrap().1;
        (code, self.body["message"].as_str().unwrap())
    }
}

impl Double {
    /// With this for its state file.
    pub(crate) fn of(state: &Value) -> Self {
        Self::with(state, Faults::default())
    }

    /// The default account in December 2026, with these members.
    pub(crate) fn account(account: &Value) -> Self {
        Self::of(&json!({
            "now": "2026-12-10T09:00:00Z", "accounts": { "111122223333": account },
        }))
    }

    pub(crate) fn with(state: &Value, faults: Faults) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("state.json"), state.to_string()).unwrap();
        let mut double = Self {
            folder,
            sandbox: None,
            url: String::new(),
        };
        double.open(faults);
        double
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("state.json")
    }

    pub(crate) fn saved(&self) -> Value {
        serde_json::from_str(&std::fs::read_to_string(self.file()).unwrap()).unwrap()
    }

    /// The lines of the log of calls.
    pub(crate) fn calls(&self) -> Vec<Value> {
        let log = self.folder.path().join("state.json.calls.jsonl");
        let log = std::fs::read_to_string(log).unwrap();
        log.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    pub(crate) fn reopen(&mut self) {
        if let Some(sandbox) = self.sandbox.take() {
            sandbox.close();
        }
        self.open(Faults::default());
    }

    fn open(&mut self, faults: Faults) {
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let sandbox = Sandbox::open(&self.file(), listen, faults).unwrap();
        self.url = sandbox.url();
        self.sandbox = Some(sandbox);
    }

    pub(crate) fn today(&self) -> String {
        self.sandbox.as_ref().unwrap().now().to_string()[..10].to_owned()
    }

    /// A call from us-east-1, by the default account.
    pub(crate) fn call(&self, service: Service, operation: &str, body: Value) -> Answer {
        self.call_as("SANDBOX", "us-east-1", service, operation, body)
    }

    pub(crate) fn call_as(
        &self,
        key: &str,
        region: &str,
        (prefix, service): Service,
        operation: &str,
        body: Value,
    ) -> Answer {
        let target = format!("{prefix}.{operation}");
        self.send(&target, &signature(key, region, service), &body.to_string())
    }

    /// A call of Identity Store, for the only store.
    pub(crate) fn identity(&self, operation: &str, mut body: Value) -> Answer {
        body["IdentityStoreId"] = json!(STORE);
        self.call(IDENTITY, operation, body)
    }

    pub(crate) fn send(&self, target: &str, headers: &str, body: &str) -> Answer {
        let head = format!("X-Amz-Target: {target}\r\n{headers}");
        self.post("/", &head, body)
    }

    /// One of the sandbox's own paths.
    pub(crate) fn own(&self, path: &str, body: Value) -> u16 {
        self.post(path, "", &body.to_string()).status
    }

    fn post(&self, path: &str, headers: &str, body: &str) -> Answer {
        let address = self.url.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        let length = body.len();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        // A dropped answer may end in a reset.
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8(answer).unwrap();
        let (head, text) = answer.split_once("\r\n\r\n").unwrap_or_default();
        let head = head.to_lowercase();
        let promised = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "));
        let promised = promised.map_or(0, |length| length.parse::<usize>().unwrap());
        let status = match head.get(9..12) {
            Some(status) if text.len() == promised => status.parse().unwrap(),
            _ => 0,
        };
        Answer {
            status,
            body: serde_json::from_str(text).unwrap_or(Value::Null),
            head,
        }
    }
}

impl Drop for Double {
    fn drop(&mut self) {
        if let Some(sandbox) = self.sandbox.take() {
            sandbox.close();
        }
    }
}

/// The headers of a signature that is right in all but its bytes.
pub(crate) fn signature(key: &str, region: &str, service: &str) -> String {
    let time = Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
    let day = &time[..8];
    format!(
        "X-Amz-Date: {time}\r\nAuthorization: AWS4-HMAC-SHA256 Credential={key}/{day}/{region}/{service}/aws4_request, \
         SignedHeaders=host;x-amz-date, Signature={}\r\n",
        "0".repeat(64)
    )
}

/// A user of a state file.
pub(crate) fn user(name: &str) -> Value {
    json!({
        "UserId": format!("id-{name}"), "UserName": name, "DisplayName": name,
        "Name": { "GivenName": name, "FamilyName": "Roe" },
        "Emails": [{ "Value": format!("{name}@example.com") }],
    })
}

/// One who holds a seat.
pub(crate) fn seated(name: &str, seat: Value) -> Value {
    let mut user = user(name);
    user["Seat"] = seat;
    user
}

/// A group of a state file.
pub(crate) fn group(name: &str, members: &[&str]) -> Value {
    json!({ "GroupId": format!("id-{name}"), "DisplayName": name, "Members": members })
}
