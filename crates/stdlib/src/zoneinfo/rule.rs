//! Rules for the time after the last transition of a file: TZ strings. POSIX, RFC 8536 section 3.3.1. CPython:
//! `parse_tz_str` and what it calls in `Modules/_zoneinfo.c`.
//!
//! Invariant: a rule's numbers are in the ranges that the standard allows, so its times fit into 64 bits.

use crate::datetime::{days_in_month, is_leap, to_ordinal, weekday};

/// Ordinal of 1 January 1970.
pub(super) const EPOCH_ORDINAL: i64 = 719_163;

/// The day of a year on which something happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Day {
    /// `Jn`: 29 February is not counted. `n`: it is.
    Numbered { day: i64, julian: bool },
    /// `Mm.w.d`: the w-th (5: last) weekday d (0: Sunday) of month m.
    Weekday { month: i32, week: i32, day: i32 },
}

/// A day and the seconds from its beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    day: Day,
    seconds: i64,
}

impl Moment {
    /// Seconds from 1970, in the local time that the rule speaks of.
    fn in_year(self, year: i32) -> i64 {
        let day = match self.day {
            Day::Numbered { day, julian } => {
                let skipped = julian && day >= 60 && is_leap(year);
                to_ordinal(year, 1, 1) - 1 + day + i64::from(skipped)
            }
            Day::Weekday { month, week, day } => {
                // Monday is 0 for `weekday`, Sunday for the rule.
                let first = (weekday(year, month, 1) + 1) % 7;
                let mut date = (day - first).rem_euclid(7) + 1 + (week - 1) * 7;
                if date > days_in_month(year, month) {
                    date -= 7;
                }
                to_ordinal(year, month, date)
            }
        };
        (day - EPOCH_ORDINAL) * 86_400 + self.seconds
    }
}

/// One kind of time: its name and its offset from UTC in seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    pub(super) name: String,
    pub(super) offset: i64,
}

/// Standard and daylight saving time, and when the second one is in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) standard: Kind,
    pub(super) saving: Option<(Kind, Moment, Moment)>,
}

/// The boundaries of daylight saving time in a year.
#[derive(Clone, Copy)]
pub(super) struct Saving {
    pub(super) start: Moment,
    pub(super) end: Moment,
    pub(super) standard: i64,
    pub(super) offset: i64,
}

impl Saving {
    fn lies_within(start: i64, end: i64, time: i64) -> bool {
        if start < end { start <= time && time < end } else { !(end <= time && time < start) }
    }

    /// Is it in force at a local time?
    pub(super) fn holds_local(self, time: i64, year: i32, fold: u8) -> bool {
        let (mut start, mut end) = (self.start.in_year(year), self.end.in_year(year));
        let difference = self.offset - self.standard;
        // With fold 0 the time with the smaller offset begins at the end of the gap and ends at the end of the fold; with
        // fold 1 it reaches from the start of the gap to the start of the fold.
        if (fold == 1) == (difference >= 0) {
            end -= difference;
        } else {
            start += difference;
        }
        Saving::lies_within(start, end, time)
    }

    /// Is it in force at a time in UTC, and is the local time the second one of its name?
    pub(super) fn holds_utc(self, time: i64, year: i32) -> (bool, bool) {
        let start = self.start.in_year(year) - self.standard;
        let end = self.end.in_year(year) - self.offset;
        let difference = self.offset - self.standard;
        let (from, to) = if difference > 0 { (end, end + difference) } else { (start, start - difference) };
        (Saving::lies_within(start, end, time), from <= time && time < to)
    }
}

/// What is wrong with a TZ string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    Standard,
    StandardOffset,
    Saving,
    SavingOffset,
    Missing,
    Malformed,
    Extraneous,
}

impl Wrong {
    /// The message; the string is to be shown behind it.
    pub(super) fn message(self) -> &'static str {
        match self {
            Wrong::Standard => "Invalid STD format in ",
            Wrong::StandardOffset => "Invalid STD offset in ",
            Wrong::Saving => "Invalid DST format in ",
            Wrong::SavingOffset => "Invalid DST offset in ",
            Wrong::Missing => "Missing transition rules in TZ string: ",
            Wrong::Malformed => "Malformed transition rule in TZ string: ",
            Wrong::Extraneous => "Extraneous characters at end of TZ string: ",
        }
    }
}

/// What is left to read.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn eat(&mut self, byte: u8) -> bool {
        let found = self.0.first() == Some(&byte);
        self.0 = &self.0[usize::from(found)..];
        found
    }

    fn number(&mut self, least: usize, most: usize) -> Option<i64> {
        let count = self.0.iter().take(most).take_while(|byte| byte.is_ascii_digit()).count();
        if count < least {
            return None;
        }
        let (digits, rest) = self.0.split_at(count);
        self.0 = rest;
        Some(digits.iter().fold(0, |number, digit| number * 10 + i64::from(digit - b'0')))
    }

    /// A name, in angle brackets if it is not of letters alone.
    fn name(&mut self) -> Option<String> {
        let quoted = self.eat(b'<');
        let part = |byte: &&u8| match quoted {
            true => byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-'),
            false => byte.is_ascii_alphabetic(),
        };
        let (name, rest) = self.0.split_at(self.0.iter().take_while(part).count());
        self.0 = rest;
        if name.is_empty() || quoted && !self.eat(b'>') {
            return None;
        }
        Some(String::from_utf8_lossy(name).into_owned())
    }

    /// `[+|-]h[hh][:mm[:ss]]` in seconds, with the hours.
    fn time(&mut self) -> Option<(i64, i64)> {
        let negative = !self.eat(b'+') && self.eat(b'-');
        let hours = self.number(1, 3)?;
        let mut seconds = hours * 3600;
        for unit in [60, 1] {
            if !self.eat(b':') {
                break;
            }
            seconds += self.number(2, 2)? * unit;
        }
        Some((if negative { -seconds } else { seconds }, hours))
    }

    /// An offset, which is positive to the west.
    fn offset(&mut self) -> Option<i64> {
        self.time().filter(|(_, hours)| *hours <= 24).map(|(seconds, _)| -seconds)
    }

    fn moment(&mut self) -> Option<Moment> {
        let day = if self.eat(b'M') {
            let month = self.number(1, 2)?;
            let week = self.eat(b'.').then(|| self.number(1, 1))??;
            let day = self.eat(b'.').then(|| self.number(1, 1))??;
            if !(1..=12).contains(&month) || !(1..=5).contains(&week) || !(0..=6).contains(&day) {
                return None;
            }
            Day::Weekday { month: month as i32, week: week as i32, day: day as i32 }
        } else {
            let julian = self.eat(b'J');
            let day = self.number(1, 3)?;
            if !(i64::from(julian)..=365).contains(&day) {
                return None;
            }
            Day::Numbered { day, julian }
        };
        let seconds = match self.eat(b'/') {
            true => self.time().filter(|(_, hours)| *hours <= 167)?.0,
            false => 2 * 3600,
        };
        Some(Moment { day, seconds })
    }
}

/// Reads a TZ string.
pub(super) fn parse(text: &[u8]) -> Result<Rule, Wrong> {
    let mut reader = Reader(text);
    let name = reader.name().ok_or(Wrong::Standard)?;
    let standard = Kind { name, offset: reader.offset().ok_or(Wrong::StandardOffset)? };
    if reader.0.is_empty() {
        return Ok(Rule { standard, saving: None });
    }
    let name = reader.name().ok_or(Wrong::Saving)?;
    let offset = match reader.0.first() {
        Some(b',') => standard.offset + 3600,
        _ => reader.offset().ok_or(Wrong::SavingOffset)?,
    };
    let mut moment = || {
        if !reader.eat(b',') {
            return Err(Wrong::Missing);
        }
        reader.moment().ok_or(Wrong::Malformed)
    };
    let (start, end) = (moment()?, moment()?);
    if !reader.0.is_empty() {
        return Err(Wrong::Extraneous);
    }
    Ok(Rule { standard, saving: Some((Kind { name, offset }, start, end)) })
}

#[cfg(test)]
mod tests {
    use super::{Wrong, parse};

    #[test]
    fn strings() {
        let rule = parse(b"EST5EDT,M3.2.0,M11.1.0").unwrap();
        assert_eq!((rule.standard.name.as_str(), rule.standard.offset), ("EST", -5 * 3600));
        let (saving, start, _) = rule.saving.unwrap();
        assert_eq!((saving.name.as_str(), saving.offset), ("EDT", -4 * 3600));
        // 8 March 2020, 2:00.
        assert_eq!(start.in_year(2020), 1_583_632_800);
        assert_eq!(parse(b"<+0330>-3:30").unwrap().standard.offset, 12_600);
    }

    #[test]
    fn what_is_wrong() {
        let rows: [(&[u8], Wrong); 7] = [
            (b"", Wrong::Standard),
            (b"PST", Wrong::StandardOffset),
            (b"PST25", Wrong::StandardOffset),
            (b"PST8,J1,J2", Wrong::Saving),
            (b"AAA3BBB", Wrong::SavingOffset),
            (b"AAA3BBB,J60", Wrong::Missing),
            (b"AAA3BBB,J60,J0", Wrong::Malformed),
        ];
        for (text, wrong) in rows {
            assert_eq!(parse(text), Err(wrong), "{}", String::from_utf8_lossy(text));
        }
        assert_eq!(parse(b"AAA3BBB,J60,J61,"), Err(Wrong::Extraneous));
    }
}
