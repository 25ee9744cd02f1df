//! Every file says what it is, and nothing half-done or noisy is left in it.
//!
//! Invariant: the words are looked for in code, never in comments or strings.

use super::RustFile;
use crate::source;

const NEVER: [&str; 3] = ["todo!", "unimplemented!", "dbg!"];
const NOT_IN_THE_ENGINE: [&str; 4] = ["println!", "print!", "eprintln!", "eprint!"];

pub(super) fn check(files: &[RustFile]) -> Vec<String> {
    let mut problems = Vec::new();
    for file in files {
        if !file.text.starts_with("//!") {
            problems.push(format!("{}:1: no //! header", file.path));
        }
        let quiet = is_engine(&file.path);
        for (line, word) in source::words(&file.code) {
            if NEVER.contains(&word) || quiet && NOT_IN_THE_ENGINE.contains(&word) {
                problems.push(format!("{}:{line}: {word}", file.path));
            }
        }
    }
    problems
}

/// Library code of a crate: not the command line, not tests, examples, benches or build scripts.
fn is_engine(path: &str) -> bool {
    let Some(inside) = path.strip_prefix("crates/") else { return false };
    let test = inside.ends_with("/tests.rs") || inside.contains("/src/tests/");
    !inside.starts_with("cli/") && inside.contains("/src/") && !test
}
