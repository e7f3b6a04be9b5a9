//! Names and types of what is technical rather than of the domain.

use super::Nature;
use crate::config::{Pattern, PatternKind};
use crate::source::Span;
use rustc_hash::FxHashSet;
use std::borrow::Cow;
use std::sync::LazyLock;

/// Words of a name that say: this is about running, not about the domain. Sorted.
const WORDS: &[&str] = &[
    "acquired",
    "api",
    "attempt",
    "attempts",
    "backoff",
    "buffer",
    "cached",
    "checkpoint",
    "chunk",
    "concurrency",
    "cooldown",
    "cursor",
    "deadline",
    "debounce",
    "delay",
    "deliveries",
    "delivery",
    "depth",
    "duration",
    "elapsed",
    "etag",
    "exit",
    "failure",
    "failures",
    "healthy",
    "heartbeat",
    "idempotency",
    "idle",
    "idx",
    "index",
    "interval",
    "iteration",
    "iterations",
    "jitter",
    "latency",
    "lease",
    "leeway",
    "offset",
    "page",
    "pages",
    "paging",
    "parallelism",
    "perf",
    "permits",
    "pid",
    "pids",
    "poll",
    "polling",
    "polls",
    "progress",
    "retries",
    "retry",
    "schema",
    "semaphore",
    "seq",
    "sequence",
    "shard",
    "shutdown",
    "sleep",
    "span",
    "spawned",
    "stderr",
    "stdout",
    "throttle",
    "throughput",
    "timeout",
    "timeouts",
    "timer",
    "trace",
    "ttl",
    "version",
    "worker",
    "workers",
];

/// Words that say so of a part of a core type too: a task's deadline and an event's duration are of
/// the domain, how often something was tried is not.
const WORDS_IN_CORE: &[&str] = &[
    "attempt",
    "attempts",
    "backoff",
    "cursor",
    "idempotency",
    "lease",
    "offset",
    "page",
    "pages",
    "retries",
    "retry",
    "sequence",
    "timeout",
    "timeouts",
    "tries",
    "version",
];

/// Whole names that say so, but not as a part of another: a `limit` is a page's, a `credit_limit` is not.
/// Sorted.
const NAMES: &[&str] = &[
    "batch",
    "batch_size",
    "cap",
    "chunk_size",
    "debug",
    "dry_run",
    "i",
    "idx",
    "j",
    "k",
    "limit",
    "limit_clause",
    "max_bytes",
    "max_concurrent",
    "max_tries",
    "page_size",
    "per_minute",
    "per_page",
    "per_second",
    "port",
    "queue_size",
    "skip",
    "start",
    "started",
    "started_at",
    "tick",
    "ticks",
    "tries",
    "verbose",
    "wait",
];

/// Words by which the types of technical things end.
const HANDLES: &[&str] = &[
    "Handle",
    "Token",
    "Guard",
    "Permit",
    "Sender",
    "Receiver",
    "Stream",
    "Client",
    "Connection",
    "Pool",
    "Transaction",
    "Instant",
    "Path",
    "PathBuf",
    "File",
    "Metadata",
    "Output",
    "ExitStatus",
    "Child",
    "Command",
];

/// Crates whose types belong to the world.
const WORLD: &[&str] = &[
    "tokio",
    "tokio-util",
    "futures",
    "async-std",
    "reqwest",
    "hyper",
    "http",
    "axum",
    "actix-web",
    "tonic",
    "sqlx",
    "diesel",
    "redis",
    "mongodb",
    "lapin",
    "rdkafka",
    "tracing",
    "indicatif",
    "clap",
    "tower",
    "rayon",
    "crossbeam",
    "parking_lot",
];

/// The same to be looked up: every variable of every orchestrator is asked about.
static KNOWN_WORDS: LazyLock<FxHashSet<&[u8]>> = LazyLock::new(|| WORDS.iter().map(|word| word.as_bytes()).collect());
static KNOWN_NAMES: LazyLock<FxHashSet<&str>> = LazyLock::new(|| NAMES.iter().copied().collect());

/// Which names are technical.
#[derive(Debug, Default)]
pub struct Technical {
    more: Vec<Pattern>,
}

impl Technical {
    /// With names that a project adds: whole names, with `*`, which the configuration has checked.
    pub fn new(more: &[String]) -> Self {
        Self {
            more: more.iter().filter_map(|text| Pattern::new(PatternKind::Name, text, Span::default()).ok()).collect(),
        }
    }

    /// Whether a variable, field, function or constant of that name is technical.
    pub fn is_name(&self, name: &str) -> bool {
        let lower = lowercase(name);
        KNOWN_NAMES.contains(&*lower)
            || self.is_added(name)
            || lower.as_bytes().split(|byte| *byte == b'_').any(|word| KNOWN_WORDS.contains(word))
            || lower.ends_with("_port")
            || is_page_limit(&lower)
    }

    /// Whether a part of a core type of that name is technical.
    pub fn is_part_of_core(&self, name: &str) -> bool {
        let lower = name.to_ascii_lowercase();
        // `exit_code` is how a program went, an `exit_price` is of the domain.
        self.is_added(name)
            || matches!(lower.as_str(), "exit_code" | "exit_status")
            || lower.split('_').any(|word| WORDS_IN_CORE.contains(&word))
    }

    /// Whether what is worked out for a variable of that name serves a technical end.
    pub fn is_end(&self, name: &str) -> bool {
        let lower = name.to_ascii_lowercase();
        self.is_part_of_core(name) || KNOWN_NAMES.contains(lower.as_str()) || is_page_limit(&lower)
    }

    fn is_added(&self, name: &str) -> bool {
        self.more.iter().any(|pattern| pattern.matches(name))
    }
}

/// A name in small letters, which nearly all are in already.
fn lowercase(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) { name.to_ascii_lowercase().into() } else { name.into() }
}

/// `requested_limit`, `max_limit`: how much of a list is wanted. A `credit_limit` is another thing.
fn is_page_limit(name: &str) -> bool {
    const ABOUT_LISTS: &[&str] = &[
        "clamped",
        "default",
        "effective",
        "fetch",
        "list",
        "lower",
        "max",
        "min",
        "query",
        "rate",
        "requested",
        "result",
        "results",
        "row",
        "rows",
        "safe",
        "search",
        "size",
        "time",
        "upper",
    ];
    let Some(before) = name.strip_suffix("_limit") else { return false };
    before.split('_').all(|word| ABOUT_LISTS.contains(&word))
}

/// Whether a name says that something is a place in a list.
pub(super) fn is_index(name: &str) -> bool {
    matches!(name, "i" | "j" | "k" | "idx" | "index" | "pos" | "position")
}

/// Whether a name tells one thing from another and says nothing about it.
pub(super) fn is_identifier(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    matches!(
        lower.as_str(),
        "id" | "uuid"
            | "key"
            | "name"
            | "slug"
            | "code"
            | "sku"
            | "path"
            | "symbol"
            | "title"
            | "email"
            | "hash"
            | "sha"
            | "digest"
            | "checksum"
            | "fingerprint"
    ) || ["_id", "_key", "_uuid", "_ref", "_name", "_ids", "_hash", "_sha"].iter().any(|end| lower.ends_with(end))
}

/// Whether a name says that something is a moment which records when something happened.
pub(super) fn is_record(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.ends_with("_at") || lower.ends_with("_time") || lower.ends_with("timestamp")
}

/// Whether a type is by its whole name a signal to stop: `CancellationToken`, `ShutdownHandle`. A
/// `StopLossSignal` is of the domain.
pub(super) fn is_signal(name: &str) -> bool {
    let ends = ["Token", "Signal", "Handle", "Flag", "Guard", "Listener", "Receiver"];
    ends.iter()
        .filter_map(|end| name.strip_suffix(end))
        .any(|what| matches!(what, "Abort" | "Cancel" | "Cancellation" | "GracefulShutdown" | "Shutdown" | "Stop"))
}

/// Whether a type says by its name that it keeps track of a run.
pub(super) fn is_progress(name: &str) -> bool {
    ["Counters", "Progress", "Report", "Statistics", "Stats", "Tally", "Tracker"].iter().any(|end| name.ends_with(end))
}

/// Whether a type is an error by its name.
pub(super) fn is_failure(name: &str) -> bool {
    name == "Error" || name.ends_with("Error") || name.ends_with("Failure") || name.ends_with("Exception")
}

/// Whether a struct holds settings.
pub(super) fn is_settings(name: &str) -> bool {
    ["Config", "Configuration", "Settings", "Options", "Opts", "Args", "Env", "Context", "Ctx", "Params"]
        .iter()
        .any(|end| name.ends_with(end))
}

/// What a type of an outside crate is.
pub(super) fn of_outside(package: &str, path: &str) -> Nature {
    let last = path.rsplit("::").next().unwrap_or(path);
    match (package, last) {
        ("std" | "chrono" | "time", "Duration") | ("chrono", "TimeDelta") => Nature::Period,
        ("std", "SystemTime")
        | ("chrono", "DateTime" | "NaiveDate" | "NaiveDateTime" | "NaiveTime" | "Date")
        | ("time", "OffsetDateTime" | "PrimitiveDateTime" | "Date" | "UtcDateTime")
        | ("jiff", "Timestamp" | "Zoned") => Nature::Moment,
        ("rust_decimal" | "rust-decimal" | "bigdecimal" | "num-bigint" | "primitive-types" | "ethnum", _) => {
            Nature::Number
        }
        (_, name) if is_failure(name) => Nature::Failure,
        ("std", _)
            if ["fs", "io", "net", "process", "thread", "path", "sync"]
                .iter()
                .any(|module| path.strip_prefix(module).is_some_and(|rest| rest.starts_with("::"))) =>
        {
            Nature::Technical
        }
        ("std", name) if HANDLES.contains(&name) => Nature::Technical,
        ("std", _) => Nature::Other,
        (package, _) if WORLD.contains(&package) => Nature::Technical,
        (_, name) if HANDLES.iter().any(|end| name.ends_with(end)) => Nature::Technical,
        _ => Nature::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_sorted_and_found() {
        assert!(WORDS.is_sorted() && NAMES.is_sorted());
        let technical = Technical::default();
        assert!(WORDS.iter().chain(NAMES).all(|name| technical.is_name(name)));
        assert!(technical.is_name("MAX_Retries") && !technical.is_name("credit_limit"));
    }
}
