//! What an orchestrator declares about its steps before it runs, so that a change is found before it does harm.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// The parts of an orchestrator that are known before it runs, each as a line of text, in order.
///
/// A pipeline has one by itself. A body that branches freely has none, and a change shows where its first record differs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Definition {
    lines: Vec<String>,
}

impl Definition {
    /// A definition out of lines.
    pub fn new(lines: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { lines: lines.into_iter().map(Into::into).collect() }
    }

    /// The lines.
    pub fn lines(&self) -> &[String] {
        &self.lines
    }

    /// SHA-256 over the lines, in hexadecimal digits: equal if and only if the definitions are.
    pub fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        for line in &self.lines {
            hash.update((line.len() as u64).to_le_bytes());
            hash.update(line.as_bytes());
        }
        hash.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    /// The first line in which `now` differs: what was there, what is there now. `nothing` stands for a missing line.
    pub fn first_difference(&self, now: &Self) -> Option<(String, String)> {
        let line = |definition: &Self, at: usize| definition.lines.get(at).map_or("nothing", String::as_str).to_owned();
        (0..self.lines.len().max(now.lines.len()))
            .map(|at| (line(self, at), line(now, at)))
            .find(|(recorded, now)| recorded != now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_difference_is_shown() {
        let old = Definition::new(["step reserve", "step charge"]);
        assert_eq!(old.first_difference(&old), None);
        let new = Definition::new(["step reserve", "step ship"]);
        assert_eq!(old.first_difference(&new), Some(("step charge".to_owned(), "step ship".to_owned())));
        let longer = Definition::new(["step reserve", "step charge", "step ship"]);
        assert_eq!(old.first_difference(&longer), Some(("nothing".to_owned(), "step ship".to_owned())));
    }

    #[test]
    fn where_a_line_ends_is_part_of_the_fingerprint() {
        assert_ne!(Definition::new(["ab", "c"]).fingerprint(), Definition::new(["a", "bc"]).fingerprint());
        assert_eq!(Definition::new(["a"]).fingerprint(), Definition::new(["a"]).fingerprint());
    }
}
