//! A value as it is recorded: JSON text.

use crate::error::RuntimeError;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use std::fmt;

/// A value as JSON text, which engines store and hand back without knowing what it means.
#[derive(Clone)]
pub struct Payload(Box<RawValue>);

impl Payload {
    /// The JSON `null`, for records that say nothing but that they are there.
    pub fn null() -> Self {
        Self(RawValue::NULL.to_owned())
    }

    /// Writes a value.
    ///
    /// # Errors
    /// [`RuntimeError::Json`] if the value cannot be written as JSON, such as a map whose keys are no texts.
    pub fn encode<T: Serialize + ?Sized>(value: &T) -> Result<Self, RuntimeError> {
        serde_json::value::to_raw_value(value).map(Self).map_err(|error| json_error::<T>("written", &error))
    }

    /// Reads a value.
    ///
    /// # Errors
    /// [`RuntimeError::Json`] if the text is not what the type asks for.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, RuntimeError> {
        serde_json::from_str(self.0.get()).map_err(|error| json_error::<T>("read", &error))
    }

    /// Takes JSON text from elsewhere, such as a column or a message.
    ///
    /// # Errors
    /// [`RuntimeError::Json`] if the text is no JSON.
    pub fn from_json(text: String) -> Result<Self, RuntimeError> {
        let parsed = RawValue::from_string(text).map_err(|error| json_error::<Self>("read", &error))?;
        if !parsed.get().contains(['\n', '\r']) {
            return Ok(Self(parsed));
        }
        // A journal has one line a record.
        let value: serde_json::Value =
            serde_json::from_str(parsed.get()).map_err(|error| json_error::<Self>("read", &error))?;
        Self::encode(&value)
    }

    /// The JSON text.
    pub fn as_json(&self) -> &str {
        self.0.get()
    }
}

fn json_error<T: ?Sized>(action: &'static str, error: &serde_json::Error) -> RuntimeError {
    RuntimeError::Json {
        what: format!("a value of type `{}`", std::any::type_name::<T>()),
        action,
        reason: error.to_string(),
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_json())
    }
}

impl PartialEq for Payload {
    fn eq(&self, other: &Self) -> bool {
        self.as_json() == other.as_json()
    }
}

impl Eq for Payload {}

impl Serialize for Payload {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Payload {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Box::<RawValue>::deserialize(deserializer).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_goes_in_and_out() {
        let payload = Payload::encode(&("a\nb", 1, [true])).unwrap();
        assert!(!payload.as_json().contains('\n'), "a record stays on one line");
        assert_eq!(payload.decode::<(String, u8, Vec<bool>)>().unwrap(), ("a\nb".to_owned(), 1, vec![true]));
        assert!(matches!(payload.decode::<u8>(), Err(RuntimeError::Json { action: "read", .. })));
    }

    #[test]
    fn only_json_is_taken() {
        assert!(Payload::from_json("{".to_owned()).is_err());
        assert_eq!(Payload::from_json("{\n\"a\": 1}".to_owned()).unwrap().as_json(), "{\"a\":1}");
    }
}
