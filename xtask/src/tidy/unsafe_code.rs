//! Unsafe code lives in the places that ARCHITECTURE.md names, and its amount is on record.
//!
//! Invariant: `xtask/unsafe-budget.txt` holds the count of each file; more is a problem, less is progress to record.

use std::fmt::Write;

use super::{RustFile, budget};
use crate::source;
use crate::workspace;

const FILE: &str = "xtask/unsafe-budget.txt";
const HEAD: &str = "# Uses of the word `unsafe` in code, by file. `cargo xtask tidy --update` writes this; a reviewer reads the difference.\n";

/// What `macros` holds are quotations: the code that it writes into the other crates.
const FOLDERS: [&str; 4] =
    ["crates/gc/", "crates/host/src/sys/", "crates/macros/src/", "crates/sqlite/src/sys/"];
const FILES: [&str; 22] = [
    "crates/interp/src/cache.rs",
    "crates/interp/src/dispatch.rs",
    "crates/interp/src/frame.rs",
    "crates/runtime/src/buffer.rs",
    "crates/runtime/src/context.rs",
    "crates/runtime/src/instance.rs",
    "crates/runtime/src/layout.rs",
    "crates/runtime/src/lock.rs",
    "crates/runtime/src/object.rs",
    "crates/runtime/src/protocol/buffer.rs",
    "crates/runtime/src/shape.rs",
    "crates/runtime/src/slots.rs",
    "crates/runtime/src/static_ref.rs",
    "crates/runtime/src/table.rs",
    "crates/runtime/src/types/bytes/raw.rs",
    "crates/runtime/src/types/int/raw.rs",
    "crates/runtime/src/types/str/raw.rs",
    "crates/runtime/src/types/type_/mod.rs",
    "crates/runtime/src/types/type_/native_class.rs",
    "crates/runtime/src/types/type_/slots.rs",
    "crates/runtime/src/value.rs",
    "crates/runtime/src/vm.rs",
];

/// Uses of `unsafe` in a file's code.
pub(crate) fn count(file: &RustFile) -> usize {
    source::words(&file.code).filter(|(_, word)| *word == "unsafe").count()
}

pub(super) fn check(files: &[RustFile]) -> Result<Vec<String>, String> {
    let known = budget(FILE)?;
    let mut problems = Vec::new();
    for file in files {
        let count = count(file);
        let limit = known.get(&file.path).copied().unwrap_or(0);
        if count > 0 && !may_hold_unsafe(&file.path) {
            problems.push(format!("{}: {count} unsafe, in a place that may hold none", file.path));
        } else if count > limit {
            problems.push(format!(
                "{}: {count} unsafe, the budget is {limit} (cargo xtask tidy --update)",
                file.path
            ));
        } else if count < limit {
            problems.push(format!(
                "{}: {count} unsafe, below its budget of {limit}: record that (cargo xtask tidy --update)",
                file.path
            ));
        }
    }
    for path in known.keys().filter(|path| !files.iter().any(|file| file.path == **path)) {
        problems.push(format!("{FILE}: {path} is gone (cargo xtask tidy --update)"));
    }
    Ok(problems)
}

pub(super) fn update(files: &[RustFile]) -> Result<(), String> {
    let mut text = HEAD.to_string();
    for file in files.iter().filter(|file| may_hold_unsafe(&file.path)) {
        let count = count(file);
        if count > 0 {
            let _ = writeln!(text, "{count}  {}", file.path);
        }
    }
    workspace::write(FILE, &text)
}

fn may_hold_unsafe(path: &str) -> bool {
    FILES.contains(&path) || FOLDERS.iter().any(|folder| path.starts_with(folder))
}
