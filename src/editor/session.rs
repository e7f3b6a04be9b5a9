//! A session with an editor, as a function of what it says: messages and results of checks come in, messages go out.
//!
//! What is absent: streams, files, clocks and threads. Whoever runs a session carries out its [`Effect`]s, gives it the
//! [`Job`]s' results, and decides when to ask for the next job.

use super::actions::{EXPLAIN, SHOW, actions};
use super::client::{Client, folders_of};
use super::diagnostics::{self, ByFile};
use super::documents::{Document, Documents};
use super::hover::hover;
use super::projects::{Look, Projects};
use super::say;
use super::uri::path_of;
use baton_core::lint::Lint;
use gen_lsp_types::{
    CodeActionParams, DidChangeTextDocumentParams, DidChangeWatchedFilesParams, DidChangeWorkspaceFoldersParams,
    DidCloseTextDocumentParams, DidOpenTextDocumentParams, DidSaveTextDocumentParams, ExecuteCommandParams,
    HoverParams, InitializeParams, Location, Uri,
};
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What is to be done outside of a session.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Send this to the editor.
    Send(Message),
    /// Find the project of a folder or document, and tell [`Session::located`].
    Locate(PathBuf, Subject),
    /// End the program. As the protocol has it, it is in order only after a request to shut down.
    End {
        /// Whether it is in order.
        in_order: bool,
    },
}

/// What a project is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A folder that is open.
    Folder,
    /// The document with that address.
    Document(Uri),
}

/// A check that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// The project.
    pub root: PathBuf,
    /// The texts that go before those on the disk, by absolute paths.
    pub buffers: BTreeMap<PathBuf, String>,
    /// The versions of these texts, by their addresses.
    pub versions: BTreeMap<String, i32>,
}

/// How far a session is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Waiting,
    Running,
    ShutDown,
}

/// A session with an editor.
pub struct Session {
    lints: &'static [&'static Lint],
    phase: Phase,
    client: Client,
    folders: Vec<PathBuf>,
    documents: Documents,
    projects: Projects,
    requests: i32,
}

impl Session {
    /// A session that has not begun, which knows the pages of these lints.
    pub fn new(lints: &'static [&'static Lint]) -> Self {
        Self {
            lints,
            phase: Phase::Waiting,
            client: Client::default(),
            folders: Vec::new(),
            documents: Documents::default(),
            projects: Projects::default(),
            requests: 0,
        }
    }

    /// What the editor can do.
    pub const fn client(&self) -> Client {
        self.client
    }

    /// Whether some project has to be checked.
    pub fn is_due(&self) -> bool {
        self.projects.is_due()
    }

    /// The next check that is due. It counts as done.
    pub fn next_job(&mut self) -> Option<Job> {
        let root = self.projects.next_due()?;
        let mut job = Job { root, buffers: BTreeMap::new(), versions: BTreeMap::new() };
        for (_, document) in self.documents.of_project(&job.root) {
            job.buffers.insert(document.path.clone(), document.text.clone());
            job.versions.insert(document.uri.0.clone(), document.version);
        }
        Some(job)
    }

    /// What follows from a message.
    pub fn receive(&mut self, message: Message) -> Vec<Effect> {
        match message {
            Message::Request(request) => self.answer(request),
            Message::Notification(notification) => self.note(notification),
            Message::Response(response) => refused(response),
        }
    }

    /// Takes note of the project that a folder or document belongs to; `None` where there is none.
    pub fn located(&mut self, path: &Path, subject: &Subject, project: Option<(PathBuf, String)>) -> Vec<Message> {
        let Some((root, inside)) = project else {
            let message = format!("`{}` is in no Rust project: nothing is checked there", path.display());
            return vec![say::log(&message)];
        };
        match subject {
            Subject::Folder => self.projects.open_folder(path, &root, &inside),
            Subject::Document(uri) => self.documents.settle(uri, &root, &inside),
        }
        self.projects.touch(&root);
        Vec::new()
    }

    /// What follows from a check: diagnostics of all files of the project that have some or had some before.
    pub fn looked(&mut self, job: &Job, look: Look) -> Vec<Effect> {
        let documents = &self.documents;
        let messages = self.projects.looked(&job.root, &job.versions, look, self.client, documents);
        messages.into_iter().map(Effect::Send).collect()
    }

    fn answer(&mut self, request: Request) -> Vec<Effect> {
        let Request { id, method, params } = request;
        let refuse = |code: ErrorCode, why: &str| {
            vec![Effect::Send(Response::new_err(id.clone(), code as i32, why.to_owned()).into())]
        };
        match (self.phase, method.as_str()) {
            (Phase::Waiting, "initialize") => self.initialize(id, params),
            (Phase::Waiting, _) => refuse(ErrorCode::ServerNotInitialized, "the session has not begun"),
            (Phase::ShutDown, _) => refuse(ErrorCode::InvalidRequest, "the session was shut down"),
            (Phase::Running, "initialize") => refuse(ErrorCode::InvalidRequest, "the session has begun before"),
            (Phase::Running, "shutdown") => {
                self.phase = Phase::ShutDown;
                reply(id, Value::Null)
            }
            (Phase::Running, "textDocument/hover") => with(id, params, |params: HoverParams| self.hover(&params)),
            (Phase::Running, "textDocument/codeAction") => {
                with(id, params, |params: CodeActionParams| self.actions(&params))
            }
            (Phase::Running, "workspace/executeCommand") => match serde_json::from_value(params) {
                Ok(params) => self.execute(id, &params),
                Err(error) => refuse(ErrorCode::InvalidParams, &error.to_string()),
            },
            (Phase::Running, _) => refuse(ErrorCode::MethodNotFound, &format!("`{method}` is not known here")),
        }
    }

    fn initialize(&mut self, id: RequestId, params: Value) -> Vec<Effect> {
        let params: InitializeParams = match serde_json::from_value(params) {
            Ok(params) => params,
            Err(error) => {
                let why = error.to_string();
                return vec![Effect::Send(Response::new_err(id, ErrorCode::InvalidParams as i32, why).into())];
            }
        };
        self.phase = Phase::Running;
        self.client = Client::of(&params);
        self.folders = folders_of(&params);
        reply(id, say::capabilities(self.client.encoding))
    }

    fn note(&mut self, notification: Notification) -> Vec<Effect> {
        let Notification { method, params } = notification;
        if method == "exit" {
            return vec![Effect::End { in_order: self.phase == Phase::ShutDown }];
        }
        if self.phase != Phase::Running {
            return Vec::new();
        }
        let noted = match method.as_str() {
            "initialized" => Ok(self.begin()),
            "textDocument/didOpen" => read(params).map(|params| self.open(params)),
            "textDocument/didChange" => read(params).map(|params| self.change(params)),
            "textDocument/didClose" => read(params).map(|params: DidCloseTextDocumentParams| {
                let closed = self.documents.close(&params.text_document.uri);
                self.touch_project_of(closed.as_ref())
            }),
            "textDocument/didSave" => {
                read(params).map(|params: DidSaveTextDocumentParams| self.touch_all_around(&params.text_document.uri))
            }
            "workspace/didChangeWatchedFiles" => read(params).map(|params: DidChangeWatchedFilesParams| {
                params.changes.iter().flat_map(|change| self.touch_all_around(&change.uri)).collect()
            }),
            "workspace/didChangeWorkspaceFolders" => read(params).map(|params| self.change_folders(params)),
            // What is not known, such as a request to cancel what was answered long ago, may be left alone.
            _ => Ok(Vec::new()),
        };
        noted.unwrap_or_else(|why| vec![Effect::Send(say::complaint(&format!("`{method}` was not understood: {why}")))])
    }

    /// The editor is ready: asks it to tell of changed files, and looks for the projects of its folders.
    fn begin(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        if self.client.watches {
            effects.push(Effect::Send(
                Request::new(self.next_id(), "client/registerCapability".to_owned(), say::watchers()).into(),
            ));
        }
        effects.extend(self.folders.iter().map(|folder| Effect::Locate(folder.clone(), Subject::Folder)));
        effects
    }

    fn open(&mut self, params: DidOpenTextDocumentParams) -> Vec<Effect> {
        let opened = self.documents.open(params.text_document);
        let locate =
            opened.map(|document| Effect::Locate(document.path.clone(), Subject::Document(document.uri.clone())));
        locate.into_iter().collect()
    }

    fn change(&mut self, params: DidChangeTextDocumentParams) -> Vec<Effect> {
        let DidChangeTextDocumentParams { text_document, content_changes } = params;
        let uri = text_document.text_document_identifier.uri;
        if !self.documents.change(&uri, text_document.version, content_changes, self.client.encoding) {
            return Vec::new();
        }
        self.touch_project_of(self.documents.get(&uri).cloned().as_ref())
    }

    fn touch_project_of(&mut self, document: Option<&Document>) -> Vec<Effect> {
        if let Some((root, _)) = document.and_then(|document| document.place.as_ref()) {
            self.projects.touch(root);
        }
        Vec::new()
    }

    /// A file was changed on the disk. A configuration may begin or end a project, so that each document is asked for
    /// its place again.
    fn touch_all_around(&mut self, uri: &Uri) -> Vec<Effect> {
        let Some(path) = path_of(uri) else { return Vec::new() };
        self.projects.touch_around(&path);
        let is_mark = path.file_name().is_some_and(|name| name == "baton.toml" || name == "Cargo.toml");
        if !is_mark {
            return Vec::new();
        }
        let documents = self.documents.all();
        let documents = documents.map(|one| Effect::Locate(one.path.clone(), Subject::Document(one.uri.clone())));
        self.folders.iter().map(|folder| Effect::Locate(folder.clone(), Subject::Folder)).chain(documents).collect()
    }

    fn change_folders(&mut self, params: DidChangeWorkspaceFoldersParams) -> Vec<Effect> {
        let event = params.event;
        let mut effects = Vec::new();
        for gone in event.removed.iter().filter_map(|folder| path_of(&folder.uri)) {
            self.folders.retain(|folder| *folder != gone);
            let messages = self.projects.close_folder(&gone, &self.documents);
            effects.extend(messages.into_iter().map(Effect::Send));
        }
        for new in event.added.iter().filter_map(|folder| path_of(&folder.uri)) {
            self.folders.push(new.clone());
            effects.push(Effect::Locate(new, Subject::Folder));
        }
        effects
    }

    fn hover(&self, params: &HoverParams) -> Value {
        let at = &params.text_document_position_params;
        let shown = self.documents.get(&at.text_document.uri).and_then(|document| {
            let (root, path) = document.place.as_ref()?;
            hover(self.projects.report(root)?, path, at.position, self.client, self.lints)
        });
        json!(shown)
    }

    /// The actions for a text that was judged. For one that has changed since there are none: places would be wrong,
    /// and the next check is under way.
    fn actions(&self, params: &CodeActionParams) -> Value {
        let found = self.documents.get(&params.text_document.uri).and_then(|document| {
            let (root, path) = document.place.as_ref()?;
            let report = self.projects.report(root)?;
            let is_judged = report.files.iter().any(|file| file.path == *path && file.text == document.text);
            let uri = |path: &str| self.projects.uri(root, path, &self.documents);
            is_judged.then(|| actions(report, document, params, self.client, &uri))
        });
        json!(found.unwrap_or_default())
    }

    fn execute(&mut self, id: RequestId, params: &ExecuteCommandParams) -> Vec<Effect> {
        let argument = params.arguments.as_ref().and_then(|arguments| arguments.first());
        let argument = argument.and_then(|argument| serde_json::to_value(argument).ok()).unwrap_or_default();
        let told = match params.command.as_str() {
            SHOW => serde_json::from_value::<Location>(argument).ok().map(|Location { uri, range }| {
                let shown = json!({"uri": uri, "takeFocus": true, "selection": range});
                Request::new(self.next_id(), "window/showDocument".to_owned(), shown).into()
            }),
            EXPLAIN => self.lints.iter().find(|lint| argument == lint.name).map(|lint| say::explanation(lint)),
            _ => None,
        };
        let Some(message) = told else {
            let why = format!("there is no command `{}` with such arguments", params.command);
            return vec![Effect::Send(Response::new_err(id, ErrorCode::InvalidParams as i32, why).into())];
        };
        let mut effects = reply(id, Value::Null);
        effects.push(Effect::Send(message));
        effects
    }

    fn next_id(&mut self) -> RequestId {
        self.requests += 1;
        format!("baton-{}", self.requests).into()
    }
}

/// The diagnostics of what is wrong with the texts that say how to read a project, for that editor.
pub fn faults(problems: &[crate::render::Problem<'_>], client: Client) -> ByFile {
    diagnostics::of_problems(problems, client.encoding)
}

fn reply(id: RequestId, result: Value) -> Vec<Effect> {
    vec![Effect::Send(Response::new_ok(id, result).into())]
}

/// Answers a request whose parameters have to be of a kind.
fn with<P: DeserializeOwned>(id: RequestId, params: Value, answer: impl FnOnce(P) -> Value) -> Vec<Effect> {
    match read(params) {
        Ok(params) => reply(id, answer(params)),
        Err(why) => vec![Effect::Send(Response::new_err(id, ErrorCode::InvalidParams as i32, why).into())],
    }
}

fn read<P: DeserializeOwned>(params: Value) -> Result<P, String> {
    serde_json::from_value(params).map_err(|error| error.to_string())
}

/// The editor would not do what it was asked to: somebody may wonder why.
fn refused(response: Response) -> Vec<Effect> {
    match response.response_result {
        Ok(_) => Vec::new(),
        Err(error) => vec![Effect::Send(say::log(&format!("the editor refused {}: {}", response.id, error.message)))],
    }
}
