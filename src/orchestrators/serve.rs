//! `lsp`: speaks with an editor until it leaves. What is said is the session's business; here it is carried out.

use super::check::{Check, Outcome};
use super::load::Request;
use super::present::problem;
use crate::adapters::editor::{Editor, Incoming};
use crate::adapters::events::Events;
use crate::adapters::locate::Locator;
use crate::adapters::terminal::Terminal;
use crate::adapters::unsaved::unsaved;
use crate::adapters::worker::Worker;
use crate::editor::{Client, Effect, Job, Look, Session, faults};
use crate::error::Failure;
use crate::exit::Exit;
use baton_core::link::Memory;
use baton_lints::LINTS;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long an editor has to be quiet before a check begins: between two keys of somebody who types there is less.
const QUIET: Duration = Duration::from_millis(80);

/// What happens to a session.
enum Event {
    /// The editor says something.
    Said(Incoming),
    /// A check is done.
    Looked(Result<(Job, Look), Failure>),
}

/// Sequences the editor, the checks and the session between them.
#[derive(Clone, Copy, Debug)]
pub struct Serve {
    editor: Editor,
}

impl Serve {
    /// An orchestrator that speaks with `editor`.
    pub const fn new(editor: Editor) -> Self {
        Self { editor }
    }

    /// Speaks with the editor until it leaves. The request says how projects are read; which ones, the editor says.
    ///
    /// # Errors
    ///
    /// The editor cannot be understood any more, or the system gives no threads.
    pub fn run(self, request: &Request) -> Result<Exit, Failure> {
        let events = Events::default();
        self.editor.listen(events.sender(), Event::Said)?;
        let worker = start(&events, request)?;
        let mut session = Session::new(LINTS);
        let mut running: Option<Job> = None;
        loop {
            let is_free = running.is_none() && session.is_due();
            let effects = match events.next(is_free.then_some(QUIET)) {
                Some(Event::Said(Incoming::Message(message))) => session.receive(message),
                Some(Event::Said(Incoming::Malformed(why))) => self.editor.refuse(&why).map(|()| Vec::new())?,
                Some(Event::Said(Incoming::Ended(None))) => return Ok(Exit::Left),
                Some(Event::Said(Incoming::Ended(Some(why)))) => return Err(lost(&why)),
                Some(Event::Looked(Ok((job, look)))) => {
                    running = None;
                    session.looked(&job, look)
                }
                Some(Event::Looked(Err(failure))) => match running.take() {
                    Some(job) => session.looked(&job, Look::Failed(failure)),
                    None => Vec::new(),
                },
                None => {
                    running = session.next_job();
                    if let Some(job) = &running {
                        worker.give((job.clone(), session.client()))?;
                    }
                    Vec::new()
                }
            };
            if let Some(exit) = self.carry_out(effects, &mut session)? {
                return Ok(exit);
            }
        }
    }

    /// Does what follows from an event; how the program ends, if it does.
    fn carry_out(self, effects: Vec<Effect>, session: &mut Session) -> Result<Option<Exit>, Failure> {
        for effect in effects {
            match effect {
                Effect::Send(message) => self.editor.send(&message)?,
                Effect::Locate(path, subject) => {
                    for message in session.located(&path, &subject, locate(&path)) {
                        self.editor.send(&message)?;
                    }
                }
                Effect::End { in_order: true } => return Ok(Some(Exit::Clean)),
                Effect::End { in_order: false } => return Ok(Some(Exit::Left)),
            }
        }
        Ok(None)
    }
}

/// The thread that checks, with what it knows of each project from the last time.
fn start(events: &Events<Event>, request: &Request) -> Result<Worker<(Job, Client)>, Failure> {
    let mut memories: BTreeMap<PathBuf, Memory> = BTreeMap::new();
    let request = request.clone();
    Worker::start(events.sender(), Event::Looked, move |(job, client): (Job, Client)| {
        let memory = memories.entry(job.root.clone()).or_default();
        let look = look(&job, client, &request, memory);
        (job, look)
    })
}

fn look(job: &Job, client: Client, request: &Request, memory: &mut Memory) -> Look {
    let terminal = Terminal::unwatched();
    let request = Request { paths: vec![job.root.clone()], ..request.clone() };
    let origin = unsaved(job.buffers.clone());
    match Check::new(&terminal).again(&*origin, &request, memory) {
        Ok(Outcome::Report(report)) => Look::Report(report),
        Ok(Outcome::Faults(all)) => {
            let problems: Vec<_> = all.iter().map(problem).collect();
            Look::Faults(faults(&problems, client))
        }
        Err(failure) => Look::Failed(failure),
    }
}

/// The root of the project around a path, and the path in there. A file need not be on the disk yet.
fn locate(path: &Path) -> Option<(PathBuf, String)> {
    Locator.package_around(path).map(|located| (located.root, located.inside))
}

fn lost(why: &str) -> Failure {
    Failure::new(
        format!("the editor cannot be understood any more: {why}"),
        "`baton lsp` is for editors, which speak the Language Server Protocol with it",
    )
}
