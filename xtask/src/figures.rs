//! `cargo xtask figures`: how large the code is, where its unsafe parts are, how long it builds.
//!
//! Invariant: counts are of code, without blank lines and comments; generated tables stand apart.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::args::Args;
use crate::interpreter::cargo;
use crate::tidy::{self, RustFile};
use crate::workspace;

/// The file that an everyday edit touches, for the edit-to-test figure.
const EDITED: &str = "crates/runtime/src/types/list.rs";

#[derive(Default)]
struct Row {
    files: usize,
    lines: usize,
    generated: usize,
    unsafe_uses: usize,
}

/// `cargo xtask figures`.
pub(crate) fn task(mut args: Args) -> Result<bool, String> {
    let build = args.flag("--build");
    args.rest()?;
    let files = tidy::rust_files(&workspace::tracked()?)?;
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    for file in &files {
        count(rows.entry(place(&file.path)).or_default(), file);
    }
    println!(
        "{:<18} {:>6} {:>8} {:>10} {:>7} {:>10}",
        "place", "files", "lines", "generated", "unsafe", "per 1000"
    );
    let mut sum = Row::default();
    for (name, row) in &rows {
        print_row(name, row);
        sum.files += row.files;
        sum.lines += row.lines;
        sum.generated += row.generated;
        sum.unsafe_uses += row.unsafe_uses;
    }
    print_row("all", &sum);
    let tests = crate::conformance::select(&[]).len();
    println!("\nbehaviour tests and examples: {tests}");
    if build { times() } else { Ok(true) }
}

fn count(row: &mut Row, file: &RustFile) {
    let lines = file.code.lines().filter(|line| !line.trim().is_empty()).count();
    row.files += 1;
    if file.text.lines().take(5).any(|line| line.contains("@generated")) {
        row.generated += lines;
    } else {
        row.lines += lines;
    }
    row.unsafe_uses += tidy::count_unsafe(file);
}

fn print_row(name: &str, row: &Row) {
    let rate = row.unsafe_uses as f64 * 1000.0 / row.lines.max(1) as f64;
    println!(
        "{name:<18} {:>6} {:>8} {:>10} {:>7} {rate:>10.1}",
        row.files, row.lines, row.generated, row.unsafe_uses
    );
}

fn place(path: &str) -> String {
    match path.strip_prefix("crates/").and_then(|rest| rest.split('/').next()) {
        Some(name) => format!("crates/{name}"),
        None => path.split('/').next().unwrap_or(path).to_string(),
    }
}

/// Builds from cold in a target directory of its own, then after a one-line edit.
fn times() -> Result<bool, String> {
    let target = workspace::target().join("figures");
    let _ = fs::remove_dir_all(&target);
    let timed = |what: &str| -> Result<Duration, String> {
        let start = Instant::now();
        let status = Command::new(cargo())
            .args(["build", "--quiet", "--package", "taipan-cli"])
            .env("CARGO_TARGET_DIR", &target)
            .current_dir(workspace::root())
            .stdout(Stdio::null())
            .status()
            .map_err(|error| error.to_string())?;
        let time = start.elapsed();
        println!("{what}: {time:.1?}");
        if status.success() { Ok(time) } else { Err(format!("{what}: the build failed")) }
    };
    timed("build from cold")?;
    if let Ok(text) = workspace::read(EDITED) {
        workspace::write(EDITED, &format!("{text}\n// A line.\n"))?;
        let built = timed("build after one line in list.rs");
        workspace::write(EDITED, &text)?;
        built?;
    }
    let _ = fs::remove_dir_all(&target);
    Ok(true)
}
