//! Reading a pickle: the machine, its stack and its memo. CPython: `load` in `Modules/_pickle.c`.
//!
//! Invariant: an instruction reaches only what was pushed behind the last mark; `fence` is that mark or 0.

use std::ops::ControlFlow;

use taipan_runtime::prelude::*;

use super::UNPICKLING_ERROR;
use super::input::Input;
use super::opcode::*;
use super::state::State;
use super::unpickler::{Objects, Unpickler};

/// One call of `load`.
pub(super) struct Loader<'a> {
    pub(super) input: Input,
    pub(super) stack: GVec<Value>,
    /// Heights of the stack at the marks.
    pub(super) marks: Vec<usize>,
    pub(super) memo: &'a Guarded<Objects>,
    pub(super) state: State,
    pub(super) protocol: u8,
    pub(super) fix_imports: bool,
    pub(super) encoding: Gc<Str>,
    pub(super) errors: Gc<Str>,
    pub(super) buffers: Option<Value>,
    /// The unpickler whose method runs, if there is one: its methods are asked.
    pub(super) unpickler: Option<Gc<Unpickler>>,
    pub(super) persistent_load: Option<Value>,
}

/// The size in front of content.
pub(super) fn size_of_bytes(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |size, byte| size << 8 | u64::from(*byte))
}

/// No instruction where one should begin.
#[cold]
fn out_of_input(cx: &mut Context, raised: Raised) -> Raised {
    let Some(error) = cx.pending_exception() else { return raised };
    match UNPICKLING_ERROR.class(cx) {
        Ok(class) if cx.exception_matches(error, class) => {
            cx.take_exception(raised);
            cx.eof_error("Ran out of input")
        }
        Ok(_) => raised,
        Err(raised) => raised,
    }
}

impl<'a> Loader<'a> {
    pub(super) fn new(
        input: Input,
        memo: &'a Guarded<Objects>,
        state: State,
        [encoding, errors]: [Gc<Str>; 2],
    ) -> Loader<'a> {
        Loader {
            input,
            stack: GVec::with_capacity(16),
            marks: Vec::new(),
            memo,
            state,
            protocol: 0,
            fix_imports: true,
            encoding,
            errors,
            buffers: None,
            unpickler: None,
            persistent_load: None,
        }
    }

    /// The object that the pickle describes.
    pub(super) fn load(&mut self, cx: &mut Context) -> Result {
        loop {
            let op = match self.input.take(cx) {
                Ok([op]) => op,
                Err(raised) => return Err(out_of_input(cx, raised)),
            };
            if self.step(cx, op)?.is_break() {
                break;
            }
        }
        self.input.skip_peeked(cx)?;
        self.pop(cx)
    }

    #[inline]
    pub(super) fn fence(&self) -> usize {
        self.marks.last().copied().unwrap_or(0)
    }

    /// Raises what an instruction raises that finds too little on the stack.
    #[cold]
    pub(super) fn underflow(&self, cx: &mut Context) -> Raised {
        let message =
            if self.marks.is_empty() { "unpickling stack underflow" } else { "unexpected MARK found" };
        UNPICKLING_ERROR.raise(cx, message)
    }

    #[inline]
    pub(super) fn pop(&mut self, cx: &mut Context) -> Result {
        if self.stack.len() <= self.fence() {
            return Err(self.underflow(cx));
        }
        self.stack.pop().ok_or_else(|| self.underflow(cx))
    }

    /// The object on top of the stack.
    #[inline]
    pub(super) fn top(&self, cx: &mut Context) -> Result {
        match self.stack.last() {
            Some(top) if self.stack.len() > self.fence() => Ok(*top),
            _ => Err(self.underflow(cx)),
        }
    }

    /// Takes the last mark away and gives its height.
    #[inline]
    pub(super) fn pop_mark(&mut self, cx: &mut Context) -> Result<usize> {
        match self.marks.pop() {
            Some(mark) => Ok(mark),
            None => Err(UNPICKLING_ERROR.raise(cx, "could not find MARK")),
        }
    }

    /// Takes the items from this height on.
    pub(super) fn pop_items(&mut self, cx: &mut Context, start: usize) -> Result<GVec<Value>> {
        if start < self.fence() {
            return Err(self.underflow(cx));
        }
        let items = GVec::from_slice(&self.stack[start..]);
        self.stack.truncate(start);
        Ok(items)
    }

    /// Runs one instruction; breaks at the end of the pickle.
    #[inline]
    fn step(&mut self, cx: &mut Context, op: u8) -> Result<ControlFlow<()>> {
        match op {
            SHORT_BINUNICODE => self.load_text::<1>(cx)?,
            MEMOIZE => {
                let top = self.top(cx)?;
                self.memo.lock(cx).push(top);
            }
            BINGET => {
                let [index] = self.input.take(cx)?;
                self.load_memo(cx, usize::from(index))?;
            }
            BININT1 => {
                let [a] = self.input.take(cx)?;
                self.stack.push(Value::int(i64::from(a)));
            }
            BININT2 => {
                let bytes = self.input.take(cx)?;
                self.stack.push(Value::int(i64::from(u16::from_le_bytes(bytes))));
            }
            BININT => {
                let bytes = self.input.take(cx)?;
                self.stack.push(Value::int(i64::from(i32::from_le_bytes(bytes))));
            }
            BINFLOAT => {
                let bytes = self.input.take(cx)?;
                self.stack.push(cx.new_float(f64::from_be_bytes(bytes)));
            }
            NONE => self.stack.push(Value::NONE),
            NEWTRUE => self.stack.push(Value::TRUE),
            NEWFALSE => self.stack.push(Value::FALSE),
            MARK => self.marks.push(self.stack.len()),
            EMPTY_DICT => self.stack.push(cx.new_dict().value()),
            EMPTY_LIST => self.stack.push(cx.new_list(&[]).value()),
            EMPTY_TUPLE => self.stack.push(cx.new_tuple(&[]).value()),
            TUPLE1 => self.load_short_tuple(cx, 1)?,
            TUPLE2 => self.load_short_tuple(cx, 2)?,
            TUPLE3 => self.load_short_tuple(cx, 3)?,
            SETITEMS => {
                let mark = self.pop_mark(cx)?;
                self.set_items(cx, mark)?;
            }
            SETITEM => {
                let Some(start) = self.stack.len().checked_sub(2) else { return Err(self.underflow(cx)) };
                self.set_items(cx, start)?;
            }
            APPENDS => {
                let mark = self.pop_mark(cx)?;
                self.append_items(cx, mark)?;
            }
            APPEND => {
                if self.stack.len() <= self.fence() + 1 {
                    return Err(self.underflow(cx));
                }
                self.append_items(cx, self.stack.len() - 1)?;
            }
            STOP => return Ok(ControlFlow::Break(())),
            _ => self.rare_step(cx, op)?,
        }
        Ok(ControlFlow::Continue(()))
    }

    #[inline(never)]
    fn rare_step(&mut self, cx: &mut Context, op: u8) -> Result<()> {
        cx.poll()?;
        match op {
            INT => self.load_int_line(cx),
            LONG => self.load_long_line(cx),
            LONG1 => self.load_long::<1>(cx),
            LONG4 => self.load_long::<4>(cx),
            FLOAT => self.load_float_line(cx),
            SHORT_BINBYTES => self.load_bytes::<1>(cx),
            BINBYTES => self.load_bytes::<4>(cx),
            BINBYTES8 => self.load_bytes::<8>(cx),
            BYTEARRAY8 => self.load_bytearray(cx),
            NEXT_BUFFER => self.load_next_buffer(cx),
            READONLY_BUFFER => self.load_readonly_buffer(cx),
            SHORT_BINSTRING => self.load_python2_bytes::<1>(cx),
            BINSTRING => self.load_python2_bytes::<4>(cx),
            STRING => self.load_string_line(cx),
            UNICODE => self.load_unicode_line(cx),
            BINUNICODE => self.load_text::<4>(cx),
            BINUNICODE8 => self.load_text::<8>(cx),
            TUPLE | LIST | DICT | FROZENSET => self.load_marked(cx, op),
            EMPTY_SET => {
                self.stack.push(cx.new_set().value());
                Ok(())
            }
            ADDITEMS => self.add_items(cx),
            OBJ => self.load_obj(cx),
            INST => self.load_inst(cx),
            NEWOBJ => self.load_new(cx, false),
            NEWOBJ_EX => self.load_new(cx, true),
            GLOBAL => self.load_global(cx),
            STACK_GLOBAL => self.load_stack_global(cx),
            BUILD => self.load_build(cx),
            REDUCE => self.load_reduce(cx),
            DUP => {
                let top = self.top(cx)?;
                self.stack.push(top);
                Ok(())
            }
            POP => self.load_pop(cx),
            POP_MARK => {
                let mark = self.pop_mark(cx)?;
                self.stack.truncate(mark);
                Ok(())
            }
            LONG_BINGET => {
                let index = u32::from_le_bytes(self.input.take(cx)?);
                self.load_memo(cx, index as usize)
            }
            GET => self.load_get_line(cx),
            BINPUT => {
                let [index] = self.input.take(cx)?;
                self.store_memo(cx, usize::from(index))
            }
            LONG_BINPUT => {
                let index = u32::from_le_bytes(self.input.take(cx)?);
                self.store_memo(cx, index as usize)
            }
            PUT => self.load_put_line(cx),
            PERSID => self.load_persid_line(cx),
            BINPERSID => self.load_persid(cx),
            EXT1 => self.load_extension::<1>(cx),
            EXT2 => self.load_extension::<2>(cx),
            EXT4 => self.load_extension::<4>(cx),
            PROTO => self.load_protocol(cx),
            FRAME => self.load_frame(cx),
            other => Err(invalid_key(cx, other)),
        }
    }

    /// A tuple of the topmost items.
    #[inline]
    fn load_short_tuple(&mut self, cx: &mut Context, count: usize) -> Result<()> {
        match self.stack.len().checked_sub(count) {
            Some(start) if start >= self.fence() => {
                let tuple = cx.new_tuple(&self.stack[start..]).value();
                self.stack.truncate(start);
                self.stack.push(tuple);
                Ok(())
            }
            _ => Err(self.underflow(cx)),
        }
    }

    /// A container of what lies behind the mark.
    fn load_marked(&mut self, cx: &mut Context, op: u8) -> Result<()> {
        let mark = self.pop_mark(cx)?;
        let items = self.pop_items(cx, mark)?;
        let made = match op {
            TUPLE => cx.new_tuple(&items).value(),
            LIST => cx.new_list(&items).value(),
            FROZENSET => {
                let items = cx.new_tuple(&items).value();
                let class = taipan_runtime::types::set::FrozenSet::class_cell().get().value();
                cx.call(class, &[items])?
            }
            _ => {
                if items.len() % 2 != 0 {
                    return Err(UNPICKLING_ERROR.raise(cx, "odd number of items for DICT"));
                }
                let dict = cx.new_dict();
                for pair in items.chunks_exact(2) {
                    dict.set(cx, pair[0], pair[1])?;
                }
                dict.value()
            }
        };
        self.stack.push(made);
        Ok(())
    }

    /// A mark right on top is popped instead of the item below it.
    fn load_pop(&mut self, cx: &mut Context) -> Result<()> {
        if self.marks.last() == Some(&self.stack.len()) {
            self.marks.pop();
            return Ok(());
        }
        self.pop(cx).map(drop)
    }

    #[inline]
    pub(super) fn load_memo(&mut self, cx: &mut Context, index: usize) -> Result<()> {
        let found = self.memo.lock(cx).get(index);
        match found {
            Some(found) => {
                self.stack.push(found);
                Ok(())
            }
            None => Err(UNPICKLING_ERROR.raise(cx, format!("Memo value not found at index {index}"))),
        }
    }

    pub(super) fn store_memo(&mut self, cx: &mut Context, index: usize) -> Result<()> {
        let top = self.top(cx)?;
        self.memo.lock(cx).put(index, top);
        Ok(())
    }

    fn load_protocol(&mut self, cx: &mut Context) -> Result<()> {
        let [protocol] = self.input.take(cx)?;
        if protocol > super::HIGHEST_PROTOCOL {
            return Err(cx.value_error(format!("unsupported pickle protocol: {protocol}")));
        }
        self.protocol = protocol;
        if let Some(unpickler) = self.unpickler {
            unpickler.set_protocol(protocol);
        }
        Ok(())
    }

    fn load_frame(&mut self, cx: &mut Context) -> Result<()> {
        let length = u64::from_le_bytes(self.input.take(cx)?);
        match isize::try_from(length) {
            Ok(length) => self.input.frame(cx, length as usize),
            Err(_) => {
                let most = isize::MAX;
                Err(cx.overflow_error(format!("FRAME length exceeds system's maximum of {most} bytes")))
            }
        }
    }

    fn load_next_buffer(&mut self, cx: &mut Context) -> Result<()> {
        let Some(buffers) = self.buffers else {
            let message = "pickle stream refers to out-of-band data but no *buffers* argument was given";
            return Err(UNPICKLING_ERROR.raise(cx, message));
        };
        match cx.next(buffers)? {
            Some(buffer) => self.stack.push(buffer),
            None => return Err(UNPICKLING_ERROR.raise(cx, "not enough out-of-band buffers")),
        }
        Ok(())
    }

    fn load_readonly_buffer(&mut self, cx: &mut Context) -> Result<()> {
        use taipan_runtime::protocol::buffer::flag::FULL_RO;
        let object = self.top(cx)?;
        let view = taipan_runtime::types::memoryview::from_object(cx, object, FULL_RO)?.value();
        let readonly = cx.get_attr_str(view, "readonly")?;
        if readonly != Value::TRUE {
            let view = cx.call_method(view, "toreadonly", &[])?;
            self.stack.pop();
            self.stack.push(view);
        }
        Ok(())
    }
}

#[cold]
fn invalid_key(cx: &mut Context, op: u8) -> Raised {
    let shown = match op {
        b'\'' | b'\\' => format!("\\x{op:02x}"),
        0x20..=0x7e => char::from(op).to_string(),
        _ => format!("\\x{op:02x}"),
    };
    UNPICKLING_ERROR.raise(cx, format!("invalid load key, '{shown}'."))
}
