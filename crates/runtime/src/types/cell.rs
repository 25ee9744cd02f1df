//! `cell`: a variable that closures share. CPython: `Objects/cellobject.c`.
//!
//! Invariant: one atomic word; EMPTY means unbound.

use taipan_macros::{Trace, class};

use crate::context::Context;
use crate::error::Result;
use crate::object::Gc;
use crate::protocol::compare::CompareOp;
use crate::slots::Slot;
use crate::types::type_::Class;
use crate::value::Value;

/// The body of a `cell`.
#[derive(Trace)]
pub struct Cell {
    contents: Slot,
}

impl Cell {
    pub fn new(cx: &Context, contents: Option<Value>) -> Gc<Cell> {
        cx.new_object(Cell { contents: Slot::new_option(contents) })
    }

    #[inline(always)]
    pub fn get(&self) -> Option<Value> {
        self.contents.load()
    }

    #[inline(always)]
    pub fn set(&self, contents: Option<Value>) {
        self.contents.store_option(contents);
    }
}

/// Create a new cell object.
#[class(name = "cell", text = "([contents])", kind = CELL, by_kind)]
impl Cell {
    #[new("(contents=<absent>, /)")]
    fn new_(cx: &mut Context, _class: Gc<Class>, contents: Option<Value>) -> Gc<Cell> {
        Cell::new(cx, contents)
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Value {
        let address = this.address();
        let text = match this.get() {
            Some(value) => {
                format!("<cell at {address:#x}: {} object at {:#x}>", cx.type_name(value), value.bits())
            }
            None => format!("<cell at {address:#x}: empty>"),
        };
        cx.new_str(&text).value()
    }

    #[slot(compare)]
    fn compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result {
        let (Some(x), Some(y)) = (a.downcast::<Cell>(), b.downcast::<Cell>()) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        match (x.get(), y.get()) {
            (Some(x), Some(y)) => cx.compare(x, y, op),
            (x, y) => Ok(Value::bool(op.holds(Some(x.is_some().cmp(&y.is_some()))))),
        }
    }

    #[getter]
    fn cell_contents(&self, cx: &Context) -> Result {
        self.get().ok_or_else(|| cx.value_error("Cell is empty"))
    }

    #[setter]
    fn set_cell_contents(&self, value: Option<Value>) {
        self.set(value);
    }
}
