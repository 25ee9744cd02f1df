//! Writing objects by their names. CPython: `save_global`, `whichmodule` and `save_type` in `Modules/_pickle.c`.
//!
//! Invariant: a name is written only if it leads to the very object.

use taipan_runtime::codecs::encode_str;
use taipan_runtime::exception;
use taipan_runtime::layout::Object;
use taipan_runtime::prelude::*;

use super::opcode::*;
use super::save::Saver;
use super::{PICKLING_ERROR, attribute_path, split_path};

/// Raises PicklingError while `cause` was handled.
fn chained(cx: &mut Context, cause: Value, message: String) -> Raised {
    let raised = PICKLING_ERROR.raise(cx, message);
    if let Some(error) = cx.pending_exception() {
        exception::chain(error, cause);
    }
    raised
}

/// `Can't pickle <object>: `.
fn beginning(cx: &mut Context, object: Value) -> Result<String> {
    let shown = cx.repr(object)?;
    Ok(format!("Can't pickle {}: ", shown.to_str()))
}

/// The module of `sys.modules` in which the path leads to the object.
fn search_modules(cx: &mut Context, object: Value, path: &[Gc<Str>]) -> Result<Value> {
    let modules = cx.vm().modules().entries(cx);
    for (name, module) in modules.iter() {
        let is_main =
            name.downcast::<Str>().is_some_and(|name| name.is("__main__") || name.is("__mp_main__"));
        if is_main || module.is_none() {
            continue;
        }
        match attribute_path(cx, *module, path) {
            Ok(found) if found == object => return Ok(*name),
            Ok(_) => {}
            Err(raised) => drop(cx.swallow(raised, exception::attribute_error)?),
        }
    }
    Ok(cx.intern("__main__").value())
}

/// The module that an object can be found in under `name`.
fn module_of(cx: &mut Context, object: Value, name: Gc<Str>) -> Result<Value> {
    let path = split_path(cx, name);
    let attribute = cx.name(id::__module__);
    let module_name = cx.lookup_attr(object, attribute)?.and_then(Value::not_none);
    if path.iter().any(|part| part.is("<locals>")) {
        let shown = cx.repr(object)?;
        return Err(PICKLING_ERROR.raise(cx, format!("Can't pickle local object {}", shown.to_str())));
    }
    let module_name = match module_name {
        Some(name) => name,
        None => search_modules(cx, object, &path)?,
    };
    let module = match import(cx, module_name) {
        Ok(module) => module,
        Err(raised) => {
            let is_expected = cx.error_matches(&raised, exception::import_error)
                || cx.error_matches(&raised, exception::value_error);
            if !is_expected {
                return Err(raised);
            }
            let error = cx.take_exception(raised);
            let (begin, text) = (beginning(cx, object)?, cx.str(error)?);
            return Err(chained(cx, error, format!("{begin}{}", text.to_str())));
        }
    };
    let found = match attribute_path(cx, module, &path) {
        Ok(found) => found,
        Err(raised) => {
            let error = cx.swallow(raised, exception::attribute_error)?;
            let (begin, module_name) = (beginning(cx, object)?, cx.str(module_name)?);
            let (module_name, path) = (module_name.to_str(), name.to_str());
            return Err(chained(cx, error, format!("{begin}it's not found as {module_name}.{path}")));
        }
    };
    if found != object {
        let (begin, module_name) = (beginning(cx, object)?, cx.str(module_name)?);
        let (module_name, path) = (module_name.to_str(), name.to_str());
        let message = format!("{begin}it's not the same object as {module_name}.{path}");
        return Err(PICKLING_ERROR.raise(cx, message));
    }
    Ok(module_name)
}

/// Imports a module by a name that may be any object.
pub(super) fn import(cx: &mut Context, name: Value) -> Result {
    let Some(name) = name.downcast::<Str>() else {
        return Err(cx.type_error("module name must be a string"));
    };
    if name.is_empty() {
        return Err(cx.value_error("Empty module name"));
    }
    cx.import(&name.to_str())
}

impl Saver<'_> {
    /// Writes an object as the name that it can be found under; `name` is what its reduction returned.
    pub(super) fn save_global(
        &mut self,
        cx: &mut Context,
        object: Value,
        name: Option<Gc<Str>>,
    ) -> Result<()> {
        let name = match name {
            Some(name) => name.value(),
            None => {
                let qualname = cx.name(id::__qualname__);
                match cx.lookup_attr(object, qualname)? {
                    Some(name) => name,
                    None => {
                        let name = cx.name(id::__name__);
                        cx.get_attr(object, name)?
                    }
                }
            }
        };
        let Some(name) = name.downcast::<Str>() else {
            let found = cx.type_name(name);
            return Err(cx.type_error(format!("must be str, not {found}")));
        };
        let module = module_of(cx, object, name)?;
        if self.protocol >= 2 && self.save_extension(cx, object, module, name)? {
            return Ok(());
        }
        if self.protocol >= 4 {
            self.save(cx, module)?;
            self.save(cx, name.value())?;
            self.out.op(STACK_GLOBAL);
        } else {
            self.save_name(cx, module, name)?;
        }
        self.memoize(cx, object)
    }

    /// Writes the code that `copyreg` knows for a name; false if there is none.
    fn save_extension(
        &mut self,
        cx: &mut Context,
        object: Value,
        module: Value,
        name: Gc<Str>,
    ) -> Result<bool> {
        let registry = self.state.extension_registry();
        if registry.is_empty() {
            return Ok(false);
        }
        let key = cx.new_tuple(&[module, name.value()]).value();
        let Some(code) = registry.get(cx, key)? else { return Ok(false) };
        if !cx.is_int(code) {
            let (begin, code) = (beginning(cx, object)?, cx.repr(code)?);
            let message = format!("{begin}extension code {} isn't an integer", code.to_str());
            return Err(PICKLING_ERROR.raise(cx, message));
        }
        let wide = cx.index_i128(code)?;
        let [a, b, c, d] = (wide as u32).to_le_bytes();
        match wide {
            1..=0xff => self.out.put(&[EXT1, a]),
            0x100..=0xffff => self.out.put(&[EXT2, a, b]),
            0x1_0000..=0x7fff_ffff => self.out.put(&[EXT4, a, b, c, d]),
            _ => {
                let begin = beginning(cx, object)?;
                return Err(cx.runtime_error(format!("{begin}extension code {wide} is out of range")));
            }
        }
        Ok(true)
    }

    /// Before protocol 4 only names of a module are written; attributes of those are got by calls.
    fn save_name(&mut self, cx: &mut Context, module: Value, name: Gc<Str>) -> Result<()> {
        let path = split_path(cx, name);
        let (first, rest) = path.split_first().map_or((name, &[][..]), |(first, rest)| (*first, rest));
        for _ in rest {
            let getattr = self.state.getattr();
            self.save(cx, getattr)?;
            if self.protocol < 2 {
                self.out.op(MARK);
            }
        }
        self.save_top_name(cx, module, first)?;
        for attribute in rest {
            self.save(cx, attribute.value())?;
            self.out.op(if self.protocol < 2 { TUPLE } else { TUPLE2 });
            self.out.op(REDUCE);
        }
        Ok(())
    }

    fn save_top_name(&mut self, cx: &mut Context, module: Value, name: Gc<Str>) -> Result<()> {
        let (module, name) =
            if self.fix_imports { self.python2_name(cx, module, name)? } else { (module, name) };
        let Some(module) = module.downcast::<Str>() else {
            let found = cx.type_name(module);
            return Err(cx.type_error(format!("must be str, not {found}")));
        };
        self.out.op(GLOBAL);
        self.put_identifier(cx, module, "module")?;
        self.put_identifier(cx, name, "global")
    }

    fn put_identifier(&mut self, cx: &mut Context, name: Gc<Str>, what: &str) -> Result<()> {
        // Before protocol 3 only ASCII names are supported.
        let encoding = cx.intern(if self.protocol >= 3 { "utf-8" } else { "ascii" });
        match encode_str(cx, name, Some(encoding), None) {
            Ok(text) => self.out.put(text.as_slice()),
            Err(raised) => {
                let error = cx.swallow(raised, exception::unicode_encode_error)?;
                let (shown, protocol) = (cx.repr(name.value())?, self.protocol);
                let shown = shown.to_str();
                let message =
                    format!("can't pickle {what} identifier {shown} using pickle protocol {protocol}");
                return Err(chained(cx, error, message));
            }
        }
        self.out.op(b'\n');
        Ok(())
    }

    /// The module and name that Python 2 has for an object.
    fn python2_name(&self, cx: &mut Context, module: Value, name: Gc<Str>) -> Result<(Value, Gc<Str>)> {
        const NAMES: &str = "_compat_pickle.REVERSE_NAME_MAPPING values should be";
        let key = cx.new_tuple(&[module, name.value()]).value();
        if let Some(item) = self.state.reverse_name_mapping().get(cx, key)? {
            let &[module, name] = item.downcast::<Tuple>().as_ref().map_or(&[][..], |item| item.items())
            else {
                let found = cx.type_name(item);
                return Err(cx.runtime_error(format!("{NAMES} 2-tuples, not {found}")));
            };
            return match (module.downcast::<Str>(), name.downcast::<Str>()) {
                (Some(_), Some(name)) => Ok((module, name)),
                _ => {
                    let (module, name) = (cx.type_name(module), cx.type_name(name));
                    Err(cx.runtime_error(format!("{NAMES} pairs of str, not ({module}, {name})")))
                }
            };
        }
        match self.state.reverse_import_mapping().get(cx, module)? {
            None => Ok((module, name)),
            Some(renamed) if renamed.downcast::<Str>().is_some() => Ok((renamed, name)),
            Some(other) => {
                let found = cx.type_name(other);
                let message =
                    format!("_compat_pickle.REVERSE_IMPORT_MAPPING values should be strings, not {found}");
                Err(cx.runtime_error(message))
            }
        }
    }

    /// A class: those of the three singletons have no name of their own.
    pub(super) fn save_type(&mut self, cx: &mut Context, class: Value) -> Result<()> {
        let singletons = [Value::NONE, Value::NOT_IMPLEMENTED, Value::ELLIPSIS];
        let Some(singleton) = singletons.into_iter().find(|one| cx.class_of(*one).value() == class) else {
            return self.save_global(cx, class, None);
        };
        let type_ = Class::class_cell().get().value();
        let args = cx.new_tuple(&[singleton]).value();
        let reduced = cx.new_tuple(&[type_, args]);
        self.save_reduce(cx, reduced, Some(class))
    }
}
