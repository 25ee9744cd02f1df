//! Thread torture: the programs under `tests/torture`, each given a seed and a number of seconds.
//!
//! A program prints `ok` as its last line when no object was lost. Invariant: the seed is printed first, and
//! the same seed makes each thread draw the same operations.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::args::Args;
use crate::conformance::Counts;
use crate::expected::{self, Expected};
use crate::interpreter::{Interpreter, Run};
use crate::process::End;
use crate::workspace;

const FOLDER: &str = "tests/torture";

/// `cargo xtask torture`.
pub(crate) fn task(mut args: Args) -> Result<bool, String> {
    let seconds = args.number("--seconds")?.unwrap_or(60);
    let seed = args.number("--seed")?;
    let no_build = args.flag("--no-build");
    let (interpreter, known) = match args.option("--python")? {
        Some(command) => (Interpreter::named(&command)?, Expected::new()),
        None => (Interpreter::ours(!no_build)?, expected::load()?),
    };
    Ok(run(&interpreter, &args.rest()?, seconds, seed, &known)?.failed == 0)
}

/// The short form, over the binary that `ci` has just built.
pub(crate) fn short() -> Result<Counts, String> {
    run(&Interpreter::ours(false)?, &[], 15, None, &expected::load()?)
}

/// Shares `seconds` among the programs that match.
fn run(
    interpreter: &Interpreter,
    filters: &[String],
    seconds: u64,
    seed: Option<u64>,
    known: &Expected,
) -> Result<Counts, String> {
    let mut programs = workspace::files(FOLDER, ".py");
    programs.retain(|path| filters.is_empty() || filters.iter().any(|filter| path.contains(filter.as_str())));
    let seed = seed.unwrap_or_else(fresh_seed);
    let share = (seconds / programs.len().max(1) as u64).max(1);
    println!("torture: seed {seed}, {share} s for each of {} programs", programs.len());
    let mut counts = Counts { passed: 0, failed: 0 };
    for path in &programs {
        match (torment(interpreter, path, share, seed)?, known.get(path)) {
            (None, None) => counts.passed += 1,
            (None, Some(_)) => {
                println!("PASSES {path}: remove its line from tests/expected_failures.txt");
                counts.failed += 1;
            }
            (Some(_), Some(reason)) => println!("{path} fails as expected: {reason}"),
            (Some(problem), None) => {
                println!("FAILED {path} with seed {seed}\n{problem}");
                counts.failed += 1;
            }
        }
    }
    println!("torture: seed {seed}: {} passed, {} failed", counts.passed, counts.failed);
    Ok(counts)
}

/// Runs one program; what went wrong, if anything did.
fn torment(interpreter: &Interpreter, path: &str, seconds: u64, seed: u64) -> Result<Option<String>, String> {
    let run = Run {
        options: Vec::new(),
        args: vec![seed.to_string(), seconds.to_string()],
        env: Vec::new(),
        limit: Duration::from_secs(seconds * 4 + 60),
    };
    let outcome = interpreter.run(path, &run)?;
    let last = outcome.stdout.lines().last().unwrap_or_default();
    if outcome.end == End::Exit(0) && last == "ok" {
        return Ok(None);
    }
    Ok(Some(format!("    {:?}\n{}{}", outcome.end, outcome.stdout, outcome.stderr)))
}

fn fresh_seed() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(1, |now| u64::from(now.subsec_nanos()) + now.as_secs() % 1000)
}
