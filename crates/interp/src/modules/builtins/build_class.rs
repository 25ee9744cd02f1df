//! `__build_class__`: what a class statement does. CPython: `builtin___build_class__`.

use taipan_runtime::prelude::*;
use taipan_runtime::types::cell::Cell;
use taipan_runtime::types::type_::calculate_metaclass;

use crate::types::function::Function;

pub(super) fn build_class(cx: &mut Context, args: &[Value], kwargs: Gc<Dict>) -> Result {
    let [function, name, bases @ ..] = args else {
        return Err(cx.type_error("__build_class__: not enough arguments"));
    };
    let Some(function) = function.downcast::<Function>() else {
        return Err(cx.type_error("__build_class__: func must be a function"));
    };
    let Some(name) = name.downcast::<Str>() else {
        return Err(cx.type_error("__build_class__: name is not a string"));
    };
    let original = cx.new_tuple(bases);
    let bases = resolve_bases(cx, original)?;
    let metaclass_name = cx.name(id::metaclass);
    let (mut metaclass, is_class) = match kwargs.remove_str(cx, metaclass_name) {
        Some(metaclass) => (metaclass, metaclass.downcast::<Class>().is_some()),
        None => match bases.items().first() {
            Some(base) => (cx.class_of(*base).value(), true),
            None => (Class::class_cell().get().value(), true),
        },
    };
    if is_class && let Some(class) = metaclass.downcast::<Class>() {
        metaclass = calculate_metaclass(cx, class, bases.items())?.value();
    }
    let namespace = prepare(cx, metaclass, is_class, name, bases, kwargs)?;
    let cell = crate::call::run_code(cx, function, namespace)?;
    if bases != original {
        let key = cx.name(id::__orig_bases__).value();
        cx.set_item(namespace, key, original.value())?;
    }
    let class = cx.call_ex(metaclass, &[name.value(), bases.value(), namespace], Some(kwargs))?;
    if let Some(cell) = cell.downcast::<Cell>()
        && class.downcast::<Class>().is_some()
    {
        check_cell(cx, name, cell, class)?;
    }
    Ok(class)
}

/// The `__class__` cell has to hold the class that was made.
fn check_cell(cx: &mut Context, name: Gc<Str>, cell: Gc<Cell>, class: Value) -> Result<()> {
    // The reprs may run Python, so they are made only when there is something to say.
    if cell.get() == Some(class) {
        return Ok(());
    }
    let (shown, name) = (cx.repr(name.value())?, cx.repr(class)?);
    match cell.get() {
        None => Err(cx.runtime_error(format!(
            "__class__ not set defining {} as {}. Was __classcell__ propagated to type.__new__?",
            shown.to_str(),
            name.to_str()
        ))),
        Some(found) => {
            let found = cx.repr(found)?;
            Err(cx.type_error(format!(
                "__class__ set to {} defining {} as {}",
                found.to_str(),
                shown.to_str(),
                name.to_str()
            )))
        }
    }
}

/// The namespace that the body runs in.
fn prepare(
    cx: &mut Context,
    metaclass: Value,
    is_class: bool,
    name: Gc<Str>,
    bases: Gc<Tuple>,
    kwargs: Gc<Dict>,
) -> Result {
    let Some(prepare) = cx.lookup_attr_str(metaclass, "__prepare__")? else {
        return Ok(cx.new_dict().value());
    };
    let namespace = cx.call_ex(prepare, &[name.value(), bases.value()], Some(kwargs))?;
    let is_mapping = cx.class_of(namespace).slots.get_item.is_set() && namespace.downcast::<List>().is_none();
    if is_mapping {
        return Ok(namespace);
    }
    let owner = match metaclass.downcast::<Class>() {
        Some(class) if is_class => class.name().to_str().into_owned(),
        _ => "<metaclass>".to_owned(),
    };
    let got = cx.type_name(namespace);
    Err(cx.type_error(format!("{owner}.__prepare__() must return a mapping, not {got}")))
}

/// Replaces bases that are no classes by what their `__mro_entries__` gives.
pub(crate) fn resolve_bases(cx: &mut Context, bases: Gc<Tuple>) -> Result<Gc<Tuple>> {
    let mut resolved: Option<GVec<Value>> = None;
    for (index, base) in bases.items().iter().enumerate() {
        let entries = if base.downcast::<Class>().is_some() {
            None
        } else {
            cx.lookup_attr_str(*base, "__mro_entries__")?
        };
        let Some(entries) = entries else {
            if let Some(resolved) = &mut resolved {
                resolved.push(*base);
            }
            continue;
        };
        let replacement = cx.call(entries, &[bases.value()])?;
        let Some(replacement) = replacement.downcast::<Tuple>() else {
            return Err(cx.type_error("__mro_entries__ must return a tuple"));
        };
        let resolved = resolved.get_or_insert_with(|| {
            let mut kept = GVec::new();
            kept.extend_from_slice(&bases.items()[..index]);
            kept
        });
        resolved.extend_from_slice(replacement.items());
    }
    Ok(match resolved {
        Some(resolved) => cx.new_tuple(&resolved),
        None => bases,
    })
}
