//! What happens to an exception that nobody handles, and the end of the process. CPython: `Python/pythonrun.c`.

/// Writes a line to standard error; nothing can be done when that fails.
macro_rules! error_line {
    ($($words:tt)*) => {{
        use std::io::Write;
        let _ = writeln!(std::io::stderr(), $($words)*);
    }};
}
pub(crate) use error_line;

use std::sync::atomic::{AtomicBool, Ordering};

use taipan_runtime::exception::print::write_str_to_stderr;
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

/// Keeps an exception for debuggers: `sys.last_exc` and what is older.
fn remember(cx: &mut Context, exception: Value, class: Value, traceback: Value) -> Result<()> {
    let sys = cx.import("sys")?;
    let values = [("exc", exception), ("type", class), ("value", exception), ("traceback", traceback)];
    values.iter().try_for_each(|(name, value)| cx.set_attr_str(sys, &format!("last_{name}"), *value))
}

/// Deals with an exception that reached the top: the exit status. In a frame of its own, so that it is forgotten.
#[inline(never)]
pub fn report(cx: &mut Context, raised: Raised) -> i32 {
    let exception = cx.take_exception(raised);
    if let Some(exit) = exception.downcast::<SystemExit>() {
        return exit_status(cx, exit.exit_code());
    }
    let class = cx.class_of(exception).value();
    let traceback = exception
        .downcast::<taipan_runtime::exception::BaseException>()
        .and_then(|body| body.traceback())
        .unwrap_or(Value::NONE);
    if let Err(raised) = remember(cx, exception, class, traceback) {
        cx.take_exception(raised);
    }
    let hook = cx.import("sys").and_then(|sys| cx.get_attr_str(sys, "excepthook"));
    let told =
        cx.audit("sys.excepthook", |_| [*hook.as_ref().unwrap_or(&Value::NONE), class, exception, traceback]);
    if let Err(raised) = told {
        // An audit hook that wants nothing to be shown raises a RuntimeError.
        if let Err(raised) = cx.swallow(raised, taipan_runtime::exception::runtime_error) {
            cx.unraisable(raised, "Exception ignored in audit hook", None);
        }
        return 1;
    }
    match hook {
        Ok(hook) => {
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
    if code.is_none() {
        return 0;
    }
    // CPython's `(int)PyLong_AsLong(code)`: of instances of subclasses too, and -1 for what no long holds.
    if taipan_runtime::types::int::is_int(code) {
        return taipan_runtime::types::int::to_i64(code).map_or(-1, |status| status as i32);
    }
    match cx.str(code) {
        Ok(text) => write_str_to_stderr(cx, text.concat(cx, cx.new_str("\n"))),
        Err(raised) => drop(cx.take_exception(raised)),
    }
    1
}
