//! The graph for programs. The field names and their order are a promise, as in the report.

use super::shown;
use crate::error::Failure;
use crate::render::json::{SCHEMA, Tool, document};
use baton_core::graph::{Arrow, Group, View};
use baton_core::report::Report;
use serde::Serialize;

/// The whole view.
pub(super) fn json(view: &View, report: &Report) -> Result<String, Failure> {
    document(&Document {
        schema: SCHEMA,
        tool: Tool::THIS,
        by: view.by.name(),
        nodes: view.groups.iter().map(NodeObject::of).collect(),
        edges: view.arrows.iter().map(|arrow| EdgeObject::of(view, report, arrow)).collect(),
    })
}

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    tool: Tool,
    by: &'static str,
    nodes: Vec<NodeObject<'a>>,
    edges: Vec<EdgeObject<'a>>,
}

#[derive(Serialize)]
struct NodeObject<'a> {
    id: String,
    name: &'a str,
    outside: bool,
    neighbour: bool,
    modules: usize,
    role: Option<&'a str>,
}

#[derive(Serialize)]
struct EdgeObject<'a> {
    from: String,
    to: String,
    places: usize,
    file: &'a str,
    line: u32,
    path: &'a str,
    violation: bool,
    violations: Vec<ViolationObject<'a>>,
}

#[derive(Serialize)]
struct ViolationObject<'a> {
    rule: &'static str,
    file: &'a str,
    line: u32,
}

impl<'a> NodeObject<'a> {
    fn of(group: &'a Group) -> Self {
        Self {
            id: group.id(),
            name: &group.name,
            outside: group.outside,
            neighbour: group.neighbour,
            modules: group.modules,
            role: group.role.as_deref(),
        }
    }
}

impl<'a> EdgeObject<'a> {
    fn of(view: &'a View, report: &'a Report, arrow: &'a Arrow) -> Self {
        let (file, line) = shown(report, arrow.sample);
        let violations = arrow.violations.iter().map(|violation| {
            let (file, line) = shown(report, violation.place);
            ViolationObject { rule: violation.rule, file, line }
        });
        Self {
            from: view.groups[arrow.from].id(),
            to: view.groups[arrow.to].id(),
            places: arrow.places,
            file,
            line,
            path: &arrow.path,
            violation: !arrow.violations.is_empty(),
            violations: violations.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::graph::testing;
    use crate::render::testing::report;
    use expect_test::expect;

    #[test]
    fn everything_has_its_field() {
        let mut view = testing::view();
        view.arrows.truncate(1);
        let text = json(&view, &report()).unwrap();
        expect![[r#"
            {
              "schema": 1,
              "tool": {
                "name": "baton",
                "version": "0.1.0"
              },
              "by": "role",
              "nodes": [
                {
                  "id": "core",
                  "name": "core",
                  "outside": false,
                  "neighbour": false,
                  "modules": 2,
                  "role": "core"
                },
                {
                  "id": "no role",
                  "name": "no role",
                  "outside": false,
                  "neighbour": true,
                  "modules": 4,
                  "role": null
                },
                {
                  "id": "shell",
                  "name": "shell",
                  "outside": false,
                  "neighbour": false,
                  "modules": 3,
                  "role": "shell"
                },
                {
                  "id": "outside:sqlx",
                  "name": "sqlx",
                  "outside": true,
                  "neighbour": false,
                  "modules": 0,
                  "role": "shell"
                }
              ],
              "edges": [
                {
                  "from": "core",
                  "to": "shell",
                  "places": 3,
                  "file": "src/domain/a.rs",
                  "line": 2,
                  "path": "shared::cache",
                  "violation": true,
                  "violations": [
                    {
                      "rule": "core-imports-shell",
                      "file": "src/domain/a.rs",
                      "line": 2
                    }
                  ]
                }
              ]
            }
        "#]]
        .assert_eq(&text);
    }
}
