//! The model behind the `baton` linter: the facts of one file, the linked project, findings.
//!
//! Everything here is pure. Texts come in, values go out: nothing touches the file system, the
//! environment, the clock, processes, threads or standard streams, and no result depends on them.
//!
//! The way of the data: [`parse`] turns one text into [`facts`], [`link`] turns all facts with
//! the [`manifest`]s and the [`config`] into a [`Project`](link::Project), a
//! [`Lint`](lint::Lint) turns that into [`finding`]s, and a [`report`] holds them for rendering.
//! Lints that need to know what type something has ask [`Types`](types::Types).

pub mod builds;
pub mod config;
pub mod contract;
pub mod effects;
pub mod facts;
pub mod finding;
pub mod graph;
pub mod hash;
pub mod inventory;
pub mod lexer;
pub mod link;
pub mod lint;
pub mod manifest;
pub mod parse;
pub mod policy;
pub mod propose;
pub mod provenance;
pub mod report;
pub mod runs;
pub mod since;
pub mod source;
pub mod tasks;
pub mod transactions;
pub mod types;
