//! `cargo xtask bench`: the programs under `benches/micro` under several interpreters.
//!
//! A program prints one line, `NAME SECONDS`, its best time. Invariant: rounds are interleaved (every
//! interpreter once, then again), so that a slow minute of the machine hits all of them alike.

use std::time::Duration;

use crate::args::Args;
use crate::interpreter::{Interpreter, Run};
use crate::process::End;
use crate::workspace;

/// `cargo xtask bench`.
pub(crate) fn task(mut args: Args) -> Result<bool, String> {
    let rounds = args.number("--rounds")?.unwrap_or(5).max(1);
    let commands = args.options("--python")?;
    let filters = args.rest()?;
    if commands.is_empty() {
        return Err("name the interpreters: --python CMD, the first one is the base".to_string());
    }
    let interpreters: Vec<Interpreter> =
        commands.iter().map(|c| Interpreter::named(c)).collect::<Result<_, _>>()?;
    let mut programs = workspace::files("benches/micro", ".py");
    programs.retain(|path| filters.is_empty() || filters.iter().any(|filter| path.contains(filter.as_str())));
    for (index, interpreter) in interpreters.iter().enumerate() {
        println!("[{index}] {}", interpreter.name());
    }
    let mut ratios = vec![Vec::new(); interpreters.len()];
    for path in &programs {
        let best = measure(&interpreters, path, rounds);
        print_line(path, &best, &mut ratios);
    }
    print!("{:<24}", "geometric mean");
    for ratios in &ratios {
        print!("{:>22}", mean(ratios).map_or("-".to_string(), |mean| format!("{mean:.2}x")));
    }
    println!();
    Ok(true)
}

/// The best time of each interpreter, or why there is none.
fn measure(interpreters: &[Interpreter], path: &str, rounds: u64) -> Vec<Result<f64, String>> {
    let mut best: Vec<Result<f64, String>> = vec![Ok(f64::INFINITY); interpreters.len()];
    for _ in 0..rounds {
        for (interpreter, best) in interpreters.iter().zip(&mut best) {
            if let Ok(so_far) = *best {
                *best = once(interpreter, path).map(|time| time.min(so_far));
            }
        }
    }
    best
}

fn once(interpreter: &Interpreter, path: &str) -> Result<f64, String> {
    let run = Run { options: Vec::new(), args: Vec::new(), env: Vec::new(), limit: Duration::from_secs(300) };
    let outcome = interpreter.run(path, &run)?;
    if outcome.end != End::Exit(0) {
        return Err(outcome.stderr.lines().last().unwrap_or("failed").to_string());
    }
    let time = outcome.stdout.split_whitespace().last().and_then(|word| word.parse().ok());
    time.ok_or(format!("no time in {:?}", outcome.stdout))
}

fn print_line(path: &str, best: &[Result<f64, String>], ratios: &mut [Vec<f64>]) {
    let name = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".py");
    print!("{name:<24}");
    let base = best.first().and_then(|first| first.as_ref().ok()).copied();
    for (time, ratios) in best.iter().zip(ratios) {
        match (time, base) {
            (Ok(time), Some(base)) => {
                ratios.push(time / base);
                print!("{:>13.2} ms {:>5.2}x", time * 1e3, time / base);
            }
            (Ok(time), None) => print!("{:>13.2} ms      -", time * 1e3),
            (Err(problem), _) => print!("{:>22}", problem.chars().take(20).collect::<String>()),
        }
    }
    println!();
}

fn mean(ratios: &[f64]) -> Option<f64> {
    (!ratios.is_empty())
        .then(|| (ratios.iter().map(|ratio| ratio.ln()).sum::<f64>() / ratios.len() as f64).exp())
}
