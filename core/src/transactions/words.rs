//! The words for transactions: of databases' crates, of ports that a project writes for them, of SQL.

/// What is done to a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    /// It is begun.
    Begin,
    /// It is begun, code runs inside, and it is ended: `transaction(|tx| …)`.
    Run,
    /// It is ended, and what was done holds.
    Commit,
    /// It is ended, and what was done is undone.
    RollBack,
}

impl Verb {
    /// What somebody does, in the third person.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Begin => "begins a transaction",
            Self::Run => "runs a transaction",
            Self::Commit => "commits a transaction",
            Self::RollBack => "rolls a transaction back",
        }
    }

    /// The verb alone, in the third person.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Begin => "begins",
            Self::Run => "runs",
            Self::Commit => "commits",
            Self::RollBack => "rolls back",
        }
    }
}

/// How many arguments an outside function of that name takes, where the name is a common word that
/// others use too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Takes {
    Nothing,
    Anything,
}

/// The names of the functions that begin and end transactions.
const NAMES: &[(&str, Verb, Takes)] = &[
    ("abort_transaction", Verb::RollBack, Takes::Anything),
    ("begin", Verb::Begin, Takes::Nothing),
    ("begin_transaction", Verb::Begin, Takes::Anything),
    ("begin_txn", Verb::Begin, Takes::Anything),
    ("begin_with", Verb::Begin, Takes::Anything),
    ("begin_with_config", Verb::Begin, Takes::Anything),
    ("begin_write", Verb::Begin, Takes::Nothing),
    ("build_transaction", Verb::Begin, Takes::Nothing),
    ("commit", Verb::Commit, Takes::Nothing),
    ("commit_transaction", Verb::Commit, Takes::Anything),
    ("commit_txn", Verb::Commit, Takes::Anything),
    ("exclusive_transaction", Verb::Run, Takes::Anything),
    ("immediate_transaction", Verb::Run, Takes::Anything),
    ("in_transaction", Verb::Run, Takes::Anything),
    ("rollback", Verb::RollBack, Takes::Nothing),
    ("rollback_transaction", Verb::RollBack, Takes::Anything),
    ("rollback_txn", Verb::RollBack, Takes::Anything),
    ("run_in_transaction", Verb::Run, Takes::Anything),
    ("run_transaction", Verb::Run, Takes::Anything),
    ("savepoint", Verb::Begin, Takes::Nothing),
    ("start_transaction", Verb::Begin, Takes::Anything),
    ("start_txn", Verb::Begin, Takes::Anything),
    ("transaction", Verb::Begin, Takes::Anything),
    ("transaction_with_behavior", Verb::Begin, Takes::Anything),
    ("transaction_with_config", Verb::Run, Takes::Anything),
    ("unchecked_transaction", Verb::Begin, Takes::Nothing),
    ("with_transaction", Verb::Run, Takes::Anything),
    ("write_txn", Verb::Begin, Takes::Nothing),
];

/// What a function of that name does, whatever it takes.
pub(super) fn verb(name: &str) -> Option<Verb> {
    NAMES.iter().find(|(known, ..)| *known == name).map(|(_, verb, _)| *verb)
}

/// What a function of that name does if it takes that many arguments.
pub(super) fn verb_with(name: &str, arguments: usize) -> Option<Verb> {
    let (_, verb, takes) = NAMES.iter().find(|(known, ..)| *known == name)?;
    let runs = *verb == Verb::Begin && name == "transaction" && arguments > 0;
    (*takes == Takes::Anything || arguments == 0).then_some(if runs { Verb::Run } else { *verb })
}

/// Whether a function's name leaves no doubt what it begins.
pub(super) fn says_transaction(name: &str) -> bool {
    name.contains("transaction") || name.contains("txn")
}

/// The crates whose types have transactions.
const DATABASES: &[&str] = &[
    "bb8",
    "bb8_postgres",
    "deadpool",
    "deadpool_diesel",
    "deadpool_postgres",
    "deadpool_sqlite",
    "diesel",
    "diesel_async",
    "duckdb",
    "heed",
    "libsql",
    "mongodb",
    "mysql",
    "mysql_async",
    "neo4rs",
    "oracle",
    "postgres",
    "r2d2",
    "r2d2_postgres",
    "r2d2_sqlite",
    "redb",
    "rocksdb",
    "rusqlite",
    "sea_orm",
    "sled",
    "sqlx",
    "surrealdb",
    "tiberius",
    "tikv_client",
    "tokio_postgres",
    "tokio_rusqlite",
    "turso",
];

/// Whether a package's types have transactions. Hyphens and underscores are the same.
pub(super) fn is_database(package: &str) -> bool {
    let name = package.replace('-', "_");
    let family = ["sqlx_", "sea_orm_"].iter().any(|family| name.starts_with(family));
    family || DATABASES.contains(&name.as_str())
}

/// Whether a type's name says that it stands for a piece of work that is done as a whole or not at all.
pub(super) fn is_unit_of_work(name: &str) -> bool {
    name.contains("UnitOfWork") || name.contains("Uow") || name.contains("UoW")
}

/// The functions and macros that take a statement.
pub(super) fn takes_statement(name: &str) -> bool {
    matches!(
        name,
        "batch_execute"
            | "exec"
            | "exec_drop"
            | "execute"
            | "execute_batch"
            | "execute_raw"
            | "execute_unprepared"
            | "from_string"
            | "query"
            | "query_drop"
            | "query_with"
            | "raw_sql"
            | "simple_query"
            | "sql_query"
    )
}

/// The text of a literal as it stands in the source, from its first statement on: comments before it are left out.
pub(super) fn first_statement(literal: &str) -> &str {
    let mut rest = literal.trim_start_matches(['r', 'b', '#']).trim_start_matches('"');
    loop {
        // A line ends where the literal has a new line, or says so with `\n`.
        rest = rest.trim_start();
        let after = if let Some(comment) = rest.strip_prefix("--") {
            comment
                .split_once('\n')
                .into_iter()
                .chain(comment.split_once("\\n"))
                .map(|(_, after)| after)
                .max_by_key(|after| after.len())
        } else if let Some(comment) = rest.strip_prefix("/*") {
            comment.split_once("*/").map(|(_, after)| after)
        } else {
            rest.strip_prefix("\\n")
        };
        let Some(after) = after else { return rest };
        rest = after;
    }
}

/// What a statement does, by its first words: those that no other text in such a place begins with.
pub(super) fn statement(literal: &str) -> Option<Verb> {
    let first = first_statement(literal).split([';', '"']).next()?.to_uppercase();
    let words: Vec<&str> = first.split_whitespace().collect();
    let rest = words.get(1).copied();
    let whole = |known: &[&str]| rest.is_none_or(|rest| known.contains(&rest));
    match *words.first()? {
        "BEGIN"
            if whole(&[
                "TRANSACTION",
                "TRAN",
                "WORK",
                "IMMEDIATE",
                "EXCLUSIVE",
                "DEFERRED",
                "CONCURRENT",
                "ISOLATION",
                "READ",
            ]) =>
        {
            Some(Verb::Begin)
        }
        "START" if rest == Some("TRANSACTION") => Some(Verb::Begin),
        "SAVEPOINT" if words.len() == 2 => Some(Verb::Begin),
        "COMMIT" if whole(&["TRANSACTION", "TRAN", "WORK", "AND"]) => Some(Verb::Commit),
        "ROLLBACK" if whole(&["TRANSACTION", "TRAN", "WORK", "TO", "AND"]) => Some(Verb::RollBack),
        _ => None,
    }
}

/// Words of which one stands in every file that begins or ends a transaction: only those files need
/// their function bodies for it.
const MENTIONS: &[&str] = &[
    "ransaction",
    ".commit(",
    "::commit(",
    ".rollback(",
    "_txn(",
    ".begin(",
    ".begin_",
    ".savepoint(",
    "BEGIN",
    "COMMIT",
    "ROLLBACK",
    "SAVEPOINT",
];

/// Whether a text may begin or end a transaction.
pub(crate) fn are_mentioned(text: &str) -> bool {
    MENTIONS.iter().any(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_words_count_with_the_arguments_that_a_database_takes() {
        assert_eq!(verb_with("begin", 0), Some(Verb::Begin));
        assert_eq!(verb_with("begin", 1), None);
        assert_eq!(verb_with("commit", 3), None, "a commit of a version control system says what to commit");
        assert_eq!(verb_with("transaction", 0), Some(Verb::Begin));
        assert_eq!(verb_with("transaction", 1), Some(Verb::Run));
        assert_eq!(verb_with("start_transaction", 1), Some(Verb::Begin));
        assert_eq!(verb_with("committed", 0), None);
        assert!(NAMES.is_sorted_by_key(|(name, ..)| *name) && DATABASES.is_sorted());
    }

    #[test]
    fn statements_are_told_by_their_first_words() {
        for (text, expected) in [
            ("\"BEGIN\"", Some(Verb::Begin)),
            ("\"begin immediate;\"", Some(Verb::Begin)),
            ("r#\"\n  BEGIN;\n CREATE TABLE a (b int);\n COMMIT;\"#", Some(Verb::Begin)),
            ("\"START TRANSACTION READ ONLY\"", Some(Verb::Begin)),
            ("\"COMMIT\"", Some(Verb::Commit)),
            ("\"ROLLBACK TO SAVEPOINT a\"", Some(Verb::RollBack)),
            ("\"SAVEPOINT a\"", Some(Verb::Begin)),
            ("\"-- all or nothing\\nBEGIN\"", Some(Verb::Begin)),
            ("\"-- all\n  -- or nothing\n  COMMIT;\"", Some(Verb::Commit)),
            ("\"/* all */ /* or nothing */ ROLLBACK\"", Some(Verb::RollBack)),
            ("\"\\n  BEGIN\"", Some(Verb::Begin)),
            ("\"-- BEGIN\\nSELECT 1\"", None),
            ("\"-- BEGIN\"", None),
            ("\"/* BEGIN\"", None),
            ("\"BEGIN PRIVATE KEY\"", None),
            ("\"commit the changes\"", None),
            ("\"SELECT 1\"", None),
            ("\"CREATE TRIGGER a BEGIN SELECT 1; END\"", None),
            ("\"start\"", None),
            ("\"\"", None),
        ] {
            assert_eq!(statement(text), expected, "{text}");
        }
    }

    #[test]
    fn whatever_counts_is_mentioned() {
        for (name, ..) in NAMES {
            assert!(are_mentioned(&format!("it.{name}(a)")), "{name}");
        }
        assert!(!are_mentioned("fn price(order: &Order) -> Money { order.total() }"));
    }
}
