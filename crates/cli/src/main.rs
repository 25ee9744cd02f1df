//! The `taipan` command: reads its arguments, brings the machine up, runs a program, brings it down.
//! CPython: `Programs/python.c`, `Modules/main.c`.
//! Invariant: Python runs on the process's first thread, on a native stack that is large enough for deep recursion.

mod arguments;
mod environment;
mod executable;
mod finish;
mod run;
mod site;
mod wiring;

use std::panic::AssertUnwindSafe;
use std::process::ExitCode;

/// Native stack of the program: four times what CPython has by default, since our calls of natives nest in larger
/// frames. More only delays the end of a runaway recursion.
const NATIVE_STACK: usize = 32 << 20;

pub fn main() -> ExitCode {
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
    if let Err(words) = environment::apply(&mut options) {
        eprintln!("Fatal Python error: {words}\nPython runtime state: preinitialized\n");
        return ExitCode::FAILURE;
    }
    options.closed_streams = taipan_host::close_missing_streams();
    executable::find(&mut options, &std::env::args_os().next().unwrap_or_default());
    taipan_interp::set_options(options);
    // The process's first thread runs Python, since the system prefers it for signals; its own stack is small.
    let run = || {
        let top = 0u8;
        let top = (&raw const top).addr();
        let low = top - stacker::remaining_stack().unwrap_or(NATIVE_STACK).min(top);
        run::main(program, low..top + 1)
    };
    let status = std::panic::catch_unwind(AssertUnwindSafe(|| stacker::grow(NATIVE_STACK, run)));
    ExitCode::from(status.unwrap_or(134) as u8)
}
