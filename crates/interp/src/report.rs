//! What happens to an exception that nobody handles, and the end of the process. CPython: `Python/pythonrun.c`.

/// Writes a line to standard error; nothing can be done when that fails.
macro_rules! error_line {
    ($($words:tt)*) => {{
        use std::io::Write;
        let _ = writeln!(std::io::stderr(), $($words)*);
    }};
}

use std::sync::atomic::{AtomicBool, Ordering};

use taipan_runtime::exception::stop_iteration::SystemExit;
use taipan_runtime::prelude::*;

static FINALIZING: AtomicBool = AtomicBool::new(false);

/// Is the interpreter shutting down?
pub fn is_finalizing() -> bool {
    FINALIZING.load(Ordering::Relaxed)
}

/// From here on it is.
pub fn set_finalizing() {
    FINALIZING.store(true, Ordering::Relaxed);
}

/// Prints an exception with its traceback to `sys.stderr`.
pub fn print_exception(cx: &mut Context, exception: Value) {
    taipan_runtime::exception::print::display(cx, exception);
}

/// Deals with an exception that reached the top: the exit status.
pub fn report(cx: &mut Context, raised: Raised) -> i32 {
    let exception = cx.take_exception(raised);
    if let Some(exit) = exception.downcast::<SystemExit>() {
        return exit_status(cx, exit.exit_code());
    }
    let hook = cx.import("sys").and_then(|sys| cx.get_attr_str(sys, "excepthook"));
    match hook {
        Ok(hook) => {
            let class = cx.class_of(exception).value();
            let traceback = exception
                .downcast::<taipan_runtime::exception::BaseException>()
                .and_then(|body| body.traceback())
                .unwrap_or(Value::NONE);
            if let Err(raised) = cx.call(hook, &[class, exception, traceback]) {
                let second = cx.take_exception(raised);
                if let Some(exit) = second.downcast::<SystemExit>() {
                    return exit_status(cx, exit.exit_code());
                }
                error_line!("Error in sys.excepthook:");
                print_exception(cx, second);
                error_line!("\nOriginal exception was:");
                print_exception(cx, exception);
            }
        }
        Err(raised) => {
            cx.take_exception(raised);
            print_exception(cx, exception);
        }
    }
    1
}

fn exit_status(cx: &mut Context, code: Value) -> i32 {
    match code {
        Value::NONE => 0,
        Value::TRUE => 1,
        Value::FALSE => 0,
        _ => match code.as_small_int() {
            Some(status) => status as i32,
            None if taipan_runtime::types::int::is_int(code) => -1,
            None => {
                match cx.str(code) {
                    Ok(text) => error_line!("{}", text.to_str()),
                    Err(raised) => drop(cx.take_exception(raised)),
                }
                1
            }
        },
    }
}
