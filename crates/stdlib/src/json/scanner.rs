//! `make_scanner`: reads one JSON document. CPython: `scan_once_unicode` and below in `Modules/_json.c`.
//!
//! Invariant: values that are not yet in a container lie in the reader's own buffer, which is scanned; Python runs
//! only in the decoder's hooks.

use taipan_runtime::native::bind::{self, Callee, Owner};
use taipan_runtime::native::{Param, Signature};
use taipan_runtime::prelude::*;
use taipan_runtime::types::float::Float;
use taipan_runtime::types::int::Int;
use taipan_runtime::types::str::Units;

use super::memo::Memo;
use super::number::Number;
use super::string::{self, Text};
use super::{check_depth, decode_error, required, string_argument};

/// Body of `_json.Scanner`.
#[derive(Trace)]
pub struct Scanner {
    strict: bool,
    object_hook: Value,
    object_pairs_hook: Value,
    parse_float: Value,
    parse_int: Value,
    parse_constant: Value,
}

/// JSON scanner object
#[class(name = "Scanner", module = "_json")]
impl Scanner {
    #[slot(new)]
    fn new(cx: &mut Context, class: Gc<Class>, args: Args<'_>) -> Result {
        static PARAMS: [Param; 1] = [required("context")];
        static SIGNATURE: Signature = signature("(context)", &PARAMS);
        let callee = Callee { name: "make_scanner", owner: Owner::Constructor };
        bind::call(cx, callee, Some(class.value()), &SIGNATURE, args, |cx, args| {
            let class = bind::expect_self::<Class>(cx, args[0])?;
            let context = bind::present(args[1]);
            let strict = cx.get_attr_str(context, "strict")?;
            let scanner = Scanner {
                strict: cx.truth(strict)?,
                object_hook: cx.get_attr_str(context, "object_hook")?,
                object_pairs_hook: cx.get_attr_str(context, "object_pairs_hook")?,
                parse_float: cx.get_attr_str(context, "parse_float")?,
                parse_int: cx.get_attr_str(context, "parse_int")?,
                parse_constant: cx.get_attr_str(context, "parse_constant")?,
            };
            Ok(cx.new_instance(class, scanner).value())
        })
    }

    #[slot(call)]
    fn call(this: Gc<Self>, cx: &mut Context, args: Args<'_>) -> Result {
        if let ([text, index], None) = (args.values(), args.names()) {
            return Scanner::scan_once(this, cx, *text, *index);
        }
        static PARAMS: [Param; 2] = [required("string"), required("idx")];
        static SIGNATURE: Signature = signature("(string, idx)", &PARAMS);
        let callee = Callee { name: "scan_once", owner: Owner::Constructor };
        bind::call(cx, callee, Some(this.value()), &SIGNATURE, args, |cx, args| {
            let this = bind::expect_self::<Scanner>(cx, args[0])?;
            Scanner::scan_once(this, cx, bind::present(args[1]), bind::present(args[2]))
        })
    }

    /// strict
    #[member]
    fn strict(&self) -> bool {
        self.strict
    }

    /// object_hook
    #[member]
    fn object_hook(&self) -> Value {
        self.object_hook
    }

    #[member]
    fn object_pairs_hook(&self) -> Value {
        self.object_pairs_hook
    }

    /// parse_float
    #[member]
    fn parse_float(&self) -> Value {
        self.parse_float
    }

    /// parse_int
    #[member]
    fn parse_int(&self) -> Value {
        self.parse_int
    }

    /// parse_constant
    #[member]
    fn parse_constant(&self) -> Value {
        self.parse_constant
    }
}

/// The signature of a function all of whose parameters may be passed either way and must be passed.
pub(super) const fn signature(text: &'static str, params: &'static [Param]) -> Signature {
    Signature {
        text,
        params,
        positional: params.len() as u8,
        positional_only: 0,
        required: params.len() as u8,
        var_args: false,
        var_keywords: false,
        keyword_only: 0,
        by_position: true,
        unnamed: false,
    }
}

impl Scanner {
    fn scan_once(this: Gc<Scanner>, cx: &mut Context, text: Value, index: Value) -> Result {
        let index = isize::from_arg(cx, index, "idx")?;
        let document = string_argument(cx, text)?;
        let Ok(index) = usize::try_from(index) else { return Err(cx.value_error("idx cannot be negative")) };
        match document.units() {
            Units::One(units) => Scanner::scan_units(this, cx, document, units, index),
            Units::Two(units) => Scanner::scan_units(this, cx, document, units, index),
            Units::Four(units) => Scanner::scan_units(this, cx, document, units, index),
        }
    }

    fn scan_units<T: Text>(
        this: Gc<Scanner>,
        cx: &mut Context,
        document: Gc<Str>,
        units: &[T],
        at: usize,
    ) -> Result {
        let none = |value: Value| value.is_none();
        let mut reader = Reader {
            document,
            units,
            at,
            scanner: this,
            plain_objects: none(this.object_hook) && none(this.object_pairs_hook),
            plain_ints: this.parse_int == Int::class_cell().get().value(),
            plain_floats: this.parse_float == Float::class_cell().get().value(),
            pending: GVec::new(),
            memo: Memo::new(),
            depth: 0,
        };
        let value = reader.value(cx)?;
        let end = Value::int(reader.at as i64);
        Ok(cx.new_tuple(&[value, end]).value())
    }
}

/// One pass over a document.
struct Reader<'a, T> {
    document: Gc<Str>,
    units: &'a [T],
    at: usize,
    scanner: Gc<Scanner>,
    plain_objects: bool,
    plain_ints: bool,
    plain_floats: bool,
    /// Items of the arrays, keys and values of the objects that are still open, innermost last.
    pending: GVec<Value>,
    memo: Memo,
    depth: usize,
}

impl<T: Text> Reader<'_, T> {
    /// The code point at the reader's position; 0 at the end.
    #[inline(always)]
    fn peek(&self) -> u32 {
        self.units.get(self.at).map_or(0, |unit| unit.code())
    }

    #[inline(always)]
    fn skip_space(&mut self) {
        while matches!(self.peek(), 0x20 | 0x09 | 0x0a | 0x0d) {
            self.at += 1;
        }
    }

    #[inline(always)]
    fn next_is(&self, byte: u8) -> bool {
        self.peek() == u32::from(byte)
    }

    #[cold]
    fn error(&self, cx: &mut Context, message: &str, at: usize) -> Raised {
        decode_error(cx, message, self.document, at)
    }

    /// Reads any value.
    fn value(&mut self, cx: &mut Context) -> Result {
        match u8::try_from(self.peek()).unwrap_or(0) {
            b'"' => {
                let (text, end) =
                    string::scan(cx, self.document, self.units, self.at + 1, self.scanner.strict)?;
                self.at = end;
                Ok(text.value())
            }
            b'{' => {
                check_depth(cx, self.depth, " while decoding a JSON object from a unicode string")?;
                self.depth += 1;
                let object = self.object(cx)?;
                self.depth -= 1;
                Ok(object)
            }
            b'[' => {
                check_depth(cx, self.depth, " while decoding a JSON array from a unicode string")?;
                self.depth += 1;
                let array = self.array(cx)?;
                self.depth -= 1;
                Ok(array)
            }
            b'n' if self.word("null") => Ok(Value::NONE),
            b't' if self.word("true") => Ok(Value::TRUE),
            b'f' if self.word("false") => Ok(Value::FALSE),
            b'N' if self.word("NaN") => self.constant(cx, "NaN"),
            b'I' if self.word("Infinity") => self.constant(cx, "Infinity"),
            b'-' if self.word("-Infinity") => self.constant(cx, "-Infinity"),
            _ => self.number(cx),
        }
    }

    /// Whether the document goes on with `word`; then the position is behind it.
    #[inline(always)]
    fn word(&mut self, word: &str) -> bool {
        let Some(here) = self.units.get(self.at..self.at + word.len()) else { return false };
        let same = here.iter().zip(word.bytes()).all(|(unit, byte)| unit.code() == u32::from(byte));
        if same {
            self.at += word.len();
        }
        same
    }

    fn constant(&mut self, cx: &mut Context, name: &str) -> Result {
        let name = cx.intern(name).value();
        cx.call(self.scanner.parse_constant, &[name])
    }

    fn number(&mut self, cx: &mut Context) -> Result {
        let start = self.at;
        let Some(number) = Number::scan(self.units, start) else {
            return Err(cx.stop_iteration(Some(Value::int(start as i64))));
        };
        let value = match number.is_float {
            false if self.plain_ints => number.to_int(cx, self.units, start)?,
            true if self.plain_floats => cx.new_float(number.to_float(self.units, start)),
            is_float => {
                let parse = if is_float { self.scanner.parse_float } else { self.scanner.parse_int };
                let text = self.document.substring(cx, start..number.end).value();
                cx.call(parse, &[text])?
            }
        };
        self.at = number.end;
        Ok(value)
    }

    /// Reads an array from its bracket on.
    fn array(&mut self, cx: &mut Context) -> Result {
        let base = self.pending.len();
        self.at += 1;
        self.skip_space();
        if self.next_is(b']') {
            self.at += 1;
            return Ok(cx.new_list(&[]).value());
        }
        loop {
            let item = self.value(cx)?;
            self.pending.push(item);
            cx.poll()?;
            self.skip_space();
            if self.next_is(b']') {
                break;
            }
            self.comma(cx, b']', "Illegal trailing comma before end of array")?;
        }
        self.at += 1;
        let list = cx.new_list(&self.pending[base..]);
        self.pending.truncate(base);
        Ok(list.value())
    }

    /// Reads a comma and the white space around it; `close` must not follow.
    #[inline(always)]
    fn comma(&mut self, cx: &mut Context, close: u8, trailing: &str) -> Result<()> {
        let comma = self.at;
        if !self.next_is(b',') {
            return Err(self.error(cx, "Expecting ',' delimiter", comma));
        }
        self.at += 1;
        self.skip_space();
        if self.next_is(close) {
            return Err(self.error(cx, trailing, comma));
        }
        Ok(())
    }

    /// Reads an object from its brace on.
    fn object(&mut self, cx: &mut Context) -> Result {
        let base = self.pending.len();
        self.at += 1;
        self.skip_space();
        if self.next_is(b'}') {
            self.at += 1;
            return self.finish_object(cx, base);
        }
        loop {
            let key = self.key(cx)?;
            self.pending.push(key.value());
            self.skip_space();
            if !self.next_is(b':') {
                return Err(self.error(cx, "Expecting ':' delimiter", self.at));
            }
            self.at += 1;
            self.skip_space();
            let value = self.value(cx)?;
            self.pending.push(value);
            cx.poll()?;
            self.skip_space();
            if self.next_is(b'}') {
                break;
            }
            self.comma(cx, b'}', "Illegal trailing comma before end of object")?;
        }
        self.at += 1;
        self.finish_object(cx, base)
    }

    #[inline]
    fn key(&mut self, cx: &mut Context) -> Result<Gc<Str>> {
        if !self.next_is(b'"') {
            return Err(self.error(cx, "Expecting property name enclosed in double quotes", self.at));
        }
        let begin = self.at + 1;
        let end = T::plain_end(self.units, begin, self.scanner.strict);
        if let Some(unit) = self.units.get(end)
            && unit.code() == 0x22
            && let Some(bytes) = T::latin1(&self.units[begin..end])
        {
            self.at = end + 1;
            let document = self.document;
            return Ok(self.memo.latin1(bytes, || document.substring(cx, begin..end)));
        }
        let (key, end) = string::scan(cx, self.document, self.units, begin, self.scanner.strict)?;
        self.at = end;
        Ok(self.memo.canonical(key))
    }

    /// The object of the keys and values from `base` on, after the decoder's hooks.
    fn finish_object(&mut self, cx: &mut Context, base: usize) -> Result {
        if self.plain_objects {
            let dict = Dict::from_names(cx, &self.pending[base..]);
            self.pending.truncate(base);
            return Ok(dict.value());
        }
        let pairs_hook = self.scanner.object_pairs_hook;
        let (hook, object) = if pairs_hook.is_none() {
            (self.scanner.object_hook, Dict::from_names(cx, &self.pending[base..]).value())
        } else {
            let pairs: GVec<Value> =
                self.pending[base..].chunks_exact(2).map(|pair| cx.new_tuple(pair).value()).collect();
            (pairs_hook, cx.new_list(&pairs).value())
        };
        self.pending.truncate(base);
        cx.call(hook, &[object])
    }
}
