//! Every behaviour test has its recording, every recording its test, every expected failure its file.
//!
//! Invariant: a test without a recording cannot pass by accident.

use crate::conformance;
use crate::expected;
use crate::workspace;

pub(super) fn check(tracked: &[String]) -> Result<Vec<String>, String> {
    let mut problems = Vec::new();
    let tests = conformance::select(&[]);
    for test in &tests {
        let recording = format!("{}.out", test.trim_end_matches(".py"));
        if !tracked.contains(&recording) {
            problems
                .push(format!("{test}: no recording (cargo xtask test --record --python python3.14 {test})"));
        }
    }
    let folders = ["tests/conformance/", "examples/"];
    for path in tracked.iter().filter(|path| folders.iter().any(|folder| path.starts_with(folder))) {
        let Some(stem) = path.strip_suffix(".out").or(path.strip_suffix(".err")) else { continue };
        if !tests.contains(&format!("{stem}.py")) {
            problems.push(format!("{path}: recorded from no test"));
        }
    }
    for path in expected::load()?.keys().filter(|path| !workspace::root().join(path).is_file()) {
        problems.push(format!("tests/expected_failures.txt: {path} does not exist"));
    }
    Ok(problems)
}
