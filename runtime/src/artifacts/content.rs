//! What an artifact is made of: canonical bytes, and their hash.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;

/// The SHA-256 of an artifact's bytes, by which they are found. It is written in 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ContentHash([u8; 32]);

impl ContentHash {
    /// The hash of these bytes.
    ///
    /// ```
    /// use baton_runtime::ContentHash;
    ///
    /// // The first test vector of FIPS 180-4.
    /// let hash = ContentHash::of(b"abc").to_string();
    /// assert!(hash.starts_with("ba7816bf8f01cfea") && hash.ends_with("b410ff61f20015ad"));
    /// ```
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl fmt::Debug for ContentHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ContentHash({self})")
    }
}

/// A text that is no [`ContentHash`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no hash: it has to be 64 lower-case hexadecimal digits")]
pub struct NoContentHash(String);

impl FromStr for ContentHash {
    type Err = NoContentHash;

    fn from_str(text: &str) -> Result<Self, NoContentHash> {
        let fault = || NoContentHash(text.to_owned());
        let digits = text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if !digits {
            return Err(fault());
        }
        let mut bytes = [0; 32];
        for (byte, at) in bytes.iter_mut().zip((0..64).step_by(2)) {
            let pair = text.get(at..at + 2).ok_or_else(fault)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| fault())?;
        }
        Ok(Self(bytes))
    }
}

impl TryFrom<String> for ContentHash {
    type Error = NoContentHash;

    fn try_from(text: String) -> Result<Self, NoContentHash> {
        text.parse()
    }
}

impl From<ContentHash> for String {
    fn from(hash: ContentHash) -> Self {
        hash.to_string()
    }
}

/// A value as JSON without white space, the keys of its objects sorted by code point. Two values that are equal have the
/// same bytes, whatever order a map handed its entries out in.
pub(super) fn canonical<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, serde_json::Error> {
    let value = serde_json::to_value(value)?;
    let mut bytes = Vec::new();
    write(&value, &mut bytes)?;
    Ok(bytes)
}

fn write(value: &Value, into: &mut Vec<u8>) -> Result<(), serde_json::Error> {
    match value {
        Value::Array(values) => {
            into.push(b'[');
            for (at, value) in values.iter().enumerate() {
                if at > 0 {
                    into.push(b',');
                }
                write(value, into)?;
            }
            into.push(b']');
        }
        Value::Object(entries) => {
            // Sorted here and not left to the map: a feature of serde_json that any crate may turn on keeps the order of
            // insertion.
            let mut entries: Vec<_> = entries.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            into.push(b'{');
            for (at, (key, value)) in entries.into_iter().enumerate() {
                if at > 0 {
                    into.push(b',');
                }
                serde_json::to_writer(&mut *into, key)?;
                into.push(b':');
                write(value, into)?;
            }
            into.push(b'}');
        }
        plain => serde_json::to_writer(&mut *into, plain)?,
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn equal_values_have_the_same_bytes() {
        #[derive(Serialize)]
        struct Turned {
            b: u8,
            a: Vec<Option<f64>>,
        }
        let turned = canonical(&Turned { b: 1, a: vec![Some(0.5), None] }).unwrap();
        assert_eq!(turned, canonical(&json!({"a": [0.5, null], "b": 1})).unwrap());
        assert_eq!(String::from_utf8(turned).unwrap(), r#"{"a":[0.5,null],"b":1}"#);
        let sorted = "{\"z\":[],\"ä\\n\":{}}";
        assert_eq!(canonical(&json!({"ä\n": {}, "z": []})).unwrap(), sorted.as_bytes());
    }

    #[test]
    fn a_hash_is_written_and_read_the_same() {
        let hash = ContentHash::of(b"a");
        assert_eq!(hash.to_string().parse::<ContentHash>().unwrap(), hash);
        assert_eq!(serde_json::from_value::<ContentHash>(json!(hash)).unwrap(), hash);
        for text in ["", "ab", &"g".repeat(64), &"A".repeat(64), &"ä".repeat(32)] {
            assert!(text.parse::<ContentHash>().is_err(), "{text}");
        }
    }
}
