//! `cargo xtask ci`: the one gate. It runs every step, also after one has failed, and counts.
//!
//! Invariant: the last line is `N passed, N failed`; a step that cannot run counts as failed.

use std::process::{Command, Stdio};
use std::time::Instant;

use crate::args::Args;
use crate::conformance::{self, Counts, Plan};
use crate::expected;
use crate::interpreter::{Interpreter, cargo};
use crate::stress;
use crate::tidy;
use crate::torture;
use crate::workspace;

struct Step {
    name: &'static str,
    run: fn() -> Result<Counts, String>,
    /// The step that makes what this one runs: without it, an older binary would be tested.
    needs: Option<&'static str>,
    /// The command that repeats a part of the step.
    repeat: &'static str,
}

const fn step(
    name: &'static str,
    run: fn() -> Result<Counts, String>,
    needs: Option<&'static str>,
    repeat: &'static str,
) -> Step {
    Step { name, run, needs, repeat }
}

const BUILD: Option<&str> = Some("build");
const OPTIMISED: Option<&str> = Some("optimised build");

const STEPS: [Step; 12] = [
    step("format", format, None, "cargo fmt --all"),
    step("tidy", tidy, None, "cargo xtask tidy"),
    step("clippy", clippy, None, "cargo clippy --workspace --all-targets -- -D warnings"),
    step("build", build, None, "cargo build --package taipan-cli"),
    step("unit tests", unit_tests, None, "cargo test --package CRATE"),
    step("behaviour tests and examples", behaviour, BUILD, "cargo xtask test PATH"),
    step(
        "the same without quickened instructions",
        without_quickening,
        BUILD,
        "cargo xtask test --python 'target/debug/taipan -X specialize=0' PATH",
    ),
    step(
        "some of them under GC_STRESS",
        stress::short,
        BUILD,
        "cargo xtask stress --every 11 --seed SEED PATH",
    ),
    step(
        "some of them under the auditor",
        stress::short_audit,
        BUILD,
        "cargo xtask stress --audit --every 61 --seed SEED PATH",
    ),
    step("thread torture", torture::short, BUILD, "cargo xtask torture --seed SEED"),
    step("optimised build", optimised_build, None, "cargo build --release --package taipan-cli"),
    step(
        "behaviour tests on the optimised build",
        optimised_behaviour,
        OPTIMISED,
        "cargo xtask test --python target/release/taipan PATH",
    ),
];

/// `cargo xtask ci`.
pub(crate) fn run(args: Args) -> Result<bool, String> {
    args.rest()?;
    let mut sum = Counts { passed: 0, failed: 0 };
    let mut failed_steps = Vec::new();
    for Step { name, run, needs, repeat } in STEPS {
        println!("== {name}");
        let start = Instant::now();
        let outcome = match needs.filter(|needed| failed_steps.contains(needed)) {
            Some(needed) => Err(format!("{needed} failed")),
            None => run(),
        };
        let counts = outcome.unwrap_or_else(|problem| {
            println!("FAILED {name}: {problem}");
            Counts { passed: 0, failed: 1 }
        });
        if counts.failed > 0 {
            failed_steps.push(name);
            println!("to repeat: {repeat}");
        }
        println!("== {name}: {} passed, {} failed, {:.1?}\n", counts.passed, counts.failed, start.elapsed());
        sum.passed += counts.passed;
        sum.failed += counts.failed;
    }
    println!("{} passed, {} failed", sum.passed, sum.failed);
    Ok(sum.failed == 0)
}

fn one(passed: bool) -> Counts {
    Counts { passed: passed.into(), failed: (!passed).into() }
}

fn run_cargo(words: &[&str]) -> Result<Counts, String> {
    let status = Command::new(cargo()).args(words).current_dir(workspace::root()).status();
    status.map(|status| one(status.success())).map_err(|error| error.to_string())
}

fn format() -> Result<Counts, String> {
    run_cargo(&["fmt", "--all", "--check"])
}

fn tidy() -> Result<Counts, String> {
    let problems = tidy::check()?;
    problems.iter().for_each(|problem| println!("{problem}"));
    Ok(one(problems.is_empty()))
}

fn clippy() -> Result<Counts, String> {
    run_cargo(&["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"])
}

fn build() -> Result<Counts, String> {
    run_cargo(&["build", "--quiet", "--package", "taipan-cli"])
}

/// `cargo test` and not another runner: it also runs the documentation tests, among them those that prove
/// that misuse does not compile.
fn unit_tests() -> Result<Counts, String> {
    let output = Command::new(cargo())
        .args(["test", "--quiet", "--workspace", "--no-fail-fast"])
        .current_dir(workspace::root())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout);
    let mut counts = Counts { passed: 0, failed: 0 };
    for line in text.lines().filter(|line| line.starts_with("test result:")) {
        counts.passed += number_before(line, " passed");
        counts.failed += number_before(line, " failed");
    }
    if !output.status.success() {
        println!("{text}");
        // A test binary that does not build or dies reports no result line.
        counts.failed = counts.failed.max(1);
    }
    Ok(counts)
}

fn number_before(line: &str, word: &str) -> usize {
    let digits = line.split(word).next().unwrap_or_default().rsplit(' ').next().unwrap_or_default();
    digits.parse().unwrap_or(0)
}

fn behaviour() -> Result<Counts, String> {
    run_behaviour(Interpreter::ours(false)?)
}

/// The specialised paths have general twins: they give the same results.
fn without_quickening() -> Result<Counts, String> {
    run_behaviour(Interpreter::ours(false)?.with_options(&["-X", "specialize=0"]))
}

/// What ships has another driver of the interpreter's loop than development builds.
fn optimised_build() -> Result<Counts, String> {
    run_cargo(&["build", "--quiet", "--release", "--package", "taipan-cli"])
}

fn optimised_behaviour() -> Result<Counts, String> {
    run_behaviour(Interpreter::optimised()?)
}

fn run_behaviour(interpreter: Interpreter) -> Result<Counts, String> {
    let plan = Plan::new(interpreter);
    plan.interpreter.answers()?;
    let report = conformance::run_all(&plan, &conformance::select(&[]));
    Ok(conformance::conclude(&report, &expected::load()?, false))
}
