//! Paths of `find` and its like: what is a plain tag is looked for here, the rest is `xml.etree.ElementPath`'s.
//!
//! Invariant: children are asked for one by one, as comparing may run a program's own code.

use taipan_runtime::prelude::*;
use taipan_runtime::types::bytes::Bytes;

use super::element::Element;

/// Whether a path is a tag and nothing more.
pub(super) fn plain(path: Value, namespaces: Value) -> bool {
    if !namespaces.is_none() {
        return false;
    }
    match (path.downcast::<Str>(), path.downcast::<Bytes>()) {
        (Some(path), _) => is_tag(path.chars()),
        (None, Some(path)) => is_tag(path.as_slice().iter().map(|byte| u32::from(*byte))),
        (None, None) => false,
    }
}

fn is_tag(path: impl Iterator<Item = u32>) -> bool {
    let (mut in_namespace, mut start) = (false, [0; 3]);
    for (at, code) in path.enumerate() {
        if at < 3 {
            start[at] = code;
        }
        match u8::try_from(code) {
            Ok(b'{') => in_namespace = true,
            Ok(b'}') => in_namespace = false,
            Ok(b'/' | b'*' | b'[' | b'@' | b'.') if !in_namespace => return false,
            _ => {}
        }
    }
    // Any namespace, or none.
    let [first, second, third] = start.map(|code| u8::try_from(code).unwrap_or(0));
    !(first == b'{' && third != 0 && (second == b'}' || (second == b'*' && third == b'}')))
}

/// Whether a tag is the one that is looked for.
pub(super) fn same(cx: &mut Context, tag: Value, wanted: Value) -> Result<bool> {
    if tag == wanted {
        return Ok(true);
    }
    match (tag.downcast::<Str>(), wanted.downcast::<Str>()) {
        (Some(tag), Some(wanted)) if tag.is_exact() && wanted.is_exact() => Ok(tag.equals(&wanted)),
        _ => cx.eq(tag, wanted),
    }
}

/// The first child with a tag.
pub(super) fn first(cx: &mut Context, parent: Gc<Element>, tag: Value) -> Result<Option<Gc<Element>>> {
    let mut index = 0;
    while let Some(child) = parent.child(index) {
        if same(cx, child.tag.load_or_none(), tag)? {
            return Ok(Some(child));
        }
        index += 1;
    }
    Ok(None)
}

/// Calls a function of `xml.etree.ElementPath`.
pub(super) fn call(cx: &mut Context, function: &str, args: &[Value]) -> Result {
    let name = cx.new_str("xml.etree.ElementPath").value();
    let loaded = match cx.sys_attr("modules").and_then(Value::downcast::<Dict>) {
        Some(modules) => modules.get(cx, name)?,
        None => None,
    };
    let module = match loaded {
        Some(module) => module,
        None => {
            let importlib = cx.import("importlib")?;
            let import = cx.get_attr_str(importlib, "import_module")?;
            cx.call(import, &[name])?
        }
    };
    let function = cx.get_attr_str(module, function)?;
    cx.call(function, args)
}
