//! The editor at the standard streams: messages of the Language Server Protocol in and out.
#![expect(clippy::disallowed_methods, reason = "this adapter owns the standard streams and reads on a thread")]

use crate::error::Failure;
use lsp_server::Message;
use std::io::{self, BufRead, Read, Write};
use std::sync::mpsc::Sender;
use std::thread;

/// The longest message that is read, in bytes. A length beyond it is no length.
const LONGEST: usize = 256 << 20;

/// The longest line of a header that is read, in bytes.
const HEADER: u64 = 4096;

/// What comes from an editor.
#[derive(Clone, Debug)]
pub enum Incoming {
    /// A message.
    Message(Message),
    /// A message that is none, and why. The next one is read all the same.
    Malformed(String),
    /// Nothing more will come: the editor is gone, or why it cannot be read any more.
    Ended(Option<String>),
}

/// The editor that started this program.
#[derive(Clone, Copy, Debug, Default)]
pub struct Editor;

impl Editor {
    /// Reads messages from now on, on a thread that ends with the stream.
    ///
    /// # Errors
    ///
    /// The system gives no thread.
    pub fn listen<E: Send + 'static>(self, into: Sender<E>, event: fn(Incoming) -> E) -> Result<(), Failure> {
        let listen = move || {
            let mut input = io::stdin().lock();
            loop {
                let incoming = read(&mut input);
                let is_last = matches!(incoming, Incoming::Ended(_));
                if into.send(event(incoming)).is_err() || is_last {
                    return;
                }
            }
        };
        match thread::Builder::new().name("editor".to_owned()).spawn(listen) {
            Ok(_) => Ok(()),
            Err(error) => Err(Failure::new(format!("cannot start a thread: {error}"), "")),
        }
    }

    /// Sends a message.
    ///
    /// # Errors
    ///
    /// The editor is gone.
    pub fn send(self, message: &Message) -> Result<(), Failure> {
        written(message.write(&mut io::stdout().lock()))
    }

    /// Says that what came was no message, as JSON-RPC has it: nobody knows whose answer that is.
    ///
    /// # Errors
    ///
    /// The editor is gone.
    pub fn refuse(self, why: &str) -> Result<(), Failure> {
        let error = serde_json::json!({"code": -32700, "message": why});
        let text = serde_json::json!({"jsonrpc": "2.0", "id": null, "error": error}).to_string();
        let mut output = io::stdout().lock();
        let header = write!(output, "Content-Length: {}\r\n\r\n", text.len());
        written(header.and_then(|()| output.write_all(text.as_bytes())).and_then(|()| output.flush()))
    }
}

fn written(result: io::Result<()>) -> Result<(), Failure> {
    result.map_err(|error| Failure::new(format!("cannot write to the editor: {}", error.kind()), ""))
}

/// The next message. Where only its text is wrong, the one behind it can be read.
fn read(input: &mut impl BufRead) -> Incoming {
    let length = match length(input) {
        Ok(Some(length)) => length,
        Ok(None) => return Incoming::Ended(None),
        Err(why) => return Incoming::Ended(Some(why)),
    };
    let mut bytes = Vec::new();
    match input.take(length as u64).read_to_end(&mut bytes) {
        Ok(read) if read == length => {}
        Ok(_) => return Incoming::Ended(Some("the last message is cut off".to_owned())),
        Err(error) => return Incoming::Ended(Some(error.to_string())),
    }
    match serde_json::from_slice(&bytes) {
        Ok(message) => Incoming::Message(message),
        Err(error) => Incoming::Malformed(format!("this is no message: {error}")),
    }
}

/// The length that the header of the next message says; `None` where the stream ends.
fn length(input: &mut impl BufRead) -> Result<Option<usize>, String> {
    let mut length = None;
    loop {
        let mut line = Vec::new();
        let read = input.take(HEADER).read_until(b'\n', &mut line).map_err(|error| error.to_string())?;
        if read == 0 {
            return Ok(None);
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end();
        if text.is_empty() {
            return length.map(Some).ok_or_else(|| "a message comes without its length".to_owned());
        }
        let (name, value) = text.split_once(':').ok_or_else(|| format!("`{text}` is no header of a message"))?;
        if name.eq_ignore_ascii_case("Content-Length") {
            let value = value.trim().parse().ok().filter(|length| *length <= LONGEST);
            length = Some(value.ok_or_else(|| format!("`{text}` is no length of a message"))?);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framed(text: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{text}", text.len())
    }

    fn all(text: &str) -> Vec<String> {
        let mut input = text.as_bytes();
        let mut told = Vec::new();
        loop {
            match read(&mut input) {
                Incoming::Message(Message::Notification(notification)) => told.push(notification.method),
                Incoming::Message(message) => told.push(format!("{message:?}")),
                Incoming::Malformed(_) => told.push("malformed".to_owned()),
                Incoming::Ended(why) => {
                    told.push(why.unwrap_or_else(|| "end".to_owned()));
                    return told;
                }
            }
        }
    }

    #[test]
    fn a_text_that_is_no_message_does_not_hide_the_next() {
        let note = |name: &str| framed(&format!("{{\"jsonrpc\":\"2.0\",\"method\":\"{name}\"}}"));
        let text = format!("{}{}{}{}", note("a"), framed("{"), framed("\"ß\""), note("b"));
        assert_eq!(all(&text), ["a", "malformed", "malformed", "b", "end"]);
    }

    #[test]
    fn headers_are_read_as_editors_write_them() {
        let text = "content-length:23\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n{\"method\":\"a\", \"x\": 12}";
        assert_eq!(all(text), ["a", "end"]);
    }

    #[test]
    fn where_no_message_can_begin_that_is_said() {
        assert_eq!(all("hello\n"), ["`hello` is no header of a message"]);
        assert_eq!(
            all("Content-Length: 99999999999\r\n\r\n"),
            ["`Content-Length: 99999999999` is no length of a message"]
        );
        assert_eq!(all("\r\n{}"), ["a message comes without its length"]);
        assert_eq!(all("Content-Length: 9\r\n\r\n{}"), ["the last message is cut off"]);
    }
}
