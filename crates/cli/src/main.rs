//! The `taipan` command: reads its arguments, brings the machine up, runs a program, brings it down.
//! CPython: `Programs/python.c`, `Modules/main.c`.
//! Invariant: Python runs on a thread of its own, whose native stack is large enough for deep recursion.

mod arguments;
mod environment;
mod run;
mod wiring;

use std::process::ExitCode;

/// Native stack of the thread that runs the program.
const NATIVE_STACK: usize = 256 << 20;

fn main() -> ExitCode {
    let (mut options, program) = match arguments::parse(std::env::args_os()) {
        Ok(parsed) => parsed,
        Err(arguments::Stop::Print(text)) => {
            #[allow(clippy::print_stdout, reason = "what -V and -h are for")]
            {
                print!("{text}");
            }
            return ExitCode::SUCCESS;
        }
        Err(arguments::Stop::Usage(text)) => {
            eprintln!("{text}");
            return ExitCode::from(2);
        }
    };
    environment::apply(&mut options);
    taipan_interp::set_options(options);
    let thread = std::thread::Builder::new().name("main".to_owned()).stack_size(NATIVE_STACK);
    let status = match thread.spawn(move || run::main(program, NATIVE_STACK)) {
        Ok(thread) => thread.join().unwrap_or(134),
        Err(error) => {
            eprintln!("taipan: cannot start a thread: {error}");
            1
        }
    };
    ExitCode::from(status as u8)
}
