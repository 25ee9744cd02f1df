//! The algebra of sets. CPython: `set_update_internal`, `set_intersection`, `set_difference` and the like in
//! `Objects/setobject.c`; which operand is iterated, and when a table is resized, follows it, since the order of the
//! result depends on both.
//!
//! Invariant: no function here assumes that an operand stays as it is while Python runs.

use crate::context::Context;
use crate::error::Result;
use crate::lock::lock_two;
use crate::object::Gc;
use crate::protocol::compare::CompareOp;
use crate::types::dict::{Dict, key};
use crate::types::set::table::Probe;
use crate::types::set::{AnySet, Set, exact_dict};
use crate::value::Value;

/// How far a merge under the locks came.
enum Progress {
    Done,
    /// This member needs Python; go on at the position.
    Ask(Value, i64, usize),
}

impl AnySet {
    /// Adds what an iterable gives.
    pub fn update(self, cx: &mut Context, iterable: Value) -> Result<()> {
        if let Some(other) = AnySet::from_value(iterable) {
            return self.merge(cx, other);
        }
        if let Some(dict) = exact_dict(cx, iterable) {
            {
                let _guard = crate::lock::lock_header(self.header(), cx);
                self.table().reserve_merge(cx, dict.len());
            }
            if let Some(keys) = dict.hashed_keys(cx) {
                for (key, hash) in keys {
                    self.add_hashed(cx, key, hash)?;
                }
                return Ok(());
            }
            for key in dict.keys(cx) {
                let hash = key::hash(cx, key)?;
                self.add_hashed(cx, key, hash)?;
            }
            return Ok(());
        }
        let iterator = cx.iter(iterable)?;
        while let Some(member) = cx.next(iterator)? {
            cx.poll()?;
            self.add(cx, member)?;
        }
        Ok(())
    }

    /// Adds the members of another set.
    fn merge(self, cx: &mut Context, other: AnySet) -> Result<()> {
        if self == other {
            return Ok(());
        }
        let mut position = 0;
        loop {
            match self.merge_locked(cx, other, position) {
                Progress::Done => return Ok(()),
                Progress::Ask(member, hash, next) => {
                    self.add_hashed(cx, member, hash)?;
                    position = next;
                }
            }
        }
    }

    fn merge_locked(self, cx: &Context, other: AnySet, start: usize) -> Progress {
        let _guards = lock_two(self.header(), other.header(), cx);
        if other.is_empty() {
            return Progress::Done;
        }
        let Some(source) = other.table().pairs() else { return Progress::Done };
        if start == 0 {
            self.table().reserve_merge(cx, other.len());
            if self.table().fill() == 0 {
                self.table().fill_from(cx, other.table());
                return Progress::Done;
            }
        }
        let mut position = start;
        while let Some((member, hash)) = source.next(&mut position) {
            let pairs = self.table().ensure(cx);
            match pairs.find(hash, |candidate| key::same(candidate, member)) {
                Probe::Found(_) => {}
                Probe::Free(free) => self.table().insert_at(cx, pairs, free, member, hash),
                Probe::Ask(_) => return Progress::Ask(member, hash, position),
            }
        }
        Progress::Done
    }

    /// A copy, of type `set` or `frozenset`.
    pub fn copy(self, cx: &mut Context) -> Result<AnySet> {
        let copy = self.new_like(cx);
        copy.merge(cx, self)?;
        Ok(copy)
    }

    /// `self.union(*others)`.
    pub fn union(self, cx: &mut Context, others: &[Value]) -> Result<AnySet> {
        let result = self.copy(cx)?;
        for other in others {
            if *other != self.value() {
                result.update(cx, *other)?;
            }
        }
        Ok(result)
    }

    /// The members that `other` gives as well.
    pub fn intersection(self, cx: &mut Context, other: Value) -> Result<AnySet> {
        if other == self.value() {
            return self.copy(cx);
        }
        let result = self.new_like(cx);
        if let Some(other) = AnySet::from_value(other) {
            let (smaller, larger) = if other.len() > self.len() { (self, other) } else { (other, self) };
            for (member, hash) in smaller.hashed_snapshot(cx) {
                if larger.contains_hashed(cx, member, hash)? {
                    result.add_hashed(cx, member, hash)?;
                }
            }
            return Ok(result);
        }
        let iterator = cx.iter(other)?;
        while let Some(member) = cx.next(iterator)? {
            cx.poll()?;
            let hash = cx.hash(member)?;
            if self.contains_hashed(cx, member, hash)? {
                result.add_hashed(cx, member, hash)?;
                if result.len() >= self.len() {
                    break;
                }
            }
        }
        Ok(result)
    }

    /// `self.intersection(*others)`.
    pub fn intersection_of(self, cx: &mut Context, others: &[Value]) -> Result<AnySet> {
        if others.is_empty() {
            return self.copy(cx);
        }
        let mut result = self;
        for other in others {
            result = result.intersection(cx, *other)?;
        }
        Ok(result)
    }

    /// `self.intersection_update(*others)`.
    pub fn intersection_update(self, cx: &mut Context, others: &[Value]) -> Result<()> {
        let result = self.intersection_of(cx, others)?;
        let _guards = lock_two(self.header(), result.header(), cx);
        self.table().swap(result.table());
        Ok(())
    }

    /// Removes what an iterable gives.
    pub fn difference_update(self, cx: &mut Context, other: Value) -> Result<()> {
        if other == self.value() {
            self.clear(cx);
            return Ok(());
        }
        if let Some(mut other) = AnySet::from_value(other) {
            // Removing from a far larger set's intersection is quicker.
            if other.len() >> 3 > self.len() {
                other = self.intersection(cx, other.value())?;
            }
            for (member, hash) in other.hashed_snapshot(cx) {
                self.discard_hashed(cx, member, hash)?;
            }
        } else {
            let iterator = cx.iter(other)?;
            while let Some(member) = cx.next(iterator)? {
                cx.poll()?;
                let hash = super::hash(cx, member)?;
                self.discard_hashed(cx, member, hash)?;
            }
        }
        let _guard = crate::lock::lock_header(self.header(), cx);
        self.table().sweep(cx);
        Ok(())
    }

    /// The members that `other` does not give.
    pub fn difference(self, cx: &mut Context, other: Value) -> Result<AnySet> {
        let dict = exact_dict(cx, other);
        let size = AnySet::from_value(other).map(AnySet::len).or(dict.map(|dict| dict.len()));
        let Some(size) = size.filter(|size| self.len() >> 2 <= *size) else {
            let result = self.copy(cx)?;
            result.difference_update(cx, other)?;
            return Ok(result);
        };
        debug_assert!(size >= self.len() >> 2);
        let result = self.new_like(cx);
        for (member, hash) in self.hashed_snapshot(cx) {
            let common = match (dict, AnySet::from_value(other)) {
                (Some(dict), _) => dict.get_hashed(cx, member, hash)?.is_some(),
                (None, Some(other)) => other.contains_hashed(cx, member, hash)?,
                (None, None) => false,
            };
            if !common {
                result.add_hashed(cx, member, hash)?;
            }
        }
        Ok(result)
    }

    /// `self.difference(*others)`.
    pub fn difference_of(self, cx: &mut Context, others: &[Value]) -> Result<AnySet> {
        let Some((first, rest)) = others.split_first() else { return self.copy(cx) };
        let result = self.difference(cx, *first)?;
        for other in rest {
            result.difference_update(cx, *other)?;
        }
        Ok(result)
    }

    /// Removes what an iterable gives and adds what it gives and was not there.
    pub fn symmetric_difference_update(self, cx: &mut Context, other: Value) -> Result<()> {
        if other == self.value() {
            self.clear(cx);
            return Ok(());
        }
        if let Some(dict) = exact_dict(cx, other) {
            return self.toggle_keys(cx, dict);
        }
        let other = match AnySet::from_value(other) {
            Some(other) => other,
            None => {
                let set = self.new_like(cx);
                set.update(cx, other)?;
                set
            }
        };
        for (member, hash) in other.hashed_snapshot(cx) {
            self.toggle(cx, member, hash)?;
        }
        Ok(())
    }

    fn toggle_keys(self, cx: &mut Context, dict: Gc<Dict>) -> Result<()> {
        if let Some(keys) = dict.hashed_keys(cx) {
            for (key, hash) in keys {
                self.toggle(cx, key, hash)?;
            }
            return Ok(());
        }
        for key in dict.keys(cx) {
            let hash = key::hash(cx, key)?;
            self.toggle(cx, key, hash)?;
        }
        Ok(())
    }

    fn toggle(self, cx: &mut Context, member: Value, hash: i64) -> Result<()> {
        if self.discard_hashed(cx, member, hash)? { Ok(()) } else { self.add_hashed(cx, member, hash) }
    }

    /// The members of one of two sets that are not in the other.
    pub fn symmetric_difference(self, cx: &mut Context, other: Value) -> Result<AnySet> {
        let result = self.new_like(cx);
        result.update(cx, other)?;
        for (member, hash) in self.hashed_snapshot(cx) {
            result.toggle(cx, member, hash)?;
        }
        Ok(result)
    }

    /// Whether every member is given by `other`.
    pub fn is_subset(self, cx: &mut Context, other: Value) -> Result<bool> {
        let Some(other) = AnySet::from_value(other) else {
            let common = self.intersection(cx, other)?;
            return Ok(common.len() == self.len());
        };
        if self.len() > other.len() {
            return Ok(false);
        }
        for (member, hash) in self.hashed_snapshot(cx) {
            if !other.contains_hashed(cx, member, hash)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether everything that `other` gives is a member.
    pub fn is_superset(self, cx: &mut Context, other: Value) -> Result<bool> {
        if let Some(other) = AnySet::from_value(other) {
            return other.is_subset(cx, self.value());
        }
        let iterator = cx.iter(other)?;
        while let Some(member) = cx.next(iterator)? {
            cx.poll()?;
            if !self.contains(cx, member)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether nothing that `other` gives is a member.
    pub fn is_disjoint(self, cx: &mut Context, other: Value) -> Result<bool> {
        if other == self.value() {
            return Ok(self.is_empty());
        }
        if let Some(other) = AnySet::from_value(other) {
            let (smaller, larger) = if other.len() > self.len() { (self, other) } else { (other, self) };
            for (member, hash) in smaller.hashed_snapshot(cx) {
                if larger.contains_hashed(cx, member, hash)? {
                    return Ok(false);
                }
            }
            return Ok(true);
        }
        let iterator = cx.iter(other)?;
        while let Some(member) = cx.next(iterator)? {
            cx.poll()?;
            let hash = super::hash(cx, member)?;
            if self.contains_hashed(cx, member, hash)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// `self op other`, by inclusion.
    pub(super) fn compare(self, cx: &mut Context, other: AnySet, op: CompareOp) -> Result<bool> {
        let (mine, its) = (self.len(), other.len());
        match op {
            CompareOp::Eq => Ok(mine == its && self.same_hash(other) && self.is_subset(cx, other.value())?),
            CompareOp::Ne => {
                Ok(!(mine == its && self.same_hash(other) && self.is_subset(cx, other.value())?))
            }
            CompareOp::Le => self.is_subset(cx, other.value()),
            CompareOp::Ge => other.is_subset(cx, self.value()),
            CompareOp::Lt => Ok(mine < its && self.is_subset(cx, other.value())?),
            CompareOp::Gt => Ok(mine > its && other.is_subset(cx, self.value())?),
        }
    }

    /// False if both hashes are known and differ.
    fn same_hash(self, other: AnySet) -> bool {
        use std::sync::atomic::Ordering::Relaxed;
        let (mine, its) = (self.members().hash.load(Relaxed), other.members().hash.load(Relaxed));
        mine == 0 || its == 0 || mine == its
    }
}

impl Gc<Set> {
    /// Removes what an iterable gives.
    pub fn difference_update(self, cx: &mut Context, other: Value) -> Result<()> {
        AnySet::Set(self).difference_update(cx, other)
    }

    /// Removes what an iterable gives and adds what it gives and was not there.
    pub fn symmetric_difference_update(self, cx: &mut Context, other: Value) -> Result<()> {
        AnySet::Set(self).symmetric_difference_update(cx, other)
    }

    /// The members that `other` gives as well.
    pub fn intersection(self, cx: &mut Context, other: Value) -> Result<AnySet> {
        AnySet::Set(self).intersection(cx, other)
    }
}
