//! Reading objects: finding classes, making instances, filling what was made. CPython: `load_obj` to `load_build` in
//! `Modules/_pickle.c`.
//!
//! Invariant: what a pickle names is only called, appended to and assigned to; nothing of it is trusted to have a type.

use taipan_runtime::instance;
use taipan_runtime::layout::kind;
use taipan_runtime::prelude::*;
use taipan_runtime::types::set::{AnySet, Set};
use taipan_runtime::types::type_::{is_class, object_class};

use super::global::import;
use super::load::Loader;
use super::state::State;
use super::{UNPICKLING_ERROR, attribute_path, split_path};

/// The object that a pickle names, found as `Unpickler.find_class` does.
pub(super) fn find_class(
    cx: &mut Context,
    state: State,
    (protocol, fix_imports): (u8, bool),
    module: Value,
    name: Value,
) -> Result {
    cx.audit("pickle.find_class", |_| [module, name])?;
    let (module, name) =
        if protocol < 3 && fix_imports { python3_name(cx, state, module, name)? } else { (module, name) };
    let module_object = import(cx, module)?;
    let Some(name) = name.downcast::<Str>() else {
        let found = cx.type_name(name);
        return Err(cx.type_error(format!("attribute name must be string, not '{found}'")));
    };
    let path = split_path(cx, name);
    if protocol < 4 || path.len() == 1 {
        let name = taipan_runtime::protocol::attr::attribute_name(cx, name.value())?;
        return cx.get_attr(module_object, name);
    }
    attribute_path(cx, module_object, &path).map_err(|raised| {
        match cx.swallow(raised, taipan_runtime::exception::attribute_error) {
            Ok(error) => unresolved(cx, error, module, name),
            Err(raised) => raised,
        }
    })
}

#[cold]
fn unresolved(cx: &mut Context, cause: Value, module: Value, name: Gc<Str>) -> Raised {
    let shown = cx.repr(name.value()).and_then(|name| Ok((name, cx.repr(module)?)));
    let raised = match shown {
        Ok((name, module)) => {
            let message = format!("Can't resolve path {} on module {}", name.to_str(), module.to_str());
            cx.attribute_error_message(message)
        }
        Err(raised) => raised,
    };
    if let Some(error) = cx.pending_exception() {
        taipan_runtime::exception::chain(error, cause);
    }
    raised
}

/// Where Python 3 has what Python 2 called so.
fn python3_name(cx: &mut Context, state: State, module: Value, name: Value) -> Result<(Value, Value)> {
    const NAMES: &str = "_compat_pickle.NAME_MAPPING values should be";
    let key = cx.new_tuple(&[module, name]).value();
    if let Some(item) = state.name_mapping().get(cx, key)? {
        let &[module, name] = item.downcast::<Tuple>().as_ref().map_or(&[][..], |item| item.items()) else {
            let found = cx.type_name(item);
            return Err(cx.runtime_error(format!("{NAMES} 2-tuples, not {found}")));
        };
        if module.downcast::<Str>().is_none() || name.downcast::<Str>().is_none() {
            let (module, name) = (cx.type_name(module), cx.type_name(name));
            return Err(cx.runtime_error(format!("{NAMES} pairs of str, not ({module}, {name})")));
        }
        return Ok((module, name));
    }
    match state.import_mapping().get(cx, module)? {
        None => Ok((module, name)),
        Some(renamed) if renamed.downcast::<Str>().is_some() => Ok((renamed, name)),
        Some(other) => {
            let found = cx.type_name(other);
            let message = format!("_compat_pickle.IMPORT_MAPPING values should be strings, not {found}");
            Err(cx.runtime_error(message))
        }
    }
}

impl Loader<'_> {
    /// Asks the unpickler's `find_class`, which a subclass may have replaced.
    pub(super) fn find_class(&mut self, cx: &mut Context, module: Gc<Str>, name: Gc<Str>) -> Result {
        let Some(unpickler) = self.unpickler else {
            let settings = (self.protocol, self.fix_imports);
            return find_class(cx, self.state, settings, module.value(), name.value());
        };
        cx.call_method(unpickler.value(), "find_class", &[module.value(), name.value()])
    }

    pub(super) fn load_global(&mut self, cx: &mut Context) -> Result<()> {
        let module = self.name_line(cx, false)?;
        let name = self.name_line(cx, false)?;
        let object = self.find_class(cx, module, name)?;
        self.stack.push(object);
        Ok(())
    }

    pub(super) fn load_stack_global(&mut self, cx: &mut Context) -> Result<()> {
        let (name, module) = (self.pop(cx)?, self.pop(cx)?);
        let (Some(module), Some(name)) = (cx.exact::<Str>(module), cx.exact::<Str>(name)) else {
            return Err(UNPICKLING_ERROR.raise(cx, "STACK_GLOBAL requires str"));
        };
        let object = self.find_class(cx, module, name)?;
        self.stack.push(object);
        Ok(())
    }

    /// Makes an instance as Python 2's pickles do.
    fn instantiate(&mut self, cx: &mut Context, class: Value, args: &[Value]) -> Result<()> {
        let made = if args.is_empty()
            && is_class(class)
            && cx.lookup_attr(class, cx.name(id::__getinitargs__))?.is_none()
        {
            cx.call_method(class, "__new__", &[class])?
        } else {
            cx.call(class, args)?
        };
        self.stack.push(made);
        Ok(())
    }

    pub(super) fn load_obj(&mut self, cx: &mut Context) -> Result<()> {
        let mark = self.pop_mark(cx)?;
        if self.stack.len() <= mark {
            return Err(self.underflow(cx));
        }
        let args = self.pop_items(cx, mark + 1)?;
        let class = self.pop(cx)?;
        self.instantiate(cx, class, &args)
    }

    pub(super) fn load_inst(&mut self, cx: &mut Context) -> Result<()> {
        let mark = self.pop_mark(cx)?;
        let module = self.name_line(cx, true)?;
        let name = self.name_line(cx, true)?;
        let class = self.find_class(cx, module, name)?;
        let args = self.pop_items(cx, mark)?;
        self.instantiate(cx, class, &args)
    }

    /// `class.__new__(class, *args, **kwargs)`.
    pub(super) fn load_new(&mut self, cx: &mut Context, with_keywords: bool) -> Result<()> {
        let op = if with_keywords { "NEWOBJ_EX" } else { "NEWOBJ" };
        let kwargs = if with_keywords { Some(self.pop(cx)?) } else { None };
        let (args, class) = (self.pop(cx)?, self.pop(cx)?);
        let Some(class) = class.downcast::<Class>() else {
            let found = cx.type_name(class);
            let message = format!("{op} class argument must be a type, not {found}");
            return Err(UNPICKLING_ERROR.raise(cx, message));
        };
        let Some(new) = class.slots.new.get() else {
            let found = cx.type_name(class.value());
            let message = format!("{op} class argument '{found}' doesn't have __new__");
            return Err(UNPICKLING_ERROR.raise(cx, message));
        };
        let Some(args) = args.downcast::<Tuple>() else {
            let found = cx.type_name(args);
            let message = format!("{op} args argument must be a tuple, not {found}");
            return Err(UNPICKLING_ERROR.raise(cx, message));
        };
        let Some(kwargs) = kwargs else {
            let made = new(cx, class, Args::positional_only(args.items()))?;
            self.stack.push(made);
            return Ok(());
        };
        let Some(kwargs) = kwargs.downcast::<Dict>() else {
            let found = cx.type_name(kwargs);
            let message = format!("{op} kwargs argument must be a dict, not {found}");
            return Err(UNPICKLING_ERROR.raise(cx, message));
        };
        let mut values = GVec::from_slice(args.items());
        let mut names = GVec::new();
        for (name, value) in kwargs.entries(cx).iter() {
            if name.downcast::<Str>().is_none() {
                return Err(cx.type_error("keywords must be strings"));
            }
            names.push(*name);
            values.push(*value);
        }
        let names = if names.is_empty() { None } else { Some(cx.new_tuple(&names)) };
        let made = new(cx, class, Args::new(&values, names))?;
        self.stack.push(made);
        Ok(())
    }

    pub(super) fn load_reduce(&mut self, cx: &mut Context) -> Result<()> {
        let (args, callable) = (self.pop(cx)?, self.pop(cx)?);
        let Some(args) = args.downcast::<Tuple>() else {
            return Err(cx.type_error("argument list must be a tuple"));
        };
        let made = cx.call(callable, args.items())?;
        self.stack.push(made);
        Ok(())
    }

    /// Appends the items from `start` on to the object below them.
    pub(super) fn append_items(&mut self, cx: &mut Context, start: usize) -> Result<()> {
        if start > self.stack.len() || start <= self.fence() {
            return Err(self.underflow(cx));
        }
        if start == self.stack.len() {
            return Ok(());
        }
        let target = self.stack[start - 1];
        if let Some(list) = cx.exact::<List>(target) {
            list.extend(cx, &self.stack[start..]);
            self.stack.truncate(start);
            return cx.poll();
        }
        let items = self.pop_items(cx, start)?;
        if let Some(extend) = cx.lookup_attr(target, cx.name(id::extend))? {
            let items = cx.new_list(&items).value();
            return cx.call(extend, &[items]).map(drop);
        }
        let append = cx.get_attr_str(target, "append")?;
        items.iter().try_for_each(|item| cx.call(append, &[*item]).map(drop))
    }

    /// Sets the pairs from `start` on in the object below them.
    pub(super) fn set_items(&mut self, cx: &mut Context, start: usize) -> Result<()> {
        if start > self.stack.len() || start <= self.fence() {
            return Err(self.underflow(cx));
        }
        let count = self.stack.len() - start;
        if count == 0 {
            return Ok(());
        }
        if count % 2 != 0 {
            return Err(UNPICKLING_ERROR.raise(cx, "odd number of items for SETITEMS"));
        }
        let target = self.stack[start - 1];
        let dict = cx.exact::<Dict>(target);
        if let Some(dict) = dict
            && dict.is_empty()
            && count > 16
        {
            dict.reserve(cx, count / 2);
        }
        let mut result = cx.poll();
        for at in (start..start + count).step_by(2) {
            if result.is_err() {
                break;
            }
            let (key, value) = (self.stack[at], self.stack[at + 1]);
            result = match dict {
                Some(dict) => dict.set(cx, key, value),
                None => cx.set_item(target, key, value),
            };
        }
        self.stack.truncate(start);
        result
    }

    pub(super) fn add_items(&mut self, cx: &mut Context) -> Result<()> {
        let mark = self.pop_mark(cx)?;
        if mark > self.stack.len() || mark <= self.fence() {
            return Err(self.underflow(cx));
        }
        if mark == self.stack.len() {
            return Ok(());
        }
        let target = self.stack[mark - 1];
        let items = self.pop_items(cx, mark)?;
        if let Some(set) = target.downcast::<Set>() {
            return items.iter().try_for_each(|item| AnySet::Set(set).add(cx, *item));
        }
        let add = cx.get_attr_str(target, "add")?;
        items.iter().try_for_each(|item| cx.call(add, &[*item]).map(drop))
    }

    /// Gives an object its state: by its `__setstate__`, or attribute by attribute.
    pub(super) fn load_build(&mut self, cx: &mut Context) -> Result<()> {
        if self.stack.len() < self.fence() + 2 {
            return Err(self.underflow(cx));
        }
        let state = self.pop(cx)?;
        let object = self.top(cx)?;
        if let Some(setstate) = cx.lookup_attr(object, cx.name(id::__setstate__))? {
            return cx.call(setstate, &[state]).map(drop);
        }
        let pair = state.downcast::<Tuple>();
        let (state, slots) = match pair.as_ref().map(|pair| pair.items()) {
            Some(&[state, slots]) => (state, Some(slots)),
            _ => (state, None),
        };
        if !state.is_none() {
            let Some(attributes) = state.downcast::<Dict>() else {
                return Err(UNPICKLING_ERROR.raise(cx, "state is not a dictionary"));
            };
            self.set_attributes(cx, object, attributes)?;
        }
        let Some(slots) = slots else { return Ok(()) };
        let slots = match slots.downcast::<Dict>() {
            Some(slots) => slots,
            None => return Err(UNPICKLING_ERROR.raise(cx, "slot state is not a dictionary")),
        };
        for (name, value) in slots.entries(cx).iter() {
            let name = taipan_runtime::protocol::attr::attribute_name(cx, *name)?;
            cx.set_attr(object, name, *value)?;
        }
        Ok(())
    }

    fn set_attributes(&mut self, cx: &mut Context, object: Value, attributes: Gc<Dict>) -> Result<()> {
        let name = cx.name(id::__dict__);
        let dict = if has_plain_dict(cx, object) { None } else { Some(cx.get_attr(object, name)?) };
        for (key, value) in attributes.entries(cx).iter() {
            let interned = cx.exact::<Str>(*key).map(|name| name.intern(cx));
            match (dict, interned) {
                (None, Some(name)) => instance::set(cx, object, name, *value),
                (None, None) => {
                    let dict = cx.get_attr(object, name)?;
                    cx.set_item(dict, *key, *value)?;
                }
                (Some(dict), Some(name)) => cx.set_item(dict, name.value(), *value)?,
                (Some(dict), None) => cx.set_item(dict, *key, *value)?,
            }
        }
        Ok(())
    }
}

/// Whether `object.__dict__` is nothing but the object's attributes.
fn has_plain_dict(cx: &Context, object: Value) -> bool {
    let class = cx.class_of(object);
    let descriptor = class.lookup(cx, cx.name(id::__dict__));
    class.slots.get_attr.same(&object_class().slots.get_attr)
        && instance::has_dict(object)
        && descriptor.is_some_and(|descriptor| descriptor.kind() == kind::GETSET)
}
