//! The types that belong to running code. CPython: `Objects/{func,code,frame,gen,cell}object.c`.

pub mod cell;
pub mod code;
pub mod frame;
pub mod function;

use taipan_runtime::layout::Object;
use taipan_runtime::types::type_::ClassCell;

/// Native types of this crate, created at start.
pub static ALL: &[fn() -> &'static ClassCell] = &[
    <cell::Cell as Object>::class_cell,
    <code::Code as Object>::class_cell,
    <code::PositionsIterator as Object>::class_cell,
    <code::LinesIterator as Object>::class_cell,
    <frame::Frame as Object>::class_cell,
    <function::Function as Object>::class_cell,
];
