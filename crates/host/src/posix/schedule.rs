//! Scheduling. CPython: the `sched_*` family in `Modules/posixmodule.c`.

use std::sync::atomic::AtomicU64;

use taipan_runtime::native::{FunctionDef, FunctionKind, Param, ParamKind, Signature};
use taipan_runtime::prelude::*;
use taipan_runtime::types::native_function::{NativeFunction, method_descriptor};
use taipan_runtime::types::set::{self, AnySet};
use taipan_runtime::types::staticmethod::StaticMethod;
use taipan_runtime::types::struct_sequence::StructSequence;
use taipan_runtime::types::type_::change_class_dict;

use crate::posix::call;
use crate::sys::{numbers, users};

pub(super) struct Schedule;

pub(super) static SCHED_PARAM: StructSequence = StructSequence {
    name: "sched_param",
    module: "posix",
    doc: "Currently has only one field: sched_priority\n\n  sched_priority\n    A scheduling parameter.",
    fields: &[(Some("sched_priority"), "the scheduling priority")],
    visible: 1,
    instantiable: true,
    class: AtomicU64::new(0),
};

/// `sched_param(sched_priority)`: other than other struct sequences it takes its one field.
static NEW: FunctionDef = FunctionDef {
    name: "__new__",
    doc: "Create and return a new object.  See help(type) for accurate signature.",
    signature: Signature {
        text: "(cls, sched_priority)",
        params: &[
            Param { name: "cls", kind: ParamKind::PositionalOnly, required: true },
            Param { name: "sched_priority", kind: ParamKind::Either, required: false },
        ],
        positional: 2,
        positional_only: 1,
        required: 1,
        var_args: false,
        var_keywords: false,
        keyword_only: 0,
        by_position: true,
        unnamed: false,
    },
    kind: FunctionKind::StaticMethod,
    takes_self: false,
    call: |cx, args| {
        let class = args[0].and_then(Value::downcast::<Class>);
        let Some(class) = class else { return Err(cx.type_error("__new__() argument 1 must be type")) };
        match args[1] {
            Some(priority) => Ok(cx.new_tuple_of(class, &[priority]).value()),
            None => Err(cx.type_error("sched_param() missing required argument 'sched_priority' (pos 1)")),
        }
    },
    quick: None,
};

static REDUCE: FunctionDef = FunctionDef {
    name: "__reduce__",
    doc: "",
    signature: Signature {
        text: "()",
        params: &[],
        positional: 0,
        positional_only: 0,
        required: 0,
        var_args: false,
        var_keywords: false,
        keyword_only: 0,
        by_position: true,
        unnamed: false,
    },
    kind: FunctionKind::Plain,
    takes_self: true,
    call: |cx, args| {
        let this = args[0].unwrap_or(Value::NONE);
        let fields = match this.downcast::<Tuple>() {
            Some(tuple) => cx.new_tuple(tuple.items()).value(),
            None => {
                return Err(cx.type_error("descriptor '__reduce__' requires a 'posix.sched_param' object"));
            }
        };
        Ok(cx.new_tuple(&[cx.class_of(this).value(), fields]).value())
    },
    quick: None,
};

/// The class `sched_param`, with its own construction.
pub(super) fn finish_class(cx: &mut Context) -> Result<()> {
    let class = SCHED_PARAM.class(cx)?;
    let new = NativeFunction::new(cx, &NEW, None, None).value();
    let new = StaticMethod::wrap(cx, new).value();
    let reduce = method_descriptor(cx, Tuple::class_cell().get(), &REDUCE);
    for (name, value) in [("__new__", new), ("__reduce__", reduce)] {
        change_class_dict(cx, class, cx.intern(name), Some(value))?;
    }
    Ok(())
}

/// The priority in a `sched_param`.
pub(super) fn priority_of(cx: &mut Context, param: Value) -> Result<i32> {
    let class = SCHED_PARAM.class(cx)?;
    match param.downcast::<Tuple>() {
        Some(tuple) if cx.class_of(param) == class => {
            let priority = tuple.get(0).unwrap_or(Value::NONE);
            if !cx.is_int(priority) {
                let got = cx.type_name(priority);
                return Err(cx.type_error(format!("an integer is required (got type {got})")));
            }
            i32::try_from(cx.index_i128(priority)?)
                .map_err(|_| cx.overflow_error("sched_priority out of range"))
        }
        _ => Err(cx.type_error("must have a sched_param object")),
    }
}

#[module("posix")]
impl Schedule {
    /// Get the maximum scheduling priority for policy.
    #[function("(policy)")]
    fn sched_get_priority_max(cx: &mut Context, policy: i32) -> Result<i64> {
        call(cx, None, || numbers::sched_get_priority_max(policy))
    }

    /// Get the minimum scheduling priority for policy.
    #[function("(policy)")]
    fn sched_get_priority_min(cx: &mut Context, policy: i32) -> Result<i64> {
        call(cx, None, || numbers::sched_get_priority_min(policy))
    }

    /// Get the scheduling policy for the process identified by pid.
    #[function("(pid, /)")]
    fn sched_getscheduler(cx: &mut Context, pid: i32) -> Result<i64> {
        call(cx, None, || numbers::sched_getscheduler(pid))
    }

    /// Set the scheduling policy for the process identified by pid.
    #[function("(pid, policy, param, /)")]
    fn sched_setscheduler(cx: &mut Context, pid: i32, policy: i32, param: Value) -> Result<()> {
        let priority = priority_of(cx, param)?;
        call(cx, None, || users::sched_setscheduler(pid, policy, priority))
    }

    /// Returns scheduling parameters for the process identified by pid.
    #[function("(pid, /)")]
    fn sched_getparam(cx: &mut Context, pid: i32) -> Result {
        let priority = call(cx, None, || users::sched_getparam(pid))?;
        SCHED_PARAM.instance(cx, &[Value::int(priority.into())]).map(Gc::value)
    }

    /// Set scheduling parameters for the process identified by pid.
    #[function("(pid, param, /)")]
    fn sched_setparam(cx: &mut Context, pid: i32, param: Value) -> Result<()> {
        let priority = priority_of(cx, param)?;
        call(cx, None, || users::sched_setparam(pid, priority))
    }

    /// Return the round-robin quantum for the process identified by pid, in seconds.
    #[function("(pid, /)")]
    fn sched_rr_get_interval(cx: &mut Context, pid: i32) -> Result<f64> {
        let nanos = call(cx, None, || users::sched_rr_get_interval(pid))?;
        Ok(nanos as f64 / 1e9)
    }

    /// Voluntarily relinquish the CPU.
    #[function("()")]
    fn sched_yield(cx: &mut Context) -> Result<()> {
        call(cx, None, numbers::sched_yield).map(drop)
    }

    /// Return the affinity of the process identified by pid, or of the current process if it is 0.
    #[function("(pid, /)")]
    fn sched_getaffinity(cx: &mut Context, pid: i32) -> Result {
        let cpus = call(cx, None, || users::sched_getaffinity(pid))?;
        let out = set::empty(cx);
        for cpu in cpus {
            AnySet::Set(out).add(cx, Value::int(cpu as i64))?;
        }
        Ok(out.value())
    }

    /// Set the CPU affinity of the process identified by pid to mask, an iterable of ints.
    #[function("(pid, mask, /)")]
    fn sched_setaffinity(cx: &mut Context, pid: i32, mask: Value) -> Result<()> {
        let mut cpus = Vec::new();
        for item in &cx.collect(mask)? {
            if !cx.is_int(*item) {
                let class = cx.class_of(*item).value();
                let class = cx.repr(class)?;
                return Err(cx.type_error(format!(
                    "expected an iterator of ints, but iterator yielded {}",
                    class.to_str()
                )));
            }
            match cx.index_i128(*item)? {
                cpu if cpu < 0 => return Err(cx.value_error("negative CPU number")),
                cpu if cpu >= 1 << 30 => return Err(cx.overflow_error("CPU number too large")),
                cpu => cpus.push(cpu as usize),
            }
        }
        if cpus.iter().any(|cpu| *cpu >= 1 << 20) {
            return Err(cx.os_error(libc::EINVAL));
        }
        call(cx, None, || users::sched_setaffinity(pid, &cpus))
    }

    /// Return program scheduling priority.
    #[function("(which, who)")]
    fn getpriority(cx: &mut Context, which: i32, who: i32) -> Result<i64> {
        call(cx, None, || numbers::getpriority(which as u32, who as u32))
    }

    /// Set program scheduling priority.
    #[function("(which, who, priority)")]
    fn setpriority(cx: &mut Context, which: i32, who: i32, priority: i32) -> Result<()> {
        call(cx, None, || numbers::setpriority(which as u32, who as u32, priority)).map(drop)
    }

    /// Add increment to the priority of process and return the new priority.
    #[function("(increment, /)")]
    fn nice(cx: &mut Context, increment: i32) -> Result<i64> {
        call(cx, None, || numbers::nice(increment))
    }

    /// Return average recent system load over the last 1, 5, and 15 minutes as a tuple of three floats.
    #[function("()")]
    fn getloadavg(cx: &mut Context) -> Result<(f64, f64, f64)> {
        match crate::sys::files::load_average() {
            Some([one, five, fifteen]) => Ok((one, five, fifteen)),
            None => Err(cx.os_error_message("Load averages are unobtainable")),
        }
    }
}
