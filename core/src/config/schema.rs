//! The shape of a configuration, for editors and other programs. Nothing is read with these types:
//! the reader knows places and what people may have meant. A test holds the keys of both together.
#![expect(dead_code, reason = "the types are there for the schema that is derived from them")]

use super::{contract, document, domains, folder, inventory, overrides, registry, role};
use schemars::JsonSchema;
use std::collections::BTreeMap;

/// The configuration of Baton, `baton.toml`.
#[derive(JsonSchema)]
#[schemars(rename = "Baton", deny_unknown_fields, extend("x-taplo-info" = {"authors": [], "patterns": ["^(.*(/|\\\\)baton\\.toml|baton\\.toml)$"]}))]
pub struct Document {
    /// The version of the format, which is 1.
    #[schemars(range(min = 1, max = 1))]
    version: u32,
    /// What this configuration extends: files of the project, by paths relative to this one, and presets, as
    /// `preset:clean`. Later ones win over earlier ones, and what stands here wins over all.
    extends: Option<Extends>,
    /// Which files are read.
    source: Option<Files>,
    /// The parts of the project. The last role that matches a file or module wins.
    role: Option<Vec<Role>>,
    /// Parts of the project that know nothing of each other.
    domains: Option<Domains>,
    /// Who may import whom.
    contract: Option<Vec<Contract>>,
    /// What holds in a folder, and what its page says. The last that matches wins.
    folder: Option<Vec<Folder>>,
    /// Where operations are registered.
    registry: Option<Vec<Registry>>,
    /// Where the pages of folders lie.
    inventory: Option<Inventory>,
    /// Levels and options of rules.
    rules: Option<BTreeMap<String, Rule>>,
    /// Levels and options of rules for some files. The last that matches wins.
    #[schemars(rename = "override")]
    overrides: Option<Vec<Override>>,
}

/// One text, or several.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum Extends {
    One(String),
    Several(Vec<String>),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Files {
    /// Files and folders that are left out, besides those that git ignores.
    exclude: Option<Vec<String>>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Role {
    /// `core`, `shell`, `orchestrator`, `entry`, or a name of the project's own.
    #[schemars(regex(pattern = r"^\S+$"))]
    name: String,
    /// Files, as globs relative to the project root.
    paths: Option<Vec<String>>,
    /// Modules, such as `crate::core`.
    modules: Option<Vec<String>>,
    /// Outside packages that count as part of the role.
    crates: Option<Vec<String>>,
    /// Which types of these files are orchestrators. For the role `orchestrator` alone.
    types: Option<Vec<String>>,
    /// Which free functions of these files are orchestrators. For the role `orchestrator` alone.
    functions: Option<Vec<String>>,
    /// Traits whose implementors in these files are orchestrators. For the role `orchestrator` alone.
    traits: Option<Vec<String>>,
    /// Attributes that make an item of these files an orchestrator. For the role `orchestrator` alone.
    attributes: Option<Vec<String>>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Domains {
    /// Each folder or file that matches is a domain.
    #[schemars(length(min = 1))]
    paths: Vec<String>,
    /// Who may name whom all the same.
    allow: Option<Vec<Allowance>>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Allowance {
    /// The domain whose code may name the other; `*` for every domain.
    from: String,
    /// The domain that may be named.
    to: String,
    /// Why.
    reason: String,
}

/// `allow` turns a rule off, `warn` reports, `deny` reports and fails the run.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
enum Level {
    Allow,
    Warn,
    Deny,
}

/// A contract between parts of the project.
#[derive(JsonSchema)]
#[schemars(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
enum Contract {
    /// No layer reaches one above it.
    Layers {
        /// What it is for; no other contract has the same name.
        name: String,
        /// Its level, where that is not the one of the rule `contract`.
        level: Option<Level>,
        /// Imports that it leaves alone.
        except: Option<Vec<Exception>>,
        /// The layers, from the top to the bottom.
        #[schemars(length(min = 2))]
        layers: Vec<String>,
        /// Layers that nobody may go past.
        closed: Option<Vec<String>>,
        /// Modules or folders that each have the layers.
        containers: Option<Vec<String>>,
        /// Whether only direct imports count.
        direct: Option<bool>,
    },
    /// Nothing in `source` reaches anything in `forbidden`.
    Forbidden {
        /// What it is for; no other contract has the same name.
        name: String,
        /// Its level, where that is not the one of the rule `contract`.
        level: Option<Level>,
        /// Imports that it leaves alone.
        except: Option<Vec<Exception>>,
        /// Who must not import.
        source: Vec<String>,
        /// What must not be imported.
        forbidden: Vec<String>,
        /// Whether only direct imports count.
        direct: Option<bool>,
    },
    /// Nobody but the `importers` imports what is `protected`.
    Protected {
        /// What it is for; no other contract has the same name.
        name: String,
        /// Its level, where that is not the one of the rule `contract`.
        level: Option<Level>,
        /// Imports that it leaves alone.
        except: Option<Vec<Exception>>,
        /// What must not be imported.
        protected: Vec<String>,
        /// Who may.
        importers: Vec<String>,
    },
    /// No member reaches another.
    Independent {
        /// What it is for; no other contract has the same name.
        name: String,
        /// Its level, where that is not the one of the rule `contract`.
        level: Option<Level>,
        /// Imports that it leaves alone.
        except: Option<Vec<Exception>>,
        /// The members.
        members: Vec<String>,
        /// Whether only direct imports count.
        direct: Option<bool>,
    },
    /// The children of a module or folder, or a set of members, form no circle.
    Acyclic {
        /// What it is for; no other contract has the same name.
        name: String,
        /// Its level, where that is not the one of the rule `contract`.
        level: Option<Level>,
        /// Imports that it leaves alone.
        except: Option<Vec<Exception>>,
        /// The members.
        members: Option<Vec<String>>,
        /// Modules or folders whose children are the members.
        within: Option<Vec<String>>,
        /// Whether only direct imports count.
        direct: Option<bool>,
    },
    /// Each module of `source` that holds code reaches each of `required`.
    Required {
        /// What it is for; no other contract has the same name.
        name: String,
        /// Its level, where that is not the one of the rule `contract`.
        level: Option<Level>,
        /// Imports that it leaves alone.
        except: Option<Vec<Exception>>,
        /// Who must import.
        source: Vec<String>,
        /// What must be imported.
        required: Vec<String>,
        /// Whether only direct imports count.
        direct: Option<bool>,
    },
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Exception {
    /// Who imports.
    from: String,
    /// What is imported.
    to: String,
    /// Why that is fine.
    reason: String,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Folder {
    /// The folder, or a pattern for several.
    path: String,
    /// What the folder is called.
    title: Option<String>,
    /// The layer that it is, in the project's own words.
    layer: Option<String>,
    /// What it is for.
    purpose: Option<String>,
    /// What belongs there.
    belongs: Option<Vec<String>>,
    /// What must not be there, and what holds that.
    forbidden: Option<Vec<Forbidden>>,
    /// Who begins and ends transactions there.
    transaction: Option<Transaction>,
    /// What has to be there.
    requires: Option<Vec<Requirement>>,
    /// The role of the code that is wired to the folder's files.
    paired: Option<Paired>,
}

/// `owner` begins and ends transactions, `forbidden` does not.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
enum Transaction {
    Owner,
    Forbidden,
}

/// A text, or a text with what holds it.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum Forbidden {
    Text(String),
    Held(HeldText),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct HeldText {
    /// What must not be there, in words.
    text: String,
    /// The rule that holds it.
    rule: Option<String>,
    /// The contract that holds it.
    contract: Option<String>,
}

/// What is decided by a look at the folder.
#[derive(JsonSchema)]
enum What {
    #[schemars(rename = "operation registry")]
    Registry,
    #[schemars(rename = "cross_domain declaration")]
    CrossDomain,
}

/// What has to be there.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum Requirement {
    What(What),
    Decided(DecidedText),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct DecidedText {
    /// What has to be there, in words.
    text: String,
    /// What is looked for.
    what: Option<What>,
    /// The rule that decides.
    rule: Option<String>,
    /// The contract that decides.
    contract: Option<String>,
}

/// A role, or a role with the name of its layer.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum Paired {
    Role(String),
    Named(NamedRole),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct NamedRole {
    /// The role.
    role: String,
    /// What its layer is called.
    layer: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Registry {
    /// The files of the registry.
    #[schemars(length(min = 1))]
    paths: Vec<String>,
    /// The files that hold operations; all, if it is left out.
    operations: Option<Vec<String>>,
    /// The types that are operations.
    types: Option<Vec<String>>,
    /// The traits whose implementors are operations.
    traits: Option<Vec<String>>,
    /// The free functions that are operations.
    functions: Option<Vec<String>>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Inventory {
    /// The name of a folder's page.
    file: Option<String>,
    /// A folder that holds all pages in a tree of its own.
    out: Option<String>,
    /// Whether each file of a governed folder has a page too.
    files: Option<bool>,
    /// The page that lists all folders.
    index: Option<String>,
}

/// A level, or a level with options.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum Rule {
    Level(Level),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Override {
    /// The files for which it holds.
    #[schemars(length(min = 1))]
    paths: Vec<String>,
    /// What is set for rules there.
    rules: BTreeMap<String, Rule>,
}

/// The keys that the reader knows, by section: at the top, the section's name is empty. A test compares them
/// with those of the schema.
pub fn keys() -> BTreeMap<&'static str, Vec<&'static str>> {
    let mut keys = BTreeMap::from([
        ("", document::KEYS.to_vec()),
        ("source", document::SOURCE_KEYS.to_vec()),
        ("role", role::KEYS.to_vec()),
        ("domains", domains::KEYS.to_vec()),
        ("domains.allow", domains::ALLOW_KEYS.to_vec()),
        ("contract.except", contract::EXCEPT_KEYS.to_vec()),
        ("folder", folder::KEYS.to_vec()),
        ("folder.forbidden", folder::FORBIDDEN_KEYS.to_vec()),
        ("folder.requires", folder::REQUIRED_KEYS.to_vec()),
        ("folder.paired", folder::PAIRED_KEYS.to_vec()),
        ("registry", registry::KEYS.to_vec()),
        ("inventory", inventory::KEYS.to_vec()),
        ("override", overrides::KEYS.to_vec()),
    ]);
    for (kind, section) in contract::SECTIONS {
        keys.insert(section, [&contract::COMMON[..], contract::keys_of(kind)].concat());
    }
    keys
}
