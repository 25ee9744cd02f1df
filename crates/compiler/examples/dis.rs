//! Prints the code of Python files; with `-q`, only whether they compile and pass the verifier.
//! Invariant: a tool for people; nothing depends on it.

#![allow(clippy::print_stdout)]

use taipan_compiler::{Mode, Options, compile};

fn main() {
    let mut quiet = false;
    let mut failed = 0;
    for path in std::env::args().skip(1) {
        if path == "-q" {
            quiet = true;
            continue;
        }
        let text = match std::fs::read(&path) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) => {
                println!("{path}: {error}");
                continue;
            }
        };
        // One bad file must not hide the others.
        let result = std::panic::catch_unwind(|| compile(&text, &Options::new(Mode::Exec, &path)));
        let Ok(result) = result else {
            println!("{path}: PANIC");
            failed += 1;
            continue;
        };
        match result {
            Err(error) => {
                println!("{path}:{}:{}: {}", error.line, error.column, error.message);
                failed += 1;
            }
            Ok(compiled) => {
                if !quiet {
                    print!("{}", taipan_bytecode::disassemble(&compiled.code));
                    for warning in &compiled.warnings {
                        println!("warning, line {}: {}", warning.line, warning.message);
                    }
                }
                if let Err(error) = taipan_bytecode::verify(&compiled.code) {
                    println!("{path}: NOT VERIFIED: {error}");
                    failed += 1;
                }
            }
        }
    }
    std::process::exit((failed > 0) as i32);
}
