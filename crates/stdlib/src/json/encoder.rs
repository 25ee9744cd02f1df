//! `make_encoder`: writes objects as JSON. CPython: `encoder_listencode_obj` and below in `Modules/_json.c`.
//!
//! Invariant: the containers that are being written are known by address and lie on the native stack, so an address
//! stands for one object; Python runs only for `default`, a custom string encoder, and subclasses of dict and list.

use std::collections::HashSet;

use taipan_runtime::identity::Identity;
use taipan_runtime::native::bind::{self, Callee, Owner};
use taipan_runtime::native::{NativeModule, Param, Signature};
use taipan_runtime::prelude::*;
use taipan_runtime::types::float::as_float;
use taipan_runtime::types::int;
use taipan_runtime::types::native_function::NativeFunction;
use taipan_runtime::types::str::StrBuilder;

use super::scanner::signature;
use super::{Json, check_depth, escape, required};

const ENCODING: &str = " while encoding a JSON object";
const CIRCULAR: &str = "Circular reference detected";

/// How strings are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum StringStyle {
    Ascii,
    Unicode,
    /// By a callable of the encoder's maker.
    Custom,
}

/// Body of `_json.Encoder`.
#[derive(Trace)]
pub struct Encoder {
    markers: Value,
    default: Value,
    encoder: Value,
    indent: Value,
    key_separator: Gc<Str>,
    item_separator: Gc<Str>,
    sort_keys: bool,
    skipkeys: bool,
    allow_nan: bool,
    style: Opaque<StringStyle>,
}

/// Encoder(markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, allow_nan)
#[class(name = "Encoder", module = "_json")]
impl Encoder {
    #[slot(new)]
    fn new(cx: &mut Context, class: Gc<Class>, args: Args<'_>) -> Result {
        static PARAMS: [Param; 9] = [
            required("markers"),
            required("default"),
            required("encoder"),
            required("indent"),
            required("key_separator"),
            required("item_separator"),
            required("sort_keys"),
            required("skipkeys"),
            required("allow_nan"),
        ];
        static SIGNATURE: Signature = signature(
            "(markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, allow_nan)",
            &PARAMS,
        );
        let callee = Callee { name: "make_encoder", owner: Owner::Constructor };
        bind::call(cx, callee, Some(class.value()), &SIGNATURE, args, make)
    }

    #[slot(call)]
    fn call(this: Gc<Self>, cx: &mut Context, args: Args<'_>) -> Result {
        static PARAMS: [Param; 2] = [required("obj"), required("_current_indent_level")];
        static SIGNATURE: Signature = signature("(obj, _current_indent_level)", &PARAMS);
        let callee = Callee { name: "_iterencode", owner: Owner::Constructor };
        bind::call(cx, callee, Some(this.value()), &SIGNATURE, args, |cx, args| {
            let this = bind::expect_self::<Encoder>(cx, args[0])?;
            let level = isize::from_arg(cx, bind::present(args[2]), "_current_indent_level")?;
            let mut writer = Writer::new(this);
            writer.object(cx, bind::present(args[1]), level.max(0))?;
            let text = writer.out.finish(cx);
            Ok(cx.new_tuple(&[text.value()]).value())
        })
    }

    /// markers
    #[member]
    fn markers(&self) -> Value {
        self.markers
    }

    /// default
    #[member]
    fn default(&self) -> Value {
        self.default
    }

    /// encoder
    #[member]
    fn encoder(&self) -> Value {
        self.encoder
    }

    /// indent
    #[member]
    fn indent(&self) -> Value {
        self.indent
    }

    /// key_separator
    #[member]
    fn key_separator(&self) -> Value {
        self.key_separator.value()
    }

    /// item_separator
    #[member]
    fn item_separator(&self) -> Value {
        self.item_separator.value()
    }

    /// sort_keys
    #[member]
    fn sort_keys(&self) -> bool {
        self.sort_keys
    }

    /// skipkeys
    #[member]
    fn skipkeys(&self) -> bool {
        self.skipkeys
    }
}

/// The constructor: the class, then the arguments in order.
fn make(cx: &mut Context, args: &[Option<Value>]) -> Result {
    let class = bind::expect_self::<Class>(cx, args[0])?;
    let arg = |number: usize| bind::present(args[number]);
    let separator = |cx: &mut Context, number: usize| match arg(number).downcast::<Str>() {
        Some(text) => Ok(text),
        None => {
            let found = cx.argument_type_name(arg(number));
            Err(cx.type_error(format!("make_encoder() argument {number} must be str, not {found}")))
        }
    };
    let (key_separator, item_separator) = (separator(cx, 5)?, separator(cx, 6)?);
    let (sort_keys, skipkeys, allow_nan) = (cx.truth(arg(7))?, cx.truth(arg(8))?, cx.truth(arg(9))?);
    if !arg(1).is_none() && arg(1).downcast::<Dict>().is_none() {
        let found = cx.type_name(arg(1));
        return Err(cx.type_error(format!("make_encoder() argument 1 must be dict or None, not {found}")));
    }
    let encoder = Encoder {
        markers: arg(1),
        default: arg(2),
        encoder: arg(3),
        indent: arg(4),
        key_separator,
        item_separator,
        sort_keys,
        skipkeys,
        allow_nan,
        style: Opaque(style_of(arg(3))),
    };
    Ok(cx.new_instance(class, encoder).value())
}

fn style_of(encoder: Value) -> StringStyle {
    let def = encoder.downcast::<NativeFunction>().map(|function| function.def());
    let is = |name: &str| {
        let own = Json::DEF.functions.iter().find(|own| own.name == name);
        matches!((def, own), (Some(def), Some(own)) if std::ptr::eq(def, own))
    };
    if is("encode_basestring_ascii") {
        StringStyle::Ascii
    } else if is("encode_basestring") {
        StringStyle::Unicode
    } else {
        StringStyle::Custom
    }
}

/// The containers that are open; the writer's callers hold them.
#[derive(Default)]
struct Open {
    stack: Vec<Identity>,
    /// Filled only once the stack is deep.
    set: HashSet<Identity>,
}

impl Open {
    const LINEAR: usize = 32;

    /// Opens a container; false if it is open already.
    #[inline]
    fn push(&mut self, container: Value) -> bool {
        let container = Identity::of(container);
        if self.stack.len() < Open::LINEAR {
            if self.stack.contains(&container) {
                return false;
            }
        } else {
            if self.stack.len() == Open::LINEAR {
                self.set = self.stack.iter().copied().collect();
            }
            if !self.set.insert(container) {
                return false;
            }
        }
        self.stack.push(container);
        true
    }

    #[inline]
    fn pop(&mut self) {
        if let Some(container) = self.stack.pop()
            && self.stack.len() >= Open::LINEAR
        {
            self.set.remove(&container);
        }
    }
}

/// One call of the encoder.
struct Writer {
    out: StrBuilder,
    encoder: Gc<Encoder>,
    check_circular: bool,
    indented: bool,
    open: Open,
    depth: usize,
}

impl Writer {
    fn new(encoder: Gc<Encoder>) -> Writer {
        Writer {
            out: StrBuilder::with_capacity(64),
            encoder,
            check_circular: !encoder.markers.is_none(),
            indented: !encoder.indent.is_none(),
            open: Open::default(),
            depth: 0,
        }
    }

    /// Writes any object.
    fn object(&mut self, cx: &mut Context, object: Value, level: isize) -> Result<()> {
        if let Some(small) = object.as_small_int() {
            self.small_int(small);
            return Ok(());
        }
        match object {
            Value::NONE => self.out.push_ascii(b"null"),
            Value::TRUE => self.out.push_ascii(b"true"),
            Value::FALSE => self.out.push_ascii(b"false"),
            _ => return self.other(cx, object, level),
        }
        Ok(())
    }

    fn other(&mut self, cx: &mut Context, object: Value, level: isize) -> Result<()> {
        if let Some(text) = object.downcast::<Str>() {
            return self.string(cx, text);
        }
        if let Some(float) = as_float(object) {
            return self.float(cx, object, float);
        }
        if let Some(dict) = object.downcast::<Dict>() {
            return self.nested(cx, |writer, cx| writer.dict(cx, dict, level));
        }
        if object.downcast::<List>().is_some() || object.downcast::<Tuple>().is_some() {
            return self.nested(cx, |writer, cx| writer.sequence(cx, object, level));
        }
        if cx.is_int(object) {
            let digits = int::to_decimal(cx, object)?;
            self.out.push(digits);
            return Ok(());
        }
        self.by_default(cx, object, level)
    }

    #[inline(always)]
    fn nested(
        &mut self,
        cx: &mut Context,
        write: impl FnOnce(&mut Writer, &mut Context) -> Result<()>,
    ) -> Result<()> {
        check_depth(cx, self.depth, ENCODING)?;
        cx.poll()?;
        self.depth += 1;
        write(self, cx)?;
        self.depth -= 1;
        Ok(())
    }

    #[inline]
    fn small_int(&mut self, int: i64) {
        let mut digits = [0u8; 20];
        let mut at = digits.len();
        let mut rest = int.unsigned_abs();
        loop {
            at -= 1;
            digits[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        if int < 0 {
            at -= 1;
            digits[at] = b'-';
        }
        self.out.push_ascii(&digits[at..]);
    }

    #[inline]
    fn string(&mut self, cx: &mut Context, text: Gc<Str>) -> Result<()> {
        match self.encoder.style.0 {
            StringStyle::Ascii => escape::push_ascii(&mut self.out, text.units()),
            StringStyle::Unicode => escape::push(&mut self.out, text.units()),
            StringStyle::Custom => {
                let encoded = cx.call(self.encoder.encoder, &[text.value()])?;
                let Some(encoded) = encoded.downcast::<Str>() else {
                    let found = cx.type_name(encoded);
                    return Err(cx.type_error(format!("encoder() must return a string, not {found}")));
                };
                self.out.push(encoded);
            }
        }
        Ok(())
    }

    fn float(&mut self, cx: &mut Context, object: Value, float: f64) -> Result<()> {
        match self.special(cx, object, float)? {
            Some(word) => self.out.push_ascii(word.as_bytes()),
            None => {
                let mut text = String::new();
                taipan_num::float::push_repr(float, &mut text);
                self.out.push_ascii(text.as_bytes());
            }
        }
        Ok(())
    }

    /// The word for a float that is no number, if it may be written.
    #[inline]
    fn special(&self, cx: &mut Context, object: Value, float: f64) -> Result<Option<&'static str>> {
        if float.is_finite() {
            return Ok(None);
        }
        if !self.encoder.allow_nan {
            let shown = cx.repr(object)?;
            let message = format!("Out of range float values are not JSON compliant: {}", shown.to_str());
            return Err(cx.value_error(message));
        }
        Ok(Some(if float.is_nan() {
            "NaN"
        } else if float > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        }))
    }

    /// What `default` makes of an object that JSON does not know.
    #[inline(never)]
    fn by_default(&mut self, cx: &mut Context, object: Value, level: isize) -> Result<()> {
        if self.check_circular && !self.open.push(object) {
            return Err(cx.value_error(CIRCULAR));
        }
        let new = cx.call(self.encoder.default, &[object])?;
        let written = self.nested(cx, |writer, cx| writer.object(cx, new, level));
        if let Err(raised) = written {
            return Err(noted(cx, raised, object, "object"));
        }
        if self.check_circular {
            self.open.pop();
        }
        Ok(())
    }

    fn new_line(&mut self, level: isize) {
        self.out.push_ascii(b"\n");
        if let Some(indent) = self.encoder.indent.downcast::<Str>() {
            for _ in 0..level {
                self.out.push(indent);
            }
        }
    }

    fn sequence(&mut self, cx: &mut Context, sequence: Value, level: isize) -> Result<()> {
        let items = if cx.is_exact::<List>(sequence) || cx.is_exact::<Tuple>(sequence) {
            sequence
        } else {
            cx.to_list(sequence)?.value()
        };
        let item = |index: usize| match items.downcast::<Tuple>() {
            Some(tuple) => tuple.get(index),
            None => items.downcast::<List>().and_then(|list| list.get(index)),
        };
        let Some(mut next) = item(0) else {
            self.out.push_ascii(b"[]");
            return Ok(());
        };
        if self.check_circular && !self.open.push(sequence) {
            return Err(cx.value_error(CIRCULAR));
        }
        self.out.push_ascii(b"[");
        if self.indented {
            self.new_line(level + 1);
        }
        let mut index = 0;
        loop {
            if let Err(raised) = self.object(cx, next, level + 1) {
                return Err(noted(cx, raised, sequence, &format!("item {index}")));
            }
            index += 1;
            match item(index) {
                Some(item) => next = item,
                None => break,
            }
            self.out.push(self.encoder.item_separator);
            if self.indented {
                self.new_line(level + 1);
            }
        }
        if self.check_circular {
            self.open.pop();
        }
        if self.indented {
            self.new_line(level);
        }
        self.out.push_ascii(b"]");
        Ok(())
    }

    fn dict(&mut self, cx: &mut Context, dict: Gc<Dict>, level: isize) -> Result<()> {
        if dict.is_empty() {
            self.out.push_ascii(b"{}");
            return Ok(());
        }
        if self.check_circular && !self.open.push(dict.value()) {
            return Err(cx.value_error(CIRCULAR));
        }
        self.out.push_ascii(b"{");
        let mut first = true;
        if self.encoder.sort_keys || !dict.is_exact() {
            let items = items_of(cx, dict)?;
            if self.encoder.sort_keys {
                cx.call_method(items.value(), "sort", &[])?;
            }
            let mut index = 0;
            while let Some(item) = items.get(index) {
                let pair = item.downcast::<Tuple>().filter(|pair| pair.len() == 2);
                let Some(pair) = pair else { return Err(cx.value_error("items must return 2-tuples")) };
                self.pair(cx, dict, pair.items()[0], pair.items()[1], &mut first, level + 1)?;
                index += 1;
            }
        } else {
            let mut at = 0;
            while let Some((next, key, value)) = dict.next_entry(at) {
                self.pair(cx, dict, key, value, &mut first, level + 1)?;
                at = next;
            }
        }
        if self.check_circular {
            self.open.pop();
        }
        if self.indented && !first {
            self.new_line(level);
        }
        self.out.push_ascii(b"}");
        Ok(())
    }

    /// Writes one item of a dict, with what separates it from the one before.
    fn pair(
        &mut self,
        cx: &mut Context,
        dict: Gc<Dict>,
        key: Value,
        value: Value,
        first: &mut bool,
        level: isize,
    ) -> Result<()> {
        let name = match key.downcast::<Str>() {
            Some(text) => text,
            None => match self.name(cx, key)? {
                Some(name) => name,
                None => return Ok(()),
            },
        };
        if !std::mem::replace(first, false) {
            self.out.push(self.encoder.item_separator);
        }
        if self.indented {
            self.new_line(level);
        }
        self.string(cx, name)?;
        self.out.push(self.encoder.key_separator);
        if let Err(raised) = self.object(cx, value, level) {
            let exception = cx.take_exception(raised);
            let shown = cx.repr(key)?;
            let raised = cx.reraise(exception);
            return Err(noted(cx, raised, dict.value(), &format!("item {}", shown.to_str())));
        }
        Ok(())
    }

    /// The text of a key that is no string; `None` for one to skip.
    #[inline(never)]
    fn name(&mut self, cx: &mut Context, key: Value) -> Result<Option<Gc<Str>>> {
        if let Some(float) = as_float(key) {
            return Ok(Some(match self.special(cx, key, float)? {
                Some(word) => cx.intern(word),
                None => cx.new_str(&taipan_num::float::repr(float)),
            }));
        }
        match key {
            Value::NONE => return Ok(Some(cx.intern("null"))),
            Value::TRUE => return Ok(Some(cx.intern("true"))),
            Value::FALSE => return Ok(Some(cx.intern("false"))),
            _ => {}
        }
        if cx.is_int(key) {
            return int::to_decimal(cx, key).map(Some);
        }
        if self.encoder.skipkeys {
            return Ok(None);
        }
        let found = cx.type_name(key);
        Err(cx.type_error(format!("keys must be str, int, float, bool or None, not {found}")))
    }
}

/// `list(dict.items())`, through the method that a subclass may have (`PyMapping_Items`).
fn items_of(cx: &mut Context, dict: Gc<Dict>) -> Result<Gc<List>> {
    if dict.is_exact() {
        let pairs: GVec<Value> =
            dict.snapshot(cx).iter().map(|(key, value)| cx.new_tuple(&[*key, *value]).value()).collect();
        return Ok(cx.new_list(&pairs));
    }
    let items = cx.call_method(dict.value(), "items", &[])?;
    if !cx.is_iterable(items) {
        let (owner, found) = (cx.type_name(dict.value()), cx.type_name(items));
        return Err(cx.type_error(format!("{owner}.items() returned a non-iterable (type {found})")));
    }
    cx.to_list(items)
}

/// Notes on the pending exception what was being written.
#[cold]
fn noted(cx: &mut Context, raised: Raised, container: Value, part: &str) -> Raised {
    let exception = cx.take_exception(raised);
    let name = cx.qualified_type_name(container);
    let raised = cx.reraise(exception);
    cx.add_note(raised, &format!("when serializing {name} {part}"))
}
