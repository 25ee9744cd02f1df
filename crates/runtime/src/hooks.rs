//! `Hooks`: the few things that the runtime asks of crates above it.
//!
//! Invariant: filled once by the command at start; the runtime never names those crates.

use crate::context::Context;
use crate::error::Result;
use crate::object::Gc;
use crate::types::dict::Dict;
use crate::types::str::Str;
use crate::value::Value;

/// Takes a frame (its file, its line or 0, the name of its code); false if it wants no more.
pub type FrameVisitor<'a> = dyn FnMut(&str, u32, &str) -> bool + 'a;

/// Function pointers into the interpreter and the host, set at `boot`.
#[derive(Clone, Copy)]
pub struct Hooks {
    /// `import name`: the module of that dotted name itself (not its top package).
    pub import: fn(&mut Context, &str) -> Result,
    /// Clears the inline caches that name shapes; the world is stopped.
    pub clear_instance_caches: fn(),
    /// Runs the handlers of signals that have arrived (main thread only).
    pub run_signal_handlers: fn(&mut Context) -> Result<()>,
    /// A line of a source file, for tracebacks.
    pub source_line: fn(&mut Context, Gc<Str>, usize) -> Option<String>,
    /// Globals of the Python frame that calls; for `warnings` and class creation.
    pub current_globals: fn(&Context) -> Option<Value>,
    /// A number for where the program is: the calling instruction and that of its caller. For the collector's stress.
    pub place: fn(&Context) -> u64,
    /// Shows the frames of a thread, newest first. The thread is stopped, or is the calling one, which may be in the middle of
    /// anything: nothing is allocated, waited for or taken for granted.
    pub walk_stack: fn(&Context, &mut FrameVisitor<'_>),
    /// The variables of a frame, if the mapping shows such (`f_locals`): as they are at one moment, while the frame's thread
    /// may go on.
    pub variables: fn(&mut Context, Value) -> Result<Option<Gc<Dict>>>,
    /// First argument and `__class__` cell of the calling frame, for `super()`.
    pub super_arguments: fn(&mut Context) -> Result<(Value, Value)>,
}

impl Context {
    /// Imports a module for native code, and waits for another thread that initializes it.
    pub fn import(&mut self, name: &str) -> Result {
        (self.vm().hooks().import)(self, name)
    }
}
