//! What an editor can do, as it says when a session begins.

use super::position::Encoding;
use super::uri::path_of;
use gen_lsp_types::{ClientCapabilities, InitializeParams, MarkupKind, WorkspaceFolders};
use std::path::PathBuf;

/// What is asked of an editor only if it can do it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a capability of its own in the protocol")]
pub struct Client {
    /// How it counts columns.
    pub encoding: Encoding,
    /// Whether it shows places that belong to a diagnostic.
    pub related: bool,
    /// Whether it renders Markdown.
    pub markdown: bool,
    /// Whether it takes actions with edits, and not commands alone.
    pub actions: bool,
    /// Whether it takes edits that say for which version of a document they are.
    pub versioned: bool,
    /// Whether it opens a file at a place when asked to.
    pub shows_documents: bool,
    /// Whether it may be asked to tell of changed files.
    pub watches: bool,
}

impl Client {
    /// What the first message of an editor says.
    pub(super) fn of(params: &InitializeParams) -> Self {
        let ClientCapabilities { workspace, text_document, window, general, .. } = &params.capabilities;
        let (workspace, text) = (workspace.as_ref(), text_document.as_ref());
        let offered = general.as_ref().and_then(|general| general.position_encodings.as_deref());
        let diagnostics = text.and_then(|text| text.publish_diagnostics.as_ref());
        let formats = text.and_then(|text| text.hover.as_ref()?.content_format.as_ref());
        let edits = workspace.and_then(|workspace| workspace.workspace_edit.as_ref());
        let watched = workspace.and_then(|workspace| workspace.did_change_watched_files.as_ref());
        let shows = window.as_ref().and_then(|window| window.show_document.as_ref());
        Self {
            encoding: Encoding::negotiated(offered.unwrap_or_default()),
            related: diagnostics.and_then(|can| can.diagnostics_capabilities.related_information).unwrap_or(false),
            markdown: formats.is_some_and(|formats| formats.contains(&MarkupKind::Markdown)),
            actions: text
                .and_then(|text| text.code_action.as_ref())
                .is_some_and(|can| can.code_action_literal_support.is_some()),
            versioned: edits.and_then(|edits| edits.document_changes).unwrap_or(false),
            shows_documents: shows.is_some_and(|shows| shows.support),
            watches: watched.and_then(|watched| watched.dynamic_registration).unwrap_or(false),
        }
    }
}

/// The folders that are open: those of the workspace, or the one root of older editors; none where only files are.
#[expect(deprecated, reason = "editors that know no workspace folders say it this way")]
pub(super) fn folders_of(params: &InitializeParams) -> Vec<PathBuf> {
    let folders = match &params.workspace_folders_initialize_params.workspace_folders {
        Some(WorkspaceFolders::WorkspaceFolderList(folders)) => folders.iter().map(|folder| &folder.uri).collect(),
        _ => params.root_uri.iter().collect::<Vec<_>>(),
    };
    folders.into_iter().filter_map(path_of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn params(value: Value) -> InitializeParams {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn an_editor_that_says_nothing_can_nothing() {
        let silent = params(json!({"processId": null, "rootUri": null, "capabilities": {}}));
        assert_eq!(Client::of(&silent), Client::default());
        assert_eq!(folders_of(&silent), Vec::<PathBuf>::new());
    }

    #[test]
    fn what_an_editor_says_is_heard() {
        let params = params(json!({
            "processId": 1,
            "rootUri": "file:///old",
            "workspaceFolders": [{"uri": "file:///a", "name": "a"}, {"uri": "file:///b%20c", "name": "b"}],
            "capabilities": {
                "general": {"positionEncodings": ["utf-16", "utf-8"]},
                "textDocument": {
                    "publishDiagnostics": {"relatedInformation": true},
                    "hover": {"contentFormat": ["markdown", "plaintext"]},
                    "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}}}
                },
                "window": {"showDocument": {"support": true}},
                "workspace": {
                    "workspaceEdit": {"documentChanges": true},
                    "didChangeWatchedFiles": {"dynamicRegistration": true}
                }
            }
        }));
        let expected = Client {
            encoding: Encoding::Utf8,
            related: true,
            markdown: true,
            actions: true,
            versioned: true,
            shows_documents: true,
            watches: true,
        };
        assert_eq!(Client::of(&params), expected);
        assert_eq!(folders_of(&params), [PathBuf::from("/a"), "/b c".into()]);
    }

    #[test]
    fn the_one_root_of_older_editors_is_a_folder() {
        let old = params(json!({"processId": null, "rootUri": "file:///old", "capabilities": {}}));
        assert_eq!(folders_of(&old), [PathBuf::from("/old")]);
    }
}
