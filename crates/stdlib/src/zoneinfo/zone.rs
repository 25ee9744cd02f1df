//! What a time zone file says, ready to be asked. CPython: `load_data`, `utcoff_to_dstoff` and `ts_to_local` in
//! `Modules/_zoneinfo.c`.
//!
//! Invariant: `utc` and both lists of `local` are as long as `kinds_after`, whose numbers are those of kinds.

use super::rule::{Rule, Saving};

/// A kind of local time as a file has it.
#[derive(Clone, Debug)]
pub(super) struct Kind {
    pub(super) offset: i64,
    pub(super) is_saving: bool,
    /// How far it is from standard time, as far as can be found out.
    pub(super) saving: i64,
}

/// Which kind of time holds: one of the file's, or of the rule behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Kind(usize),
    Standard,
    Saving,
}

/// The times at which a zone changes.
#[derive(Debug, Default)]
pub(super) struct Transitions {
    pub(super) utc: Vec<i64>,
    /// The same in local time, for fold 0 and 1.
    local: [Vec<i64>; 2],
    pub(super) kinds_after: Vec<usize>,
}

impl Transitions {
    pub(super) fn new(utc: Vec<i64>, kinds_after: Vec<usize>, kinds: &[Kind]) -> Transitions {
        let mut local = [utc.clone(), utc.clone()];
        let first = kinds.first().map_or(0, |kind| kind.offset);
        for (index, after) in kinds_after.iter().enumerate() {
            let before = if index == 0 { first } else { kinds[kinds_after[index - 1]].offset };
            let after = if kinds.len() > 1 || index > 0 { kinds[*after].offset } else { first };
            for (times, offset) in local.iter_mut().zip([before.max(after), before.min(after)]) {
                times[index] = times[index].wrapping_add(offset);
            }
        }
        Transitions { utc, local, kinds_after }
    }
}

/// Fills in how far the kinds are from standard time. Files do not say, so each is compared with its neighbours.
pub(super) fn find_savings(kinds: &mut [Kind], kinds_after: &[usize]) {
    let wanted = kinds.iter().filter(|kind| kind.is_saving).count();
    let mut found = 0;
    for index in 1..kinds_after.len() {
        if found == wanted {
            break;
        }
        let this = kinds_after[index];
        if !kinds[this].is_saving || kinds[this].saving != 0 {
            continue;
        }
        let before = &kinds[kinds_after[index - 1]];
        let mut saving = if before.is_saving { 0 } else { kinds[this].offset - before.offset };
        if saving == 0 && this + 1 < kinds.len() && index + 1 < kinds_after.len() {
            let after = &kinds[kinds_after[index + 1]];
            // Perhaps another of its transitions tells.
            if after.is_saving {
                continue;
            }
            saving = kinds[this].offset - after.offset;
        }
        if saving != 0 {
            found += 1;
            kinds[this].saving = saving;
        }
    }
    if found < wanted {
        // An hour is a better guess than nothing.
        for kind in kinds.iter_mut().filter(|kind| kind.is_saving && kind.saving == 0) {
            kind.saving = 3600;
        }
    }
}

/// A zone without its names.
#[derive(Debug)]
pub(super) struct Zone {
    pub(super) kinds: Vec<Kind>,
    pub(super) transitions: Transitions,
    /// The kind before the first transition.
    pub(super) first: Option<usize>,
    /// What holds after the last one: a rule, or the kind that it leads to.
    pub(super) rule: Option<Rule>,
    pub(super) last: usize,
}

impl Zone {
    pub(super) fn saving(&self) -> Option<Saving> {
        let rule = self.rule.as_ref()?;
        let (saving, start, end) = rule.saving.as_ref()?;
        let (standard, offset) = (rule.standard.offset, saving.offset);
        Some(Saving { start: *start, end: *end, standard, offset })
    }

    /// What holds for good after the last transition, if that does not depend on the time.
    fn after(&self) -> Found {
        if self.rule.is_some() { Found::Standard } else { Found::Kind(self.last) }
    }

    fn before(&self) -> Found {
        self.first.map_or_else(|| self.after(), Found::Kind)
    }

    pub(super) fn offset(&self, found: Found) -> i64 {
        match found {
            Found::Kind(kind) => self.kinds[kind].offset,
            Found::Standard => self.rule.as_ref().map_or(0, |rule| rule.standard.offset),
            Found::Saving => self.saving().map_or(0, |saving| saving.offset),
        }
    }

    /// Whether the same holds at all times, and then what.
    pub(super) fn always(&self, same: impl FnOnce(Found, Found) -> bool) -> Option<Found> {
        let after = self.after();
        let fixed = match &self.kinds[..] {
            _ if self.saving().is_some() => false,
            [] => true,
            [_] => same(Found::Kind(0), after),
            _ => false,
        };
        fixed.then_some(after)
    }

    /// What holds at a local time.
    pub(super) fn at_local(&self, time: i64, year: i32, fold: u8) -> Found {
        let times = &self.transitions.local[usize::from(fold != 0)];
        match times.last() {
            Some(_) if time < times[0] => self.before(),
            Some(last) if time <= *last => {
                let index = times.partition_point(|known| *known <= time);
                Found::Kind(self.transitions.kinds_after[index - 1])
            }
            _ => match self.saving() {
                Some(saving) if saving.holds_local(time, year, fold) => Found::Saving,
                _ => self.after(),
            },
        }
    }

    /// What holds at a time in UTC, and whether the local time is the second one of its name.
    pub(super) fn at_utc(&self, time: i64, year: i32) -> (Found, bool) {
        let times = &self.transitions.utc;
        let count = times.len();
        let before = |index: usize| match index {
            0 => self.before(),
            _ => Found::Kind(self.transitions.kinds_after[index - 1]),
        };
        match times.last() {
            Some(_) if time < times[0] => (self.before(), false),
            Some(last) if time <= *last => {
                let index = times.partition_point(|known| *known <= time) - 1;
                let now = Found::Kind(self.transitions.kinds_after[index]);
                let shift = self.offset(before(index)) - self.offset(now);
                (now, shift > time - times[index])
            }
            last => {
                let (now, mut fold) = match self.saving() {
                    None => (self.after(), false),
                    Some(saving) => {
                        let (holds, fold) = saving.holds_utc(time, year);
                        (if holds { Found::Saving } else { Found::Standard }, fold)
                    }
                };
                // Right behind the last transition the fold is between what it ended and what holds now.
                if let Some(last) = last {
                    let shift = self.offset(before(count - 1)) - self.offset(now);
                    fold |= shift > 0 && time < last + shift;
                }
                (now, fold)
            }
        }
    }
}
