//! Runs a child with a time limit and keeps what it wrote.
//!
//! Invariant: `run` never hangs. A child over its limit is killed with its whole process group.

use std::io::{self, Read};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// More output than this is thrown away; a runaway loop must not fill the memory.
const OUTPUT_LIMIT: usize = 16 << 20;

/// How a child ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum End {
    Exit(i32),
    Signal(i32),
    Timeout,
}

/// A child that has ended.
pub(crate) struct Outcome {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) end: End,
}

/// Runs `command` with no input until it ends or `limit` is over.
pub(crate) fn run(command: &mut Command, limit: Duration) -> Result<Outcome, String> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
    let mut child = command.spawn().map_err(|error| format!("{:?}: {error}", command.get_program()))?;
    let stdout = drain(child.stdout.take().expect("piped above"));
    let stderr = drain(child.stderr.take().expect("piped above"));
    let start = Instant::now();
    let mut pause = Duration::from_micros(500);
    let end = loop {
        match child.try_wait() {
            Ok(Some(status)) => break end_of(status),
            Ok(None) if start.elapsed() > limit => {
                kill_group(child.id());
                let _ = child.wait();
                break End::Timeout;
            }
            Ok(None) => thread::sleep(pause),
            Err(error) => return Err(format!("wait: {error}")),
        }
        pause = (pause * 2).min(Duration::from_millis(10));
    };
    Ok(Outcome { stdout: text(stdout), stderr: text(stderr), end })
}

fn end_of(status: ExitStatus) -> End {
    match (status.code(), status.signal()) {
        (Some(code), _) => End::Exit(code),
        (None, Some(signal)) => End::Signal(signal),
        (None, None) => unreachable!("a waited child has exited or was killed"),
    }
}

/// The `kill` command spares us a system call of our own, and with it `unsafe`.
fn kill_group(leader: u32) {
    let group = format!("-{leader}");
    let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
}

fn drain(mut pipe: impl Read + Send + 'static) -> thread::JoinHandle<io::Result<Vec<u8>>> {
    thread::spawn(move || {
        let mut kept = Vec::new();
        let mut chunk = vec![0; 64 << 10];
        loop {
            match pipe.read(&mut chunk)? {
                0 => return Ok(kept),
                n => {
                    let room = OUTPUT_LIMIT.saturating_sub(kept.len());
                    kept.extend_from_slice(&chunk[..n.min(room)]);
                }
            }
        }
    })
}

fn text(reader: thread::JoinHandle<io::Result<Vec<u8>>>) -> String {
    let bytes = reader.join().ok().and_then(Result::ok).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::{End, run};
    use std::process::Command;
    use std::time::{Duration, Instant};

    fn shell(script: &str, limit: Duration) -> (String, String, End) {
        let outcome = run(Command::new("sh").args(["-c", script]), limit).unwrap();
        (outcome.stdout, outcome.stderr, outcome.end)
    }

    #[test]
    fn output_and_end_are_kept() {
        let long = Duration::from_secs(20);
        let want = ("out\n".to_string(), "err\n".to_string(), End::Exit(3));
        assert_eq!(shell("echo out; echo err >&2; exit 3", long), want);
        assert_eq!(shell("kill -9 $$", long).2, End::Signal(9));
    }

    #[test]
    fn a_child_over_its_limit_is_killed_with_its_children() {
        let start = Instant::now();
        let (stdout, _, end) = shell("echo before; sleep 60 & sleep 60", Duration::from_millis(100));
        assert_eq!((stdout.as_str(), end), ("before\n", End::Timeout));
        assert!(start.elapsed() < Duration::from_secs(30));
    }
}
