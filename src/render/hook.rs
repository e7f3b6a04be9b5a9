//! The text of the hook that checks what is staged, and what may be done with one that is there.

use super::clean;
use crate::error::Failure;
use std::path::Path;

const MARK: &str = "# Written by `baton hook install`; `baton hook uninstall` removes it.";

const HEADER: &str = "\
#!/bin/sh
# Written by `baton hook install`; `baton hook uninstall` removes it.
command -v baton >/dev/null || { echo 'baton is not in the PATH, so nothing was checked: install it' >&2; exit 1; }
";

/// What becomes of a hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HookChange {
    /// It is as it should be.
    Nothing,
    /// It gets this text.
    Write(String),
    /// It is removed.
    Remove,
}

/// What the hook is to be so that it checks `project`, which is a path from the top of the repository, empty for the
/// top. `existing` is its text.
///
/// # Errors
///
/// The hook is somebody else's.
pub fn hook_installed(existing: Option<&str>, project: &str, path: &Path) -> Result<HookChange, Failure> {
    let line = line(project);
    let Some(text) = existing else { return Ok(HookChange::Write(format!("{HEADER}{line}\n"))) };
    // Whoever has written that line has seen to it already.
    if text.lines().any(|one| one.trim() == line) {
        return Ok(HookChange::Nothing);
    }
    if is_ours(text) {
        let end = if text.ends_with('\n') { "" } else { "\n" };
        return Ok(HookChange::Write(format!("{text}{end}{line}\n")));
    }
    let message = format!("there is a hook of somebody else already, `{}`", clean::line(&path.to_string_lossy()));
    let line = clean::line(&line);
    let hint = if text.contains("pre-commit.com") {
        "it belongs to the program pre-commit, and was not touched: add Baton to `.pre-commit-config.yaml` instead"
            .to_owned()
    } else if text.contains("husky") {
        format!("it belongs to husky, and was not touched: add this line to `.husky/pre-commit` instead: {line}")
    } else {
        format!("it was not touched: add this line to it, before it ends: {line}")
    };
    Err(Failure::new(message, hint))
}

/// What becomes of the hook when it is not to check `project` any more.
///
/// # Errors
///
/// It is somebody else's.
pub fn hook_uninstalled(existing: Option<&str>, project: &str, path: &Path) -> Result<HookChange, Failure> {
    let line = line(project);
    let Some(text) = existing else { return Ok(HookChange::Nothing) };
    let has_line = text.lines().any(|one| one.trim() == line);
    if !is_ours(text) {
        if !has_line {
            return Ok(HookChange::Nothing);
        }
        let message = format!("the hook `{}` is somebody else's", clean::line(&path.to_string_lossy()));
        return Err(Failure::new(
            message,
            format!("it was not touched: remove this line from it: {}", clean::line(&line)),
        ));
    }
    let rest: String = text.split_inclusive('\n').filter(|one| one.trim() != line).collect();
    if rest == HEADER {
        return Ok(HookChange::Remove);
    }
    Ok(if has_line { HookChange::Write(rest) } else { HookChange::Nothing })
}

/// That hooks of other repositories lie in the same folder.
///
/// # Errors
///
/// Always, where that is so.
pub fn own_hooks(folder: &Path, is_shared: bool) -> Result<(), Failure> {
    if !is_shared {
        return Ok(());
    }
    let folder = clean::line(&folder.to_string_lossy()).into_owned();
    Err(Failure::new(
        format!("`core.hooksPath` is set for all repositories, so a hook in `{folder}` would check all of them"),
        "set it for this one, with `git config core.hooksPath .git/hooks`, or let the hook there run `baton check --staged`",
    ))
}

/// What installing a hook did, in a line.
pub fn hook_install_told(change: &HookChange, path: &Path) -> String {
    let path = path.to_string_lossy();
    let path = clean::line(&path);
    match change {
        HookChange::Nothing => format!("`{path}` checks what is staged already\n"),
        _ => format!("wrote `{path}`: it checks what is staged before each commit\n"),
    }
}

/// That the hook will refuse commits, where nothing can be judged today.
pub fn hook_outlook(unjudged: Option<&str>) -> String {
    unjudged.map_or(String::new(), |why| {
        format!(
            "note: nothing can be judged yet, and until then commits with Rust files are refused: {}; `baton init` proposes what is missing\n",
            clean::line(why)
        )
    })
}

/// What uninstalling a hook did, in a line.
pub fn hook_uninstall_told(change: &HookChange, path: &Path) -> String {
    let path = path.to_string_lossy();
    let path = clean::line(&path);
    match change {
        HookChange::Nothing => format!("there is nothing of Baton in `{path}`\n"),
        HookChange::Write(_) => format!("took this project out of `{path}`, which does more\n"),
        HookChange::Remove => format!("removed `{path}`\n"),
    }
}

fn is_ours(text: &str) -> bool {
    text.lines().nth(1) == Some(MARK)
}

/// The line that checks a project.
fn line(project: &str) -> String {
    if project.is_empty() {
        return "baton check --staged || exit".to_owned();
    }
    let project = project.replace('\'', r"'\''");
    // On a branch that does not have the project there is nothing to check.
    format!(
        "[ -z \"$(git --literal-pathspecs ls-files -- '{project}' | head -n 1)\" ] || baton check --staged -- '{project}' || exit"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn install(existing: Option<&str>, project: &str) -> Result<HookChange, String> {
        hook_installed(existing, project, Path::new("pre-commit")).map_err(|failure| failure.hint)
    }

    fn uninstall(existing: &str, project: &str) -> Result<HookChange, String> {
        hook_uninstalled(Some(existing), project, Path::new("pre-commit")).map_err(|failure| failure.hint)
    }

    #[test]
    fn projects_come_and_go_a_line_each() {
        let Ok(HookChange::Write(one)) = install(None, "") else { panic!() };
        assert!(one.ends_with("\nbaton check --staged || exit\n"), "{one}");
        assert_eq!(install(Some(&one), ""), Ok(HookChange::Nothing));
        let Ok(HookChange::Write(two)) = install(Some(&one), "it's/b") else { panic!() };
        let path = "'it'\\''s/b'";
        let line = format!(
            "[ -z \"$(git --literal-pathspecs ls-files -- {path} | head -n 1)\" ] || baton check --staged -- {path} || exit"
        );
        assert_eq!(two, format!("{one}{line}\n"));
        assert_eq!(uninstall(&two, "it's/b"), Ok(HookChange::Write(one.clone())));
        assert_eq!(uninstall(&one, ""), Ok(HookChange::Remove));
        assert_eq!(uninstall(&one, "other"), Ok(HookChange::Nothing));
    }

    #[test]
    fn what_others_wrote_stays() {
        let theirs = "#!/bin/sh\ncargo test\n";
        assert!(install(Some(theirs), "").unwrap_err().contains("baton check --staged || exit"));
        assert_eq!(uninstall(theirs, ""), Ok(HookChange::Nothing));
        let with_line = format!("{theirs}baton check --staged || exit\n");
        assert_eq!(install(Some(&with_line), ""), Ok(HookChange::Nothing), "they have seen to it");
        assert!(uninstall(&with_line, "").is_err());
        let framework = "#!/usr/bin/env bash\n# File generated by pre-commit: https://pre-commit.com\n";
        assert!(install(Some(framework), "").unwrap_err().contains(".pre-commit-config.yaml"));
        let Ok(HookChange::Write(ours)) = install(None, "") else { panic!() };
        let more = format!("{ours}cargo test\n");
        assert_eq!(uninstall(&more, ""), Ok(HookChange::Write(format!("{HEADER}cargo test\n"))), "which is theirs");
    }
}
