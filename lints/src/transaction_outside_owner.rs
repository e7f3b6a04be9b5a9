//! # transaction-outside-owner
//!
//! ## What it does
//!
//! Reports code that begins, commits or rolls back a transaction where it is not declared to own
//! transactions. Owners are declared in two ways:
//!
//! - `[[folder]]` with `transaction = "owner"` in the configuration, for a folder or file. A folder
//!   with `transaction = "forbidden"` keeps its code from it, whatever else is declared.
//! - `#[baton::orchestrator(transaction = "owner")]` on a type, a function or a `mod` declaration, also
//!   under `#[cfg_attr(any(), …)]`, for that code.
//!
//! As soon as there is one owner, all other code is held to it. All that one function does is one
//! finding, with every place shown.
//!
//! Where no owner is declared, nobody is taken for one. What is reported then is an adapter, code with
//! the role shell, that opens a transaction, runs code that its caller passed in and commits, without
//! giving that code the transaction: it decides how far the transaction reaches over code that is not
//! its own.
//!
//! What counts is a call of a name such as `begin`, `transaction`, `with_transaction`, `savepoint`,
//! `commit` and `rollback`, on a type of a database's crate (`sqlx`, `diesel`, `sea-orm`, `rusqlite`,
//! `tokio-postgres`, `mongodb` and others), on a variable that holds a transaction, or on a type or
//! trait of the project that is made for it: one called a unit of work, one that can also roll back,
//! or one that hands out a database's types. Where the type is not known, the file has to name a
//! database's crate, or a function that has `transaction` in its name and one that ends it are called
//! in one body. A statement of SQL that begins with `BEGIN`, `COMMIT`, `ROLLBACK` or `SAVEPOINT` counts
//! where it is executed.
//!
//! A function that itself has such a name is the tool that owners use, and is not reported: the
//! `begin` of a unit of work has to call that of the database. Who calls it is.
//!
//! ## Why
//!
//! A transaction says which changes belong together, and only who sequences them knows that. Where
//! each repository opens its own, two calls that should succeed or fail as one cannot, and nobody can
//! tell from the orchestrator.
//!
//! ## Bad
//!
//! ```rust,ignore
//! // src/shell/db.rs, where `src/shell/orchestrators` owns transactions
//! async fn save(&self, order: &Order) -> Result<(), Error> {
//!     let mut tx = self.pool.begin().await?;
//!     insert(&mut tx, order).await?;
//!     tx.commit().await
//! }
//! ```
//!
//! ## Good
//!
//! ```rust,ignore
//! // src/shell/orchestrators/checkout.rs
//! let mut work = self.work.begin().await?;
//! self.orders.save(&mut work, &order).await?;
//! self.stock.reserve(&mut work, &order).await?;
//! work.commit().await
//! ```
//!
//! ```toml
//! [[folder]]
//! path = "src/shell/orchestrators"
//! transaction = "owner"
//! ```
//!
//! ## Options
//!
//! None. Who owns transactions is said in `[[folder]]` and in the source.
//!
//! ## Limits
//!
//! Types are known as far as the project's own signatures tell. Not seen are: transactions that a macro
//! or an attribute opens, such as `#[transactional]`; statements that are put together at run time, or
//! that a constant or another function's variable holds; a crate of a database that this version does
//! not know, where nothing else tells. Only adapters that call a parameter directly are seen to run
//! their caller's code. In a project that declares neither roles nor folders, code without an inferred
//! role is not read for transactions, also where an attribute declares an owner. Test code is not
//! judged.

use baton_core::config::{TransactionRule, suggestion};
use baton_core::finding::{Evidence, Finding, Level};
use baton_core::link::{FunctionRef, Marked, Project, RoleKind};
use baton_core::lint::{Check, Lint, Options, Verdict};
use baton_core::source::Span;
use baton_core::transactions::{self, Found, Operation};
use baton_core::types::Types;

/// The lint.
pub static LINT: Lint = Lint {
    name: "transaction-outside-owner",
    level: Level::Deny,
    summary: "Code begins or ends a transaction that is not its own.",
    source: include_str!("transaction_outside_owner.rs"),
    options: &[],
    check: Check::Whole(check),
};

const OWNER: &str = "owner";

fn check(project: &Project, _: &Options) -> Verdict {
    let marks: Vec<Marked> = project.marked().into_iter().filter(|one| one.mark.transaction.is_some()).collect();
    let mut verdict = Verdict { judged: 0, findings: marks.iter().filter_map(unknown).collect() };
    let owners = Owners::new(project, &marks);
    let functions: Vec<FunctionRef> =
        project.functions().into_iter().filter(|function| may_operate(project, *function)).collect();
    if functions.is_empty() {
        return verdict;
    }
    let mut types = Types::new(project);
    for function in functions {
        let found = transactions::of_function(project, &mut types, function);
        if !found.operations.is_empty() {
            verdict.judged += 1;
            verdict.findings.extend(owners.judge(function, &found));
        }
    }
    verdict
}

fn may_operate(project: &Project, function: FunctionRef) -> bool {
    project.function(function).is_some_and(|declared| {
        !transactions::is_operation(&declared.name) && declared.body.as_ref().is_some_and(transactions::may_operate)
    })
}

/// Who may begin and end transactions.
struct Owners<'p> {
    project: &'p Project,
    marks: Vec<&'p Marked>,
    /// The owners as people say them; empty where none is declared.
    shown: Vec<String>,
}

impl<'p> Owners<'p> {
    fn new(project: &'p Project, marks: &'p [Marked]) -> Self {
        let forbidden = |one: &&Marked| project.transaction_rule(one.place.file) == Some(TransactionRule::Forbidden);
        let owns = |one: &&Marked| one.mark.transaction.as_deref() == Some(OWNER);
        let marks: Vec<&Marked> = marks.iter().filter(owns).filter(|one| !forbidden(one)).collect();
        let names = project.transaction_owners().chain(marks.iter().map(|one| one.path.as_str()));
        let shown = names.map(|name| format!("`{name}`")).collect();
        Self { project, marks, shown }
    }

    /// What is wrong with a function that begins and ends what was found, if anything is.
    fn judge(&self, function: FunctionRef, found: &Found) -> Option<Finding> {
        let project = self.project;
        let declared = project.function(function)?;
        let module = project.module(function.item.module);
        let marked = self.marks.iter().any(|one| one.covers(project, function.item.module, declared.span));
        let place = match project.transaction_rule(module.file) {
            Some(TransactionRule::Forbidden) => "in a folder where that is forbidden".to_owned(),
            Some(TransactionRule::Owner) => return None,
            None if marked => return None,
            None if !self.shown.is_empty() => format!("outside of {}", self.names()),
            None => return self.undeclared(function, found),
        };
        Some(self.finding(function, found, &format!("{}, {place}", done(found)), self.advice()))
    }

    /// An adapter that opens a transaction around code of its caller, where nobody owns any.
    fn undeclared(&self, function: FunctionRef, found: &Found) -> Option<Finding> {
        let role = self.project.module(function.item.module).role?;
        if role.kind != RoleKind::Shell || found.foreign.is_empty() {
            return None;
        }
        let help = "let the orchestrator begin and commit, through a port for the unit of work, and pass the transaction down; or give the code that is passed in the transaction, so that it can use it";
        let message = "runs code of its caller inside a transaction of its own";
        Some(self.finding(function, found, message, help.to_owned()))
    }

    fn finding(&self, function: FunctionRef, found: &Found, message: &str, help: String) -> Finding {
        let place = |span: Span| self.project.place(function.item.module, span);
        let path = self.project.function_path(function);
        let operations = found.operations.iter().map(|one| (one.span, "transaction", shown(one)));
        let foreign = found.foreign.iter().map(|span| (*span, "callback", "calls what was passed in".to_owned()));
        let mut evidence: Vec<Evidence> =
            operations.chain(foreign).map(|(span, kind, why)| Evidence { kind, place: place(span), why }).collect();
        evidence.sort_by_key(|one| one.place);
        // The first place is the finding's own, and there is one: nothing else is judged.
        let first = evidence.remove(0).place;
        Finding {
            rule: LINT.name,
            level: None,
            message: format!("`{path}` {message}"),
            help,
            place: first,
            item: path,
            evidence,
            chain: Vec::new(),
            imports: Vec::new(),
            trails: Vec::new(),
            fix: None,
        }
    }

    fn names(&self) -> String {
        match self.shown.as_slice() {
            [only] => format!("{only}, which owns transactions"),
            [first, second] => format!("{first} and {second}, which own transactions"),
            several => format!("the {} places that own transactions", several.len()),
        }
    }

    fn advice(&self) -> String {
        let owner = match self.shown.as_slice() {
            [] => "the code that sequences the calls",
            [only] => only,
            [..] => "an owner",
        };
        format!("take the transaction as a parameter, and let {owner} begin and end it")
    }
}

/// What a function does first.
fn done(found: &Found) -> &'static str {
    found.operations.first().map_or("begins a transaction", |operation| operation.verb.name())
}

/// What an operation does, and by which call or statement.
fn shown(operation: &Operation) -> String {
    format!("{} with `{}`", operation.verb.name(), operation.what)
}

/// A mark that says something of transactions that is not known.
fn unknown(marked: &Marked) -> Option<Finding> {
    let said = marked.mark.transaction.as_deref().filter(|said| *said != OWNER)?;
    let help = match suggestion(said, [OWNER]) {
        Some(near) => format!("did you mean `{near}`?"),
        None => {
            "`transaction = \"owner\"` is all that can be said there; `[[folder]]` also knows `forbidden`".to_owned()
        }
    };
    Some(Finding {
        rule: LINT.name,
        level: None,
        message: format!("`{}` declares `transaction = \"{said}\"`, which says nothing", marked.path),
        help,
        place: marked.place,
        item: marked.path.clone(),
        evidence: Vec::new(),
        chain: Vec::new(),
        imports: Vec::new(),
        trails: Vec::new(),
        fix: None,
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::needless_raw_string_hashes, reason = "the command that updates the snapshots writes them")]

    use super::LINT;
    use crate::testing::{check, judged, piece};
    use expect_test::{Expect, expect};

    const MANIFEST: &str = "
        //- dependencies sqlx diesel rusqlite
        git2 = \"1\"
        sea-orm = \"1\"
    ";

    const OWNER: &str = "
        //- baton.toml
        version = 1
        [[folder]]
        path = \"src/app\"
        transaction = \"owner\"
        //- src/app/checkout.rs
        pub fn checkout() {}
    ";

    /// What is said about `code` as an adapter where `src/app` owns transactions.
    #[track_caller]
    fn adapter(code: &str, expected: &Expect) {
        check(&LINT, &format!("{MANIFEST}{OWNER}//- src/shell/db.rs\n{}", piece(code)), expected);
    }

    /// What is said about `code` as an adapter where nobody owns transactions.
    #[track_caller]
    fn unowned(code: &str, expected: &Expect) {
        check(&LINT, &format!("{MANIFEST}//- src/shell/db.rs\n{}", piece(code)), expected);
    }

    #[test]
    fn a_repository_that_opens_its_own_is_outside_of_the_owner() {
        adapter(
            "
            use sqlx::{PgPool, Postgres, Transaction};
            pub struct Orders { pool: PgPool, shared: std::sync::Arc<PgPool> }
            impl Orders {
                pub async fn save(&self) -> Result<(), sqlx::Error> {
                    let mut tx = self.pool.begin().await?;
                    if rejected() { tx.rollback().await?; }
                    tx.commit().await
                }
                pub async fn shared(&self) { let Ok(work) = self.shared.begin().await else { return }; work.commit().await; }
                pub async fn end(tx: Transaction<'_, Postgres>) { tx.commit().await; }
                pub async fn nested(tx: &mut Transaction<'_, Postgres>) { match tx.begin().await { Ok(inner) => inner.commit().await, Err(_) => {} } }
                fn pool(&self) -> &PgPool { &self.pool }
                pub async fn behind(&self) { self.pool().begin().await; }
                pub async fn path(&self) { let tx = PgPool::begin(&self.pool).await?; Transaction::commit(tx).await; }
                pub async fn insert(tx: &mut Transaction<'_, Postgres>) { sqlx::query(\"INSERT\").execute(tx).await; }
            }
            ",
            &expect![[r#"
                //- src/shell/db.rs
                        let mut tx = self.pool.begin().await?;
                                     ^^^^^^^^^^^^^^^^^ `shell::db::Orders::save` begins a transaction, outside of `src/app`, which owns transactions
                        if rejected() { tx.rollback().await?; }
                                        ------------- rolls a transaction back with `rollback`
                        tx.commit().await
                        ----------- commits a transaction with `commit`
                    pub async fn shared(&self) { let Ok(work) = self.shared.begin().await else { return }; work.commit().await; }
                                                                ^^^^^^^^^^^^^^^^^^^ `shell::db::Orders::shared` begins a transaction, outside of `src/app`, which owns transactions
                                                                                                           ------------- commits a transaction with `commit`
                    pub async fn end(tx: Transaction<'_, Postgres>) { tx.commit().await; }
                                                                      ^^^^^^^^^^^ `shell::db::Orders::end` commits a transaction, outside of `src/app`, which owns transactions
                    pub async fn nested(tx: &mut Transaction<'_, Postgres>) { match tx.begin().await { Ok(inner) => inner.commit().await, Err(_) => {} } }
                                                                                    ^^^^^^^^^^ `shell::db::Orders::nested` begins a transaction, outside of `src/app`, which owns transactions
                                                                                                                    -------------- commits a transaction with `commit`
                    pub async fn behind(&self) { self.pool().begin().await; }
                                                 ^^^^^^^^^^^^^^^^^^^ `shell::db::Orders::behind` begins a transaction, outside of `src/app`, which owns transactions
                    pub async fn path(&self) { let tx = PgPool::begin(&self.pool).await?; Transaction::commit(tx).await; }
                                                        ^^^^^^^^^^^^^^^^^^^^^^^^^ `shell::db::Orders::path` begins a transaction, outside of `src/app`, which owns transactions
                                                                                          ----------------------- commits a transaction with `commit`
                help: take the transaction as a parameter, and let `src/app` begin and end it
            "#]],
        );
    }

    #[test]
    fn closures_and_statements_count() {
        adapter(
            "
            use diesel::prelude::*;
            use diesel::PgConnection;
            pub fn save(conn: &mut PgConnection) { conn.transaction(|conn| insert(conn)); }
            pub fn unknown(conn: Handle) { conn.transaction::<_, Error, _>(|conn| insert(conn)); }
            pub fn raw(conn: Handle) { conn.batch_execute(\"BEGIN\"); conn.execute(\"insert into a values (1)\"); conn.execute(\"ROLLBACK\"); }
            pub fn query() { diesel::sql_query(\"SAVEPOINT a\"); sqlx::query!(\"COMMIT\"); sqlx::query(\"SELECT 1\"); }
            ",
            &expect![[r#"
                //- src/shell/db.rs
                pub fn save(conn: &mut PgConnection) { conn.transaction(|conn| insert(conn)); }
                                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `shell::db::save` runs a transaction, outside of `src/app`, which owns transactions
                pub fn unknown(conn: Handle) { conn.transaction::<_, Error, _>(|conn| insert(conn)); }
                                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `shell::db::unknown` runs a transaction, outside of `src/app`, which owns transactions
                pub fn raw(conn: Handle) { conn.batch_execute("BEGIN"); conn.execute("insert into a values (1)"); conn.execute("ROLLBACK"); }
                                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^ `shell::db::raw` begins a transaction, outside of `src/app`, which owns transactions
                                                                                                                  ------------------------ rolls a transaction back with `ROLLBACK`
                pub fn query() { diesel::sql_query("SAVEPOINT a"); sqlx::query!("COMMIT"); sqlx::query("SELECT 1"); }
                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `shell::db::query` begins a transaction, outside of `src/app`, which owns transactions
                                                                   ---------------------- commits a transaction with `COMMIT`
                help: take the transaction as a parameter, and let `src/app` begin and end it
            "#]],
        );
    }

    #[test]
    fn a_statement_may_stand_in_a_variable_or_behind_a_comment() {
        adapter(
            "
            pub fn held() { let sql = \"BEGIN\"; sqlx::query(sql); }
            pub fn typed() { let sql: &str = \"COMMIT\"; sqlx::query(&sql); }
            pub fn hidden() { let sql = \"BEGIN\"; let sql = \"SELECT 1\"; sqlx::query(sql); let sql = \"COMMIT\"; }
            pub fn given(sql: &str) { sqlx::query(sql); }
            pub fn left(sql: &str) { { let sql = \"BEGIN\"; } sqlx::query(sql); }
            pub fn shadowed(all: &[&str]) { let sql = \"BEGIN\"; for sql in all { sqlx::query(sql); } }
            pub fn assigned() { let mut sql = \"BEGIN\"; sql = \"SELECT 1\"; sqlx::query(sql); }
            pub fn noted() { sqlx::query(\"-- all or nothing\\nROLLBACK\"); sqlx::query(\"-- BEGIN\\nSELECT 1\"); }
            ",
            &expect![[r#"
                //- src/shell/db.rs
                pub fn held() { let sql = "BEGIN"; sqlx::query(sql); }
                                                   ^^^^^^^^^^^^^^^^ `shell::db::held` begins a transaction, outside of `src/app`, which owns transactions
                pub fn typed() { let sql: &str = "COMMIT"; sqlx::query(&sql); }
                                                           ^^^^^^^^^^^^^^^^^ `shell::db::typed` commits a transaction, outside of `src/app`, which owns transactions
                pub fn noted() { sqlx::query("-- all or nothing\nROLLBACK"); sqlx::query("-- BEGIN\nSELECT 1"); }
                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `shell::db::noted` rolls a transaction back, outside of `src/app`, which owns transactions
                help: take the transaction as a parameter, and let `src/app` begin and end it
            "#]],
        );
    }

    #[test]
    fn what_is_called_the_same_and_is_none_is_fine() {
        adapter(
            "
            use git2::Repository;
            use sqlx::PgPool;
            pub struct Parser { open: usize }
            impl Parser { pub fn begin(&mut self) {} pub fn commit(&mut self) {} pub fn rollback_to(&mut self, _: usize) {} }
            pub struct Batch;
            impl Batch { pub fn commit(self) {} }
            pub fn parse(parser: &mut Parser, batch: Batch, repo: &Repository) {
                parser.begin();
                batch.commit();
                repo.commit(Some(\"HEAD\"), &a, &b, \"message\", &tree, &[]);
                let found = lookup();
                found.commit(\"HEAD\");
                println!(\"BEGIN\");
                let text = \"COMMIT\";
                [1, 2].iter().begin();
                text.execute(\"begin with this\");
            }
            //- src/shell/text.rs
            pub fn write(out: Progress) { let mut run = out.begin(); run.commit(); }
            pub fn ledger(account: Account) { let booked = account.transaction(); booked.print(); }
            pub fn both(account: Account) { let booked = account.transaction(); booked.commit(); }
            ",
            &expect![[r#"
                //- src/shell/text.rs
                pub fn both(account: Account) { let booked = account.transaction(); booked.commit(); }
                                                             ^^^^^^^^^^^^^^^^^^^^^ `shell::text::both` begins a transaction, outside of `src/app`, which owns transactions
                                                                                    --------------- commits a transaction with `commit`
                help: take the transaction as a parameter, and let `src/app` begin and end it
            "#]],
        );
    }

    #[test]
    fn the_owner_and_the_tools_that_it_uses_are_free() {
        check(
            &LINT,
            &format!(
                "{MANIFEST}{}",
                r#"
        //- baton.toml
        version = 1
        [[folder]]
        path = "src/app"
        transaction = "owner"
        //- src/app/checkout.rs
        use crate::core::ports::UnitOfWork;
        pub async fn checkout(work: &dyn UnitOfWork) { work.begin().await; work.commit().await; }
        //- src/core/ports.rs
        pub trait UnitOfWork { async fn begin(&self); async fn commit(&self); }
        pub trait Work { async fn begin(&self); async fn rollback(&self); }
        //- src/shell/db.rs
        use crate::core::ports::{UnitOfWork, Work};
        use sqlx::PgPool;
        pub struct PgWork { pool: PgPool }
        impl UnitOfWork for PgWork {
            async fn begin(&self) { self.pool.begin().await; }
            async fn commit(&self) { self.pool.commit().await; }
        }
        pub async fn with_transaction(pool: &PgPool, run: impl Fn()) { let tx = pool.begin().await; run(); tx.commit().await; }
        pub async fn save(pool: &PgPool) { with_transaction(pool, || ()).await; }
        pub async fn stock(work: &impl UnitOfWork, other: &dyn Work) { work.begin().await; other.rollback().await; }
        "#
            ),
            &expect![[r#"
                //- src/shell/db.rs
                pub async fn save(pool: &PgPool) { with_transaction(pool, || ()).await; }
                                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `shell::db::save` runs a transaction, outside of `src/app`, which owns transactions
                pub async fn stock(work: &impl UnitOfWork, other: &dyn Work) { work.begin().await; other.rollback().await; }
                                                                               ^^^^^^^^^^^^ `shell::db::stock` begins a transaction, outside of `src/app`, which owns transactions
                                                                                                   ---------------- rolls a transaction back with `rollback`
                help: take the transaction as a parameter, and let `src/app` begin and end it
            "#]],
        );
    }

    #[test]
    fn an_owner_may_be_declared_in_the_source() {
        unowned(
            "
            use sqlx::PgPool;
            pub struct Checkout { pool: PgPool }
            #[baton::orchestrator(transaction = \"owner\")]
            pub struct Pay { pool: PgPool }
            impl Pay { pub async fn run(&self) { self.pool.begin().await; } }
            impl Checkout {
                #[cfg_attr(any(), baton::orchestrator(transaction = \"owner\"))]
                pub async fn run(&self) { self.pool.begin().await; }
                pub async fn stop(&self) { self.pool.begin().await; }
            }
            #[baton::orchestrator(transaction = \"onwer\")]
            pub fn slip() {}
            #[baton::orchestrator(transaction = \"forbidden\")]
            pub fn never() {}
            ",
            &expect![[r#"
                //- src/shell/db.rs
                    pub async fn stop(&self) { self.pool.begin().await; }
                                               ^^^^^^^^^^^^^^^^^ `shell::db::Checkout::stop` begins a transaction, outside of `shell::db::Pay` and `shell::db::Checkout::run`, which own transactions
                pub fn slip() {}
                       ^^^^ `shell::db::slip` declares `transaction = "onwer"`, which says nothing
                pub fn never() {}
                       ^^^^^ `shell::db::never` declares `transaction = "forbidden"`, which says nothing
                help: `transaction = "owner"` is all that can be said there; `[[folder]]` also knows `forbidden`
                help: did you mean `owner`?
                help: take the transaction as a parameter, and let an owner begin and end it
            "#]],
        );
    }

    #[test]
    fn a_folder_may_forbid_what_a_mark_declares() {
        let forbidden = OWNER.replace("owner", "forbidden").replace("src/app\"", "src/shell/repositories\"");
        check(
            &LINT,
            &format!(
                "{MANIFEST}{forbidden}{}",
                r#"
        //- src/shell/repositories/orders.rs
        #[baton::orchestrator(transaction = "owner")]
        pub async fn save(pool: &sqlx::PgPool) { pool.begin().await; }
        //- src/shell/jobs.rs
        pub async fn run(pool: &sqlx::PgPool) { pool.begin().await; }
        "#
            ),
            &expect![[r#"
                //- src/shell/repositories/orders.rs
                pub async fn save(pool: &sqlx::PgPool) { pool.begin().await; }
                                                         ^^^^^^^^^^^^ `shell::repositories::orders::save` begins a transaction, in a folder where that is forbidden
                help: take the transaction as a parameter, and let the code that sequences the calls begin and end it
            "#]],
        );
    }

    #[test]
    fn where_nobody_owns_any_only_code_of_the_caller_makes_a_difference() {
        unowned(
            "
            use sqlx::PgPool;
            pub type Step<'a> = dyn Fn(u8) -> u8 + 'a;
            pub async fn create(pool: &PgPool, step: &Step<'_>) {
                let tx = pool.begin().await.unwrap();
                let made = step(1);
                tx.commit().await.unwrap();
            }
            pub async fn given(pool: &PgPool, step: impl Fn(&mut Tx)) {
                let mut tx = pool.begin().await?;
                step(&mut tx);
                tx.commit().await?;
            }
            pub async fn before(pool: &PgPool, step: impl Fn() -> u8) {
                let made = step();
                let tx = pool.begin().await?;
                tx.commit().await?;
            }
            pub async fn save(pool: &PgPool) { let tx = pool.begin().await?; insert(&tx).await?; tx.commit().await?; }
            //- src/core/rules.rs
            pub async fn core(pool: &sqlx::PgPool, step: impl Fn()) { let tx = pool.begin().await?; step(); tx.commit().await?; }
            ",
            &expect![[r#"
                //- src/shell/db.rs
                    let tx = pool.begin().await.unwrap();
                             ^^^^^^^^^^^^ `shell::db::create` runs code of its caller inside a transaction of its own
                    let made = step(1);
                               ------- calls what was passed in
                    tx.commit().await.unwrap();
                    ----------- commits a transaction with `commit`
                help: let the orchestrator begin and commit, through a port for the unit of work, and pass the transaction down; or give the code that is passed in the transaction, so that it can use it
            "#]],
        );
    }

    #[test]
    fn functions_that_begin_or_end_one_are_judged() {
        let code = "//- src/shell/db.rs\npub fn a(p: &sqlx::PgPool) { p.begin(); }\npub fn b(p: &sqlx::PgPool) { p.acquire(); }\n#[cfg(test)] mod tests { fn c(p: &sqlx::PgPool) { p.begin(); } }";
        assert_eq!(judged(&LINT, &format!("{MANIFEST}{code}")), 1);
    }
}
