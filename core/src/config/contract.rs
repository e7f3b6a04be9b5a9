//! `[[contract]]`: who may import whom.

mod member;
#[cfg(test)]
mod tests;

pub(crate) use member::prefixed;
pub use member::{Member, MemberKind};

use super::reader::{Reader, Value, span};
use super::suggest;
use crate::finding::Level;
use crate::source::Span;
use std::collections::BTreeMap;
use toml::de::DeTable;

/// One `[[contract]]`.
#[derive(Clone, Debug)]
pub struct ContractRule {
    /// Its name, which no other contract has.
    pub name: String,
    /// The place of the name's value.
    pub name_span: Span,
    /// What it asks for.
    pub kind: ContractKind,
    /// Whether only direct imports count, and no chains.
    pub direct: bool,
    /// Its level, if that differs from the level of the rule `contract`.
    pub level: Option<Level>,
    /// The imports that it leaves alone.
    pub except: Vec<Exception>,
    /// The place of its header, `[[contract]]`.
    pub span: Span,
}

/// What a contract asks for.
#[derive(Clone, Debug)]
pub enum ContractKind {
    /// Lower layers do not import higher ones.
    Layers {
        /// The layers, from the top to the bottom.
        layers: Vec<LayerRule>,
        /// The parts of the project that each have those layers; empty for the project as a whole.
        containers: Vec<Member>,
    },
    /// `source` does not import `forbidden`.
    Forbidden {
        /// Who must not import.
        source: Vec<Member>,
        /// What must not be imported.
        forbidden: Vec<Member>,
    },
    /// Nobody but `importers` imports `protected`.
    Protected {
        /// What must not be imported.
        protected: Vec<Member>,
        /// Who may.
        importers: Vec<Member>,
    },
    /// The members do not import each other.
    Independent {
        /// The members.
        members: Vec<Member>,
    },
    /// There is no cycle among the members.
    Acyclic {
        /// A set of members; empty if `within` says what they are.
        members: Vec<Member>,
        /// Modules or folders; the children of each are the members, apart from all others'.
        within: Vec<Member>,
    },
    /// Each module of `source` imports each of `required`.
    Required {
        /// Who must import.
        source: Vec<Member>,
        /// What must be imported.
        required: Vec<Member>,
    },
}

impl ContractKind {
    /// The word for it in the configuration.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Layers { .. } => "layers",
            Self::Forbidden { .. } => "forbidden",
            Self::Protected { .. } => "protected",
            Self::Independent { .. } => "independent",
            Self::Acyclic { .. } => "acyclic",
            Self::Required { .. } => "required",
        }
    }
}

/// One layer: `"engine"`, `"(engine)"`, `"engine | adapter"` or `"engine : adapter"`.
#[derive(Clone, Debug)]
pub struct LayerRule {
    /// As it is written, without parentheses.
    pub text: String,
    /// What it consists of.
    pub members: Vec<LayerMember>,
    /// Whether its members must not import each other.
    pub independent: bool,
    /// Whether nobody may go past it.
    pub closed: bool,
    /// Its place.
    pub span: Span,
}

/// A member of a layer.
#[derive(Clone, Debug)]
pub struct LayerMember {
    /// What it names.
    pub member: Member,
    /// Whether it need not exist.
    pub optional: bool,
}

/// Imports that a contract leaves alone.
#[derive(Clone, Debug)]
pub struct Exception {
    /// Who imports.
    pub from: Member,
    /// What is imported.
    pub to: Member,
    /// Why that is fine.
    pub reason: String,
    /// Its place.
    pub span: Span,
}

const KINDS: [&str; 6] = ["layers", "forbidden", "protected", "independent", "acyclic", "required"];
/// The keys that every contract has.
pub(super) const COMMON: [&str; 4] = ["name", "kind", "level", "except"];

/// The keys of an exception.
pub(super) const EXCEPT_KEYS: [&str; 3] = ["from", "to", "reason"];
/// The kinds, with the name of their section in the schema.
pub(super) const SECTIONS: [(&str, &str); 6] = [
    ("layers", "contract layers"),
    ("forbidden", "contract forbidden"),
    ("protected", "contract protected"),
    ("independent", "contract independent"),
    ("acyclic", "contract acyclic"),
    ("required", "contract required"),
];

/// The keys that only contracts of a kind have.
pub(super) fn keys_of(kind: &str) -> &'static [&'static str] {
    match kind {
        "layers" => &["layers", "closed", "containers", "direct"],
        "forbidden" => &["source", "forbidden", "direct"],
        // Whoever reaches the protected through one who may import it does as is wanted.
        "protected" => &["protected", "importers"],
        "independent" => &["members", "direct"],
        "acyclic" => &["members", "within", "direct"],
        "required" => &["source", "required", "direct"],
        _ => &[],
    }
}

/// Reads the list of all contracts.
pub(super) fn read(reader: &mut Reader<'_>, value: &Value<'_>) -> Vec<ContractRule> {
    const HELP: &str = "write `[[contract]]`, once for each contract";
    let Some(list) = value.get_ref().as_array() else {
        reader.wrong_type("contract", value, "a list of sections", HELP);
        return Vec::new();
    };
    let mut contracts: Vec<ContractRule> = Vec::new();
    let mut names: BTreeMap<String, Span> = BTreeMap::new();
    for element in list {
        let Some(table) = element.get_ref().as_table() else {
            reader.wrong_type("contract", element, "a list of sections", HELP);
            continue;
        };
        let Some(contract) = contract(reader, table, span(&element.span())) else { continue };
        if names.insert(contract.name.clone(), contract.name_span).is_some() {
            let message = format!("a second contract is called `{}`", contract.name);
            reader.error(contract.name_span, message, "give each contract a name of its own: findings are told by it");
        }
        contracts.push(contract);
    }
    contracts
}

/// Reads one contract; `None` where it is so wrong that there is none, which has been said then.
fn contract(reader: &mut Reader<'_>, table: &DeTable<'_>, place: Span) -> Option<ContractRule> {
    let name = name(reader, table, place);
    let kind = kind_name(reader, table, place)?;
    unknown_keys(reader, table, kind);
    let mut keys = Keys { reader, table, place, kind };
    let direct = keys.direct();
    let level = keys.level();
    let except = keys.except();
    let kind = keys.kind()?;
    let (name, name_span) = name?;
    Some(ContractRule { name, name_span, kind, direct, level, except, span: place })
}

fn name(reader: &mut Reader<'_>, table: &DeTable<'_>, place: Span) -> Option<(String, Span)> {
    const HELP: &str = "say in a few words what it is for: `name = \"one way down\"`";
    let Some(value) = table.get("name") else {
        reader.error(place, "a contract without a name", HELP);
        return None;
    };
    let at = span(&value.span());
    let name = reader.text("name", value)?.trim();
    if name.is_empty() {
        reader.error(at, "an empty name", HELP);
        return None;
    }
    Some((name.to_owned(), at))
}

fn kind_name(reader: &mut Reader<'_>, table: &DeTable<'_>, place: Span) -> Option<&'static str> {
    let all = || format!("one of {}", KINDS.map(|kind| format!("`{kind}`")).join(", "));
    let Some(value) = table.get("kind") else {
        reader.error(place, "a contract without a kind", format!("write `kind = \"layers\"`, or another: {}", all()));
        return None;
    };
    let text = reader.text("kind", value)?;
    let known = KINDS.into_iter().find(|kind| *kind == text);
    if known.is_none() {
        let help = suggest::suggestion(text, KINDS).map_or_else(all, |near| format!("did you mean `{near}`?"));
        reader.error(span(&value.span()), format!("`{text}` is no kind of contract"), help);
    }
    known
}

/// A key of another kind of contract is no slip of the pen: it says what the author has in mind.
fn unknown_keys(reader: &mut Reader<'_>, table: &DeTable<'_>, kind: &str) {
    let known = || COMMON.iter().chain(keys_of(kind)).copied();
    for key in table.keys() {
        let name = key.get_ref().as_ref();
        if known().any(|known| known == name) {
            continue;
        }
        if name == "direct" {
            let message = "`direct` does not belong to a contract of kind `protected`";
            let help = "remove it: such a contract is about direct imports, and who may import may be gone through";
            reader.error(span(&key.span()), message, help);
        } else if KINDS.iter().any(|other| keys_of(other).contains(&name)) {
            let message = format!("`{name}` does not belong to a contract of kind `{kind}`");
            let own: Vec<_> = keys_of(kind).iter().map(|key| format!("`{key}`")).collect();
            reader.error(span(&key.span()), message, format!("its keys are {}", own.join(", ")));
        } else {
            reader.error(
                span(&key.span()),
                format!("unknown key `{name}` in `[[contract]]`"),
                suggest::help(name, known().collect::<Vec<_>>()),
            );
        }
    }
}

/// Reads the values of one contract.
struct Keys<'r, 'a, 't, 'i> {
    reader: &'r mut Reader<'a>,
    table: &'t DeTable<'i>,
    place: Span,
    kind: &'static str,
}

impl<'t, 'i> Keys<'_, '_, 't, 'i> {
    fn direct(&mut self) -> bool {
        let Some(value) = self.table.get("direct") else { return false };
        let switch = value.get_ref().as_bool();
        if switch.is_none() {
            self.reader.wrong_type("direct", value, "a switch", "write `true` or `false`");
        }
        switch.unwrap_or_default()
    }

    fn level(&mut self) -> Option<Level> {
        let value = self.table.get("level")?;
        let text = self.reader.text("level", value)?;
        let level = Level::from_name(text);
        if level.is_none() {
            let help = suggest::help(text, ["allow", "warn", "deny"]);
            self.reader.error(span(&value.span()), format!("`{text}` is no level"), help);
        }
        level
    }

    fn kind(&mut self) -> Option<ContractKind> {
        let kind = match self.kind {
            "layers" => return self.layers(),
            "forbidden" => {
                let (source, forbidden) = (self.members("source"), self.members("forbidden"));
                ContractKind::Forbidden { source: source?, forbidden: forbidden? }
            }
            "protected" => {
                let (protected, importers) = (self.members("protected"), self.members("importers"));
                ContractKind::Protected { protected: protected?, importers: importers? }
            }
            "independent" => ContractKind::Independent { members: self.several("members")? },
            "acyclic" => return self.acyclic(),
            _ => {
                let (source, required) = (self.members("source"), self.members("required"));
                ContractKind::Required { source: source?, required: required? }
            }
        };
        Some(kind)
    }

    fn acyclic(&mut self) -> Option<ContractKind> {
        let both = [self.table.get_key_value("members"), self.table.get_key_value("within")];
        match both {
            [Some(_), Some((within, _))] => {
                let help = "keep `members` for a set of your own, or `within` for the children of a module or folder";
                self.reader.error(span(&within.span()), "`members` and `within` at once", help);
                None
            }
            [None, Some(_)] => Some(ContractKind::Acyclic { members: Vec::new(), within: self.members("within")? }),
            [Some(_), None] => Some(ContractKind::Acyclic { members: self.several("members")?, within: Vec::new() }),
            [None, None] => {
                let help =
                    "write `within = [\"crate\"]` for the children of a module, or `members` for a set of your own";
                self.reader.error(self.place, "an empty contract: it has neither `members` nor `within`", help);
                None
            }
        }
    }

    fn layers(&mut self) -> Option<ContractKind> {
        let containers = match self.table.get("containers") {
            Some(_) => self.members("containers")?,
            None => Vec::new(),
        };
        let value = self.required_key("layers")?;
        let texts = self.reader.texts("layers", value);
        if value.get_ref().as_array().is_some_and(|list| list.len() < 2) {
            let help =
                "name two layers at least, from the top to the bottom; for one, `kind = \"independent\"` is meant";
            self.reader.error(span(&value.span()), "a stack of fewer than two layers", help);
            return None;
        }
        let mut layers: Vec<LayerRule> = Vec::new();
        for (text, at) in texts {
            let Some(layer) = self.layer(text, at, !containers.is_empty()) else { continue };
            let named = |other: &&LayerMember| {
                layers.iter().flat_map(|l| &l.members).any(|m| m.member.text == other.member.text)
            };
            if let Some(twice) = layer.members.iter().find(named) {
                let message = format!("`{}` stands in two layers", twice.member.text);
                self.reader.error(at, message, "keep it in one of them");
            }
            layers.push(layer);
        }
        self.closed(&mut layers);
        Some(ContractKind::Layers { layers, containers })
    }

    fn layer(&mut self, text: &str, at: Span, is_relative: bool) -> Option<LayerRule> {
        // A colon without spaces belongs to a path or a prefix.
        let (bars, colons) = (text.contains('|'), text.split_whitespace().any(|word| word == ":"));
        if bars && colons {
            let help = "siblings that must not import each other stand between ` | `, others between ` : `; not both in one layer";
            self.reader.error(at, "a layer with two kinds of siblings", help);
            return None;
        }
        let parts: Vec<&str> = if bars { text.split('|').collect() } else { text.split(" : ").collect() };
        let mut members = Vec::new();
        for part in parts {
            let part = part.trim();
            let inner = part.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
            let read = if is_relative { Member::relative } else { Member::new };
            match read(inner.unwrap_or(part).trim(), at) {
                Ok(member) => members.push(LayerMember { member, optional: inner.is_some() }),
                Err(error) => self.reader.error(at, error.message, error.help),
            }
        }
        let text = members.iter().map(|one| one.member.text.as_str()).collect::<Vec<_>>();
        let text = text.join(if colons { " : " } else { " | " });
        Some(LayerRule { text, members, independent: !colons, closed: false, span: at })
    }

    /// Marks the layers that `closed` names.
    fn closed(&mut self, layers: &mut [LayerRule]) {
        let Some(value) = self.table.get("closed") else { return };
        if value.get_ref().as_array().is_some_and(|list| list.is_empty()) {
            self.reader.error(span(&value.span()), "`closed` names no layer", "name one, or remove the key");
        }
        // A layer that was wrong is missing, and has been told.
        let written =
            self.table.get("layers").and_then(|value| value.get_ref().as_array()).map_or(0, |list| list.len());
        let (last, is_whole) = (layers.len().saturating_sub(1), written == layers.len());
        for (text, at) in self.reader.texts("closed", value) {
            let plain = text.trim_matches(['(', ')']).split_whitespace().collect::<Vec<_>>().join(" ");
            let Some(number) = layers.iter().position(|layer| layer.text == plain) else {
                let help = suggest::help(&plain, layers.iter().map(|layer| layer.text.as_str()).collect::<Vec<_>>());
                self.reader.error(at, format!("`{text}` is none of the `layers`"), help);
                continue;
            };
            if layers[number].closed {
                self.reader.error(at, format!("`{text}` stands twice in `closed`"), "remove one of the two");
            } else if is_whole && (number == 0 || number == last) {
                let (end, beside) = if number == 0 { ("top", "above") } else { ("bottom", "below") };
                let message = format!("`{text}` is the {end} layer, and nobody can go past it");
                self.reader.error(at, message, format!("remove it: nothing lies {beside} it"));
            }
            layers[number].closed = true;
        }
    }

    fn except(&mut self) -> Vec<Exception> {
        const HELP: &str = "write `except = [{ from = \"…\", to = \"…\", reason = \"…\" }]`";
        let Some(value) = self.table.get("except") else { return Vec::new() };
        let Some(list) = value.get_ref().as_array() else {
            self.reader.wrong_type("except", value, "a list of tables", HELP);
            return Vec::new();
        };
        let mut found = Vec::new();
        for element in list {
            match element.get_ref().as_table() {
                Some(table) => found.extend(exception(self.reader, table, span(&element.span()))),
                None => self.reader.wrong_type("except", element, "a list of tables", HELP),
            }
        }
        found
    }

    fn required_key(&mut self, key: &str) -> Option<&'t Value<'i>> {
        let value = self.table.get(key);
        if value.is_none() {
            let message = format!("a contract of kind `{}` without `{key}`", self.kind);
            self.reader.error(self.place, message, format!("write `{key} = [\"…\"]`"));
        }
        value
    }

    /// A list of members that is not empty; `None` if there is none, which has been said then.
    fn members(&mut self, key: &str) -> Option<Vec<Member>> {
        let value = self.required_key(key)?;
        if value.get_ref().as_array().is_some_and(|list| list.is_empty()) {
            let help = "name a role, a module, a folder or a crate";
            self.reader.error(span(&value.span()), format!("an empty contract: `{key}` names nothing"), help);
            return None;
        }
        let mut members: Vec<Member> = Vec::new();
        for (text, at) in self.reader.texts(key, value) {
            match Member::new(text.trim(), at) {
                Err(error) => self.reader.error(at, error.message, error.help),
                Ok(member) if members.iter().any(|other| other.text == member.text) => {
                    self.reader.error(at, format!("`{text}` stands twice in `{key}`"), "remove one of the two");
                }
                Ok(member) => members.push(member),
            }
        }
        Some(members)
    }

    /// Members of which there are several: one with a `*` stands for all that it matches.
    fn several(&mut self, key: &str) -> Option<Vec<Member>> {
        let members = self.members(key)?;
        let alone =
            self.table.get(key).and_then(|value| value.get_ref().as_array()).is_some_and(|list| list.len() == 1);
        if let [only] = members.as_slice()
            && alone
            && !only.is_group()
        {
            let help = "name two members at least, or several at once with a `*`";
            self.reader.error(only.span, format!("a contract of kind `{}` with one member", self.kind), help);
            return None;
        }
        Some(members)
    }
}

fn exception(reader: &mut Reader<'_>, table: &DeTable<'_>, place: Span) -> Option<Exception> {
    for key in table.keys().filter(|key| !EXCEPT_KEYS.contains(&key.get_ref().as_ref())) {
        reader.unknown_key(key, "an entry of `except`", EXCEPT_KEYS);
    }
    let [from, to, reason] = EXCEPT_KEYS.map(|key| {
        let Some(value) = table.get(key) else {
            let help = match key {
                "reason" => "say why this import is fine: `reason = \"…\"`",
                _ => "an exception names who imports and what: `from = \"…\", to = \"…\"`",
            };
            reader.error(place, format!("an exception without `{key}`"), help);
            return None;
        };
        let text = reader.text(key, value)?;
        if text.trim().is_empty() {
            reader.error(span(&value.span()), format!("`{key}` is empty"), "");
            return None;
        }
        Some((text.trim(), span(&value.span())))
    });
    let mut member = |given: Option<(&str, Span)>| {
        let (text, at) = given?;
        Member::new(text, at).map_err(|error| reader.error(at, error.message, error.help)).ok()
    };
    let (from, to) = (member(from), member(to));
    Some(Exception { from: from?, to: to?, reason: reason?.0.to_owned(), span: place })
}
