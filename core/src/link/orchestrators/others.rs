//! What looks like an orchestrator and is none: adapters, builders, parts of a framework, and data.

use super::super::Project;
use super::super::marks::parts;
use super::super::names::{ItemRef, Target};
use super::nature::Natures;
use super::{Operation, Orchestrator, known};
use crate::facts::types::last_segment;
use crate::facts::{Attribute, Function, Item, Receiver};

/// Whether a type in a module without a role has ports and operations for another reason than to coordinate.
pub(super) fn is_other(natures: &Natures<'_>, at: ItemRef, item: &Item, orchestrator: &Orchestrator) -> bool {
    is_stored(item)
        || is_adapter(natures, at, item, orchestrator)
        || answers_requests(natures.project, at)
        || is_builder(natures.project, at, item)
}

/// Whether a type stands between the project and something outside. Its name alone says nothing, a client may
/// be a customer: it also implements a port, or works with what is outside.
fn is_adapter(natures: &Natures<'_>, at: ItemRef, item: &Item, orchestrator: &Orchestrator) -> bool {
    known::is_adapter_name(&item.name)
        && (natures.ports_of(at).any(|port| natures.is_port(port))
            || orchestrator.collaborators.iter().any(|one| one.outside)
            || natures.touches_world(at))
}

/// Whether a type is a part of a framework's way from a request to its answer: a middleware, an extractor.
fn answers_requests(project: &Project, at: ItemRef) -> bool {
    const FRAMEWORKS: &[&str] = &[
        "actix-service",
        "actix-web",
        "axum",
        "axum-core",
        "lambda_http",
        "rocket",
        "tower",
        "tower-layer",
        "tower-service",
    ];
    const ON_THE_WAY: &[&str] =
        &["Fairing", "FromRequest", "FromRequestParts", "Guard", "Layer", "Service", "Transform"];
    project.impls(at).any(|(block, inner)| {
        let named = inner.of_trait.as_ref();
        named.is_some_and(|path| match project.names().type_item(block.module, &path.path) {
            Target::Outside(package, path) => {
                FRAMEWORKS.contains(&package.as_str()) && ON_THE_WAY.contains(&last_segment(&path))
            }
            _ => false,
        })
    })
}

/// Whether a type only collects what another one is made of: it is used up by `build`.
fn is_builder(project: &Project, at: ItemRef, item: &Item) -> bool {
    let builds = |function: &Function| {
        function.name == "build" && function.receiver == Some(Receiver::Value) && function.parameters.is_empty()
    };
    item.name.ends_with("Builder") && project.impls(at).any(|(_, inner)| inner.functions.iter().any(builds))
}

/// Whether a type is read from somewhere or written down as a whole: that is data, whatever was put
/// into it since.
fn is_stored(item: &Item) -> bool {
    derives(&item.attributes, &["Serialize", "Deserialize"])
}

/// Whether a type in a folder of orchestrators is read and written as a whole and waits for nothing: settings
/// with a trait object among them, a result with the settings that led to it. A command that carries itself
/// out waits.
pub(super) fn is_data(project: &Project, item: &Item, orchestrator: &Orchestrator) -> bool {
    let both = derives(&item.attributes, &["Serialize"]) && derives(&item.attributes, &["Deserialize"]);
    let waits = |operation: &Operation| project.function(operation.function).is_some_and(|function| function.is_async);
    both && !orchestrator.operations.iter().any(waits)
}

/// Whether one of those traits is derived, also where it depends on a feature, as in
/// `cfg_attr(feature = "serde", derive(…))`.
pub(super) fn derives(attributes: &[Attribute], names: &[&str]) -> bool {
    let has = |list: &str| list.split(',').any(|derive| names.contains(&last_segment(derive).trim()));
    let list =
        |part: &str| Some(has(part.strip_prefix("derive")?.trim_start().strip_prefix('(')?.strip_suffix(')')?));
    attributes.iter().any(|attribute| match attribute.path.as_str() {
        "derive" => has(&attribute.arguments),
        "cfg_attr" => parts(&attribute.arguments).skip(1).any(|part| list(part) == Some(true)),
        _ => false,
    })
}
