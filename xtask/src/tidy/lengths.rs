//! A file has one idea: 900 lines is the end of it.
//!
//! Invariant: a ratchet. `xtask/long-files.txt` names the older offenders with the length they may not pass.

use std::fmt::Write;

use super::{RustFile, budget};
use crate::workspace;

const LIMIT: usize = 900;
const FILE: &str = "xtask/long-files.txt";
const HEAD: &str = "# Files longer than 900 lines and their length, which may shrink and not grow. `cargo xtask tidy --update` writes this.\n";

pub(super) fn check(files: &[RustFile]) -> Result<Vec<String>, String> {
    let known = budget(FILE)?;
    let mut problems = Vec::new();
    for file in files.iter().filter(|file| !is_generated(&file.text)) {
        let length = file.text.lines().count();
        let limit = known.get(&file.path).copied().unwrap_or(LIMIT);
        if length > limit {
            problems
                .push(format!("{}: {length} lines, the limit is {limit}: find its second idea", file.path));
        }
    }
    Ok(problems)
}

pub(super) fn update(files: &[RustFile]) -> Result<(), String> {
    let mut text = HEAD.to_string();
    for file in files.iter().filter(|file| !is_generated(&file.text)) {
        let length = file.text.lines().count();
        if length > LIMIT {
            let _ = writeln!(text, "{length}  {}", file.path);
        }
    }
    workspace::write(FILE, &text)
}

/// Tables that a program wrote say so in their header.
fn is_generated(text: &str) -> bool {
    text.lines().take(5).any(|line| line.contains("@generated"))
}
