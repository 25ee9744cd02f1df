//! `tests/expected_failures.txt`: behaviour tests that do not pass yet, one `PATH  REASON` a line.
//!
//! Invariant: a ratchet. A listed test that passes is an error, so the list can only tell the truth.

use std::collections::BTreeMap;

use crate::workspace;

const FILE: &str = "tests/expected_failures.txt";

const HEAD: &str = "\
# Behaviour tests that taipan does not pass yet: path, then the reason. `cargo xtask ci` fails when a test
# listed here passes: remove its line (or run `cargo xtask test --prune`). Nothing else may fail.
";

/// Path of the test to the reason why it fails.
pub(crate) type Expected = BTreeMap<String, String>;

/// Reads the list.
pub(crate) fn load() -> Result<Expected, String> {
    let mut list = Expected::new();
    let mut last = String::new();
    for line in workspace::read(FILE)?.lines() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let Some((path, reason)) = line.split_once("  ") else {
            return Err(format!("{FILE}: no reason given for {line:?} (path, two spaces, reason)"));
        };
        if path <= last.as_str() {
            return Err(format!("{FILE}: {path} is out of order"));
        }
        last = path.to_string();
        list.insert(path.to_string(), reason.trim().to_string());
    }
    Ok(list)
}

/// Writes the list.
pub(crate) fn store(list: &Expected) -> Result<(), String> {
    let mut text = HEAD.to_string();
    for (path, reason) in list {
        text.push_str(&format!("{path}  {reason}\n"));
    }
    workspace::write(FILE, &text)
}
