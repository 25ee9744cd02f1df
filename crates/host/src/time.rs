//! `time`. CPython: `Modules/timemodule.c`.
//!
//! Invariant: clocks are read in nanoseconds and only turned into floats at the edge.

use std::ffi::CString;
use std::sync::atomic::AtomicU64;

use taipan_runtime::prelude::*;
use taipan_runtime::types::float::Float;
use taipan_runtime::types::simple_namespace::SimpleNamespace;
use taipan_runtime::types::str::StrBuilder;
use taipan_runtime::types::struct_sequence::StructSequence;

use crate::posix::call;
use crate::sys;

pub struct Time;

static STRUCT_TIME: StructSequence = StructSequence {
    name: "struct_time",
    module: "time",
    doc: "The time value as returned by gmtime(), localtime(), and strptime(), and\n accepted by asctime(), mktime() and strftime().  May be considered as a\n sequence of 9 integers.\n\n Note that several fields' values are not the same as those defined by\n the C language standard for struct tm.  For example, the value of the\n field tm_year is the actual year, not year - 1900.  See individual\n fields' descriptions for details.",
    fields: &[
        (Some("tm_year"), "year, for example, 1993"),
        (Some("tm_mon"), "month of year, range [1, 12]"),
        (Some("tm_mday"), "day of month, range [1, 31]"),
        (Some("tm_hour"), "hours, range [0, 23]"),
        (Some("tm_min"), "minutes, range [0, 59]"),
        (Some("tm_sec"), "seconds, range [0, 61])"),
        (Some("tm_wday"), "day of week, range [0, 6], Monday is 0"),
        (Some("tm_yday"), "day of year, range [1, 366]"),
        (Some("tm_isdst"), "1 if summer time is in effect, 0 if not, and -1 if unknown"),
        (Some("tm_zone"), "abbreviation of timezone name"),
        (Some("tm_gmtoff"), "offset from UTC in seconds"),
    ],
    visible: 9,
    instantiable: true,
    class: AtomicU64::new(0),
};

fn clock(cx: &mut Context, id: i32) -> Result<i128> {
    sys::clock(id).map_err(|error| cx.io_error(&error, None))
}

fn seconds(nanos: i128) -> f64 {
    // Exact for whole seconds; CPython divides the same way.
    let (whole, rest) = (nanos / 1_000_000_000, nanos % 1_000_000_000);
    if rest == 0 { whole as f64 } else { nanos as f64 / 1e9 }
}

/// A number of seconds as nanoseconds, rounded away from zero (as timeouts are) or down. CPython:
/// `_PyTime_FromSecondsObject`.
pub(crate) fn nanoseconds(cx: &mut Context, value: Value, round_up: bool) -> Result<i128> {
    let out_of_range = "timestamp out of range for C PyTime_t";
    if value.as_immediate_float().is_none() && value.downcast::<Float>().is_none() {
        if !cx.has_index(value) {
            let name = cx.type_name(value);
            return Err(
                cx.type_error(format!("'{name}' object cannot be interpreted as an integer or float"))
            );
        }
        let whole = cx.index(value)?;
        let nanos = cx.int_to_i64(whole).and_then(|seconds| seconds.checked_mul(1_000_000_000));
        return nanos.map(i128::from).ok_or_else(|| cx.overflow_error(out_of_range));
    }
    let seconds = cx.float_value(value)?;
    if seconds.is_nan() {
        return Err(cx.value_error("Invalid value NaN (not a number)"));
    }
    let nanos = seconds * 1e9;
    let nanos = match round_up {
        true if nanos < 0.0 => nanos.floor(),
        true => nanos.ceil(),
        false => nanos.floor(),
    };
    if !(-9.223372036854775e18..=9.223372036854775e18).contains(&nanos) {
        return Err(cx.overflow_error(out_of_range));
    }
    Ok(nanos as i128)
}

/// The argument of `gmtime` and its like: None is now.
fn whole_seconds(cx: &mut Context, value: Value) -> Result<i64> {
    let Some(value) = value.not_none() else {
        return Ok((clock(cx, libc::CLOCK_REALTIME)? / 1_000_000_000) as i64);
    };
    if cx.is_int(value) {
        return match cx.int_to_i64(value) {
            Some(seconds) => Ok(seconds),
            None => Err(cx.overflow_error("timestamp out of range for platform time_t")),
        };
    }
    if value.as_immediate_float().is_none() && value.downcast::<Float>().is_none() {
        let whole = cx.index(value)?;
        return whole_seconds(cx, whole);
    }
    let float = cx.float_value(value)?;
    if float.is_nan() {
        return Err(cx.value_error("Invalid value NaN (not a number)"));
    }
    let floor = float.floor();
    if !(-9.2e18..9.2e18).contains(&floor) {
        return Err(cx.overflow_error("timestamp out of range for platform time_t"));
    }
    Ok(floor as i64)
}

fn to_struct(cx: &mut Context, seconds: i64, utc: bool) -> Result {
    let broken = match sys::broken_down(seconds, utc) {
        Ok(broken) => broken,
        Err(error) => return Err(cx.io_error(&error, None)),
    };
    let tm = &broken.tm;
    let weekday = (tm.tm_wday + 6) % 7;
    let ints = [
        i64::from(tm.tm_year) + 1900,
        i64::from(tm.tm_mon) + 1,
        i64::from(tm.tm_mday),
        i64::from(tm.tm_hour),
        i64::from(tm.tm_min),
        i64::from(tm.tm_sec),
        i64::from(weekday),
        i64::from(tm.tm_yday) + 1,
        i64::from(tm.tm_isdst),
    ];
    let mut values: GVec<Value> = ints.iter().map(|int| cx.new_int(*int)).collect();
    values.push(cx.new_str(&broken.zone).value());
    values.push(cx.new_int(tm.tm_gmtoff));
    STRUCT_TIME.instance(cx, &values).map(Gc::value)
}

/// The C struct of a time tuple; what `strftime` and `asctime` check is checked.
fn from_tuple(cx: &mut Context, value: Value, function: &str, check: bool) -> Result<libc::tm> {
    let Some(tuple) = value.downcast::<Tuple>() else {
        return Err(cx.type_error("Tuple or struct_time argument required"));
    };
    if tuple.items().len() != 9 {
        return Err(cx.type_error(format!("{function}(): illegal time tuple argument")));
    }
    let mut fields = [0i32; 9];
    for (field, item) in fields.iter_mut().zip(tuple.items()) {
        let wide = cx.index_i128(*item)?;
        *field =
            i32::try_from(wide).map_err(|_| cx.overflow_error("signed integer is greater than maximum"))?;
    }
    let [year, month, day, hour, minute, second, weekday, yearday, dst] = fields;
    if i64::from(year) - 1900 < i64::from(i32::MIN) {
        return Err(cx.overflow_error("year out of range"));
    }
    let mut tm = sys::broken_down(0, true).map_err(|error| cx.io_error(&error, None))?.tm;
    (tm.tm_year, tm.tm_mon, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec) =
        (year - 1900, month - 1, day, hour, minute, second);
    (tm.tm_wday, tm.tm_yday, tm.tm_isdst) = ((weekday + 1).rem_euclid(7), yearday - 1, dst);
    if check {
        let bad = if month == 0 {
            tm.tm_mon = 0;
            None
        } else if !(1..=12).contains(&month) {
            Some("month out of range")
        } else {
            None
        };
        if day == 0 {
            tm.tm_mday = 1;
        }
        let bad = bad
            .or((!(0..=31).contains(&day)).then_some("day of month out of range"))
            .or((!(0..=23).contains(&hour)).then_some("hour out of range"))
            .or((!(0..=59).contains(&minute)).then_some("minute out of range"))
            .or((!(0..=61).contains(&second)).then_some("seconds out of range"))
            .or((weekday < -1).then_some("day of week out of range"));
        if yearday == 0 {
            tm.tm_yday = 0;
        }
        let bad = bad.or((!(0..=366).contains(&yearday)).then_some("day of year out of range"));
        if let Some(message) = bad {
            return Err(cx.value_error(message));
        }
    }
    Ok(tm)
}

const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

fn ascii_time(tm: &libc::tm) -> String {
    format!(
        "{} {}{:3} {:02}:{:02}:{:02} {}",
        DAYS[tm.tm_wday.rem_euclid(7) as usize],
        MONTHS[tm.tm_mon.rem_euclid(12) as usize],
        tm.tm_mday,
        tm.tm_hour,
        tm.tm_min,
        tm.tm_sec,
        i64::from(tm.tm_year) + 1900
    )
}

fn set_zone(cx: &mut Context, dict: Gc<Dict>) -> Result<()> {
    sys::read_time_zone();
    let now = clock(cx, libc::CLOCK_REALTIME)? / 1_000_000_000;
    // Zones in January and July of this year, as CPython looks.
    let year_start = now as i64 / 31_556_952 * 31_556_952;
    let broken = |seconds: i64| sys::broken_down(seconds, false);
    let (Ok(january), Ok(july)) = (broken(year_start), broken(year_start + 31_556_952 / 2)) else {
        return Ok(());
    };
    let (winter, summer) =
        if january.tm.tm_gmtoff <= july.tm.tm_gmtoff { (january, july) } else { (july, january) };
    let ints = [
        ("timezone", -winter.tm.tm_gmtoff),
        ("altzone", -summer.tm.tm_gmtoff),
        ("daylight", i64::from(winter.tm.tm_gmtoff != summer.tm.tm_gmtoff)),
    ];
    for (name, value) in ints {
        let value = cx.new_int(value);
        dict.set_str(cx, cx.intern(name), value);
    }
    let names = [cx.new_str(&winter.zone).value(), cx.new_str(&summer.zone).value()];
    let names = cx.new_tuple(&names).value();
    dict.set_str(cx, cx.intern("tzname"), names);
    Ok(())
}

/// This module provides various functions to manipulate time values.
#[module("time")]
impl Time {
    #[constant]
    const CLOCK_REALTIME: i32 = libc::CLOCK_REALTIME;
    #[constant]
    const CLOCK_MONOTONIC: i32 = libc::CLOCK_MONOTONIC;
    #[constant]
    const CLOCK_MONOTONIC_RAW: i32 = libc::CLOCK_MONOTONIC_RAW;
    #[constant]
    const CLOCK_PROCESS_CPUTIME_ID: i32 = libc::CLOCK_PROCESS_CPUTIME_ID;
    #[constant]
    const CLOCK_THREAD_CPUTIME_ID: i32 = libc::CLOCK_THREAD_CPUTIME_ID;
    #[constant]
    const CLOCK_BOOTTIME: i32 = libc::CLOCK_BOOTTIME;
    #[constant]
    const CLOCK_TAI: i32 = libc::CLOCK_TAI;
    #[constant]
    const _STRUCT_TM_ITEMS: i32 = 11;

    /// Return the current time in seconds since the Epoch.
    #[function("()")]
    fn time(cx: &mut Context) -> Result<f64> {
        clock(cx, libc::CLOCK_REALTIME).map(seconds)
    }

    /// Return the current time in nanoseconds since the Epoch.
    #[function("()")]
    fn time_ns(cx: &mut Context) -> Result<i128> {
        clock(cx, libc::CLOCK_REALTIME)
    }

    /// Monotonic clock, cannot go backward.
    #[function("()")]
    fn monotonic(cx: &mut Context) -> Result<f64> {
        clock(cx, libc::CLOCK_MONOTONIC).map(seconds)
    }

    /// Monotonic clock, cannot go backward, as nanoseconds.
    #[function("()")]
    fn monotonic_ns(cx: &mut Context) -> Result<i128> {
        clock(cx, libc::CLOCK_MONOTONIC)
    }

    /// Performance counter for benchmarking.
    #[function("()")]
    fn perf_counter(cx: &mut Context) -> Result<f64> {
        clock(cx, libc::CLOCK_MONOTONIC).map(seconds)
    }

    /// Performance counter for benchmarking as nanoseconds.
    #[function("()")]
    fn perf_counter_ns(cx: &mut Context) -> Result<i128> {
        clock(cx, libc::CLOCK_MONOTONIC)
    }

    /// Process time for profiling: sum of the kernel and user-space CPU time.
    #[function("()")]
    fn process_time(cx: &mut Context) -> Result<f64> {
        clock(cx, libc::CLOCK_PROCESS_CPUTIME_ID).map(seconds)
    }

    /// Process time for profiling as nanoseconds.
    #[function("()")]
    fn process_time_ns(cx: &mut Context) -> Result<i128> {
        clock(cx, libc::CLOCK_PROCESS_CPUTIME_ID)
    }

    /// Thread time for profiling: sum of the kernel and user-space CPU time.
    #[function("()")]
    fn thread_time(cx: &mut Context) -> Result<f64> {
        clock(cx, libc::CLOCK_THREAD_CPUTIME_ID).map(seconds)
    }

    /// Thread time for profiling as nanoseconds.
    #[function("()")]
    fn thread_time_ns(cx: &mut Context) -> Result<i128> {
        clock(cx, libc::CLOCK_THREAD_CPUTIME_ID)
    }

    /// Return the time of the specified clock clk_id as a float.
    #[function("(clk_id, /)")]
    fn clock_gettime(cx: &mut Context, clk_id: i32) -> Result<f64> {
        clock(cx, clk_id).map(seconds)
    }

    /// Return the time of the specified clock clk_id as nanoseconds (int).
    #[function("(clk_id, /)")]
    fn clock_gettime_ns(cx: &mut Context, clk_id: i32) -> Result<i128> {
        clock(cx, clk_id)
    }

    /// Return the resolution (precision) of the specified clock clk_id.
    #[function("(clk_id, /)")]
    fn clock_getres(cx: &mut Context, clk_id: i32) -> Result<f64> {
        sys::clock_resolution(clk_id).map(seconds).map_err(|error| cx.io_error(&error, None))
    }

    /// Delay execution for a given number of seconds.  The argument may be
    /// a floating-point number for subsecond precision.
    #[function("(seconds, /)")]
    fn sleep(cx: &mut Context, seconds: Value) -> Result<()> {
        cx.audit("time.sleep", |_| [seconds])?;
        let nanos = nanoseconds(cx, seconds, true)?;
        if nanos < 0 {
            return Err(cx.value_error("sleep length must be non-negative"));
        }
        let deadline = clock(cx, libc::CLOCK_MONOTONIC)? + nanos;
        call(cx, None, || sys::sleep_until(deadline))?;
        cx.poll()
    }

    /// Convert seconds since the Epoch to a time tuple expressing UTC (a.k.a.
    /// GMT).  When 'seconds' is not passed in, convert the current time instead.
    #[function("(seconds=None, /)")]
    fn gmtime(cx: &mut Context, seconds: Value) -> Result {
        let seconds = whole_seconds(cx, seconds)?;
        to_struct(cx, seconds, true)
    }

    /// Convert seconds since the Epoch to a time tuple expressing local time.
    /// When 'seconds' is not passed in, convert the current time instead.
    #[function("(seconds=None, /)")]
    fn localtime(cx: &mut Context, seconds: Value) -> Result {
        let seconds = whole_seconds(cx, seconds)?;
        to_struct(cx, seconds, false)
    }

    /// Convert a time tuple in local time to seconds since the Epoch.
    #[function("(tuple, /)")]
    fn mktime(cx: &mut Context, tuple: Value) -> Result<f64> {
        let mut tm = from_tuple(cx, tuple, "mktime", false)?;
        match sys::mktime(&mut tm) {
            Some(seconds) => Ok(seconds as f64),
            None => Err(cx.overflow_error("mktime argument out of range")),
        }
    }

    /// Convert a time tuple to a string, e.g. 'Sat Jun 06 16:26:11 1998'.
    /// When the time tuple is not present, current time as returned by localtime()
    /// is used.
    #[function("(tuple=<absent>, /)")]
    fn asctime(cx: &mut Context, tuple: Option<Value>) -> Result<String> {
        let tm = match tuple {
            Some(tuple) => from_tuple(cx, tuple, "asctime", true)?,
            None => {
                let now = whole_seconds(cx, Value::NONE)?;
                sys::broken_down(now, false).map_err(|error| cx.io_error(&error, None))?.tm
            }
        };
        Ok(ascii_time(&tm))
    }

    /// Convert a time in seconds since the Epoch to a string in local time.
    #[function("(seconds=None, /)")]
    fn ctime(cx: &mut Context, seconds: Value) -> Result<String> {
        let seconds = whole_seconds(cx, seconds)?;
        let broken = sys::broken_down(seconds, false).map_err(|error| cx.io_error(&error, None))?;
        Ok(ascii_time(&broken.tm))
    }

    /// Convert a time tuple to a string according to a format specification.
    #[function("(format, tuple=<absent>, /)")]
    fn strftime(cx: &mut Context, format: Gc<Str>, tuple: Option<Value>) -> Result {
        let tm = match tuple {
            Some(tuple) => from_tuple(cx, tuple, "strftime", true)?,
            None => {
                let now = whole_seconds(cx, Value::NONE)?;
                sys::broken_down(now, false).map_err(|error| cx.io_error(&error, None))?.tm
            }
        };
        // Zeros and surrogates stand for themselves.
        let verbatim = |code: u32| code == 0 || (0xd800..0xe000).contains(&code);
        let codes: Vec<u32> = format.chars().collect();
        let mut out = StrBuilder::new();
        let mut start = 0;
        for end in 0..=codes.len() {
            let code = codes.get(end).copied();
            if code.is_some_and(|code| !verbatim(code)) {
                continue;
            }
            let bytes = crate::path::encode(cx, format.substring(cx, start..end))?;
            if let Ok(part) = CString::new(&*bytes) {
                out.push(crate::path::decode(cx, &sys::strftime(&part, &tm)));
            }
            if let Some(code) = code {
                out.push_char(code);
            }
            start = end + 1;
        }
        Ok(out.finish(cx).value())
    }

    /// Parse a string to a time tuple according to a format specification.
    #[function("(string, format='%a %b %d %H:%M:%S %Y', /)")]
    fn strptime(cx: &mut Context, string: Value, format: Value) -> Result {
        let module = cx.import("_strptime")?;
        let parse = cx.get_attr_str(module, "_strptime_time")?;
        cx.call(parse, &[string, format])
    }

    /// Initialize, or reinitialize, the local timezone to the value stored in
    /// os.environ['TZ'].
    #[function("()")]
    fn tzset(cx: &mut Context) -> Result<()> {
        let module = cx.import("time")?;
        match module.downcast::<Module>() {
            Some(module) => set_zone(cx, module.dict()),
            None => Ok(()),
        }
    }

    /// Get information of the specified clock.
    #[function("(name, /)")]
    fn get_clock_info(cx: &mut Context, name: Gc<Str>) -> Result {
        let (id, implementation, monotonic, adjustable) = match &*name.to_str() {
            "time" => (libc::CLOCK_REALTIME, "clock_gettime(CLOCK_REALTIME)", false, true),
            "monotonic" | "perf_counter" => {
                (libc::CLOCK_MONOTONIC, "clock_gettime(CLOCK_MONOTONIC)", true, false)
            }
            "process_time" => {
                (libc::CLOCK_PROCESS_CPUTIME_ID, "clock_gettime(CLOCK_PROCESS_CPUTIME_ID)", true, false)
            }
            "thread_time" => {
                (libc::CLOCK_THREAD_CPUTIME_ID, "clock_gettime(CLOCK_THREAD_CPUTIME_ID)", true, false)
            }
            _ => return Err(cx.value_error("unknown clock")),
        };
        let resolution = sys::clock_resolution(id).map_err(|error| cx.io_error(&error, None))?;
        let rows = [
            ("implementation", cx.new_str(implementation).value()),
            ("monotonic", Value::bool(monotonic)),
            ("adjustable", Value::bool(adjustable)),
            ("resolution", cx.new_float(seconds(resolution))),
        ];
        Ok(SimpleNamespace::new(cx, &rows).value())
    }

    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        let class = STRUCT_TIME.class(cx)?;
        let dict = module.dict();
        dict.set_str(cx, cx.intern("struct_time"), class.value());
        set_zone(cx, dict)
    }
}
