//! Behaviour tests: Python files whose recorded outputs come from CPython 3.14.
//!
//! A test is a `.py` file under `tests/conformance` or `examples`; `NAME.out` beside it is what it prints, and
//! `NAME.err`, where there is one, all of its stderr. Files and folders that start with `_` are what tests import.
//! Invariant: the same file runs unchanged on every interpreter.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::args::Args;
use crate::expected::{self, Expected};
use crate::interpreter::{Interpreter, Run};
use crate::process::{End, Outcome};
use crate::workspace;

const FOLDERS: [&str; 2] = ["tests/conformance", "examples"];

/// What to run and how.
#[derive(Clone)]
pub(crate) struct Plan {
    pub(crate) interpreter: Interpreter,
    pub(crate) jobs: usize,
    /// Multiplies each test's time limit.
    pub(crate) patience: u32,
    /// The most that any test gets, whatever it says itself.
    pub(crate) limit: Option<Duration>,
}

impl Plan {
    /// As many tests at once as the machine runs, each with its own limit.
    pub(crate) fn new(interpreter: Interpreter) -> Plan {
        Plan { interpreter, jobs: default_jobs(), patience: 1, limit: None }
    }
}

/// One test that did not do what is recorded.
pub(crate) struct Failure {
    pub(crate) path: String,
    /// The last line of stderr, or how the process ended, or the first line that differs.
    pub(crate) cause: String,
    pub(crate) detail: String,
}

/// What came of a set of tests.
#[derive(Default)]
pub(crate) struct Report {
    pub(crate) passed: Vec<String>,
    pub(crate) failed: Vec<Failure>,
    times: Vec<(String, Duration)>,
}

impl Report {
    /// The tests that took longest, whatever came of them.
    pub(crate) fn slowest(&self, count: usize) -> Vec<(&str, Duration)> {
        let mut times: Vec<_> = self.times.iter().map(|(path, time)| (path.as_str(), *time)).collect();
        times.sort_by_key(|&(_, time)| Reverse(time));
        times.truncate(count);
        times
    }
}

/// `cargo xtask test`.
pub(crate) fn task(mut args: Args) -> Result<bool, String> {
    let python = args.option("--python")?;
    let (record, by_cause, prune) = (args.flag("--record"), args.flag("--by-cause"), args.flag("--prune"));
    let (list, no_build) = (args.flag("--list"), args.flag("--no-build"));
    let expect = args.option("--expect")?;
    let jobs = args.number("--jobs")?.map_or_else(default_jobs, |n| n.max(1) as usize);
    let tests = select(&args.rest()?);
    if list {
        tests.iter().for_each(|path| println!("{path}"));
        return Ok(true);
    }
    let other = python.is_some();
    let interpreter = match python {
        Some(command) => Interpreter::named(&command)?,
        None => Interpreter::ours(!no_build)?,
    };
    interpreter.answers()?;
    let plan = Plan { jobs, ..Plan::new(interpreter) };
    if record {
        if !other {
            return Err("--record needs --python: outputs are recorded from CPython".to_string());
        }
        return record_all(&plan, &tests);
    }
    let report = run_all(&plan, &tests);
    let mut expected = if other { Expected::new() } else { expected::load()? };
    if prune || expect.is_some() {
        revise(&mut expected, &report, prune, expect.as_deref())?;
    }
    Ok(conclude(&report, &expected, by_cause).failed == 0)
}

/// The counts that `ci` adds up.
pub(crate) struct Counts {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
}

/// The tests whose path contains one of the filters, or all of them.
pub(crate) fn select(filters: &[String]) -> Vec<String> {
    let mut tests: Vec<String> = FOLDERS.iter().flat_map(|folder| workspace::files(folder, ".py")).collect();
    tests.retain(|path| filters.is_empty() || filters.iter().any(|filter| path.contains(filter.as_str())));
    tests
}

/// As many as the machine runs at once.
pub(crate) fn default_jobs() -> usize {
    thread::available_parallelism().map_or(2, |n| n.get())
}

/// Runs the tests, several at a time.
pub(crate) fn run_all(plan: &Plan, tests: &[String]) -> Report {
    let report = Mutex::new(Report::default());
    in_parallel(plan.jobs, tests, |path| {
        let start = Instant::now();
        let verdict = judge(plan, path);
        let mut report = report.lock().expect("no holder panics");
        report.times.push((path.to_string(), start.elapsed()));
        match verdict {
            Ok(()) => report.passed.push(path.to_string()),
            Err(failure) => report.failed.push(failure),
        }
    });
    let mut report = report.into_inner().expect("no holder panics");
    report.passed.sort();
    report.failed.sort_by(|a, b| a.path.cmp(&b.path));
    report
}

fn in_parallel(jobs: usize, tests: &[String], work: impl Fn(&str) + Sync) {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..jobs.min(tests.len()) {
            scope.spawn(|| {
                while let Some(path) = tests.get(next.fetch_add(1, Ordering::Relaxed)) {
                    work(path);
                }
            });
        }
    });
}

/// Runs one test and compares.
fn judge(plan: &Plan, path: &str) -> Result<(), Failure> {
    let fail = |cause: String, detail: String| Failure { path: path.to_string(), cause, detail };
    let outcome = execute(plan, path).map_err(|error| fail(error.clone(), error))?;
    let want =
        workspace::read(&beside(path, "out")).map_err(|error| fail("not recorded".to_string(), error))?;
    let got = rendered(&outcome);
    if want != got {
        return Err(fail(cause_of(&outcome, &want, &got), difference(&want, &got, &outcome.stderr)));
    }
    if let Ok(want) = workspace::read(&beside(path, "err"))
        && want != outcome.stderr
    {
        return Err(fail("stderr differs".to_string(), difference(&want, &outcome.stderr, "")));
    }
    Ok(())
}

fn execute(plan: &Plan, path: &str) -> Result<Outcome, String> {
    let mut run = directives(path, plan.patience)?;
    if let Some(limit) = plan.limit {
        run.limit = run.limit.min(limit);
    }
    plan.interpreter.run(path, &run)
}

/// Reads `# env: NAME=VALUE ..`, `# options: ..` and `# timeout: SECONDS` from the comments that open the file.
fn directives(path: &str, patience: u32) -> Result<Run, String> {
    let mut run =
        Run { options: Vec::new(), args: Vec::new(), env: Vec::new(), limit: Duration::from_secs(60) };
    for line in workspace::read(path)?.lines().take_while(|line| line.starts_with('#')) {
        let Some((name, value)) = line.trim_start_matches('#').trim().split_once(": ") else { continue };
        match name {
            "env" => run.env.extend(
                value
                    .split_whitespace()
                    .filter_map(|pair| pair.split_once('='))
                    .map(|(n, v)| (n.into(), v.into())),
            ),
            "options" => run.options = value.split_whitespace().map(str::to_string).collect(),
            "timeout" => {
                let seconds = value.parse().map_err(|_| format!("{path}: bad timeout {value:?}"))?;
                run.limit = Duration::from_secs(seconds);
            }
            _ => {}
        }
    }
    run.limit *= patience;
    Ok(run)
}

/// What a `.out` file holds: stdout and, unless the program ended well, a line that says how.
fn rendered(outcome: &Outcome) -> String {
    let mut text = outcome.stdout.clone();
    let last = outcome.stderr.lines().last().unwrap_or_default();
    let end = match outcome.end {
        End::Exit(0) => return text,
        End::Exit(code) => format!("[exit {code}] {last}"),
        End::Signal(signal) => format!("[signal {signal}] {last}"),
        End::Timeout => "[timeout]".to_string(),
    };
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text.push_str(end.trim_end());
    text.push('\n');
    text
}

fn beside(path: &str, extension: &str) -> String {
    format!("{}.{extension}", path.trim_end_matches(".py"))
}

fn cause_of(outcome: &Outcome, want: &str, got: &str) -> String {
    match outcome.end {
        End::Timeout => "timeout".to_string(),
        End::Signal(signal) => format!("signal {signal}"),
        End::Exit(0) => match first_difference(want, got) {
            Some((_, want, got)) => format!("prints {:?}, not {:?}", clip(got), clip(want)),
            None => "output differs".to_string(),
        },
        End::Exit(_) => clip(outcome.stderr.lines().last().unwrap_or("exit status")).to_string(),
    }
}

fn clip(line: &str) -> &str {
    let end = line.char_indices().nth(160).map_or(line.len(), |(at, _)| at);
    &line[..end]
}

fn first_difference<'a>(want: &'a str, got: &'a str) -> Option<(usize, &'a str, &'a str)> {
    let (mut want, mut got) = (want.lines(), got.lines());
    for number in 1.. {
        match (want.next(), got.next()) {
            (None, None) => return None,
            (w, g) if w != g => return Some((number, w.unwrap_or("<end>"), g.unwrap_or("<end>"))),
            _ => {}
        }
    }
    None
}

fn difference(want: &str, got: &str, stderr: &str) -> String {
    let mut text = match first_difference(want, got) {
        Some((line, want, got)) => format!("    line {line}\n      want {want}\n      got  {got}\n"),
        None => "    they differ in their line ends only\n".to_string(),
    };
    let lines: Vec<&str> = stderr.lines().collect();
    for line in &lines[lines.len().saturating_sub(6)..] {
        text.push_str(&format!("      | {}\n", clip(line)));
    }
    text
}

/// Writes `.out`, and `.err` where one exists or the area is `tracebacks`.
fn record_all(plan: &Plan, tests: &[String]) -> Result<bool, String> {
    let problems = Mutex::new(Vec::new());
    in_parallel(plan.jobs, tests, |path| {
        if let Err(problem) = record_one(plan, path) {
            problems.lock().expect("no holder panics").push(problem);
        }
    });
    let problems = problems.into_inner().expect("no holder panics");
    problems.iter().for_each(|problem| println!("{problem}"));
    println!("{} recorded from {}", tests.len() - problems.len(), plan.interpreter.name());
    Ok(problems.is_empty())
}

fn record_one(plan: &Plan, path: &str) -> Result<(), String> {
    let outcome = execute(plan, path)?;
    if !matches!(outcome.end, End::Exit(_)) {
        return Err(format!("{path}: {:?}, not recorded", outcome.end));
    }
    let (out, err) = (beside(path, "out"), beside(path, "err"));
    if outcome.stdout.is_empty() && outcome.end == End::Exit(0) {
        return Err(format!("{path}: prints nothing, so it would prove nothing"));
    }
    workspace::write(&out, &rendered(&outcome))?;
    if path.contains("/tracebacks/") || workspace::root().join(&err).exists() {
        workspace::write(&err, &outcome.stderr)?;
    }
    Ok(())
}

/// Brings the list of expected failures up to date.
fn revise(list: &mut Expected, report: &Report, prune: bool, reason: Option<&str>) -> Result<(), String> {
    if prune {
        report.passed.iter().for_each(|path| {
            list.remove(path);
        });
        list.retain(|path, _| workspace::root().join(path).is_file());
    }
    if let Some(reason) = reason {
        for failure in &report.failed {
            let reason = if reason == "cause" { clip(&failure.cause) } else { reason };
            list.entry(failure.path.clone()).or_insert_with(|| reason.trim().to_string());
        }
    }
    expected::store(list)
}

/// Prints what a reader needs and counts. A listed test that fails counts as neither.
pub(crate) fn conclude(report: &Report, expected: &Expected, by_cause: bool) -> Counts {
    let surprises: Vec<&Failure> =
        report.failed.iter().filter(|failure| !expected.contains_key(&failure.path)).collect();
    let cured: Vec<&String> = report.passed.iter().filter(|path| expected.contains_key(*path)).collect();
    if by_cause {
        print_causes(&report.failed);
    } else {
        for failure in &surprises {
            println!("FAILED {}\n    {}\n{}", failure.path, failure.cause, failure.detail);
        }
    }
    for path in &cured {
        println!(
            "PASSES {path}: remove its line from tests/expected_failures.txt (cargo xtask test --prune)"
        );
    }
    let known = report.failed.len() - surprises.len();
    if known > 0 {
        println!("{known} tests fail as tests/expected_failures.txt says");
    }
    let counts = Counts { passed: report.passed.len() - cured.len(), failed: surprises.len() + cured.len() };
    println!("behaviour tests: {} passed, {} failed", counts.passed, counts.failed);
    counts
}

fn print_causes(failures: &[Failure]) {
    let mut causes: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for failure in failures {
        causes.entry(&failure.cause).or_default().push(&failure.path);
    }
    let mut causes: Vec<_> = causes.into_iter().collect();
    causes.sort_by_key(|(_, paths)| Reverse(paths.len()));
    for (cause, paths) in causes {
        println!("{:4}  {cause}", paths.len());
        paths.iter().for_each(|path| println!("        {path}"));
    }
}

#[cfg(test)]
mod tests {
    use super::{beside, first_difference, rendered};
    use crate::process::{End, Outcome};

    fn check(stdout: &str, stderr: &str, end: End, want: &str) {
        let outcome = Outcome { stdout: stdout.to_string(), stderr: stderr.to_string(), end };
        assert_eq!(rendered(&outcome), want);
    }

    #[test]
    fn a_recording_says_how_the_program_ended() {
        check("a\n", "ignored\n", End::Exit(0), "a\n");
        check("a\n", "Traceback\nValueError: x\n", End::Exit(1), "a\n[exit 1] ValueError: x\n");
        check("no newline", "", End::Exit(4), "no newline\n[exit 4]\n");
        check("", "", End::Timeout, "[timeout]\n");
        check("", "", End::Signal(11), "[signal 11]\n");
    }

    #[test]
    fn the_first_difference_is_found() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(first_difference("a\nb\n", "a\nc\n"), Some((2, "b", "c")));
        assert_eq!(first_difference("a\n", "a\nb\n"), Some((2, "<end>", "b")));
    }

    #[test]
    fn a_recording_lies_beside_its_test() {
        assert_eq!(beside("tests/x/pyramid.py", "out"), "tests/x/pyramid.out");
    }
}
