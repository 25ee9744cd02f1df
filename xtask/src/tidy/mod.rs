//! `cargo xtask tidy`: the rules of ARCHITECTURE.md and STYLE.md that a program can check.
//!
//! Invariant: one file per family of rules, each a function from the tracked files to problems.

mod headers;
mod layers;
mod lengths;
mod places;
mod recordings;
mod registries;
mod roots;
mod unsafe_code;

use crate::args::Args;
use crate::source;
use crate::workspace;

pub(crate) use unsafe_code::count as count_unsafe;

/// A tracked Rust file.
pub(crate) struct RustFile {
    pub(crate) path: String,
    pub(crate) text: String,
    /// The text without comments and literals.
    pub(crate) code: String,
}

/// `cargo xtask tidy`.
pub(crate) fn task(mut args: Args) -> Result<bool, String> {
    let update = args.flag("--update");
    args.rest()?;
    if update {
        let files = rust_files(&workspace::tracked()?)?;
        unsafe_code::update(&files)?;
        lengths::update(&files)?;
    }
    let problems = check()?;
    problems.iter().for_each(|problem| println!("{problem}"));
    println!("tidy: {} problems", problems.len());
    Ok(problems.is_empty())
}

/// Every problem, as `path:line: what is wrong`.
pub(crate) fn check() -> Result<Vec<String>, String> {
    let tracked = workspace::tracked()?;
    let files = rust_files(&tracked)?;
    let mut problems = layers::check(&tracked)?;
    problems.extend(headers::check(&files));
    problems.extend(unsafe_code::check(&files)?);
    problems.extend(lengths::check(&files)?);
    problems.extend(places::check(&tracked));
    problems.extend(registries::check(&files));
    problems.extend(roots::check(&files));
    problems.extend(recordings::check(&tracked)?);
    Ok(problems)
}

/// The tracked Rust files, read and lexed.
pub(crate) fn rust_files(tracked: &[String]) -> Result<Vec<RustFile>, String> {
    let rust = tracked.iter().filter(|path| path.ends_with(".rs"));
    rust.map(|path| {
        let text = workspace::read(path)?;
        let code = source::code_only(&text);
        Ok(RustFile { path: path.clone(), text, code })
    })
    .collect()
}

/// A budget file: `N  PATH` lines.
fn budget(file: &str) -> Result<std::collections::BTreeMap<String, usize>, String> {
    let mut list = std::collections::BTreeMap::new();
    for line in workspace::read(file)?.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let parsed =
            line.split_once("  ").and_then(|(n, path)| Some((path.to_string(), n.trim().parse().ok()?)));
        let (path, n) = parsed.ok_or(format!("{file}: cannot read {line:?}"))?;
        list.insert(path, n);
    }
    Ok(list)
}
