//! Text of dates and times: ISO 8601 both ways, `ctime` and `strftime`. CPython: `parse_isoformat_*`, `isoformat_*`,
//! `format_utcoffset` and `wrap_strftime` in `Modules/_datetimemodule.c`.
//!
//! Invariant: parsing yields fields that may still be out of range; constructors check them.

use taipan_runtime::exception;
use taipan_runtime::prelude::*;
use taipan_runtime::types::str::StrBuilder;

use super::arguments::{Clock, str_argument};
use super::calendar::{from_iso_calendar, from_ordinal, weekday};
use super::tzinfo::{utc_offset, zone_name};

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Like "Sat Feb 29 00:00:00 2020".
pub(super) fn ctime(year: i32, month: i32, day: i32, clock: Clock) -> String {
    let day_name = DAYS[weekday(year, month, day) as usize];
    let month_name = MONTHS[month as usize - 1];
    let Clock { hour, minute, second, .. } = clock;
    format!("{day_name} {month_name} {day:2} {hour:02}:{minute:02}:{second:02} {year:04}")
}

/// `isoformat` of a time with the precision that `timespec` names.
pub(super) fn clock_text(cx: &Context, clock: Clock, timespec: &str) -> Result<String> {
    let Clock { hour, minute, second, microsecond } = clock;
    let timespec = match timespec {
        "auto" if microsecond == 0 => "seconds",
        "auto" => "microseconds",
        other => other,
    };
    Ok(match timespec {
        "hours" => format!("{hour:02}"),
        "minutes" => format!("{hour:02}:{minute:02}"),
        "seconds" => format!("{hour:02}:{minute:02}:{second:02}"),
        "milliseconds" => format!("{hour:02}:{minute:02}:{second:02}.{:03}", microsecond / 1000),
        "microseconds" => format!("{hour:02}:{minute:02}:{second:02}.{microsecond:06}"),
        _ => return Err(cx.value_error("Unknown timespec value")),
    })
}

/// The `timespec` argument of `isoformat`.
pub(super) fn timespec_argument(cx: &Context, value: Option<Value>, position: usize) -> Result<String> {
    match value {
        Some(value) => Ok(str_argument(cx, value, "isoformat", position)?.to_str().into_owned()),
        None => Ok("auto".to_owned()),
    }
}

/// The UTC offset like "+02:00", with the given separator; empty where there is none.
pub(super) fn offset_text(
    cx: &mut Context,
    separator: &str,
    tzinfo: Option<Value>,
    argument: Value,
) -> Result<String> {
    let Some(offset) = utc_offset(cx, tzinfo, argument)? else { return Ok(String::new()) };
    let micros = offset.micros();
    let sign = if micros < 0 { '-' } else { '+' };
    let micros = micros.abs();
    let (seconds, micros) = (micros / 1_000_000, micros % 1_000_000);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let mut text = format!("{sign}{hours:02}{separator}{minutes:02}");
    if seconds != 0 || micros != 0 {
        text.push_str(&format!("{separator}{seconds:02}"));
    }
    if micros != 0 {
        text.push_str(&format!(".{micros:06}"));
    }
    Ok(text)
}

/// What `strftime` formats.
pub(super) struct Formatted {
    /// The object, the argument of tzinfo's methods.
    pub(super) object: Value,
    pub(super) tzinfo: Option<Value>,
    pub(super) microsecond: u32,
    /// A time tuple.
    pub(super) tuple: Value,
}

/// `time.strftime` with `%f`, `%z`, `%:z` and `%Z` of this object, and years of four digits.
pub(super) fn strftime(cx: &mut Context, format: Gc<Str>, object: &Formatted) -> Result {
    let codes: Vec<u32> = format.chars().collect();
    let mut text = StrBuilder::new();
    let mut at = 0;
    while at < codes.len() {
        let code = codes[at];
        at += 1;
        if code != u32::from('%') || at == codes.len() {
            text.push_char(code);
            continue;
        }
        let letter = codes[at];
        at += 1;
        match char::from_u32(letter) {
            Some('z') => {
                let offset = offset_text(cx, "", object.tzinfo, object.object)?;
                text.push_str(&offset);
            }
            Some(':') if codes.get(at) == Some(&u32::from('z')) => {
                at += 1;
                let offset = offset_text(cx, ":", object.tzinfo, object.object)?;
                text.push_str(&offset);
            }
            Some('Z') => {
                let name = zone_name(cx, object.tzinfo, object.object)?;
                if let Some(name) = name.downcast::<Str>() {
                    text.push(escaped(cx, name)?);
                }
            }
            Some('f') => text.push_str(&format!("{:06}", object.microsecond)),
            Some(letter @ ('Y' | 'G' | 'C' | 'F')) => {
                let mut year = year_of(cx, object.tuple)?;
                if year >= 1000 {
                    text.push_str("%");
                    text.push_char(letter.into());
                    continue;
                }
                if letter == 'G' {
                    let spelled = time_strftime(cx, cx.new_str("%G"), object.tuple)?;
                    if let Some(iso) =
                        spelled.downcast::<Str>().and_then(|text| text.to_str().trim().parse().ok())
                    {
                        year = iso;
                    }
                }
                match letter {
                    'C' => text.push_str(&format!("{:02}", year / 100)),
                    'F' => text.push_str(&format!("{year:04}-%m-%d")),
                    _ => text.push_str(&format!("{year:04}")),
                }
            }
            _ => {
                text.push_str("%");
                text.push_char(letter);
            }
        }
    }
    let format = text.finish(cx);
    time_strftime(cx, format, object.tuple)
}

/// A time zone's name with percent signs doubled.
fn escaped(cx: &mut Context, name: Gc<Str>) -> Result<Gc<Str>> {
    if name.is_exact() && !name.chars().any(|code| code == u32::from('%')) {
        return Ok(name);
    }
    let (sign, signs) = (cx.new_str("%").value(), cx.new_str("%%").value());
    let result = cx.call_method(name.value(), "replace", &[sign, signs])?;
    result.downcast::<Str>().ok_or_else(|| cx.type_error("tzname.replace() did not return a string"))
}

fn year_of(cx: &mut Context, tuple: Value) -> Result<i64> {
    let year = cx.get_item(tuple, Value::int(0))?;
    Ok(i64::try_from(cx.index_i128(year)?).unwrap_or(i64::MAX))
}

fn time_strftime(cx: &mut Context, format: Gc<Str>, tuple: Value) -> Result {
    let time = cx.import("time")?;
    cx.call_method(time, "strftime", &[format.value(), tuple])
}

/// The error for text that is no date or time.
pub(super) fn invalid(cx: &mut Context, text: Gc<Str>) -> Raised {
    let message =
        cx.repr(text.value()).and_then(|shown| cx.format_str(&["Invalid isoformat string: "], &[shown]));
    match message {
        Ok(message) => cx.raise(cx.new_exception(exception::value_error, &[message])),
        Err(raised) => raised,
    }
}

/// Reads digits of ASCII text; beyond the end there are zero bytes.
struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> u8 {
        self.text.get(self.at).copied().unwrap_or(0)
    }

    fn next(&mut self) -> u8 {
        let byte = self.peek();
        self.at += 1;
        byte
    }

    fn digits(&mut self, count: usize) -> Option<i32> {
        let mut number = 0;
        for _ in 0..count {
            let digit = self.next();
            if !digit.is_ascii_digit() {
                return None;
            }
            number = number * 10 + i32::from(digit - b'0');
        }
        Some(number)
    }
}

/// Year, month and day of a date as `isoformat` and ISO 8601's other forms write it.
pub(super) fn parse_date(text: &[u8]) -> Option<(i32, i32, i32)> {
    let mut reader = Reader { text, at: 0 };
    let year = reader.digits(4)?;
    let separated = reader.peek() == b'-';
    if separated {
        reader.at += 1;
    }
    if reader.peek() == b'W' {
        reader.at += 1;
        let week = reader.digits(2)?;
        let mut day = 1;
        if reader.at < text.len() {
            if separated && reader.next() != b'-' {
                return None;
            }
            day = reader.digits(1)?;
        }
        return from_iso_calendar(year, week, day).ok().map(from_ordinal);
    }
    let month = reader.digits(2)?;
    if separated && reader.next() != b'-' {
        return None;
    }
    let day = reader.digits(2)?;
    (reader.at == text.len()).then_some((year, month, day))
}

/// A parsed time: hour, minute, second, microsecond, and the UTC offset in seconds and microseconds.
pub(super) struct ParsedTime {
    pub(super) fields: [i32; 4],
    pub(super) offset: Option<(i32, i32)>,
}

/// The fields of HH[:MM[:SS[.fff]]] before `end`, and whether something follows.
fn parse_fields(text: &[u8], start: usize, end: usize) -> Option<([i32; 4], bool)> {
    let mut reader = Reader { text, at: start };
    let mut fields = [0; 4];
    let mut separated = true;
    for index in 0..3 {
        fields[index] = reader.digits(2)?;
        let byte = reader.next();
        if index == 0 {
            separated = byte == b':';
        }
        if reader.at >= end && !(index == 2 && matches!(byte, b'.' | b',')) {
            return Some((fields, byte != 0));
        }
        match byte {
            b':' if separated => {
                if index == 2 {
                    return None;
                }
            }
            b'.' | b',' => {
                if index < 2 || reader.at >= end {
                    return None;
                }
                break;
            }
            _ if !separated => reader.at -= 1,
            _ => return None,
        }
    }
    let digits = end.saturating_sub(reader.at).min(6);
    fields[3] = reader.digits(digits)? * 10_i32.pow(6 - digits as u32);
    while reader.peek().is_ascii_digit() {
        reader.at += 1;
    }
    Some((fields, reader.peek() != 0))
}

/// A time as `isoformat` and ISO 8601's other forms write it.
pub(super) fn parse_time(text: &[u8]) -> Option<ParsedTime> {
    let zone = text.iter().position(|byte| matches!(byte, b'+' | b'-' | b'Z')).unwrap_or(text.len());
    let (fields, more) = parse_fields(text, 0, zone)?;
    if zone == text.len() {
        return (!more).then_some(ParsedTime { fields, offset: None });
    }
    if text[zone] == b'Z' {
        return (zone + 1 == text.len()).then_some(ParsedTime { fields, offset: Some((0, 0)) });
    }
    let sign = if text[zone] == b'-' { -1 } else { 1 };
    let ([hours, minutes, seconds, micros], more) = parse_fields(text, zone + 1, text.len())?;
    let seconds = sign * (hours * 3600 + minutes * 60 + seconds);
    (!more).then_some(ParsedTime { fields, offset: Some((seconds, sign * micros)) })
}

/// Where the date of a date and time ends. CPython: `_find_isoformat_datetime_separator`.
pub(super) fn date_end(text: &[u8]) -> Option<usize> {
    let byte = |at: usize| text.get(at).copied().unwrap_or(0);
    let len = text.len();
    if len == 7 {
        return Some(7);
    }
    if byte(4) == b'-' {
        if byte(5) != b'W' {
            return Some(10);
        }
        if len < 8 {
            return None;
        }
        if len > 8 && byte(8) == b'-' {
            if len == 9 {
                return None;
            }
            // YYYY-Www-##: a hyphen is a likelier separator than a digit.
            return Some(if len > 10 && byte(10).is_ascii_digit() { 8 } else { 10 });
        }
        return Some(8);
    }
    if byte(4) != b'W' {
        return Some(8);
    }
    let mut at = 7;
    while byte(at).is_ascii_digit() {
        at += 1;
    }
    Some(if at < 9 {
        at
    } else if at % 2 == 0 {
        7
    } else {
        8
    })
}
