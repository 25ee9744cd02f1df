//! Writing one object: the choice of how, and what has no parts. CPython: `save` in `Modules/_pickle.c`.
//!
//! Invariant: Python runs only for persistent ids, reductions and what is no plain container; the memo is locked for one
//! look at a time.

use taipan_num::bigint::ByteOrder;
use taipan_runtime::codecs::utf8::push_code;
use taipan_runtime::identity::Identity;
use taipan_runtime::layout::kind;
use taipan_runtime::prelude::*;
use taipan_runtime::types::bytearray::ByteArray;
use taipan_runtime::types::bytes::Bytes;
use taipan_runtime::types::float::{Float, as_float};
use taipan_runtime::types::int::{self, Int};
use taipan_runtime::types::set::{FrozenSet, Set};
use taipan_runtime::types::type_::{is_class, type_class};

use super::memo::Memo;
use super::opcode::*;
use super::output::Output;
use super::pickle_buffer::PickleBuffer;
use super::pickler::Pickler;
use super::state::State;
use super::{PICKLING_ERROR, note};

const DOING: &str = " while pickling an object";
const FOUR_GIGABYTES: usize = u32::MAX as usize;

/// One call of `dump`.
pub(super) struct Saver<'a> {
    pub(super) out: Output,
    pub(super) protocol: u8,
    /// Whether instructions of protocol 1 may be used.
    pub(super) bin: bool,
    pub(super) fix_imports: bool,
    pub(super) memo: &'a Guarded<Memo>,
    /// The pickler whose method runs, if there is one.
    pub(super) pickler: Option<&'a Pickler>,
    pub(super) persistent_id: Option<Value>,
    pub(super) reducer_override: Option<Value>,
    /// The pickler's own table of reducing functions.
    pub(super) dispatch_table: Option<Value>,
    pub(super) buffer_callback: Option<Value>,
    pub(super) state: State,
    /// Containers that are open in fast mode, which has no memo that would end a cycle.
    pub(super) open: Vec<Identity>,
}

impl Saver<'_> {
    /// The whole pickle of an object.
    pub(super) fn dump(&mut self, cx: &mut Context, object: Value) -> Result<()> {
        if self.protocol >= 2 {
            self.out.put(&[PROTO, self.protocol]);
            if self.protocol >= 4 {
                self.out.start_framing();
            }
        }
        self.save(cx, object)?;
        self.out.op(STOP);
        Ok(())
    }

    /// Writes an object, or its persistent id.
    pub(super) fn save(&mut self, cx: &mut Context, object: Value) -> Result<()> {
        self.out.boundary(cx)?;
        if let Some(persistent_id) = self.persistent_id
            && self.save_persistent(cx, persistent_id, object)?
        {
            return Ok(());
        }
        self.save_itself(cx, object)
    }

    /// Writes an object that has no persistent id.
    fn save_itself(&mut self, cx: &mut Context, object: Value) -> Result<()> {
        if let Some(small) = object.as_small_int() {
            return self.save_small_int(cx, object, small);
        }
        match object {
            Value::NONE => {
                self.out.op(NONE);
                return Ok(());
            }
            Value::TRUE | Value::FALSE => {
                self.save_bool(object == Value::TRUE);
                return Ok(());
            }
            _ => {}
        }
        if cx.is_exact::<Float>(object) {
            self.save_float(as_float(object).unwrap_or(0.0));
            return Ok(());
        }
        if cx.is_exact::<Int>(object) {
            return self.save_big_int(cx, object);
        }
        if cx.is_exact::<Str>(object)
            && let Some(text) = object.downcast::<Str>()
        {
            return self.save_str(cx, text);
        }
        let known = self.memo.lock(cx).get(object);
        if let Some(index) = known {
            self.get(index);
            return Ok(());
        }
        if let Some(bytes) = cx.exact::<Bytes>(object) {
            return self.save_bytes(cx, bytes);
        }
        cx.check_recursion(DOING)?;
        cx.poll()?;
        if let Some(dict) = cx.exact::<Dict>(object) {
            self.save_dict(cx, dict)
        } else if let Some(list) = cx.exact::<List>(object) {
            self.save_list(cx, list)
        } else if let Some(tuple) = cx.exact::<Tuple>(object) {
            self.save_tuple(cx, tuple)
        } else if let Some(set) = cx.exact::<Set>(object) {
            self.save_set(cx, set)
        } else if let Some(set) = cx.exact::<FrozenSet>(object) {
            self.save_frozenset(cx, set)
        } else if let Some(bytes) = cx.exact::<ByteArray>(object) {
            self.save_bytearray(cx, bytes)
        } else if let Some(buffer) = cx.exact::<PickleBuffer>(object) {
            self.save_buffer(cx, buffer)
        } else {
            self.save_other(cx, object)
        }
    }

    /// What is written as a name or by its reduction.
    fn save_other(&mut self, cx: &mut Context, object: Value) -> Result<()> {
        if let Some(reducer) = self.reducer_override {
            let reduced = cx.call(reducer, &[object])?;
            if reduced != Value::NOT_IMPLEMENTED {
                return self.save_reduced(cx, object, reduced);
            }
        }
        let class = cx.class_of(object);
        if class == type_class() {
            return self.save_type(cx, object);
        }
        if object.kind() == kind::FUNCTION {
            return self.save_global(cx, object, None);
        }
        let reducer = match self.dispatch_table {
            None => self.state.dispatch_table().get(cx, class.value())?,
            Some(table) => optional_item(cx, table, class.value())?,
        };
        if let Some(reducer) = reducer {
            let reduced = cx.call(reducer, &[object])?;
            return self.save_reduced(cx, object, reduced);
        }
        if is_class(object) {
            return self.save_global(cx, object, None);
        }
        let name = cx.name(id::__reduce_ex__);
        let reduced = if let Some(reduce) = cx.lookup_attr(object, name)? {
            let protocol = Value::int(i64::from(self.protocol));
            cx.call(reduce, &[protocol])?
        } else {
            let name = cx.name(id::__reduce__);
            match cx.lookup_attr(object, name)? {
                Some(reduce) => cx.call(reduce, &[])?,
                None => {
                    let class = cx.qualified_type_name(object);
                    return Err(PICKLING_ERROR.raise(cx, format!("Can't pickle {class} object")));
                }
            }
        };
        self.save_reduced(cx, object, reduced)
    }

    /// What a reducing function returned: a name or a tuple.
    fn save_reduced(&mut self, cx: &mut Context, object: Value, reduced: Value) -> Result<()> {
        if let Some(name) = reduced.downcast::<Str>() {
            return self.save_global(cx, object, Some(name));
        }
        let saved = match reduced.downcast::<Tuple>() {
            Some(tuple) => self.save_reduce(cx, tuple, Some(object)),
            None => {
                let found = cx.qualified_type_name(reduced);
                let message = format!("__reduce__ must return a string or tuple, not {found}");
                Err(PICKLING_ERROR.raise(cx, message))
            }
        };
        saved.map_err(|raised| {
            note(cx, raised, |cx| Ok(format!("when serializing {} object", cx.qualified_type_name(object))))
        })
    }

    /// Writes the persistent id of an object; false if it has none.
    fn save_persistent(&mut self, cx: &mut Context, persistent_id: Value, object: Value) -> Result<bool> {
        let pid = cx.call(persistent_id, &[object])?;
        if pid.is_none() {
            return Ok(false);
        }
        if self.bin {
            self.out.boundary(cx)?;
            self.save_itself(cx, pid)?;
            self.out.op(BINPERSID);
            return Ok(true);
        }
        let text = cx.str(pid)?;
        let Some(text) = text.as_ascii() else {
            return Err(PICKLING_ERROR.raise(cx, "persistent IDs in protocol 0 must be ASCII strings"));
        };
        self.out.op(PERSID);
        self.out.put(text.as_bytes());
        self.out.op(b'\n');
        Ok(true)
    }

    /// Whether objects are written without being remembered.
    fn is_fast(&self) -> bool {
        self.pickler.is_some_and(Pickler::is_fast)
    }

    /// Writes that an object which was written before is meant.
    #[inline]
    pub(super) fn get(&mut self, index: usize) {
        if !self.bin {
            self.out.put(format!("g{index}\n").as_bytes());
        } else if index < 256 {
            self.out.put(&[BINGET, index as u8]);
        } else {
            let [a, b, c, d] = (index as u32).to_le_bytes();
            self.out.put(&[LONG_BINGET, a, b, c, d]);
        }
    }

    /// Remembers an object that has just been written.
    #[inline]
    pub(super) fn memoize(&mut self, cx: &mut Context, object: Value) -> Result<()> {
        if self.is_fast() {
            return Ok(());
        }
        let index = {
            let mut memo = self.memo.lock(cx);
            let index = memo.len();
            memo.set(object, index);
            index
        };
        self.put_index(cx, index)
    }

    #[inline]
    fn put_index(&mut self, cx: &mut Context, index: usize) -> Result<()> {
        if self.protocol >= 4 {
            self.out.op(MEMOIZE);
        } else if !self.bin {
            self.out.put(format!("p{index}\n").as_bytes());
        } else if index < 256 {
            self.out.put(&[BINPUT, index as u8]);
        } else if let Ok(index) = u32::try_from(index) {
            let [a, b, c, d] = index.to_le_bytes();
            self.out.put(&[LONG_BINPUT, a, b, c, d]);
        } else {
            return Err(PICKLING_ERROR.raise(cx, "memo id too large for LONG_BINPUT"));
        }
        Ok(())
    }

    fn save_bool(&mut self, value: bool) {
        match (self.protocol >= 2, value) {
            (true, true) => self.out.op(NEWTRUE),
            (true, false) => self.out.op(NEWFALSE),
            (false, true) => self.out.put(b"I01\n"),
            (false, false) => self.out.put(b"I00\n"),
        }
    }

    #[inline]
    fn save_small_int(&mut self, cx: &mut Context, object: Value, small: i64) -> Result<()> {
        let Ok(value) = i32::try_from(small) else { return self.save_big_int(cx, object) };
        let [a, b, c, d] = value.to_le_bytes();
        match value {
            _ if !self.bin => self.out.put(format!("I{value}\n").as_bytes()),
            0..=0xff => self.out.put(&[BININT1, a]),
            0x100..=0xffff => self.out.put(&[BININT2, a, b]),
            _ => self.out.put(&[BININT, a, b, c, d]),
        }
        Ok(())
    }

    /// An int of more than 32 bits.
    fn save_big_int(&mut self, cx: &mut Context, object: Value) -> Result<()> {
        if self.protocol < 2 {
            let digits = cx.repr(object)?;
            self.out.put(format!("L{}L\n", digits.to_str()).as_bytes());
            return Ok(());
        }
        let bytes = int::with_ref(object, |int| {
            let length = int.bit_length() as usize / 8 + 1;
            let mut bytes = int.to_bytes(length, ByteOrder::Little, true).unwrap_or_default();
            // A negative power of 256 times 128 needs no byte for its sign alone.
            if int.negative && length > 1 && bytes[length - 1] == 0xff && bytes[length - 2] & 0x80 != 0 {
                bytes.pop();
            }
            bytes
        });
        if let Ok(length) = u8::try_from(bytes.len()) {
            self.out.put(&[LONG1, length]);
        } else if let Ok(length) = i32::try_from(bytes.len()) {
            self.out.op(LONG4);
            self.out.put(&length.to_le_bytes());
        } else {
            return Err(cx.overflow_error("int too large to pickle"));
        }
        self.out.put(&bytes);
        Ok(())
    }

    fn save_float(&mut self, value: f64) {
        if self.bin {
            let mut bytes = [BINFLOAT; 9];
            bytes[1..].copy_from_slice(&value.to_be_bytes());
            self.out.put(&bytes);
        } else {
            self.out.put(format!("F{}\n", taipan_num::float::repr(value)).as_bytes());
        }
    }

    /// A str: one look into the memo both finds it and remembers it.
    #[inline]
    fn save_str(&mut self, cx: &mut Context, text: Gc<Str>) -> Result<()> {
        let found = if self.is_fast() {
            self.memo.lock(cx).get(text.value()).map_or(Ok(None), Err)
        } else {
            self.memo.lock(cx).get_or_add(text.value()).map(Some)
        };
        let added = match found {
            Err(known) => {
                self.get(known);
                return Ok(());
            }
            Ok(added) => added,
        };
        if !self.bin {
            self.out.op(UNICODE);
            let escaped = raw_unicode_escape(&text);
            self.out.put(&escaped);
            self.out.op(b'\n');
        } else if let Some(ascii) = text.as_ascii() {
            self.put_text(cx, ascii.as_bytes())?;
        } else {
            let mut bytes = Vec::with_capacity(text.len() * 2);
            text.chars().for_each(|code| push_code(&mut bytes, code));
            self.put_text(cx, &bytes)?;
        }
        match added {
            Some(index) => self.put_index(cx, index),
            None => Ok(()),
        }
    }

    #[inline]
    fn put_text(&mut self, cx: &mut Context, utf8: &[u8]) -> Result<()> {
        let length = utf8.len();
        if length <= 0xff && self.protocol >= 4 {
            self.out.put(&[SHORT_BINUNICODE, length as u8]);
            self.out.put(utf8);
            Ok(())
        } else if length <= FOUR_GIGABYTES {
            let [a, b, c, d] = (length as u32).to_le_bytes();
            self.out.put_content(cx, &[BINUNICODE, a, b, c, d], utf8, None)
        } else if self.protocol >= 4 {
            self.out.put_content(cx, &long_header(BINUNICODE8, length), utf8, None)
        } else {
            let message = "serializing a string larger than 4 GiB requires pickle protocol 4 or higher";
            Err(cx.overflow_error(message))
        }
    }

    fn save_bytes(&mut self, cx: &mut Context, bytes: Gc<Bytes>) -> Result<()> {
        if self.protocol >= 3 {
            return self.put_bytes(cx, bytes.value(), bytes.as_slice(), Some(bytes.value()));
        }
        // Python 2 has no such type: a call makes it there.
        let reduced = if bytes.as_slice().is_empty() {
            let class = cx.class_of(bytes.value()).value();
            let none = cx.new_tuple(&[]).value();
            cx.new_tuple(&[class, none])
        } else {
            let latin1 = cx.intern("latin1");
            let text = taipan_runtime::codecs::decode_bytes(
                cx,
                bytes.value(),
                bytes.as_slice(),
                Some(latin1),
                None,
            )?;
            let args = cx.new_tuple(&[text.value(), latin1.value()]).value();
            cx.new_tuple(&[self.state.codecs_encode(), args])
        };
        self.save_reduce(cx, reduced, Some(bytes.value()))
    }

    /// Bytes of `object` as a `bytes`; `whole` is a bytes object with just them.
    fn put_bytes(
        &mut self,
        cx: &mut Context,
        object: Value,
        bytes: &[u8],
        whole: Option<Value>,
    ) -> Result<()> {
        let length = bytes.len();
        if length <= 0xff {
            self.out.put(&[SHORT_BINBYTES, length as u8]);
            self.out.put(bytes);
        } else if length <= FOUR_GIGABYTES {
            let [a, b, c, d] = (length as u32).to_le_bytes();
            self.out.put_content(cx, &[BINBYTES, a, b, c, d], bytes, whole)?;
        } else if self.protocol >= 4 {
            self.out.put_content(cx, &long_header(BINBYTES8, length), bytes, whole)?;
        } else {
            let message = "serializing a bytes object larger than 4 GiB requires pickle protocol 4 or higher";
            return Err(cx.overflow_error(message));
        }
        self.memoize(cx, object)
    }

    fn save_bytearray(&mut self, cx: &mut Context, bytes: Gc<ByteArray>) -> Result<()> {
        let content = bytes.to_vec(cx);
        if self.protocol >= 5 {
            self.out.put_content(cx, &long_header(BYTEARRAY8, content.len()), &content, None)?;
            return self.memoize(cx, bytes.value());
        }
        let class = cx.class_of(bytes.value()).value();
        let args = if content.is_empty() {
            cx.new_tuple(&[])
        } else {
            let content = cx.new_bytes(&content).value();
            cx.new_tuple(&[content])
        };
        let reduced = cx.new_tuple(&[class, args.value()]);
        self.save_reduce(cx, reduced, Some(bytes.value()))
    }

    fn save_buffer(&mut self, cx: &mut Context, object: Gc<PickleBuffer>) -> Result<()> {
        if self.protocol < 5 {
            let message = "PickleBuffer can only be pickled with protocol >= 5";
            return Err(PICKLING_ERROR.raise(cx, message));
        }
        let buffer = object.get(cx)?;
        let Some(flat) = super::pickle_buffer::flat(&buffer) else {
            let message = "PickleBuffer can not be pickled when pointing to a non-contiguous buffer";
            return Err(PICKLING_ERROR.raise(cx, message));
        };
        let in_band = match self.buffer_callback {
            Some(callback) => {
                let answer = cx.call(callback, &[object.value()])?;
                cx.truth(answer)?
            }
            None => true,
        };
        if !in_band {
            self.out.op(NEXT_BUFFER);
            if flat.readonly {
                self.out.op(READONLY_BUFFER);
            }
            return Ok(());
        }
        let content = flat.to_vec();
        if flat.readonly {
            return self.put_bytes(cx, object.value(), &content, None);
        }
        self.out.put_content(cx, &long_header(BYTEARRAY8, content.len()), &content, None)?;
        self.memoize(cx, object.value())
    }
}

fn long_header(op: u8, length: usize) -> [u8; 9] {
    let mut header = [op; 9];
    header[1..].copy_from_slice(&(length as u64).to_le_bytes());
    header
}

/// `table[key]`, or `None` where that raises KeyError.
fn optional_item(cx: &mut Context, table: Value, key: Value) -> Result<Option<Value>> {
    if let Some(dict) = cx.exact::<Dict>(table) {
        return dict.get(cx, key);
    }
    match cx.get_item(table, key) {
        Ok(found) => Ok(Some(found)),
        Err(raised) => cx.swallow(raised, taipan_runtime::exception::key_error).map(|_| None),
    }
}

/// Text of protocol 0: what would end the line, and the backslash, is escaped too.
fn raw_unicode_escape(text: &Str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for code in text.chars() {
        match code {
            0 | 0x0a | 0x0d | 0x1a | 0x5c | 0x100..=0xffff => {
                out.extend_from_slice(format!("\\u{code:04x}").as_bytes());
            }
            0x10000.. => out.extend_from_slice(format!("\\U{code:08x}").as_bytes()),
            _ => out.push(code as u8),
        }
    }
    out
}
