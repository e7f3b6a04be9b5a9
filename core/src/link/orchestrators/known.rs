//! What is known of names outside the project: the standard library and well-known crates.

use crate::facts::Type;
use crate::facts::types::{last_segment, split_first};

/// Types that hold another and say nothing themselves: what counts is inside.
pub(super) const WRAPPERS: &[&str] = &[
    "Arc",
    "ArcSwap",
    "BTreeMap",
    "Box",
    "Cell",
    "Cow",
    "Data",
    "Extension",
    "HashMap",
    "IndexMap",
    "Lazy",
    "LazyCell",
    "LazyLock",
    "Mutex",
    "Once",
    "OnceCell",
    "OnceLock",
    "Option",
    "Pin",
    "Rc",
    "RefCell",
    "RwLock",
    "State",
    "Vec",
    "VecDeque",
    "Weak",
];

/// Whether a type is a collection behind a lock.
pub(super) fn is_register(lock: &str, inner: &Type) -> bool {
    matches!(lock, "Mutex" | "RwLock" | "RefCell")
        && inner
            .path()
            .is_some_and(|path| matches!(path.last(), "BTreeMap" | "HashMap" | "IndexMap" | "Vec" | "VecDeque"))
}

/// Traits that describe a value rather than a collaborator.
const VALUE_TRAITS: &[&str] = &[
    "ActiveModelTrait",
    "Add",
    "Any",
    "AsMut",
    "AsRef",
    "AsyncBufRead",
    "AsyncRead",
    "AsyncSeek",
    "Binary",
    "Borrow",
    "BorrowMut",
    "BufRead",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Deref",
    "DerefMut",
    "Deserialize",
    "DeserializeOwned",
    "Display",
    "Div",
    "DoubleEndedIterator",
    "EntityTrait",
    "Eq",
    "Error",
    "ExactSizeIterator",
    "Extend",
    "From",
    "FromIterator",
    "FromRow",
    "FromSql",
    "FromStr",
    "Future",
    "Hash",
    "Hasher",
    "Index",
    "Into",
    "IntoFuture",
    "IntoIterator",
    "IntoResponse",
    "Iterator",
    "LowerHex",
    "ModelTrait",
    "Mul",
    "Neg",
    "Not",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Read",
    "RefUnwindSafe",
    "Rem",
    "Seek",
    "Send",
    "Serialize",
    "Sized",
    "Stream",
    "Sub",
    "Sum",
    "Sync",
    "ToOwned",
    "ToSql",
    "ToString",
    "TryFrom",
    "TryInto",
    "Unpin",
    "UnwindSafe",
    "UpperHex",
    "Zero",
];

/// Whether an outside trait describes a value: its implementors are data.
pub(super) fn is_value_trait(name: &str) -> bool {
    VALUE_TRAITS.contains(&name)
}

/// Whether a trait is one of closures and functions.
pub(super) fn is_function_trait(name: &str) -> bool {
    matches!(name, "Fn" | "FnMut" | "FnOnce" | "AsyncFn" | "AsyncFnMut" | "AsyncFnOnce")
}

/// Packages whose types talk to something outside the process: databases, HTTP, queues, clouds, clusters.
const INFRASTRUCTURE: &[&str] = &[
    "async_nats",
    "async_redis",
    "bb8",
    "bollard",
    "clickhouse",
    "curl",
    "deadpool",
    "deadpool_postgres",
    "deadpool_redis",
    "diesel",
    "diesel_async",
    "elasticsearch",
    "etcd_client",
    "fantoccini",
    "fred",
    "hyper",
    "hyper_util",
    "influxdb",
    "isahc",
    "k8s_openapi",
    "kube",
    "lapin",
    "ldap3",
    "lettre",
    "libsql",
    "meilisearch_sdk",
    "memcache",
    "mongodb",
    "mysql",
    "mysql_async",
    "nats",
    "neo4rs",
    "object_store",
    "octocrab",
    "opensearch",
    "paho_mqtt",
    "postgres",
    "pulsar",
    "qdrant_client",
    "r2d2",
    "r2d2_postgres",
    "rdkafka",
    "redb",
    "redis",
    "reqwest",
    "rocksdb",
    "rumqttc",
    "rusqlite",
    "scylla",
    "sea_orm",
    "sled",
    "sqlx",
    "ssh2",
    "suppaftp",
    "surf",
    "surrealdb",
    "tiberius",
    "tokio_postgres",
    "tonic",
    "tungstenite",
    "tokio_tungstenite",
    "ureq",
];

/// Families of such packages, by the beginning of their names.
const INFRASTRUCTURE_FAMILIES: &[&str] =
    &["aws_sdk_", "azure_", "gcloud_", "google_cloud_", "rusoto_", "sea_orm_", "solana_client", "solana_rpc"];

/// Whether a package talks to something outside the process. Hyphens and underscores are the same.
pub(super) fn is_infrastructure(package: &str) -> bool {
    let name = package.replace('-', "_");
    INFRASTRUCTURE.contains(&name.as_str()) || INFRASTRUCTURE_FAMILIES.iter().any(|family| name.starts_with(family))
}

/// Packages of caches in memory: what they keep is state, nobody to work with.
pub(super) fn is_cache(package: &str) -> bool {
    matches!(
        package.replace('-', "_").as_str(),
        "cached" | "dashmap" | "lru" | "mini_moka" | "moka" | "quick_cache" | "schnellru" | "ttl_cache"
    )
}

/// Whether a type of a package that talks to the outside only says what to do there.
pub(in crate::link) fn is_inert(package: &str, name: &str) -> bool {
    is_infrastructure(package)
        && matches!(
            name,
            "ActiveValue"
                | "Body"
                | "Condition"
                | "DatabaseBackend"
                | "DbBackend"
                | "Delete"
                | "HeaderMap"
                | "HeaderValue"
                | "Insert"
                | "MySql"
                | "Postgres"
                | "QueryBuilder"
                | "Select"
                | "Sqlite"
                | "Statement"
                | "Update"
        )
}

/// Ends of names of values, also in packages that are infrastructure.
const VALUE_ENDINGS: &[&str] = &[
    "Args",
    "Arguments",
    "Builder",
    "Command",
    "Config",
    "Configuration",
    "Credentials",
    "Dto",
    "Error",
    "Event",
    "Flags",
    "Id",
    "Input",
    "Key",
    "Kind",
    "Level",
    "Limits",
    "Message",
    "Method",
    "Mode",
    "Name",
    "Options",
    "Opts",
    "Output",
    "Params",
    "Parameters",
    "Path",
    "Policy",
    "Props",
    "Query",
    "Request",
    "Response",
    "Result",
    "Row",
    "Settings",
    "Spec",
    "Status",
    "StatusCode",
    "Token",
    "Type",
    "Uri",
    "Url",
    "Value",
    "Version",
];

/// Ends of names of things that act.
const ACTOR_ENDINGS: &[&str] = &[
    "Adapter",
    "Api",
    "Authenticator",
    "Authorizer",
    "Broker",
    "Bus",
    "Cache",
    "Client",
    "Clock",
    "Connection",
    "Consumer",
    "Coordinator",
    "Database",
    "Db",
    "Dispatcher",
    "Driver",
    "Emitter",
    "Enforcer",
    "Engine",
    "Executor",
    "Factory",
    "Fetcher",
    "Gateway",
    "Generator",
    "Handler",
    "Helper",
    "Interactor",
    "Issuer",
    "Loader",
    "Logger",
    "Mailer",
    "Maker",
    "Manager",
    "Metrics",
    "Notifier",
    "Orchestrator",
    "PasswordHasher",
    "Pool",
    "Port",
    "Producer",
    "Provider",
    "Publisher",
    "Queue",
    "Reader",
    "Registry",
    "Repo",
    "Repository",
    "Resolver",
    "Runner",
    "Runtime",
    "Scheduler",
    "Sender",
    "Server",
    "Service",
    "Session",
    "Signer",
    "Sink",
    "Socket",
    "Storage",
    "Store",
    "Subscriber",
    "Transport",
    "UseCase",
    "Usecase",
    "Validator",
    "Verifier",
    "Worker",
    "Writer",
];

/// Whether a type's name says that it is a value: configuration, a message, an id.
pub(in crate::link) fn is_value_name(name: &str) -> bool {
    VALUE_ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// Whether a type's name says that it acts.
pub(super) fn is_actor_name(name: &str) -> bool {
    ACTOR_ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// Whether a type's name says that it may stand between the project and something outside.
pub(super) fn is_adapter_name(name: &str) -> bool {
    ["Adapter", "Client", "Gateway", "Repository"].iter().any(|ending| name.ends_with(ending))
}

/// Whether an outside trait turns a value into another form, wherever that form is used.
pub(super) fn is_conversion_trait(name: &str) -> bool {
    matches!(
        name,
        "Debug"
            | "Decode"
            | "Deserialize"
            | "Display"
            | "Encode"
            | "From"
            | "FromRow"
            | "FromSql"
            | "IntoResponse"
            | "Serialize"
            | "ToSql"
            | "TryFrom"
            | "Type"
    )
}

/// Whether a trait's or type's name says that it observes: logs, counts, traces.
pub(super) fn is_telemetry_name(name: &str) -> bool {
    ["Logger", "Log", "Metrics", "Meter", "Telemetry", "Tracer", "Monitor"].iter().any(|ending| name.ends_with(ending))
}

/// Whether a name speaks of stopping.
pub(super) fn is_shutdown_name(name: &str) -> bool {
    let name = name.to_lowercase();
    ["shutdown", "cancel", "stop", "quit", "exit", "terminat", "kill", "abort"].iter().any(|word| name.contains(word))
}

/// The ends of channels that carry work. `watch` and `oneshot` carry a state or an answer.
pub(super) fn is_channel(name: &str) -> bool {
    matches!(name, "Sender" | "SyncSender" | "UnboundedSender" | "Receiver" | "UnboundedReceiver")
}

/// Whether a path of the standard library or of an async runtime touches the world by itself.
pub(in crate::link) fn is_effect(package: &str, path: &str) -> bool {
    let (root, _) = split_first(path);
    match package {
        "std" => {
            let standard_stream =
                ["io::stdin", "io::stdout", "io::stderr"].iter().any(|stream| path.starts_with(stream));
            let address = path.contains("IpAddr") || path.contains("SocketAddr");
            standard_stream || (matches!(root, "fs" | "net" | "process") && !address)
        }
        "tokio" | "async-std" | "smol" => matches!(root, "fs" | "net" | "process"),
        "walkdir" | "tempfile" | "notify" | "fs-err" | "fs_err" => true,
        package => is_infrastructure(package),
    }
}

/// Whether a type of the standard library or of an async runtime acts.
pub(super) fn is_acting_std_type(path: &str) -> bool {
    let last = last_segment(path);
    matches!(
        last,
        "File"
            | "TcpStream"
            | "TcpListener"
            | "UdpSocket"
            | "UnixStream"
            | "UnixListener"
            | "Stdin"
            | "Stdout"
            | "Stderr"
            | "Runtime"
            | "Handle"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_known_by_either_spelling_and_by_family() {
        assert!(is_infrastructure("sea-orm") && is_infrastructure("sea_orm") && is_infrastructure("aws-sdk-s3"));
        assert!(!is_infrastructure("serde") && !is_infrastructure("awsome"));
    }

    #[test]
    fn names_of_values_and_of_actors_are_told_apart() {
        assert!(is_value_name("ServerConfig") && !is_actor_name("ServerConfig"));
        assert!(is_actor_name("BookRepository") && !is_value_name("BookRepository"));
        assert!(!is_actor_name("Price") && !is_value_name("Price"));
    }
}
