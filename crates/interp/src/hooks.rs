//! What the runtime asks of the interpreter. CPython: `super_init_without_args`, `PyEval_GetGlobals`.

use taipan_bytecode::LocalKind;
use taipan_runtime::hooks::Hooks;
use taipan_runtime::prelude::*;
use taipan_runtime::types::cell::Cell;

use crate::frame::Frame;

/// The hooks of this crate; signals are the host's.
pub fn hooks(run_signal_handlers: fn(&mut Context) -> Result<()>) -> Hooks {
    Hooks {
        import: crate::import::import_by_name,
        clear_instance_caches: crate::cache::clear_instance_caches,
        run_signal_handlers,
        source_line: crate::import::source::line_of_file,
        current_globals,
        place,
        walk_stack: crate::stacks::walk,
        variables: crate::types::locals_proxy::variables,
        super_arguments,
    }
}

fn place(cx: &Context) -> u64 {
    let Some(frame) = Frame::top(cx) else { return 0 };
    let caller = frame.previous().map_or(0, |caller| caller.saved_pc().bits());
    frame.saved_pc().bits().rotate_left(32) ^ caller
}

fn current_globals(cx: &Context) -> Option<Value> {
    Frame::top(cx).map(|frame| frame.private().globals().value())
}

/// (object, class) of `super()` without arguments in the calling frame.
fn super_arguments(cx: &mut Context) -> Result<(Value, Value)> {
    let Some(frame) = Frame::top(cx) else { return Err(cx.runtime_error("super(): no current frame")) };
    let code = frame.private().code();
    let data = code.data();
    if data.arg_count == 0 {
        return Err(cx.runtime_error("super(): no arguments"));
    }
    let first = match frame.get(0) {
        Some(value) if data.locals.first().is_some_and(|local| local.kind == LocalKind::Cell) => {
            value.downcast::<Cell>().and_then(|cell| cell.get())
        }
        first => first,
    };
    let Some(first) = first else { return Err(cx.runtime_error("super(): arg[0] deleted")) };
    let position = data.free_variables().find(|(_, name)| &***name == "__class__");
    let Some((register, _)) = position else {
        return Err(cx.runtime_error("super(): __class__ cell not found"));
    };
    let Some(cell) = frame.get(register as usize).and_then(Value::downcast::<Cell>) else {
        return Err(cx.runtime_error("super(): bad __class__ cell"));
    };
    match cell.get() {
        Some(class) if class.downcast::<Class>().is_some() => Ok((first, class)),
        Some(class) => {
            let name = cx.type_name(class);
            Err(cx.runtime_error(format!("super(): __class__ is not a type ({name})")))
        }
        None => Err(cx.runtime_error("super(): empty __class__ cell")),
    }
}
