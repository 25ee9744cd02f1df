//! Binding the arguments of a call to the parameters of a Python function. CPython: `initialize_locals` in
//! `Python/ceval.c`, whose messages these are.
//! Invariant: on success every parameter register is bound and all other locals are EMPTY.

use taipan_bytecode::{Code as Data, code_flag};
use taipan_runtime::native::Args;
use taipan_runtime::types::dict::Dict;
use taipan_runtime::{Context, Gc, Raised, Result, Value};

use crate::cache::Private;
use crate::frame::Frame;
use crate::types::function::Function;
use taipan_runtime::suggest::closest;

/// Fills the parameter registers of `frame`, which lies above everything in use, and empties the other locals. The
/// parameters are those of `private`, whatever code another thread gives the function meanwhile.
pub(crate) fn bind(
    cx: &mut Context,
    function: Gc<Function>,
    private: Private,
    receiver: Option<Value>,
    args: Args<'_>,
    frame: Frame,
) -> Result<()> {
    let code = private.code();
    let data = code.data();
    for index in 0..data.locals.len().max(data.parameter_count() as usize) {
        frame.set(index, None);
    }
    let positional = Positional { receiver, rest: args.positional() };
    let arg_count = data.arg_count as usize;
    for index in 0..positional.len().min(arg_count) {
        frame.set(index, positional.get(index));
    }
    let total = arg_count + data.kwonly_count as usize;
    let has_varargs = data.flags & code_flag::VARARGS != 0;
    if has_varargs {
        frame.set(total, Some(positional.from(cx, arg_count)));
    }
    let mut var_keywords = None;
    if data.flags & code_flag::VARKEYWORDS != 0 {
        let dict = cx.new_dict();
        frame.set(total + has_varargs as usize, Some(dict.value()));
        var_keywords = Some(dict);
    }
    if args.keyword_count() > 0 {
        bind_keywords(cx, function, private, args, frame, var_keywords)?;
    }
    if positional.len() > arg_count && !has_varargs {
        return Err(too_many(cx, function, private, positional.len(), frame));
    }
    if positional.len() < arg_count {
        fill_defaults(cx, function, private, positional.len(), frame)?;
    }
    if data.kwonly_count > 0 {
        fill_keyword_defaults(cx, function, private, frame)?;
    }
    Ok(())
}

/// Positional arguments, with the receiver of a method call before them.
struct Positional<'a> {
    receiver: Option<Value>,
    rest: &'a [Value],
}

impl Positional<'_> {
    fn len(&self) -> usize {
        self.receiver.is_some() as usize + self.rest.len()
    }

    fn get(&self, index: usize) -> Option<Value> {
        match self.receiver {
            Some(receiver) if index == 0 => Some(receiver),
            Some(_) => self.rest.get(index - 1).copied(),
            None => self.rest.get(index).copied(),
        }
    }

    /// The arguments from `first` on, as a tuple.
    fn from(&self, cx: &Context, first: usize) -> Value {
        match self.receiver {
            Some(receiver) if first == 0 => {
                let mut items = taipan_runtime::buffer::GVec::new();
                items.push(receiver);
                items.extend(self.rest.iter().copied());
                cx.new_tuple(&items).value()
            }
            receiver => {
                let first = first - receiver.is_some() as usize;
                cx.new_tuple(self.rest.get(first..).unwrap_or(&[])).value()
            }
        }
    }
}

fn bind_keywords(
    cx: &mut Context,
    function: Gc<Function>,
    private: Private,
    args: Args<'_>,
    frame: Frame,
    var_keywords: Option<Gc<Dict>>,
) -> Result<()> {
    let code = private.code();
    let data = code.data();
    let total = (data.arg_count + data.kwonly_count) as usize;
    let posonly = data.posonly_count as usize;
    let names = code.parameter_names(cx);
    for (keyword, value) in args.keywords() {
        // Names in code are interned; those of `**mapping` need not be.
        let mut found = (posonly..total).find(|index| names.items()[*index] == keyword.value());
        if found.is_none() && !keyword.is_interned() {
            let text = keyword.to_str();
            found = (posonly..total).find(|index| *data.locals[*index].name == *text);
        }
        match found {
            Some(index) if frame.get(index).is_some() => {
                let (name, text) = (function.qualname(cx), keyword.to_str());
                return Err(
                    cx.type_error(format!("{}() got multiple values for argument '{text}'", name.to_str()))
                );
            }
            Some(index) => frame.set(index, Some(value)),
            None => match var_keywords {
                Some(dict) => dict.set_str(cx, keyword, value),
                None => return Err(unexpected(cx, function, data, args, &keyword.to_str())),
            },
        }
    }
    Ok(())
}

#[cold]
fn unexpected(cx: &Context, function: Gc<Function>, data: &Data, args: Args<'_>, keyword: &str) -> Raised {
    let name = function.qualname(cx);
    let posonly = data.posonly_count as usize;
    let refused: Vec<String> = args
        .keywords()
        .map(|(keyword, _)| keyword.to_str().into_owned())
        .filter(|keyword| data.locals[..posonly].iter().any(|local| *local.name == **keyword))
        .collect();
    if !refused.is_empty() {
        let refused = refused.join(", ");
        return cx.type_error(format!(
            "{}() got some positional-only arguments passed as keyword arguments: '{refused}'",
            name.to_str()
        ));
    }
    let total = (data.arg_count + data.kwonly_count) as usize;
    let candidates = data.locals[posonly..total].iter().map(|local| &*local.name);
    match closest(keyword, candidates) {
        Some(suggestion) => cx.type_error(format!(
            "{}() got an unexpected keyword argument '{keyword}'. Did you mean '{suggestion}'?",
            name.to_str()
        )),
        None => cx.type_error(format!("{}() got an unexpected keyword argument '{keyword}'", name.to_str())),
    }
}

#[cold]
fn too_many(cx: &Context, function: Gc<Function>, private: Private, given: usize, frame: Frame) -> Raised {
    let code = private.code();
    let data = code.data();
    let (accepted, total) = (data.arg_count as usize, (data.arg_count + data.kwonly_count) as usize);
    let keyword_only = (accepted..total).filter(|index| frame.get(*index).is_some()).count();
    let defaults = function.defaults().map_or(0, |defaults| defaults.items().len());
    let (plural, signature) = if defaults > 0 {
        (true, format!("from {} to {accepted}", accepted - defaults.min(accepted)))
    } else {
        (accepted != 1, accepted.to_string())
    };
    let also = if keyword_only > 0 {
        format!(
            " positional argument{} (and {keyword_only} keyword-only argument{})",
            if given != 1 { "s" } else { "" },
            if keyword_only != 1 { "s" } else { "" }
        )
    } else {
        String::new()
    };
    let name = function.qualname(cx);
    cx.type_error(format!(
        "{}() takes {signature} positional argument{} but {given}{also} {} given",
        name.to_str(),
        if plural { "s" } else { "" },
        if given == 1 && keyword_only == 0 { "was" } else { "were" }
    ))
}

fn fill_defaults(
    cx: &Context,
    function: Gc<Function>,
    private: Private,
    given: usize,
    frame: Frame,
) -> Result<()> {
    let code = private.code();
    let arg_count = code.data().arg_count as usize;
    let defaults = function.defaults();
    let defaults = defaults.as_ref().map_or(&[][..], |defaults| defaults.items());
    let first_default = arg_count.saturating_sub(defaults.len());
    if (given..first_default).any(|index| frame.get(index).is_none()) {
        let missing = (0..first_default).filter(|index| frame.get(*index).is_none());
        return Err(missing_arguments(cx, function, private, missing, "positional"));
    }
    let extra = defaults.len().saturating_sub(arg_count);
    for index in given.max(first_default)..arg_count {
        if frame.get(index).is_none() {
            frame.set(index, defaults.get(index - first_default + extra).copied());
        }
    }
    Ok(())
}

fn fill_keyword_defaults(
    cx: &mut Context,
    function: Gc<Function>,
    private: Private,
    frame: Frame,
) -> Result<()> {
    let code = private.code();
    let data = code.data();
    let (first, end) = (data.arg_count as usize, (data.arg_count + data.kwonly_count) as usize);
    let mut lacking = false;
    for index in first..end {
        if frame.get(index).is_none() {
            let default = match function.kwdefaults() {
                Some(defaults) => {
                    let names = code.parameter_names(cx);
                    names.items()[index].downcast().and_then(|name| defaults.get_str(cx, name))
                }
                None => None,
            };
            frame.set(index, default);
            lacking |= default.is_none();
        }
    }
    if lacking {
        let missing = (first..end).filter(|index| frame.get(*index).is_none());
        return Err(missing_arguments(cx, function, private, missing, "keyword-only"));
    }
    Ok(())
}

#[cold]
fn missing_arguments(
    cx: &Context,
    function: Gc<Function>,
    private: Private,
    missing: impl Iterator<Item = usize>,
    kind: &str,
) -> Raised {
    let code = private.code();
    let names: Vec<String> = missing.map(|index| format!("'{}'", code.data().locals[index].name)).collect();
    let list = match &names[..] {
        [one] => one.clone(),
        [first, second] => format!("{first} and {second}"),
        [head @ .., before, last] => {
            let head: String = head.iter().map(|name| format!("{name}, ")).collect();
            format!("{head}{before}, and {last}")
        }
        [] => String::new(),
    };
    let name = function.qualname(cx);
    cx.type_error(format!(
        "{}() missing {} required {kind} argument{}: {list}",
        name.to_str(),
        names.len(),
        if names.len() == 1 { "" } else { "s" }
    ))
}
