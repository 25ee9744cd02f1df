//! Crates import one way.
//!
//! Invariant: the table names every crate; a crate that is not in it is a problem, so adding one means
//! deciding where it stands.

use crate::workspace;

/// Crate, and the crates of ours that it may name.
const LAYERS: &[(&str, &[&str])] = &[
    ("macros", &[]),
    ("unicode", &[]),
    ("xml", &[]),
    ("num", &["unicode"]),
    ("syntax", &["unicode"]),
    ("bytecode", &[]),
    ("gc", &[]),
    ("compiler", &["bytecode", "num", "syntax", "unicode"]),
    ("library", &["bytecode", "compiler"]),
    ("runtime", &["bytecode", "gc", "macros", "num", "unicode"]),
    ("interp", &["bytecode", "compiler", "gc", "macros", "num", "runtime", "syntax", "unicode"]),
    ("stdlib", &["macros", "num", "runtime", "unicode", "xml"]),
    ("host", &["macros", "num", "runtime", "unicode"]),
    ("tls", &["host", "macros", "runtime"]),
    ("sqlite", &["host", "macros", "runtime"]),
    (
        "cli",
        &[
            "bytecode", "compiler", "gc", "host", "interp", "library", "num", "runtime", "sqlite", "stdlib",
            "syntax", "tls", "unicode",
        ],
    ),
];

pub(super) fn check(tracked: &[String]) -> Result<Vec<String>, String> {
    let mut problems = Vec::new();
    let manifests =
        tracked.iter().filter(|path| path.starts_with("crates/") && path.ends_with("/Cargo.toml"));
    for path in manifests {
        let name = path.trim_start_matches("crates/").trim_end_matches("/Cargo.toml");
        let Some((_, allowed)) = LAYERS.iter().find(|(layer, _)| *layer == name) else {
            problems.push(format!("{path}: {name} has no row in xtask/src/tidy/layers.rs"));
            continue;
        };
        for (line, used) in own_dependencies(&workspace::read(path)?) {
            if !allowed.contains(&used.as_str()) {
                problems.push(format!("{path}:{line}: {name} must not import {used}"));
            }
        }
    }
    Ok(problems)
}

/// Our crates under `[dependencies]` and `[build-dependencies]`; tests may look further.
fn own_dependencies(manifest: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut counts = false;
    for (index, line) in manifest.lines().enumerate() {
        if line.starts_with('[') {
            counts = matches!(line.trim(), "[dependencies]" | "[build-dependencies]")
                || line.ends_with(".dependencies]") && line.starts_with("[target.");
        } else if counts && let Some(rest) = line.strip_prefix("taipan-") {
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '-').collect();
            found.push((index + 1, name));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{LAYERS, own_dependencies};

    #[test]
    fn only_what_is_built_in_counts() {
        let manifest = "[dependencies]\ntaipan-gc.workspace = true\nlibc = \"0.2\"\n[dev-dependencies]\ntaipan-cli = {}\n\
                        [build-dependencies]\ntaipan-compiler.workspace = true\n";
        assert_eq!(own_dependencies(manifest), [(2, "gc".to_string()), (7, "compiler".to_string())]);
    }

    #[test]
    fn the_table_goes_one_way() {
        for (at, (name, below)) in LAYERS.iter().enumerate() {
            for lower in *below {
                let row = LAYERS.iter().position(|(other, _)| other == lower);
                assert!(
                    row.is_some_and(|row| row < at),
                    "{name} imports {lower}, which is not above it in the table"
                );
            }
        }
    }
}
