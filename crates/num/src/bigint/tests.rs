//! Integer arithmetic against values recorded from CPython 3.14.
//!
//! Invariant: every expectation stands as CPython's `int()` reads it; the property tests check one operation with
//! another on numbers on both sides of the 32-limb border.

use super::*;

fn int(text: &str) -> Int {
    Int::parse(text.as_bytes(), 0, 0).unwrap_or_else(|_| panic!("{text} is no integer"))
}

fn text(value: &Int) -> String {
    value.view().to_decimal(0).expect("no limit")
}

/// A deterministic number of about `limbs` limbs with runs of ones and zeros.
fn sample(limbs: usize, seed: u64) -> Int {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let limbs = (0..limbs)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            match state >> 61 {
                0 => 0,
                1 => u64::MAX,
                2 => state >> 40,
                _ => state,
            }
        })
        .collect();
    Int::new(seed % 2 == 1, limbs)
}

#[test]
fn division_rounds_down_and_multiplies_back() {
    for (a, b) in [(1, 1), (3, 2), (10, 5), (33, 20), (40, 39), (70, 33), (90, 40), (200, 80)] {
        for seed in 0..40 {
            let (x, y) = (sample(a, seed), sample(b, seed / 2 + 7));
            if y.is_zero() {
                continue;
            }
            let (q, r) = x.view().divmod(y.view()).expect("not zero");
            assert_eq!(q.view().mul(y.view()).view().add(r.view()), x);
            assert!(r.is_zero() || r.negative == y.negative);
            assert!(magnitude::compare(&r.limbs, &y.limbs).is_lt());
        }
    }
}

#[test]
fn small_division_table() {
    // python3.14 -c "print([(a, b, *divmod(a, b)) for a in (-7, 7) for b in (-2, 2)])"
    for (a, b, q, r) in [(-7, -2, 3, -1), (-7, 2, -4, 1), (7, -2, -4, -1), (7, 2, 3, 1)] {
        let (got_q, got_r) = Int::from(a as i64).view().divmod(Int::from(b as i64).view()).expect("not zero");
        assert_eq!((got_q.to_i64(), got_r.to_i64()), (Some(q), Some(r)));
    }
    assert_eq!(Int::from(1i64).view().divmod(IntRef::ZERO), Err(DivisionByZero));
}

#[test]
fn text_round_trips_in_every_base() {
    for limbs in [0, 1, 2, 31, 32, 33, 100] {
        let x = sample(limbs, limbs as u64 + 1);
        assert_eq!(int(&text(&x)), x);
        for (base, bits) in [(2, 1), (4, 2), (8, 3), (16, 4), (32, 5)] {
            let digits = x.view().to_binary_base(bits);
            assert_eq!(Int::parse(digits.as_bytes(), base, 0), Ok(x.clone()), "base {base}");
        }
    }
    assert_eq!(text(&int("0xdeadbeefdeadbeefdeadbeef")), "68915718021581205938132336367");
    assert_eq!(Int::parse(b"zz_zz", 36, 0).map(|x| text(&x)), Ok("1679615".to_owned()));
}

#[test]
fn invalid_literals() {
    let invalid = [
        ("_1", 10),
        ("1_", 10),
        ("1__0", 10),
        ("01", 0),
        ("0x", 16),
        ("0x__f", 0),
        ("", 10),
        ("+-1", 10),
        ("12", 2),
    ];
    for (text, base) in invalid {
        assert_eq!(Int::parse(text.as_bytes(), base, 0), Err(ParseIntError::Invalid), "{text:?}");
    }
    for (text, base, value) in
        [("0x_f", 0, 15), ("0_0", 0, 0), ("0b_1", 2, 1), ("0b1", 16, 177), ("-0o17", 0, -15)]
    {
        assert_eq!(
            Int::parse(text.as_bytes(), base, 0).ok().and_then(|x| x.to_i64()),
            Some(value),
            "{text:?}"
        );
    }
}

#[test]
fn digit_limit() {
    let digits = "9".repeat(4301);
    let error = Int::parse(digits.as_bytes(), 10, 4300).expect_err("over the limit");
    let ParseIntError::TooManyDigits(error) = error else { panic!("invalid") };
    assert_eq!(
        error.to_string(),
        "Exceeds the limit (4300 digits) for integer string conversion: value has 4301 digits; \
         use sys.set_int_max_str_digits() to increase the limit"
    );
    assert!(Int::parse("f".repeat(5000).as_bytes(), 16, 4300).is_ok());
    let ten = Int::from(10i64);
    let limit = |power: u64| ten.view().pow(Int::from(power).view()).expect("small").view().to_decimal(4300);
    assert!(limit(4299).is_ok());
    assert!(limit(4300).is_err());
    assert!(limit(100_000).is_err());
}

#[test]
fn bits_are_twos_complement() {
    // python3.14: a, b = -(1 << 64), (1 << 65) + 5; a & b, a | b, a ^ b, ~a, a >> 3, a >> 70
    let (a, b) = (int("-18446744073709551616"), int("36893488147419103237"));
    assert_eq!(text(&a.view().bit_and(b.view())), "36893488147419103232");
    assert_eq!(text(&a.view().bit_or(b.view())), "-18446744073709551611");
    assert_eq!(text(&a.view().bit_xor(b.view())), "-55340232221128654843");
    assert_eq!(text(&a.view().invert()), "18446744073709551615");
    assert_eq!(text(&a.view().shift_right(3)), "-2305843009213693952");
    assert_eq!(a.view().shift_right(70).to_i64(), Some(-1));
    assert_eq!(Int::from(-5i64).view().shift_right(1).to_i64(), Some(-3));
    assert_eq!(a.view().shift_left(u64::MAX), Err(TooLarge));
    for seed in 0..50 {
        let (x, y) = (sample(3, seed), sample(5, seed + 1));
        let sum = x.view().bit_and(y.view()).view().add(x.view().bit_or(y.view()).view());
        assert_eq!(sum, x.view().add(y.view()));
        let difference = x.view().bit_or(y.view()).view().sub(x.view().bit_and(y.view()).view());
        assert_eq!(difference, x.view().bit_xor(y.view()));
    }
}

#[test]
fn powers() {
    let pow = |a: i64, b: i64| text(&Int::from(a).view().pow(Int::from(b).view()).expect("small"));
    assert_eq!(pow(-3, 41), "-36472996377170786403");
    assert_eq!(pow(10, 25), "10000000000000000000000000");
    assert_eq!(pow(0, 0), "1");
    assert_eq!(pow(-1, 1_000_001), "-1");
    assert_eq!(Int::from(2i64).view().pow(int("1000000000000").view()), Err(TooLarge));
    let mod_pow = |a: i64, b: i64, m: i64| {
        let [a, b, m] = [a, b, m].map(Int::from);
        a.view().mod_pow(b.view(), m.view()).map(|x| x.to_i64())
    };
    // python3.14 -c "print(pow(3, -1, -7), pow(2, -1, -1), pow(-2, 5, 13), pow(7, 0, 13), pow(38, -1, 97))"
    assert_eq!(mod_pow(3, -1, -7), Ok(Some(-2)));
    assert_eq!(mod_pow(2, -1, -1), Ok(Some(0)));
    assert_eq!(mod_pow(-2, 5, 13), Ok(Some(7)));
    assert_eq!(mod_pow(7, 0, 13), Ok(Some(1)));
    assert_eq!(mod_pow(38, -1, 97), Ok(Some(23)));
    assert_eq!(mod_pow(2, -1, 4), Err(ModPowError::NotInvertible));
    assert_eq!(mod_pow(2, 3, 0), Err(ModPowError::ZeroModulus));
}

#[test]
fn gcd_and_square_root() {
    assert_eq!(Int::from(-12i64).view().gcd(Int::from(18i64).view()).to_i64(), Some(6));
    assert_eq!(IntRef::ZERO.gcd(Int::from(-5i64).view()).to_i64(), Some(5));
    for limbs in [1, 2, 3, 40] {
        let root = Int::new(false, sample(limbs, 8).limbs);
        let square = root.view().mul(root.view());
        assert_eq!(square.view().isqrt(), Ok(root.clone()));
        let below = square.view().sub(IntRef::ONE);
        assert_eq!(below.view().isqrt(), Ok(root.view().sub(IntRef::ONE)));
    }
    assert_eq!(Int::from(-1i64).view().isqrt(), Err(NegativeSqrt));
}

#[test]
fn floats_round_half_even() {
    // python3.14 -c "print(float(2**53 + 1), float(2**53 + 3), float(2**70 + 2**17), float(2**70 + 2**17 + 1))"
    let cases = [
        ("9007199254740993", 9007199254740992.0),
        ("9007199254740995", 9007199254740996.0),
        ("1180591620717411434496", 1.1805916207174113e21),
        ("1180591620717411434497", 1.1805916207174116e21),
        ("-18446744073709551617", -1.8446744073709552e19),
    ];
    for (digits, expected) in cases {
        assert_eq!(int(digits).view().to_f64(), Some(expected), "{digits}");
    }
    let huge = Int::from(1i64).view().shift_left(1024).expect("small");
    assert_eq!(huge.view().to_f64(), None);
    assert_eq!(
        huge.view().sub(Int::from(1i64).view().shift_left(970).expect("small").view()).view().to_f64(),
        None
    );
    assert_eq!(
        huge.view().sub(Int::from(1i64).view().shift_left(971).expect("small").view()).view().to_f64(),
        Some(f64::MAX)
    );
    assert_eq!(text(&Int::from_f64(-1e22).expect("finite")), "-10000000000000000000000");
    assert_eq!(Int::from_f64(-0.9), Ok(Int::ZERO));
    assert_eq!(Int::from_f64(f64::NAN), Err(FloatRangeError::Nan));
    assert_eq!(Int::from_f64(f64::INFINITY), Err(FloatRangeError::Infinity));
}

#[test]
fn true_division_rounds_once() {
    let divide = |a: &str, b: &str| int(a).view().true_divide(int(b).view());
    // python3.14 -c "print((2**53 + 1) / 3, 10**400 / 10**300, 10**30 / -7, 3 / 10**320)"
    assert_eq!(divide("9007199254740993", "3"), Ok(3002399751580331.0));
    let power = |exponent: i64| Int::from(10i64).view().pow(Int::from(exponent).view()).expect("small");
    assert_eq!(power(400).view().true_divide(power(300).view()), Ok(1e100));
    assert_eq!(power(30).view().true_divide(Int::from(-7i64).view()), Ok(-1.4285714285714286e29));
    assert_eq!(Int::from(3i64).view().true_divide(power(320).view()), Ok(3e-320));
    assert_eq!(Int::from(3i64).view().true_divide(power(324).view()), Ok(5e-324));
    assert_eq!(Int::from(2i64).view().true_divide(power(324).view()), Ok(0.0));
    assert_eq!(power(400).view().true_divide(IntRef::ONE), Err(TrueDivideError::TooLarge));
    assert_eq!(divide("1", "0"), Err(TrueDivideError::DivisionByZero));
}

#[test]
fn bytes_both_ways() {
    for (value, length, bytes) in [
        (-1i64, 1, &[0xff][..]),
        (-128, 1, &[0x80]),
        (-129, 2, &[0x7f, 0xff]),
        (127, 1, &[127]),
        (0, 0, &[]),
        (-256, 9, &[0, 255, 255, 255, 255, 255, 255, 255, 255]),
    ] {
        let x = Int::from(value);
        assert_eq!(x.view().to_bytes(length, ByteOrder::Little, true).as_deref(), Ok(bytes), "{value}");
        assert_eq!(Int::from_bytes(bytes, ByteOrder::Little, true), x);
        let reversed: Vec<u8> = bytes.iter().rev().copied().collect();
        assert_eq!(Int::from_bytes(&reversed, ByteOrder::Big, true), x);
    }
    let to_bytes =
        |value: i64, length, signed| Int::from(value).view().to_bytes(length, ByteOrder::Big, signed);
    assert_eq!(to_bytes(128, 1, true), Err(BytesError::TooBig));
    assert_eq!(to_bytes(-129, 1, true), Err(BytesError::TooBig));
    assert_eq!(to_bytes(256, 1, false), Err(BytesError::TooBig));
    assert_eq!(to_bytes(-1, 9, false), Err(BytesError::NegativeToUnsigned));
    assert_eq!(to_bytes(-1, 0, true), Err(BytesError::TooBig));
    let wide = sample(40, 3);
    let bytes = wide.view().to_bytes(330, ByteOrder::Big, true).expect("fits");
    assert_eq!(Int::from_bytes(&bytes, ByteOrder::Big, true), wide);
}

#[test]
fn comparison_with_floats_is_exact() {
    use std::cmp::Ordering::{Equal, Greater, Less};
    let order = |digits: &str, x: f64| int(digits).view().partial_cmp_f64(x);
    assert_eq!(order("9007199254740993", 9007199254740992.0), Some(Greater));
    assert_eq!(order("1", 1.5), Some(Less));
    assert_eq!(order("-1", -1.5), Some(Greater));
    assert_eq!(order("0", -0.0), Some(Equal));
    assert_eq!(order("-0x10000000000000000000000", f64::NEG_INFINITY), Some(Greater));
    assert_eq!(order("5", f64::INFINITY), Some(Less));
    assert_eq!(order("5", f64::NAN), None);
}

#[test]
fn decimal_digits_stand_at_their_places() {
    let mut power = Int::from(1u64);
    for digits in 1..=700 {
        let below = power.view().sub(Int::from(1u64).view());
        let expected = if digits == 1 { "0".to_string() } else { "9".repeat(digits - 1) };
        assert_eq!(text(&below), expected);
        assert_eq!(text(&power), format!("1{}", "0".repeat(digits - 1)));
        power = power.view().mul(Int::from(10u64).view());
    }
    for value in (0..20_000).chain([99_999_999, 100_000_000, 9_999_999_999_999_999, u64::MAX]) {
        assert_eq!(text(&Int::from(value)), value.to_string());
    }
}
