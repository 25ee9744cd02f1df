//! `SignalDict`: the flags or traps of a context as a mapping. CPython: `signaldict_*` in `Modules/_decimal/_decimal.c`.
//!
//! Invariant: it holds nothing itself; what it shows are bits of its context.

use std::sync::atomic::Ordering;

use taipan_runtime::prelude::*;

use super::context::ContextObject;
use super::signals::{self, SIGNALS};
use super::state;

/// Body of `decimal.SignalDictMixin`.
#[derive(Trace)]
pub struct SignalDictMixin {
    context: TypedSlot<ContextObject>,
    /// Whether it shows the traps.
    traps: bool,
}

impl SignalDictMixin {
    /// The flags or traps of a context.
    pub(super) fn new(cx: &Context, context: Gc<ContextObject>, traps: bool) -> Gc<SignalDictMixin> {
        let class = state::get(cx).signal_dict();
        cx.new_instance(class, SignalDictMixin { context: TypedSlot::new(context), traps })
    }

    fn context(&self, cx: &Context) -> Result<Gc<ContextObject>> {
        match self.context.load() {
            Some(context) => Ok(context),
            None => Err(cx.value_error("invalid signal dict")),
        }
    }

    /// The bits that it shows.
    pub(super) fn bits(&self, cx: &Context) -> Result<u32> {
        let context = self.context(cx)?;
        Ok(context.bits(self.traps).load(Ordering::Relaxed))
    }
}

/// The bits of what stands for signals: such a dict, or an ordinary one.
pub(super) fn flags_of(cx: &mut Context, value: Value) -> Result<u32> {
    match value.downcast::<SignalDictMixin>() {
        Some(dict) => dict.bits(cx),
        None => signals::flags_of_dict(cx, value),
    }
}

#[class(name = "SignalDictMixin", module = "decimal", flags = BASETYPE)]
impl SignalDictMixin {
    #[slot(new)]
    fn make(cx: &mut Context, class: Gc<Class>, args: Args<'_>) -> Result {
        let _ = args;
        Ok(cx.new_instance(class, SignalDictMixin { context: TypedSlot::EMPTY, traps: false }).value())
    }

    #[slot(init)]
    fn init(cx: &mut Context, this: Value, args: Args<'_>) -> Result<()> {
        let _ = (cx, this, args);
        Ok(())
    }

    #[slot(len)]
    fn len(this: Gc<Self>, cx: &mut Context) -> Result<usize> {
        this.context(cx)?;
        Ok(SIGNALS)
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>, cx: &mut Context) -> Result {
        this.context(cx)?;
        let names = cx.new_tuple(&signals::classes(cx).items()[1..=SIGNALS]);
        cx.iter(names.value())
    }

    #[slot(get_item)]
    fn get_item(this: Gc<Self>, cx: &mut Context, key: Value) -> Result {
        let bits = this.bits(cx)?;
        Ok(Value::bool(bits & signals::flag_of(cx, key)? != 0))
    }

    #[slot(set_item)]
    fn set_item(this: Gc<Self>, cx: &mut Context, key: Value, value: Option<Value>) -> Result<()> {
        let context = this.context(cx)?;
        let Some(value) = value else {
            return Err(cx.value_error("signal keys cannot be deleted"));
        };
        let flag = signals::flag_of(cx, key)?;
        let bits = context.bits(this.traps);
        match cx.truth(value)? {
            true => bits.fetch_or(flag, Ordering::Relaxed),
            false => bits.fetch_and(!flag, Ordering::Relaxed),
        };
        Ok(())
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result {
        let bits = this.bits(cx)?;
        let shown: Vec<String> = signals::all()
            .iter()
            .map(|signal| {
                let set = if bits & signal.flag.0 != 0 { "True" } else { "False" };
                format!("<class 'decimal.{}'>:{set}", signal.name)
            })
            .collect();
        Ok(cx.new_str(&format!("{{{}}}", shown.join(", "))).value())
    }

    #[slot(compare)]
    fn compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result {
        let (Some(a), CompareOp::Eq | CompareOp::Ne) = (a.downcast::<SignalDictMixin>(), op) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        let own = a.bits(cx)?;
        let other = match b.downcast::<SignalDictMixin>() {
            Some(other) => other.bits(cx)?,
            None if b.downcast::<Dict>().is_none() => return Ok(Value::NOT_IMPLEMENTED),
            None => match signals::flags_of_dict(cx, b) {
                Ok(flags) => flags,
                // A dict of anything else is not comparable; what its values' truth raises goes through.
                Err(raised) => {
                    cx.swallow(raised, taipan_runtime::exception::key_error)?;
                    return Ok(Value::NOT_IMPLEMENTED);
                }
            },
        };
        Ok(Value::bool((own == other) == (op == CompareOp::Eq)))
    }

    #[function("()")]
    fn copy(this: Gc<Self>, cx: &mut Context) -> Result<Gc<Dict>> {
        let bits = this.bits(cx)?;
        let dict = cx.new_dict();
        let classes = signals::classes(cx);
        for (class, signal) in classes.items()[1..=SIGNALS].iter().zip(signals::all()) {
            dict.set(cx, *class, Value::bool(bits & signal.flag.0 != 0))?;
        }
        Ok(dict)
    }
}
