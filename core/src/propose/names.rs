//! Names of folders and packages that say something only together with what their code uses.

/// Names of what touches the world or is called from outside. Each is used for other things too.
const OUTER: &[&str] = &[
    "adapter",
    "adapters",
    "api",
    "bootstrap",
    "bot",
    "cli",
    "client",
    "clients",
    "console",
    "controller",
    "controllers",
    "daemon",
    "dao",
    "database",
    "databases",
    "db",
    "delivery",
    "desktop",
    "driver",
    "drivers",
    "endpoints",
    "external",
    "frontend",
    "fs",
    "gateway",
    "gateways",
    "graphql",
    "grpc",
    "gui",
    "handler",
    "handlers",
    "http",
    "inbound",
    "infra",
    "integration",
    "integrations",
    "interface",
    "interfaces",
    "io",
    "messaging",
    "middleware",
    "middlewares",
    "network",
    "outbound",
    "persistence",
    "presentation",
    "presenters",
    "repositories",
    "repository",
    "rest",
    "route",
    "router",
    "routers",
    "routes",
    "rpc",
    "server",
    "servers",
    "storage",
    "store",
    "stores",
    "transport",
    "tui",
    "ui",
    "web",
    "webhooks",
    "websocket",
    "ws",
];

/// Names of folders that hold programs: each of the packages in them is one.
const PROGRAMS: &[&str] = &["app", "apps", "bin", "bins", "cmd"];

/// Names of what may be the rules of the business, where it is pure.
const INNER: &[&str] =
    &["business", "entity", "kernel", "logic", "model", "models", "policies", "policy", "pricing", "rule", "rules"];

/// Names of what everybody uses, so that nothing follows from who does.
const COMMON: &[&str] = &[
    "common",
    "config",
    "configuration",
    "const",
    "constants",
    "error",
    "errors",
    "ext",
    "helper",
    "helpers",
    "lib",
    "logging",
    "macros",
    "main",
    "metrics",
    "observability",
    "prelude",
    "settings",
    "shared",
    "support",
    "telemetry",
    "test_utils",
    "testing",
    "tracing",
    "types",
    "util",
    "utilities",
    "utils",
];

/// Suffixes of types that coordinate others.
const COORDINATORS: &[&str] = &[
    "Orchestrator",
    "Coordinator",
    "UseCase",
    "Usecase",
    "Interactor",
    "Saga",
    "ProcessManager",
    "Workflow",
    "Executor",
    "Service",
    "Handler",
    "Facade",
    "Command",
    "Query",
];

/// How many of [`COORDINATORS`] say so by themselves, wherever a type stands.
const PLAIN_COORDINATORS: usize = 9;
/// How many of them mean nothing else.
const SURE_COORDINATORS: usize = 6;

/// The pattern for types like that one, if its name says that it coordinates or belongs to a coordinator.
pub(super) fn pattern(name: &str) -> Option<String> {
    let part = || COORDINATORS[..SURE_COORDINATORS].iter().find(|word| name.starts_with(**word));
    coordinator(name).map(|suffix| format!("*{suffix}")).or_else(|| part().map(|_| name.to_owned()))
}

/// Whether the name of a folder or package, or the last word of it, is one of the shell.
pub(super) fn is_outer(name: &str) -> bool {
    let name = name.replace('-', "_").to_lowercase();
    OUTER.contains(&name.as_str()) || name.rsplit('_').next().is_some_and(|last| OUTER.contains(&last))
}

/// Whether a folder of that name holds programs.
pub(super) fn is_programs(name: &str) -> bool {
    PROGRAMS.contains(&name)
}

/// Whether a folder of that name may hold rules.
pub(super) fn is_inner(name: &str) -> bool {
    INNER.contains(&name)
}

/// Whether a folder of that name holds services, which are types: functions in it may be anything.
pub(super) fn is_service(name: &str) -> bool {
    matches!(name, "service" | "services")
}

/// Whether everybody uses what has that name.
pub(super) fn is_common(name: &str) -> bool {
    COMMON.contains(&name.replace('-', "_").as_str())
}

/// The suffix of a type's name that says that it coordinates.
pub(super) fn coordinator(name: &str) -> Option<&'static str> {
    COORDINATORS.iter().copied().find(|suffix| name.ends_with(suffix))
}

/// Whether that suffix says so wherever the type stands.
pub(super) fn is_plain_coordinator(suffix: &str) -> bool {
    COORDINATORS[..PLAIN_COORDINATORS].contains(&suffix)
}

/// Whether that suffix alone is reason enough to look closer.
pub(super) fn is_sure_coordinator(suffix: &str) -> bool {
    COORDINATORS[..SURE_COORDINATORS].contains(&suffix)
}
