//! `cargo xtask bench`: the programs under `benches` under several interpreters.
//!
//! A program prints lines `NAME SECONDS`, best times: one line those of `benches/micro`, one for each statement those
//! of `benches/tables`. Invariant: rounds are interleaved (every
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
    let mut programs = workspace::files("benches", ".py");
    programs.retain(|path| match filters.is_empty() {
        true => path.starts_with("benches/micro"),
        false => filters.iter().any(|filter| path.contains(filter.as_str())),
    });
    for (index, interpreter) in interpreters.iter().enumerate() {
        println!("[{index}] {}", interpreter.name());
    }
    let mut ratios = vec![Vec::new(); interpreters.len()];
    for path in &programs {
        let best: Vec<Times> = measure(&interpreters, path, rounds);
        for name in names(&best, path) {
            let times: Vec<_> = best.iter().map(|times| time_of(times, &name)).collect();
            print_line(&name, &times, &mut ratios);
        }
    }
    print!("{:<24}", "geometric mean");
    for ratios in &ratios {
        print!("{:>22}", mean(ratios).map_or("-".to_string(), |mean| format!("{mean:.2}x")));
    }
    println!();
    Ok(true)
}

/// The times that a program prints, by name in the order of its lines, or why there are none.
type Times = Result<Vec<(String, f64)>, String>;

/// The best times of each interpreter.
fn measure(interpreters: &[Interpreter], path: &str, rounds: u64) -> Vec<Times> {
    let mut best: Vec<Times> = vec![Ok(Vec::new()); interpreters.len()];
    for _ in 0..rounds {
        for (interpreter, best) in interpreters.iter().zip(&mut best) {
            if let Ok(so_far) = best {
                match once(interpreter, path) {
                    Ok(times) => keep_best(so_far, times),
                    Err(problem) => *best = Err(problem),
                }
            }
        }
    }
    best
}

fn keep_best(so_far: &mut Vec<(String, f64)>, times: Vec<(String, f64)>) {
    for (name, time) in times {
        match so_far.iter_mut().find(|(known, _)| *known == name) {
            Some((_, best)) => *best = best.min(time),
            None => so_far.push((name, time)),
        }
    }
}

fn once(interpreter: &Interpreter, path: &str) -> Times {
    let run = Run { options: Vec::new(), args: Vec::new(), env: Vec::new(), limit: Duration::from_secs(900) };
    let outcome = interpreter.run(path, &run)?;
    if outcome.end != End::Exit(0) {
        return Err(outcome.stderr.lines().last().unwrap_or("failed").to_string());
    }
    outcome.stdout.lines().map(|line| parse_line(line).ok_or(format!("no time in {line:?}"))).collect()
}

fn parse_line(line: &str) -> Option<(String, f64)> {
    let (name, time) = line.split_once(' ')?;
    Some((name.to_string(), time.parse().ok()?))
}

/// The names in the lines of whoever ran to the end; the file's name when nobody did.
fn names(best: &[Times], path: &str) -> Vec<String> {
    let file = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".py");
    match best.iter().find_map(|times| times.as_ref().ok()) {
        Some(times) => times.iter().map(|(name, _)| name.clone()).collect(),
        None => vec![file.to_string()],
    }
}

fn time_of(times: &Times, name: &str) -> Result<f64, String> {
    let times = times.as_ref().map_err(String::clone)?;
    times.iter().find(|(known, _)| known == name).map(|(_, time)| *time).ok_or("no such line".to_string())
}

fn print_line(name: &str, best: &[Result<f64, String>], ratios: &mut [Vec<f64>]) {
    print!("{name:<24}");
    let base = best.first().and_then(|first| first.as_ref().ok()).copied();
    for (time, ratios) in best.iter().zip(ratios) {
        match (time, base) {
            (Ok(time), Some(base)) => {
                ratios.push(time / base);
                print!("{:>16} {:>5.2}x", shown(*time), time / base);
            }
            (Ok(time), None) => print!("{:>16}      -", shown(*time)),
            (Err(problem), _) => print!("{:>22}", problem.chars().take(20).collect::<String>()),
        }
    }
    println!();
}

/// A time with a unit that suits it.
fn shown(seconds: f64) -> String {
    match seconds {
        s if s < 1e-5 => format!("{:.1} ns", s * 1e9),
        s if s < 1e-2 => format!("{:.1} us", s * 1e6),
        s => format!("{:.1} ms", s * 1e3),
    }
}

fn mean(ratios: &[f64]) -> Option<f64> {
    (!ratios.is_empty())
        .then(|| (ratios.iter().map(|ratio| ratio.ln()).sum::<f64>() / ratios.len() as f64).exp())
}
