//! `cargo xtask fuzz`: random programs from `tests/fuzz/generate.py` under two interpreters, compared.
//!
//! The reference (`--reference CMD`, a CPython 3.14) also runs the generator. Invariant: a difference names its
//! seed and leaves the program in the target directory; the same seed gives the same program.

use std::fs;
use std::time::{Duration, Instant};

use crate::args::Args;
use crate::interpreter::{Interpreter, Run};
use crate::process::{End, Outcome};
use crate::workspace;

const GENERATOR: &str = "tests/fuzz/generate.py";

/// `cargo xtask fuzz`.
pub(crate) fn task(mut args: Args) -> Result<bool, String> {
    let seconds = args.number("--seconds")?.unwrap_or(60);
    let first = args.number("--seed")?.unwrap_or(1);
    let count = args.number("--count")?.unwrap_or(u64::MAX - first);
    let reference = args.option("--reference")?.ok_or("--reference CMD: a CPython 3.14 to compare with")?;
    let reference = Interpreter::named(&reference)?;
    let no_build = args.flag("--no-build");
    let ours = match args.option("--python")? {
        Some(command) => Interpreter::named(&command)?,
        None => Interpreter::ours(!no_build)?,
    };
    args.rest()?;
    let deadline = Instant::now() + Duration::from_secs(seconds);
    let (mut run, mut different) = (0, 0);
    for seed in first..first + count {
        if Instant::now() > deadline {
            break;
        }
        run += 1;
        if let Some(difference) = compare(&reference, &ours, seed)? {
            different += 1;
            println!("seed {seed}: {difference}");
        }
    }
    println!("{run} programs, {different} differ");
    Ok(different == 0)
}

/// Generates and runs one program; the first difference, if there is one.
fn compare(reference: &Interpreter, ours: &Interpreter, seed: u64) -> Result<Option<String>, String> {
    let made = reference.run(GENERATOR, &plain(vec![seed.to_string()]))?;
    if made.end != End::Exit(0) {
        return Err(format!("{GENERATOR} {seed}: {}", made.stderr));
    }
    let folder = workspace::target().join("xtask/fuzz");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let path = folder.join(format!("{seed}.py"));
    fs::write(&path, &made.stdout).map_err(|error| format!("{}: {error}", path.display()))?;
    let file = path.to_string_lossy().into_owned();
    let want = reference.run(&file, &plain(Vec::new()))?;
    let got = ours.run(&file, &plain(Vec::new()))?;
    let (want, got) = (summary(&want), summary(&got));
    if want == got {
        let _ = fs::remove_file(&path);
        return Ok(None);
    }
    let line = want.lines().zip(got.lines()).position(|(a, b)| a != b);
    let line = line.unwrap_or_else(|| want.lines().count().min(got.lines().count()));
    let nth = |text: &str| text.lines().nth(line).unwrap_or("<end>").to_string();
    Ok(Some(format!(
        "{}\n    line {}\n      want {}\n      got  {}",
        path.display(),
        line + 1,
        nth(&want),
        nth(&got)
    )))
}

fn summary(outcome: &Outcome) -> String {
    match outcome.end {
        End::Exit(0) => outcome.stdout.clone(),
        end => format!("{}{end:?} {}", outcome.stdout, outcome.stderr.lines().last().unwrap_or_default()),
    }
}

fn plain(args: Vec<String>) -> Run {
    Run { options: Vec::new(), args, env: Vec::new(), limit: Duration::from_secs(20) }
}
