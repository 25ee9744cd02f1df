//! `_thread._local`: attributes of their own for each thread.
//!
//! Each thread keeps, in its THREAD_DICT slot, a dict from the local's identity to its attribute dict.
//! Invariant: a thread only ever touches its own dicts.

use taipan_runtime::prelude::*;
use taipan_runtime::protocol::attr;
use taipan_runtime::vm::thread_slot;

/// The body of `_local`.
#[derive(Trace)]
pub struct Local {
    args: TypedSlot<Tuple>,
    kwargs: TypedSlot<Dict>,
    /// Key in each thread's dict; an object, so that its identity is not used again while the local lives.
    key: Slot,
}

/// Drops the calling thread's attributes of all locals.
pub(super) fn forget_thread(cx: &mut Context) {
    cx.locals.slots[thread_slot::THREAD_DICT].clear();
}

impl Local {
    /// The attributes that the calling thread sees; made, and `__init__` called, at first use.
    fn dict(this: Gc<Local>, cx: &mut Context) -> Result<Gc<Dict>> {
        let slot = &cx.locals.slots[thread_slot::THREAD_DICT];
        let all = match slot.load_as::<Dict>() {
            Some(all) => all,
            None => {
                let all = cx.new_dict();
                cx.locals.slots[thread_slot::THREAD_DICT].store(all.value());
                all
            }
        };
        let key = this.key.load_or_none();
        if let Some(dict) = all.get(cx, key)?.and_then(Value::downcast::<Dict>) {
            return Ok(dict);
        }
        let dict = cx.new_dict();
        all.set(cx, key, dict.value())?;
        let class = cx.class_of(this.value());
        let object_class = taipan_runtime::types::type_::object_class();
        if !class.slots.init.same(&object_class.slots.init)
            && let Some(init) = class.slots.init.get()
        {
            let args = this.args.load().unwrap_or_else(|| cx.new_tuple(&[]));
            let mut values: GVec<Value> = args.items().iter().copied().collect();
            let mut names: GVec<Value> = GVec::new();
            if let Some(kwargs) = this.kwargs.load() {
                for (name, value) in kwargs.entries(cx) {
                    names.push(name);
                    values.push(value);
                }
            }
            let names = if names.is_empty() { None } else { Some(cx.new_tuple(&names)) };
            if let Err(raised) = init(cx, this.value(), Args::new(&values, names)) {
                let error = cx.take_exception(raised);
                all.remove(cx, key)?;
                return Err(cx.reraise(error));
            }
        }
        Ok(dict)
    }
}

/// Thread-local data
#[class(name = "_local", module = "_thread", flags = BASETYPE | HAS_WEAKREF)]
impl Local {
    #[slot(new)]
    fn new(cx: &mut Context, class: Gc<Class>, args: Args<'_>) -> Result {
        let object_class = taipan_runtime::types::type_::object_class();
        if class.slots.init.same(&object_class.slots.init) && !args.is_empty() {
            return Err(cx.type_error("Initialization arguments are not supported"));
        }
        let (positional, keywords) = args.to_tuple_and_dict(cx);
        let key = cx.call(object_class.value(), &[])?;
        let body = Local {
            args: TypedSlot::new(positional),
            kwargs: TypedSlot::new_option(keywords),
            key: Slot::new(key),
        };
        let this = cx.new_instance(class, body);
        // The creating thread's __init__ runs by the ordinary construction, not at first use.
        let slot = &cx.locals.slots[thread_slot::THREAD_DICT];
        let all = slot.load_as::<Dict>().unwrap_or_else(|| cx.new_dict());
        cx.locals.slots[thread_slot::THREAD_DICT].store(all.value());
        let dict = cx.new_dict().value();
        all.set(cx, key, dict)?;
        Ok(this.value())
    }

    #[slot(get_attr)]
    fn get_attr(this: Gc<Self>, cx: &mut Context, name: Gc<Str>) -> Result {
        let dict = Local::dict(this, cx)?;
        if name.to_str() == "__dict__" {
            return Ok(dict.value());
        }
        let class = cx.class_of(this.value());
        let descriptor = class.lookup(cx, name);
        if let Some(descriptor) = descriptor
            && cx.class_of(descriptor).slots.descr_set.is_set()
            && let Some(get) = cx.class_of(descriptor).slots.descr_get.get()
        {
            return get(cx, descriptor, Some(this.value()), Some(class.value()));
        }
        match dict.get_str(cx, name) {
            Some(value) => Ok(value),
            None => attr::generic_get_attr(cx, this.value(), name),
        }
    }

    #[slot(set_attr)]
    fn set_attr(this: Gc<Self>, cx: &mut Context, name: Gc<Str>, value: Option<Value>) -> Result<()> {
        let dict = Local::dict(this, cx)?;
        if name.to_str() == "__dict__" {
            let class = cx.type_name(this.value());
            return Err(cx.attribute_error(
                format!("'{class}' object attribute '__dict__' is read-only"),
                this.value(),
                name,
            ));
        }
        let class = cx.class_of(this.value());
        if let Some(descriptor) = class.lookup(cx, name)
            && let Some(set) = cx.class_of(descriptor).slots.descr_set.get()
        {
            return set(cx, descriptor, this.value(), value);
        }
        match value {
            Some(value) => dict.set_str(cx, name, value),
            None => {
                if dict.remove_str(cx, name).is_none() {
                    return Err(attr::no_attribute(cx, this.value(), name));
                }
            }
        }
        Ok(())
    }
}
