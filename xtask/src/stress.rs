//! The behaviour tests under attack: with collections everywhere (`GC_STRESS`, see `crates/gc/src/stress.rs`), or with the
//! auditor of ordinary memory.
//!
//! Invariant: a test that passes plainly passes under stress; a difference is a hidden root or a race. The setting that
//! is printed with a run repeats it.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::args::Args;
use crate::conformance::{self, Counts, Plan, Report};
use crate::expected;
use crate::interpreter::{Build, Interpreter};

/// Small odd numbers hit different places of a loop body; the large one lets long programs get somewhere.
const EVERY: [u64; 3] = [1009, 61, 3];

/// What the short form in `ci` runs: the parts where an object is most easily lost.
const SHORT: [&str; 6] =
    ["/gc/", "/language/generators/", "/language/exceptions/", "/types/list/", "/types/dict/", "/threads/"];

/// What the short form of the audit runs: native code that keeps values across calls. Programs of several threads take
/// minutes under it; the whole form runs them.
const SHORT_AUDIT: [&str; 4] = ["/gc/", "/stdlib/atexit/", "/stdlib/functools/", "/stdlib/json/"];

/// After as many megabytes scanned the distance to the next collection doubles, so that every test ends.
const THIN: u64 = 3000;

/// Seconds that a test gets.
const LIMIT: u64 = 300;

/// How many of the slowest tests are named.
const SLOWEST: usize = 5;

/// `cargo xtask stress`.
pub(crate) fn task(mut args: Args) -> Result<bool, String> {
    let every = match args.option("--every")? {
        Some(list) => numbers(&list)?,
        None => EVERY.to_vec(),
    };
    let seed = args.number("--seed")?.unwrap_or_else(fresh_seed);
    let allocations = args.flag("--allocations");
    let audit = args.flag("--audit");
    let build = match (args.flag("--release"), audit) {
        (false, false) => Build::Development,
        (true, false) => Build::Optimised,
        (false, true) => Build::Audited,
        (true, true) => return Err("--audit has a build of its own".to_string()),
    };
    let no_build = args.flag("--no-build");
    let interpreter = match args.option("--python")? {
        Some(command) => Interpreter::named(&command)?,
        None => Interpreter::built(build, !no_build)?,
    };
    let limit = Some(Duration::from_secs(args.number("--limit")?.unwrap_or(LIMIT)));
    let jobs = args.number("--jobs")?.map_or_else(conformance::default_jobs, |n| n.max(1) as usize);
    let interpreter = if audit { audited(interpreter) } else { interpreter };
    let plan = Plan { jobs, patience: 10, limit, ..Plan::new(interpreter) };
    let settings: Vec<String> = every.iter().map(|n| setting(*n, seed, allocations)).collect();
    Ok(run(&plan, &args.rest()?, &settings)?.failed == 0)
}

/// The short form, over the binary that `ci` has just built.
pub(crate) fn short() -> Result<Counts, String> {
    let filters: Vec<String> = SHORT.iter().map(|part| part.to_string()).collect();
    let plan = Plan { patience: 10, ..Plan::new(Interpreter::built(Build::Development, false)?) };
    run(&plan, &filters, &[setting(11, fresh_seed(), false)])
}

/// As [`short`], with the auditor of ordinary memory, which has a build of its own.
pub(crate) fn short_audit() -> Result<Counts, String> {
    let filters: Vec<String> = SHORT_AUDIT.iter().map(|part| part.to_string()).collect();
    let interpreter = audited(Interpreter::built(Build::Audited, true)?);
    let plan = Plan { patience: 10, ..Plan::new(interpreter) };
    run(&plan, &filters, &[setting(61, fresh_seed(), false)])
}

/// A find of the auditor ends the program.
fn audited(interpreter: Interpreter) -> Interpreter {
    interpreter.with_env("TAIPAN_AUDIT", "panic")
}

/// Collections at every N-th poll on average, and wherever the program comes to for the first few times; or at every N-th
/// allocation, which leaves the interpreter on its fast paths in between.
fn setting(n: u64, seed: u64, allocations: bool) -> String {
    if allocations {
        return format!("alloc:{n},verify:8,main");
    }
    format!("safepoint:{n},site:{n},seed:{seed},thin:{THIN},verify:8,main")
}

fn run(plan: &Plan, filters: &[String], settings: &[String]) -> Result<Counts, String> {
    let known = expected::load()?;
    let mut tests = conformance::select(filters);
    tests.retain(|path| !known.contains_key(path));
    let mut sum = Counts { passed: 0, failed: 0 };
    for setting in settings {
        println!("GC_STRESS={setting} {}, {} tests", plan.interpreter.name(), tests.len());
        let start = Instant::now();
        let interpreter = plan.interpreter.clone().with_env("GC_STRESS", setting);
        let report = conformance::run_all(&Plan { interpreter, ..plan.clone() }, &tests);
        let counts = conformance::conclude(&report, &known, false);
        print_slowest(&report);
        let (passed, failed) = (counts.passed, counts.failed);
        println!("GC_STRESS={setting}: {passed} passed, {failed} failed, {:.0?}\n", start.elapsed());
        sum.passed += passed;
        sum.failed += failed;
    }
    Ok(sum)
}

/// Where the time goes, so that a test that dominates is seen.
fn print_slowest(report: &Report) {
    for (path, time) in report.slowest(SLOWEST) {
        println!("{:8.1} s  {path}", time.as_secs_f64());
    }
}

fn numbers(list: &str) -> Result<Vec<u64>, String> {
    list.split(',').map(|n| n.trim().parse().map_err(|_| format!("--every: {n:?} is no number"))).collect()
}

fn fresh_seed() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |now| u64::from(now.subsec_nanos()) + 1)
}

#[cfg(test)]
mod tests {
    use super::{numbers, setting};

    #[test]
    fn a_setting_names_everything_that_repeats_it() {
        assert_eq!(setting(61, 7, false), "safepoint:61,site:61,seed:7,thin:3000,verify:8,main");
        assert_eq!(setting(61, 7, true), "alloc:61,verify:8,main");
        assert_eq!(numbers("3, 61"), Ok(vec![3, 61]));
        assert!(numbers("often").is_err());
    }
}
