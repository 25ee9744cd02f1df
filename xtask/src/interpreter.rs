//! The interpreter under test: ours, or any other that takes `CMD [OPTIONS] FILE [ARGS]`.
//!
//! Invariant: what a test sees of its surroundings is the same on every machine: no `PYTHON*` variable of
//! the user, UTC, a UTF-8 locale, no colours, an empty working directory of its own.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::process::{self, End, Outcome};
use crate::workspace;

/// A command that runs Python files.
#[derive(Clone)]
pub(crate) struct Interpreter {
    words: Vec<String>,
    extra_env: Vec<(String, String)>,
}

/// Which of the builds of this workspace.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Build {
    Development,
    Optimised,
    /// The development build on the auditor's allocator.
    Audited,
}

impl Interpreter {
    /// `CMD`, split at spaces.
    pub(crate) fn named(command: &str) -> Result<Self, String> {
        let words: Vec<String> = command.split_whitespace().map(str::to_string).collect();
        if words.is_empty() {
            return Err("--python needs a command".to_string());
        }
        Ok(Interpreter { words, extra_env: Vec::new() })
    }

    /// The development build of this workspace, built first unless `build` is false.
    pub(crate) fn ours(build: bool) -> Result<Self, String> {
        Interpreter::built(Build::Development, build)
    }

    /// The optimised build, which must be there.
    pub(crate) fn optimised() -> Result<Self, String> {
        Interpreter::built(Build::Optimised, false)
    }

    /// A build of this workspace, built first unless `build` is false.
    pub(crate) fn built(which: Build, build: bool) -> Result<Self, String> {
        let (options, binary): (&[&str], &str) = match which {
            Build::Development => (&[], "debug/taipan"),
            Build::Optimised => (&["--release"], "release/taipan"),
            Build::Audited => (&["--features", "audit", "--bin", "taipan-audited"], "debug/taipan-audited"),
        };
        if build {
            let mut command = Command::new(cargo());
            command.args(["build", "--quiet", "--package", "taipan-cli"]).args(options);
            match command.status() {
                Ok(status) if status.success() => {}
                Ok(_) => return Err("taipan does not build".to_string()),
                Err(error) => return Err(format!("cargo: {error}")),
            }
        }
        let binary = workspace::target().join(binary);
        Ok(Interpreter { words: vec![binary.to_string_lossy().into_owned()], extra_env: Vec::new() })
    }

    /// The same with options before those of the tests.
    pub(crate) fn with_options(mut self, options: &[&str]) -> Self {
        self.words.extend(options.iter().map(|option| option.to_string()));
        self
    }

    /// The same with one more environment variable.
    pub(crate) fn with_env(mut self, name: &str, value: &str) -> Self {
        self.extra_env.push((name.to_string(), value.to_string()));
        self
    }

    /// The command as its user wrote it.
    pub(crate) fn name(&self) -> String {
        self.words.join(" ")
    }

    /// Runs `file` (a path from the root) in a fresh working directory.
    pub(crate) fn run(&self, file: &str, run: &Run) -> Result<Outcome, String> {
        let scratch = Scratch::new()?;
        let mut command = Command::new(&self.words[0]);
        for (name, _) in env::vars_os() {
            if name.to_string_lossy().starts_with("PYTHON") {
                command.env_remove(name);
            }
        }
        command
            .args(&self.words[1..])
            .args(&run.options)
            .arg(workspace::root().join(file))
            .args(&run.args)
            .current_dir(&scratch.path)
            .envs([("LC_ALL", "C.UTF-8"), ("TZ", "UTC"), ("COLUMNS", "80"), ("NO_COLOR", "1")])
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .envs(run.env.iter().map(|(name, value)| (name, value)))
            .envs(self.extra_env.iter().map(|(name, value)| (name, value)));
        let mut outcome = process::run(&mut command, run.limit)?;
        outcome.stdout = scratch.normalise(&outcome.stdout);
        outcome.stderr = scratch.normalise(&outcome.stderr);
        Ok(outcome)
    }

    /// Whether it can run an empty program at all.
    pub(crate) fn answers(&self) -> Result<(), String> {
        let mut command = Command::new(&self.words[0]);
        command.args(&self.words[1..]).args(["-c", "pass"]).stdout(Stdio::null());
        match process::run(&mut command, Duration::from_secs(20))?.end {
            End::Exit(0) => Ok(()),
            end => Err(format!("{} does not run an empty program: {end:?}", self.name())),
        }
    }
}

/// How to run one file.
pub(crate) struct Run {
    /// Options before the file.
    pub(crate) options: Vec<String>,
    /// Arguments after the file.
    pub(crate) args: Vec<String>,
    pub(crate) env: Vec<(String, String)>,
    pub(crate) limit: Duration,
}

/// Cargo, as it called us.
pub(crate) fn cargo() -> String {
    env::var("CARGO").unwrap_or_else(|_| "cargo".to_string())
}

/// A working directory that is removed when the test has ended.
struct Scratch {
    path: PathBuf,
}

impl Scratch {
    fn new() -> Result<Self, String> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("scratch-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = workspace::target().join("xtask").join(name);
        fs::create_dir_all(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Scratch { path })
    }

    /// Takes the machine out of an output: paths become relative to the root, or to `<cwd>`.
    fn normalise(&self, text: &str) -> String {
        let root = format!("{}/", workspace::root().display());
        text.replace(&*self.path.to_string_lossy(), "<cwd>").replace(&root, "")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}
