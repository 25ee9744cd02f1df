//! Native modules that need no operating system.
//!
//! Invariant: they use the runtime's public face only; nothing here is unsafe or knows the interpreter.

pub mod codecs;
pub mod string;

use taipan_runtime::native::{ModuleDef, NativeModule};

/// The native modules of this crate, sorted by name.
pub static MODULES: &[&ModuleDef] = &[codecs::Codecs::DEF, string::StringModule::DEF];
