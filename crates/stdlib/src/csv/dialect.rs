//! `Dialect`: how records are written. CPython: `dialect_new` in `Modules/_csv.c`.
//!
//! Invariant: the special characters of a dialect differ from one another and are no line ends.

use taipan_runtime::prelude::*;

use super::registered;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Quoting {
    Minimal,
    All,
    NonNumeric,
    None,
    Strings,
    NotNull,
}

impl Quoting {
    fn from_number(number: i32) -> Option<Quoting> {
        Some(match number {
            0 => Quoting::Minimal,
            1 => Quoting::All,
            2 => Quoting::NonNumeric,
            3 => Quoting::None,
            4 => Quoting::Strings,
            5 => Quoting::NotNull,
            _ => return None,
        })
    }
}

/// Body of `_csv.Dialect`.
#[derive(Trace)]
pub struct Dialect {
    pub(super) delimiter: u32,
    pub(super) doublequote: bool,
    pub(super) escapechar: Option<u32>,
    pub(super) lineterminator: Gc<Str>,
    pub(super) quotechar: Option<u32>,
    pub(super) quoting: Opaque<Quoting>,
    pub(super) skipinitialspace: bool,
    pub(super) strict: bool,
}

/// The settings, in the order of the constructor's arguments behind the dialect.
const SETTINGS: [&str; 8] = [
    "delimiter",
    "doublequote",
    "escapechar",
    "lineterminator",
    "quotechar",
    "quoting",
    "skipinitialspace",
    "strict",
];

/// The dialect that a function's dialect argument and keyword arguments describe.
pub(super) fn make(cx: &mut Context, dialect: Option<Value>, kwargs: Gc<Dict>) -> Result<Gc<Dialect>> {
    let class = Dialect::class_cell().get();
    let made = match dialect {
        Some(dialect) => cx.call_ex(class.value(), &[dialect], Some(kwargs))?,
        None => cx.call_ex(class.value(), &[], Some(kwargs))?,
    };
    match made.downcast::<Dialect>() {
        Some(dialect) => Ok(dialect),
        None => Err(cx.type_error("a Dialect is required")),
    }
}

/// The CSV dialect's settings as they were passed; absent ones are defaults.
type Given = [Option<Value>; SETTINGS.len()];

/// CSV dialect
///
/// The Dialect type records CSV parsing and generation options.
#[class(name = "Dialect", module = "_csv", flags = BASETYPE)]
impl Dialect {
    #[slot(new)]
    fn new(cx: &mut Context, class: Gc<Class>, args: Args<'_>) -> Result {
        let (dialect, mut given) = arguments(cx, args)?;
        if let Some(mut dialect) = dialect {
            if dialect.downcast::<Str>().is_some() {
                dialect = registered(cx, dialect)?;
            }
            if dialect.downcast::<Dialect>().is_some() && given.iter().all(Option::is_none) {
                return Ok(dialect);
            }
            for (name, value) in SETTINGS.iter().zip(&mut given) {
                if value.is_none() {
                    // Whatever goes wrong, the setting then has its default.
                    match cx.get_attr_str(dialect, name) {
                        Ok(found) => *value = Some(found),
                        Err(raised) => drop(cx.take_exception(raised)),
                    }
                }
            }
        }
        let body = checked(cx, &given)?;
        Ok(cx.new_instance(class, body).value())
    }

    #[slot(init)]
    fn init(cx: &mut Context, this: Value, args: Args<'_>) -> Result<()> {
        let _ = (cx, this, args);
        Ok(())
    }

    /// raises an exception to avoid pickling
    #[function("(*args)", name = "__reduce__", text = "")]
    fn reduce(this: Gc<Self>, cx: &mut Context, args: Gc<Tuple>) -> Result {
        let _ = args;
        let name = cx.class_of(this.value()).name();
        Err(cx.type_error(format!("cannot pickle '{}' instances", name.to_str())))
    }

    /// raises an exception to avoid pickling
    #[function("(*args)", name = "__reduce_ex__", text = "")]
    fn reduce_ex(this: Gc<Self>, cx: &mut Context, args: Gc<Tuple>) -> Result {
        Dialect::reduce(this, cx, args)
    }

    #[getter]
    fn delimiter(&self, cx: &mut Context) -> Gc<Str> {
        cx.new_char(self.delimiter)
    }

    #[getter]
    fn escapechar(&self, cx: &mut Context) -> Option<Gc<Str>> {
        self.escapechar.map(|code| cx.new_char(code))
    }

    #[getter]
    fn lineterminator(&self) -> Value {
        self.lineterminator.value()
    }

    #[getter]
    fn quotechar(&self, cx: &mut Context) -> Option<Gc<Str>> {
        self.quotechar.map(|code| cx.new_char(code))
    }

    #[getter]
    fn quoting(&self) -> i32 {
        self.quoting.0 as i32
    }

    #[member]
    fn skipinitialspace(&self) -> bool {
        self.skipinitialspace
    }

    #[member]
    fn doublequote(&self) -> bool {
        self.doublequote
    }

    #[member]
    fn strict(&self) -> bool {
        self.strict
    }
}

/// Sorts the constructor's arguments: the base dialect, and the settings.
fn arguments(cx: &mut Context, args: Args<'_>) -> Result<(Option<Value>, Given)> {
    let count = args.values().len();
    if count > SETTINGS.len() + 1 {
        let most = SETTINGS.len() + 1;
        return Err(cx.type_error(format!("function takes at most {most} arguments ({count} given)")));
    }
    let mut all = [None; SETTINGS.len() + 1];
    for (place, value) in all.iter_mut().zip(args.positional()) {
        *place = Some(*value);
    }
    for (name, value) in args.keywords() {
        let text = name.to_str();
        let known = std::iter::once("dialect").chain(SETTINGS).position(|known| known == text);
        let Some(at) = known else {
            return Err(cx.type_error(format!("this function got an unexpected keyword argument '{text}'")));
        };
        if all[at].is_some() {
            let position = at + 1;
            return Err(cx.type_error(format!(
                "argument for function given by name ('{text}') and position ({position})"
            )));
        }
        all[at] = Some(value);
    }
    let [dialect, given @ ..] = all;
    Ok((dialect, given))
}

/// A dialect of these settings, if they go together.
fn checked(cx: &mut Context, given: &Given) -> Result<Dialect> {
    let [delimiter, doublequote, escapechar, lineterminator, quotechar, quoting, skipinitialspace, strict] =
        *given;
    let Some(delimiter) = character(cx, "delimiter", delimiter, Some(u32::from(b',')), false)? else {
        unreachable!("a delimiter is required")
    };
    let doublequote = truth(cx, doublequote, true)?;
    let escapechar = character(cx, "escapechar", escapechar, None, true)?;
    let lineterminator = match lineterminator {
        None => cx.intern("\r\n"),
        Some(value) => match value.downcast::<Str>() {
            Some(text) => text,
            None => {
                let found = cx.type_name(value);
                return Err(cx.type_error(format!("\"lineterminator\" must be a string, not {found}")));
            }
        },
    };
    let no_quotes = quotechar.is_some_and(Value::is_none) && quoting.is_none();
    let quotechar = character(cx, "quotechar", quotechar, Some(u32::from(b'"')), true)?;
    let quoting = quoting_style(cx, quoting)?;
    let skipinitialspace = truth(cx, skipinitialspace, false)?;
    let strict = truth(cx, strict, false)?;
    let Some(quoting) = Quoting::from_number(quoting) else {
        return Err(cx.type_error("bad \"quoting\" value"));
    };
    let quoting = if no_quotes { Quoting::None } else { quoting };
    if quoting != Quoting::None && quotechar.is_none() {
        return Err(cx.type_error("quotechar must be set if quoting enabled"));
    }
    let dialect = Dialect {
        delimiter,
        doublequote,
        escapechar,
        lineterminator,
        quotechar,
        quoting: Opaque(quoting),
        skipinitialspace,
        strict,
    };
    check_characters(cx, &dialect)?;
    Ok(dialect)
}

fn truth(cx: &mut Context, value: Option<Value>, default: bool) -> Result<bool> {
    value.map_or(Ok(default), |value| cx.truth(value))
}

/// A setting of one character, which may be None if it is `optional`.
fn character(
    cx: &Context,
    name: &str,
    value: Option<Value>,
    default: Option<u32>,
    optional: bool,
) -> Result<Option<u32>> {
    let Some(value) = value else { return Ok(default) };
    if optional && value.is_none() {
        return Ok(None);
    }
    let found = match value.downcast::<Str>() {
        Some(text) if text.len() == 1 => return Ok(Some(text.char_at(0))),
        Some(text) => format!("a string of length {}", text.len()),
        None => cx.type_name(value),
    };
    let or_none = if optional { " or None" } else { "" };
    Err(cx.type_error(format!("\"{name}\" must be a unicode character{or_none}, not {found}")))
}

fn quoting_style(cx: &mut Context, value: Option<Value>) -> Result<i32> {
    let Some(value) = value else { return Ok(0) };
    if !cx.is_exact::<taipan_runtime::types::int::Int>(value) {
        let found = cx.type_name(value);
        return Err(cx.type_error(format!("\"quoting\" must be an integer, not {found}")));
    }
    i32::from_arg(cx, value, "quoting")
}

fn check_characters(cx: &Context, dialect: &Dialect) -> Result<()> {
    let named = [
        ("delimiter", Some(dialect.delimiter)),
        ("escapechar", dialect.escapechar),
        ("quotechar", dialect.quotechar),
    ];
    for (name, code) in named {
        let space_allowed = name == "delimiter" || !dialect.skipinitialspace;
        if matches!(code, Some(0x0a | 0x0d)) || (code == Some(0x20) && !space_allowed) {
            return Err(cx.value_error(format!("bad {name} value")));
        }
    }
    for (first, second) in [(0, 1), (0, 2), (1, 2)] {
        let ((name, code), (other_name, other)) = (named[first], named[second]);
        if code.is_some() && code == other {
            return Err(cx.value_error(format!("bad {name} or {other_name} value")));
        }
    }
    for (name, code) in named {
        if code.is_some_and(|code| dialect.lineterminator.chars().any(|c| c == code)) {
            return Err(cx.value_error(format!("bad {name} or lineterminator value")));
        }
    }
    Ok(())
}
