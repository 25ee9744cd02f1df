//! The mini-language against results recorded from CPython 3.14's `format()`.
//!
//! Invariant: the tables hold value, specification, and result or exception.

use super::*;
use crate::bigint::Int;

type Expected = Result<&'static str, &'static str>;

#[track_caller]
fn check(got: Result<Formatted, FormatError>, expected: Expected, spec: &str) {
    let got = got.map(|formatted| formatted.code_points().filter_map(char::from_u32).collect::<String>());
    let got = got.map_err(|error| format!("{:?}Error: {}", error.kind, error.message));
    assert_eq!(got.as_deref().map_err(String::as_str), expected, "{spec:?}");
}

#[test]
fn integers() {
    let cases: &[(i64, &str, Expected)] = &[
        (1, ".3", Err("ValueError: Precision not allowed in integer format specifier")),
        (1, "z", Err("ValueError: Negative zero coercion (z) not allowed in integer format specifier")),
        (1, "+c", Err("ValueError: Sign not allowed with integer format specifier 'c'")),
        (1, "#c", Err("ValueError: Alternate form (#) not allowed with integer format specifier 'c'")),
        (-1, "c", Err("OverflowError: %c arg not in range(0x110000)")),
        (65, "05c", Ok("0000A")),
        (8364, "^5c", Ok("  €  ")),
        (1, "y", Err("ValueError: Unknown format code 'y' for object of type 'int'")),
        (1, "\u{1}", Err("ValueError: Unknown format code '\\x1' for object of type 'int'")),
        (1, "é", Err("ValueError: Unknown format code '\\xe9' for object of type 'int'")),
        (1, ",x", Err("ValueError: Cannot specify ',' with 'x'.")),
        (1, "_n", Err("ValueError: Cannot specify '_' with 'n'.")),
        (1, ".", Err("ValueError: Format specifier missing precision")),
        (1, ",_", Err("ValueError: Cannot specify both ',' and '_'.")),
        (1, "_,", Err("ValueError: Cannot specify both ',' and '_'.")),
        (1, "99999999999999999999", Err("ValueError: Too many decimal digits in format string")),
        (1, "xx", Err("ValueError: Invalid format specifier 'xx' for object of type 'int'")),
        (123, "010,", Ok("00,000,123")),
        (12345678, "#_x", Ok("0xbc_614e")),
        (255, "#010_b", Ok("0b1111_1111")),
        (65, "=+5", Ok("+  65")),
        (3, "_c", Err("ValueError: Cannot specify '_' with 'c'.")),
        (3, "._d", Ok("3")),
        (1, "0^10", Ok("0000100000")),
        (1, "<010", Ok("1000000000")),
        (-42, "+08d", Ok("-0000042")),
        (42, " d", Ok(" 42")),
        (42, "é^+9", Ok("ééé+42ééé")),
        (1234567, ",.2f", Ok("1,234,567.00")),
        (5, "%", Ok("500.000000%")),
        (1234567, "_", Ok("1_234_567")),
        (-255, "X", Ok("-FF")),
        (-255, "#o", Ok("-0o377")),
        (0, "#b", Ok("0b0")),
        (7, "１０", Ok("         7")),
        (123456789, "014,", Ok("00,123,456,789")),
        (123456789, "015,", Ok("000,123,456,789")),
    ];
    for &(value, spec, expected) in cases {
        let codes: Vec<char> = spec.chars().collect();
        check(format_int(Int::from(value).view(), &codes[..], "int", 4300), expected, spec);
    }
    let huge = Int::from(10i64).view().pow(Int::from(400i64).view()).expect("small");
    check(
        format_int(huge.view(), &b"f"[..], "int", 0),
        Err("OverflowError: int too large to convert to float"),
        "f",
    );
    check(
        format_int(huge.view(), &b"c"[..], "int", 0),
        Err("OverflowError: Python int too large to convert to C long"),
        "c",
    );
    check(
        format_int(Int::from(1i64).view(), &b"099999999999999999"[..], "int", 0),
        Err("MemoryError: "),
        "0...",
    );
}

#[test]
fn floats() {
    let cases: &[(f64, &str, Expected)] = &[
        (1.5, "", Ok("1.5")),
        (1.5, ".", Err("ValueError: Format specifier missing precision")),
        (1.5, ".9999999999", Err("ValueError: precision too big")),
        (1.5, ".99999999999999999999", Err("ValueError: Too many decimal digits in format string")),
        (1.5, "d", Err("ValueError: Unknown format code 'd' for object of type 'float'")),
        (1.5, "xx", Err("ValueError: Invalid format specifier 'xx' for object of type 'float'")),
        (1234.5678, ".,", Ok("1234.567,8")),
        (1234.5678, "_.3_f", Ok("1_234.568")),
        (1234.5678, ".,_f", Err("ValueError: Cannot specify both ',' and '_'.")),
        (1234.5678, "._,f", Err("ValueError: Cannot specify both ',' and '_'.")),
        (1.5, ".,n", Err("ValueError: Cannot specify ',' with 'n'.")),
        (f64::INFINITY, "010,", Ok("0000000inf")),
        (-f64::INFINITY, "+F", Ok("-INF")),
        (1e+20, ",", Ok("1e+20")),
        (1234567.891, "020,.2f", Ok("0,000,001,234,567.89")),
        (-0.0, "z", Ok("0.0")),
        (-0.001, "z.1f", Ok("0.0")),
        (-0.001, ".1f", Ok("-0.0")),
        (0.001234567, "_._", Ok("0.001_234_567")),
        (1.23456789e-07, ".8_e", Ok("1.234_567_89e-07")),
        (1.5, "%", Ok("150.000000%")),
        (0.1234, ".1%", Ok("12.3%")),
        (3.0, "#.0f", Ok("3.")),
        (3.0, ".0", Ok("3e+00")),
        (3.0, ".3", Ok("3.0")),
        (1e+16, "", Ok("1e+16")),
        (123456.0, ".3", Ok("1.23e+05")),
        (1e-05, "g", Ok("1e-05")),
        (100.0, "#g", Ok("100.000")),
        (5.0, "=+9.2e", Ok("+5.00e+00")),
        (2.5, "*<8", Ok("2.5*****")),
        (2.5, "*^8", Ok("**2.5***")),
        (1.0, "c", Err("ValueError: Unknown format code 'c' for object of type 'float'")),
        (1.5, "n", Ok("1.5")),
        (12345.678, "012_.1f", Ok("00_012_345.7")),
    ];
    for &(x, spec, expected) in cases {
        let codes: Vec<char> = spec.chars().collect();
        check(format_float(x, &codes[..], "float"), expected, spec);
    }
}

#[test]
fn complex_numbers() {
    let cases: &[(f64, f64, &str, Expected)] = &[
        (0.0, 1.0, "=5", Err("ValueError: '=' alignment flag is not allowed in complex format specifier")),
        (0.0, 1.0, "05", Err("ValueError: Zero padding is not allowed in complex format specifier")),
        (0.0, 1.0, "%", Err("ValueError: Unknown format code '%' for object of type 'complex'")),
        (1.0, 2.0, ">20.3f", Ok("        1.000+2.000j")),
        (1.0, 2.0, "^+12", Ok("  (+1+2j)   ")),
        (0.0, 1.0, "8", Ok("      1j")),
        (0.0, 1.0, "+", Ok("+1j")),
        (-0.0, -1.5, "_<9", Ok("(-0-1.5j)")),
        (0.0, 1.0, ".,f", Ok("0.000,000+1.000,000j")),
        (12345.123456, 1.0, "_.6_f", Ok("12_345.123_456+1.000_000j")),
        (-0.0, 1.0, "", Ok("(-0+1j)")),
        (-0.0, -0.0, "z.1f", Ok("0.0+0.0j")),
        (1.0, 2.0, ".3", Ok("(1+2j)")),
        (1.0, f64::NEG_INFINITY, "e", Ok("1.000000e+00-infj")),
    ];
    for &(real, imaginary, spec, expected) in cases {
        check(format_complex(real, imaginary, spec.as_bytes(), "complex"), expected, spec);
    }
}

#[test]
fn texts() {
    let cases: &[(&str, &str, Expected)] = &[
        ("a", "=5", Err("ValueError: '=' alignment not allowed in string format specifier")),
        ("a", "+", Err("ValueError: Sign not allowed in string format specifier")),
        ("a", " ", Err("ValueError: Space not allowed in string format specifier")),
        ("a", "z", Err("ValueError: Negative zero coercion (z) not allowed in string format specifier")),
        ("a", "#", Err("ValueError: Alternate form (#) not allowed in string format specifier")),
        ("a", ",", Err("ValueError: Cannot specify ',' with 's'.")),
        ("a", "d", Err("ValueError: Unknown format code 'd' for object of type 'str'")),
        ("abc", "05", Ok("abc00")),
        ("abc", "_<5.2s", Ok("ab___")),
        ("x", ".3_s", Ok("x")),
        ("abc", ">6", Ok("   abc")),
        ("abc", "^6", Ok(" abc  ")),
        ("abc", "2", Ok("abc")),
        ("abc", ".0", Ok("")),
        ("a", "-", Err("ValueError: Sign not allowed in string format specifier")),
    ];
    for &(text, spec, expected) in cases {
        let laid_out = format_text(text.len(), spec.as_bytes(), "str").map(|layout| Formatted {
            fill: layout.fill,
            before: layout.before,
            head: String::new(),
            between: 0,
            body: Body::Ascii(text[..layout.keep].to_owned()),
            after: layout.after,
        });
        check(laid_out, expected, spec);
    }
}
