//! The proleptic Gregorian calendar. CPython: the top of `Modules/_datetimemodule.c`.
//!
//! Invariant: pure arithmetic; dates are valid (year 1 to 9999) where a function takes them.

pub(super) const MIN_YEAR: i32 = 1;
pub(super) const MAX_YEAR: i32 = 9999;
/// The ordinal of the last day of `MAX_YEAR`.
pub(super) const MAX_ORDINAL: i64 = 3_652_059;

const DAYS_IN_400_YEARS: i64 = 146_097;

pub(crate) fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

pub(crate) fn days_in_month(year: i32, month: i32) -> i32 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days of the year before the first of the month.
pub(super) fn days_before_month(year: i32, month: i32) -> i64 {
    (1..month).map(|month| i64::from(days_in_month(year, month))).sum()
}

fn days_before_year(year: i32) -> i64 {
    let years = i64::from(year) - 1;
    years * 365 + years.div_euclid(4) - years.div_euclid(100) + years.div_euclid(400)
}

/// The number of a day; January 1 of year 1 is 1.
pub(crate) fn to_ordinal(year: i32, month: i32, day: i32) -> i64 {
    days_before_year(year) + days_before_month(year, month) + i64::from(day)
}

/// Year, month and day of a number from 1 to `MAX_ORDINAL`.
pub(super) fn from_ordinal(ordinal: i64) -> (i32, i32, i32) {
    let days = ordinal - 1;
    let mut year = (days / DAYS_IN_400_YEARS * 400 + days % DAYS_IN_400_YEARS / 366) as i32 + 1;
    while days_before_year(year + 1) < ordinal {
        year += 1;
    }
    let mut left = (ordinal - days_before_year(year)) as i32;
    let mut month = 1;
    while left > days_in_month(year, month) {
        left -= days_in_month(year, month);
        month += 1;
    }
    (year, month, left)
}

/// 0 for Monday.
pub(crate) fn weekday(year: i32, month: i32, day: i32) -> i32 {
    ((to_ordinal(year, month, day) + 6) % 7) as i32
}

/// The ordinal of the Monday that starts ISO week 1 of a year.
fn iso_week_1(year: i32) -> i64 {
    let first = to_ordinal(year, 1, 1);
    let weekday = (first + 6) % 7;
    let monday = first - weekday;
    // Week 1 is the one with the year's first Thursday.
    if weekday > 3 { monday + 7 } else { monday }
}

/// ISO year, week and weekday.
pub(super) fn iso_calendar(year: i32, month: i32, day: i32) -> (i32, i32, i32) {
    let today = to_ordinal(year, month, day);
    let mut iso_year = year;
    let mut start = iso_week_1(iso_year);
    if today < start {
        iso_year -= 1;
        start = iso_week_1(iso_year);
    } else if today >= iso_week_1(iso_year + 1) {
        iso_year += 1;
        start = iso_week_1(iso_year);
    }
    let days = today - start;
    (iso_year, (days / 7) as i32 + 1, (days % 7) as i32 + 1)
}

/// Why an ISO calendar date is none.
pub(super) enum IsoError {
    Year,
    Week,
    Day,
}

/// The ordinal of an ISO calendar date.
pub(super) fn from_iso_calendar(year: i32, week: i32, day: i32) -> Result<i64, IsoError> {
    if !(MIN_YEAR..=MAX_YEAR).contains(&year) {
        return Err(IsoError::Year);
    }
    if !(1..=53).contains(&week) || (week == 53 && iso_week_1(year) + 52 * 7 >= iso_week_1(year + 1)) {
        return Err(IsoError::Week);
    }
    if !(1..=7).contains(&day) {
        return Err(IsoError::Day);
    }
    Ok(iso_week_1(year) + i64::from(week - 1) * 7 + i64::from(day - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_has_its_own_number() {
        let (mut year, mut month, mut day) = (1, 1, 1);
        for ordinal in 1..=MAX_ORDINAL {
            assert_eq!(from_ordinal(ordinal), (year, month, day));
            assert_eq!(to_ordinal(year, month, day), ordinal);
            day += 1;
            if day > days_in_month(year, month) {
                (month, day) = (month + 1, 1);
            }
            if month > 12 {
                (year, month) = (year + 1, 1);
            }
        }
    }

    #[test]
    fn iso_weeks_go_there_and_back() {
        for ordinal in (7..MAX_ORDINAL - 7).step_by(11) {
            let (year, month, day) = from_ordinal(ordinal);
            let (iso_year, week, weekday) = iso_calendar(year, month, day);
            assert_eq!(from_iso_calendar(iso_year, week, weekday).ok(), Some(ordinal));
        }
    }
}
