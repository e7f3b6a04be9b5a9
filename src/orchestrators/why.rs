//! `why`: loads and links the project as a check does, and looks for the shortest chain of imports.

use super::link;
use super::load::{LoadError, Loaded, Request, load};
use super::present::ended;
use crate::adapters::pool;
use crate::adapters::terminal::Terminal;
use crate::error::Failure;
use crate::exit::Exit;
use crate::render::{self, Question};
use baton_core::graph::{End, ImportGraph, NoEnd, end, why};
use baton_core::link::Project;
use baton_core::policy;

/// Both ends of a chain, as a user calls them, and how the answer is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ends {
    /// Where it begins.
    pub from: String,
    /// Where it ends.
    pub to: String,
    /// Whether programs read the answer.
    pub json: bool,
}

/// Sequences loading, linking, and the search for a chain.
#[derive(Clone, Copy, Debug)]
pub struct Why<'a> {
    terminal: &'a Terminal,
}

impl<'a> Why<'a> {
    /// An orchestrator that prints to `terminal`.
    pub const fn new(terminal: &'a Terminal) -> Self {
        Self { terminal }
    }

    /// Answers why one part of the project depends on another. That it does not is an answer too.
    ///
    /// # Errors
    ///
    /// The tool could not do its work, or a name stands for nothing.
    pub fn run(&self, request: &Request, ends: &Ends) -> Result<Exit, Failure> {
        let answered =
            pool::run(request.threads, || load(request, self.terminal).and_then(|loaded| answer(loaded, ends)))?;
        let said = answered.and_then(|text| Ok(self.terminal.out(&text)?));
        ended(self.terminal, said.map(|()| Exit::Clean))
    }
}

fn answer(loaded: Loaded, ends: &Ends) -> Result<String, LoadError> {
    let Loaded { files, texts, workspace, config, config_text, .. } = loaded;
    let project = link::link(files, &texts, &workspace, &config, &config_text)?;
    let graph = ImportGraph::new(&project);
    let (from, to) = (find(&project, &graph, &ends.from)?, find(&project, &graph, &ends.to)?);
    let Some(answer) = why(&project, &graph, &from, &to) else {
        let message = format!("`{}` and `{}` are the same modules", ends.from, ends.to);
        return Err(Failure::new(message, "give two parts of the project that differ").into());
    };
    let back = || why(&project, &graph, &to, &from).is_some_and(|back| back.chain.is_some());
    let is_reversed = answer.chain.is_none() && back();
    let question = Question { from: ends.from.clone(), to: ends.to.clone(), answer, is_reversed };
    let report = policy::report(&project, texts, Vec::new(), &config, &|_| true);
    std::mem::forget(project);
    Ok(if ends.json { render::why_json(&question, &report)? } else { render::why(&question, &report) })
}

/// What a name stands for.
fn find(project: &Project, graph: &ImportGraph, name: &str) -> Result<End, Failure> {
    end(project, graph, name).map_err(|why_not| match why_not {
        NoEnd::Unknown(near) => {
            let hint = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => {
                    "give a module, a crate, a folder, a role, a domain, an item or a package from outside that the \
                         project names; `module:`, `crate:`, `path:`, `role:`, `domain:` and `package:` say which"
                        .to_owned()
                }
            };
            Failure::new(format!("nothing in the project is called `{name}`"), hint)
        }
        NoEnd::Ambiguous(spellings) => {
            let spellings: Vec<_> = spellings.iter().map(|spelling| format!("`{spelling}`")).collect();
            Failure::new(format!("`{name}` may be {}", spellings.join(" or ")), "write the one that you mean")
        }
        NoEnd::Test => Failure::new(
            format!("`{name}` is test code, which the graph leaves out"),
            "give a part of the project that is no test code",
        ),
    })
}
