//! `stdlib`: which modules of the standard library are there, and which of their names, beside a reference. It writes
//! `docs/stdlib.md`.
//!
//! Invariant: the page holds nothing that the two interpreters did not say themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::time::Duration;

use crate::args::Args;
use crate::interpreter::{Interpreter, Run};
use crate::process::End;
use crate::workspace;

const PAGE: &str = "docs/stdlib.md";

/// Names shown of a module that lacks more of them.
const SHOWN: usize = 24;

/// What a module offers, or why it cannot be imported.
type Offer = Result<BTreeSet<String>, String>;

/// `cargo xtask stdlib`.
pub(crate) fn task(mut args: Args) -> Result<bool, String> {
    let reference = args.option("--reference")?.ok_or("name a CPython 3.14: --reference CMD")?;
    let python = args.option("--python")?;
    let build = !args.flag("--no-build");
    args.rest()?;
    let reference = survey(&Interpreter::named(&reference)?)?;
    let ours = match python {
        Some(command) => Interpreter::named(&command)?,
        None => Interpreter::ours(build)?,
    };
    let page = page(&reference, &survey(&ours)?);
    workspace::write(PAGE, &page)?;
    println!("{PAGE} is written");
    Ok(true)
}

fn survey(interpreter: &Interpreter) -> Result<BTreeMap<String, Offer>, String> {
    let run = Run { options: Vec::new(), args: Vec::new(), env: Vec::new(), limit: Duration::from_secs(300) };
    let outcome = interpreter.run("tests/library/names.py", &run)?;
    if outcome.end != End::Exit(0) {
        return Err(format!("{}: {}", interpreter.name(), outcome.stderr));
    }
    Ok(outcome.stdout.lines().filter_map(parse_line).collect())
}

fn parse_line(line: &str) -> Option<(String, Offer)> {
    let (module, names) = line.split_once('\t')?;
    let offer = match names.strip_prefix('!') {
        Some(reason) => Err(reason.to_string()),
        None => Ok(names.split_whitespace().map(str::to_string).collect()),
    };
    Some((module.to_string(), offer))
}

fn page(reference: &BTreeMap<String, Offer>, ours: &BTreeMap<String, Offer>) -> String {
    let (mut complete, mut partly, mut missing) = (Vec::new(), Vec::new(), Vec::new());
    for (module, offer) in reference {
        let Ok(wanted) = offer else { continue };
        match ours.get(module) {
            None => missing.push((module, "not there")),
            Some(Err(reason)) => missing.push((module, reason)),
            Some(Ok(names)) => {
                let lacking: Vec<&String> = wanted.difference(names).collect();
                if lacking.is_empty() { complete.push(module) } else { partly.push((module, lacking)) }
            }
        }
    }
    let mut page = format!(
        "# The standard library, module by module\n\nMade by `cargo xtask stdlib --reference python3.14`, which asks both \
         interpreters for the names that each module offers (its\n`__all__`, or what has no underscore in front) and for \
         the attributes of its classes; modules that the reference itself cannot\nimport are left out. That a name is \
         there does not say that it behaves: the tests do.\n\n| modules | |\n| --- | --- |\n| complete | {} |\n| with \
         names missing | {} |\n| missing | {} |\n\n## Missing\n\n| module | why |\n| --- | --- |\n",
        complete.len(),
        partly.len(),
        missing.len()
    );
    for (module, reason) in missing {
        let _ = writeln!(page, "| `{module}` | {} |", reason.split(" (/").next().unwrap_or(reason));
    }
    page.push_str("\n## With names missing\n\n| module | names |\n| --- | --- |\n");
    for (module, lacking) in partly {
        let shown: Vec<String> = lacking.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
        let more = lacking.len().saturating_sub(SHOWN);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let _ = writeln!(page, "| `{module}` | {}{more} |", shown.join(", "));
    }
    page.push_str("\n## Complete\n\n");
    let complete: Vec<String> = complete.iter().map(|module| format!("`{module}`")).collect();
    let _ = writeln!(page, "{}", complete.join(", "));
    page
}
