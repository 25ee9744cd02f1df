//! `_zoneinfo`: time zones of the IANA database. CPython: `Modules/_zoneinfo.c`.
//!
//! Finding and reading files is the library's job (`zoneinfo._tzpath`, `zoneinfo._common`), as in CPython.
//! Invariant: a zone never changes once it is made, but for how it says that it came about.

mod rule;
mod zone;

use std::sync::Once;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};

use taipan_runtime::layout::Trace as _;
use taipan_runtime::prelude::*;
use taipan_runtime::types::bytes::Bytes;

use crate::datetime::{DateTime, TimeDelta, TzInfo, to_ordinal};
use rule::EPOCH_ORDINAL;
use zone::{Found, Kind, Transitions, Zone};

/// What `utcoffset`, `dst` and `tzname` give.
#[derive(Trace, Clone, Copy)]
struct Shown {
    offset: Value,
    saving: Value,
    name: Value,
}

impl Shown {
    const NOTHING: Shown = Shown { offset: Value::NONE, saving: Value::NONE, name: Value::NONE };

    fn new(cx: &mut Context, offset: i64, saving: i64, name: Value) -> Result<Shown> {
        let delta = |seconds: i64| TimeDelta::from_micros(cx, i128::from(seconds) * 1_000_000).map(Gc::value);
        Ok(Shown { offset: delta(offset)?, saving: delta(saving)?, name })
    }

    fn equals(self, cx: &mut Context, other: Shown) -> Result<bool> {
        Ok(cx.eq(self.offset, other.offset)?
            && cx.eq(self.saving, other.saving)?
            && cx.eq(self.name, other.name)?)
    }
}

/// How a zone came about, which decides how it is pickled.
mod source {
    pub(super) const NO_CACHE: u8 = 0;
    pub(super) const CACHE: u8 = 1;
    pub(super) const FILE: u8 = 2;
}

/// The body of `ZoneInfo`.
#[derive(Trace)]
#[repr(C)]
pub struct ZoneInfo {
    base: TzInfo,
    key: Value,
    /// Of the file that it was read from.
    file_repr: Value,
    source: AtomicU8,
    zone: Opaque<Zone>,
    shown: GVec<Shown>,
    standard: Shown,
    saving: Shown,
    /// What holds at all times, or nothing.
    always: Shown,
}

/// The cache of the class itself; subclasses have their own as an attribute.
static WEAK_CACHE: AtomicU64 = AtomicU64::new(0);
/// The zones that were asked for last, and their keys, latest first.
static RECENT: Guarded<GVec<(Value, Value)>> = Guarded::new(GVec::new());
const MOST_RECENT: usize = 8;

/// What a class method was called on.
fn class_argument(cx: &mut Context, class: Value) -> Result<Gc<Class>> {
    class.downcast::<Class>().ok_or_else(|| cx.type_error("a class method needs a class"))
}

fn is_base(class: Gc<Class>) -> bool {
    class == ZoneInfo::class_cell().get()
}

fn weak_cache(cx: &mut Context, class: Gc<Class>) -> Result {
    match Value::from_bits(WEAK_CACHE.load(Ordering::Acquire)).filter(|_| is_base(class)) {
        Some(cache) => Ok(cache),
        None => cx.get_attr_str(class.value(), "_weak_cache"),
    }
}

fn new_weak_cache(cx: &mut Context) -> Result {
    let weakref = cx.import("weakref")?;
    cx.call_method(weakref, "WeakValueDictionary", &[])
}

/// The zone of a key among the recent ones.
fn recent(cx: &mut Context, key: Value) -> Result<Option<Value>> {
    let known = GVec::from_slice(&RECENT.lock(cx));
    for (other, zone) in known.iter() {
        if *other == key || cx.eq(*other, key)? {
            return Ok(Some(*zone));
        }
    }
    Ok(None)
}

/// Puts a zone before the other recent ones.
fn note_recent(cx: &Context, key: Value, zone: Value) {
    let mut known = RECENT.lock(cx);
    let kept = known.iter().filter(|(_, other)| *other != zone).copied();
    let mut fresh: GVec<(Value, Value)> = std::iter::once((key, zone)).chain(kept).collect();
    fresh.truncate(MOST_RECENT);
    *known = fresh;
}

fn forget_recent(cx: &mut Context, key: Value) -> Result<()> {
    if let Some(zone) = recent(cx, key)? {
        let mut known = RECENT.lock(cx);
        let fresh: GVec<(Value, Value)> = known.iter().filter(|(_, other)| *other != zone).copied().collect();
        *known = fresh;
    }
    Ok(())
}

/// The zone of a class and a key, from the caches if it is there. CPython: `zoneinfo_ZoneInfo_impl`.
fn cached(cx: &mut Context, class: Gc<Class>, key: Value) -> Result {
    if is_base(class)
        && let Some(zone) = recent(cx, key)?
    {
        note_recent(cx, key, zone);
        return Ok(zone);
    }
    let cache = weak_cache(cx, class)?;
    let mut zone = cx.call_method(cache, "get", &[key, Value::NONE])?;
    if zone.is_none() {
        let new = read(cx, class, key)?;
        zone = cx.call_method(cache, "setdefault", &[key, new.value()])?;
        if let Some(zone) = check_cached(cx, class, key, zone)?.downcast::<ZoneInfo>() {
            zone.source.store(source::CACHE, Ordering::Relaxed);
        }
    }
    let zone = check_cached(cx, class, key, zone)?;
    if is_base(class) {
        note_recent(cx, key, zone);
    }
    Ok(zone)
}

fn check_cached(cx: &mut Context, class: Gc<Class>, key: Value, zone: Value) -> Result {
    if cx.class_of(zone).is_subclass_of(class) {
        return Ok(zone);
    }
    let (found, name) = (cx.type_name(zone), class.name());
    let key = cx.repr(key)?;
    let message =
        format!("Unexpected instance of {found} in {} weak cache for key {}", name.to_str(), key.to_str());
    Err(cx.runtime_error(message))
}

/// A new zone from the file of a key.
fn read(cx: &mut Context, class: Gc<Class>, key: Value) -> Result<Gc<ZoneInfo>> {
    let paths = cx.import("zoneinfo._tzpath")?;
    let path = cx.call_method(paths, "find_tzfile", &[key])?;
    let file = match path.not_none() {
        Some(path) => {
            let (io, mode) = (cx.import("io")?, cx.intern("rb").value());
            cx.call_method(io, "open", &[path, mode])?
        }
        None => {
            let common = cx.import("zoneinfo._common")?;
            cx.call_method(common, "load_tzdata", &[key])?
        }
    };
    let zone = load(cx, class, file, key, Value::NONE, source::NO_CACHE);
    let closed = cx.call_method(file, "close", &[]);
    let zone = zone?;
    closed.map(|_| zone)
}

/// Whole numbers of a sequence.
fn numbers(cx: &mut Context, values: Value) -> Result<Vec<i64>> {
    let values = cx.collect(values)?;
    let mut out = Vec::with_capacity(values.len());
    for value in &values {
        out.push(i64::from_arg(cx, *value, "data")?);
    }
    Ok(out)
}

/// Reads a file. CPython: `load_data`.
fn load(
    cx: &mut Context,
    class: Gc<Class>,
    file: Value,
    key: Value,
    file_repr: Value,
    source: u8,
) -> Result<Gc<ZoneInfo>> {
    let common = cx.import("zoneinfo._common")?;
    let data = cx.call_method(common, "load_data", &[file])?;
    let data = cx.to_tuple(data)?;
    let [after, utc, offsets, savings, names, text] = *data.items() else {
        return Err(cx.type_error("Invalid data result type"));
    };
    let (after, utc) = (numbers(cx, after)?, numbers(cx, utc)?);
    let (offsets, savings) = (numbers(cx, offsets)?, numbers(cx, savings)?);
    let names = cx.collect(names)?;
    let mut kinds: Vec<Kind> = offsets
        .iter()
        .zip(&savings)
        .map(|(offset, saving)| Kind { offset: *offset, is_saving: *saving != 0, saving: 0 })
        .collect();
    let mut kinds_after = Vec::with_capacity(after.len());
    for number in &after {
        match usize::try_from(*number).ok().filter(|number| *number < kinds.len()) {
            Some(number) => kinds_after.push(number),
            None => {
                let message = format!("Invalid transition index found while reading TZif: {number}");
                return Err(cx.value_error(message));
            }
        }
    }
    if kinds_after.len() != utc.len() || names.len() != kinds.len() {
        return Err(cx.value_error("Invalid data result"));
    }
    zone::find_savings(&mut kinds, &kinds_after);
    let rule = rule_of(cx, text)?;
    if rule.is_none() && kinds.is_empty() {
        return Err(cx.value_error("No time zone information found."));
    }
    let mut shown = GVec::new();
    for (kind, name) in kinds.iter().zip(&names) {
        shown.push(Shown::new(cx, kind.offset, kind.saving, *name)?);
    }
    let last = kinds_after.last().copied().unwrap_or(kinds.len().saturating_sub(1));
    let first = kinds.iter().position(|kind| !kind.is_saving).or((!kinds.is_empty()).then_some(0));
    let transitions = Transitions::new(utc, kinds_after, &kinds);
    let zone = Zone { kinds, transitions, first, rule, last };
    let (mut standard, mut saving) = (Shown::NOTHING, Shown::NOTHING);
    if let Some(rule) = &zone.rule {
        let name = cx.new_str(&rule.standard.name).value();
        standard = Shown::new(cx, rule.standard.offset, 0, name)?;
        if let Some((kind, ..)) = &rule.saving {
            let name = cx.new_str(&kind.name).value();
            saving = Shown::new(cx, kind.offset, kind.offset - rule.standard.offset, name)?;
        }
    }
    let of = |found: Found| match found {
        Found::Kind(kind) => shown[kind],
        Found::Standard => standard,
        Found::Saving => saving,
    };
    let mut compared = Ok(true);
    let always = zone.always(|one, other| {
        compared = of(one).equals(cx, of(other));
        matches!(compared, Ok(true))
    });
    compared?;
    let always = always.map_or(Shown::NOTHING, of);
    let body = ZoneInfo {
        base: TzInfo,
        key,
        file_repr,
        source: AtomicU8::new(source),
        zone: Opaque(zone),
        shown,
        standard,
        saving,
        always,
    };
    Ok(cx.new_instance(class, body))
}

/// The rule of a TZ string; nothing if there is none.
fn rule_of(cx: &mut Context, text: Value) -> Result<Option<rule::Rule>> {
    let Some(text) = text.downcast::<Bytes>().filter(|text| !text.as_slice().is_empty()) else {
        return Ok(None);
    };
    match rule::parse(text.as_slice()) {
        Ok(rule) => Ok(Some(rule)),
        Err(wrong) => {
            let shown = cx.repr(text.value())?;
            Err(cx.value_error(format!("{}{}", wrong.message(), shown.to_str())))
        }
    }
}

/// Seconds from 1970 of the fields of a datetime, its year and its fold.
fn fields(cx: &mut Context, dt: Value) -> Result<(i64, i32, u8)> {
    if let Some(dt) = dt.downcast::<DateTime>() {
        let ((year, month, day), clock) = (dt.date_fields(), dt.clock());
        let days = to_ordinal(year, month, day) - EPOCH_ORDINAL;
        return Ok((days * 86_400 + clock.seconds(), year, dt.fold_number()));
    }
    let ordinal = cx.call_method(dt, "toordinal", &[])?;
    let mut seconds = (i64::from_arg(cx, ordinal, "toordinal")? - EPOCH_ORDINAL) * 86_400;
    for (name, unit) in [("hour", 3600), ("minute", 60), ("second", 1)] {
        let field = cx.get_attr_str(dt, name)?;
        seconds += i64::from_arg(cx, field, name)? * unit;
    }
    let (year, fold) = (cx.get_attr_str(dt, "year")?, cx.get_attr_str(dt, "fold")?);
    Ok((seconds, i32::from_arg(cx, year, "year")?, u8::from_arg(cx, fold, "fold")?))
}

impl ZoneInfo {
    fn shown(&self, found: Found) -> Shown {
        match found {
            Found::Kind(kind) => self.shown[kind],
            Found::Standard => self.standard,
            Found::Saving => self.saving,
        }
    }

    /// What holds at a datetime, or at all times for None.
    fn at(&self, cx: &mut Context, dt: Value) -> Result<Shown> {
        if dt.is_none() {
            return Ok(self.always);
        }
        let (time, year, fold) = fields(cx, dt)?;
        Ok(self.shown(self.zone.at_local(time, year, fold)))
    }
}

#[class(name = "ZoneInfo", module = "zoneinfo", base = TzInfo, flags = BASETYPE | HAS_WEAKREF)]
impl ZoneInfo {
    #[new("(key)")]
    fn new_python(cx: &mut Context, class: Gc<Class>, key: Value) -> Result {
        cached(cx, class, key)
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result {
        let name = cx.type_name(this.value());
        let text = match this.key.not_none() {
            Some(key) => format!("{name}(key={})", cx.repr(key)?.to_str()),
            None => format!("{name}.from_file({})", cx.str(this.file_repr)?.to_str()),
        };
        Ok(cx.new_str(&text).value())
    }

    #[slot(str)]
    fn str(this: Gc<Self>, cx: &mut Context) -> Result {
        match this.key.not_none() {
            Some(key) => cx.str(key).map(Gc::value),
            None => cx.repr(this.value()).map(Gc::value),
        }
    }

    #[member]
    fn key(&self) -> Value {
        self.key
    }

    /// Clear the ZoneInfo cache.
    #[classmethod("(*, only_keys=None)")]
    fn clear_cache(cx: &mut Context, class: Value, only_keys: Value) -> Result<()> {
        let class = class_argument(cx, class)?;
        let cache = weak_cache(cx, class)?;
        let Some(keys) = only_keys.not_none() else {
            cx.call_method(cache, "clear", &[])?;
            if is_base(class) {
                *RECENT.lock(cx) = GVec::new();
            }
            return Ok(());
        };
        for key in &cx.collect(keys)? {
            if is_base(class) {
                forget_recent(cx, *key)?;
            }
            cx.call_method(cache, "pop", &[*key, Value::NONE])?;
        }
        Ok(())
    }

    /// Get a new instance of ZoneInfo, bypassing the cache.
    #[classmethod("(key)")]
    fn no_cache(cx: &mut Context, class: Value, key: Value) -> Result<Gc<ZoneInfo>> {
        let class = class_argument(cx, class)?;
        read(cx, class, key)
    }

    /// Create a ZoneInfo file from a file object.
    #[classmethod("(file_obj, /, key=None)")]
    fn from_file(cx: &mut Context, class: Value, file_obj: Value, key: Value) -> Result<Gc<ZoneInfo>> {
        let class = class_argument(cx, class)?;
        let shown = cx.repr(file_obj)?.value();
        load(cx, class, file_obj, key, shown, source::FILE)
    }

    /// Retrieve a timedelta representing the UTC offset in a zone at the given datetime.
    #[function("(dt, /)")]
    fn utcoffset(&self, cx: &mut Context, dt: Value) -> Result {
        self.at(cx, dt).map(|shown| shown.offset)
    }

    /// Retrieve a timedelta representing the amount of DST applied in a zone at the given datetime.
    #[function("(dt, /)")]
    fn dst(&self, cx: &mut Context, dt: Value) -> Result {
        self.at(cx, dt).map(|shown| shown.saving)
    }

    /// Retrieve a string containing the abbreviation for the time zone that applies in a zone at a given datetime.
    #[function("(dt, /)")]
    fn tzname(&self, cx: &mut Context, dt: Value) -> Result {
        self.at(cx, dt).map(|shown| shown.name)
    }

    /// Given a datetime with local time in UTC, retrieve an adjusted datetime in local time.
    #[function("(object, /)")]
    fn fromutc(this: Gc<Self>, cx: &mut Context, object: Value) -> Result {
        let Some(dt) = object.downcast::<DateTime>() else {
            return Err(cx.type_error("fromutc: argument must be a datetime"));
        };
        if dt.tzinfo() != Some(this.value()) {
            return Err(cx.value_error("fromutc: dt.tzinfo is not self"));
        }
        let (time, year, _) = fields(cx, object)?;
        let (found, fold) = this.zone.at_utc(time, year);
        let offset = i128::from(this.zone.offset(found)) * 1_000_000;
        let local = dt.shifted(cx, cx.class_of(object), offset)?;
        match local.downcast::<DateTime>() {
            Some(local) if fold => DateTime::folded(local, cx),
            _ => Ok(local),
        }
    }

    /// Function for serialization with the pickle protocol.
    #[function("()", name = "__reduce__")]
    fn reduce(this: Gc<Self>, cx: &mut Context) -> Result {
        let source = this.source.load(Ordering::Relaxed);
        if source == source::FILE {
            let pickle = cx.import("pickle")?;
            let class = cx.get_attr_str(pickle, "PicklingError")?;
            let message = cx.new_str("Cannot pickle a ZoneInfo file from a file stream.").value();
            let error = cx.call(class, &[message])?;
            return Err(cx.raise(error));
        }
        let class = cx.class_of(this.value()).value();
        let function = cx.get_attr_str(class, "_unpickle")?;
        let args = cx.new_tuple(&[this.key, Value::int(source.into())]);
        Ok(cx.new_tuple(&[function, args.value()]).value())
    }

    /// Private method used in unpickling.
    #[classmethod("(key, from_cache, /)")]
    fn _unpickle(cx: &mut Context, class: Value, key: Value, from_cache: u8) -> Result {
        let class = class_argument(cx, class)?;
        match from_cache {
            0 => read(cx, class, key).map(Gc::value),
            _ => cached(cx, class, key),
        }
    }

    /// Function to initialize subclasses.
    #[classmethod("(*args, **kwargs)")]
    fn __init_subclass__(cx: &mut Context, class: Value, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<()> {
        let _ = (args, kwargs);
        let cache = new_weak_cache(cx)?;
        cx.set_attr_str(class, "_weak_cache", cache)
    }
}

pub struct ZoneInfoModule;

/// C implementation of the zoneinfo module
#[module("_zoneinfo", classes(ZoneInfo))]
impl ZoneInfoModule {
    #[exec]
    fn exec(cx: &mut Context, _module: Gc<Module>) -> Result<()> {
        static ONCE: Once = Once::new();
        // Its classes are made by its import. Somebody may have forbidden it: then datetimes are of another kind.
        let name = cx.intern("_datetime");
        if cx.vm().modules().get_str(cx, name).is_some_and(Value::is_none) {
            let message = "module 'datetime' has no attribute 'datetime_CAPI'";
            return Err(cx.attribute_error_message(message));
        }
        cx.import("_datetime")?;
        let cache = new_weak_cache(cx)?;
        ONCE.call_once(|| {
            taipan_runtime::add_root(&WEAK_CACHE);
            cx.vm().add_tracer(|marker| RECENT.trace(marker));
        });
        WEAK_CACHE.store(cache.bits(), Ordering::Release);
        Ok(())
    }
}
