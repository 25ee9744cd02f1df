//! The behaviour tests with a collection at every N-th safepoint (`GC_STRESS=safepoint:N`).
//!
//! Invariant: a test that passes plainly passes under stress; a difference is a hidden root or a race.

use crate::args::Args;
use crate::conformance::{self, Counts, Plan};
use crate::expected;
use crate::interpreter::Interpreter;

/// Small odd numbers hit different places of a loop body; the large one lets long programs get somewhere.
const EVERY: [u64; 3] = [3, 61, 1009];

/// What the short form in `ci` runs: the parts where an object is most easily lost.
const SHORT: [&str; 6] =
    ["/gc/", "/language/generators/", "/language/exceptions/", "/types/list/", "/types/dict/", "/threads/"];

/// `cargo xtask stress`.
pub(crate) fn task(mut args: Args) -> Result<bool, String> {
    let every = match args.option("--every")? {
        Some(list) => numbers(&list)?,
        None => EVERY.to_vec(),
    };
    let interpreter = Interpreter::ours(!args.flag("--no-build"))?;
    let counts = run(interpreter, &args.rest()?, &every)?;
    Ok(counts.failed == 0)
}

/// The short form, over the binary that `ci` has just built.
pub(crate) fn short() -> Result<Counts, String> {
    let filters: Vec<String> = SHORT.iter().map(|part| part.to_string()).collect();
    run(Interpreter::ours(false)?, &filters, &[101])
}

fn run(interpreter: Interpreter, filters: &[String], every: &[u64]) -> Result<Counts, String> {
    let known = expected::load()?;
    let mut tests = conformance::select(filters);
    tests.retain(|path| !known.contains_key(path));
    let mut sum = Counts { passed: 0, failed: 0 };
    for n in every {
        let setting = format!("safepoint:{n}");
        println!("GC_STRESS={setting}, {} tests", tests.len());
        let interpreter = interpreter.clone().with_env("GC_STRESS", &setting);
        let plan = Plan { interpreter, jobs: conformance::default_jobs(), patience: 10 };
        let counts = conformance::conclude(&conformance::run_all(&plan, &tests), &known, false);
        sum.passed += counts.passed;
        sum.failed += counts.failed;
    }
    Ok(sum)
}

fn numbers(list: &str) -> Result<Vec<u64>, String> {
    list.split(',').map(|n| n.trim().parse().map_err(|_| format!("--every: {n:?} is no number"))).collect()
}
