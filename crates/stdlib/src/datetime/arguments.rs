//! Arguments of constructors and `replace`, and the fields that they give. CPython: `PyArg_ParseTupleAndKeywords`
//! without a function name, `check_date_args`, `check_time_args`.
//!
//! Invariant: arguments are looked at in the order of the parameters, so the first wrong one is reported.

use taipan_runtime::prelude::*;

use super::calendar::{MAX_YEAR, MIN_YEAR, days_in_month};
use super::tzinfo::TzInfo;

/// The arguments of one call and the names of its parameters.
pub(super) struct Params<'a> {
    /// What messages call the function.
    callee: Option<&'static str>,
    args: Args<'a>,
    names: &'static [&'static str],
}

impl<'a> Params<'a> {
    /// Checks how many arguments there are.
    pub(super) fn new(
        cx: &Context,
        callee: Option<&'static str>,
        args: Args<'a>,
        names: &'static [&'static str],
        most_positional: usize,
    ) -> Result<Params<'a>> {
        let params = Params { callee, args, names };
        let (name, given, most) = (params.callee(), args.values().len(), names.len());
        if given > most {
            return Err(cx.type_error(format!("{name} takes at most {most} arguments ({given} given)")));
        }
        let positional = args.positional().len();
        if positional > most_positional {
            let message =
                format!("{name} takes at most {most_positional} positional arguments ({positional} given)");
            return Err(cx.type_error(message));
        }
        Ok(params)
    }

    fn callee(&self) -> &'static str {
        self.callee.unwrap_or("function")
    }

    /// The argument for parameter `index`.
    pub(super) fn get(&self, index: usize) -> Option<Value> {
        let by_name = || self.args.keywords().find(|(keyword, _)| keyword.is(self.names[index]));
        self.args.positional().get(index).copied().or_else(|| by_name().map(|(_, value)| value))
    }

    /// The argument for parameter `index`, which must be passed.
    pub(super) fn required(&self, cx: &Context, index: usize) -> Result {
        self.get(index).ok_or_else(|| {
            let (callee, name, position) = (self.callee(), self.names[index], index + 1);
            cx.type_error(format!("{callee} missing required argument '{name}' (pos {position})"))
        })
    }

    /// The int for parameter `index`, which must be passed.
    pub(super) fn required_int(&self, cx: &mut Context, index: usize) -> Result<i32> {
        let value = self.required(cx, index)?;
        int_field(cx, value)
    }

    /// The int for parameter `index`, or a default.
    pub(super) fn int_or(&self, cx: &mut Context, index: usize, default: i32) -> Result<i32> {
        self.get(index).map_or(Ok(default), |value| int_field(cx, value))
    }

    /// Refuses keywords that are no parameters, or parameters passed by position.
    pub(super) fn finish(&self, cx: &Context) -> Result<()> {
        for (keyword, _) in self.args.keywords() {
            let keyword = keyword.to_str();
            let message = match self.names.iter().position(|name| *name == keyword) {
                None => {
                    let callee = self.callee.unwrap_or("this function");
                    format!("{callee} got an unexpected keyword argument '{keyword}'")
                }
                Some(index) if index < self.args.positional().len() => {
                    let (callee, position) = (self.callee(), index + 1);
                    format!("argument for {callee} given by name ('{keyword}') and position ({position})")
                }
                Some(_) => continue,
            };
            return Err(cx.type_error(message));
        }
        Ok(())
    }
}

/// A C int, as the format unit `i` reads it.
pub(super) fn int_field(cx: &mut Context, value: Value) -> Result<i32> {
    let wide = cx.index_i128(value)?;
    if i64::try_from(wide).is_err() {
        return Err(cx.overflow_error("Python int too large to convert to C long"));
    }
    i32::try_from(wide).map_err(|_| {
        let bound = if wide < 0 { "less than minimum" } else { "greater than maximum" };
        cx.overflow_error(format!("signed integer is {bound}"))
    })
}

/// Year, month and day in range.
pub(super) fn check_date(cx: &Context, year: i32, month: i32, day: i32) -> Result<()> {
    if !(MIN_YEAR..=MAX_YEAR).contains(&year) {
        return Err(cx.value_error(format!("year must be in {MIN_YEAR}..{MAX_YEAR}, not {year}")));
    }
    if !(1..=12).contains(&month) {
        return Err(cx.value_error(format!("month must be in 1..12, not {month}")));
    }
    let last = days_in_month(year, month);
    if !(1..=last).contains(&day) {
        let message = format!("day {day} must be in range 1..{last} for month {month} in year {year}");
        return Err(cx.value_error(message));
    }
    Ok(())
}

/// The time of a day.
#[derive(Trace, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub(crate) struct Clock {
    pub(super) hour: u8,
    pub(super) minute: u8,
    pub(super) second: u8,
    pub(super) microsecond: u32,
}

impl Clock {
    /// The time of these fields, if each is in range.
    pub(super) fn checked(cx: &Context, fields: [i32; 4]) -> Result<Clock> {
        const LIMITS: [(&str, i32); 4] =
            [("hour", 23), ("minute", 59), ("second", 59), ("microsecond", 999_999)];
        for ((name, last), field) in LIMITS.iter().zip(fields) {
            if !(0..=*last).contains(&field) {
                return Err(cx.value_error(format!("{name} must be in 0..{last}, not {field}")));
            }
        }
        let [hour, minute, second, microsecond] = fields;
        Ok(Clock {
            hour: hour as u8,
            minute: minute as u8,
            second: second as u8,
            microsecond: microsecond as u32,
        })
    }

    pub(crate) fn seconds(self) -> i64 {
        i64::from(self.hour) * 3600 + i64::from(self.minute) * 60 + i64::from(self.second)
    }

    /// Microseconds since midnight.
    pub(super) fn micros(self) -> i128 {
        i128::from(self.seconds()) * 1_000_000 + i128::from(self.microsecond)
    }

    /// The time that many microseconds after midnight, less than a day's.
    pub(super) fn from_micros(micros: i64) -> Clock {
        let seconds = micros / 1_000_000;
        Clock {
            hour: (seconds / 3600) as u8,
            minute: (seconds / 60 % 60) as u8,
            second: (seconds % 60) as u8,
            microsecond: (micros % 1_000_000) as u32,
        }
    }
}

pub(super) fn check_fold(cx: &Context, fold: i32) -> Result<u8> {
    match u8::try_from(fold) {
        Ok(fold) if fold <= 1 => Ok(fold),
        _ => Err(cx.value_error(format!("fold must be either 0 or 1, not {fold}"))),
    }
}

/// A `tzinfo` argument: `None` for Python's None.
pub(super) fn check_tzinfo(cx: &Context, value: Value) -> Result<Option<Value>> {
    if value.is_none() {
        return Ok(None);
    }
    if value.downcast::<TzInfo>().is_some() {
        return Ok(Some(value));
    }
    let found = cx.type_name(value);
    Err(cx.type_error(format!("tzinfo argument must be None or of a tzinfo subclass, not type '{found}'")))
}

/// A str argument, as the format unit `U` reads it.
pub(super) fn str_argument(cx: &Context, value: Value, function: &str, position: usize) -> Result<Gc<Str>> {
    value.downcast::<Str>().ok_or_else(|| {
        let found = cx.argument_type_name(value);
        cx.type_error(format!("{function}() argument {position} must be str, not {found}"))
    })
}
