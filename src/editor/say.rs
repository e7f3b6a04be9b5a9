//! Messages to an editor that depend on little.

use super::actions::{EXPLAIN, SHOW};
use super::position::Encoding;
use crate::render::clean;
use baton_core::lint::Lint;
use gen_lsp_types::{
    ChangeNotifications, CodeActionKind, CodeActionOptions, Diagnostic, DidChangeWatchedFilesRegistrationOptions,
    ExecuteCommandOptions, FileSystemWatcher, GlobPattern, InitializeResult, PublishDiagnosticsParams, Registration,
    RegistrationParams, Save, SaveOptions, ServerCapabilities, ServerInfo, TextDocumentSync, TextDocumentSyncKind,
    TextDocumentSyncOptions, Uri, WorkspaceFoldersServerCapabilities, WorkspaceOptions,
};
use lsp_server::{Message, Notification};
use serde_json::{Value, json};

/// The files whose changes may change what is found.
const WATCHED: [&str; 6] =
    ["**/*.rs", "**/Cargo.toml", "**/baton.toml", "**/baton-baseline.toml", "**/.gitignore", "**/.ignore"];

/// What this program can do, for an editor that counts columns so.
pub(super) fn capabilities(encoding: Encoding) -> Value {
    let sync = TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(TextDocumentSyncKind::Incremental),
        save: Some(Save::SaveOptions(SaveOptions { include_text: Some(false) })),
        ..TextDocumentSyncOptions::default()
    };
    let folders = WorkspaceFoldersServerCapabilities {
        supported: Some(true),
        change_notifications: Some(ChangeNotifications::Bool(true)),
    };
    let capabilities = ServerCapabilities {
        position_encoding: Some(encoding.kind()),
        text_document_sync: Some(TextDocumentSync::Options(sync)),
        hover_provider: Some(true.into()),
        code_action_provider: Some(
            CodeActionOptions {
                code_action_kinds: Some(vec![CodeActionKind::QuickFix]),
                ..CodeActionOptions::default()
            }
            .into(),
        ),
        execute_command_provider: Some(ExecuteCommandOptions {
            commands: vec![SHOW.to_owned(), EXPLAIN.to_owned()],
            ..ExecuteCommandOptions::default()
        }),
        workspace: Some(WorkspaceOptions { workspace_folders: Some(folders), ..WorkspaceOptions::default() }),
        ..ServerCapabilities::default()
    };
    let info = ServerInfo { name: "baton".to_owned(), version: Some(env!("CARGO_PKG_VERSION").to_owned()) };
    json!(InitializeResult { capabilities, server_info: Some(info) })
}

/// What is asked of an editor that tells of changed files.
pub(super) fn watchers() -> RegistrationParams {
    let watcher = |glob: &str| FileSystemWatcher { glob_pattern: GlobPattern::Pattern(glob.to_owned()), kind: None };
    let options = DidChangeWatchedFilesRegistrationOptions { watchers: WATCHED.map(watcher).to_vec() };
    let registration = Registration {
        id: "baton-watches".to_owned(),
        method: "workspace/didChangeWatchedFiles".to_owned(),
        register_options: serde_json::from_value(json!(options)).ok(),
    };
    RegistrationParams { registrations: vec![registration] }
}

/// The diagnostics of a file. Nothing else is known of it any more.
pub(super) fn diagnostics(uri: Uri, version: Option<i32>, diagnostics: Vec<Diagnostic>) -> Message {
    let params = PublishDiagnosticsParams { uri, version, diagnostics };
    Notification::new("textDocument/publishDiagnostics".to_owned(), params).into()
}

/// Something for the log that an editor keeps.
pub(super) fn log(text: &str) -> Message {
    told("window/logMessage", 3, text)
}

/// Something that went wrong, for people to see.
pub(super) fn complaint(text: &str) -> Message {
    told("window/showMessage", 1, text)
}

/// What a rule is about, in a few lines. Its page is what the editor shows over a finding.
pub(super) fn explanation(lint: &Lint) -> Message {
    let page = lint.page();
    let about = page.lines().skip_while(|line| !line.starts_with("## ")).skip(1).skip_while(|line| line.is_empty());
    let about: Vec<_> = about.take_while(|line| !line.is_empty()).collect();
    let text = format!("{}: {}\n`baton explain {}` says more.", lint.name, about.join(" "), lint.name);
    told("window/showMessage", 3, &text)
}

fn told(method: &str, kind: u8, text: &str) -> Message {
    Notification::new(method.to_owned(), json!({"type": kind, "message": clean::lines(text)})).into()
}
