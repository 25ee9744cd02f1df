//! `str`, `bytes` and `bytearray` against what CPython gives: each row of `text/cases.rs` is a call, and the
//! repr of its result or its error. The rows are made by
//! `PYTHONHASHSEED=0 python3.14 -W ignore crates/runtime/tests/text/cases.py > crates/runtime/tests/text/cases.rs`.

#[path = "text/cases.rs"]
mod cases;
mod common;

use common::with_context;
use taipan_runtime::protocol::compare::CompareOp;
use taipan_runtime::protocol::number::BinaryOp;
use taipan_runtime::types::bytearray::ByteArray;
use taipan_runtime::types::slice::Slice;
use taipan_runtime::types::str::{StrBuilder, Units};
use taipan_runtime::{Context, Result, Value};

/// A literal.
#[derive(Debug)]
pub enum Arg {
    N,
    T(bool),
    I(i64),
    F(f64),
    S(&'static str),
    B(&'static [u8]),
    A(&'static [u8]),
    P(&'static [Arg]),
    L(&'static [Arg]),
    D(&'static [(Arg, Arg)]),
}

impl Arg {
    fn value(&self, cx: &mut Context) -> Value {
        match self {
            Arg::N => Value::NONE,
            Arg::T(flag) => Value::bool(*flag),
            Arg::I(int) => cx.new_int(*int),
            Arg::F(float) => cx.new_float(*float),
            Arg::S(text) => cx.new_str(text).value(),
            Arg::B(bytes) => cx.new_bytes(bytes).value(),
            Arg::A(bytes) => ByteArray::new_from(cx, bytes.to_vec()).value(),
            Arg::P(items) => {
                let items = values(cx, items);
                cx.new_tuple(&items).value()
            }
            Arg::L(items) => {
                let items = values(cx, items);
                cx.new_list(&items).value()
            }
            Arg::D(entries) => {
                let dict = cx.new_dict();
                for (key, value) in *entries {
                    let (key, value) = (key.value(cx), value.value(cx));
                    dict.set(cx, key, value).expect("hashable");
                }
                dict.value()
            }
        }
    }
}

fn values(cx: &mut Context, items: &[Arg]) -> Vec<Value> {
    items.iter().map(|item| item.value(cx)).collect()
}

fn key(cx: &mut Context, args: &[Value]) -> Value {
    match args {
        [key] => *key,
        _ => {
            let class = <Slice as taipan_runtime::layout::Object>::class_cell().get().value();
            cx.call(class, args).expect("a slice")
        }
    }
}

/// What a row calls: an operator, a built-in function, or a method. A `!` asks for the receiver too, a `.`
/// only tells `str.format` from `format()`.
fn run(cx: &mut Context, receiver: Value, name: &str, args: &[Value]) -> Result {
    match (name, args) {
        ("+", [other]) => cx.binary(BinaryOp::Add, receiver, *other),
        ("*", [other]) => cx.binary(BinaryOp::Mul, receiver, *other),
        ("%", [other]) => cx.binary(BinaryOp::Rem, receiver, *other),
        ("in", [item]) => cx.contains(receiver, *item).map(Value::bool),
        ("<", [other]) => cx.compare(receiver, *other, CompareOp::Lt),
        ("==", [other]) => cx.compare(receiver, *other, CompareOp::Eq),
        ("[]", args) => {
            let key = key(cx, args);
            cx.get_item(receiver, key)
        }
        ("hash", _) => cx.hash(receiver).map(|hash| cx.new_int(hash)),
        ("len", _) => cx.len(receiver).map(|len| cx.new_int(len as i64)),
        ("list", _) => cx.to_list(receiver).map(|list| list.value()),
        ("repr", _) => cx.repr(receiver).map(|text| text.value()),
        ("ascii", _) => cx.ascii(receiver).map(|text| text.value()),
        ("format", [spec]) => {
            let spec = spec.downcast().expect("a str");
            cx.format(receiver, spec).map(|text| text.value())
        }
        _ => match name.strip_prefix('!') {
            Some(name) => {
                let result = cx.call_method(receiver, name, args)?;
                Ok(cx.new_tuple(&[result, receiver]).value())
            }
            None => cx.call_method(receiver, name.trim_start_matches('.'), args),
        },
    }
}

fn shown(cx: &mut Context, result: Result) -> String {
    match result {
        Ok(value) => cx.repr(value).expect("a repr").to_str().into_owned(),
        Err(raised) => {
            let exception = cx.take_exception(raised);
            let text = cx.str(exception).expect("a text").to_str().into_owned();
            format!("{}: {text}", cx.type_name(exception))
        }
    }
}

#[test]
fn calls_give_what_cpython_gives() {
    with_context(|cx| {
        let mut wrong = Vec::new();
        for (receiver, name, args, expected) in cases::CASES {
            let value = receiver.value(cx);
            let values = values(cx, args);
            let result = run(cx, value, name, &values);
            let found = shown(cx, result);
            if found != *expected {
                wrong.push(format!(
                    "{receiver:?} {name} {args:?}\n   CPython: {expected}\n   found:   {found}"
                ));
            }
        }
        assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), cases::CASES.len(), wrong.join("\n"));
    });
}

#[test]
fn text_is_kept_in_the_narrowest_width() {
    with_context(|cx| {
        for (text, width, ascii) in [("abc", 1, true), ("é", 1, false), ("a€", 2, false), ("a🐍", 4, false)]
        {
            let s = cx.new_str(text);
            assert_eq!((s.width(), s.is_ascii(), s.len()), (width, ascii, text.chars().count()), "{text}");
            assert_eq!(s.to_str(), text);
        }
        let wide = cx.new_str("€🐍ab");
        assert_eq!(wide.substring(cx, 2..4).width(), 1);
        assert_eq!(wide.substring(cx, 0..1).width(), 2);
        assert!(wide.substring(cx, 2..4).equals(&cx.new_str("ab")));
        let mut builder = StrBuilder::new();
        builder.push_str("ab🐍");
        builder.truncate(2);
        assert_eq!(builder.finish(cx).width(), 1);
    });
}

#[test]
fn short_strings_and_interned_ones_exist_once() {
    with_context(|cx| {
        assert!(cx.new_str("") == cx.empty_str() && cx.new_str("é") == cx.new_char(0xe9));
        assert!(cx.intern("some name") == cx.new_str("some name").intern(cx));
        assert!(cx.intern("naïve") == cx.new_str("naïve").intern(cx));
        assert!(cx.new_str("xy") != cx.new_str("xy"));
    });
}

#[test]
fn a_growing_string_shares_its_buffer_and_leaves_older_ones_alone() {
    with_context(|cx| {
        let piece = cx.new_str("0123456789");
        let mut s = cx.new_str("");
        let mut older = Vec::new();
        for i in 0..2000 {
            s = s.concat(cx, piece);
            if i % 250 == 0 {
                older.push((i + 1, s));
            }
            if i % 100 == 0 {
                cx.poll().expect("nothing raised");
            }
        }
        // A second extension of the same string must not disturb the first one.
        let (left, right) = (s.concat(cx, cx.new_str("left")), s.concat(cx, cx.new_str("right")));
        assert!(left.to_str().ends_with("9left") && right.to_str().ends_with("9right"));
        for (count, old) in older {
            assert_eq!(old.to_str(), "0123456789".repeat(count));
        }
        let wider = s.concat(cx, cx.new_str("€"));
        assert_eq!((wider.width(), wider.len(), wider.char_at(20_000)), (2, 20_001, 0x20ac));
    });
}

#[test]
fn two_threads_extend_one_string() {
    with_context(|cx| {
        let base = cx.new_str(&"x".repeat(300)).concat(cx, cx.new_str("y"));
        let bits = base.value().bits();
        cx.blocking(|| {
            std::thread::scope(|scope| {
                for tail in ["first", "second", "third"] {
                    scope.spawn(move || {
                        with_context(|cx| {
                            // The base is kept alive by the frame that started this thread.
                            let base = Value::from_bits(bits).and_then(Value::downcast).expect("a str");
                            let base: taipan_runtime::Gc<taipan_runtime::types::str::Str> = base;
                            for round in 0..2000 {
                                let mut s = base;
                                let text = cx.new_str(&format!("{tail}{round}"));
                                for _ in 0..3 {
                                    s = s.concat(cx, text);
                                }
                                let expected =
                                    format!("{}y{}", "x".repeat(300), format!("{tail}{round}").repeat(3));
                                assert_eq!(s.to_str(), expected);
                                cx.poll().expect("nothing raised");
                            }
                        });
                    });
                }
            });
        });
        assert_eq!(base.len(), 301);
    });
}

#[test]
fn lone_surrogates_are_ordinary_but_do_not_encode() {
    with_context(|cx| {
        let s = cx.new_str_from(Units::Two(&[0x61, 0xd800, 0x62]));
        assert_eq!((s.len(), s.char_at(1)), (3, 0xd800));
        assert_eq!(cx.repr(s.value()).expect("a repr").to_str(), "'a\\ud800b'");
        let result = cx.call_method(s.value(), "encode", &[]);
        let found = shown(cx, result);
        assert_eq!(
            found,
            "UnicodeEncodeError: 'utf-8' codec can't encode character '\\ud800' in position 1: surrogates not allowed"
        );
        let arguments = [cx.new_str("utf-8").value(), cx.new_str("surrogatepass").value()];
        let bytes = cx.call_method(s.value(), "encode", &arguments).expect("encodes");
        let back = cx.call_method(bytes, "decode", &arguments).expect("decodes");
        assert!(cx.eq(back, s.value()).expect("comparable"));
        let escaped = [cx.new_str("utf-8").value(), cx.new_str("surrogateescape").value()];
        let raw = cx.new_bytes(b"a\xff\xe2\x82").value();
        let text = cx.call_method(raw, "decode", &escaped).expect("decodes");
        assert_eq!(cx.ascii(text).expect("a repr").to_str(), "'a\\udcff\\udce2\\udc82'");
        let again = cx.call_method(text, "encode", &escaped).expect("encodes");
        assert!(cx.eq(again, raw).expect("comparable"));
    });
}

#[test]
fn views_count_as_exports_until_released() {
    with_context(|cx| {
        let array = ByteArray::new_from(cx, b"abcdef".to_vec());
        let class =
            <taipan_runtime::types::memoryview::MemoryView as taipan_runtime::layout::Object>::class_cell();
        let view = cx.call(class.get().value(), &[array.value()]).expect("a view");
        let x = cx.new_int(120);
        let result = cx.call_method(array.value(), "append", &[x]);
        assert_eq!(shown(cx, result), "BufferError: Existing exports of data: object cannot be re-sized");
        cx.set_item(view, Value::int(0), x).expect("writable");
        assert_eq!(array.to_vec(cx), b"xbcdef");
        cx.call_method(view, "release", &[]).expect("released");
        cx.call_method(array.value(), "append", &[x]).expect("resizable again");
        assert_eq!(array.to_vec(cx), b"xbcdefx");
        let result = cx.call_method(view, "tobytes", &[]);
        assert_eq!(shown(cx, result), "ValueError: operation forbidden on released memoryview object");
    });
}
