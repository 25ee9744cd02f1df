//! The types that belong to running code. CPython: `Objects/{func,code,frame,gen}object.c`.

pub mod async_generator;
pub mod code;
pub mod coroutine;
pub mod frame;
pub mod function;
pub mod generator;
pub mod locals_proxy;

use taipan_runtime::layout::Object;
use taipan_runtime::types::type_::ClassCell;

/// The class `object`, for types whose layout begins with another's but who are no subclass of it.
pub(crate) fn object_cell() -> &'static ClassCell {
    <taipan_runtime::instance::Instance as Object>::class_cell()
}

/// Native types of this crate, created at start.
pub static ALL: &[fn() -> &'static ClassCell] = &[
    <async_generator::Asend as Object>::class_cell,
    <async_generator::AsyncGenerator as Object>::class_cell,
    <async_generator::Athrow as Object>::class_cell,
    <async_generator::WrappedValue as Object>::class_cell,
    <code::Code as Object>::class_cell,
    <crate::modules::builtins::anext::AnextAwaitable as Object>::class_cell,
    <code::LinesIterator as Object>::class_cell,
    <code::PositionsIterator as Object>::class_cell,
    <coroutine::Coroutine as Object>::class_cell,
    <coroutine::CoroutineWrapper as Object>::class_cell,
    <frame::Frame as Object>::class_cell,
    <function::Function as Object>::class_cell,
    <crate::import::finder::LibraryFinder as Object>::class_cell,
    <generator::Generator as Object>::class_cell,
    <locals_proxy::LocalsProxy as Object>::class_cell,
];
