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

type Step = (&'static str, fn() -> Result<Counts, String>);

const STEPS: [Step; 12] = [
    ("format", format),
    ("tidy", tidy),
    ("clippy", clippy),
    ("build", build),
    ("unit tests", unit_tests),
    ("behaviour tests and examples", behaviour),
    ("the same without quickened instructions", without_quickening),
    ("some of them under GC_STRESS", stress::short),
    ("some of them under the auditor", stress::short_audit),
    ("thread torture", torture::short),
    ("optimised build", optimised_build),
    ("behaviour tests on the optimised build", optimised_behaviour),
];

/// `cargo xtask ci`.
pub(crate) fn run(args: Args) -> Result<bool, String> {
    args.rest()?;
    let mut sum = Counts { passed: 0, failed: 0 };
    for (name, step) in STEPS {
        println!("== {name}");
        let start = Instant::now();
        let counts = step().unwrap_or_else(|problem| {
            println!("FAILED {name}: {problem}");
            Counts { passed: 0, failed: 1 }
        });
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
