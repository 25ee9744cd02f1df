//! The whole database against sums recorded from CPython 3.14.
//!
//! Invariant: the sums are those that `tools/checksums.py` prints, in its order.

use super::*;

fn fnv(items: impl Iterator<Item = u64>) -> u64 {
    items.fold(0xcbf2_9ce4_8422_2325, |value, item| (value ^ item).wrapping_mul(0x100_0000_01b3))
}

fn codes(codes: &[u32]) -> u64 {
    fnv(codes.iter().map(|&c| u64::from(c)))
}

fn bytes(text: &str) -> u64 {
    fnv(text.bytes().map(u64::from))
}

/// The character between a letter and marks that are out of order.
fn normal(c: u32, form: Form) -> u64 {
    let text = [0x41, c, 0x323, 0x301, 0x327];
    codes(&normalize(&text, form).unwrap_or_else(|| text.to_vec()))
}

#[test]
fn sums_over_all_code_points() {
    let properties: [(u64, fn(u32) -> u64); 31] = [
        (0x38c7046ce, |c| u64::from(is_alpha(c))),
        (0x7075aa6, |c| u64::from(is_lower(c))),
        (0x5cbc067, |c| u64::from(is_upper(c))),
        (0x229a5, |c| u64::from(is_space(c))),
        (0x3cc997ce6, |c| u64::from(is_printable(c))),
        (0x38d27fd44, |c| u64::from(is_identifier_start(c))),
        (0x260b4f2, |c| u64::from(is_decimal(c))),
        (0x299dba8, |c| u64::from(is_digit(c))),
        (0x6db07b8, |c| u64::from(is_numeric(c))),
        (0x39308b83c, |c| u64::from(is_alnum(c))),
        (0x3a271cb36, |c| u64::from(is_identifier_continue(c))),
        (0x35d81, |c| u64::from(is_title(c))),
        (0x4165, |c| u64::from(is_line_break(c))),
        (0x6cda07, |c| u64::from(is_mirrored(c))),
        (0xe71d38c05ab79370, |c| codes(to_lower(c).as_slice())),
        (0xd007a3e4fa1473e3, |c| codes(to_upper(c).as_slice())),
        (0x20d2f4f09293940b, |c| codes(to_title(c).as_slice())),
        (0xc81414639f7b07fa, |c| codes(to_casefold(c).as_slice())),
        (0x95b6e1c50a742a1c, |c| bytes(category(c))),
        (0xb57be54ac017b153, |c| bytes(bidirectional(c))),
        (0x7d9a67508216291f, |c| bytes(east_asian_width(c))),
        (0xfad7d05202f55647, |c| bytes(&decomposition(c))),
        (0xd13fbb1, |c| decimal(c).map_or(0, |value| u64::from(value) + 1)),
        (0xe4b1641, |c| digit(c).map_or(0, |value| u64::from(value) + 1)),
        (0x9ca2cde618fdcc8d, |c| (numeric(c).unwrap_or(0.0) * 960.0) as i128 as u64),
        (0x12d80a81c, |c| u64::from(combining(c))),
        (0x7d67f95d8fbc1bb6, |c| name(c).map_or_else(|| bytes(""), |name| bytes(&name))),
        (0x1ecbe4951545b244, |c| normal(c, Form::Nfc)),
        (0x4f16e8a8089a1cf8, |c| normal(c, Form::Nfd)),
        (0x9c551ee9c4a3d16c, |c| normal(c, Form::Nfkc)),
        (0x45255520a9440952, |c| normal(c, Form::Nfkd)),
    ];
    for (index, (expected, value)) in properties.into_iter().enumerate() {
        let sum =
            (0..0x11_0000u32).fold(0u64, |sum, c| sum.wrapping_add(value(c).wrapping_mul(u64::from(c) + 1)));
        assert_eq!(sum, expected, "sum number {index}");
    }
}

#[test]
fn no_code_point_is_unassigned() {
    assert_eq!(
        (category(0x11_0000), is_printable(u32::MAX), simple_lower(u32::MAX)),
        ("Cn", false, u32::MAX)
    );
}

#[test]
fn names_are_found_again() {
    for c in (0..0x11_0000u32).step_by(7) {
        if let Some(name) = name(c) {
            assert_eq!(lookup(&name), Some(c), "{name}");
        }
    }
    // python3.14: unicodedata.lookup of each; the None ones raise KeyError.
    let cases = [
        ("nul", Some(0)),
        ("LATIN SMALL LETTER GHA", Some(0x1a3)),
        ("hangul syllable ga", Some(0xac00)),
        ("CJK UNIFIED IDEOGRAPH-4e00", Some(0x4e00)),
        ("CJK UNIFIED IDEOGRAPH-04E00", None),
        ("CJK UNIFIED IDEOGRAPH-0041", None),
        ("TANGUT IDEOGRAPH-17000", Some(0x17000)),
        ("LATINSMALLLETTERA", None),
        ("", None),
        ("KEYCAP DIGIT ZERO", None),
    ];
    for (name, expected) in cases {
        assert_eq!(lookup(name), expected, "{name}");
    }
    assert_eq!(lookup_sequence("keycap digit zero"), Some(&[0x30, 0xfe0f, 0x20e3][..]));
}

#[test]
fn final_sigma() {
    let at = |text: &str| {
        let codes: Vec<u32> = text.chars().map(|c| c as u32).collect();
        let index = codes.iter().position(|&c| c == 0x3a3).expect("a sigma");
        is_final_sigma(codes[..index].iter().rev().copied(), codes[index + 1..].iter().copied())
    };
    // python3.14: 'AΣ'.lower() and so on.
    assert!(at("A\u{3a3}") && at("A.\u{3a3}") && at("A\u{3a3}. ") && at("A\u{3a3} a"));
    assert!(!at("\u{3a3}") && !at("A\u{3a3}a") && !at("A\u{3a3}\u{301}a") && !at(" \u{3a3}"));
}

#[test]
fn unicode_3_2_0() {
    // python3.14: the methods of unicodedata.ucd_3_2_0.
    assert_eq!((old::category(0xaa), old::category(0x221), old::category(0x41)), ("Ll", "Cn", "Lu"));
    assert_eq!((old::bidirectional(0x2b), old::bidirectional(0x1f600)), ("ET", ""));
    assert_eq!((old::decimal(0xb2), decimal(0xb2), old::decimal(0x7c1)), (Some(2), None, None));
    assert_eq!(
        (old::name(0x221), old::name(0x220).as_deref()),
        (None, Some("LATIN CAPITAL LETTER N WITH LONG RIGHT LEG"))
    );
    assert_eq!(
        (old::decomposition(0xfa2e).as_str(), old::normalize(&[0x2f868], Form::Nfc)),
        ("", vec![0x2136a])
    );
    assert_eq!(old::normalize(&[0xfb01, 0xfa2e], Form::Nfkd), [0x66, 0x69, 0xfa2e]);
    let sum = |value: fn(u32) -> u64| {
        (0..0x11_0000u32).fold(0u64, |sum, c| sum.wrapping_add(value(c).wrapping_mul(u64::from(c) + 1)))
    };
    assert_eq!(sum(|c| bytes(old::category(c))), 0xd315fc27b0fd401f);
    assert_eq!(sum(|c| bytes(old::bidirectional(c))), 0x93f12848bb632645);
    assert_eq!(sum(|c| bytes(old::east_asian_width(c))), 0xcc1c76135800aefa);
    assert_eq!(sum(|c| bytes(&old::decomposition(c))), 0x9561cdd19cdf030d);
    assert_eq!(sum(|c| (old::numeric(c).unwrap_or(0.0) * 960.0) as i128 as u64), 0xcc01df8862f6b0d0);
    assert_eq!(sum(|c| codes(&old::normalize(&[0x41, c, 0x323, 0x301], Form::Nfkc))), 0xe14470cb77d8b26f);
}
