//! `datetime`. CPython: `datetime_*` in `Modules/_datetimemodule.c`.
//!
//! Invariant: the fields are in range but in datetimes made from a forged pickle; month is 1 to 12, fold 0 or 1.

use std::cmp::Ordering;
use std::time::{SystemTime, UNIX_EPOCH};

use taipan_runtime::exception;
use taipan_runtime::prelude::*;
use taipan_runtime::types::float::as_float;

use super::arguments::{Clock, Params, check_fold, check_tzinfo, int_field};
use super::calendar::{MAX_ORDINAL, days_in_month, from_ordinal};
use super::date::{Date, broken_down, pickled_state, strptime, struct_time};
use super::format::{self, timespec_argument};
use super::local;
use super::time::{Time, call_class, clock_of_state, clock_state, parsed_tzinfo, state_tzinfo};
use super::timedelta::{MICROS_PER_DAY, TimeDelta};
use super::tzinfo::{dst_offset, utc_offset, zone_name};

/// Body of `datetime.datetime`.
#[derive(Trace, Clone)]
#[repr(C)]
pub struct DateTime {
    date: Date,
    fold: u8,
    clock: Clock,
    tzinfo: Option<Value>,
}

/// What `utcoffset` returns: None where the time zone has none.
type Offset = Option<Gc<TimeDelta>>;

impl DateTime {
    pub(crate) fn tzinfo(&self) -> Option<Value> {
        self.tzinfo
    }

    pub(crate) fn clock(&self) -> Clock {
        self.clock
    }

    /// Year, month and day.
    pub(crate) fn date_fields(&self) -> (i32, i32, i32) {
        self.date.fields()
    }

    /// 1 for the second time of that name.
    pub(crate) fn fold_number(&self) -> u8 {
        self.fold
    }

    /// `replace(fold=1)`.
    pub(crate) fn folded(this: Gc<DateTime>, cx: &mut Context) -> Result {
        let changes = DateTimeChanges { fields: [None; 7], tzinfo: None, fold: Some(Value::int(1)) };
        DateTime::replaced(this, cx, changes)
    }

    /// The body of these fields (year to microsecond), if they are in range.
    fn body(cx: &Context, fields: [i32; 7], tzinfo: Option<Value>, fold: i32) -> Result<DateTime> {
        let [year, month, day, clock @ ..] = fields;
        let date = Date::checked(cx, year, month, day)?;
        let clock = Clock::checked(cx, clock)?;
        Ok(DateTime { date, fold: check_fold(cx, fold)?, clock, tzinfo })
    }

    fn fields(&self) -> [i32; 7] {
        let ((year, month, day), clock) = (self.date.fields(), self.clock());
        let Clock { hour, minute, second, microsecond } = clock;
        [year, month, day, hour.into(), minute.into(), second.into(), microsecond as i32]
    }

    /// A datetime of `class`, a subclass's through a call of it.
    fn of_class(cx: &mut Context, class: Value, fields: [i32; 7], tzinfo: Option<Value>, fold: u8) -> Result {
        if class == DateTime::class_cell().get().value() {
            let body = DateTime::body(cx, fields, tzinfo, fold.into())?;
            return Ok(cx.new_object(body).value());
        }
        call_class(cx, class, &fields, tzinfo, fold)
    }

    /// Microseconds since the day before year 1, as if the fields were UTC.
    fn naive_micros(&self) -> i128 {
        i128::from(self.date.ordinal()) * MICROS_PER_DAY + self.clock().micros()
    }

    /// The fields so many microseconds later, if their year is in range.
    fn later(&self, cx: &Context, micros: i128) -> Result<[i32; 7]> {
        let total = self.naive_micros() + micros;
        let ordinal = total.div_euclid(MICROS_PER_DAY);
        if !(1..=i128::from(MAX_ORDINAL)).contains(&ordinal) {
            return Err(cx.overflow_error("date value out of range"));
        }
        let (year, month, day) = from_ordinal(ordinal as i64);
        let clock = Clock::from_micros(total.rem_euclid(MICROS_PER_DAY) as i64);
        let Clock { hour, minute, second, microsecond } = clock;
        Ok([year, month, day, hour.into(), minute.into(), second.into(), microsecond as i32])
    }

    /// The datetime so many microseconds later, of the same class and with the same tzinfo.
    pub(crate) fn shifted(&self, cx: &mut Context, class: Gc<Class>, micros: i128) -> Result {
        let fields = self.later(cx, micros)?;
        DateTime::of_class(cx, class.value(), fields, self.tzinfo, 0)
    }

    fn order(&self, other: &DateTime) -> Ordering {
        self.fields().cmp(&other.fields())
    }

    /// Whether the UTC offset depends on fold, so that the time is no point in time for sure (PEP 495).
    fn is_problematic(this: Gc<DateTime>, cx: &mut Context, offset: Offset) -> Result<bool> {
        let mut flipped = (*this).clone();
        flipped.fold ^= 1;
        let flipped = cx.new_object(flipped);
        let other = utc_offset(cx, this.tzinfo, flipped.value())?;
        Ok(micros(other) != micros(offset))
    }

    fn state(&self, cx: &Context, with_fold: bool) -> Value {
        let [high, low] = self.date.year.to_be_bytes();
        let fold = if with_fold { self.fold << 7 } else { 0 };
        let mut state = vec![high, low, self.date.month | fold, self.date.day];
        state.extend_from_slice(&clock_state(self.clock()));
        let state = cx.new_bytes(&state).value();
        match self.tzinfo {
            Some(tzinfo) => cx.new_tuple(&[state, tzinfo]).value(),
            None => cx.new_tuple(&[state]).value(),
        }
    }

    fn replaced(this: Gc<DateTime>, cx: &mut Context, changes: DateTimeChanges) -> Result {
        let mut fields = this.fields();
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
        let fold = check_fold(cx, fold)?;
        let class = cx.class_of(this.value()).value();
        DateTime::of_class(cx, class, fields, tzinfo, fold)
    }

    /// The local timestamp of the fields.
    fn local_timestamp(&self, cx: &mut Context, fold: u8) -> Result<i64> {
        local::timestamp(cx, self.date.fields(), self.clock(), fold)
    }

    /// The local time zone at the fields.
    fn local_zone(&self, cx: &mut Context) -> Result {
        let mut timestamp = self.local_timestamp(cx, self.fold)?;
        let other = self.local_timestamp(cx, 1 - self.fold)?;
        // They differ in a gap or a fold.
        if other != timestamp && (other > timestamp) == (self.fold == 1) {
            timestamp = other;
        }
        local::zone(cx, timestamp)
    }

    fn iso_text(this: Gc<DateTime>, cx: &mut Context, separator: u32, timespec: &str) -> Result<Gc<Str>> {
        let clock = format::clock_text(cx, this.clock(), timespec)?;
        let offset = format::offset_text(cx, ":", this.tzinfo, this.value())?;
        let mut text = taipan_runtime::types::str::StrBuilder::new();
        text.push_str(&this.date.text());
        text.push_char(separator);
        text.push_str(&clock);
        text.push_str(&offset);
        Ok(text.finish(cx))
    }
}

fn micros(offset: Offset) -> Option<i128> {
    offset.map(|offset| offset.micros())
}

/// The arguments of `replace`.
struct DateTimeChanges {
    fields: [Option<Value>; 7],
    tzinfo: Option<Value>,
    fold: Option<Value>,
}

/// A datetime of `class` at a timestamp, in local time or (`utc`) in UTC.
fn at_timestamp(
    cx: &mut Context,
    class: Value,
    (seconds, micros): (i64, i32),
    utc: bool,
    tzinfo: Option<Value>,
) -> Result {
    let fields = broken_down(cx, if utc { "gmtime" } else { "localtime" }, seconds)?;
    let fold = if utc { 0 } else { local::fold(cx, fields, seconds)? };
    let [year, month, day, hour, minute, second] = fields;
    DateTime::of_class(cx, class, [year, month, day, hour, minute, second, micros], tzinfo, fold)
}

/// The current time in seconds and microseconds.
fn now() -> (i64, i32) {
    match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => (since.as_secs() as i64, since.subsec_micros() as i32),
        Err(before) => {
            let micros = -(before.duration().as_micros() as i64);
            (micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000) as i32)
        }
    }
}

/// A timestamp argument in seconds and microseconds, rounded half to even.
fn timestamp_argument(cx: &mut Context, value: Value) -> Result<(i64, i32)> {
    let overflow = |cx: &Context| cx.overflow_error("timestamp out of range for platform time_t");
    if let Some(float) = as_float(value) {
        if float.is_nan() {
            return Err(cx.value_error("Invalid value NaN (not a number)"));
        }
        let mut whole = float.trunc();
        let mut micros = ((float - whole) * 1e6).round_ties_even();
        if micros >= 1e6 {
            (whole, micros) = (whole + 1.0, micros - 1e6);
        } else if micros < 0.0 {
            (whole, micros) = (whole - 1.0, micros + 1e6);
        }
        // Both bounds are exact floats.
        if !(-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&whole) {
            return Err(overflow(cx));
        }
        return Ok((whole as i64, micros as i32));
    }
    if !cx.has_index(value) {
        let found = cx.type_name(value);
        return Err(cx.type_error(format!("argument must be int or float, not {found}")));
    }
    let whole = cx.index_i128(value)?;
    i64::try_from(whole).map(|whole| (whole, 0)).map_err(|_| overflow(cx))
}

/// A datetime in the time zone made of one in UTC, where there is a time zone.
fn from_utc(cx: &mut Context, tzinfo: Option<Value>, datetime: Value) -> Result {
    match tzinfo {
        Some(tzinfo) => cx.call_method(tzinfo, "fromutc", &[datetime]),
        None => Ok(datetime),
    }
}

/// The fields of ISO 8601 text.
fn parse(utf8: &str) -> Option<([i32; 7], Option<(i32, i32)>)> {
    let text = utf8.as_bytes();
    if text.len() < 7 {
        return None;
    }
    let end = format::date_end(text)?;
    let (year, month, day) = format::parse_date(text.get(..end)?)?;
    let mut clock = [0; 4];
    let mut offset = None;
    if text.len() > end {
        let separator = utf8.get(end..)?.chars().next()?;
        let time = format::parse_time(&text[end + separator.len_utf8()..])?;
        (clock, offset) = (time.fields, time.offset);
    }
    let [hour, minute, second, micros] = clock;
    Some(([year, month, day, hour, minute, second, micros], offset))
}

/// Makes 24:00 the start of the next day.
fn next_midnight(cx: &Context, fields: &mut [i32; 7]) -> Result<()> {
    let [year, month, day, hour, rest @ ..] = fields;
    if *hour != 24 || !(1..=12).contains(month) || *day > days_in_month(*year, *month) {
        return Ok(());
    }
    if *rest != [0; 3] {
        return Err(cx.value_error("minute, second, and microsecond must be 0 when hour is 24"));
    }
    *hour = 0;
    *day += 1;
    if *day > days_in_month(*year, *month) {
        (*day, *month) = (1, *month + 1);
        if *month > 12 {
            (*month, *year) = (1, *year + 1);
        }
    }
    Ok(())
}

/// datetime(year, month, day[, hour[, minute[, second[, microsecond[,tzinfo]]]]])
///
/// The year, month and day arguments are required. tzinfo may be None, or an
/// instance of a tzinfo subclass. The remaining arguments may be ints.
#[class(name = "datetime", module = "datetime", base = Date, flags = BASETYPE)]
impl DateTime {
    #[slot(new)]
    fn new(cx: &mut Context, class: Gc<Class>, args: Args<'_>) -> Result {
        if let ([state, rest @ ..], None) = (args.values(), args.names())
            && rest.len() < 2
            && let Some(state) =
                pickled_state::<10>(cx, *state, "datetime", |month| (1..=12).contains(&(month & 0x7f)), 2)?
        {
            let tzinfo = state_tzinfo(cx, rest.first().copied())?;
            let [high, low, month, day, clock @ ..] = state;
            let date = Date { year: u16::from_be_bytes([high, low]), month: month & 0x7f, day };
            let clock = clock_of_state(clock);
            return Ok(cx.new_instance(class, DateTime { date, fold: month >> 7, clock, tzinfo }).value());
        }
        let names = &["year", "month", "day", "hour", "minute", "second", "microsecond", "tzinfo", "fold"];
        let params = Params::new(cx, None, args, names, 8)?;
        let mut fields = [0; 7];
        for (index, field) in fields.iter_mut().enumerate() {
            *field = if index < 3 { params.required_int(cx, index)? } else { params.int_or(cx, index, 0)? };
        }
        let tzinfo = params.get(7);
        let fold = params.int_or(cx, 8, 0)?;
        params.finish(cx)?;
        let mut body = DateTime::body(cx, fields, None, fold)?;
        body.tzinfo = check_tzinfo(cx, tzinfo.unwrap_or(Value::NONE))?;
        Ok(cx.new_instance(class, body).value())
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result {
        let [year, month, day, hour, minute, second, micros] = this.fields();
        let mut text = format!("{}({year}, {month}, {day}, {hour}, {minute}", cx.type_name(this.value()));
        if micros != 0 {
            text.push_str(&format!(", {second}, {micros}"));
        } else if second != 0 {
            text.push_str(&format!(", {second}"));
        }
        if this.fold != 0 {
            text.push_str(", fold=1");
        }
        match this.tzinfo {
            Some(tzinfo) => {
                let tzinfo = cx.repr(tzinfo)?;
                cx.format_str(&[&format!("{text}, tzinfo="), ")"], &[tzinfo])
            }
            None => Ok(cx.new_str(&format!("{text})")).value()),
        }
    }

    #[slot(str)]
    fn str(this: Gc<Self>, cx: &mut Context) -> Result {
        let space = cx.new_str(" ").value();
        cx.call_method(this.value(), "isoformat", &[space])
    }

    #[slot(hash)]
    fn hash(this: Gc<Self>, cx: &mut Context) -> Result<i64> {
        let mut unfolded = this;
        if this.fold != 0 {
            let body = DateTime { fold: 0, ..(*this).clone() };
            unfolded = cx.new_object(body);
        }
        match utc_offset(cx, this.tzinfo, unfolded.value())? {
            Some(offset) => Ok(TimeDelta::hash_of(this.naive_micros() - offset.micros())),
            None => {
                let [high, low] = this.date.year.to_be_bytes();
                let mut state = vec![high, low, this.date.month, this.date.day];
                state.extend_from_slice(&clock_state(this.clock()));
                Ok(taipan_runtime::types::str::hash_bytes(cx, &state))
            }
        }
    }

    #[slot(compare)]
    fn compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result {
        let (Some(a), Some(b)) = (a.downcast::<DateTime>(), b.downcast::<DateTime>()) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        if a.tzinfo == b.tzinfo {
            return Ok(Value::bool(op.holds(Some(a.order(&b)))));
        }
        let first = utc_offset(cx, a.tzinfo, a.value())?;
        let second = utc_offset(cx, b.tzinfo, b.value())?;
        let mut order = match (micros(first), micros(second)) {
            (None, None) => a.order(&b),
            (Some(x), Some(y)) if x == y => a.order(&b),
            (Some(x), Some(y)) => (a.naive_micros() - x).cmp(&(b.naive_micros() - y)),
            _ => {
                return match op {
                    CompareOp::Eq => Ok(Value::FALSE),
                    CompareOp::Ne => Ok(Value::TRUE),
                    _ => Err(cx.type_error("can't compare offset-naive and offset-aware datetimes")),
                };
            }
        };
        if order == Ordering::Equal
            && matches!(op, CompareOp::Eq | CompareOp::Ne)
            && (DateTime::is_problematic(a, cx, first)? || DateTime::is_problematic(b, cx, second)?)
        {
            order = Ordering::Greater;
        }
        Ok(Value::bool(op.holds(Some(order))))
    }

    #[slot(add)]
    fn add(cx: &mut Context, a: Value, b: Value) -> Result {
        let (datetime, delta) = match (a.downcast::<DateTime>(), b.downcast::<DateTime>()) {
            (Some(datetime), None) => (datetime, b),
            (None, Some(datetime)) => (datetime, a),
            _ => return Ok(Value::NOT_IMPLEMENTED),
        };
        match delta.downcast::<TimeDelta>() {
            Some(delta) => datetime.shifted(cx, cx.class_of(datetime.value()), delta.micros()),
            None => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    #[slot(sub)]
    fn sub(cx: &mut Context, a: Value, b: Value) -> Result {
        let Some(a) = a.downcast::<DateTime>() else { return Ok(Value::NOT_IMPLEMENTED) };
        if let Some(delta) = b.downcast::<TimeDelta>() {
            return a.shifted(cx, cx.class_of(a.value()), -delta.micros());
        }
        let Some(b) = b.downcast::<DateTime>() else { return Ok(Value::NOT_IMPLEMENTED) };
        let mut difference = a.naive_micros() - b.naive_micros();
        if a.tzinfo != b.tzinfo {
            let first = utc_offset(cx, a.tzinfo, a.value())?;
            let second = utc_offset(cx, b.tzinfo, b.value())?;
            match (micros(first), micros(second)) {
                (None, None) => {}
                (Some(first), Some(second)) => difference -= first - second,
                _ => return Err(cx.type_error("can't subtract offset-naive and offset-aware datetimes")),
            }
        }
        Ok(TimeDelta::from_micros(cx, difference)?.value())
    }

    /// Returns new datetime object representing current time local to tz.
    ///
    ///   tz
    ///     Timezone object.
    ///
    /// If no tz is specified, uses local timezone.
    #[classmethod("(tz=None)")]
    fn now(cx: &mut Context, class: Value, tz: Value) -> Result {
        let tzinfo = check_tzinfo(cx, tz)?;
        let datetime = at_timestamp(cx, class, now(), tzinfo.is_some(), tzinfo)?;
        from_utc(cx, tzinfo, datetime)
    }

    /// Return a new datetime representing UTC day and time.
    #[classmethod("()")]
    fn utcnow(cx: &mut Context, class: Value) -> Result {
        let message = "datetime.datetime.utcnow() is deprecated and scheduled for removal in a future version. Use timezone-aware objects to represent datetimes in UTC: datetime.datetime.now(datetime.UTC).";
        cx.warn(exception::deprecation_warning, message, 1)?;
        at_timestamp(cx, class, now(), true, None)
    }

    /// timestamp[, tz] -> tz's local time from POSIX timestamp.
    #[classmethod("(timestamp, tz=None)", text = "")]
    fn fromtimestamp(cx: &mut Context, class: Value, timestamp: Value, tz: Value) -> Result {
        let tzinfo = check_tzinfo(cx, tz)?;
        let at = timestamp_argument(cx, timestamp)?;
        let datetime = at_timestamp(cx, class, at, tzinfo.is_some(), tzinfo)?;
        from_utc(cx, tzinfo, datetime)
    }

    /// Construct a naive UTC datetime from a POSIX timestamp.
    #[classmethod("(timestamp, /)", text = "")]
    fn utcfromtimestamp(cx: &mut Context, class: Value, timestamp: Value) -> Result {
        let message = "datetime.datetime.utcfromtimestamp() is deprecated and scheduled for removal in a future version. Use timezone-aware objects to represent datetimes in UTC: datetime.datetime.fromtimestamp(timestamp, datetime.UTC).";
        cx.warn(exception::deprecation_warning, message, 1)?;
        let at = timestamp_argument(cx, timestamp)?;
        at_timestamp(cx, class, at, true, None)
    }

    /// string, format -> new datetime parsed from a string (like time.strptime()).
    #[classmethod("(*args)", text = "")]
    fn strptime(cx: &mut Context, class: Value, args: Gc<Tuple>) -> Result {
        strptime(cx, "_strptime_datetime_datetime", class, args)
    }

    /// date, time -> datetime with same date and time fields
    #[classmethod("(date, time, tzinfo=<absent>)", text = "")]
    fn combine(cx: &mut Context, class: Value, date: Value, time: Value, tzinfo: Option<Value>) -> Result {
        let Some(date) = date.downcast::<Date>() else {
            let found = cx.argument_type_name(date);
            return Err(cx.type_error(format!("combine() argument 1 must be datetime.date, not {found}")));
        };
        let Some(time) = time.downcast::<Time>() else {
            let found = cx.argument_type_name(time);
            return Err(cx.type_error(format!("combine() argument 2 must be datetime.time, not {found}")));
        };
        let (clock, fold, own) = time.parts();
        let tzinfo = match tzinfo {
            Some(tzinfo) => check_tzinfo(cx, tzinfo)?,
            None => own,
        };
        let (year, month, day) = date.fields();
        let Clock { hour, minute, second, microsecond } = clock;
        let fields = [year, month, day, hour.into(), minute.into(), second.into(), microsecond as i32];
        DateTime::of_class(cx, class, fields, tzinfo, fold)
    }

    /// string -> datetime from a string in most ISO 8601 formats
    #[classmethod("(object, /)")]
    fn fromisoformat(cx: &mut Context, class: Value, object: Value) -> Result {
        let Some(text) = object.downcast::<Str>() else {
            return Err(cx.type_error("fromisoformat: argument must be str"));
        };
        let parsed = match text.try_utf8() {
            Some(utf8) => parse(&utf8),
            // A lone surrogate may be the separator.
            None => {
                let surrogate = |code: &u32| (0xd800..0xe000).contains(code);
                let mut codes = text.chars();
                codes.position(|code| surrogate(&code)).and_then(|at| {
                    let ascii: String = text
                        .chars()
                        .enumerate()
                        .map(|(index, code)| if index == at { Some('T') } else { char::from_u32(code) })
                        .collect::<Option<String>>()?;
                    (matches!(at, 7 | 8 | 10) && format::date_end(ascii.as_bytes()) == Some(at))
                        .then(|| parse(&ascii))
                        .flatten()
                })
            }
        };
        let Some((mut fields, offset)) = parsed else { return Err(format::invalid(cx, text)) };
        let tzinfo = parsed_tzinfo(cx, offset)?;
        next_midnight(cx, &mut fields)?;
        DateTime::of_class(cx, class, fields, tzinfo, 0)
    }

    /// Return date object with same year, month and day.
    #[function("()")]
    fn date(&self, cx: &mut Context) -> Gc<Date> {
        cx.new_object(self.date)
    }

    /// Return time object with same time but with tzinfo=None.
    #[function("()")]
    fn time(&self, cx: &mut Context) -> Gc<Time> {
        Time::create(cx, self.clock(), self.fold, None)
    }

    /// Return time object with same time and tzinfo.
    #[function("()")]
    fn timetz(&self, cx: &mut Context) -> Gc<Time> {
        Time::create(cx, self.clock(), self.fold, self.tzinfo)
    }

    /// Return ctime() style string.
    #[function("()")]
    fn ctime(&self, cx: &mut Context) -> Gc<Str> {
        let (year, month, day) = self.date.fields();
        cx.new_str(&format::ctime(year, month, day, self.clock()))
    }

    /// Return time tuple, compatible with time.localtime().
    #[function("()")]
    fn timetuple(this: Gc<Self>, cx: &mut Context) -> Result {
        let dst = match dst_offset(cx, this.tzinfo, this.value())? {
            Some(dst) => i64::from(!dst.is_zero()),
            None => -1,
        };
        struct_time(cx, &this.date, this.clock(), dst)
    }

    /// Return UTC time tuple, compatible with time.localtime().
    #[function("()")]
    fn utctimetuple(this: Gc<Self>, cx: &mut Context) -> Result {
        let Some(offset) = utc_offset(cx, this.tzinfo, this.value())? else {
            return struct_time(cx, &this.date, this.clock(), 0);
        };
        let fields = this.later(cx, -offset.micros())?;
        let utc = DateTime::body(cx, fields, None, 0)?;
        struct_time(cx, &utc.date, utc.clock(), 0)
    }

    /// Return POSIX timestamp as float.
    #[function("()")]
    fn timestamp(this: Gc<Self>, cx: &mut Context) -> Result {
        if this.tzinfo.is_some() {
            let Some(offset) = utc_offset(cx, this.tzinfo, this.value())? else {
                return Err(cx.type_error("can't subtract offset-naive and offset-aware datetimes"));
            };
            let micros = this.naive_micros() - i128::from(local::EPOCH) * 1_000_000 - offset.micros();
            return Ok(cx.new_float(TimeDelta::seconds_of(micros)));
        }
        let seconds = this.local_timestamp(cx, this.fold)?;
        Ok(cx.new_float(seconds as f64 + f64::from(this.clock().microsecond) / 1e6))
    }

    /// [sep] -> string in ISO 8601 format, YYYY-MM-DDT[HH[:MM[:SS[.mmm[uuu]]]]][+HH:MM].
    /// sep is used to separate the year from the time, and defaults to 'T'.
    /// The optional argument timespec specifies the number of additional terms
    /// of the time to include. Valid options are 'auto', 'hours', 'minutes',
    /// 'seconds', 'milliseconds' and 'microseconds'.
    #[function("(sep='T', timespec=<absent>)", text = "")]
    fn isoformat(this: Gc<Self>, cx: &mut Context, sep: Value, timespec: Option<Value>) -> Result<Gc<Str>> {
        let separator = match sep.downcast::<Str>() {
            Some(text) if text.len() == 1 => text.char_at(0),
            other => {
                let found = match other {
                    Some(text) => format!("a string of length {}", text.len()),
                    None => cx.argument_type_name(sep),
                };
                let message = format!("isoformat() argument 1 must be a unicode character, not {found}");
                return Err(cx.type_error(message));
            }
        };
        let timespec = timespec_argument(cx, timespec, 2)?;
        DateTime::iso_text(this, cx, separator, &timespec)
    }

    /// Return self.tzinfo.utcoffset(self).
    #[function("()")]
    fn utcoffset(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        Ok(utc_offset(cx, this.tzinfo, this.value())?.map_or(Value::NONE, |offset| offset.value()))
    }

    /// Return self.tzinfo.tzname(self).
    #[function("()")]
    fn tzname(this: Gc<Self>, cx: &mut Context) -> Result {
        zone_name(cx, this.tzinfo, this.value())
    }

    /// Return self.tzinfo.dst(self).
    #[function("()")]
    fn dst(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        Ok(dst_offset(cx, this.tzinfo, this.value())?.map_or(Value::NONE, |offset| offset.value()))
    }

    /// Return datetime with new specified fields.
    #[function(
        "(year=<absent>, month=<absent>, day=<absent>, hour=<absent>, minute=<absent>, second=<absent>, microsecond=<absent>, tzinfo=<absent>, *, fold=<absent>)",
        text = "(year=unchanged, month=unchanged, day=unchanged,\n        hour=unchanged, minute=unchanged, second=unchanged,\n        microsecond=unchanged, tzinfo=unchanged, *, fold=unchanged)"
    )]
    fn replace(
        this: Gc<Self>,
        cx: &mut Context,
        year: Option<Value>,
        month: Option<Value>,
        day: Option<Value>,
        hour: Option<Value>,
        minute: Option<Value>,
        second: Option<Value>,
        microsecond: Option<Value>,
        tzinfo: Option<Value>,
        fold: Option<Value>,
    ) -> Result {
        let fields = [year, month, day, hour, minute, second, microsecond];
        DateTime::replaced(this, cx, DateTimeChanges { fields, tzinfo, fold })
    }

    /// The same as replace().
    #[function(
        "(year=<absent>, month=<absent>, day=<absent>, hour=<absent>, minute=<absent>, second=<absent>, microsecond=<absent>, tzinfo=<absent>, *, fold=<absent>)",
        name = "__replace__",
        text = "(**changes)"
    )]
    fn replace_special(
        this: Gc<Self>,
        cx: &mut Context,
        year: Option<Value>,
        month: Option<Value>,
        day: Option<Value>,
        hour: Option<Value>,
        minute: Option<Value>,
        second: Option<Value>,
        microsecond: Option<Value>,
        tzinfo: Option<Value>,
        fold: Option<Value>,
    ) -> Result {
        let fields = [year, month, day, hour, minute, second, microsecond];
        DateTime::replaced(this, cx, DateTimeChanges { fields, tzinfo, fold })
    }

    /// tz -> convert to local time in new timezone tz
    #[function("(tz=None)", text = "")]
    fn astimezone(this: Gc<Self>, cx: &mut Context, tz: Value) -> Result {
        let target = check_tzinfo(cx, tz)?;
        if target.is_some() && this.tzinfo == target {
            return Ok(this.value());
        }
        let mut offset = utc_offset(cx, this.tzinfo, this.value())?;
        if offset.is_none() {
            let zone = this.local_zone(cx)?;
            if target == Some(zone) {
                return Ok(this.value());
            }
            offset = utc_offset(cx, Some(zone), this.value())?;
        }
        let fields = this.later(cx, -micros(offset).unwrap_or(0))?;
        let class = cx.class_of(this.value());
        let result = DateTime::of_class(cx, class.value(), fields, this.tzinfo, 0)?;
        let Some(result) = result.downcast::<DateTime>() else { return Ok(result) };
        let target = match target {
            Some(target) => target,
            None => {
                let micros = result.naive_micros() - i128::from(local::EPOCH) * 1_000_000;
                local::zone(cx, micros.div_euclid(1_000_000) as i64)?
            }
        };
        let body = DateTime { tzinfo: Some(target), ..(*result).clone() };
        let class = cx.class_of(result.value());
        let in_target = cx.new_instance(class, body).value();
        cx.call_method(target, "fromutc", &[in_target])
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

    #[getter(name = "tzinfo")]
    fn get_tzinfo(&self) -> Value {
        self.tzinfo.unwrap_or(Value::NONE)
    }

    #[getter]
    fn fold(&self) -> i32 {
        self.fold.into()
    }
}
