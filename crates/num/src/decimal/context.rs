//! What operations depend on, and what they report. CPython: `mpd_context_t` of libmpdec.
//!
//! Invariant: `emin <= 0 <= emax` and `prec >= 1`.

use std::ops::{BitAnd, BitOr, BitOrAssign};

/// Limits of contexts.
pub const MAX_PREC: i64 = 999_999_999_999_999_999;
/// The largest exponent that a context may allow.
pub const MAX_EMAX: i64 = 999_999_999_999_999_999;
/// The smallest exponent that a context may allow.
pub const MIN_EMIN: i64 = -999_999_999_999_999_999;
/// The smallest exponent that a number may have.
pub const MIN_ETINY: i64 = MIN_EMIN - (MAX_PREC - 1);

/// How digits that do not fit are dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounding {
    /// Away from zero.
    Up,
    /// Towards zero.
    Down,
    /// Towards plus infinity.
    Ceiling,
    /// Towards minus infinity.
    Floor,
    /// To the nearest, ties away from zero.
    HalfUp,
    /// To the nearest, ties towards zero.
    HalfDown,
    /// To the nearest, ties to the even digit.
    HalfEven,
    /// Away from zero where the last digit is 0 or 5.
    ZeroFiveUp,
}

impl Rounding {
    /// All of them, as libmpdec numbers them.
    pub const ALL: [Rounding; 8] = [
        Rounding::Up,
        Rounding::Down,
        Rounding::Ceiling,
        Rounding::Floor,
        Rounding::HalfUp,
        Rounding::HalfDown,
        Rounding::HalfEven,
        Rounding::ZeroFiveUp,
    ];

    /// The rounding that does to a number's magnitude what this one does to the number.
    pub fn mirrored(self, negative: bool) -> Rounding {
        match self {
            Rounding::Ceiling if negative => Rounding::Down,
            Rounding::Ceiling => Rounding::Up,
            Rounding::Floor if negative => Rounding::Up,
            Rounding::Floor => Rounding::Down,
            other => other,
        }
    }

    /// What Python calls it.
    pub fn name(self) -> &'static str {
        match self {
            Rounding::Up => "ROUND_UP",
            Rounding::Down => "ROUND_DOWN",
            Rounding::Ceiling => "ROUND_CEILING",
            Rounding::Floor => "ROUND_FLOOR",
            Rounding::HalfUp => "ROUND_HALF_UP",
            Rounding::HalfDown => "ROUND_HALF_DOWN",
            Rounding::HalfEven => "ROUND_HALF_EVEN",
            Rounding::ZeroFiveUp => "ROUND_05UP",
        }
    }
}

/// Precision, limits of exponents, rounding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context {
    /// How many digits a result has at most.
    pub prec: i64,
    /// The largest adjusted exponent.
    pub emax: i64,
    /// The smallest adjusted exponent of a normal number.
    pub emin: i64,
    /// How results are rounded.
    pub rounding: Rounding,
    /// Whether exponents are limited to `etop`.
    pub clamp: bool,
}

impl Context {
    /// The widest context, for exact work.
    pub const MAX: Context = Context {
        prec: MAX_PREC,
        emax: MAX_EMAX,
        emin: MIN_EMIN,
        rounding: Rounding::HalfEven,
        clamp: false,
    };

    /// The smallest exponent that a result may have.
    pub fn etiny(&self) -> i64 {
        self.emin - (self.prec - 1)
    }

    /// The largest exponent of a number with all its digits.
    pub fn etop(&self) -> i64 {
        self.emax - (self.prec - 1)
    }

    /// The same with another rounding.
    pub fn rounded(self, rounding: Rounding) -> Context {
        Context { rounding, ..self }
    }

    /// The same with another precision.
    pub fn with_prec(self, prec: i64) -> Context {
        Context { prec, ..self }
    }
}

/// What happened: a set of conditions, numbered as in libmpdec.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Status(pub u32);

impl Status {
    /// An exponent was changed to fit.
    pub const CLAMPED: Status = Status(0x1);
    /// Text that is no number.
    pub const CONVERSION_SYNTAX: Status = Status(0x2);
    /// A finite number divided by zero.
    pub const DIVISION_BY_ZERO: Status = Status(0x4);
    /// The integer quotient has too many digits.
    pub const DIVISION_IMPOSSIBLE: Status = Status(0x8);
    /// Zero divided by zero.
    pub const DIVISION_UNDEFINED: Status = Status(0x10);
    /// Digits other than zeros were dropped.
    pub const INEXACT: Status = Status(0x40);
    /// The context cannot be used.
    pub const INVALID_CONTEXT: Status = Status(0x80);
    /// An operation without a result.
    pub const INVALID_OPERATION: Status = Status(0x100);
    /// Not enough memory.
    pub const MALLOC_ERROR: Status = Status(0x200);
    /// The result is too large.
    pub const OVERFLOW: Status = Status(0x800);
    /// Digits were dropped.
    pub const ROUNDED: Status = Status(0x1000);
    /// The result is below the normal numbers.
    pub const SUBNORMAL: Status = Status(0x2000);
    /// The same, and inexact.
    pub const UNDERFLOW: Status = Status(0x4000);

    /// Whether all of the other's conditions are in this set.
    pub fn contains(self, other: Status) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether any of the other's conditions is in this set.
    pub fn intersects(self, other: Status) -> bool {
        self.0 & other.0 != 0
    }
}

impl BitOr for Status {
    type Output = Status;
    fn bitor(self, other: Status) -> Status {
        Status(self.0 | other.0)
    }
}

impl BitAnd for Status {
    type Output = Status;
    fn bitand(self, other: Status) -> Status {
        Status(self.0 & other.0)
    }
}

impl BitOrAssign for Status {
    fn bitor_assign(&mut self, other: Status) {
        self.0 |= other.0;
    }
}
