//! Local time: the way from UTC to local fields and back. CPython: `utc_to_seconds`, `local`, `local_to_seconds` and
//! `local_timezone_from_timestamp` in `Modules/_datetimemodule.c`.
//!
//! Invariant: seconds count from January 1 of year 1 (ordinal 0), timestamps from 1970.

use taipan_runtime::prelude::*;

use super::arguments::Clock;
use super::calendar::{MAX_YEAR, MIN_YEAR, to_ordinal};
use super::date::broken_down;
use super::timedelta::{MICROS_PER_SECOND, TimeDelta};
use super::tzinfo::TimeZone;

/// January 1, 1970 in seconds.
pub(super) const EPOCH: i64 = 719_163 * 86_400;
/// The longest fold that is looked for.
const MAX_FOLD: i64 = 86_400;

/// Fields as seconds, as if they were UTC.
fn seconds_of(cx: &Context, fields: [i32; 6]) -> Result<i64> {
    let [year, month, day, hour, minute, second] = fields;
    if !(MIN_YEAR..=MAX_YEAR).contains(&year) {
        return Err(cx.value_error(format!("year {year} is out of range")));
    }
    let clock = i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
    Ok(to_ordinal(year, month, day) * 86_400 + clock)
}

/// The local fields, as seconds, at these seconds of UTC.
fn local(cx: &mut Context, seconds: i64) -> Result<i64> {
    let fields = broken_down(cx, "localtime", seconds - EPOCH)?;
    seconds_of(cx, fields)
}

/// The timestamp of local fields, of which `fold` picks one where there are two.
pub(super) fn timestamp(cx: &mut Context, date: (i32, i32, i32), clock: Clock, fold: u8) -> Result<i64> {
    let (year, month, day) = date;
    let fields = [year, month, day, clock.hour.into(), clock.minute.into(), clock.second.into()];
    let seconds = seconds_of(cx, fields)?;
    let first_shift = local(cx, seconds)? - seconds;
    let first = seconds - first_shift;
    let first_back = local(cx, first)?;
    let second_shift = if first_back == seconds {
        // One way to write it; on the other side of a transition there may be another.
        let probe = if fold != 0 { first + MAX_FOLD } else { first - MAX_FOLD };
        let shift = local(cx, probe)? - probe;
        if shift == first_shift {
            return Ok(first - EPOCH);
        }
        shift
    } else {
        first_back - first
    };
    let second = seconds - second_shift;
    let chosen = if local(cx, second)? == seconds {
        second
    } else if first_back == seconds {
        first
    } else if fold != 0 {
        // A gap.
        first.min(second)
    } else {
        first.max(second)
    };
    Ok(chosen - EPOCH)
}

/// Whether local fields that come from a timestamp are the second ones of their kind.
pub(super) fn fold(cx: &mut Context, fields: [i32; 6], timestamp: i64) -> Result<u8> {
    let seconds = seconds_of(cx, fields)?;
    let probe = local(cx, EPOCH + timestamp - MAX_FOLD)?;
    let transition = seconds - probe - MAX_FOLD;
    if transition >= 0 {
        return Ok(0);
    }
    let probe = local(cx, EPOCH + timestamp + transition)?;
    Ok((probe == seconds).into())
}

/// The local time zone at a timestamp.
pub(super) fn zone(cx: &mut Context, timestamp: i64) -> Result {
    let time = cx.import("time")?;
    let timestamp = cx.new_int(timestamp);
    let tuple = cx.call_method(time, "localtime", &[timestamp])?;
    let name = cx.get_attr_str(tuple, "tm_zone")?;
    let offset = cx.get_attr_str(tuple, "tm_gmtoff")?;
    let offset = cx.index_i128(offset)?;
    let offset = TimeDelta::from_micros(cx, offset * MICROS_PER_SECOND)?;
    TimeZone::of(cx, offset, Some(name))
}
