//! `tzinfo` and `timezone`. CPython: `tzinfo_*`, `timezone_*` and `call_tzinfo_method` in
//! `Modules/_datetimemodule.c`.
//!
//! Invariant: an offset that left `utc_offset` is less than a day.

use std::sync::atomic::{AtomicU64, Ordering};

use taipan_runtime::prelude::*;

use super::arguments::Params;
use super::datetime::DateTime;
use super::timedelta::{MICROS_PER_DAY, MICROS_PER_SECOND, TimeDelta};

/// Body of `datetime.tzinfo`.
#[derive(Trace)]
pub struct TzInfo;

/// Calls `tzinfo.name(argument)` where there is a time zone.
fn call_method(cx: &mut Context, tzinfo: Option<Value>, name: &str, argument: Value) -> Result {
    match tzinfo {
        Some(tzinfo) => cx.call_method(tzinfo, name, &[argument]),
        None => Ok(Value::NONE),
    }
}

/// What `utcoffset` or `dst` returns, checked.
fn offset(
    cx: &mut Context,
    tzinfo: Option<Value>,
    name: &str,
    argument: Value,
) -> Result<Option<Gc<TimeDelta>>> {
    let result = call_method(cx, tzinfo, name, argument)?;
    if result.is_none() {
        return Ok(None);
    }
    let Some(delta) = result.downcast::<TimeDelta>() else {
        let found = cx.type_name(result);
        return Err(cx.type_error(format!("tzinfo.{name}() must return None or timedelta, not '{found}'")));
    };
    check_offset(cx, delta)?;
    Ok(Some(delta))
}

/// Refuses an offset of a day or more.
fn check_offset(cx: &mut Context, delta: Gc<TimeDelta>) -> Result<()> {
    if delta.micros().abs() < MICROS_PER_DAY {
        return Ok(());
    }
    let shown = cx.repr(delta.value())?;
    let message = format!(
        "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24), not {}",
        shown.to_str()
    );
    Err(cx.value_error(message))
}

pub(super) fn utc_offset(
    cx: &mut Context,
    tzinfo: Option<Value>,
    argument: Value,
) -> Result<Option<Gc<TimeDelta>>> {
    offset(cx, tzinfo, "utcoffset", argument)
}

pub(super) fn dst_offset(
    cx: &mut Context,
    tzinfo: Option<Value>,
    argument: Value,
) -> Result<Option<Gc<TimeDelta>>> {
    offset(cx, tzinfo, "dst", argument)
}

/// The name of the time zone, a str or None.
pub(super) fn zone_name(cx: &mut Context, tzinfo: Option<Value>, argument: Value) -> Result {
    let name = call_method(cx, tzinfo, "tzname", argument)?;
    if name.is_none() || name.downcast::<Str>().is_some() {
        return Ok(name);
    }
    let found = cx.type_name(name);
    Err(cx.type_error(format!("tzinfo.tzname() must return None or a string, not '{found}'")))
}

fn expect_aware(cx: &Context, this: Value, dt: Value) -> Result<Gc<DateTime>> {
    let Some(dt) = dt.downcast::<DateTime>() else {
        return Err(cx.type_error("fromutc: argument must be a datetime"));
    };
    if dt.tzinfo() != Some(this) {
        return Err(cx.value_error("fromutc: dt.tzinfo is not self"));
    }
    Ok(dt)
}

/// Abstract base class for time zone info objects.
#[class(name = "tzinfo", module = "datetime", flags = BASETYPE)]
impl TzInfo {
    #[slot(new)]
    fn new(cx: &mut Context, class: Gc<Class>, args: Args<'_>) -> Value {
        let _ = args;
        cx.new_instance(class, TzInfo).value()
    }

    /// datetime -> string name of time zone.
    #[function("(object, /)")]
    fn tzname(&self, cx: &mut Context, object: Value) -> Result {
        let _ = object;
        Err(cx.not_implemented_error("a tzinfo subclass must implement tzname()"))
    }

    /// datetime -> timedelta showing offset from UTC, negative values indicating West of UTC
    #[function("(object, /)")]
    fn utcoffset(&self, cx: &mut Context, object: Value) -> Result {
        let _ = object;
        Err(cx.not_implemented_error("a tzinfo subclass must implement utcoffset()"))
    }

    /// datetime -> DST offset as timedelta positive east of UTC.
    #[function("(object, /)")]
    fn dst(&self, cx: &mut Context, object: Value) -> Result {
        let _ = object;
        Err(cx.not_implemented_error("a tzinfo subclass must implement dst()"))
    }

    /// datetime in UTC -> datetime in local time.
    #[function("(object, /)")]
    fn fromutc(this: Gc<Self>, cx: &mut Context, object: Value) -> Result {
        let dt = expect_aware(cx, this.value(), object)?;
        let Some(offset) = utc_offset(cx, dt.tzinfo(), dt.value())? else {
            return Err(cx.value_error("fromutc: non-None utcoffset() result required"));
        };
        let Some(dst) = dst_offset(cx, dt.tzinfo(), dt.value())? else {
            return Err(cx.value_error("fromutc: non-None dst() result required"));
        };
        let standard = offset.micros() - dst.micros();
        let local = dt.shifted(cx, cx.class_of(dt.value()), standard)?;
        let Some(local_dt) = local.downcast::<DateTime>() else {
            return Err(cx.type_error("fromutc: argument must be a datetime"));
        };
        match dst_offset(cx, local_dt.tzinfo(), local)? {
            None => Err(cx.value_error("fromutc: tz.dst() gave inconsistent results; cannot convert")),
            Some(dst) if dst.is_zero() => Ok(local),
            Some(dst) => local_dt.shifted(cx, cx.class_of(local), dst.micros()),
        }
    }

    /// -> (cls, state)
    #[function("()", name = "__reduce__")]
    fn reduce(this: Gc<Self>, cx: &mut Context) -> Result {
        let args = match cx.lookup_attr_str(this.value(), "__getinitargs__")? {
            Some(method) => cx.call(method, &[])?,
            None => cx.new_tuple(&[]).value(),
        };
        let state = cx.call_method(this.value(), "__getstate__", &[])?;
        let class = cx.class_of(this.value()).value();
        Ok(cx.new_tuple(&[class, args, state]).value())
    }
}

/// Body of `datetime.timezone`.
#[derive(Trace)]
#[repr(C)]
pub struct TimeZone {
    base: TzInfo,
    offset: Gc<TimeDelta>,
    /// A str where the zone was given a name.
    name: Option<Value>,
}

/// `timezone.utc`; a root once it is there.
static UTC: AtomicU64 = AtomicU64::new(0);

/// `timezone.utc`.
pub(super) fn utc(cx: &Context) -> Result {
    if let Some(utc) = Value::from_bits(UTC.load(Ordering::Acquire)) {
        return Ok(utc);
    }
    let offset = TimeDelta::from_micros(cx, 0)?;
    let new = cx.new_object(TimeZone { base: TzInfo, offset, name: None }).value();
    match UTC.compare_exchange(0, new.bits(), Ordering::AcqRel, Ordering::Acquire) {
        Ok(_) => {
            taipan_runtime::add_root(&UTC);
            Ok(new)
        }
        Err(bits) => Ok(Value::from_bits(bits).unwrap_or(new)),
    }
}

impl TimeZone {
    /// A time zone with this offset; the one of UTC exists once.
    pub(super) fn of(cx: &mut Context, offset: Gc<TimeDelta>, name: Option<Value>) -> Result {
        if name.is_none() && offset.is_zero() {
            return utc(cx);
        }
        check_offset(cx, offset)?;
        Ok(cx.new_object(TimeZone { base: TzInfo, offset, name }).value())
    }

    fn shown_name(&self, cx: &Context) -> Value {
        if let Some(name) = self.name {
            return name;
        }
        let micros = self.offset.micros();
        if micros == 0 {
            return cx.intern("UTC").value();
        }
        let sign = if micros < 0 { '-' } else { '+' };
        let (seconds, micros) = (micros.abs() / MICROS_PER_SECOND, micros.abs() % MICROS_PER_SECOND);
        let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        let mut text = format!("UTC{sign}{hours:02}:{minutes:02}");
        if micros != 0 {
            text.push_str(&format!(":{seconds:02}.{micros:06}"));
        } else if seconds != 0 {
            text.push_str(&format!(":{seconds:02}"));
        }
        cx.new_str(&text).value()
    }

    /// Refuses what is neither a datetime nor None.
    fn check_argument(cx: &Context, name: &str, dt: Value) -> Result<()> {
        if dt.is_none() || dt.downcast::<DateTime>().is_some() {
            return Ok(());
        }
        let found = cx.type_name(dt);
        let message = format!("{name}(dt) argument must be a datetime instance or None, not {found}");
        Err(cx.type_error(message))
    }
}

/// Fixed offset from UTC implementation of tzinfo.
#[class(name = "timezone", module = "datetime", base = TzInfo)]
impl TimeZone {
    #[slot(new)]
    fn new(cx: &mut Context, class: Gc<Class>, args: Args<'_>) -> Result {
        let _ = class;
        let params = Params::new(cx, Some("timezone()"), args, &["offset", "name"], 2)?;
        let offset = params.required(cx, 0)?;
        let Some(offset) = offset.downcast::<TimeDelta>() else {
            let found = cx.argument_type_name(offset);
            let message = format!("timezone() argument 1 must be datetime.timedelta, not {found}");
            return Err(cx.type_error(message));
        };
        let name = params.get(1);
        if let Some(name) = name
            && name.downcast::<Str>().is_none()
        {
            let found = cx.argument_type_name(name);
            return Err(cx.type_error(format!("timezone() argument 2 must be str, not {found}")));
        }
        params.finish(cx)?;
        TimeZone::of(cx, offset, name)
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result {
        if Some(this.value()) == Value::from_bits(UTC.load(Ordering::Acquire)) {
            return Ok(cx.intern("datetime.timezone.utc").value());
        }
        let offset = cx.repr(this.offset.value())?;
        let name = cx.type_name(this.value());
        match this.name {
            Some(shown) => {
                let shown = cx.repr(shown)?;
                cx.format_str(&[&format!("{name}("), ", ", ")"], &[offset, shown])
            }
            None => cx.format_str(&[&format!("{name}("), ")"], &[offset]),
        }
    }

    #[slot(str)]
    fn str(&self, cx: &mut Context) -> Value {
        self.shown_name(cx)
    }

    #[slot(hash)]
    fn hash(&self, cx: &mut Context) -> Result<i64> {
        cx.hash(self.offset.value())
    }

    #[slot(compare)]
    fn compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Value {
        let _ = cx;
        let (Some(a), Some(b)) = (a.downcast::<TimeZone>(), b.downcast::<TimeZone>()) else {
            return Value::NOT_IMPLEMENTED;
        };
        let same = a.offset.micros() == b.offset.micros();
        match op {
            CompareOp::Eq => Value::bool(same),
            CompareOp::Ne => Value::bool(!same),
            _ => Value::NOT_IMPLEMENTED,
        }
    }

    /// If name is specified when timezone is created, returns the name.  Otherwise returns offset as 'UTC(+|-)HH:MM'.
    #[function("(object, /)")]
    fn tzname(&self, cx: &mut Context, object: Value) -> Result {
        TimeZone::check_argument(cx, "tzname", object)?;
        Ok(self.shown_name(cx))
    }

    /// Return fixed offset.
    #[function("(object, /)")]
    fn utcoffset(&self, cx: &mut Context, object: Value) -> Result {
        TimeZone::check_argument(cx, "utcoffset", object)?;
        Ok(self.offset.value())
    }

    /// Return None.
    #[function("(object, /)")]
    fn dst(&self, cx: &mut Context, object: Value) -> Result<()> {
        TimeZone::check_argument(cx, "dst", object)
    }

    /// datetime in UTC -> datetime in local time.
    #[function("(object, /)")]
    fn fromutc(this: Gc<Self>, cx: &mut Context, object: Value) -> Result {
        let dt = expect_aware(cx, this.value(), object)?;
        dt.shifted(cx, cx.class_of(dt.value()), this.offset.micros())
    }

    /// pickle support
    #[function("()", name = "__getinitargs__")]
    fn getinitargs(&self, cx: &mut Context) -> Value {
        match self.name {
            Some(name) => cx.new_tuple(&[self.offset.value(), name]).value(),
            None => cx.new_tuple(&[self.offset.value()]).value(),
        }
    }
}
