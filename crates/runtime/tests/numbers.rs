//! int, float, complex and bool: every row of `data/numbers.tsv`, which CPython 3.14 recorded.
//!
//! Invariant: a row is an operation, literal operands, and the repr of the result or the exception.

mod common;

use common::with_context;
use taipan_runtime::protocol::compare::CompareOp;
use taipan_runtime::protocol::number::BinaryOp;
use taipan_runtime::types::complex::Complex;
use taipan_runtime::types::{float, int};
use taipan_runtime::{Context, Result, Value};

const ROWS: &str = include_str!("data/numbers.tsv");

/// Undoes Python's `unicode_escape`.
fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        let digits = match chars.next() {
            Some('x') => 2,
            Some('u') => 4,
            Some('n') => {
                out.push('\n');
                continue;
            }
            Some(other) => {
                out.push(other);
                continue;
            }
            None => panic!("a lone backslash in {text:?}"),
        };
        let code: String = chars.by_ref().take(digits).collect();
        out.extend(u32::from_str_radix(&code, 16).ok().and_then(char::from_u32));
    }
    out
}

fn operand(cx: &mut Context, literal: &str) -> Value {
    let (kind, text) = literal.split_once(':').expect("a literal");
    match kind {
        "k" => match text {
            "None" => Value::NONE,
            text => Value::bool(text == "True"),
        },
        "i" => {
            let digits = cx.new_str(text);
            int::from_text(cx, digits, 10).expect("an int")
        }
        "f" => {
            let digits = cx.new_str(text);
            let x = float::from_text(cx, digits).expect("a float");
            cx.new_float(x)
        }
        "c" => {
            let number = taipan_num::complex::Complex::parse(text.as_bytes()).expect("a complex number");
            Complex::new(cx, number.real, number.imaginary).value()
        }
        "s" => cx.new_str(&unescape(text)).value(),
        "b" => {
            let pairs = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).expect("ASCII"));
            let bytes: Vec<u8> =
                pairs.map(|pair| u8::from_str_radix(pair, 16).expect("hexadecimal")).collect();
            cx.new_bytes(&bytes).value()
        }
        _ => panic!("literal {literal}"),
    }
}

fn binary_op(name: &str) -> Option<BinaryOp> {
    let name = match name {
        "divmod" => "divmod()",
        "**" => "** or pow()",
        name => name,
    };
    BinaryOp::ALL.into_iter().find(|op| op.symbol() == name)
}

fn run(cx: &mut Context, operation: &str, operands: &[Value]) -> Result {
    if let Some(op) = binary_op(operation) {
        return cx.binary(op, operands[0], operands[1]);
    }
    if let Some(op) = CompareOp::ALL.into_iter().find(|op| op.symbol() == operation) {
        return cx.compare(operands[0], operands[1], op);
    }
    if let Some(method) = operation.strip_prefix('.') {
        return cx.call_method(operands[0], method, &operands[1..]);
    }
    if let Some(name) = operation.strip_prefix('@') {
        let name = cx.intern(name);
        return cx.get_attr(operands[0], name);
    }
    let zero = match operation {
        "call int" => Value::int(0),
        "call float" => Value::ZERO_FLOAT,
        "call complex" => Complex::new(cx, 0.0, 0.0).value(),
        "call bool" => Value::FALSE,
        _ => panic!("operation {operation}"),
    };
    let class = cx.class_of(zero).value();
    cx.call(class, operands)
}

fn outcome(cx: &mut Context, operation: &str, operands: &[Value]) -> String {
    match run(cx, operation, operands) {
        Ok(result) => cx.repr(result).expect("a repr").to_str().into_owned(),
        Err(raised) => {
            let exception = cx.take_exception(raised);
            let text = cx.str(exception).expect("a text").to_str().into_owned();
            format!("{}: {text}", cx.type_name(exception))
        }
    }
}

#[test]
fn recorded_rows() {
    with_context(|cx| {
        let mut wrong = Vec::new();
        for row in ROWS.lines() {
            let fields: Vec<&str> = row.split('\t').collect();
            let [operation, literals @ .., expected] = &fields[..] else { panic!("row {row:?}") };
            let operands: Vec<Value> = literals.iter().map(|literal| operand(cx, literal)).collect();
            let (got, expected) = (outcome(cx, operation, &operands), unescape(expected));
            if got != expected {
                wrong.push(format!("{operation} {literals:?}\n  expected {expected}\n  got      {got}"));
            }
        }
        assert!(wrong.is_empty(), "{} rows differ:\n{}", wrong.len(), wrong.join("\n"));
    });
}
