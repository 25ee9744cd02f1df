//! What compiled code *is*: the instruction table, code objects as plain data, their verification, printing and storage.
//! Invariant: nothing here knows the heap, the interpreter or the syntax tree.

mod code;
mod constant;
mod disassemble;
mod file_name;
mod image;
mod instruction;
mod liveness;
mod location;
mod name;
pub mod op;
mod shared;
mod verify;

pub use code::{Code, ExceptionRow, HiddenRange, Local, LocalKind, Pooled, code_flag};
pub use constant::{CodePoints, Const, Text, push_code_point};
pub use disassemble::{constant, disassemble};
pub use file_name::FileName;
pub use image::{CodeView, Image, ImageModule, ImageWriter, fingerprint};
pub use instruction::{Instruction, decode, encode, instructions, is_register, needs_ext, simm, split_konst};
pub use liveness::{Access, accesses, alive_at};
pub use location::{Location, LocationTable, LocationWriter, Runs};
pub use name::Name;
pub use op::{Common, Intrinsic, Op, Special, function_flag};
pub use shared::SharedCode;
pub use verify::{VerifyError, extent, verify};
