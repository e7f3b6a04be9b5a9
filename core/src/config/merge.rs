//! One configuration above another: which of two values counts.
//!
//! Lists of sections are joined, those of the extended text first, so that one's own, which come last, win.
//! A contract takes the place of one with its name. Rules are merged key by key. Whole sections, such as
//! `[domains]`, take the place of those below.

use super::reader::Value;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

/// The table `above` over the table `below`.
pub(super) fn merged<'i>(mut below: DeTable<'i>, above: DeTable<'i>) -> DeTable<'i> {
    for (key, value) in above {
        let value = match below.remove_entry(key.get_ref().as_ref()) {
            None => value,
            Some((_, old)) => match key.get_ref().as_ref() {
                "role" | "folder" | "registry" | "override" => listed(old, value, |_, _| false),
                "contract" => listed(old, value, is_same_contract),
                "source" => excluded(old, value),
                "rules" => by_key(old, value, rule),
                _ => value,
            },
        };
        below.insert(key, value);
    }
    below
}

/// Both lists, without those of the first that one of the second replaces.
fn listed<'i>(below: Value<'i>, above: Value<'i>, replaces: fn(&Value<'i>, &Value<'i>) -> bool) -> Value<'i> {
    let span = above.span();
    let (below, above) = match (below.into_inner(), above.into_inner()) {
        (DeValue::Array(below), DeValue::Array(above)) => (below, above),
        (_, above) => return Spanned::new(span, above),
    };
    let mut all = DeArray::new();
    for old in below {
        if !above.iter().any(|new| replaces(new, &old)) {
            all.push(old);
        }
    }
    above.into_iter().for_each(|new| all.push(new));
    Spanned::new(span, DeValue::Array(all))
}

fn is_same_contract(new: &Value<'_>, old: &Value<'_>) -> bool {
    let name = |value: &Value<'_>| {
        let name = value.get_ref().as_table()?.get("name")?.get_ref().as_str()?;
        Some(name.to_owned())
    };
    name(new).is_some_and(|new| name(old) == Some(new))
}

/// `[source]`: what either excludes is excluded.
fn excluded<'i>(below: Value<'i>, above: Value<'i>) -> Value<'i> {
    by_key(below, above, |old, new| listed(old, new, |new, old| new.get_ref().as_str() == old.get_ref().as_str()))
}

/// Two tables, of which `both` says what counts where they have the same key.
fn by_key<'i>(below: Value<'i>, above: Value<'i>, both: fn(Value<'i>, Value<'i>) -> Value<'i>) -> Value<'i> {
    let span = above.span();
    let (mut below, above) = match (below.into_inner(), above.into_inner()) {
        (DeValue::Table(below), DeValue::Table(above)) => (below, above),
        (_, above) => return Spanned::new(span, above),
    };
    for (key, value) in above {
        let value = match below.remove_entry(key.get_ref().as_ref()) {
            None => value,
            Some((_, old)) => both(old, value),
        };
        below.insert(key, value);
    }
    Spanned::new(span, DeValue::Table(below))
}

/// A rule: a level alone leaves the options of the other as they are.
fn rule<'i>(below: Value<'i>, above: Value<'i>) -> Value<'i> {
    if below.get_ref().is_str() && above.get_ref().is_str() {
        return above;
    }
    by_key(table_of(below), table_of(above), |_, above| above)
}

/// A level as the table that says the same.
fn table_of(value: Value<'_>) -> Value<'_> {
    if !value.get_ref().is_str() {
        return value;
    }
    let span = value.span();
    let mut table = DeTable::new();
    table.insert(Spanned::new(span.clone(), "level".into()), value);
    Spanned::new(span, DeValue::Table(table))
}

/// The table with all its places moved on.
pub(super) fn shifted(table: DeTable<'_>, by: u32) -> DeTable<'_> {
    if by == 0 {
        return table;
    }
    let moved = |span: std::ops::Range<usize>| span.start + by as usize..span.end + by as usize;
    let entries = table.into_iter().map(|(key, value)| {
        let span = moved(key.span());
        (Spanned::new(span, key.into_inner()), shifted_value(value, by))
    });
    entries.collect()
}

fn shifted_value(value: Value<'_>, by: u32) -> Value<'_> {
    let span = value.span();
    let span = span.start + by as usize..span.end + by as usize;
    let inner = match value.into_inner() {
        DeValue::Array(list) => DeValue::Array(list.into_iter().map(|value| shifted_value(value, by)).collect()),
        DeValue::Table(table) => DeValue::Table(shifted(table, by)),
        plain => plain,
    };
    Spanned::new(span, inner)
}
