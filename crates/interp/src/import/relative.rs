//! Relative names and the errors of `from`. CPython: `resolve_name` of `Python/import.c`, `_PyEval_ImportFrom`.

use taipan_runtime::exception::hierarchy;
use taipan_runtime::prelude::*;

/// The absolute name of a relative import.
pub(super) fn resolve(cx: &mut Context, name: Gc<Str>, globals: Value, level: usize) -> Result<Gc<Str>> {
    let Some(globals) = globals.downcast::<Dict>() else {
        return Err(cx.type_error("globals must be a dict"));
    };
    let package = package_of(cx, globals)?;
    let text = package.to_str().into_owned();
    if text.is_empty() {
        return Err(cx.import_error("attempted relative import with no known parent package"));
    }
    let mut base = text.as_str();
    for _ in 1..level {
        match base.rfind('.') {
            Some(dot) => base = &base[..dot],
            None => return Err(cx.import_error("attempted relative import beyond top-level package")),
        }
    }
    if name.len() == 0 {
        return Ok(cx.intern(base));
    }
    Ok(cx.intern(&format!("{base}.{}", name.to_str())))
}

/// The package that a module belongs to: `__package__`, else `__spec__.parent`, else from its name.
fn package_of(cx: &mut Context, globals: Gc<Dict>) -> Result<Gc<Str>> {
    let package = globals.get_str(cx, cx.name(id::__package__)).and_then(Value::not_none);
    let spec = globals.get_str(cx, cx.name(id::__spec__)).and_then(Value::not_none);
    if let Some(package) = package {
        return match package.downcast::<Str>() {
            Some(package) => Ok(package),
            None => Err(cx.type_error("package must be a string")),
        };
    }
    if let Some(spec) = spec {
        let parent = cx.get_attr_str(spec, "parent")?;
        return match parent.downcast::<Str>() {
            Some(parent) => Ok(parent),
            None => Err(cx.type_error("__spec__.parent must be a string")),
        };
    }
    let message = "can't resolve package from __spec__ or __package__, falling back on __name__ and __path__";
    cx.warn(hierarchy::import_warning, message, 1)?;
    let Some(name) = globals.get_str(cx, cx.name(id::__name__)) else {
        return Err(cx.raise_message(hierarchy::key_error, "'__name__' not in globals"));
    };
    let Some(name) = name.downcast::<Str>() else {
        return Err(cx.type_error("__name__ must be a string"));
    };
    if globals.get_str(cx, cx.name(id::__path__)).is_some() {
        return Ok(name);
    }
    let text = name.to_str().into_owned();
    Ok(cx.intern(text.rfind('.').map_or("", |dot| &text[..dot])))
}

/// The error of a name that a module does not have.
pub(super) fn cannot_import(
    cx: &mut Context,
    module: Value,
    package: Option<Gc<Str>>,
    name: Gc<Str>,
) -> Result<Raised> {
    let shown = match package {
        Some(package) => cx.repr(package.value())?.to_str().into_owned(),
        None => "'<unknown module name>'".to_owned(),
    };
    let spec_name = cx.name(id::__spec__);
    let spec = cx.lookup_attr(module, spec_name)?.and_then(Value::not_none);
    let file_name = cx.name(id::__file__);
    let origin = cx.lookup_attr(module, file_name)?.and_then(Value::downcast::<Str>);
    let wanted = cx.repr(name.value())?.to_str().into_owned();
    let initializing = match spec {
        Some(spec) => {
            let initializing = cx.name(id::_initializing);
            match cx.lookup_attr(spec, initializing)? {
                Some(flag) => cx.truth(flag)?,
                None => false,
            }
        }
        None => false,
    };
    let place = origin.map_or_else(|| "unknown location".to_owned(), |origin| origin.to_str().into_owned());
    let message = if initializing && origin.is_some() {
        format!(
            "cannot import name {wanted} from partially initialized module {shown} (most likely due to a circular import) ({place})"
        )
    } else {
        format!("cannot import name {wanted} from {shown} ({place})")
    };
    let package = package.map(Gc::value);
    Ok(cx.import_error_for(
        hierarchy::import_error,
        message,
        package,
        origin.map(Gc::value),
        Some(name.value()),
    ))
}
