//! The C3 method resolution order. CPython: `mro_implementation` in `Objects/typeobject.c`.

use crate::context::Context;
use crate::error::{Raised, Result};
use crate::object::Gc;
use crate::types::type_::Class;
use crate::value::Value;

/// The MRO of a class with these bases, without the class itself.
// Traced: nothing collects before the list is dropped: no `&mut Context` meanwhile, or the cells are reachable from bases.
pub(crate) fn merge(cx: &Context, bases: &[Value]) -> Result<Vec<Value>> {
    if let [base] = bases {
        return Ok(mro_of(*base).to_vec());
    }
    for (i, base) in bases.iter().enumerate() {
        if bases[..i].contains(base) {
            return Err(cx.type_error(format!("duplicate base class {}", name_of(*base))));
        }
    }
    // Traced: nothing collects before the list is dropped: no `&mut Context` meanwhile, or the cells are reachable from bases.
    let mut lists: Vec<Vec<Value>> = bases.iter().map(|base| mro_of(*base).to_vec()).collect();
    lists.push(bases.to_vec());
    let mut heads = vec![0; lists.len()];
    let mut merged = Vec::new();
    loop {
        let mut pending = false;
        let mut chosen = None;
        for (list, head) in lists.iter().zip(&heads) {
            let Some(candidate) = list.get(*head) else { continue };
            pending = true;
            let in_a_tail = lists
                .iter()
                .zip(&heads)
                .any(|(other, at)| other.get(at + 1..).is_some_and(|tail| tail.contains(candidate)));
            if !in_a_tail {
                chosen = Some(*candidate);
                break;
            }
        }
        match chosen {
            Some(class) => {
                merged.push(class);
                for (list, head) in lists.iter().zip(&mut heads) {
                    if list.get(*head) == Some(&class) {
                        *head += 1;
                    }
                }
            }
            None if pending => return Err(inconsistent(cx, &lists, &heads)),
            None => return Ok(merged),
        }
    }
}

// Traced: nothing collects before the list is dropped: no `&mut Context` meanwhile, or the cells are reachable from bases.
fn mro_of(class: Value) -> Vec<Value> {
    class.downcast::<Class>().map(|class| class.mro().items().to_vec()).unwrap_or_default()
}

fn name_of(class: Value) -> String {
    class.downcast::<Class>().map(|class| class.name().to_str().into_owned()).unwrap_or_default()
}

#[cold]
// Traced: nothing collects before the list is dropped: no `&mut Context` meanwhile, or the cells are reachable from bases.
fn inconsistent(cx: &Context, lists: &[Vec<Value>], heads: &[usize]) -> Raised {
    // Traced: nothing collects before the list is dropped: no `&mut Context` meanwhile, or the cells are reachable from bases.
    let mut left: Vec<Value> = Vec::new();
    for (list, head) in lists.iter().zip(heads) {
        if let Some(class) = list.get(*head)
            && !left.contains(class)
        {
            left.push(*class);
        }
    }
    let names: Vec<String> = left.into_iter().map(name_of).collect();
    cx.type_error(format!(
        "Cannot create a consistent method resolution order (MRO) for bases {}",
        names.join(", ")
    ))
}

/// The MRO as `type.mro()` and class creation see it: the class itself first.
// Traced: nothing collects before the list is dropped: no `&mut Context` meanwhile, or the cells are reachable from bases.
pub(crate) fn compute(cx: &Context, class: Gc<Class>, bases: &[Value]) -> Result<Vec<Value>> {
    let mut mro = vec![class.value()];
    mro.extend(merge(cx, bases)?);
    Ok(mro)
}
