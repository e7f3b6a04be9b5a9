//! The standard streams.
#![expect(clippy::disallowed_methods, reason = "this adapter writes to the standard streams")]

use crate::adapters::progress::Progress;
use crate::error::Failure;
use crate::render::Style;
use anstream::{AutoStream, ColorChoice};
use std::io::{self, IsTerminal, Write};

/// Whether output is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColorMode {
    /// On a terminal that can, unless the environment says otherwise: `NO_COLOR`, `CLICOLOR`,
    /// `CLICOLOR_FORCE`, `TERM`.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The standard output and error streams of this process.
#[derive(Debug)]
pub struct Terminal {
    out: ColorChoice,
    err: ColorChoice,
    is_watched: bool,
}

impl Terminal {
    /// The terminal, coloured as asked.
    pub fn new(mode: ColorMode) -> Self {
        let choice = |auto: ColorChoice| match mode {
            ColorMode::Auto => auto,
            ColorMode::Always => ColorChoice::Always,
            ColorMode::Never => ColorChoice::Never,
        };
        let (out, err) = (choice(AutoStream::choice(&io::stdout())), choice(AutoStream::choice(&io::stderr())));
        Self { out, err, is_watched: io::stderr().is_terminal() }
    }

    /// Streams at which nobody looks, though they may lead to a terminal: that of an editor, which draws there itself.
    pub const fn unwatched() -> Self {
        Self { out: ColorChoice::Never, err: ColorChoice::Never, is_watched: false }
    }

    /// The style of what goes to standard output.
    pub fn out_style(&self) -> Style {
        style(self.out)
    }

    /// The style of what goes to standard error.
    pub fn err_style(&self) -> Style {
        style(self.err)
    }

    /// Writes to standard output. A reader that has gone away (`baton check | head`) is no
    /// failure: the run ends as if everything had been read.
    ///
    /// # Errors
    ///
    /// The stream cannot be written to, for instance because the disk behind it is full.
    pub fn out(&self, text: &str) -> Result<(), Failure> {
        // Locked and written at once: the standard library would flush at every line.
        let mut stream = io::BufWriter::with_capacity(1 << 16, AutoStream::new(io::stdout().lock(), self.out));
        let written = stream.write_all(text.as_bytes()).and_then(|()| stream.flush());
        match written {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Failure::new(format!("cannot write to standard output: {}", error.kind()), ""))
            }
            _ => Ok(()),
        }
    }

    /// Writes to standard error. If that is not possible, there is nobody left to tell.
    pub fn err(&self, text: &str) {
        let mut stream = AutoStream::new(io::stderr().lock(), self.err);
        drop(stream.write_all(text.as_bytes()).and_then(|()| stream.flush()));
    }

    /// Clears the screen and what was scrolled off it, if standard output is one: whoever reads a file wants it all.
    pub fn clear(&self) {
        let mut stream = io::stdout().lock();
        if stream.is_terminal() {
            drop(stream.write_all(b"\x1b[2J\x1b[3J\x1b[H").and_then(|()| stream.flush()));
        }
    }

    /// A bar that counts up to `total` on standard error, if that is a terminal at which somebody looks.
    pub fn progress(&self, total: usize) -> Progress {
        if self.is_watched { Progress::shown(total) } else { Progress::none() }
    }
}

fn style(choice: ColorChoice) -> Style {
    match choice {
        ColorChoice::Never => Style::Plain,
        ColorChoice::Auto | ColorChoice::AlwaysAnsi | ColorChoice::Always => Style::Colored,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_goes_before_what_the_stream_is() {
        assert_eq!(Terminal::new(ColorMode::Always).out_style(), Style::Colored);
        assert_eq!(Terminal::new(ColorMode::Never).out_style(), Style::Plain);
        assert_eq!(Terminal::new(ColorMode::Never).err_style(), Style::Plain);
    }
}
