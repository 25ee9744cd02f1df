//! `sys.monitoring`, PEP 669. CPython: the end of `Python/instrumentation.c`.

use taipan_macros::module;
use taipan_runtime::prelude::*;
use taipan_runtime::types::simple_namespace::SimpleNamespace;

use crate::trace::monitor::{self, EVENTS, LOCAL_EVENTS, NAMES, TOOLS};
use crate::types::code::Code;

/// The module.
pub struct Monitoring;

fn tool(cx: &Context, id: i32) -> Result<usize> {
    match usize::try_from(id) {
        Ok(tool) if tool < TOOLS => Ok(tool),
        _ => Err(cx.value_error(format!("invalid tool {id} (must be between 0 and 5)"))),
    }
}

fn tool_in_use(cx: &Context, id: i32) -> Result<usize> {
    let tool = tool(cx, id)?;
    if monitor::tool(cx, tool).is_none() {
        return Err(cx.value_error(format!("tool {tool} is not in use")));
    }
    Ok(tool)
}

fn code_of(cx: &Context, code: Value) -> Result<Gc<Code>> {
    code.downcast::<Code>().ok_or_else(|| cx.type_error("code must be a code object"))
}

fn normalized(cx: &Context, events: i32) -> Result<u32> {
    monitor::normalize(events.cast_unsigned())
        .ok_or_else(|| cx.value_error("cannot set C_RETURN or C_RAISE events independently"))
}

fn clear(cx: &Context, tool: usize) {
    for event in 0..EVENTS {
        monitor::register(cx, tool, event, Value::NONE);
    }
    monitor::clear_local_events(cx, tool);
    monitor::set_events(cx, tool, 0);
}

#[module("sys.monitoring")]
impl Monitoring {
    #[constant]
    const DEBUGGER_ID: i64 = 0;
    #[constant]
    const COVERAGE_ID: i64 = 1;
    #[constant]
    const PROFILER_ID: i64 = 2;
    #[constant]
    const OPTIMIZER_ID: i64 = 5;

    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        let dict = module.dict();
        for (name, value) in [("DISABLE", monitor::disable(cx)), ("MISSING", monitor::missing(cx))] {
            dict.set_str(cx, cx.intern(name), value);
        }
        let mut events = [("NO_EVENTS", Value::int(0)); EVENTS + 1];
        for (number, name) in NAMES.into_iter().enumerate() {
            events[number] = (name, Value::int(1 << number));
        }
        let namespace = SimpleNamespace::new(cx, &events);
        dict.set_str(cx, cx.intern("events"), namespace.value());
        Ok(())
    }

    #[function("(tool_id, name, /)")]
    fn use_tool_id(cx: &mut Context, tool_id: i32, name: Value) -> Result<()> {
        let tool = tool(cx, tool_id)?;
        if name.downcast::<Str>().is_none() {
            return Err(cx.value_error("tool name must be a str"));
        }
        if !monitor::tool(cx, tool).is_none() {
            return Err(cx.value_error(format!("tool {tool} is already in use")));
        }
        monitor::set_tool(cx, tool, name);
        Ok(())
    }

    #[function("(tool_id, /)")]
    fn clear_tool_id(cx: &mut Context, tool_id: i32) -> Result<()> {
        let tool = tool(cx, tool_id)?;
        if !monitor::tool(cx, tool).is_none() {
            clear(cx, tool);
        }
        Ok(())
    }

    #[function("(tool_id, /)")]
    fn free_tool_id(cx: &mut Context, tool_id: i32) -> Result<()> {
        let tool = tool(cx, tool_id)?;
        if !monitor::tool(cx, tool).is_none() {
            clear(cx, tool);
            monitor::set_tool(cx, tool, Value::NONE);
        }
        Ok(())
    }

    #[function("(tool_id, /)")]
    fn get_tool(cx: &mut Context, tool_id: i32) -> Result<Value> {
        let tool = tool(cx, tool_id)?;
        Ok(monitor::tool(cx, tool))
    }

    #[function("(tool_id, event, func, /)")]
    fn register_callback(cx: &mut Context, tool_id: i32, event: i32, func: Value) -> Result<Value> {
        let tool = tool(cx, tool_id)?;
        let bits = event.cast_unsigned();
        if bits.count_ones() != 1 {
            return Err(cx.value_error("The callback can only be set for one event at a time"));
        }
        let number = bits.trailing_zeros() as usize;
        if number >= EVENTS {
            return Err(cx.value_error(format!("invalid event {event}")));
        }
        cx.audit("sys.monitoring.register_callback", |_| [func])?;
        Ok(monitor::register(cx, tool, number, func))
    }

    #[function("(tool_id, /)")]
    fn get_events(cx: &mut Context, tool_id: i32) -> Result<u32> {
        let tool = tool(cx, tool_id)?;
        Ok(monitor::events(tool))
    }

    #[function("(tool_id, event_set, /)")]
    fn set_events(cx: &mut Context, tool_id: i32, event_set: i32) -> Result<()> {
        let tool = tool(cx, tool_id)?;
        if !(0..1 << EVENTS).contains(&event_set) {
            return Err(cx.value_error(format!("invalid event set {event_set:#x}")));
        }
        let events = normalized(cx, event_set)?;
        tool_in_use(cx, tool_id)?;
        monitor::set_events(cx, tool, events);
        Ok(())
    }

    #[function("(tool_id, code, /)")]
    fn get_local_events(cx: &mut Context, tool_id: i32, code: Value) -> Result<u32> {
        let code = code_of(cx, code)?;
        let tool = tool(cx, tool_id)?;
        Ok(monitor::local_events(&code, tool))
    }

    #[function("(tool_id, code, event_set, /)")]
    fn set_local_events(cx: &mut Context, tool_id: i32, code: Value, event_set: i32) -> Result<()> {
        let code = code_of(cx, code)?;
        let tool = tool(cx, tool_id)?;
        let events = normalized(cx, event_set)?;
        if events >= 1 << LOCAL_EVENTS {
            return Err(cx.value_error(format!("invalid local event set {events:#x}")));
        }
        tool_in_use(cx, tool_id)?;
        monitor::set_local_events(cx, &code, tool, events);
        Ok(())
    }

    #[function("()")]
    fn restart_events() {
        monitor::restart();
    }

    #[function("()")]
    fn _all_events(cx: &mut Context) -> Gc<Dict> {
        let all = cx.new_dict();
        for (number, name) in NAMES.iter().enumerate() {
            let tools = (0..TOOLS).filter(|tool| monitor::events(*tool) >> number & 1 != 0);
            let tools = tools.fold(0, |tools, tool| tools | 1 << tool);
            if tools != 0 {
                all.set_str(cx, cx.intern(name), Value::int(tools));
            }
        }
        all
    }
}
