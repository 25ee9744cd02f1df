//! `cell`: a variable that closures share. CPython: `Objects/cellobject.c`.
//! Invariant: one word, so readers and writers of several threads see whole values.

use taipan_macros::{Trace, class};
use taipan_runtime::protocol::compare::CompareOp;
use taipan_runtime::slots::Slot;
use taipan_runtime::{Context, Gc, Result, Value};

/// The body of a cell.
#[derive(Trace)]
pub struct Cell {
    contents: Slot,
}

impl Cell {
    /// A cell with these contents.
    pub fn new(cx: &Context, contents: Option<Value>) -> Gc<Cell> {
        cx.new_object(Cell { contents: Slot::new_option(contents) })
    }

    /// What it holds.
    #[inline(always)]
    pub fn get(&self) -> Option<Value> {
        self.contents.load()
    }

    /// Replaces what it holds.
    #[inline(always)]
    pub fn set(&self, contents: Option<Value>) {
        self.contents.store_option(contents);
    }
}

/// Create a new cell object.
///
///   contents
///     the contents of the cell. If not specified, the cell will be empty,
///     and further attempts to access its cell_contents attribute will
///     raise a ValueError.
#[class(name = "cell", kind = CELL, by_kind)]
impl Cell {
    #[new("(contents=<absent>, /)")]
    fn construct(cx: &mut Context, _class: Gc<taipan_runtime::types::type_::Class>, contents: Option<Value>) -> Gc<Cell> {
        Cell::new(cx, contents)
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result {
        let address = this.address();
        let text = match this.get() {
            None => format!("<cell at {address:#x}: empty>"),
            Some(value) => {
                let name = cx.type_name(value);
                format!("<cell at {address:#x}: {name} object at {:#x}>", value.bits())
            }
        };
        Ok(cx.new_str(&text).value())
    }

    #[slot(compare)]
    fn compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result {
        let (Some(x), Some(y)) = (a.downcast::<Cell>(), b.downcast::<Cell>()) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        match (x.get(), y.get()) {
            (Some(x), Some(y)) => cx.compare(x, y, op),
            (x, y) => {
                // An empty cell is less than any other.
                let (x, y) = (x.is_some(), y.is_some());
                Ok(Value::bool(match op {
                    CompareOp::Lt => x < y,
                    CompareOp::Le => x <= y,
                    CompareOp::Eq => x == y,
                    CompareOp::Ne => x != y,
                    CompareOp::Gt => x > y,
                    CompareOp::Ge => x >= y,
                }))
            }
        }
    }

    #[getter]
    fn cell_contents(&self, cx: &Context) -> Result {
        self.get().ok_or_else(|| cx.value_error("cell is empty"))
    }

    #[setter]
    fn set_cell_contents(&self, value: Option<Value>) {
        self.set(value);
    }
}
