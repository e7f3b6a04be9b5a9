//! Reads the contents of objects from one running git.

use super::program::Program;
use crate::adapters::read::{LIMIT, ReadError};
use crate::error::Failure;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout};

/// How many objects are asked for at a time. Their names fit into the smallest pipe that any system has, so git
/// never waits for a reader who waits to be heard.
const AT_ONCE: usize = 50;

/// A git that says what objects hold.
#[derive(Debug)]
pub(super) struct Blobs {
    child: Child,
    asking: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

/// What an object holds, or why nobody knows.
pub(super) type Content = Result<Vec<u8>, ReadError>;

impl Blobs {
    /// A reader of the objects that `git` knows.
    ///
    /// # Errors
    ///
    /// Git cannot be run.
    pub(super) fn new(git: &Program) -> Result<Self, Failure> {
        let mut child = git.start(&["cat-file", "--batch"])?;
        let (asking, answers) = (child.stdin.take(), child.stdout.take());
        let Some(answers) = answers else {
            return Err(Failure::new("git cannot be heard", "this is a fault of this program"));
        };
        Ok(Self { child, asking, answers: BufReader::new(answers) })
    }

    /// What those objects hold, in their order.
    pub(super) fn read(&mut self, objects: &[&str]) -> Vec<Content> {
        let mut contents = Vec::with_capacity(objects.len());
        for some in objects.chunks(AT_ONCE) {
            if let Err(error) = self.ask(some) {
                contents.extend(some.iter().map(|_| Err(unheard(&error))));
                continue;
            }
            contents.extend(some.iter().map(|_| self.answer().unwrap_or_else(|error| Err(unheard(&error)))));
        }
        contents
    }

    fn ask(&mut self, objects: &[&str]) -> io::Result<()> {
        let Some(asking) = &mut self.asking else { return Err(io::ErrorKind::BrokenPipe.into()) };
        let lines = objects.join("\n") + "\n";
        asking.write_all(lines.as_bytes())?;
        asking.flush()
    }

    /// The next answer: a line such as `NAME blob 12`, and that many bytes.
    fn answer(&mut self) -> io::Result<Content> {
        let mut header = String::new();
        if self.answers.read_line(&mut header)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let fields: Vec<_> = header.split_whitespace().collect();
        let size = match fields[..] {
            [_, _, size] => size.parse::<u64>().map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?,
            _ => return Ok(Err(ReadError::Io("git does not have its content".to_owned()))),
        };
        let mut content = Vec::new();
        if size > LIMIT {
            io::copy(&mut self.answers.by_ref().take(size + 1), &mut io::sink())?;
            return Ok(Err(ReadError::TooLarge { bytes: size, limit: LIMIT }));
        }
        content.resize(size as usize, 0);
        self.answers.read_exact(&mut content)?;
        self.answers.read_exact(&mut [0])?;
        Ok(Ok(content))
    }
}

impl Drop for Blobs {
    fn drop(&mut self) {
        // Git ends when nobody can ask any more, and a process that nobody waits for stays behind.
        drop(self.asking.take());
        drop(self.child.wait());
    }
}

fn unheard(error: &io::Error) -> ReadError {
    ReadError::Io(format!("git does not say what it holds: {}", error.kind()))
}
