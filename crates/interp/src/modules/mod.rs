//! Native modules that belong to the interpreter. `MODULES` lists them: one line each.

pub mod builtins;
pub mod gc;
pub mod imp;
pub mod marshal;
mod monitoring;
pub mod symtable;
pub mod sys;
mod sys_info;
mod sys_jit;
mod tokenize;
pub mod tracemalloc;
pub mod warnings;

use taipan_runtime::native::{ModuleDef, NativeModule};

/// Modules that the interpreter brings along.
pub static MODULES: &[&ModuleDef] = &[
    builtins::Builtins::DEF,
    gc::GcModule::DEF,
    imp::Imp::DEF,
    marshal::Marshal::DEF,
    symtable::Symtable::DEF,
    sys::Sys::DEF,
    tokenize::Tokenize::DEF,
    tracemalloc::Tracemalloc::DEF,
    warnings::Warnings::DEF,
];
