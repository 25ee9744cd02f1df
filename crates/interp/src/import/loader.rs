//! The native loader: native modules, modules of the library, and, before importlib is there, source files on
//! `sys.path`. CPython: `BuiltinImporter`, `FrozenImporter`.

use std::path::PathBuf;
use std::sync::RwLock;

use taipan_runtime::exception::hierarchy;
use taipan_runtime::native::ModuleDef;
use taipan_runtime::prelude::*;
use taipan_runtime::types::module;

use crate::compile::Request;
use crate::types::code::Code;

static NATIVE: RwLock<Vec<&'static ModuleDef>> = RwLock::new(Vec::new());

/// Makes native modules known; they are made when they are imported.
pub fn add_modules(modules: &[&'static ModuleDef]) {
    NATIVE.write().unwrap_or_else(|poisoned| poisoned.into_inner()).extend_from_slice(modules);
}

/// Names of the native modules, sorted.
pub fn native_names() -> Vec<&'static str> {
    let mut names: Vec<_> =
        NATIVE.read().unwrap_or_else(|poisoned| poisoned.into_inner()).iter().map(|def| def.name).collect();
    names.sort_unstable();
    names
}

/// The definition of a native module.
pub fn native_module(name: &str) -> Option<&'static ModuleDef> {
    NATIVE
        .read()
        .unwrap_or_else(|poisoned| poisoned.into_inner())
        .iter()
        .find(|def| def.name == name)
        .copied()
}

/// Where a module's code comes from.
enum Found {
    Native(&'static ModuleDef),
    Code { code: Gc<Code>, is_package: bool, file: Option<PathBuf> },
}

fn find(cx: &mut Context, name: &str) -> Result<Option<Found>> {
    if let Some(def) = native_module(name) {
        return Ok(Some(Found::Native(def)));
    }
    if let Some((code, is_package)) = super::library::frozen(cx, name) {
        return Ok(Some(Found::Code { code, is_package, file: None }));
    }
    let Some((file, is_package)) = find_source(cx, name) else { return Ok(None) };
    let bytes = match std::fs::read(&file) {
        Ok(bytes) => bytes,
        Err(error) => {
            let path = crate::path::from_os(cx, file.as_os_str());
            return Err(cx.io_error(&error, Some(path)));
        }
    };
    let request = Request::of_file(&file.to_string_lossy());
    let code = crate::compile::compile(cx, &bytes, false, &request)?;
    Ok(Some(Found::Code { code, is_package, file: Some(file) }))
}

/// Is there a module with this absolute name?
pub(super) fn exists(cx: &mut Context, name: &str) -> bool {
    native_module(name).is_some()
        || super::library::frozen(cx, name).is_some()
        || find_source(cx, name).is_some()
}

/// The source file of a module on its package's path, or on `sys.path`.
fn find_source(cx: &mut Context, name: &str) -> Option<(PathBuf, bool)> {
    let (holder, attribute) = match name.rfind('.') {
        Some(dot) => (cx.intern(&name[..dot]), "__path__"),
        None => (cx.intern("sys"), "path"),
    };
    let holder = cx.vm().modules().get_str(cx, holder)?.downcast::<Module>()?;
    let path = holder.dict().get_str(cx, cx.intern(attribute))?.downcast::<List>()?;
    let tail = name.rsplit('.').next().unwrap_or(name);
    for entry in &path.snapshot(cx) {
        let Some(entry) = entry.downcast::<Str>() else { continue };
        let entry = PathBuf::from(crate::path::to_os(entry));
        let package = entry.join(tail).join("__init__.py");
        if package.is_file() {
            return Some((package, true));
        }
        let module = entry.join(format!("{tail}.py"));
        if module.is_file() {
            return Some((module, false));
        }
    }
    None
}

/// Loads a module, its packages first.
pub(crate) fn load(cx: &mut Context, name: &str) -> Result {
    let interned = cx.intern(name);
    if let Some(module) = cx.vm().modules().get_str(cx, interned) {
        return Ok(module);
    }
    let parent = match name.rfind('.') {
        Some(dot) => Some(load(cx, &name[..dot])?),
        None => None,
    };
    let Some(found) = find(cx, name)? else {
        let message = match (parent, name.rfind('.')) {
            (Some(parent), Some(dot)) if cx.lookup_attr_str(parent, "__path__")?.is_none() => {
                format!("No module named '{name}'; '{}' is not a package", &name[..dot])
            }
            _ => format!("No module named '{name}'"),
        };
        let name = Some(interned.value());
        return Err(cx.import_error_for(hierarchy::module_not_found_error, message, name, None, None));
    };
    let module = match found {
        Found::Native(def) => load_native(cx, interned, def)?,
        Found::Code { code, is_package, file } => load_code(cx, interned, code, is_package, file)?,
    };
    if let (Some(parent), Some(dot)) = (parent, name.rfind('.')) {
        let tail = cx.intern(&name[dot + 1..]);
        cx.set_attr(parent, tail, module)?;
    }
    Ok(module)
}

/// Makes a native module and fills it.
pub(crate) fn load_native(cx: &mut Context, name: Gc<Str>, def: &'static ModuleDef) -> Result {
    let module = Module::new(cx, name, None);
    cx.vm().modules().set_str(cx, name, module.value());
    if let Err(raised) = module::run_def(module, cx, def) {
        cx.vm().modules().remove_str(cx, name);
        return Err(raised);
    }
    Ok(module.value())
}

fn load_code(
    cx: &mut Context,
    name: Gc<Str>,
    code: Gc<Code>,
    is_package: bool,
    file: Option<PathBuf>,
) -> Result {
    let module = Module::new(cx, name, None);
    let dict = module.dict();
    let text = name.to_str().into_owned();
    let package = if is_package { text.as_str() } else { text.rfind('.').map_or("", |dot| &text[..dot]) };
    let package = cx.intern(package).value();
    dict.set_str(cx, cx.name(id::__package__), package);
    if let Some(file) = &file {
        let path = crate::path::from_os(cx, file.as_os_str());
        dict.set_str(cx, cx.name(id::__file__), path);
    }
    if is_package {
        let path = match file.as_ref().and_then(|file| file.parent()) {
            Some(directory) => {
                let directory = crate::path::from_os(cx, directory.as_os_str());
                cx.new_list(&[directory])
            }
            None => cx.new_list(&[]),
        };
        dict.set_str(cx, cx.name(id::__path__), path.value());
    }
    let builtins = cx.vm().builtins().value();
    dict.set_str(cx, cx.name(id::__builtins__), builtins);
    cx.vm().modules().set_str(cx, name, module.value());
    match crate::call::execute(cx, code, dict, dict.value()) {
        // The code may have put something else in its place.
        Ok(_) => Ok(cx.vm().modules().get_str(cx, name).unwrap_or(module.value())),
        Err(raised) => {
            cx.vm().modules().remove_str(cx, name);
            Err(raised)
        }
    }
}
