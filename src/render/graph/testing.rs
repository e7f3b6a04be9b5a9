//! A view to render in tests.

use crate::render::testing::place;
use baton_core::graph::{Arrow, Group, Grouping, View, Violation};

fn group(name: &str, modules: usize, role: Option<&str>) -> Group {
    Group { name: name.to_owned(), outside: modules == 0, neighbour: false, modules, role: role.map(str::to_owned) }
}

/// A core that names a shell it must not know, code without a role that both are neighbours of,
/// and a package from outside.
pub(super) fn view() -> View {
    let around = Group { neighbour: true, ..group("no role", 4, None) };
    let groups =
        vec![group("core", 2, Some("core")), around, group("shell", 3, Some("shell")), group("sqlx", 0, Some("shell"))];
    let arrow = |from, to, places, at| Arrow {
        from,
        to,
        places,
        sample: place(at, 17, 30),
        path: "shared::cache".into(),
        violations: Vec::new(),
    };
    let broken = Violation { place: place(0, 17, 30), rule: "core-imports-shell" };
    let arrows = vec![
        Arrow { violations: vec![broken], ..arrow(0, 2, 3, 0) },
        arrow(1, 0, 1, 1),
        arrow(2, 0, 12, 0),
        arrow(2, 3, 2, 1),
    ];
    View { by: Grouping::Role, groups, arrows }
}
