//! The gamma function and its logarithm. CPython: `m_tgamma` and `m_lgamma` in `Modules/mathmodule.c`.
//! Invariant: Lanczos' approximation with CPython's parameters and in CPython's order, so that every digit agrees.

use std::f64::consts::PI;

/// Lanczos' g for 13 terms.
const G: f64 = 6.024_680_040_776_729_583_740_234_375;
const G_MINUS_HALF: f64 = 5.524_680_040_776_729_583_740_234_375;
const LN_PI: f64 = 1.144_729_885_849_400_174_143_427_351_353_058_711_647;

/// Coefficients of the numerator and the denominator of Lanczos' sum, constant terms first.
#[rustfmt::skip]
const SUM: [(f64, f64); 13] = [
    (23_531_376_880.410_759_688_572_007_674_451_636_754_734_846_804_940, 0.0),
    (42_919_803_642.649_098_768_957_899_047_001_988_850_926_355_848_959, 39_916_800.0),
    (35_711_959_237.355_668_049_440_185_451_547_166_705_960_488_635_843, 120_543_840.0),
    (17_921_034_426.037_209_699_919_755_754_458_931_112_671_403_265_390, 150_917_976.0),
    (6_039_542_586.352_028_005_064_291_644_307_297_921_069_938_842_070_8, 105_258_076.0),
    (1_439_720_407.311_721_673_663_223_072_794_912_393_971_548_578_637_2, 45_995_730.0),
    (248_874_557.862_054_156_511_460_386_413_229_423_216_321_251_278_01, 13_339_535.0),
    (31_426_415.585_400_194_380_614_231_628_318_205_362_874_684_987_640, 2_637_558.0),
    (2_876_370.628_935_372_441_225_409_051_620_849_613_599_114_537_876_8, 357_423.0),
    (186_056.265_395_223_495_040_294_989_716_045_699_282_207_842_363_28, 32_670.0),
    (8_071.672_002_365_816_210_638_002_902_272_250_613_821_851_632_502_4, 1_925.0),
    (210.824_277_751_579_345_872_509_733_920_713_362_711_669_695_802_91, 66.0),
    (2.506_628_274_631_000_270_164_908_177_133_837_338_626_431_079_340_8, 1.0),
];

fn lanczos_sum(x: f64) -> f64 {
    let (mut above, mut below) = (0.0, 0.0);
    // Either way Horner's rule starts at the terms that matter most.
    if x < 5.0 {
        for (numerator, denominator) in SUM.iter().rev() {
            above = above * x + numerator;
            below = below * x + denominator;
        }
    } else {
        for (numerator, denominator) in &SUM {
            above = above / x + numerator;
            below = below / x + denominator;
        }
    }
    above / below
}

/// sin(pi * x), exact where it is 0 and where it is 1.
fn sin_pi(x: f64) -> f64 {
    let y = x.abs() % 2.0;
    let result = match (2.0 * y).round() as u8 {
        0 => (PI * y).sin(),
        1 => (PI * (y - 0.5)).cos(),
        2 => (PI * (1.0 - y)).sin(),
        3 => -(PI * (y - 1.5)).cos(),
        _ => (PI * (y - 2.0)).sin(),
    };
    1f64.copysign(x) * result
}

/// gamma(x) for x that is no negative integer or 0; infinite where it overflows.
pub fn gamma(x: f64) -> f64 {
    if !x.is_finite() {
        return if x > 0.0 || x.is_nan() { x } else { f64::NAN };
    }
    if x == x.floor() && (1.0..=23.0).contains(&x) {
        return (1..x as u64).product::<u64>() as f64;
    }
    let magnitude = x.abs();
    if magnitude < 1e-20 {
        return 1.0 / x;
    }
    if magnitude > 200.0 {
        return if x < 0.0 { 0.0 / sin_pi(x) } else { f64::INFINITY };
    }
    let y = magnitude + G_MINUS_HALF;
    // What the addition lost, the smaller addend being the one to ask.
    let lost = if magnitude > G_MINUS_HALF {
        (y - magnitude) - G_MINUS_HALF
    } else {
        (y - G_MINUS_HALF) - magnitude
    };
    let correction = lost * G / y;
    let power = |result: f64, apply: fn(f64, f64) -> f64| {
        if magnitude < 140.0 {
            return apply(result, y.powf(magnitude - 0.5));
        }
        let root = y.powf(magnitude / 2.0 - 0.25);
        apply(apply(result, root), root)
    };
    if x < 0.0 {
        let mut result = -PI / sin_pi(magnitude) / magnitude * y.exp() / lanczos_sum(magnitude);
        result -= correction * result;
        power(result, |a, b| a / b)
    } else {
        let mut result = lanczos_sum(magnitude) / y.exp();
        result += correction * result;
        power(result, |a, b| a * b)
    }
}

/// The logarithm of |gamma(x)| for x that is no negative integer or 0.
pub fn ln_gamma(x: f64) -> f64 {
    if !x.is_finite() {
        return if x.is_nan() { x } else { f64::INFINITY };
    }
    if x == 1.0 || x == 2.0 {
        return 0.0;
    }
    let magnitude = x.abs();
    if magnitude < 1e-20 {
        return -magnitude.ln();
    }
    let mut result = lanczos_sum(magnitude).ln() - G;
    result += (magnitude - 0.5) * ((magnitude + G - 0.5).ln() - 1.0);
    if x < 0.0 {
        result = LN_PI - sin_pi(magnitude).abs().ln() - magnitude.ln() - result;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        // The last digit is the C library's: CPython's own differs between versions of it.
        let close = |value: f64, known: f64| (value / known - 1.0).abs() <= 2.0 * f64::EPSILON;
        assert_eq!(gamma(5.0), 24.0);
        assert!(close(gamma(0.5), 1.772_453_850_905_516));
        assert!(close(ln_gamma(10.0), 12.801_827_480_081_467));
        assert_eq!(gamma(172.0), f64::INFINITY);
        assert!(close(gamma(-0.5), -3.544_907_701_811_032));
    }
}
