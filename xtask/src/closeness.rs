//! How close the configuration that `baton init` proposes comes to one that somebody wrote by hand.
//!
//! A corpus has `configs/OWNER+NAME.toml`, checkouts lie side by side as `OWNER+NAME`. Both
//! configurations are linked with the same sources, and what they say of each file and of each
//! orchestrator is compared. Pure, apart from [`run`]. What comes out is the measured part of the book's
//! page on `init`. No proposal reads a configuration of the corpus.

use crate::project::parsed;
use crate::{Refusal, disk};
use baton_core::config::{self, ConfigError};
use baton_core::link::{self, Project, RoleKind, SourceFile};
use baton_core::manifest::Workspace;
use baton_lints::LINTS;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

/// The page that holds the figures.
const PAGE: &str = "docs/book/src/init.md";
const BEGIN: &str = "<!-- measured: `cargo xtask init-closeness CORPUS CHECKOUTS` writes this part -->\n";
const END: &str = "<!-- end of what was measured -->\n";

/// Parsing needs a stack as deep as the deepest code of a corpus.
const STACK: usize = 64 * 1024 * 1024;

/// Of what one configuration says, how much the other says too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Overlap {
    /// What the configuration by hand says.
    hand: usize,
    /// What the proposal says.
    proposed: usize,
    /// What of the first the second says as well.
    kept: usize,
    /// What of the second the first says as well.
    right: usize,
}

/// What one repository shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Closeness {
    /// Files with a role.
    files: Overlap,
    /// Files to which both give a role, and not the same.
    other: usize,
    /// Orchestrators in files of that role.
    orchestrators: Overlap,
    /// What differs, a line for each.
    differences: Vec<String>,
}

/// What a configuration makes of a project: roles by file, the orchestrators of the role, and all of them.
struct Made {
    roles: BTreeMap<String, RoleKind>,
    chosen: BTreeSet<String>,
    all: BTreeSet<String>,
}

/// Measures the proposals for the checkouts below `checkouts`, writes the figures to the page, and says
/// what differs.
///
/// # Errors
///
/// The corpus cannot be read, a proposal is not valid, or the page cannot be written.
pub fn run(root: &Path, corpus: &Path, checkouts: &Path) -> Result<String, Refusal> {
    let mut rows = BTreeMap::new();
    for path in disk::list(corpus, "configs")? {
        let Some(name) = path.strip_prefix("configs/").and_then(|name| name.strip_suffix(".toml")) else { continue };
        let checkout = checkouts.join(name);
        if disk::is_folder(&checkout) {
            let hand = disk::read(corpus, &path)?;
            let proposed = disk::proposal(root, &checkout)?;
            let sources = disk::sources(&checkout)?;
            let compared = disk::on_stack(STACK, move || closeness(sources, &hand, &proposed))?;
            rows.insert(name.replace('+', "/"), compared.map_err(|refusal| Refusal(format!("{name}: {refusal}")))?);
        }
    }
    let page = replaced(&disk::read(root, PAGE)?, &table(&rows))?;
    disk::update(root, &BTreeMap::from([(PAGE.to_owned(), page)]), &[])?;
    let differences = rows
        .iter()
        .flat_map(|(name, row)| row.differences.iter().map(move |difference| format!("{name} {difference}\n")));
    Ok(table(&rows) + "\n" + &differences.collect::<String>())
}

fn closeness(sources: BTreeMap<String, String>, hand: &str, proposed: &str) -> Result<Closeness, Refusal> {
    let (workspace, files) = parsed(sources)?;
    let hand = made(&files, &workspace, hand)?;
    let proposed = made(&files, &workspace, proposed)?;
    Ok(compared(&hand, &proposed))
}

fn made(files: &[SourceFile], workspace: &Workspace, config: &str) -> Result<Made, Refusal> {
    let refused = |errors: Vec<ConfigError>| {
        Refusal(errors.first().map(|error| format!("{}; {}", error.message, error.help)).unwrap_or_default())
    };
    let config = config::parse("baton.toml", config, LINTS).map_err(refused)?;
    let project = link::link(files.to_vec(), workspace, &config).map_err(refused)?;
    let judged = project.files.iter().filter(|file| file.linked && !file.test);
    let roles = judged.filter_map(|file| Some((file.path.clone(), file.role?.kind))).collect();
    let all = project.orchestrators.iter().map(|one| name(&project, one)).collect();
    let is_chosen = |one: &&link::Orchestrator| {
        project.file(one.place.file).role.is_some_and(|role| role.kind == RoleKind::Orchestrator)
    };
    let chosen = project.orchestrators.iter().filter(is_chosen).map(|one| name(&project, one)).collect();
    Ok(Made { roles, chosen, all })
}

fn name(project: &Project, one: &link::Orchestrator) -> String {
    format!("{} {}", project.file(one.place.file).path, one.path.rsplit("::").next().unwrap_or_default())
}

fn compared(hand: &Made, proposed: &Made) -> Closeness {
    let same = hand.roles.iter().filter(|(path, kind)| proposed.roles.get(*path) == Some(kind)).count();
    let both = hand.roles.keys().filter(|path| proposed.roles.contains_key(*path)).count();
    let files = Overlap { hand: hand.roles.len(), proposed: proposed.roles.len(), kept: same, right: same };
    let orchestrators = Overlap {
        hand: hand.chosen.len(),
        proposed: proposed.chosen.len(),
        kept: hand.chosen.intersection(&proposed.all).count(),
        right: proposed.chosen.intersection(&hand.all).count(),
    };
    let shown = |kind: Option<&RoleKind>| kind.map_or("nothing", |kind| kind.name());
    let paths: BTreeSet<&String> = hand.roles.keys().chain(proposed.roles.keys()).collect();
    let mut folders: BTreeMap<String, usize> = BTreeMap::new();
    for path in paths {
        let (by_hand, by_us) = (hand.roles.get(path), proposed.roles.get(path));
        if by_hand != by_us {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let line = format!("{folder}: by hand {}, proposed {}", shown(by_hand), shown(by_us));
            *folders.entry(line).or_default() += 1;
        }
    }
    let mut differences: Vec<String> = folders.into_iter().map(|(line, files)| format!("{line} ({files})")).collect();
    differences.extend(hand.chosen.difference(&proposed.all).map(|one| format!("{one}: by hand alone")));
    differences.extend(proposed.chosen.difference(&hand.all).map(|one| format!("{one}: proposed alone")));
    Closeness { files, other: both - same, orchestrators, differences }
}

fn table(rows: &BTreeMap<String, Closeness>) -> String {
    let mut out = String::from(
        "| repository | files by hand | the same | another role | files proposed | recall | precision | orchestrators by hand | \
         found | proposed | confirmed |\n|---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    let mut sum = Closeness::default();
    for (name, row) in rows {
        line(&mut out, name, row);
        sum.other += row.other;
        for (total, part) in [(&mut sum.files, row.files), (&mut sum.orchestrators, row.orchestrators)] {
            total.hand += part.hand;
            total.proposed += part.proposed;
            total.kept += part.kept;
            total.right += part.right;
        }
    }
    line(&mut out, "together", &sum);
    out
}

fn line(out: &mut String, name: &str, row: &Closeness) {
    let Closeness { files, other, orchestrators, .. } = row;
    let (recall, precision) = (share(files.kept, files.hand), share(files.right, files.proposed));
    let _ = writeln!(
        out,
        "| {name} | {} | {} | {other} | {} | {recall} | {precision} | {} | {} | {} | {} |",
        files.hand,
        files.kept,
        files.proposed,
        orchestrators.hand,
        orchestrators.kept,
        orchestrators.proposed,
        orchestrators.right,
    );
}

fn share(some: usize, all: usize) -> String {
    if all == 0 { "–".to_owned() } else { format!("{:.2}", f64::from(some as u32) / f64::from(all as u32)) }
}

/// The page with other figures.
fn replaced(page: &str, figures: &str) -> Result<String, Refusal> {
    let parts = page.split_once(BEGIN).and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let (before, after) = parts.ok_or_else(|| Refusal(format!("`{PAGE}` has lost the marks of its measured part")))?;
    Ok(format!("{before}{BEGIN}\n{figures}\n{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCES: [(&str, &str); 4] = [
        ("Cargo.toml", "[package]\nname = \"app\"\nedition = \"2024\"\n"),
        ("src/lib.rs", "pub mod domain;\npub mod io;\npub mod run;\n"),
        ("src/domain.rs", "pub struct Price;\npub trait Rates { fn rate(&self) -> u8; }\n"),
        (
            "src/run.rs",
            "use crate::domain::Rates;\npub struct Run<R: Rates> { rates: R }\n\
             impl<R: Rates> Run<R> { pub fn new(rates: R) -> Self { Self { rates } } pub fn go(&self) { self.rates.rate(); } }\n",
        ),
    ];

    #[test]
    fn the_same_role_counts_and_what_differs_is_told() {
        let mut sources: BTreeMap<String, String> =
            SOURCES.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        sources.insert("src/io.rs".to_owned(), "pub fn read() {}\n".to_owned());
        let role = |name: &str, path: &str| format!("[[role]]\nname = \"{name}\"\npaths = [\"{path}\"]\n");
        let hand = ["version = 1\n", &role("core", "src/domain.rs"), &role("orchestrator", "src/run.rs")].concat();
        let proposed = ["version = 1\n", &role("core", "src/domain.rs"), &role("shell", "src/{io,run}.rs")].concat();
        let found = closeness(sources, &hand, &proposed).unwrap();
        assert_eq!(found.files, Overlap { hand: 2, proposed: 3, kept: 1, right: 1 });
        assert_eq!(found.other, 1);
        assert_eq!(found.orchestrators, Overlap { hand: 1, proposed: 0, kept: 0, right: 0 });
        let expected = [
            "src: by hand nothing, proposed shell (1)",
            "src: by hand orchestrator, proposed shell (1)",
            "src/run.rs Run: by hand alone",
        ];
        assert_eq!(found.differences, expected);
    }

    #[test]
    fn shares_are_of_what_there_is() {
        assert_eq!((share(1, 2).as_str(), share(0, 0).as_str()), ("0.50", "–"));
    }
}
