//! Imports. CPython: `IMPORT_NAME`, `IMPORT_FROM`, `import_all_from` of `Python/ceval.c`.

use taipan_runtime::types::dict::Dict;
use taipan_runtime::types::str::Str;
use taipan_runtime::{Context, Result, Value};

use crate::dispatch::{Flow, State};
use crate::import;

super::outlined! {
    import_name => slow_import_name;
    import_from => slow_import_from;
    import_star => slow_import_star;
}

fn slow_import_name(s: &mut State) -> Flow {
    let args = s.b();
    let (level, fromlist) = (s.value(args), s.value(args + 1));
    let name = s.name();
    let private = s.private();
    let (globals, builtins) = (private.globals(), private.builtins());
    let namespace = s.frame().namespace().unwrap_or(Value::NONE);
    let cx = s.enter();
    let result = import::import_statement(cx, name, globals, builtins, namespace, fromlist, level);
    s.finish(s.a(), result)
}

fn slow_import_from(s: &mut State) -> Flow {
    let module = s.value(s.b());
    let name = s.name();
    let result = import::import_from(s.enter(), module, name);
    s.finish(s.a(), result)
}

fn slow_import_star(s: &mut State) -> Flow {
    let module = s.value(s.a());
    let namespace = s.frame().namespace();
    let cx = s.enter();
    let result = match namespace {
        Some(namespace) => import_all(cx, module, namespace),
        None => Err(cx.system_error("no locals found during 'import *'")),
    };
    s.finish_unit(result)
}

/// Copies what `__all__` names, or else every name without an underscore in front.
fn import_all(cx: &mut Context, module: Value, namespace: Value) -> Result<()> {
    let all = cx.lookup_attr_str(module, "__all__")?;
    let (names, skip_private) = match all {
        Some(all) => (all, false),
        None => {
            let Some(dict) = cx.lookup_attr_str(module, "__dict__")? else {
                return Err(cx.import_error("from-import-* object has no __dict__ and no __all__"));
            };
            let keys = cx.call_method(dict, "keys", &[])?;
            (keys, true)
        }
    };
    let names = cx.collect(names)?;
    for name in &names {
        let Some(text) = name.downcast::<Str>() else {
            return Err(not_a_name(cx, module, *name, skip_private)?);
        };
        if skip_private && text.char_at(0) == '_' as u32 {
            continue;
        }
        let text = text.intern(cx);
        let value = cx.get_attr(module, text)?;
        match cx.exact::<Dict>(namespace) {
            Some(dict) => dict.set_str(cx, text, value),
            None => cx.set_item(namespace, text.value(), value)?,
        }
    }
    Ok(())
}

fn not_a_name(cx: &mut Context, module: Value, name: Value, key: bool) -> Result<taipan_runtime::Raised> {
    let module_name = cx.get_attr_str(module, "__name__")?;
    let module_name = cx.str(module_name)?.to_str().into_owned();
    let got = cx.type_name(name);
    let message = if key {
        format!("Key in {module_name}.__dict__ must be str, not {got}")
    } else {
        format!("Item in {module_name}.__all__ must be str, not {got}")
    };
    Ok(cx.type_error(message))
}
