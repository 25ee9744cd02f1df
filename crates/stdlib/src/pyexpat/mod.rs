//! `pyexpat`: event-driven XML parsing. CPython: `Modules/pyexpat.c`.
//!
//! Invariant: what a document means is the business of `taipan-xml`; here events become calls of Python handlers.

mod calls;
pub(crate) mod names;
mod parser;
mod submodules;

use taipan_runtime::exception;
use taipan_runtime::prelude::*;
use taipan_xml::{Code, Parser};

use crate::module_exception::ModuleException;
use parser::XmlParser;

/// `xml.parsers.expat.ExpatError`.
static ERROR: ModuleException = ModuleException::new("xml.parsers.expat", "ExpatError", exception::exception);

/// The version of expat whose behaviour this is.
const VERSION: (i32, i32, i32) = (2, 9, 0);

/// The error of a code, where a parser stands.
fn expat_error(cx: &mut Context, message: &str, code: i32, line: u64, column: u64) -> Result {
    let message = cx.new_str(message).value();
    let class = ERROR.class(cx)?;
    let error = cx.call(class, &[message])?;
    cx.set_attr_str(error, "code", Value::int(i64::from(code)))?;
    cx.set_attr_str(error, "lineno", Value::int(line as i64))?;
    cx.set_attr_str(error, "offset", Value::int(column as i64))?;
    Ok(error)
}

/// A str argument that C could read: UTF-8 without null characters.
fn c_string(cx: &mut Context, text: Gc<Str>) -> Result<String> {
    let text = text.to_utf8(cx)?.into_owned();
    if text.contains('\0') {
        return Err(cx.value_error("embedded null character"));
    }
    Ok(text)
}

/// A str or None, by the name that messages have for it.
pub(crate) fn optional_string(
    cx: &mut Context,
    value: Option<Value>,
    what: &str,
    or_none: &str,
) -> Result<Option<String>> {
    let Some(value) = value else { return Ok(None) };
    match value.downcast::<Str>() {
        Some(text) => c_string(cx, text).map(Some),
        None => {
            let found = cx.argument_type_name(value);
            Err(cx.type_error(format!("{what} must be str{or_none}, not {found}")))
        }
    }
}

/// The characters of all bytes in an encoding that only Python knows.
pub(crate) fn encoding_table(cx: &mut Context, name: &str) -> Result<[i32; 256]> {
    let bytes: [u8; 256] = std::array::from_fn(|byte| byte as u8);
    let bytes = cx.new_bytes(&bytes).value();
    let (name, errors) = (cx.new_str(name).value(), cx.new_str("replace").value());
    let text = cx.call_method(bytes, "decode", &[name, errors])?;
    let Some(text) = text.downcast::<Str>().filter(|text| text.len() == 256) else {
        return Err(cx.value_error("multi-byte encodings are not supported"));
    };
    let mut table = [-1; 256];
    for (place, code) in table.iter_mut().zip(text.chars()) {
        if code != 0xfffd {
            *place = code as i32;
        }
    }
    Ok(table)
}

pub struct Pyexpat;

/// Python wrapper for Expat parser.
#[module("pyexpat")]
impl Pyexpat {
    #[constant]
    const XML_PARAM_ENTITY_PARSING_NEVER: i32 = 0;
    #[constant]
    const XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE: i32 = 1;
    #[constant]
    const XML_PARAM_ENTITY_PARSING_ALWAYS: i32 = 2;
    #[constant]
    const EXPAT_VERSION: &'static str = "expat_2.9.0";

    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        ERROR.add_to(cx, module)?;
        let dict = module.dict();
        let error = ERROR.class(cx)?;
        dict.set_str(cx, cx.intern("error"), error);
        let encoding = cx.intern("UTF-8").value();
        dict.set_str(cx, cx.intern("native_encoding"), encoding);
        let class = XmlParser::class_cell().ensure(cx);
        dict.set_str(cx, cx.intern("XMLParserType"), class.value());
        let (major, minor, micro) = VERSION;
        let numbers = [major, minor, micro].map(|number| Value::int(i64::from(number)));
        let version = cx.new_tuple(&numbers);
        dict.set_str(cx, cx.intern("version_info"), version.value());
        submodules::add_to(cx, module)
    }

    /// Return a new XML parser object.
    #[function(
        "(encoding=<absent>, namespace_separator=<absent>, intern=<absent>)",
        text = "(encoding=None, namespace_separator=None,\n             intern=<unrepresentable>)"
    )]
    fn ParserCreate(
        cx: &mut Context,
        encoding: Option<Value>,
        namespace_separator: Option<Value>,
        intern: Option<Value>,
    ) -> Result<Gc<XmlParser>> {
        let encoding = encoding.and_then(Value::not_none);
        let encoding = optional_string(cx, encoding, "ParserCreate() argument 'encoding'", " or None")?;
        let separator = namespace_separator.and_then(Value::not_none);
        let what = "ParserCreate() argument 'namespace_separator'";
        let separator = optional_string(cx, separator, what, " or None")?;
        if separator.as_ref().is_some_and(|separator| separator.len() > 1) {
            let message = "namespace_separator must be at most one character, omitted, or None";
            return Err(cx.value_error(message));
        }
        let intern = match intern {
            None => Some(cx.new_dict()),
            Some(intern) if intern.is_none() => None,
            Some(intern) => match intern.downcast::<Dict>() {
                Some(intern) => Some(intern),
                None => return Err(cx.type_error("intern must be a dictionary")),
            },
        };
        let separator = separator.map(|separator| separator.bytes().next().unwrap_or(0));
        let parser = Parser::new(encoding.as_deref(), separator);
        let body = XmlParser::new(cx, parser, intern);
        Ok(cx.new_object(body))
    }

    /// Returns string error for given number.
    #[function("(code, /)")]
    fn ErrorString(cx: &mut Context, code: i64) -> Value {
        match i32::try_from(code).ok().and_then(taipan_xml::message) {
            Some(message) => cx.new_str(message).value(),
            None => Value::NONE,
        }
    }
}

/// Raises the error of a code.
fn raise(cx: &mut Context, this: Gc<XmlParser>, code: Code) -> Raised {
    let (line, column) = this.position(cx);
    let text = taipan_xml::message(code.number()).unwrap_or_default();
    let message = format!("{text}: line {line}, column {column}");
    match expat_error(cx, &message, code.number(), line, column) {
        Ok(error) => cx.raise(error),
        Err(raised) => raised,
    }
}
