//! `_datetime`: dates, times and time zones. CPython: `Modules/_datetimemodule.c`.
//!
//! Invariant: objects are immutable. Local time comes from the `time` module, so this needs no operating system.

mod arguments;
mod calendar;
mod date;
#[expect(clippy::module_inception, reason = "it holds the class `datetime`")]
mod datetime;
mod format;
mod local;
mod time;
mod timedelta;
mod tzinfo;

use taipan_runtime::prelude::*;
use taipan_runtime::types::type_::change_class_dict;

use calendar::{MAX_YEAR, MIN_YEAR};
use date::{Date, IsoCalendarDate};
use time::Time;
use tzinfo::TimeZone;

pub(crate) use calendar::{days_in_month, is_leap, to_ordinal, weekday};
pub(crate) use datetime::DateTime;
pub(crate) use timedelta::TimeDelta;
pub(crate) use tzinfo::TzInfo;

pub struct DateTimeModule;

/// Fast implementation of the datetime module.
#[module("_datetime", classes(Date, DateTime, Time, TimeDelta, TimeZone, TzInfo))]
impl DateTimeModule {
    #[constant(name = "MINYEAR")]
    const MIN_YEAR: i32 = MIN_YEAR;
    #[constant(name = "MAXYEAR")]
    const MAX_YEAR: i32 = MAX_YEAR;

    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        IsoCalendarDate::class_cell().ensure(cx);
        let utc = tzinfo::utc(cx)?;
        module.dict().set_str(cx, cx.intern("UTC"), utc);

        let delta = TimeDelta::class_cell().ensure(cx);
        let date = Date::class_cell().ensure(cx);
        let time = Time::class_cell().ensure(cx);
        let datetime = DateTime::class_cell().ensure(cx);
        let timezone = TimeZone::class_cell().ensure(cx);
        let make = |cx: &mut Context, class: Gc<Class>, fields: &[i64]| {
            let fields: GVec<Value> = fields.iter().map(|field| Value::int(*field)).collect();
            cx.call(class.value(), &fields)
        };
        let resolution = make(cx, delta, &[0, 0, 1])?;
        let day = make(cx, delta, &[1])?;
        let bounds = [
            (delta, make(cx, delta, &[-999_999_999])?, make(cx, delta, &[999_999_999, 86_399, 999_999])?),
            (date, make(cx, date, &[1, 1, 1])?, make(cx, date, &[9999, 12, 31])?),
            (time, make(cx, time, &[0, 0])?, make(cx, time, &[23, 59, 59, 999_999])?),
            (
                datetime,
                make(cx, datetime, &[1, 1, 1])?,
                make(cx, datetime, &[9999, 12, 31, 23, 59, 59, 999_999])?,
            ),
        ];
        for (class, min, max) in bounds {
            let resolution = if class == date { day } else { resolution };
            for (name, value) in [("min", min), ("max", max), ("resolution", resolution)] {
                change_class_dict(cx, class, cx.intern(name), Some(value))?;
            }
        }
        let widest = 23 * 3600 + 59 * 60;
        let mut zones = [("utc", utc), ("min", utc), ("max", utc)];
        for (index, seconds) in [(1, -widest), (2, widest)] {
            let offset = TimeDelta::from_micros(cx, seconds * 1_000_000)?;
            zones[index].1 = TimeZone::of(cx, offset, None)?;
        }
        for (name, value) in zones {
            change_class_dict(cx, timezone, cx.intern(name), Some(value))?;
        }
        Ok(())
    }
}
