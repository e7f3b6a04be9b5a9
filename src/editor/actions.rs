//! What an editor offers to do about a finding: suppress it with a reason, go along its chain, explain its rule.

use super::client::Client;
use super::diagnostics::Places;
use super::documents::Document;
use super::hover::findings_at;
use super::position::Lines;
use baton_core::policy::{self, Edit};
use baton_core::report::{Judged, Report};
use gen_lsp_types::{
    CodeAction, CodeActionKind, CodeActionParams, CodeActionResponse, Command, DocumentChange,
    OptionalVersionedTextDocumentIdentifier, TextDocumentEdit, TextDocumentIdentifier, TextEdit, Uri, WorkspaceEdit,
};
use serde_json::{Value, json};

/// The command that opens a file at a place.
pub(super) const SHOW: &str = "baton.show";
/// The command that says what a rule is about.
pub(super) const EXPLAIN: &str = "baton.explain";

/// The reason in a suppression that an editor writes: only its author knows the real one.
pub(super) const REASON: &str = "TODO: say why this is right here";

/// One answer to a request for actions.
pub(super) type Action = CodeActionResponse;

/// What can be done about the findings that the asked range touches. `document` holds the text that was judged.
pub(super) fn actions(
    report: &Report,
    document: &Document,
    params: &CodeActionParams,
    client: Client,
    uri: &dyn Fn(&str) -> Uri,
) -> Vec<Action> {
    let only = params.context.only.as_deref();
    if only
        .is_some_and(|kinds| !kinds.iter().any(|kind| matches!(kind, CodeActionKind::QuickFix | CodeActionKind::Empty)))
    {
        return Vec::new();
    }
    let Some((_, path)) = &document.place else { return Vec::new() };
    let mut places = Places::new(report, client.encoding);
    let found = findings_at(report, path, params.range, &mut places);
    let mut actions = Vec::new();
    for judged in &found {
        actions.extend(suppress(judged, document, client));
    }
    for judged in &found {
        actions.extend(hops(judged, &mut places, client, uri));
    }
    let mut rules: Vec<&str> = found.iter().map(|judged| judged.finding.rule).collect();
    rules.sort_unstable();
    rules.dedup();
    let explain = |rule: &str| command(client, format!("Baton: explain `{rule}`"), EXPLAIN, json!(rule));
    actions.extend(rules.into_iter().map(explain));
    actions
}

/// The action that puts a suppression above what was found.
fn suppress(judged: &Judged, document: &Document, client: Client) -> Option<Action> {
    let finding = &judged.finding;
    let edit = policy::allow(&document.text, finding.place.span.start, finding.rule, REASON)?;
    let action = CodeAction {
        title: format!("Baton: allow `{}` here, with a reason", finding.rule),
        kind: Some(CodeActionKind::QuickFix),
        edit: Some(workspace_edit(&edit, document, client)),
        ..CodeAction::default()
    };
    client.actions.then_some(action.into())
}

fn workspace_edit(edit: &Edit, document: &Document, client: Client) -> WorkspaceEdit {
    let range = Lines::new(&document.text, client.encoding).range(edit.span);
    let edit = TextEdit { range, new_text: edit.text.clone() };
    if !client.versioned {
        let changes = [(document.uri.clone(), vec![edit])].into();
        return WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() };
    }
    let text_document = OptionalVersionedTextDocumentIdentifier {
        version: Some(document.version),
        text_document_identifier: TextDocumentIdentifier { uri: document.uri.clone() },
    };
    let change = DocumentChange::TextDocumentEdit(TextDocumentEdit { text_document, edits: vec![edit.into()] });
    WorkspaceEdit { document_changes: Some(vec![change]), ..WorkspaceEdit::default() }
}

/// The actions that open the places along a chain, one for each hop.
fn hops(judged: &Judged, places: &mut Places<'_>, client: Client, uri: &dyn Fn(&str) -> Uri) -> Vec<Action> {
    let chain = judged.finding.chain.iter().filter(|_| client.shows_documents);
    let hops = chain.filter_map(|hop| {
        let location = places.location(hop.place, uri)?;
        let title = format!("Baton: open `{}` -> `{}` ({})", hop.from, hop.to, places.shown(hop.place));
        Some(command(client, title, SHOW, serde_json::to_value(location).ok()?))
    });
    hops.collect()
}

fn command(client: Client, title: String, name: &str, argument: Value) -> Action {
    let command =
        Command { title: title.clone(), command: name.to_owned(), arguments: Some(vec![argument]), tooltip: None };
    if client.actions {
        CodeAction { title, kind: Some(CodeActionKind::QuickFix), command: Some(command), ..CodeAction::default() }
            .into()
    } else {
        command.into()
    }
}
