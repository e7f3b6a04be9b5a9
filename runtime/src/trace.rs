//! W3C trace context: which trace a run belongs to, taken from a caller and handed on to services.

use crate::error::RuntimeError;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The `traceparent` header of [W3C Trace Context](https://www.w3.org/TR/trace-context/#traceparent-header), version 00:
/// a trace, the span that calls, and whether the trace is sampled.
///
/// ```
/// use baton_runtime::TraceContext;
///
/// let text = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
/// let trace: TraceContext = text.parse()?;
/// assert!(trace.is_sampled());
/// assert_eq!(trace.to_string(), text);
/// # Ok::<(), baton_runtime::RuntimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TraceContext {
    trace: u128,
    span: u64,
    flags: u8,
}

impl TraceContext {
    /// A new trace of its own that is not sampled: whoever samples says so.
    pub fn generate() -> Self {
        // Version 4 fixes six bits; neither half can be zero, which the standard forbids.
        let (_, span) = uuid::Uuid::new_v4().as_u64_pair();
        Self { trace: uuid::Uuid::new_v4().as_u128(), span, flags: 0 }
    }

    /// The same trace with a span of its own: what is sent to a service that is called.
    #[must_use]
    pub fn child(self) -> Self {
        let (_, span) = uuid::Uuid::new_v4().as_u64_pair();
        Self { span, ..self }
    }

    /// The trace's 16 bytes.
    pub const fn trace_id(self) -> u128 {
        self.trace
    }

    /// The span's 8 bytes.
    pub const fn span_id(self) -> u64 {
        self.span
    }

    /// Whether the caller may have recorded the trace.
    pub const fn is_sampled(self) -> bool {
        self.flags & 1 == 1
    }
}

impl fmt::Display for TraceContext {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "00-{:032x}-{:016x}-{:02x}", self.trace, self.span, self.flags)
    }
}

impl FromStr for TraceContext {
    type Err = RuntimeError;

    /// A later version may append fields, which the standard asks to overlook; `ff` is no version.
    fn from_str(text: &str) -> Result<Self, RuntimeError> {
        parse(text).ok_or_else(|| RuntimeError::InvalidId {
            what: "traceparent",
            text: text.chars().take(80).collect(),
            reason: "it is `00-` and 32, 16 and 2 lower-case hexadecimal digits with hyphens between, neither id all zero",
        })
    }
}

fn parse(text: &str) -> Option<TraceContext> {
    let mut fields = text.split('-');
    let version = hexadecimal(fields.next()?, 2)?;
    let trace = hexadecimal(fields.next()?, 32)?;
    let span = u64::try_from(hexadecimal(fields.next()?, 16)?).ok()?;
    let flags = u8::try_from(hexadecimal(fields.next()?, 2)?).ok()?;
    let more = fields.next().is_some();
    (version != 0xff && trace != 0 && span != 0 && !(version == 0 && more)).then_some(TraceContext {
        trace,
        span,
        flags,
    })
}

fn hexadecimal(text: &str, digits: usize) -> Option<u128> {
    let valid = text.len() == digits && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    valid.then(|| u128::from_str_radix(text, 16).ok()).flatten()
}

impl TryFrom<String> for TraceContext {
    type Error = RuntimeError;

    fn try_from(text: String) -> Result<Self, RuntimeError> {
        text.parse()
    }
}

impl From<TraceContext> for String {
    fn from(trace: TraceContext) -> Self {
        trace.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALID: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn the_standards_example_goes_in_and_out() {
        assert_eq!(VALID.parse::<TraceContext>().unwrap().to_string(), VALID);
    }

    #[test]
    fn what_the_standard_forbids_is_refused() {
        let zero = "0".repeat(32);
        for text in [
            "",
            "00",
            &VALID.to_uppercase(),
            &VALID.replacen("00", "ff", 1),
            &format!("{VALID}-00"),
            &format!("00-{zero}-00f067aa0ba902b7-01"),
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
        ] {
            assert!(text.parse::<TraceContext>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_later_version_may_say_more() {
        assert!(format!("{}-more", VALID.replacen("00", "01", 1)).parse::<TraceContext>().is_ok());
    }

    #[test]
    fn a_child_stays_in_the_trace() {
        let parent = TraceContext::generate();
        let child = parent.child();
        assert!(child.trace_id() == parent.trace_id() && child.span_id() != parent.span_id());
        assert_eq!(child.to_string().parse::<TraceContext>().unwrap(), child);
    }
}
