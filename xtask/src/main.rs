//! Project tasks, `cargo xtask NAME`: one file per task.
//!
//! Invariant: nothing but std, so that the checks build in seconds and need no registry.

#![allow(clippy::print_stdout, reason = "a command line tool talks to its user")]

mod args;
mod bench;
mod ci;
mod conformance;
mod expected;
mod figures;
mod fuzz;
mod install;
mod interpreter;
mod process;
mod source;
mod stdlib;
mod stress;
mod tidy;
mod torture;
mod workspace;

use std::process::ExitCode;

use args::Args;

const HELP: &str = "\
cargo xtask TASK

  ci                    every check below; the last line is `N passed, N failed`
  test [FILTER..]       behaviour tests and examples against their recorded outputs
      --python CMD        run another interpreter (CPython, for instance)
      --record            with --python: write the recorded outputs anew
      --by-cause          group the failures by the last line of stderr
      --prune             drop tests that pass now from tests/expected_failures.txt
      --expect REASON     list the tests that fail now in tests/expected_failures.txt (`cause`: each with its own)
      --list              print the tests and stop
      --no-build          use target/debug/taipan as it is
      --jobs N            run N tests at a time
  stress [FILTER..]     the same tests with a collection at every N-th safepoint or so, for several N
      --every N[,N..]     those N instead of the standard ones
      --seed S            the draws of an earlier run
      --allocations       at every N-th allocation instead
      --audit             on a build that looks for references to dying objects in ordinary memory
      --release           on the optimised build
      --limit SECONDS     for each test (300)
      --no-build --jobs N --python CMD
  torture [FILTER..]    tests/torture: threads that share everything while others collect and import
      --seconds N --seed S --python CMD
  fuzz                  random programs compared with a reference, the first differing line of each
      --reference CMD     a CPython 3.14, which also runs the generator
      --seconds N --seed S --count N --python CMD --no-build
  tidy                  structural checks: layers, headers, unsafe budget, lengths, registries
      --update            write the unsafe budget and the list of long files anew
  install PREFIX        PREFIX/bin/taipan, and the library's files in PREFIX/lib/python3.14 for those who look at them
      --binary PATH       another binary than target/release/taipan
  stdlib                writes docs/stdlib.md: what of each module of the library is there
      --reference CMD     a CPython 3.14
      --python CMD --no-build
  figures               lines by crate, unsafe by place; with --build, build times too
  bench [FILTER..]      benches/micro, or the benches named, under each interpreter named, interleaved, with ratios
      --python CMD        an interpreter; repeat it; the first is the base of the ratios
      --rounds N          runs of each benchmark under each interpreter (5)
";

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let task = words.next().unwrap_or_default();
    let done = Args::parse(words).and_then(|args| dispatch(&task, args));
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("xtask: {message}");
            ExitCode::from(2)
        }
    }
}

/// Runs one task; `false` means that a check failed and has said so.
fn dispatch(task: &str, args: Args) -> Result<bool, String> {
    match task {
        "ci" => ci::run(args),
        "test" => conformance::task(args),
        "stress" => stress::task(args),
        "torture" => torture::task(args),
        "tidy" => tidy::task(args),
        "figures" => figures::task(args),
        "bench" => bench::task(args),
        "fuzz" => fuzz::task(args),
        "install" => install::task(args),
        "stdlib" => stdlib::task(args),
        "" | "help" | "-h" | "--help" => {
            print!("{HELP}");
            Ok(true)
        }
        other => Err(format!("no task named {other:?}; `cargo xtask help` lists them")),
    }
}
