//! `min` and `max`. CPython: `min_max` of `Python/bltinmodule.c`.

use taipan_runtime::prelude::*;

/// The least or greatest value, the first of equals.
pub(super) fn extreme(
    cx: &mut Context,
    name: &str,
    better: CompareOp,
    args: &[Value],
    kwargs: Gc<Dict>,
) -> Result {
    if args.is_empty() {
        return Err(super::too_few(cx, name, 1, 0));
    }
    if kwargs.is_empty() && args.len() > 1 {
        return of_arguments(cx, better, args);
    }
    let (mut key, mut default) = (None, None);
    for (keyword, value) in kwargs.entries(cx) {
        let keyword = cx.str(keyword)?.to_str().into_owned();
        match keyword.as_str() {
            "key" => key = value.not_none(),
            "default" => default = Some(value),
            other => {
                return Err(cx.type_error(format!("{name}() got an unexpected keyword argument '{other}'")));
            }
        }
    }
    if args.len() > 1 && default.is_some() {
        return Err(cx.type_error(format!(
            "Cannot specify a default for {name}() with multiple positional arguments"
        )));
    }
    let source = if args.len() > 1 { cx.new_tuple(args).value() } else { args[0] };
    let iterator = cx.iter(source)?;
    let mut best: Option<(Value, Value)> = None;
    while let Some(item) = cx.next(iterator)? {
        cx.poll()?;
        let rank = match key {
            Some(key) => cx.call(key, &[item])?,
            None => item,
        };
        best = match best {
            Some((_, best_rank)) if cx.compare_bool(rank, best_rank, better)? => Some((item, rank)),
            None => Some((item, rank)),
            kept => kept,
        };
    }
    match best.map(|(item, _)| item).or(default) {
        Some(item) => Ok(item),
        None => Err(cx.value_error(format!("{name}() iterable argument is empty"))),
    }
}

/// The same of arguments without a key.
fn of_arguments(cx: &mut Context, better: CompareOp, args: &[Value]) -> Result {
    let mut best = args[0];
    for item in &args[1..] {
        if cx.compare_bool(*item, best, better)? {
            best = *item;
        }
    }
    Ok(best)
}
