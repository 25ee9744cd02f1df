//! Where things are: the root, the target directory, the tracked files.
//!
//! Invariant: paths handed out as `String` are relative to the root and use `/`.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The workspace's root, found from xtask's own manifest.
pub(crate) fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().expect("xtask lies in the workspace").to_path_buf()
}

/// Cargo's target directory.
pub(crate) fn target() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => root().join(dir),
        None => root().join("target"),
    }
}

/// Reads a file by its path from the root.
pub(crate) fn read(path: &str) -> Result<String, String> {
    fs::read_to_string(root().join(path)).map_err(|error| format!("{path}: {error}"))
}

/// Writes a file by its path from the root.
pub(crate) fn write(path: &str, text: &str) -> Result<(), String> {
    fs::write(root().join(path), text).map_err(|error| format!("{path}: {error}"))
}

/// Files under `folder` whose name ends in `suffix`, sorted; folders and files that start with `_` or `.` are left out.
pub(crate) fn files(folder: &str, suffix: &str) -> Vec<String> {
    let mut found = Vec::new();
    collect(&root().join(folder), folder, suffix, &mut found);
    found.sort();
    found
}

fn collect(at: &Path, name: &str, suffix: &str, found: &mut Vec<String>) {
    let Ok(entries) = fs::read_dir(at) else { return };
    for entry in entries.flatten() {
        let own = entry.file_name().to_string_lossy().into_owned();
        if own.starts_with(['_', '.']) {
            continue;
        }
        let path = format!("{name}/{own}");
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => collect(&entry.path(), &path, suffix, found),
            Ok(_) if own.ends_with(suffix) => found.push(path),
            _ => {}
        }
    }
}

/// The files that git tracks, or would on the next `git add` (new ones that no ignore rule names).
pub(crate) fn tracked() -> Result<Vec<String>, String> {
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .map_err(|error| format!("git: {error}"))?;
    if !output.status.success() {
        return Err(format!("git ls-files: {}", String::from_utf8_lossy(&output.stderr)));
    }
    let names = String::from_utf8_lossy(&output.stdout);
    let mut files: Vec<String> =
        names.split('\0').filter(|name| !name.is_empty()).map(str::to_string).collect();
    files.retain(|name| root().join(name).is_file());
    files.sort();
    files.dedup();
    Ok(files)
}
