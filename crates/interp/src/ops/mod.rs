//! Handlers, one file per family. CPython: `Python/bytecodes.c`.
//!
//! A handler that is generic over `Decode` is inlined into its driver: it must not pass its state to a function
//! that is not inlined, but goes on with `tail(slow_path)`. Slow paths decode operands in either width.

use crate::dispatch::{Flow, State};

mod arith;
mod async_;
mod attr;
mod build;
mod call;
mod call_fast;
mod compare;
mod exc;
mod import;
mod iter;
mod jump;
mod load;
mod match_;
pub(crate) mod operator;
mod store;
mod subscript;
mod unpack;
mod with_;

pub(crate) use arith::*;
pub(crate) use async_::*;
pub(crate) use attr::*;
pub(crate) use build::*;
pub(crate) use call::*;
pub(crate) use call_fast::*;
pub(crate) use compare::*;
pub(crate) use exc::*;
pub(crate) use import::*;
pub(crate) use iter::*;
pub(crate) use jump::*;
pub(crate) use load::*;
pub(crate) use match_::*;
pub(crate) use store::*;
pub(crate) use subscript::*;
pub(crate) use unpack::*;
pub(crate) use with_::*;

/// Defines handlers that have no fast path: `op => slow_path;`.
macro_rules! outlined {
    ($($op:ident => $slow:path;)*) => {$(
        #[inline(always)]
        pub(crate) fn $op<D: $crate::dispatch::Decode>(_: &mut $crate::dispatch::State) -> $crate::dispatch::Flow {
            $crate::dispatch::tail($slow)
        }
    )*};
}
use outlined;

/// A byte that is no opcode: verified code has none.
#[inline(always)]
pub(crate) fn undefined(s: &mut State) -> Flow {
    crate::dispatch::outline(s, unknown_opcode)
}

fn unknown_opcode(s: &mut State) -> Flow {
    let cx = s.enter();
    let _raised = cx.system_error(format!("unknown opcode {}", s.w as u8));
    crate::unwind::unwind(s)
}

/// Nothing to do.
#[inline(always)]
pub(crate) fn nop<D: crate::dispatch::Decode>(_: &mut State) -> Flow {
    Flow::Next(1)
}

/// EXT has an entry of its own in the table; this one only completes the rows.
#[inline(always)]
pub(crate) fn ext<D: crate::dispatch::Decode>(_: &mut State) -> Flow {
    crate::dispatch::tail(undefined)
}
