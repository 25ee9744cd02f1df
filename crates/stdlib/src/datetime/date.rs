//! `date`, and what its `isocalendar` returns. CPython: `date_*` and `iso_calendar_date_*` in
//! `Modules/_datetimemodule.c`.
//!
//! Invariant: month is 1 to 12; year and day are valid but in dates made from a forged pickle.

use taipan_runtime::exception;
use taipan_runtime::prelude::*;
use taipan_runtime::types::bytes::Bytes;
use taipan_runtime::types::float::as_float;
use taipan_runtime::types::tuple::Tuple;

use super::arguments::{Clock, Params, check_date, int_field, str_argument};
use super::calendar::{
    IsoError, MAX_ORDINAL, days_before_month, from_iso_calendar, from_ordinal, iso_calendar, to_ordinal,
    weekday,
};
use super::datetime::DateTime;
use super::format::{self, Formatted};
use super::timedelta::{MICROS_PER_DAY, TimeDelta};

/// Body of `datetime.date`.
#[derive(Trace, Clone, Copy)]
pub struct Date {
    pub(super) year: u16,
    pub(super) month: u8,
    pub(super) day: u8,
}

impl Date {
    /// The date of these fields, if they are in range.
    pub(super) fn checked(cx: &Context, year: i32, month: i32, day: i32) -> Result<Date> {
        check_date(cx, year, month, day)?;
        Ok(Date { year: year as u16, month: month as u8, day: day as u8 })
    }

    pub(super) fn fields(&self) -> (i32, i32, i32) {
        (self.year.into(), self.month.into(), self.day.into())
    }

    pub(super) fn ordinal(&self) -> i64 {
        let (year, month, day) = self.fields();
        to_ordinal(year, month, day)
    }

    pub(super) fn weekday_number(&self) -> i32 {
        let (year, month, day) = self.fields();
        weekday(year, month, day)
    }

    fn state(&self) -> [u8; 4] {
        let [high, low] = self.year.to_be_bytes();
        [high, low, self.month, self.day]
    }

    pub(super) fn text(&self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    /// A date of `class`, a subclass's through a call of it.
    fn of_class(cx: &mut Context, class: Value, fields: (i32, i32, i32)) -> Result {
        let (year, month, day) = fields;
        if class == Date::class_cell().get().value() {
            let body = Date::checked(cx, year, month, day)?;
            return Ok(cx.new_object(body).value());
        }
        cx.call(class, &[year, month, day].map(|field| Value::int(field.into())))
    }

    /// The date so many days later.
    fn plus_days(cx: &mut Context, this: Gc<Date>, days: i64) -> Result {
        let ordinal = this.ordinal() + days;
        if !(1..=MAX_ORDINAL).contains(&ordinal) {
            return Err(cx.overflow_error("date value out of range"));
        }
        let class = cx.class_of(this.value()).value();
        Date::of_class(cx, class, from_ordinal(ordinal))
    }

    fn replaced(
        this: Gc<Date>,
        cx: &mut Context,
        year: Option<Value>,
        month: Option<Value>,
        day: Option<Value>,
    ) -> Result {
        let (mut fields, given) =
            ([this.year.into(), this.month.into(), this.day.into()], [year, month, day]);
        for (field, given) in fields.iter_mut().zip(given) {
            if let Some(value) = given {
                *field = int_field(cx, value)?;
            }
        }
        let class = cx.class_of(this.value()).value();
        Date::of_class(cx, class, (fields[0], fields[1], fields[2]))
    }
}

fn is_datetime(value: Value) -> bool {
    value.downcast::<DateTime>().is_some()
}

/// `value` as a date that is no datetime.
fn plain_date(value: Value) -> Option<Gc<Date>> {
    if is_datetime(value) { None } else { value.downcast::<Date>() }
}

/// `time.struct_time` of these fields.
pub(super) fn struct_time(cx: &mut Context, date: &Date, clock: Clock, dst: i64) -> Result {
    let (year, month, day) = date.fields();
    let parts = [
        year.into(),
        month.into(),
        day.into(),
        clock.hour.into(),
        clock.minute.into(),
        clock.second.into(),
        date.weekday_number().into(),
        days_before_month(year, month) + i64::from(day),
        dst,
    ];
    let time = cx.import("time")?;
    let parts = cx.new_tuple(&parts.map(Value::int)).value();
    cx.call_method(time, "struct_time", &[parts])
}

/// `_strptime.NAME(class, string, format)`.
pub(super) fn strptime(cx: &mut Context, function: &str, class: Value, args: Gc<Tuple>) -> Result {
    let [string, format] = args.items() else {
        let given = args.len();
        return Err(cx.type_error(format!("strptime() takes exactly 2 arguments ({given} given)")));
    };
    str_argument(cx, *string, "strptime", 1)?;
    str_argument(cx, *format, "strptime", 2)?;
    let module = cx.import("_strptime")?;
    cx.call_method(module, function, &[class, *string, *format])
}

/// `object.__format__(spec)` by way of `strftime`.
pub(super) fn format_object(cx: &mut Context, object: Value, spec: Gc<Str>) -> Result {
    if spec.is_empty() {
        return Ok(cx.str(object)?.value());
    }
    cx.call_method(object, "strftime", &[spec.value()])
}

/// The bytes of a pickled state, of which pickles of Python 2 make a str.
pub(super) fn pickled_state<const N: usize>(
    cx: &mut Context,
    value: Value,
    kind: &str,
    sane: impl Fn(u32) -> bool,
    checked: usize,
) -> Result<Option<[u8; N]>> {
    if let Some(bytes) = value.downcast::<Bytes>() {
        let Ok(state) = <[u8; N]>::try_from(bytes.as_slice()) else { return Ok(None) };
        return Ok(sane(state[checked].into()).then_some(state));
    }
    let Some(text) = value.downcast::<Str>() else { return Ok(None) };
    if text.len() != N || !sane(text.char_at(checked)) {
        return Ok(None);
    }
    let mut state = [0; N];
    for (byte, code) in state.iter_mut().zip(text.chars()) {
        let Ok(code) = u8::try_from(code) else {
            return Err(cx.value_error(format!(
                "Failed to encode latin1 string when unpickling a {kind} object. pickle.load(data, encoding='latin1') is assumed."
            )));
        };
        *byte = code;
    }
    Ok(Some(state))
}

/// Seconds since the epoch as `time_t`, floats rounded down.
fn whole_timestamp(cx: &mut Context, value: Value) -> Result<i64> {
    let overflow = |cx: &Context| cx.overflow_error("timestamp out of range for platform time_t");
    if let Some(float) = as_float(value) {
        if float.is_nan() {
            return Err(cx.value_error("Invalid value NaN (not a number)"));
        }
        let floor = float.floor();
        // Both bounds are exact floats.
        if !(-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&floor) {
            return Err(overflow(cx));
        }
        return Ok(floor as i64);
    }
    let whole = cx.index_i128(value)?;
    i64::try_from(whole).map_err(|_| overflow(cx))
}

/// The first six fields of `time.localtime` or `time.gmtime`.
pub(super) fn broken_down(cx: &mut Context, function: &str, seconds: i64) -> Result<[i32; 6]> {
    let time = cx.import("time")?;
    let seconds = cx.new_int(seconds);
    let tuple = cx.call_method(time, function, &[seconds])?;
    let items = cx.collect(tuple)?;
    let mut fields = [0; 6];
    for (field, item) in fields.iter_mut().zip(items.iter()) {
        *field = int_field(cx, *item)?;
    }
    // There are no leap seconds.
    fields[5] = fields[5].min(59);
    Ok(fields)
}

/// date(year, month, day) --> date object
#[class(name = "date", module = "datetime", flags = BASETYPE)]
impl Date {
    #[slot(new)]
    fn new(cx: &mut Context, class: Gc<Class>, args: Args<'_>) -> Result {
        if let ([state], None) = (args.values(), args.names())
            && let Some(state) = pickled_state::<4>(cx, *state, "date", |month| (1..=12).contains(&month), 2)?
        {
            let [high, low, month, day] = state;
            let body = Date { year: u16::from_be_bytes([high, low]), month, day };
            return Ok(cx.new_instance(class, body).value());
        }
        let params = Params::new(cx, None, args, &["year", "month", "day"], 3)?;
        let year = params.required_int(cx, 0)?;
        let month = params.required_int(cx, 1)?;
        let day = params.required_int(cx, 2)?;
        params.finish(cx)?;
        let body = Date::checked(cx, year, month, day)?;
        Ok(cx.new_instance(class, body).value())
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Value {
        let (name, (year, month, day)) = (cx.type_name(this.value()), this.fields());
        cx.new_str(&format!("{name}({year}, {month}, {day})")).value()
    }

    #[slot(str)]
    fn str(this: Gc<Self>, cx: &mut Context) -> Result {
        cx.call_method(this.value(), "isoformat", &[])
    }

    #[slot(hash)]
    fn hash(&self, cx: &mut Context) -> i64 {
        taipan_runtime::types::str::hash_bytes(cx, &self.state())
    }

    #[slot(compare)]
    fn compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Value {
        let _ = cx;
        match (a.downcast::<Date>(), plain_date(b)) {
            (Some(a), Some(b)) => Value::bool(op.holds(Some(a.state().cmp(&b.state())))),
            _ => Value::NOT_IMPLEMENTED,
        }
    }

    #[slot(add)]
    fn add(cx: &mut Context, a: Value, b: Value) -> Result {
        if is_datetime(a) || is_datetime(b) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let (date, delta) = match (a.downcast::<Date>(), b.downcast::<Date>()) {
            (Some(date), None) => (date, b),
            (None, Some(date)) => (date, a),
            _ => return Ok(Value::NOT_IMPLEMENTED),
        };
        match delta.downcast::<TimeDelta>() {
            Some(delta) => Date::plus_days(cx, date, delta.whole_days()),
            None => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    #[slot(sub)]
    fn sub(cx: &mut Context, a: Value, b: Value) -> Result {
        if is_datetime(a) || is_datetime(b) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let Some(date) = a.downcast::<Date>() else { return Ok(Value::NOT_IMPLEMENTED) };
        if let Some(other) = b.downcast::<Date>() {
            let days = i128::from(date.ordinal() - other.ordinal());
            return Ok(TimeDelta::from_micros(cx, days * MICROS_PER_DAY)?.value());
        }
        match b.downcast::<TimeDelta>() {
            Some(delta) => Date::plus_days(cx, date, -delta.whole_days()),
            None => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    /// Create a date from a POSIX timestamp.
    ///
    /// The timestamp is a number, e.g. created via time.time(), that is
    /// interpreted as local time.
    #[classmethod("(timestamp, /)")]
    fn fromtimestamp(cx: &mut Context, class: Value, timestamp: Value) -> Result {
        let seconds = whole_timestamp(cx, timestamp)?;
        let [year, month, day, ..] = broken_down(cx, "localtime", seconds)?;
        Date::of_class(cx, class, (year, month, day))
    }

    /// Current date or datetime:  same as self.__class__.fromtimestamp(time.time()).
    #[classmethod("()")]
    fn today(cx: &mut Context, class: Value) -> Result {
        let time = cx.import("time")?;
        let now = cx.call_method(time, "time", &[])?;
        cx.call_method(class, "fromtimestamp", &[now])
    }

    /// int -> date corresponding to a proleptic Gregorian ordinal.
    #[classmethod("(ordinal)", text = "")]
    fn fromordinal(cx: &mut Context, class: Value, ordinal: Value) -> Result {
        let ordinal = int_field(cx, ordinal)?;
        if ordinal < 1 {
            return Err(cx.value_error("ordinal must be >= 1"));
        }
        Date::of_class(cx, class, from_ordinal(ordinal.into()))
    }

    /// str -> Construct a date from a string in ISO 8601 format.
    #[classmethod("(object, /)")]
    fn fromisoformat(cx: &mut Context, class: Value, object: Value) -> Result {
        let Some(text) = object.downcast::<Str>() else {
            return Err(cx.type_error("fromisoformat: argument must be str"));
        };
        let parsed = text.try_utf8().and_then(|utf8| match utf8.len() {
            7 | 8 | 10 => format::parse_date(utf8.as_bytes()),
            _ => None,
        });
        match parsed {
            Some(fields) => Date::of_class(cx, class, fields),
            None => Err(format::invalid(cx, text)),
        }
    }

    /// int, int, int -> Construct a date from the ISO year, week number and weekday.
    ///
    /// This is the inverse of the date.isocalendar() function
    #[classmethod("(year, week, day)", text = "")]
    fn fromisocalendar(cx: &mut Context, class: Value, year: Value, week: Value, day: Value) -> Result {
        let range = |cx: &mut Context, value: Value| match int_field(cx, value) {
            Err(raised) if cx.error_matches(&raised, exception::overflow_error) => {
                cx.swallow(raised, exception::overflow_error)?;
                Err(cx.value_error("ISO calendar component out of range"))
            }
            other => other,
        };
        let (year, week, day) = (range(cx, year)?, range(cx, week)?, range(cx, day)?);
        match from_iso_calendar(year, week, day) {
            Ok(ordinal) => Date::of_class(cx, class, from_ordinal(ordinal)),
            Err(IsoError::Year) => Err(cx.value_error(format!("year must be in 1..9999, not {year}"))),
            Err(IsoError::Week) => Err(cx.value_error(format!("Invalid week: {week}"))),
            Err(IsoError::Day) => Err(cx.value_error(format!("Invalid weekday: {day} (range is [1, 7])"))),
        }
    }

    /// string, format -> new date parsed from a string (like time.strptime()).
    #[classmethod("(*args)", text = "")]
    fn strptime(cx: &mut Context, class: Value, args: Gc<Tuple>) -> Result {
        strptime(cx, "_strptime_datetime_date", class, args)
    }

    /// Return ctime() style string.
    #[function("()")]
    fn ctime(&self, cx: &mut Context) -> Gc<Str> {
        let (year, month, day) = self.fields();
        cx.new_str(&format::ctime(year, month, day, Clock::default()))
    }

    /// format -> strftime() style string.
    #[function("(format)", text = "")]
    fn strftime(this: Gc<Self>, cx: &mut Context, format: Value) -> Result {
        let format = str_argument(cx, format, "strftime", 1)?;
        let tuple = cx.call_method(this.value(), "timetuple", &[])?;
        let (tzinfo, microsecond) = match this.value().downcast::<DateTime>() {
            Some(datetime) => (datetime.tzinfo(), datetime.clock().microsecond),
            None => (None, 0),
        };
        let formatted = Formatted { object: this.value(), tzinfo, microsecond, tuple };
        format::strftime(cx, format, &formatted)
    }

    /// Formats self with strftime.
    #[function("(format, /)", name = "__format__", text = "")]
    fn format(this: Gc<Self>, cx: &mut Context, format: Value) -> Result {
        let format = str_argument(cx, format, "__format__", 1)?;
        format_object(cx, this.value(), format)
    }

    /// Return string in ISO 8601 format, YYYY-MM-DD.
    #[function("()")]
    fn isoformat(&self, cx: &mut Context) -> Gc<Str> {
        cx.new_str(&self.text())
    }

    /// Return time tuple, compatible with time.localtime().
    #[function("()")]
    fn timetuple(&self, cx: &mut Context) -> Result {
        struct_time(cx, self, Clock::default(), -1)
    }

    /// Return proleptic Gregorian ordinal.  January 1 of year 1 is day 1.
    #[function("()")]
    fn toordinal(&self) -> i64 {
        self.ordinal()
    }

    /// Return the day of the week represented by the date.
    /// Monday == 0 ... Sunday == 6
    #[function("()")]
    fn weekday(&self) -> i32 {
        self.weekday_number()
    }

    /// Return the day of the week represented by the date.
    /// Monday == 1 ... Sunday == 7
    #[function("()")]
    fn isoweekday(&self) -> i32 {
        self.weekday_number() + 1
    }

    /// Return a named tuple containing ISO year, week number, and weekday.
    #[function("()")]
    fn isocalendar(&self, cx: &mut Context) -> Gc<Tuple> {
        let (year, month, day) = self.fields();
        let (year, week, weekday) = iso_calendar(year, month, day);
        let class = IsoCalendarDate::class_cell().ensure(cx);
        cx.new_tuple_of(class, &[year, week, weekday].map(|part| Value::int(part.into())))
    }

    /// Return date with new specified fields.
    #[function(
        "(year=<absent>, month=<absent>, day=<absent>)",
        text = "(year=unchanged, month=unchanged, day=unchanged)"
    )]
    fn replace(
        this: Gc<Self>,
        cx: &mut Context,
        year: Option<Value>,
        month: Option<Value>,
        day: Option<Value>,
    ) -> Result {
        Date::replaced(this, cx, year, month, day)
    }

    /// The same as replace().
    #[function("(year=<absent>, month=<absent>, day=<absent>)", name = "__replace__", text = "(**changes)")]
    fn replace_special(
        this: Gc<Self>,
        cx: &mut Context,
        year: Option<Value>,
        month: Option<Value>,
        day: Option<Value>,
    ) -> Result {
        Date::replaced(this, cx, year, month, day)
    }

    /// __reduce__() -> (cls, state)
    #[function("()", name = "__reduce__")]
    fn reduce(this: Gc<Self>, cx: &mut Context) -> Value {
        let state = cx.new_bytes(&this.state()).value();
        let (class, state) = (cx.class_of(this.value()).value(), cx.new_tuple(&[state]).value());
        cx.new_tuple(&[class, state]).value()
    }

    #[getter]
    fn year(&self) -> i32 {
        self.year.into()
    }

    #[getter]
    fn month(&self) -> i32 {
        self.month.into()
    }

    #[getter]
    fn day(&self) -> i32 {
        self.day.into()
    }
}

/// Body of `datetime.IsoCalendarDate`, whose instances are tuples.
#[derive(Trace)]
pub struct IsoCalendarDate;

fn iso_part(this: Value, index: usize) -> Value {
    this.downcast::<Tuple>().and_then(|tuple| tuple.items().get(index).copied()).unwrap_or(Value::NONE)
}

/// The result of date.isocalendar() or datetime.isocalendar()
///
/// This object may be accessed either as a tuple of
///   ((year, week, weekday))
/// or via the object attributes as named in the above tuple.
#[class(name = "IsoCalendarDate", module = "datetime", base = Tuple, shares_layout)]
impl IsoCalendarDate {
    #[new("(year, week, weekday)")]
    fn new(cx: &mut Context, class: Gc<Class>, year: Value, week: Value, weekday: Value) -> Gc<Tuple> {
        cx.new_tuple_of(class, &[year, week, weekday])
    }

    #[slot(repr)]
    fn repr(cx: &mut Context, this: Value) -> Result {
        let mut parts = Vec::new();
        for index in 0..3 {
            parts.push(cx.str(iso_part(this, index))?);
        }
        let name = cx.type_name(this);
        cx.format_str(&[&format!("{name}(year="), ", week=", ", weekday=", ")"], &parts)
    }

    #[getter]
    fn year(this: Value) -> Value {
        iso_part(this, 0)
    }

    #[getter]
    fn week(this: Value) -> Value {
        iso_part(this, 1)
    }

    #[getter]
    fn weekday(this: Value) -> Value {
        iso_part(this, 2)
    }

    #[function("()", name = "__reduce__")]
    fn reduce(cx: &mut Context, this: Value) -> Value {
        let parts = cx.new_tuple(&[0, 1, 2].map(|index| iso_part(this, index))).value();
        let (class, args) = (Tuple::class_cell().get().value(), cx.new_tuple(&[parts]).value());
        cx.new_tuple(&[class, args]).value()
    }
}
