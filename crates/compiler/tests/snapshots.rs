//! Compares disassemblies and syntax errors with what is recorded. `UPDATE=1 cargo test -p taipan-compiler` records.
//! Invariant: recorded errors are CPython 3.14's words and positions (a single caret has its end at its start).

use std::fmt::Write;
use std::path::{Path, PathBuf};

use taipan_compiler::{Mode, Options, compile};

/// Line 1 of every recorded file.
const HEAD: &str = "# recorded by: UPDATE=1 cargo test -p taipan-compiler --test snapshots\n";

fn files(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).expect("the snapshots are there") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "py") {
            found.push(path);
        }
    }
}

fn check(area: &str, show: impl Fn(&str) -> String) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/snapshots").join(area);
    let mut found = Vec::new();
    files(&root, &mut found);
    found.sort();
    assert!(!found.is_empty());
    let mut different = Vec::new();
    for path in found {
        let source = std::fs::read_to_string(&path).expect("readable");
        let shown = format!("{HEAD}{}", show(&source));
        let recorded = path.with_extension("exp");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&recorded, shown).expect("writable");
        } else if std::fs::read_to_string(&recorded).ok().as_deref() != Some(&shown) {
            different.push(path.strip_prefix(&root).expect("below").display().to_string());
        }
    }
    assert!(different.is_empty(), "not as recorded: {different:?}");
}

#[test]
fn bytecode() {
    check("bytecode", |source| match compile(source, &Options::new(Mode::Exec, "case.py")) {
        Err(error) => format!("{error:?}\n"),
        Ok(compiled) => {
            assert_eq!(taipan_bytecode::verify(&compiled.code), Ok(()));
            let mut out = taipan_bytecode::disassemble(&compiled.code);
            for warning in compiled.warnings {
                let _ = writeln!(out, "warning, line {}: {}", warning.line, warning.message);
            }
            out
        }
    });
}

/// Programs are separated by lines `# ---`.
#[test]
fn syntax_errors() {
    check("syntax_error", |source| {
        let mut out = String::new();
        for program in source.split("# ---\n") {
            let program = program.trim_end_matches('\n');
            let said = match compile(program, &Options::new(Mode::Exec, "case.py")) {
                Ok(_) => "accepted".to_owned(),
                Err(e) => {
                    format!(
                        "{:?} {}:{}-{}:{} {}",
                        e.kind, e.line, e.column, e.end_line, e.end_column, e.message
                    )
                }
            };
            let _ = writeln!(out, "{program:?}\n    {said}");
        }
        out
    });
}

#[test]
fn deep_nesting_does_not_overflow() {
    let compiles =
        |source: &str| compile(source, &Options::new(Mode::Exec, "case.py")).map(|c| c.code.words.len());
    assert!(compiles(&["a"; 20_000].join("+")).is_ok());
    assert!(compiles(&["1"; 20_000].join("+")).is_ok());
    assert!(compiles(&format!("x = {}", ["a"; 5_000].join(" if b else "))).is_ok());
    assert!(compiles(&format!("x = {}a", "not ".repeat(10_000))).is_ok());
    assert!(compiles(&format!("x = a{}", ".b".repeat(10_000))).is_ok());
    let refused = compile(&"(".repeat(1_000_000), &Options::new(Mode::Exec, "case.py")).unwrap_err();
    assert_eq!(refused.message, "too many nested parentheses");
}

#[test]
fn surrogates_survive() {
    let compiled = compile("x = '\\ud800\\udc00\u{fffd}'", &Options::new(Mode::Exec, "case.py")).unwrap();
    let texts: Vec<Vec<u32>> = compiled
        .code
        .consts
        .iter()
        .filter_map(|value| match value {
            taipan_bytecode::Const::Str(text) => Some(text.code_points().collect()),
            _ => None,
        })
        .collect();
    assert_eq!(texts, [[0xD800, 0xDC00, 0xFFFD]]);
}
