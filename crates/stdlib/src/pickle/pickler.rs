//! `Pickler` and the proxy of its memo. CPython: `PicklerObject` in `Modules/_pickle.c`.
//!
//! Invariant: `running` is true while the pickler is being initialized or dumps, and nobody else does either meanwhile.

use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU8, Ordering};

use taipan_runtime::layout::Object;
use taipan_runtime::prelude::*;
use taipan_runtime::protocol::attr::{generic_get_attr, generic_set_attr};

use super::memo::Memo;
use super::output::Output;
use super::save::Saver;
use super::state::State;
use super::{PICKLING_ERROR, buffer_callback, protocol_number, write_method};

/// Body of `_pickle.Pickler`.
#[derive(Trace)]
pub struct Pickler {
    pub(super) memo: Guarded<Memo>,
    write: Slot,
    /// What was assigned to `persistent_id`.
    persistent_id: Slot,
    dispatch_table: Slot,
    buffer_callback: Slot,
    protocol: AtomicU8,
    bin: AtomicI32,
    fast: AtomicI32,
    fix_imports: AtomicBool,
    running: AtomicBool,
}

/// Says that a pickler is free again.
struct Running<'a>(&'a AtomicBool);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

impl Pickler {
    #[inline]
    pub(super) fn is_fast(&self) -> bool {
        self.fast.load(Ordering::Relaxed) != 0
    }

    fn start(&self, cx: &Context) -> Result<Running<'_>> {
        match self.running.swap(true, Ordering::AcqRel) {
            false => Ok(Running(&self.running)),
            true => Err(cx.runtime_error("Pickler object is already used")),
        }
    }

    /// What gives persistent ids, unless it is the method here, which gives none.
    fn own_persistent_id(this: Gc<Pickler>, cx: &mut Context) -> Result<Option<Value>> {
        let name = cx.intern("persistent_id");
        let class = cx.class_of(this.value());
        let native = Pickler::class_cell().get();
        let generic = class.slots.get_attr.same(&native.slots.get_attr);
        if generic
            && this.persistent_id.load().is_none()
            && class.lookup(cx, name) == native.lookup(cx, name)
            && taipan_runtime::instance::get(cx, this.value(), name).is_none()
        {
            return Ok(None);
        }
        cx.lookup_attr(this.value(), name)
    }
}

/// An integer that C code keeps as an `int`.
fn set_int(cx: &mut Context, place: &AtomicI32, value: Option<Value>) -> Result<()> {
    let Some(value) = value else { return Err(cx.type_error("can't delete numeric/char attribute")) };
    let number = i32::from_arg(cx, value, "value")?;
    place.store(number, Ordering::Relaxed);
    Ok(())
}

/// This takes a binary file for writing a pickle data stream.
///
/// The optional *protocol* argument tells the pickler to use the given
/// protocol; supported protocols are 0, 1, 2, 3, 4 and 5.  The default
/// protocol is 5. It was introduced in Python 3.8, and is incompatible
/// with previous versions.
///
/// Specifying a negative protocol version selects the highest protocol
/// version supported.  The higher the protocol used, the more recent the
/// version of Python needed to read the pickle produced.
///
/// The *file* argument must have a write() method that accepts a single
/// bytes argument. It can thus be a file object opened for binary
/// writing, an io.BytesIO instance, or any other custom object that meets
/// this interface.
///
/// If *fix_imports* is True and protocol is less than 3, pickle will try
/// to map the new Python 3 names to the old module names used in Python
/// 2, so that the pickle data stream is readable with Python 2.
///
/// If *buffer_callback* is None (the default), buffer views are
/// serialized into *file* as part of the pickle stream.
///
/// If *buffer_callback* is not None, then it can be called any number
/// of times with a buffer view.  If the callback returns a false value
/// (such as None), the given buffer is out-of-band; otherwise the
/// buffer is serialized in-band, i.e. inside the pickle stream.
///
/// It is an error if *buffer_callback* is not None and *protocol*
/// is None or smaller than 5.
#[class(name = "Pickler", module = "_pickle", flags = BASETYPE)]
impl Pickler {
    #[new("(*args, **kwargs)")]
    fn new(cx: &mut Context, class: Gc<Class>, _args: Gc<Tuple>, _kwargs: Gc<Dict>) -> Gc<Self> {
        cx.new_instance(
            class,
            Pickler {
                memo: Guarded::new(Memo::new()),
                write: Slot::EMPTY,
                persistent_id: Slot::EMPTY,
                dispatch_table: Slot::EMPTY,
                buffer_callback: Slot::EMPTY,
                protocol: AtomicU8::new(0),
                bin: AtomicI32::new(0),
                fast: AtomicI32::new(0),
                fix_imports: AtomicBool::new(false),
                running: AtomicBool::new(false),
            },
        )
    }

    #[init("(file, protocol=None, fix_imports=True, buffer_callback=None)")]
    fn init(
        this: Gc<Self>,
        cx: &mut Context,
        file: Value,
        protocol: Value,
        fix_imports: bool,
        buffer_callback: Value,
    ) -> Result<()> {
        let _running = this.start(cx)?;
        if this.write.load().is_some() {
            this.write.clear();
            this.dispatch_table.clear();
            this.buffer_callback.clear();
            this.memo.lock(cx).clear();
        }
        let protocol = protocol_number(cx, protocol)?;
        this.protocol.store(protocol, Ordering::Relaxed);
        this.bin.store(i32::from(protocol > 0), Ordering::Relaxed);
        this.fix_imports.store(fix_imports && protocol < 3, Ordering::Relaxed);
        let write = write_method(cx, file)?;
        this.write.store(write);
        let callback = self::buffer_callback(cx, buffer_callback, protocol)?;
        this.buffer_callback.store_option(callback);
        this.fast.store(0, Ordering::Relaxed);
        if this.dispatch_table.load().is_none() {
            let table = cx.lookup_attr_str(this.value(), "dispatch_table")?;
            this.dispatch_table.store_option(table);
        }
        Ok(())
    }

    #[slot(get_attr)]
    fn get_attribute(this: Gc<Self>, cx: &mut Context, name: Gc<Str>) -> Result {
        if let Some(own) = this.persistent_id.load()
            && name.is("persistent_id")
        {
            return Ok(own);
        }
        generic_get_attr(cx, this.value(), name)
    }

    #[slot(set_attr)]
    fn set_attribute(this: Gc<Self>, cx: &mut Context, name: Gc<Str>, value: Option<Value>) -> Result<()> {
        if name.is("persistent_id") {
            this.persistent_id.store_option(value);
            return Ok(());
        }
        generic_set_attr(cx, this.value(), name, value)
    }

    #[function("(obj, /)")]
    fn persistent_id(&self, _obj: Value) {}

    /// Write a pickled representation of the given object to the open file.
    #[function("(obj, /)")]
    fn dump(this: Gc<Self>, cx: &mut Context, obj: Value) -> Result<()> {
        let Some(write) = this.write.load() else {
            let class = cx.type_name(this.value());
            let message = format!("Pickler.__init__() was not called by {class}.__init__()");
            return Err(PICKLING_ERROR.raise(cx, message));
        };
        let pickler = &*this;
        let _running = pickler.start(cx)?;
        let persistent_id = Pickler::own_persistent_id(this, cx)?;
        let reducer_override = cx.lookup_attr_str(this.value(), "reducer_override")?;
        let mut saver = Saver {
            out: Output::new(Some(write)),
            protocol: pickler.protocol.load(Ordering::Relaxed),
            bin: pickler.bin.load(Ordering::Relaxed) != 0,
            fix_imports: pickler.fix_imports.load(Ordering::Relaxed),
            memo: &pickler.memo,
            pickler: Some(pickler),
            persistent_id,
            reducer_override,
            dispatch_table: pickler.dispatch_table.load(),
            buffer_callback: pickler.buffer_callback.load(),
            state: State::get(cx)?,
            open: Vec::new(),
        };
        saver.dump(cx, obj)?;
        saver.out.finish(cx)?;
        Ok(())
    }

    /// Clears the pickler's "memo".
    ///
    /// The memo is the data structure that remembers which objects the
    /// pickler has already seen, so that shared or recursive objects are
    /// pickled by reference and not by value.  This method is useful when
    /// re-using picklers.
    #[function("()")]
    fn clear_memo(&self, cx: &mut Context) {
        self.memo.lock(cx).clear();
    }

    /// Returns size in memory, in bytes.
    #[function("()")]
    fn __sizeof__(&self, cx: &mut Context) -> usize {
        size_of::<Pickler>() + 8 + self.memo.lock(cx).bytes()
    }

    #[getter]
    fn bin(&self) -> i32 {
        self.bin.load(Ordering::Relaxed)
    }

    #[setter]
    fn set_bin(&self, cx: &mut Context, value: Option<Value>) -> Result<()> {
        set_int(cx, &self.bin, value)
    }

    #[getter]
    fn fast(&self) -> i32 {
        self.fast.load(Ordering::Relaxed)
    }

    #[setter]
    fn set_fast(&self, cx: &mut Context, value: Option<Value>) -> Result<()> {
        set_int(cx, &self.fast, value)
    }

    #[getter]
    fn dispatch_table(this: Gc<Self>, cx: &mut Context) -> Result {
        match this.dispatch_table.load() {
            Some(table) => Ok(table),
            None => {
                let name = cx.intern("dispatch_table");
                Err(cx.no_attribute(this.value(), name))
            }
        }
    }

    #[setter]
    fn set_dispatch_table(&self, cx: &mut Context, value: Option<Value>) -> Result<()> {
        if value.is_none() && self.dispatch_table.load().is_none() {
            return Err(cx.attribute_error_message("dispatch_table"));
        }
        self.dispatch_table.store_option(value);
        Ok(())
    }

    #[getter]
    fn memo(this: Gc<Self>, cx: &mut Context) -> Gc<PicklerMemoProxy> {
        cx.new_object(PicklerMemoProxy { pickler: this })
    }

    #[setter]
    fn set_memo(&self, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let Some(value) = value else { return Err(cx.type_error("attribute deletion is not supported")) };
        let new = if let Some(proxy) = cx.exact::<PicklerMemoProxy>(value) {
            proxy.pickler.memo.lock(cx).copy()
        } else if let Some(dict) = value.downcast::<Dict>() {
            let mut new = Memo::new();
            for (_, value) in dict.entries(cx).iter() {
                let item = value.downcast::<Tuple>();
                let &[index, object] = item.as_ref().map_or(&[][..], |item| item.items()) else {
                    return Err(cx.type_error("'memo' values must be 2-item tuples"));
                };
                let index = isize::from_arg(cx, index, "memo")?;
                new.set(object, index as usize);
            }
            new
        } else {
            let found = cx.type_name(value);
            let message = format!("'memo' attribute must be a PicklerMemoProxy object or dict, not {found}");
            return Err(cx.type_error(message));
        };
        *self.memo.lock(cx) = new;
        Ok(())
    }
}

/// Body of `_pickle.PicklerMemoProxy`.
#[derive(Trace)]
pub struct PicklerMemoProxy {
    pickler: Gc<Pickler>,
}

#[class(name = "PicklerMemoProxy", module = "_pickle", flags = BASETYPE)]
impl PicklerMemoProxy {
    #[slot(hash)]
    fn hash(this: Gc<Self>, cx: &mut Context) -> Result<i64> {
        let found = cx.type_name(this.value());
        Err(cx.type_error(format!("unhashable type: '{found}'")))
    }

    /// Remove all items from memo.
    #[function("()")]
    fn clear(&self, cx: &mut Context) {
        self.pickler.memo.lock(cx).clear();
    }

    /// Copy the memo to a new object.
    #[function("()")]
    fn copy(&self, cx: &mut Context) -> Result<Gc<Dict>> {
        let entries = self.pickler.memo.lock(cx).entries();
        let copy = cx.new_dict();
        for (object, index) in entries.iter() {
            // What `id` gives for the object.
            let address = cx.new_int(object.bits() as i64);
            let item = cx.new_tuple(&[Value::int(*index as i64), *object]).value();
            copy.set(cx, address, item)?;
        }
        Ok(copy)
    }

    /// Implement pickle support.
    #[function("()", name = "__reduce__")]
    fn reduce(&self, cx: &mut Context) -> Result<Gc<Tuple>> {
        let copy = self.copy(cx)?.value();
        let args = cx.new_tuple(&[copy]).value();
        Ok(cx.new_tuple(&[Dict::class_cell().get().value(), args]))
    }
}
