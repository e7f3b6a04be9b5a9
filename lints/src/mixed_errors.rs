//! # mixed-errors
//!
//! ## What it does
//!
//! Reports code with the role core that mixes the errors of its rules with those of infrastructure:
//!
//! - an enum or struct of the core that holds an infrastructure error;
//! - an enum without a role that holds one beside broken rules, where the core uses it, or where it
//!   gathers the errors of a whole crate: it wraps two other errors of the project as well;
//! - core functions and ports with such a type in their signatures, also through aliases such as
//!   `type Result<T> = std::result::Result<T, anyhow::Error>`, and core code that calls `bail!`,
//!   `ensure!` or `anyhow!`;
//! - `impl From<infrastructure error>` for an error, and `type Error = infrastructure error`, in the core.
//!
//! Infrastructure errors are `std::io::Error`, the errors of crates that talk to databases, networks,
//! files, processes and runtimes, such as `sqlx::Error`, and those that hide what went wrong:
//! `anyhow::Error`, `eyre::Report`, `Box<dyn Error>`.
//!
//! One enum is one finding, and so is one error in the signatures of one module, with every place shown.
//! Signatures that a trait dictates are judged at the trait. Two enums that a third one wraps outside of
//! the core are fine, and so is a port with `type Error: std::error::Error`.
//!
//! ## Why
//!
//! A broken rule is an answer: the caller shows it and goes on. A broken connection is not: the caller
//! tries again or gives up. Who gets both in one type must look inside to tell them apart, and a core
//! that names `sqlx::Error` depends on the database after all.
//!
//! ## Bad
//!
//! ```rust,ignore
//! // src/core/booking.rs
//! pub enum BookingError {
//!     RoomTaken(RoomId),
//!     Database(#[from] sqlx::Error),
//! }
//! ```
//!
//! ## Good
//!
//! ```rust,ignore
//! // src/core/booking.rs
//! pub enum BookingError {
//!     RoomTaken(RoomId),
//! }
//!
//! // src/app/book.rs
//! pub enum BookError {
//!     Refused(BookingError),
//!     Failed(StoreError),
//! }
//! ```
//!
//! ## Options
//!
//! - `infrastructure`: further outside error types, such as `"serde_json::Error"`, or crates all of
//!   whose errors are infrastructure errors; a `*` at the end stands for any rest. None by default.
//! - `allow`: outside error types or crates that are fine, written alike. None by default.
//!
//! A crate that no package of the project depends on, and a path that no code names, is an error.
//!
//! ## Limits
//!
//! An error goes by its type: infrastructure failures that are kept as text, `Storage(String)`, are not
//! seen, nor is a type of the project that wraps an infrastructure error and is used in the core. Errors of
//! formats, such as `serde_json::Error`, count only where the option says so. Conversions and enums of
//! orchestrators and of the shell are not judged: that is where the two meet. An enum without
//! a role that no core uses is judged by the names of its variants. Code that macros generate is not seen. Test
//! code is not judged.

use baton_core::config::means;
use baton_core::effects::kind_of_crate;
use baton_core::facts::body::{Body, Expr};
use baton_core::facts::types::last_segment;
use baton_core::facts::{Bound, EnumItem, Field, Function, ImplItem, ItemKind, PathType, Type, TypeKind, Variant};
use baton_core::finding::{Evidence, Finding, Level};
use baton_core::link::{EdgeKind, FunctionRef, ItemRef, ModuleId, Project, Space, Target};
use baton_core::lint::{Check, Lint, OptionDefault, OptionSpec, Options, Verdict};
use baton_core::source::{Place, Span};
use std::collections::{BTreeMap, BTreeSet};

/// The lint.
pub static LINT: Lint = Lint {
    name: "mixed-errors",
    level: Level::Deny,
    summary: "Errors of the core's rules and of infrastructure share a type.",
    source: include_str!("mixed_errors.rs"),
    options: &[
        OptionSpec {
            name: "allow",
            default: OptionDefault::Paths(&[]),
            summary: "Outside error types or crates that are fine.",
        },
        OptionSpec {
            name: "infrastructure",
            default: OptionDefault::Paths(&[]),
            summary: "Further outside error types or crates that count as infrastructure.",
        },
    ],
    check: Check::Whole(check),
};

/// Errors that hide what went wrong.
const ERASED: &[&str] = &[
    "anyhow::Error",
    "error_stack::Report",
    "eyre::Report",
    "color_eyre::Report",
    "color_eyre::eyre::Report",
    "failure::Error",
    "miette::Report",
    "miette::Error",
    "snafu::Whatever",
];

/// Errors of crates that do more than touch the world.
const INFRASTRUCTURE: &[&str] = &[
    "actix_web::Error",
    "axum::Error",
    "config::ConfigError",
    "csv::Error",
    "lettre::transport::smtp::Error",
    "native_tls::Error",
    "rustls::Error",
    "std::env::VarError",
    "std::io::Error",
    "std::io::ErrorKind",
    "std::sync::PoisonError",
    "std::sync::mpsc::RecvError",
    "std::sync::mpsc::SendError",
    "tonic::Status",
    "tonic::transport::Error",
    "tungstenite::Error",
    "zip::result::ZipError",
];

/// The kinds of crates whose errors are those of infrastructure.
const KINDS: &[&str] =
    &["async runtime", "console", "database", "environment", "file system", "network", "process", "threads"];

/// What the names of variants begin or end with that say which rule was broken.
const RULES: &str = "
    Already Conflict Denied Duplicate Exceeded Expired Forbidden Insufficient Invalid Limit Mismatch
    Missing NotAllowed NotFound Overflow TooFew TooLarge TooLong TooMany TooShort Unauthorized
    Unsupported Validation Violation
";

/// What the names of variants say that stand for a failure of something outside.
const FAILURES: &str = "
    Config Connection Database Db Deserialize External File Format Fs Http Internal Io IO Json Network
    Other Parse Persistence Repository Request Serde Serialization Serialize Sql Sqlx Storage Timeout
    Toml Transport Unexpected Unknown Utf8 Yaml
";

fn check(project: &Project, options: &Options) -> Verdict {
    let judge = Judge { project, options, mixed: BTreeSet::new() };
    let (enums, mixed) = judge.enums_without_role();
    let judge = Judge { mixed: mixed.iter().map(|(item, _)| *item).collect(), ..judge };
    let mut verdict = Verdict { judged: enums, findings: mixed.into_iter().map(|(_, finding)| finding).collect() };
    let mut seen = BTreeSet::new();
    for (module, _) in project.modules().filter(|(_, module)| module.is_core()) {
        // A file that several targets compile says the same thing once.
        let scope = (project.module(module).file, project.module(module).scope);
        if seen.insert(scope) {
            judge.module(module, &mut verdict);
        }
    }
    verdict
}

/// An infrastructure error in a type.
struct Hit {
    /// Where the type names it.
    span: Span,
    /// Its own name: `sqlx::Error`.
    what: String,
    /// The alias of the project through which it is named.
    alias: Option<String>,
}

struct Judge<'a> {
    project: &'a Project,
    options: &'a Options,
    /// The enums without a role that mix errors: for the core they are as bad as what they hold.
    mixed: BTreeSet<ItemRef>,
}

/// The places in one module that name one error.
type Named = BTreeMap<String, Vec<Evidence>>;

impl Judge<'_> {
    /// The enums without a role that mix errors, and how many were looked at.
    fn enums_without_role(&self) -> (usize, Vec<(ItemRef, Finding)>) {
        let project = self.project;
        let used = used_by_core(project);
        let mut seen = BTreeSet::new();
        let mut judged = 0;
        let mut mixed = Vec::new();
        for (module, _) in project.modules().filter(|(_, module)| module.is_neutral()) {
            for (index, item) in project.scope(module).items.iter().enumerate().filter(|(_, item)| !item.test) {
                let ItemKind::Enum(declared) = &item.kind else { continue };
                if !is_error_name(&item.name) || !seen.insert(project.place(module, item.name_span)) {
                    continue;
                }
                judged += 1;
                let at = ItemRef { module, index: index as u32 };
                let (held, others) = self.variants(module, declared);
                let is_used = used.contains(&at);
                if !is_used && !self.gathers(module, declared) {
                    continue;
                }
                let is_failure = |variant: &Variant| says(&variant.name, FAILURES);
                let is_rule = |variant: &&Variant| {
                    if is_used { !is_failure(variant) } else { says(&variant.name, RULES) }
                };
                let rules: Vec<&Variant> = others.into_iter().filter(is_rule).collect();
                if !held.is_empty() && !rules.is_empty() {
                    mixed.push((at, self.of_enum(at, &held, &rules)));
                }
            }
        }
        (judged, mixed)
    }

    /// Whether an enum of a crate's own root wraps at least two other errors of the project.
    fn gathers(&self, module: ModuleId, declared: &EnumItem) -> bool {
        // Deeper down it gathers what one command or one layer meets, which is wrapping.
        if self.project.module(module).path.contains("::") {
            return false;
        }
        let fields = declared.variants.iter().flat_map(|variant| &variant.fields);
        let wrapped = fields.filter_map(|field| match self.project.names().type_item(module, &field.ty.path()?.path) {
            Target::Item(item) if is_error_name(&self.project.item(item).name) => Some(item),
            _ => None,
        });
        wrapped.collect::<BTreeSet<ItemRef>>().len() > 1
    }

    /// The variants that hold an infrastructure error, and the others.
    fn variants<'v>(&self, module: ModuleId, declared: &'v EnumItem) -> (Vec<(&'v Variant, Hit)>, Vec<&'v Variant>) {
        let mut held = Vec::new();
        let mut others = Vec::new();
        for variant in &declared.variants {
            match variant.fields.iter().find_map(|field| self.in_type(module, &field.ty)) {
                Some(hit) => held.push((variant, hit)),
                None => others.push(variant),
            }
        }
        (held, others)
    }

    fn of_enum(&self, at: ItemRef, held: &[(&Variant, Hit)], rules: &[&Variant]) -> Finding {
        let project = self.project;
        let path = project.item_path(at);
        let place = |span: Span| project.place(at.module, span);
        let (first, hit) = &held[0];
        let holders = held.iter().map(|(variant, hit)| Evidence {
            kind: "infrastructure",
            place: place(variant.span),
            why: format!("holds {}", hit.shown()),
        });
        let beside = rules.iter().take(3).map(|variant| Evidence {
            kind: "rule",
            place: place(variant.span),
            why: format!("`{}` is no failure of infrastructure", variant.name),
        });
        let message = match rules {
            [] => format!("`{path}` holds {} in the core", hit.shown()),
            [rule, ..] => format!("`{path}` holds {} in `{}`, beside `{}`", hit.shown(), first.name, rule.name),
        };
        Finding {
            rule: LINT.name,
            level: None,
            message,
            help: format!(
                "keep what breaks a rule in `{}`, and let the orchestrator wrap it and the failures of adapters in an enum of its own",
                project.item(at).name
            ),
            place: place(project.item(at).name_span),
            item: path,
            evidence: holders.chain(beside).collect(),
            chain: Vec::new(),
            imports: Vec::new(),
            trails: Vec::new(),
            fix: None,
        }
    }

    /// Judges the types, signatures and bodies of a core module.
    fn module(&self, module: ModuleId, verdict: &mut Verdict) {
        let project = self.project;
        let mut named = Named::new();
        for (index, item) in project.scope(module).items.iter().enumerate().filter(|(_, item)| !item.test) {
            let at = ItemRef { module, index: index as u32 };
            let place = |span: Span| project.place(module, span);
            match &item.kind {
                ItemKind::Enum(declared) => {
                    verdict.judged += 1;
                    let (held, mut others) = self.variants(module, declared);
                    others.retain(|variant| !says(&variant.name, FAILURES));
                    if !held.is_empty() {
                        verdict.findings.push(self.of_enum(at, &held, &others));
                    }
                }
                ItemKind::Struct(declared) => {
                    verdict.judged += 1;
                    let held = declared.fields.iter().find_map(|field| Some((field, self.in_type(module, &field.ty)?)));
                    if let Some((field, hit)) = held {
                        let path = project.item_path(at);
                        let message = format!("`{path}` holds {} in `{}`", hit.shown(), field.name);
                        verdict.findings.push(finding(message, hit.help(), place(field.span), path));
                    }
                }
                ItemKind::Impl(block) => {
                    let path = project.item_path(at);
                    if let Some((from, hit)) = self.conversion(module, block) {
                        let message = format!("`{path}` is made from {} in the core", hit.shown());
                        verdict.findings.push(finding(message, hit.help(), place(from), path.clone()));
                    }
                    for (name, ty) in &block.types {
                        if let Some(hit) = self.in_type(module, ty).filter(|_| matches!(name.as_str(), "Error" | "Err"))
                        {
                            let why = format!("`{path}` fails with {} by `type {name}`", hit.shown());
                            named.entry(hit.what).or_default().push(Evidence {
                                kind: "type",
                                place: place(hit.span),
                                why,
                            });
                        }
                    }
                }
                ItemKind::Alias(alias) => {
                    if let Some(hit) = self.in_type(module, &alias.ty) {
                        let why = format!("`{}` stands for {}", item.name, hit.shown());
                        named.entry(hit.what).or_default().push(Evidence {
                            kind: "alias",
                            place: place(hit.span),
                            why,
                        });
                    }
                }
                _ => {}
            }
            self.functions(at, verdict, &mut named);
        }
        self.finish(module, named, verdict);
    }

    /// `From` of an infrastructure error: its place and the error. Nothing where the type holds it anyway.
    fn conversion(&self, module: ModuleId, block: &ImplItem) -> Option<(Span, Hit)> {
        let of_trait = block.of_trait.as_ref().filter(|path| matches!(path.last(), "From" | "TryFrom"))?;
        let hit = self.in_type(module, of_trait.arguments.first()?)?;
        let made = block.self_type.path().map(|path| self.project.names().type_item(module, &path.path));
        let fields: Vec<&Field> = match made {
            Some(Target::Item(made)) => match &self.project.item(made).kind {
                ItemKind::Enum(made) => made.variants.iter().flat_map(|variant| &variant.fields).collect(),
                ItemKind::Struct(made) => made.fields.iter().collect(),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        };
        let holds = |field: &&Field| self.in_type(module, &field.ty).is_some_and(|held| held.what == hit.what);
        (!fields.iter().any(holds)).then_some((hit.span, hit))
    }

    /// The signatures of an item's functions, unless a trait dictates them, and what their bodies call.
    fn functions(&self, at: ItemRef, verdict: &mut Verdict, named: &mut Named) {
        let item = self.project.item(at);
        let (functions, dictated): (&[Function], bool) = match &item.kind {
            ItemKind::Function(function) => (std::slice::from_ref(&**function), false),
            ItemKind::Impl(block) => (&block.functions, block.of_trait.is_some()),
            ItemKind::Trait(declared) => (&declared.functions, false),
            _ => return,
        };
        for (number, function) in functions.iter().enumerate().filter(|(_, function)| !function.test) {
            verdict.judged += 1;
            let path = self.project.function_path(FunctionRef { item: at, index: number as u32 });
            if !dictated {
                let types = function.output.iter().chain(function.parameters.iter().map(|parameter| &parameter.ty));
                for hit in types.filter_map(|ty| self.in_type(at.module, ty)) {
                    let why = format!("`{path}` has {} in its signature", hit.shown());
                    let place = self.project.place(at.module, hit.span);
                    named.entry(hit.what).or_default().push(Evidence { kind: "signature", place, why });
                }
            }
            self.macros(at.module, &path, function, named);
        }
    }

    /// The macros in a body that make an error which hides what went wrong.
    fn macros(&self, module: ModuleId, path: &str, function: &Function, named: &mut Named) {
        for (_, node) in function.body.iter().flat_map(Body::nodes) {
            let (Expr::Macro(name, _) | Expr::OpaqueMacro(name)) = &node.expr else { continue };
            if !matches!(
                last_segment(name),
                "anyhow" | "bail" | "ensure" | "eyre" | "miette" | "whatever" | "format_err"
            ) {
                continue;
            }
            let target = self.project.names().resolve_at(module, name, Space::Macros, node.span).target;
            let Target::Outside(package, _) = target else { continue };
            let error = ERASED.iter().find(|error| error.split("::").next() == Some(&package.replace('-', "_")));
            if let Some(error) = error.filter(|error| !self.is_allowed(error)) {
                let why = format!("`{path}` makes one with `{}!`", last_segment(name));
                let span = Span::new(node.span.start, node.span.start + name.len() as u32);
                let place = self.project.place(module, span);
                named.entry((*error).to_owned()).or_default().push(Evidence { kind: "macro", place, why });
            }
        }
    }

    /// One finding for each error that the module names, at the first signature that does.
    fn finish(&self, module: ModuleId, named: Named, verdict: &mut Verdict) {
        let project = self.project;
        for (what, mut evidence) in named {
            let rank = |kind: &str| ["signature", "type", "alias", "macro"].iter().position(|known| *known == kind);
            evidence.sort_by_key(|one| (rank(one.kind), one.place));
            let first = evidence.remove(0);
            let path = project.module_path(module);
            let others = match evidence.len() {
                0 => String::new(),
                1 => ", and 1 other place of this core module names it".to_owned(),
                more => format!(", and {more} other places of this core module name it"),
            };
            evidence.extend(self.imports(module, &what));
            evidence.sort_by_key(|one| one.place);
            let hit = Hit { span: Span::default(), what, alias: None };
            verdict
                .findings
                .push(Finding { evidence, ..finding(format!("{}{others}", first.why), hit.help(), first.place, path) });
        }
    }

    /// The imports that bring an error of that name, or an alias of it, into a module.
    fn imports(&self, module: ModuleId, what: &str) -> Vec<Evidence> {
        let edges = self.project.edges_in(self.project.module(module).file).iter();
        let imports = edges.filter(|edge| edge.from == module && !edge.test && edge.kind == EdgeKind::Use);
        let named = imports.filter(|edge| match &edge.to {
            Target::Outside(package, path) => self.outside(package, path).is_some_and(|found| found == what),
            Target::Item(item) => match &self.project.item(*item).kind {
                ItemKind::Alias(alias) => self.in_type(item.module, &alias.ty).is_some_and(|hit| hit.what == what),
                _ => self.mixed.contains(item) && self.project.item_path(*item) == what,
            },
            _ => false,
        });
        named.map(|edge| Evidence { kind: "import", place: edge.place, why: "imports it".to_owned() }).collect()
    }

    /// The first infrastructure error in a type.
    fn in_type(&self, module: ModuleId, ty: &Type) -> Option<Hit> {
        self.look(module, ty, 0)
    }

    fn look(&self, module: ModuleId, ty: &Type, aliases: u8) -> Option<Hit> {
        match &ty.kind {
            TypeKind::Reference(inner) | TypeKind::List(inner) => self.look(module, inner, aliases),
            TypeKind::Tuple(parts) => parts.iter().find_map(|part| self.look(module, part, aliases)),
            TypeKind::Impl(bounds) => {
                bounds.iter().find_map(|bound| bound.bindings.iter().find_map(|(_, ty)| self.look(module, ty, aliases)))
            }
            TypeKind::Path(path) => self.of_path(module, path, aliases),
            _ => None,
        }
    }

    fn of_path(&self, module: ModuleId, path: &PathType, aliases: u8) -> Option<Hit> {
        let hit = |what: String, alias| Some(Hit { span: path.span, what, alias });
        match self.project.names().resolve(module, &path.path, Space::Types).target {
            Target::Outside(package, outside) => {
                // An alias of `Result` with an error of its own is the plain one.
                let is_plain = last_segment(&outside).ends_with("Result") && path.arguments.len() > 1;
                if let Some(what) = self.outside(&package, &outside).filter(|_| !is_plain) {
                    return hit(what, None);
                }
            }
            Target::Item(item) if self.mixed.contains(&item) => return hit(self.project.item_path(item), None),
            Target::Item(item) => {
                // Where aliases lead in a circle, no compiler accepts them.
                if let ItemKind::Alias(alias) = &self.project.item(item).kind
                    && aliases < 8
                    && let Some(inner) = self.look(item.module, &alias.ty, aliases + 1)
                {
                    return hit(inner.what, Some(self.project.item_path(item)));
                }
            }
            _ => {}
        }
        let boxed = matches!(path.last(), "Arc" | "Box" | "Rc");
        if boxed
            && path.arguments.iter().any(|inner| self.is_any_error(module, inner))
            && !self.is_allowed("Box<dyn Error>")
        {
            return hit(format!("{}<dyn Error>", path.last()), None);
        }
        path.arguments.iter().find_map(|inner| self.look(module, inner, aliases))
    }

    /// Whether a type is `dyn Error`.
    fn is_any_error(&self, module: ModuleId, ty: &Type) -> bool {
        let TypeKind::Dyn(bounds) = &ty.kind else { return false };
        bounds.iter().any(|bound: &Bound| {
            let target = self.project.names().resolve(module, &bound.path, Space::Types).target;
            matches!(target, Target::Outside(package, path) if matches!(package.as_str(), "std" | "core") && path == "error::Error")
        })
    }

    /// The error that something of an outside crate is, or that an alias of its `Result` has.
    fn outside(&self, package: &str, path: &str) -> Option<String> {
        let package = match package {
            "core" | "alloc" => "std".to_owned(),
            name => name.replace('-', "_"),
        };
        let error = match (package.as_str(), path) {
            ("eyre" | "color_eyre", "Result" | "eyre::Result" | "eyre::Report" | "Report" | "eyre::Error") => {
                "Report".to_owned()
            }
            (_, path) => match path.strip_suffix("Result") {
                Some(start) if start.is_empty() || start.ends_with("::") => format!("{start}Error"),
                Some(start) if matches!(last_segment(path), "RedisResult" | "QueryResult") => format!("{start}Error"),
                _ => path.to_owned(),
            },
        };
        let what = format!("{package}::{error}");
        let is_error = ["Err", "Error", "ErrorKind"].iter().any(|end| last_segment(&error).ends_with(end));
        let is_added = || self.options.texts("infrastructure").iter().any(|added| means(added, &what));
        let is_of_crate = || kind_of_crate(&package).is_some_and(|kind| KINDS.contains(&kind.name));
        let is_listed = ERASED.iter().chain(INFRASTRUCTURE).any(|known| *known == what);
        let counts = is_listed || (is_error && (is_added() || is_of_crate()));
        (counts && !self.is_allowed(&what)).then_some(what)
    }

    fn is_allowed(&self, what: &str) -> bool {
        self.options.texts("allow").iter().any(|allowed| means(allowed, what))
    }
}

impl Hit {
    fn shown(&self) -> String {
        match &self.alias {
            Some(alias) => format!("`{}` (through `{alias}`)", self.what),
            None => format!("`{}`", self.what),
        }
    }

    fn help(&self) -> String {
        let is_erased = ERASED.contains(&self.what.as_str()) || self.what.ends_with("<dyn Error>");
        if is_erased {
            return "declare an enum of the rules that can be broken and return that; the orchestrator may wrap it in what it likes".to_owned();
        }
        format!(
            "keep `{}` out of the core: let the core return what breaks its rules, and adapters turn their failures into an error that the orchestrator handles",
            self.what
        )
    }
}

fn is_error_name(name: &str) -> bool {
    name.ends_with("Error") || name.ends_with("Err") || name.ends_with("Errors")
}

/// Whether a name has one of the words at its beginning or end.
fn says(name: &str, words: &str) -> bool {
    let name = name.strip_suffix("Error").filter(|rest| !rest.is_empty()).unwrap_or(name);
    words.split_whitespace().any(|word| {
        let begins = name.strip_prefix(word).is_some_and(|rest| !rest.starts_with(|next: char| next.is_lowercase()));
        begins || name.ends_with(word)
    })
}

/// The items that the core names.
fn used_by_core(project: &Project) -> BTreeSet<ItemRef> {
    let core = project.edges.iter().filter(|edge| !edge.test && project.module(edge.from).is_core());
    let mut used = BTreeSet::new();
    for edge in core {
        let mut at = &edge.to;
        let mut inner;
        for _ in 0..8 {
            let Target::Item(item) = at else { break };
            used.insert(*item);
            // Behind an alias of `Result` stands the error.
            let ItemKind::Alias(alias) = &project.item(*item).kind else { break };
            let Some(last) = alias.ty.path().and_then(|path| path.arguments.last()).and_then(Type::path) else { break };
            inner = project.names().type_item(item.module, &last.path);
            at = &inner;
        }
    }
    used
}

fn finding(message: String, help: String, place: Place, item: String) -> Finding {
    Finding {
        rule: LINT.name,
        level: None,
        message,
        help,
        place,
        item,
        evidence: Vec::new(),
        chain: Vec::new(),
        imports: Vec::new(),
        trails: Vec::new(),
        fix: None,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::needless_raw_string_hashes, reason = "the command that updates the snapshots writes them")]

    use super::LINT;
    use crate::testing::{check, judged, piece};
    use expect_test::{Expect, expect};

    const MANIFEST: &str = "
        //- dependencies anyhow eyre sqlx reqwest redis serde_json chrono acme-client
    ";

    /// What is said about `code` as a core module.
    #[track_caller]
    fn core(code: &str, expected: &Expect) {
        check(&LINT, &format!("{MANIFEST}//- src/core/price.rs\n{}", piece(code)), expected);
    }

    /// What is said about a core that uses `util`, which has no role.
    #[track_caller]
    fn beside(core: &str, util: &str, expected: &Expect) {
        let (core, util) = (piece(core), piece(util));
        check(&LINT, &format!("{MANIFEST}//- src/core/price.rs\n{core}//- src/util.rs\n{util}"), expected);
    }

    #[test]
    fn types_of_the_core_that_hold_an_infrastructure_error() {
        core(
            "
            use std::io;
            use std::sync::Arc;
            pub enum BookingError { Taken(u32), Full { seats: u8 }, Database(#[from] sqlx::Error), Io(io::Error) }
            pub enum StoreError { Redis(Arc<redis::RedisError>) }
            pub enum AnyError { Refused, Unknown(#[from] anyhow::Error), Other(Box<dyn std::error::Error + Send + Sync>) }
            pub struct ApiError { pub code: u16, pub error: Option<Box<dyn std::error::Error>> }
            ",
            &expect![[r#"
                //- src/core/price.rs
                pub enum BookingError { Taken(u32), Full { seats: u8 }, Database(#[from] sqlx::Error), Io(io::Error) }
                         ^^^^^^^^^^^^ `core::price::BookingError` holds `sqlx::Error` in `Database`, beside `Taken`
                                                                        ----------------------------- holds `sqlx::Error`
                                                                                                       ------------- holds `std::io::Error`
                                        ---------- `Taken` is no failure of infrastructure
                                                    ------------------ `Full` is no failure of infrastructure
                pub enum StoreError { Redis(Arc<redis::RedisError>) }
                         ^^^^^^^^^^ `core::price::StoreError` holds `redis::RedisError` in the core
                                      ----------------------------- holds `redis::RedisError`
                pub enum AnyError { Refused, Unknown(#[from] anyhow::Error), Other(Box<dyn std::error::Error + Send + Sync>) }
                         ^^^^^^^^ `core::price::AnyError` holds `anyhow::Error` in `Unknown`, beside `Refused`
                                             ------------------------------ holds `anyhow::Error`
                                                                             ----------------------------------------------- holds `Box<dyn Error>`
                                    ------- `Refused` is no failure of infrastructure
                pub struct ApiError { pub code: u16, pub error: Option<Box<dyn std::error::Error>> }
                                                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `core::price::ApiError` holds `Box<dyn Error>` in `error`
                help: declare an enum of the rules that can be broken and return that; the orchestrator may wrap it in what it likes
                help: keep what breaks a rule in `AnyError`, and let the orchestrator wrap it and the failures of adapters in an enum of its own
                help: keep what breaks a rule in `BookingError`, and let the orchestrator wrap it and the failures of adapters in an enum of its own
                help: keep what breaks a rule in `StoreError`, and let the orchestrator wrap it and the failures of adapters in an enum of its own
            "#]],
        );
    }

    #[test]
    fn types_of_the_core_that_hold_rules_alone() {
        core(
            "
            use std::num::ParseIntError;
            pub enum BookingError { Taken(u32), Number(ParseIntError), Date(chrono::ParseError), Text(std::fmt::Error), Price(PriceError) }
            pub enum PriceError { Negative }
            pub enum Storage { Failed(String), Json(serde_json::Error) }
            pub struct Error;
            pub enum Own { One(Error) }
            pub struct Link { url: reqwest::Url }
            pub trait Store { type Error: std::error::Error; fn load(&self) -> Result<u8, Self::Error>; }
            pub fn shown(error: &dyn std::error::Error) -> String { error.to_string() }
            impl From<ParseIntError> for PriceError { fn from(_: ParseIntError) -> Self { Self::Negative } }
            impl std::error::Error for PriceError { fn source(&self) -> Option<&(dyn std::error::Error + 'static)> { None } }
            impl std::io::Write for Error { fn write(&mut self, _: &[u8]) -> std::io::Result<usize> { Ok(0) } }
            pub fn price() -> anyhow::Result<u8, PriceError> { Ok(1) }
            ",
            &expect![[r#""#]],
        );
    }

    #[test]
    fn signatures_and_macros_of_one_module_are_one_finding_for_each_error() {
        core(
            "
            use anyhow::{Error, bail};
            use reqwest::Error as Net;
            pub trait Port { fn find(&self, id: u8) -> Result<u8, Error>; fn all(&self) -> Vec<u8>; }
            pub struct Price;
            impl Price {
                pub fn new(net: i32) -> anyhow::Result<Self> { if net < 0 { bail!(\"negative\"); } anyhow::ensure!(net < 9); Ok(Self) }
                fn load(&self) -> Result<u8, Net> { Ok(1) }
            }
            impl Port for Price { fn find(&self, id: u8) -> Result<u8, Error> { Err(anyhow::anyhow!(\"no\")) } }
            impl TryFrom<u8> for Price { type Error = Error; fn try_from(_: u8) -> Result<Self, Self::Error> { Ok(Self) } }
            pub fn seen(it: impl Iterator<Item = Result<u8, Error>>) {}
            macro_rules! bail { () => {} }
            ",
            &expect![[r#"
                //- src/core/price.rs
                pub trait Port { fn find(&self, id: u8) -> Result<u8, Error>; fn all(&self) -> Vec<u8>; }
                                                                      ^^^^^ `core::price::Port::find` has `anyhow::Error` in its signature, and 6 other places of this core module name it
                use anyhow::{Error, bail};
                             ----- imports it
                    pub fn new(net: i32) -> anyhow::Result<Self> { if net < 0 { bail!("negative"); } anyhow::ensure!(net < 9); Ok(Self) }
                                            -------------- `core::price::Price::new` has `anyhow::Error` in its signature
                                                                                ---- `core::price::Price::new` makes one with `bail!`
                                                                                                     -------------- `core::price::Price::new` makes one with `ensure!`
                impl Port for Price { fn find(&self, id: u8) -> Result<u8, Error> { Err(anyhow::anyhow!("no")) } }
                                                                                        -------------- `core::price::Price::find` makes one with `anyhow!`
                impl TryFrom<u8> for Price { type Error = Error; fn try_from(_: u8) -> Result<Self, Self::Error> { Ok(Self) } }
                                                          ----- `core::price::Price` fails with `anyhow::Error` by `type Error`
                pub fn seen(it: impl Iterator<Item = Result<u8, Error>>) {}
                                                                ----- `core::price::seen` has `anyhow::Error` in its signature
                    fn load(&self) -> Result<u8, Net> { Ok(1) }
                                                 ^^^ `core::price::Price::load` has `reqwest::Error` in its signature
                use reqwest::Error as Net;
                             ------------ imports it
                help: declare an enum of the rules that can be broken and return that; the orchestrator may wrap it in what it likes
                help: keep `reqwest::Error` out of the core: let the core return what breaks its rules, and adapters turn their failures into an error that the orchestrator handles
            "#]],
        );
    }

    #[test]
    fn macros_of_the_project_with_those_names_are_others() {
        core(
            "
            macro_rules! bail { ($text:expr) => { return Err(PriceError) } }
            macro_rules! ensure { ($text:expr) => { () } }
            pub struct PriceError;
            pub fn price() -> Result<u8, PriceError> { ensure!(1); bail!(\"a\") }
            ",
            &expect![[r#""#]],
        );
    }

    #[test]
    fn conversions_of_infrastructure_errors_in_the_core() {
        core(
            "
            pub enum PriceError { Negative, Lost(String) }
            impl From<sqlx::Error> for PriceError { fn from(error: sqlx::Error) -> Self { Self::Lost(error.to_string()) } }
            impl From<u8> for PriceError { fn from(_: u8) -> Self { Self::Negative } }
            pub enum Held { Negative, Io(std::io::Error) }
            impl From<std::io::Error> for Held { fn from(error: std::io::Error) -> Self { Self::Io(error) } }
            ",
            &expect![[r#"
                //- src/core/price.rs
                impl From<sqlx::Error> for PriceError { fn from(error: sqlx::Error) -> Self { Self::Lost(error.to_string()) } }
                          ^^^^^^^^^^^ `core::price::PriceError` is made from `sqlx::Error` in the core
                pub enum Held { Negative, Io(std::io::Error) }
                         ^^^^ `core::price::Held` holds `std::io::Error` in `Io`, beside `Negative`
                                          ------------------ holds `std::io::Error`
                                -------- `Negative` is no failure of infrastructure
                help: keep `sqlx::Error` out of the core: let the core return what breaks its rules, and adapters turn their failures into an error that the orchestrator handles
                help: keep what breaks a rule in `Held`, and let the orchestrator wrap it and the failures of adapters in an enum of its own
            "#]],
        );
    }

    #[test]
    fn aliases_are_followed() {
        beside(
            "
            use crate::util::{Fine, Outcome};
            pub fn price() -> Outcome<u8> { Ok(1) }
            pub fn fine() -> Fine<u8> { Ok(1) }
            ",
            "
            pub type Outcome<T> = Inner<T>;
            type Inner<T> = std::result::Result<T, anyhow::Error>;
            pub type Fine<T> = std::result::Result<T, u8>;
            ",
            &expect![[r#"
                //- src/core/price.rs
                pub fn price() -> Outcome<u8> { Ok(1) }
                                  ^^^^^^^ `core::price::price` has `anyhow::Error` (through `util::Outcome`) in its signature
                use crate::util::{Fine, Outcome};
                                        ------- imports it
                help: declare an enum of the rules that can be broken and return that; the orchestrator may wrap it in what it likes
            "#]],
        );
    }

    #[test]
    fn an_enum_without_a_role_that_the_core_uses() {
        beside(
            "
            use crate::util::{Outcome, Plain, Wires};
            pub fn price() -> Outcome<u8> { Ok(1) }
            pub fn plain() -> Result<u8, Plain> { Ok(1) }
            pub fn wires() -> Result<u8, Wires> { Ok(1) }
            ",
            "
            pub type Outcome<T> = Result<T, Error>;
            pub enum Error { Io(#[from] std::io::Error), Negative }
            pub enum PlainError { Io(String), Negative }
            pub use PlainError as Plain;
            pub enum WiresError { Io(std::io::Error), Database(sqlx::Error), ConfigError(String), Other(String) }
            pub use WiresError as Wires;
            pub enum Unused { Io(std::io::Error), NotFound }
            pub enum LockError { Io(std::io::Error), AlreadyLocked }
            ",
            &expect![[r#"
                //- src/core/price.rs
                pub fn price() -> Outcome<u8> { Ok(1) }
                                  ^^^^^^^ `core::price::price` has `util::Error` (through `util::Outcome`) in its signature
                use crate::util::{Outcome, Plain, Wires};
                                  ------- imports it
                //- src/util.rs
                pub enum Error { Io(#[from] std::io::Error), Negative }
                         ^^^^^ `util::Error` holds `std::io::Error` in `Io`, beside `Negative`
                                 -------------------------- holds `std::io::Error`
                                                             -------- `Negative` is no failure of infrastructure
                help: keep `util::Error` out of the core: let the core return what breaks its rules, and adapters turn their failures into an error that the orchestrator handles
                help: keep what breaks a rule in `Error`, and let the orchestrator wrap it and the failures of adapters in an enum of its own
            "#]],
        );
    }

    #[test]
    fn an_enum_of_a_whole_crate_is_judged_by_its_variants() {
        let error = "
            //- src/error.rs
            pub enum CrateError { Phase(PhaseError), Run(RunError), Io(std::io::Error), TooLarge { size: u8 } }
            pub enum FlatError { Phase(PhaseError), Io(std::io::Error), TooLarge { size: u8 } }
            pub enum WrapError { Phase(PhaseError), Run(RunError), Io(std::io::Error) }
            pub enum PhaseError { Skipped }
            pub enum RunError { Failed }
        ";
        check(
            &LINT,
            &format!("{MANIFEST}{error}"),
            &expect![[r#"
                //- src/error.rs
                pub enum CrateError { Phase(PhaseError), Run(RunError), Io(std::io::Error), TooLarge { size: u8 } }
                         ^^^^^^^^^^ `error::CrateError` holds `std::io::Error` in `Io`, beside `TooLarge`
                                                                        ------------------ holds `std::io::Error`
                                                                                            --------------------- `TooLarge` is no failure of infrastructure
                help: keep what breaks a rule in `CrateError`, and let the orchestrator wrap it and the failures of adapters in an enum of its own
            "#]],
        );
    }

    #[test]
    fn the_shell_and_orchestrators_may_wrap_both() {
        check(
            &LINT,
            "
            //- src/core/price.rs
            pub enum PriceError { Negative }
            //- src/app/quote.rs
            pub enum QuoteError { Price(crate::core::price::PriceError), Io(std::io::Error), NotFound }
            pub fn quote() -> Result<u8, Box<dyn std::error::Error>> { Ok(1) }
            //- src/shell/db.rs
            pub enum DbError { Io(std::io::Error), NotFound }
            impl From<std::io::Error> for crate::core::price::PriceError { fn from(_: std::io::Error) -> Self { Self::Negative } }
            ",
            &expect![[r#""#]],
        );
    }

    #[test]
    fn options_add_and_allow_errors() {
        let code = "
            //- src/core/price.rs
            pub enum A { Rule, Json(serde_json::Error) }
            pub enum B { Rule, Acme(acme_client::CallError), Reply(acme_client::Reply) }
            pub enum C { Rule, Io(std::io::Error) }
            pub fn any() -> anyhow::Result<u8> { anyhow::bail!(\"a\") }
            pub fn boxed() -> Result<u8, Box<dyn std::error::Error>> { Ok(1) }
        ";
        let with = |options: &str, expected: &Expect| {
            let config = format!("//- baton.toml\nversion = 1\nrules.mixed-errors = {{ {options} }}\n");
            check(&LINT, &format!("{MANIFEST}{config}{code}"), expected);
        };
        with(
            r#"infrastructure = ["serde_json::Error", "acme-client"]"#,
            &expect![[r#"
                //- src/core/price.rs
                pub enum A { Rule, Json(serde_json::Error) }
                         ^ `core::price::A` holds `serde_json::Error` in `Json`, beside `Rule`
                                   ----------------------- holds `serde_json::Error`
                             ---- `Rule` is no failure of infrastructure
                pub enum B { Rule, Acme(acme_client::CallError), Reply(acme_client::Reply) }
                         ^ `core::price::B` holds `acme_client::CallError` in `Acme`, beside `Rule`
                                   ---------------------------- holds `acme_client::CallError`
                             ---- `Rule` is no failure of infrastructure
                                                                 ------------------------- `Reply` is no failure of infrastructure
                pub enum C { Rule, Io(std::io::Error) }
                         ^ `core::price::C` holds `std::io::Error` in `Io`, beside `Rule`
                                   ------------------ holds `std::io::Error`
                             ---- `Rule` is no failure of infrastructure
                pub fn any() -> anyhow::Result<u8> { anyhow::bail!("a") }
                                ^^^^^^^^^^^^^^ `core::price::any` has `anyhow::Error` in its signature, and 1 other place of this core module names it
                                                     ------------ `core::price::any` makes one with `bail!`
                pub fn boxed() -> Result<u8, Box<dyn std::error::Error>> { Ok(1) }
                                             ^^^ `core::price::boxed` has `Box<dyn Error>` in its signature
                help: declare an enum of the rules that can be broken and return that; the orchestrator may wrap it in what it likes
                help: keep what breaks a rule in `A`, and let the orchestrator wrap it and the failures of adapters in an enum of its own
                help: keep what breaks a rule in `B`, and let the orchestrator wrap it and the failures of adapters in an enum of its own
                help: keep what breaks a rule in `C`, and let the orchestrator wrap it and the failures of adapters in an enum of its own
            "#]],
        );
        with(r#"allow = ["anyhow", "std::io::Error", "Box<dyn Error>"]"#, &expect![[r#""#]]);
    }

    #[test]
    fn test_code_is_not_judged_and_the_rest_is_counted() {
        let text = "
            //- src/core/price.rs
            pub enum PriceError { Negative }
            pub struct Price;
            pub fn price() {}
            #[cfg(test)]
            mod tests { fn load() -> std::io::Result<()> { Ok(()) } enum E { Io(std::io::Error), Rule } }
            //- src/util.rs
            pub enum Error { Io(std::io::Error) }
        ";
        check(&LINT, text, &expect![[r#""#]]);
        assert_eq!(judged(&LINT, text), 4);
    }
}
