//! `PickleBuffer`: memory that a pickle may refer to instead of holding it. CPython: `Objects/picklebufobject.c`;
//! PEP 574.
//!
//! Invariant: the memory is exported until `release`, so it stays where it is.

use std::borrow::Cow;

use taipan_runtime::prelude::*;
use taipan_runtime::protocol::buffer::{Buffer, Dims, flag};
use taipan_runtime::types::memoryview::MemoryView;

const RELEASED: &str = "operation forbidden on released PickleBuffer object";

/// Body of `pickle.PickleBuffer`.
#[derive(Trace)]
pub struct PickleBuffer {
    /// `None` once released.
    buffer: Guarded<Option<Buffer>>,
}

/// The memory as plain bytes in the order in which they lie; `None` where they do not lie together.
pub(super) fn flat(buffer: &Buffer) -> Option<Buffer> {
    if !buffer.is_c_contiguous() && !buffer.is_f_contiguous() {
        return None;
    }
    let mut flat = buffer.clone();
    flat.shape = Dims::from_slice(&[buffer.len() as isize]);
    flat.strides = Dims::from_slice(&[1]);
    flat.item_size = 1;
    flat.format = Cow::Borrowed("B");
    Some(flat)
}

impl PickleBuffer {
    pub(super) fn get(&self, cx: &Context) -> Result<Buffer> {
        let buffer = self.buffer.lock(cx).clone();
        buffer.ok_or_else(|| cx.value_error(RELEASED))
    }
}

/// Wrapper for potentially out-of-band buffers
#[class(name = "PickleBuffer", module = "pickle", flags = HAS_WEAKREF)]
impl PickleBuffer {
    #[slot(new)]
    fn new(cx: &mut Context, class: Gc<Class>, args: Args<'_>) -> Result<Value> {
        let &[object] = args.positional() else {
            let given = args.positional().len();
            let bound = if given == 0 { "exactly 1 positional argument" } else { "at most 1 argument" };
            return Err(cx.type_error(format!("PickleBuffer() takes {bound} ({given} given)")));
        };
        if args.keyword_count() > 0 {
            return Err(cx.type_error("PickleBuffer() takes no keyword arguments"));
        }
        let buffer = cx.buffer(object, flag::FULL_RO)?;
        Ok(cx.new_instance(class, PickleBuffer { buffer: Guarded::new(Some(buffer)) }).value())
    }

    /// Release the buffer object that exposes the underlying memory of the object.
    #[function("(buffer, /)")]
    fn __release_buffer__(this: Gc<Self>, cx: &mut Context, buffer: Value) -> Result<()> {
        taipan_runtime::protocol::buffer::release_view(cx, this.value(), buffer)
    }

    #[slot(buffer)]
    fn buffer(&self, cx: &mut Context, flags: u32) -> Result<Buffer> {
        let owner = self.get(cx)?.owner;
        cx.buffer(owner, flags)
    }

    /// Return a memoryview of the raw memory underlying this buffer.
    /// Will raise BufferError is the buffer isn't contiguous.
    #[function("()")]
    fn raw(&self, cx: &mut Context) -> Result<Gc<MemoryView>> {
        let buffer = self.get(cx)?;
        match flat(&buffer) {
            Some(flat) => Ok(MemoryView::new_from(cx, flat)),
            None => Err(cx.buffer_error("cannot extract raw buffer from non-contiguous buffer")),
        }
    }

    /// Release the underlying buffer exposed by the PickleBuffer object.
    #[function("()")]
    fn release(&self, cx: &mut Context) {
        let buffer = self.buffer.lock(cx).take();
        drop(buffer);
    }
}
