//! The body of `Context`: settings, flags and traps. CPython: `PyDecContextObject` in `Modules/_decimal/_decimal.c`.
//!
//! Invariant: each field is within its bounds by itself, so whatever mixture of two threads' settings an operation reads
//! is a usable context.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU8, AtomicU32, Ordering};

use taipan_num::decimal::{Context as Settings, Decimal, MAX_EMAX, MAX_PREC, MIN_EMIN, Rounding, Status};
use taipan_runtime::prelude::*;

use super::convert::ssize;
use super::signal_dict::{self, SignalDictMixin};
use super::{object, signals};

/// What a context is at first.
pub(super) const DEFAULT: Settings =
    Settings { prec: 28, emax: 999_999, emin: -999_999, rounding: Rounding::HalfEven, clamp: false };

/// The settings of a call: prec, rounding, Emin, Emax, capitals, clamp, flags, traps; None for those not given.
pub(super) type Given = [Value; 8];

const INVALID_ROUNDING: &str = "valid values for rounding are:
  [ROUND_CEILING, ROUND_FLOOR, ROUND_UP, ROUND_DOWN,
   ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN,
   ROUND_05UP]";

/// Body of `decimal.Context`.
#[derive(Trace)]
pub struct ContextObject {
    prec: AtomicI64,
    emax: AtomicI64,
    emin: AtomicI64,
    /// The number of the rounding.
    rounding: AtomicU8,
    clamp: AtomicBool,
    capitals: AtomicBool,
    status: AtomicU32,
    traps: AtomicU32,
    /// The mappings of flags and traps, made when they are first asked for.
    flags_dict: TypedSlot<SignalDictMixin>,
    traps_dict: TypedSlot<SignalDictMixin>,
}

/// The rounding of a name.
pub(super) fn rounding_of(cx: &Context, value: Value) -> Result<Rounding> {
    let found = value
        .downcast::<Str>()
        .and_then(|name| Rounding::ALL.into_iter().find(|rounding| name.is(rounding.name())));
    found.ok_or_else(|| cx.type_error(INVALID_ROUNDING))
}

impl ContextObject {
    pub(super) fn body(settings: Settings, capitals: bool, traps: u32) -> ContextObject {
        ContextObject {
            prec: AtomicI64::new(settings.prec),
            emax: AtomicI64::new(settings.emax),
            emin: AtomicI64::new(settings.emin),
            rounding: AtomicU8::new(settings.rounding as u8),
            clamp: AtomicBool::new(settings.clamp),
            capitals: AtomicBool::new(capitals),
            status: AtomicU32::new(0),
            traps: AtomicU32::new(traps),
            flags_dict: TypedSlot::EMPTY,
            traps_dict: TypedSlot::EMPTY,
        }
    }

    pub(super) fn new(cx: &Context, body: ContextObject) -> Gc<ContextObject> {
        cx.new_object(body)
    }

    /// A copy, of the plain type, with the flags.
    pub(super) fn duplicate(&self, cx: &Context) -> Gc<ContextObject> {
        let body = self.copied();
        body.status.store(self.status.load(Ordering::Relaxed), Ordering::Relaxed);
        cx.new_object(body)
    }

    /// The same without the flags.
    pub(super) fn copied(&self) -> ContextObject {
        ContextObject::body(self.settings(), self.capitals(), self.traps.load(Ordering::Relaxed))
    }

    /// What operations depend on.
    #[inline]
    pub(super) fn settings(&self) -> Settings {
        Settings {
            prec: self.prec.load(Ordering::Relaxed),
            emax: self.emax.load(Ordering::Relaxed),
            emin: self.emin.load(Ordering::Relaxed),
            rounding: self.rounding(),
            clamp: self.clamp.load(Ordering::Relaxed),
        }
    }

    #[inline]
    pub(super) fn rounding(&self) -> Rounding {
        Rounding::ALL[usize::from(self.rounding.load(Ordering::Relaxed) & 7)]
    }

    #[inline]
    pub(super) fn capitals(&self) -> bool {
        self.capitals.load(Ordering::Relaxed)
    }

    /// As every new context of Python has it.
    pub(super) fn set_capitals_on(&self) {
        self.capitals.store(true, Ordering::Relaxed);
    }

    pub(super) fn clear_flags(&self) {
        self.status.store(0, Ordering::Relaxed);
    }

    pub(super) fn clear_traps(&self) {
        self.traps.store(0, Ordering::Relaxed);
    }

    /// The flags, or the traps.
    pub(super) fn bits(&self, traps: bool) -> &AtomicU32 {
        if traps { &self.traps } else { &self.status }
    }

    /// Sets flags, if none of them is trapped; whether it did.
    #[inline]
    pub(super) fn note(&self, status: Status) -> bool {
        if self.traps.load(Ordering::Relaxed) & status.0 != 0 {
            return false;
        }
        self.raise_flags(status);
        true
    }

    #[inline]
    pub(super) fn raise_flags(&self, status: Status) {
        // Flags mostly are set already: then nothing is written, and threads that share a context do not wait.
        if status.0 & !self.status.load(Ordering::Relaxed) != 0 {
            self.status.fetch_or(status.0, Ordering::Relaxed);
        }
    }

    /// Sets flags, and raises what is trapped of them.
    #[inline]
    pub(super) fn report(&self, cx: &mut Context, status: Status) -> Result<()> {
        if status.0 == 0 { Ok(()) } else { self.report_slow(cx, status) }
    }

    #[inline(never)]
    fn report_slow(&self, cx: &mut Context, status: Status) -> Result<()> {
        self.raise_flags(status);
        if status.intersects(Status::MALLOC_ERROR) {
            return Err(cx.memory_error());
        }
        match self.traps.load(Ordering::Relaxed) & status.0 {
            0 => Ok(()),
            trapped => Err(signals::raise(cx, trapped)),
        }
    }

    /// A result as an object, once its status is reported.
    #[inline]
    pub(super) fn finish(&self, cx: &mut Context, result: Decimal, status: Status) -> Result {
        self.report(cx, status)?;
        Ok(object::new(cx, result).value())
    }

    /// The mapping of the flags or traps.
    pub(super) fn dict(this: Gc<ContextObject>, cx: &Context, traps: bool) -> Value {
        let slot = if traps { &this.traps_dict } else { &this.flags_dict };
        if let Some(dict) = slot.load() {
            return dict.value();
        }
        let dict = SignalDictMixin::new(cx, this, traps).value();
        match slot.slot().compare_exchange(None, Some(dict)) {
            Ok(()) => dict,
            Err(other) => other.unwrap_or(dict),
        }
    }

    fn set_bounded(
        cx: &mut Context,
        field: &AtomicI64,
        value: Value,
        bounds: std::ops::RangeInclusive<i64>,
        message: &str,
    ) -> Result<()> {
        let value = ssize(cx, value)?;
        if !bounds.contains(&value) {
            return Err(cx.value_error(message));
        }
        field.store(value, Ordering::Relaxed);
        Ok(())
    }

    pub(super) fn change_prec(&self, cx: &mut Context, value: Value) -> Result<()> {
        let message = "valid range for prec is [1, MAX_PREC]";
        ContextObject::set_bounded(cx, &self.prec, value, 1..=MAX_PREC, message)
    }

    pub(super) fn change_emin(&self, cx: &mut Context, value: Value) -> Result<()> {
        let message = "valid range for Emin is [MIN_EMIN, 0]";
        ContextObject::set_bounded(cx, &self.emin, value, MIN_EMIN..=0, message)
    }

    pub(super) fn change_emax(&self, cx: &mut Context, value: Value) -> Result<()> {
        let message = "valid range for Emax is [0, MAX_EMAX]";
        ContextObject::set_bounded(cx, &self.emax, value, 0..=MAX_EMAX, message)
    }

    pub(super) fn change_rounding(&self, cx: &mut Context, value: Value) -> Result<()> {
        let rounding = rounding_of(cx, value)?;
        self.rounding.store(rounding as u8, Ordering::Relaxed);
        Ok(())
    }

    fn set_switch(cx: &mut Context, field: &AtomicBool, value: Value, message: &str) -> Result<()> {
        match ssize(cx, value)? {
            value @ (0 | 1) => {
                field.store(value == 1, Ordering::Relaxed);
                Ok(())
            }
            _ => Err(cx.value_error(message)),
        }
    }

    pub(super) fn change_capitals(&self, cx: &mut Context, value: Value) -> Result<()> {
        ContextObject::set_switch(cx, &self.capitals, value, "valid values for capitals are 0 or 1")
    }

    pub(super) fn change_clamp(&self, cx: &mut Context, value: Value) -> Result<()> {
        ContextObject::set_switch(cx, &self.clamp, value, "valid values for clamp are 0 or 1")
    }

    /// Sets the flags or the traps to those of a signal dict.
    pub(super) fn set_bits(&self, cx: &mut Context, traps: bool, value: Value) -> Result<()> {
        let flags = signal_dict::flags_of(cx, value)?;
        self.bits(traps).store(flags, Ordering::Relaxed);
        Ok(())
    }

    /// Sets what is given, in CPython's order.
    pub(super) fn set_all(&self, cx: &mut Context, given: Given) -> Result<()> {
        let [prec, rounding, emin, emax, capitals, clamp, flags, traps] = given.map(Value::not_none);
        if let Some(value) = prec {
            self.change_prec(cx, value)?;
        }
        if let Some(value) = rounding {
            self.change_rounding(cx, value)?;
        }
        if let Some(value) = emin {
            self.change_emin(cx, value)?;
        }
        if let Some(value) = emax {
            self.change_emax(cx, value)?;
        }
        if let Some(value) = capitals {
            self.change_capitals(cx, value)?;
        }
        if let Some(value) = clamp {
            self.change_clamp(cx, value)?;
        }
        for (value, is_traps) in [(traps, true), (flags, false)] {
            let Some(value) = value else { continue };
            match value.downcast::<List>() {
                Some(list) => {
                    let flags = signals::flags_of_list(cx, list)?;
                    self.bits(is_traps).store(flags, Ordering::Relaxed);
                }
                None => self.set_bits(cx, is_traps, value)?,
            }
        }
        Ok(())
    }

    /// The names of conditions, as a context's repr has them.
    fn shown(bits: u32) -> String {
        let mut names: Vec<&str> = Vec::new();
        for (bit, name) in signals::SHOWN {
            // Conditions that share a name are shown once.
            if bits & bit != 0 && !names.contains(&name) {
                names.push(name);
            }
        }
        format!("[{}]", names.join(", "))
    }

    pub(super) fn text(&self) -> String {
        let settings = self.settings();
        format!(
            "Context(prec={}, rounding={}, Emin={}, Emax={}, capitals={}, clamp={}, flags={}, traps={})",
            settings.prec,
            settings.rounding.name(),
            settings.emin,
            settings.emax,
            i32::from(self.capitals()),
            i32::from(settings.clamp),
            ContextObject::shown(self.status.load(Ordering::Relaxed)),
            ContextObject::shown(self.traps.load(Ordering::Relaxed)),
        )
    }
}
