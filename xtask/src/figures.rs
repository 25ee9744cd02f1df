//! `cargo xtask figures`: how large the code is, where its unsafe parts are, how long it builds.
//!
//! Invariant: counts are of code, without blank lines and comments; generated tables stand apart.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::args::Args;
use crate::conformance::{self, Plan};
use crate::interpreter::{Interpreter, cargo};
use crate::tidy::{self, RustFile};
use crate::workspace;

/// The file that an everyday edit touches, and the test that its author waits for.
const EDITED: &str = "crates/runtime/src/types/list/mod.rs";
const AWAITED: &str = "tests/conformance/types/list/methods.py";

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
    let tests = conformance::select(&[]).len();
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

/// Builds from cold in a target directory of its own, then measures a one-line edit up to one test's result.
fn times() -> Result<bool, String> {
    let target = workspace::target().join("figures");
    let _ = fs::remove_dir_all(&target);
    let cold = build(&target)?;
    println!("build from cold: {cold:.1?}");
    let text = workspace::read(EDITED)?;
    workspace::write(EDITED, &format!("{text}\n// A line.\n"))?;
    let edited = build(&target);
    workspace::write(EDITED, &text)?;
    let edited = edited?;
    let start = Instant::now();
    let interpreter = Interpreter::named(&target.join("debug/taipan").to_string_lossy())?;
    let plan = Plan { jobs: 1, ..Plan::new(interpreter) };
    let report = conformance::run_all(&plan, &[AWAITED.to_string()]);
    let verdict = if report.failed.is_empty() { "passes" } else { "fails" };
    println!(
        "one line in {EDITED} to a test's result: {:.1?} ({AWAITED} {verdict})",
        edited + start.elapsed()
    );
    let _ = fs::remove_dir_all(&target);
    Ok(true)
}

fn build(target: &Path) -> Result<Duration, String> {
    let start = Instant::now();
    let status = Command::new(cargo())
        .args(["build", "--quiet", "--package", "taipan-cli"])
        .env("CARGO_TARGET_DIR", target)
        .current_dir(workspace::root())
        .stdout(Stdio::null())
        .status()
        .map_err(|error| error.to_string())?;
    if status.success() { Ok(start.elapsed()) } else { Err("taipan does not build".to_string()) }
}
