//! Exceptions, weak references, generic aliases and descriptors, driven from Rust.
//!
//! Invariant: each test names one behaviour and compares with CPython's words.

mod common;

use common::with_context;
use taipan_runtime::exception::{self, BaseException, hierarchy};
use taipan_runtime::layout::Object;
use taipan_runtime::types::generic_alias::GenericAlias;
use taipan_runtime::types::int::Int;
use taipan_runtime::types::list::List;
use taipan_runtime::types::simple_namespace::SimpleNamespace;
use taipan_runtime::types::union::make_union;
use taipan_runtime::{Context, Value};

fn repr(cx: &mut Context, value: Value) -> String {
    cx.repr(value).map(|text| text.to_str().into_owned()).unwrap_or_else(|raised| message(cx, raised))
}

fn message(cx: &mut Context, raised: taipan_runtime::Raised) -> String {
    let exception = cx.take_exception(raised);
    let text = cx.str(exception).map(|text| text.to_str().into_owned());
    format!("{}: {}", cx.type_name(exception), text.unwrap_or_default())
}

#[test]
fn exceptions_show_themselves_as_in_cpython() {
    with_context(|cx| {
        let raised = cx.type_error("no");
        let exception = cx.take_exception(raised);
        assert_eq!(repr(cx, exception), "TypeError('no')");
        let raised = cx.key_error(Value::int(3));
        assert_eq!(message(cx, raised), "KeyError: 3");
        let raised = cx.os_error_with(2, Some(cx.new_str("f").value()), None);
        assert_eq!(message(cx, raised), "FileNotFoundError: [Errno 2] No such file or directory: 'f'");
        let bytes = cx.new_bytes(b"a\xff").value();
        let raised = cx.unicode_decode_error("utf-8", bytes, 1, 2, "invalid start byte");
        let expected =
            "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff in position 1: invalid start byte";
        assert_eq!(message(cx, raised), expected);
    });
}

#[test]
fn constructing_an_oserror_chooses_the_subclass() {
    with_context(|cx| {
        let class = hierarchy::os_error().get().value();
        let text = cx.new_str("x").value();
        let error = cx.call(class, &[Value::int(2), text]).unwrap();
        assert_eq!(repr(cx, error), "FileNotFoundError(2, 'x')");
        let error = cx.call(class, &[Value::int(2)]).unwrap();
        assert_eq!(repr(cx, error), "OSError(2)");
    });
}

#[test]
fn chaining_breaks_cycles() {
    with_context(|cx| {
        let a = cx.new_exception(hierarchy::value_error, &[]);
        let b = cx.new_exception(hierarchy::type_error, &[]);
        exception::chain(a, b);
        exception::chain(b, a);
        assert_eq!(b.downcast::<BaseException>().unwrap().context(), Some(a));
        assert_eq!(a.downcast::<BaseException>().unwrap().context(), None);
    });
}

#[test]
fn groups_split_by_type() {
    with_context(|cx| {
        let a = cx.new_exception(hierarchy::value_error, &[Value::int(1)]);
        let b = cx.new_exception(hierarchy::type_error, &[Value::int(2)]);
        let group = cx.new_exception_group("m", &[a, b]).unwrap();
        assert_eq!(repr(cx, group), "ExceptionGroup('m', [ValueError(1), TypeError(2)])");
        let pattern = hierarchy::type_error().get().value();
        let (matched, rest) = cx.exception_group_match(group, pattern).unwrap();
        assert_eq!(repr(cx, matched.unwrap()), "ExceptionGroup('m', [TypeError(2)])");
        assert_eq!(repr(cx, rest.unwrap()), "ExceptionGroup('m', [ValueError(1)])");
    });
}

#[test]
fn weak_references_are_shared_and_refused() {
    with_context(|cx| {
        let class = hierarchy::value_error().get().value();
        let reference = cx.new_weakref(class).unwrap();
        assert_eq!(reference.referent(), Some(class));
        assert!(cx.new_weakref(class).unwrap() == reference);
        let raised = cx.new_weakref(Value::int(3)).unwrap_err();
        assert_eq!(message(cx, raised), "TypeError: cannot create weak reference to 'int' object");
    });
}

#[test]
fn aliases_and_unions_are_written_like_types() {
    with_context(|cx| {
        let (int, list) = (Int::class_cell().get().value(), List::class_cell().get().value());
        let alias = GenericAlias::new(cx, list, int).value();
        assert_eq!(repr(cx, alias), "list[int]");
        let union = make_union(cx, &[alias, Value::NONE, int, int]).unwrap();
        assert_eq!(repr(cx, union), "list[int] | None | int");
        let raised = cx.get_item(alias, int).unwrap_err();
        assert_eq!(message(cx, raised), "TypeError: list[int] is not a generic class");
        let object = taipan_runtime::instance::Instance::class_cell().get().value();
        assert_eq!(repr(cx, object), "<class 'object'>");
    });
}

#[test]
fn namespaces_compare_and_show_their_attributes() {
    with_context(|cx| {
        let a = SimpleNamespace::new(cx, &[("a", Value::int(1))]).value();
        let b = SimpleNamespace::new(cx, &[("a", Value::int(1))]).value();
        assert_eq!(repr(cx, a), "namespace(a=1)");
        assert!(cx.eq(a, b).unwrap());
    });
}
