//! The names of things: runs, tenants, requests, steps, and the place of a record inside its run.
//!
//! Each is a type of its own, so that a tenant is never passed where a request is meant.

use crate::error::RuntimeError;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// The most characters that an id or a name may have.
pub const MAXIMUM_ID_LENGTH: usize = 128;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        ///
        /// 1 to 128 characters out of ASCII letters, digits, `-`, `_`, `.`, `:`, `@` and `~`, not beginning with a dot,
        /// so that it can stand in a header, a key as it is.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            #[doc = concat!("Checks a text and makes it a ", $what, ".")]
            ///
            /// # Errors
            /// [`RuntimeError::InvalidId`] if the text is empty, too long or has other characters.
            pub fn new(text: impl AsRef<str>) -> Result<Self, RuntimeError> {
                let text = text.as_ref();
                match id_fault(text) {
                    None => Ok(Self(text.into())),
                    Some(reason) => Err(RuntimeError::InvalidId { what: $what, text: text.to_owned(), reason }),
                }
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = RuntimeError;

            fn from_str(text: &str) -> Result<Self, RuntimeError> {
                Self::new(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = RuntimeError;

            fn try_from(text: String) -> Result<Self, RuntimeError> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.as_ref().to_owned()
            }
        }
    };
}

id! {
    /// Which run: one execution of one orchestrator, over all its restarts. Unique within an engine.
    RunId, "run id"
}

id! {
    /// On whose behalf a run works.
    TenantId, "tenant id"
}

id! {
    /// Which request of the outside world a run answers.
    RequestId, "request id"
}

impl RunId {
    /// A new id that no other run has. Ids made later sort later.
    pub fn generate() -> Self {
        Self(uuid::Uuid::now_v7().hyphenated().to_string().into())
    }
}

impl RequestId {
    /// A new id that no other request has.
    pub fn generate() -> Self {
        Self(uuid::Uuid::now_v7().hyphenated().to_string().into())
    }
}

impl Default for TenantId {
    /// `default`: for applications that know no tenants.
    fn default() -> Self {
        Self("default".into())
    }
}

fn id_fault(text: &str) -> Option<&'static str> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:@~".contains(&byte);
    if text.is_empty() {
        Some("it is empty")
    } else if text.len() > MAXIMUM_ID_LENGTH {
        Some("it has more than 128 characters")
    } else if text.starts_with('.') {
        Some("it begins with a dot")
    } else if !text.bytes().all(allowed) {
        Some("only ASCII letters, digits and `-_.:@~` are allowed")
    } else {
        None
    }
}

/// What a step, a branch or a decision is called: a literal, as a rule, because a name that changes is a changed
/// definition.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Name(Cow<'static, str>);

impl Name {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the name can stand in a key: not empty, at most 128 bytes, no control characters and no `/`.
    ///
    /// # Errors
    /// [`RuntimeError::InvalidId`] otherwise.
    pub fn check(&self) -> Result<(), RuntimeError> {
        let reason = if self.0.is_empty() {
            "it is empty"
        } else if self.0.len() > MAXIMUM_ID_LENGTH {
            "it has more than 128 bytes"
        } else if self.0.chars().any(|letter| letter.is_control() || letter == '/') {
            "control characters and `/` are not allowed"
        } else {
            return Ok(());
        };
        Err(RuntimeError::InvalidId { what: "name", text: self.0.clone().into_owned(), reason })
    }
}

impl From<&'static str> for Name {
    fn from(text: &'static str) -> Self {
        Self(Cow::Borrowed(text))
    }
}

impl From<String> for Name {
    fn from(text: String) -> Self {
        Self(Cow::Owned(text))
    }
}

impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The place of a record inside its run: `3` is the fourth operation of the body, `3.0.1` the second operation in the
/// first branch of it.
///
/// It is taken when an operation is built and not when it ends, so it is the same on every replay, whatever order
/// branches finish in.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sequence(Vec<u32>);

impl Sequence {
    /// The place of the run itself, below which all others lie.
    pub const fn root() -> Self {
        Self(Vec::new())
    }

    /// The place `index` below this one.
    #[must_use]
    pub fn child(&self, index: u32) -> Self {
        let mut path = Vec::with_capacity(self.0.len() + 1);
        path.extend_from_slice(&self.0);
        path.push(index);
        Self(path)
    }

    /// The indices from the run downwards.
    pub fn path(&self) -> &[u32] {
        &self.0
    }
}

impl fmt::Display for Sequence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, index) in self.0.iter().enumerate() {
            if at > 0 {
                formatter.write_str(".")?;
            }
            write!(formatter, "{index}")?;
        }
        Ok(())
    }
}

impl FromStr for Sequence {
    type Err = RuntimeError;

    fn from_str(text: &str) -> Result<Self, RuntimeError> {
        let invalid = || RuntimeError::InvalidId {
            what: "sequence",
            text: text.to_owned(),
            reason: "it is a list of numbers with dots between",
        };
        text.split('.').map(|index| index.parse().map_err(|_| invalid())).collect::<Result<_, _>>().map(Self)
    }
}

/// What an outside system tells repetitions of one effect by: `run/sequence/name`.
///
/// It is the same on every attempt, after every restart and on every engine.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    pub(crate) fn new(run: &RunId, sequence: &Sequence, name: &Name) -> Self {
        Self(format!("{run}/{sequence}/{name}"))
    }

    /// The text, for the header or field that the outside system expects it in.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for IdempotencyKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Which question of a run: `sequence/name`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DecisionId {
    /// Where in the run it was asked.
    pub sequence: Sequence,
    /// What it is called.
    pub name: Name,
}

impl fmt::Display for DecisionId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.sequence, self.name)
    }
}

impl FromStr for DecisionId {
    type Err = RuntimeError;

    fn from_str(text: &str) -> Result<Self, RuntimeError> {
        let (sequence, name) = text.split_once('/').ok_or_else(|| RuntimeError::InvalidId {
            what: "decision id",
            text: text.to_owned(),
            reason: "it is `sequence/name`",
        })?;
        Ok(Self { sequence: sequence.parse()?, name: Name::from(name.to_owned()) })
    }
}

impl TryFrom<String> for DecisionId {
    type Error = RuntimeError;

    fn try_from(text: String) -> Result<Self, RuntimeError> {
        text.parse()
    }
}

impl From<DecisionId> for String {
    fn from(id: DecisionId) -> Self {
        id.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_checked_on_every_way_in() {
        for text in ["a", "0190-ab_C.d:e@f~g"] {
            assert_eq!(RunId::new(text).unwrap().as_str(), text);
        }
        for text in ["", ".", "..", ".hidden", "a/b", "a b", "ä", &"a".repeat(129)] {
            assert!(RunId::new(text).is_err(), "{text}");
            assert!(serde_json::from_value::<RunId>(text.into()).is_err(), "{text}");
        }
    }

    #[test]
    fn generated_ids_sort_by_time_and_differ() {
        let ids: Vec<_> = (0..100).map(|_| RunId::generate()).collect();
        assert!(ids.is_sorted() && ids.windows(2).all(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn a_place_is_written_and_read_the_same() {
        let place = Sequence::root().child(3).child(0).child(12);
        assert_eq!(place.to_string(), "3.0.12");
        assert_eq!("3.0.12".parse::<Sequence>().unwrap(), place);
        assert!("3..1".parse::<Sequence>().is_err());
        let decision = DecisionId { sequence: place, name: "approve".into() };
        assert_eq!(decision.to_string().parse::<DecisionId>().unwrap(), decision);
    }

    #[test]
    fn places_sort_by_number_and_not_by_letter() {
        let root = Sequence::root();
        assert!(root.child(2) < root.child(10) && root.child(2).child(9) < root.child(3));
    }

    #[test]
    fn a_name_fits_into_a_key() {
        assert!(Name::from("charge the card").check().is_ok());
        for text in ["", "a/b", "a\nb"] {
            assert!(Name::from(text).check().is_err(), "{text:?}");
        }
    }
}
