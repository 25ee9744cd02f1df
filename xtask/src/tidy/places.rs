//! The repository speaks of itself alone: no path of somebody's machine, no host of a package registry.
//!
//! Invariant: this file spells the forbidden words in pieces, so that it can check itself too.

use crate::workspace;

const FORBIDDEN: [&str; 7] = [
    concat!("/wo", "rk/"),
    concat!("/opt/", "peers"),
    concat!("/ro", "ot/"),
    concat!("/tmp/", "bash_jobs"),
    concat!("crates", ".io"),
    concat!("pypi", ".org"),
    concat!("python", "hosted"),
];

/// Cargo writes the index's name into its lock file.
const EXEMPT: [&str; 1] = ["Cargo.lock"];

pub(super) fn check(tracked: &[String]) -> Vec<String> {
    let mut problems = Vec::new();
    for path in tracked.iter().filter(|path| !EXEMPT.contains(&path.as_str())) {
        // What is no UTF-8 is data, not prose.
        let Ok(text) = workspace::read(path) else { continue };
        for (index, line) in text.lines().enumerate() {
            if let Some(word) = FORBIDDEN.iter().find(|word| line.contains(*word)) {
                problems.push(format!("{path}:{}: mentions {word}", index + 1));
            }
        }
    }
    problems
}
