//! `traceback`: where an exception passed. CPython: `Python/traceback.c`.
//!
//! Invariant: following `tb_next` ends; whoever sets it refuses a loop.

use std::sync::atomic::{AtomicI64, Ordering};

use taipan_macros::{Trace, class};

use crate::context::Context;
use crate::error::Result;
use crate::layout::kind;
use crate::object::Gc;
use crate::slots::{Slot, TypedSlot};
use crate::types::type_::Class;
use crate::value::Value;

/// One level of a traceback.
#[derive(Trace)]
pub struct Traceback {
    next: TypedSlot<Traceback>,
    frame: Slot,
    /// Offset of the instruction in the code, in bytes as CPython counts; -1 where there is none.
    lasti: AtomicI64,
    lineno: AtomicI64,
}

impl Traceback {
    /// A level in front of `next`. `frame` is a frame object.
    pub fn new(
        cx: &Context,
        next: Option<Gc<Traceback>>,
        frame: Value,
        lasti: i64,
        lineno: i64,
    ) -> Gc<Traceback> {
        cx.new_object(Traceback::body(next, frame, lasti, lineno))
    }

    fn body(next: Option<Gc<Traceback>>, frame: Value, lasti: i64, lineno: i64) -> Traceback {
        Traceback {
            next: TypedSlot::new_option(next),
            frame: Slot::new(frame),
            lasti: AtomicI64::new(lasti),
            lineno: AtomicI64::new(lineno),
        }
    }

    /// The level below, nearer to where the exception was raised.
    pub fn next(&self) -> Option<Gc<Traceback>> {
        self.next.load()
    }

    /// Leaves levels out: the caller knows that no level comes twice.
    pub fn set_next(&self, next: Option<Gc<Traceback>>) {
        self.next.store_option(next);
    }

    /// The frame object.
    pub fn frame(&self) -> Value {
        self.frame.load_or_none()
    }

    /// `tb_lasti`.
    pub fn lasti(&self) -> i64 {
        self.lasti.load(Ordering::Relaxed)
    }

    /// `tb_lineno`, or -1 where the line is not known.
    pub fn line(&self) -> i64 {
        self.lineno.load(Ordering::Relaxed)
    }
}

/// A traceback or None.
fn optional(cx: &Context, value: Value, or_none: &str) -> Result<Option<Gc<Traceback>>> {
    if value.is_none() {
        return Ok(None);
    }
    match value.downcast::<Traceback>() {
        Some(traceback) => Ok(Some(traceback)),
        None => {
            Err(cx.type_error(format!("expected traceback object{or_none}, got '{}'", cx.type_name(value))))
        }
    }
}

/// Create a new traceback object.
#[class(name = "traceback", kind = TRACEBACK, by_kind)]
impl Traceback {
    #[new("(tb_next, tb_frame, tb_lasti, tb_lineno)")]
    fn new_python(
        cx: &mut Context,
        class: Gc<Class>,
        tb_next: Value,
        tb_frame: Value,
        tb_lasti: i32,
        tb_lineno: i32,
    ) -> Result<Gc<Self>> {
        if tb_frame.kind() != kind::FRAME {
            let got = cx.argument_type_name(tb_frame);
            return Err(cx.type_error(format!("traceback() argument 'tb_frame' must be frame, not {got}")));
        }
        let next = optional(cx, tb_next, " or None")?;
        Ok(cx.new_instance(class, Traceback::body(next, tb_frame, i64::from(tb_lasti), i64::from(tb_lineno))))
    }

    #[function("()", name = "__dir__")]
    fn dir(this: Gc<Self>, cx: &mut Context) -> Value {
        let _ = this;
        let names = ["tb_frame", "tb_next", "tb_lasti", "tb_lineno"].map(|name| cx.intern(name).value());
        cx.new_list(&names).value()
    }

    #[getter]
    fn tb_next(&self) -> Option<Gc<Traceback>> {
        self.next()
    }

    #[setter]
    fn set_tb_next(this: Gc<Self>, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let Some(value) = value else {
            return Err(cx.type_error("can't delete tb_next attribute"));
        };
        let next = optional(cx, value, "")?;
        let mut cursor = next;
        while let Some(traceback) = cursor {
            if traceback == this {
                return Err(cx.value_error("traceback loop detected"));
            }
            cursor = traceback.next();
        }
        this.next.store_option(next);
        Ok(())
    }

    #[member]
    fn tb_frame(this: Gc<Self>, cx: &mut Context) -> Result {
        cx.audit("object.__getattr__", |cx| [this.value(), cx.intern("tb_frame").value()])?;
        Ok(this.frame())
    }

    #[member]
    fn tb_lasti(&self) -> i64 {
        self.lasti()
    }

    #[getter]
    fn tb_lineno(&self) -> Option<i64> {
        Some(self.line()).filter(|line| *line >= 0)
    }
}
