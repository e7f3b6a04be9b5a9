//! An editor, as far as a server sees one: it starts the program and speaks with it over its standard streams.

use lsp_server::{Message, Notification, Request, Response};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

/// How long an answer may take before a test fails. It is never waited for where all is well.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Client {
    child: Child,
    input: Option<ChildStdin>,
    incoming: Receiver<Message>,
    /// The last diagnostics of each file, by its address.
    pub(crate) shown: BTreeMap<String, Value>,
    /// Everything else that the server said or asked and nobody has looked at yet.
    pub(crate) said: Vec<Message>,
    next: i32,
    /// What is sent together with the next request, if something is held back.
    held: Option<Vec<u8>>,
}

/// Everything that an editor of today can do.
pub(crate) fn able() -> Value {
    json!({
        "textDocument": {
            "publishDiagnostics": {"relatedInformation": true, "versionSupport": true},
            "hover": {"contentFormat": ["markdown"]},
            "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["", "quickfix"]}}}
        },
        "window": {"showDocument": {"support": true}},
        "workspace": {
            "workspaceEdit": {"documentChanges": true},
            "didChangeWatchedFiles": {"dynamicRegistration": true},
            "workspaceFolders": true
        }
    })
}

pub(crate) fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

impl Client {
    /// Starts the program, and no session yet.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_baton"));
        command.arg("lsp").args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let (sender, incoming) = mpsc::channel();
        thread::spawn(move || {
            // An answer to nobody has no number, which the library does not read.
            while let Some(text) = framed(&mut output) {
                let message = serde_json::from_str(&text)
                    .unwrap_or_else(|_| Message::Notification(Notification::new("to nobody".to_owned(), json!(text))));
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let input = child.stdin.take();
        Self { child, input, incoming, shown: BTreeMap::new(), said: Vec::new(), next: 0, held: None }
    }

    /// Starts a session of an editor with these capabilities in these folders. The answer is what the server can.
    pub(crate) fn open(folders: &[&Path], capabilities: &Value) -> (Self, Value) {
        let mut client = Self::start(&[]);
        let answer = client.initialize(folders, capabilities);
        (client, answer)
    }

    pub(crate) fn initialize(&mut self, folders: &[&Path], capabilities: &Value) -> Value {
        let folders: Vec<Value> = folders.iter().map(|path| json!({"uri": uri(path), "name": "a"})).collect();
        let folders = if folders.is_empty() { Value::Null } else { Value::Array(folders) };
        let params =
            json!({"processId": null, "rootUri": null, "workspaceFolders": folders, "capabilities": capabilities});
        let answer = self.ask("initialize", params).unwrap();
        self.tell("initialized", json!({}));
        answer
    }

    pub(crate) fn tell(&mut self, method: &str, params: Value) {
        self.send(&Notification::new(method.to_owned(), params).into());
    }

    pub(crate) fn send(&mut self, message: &Message) {
        let mut bytes = Vec::new();
        message.write(&mut bytes).unwrap();
        match &mut self.held {
            Some(held) => held.extend(bytes),
            None => self.input.as_mut().unwrap().write_all(&bytes).unwrap(),
        }
    }

    /// Holds back what is sent until a request goes out, and sends all of it at once.
    pub(crate) fn hold(&mut self) {
        self.held = Some(Vec::new());
    }

    /// Sends bytes as they are.
    pub(crate) fn send_raw(&mut self, bytes: &str) {
        let input = self.input.as_mut().unwrap();
        input.write_all(bytes.as_bytes()).unwrap();
        input.flush().unwrap();
    }

    /// Asks, and waits for the answer or the number of the error.
    pub(crate) fn ask(&mut self, method: &str, params: Value) -> Result<Value, i32> {
        self.next += 1;
        let id = self.next.into();
        self.send(&Request::new(self.next.into(), method.to_owned(), params).into());
        if let Some(held) = self.held.take() {
            self.input.as_mut().unwrap().write_all(&held).unwrap();
        }
        let answer = self.wait(|client, message| match message {
            Message::Response(response) if response.id == id => Some(response),
            other => client.keep(other),
        });
        answer.response_result.map_err(|error| error.code)
    }

    /// Waits until the diagnostics of a file are as they should be.
    #[track_caller]
    pub(crate) fn until(&mut self, uri: &str, right: impl Fn(&Value) -> bool) -> Value {
        if let Some(shown) = self.shown.get(uri).filter(|value| right(value)) {
            return shown.clone();
        }
        self.wait(|client, message| {
            client.keep::<()>(message);
            client.shown.get(uri).filter(|value| right(value)).cloned()
        })
    }

    /// Waits for a message that the server sends by itself.
    #[track_caller]
    pub(crate) fn hear(&mut self, method: &str) -> Value {
        let position = |client: &Self| client.said.iter().position(|message| of_method(message, method));
        let at = position(self).unwrap_or_else(|| {
            self.wait(|client, message| {
                client.keep::<()>(message);
                position(client)
            })
        });
        match self.said.remove(at) {
            Message::Notification(notification) => notification.params,
            Message::Request(request) => {
                self.send(&Response::new_ok(request.id, Value::Null).into());
                request.params
            }
            Message::Response(response) => panic!("{response:?}"),
        }
    }

    #[track_caller]
    fn wait<T>(&mut self, mut done: impl FnMut(&mut Self, Message) -> Option<T>) -> T {
        loop {
            let message = self.incoming.recv_timeout(PATIENCE);
            let message =
                message.unwrap_or_else(|error| panic!("{error}; shown: {:#?}; said: {:#?}", self.shown, self.said));
            if let Some(value) = done(self, message) {
                return value;
            }
        }
    }

    fn keep<T>(&mut self, message: Message) -> Option<T> {
        match message {
            Message::Notification(one) if one.method == "textDocument/publishDiagnostics" => {
                let uri = one.params["uri"].as_str().unwrap().to_owned();
                self.shown.insert(uri, one.params);
            }
            other => self.said.push(other),
        }
        None
    }

    /// Leaves as the protocol wants it; the exit code.
    pub(crate) fn leave(mut self) -> Option<i32> {
        self.ask("shutdown", Value::Null).unwrap();
        self.tell("exit", Value::Null);
        self.end().0
    }

    /// Waits for the end; the exit code, and what was said on standard error.
    pub(crate) fn end(mut self) -> (Option<i32>, String) {
        drop(self.input.take());
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        (self.child.wait().unwrap().code(), said)
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // A test that fails leaves no process behind.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn of_method(message: &Message, method: &str) -> bool {
    match message {
        Message::Notification(notification) => notification.method == method,
        Message::Request(request) => request.method == method,
        Message::Response(_) => false,
    }
}

fn framed(output: &mut impl std::io::BufRead) -> Option<String> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end().strip_prefix("Content-Length: ") {
            Some(value) => length = value.parse().unwrap(),
            None if line.trim_end().is_empty() => break,
            None => {}
        }
    }
    let mut bytes = vec![0; length];
    output.read_exact(&mut bytes).ok()?;
    String::from_utf8(bytes).ok()
}
