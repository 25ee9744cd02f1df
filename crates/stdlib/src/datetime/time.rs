//! `time`. CPython: `time_*` in `Modules/_datetimemodule.c`.
//!
//! Invariant: hour is less than 24 and fold 0 or 1; the other fields are in range but in times made from a forged
//! pickle.

use std::cmp::Ordering;

use taipan_runtime::prelude::*;

use super::arguments::{Clock, Params, check_fold, check_tzinfo, int_field, str_argument};
use super::date::{format_object, pickled_state, strptime};
use super::format::{self, Formatted, timespec_argument};
use super::timedelta::{MICROS_PER_SECOND, TimeDelta};
use super::tzinfo::{TimeZone, TzInfo, dst_offset, utc, utc_offset, zone_name};

/// Body of `datetime.time`.
#[derive(Trace)]
pub struct Time {
    clock: Clock,
    fold: u8,
    tzinfo: Option<Value>,
}

/// The state of pickles: hour, minute, second and three bytes of microseconds.
pub(super) fn clock_state(clock: Clock) -> [u8; 6] {
    let [_, high, middle, low] = clock.microsecond.to_be_bytes();
    [clock.hour, clock.minute, clock.second, high, middle, low]
}

pub(super) fn clock_of_state(state: [u8; 6]) -> Clock {
    let [hour, minute, second, high, middle, low] = state;
    Clock { hour, minute, second, microsecond: u32::from_be_bytes([0, high, middle, low]) }
}

/// The tzinfo in a pickled state.
pub(super) fn state_tzinfo(cx: &Context, value: Option<Value>) -> Result<Option<Value>> {
    match value {
        None => Ok(None),
        Some(value) if value.is_none() => Ok(None),
        Some(value) if value.downcast::<TzInfo>().is_some() => Ok(Some(value)),
        Some(_) => Err(cx.type_error("bad tzinfo state arg")),
    }
}

/// The time zone that an ISO 8601 text names.
pub(super) fn parsed_tzinfo(cx: &mut Context, offset: Option<(i32, i32)>) -> Result<Option<Value>> {
    let Some((seconds, micros)) = offset else { return Ok(None) };
    if seconds == 0 && micros == 0 {
        return Ok(Some(utc(cx)?));
    }
    let offset = TimeDelta::from_micros(cx, i128::from(seconds) * MICROS_PER_SECOND + i128::from(micros))?;
    Ok(Some(TimeZone::of(cx, offset, None)?))
}

/// `class(*fields, tzinfo[, fold=1])`.
pub(super) fn call_class(
    cx: &mut Context,
    class: Value,
    fields: &[i32],
    tzinfo: Option<Value>,
    fold: u8,
) -> Result {
    let mut values: GVec<Value> = fields.iter().map(|field| Value::int((*field).into())).collect();
    values.push(tzinfo.unwrap_or(Value::NONE));
    if fold == 0 {
        return cx.call(class, &values);
    }
    values.push(Value::int(fold.into()));
    let names = cx.new_tuple(&[cx.intern("fold").value()]);
    cx.call_kw(class, Args::new(&values, Some(names)))
}

impl Time {
    fn clock(&self) -> Clock {
        self.clock
    }

    pub(super) fn parts(&self) -> (Clock, u8, Option<Value>) {
        (self.clock, self.fold, self.tzinfo)
    }

    /// A time of the class itself.
    pub(super) fn create(cx: &Context, clock: Clock, fold: u8, tzinfo: Option<Value>) -> Gc<Time> {
        cx.new_object(Time { clock, fold, tzinfo })
    }

    /// A time of `class`, a subclass's through a call of it.
    fn of_class(
        cx: &mut Context,
        class: Value,
        fields: [i32; 4],
        tzinfo: Option<Value>,
        fold: i32,
    ) -> Result {
        if class == Time::class_cell().get().value() {
            let clock = Clock::checked(cx, fields)?;
            let fold = check_fold(cx, fold)?;
            return Ok(Time::create(cx, clock, fold, tzinfo).value());
        }
        let fold = check_fold(cx, fold)?;
        call_class(cx, class, &fields, tzinfo, fold)
    }

    fn offset(&self, cx: &mut Context) -> Result<Option<Gc<TimeDelta>>> {
        utc_offset(cx, self.tzinfo, Value::NONE)
    }

    fn state(&self, cx: &Context, with_fold: bool) -> Value {
        let mut state = clock_state(self.clock());
        if with_fold && self.fold != 0 {
            state[0] |= 0x80;
        }
        let state = cx.new_bytes(&state).value();
        match self.tzinfo {
            Some(tzinfo) => cx.new_tuple(&[state, tzinfo]).value(),
            None => cx.new_tuple(&[state]).value(),
        }
    }

    fn replaced(this: Gc<Time>, cx: &mut Context, changes: TimeChanges) -> Result {
        let clock = this.clock();
        let mut fields =
            [clock.hour.into(), clock.minute.into(), clock.second.into(), clock.microsecond as i32];
        for (field, given) in fields.iter_mut().zip(changes.fields) {
            if let Some(value) = given {
                *field = int_field(cx, value)?;
            }
        }
        let fold = changes.fold.map_or(Ok(this.fold.into()), |fold| int_field(cx, fold))?;
        let tzinfo = match changes.tzinfo {
            Some(tzinfo) => check_tzinfo(cx, tzinfo)?,
            None => this.tzinfo,
        };
        let class = cx.class_of(this.value()).value();
        Time::of_class(cx, class, fields, tzinfo, fold)
    }
}

/// The arguments of `replace`.
struct TimeChanges {
    fields: [Option<Value>; 4],
    tzinfo: Option<Value>,
    fold: Option<Value>,
}

fn bool_result(op: CompareOp, order: Ordering) -> Value {
    Value::bool(op.holds(Some(order)))
}

/// time([hour[, minute[, second[, microsecond[, tzinfo]]]]]) --> a time object
///
/// All arguments are optional. tzinfo may be None, or an instance of
/// a tzinfo subclass. The remaining arguments may be ints.
#[class(name = "time", module = "datetime", flags = BASETYPE)]
impl Time {
    #[slot(new)]
    fn new(cx: &mut Context, class: Gc<Class>, args: Args<'_>) -> Result {
        if let ([state, rest @ ..], None) = (args.values(), args.names())
            && rest.len() < 2
            && let Some(mut state) = pickled_state::<6>(cx, *state, "time", |hour| hour & 0x7f < 24, 0)?
        {
            let tzinfo = state_tzinfo(cx, rest.first().copied())?;
            let fold = state[0] >> 7;
            state[0] &= 0x7f;
            let clock = clock_of_state(state);
            return Ok(cx.new_instance(class, Time { clock, fold, tzinfo }).value());
        }
        let names = &["hour", "minute", "second", "microsecond", "tzinfo", "fold"];
        let params = Params::new(cx, None, args, names, 5)?;
        let mut fields = [0; 4];
        for (index, field) in fields.iter_mut().enumerate() {
            *field = params.int_or(cx, index, 0)?;
        }
        let tzinfo = params.get(4);
        let fold = params.int_or(cx, 5, 0)?;
        params.finish(cx)?;
        let clock = Clock::checked(cx, fields)?;
        let fold = check_fold(cx, fold)?;
        let tzinfo = check_tzinfo(cx, tzinfo.unwrap_or(Value::NONE))?;
        Ok(cx.new_instance(class, Time { clock, fold, tzinfo }).value())
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result {
        let Clock { hour, minute, second, microsecond } = this.clock();
        let mut text = format!("{}({hour}, {minute}", cx.type_name(this.value()));
        if microsecond != 0 {
            text.push_str(&format!(", {second}, {microsecond}"));
        } else if second != 0 {
            text.push_str(&format!(", {second}"));
        }
        let fold = if this.fold == 0 { "" } else { ", fold=1" };
        match this.tzinfo {
            Some(tzinfo) => {
                let tzinfo = cx.repr(tzinfo)?;
                cx.format_str(&[&format!("{text}, tzinfo="), &format!("{fold})")], &[tzinfo])
            }
            None => Ok(cx.new_str(&format!("{text}{fold})")).value()),
        }
    }

    #[slot(str)]
    fn str(this: Gc<Self>, cx: &mut Context) -> Result {
        cx.call_method(this.value(), "isoformat", &[])
    }

    #[slot(hash)]
    fn hash(this: Gc<Self>, cx: &mut Context) -> Result<i64> {
        let clock = this.clock();
        Ok(match this.offset(cx)? {
            Some(offset) => TimeDelta::hash_of(clock.micros() - offset.micros()),
            None => taipan_runtime::types::str::hash_bytes(cx, &clock_state(clock)),
        })
    }

    #[slot(compare)]
    fn compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result {
        let (Some(a), Some(b)) = (a.downcast::<Time>(), b.downcast::<Time>()) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        if a.tzinfo == b.tzinfo {
            return Ok(bool_result(op, a.clock().cmp(&b.clock())));
        }
        let offsets = (a.offset(cx)?, b.offset(cx)?);
        match offsets {
            (None, None) => Ok(bool_result(op, a.clock().cmp(&b.clock()))),
            (Some(first), Some(second)) => {
                let (x, y) = (a.clock().micros() - first.micros(), b.clock().micros() - second.micros());
                Ok(bool_result(op, x.cmp(&y)))
            }
            _ => match op {
                CompareOp::Eq => Ok(Value::FALSE),
                CompareOp::Ne => Ok(Value::TRUE),
                _ => Err(cx.type_error("can't compare offset-naive and offset-aware times")),
            },
        }
    }

    /// string -> time from a string in ISO 8601 format
    #[classmethod("(object, /)")]
    fn fromisoformat(cx: &mut Context, class: Value, object: Value) -> Result {
        let Some(text) = object.downcast::<Str>() else {
            return Err(cx.type_error("fromisoformat: argument must be str"));
        };
        let parsed = text.try_utf8().and_then(|utf8| {
            let bytes = utf8.as_bytes();
            format::parse_time(bytes.strip_prefix(b"T").unwrap_or(bytes))
        });
        let Some(parsed) = parsed else { return Err(format::invalid(cx, text)) };
        let mut fields = parsed.fields;
        if fields[0] == 24 {
            if fields[1..] != [0; 3] {
                return Err(cx.value_error("minute, second, and microsecond must be 0 when hour is 24"));
            }
            fields[0] = 0;
        }
        let tzinfo = parsed_tzinfo(cx, parsed.offset)?;
        Time::of_class(cx, class, fields, tzinfo, 0)
    }

    /// string, format -> new time parsed from a string (like time.strptime()).
    #[classmethod("(*args)", text = "")]
    fn strptime(cx: &mut Context, class: Value, args: Gc<Tuple>) -> Result {
        strptime(cx, "_strptime_datetime_time", class, args)
    }

    /// Return string in ISO 8601 format, [HH[:MM[:SS[.mmm[uuu]]]]][+HH:MM].
    ///
    /// The optional argument timespec specifies the number of additional terms
    /// of the time to include. Valid options are 'auto', 'hours', 'minutes',
    /// 'seconds', 'milliseconds' and 'microseconds'.
    #[function("(timespec=<absent>)", text = "")]
    fn isoformat(this: Gc<Self>, cx: &mut Context, timespec: Option<Value>) -> Result<Gc<Str>> {
        let timespec = timespec_argument(cx, timespec, 1)?;
        let mut text = format::clock_text(cx, this.clock(), &timespec)?;
        text.push_str(&format::offset_text(cx, ":", this.tzinfo, Value::NONE)?);
        Ok(cx.new_str(&text))
    }

    /// format -> strftime() style string.
    #[function("(format)", text = "")]
    fn strftime(this: Gc<Self>, cx: &mut Context, format: Value) -> Result {
        let format = str_argument(cx, format, "strftime", 1)?;
        let Clock { hour, minute, second, microsecond } = this.clock();
        let tuple = [1900, 1, 1, hour.into(), minute.into(), second.into(), 0, 1, -1].map(Value::int);
        let tuple = cx.new_tuple(&tuple).value();
        // The argument of tzinfo's methods is None.
        let formatted = Formatted { object: Value::NONE, tzinfo: this.tzinfo, microsecond, tuple };
        format::strftime(cx, format, &formatted)
    }

    /// Formats self with strftime.
    #[function("(format, /)", name = "__format__", text = "")]
    fn format(this: Gc<Self>, cx: &mut Context, format: Value) -> Result {
        let format = str_argument(cx, format, "__format__", 1)?;
        format_object(cx, this.value(), format)
    }

    /// Return self.tzinfo.utcoffset(self).
    #[function("()")]
    fn utcoffset(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        Ok(this.offset(cx)?.map_or(Value::NONE, |offset| offset.value()))
    }

    /// Return self.tzinfo.tzname(self).
    #[function("()")]
    fn tzname(this: Gc<Self>, cx: &mut Context) -> Result {
        zone_name(cx, this.tzinfo, Value::NONE)
    }

    /// Return self.tzinfo.dst(self).
    #[function("()")]
    fn dst(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        Ok(dst_offset(cx, this.tzinfo, Value::NONE)?.map_or(Value::NONE, |offset| offset.value()))
    }

    /// Return time with new specified fields.
    #[function(
        "(hour=<absent>, minute=<absent>, second=<absent>, microsecond=<absent>, tzinfo=<absent>, *, fold=<absent>)",
        text = "(hour=unchanged, minute=unchanged, second=unchanged,\n        microsecond=unchanged, tzinfo=unchanged, *, fold=unchanged)"
    )]
    fn replace(
        this: Gc<Self>,
        cx: &mut Context,
        hour: Option<Value>,
        minute: Option<Value>,
        second: Option<Value>,
        microsecond: Option<Value>,
        tzinfo: Option<Value>,
        fold: Option<Value>,
    ) -> Result {
        let fields = [hour, minute, second, microsecond];
        Time::replaced(this, cx, TimeChanges { fields, tzinfo, fold })
    }

    /// The same as replace().
    #[function(
        "(hour=<absent>, minute=<absent>, second=<absent>, microsecond=<absent>, tzinfo=<absent>, *, fold=<absent>)",
        name = "__replace__",
        text = "(**changes)"
    )]
    fn replace_special(
        this: Gc<Self>,
        cx: &mut Context,
        hour: Option<Value>,
        minute: Option<Value>,
        second: Option<Value>,
        microsecond: Option<Value>,
        tzinfo: Option<Value>,
        fold: Option<Value>,
    ) -> Result {
        let fields = [hour, minute, second, microsecond];
        Time::replaced(this, cx, TimeChanges { fields, tzinfo, fold })
    }

    /// __reduce_ex__(proto) -> (cls, state)
    #[function("(protocol, /)", name = "__reduce_ex__", text = "")]
    fn reduce_ex(this: Gc<Self>, cx: &mut Context, protocol: i32) -> Value {
        let (class, state) = (cx.class_of(this.value()).value(), this.state(cx, protocol > 3));
        cx.new_tuple(&[class, state]).value()
    }

    /// __reduce__() -> (cls, state)
    #[function("()", name = "__reduce__")]
    fn reduce(this: Gc<Self>, cx: &mut Context) -> Value {
        let (class, state) = (cx.class_of(this.value()).value(), this.state(cx, false));
        cx.new_tuple(&[class, state]).value()
    }

    #[getter]
    fn hour(&self) -> i32 {
        self.clock().hour.into()
    }

    #[getter]
    fn minute(&self) -> i32 {
        self.clock().minute.into()
    }

    #[getter]
    fn second(&self) -> i32 {
        self.clock().second.into()
    }

    #[getter]
    fn microsecond(&self) -> u32 {
        self.clock().microsecond
    }

    #[getter]
    fn tzinfo(&self) -> Value {
        self.tzinfo.unwrap_or(Value::NONE)
    }

    #[getter]
    fn fold(&self) -> i32 {
        self.fold.into()
    }
}
