//! `import`. CPython: `Python/import.c`.
//!
//! A module that is loaded already is found without Python. Otherwise the library's importlib decides, once it
//! is set up; until then, and for what it is made of, the native loader below brings in native modules and those
//! of the library.
//! Invariant: a module is in `sys.modules` before its code runs, and out again if that fails.

pub(crate) mod finder;
pub(crate) mod library;
mod loader;
pub mod program;
mod relative;
mod setup;
pub mod source;
mod timing;
mod trim;

use taipan_runtime::exception::hierarchy;
use taipan_runtime::prelude::*;

pub use library::{set_library, set_library_data};
pub(crate) use loader::load as load_native_or_library;
pub use loader::{add_modules, native_module, native_names};
pub use setup::{append_path, error_text, main_module, prepend_path, set_up, text_of_path};

/// Top-level names of the library and of the native modules.
pub fn library_names() -> Vec<&'static str> {
    let mut names = native_names();
    names.extend(library::names().into_iter().filter(|name| !name.contains('.')));
    names
}

/// Is the library's importlib at work?
pub fn is_complete() -> bool {
    library::is_installed()
}

/// The import statement: through `builtins.__import__`, which code may have replaced.
pub(crate) fn import_statement(
    cx: &mut Context,
    name: Gc<Str>,
    globals: Gc<Dict>,
    builtins: Value,
    namespace: Value,
    fromlist: Value,
    level: Value,
) -> Result {
    let hook = match builtins.downcast::<Dict>() {
        Some(builtins) => builtins.get_str(cx, cx.name(id::__import__)),
        None => {
            let key = cx.name(id::__import__).value();
            match cx.get_item(builtins, key) {
                Ok(hook) => Some(hook),
                Err(raised) => {
                    cx.swallow(raised, taipan_runtime::exception::key_error)?;
                    None
                }
            }
        }
    };
    let Some(hook) = hook else { return Err(cx.import_error("__import__ not found")) };
    let native = cx.vm().builtins().get_str(cx, cx.name(id::__import__));
    if Some(hook) == native
        && hook.downcast::<taipan_runtime::types::native_function::NativeFunction>().is_some()
        && let Some(level) = level.as_small_int()
    {
        return import(cx, name.value(), globals.value(), fromlist, level as i32);
    }
    cx.call(hook, &[name.value(), globals.value(), namespace, fromlist, level])
}

/// `__import__`. CPython: `PyImport_ImportModuleLevelObject`.
pub(crate) fn import(cx: &mut Context, name: Value, globals: Value, fromlist: Value, level: i32) -> Result {
    import_untrimmed(cx, name, globals, fromlist, level).map_err(|raised| trim::without_importlib(cx, raised))
}

fn import_untrimmed(cx: &mut Context, name: Value, globals: Value, fromlist: Value, level: i32) -> Result {
    let Some(name) = name.downcast::<Str>() else {
        return Err(cx.type_error("module name must be a string"));
    };
    if level < 0 {
        return Err(cx.value_error("level must be >= 0"));
    }
    let absolute = if level > 0 {
        relative::resolve(cx, name, globals, level as usize)?
    } else if name.len() == 0 {
        return Err(cx.value_error("Empty module name"));
    } else {
        name.intern(cx)
    };
    let module = load(cx, absolute)?;
    let has_from = !fromlist.is_none() && cx.truth(fromlist)?;
    if has_from {
        return handle_fromlist(cx, module, fromlist);
    }
    let text = name.to_str().into_owned();
    if level == 0 || !text.is_empty() {
        let Some(dot) = text.find('.') else { return Ok(module) };
        let front = if level == 0 {
            text[..dot].to_owned()
        } else {
            // Without what follows the first dot of the name as written.
            let absolute = absolute.to_str();
            absolute[..absolute.len() - (text.len() - dot)].to_owned()
        };
        let front = cx.intern(&front);
        return match cx.vm().modules().get_str(cx, front) {
            Some(module) => Ok(module),
            None if level == 0 => load(cx, front),
            None => {
                let message = format!("{} not in sys.modules as expected", cx.repr(front.value())?.to_str());
                Err(cx.raise_message(hierarchy::key_error, &message))
            }
        };
    }
    Ok(module)
}

/// The module with an absolute name, loaded if need be.
fn load(cx: &mut Context, name: Gc<Str>) -> Result {
    if let Some(module) = cx.vm().modules().get_str(cx, name) {
        if !module.is_none() {
            wait_until_initialized(cx, module, name)?;
            // Another thread's import may have failed meanwhile; then it is done again here.
            if cx.vm().modules().get_str(cx, name) == Some(module) {
                timing::cached(name);
                return Ok(module);
            }
            return find_and_load(cx, name);
        }
        let message = format!("import of {} halted; None in sys.modules", name.to_str());
        return Err(cx.import_error_for(
            hierarchy::module_not_found_error,
            message,
            Some(name.value()),
            None,
            None,
        ));
    }
    find_and_load(cx, name)
}

fn find_and_load(cx: &mut Context, name: Gc<Str>) -> Result {
    cx.audit("import", |cx| {
        let path = ["path", "meta_path", "path_hooks"].map(|name| cx.sys_attr(name).unwrap_or(Value::NONE));
        [name.value(), Value::NONE, path[0], path[1], path[2]]
    })?;
    match library::importlib(cx) {
        Some(importlib) => {
            let find = cx.get_attr_str(importlib, "_find_and_load")?;
            let gcd = cx.get_attr_str(importlib, "_gcd_import")?;
            timing::timed(name, || cx.call(find, &[name.value(), gcd]))
        }
        None => loader::load(cx, &name.to_str()),
    }
}

/// Another thread may still run the module's code.
fn wait_until_initialized(cx: &mut Context, module: Value, name: Gc<Str>) -> Result<()> {
    let Some(body) = module.downcast::<Module>() else { return Ok(()) };
    let Some(spec) = body.dict().get_str(cx, cx.name(id::__spec__)) else { return Ok(()) };
    if spec.is_none() {
        return Ok(());
    }
    let initializing = cx.name(id::_initializing);
    let Some(flag) = cx.lookup_attr(spec, initializing)? else { return Ok(()) };
    if !cx.truth(flag)? {
        return Ok(());
    }
    if let Some(importlib) = library::importlib(cx) {
        cx.call_method(importlib, "_lock_unlock_module", &[name.value()])?;
    }
    Ok(())
}

/// Imports the submodules that `from module import a, b` names.
fn handle_fromlist(cx: &mut Context, module: Value, fromlist: Value) -> Result {
    let path = cx.name(id::__path__);
    if cx.lookup_attr(module, path)?.is_none() {
        return Ok(module);
    }
    if let Some(importlib) = library::importlib(cx) {
        let handle = cx.get_attr_str(importlib, "_handle_fromlist")?;
        let gcd = cx.get_attr_str(importlib, "_gcd_import")?;
        return cx.call(handle, &[module, fromlist, gcd]);
    }
    let names = cx.collect(fromlist)?;
    for name in &names {
        let Some(text) = name.downcast::<Str>() else { continue };
        let text = text.intern(cx);
        if &*text.to_str() != "*" && cx.lookup_attr(module, text)?.is_none() {
            let package = cx.get_attr_str(module, "__name__")?;
            let package = cx.str(package)?.to_str().into_owned();
            let full = format!("{package}.{}", text.to_str());
            if loader::exists(cx, &full) {
                loader::load(cx, &full)?;
            }
        }
    }
    Ok(module)
}

/// `from module import name`. CPython: `_PyEval_ImportFrom`.
pub(crate) fn import_from(cx: &mut Context, module: Value, name: Gc<Str>) -> Result {
    if let Some(value) = cx.lookup_attr(module, name)? {
        return Ok(value);
    }
    let package_name = cx.name(id::__name__);
    let package = cx.lookup_attr(module, package_name)?.and_then(Value::downcast::<Str>);
    if let Some(package) = package {
        let full = cx.intern(&format!("{}.{}", package.to_str(), name.to_str()));
        if let Some(module) = cx.vm().modules().get_str(cx, full) {
            return Ok(module);
        }
    }
    Err(relative::cannot_import(cx, module, package, name)?)
}

/// `import name` for natives: the module of the dotted name itself.
pub(crate) fn import_by_name(cx: &mut Context, name: &str) -> Result {
    let name = cx.intern(name);
    load(cx, name)
}
