//! Brings up one VM for the tests of a file and gives each test a context of its own.
#![allow(dead_code, reason = "each test file uses some of it")]

use std::sync::Once;

use taipan_num::siphash::HashKey;
use taipan_runtime::hooks::Hooks;
use taipan_runtime::vm::{BootOptions, boot};
use taipan_runtime::{Context, Value};

const STACK: usize = 1 << 20;

fn hooks() -> Hooks {
    Hooks {
        import: |cx, name| Err(cx.import_error(format!("No module named '{name}'"))),
        clear_instance_caches: || {},
        run_signal_handlers: |_| Ok(()),
        source_line: |_, _, _| None,
        current_globals: |_| None,
        place: |_| 0,
        walk_stack: |_, _| {},
        variables: |_, _| Ok(None),
        super_arguments: |cx| Err(cx.runtime_error("super(): no arguments")),
    }
}

/// Runs a test with a context. The first one boots the VM.
pub fn with_context<R>(test: impl FnOnce(&mut Context) -> R) -> R {
    static BOOT: Once = Once::new();
    let mut booted = None;
    BOOT.call_once(|| {
        let here = (&raw const booted).addr();
        let native_stack = here - STACK..here + 1;
        let options = BootOptions { hash_key: HashKey::from_seed(0), vm_stack_bytes: STACK, native_stack };
        booted = Some(boot(&options, hooks()));
    });
    let mut cx = booted.unwrap_or_else(|| Context::attach(STACK, STACK));
    test(&mut cx)
}

/// Small ints as values.
pub fn ints(numbers: impl IntoIterator<Item = i64>) -> Vec<Value> {
    numbers.into_iter().map(Value::int).collect()
}

/// Values that are small ints.
pub fn numbers(values: impl IntoIterator<Item = Value>) -> Vec<i64> {
    values.into_iter().map(|value| value.as_small_int().expect("a small int")).collect()
}

/// Asserts that `result` is an error whose `str` is `message`.
#[track_caller]
pub fn assert_raises<T: std::fmt::Debug>(cx: &mut Context, result: taipan_runtime::Result<T>, message: &str) {
    let raised = result.expect_err("an exception");
    let exception = cx.take_exception(raised);
    let text = cx.str(exception).expect("a text");
    assert_eq!(text.to_str(), message);
}
