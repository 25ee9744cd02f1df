//! What compiled code *is*: the instruction table, code objects as plain data, their verification, printing and storage.
//! Invariant: nothing here knows the heap, the interpreter or the syntax tree.

mod code;
mod constant;
mod instruction;
mod location;
pub mod op;

pub use code::{Code, ExceptionRow, HiddenRange, Local, LocalKind, Name, Pooled, code_flag};
pub use constant::{CodePoints, Const, Text, push_code_point};
pub use instruction::{Instruction, decode, encode, instructions, is_register, needs_ext, simm, split_konst};
pub use location::{Location, LocationTable, LocationWriter, Runs};
pub use op::{Common, Intrinsic, Op, Special, function_flag};
