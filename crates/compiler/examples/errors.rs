//! Reads programs as JSON-like lines of Rust-escaped strings and prints how each is refused, to be compared with CPython.
//! Invariant: a tool for people; nothing depends on it.

#![allow(clippy::print_stdout)]

use taipan_compiler::{Mode, Options, compile};

fn main() {
    for path in std::env::args().skip(1) {
        let all = std::fs::read_to_string(&path).unwrap_or_default();
        for text in all.split('\u{1}') {
            match std::panic::catch_unwind(|| compile(text, &Options::new(Mode::Exec, "<s>"))) {
                Err(_) => println!("PANIC"),
                Ok(Ok(_)) => println!("None"),
                Ok(Err(e)) => println!(
                    "{:?}\u{1}{}\u{1}{}\u{1}{}\u{1}{}\u{1}{}\u{1}{:?}",
                    e.kind, e.message, e.line, e.column, e.end_line, e.end_column, e.text
                ),
            }
        }
    }
}
