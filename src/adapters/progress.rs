//! A progress bar that short runs never see.
#![expect(clippy::disallowed_methods, reason = "this adapter watches the clock")]

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How long a run takes before the bar appears: below this, it would only flicker.
const PATIENCE: Duration = Duration::from_millis(500);

/// Counts steps, from any thread. Gone without a trace when dropped.
#[derive(Debug)]
pub struct Progress {
    bar: Option<Bar>,
}

#[derive(Debug)]
struct Bar {
    line: ProgressBar,
    begun: Instant,
    visible: AtomicBool,
}

impl Progress {
    /// A bar that is never shown.
    pub const fn none() -> Self {
        Self { bar: None }
    }

    /// A bar up to `total` that appears on standard error once the run takes long.
    pub(super) fn shown(total: usize) -> Self {
        let bar = ProgressBar::with_draw_target(Some(total as u64), ProgressDrawTarget::hidden());
        // The template is a constant; if it were wrong, the default bar would do.
        if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} files") {
            bar.set_style(style);
        }
        Self { bar: Some(Bar { line: bar, begun: Instant::now(), visible: AtomicBool::new(false) }) }
    }

    /// Counts one step.
    pub fn step(&self) {
        let Some(Bar { line, begun, visible }) = &self.bar else { return };
        line.inc(1);
        if !visible.load(Ordering::Relaxed) && begun.elapsed() > PATIENCE && !visible.swap(true, Ordering::Relaxed) {
            line.set_draw_target(ProgressDrawTarget::stderr());
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.line.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_counted_and_a_short_run_shows_nothing() {
        let progress = Progress::shown(2);
        progress.step();
        let bar = progress.bar.as_ref().unwrap();
        assert_eq!(bar.line.position(), 1);
        assert!(!bar.visible.load(Ordering::Relaxed));
        Progress::none().step();
    }
}
