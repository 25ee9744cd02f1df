//! The object model of Taipan and every built-in type: values, cells, shapes, classes, protocols.
//!
//! Invariant: nothing here knows the compiler or the interpreter; what must call up goes through `hooks`.

extern crate self as taipan_runtime;

pub mod audit;
pub mod buffer;
pub mod codecs;
pub mod context;
pub mod error;
pub mod exception;
pub mod finalize;
pub mod global_list;
pub mod hooks;
pub mod identity;
pub mod instance;
pub mod layout;
pub mod lock;
pub mod names;
pub mod native;
pub mod object;
pub mod parking;
pub mod protocol;
pub mod quick;
pub mod shape;
pub mod slots;
pub mod static_ref;
pub mod suggest;
pub mod table;
pub mod text;
pub mod types;
pub mod value;
pub mod vm;

pub use context::{Context, called_back, current_thread, interrupted};
pub use error::{Raised, Result};
pub use global_list::GlobalList;
pub use names::id;
pub use object::Gc;
pub use slots::{Slot, TypedSlot};
pub use taipan_gc::{
    ForkGuard, Marker, Rooted, Thread, add_root, after_fork_child, before_fork, interrupt, multi_threaded,
    newest_thread_id, set_multi_threaded,
};
pub use value::Value;

/// What a native module needs.
pub mod prelude {
    pub use crate::buffer::GVec;
    pub use crate::context::Context;
    pub use crate::error::{Raised, Result};
    pub use crate::layout::{Object, Opaque};
    pub use crate::lock::Guarded;
    pub use crate::names::id;
    pub use crate::native::{Args, FromArg, Index, IntArg, IntoValue, NativeModule, Real};
    pub use crate::object::Gc;
    pub use crate::protocol::compare::CompareOp;
    pub use crate::slots::{Slot, TypedSlot};
    pub use crate::types::dict::Dict;
    pub use crate::types::list::List;
    pub use crate::types::module::Module;
    pub use crate::types::str::Str;
    pub use crate::types::tuple::Tuple;
    pub use crate::types::type_::Class;
    pub use crate::value::Value;
    pub use taipan_macros::{Trace, class, module};
}
