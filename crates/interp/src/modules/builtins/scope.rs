//! `globals`, `locals`, `dir`: what the calling frame sees. CPython: `Python/ceval.c`, `Objects/object.c`.

use taipan_runtime::prelude::*;

use crate::frame::Frame;
use crate::types::frame::object_of;

/// Globals of the frame that called the running native, or the system's complaint.
pub(super) fn globals(cx: &mut Context) -> Result {
    match Frame::top(cx) {
        Some(frame) => Ok(frame.private().globals().value()),
        None => Ok(Value::NONE),
    }
}

pub(super) fn locals(cx: &mut Context) -> Result {
    match Frame::top(cx) {
        Some(frame) => {
            let object = object_of(cx, frame);
            object.snapshot(cx)
        }
        None => Err(cx.system_error("frame does not exist")),
    }
}

pub(super) fn dir(cx: &mut Context, object: Option<Value>) -> Result {
    let names = match object {
        Some(object) => match cx.call_special(object, id::__dir__, &[])? {
            Some(names) => cx.collect(names)?,
            None => return Err(cx.type_error("object does not provide __dir__")),
        },
        None => {
            let locals = locals(cx)?;
            let keys = cx.call_method(locals, "keys", &[])?;
            cx.collect(keys)?
        }
    };
    let list = cx.new_list(&names).value();
    cx.call_method(list, "sort", &[])?;
    Ok(list)
}
