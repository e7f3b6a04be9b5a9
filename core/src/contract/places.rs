//! The places at which one part of the project imports another: what has to change to cut the import.

use crate::facts::types::split_first;
use crate::link::{Edge, Project};
use crate::source::Place;

/// The places of edges, in order and each once.
///
/// What an import brings in is told at the import, and not at each use of its name: `B::new()` goes
/// away with `use crate::beta::B`. That holds where both are among `edges`.
pub(super) fn of<'e>(project: &'e Project, edges: impl Iterator<Item = &'e Edge>) -> Vec<Place> {
    let (paths, imports): (Vec<&Edge>, Vec<&Edge>) = edges.partition(|edge| edge.is_path());
    let mut imported: Vec<Place> = imports.iter().map(|edge| edge.place).collect();
    imported.sort_unstable();
    let others = paths.iter().filter(|edge| imported.is_empty() || !is_imported(project, edge, &imported));
    let others: Vec<Place> = others.map(|edge| edge.place).collect();
    let mut places = imported;
    places.extend(others);
    places.sort_unstable();
    places.dedup();
    places
}

/// Whether a path begins with a name that an import at one of those places, which are sorted, brings in for it.
fn is_imported<'e>(project: &'e Project, edge: &'e Edge, imported: &[Place]) -> bool {
    let (first, _) = split_first(&edge.path);
    project.names().imports_of(edge.from, first).any(|import| {
        let holds = import.block.is_none_or(|block| block.contains(edge.place.span));
        holds && imported.binary_search(&project.place(edge.from, import.span)).is_ok()
    })
}
