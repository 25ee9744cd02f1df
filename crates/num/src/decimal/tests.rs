//! Cases whose results come from CPython 3.14's `decimal`.

use super::{Context, Decimal, Rounding, Short, Status};

fn number(text: &str) -> Decimal {
    Decimal::parse(text.as_bytes()).expect("a number")
}

fn context(prec: i64) -> Context {
    Context { prec, emax: 999_999, emin: -999_999, rounding: Rounding::HalfEven, clamp: false }
}

/// The result's text and the conditions.
fn of(prec: i64, operation: impl FnOnce(&Context, &mut Status) -> Decimal) -> (String, Status) {
    let mut status = Status::default();
    let result = operation(&context(prec), &mut status);
    (result.to_text(false, true), status)
}

const ROUGH: Status = Status(Status::INEXACT.0 | Status::ROUNDED.0);

#[test]
fn text_reads_back_with_its_zeros() {
    for text in ["0", "-0.00", "1E+3", "12.340", "1E-7", "0.000001", "NaN12", "-sNaN", "Infinity", "9.99E+20"]
    {
        assert_eq!(number(text).to_text(false, true), text);
    }
    assert_eq!(number("1.23e5").to_text(true, true), "123E+3");
    assert_eq!(number("0E-1").to_text(true, false), "0.0");
    for text in ["", ".", "1e", "1e+", "--1", "1_0", "nanx", "in"] {
        assert_eq!(Decimal::parse(text.as_bytes()), None, "{text}");
    }
}

#[test]
fn sums_keep_the_smaller_exponent_and_are_rounded_once() {
    assert_eq!(of(9, |cx, s| number("12").add(&number("7.00"), cx, s)), ("19.00".into(), Status::default()));
    assert_eq!(of(3, |cx, s| number("1E+9").add(&number("1E-9"), cx, s)), ("1.00E+9".into(), ROUGH));
    assert_eq!(of(9, |cx, s| number("1").sub(&number("1.00"), cx, s)), ("0.00".into(), Status::default()));
    let (text, status) = of(9, |cx, s| number("Infinity").sub(&number("Infinity"), cx, s));
    assert_eq!((text.as_str(), status), ("NaN", Status::INVALID_OPERATION));
}

#[test]
fn quotients_have_the_ideal_exponent_where_they_are_exact() {
    assert_eq!(of(9, |cx, s| number("2.40").div(&number("2"), cx, s)), ("1.20".into(), Status::default()));
    assert_eq!(of(9, |cx, s| number("1").div(&number("3"), cx, s)), ("0.333333333".into(), ROUGH));
    assert_eq!(of(9, |cx, s| number("1").div(&number("0"), cx, s)).1, Status::DIVISION_BY_ZERO);
    assert_eq!(of(9, |cx, s| number("0").div(&number("0"), cx, s)).1, Status::DIVISION_UNDEFINED);
    assert_eq!(of(3, |cx, s| number("1E+9").div_int(&number("3"), cx, s)).1, Status::DIVISION_IMPOSSIBLE);
    assert_eq!(of(9, |cx, s| number("-10").rem(&number("3"), cx, s)).0, "-1");
    assert_eq!(of(9, |cx, s| number("11").rem_near(&number("3"), cx, s)).0, "-1");
}

#[test]
fn functions_are_rounded_correctly() {
    let cases: [(&str, &str, &str); 5] = [
        ("exp", "1", "2.718281828459045235360287471"),
        ("ln", "10", "2.302585092994045684017991455"),
        ("log10", "2", "0.3010299956639811952137388947"),
        ("sqrt", "2", "1.414213562373095048801688724"),
        ("exp", "-1E-40", "1.000000000000000000000000000"),
    ];
    for (name, operand, expected) in cases {
        let operand = number(operand);
        let result = of(28, |cx, s| match name {
            "exp" => operand.exp(cx, s),
            "ln" => operand.ln(cx, s),
            "log10" => operand.log10(cx, s),
            _ => operand.sqrt(cx, s),
        });
        assert_eq!(result, (expected.into(), ROUGH), "{name}");
    }
    assert_eq!(of(28, |cx, s| number("1E+6").log10(cx, s)), ("6".into(), Status::default()));
    assert_eq!(of(28, |cx, s| number("1.44").sqrt(cx, s)), ("1.2".into(), Status::default()));
}

#[test]
fn powers_are_exact_where_they_can_be() {
    assert_eq!(of(28, |cx, s| number("2.50").pow(&number("2"), cx, s)), ("6.2500".into(), Status::default()));
    assert_eq!(of(28, |cx, s| number("2").pow(&number("-3"), cx, s)), ("0.125".into(), Status::default()));
    let root = of(28, |cx, s| number("2").pow(&number("0.5"), cx, s));
    assert_eq!(root, ("1.414213562373095048801688724".into(), ROUGH));
    let (text, status) = of(28, |cx, s| number("10").pow(&number("1000000"), cx, s));
    assert_eq!((text.as_str(), status), ("Infinity", ROUGH | Status::OVERFLOW));
    let modular = of(28, |cx, s| number("3").pow_mod(&number("100"), &number("7"), cx, s));
    assert_eq!(modular, ("4".into(), Status::default()));
}

#[test]
fn limits_of_the_context_hold() {
    let small = Context { prec: 3, emax: 9, emin: -9, rounding: Rounding::HalfEven, clamp: true };
    let fit = |text: &str| {
        let mut status = Status::default();
        (number(text).finish(&small, &mut status).to_text(false, true), status)
    };
    assert_eq!(fit("9.995E+9"), ("Infinity".into(), ROUGH | Status::OVERFLOW));
    assert_eq!(fit("1E+9"), ("1.00E+9".into(), Status::CLAMPED));
    let subnormal = ROUGH | Status::SUBNORMAL | Status::UNDERFLOW;
    assert_eq!(fit("1.26E-10"), ("1.3E-10".into(), subnormal));
    assert_eq!(fit("1E-13"), ("0E-11".into(), subnormal | Status::CLAMPED));
}

#[test]
fn long_numbers_agree_with_short_ones() {
    let nines = "9".repeat(200);
    let product = of(500, |cx, s| number(&nines).mul(&number(&nines), cx, s)).0;
    assert_eq!(product, format!("{}8{}1", "9".repeat(199), "0".repeat(199)));
    let quotient = of(200, |cx, s| number(&product).div(&number(&nines), cx, s));
    assert_eq!(quotient, (nines, Status::default()));
}

/// Numbers that look random, short ones.
fn shorts() -> impl Iterator<Item = Short> {
    let mut state = 0x1234_5678_9abc_def1u64;
    std::iter::from_fn(move || {
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        let digits = next() % 38 + 1;
        let coefficient = match next() % 8 {
            0 => next() as u128 % 10,
            1 => 10u128.pow(digits as u32) - 1,
            2 => 5 * 10u128.pow(digits as u32 - 1),
            _ => (u128::from(next()) << 64 | u128::from(next())) % 10u128.pow(digits as u32),
        };
        let exponent = (next() % 41) as i64 - 20;
        Some(Short { negative: next() % 2 == 0, coefficient, exponent })
    })
}

#[test]
fn short_numbers_do_as_all_numbers_do() {
    type Quick = fn(Short, Short, &Context, &mut Status) -> Option<Short>;
    type Whole = fn(&Decimal, &Decimal, &Context, &mut Status) -> Decimal;
    let operations: [(&str, Quick, Whole); 7] = [
        ("add", Short::add, Decimal::add),
        ("sub", Short::sub, Decimal::sub),
        ("mul", Short::mul, Decimal::mul),
        ("div", Short::div, Decimal::div),
        ("quantize", Short::quantize, Decimal::quantize),
        ("div_int", Short::div_int, Decimal::div_int),
        ("rem", Short::rem, Decimal::rem),
    ];
    let numbers: Vec<Short> = shorts().take(400).collect();
    let (mut found, mut all) = (0, 0);
    for (index, pair) in numbers.windows(2).enumerate() {
        for prec in [1, 5, 28, 37, 38, 50] {
            let rounding = Rounding::ALL[index % 8];
            for (emax, clamp) in [(999_999, false), (30, true)] {
                let context = Context { prec, emax, emin: -emax, rounding, clamp };
                for (name, quick, whole) in operations {
                    let mut status = Status::default();
                    all += 1;
                    let Some(result) = quick(pair[0], pair[1], &context, &mut status) else {
                        assert_eq!(status, Status::default(), "{name} {pair:?}");
                        continue;
                    };
                    found += 1;
                    let mut expected = Status::default();
                    let (a, b) = (Decimal::from(pair[0]), Decimal::from(pair[1]));
                    assert_eq!(
                        (Decimal::from(result), status),
                        (whole(&a, &b, &context, &mut expected), expected),
                        "{name} {pair:?} {context:?}"
                    );
                }
            }
        }
        if let Some(order) = pair[0].order(pair[1]) {
            assert_eq!(Some(order), Decimal::from(pair[0]).order(&Decimal::from(pair[1])));
        }
    }
    assert!(found * 3 > all, "{found} of {all}");
}
