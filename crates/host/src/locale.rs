//! `_locale`. CPython: `Modules/_localemodule.c`.
//!
//! Invariant: text from the C library is decoded like file names.

use std::ffi::CString;

use taipan_runtime::exception;
use taipan_runtime::prelude::*;
use taipan_runtime::types::str::StrBuilder;

use crate::exception_class::ExceptionClass;
use crate::path::{decode, encode};
use crate::posix::spawn::argument;
use crate::sys::locale as system;

pub struct Locale;

static ERROR: ExceptionClass = ExceptionClass::new("locale", "Error", exception::exception);

macro_rules! numbers {
    ($($name:ident)*) => {
        const NUMBERS: &[(&str, i64)] = &[$((stringify!($name), libc::$name as i64)),*];
    };
}
numbers! {
    ABDAY_1 ABDAY_2 ABDAY_3 ABDAY_4 ABDAY_5 ABDAY_6 ABDAY_7 ABMON_1 ABMON_10 ABMON_11 ABMON_12 ABMON_2 ABMON_3 ABMON_4
    ABMON_5 ABMON_6 ABMON_7 ABMON_8 ABMON_9 ALT_DIGITS AM_STR CODESET CRNCYSTR DAY_1 DAY_2 DAY_3 DAY_4 DAY_5 DAY_6
    DAY_7 D_FMT D_T_FMT ERA ERA_D_FMT ERA_D_T_FMT ERA_T_FMT LC_ALL LC_COLLATE LC_CTYPE LC_MESSAGES LC_MONETARY
    LC_NUMERIC LC_TIME MON_1 MON_10 MON_11 MON_12 MON_2 MON_3 MON_4 MON_5 MON_6 MON_7 MON_8 MON_9 NOEXPR PM_STR
    RADIXCHAR THOUSEP T_FMT T_FMT_AMPM YESEXPR
}

const _DATE_FMT: i64 = 131_180;

/// Takes the user's locale for characters. Where it is "C", one with UTF-8 is put in its place, for child processes
/// too (PEP 538).
pub fn set_up() {
    let found = system::setlocale(libc::LC_CTYPE, Some(c""));
    let plain = found.is_none_or(|name| name == b"C" || name == b"POSIX");
    let forced = std::env::var_os("LC_ALL").is_some_and(|name| !name.is_empty());
    let refused = std::env::var_os("PYTHONCOERCECLOCALE").is_some_and(|value| value == "0");
    if plain && !forced && !refused {
        for name in [c"C.UTF-8", c"C.utf8", c"UTF-8"] {
            if system::setlocale(libc::LC_CTYPE, Some(name)).is_some() {
                let _ = crate::sys::setenv(c"LC_CTYPE", Some(name));
                return;
            }
        }
    }
}

fn raise(cx: &mut Context, message: &str) -> Raised {
    let message = cx.new_str(message).value();
    ERROR.raise(cx, &[message])
}

/// A text of the C library, absent if it has none.
fn known(cx: &mut Context, text: Option<Vec<u8>>) -> Result {
    match text {
        Some(text) => Ok(decode(cx, &text).value()),
        None => Ok(Value::NONE),
    }
}

fn c_text(cx: &mut Context, text: Gc<Str>) -> Result<CString> {
    let raw = encode(cx, text)?;
    CString::new(raw).map_err(|_| cx.value_error("embedded null character"))
}

fn optional(cx: &mut Context, text: Option<Gc<Str>>) -> Result<Option<CString>> {
    text.map(|text| c_text(cx, text)).transpose()
}

/// Code points without NUL.
fn code_points(cx: &mut Context, text: Value, function: &str) -> Result<Vec<u32>> {
    let Some(text) = text.downcast::<Str>() else {
        let got = cx.argument_type_name(text);
        return Err(cx.type_error(format!("{function}() argument must be str, not {got}")));
    };
    let codes: Vec<u32> = text.chars().collect();
    if codes.contains(&0) {
        return Err(cx.value_error("embedded null character"));
    }
    Ok(codes)
}

/// Group sizes as a list, which ends with CHAR_MAX or 0.
fn grouping(cx: &Context, sizes: &[u8]) -> Value {
    let mut out: GVec<Value> = sizes.iter().map(|size| Value::int((*size).into())).collect();
    if !sizes.is_empty() && sizes.last() != Some(&(i8::MAX as u8)) {
        out.push(Value::int(0));
    }
    cx.new_list(&out).value()
}

/// Support for POSIX locales.
#[module("_locale")]
impl Locale {
    #[constant]
    const CHAR_MAX: i8 = i8::MAX;

    /// Activates/queries locale processing.
    #[function("(category, locale=None, /)")]
    fn setlocale(cx: &mut Context, category: i32, locale: Option<Gc<Str>>) -> Result {
        let locale = optional(cx, locale)?;
        match system::setlocale(category, locale.as_deref()) {
            Some(name) => Ok(decode(cx, &name).value()),
            None if locale.is_some() => Err(raise(cx, "unsupported locale setting")),
            None => Err(raise(cx, "locale query failed")),
        }
    }

    /// Returns numeric and monetary locale-specific parameters.
    #[function("()")]
    fn localeconv(cx: &mut Context) -> Value {
        let found = system::localeconv();
        let [point, separator, groups, int_symbol, symbol, mon_point, mon_separator, mon_groups, plus, minus] =
            &found.texts;
        let dict = cx.new_dict();
        let set = |name: &str, value: Value| dict.set_str(cx, cx.intern(name), value);
        let text = |bytes: &[u8]| decode(cx, bytes).value();
        set("int_curr_symbol", text(int_symbol));
        set("currency_symbol", text(symbol));
        set("mon_decimal_point", text(mon_point));
        set("mon_thousands_sep", text(mon_separator));
        set("mon_grouping", grouping(cx, mon_groups));
        set("positive_sign", text(plus));
        set("negative_sign", text(minus));
        let names = [
            "int_frac_digits",
            "frac_digits",
            "p_cs_precedes",
            "p_sep_by_space",
            "n_cs_precedes",
            "n_sep_by_space",
            "p_sign_posn",
            "n_sign_posn",
        ];
        for (name, number) in names.iter().zip(found.numbers) {
            set(name, Value::int(number.into()));
        }
        set("decimal_point", text(point));
        set("thousands_sep", text(separator));
        set("grouping", grouping(cx, groups));
        dict.value()
    }

    /// Compares two strings according to the locale.
    #[function("(os1, os2, /)")]
    fn strcoll(cx: &mut Context, os1: Value, os2: Value) -> Result<i32> {
        let (a, b) = (code_points(cx, os1, "strcoll")?, code_points(cx, os2, "strcoll")?);
        Ok(system::collate(&a, &b))
    }

    /// Return a string that can be used as a key for locale-aware comparisons.
    #[function("(string, /)")]
    fn strxfrm(cx: &mut Context, string: Value) -> Result {
        let codes = code_points(cx, string, "strxfrm")?;
        let mut out = StrBuilder::new();
        for code in system::transform(&codes) {
            // What glibc puts beside characters is not always a code point.
            out.push_char(if code > 0x10_ffff { code % 0x10_ffff } else { code });
        }
        Ok(out.finish(cx).value())
    }

    /// Return the value for the locale information associated with key.
    #[function("(key, /)")]
    fn nl_langinfo(cx: &mut Context, key: i32) -> Result {
        let is_known = NUMBERS.iter().any(|(name, number)| *number == key.into() && !name.starts_with("LC_"));
        if !is_known && i64::from(key) != _DATE_FMT {
            return Err(cx.value_error("unsupported langinfo constant"));
        }
        let text = system::nl_langinfo(key);
        Ok(decode(cx, &text).value())
    }

    /// Get the current locale encoding.
    #[function("()")]
    fn getencoding(cx: &mut Context) -> Value {
        let name = system::nl_langinfo(libc::CODESET);
        match name.is_empty() {
            true => cx.new_str("UTF-8").value(),
            false => decode(cx, &name).value(),
        }
    }

    /// Return translation of msg.
    #[function("(msg, /)")]
    fn gettext(cx: &mut Context, msg: Gc<Str>) -> Result {
        let msg = c_text(cx, msg)?;
        let text = system::translated(None, &msg, None);
        Ok(decode(cx, &text).value())
    }

    /// Return translation of msg in domain.
    #[function("(domain, msg, /)")]
    fn dgettext(cx: &mut Context, domain: Option<Gc<Str>>, msg: Gc<Str>) -> Result {
        let (domain, msg) = (optional(cx, domain)?, c_text(cx, msg)?);
        let text = system::translated(Some(domain.as_deref()), &msg, None);
        Ok(decode(cx, &text).value())
    }

    /// Return translation of msg in domain and category.
    #[function("(domain, msg, category, /)")]
    fn dcgettext(cx: &mut Context, domain: Option<Gc<Str>>, msg: Gc<Str>, category: i32) -> Result {
        let (domain, msg) = (optional(cx, domain)?, c_text(cx, msg)?);
        let text = system::translated(Some(domain.as_deref()), &msg, Some(category));
        Ok(decode(cx, &text).value())
    }

    /// Set the C library's textdmain to domain, returning the new domain.
    #[function("(domain, /)")]
    fn textdomain(cx: &mut Context, domain: Option<Gc<Str>>) -> Result {
        let domain = optional(cx, domain)?;
        let found = system::domain(domain.as_deref());
        known(cx, found)
    }

    /// Bind the C library's domain to dir.
    #[function("(domain, dir, /)")]
    fn bindtextdomain(cx: &mut Context, domain: Gc<Str>, dir: Value) -> Result {
        let domain = c_text(cx, domain)?;
        if domain.is_empty() {
            return Err(raise(cx, "domain must be a non-empty string"));
        }
        let directory = match dir.not_none() {
            Some(dir) => Some(argument(cx, dir)?),
            None => None,
        };
        let found = system::bind_directory(&domain, directory.as_deref());
        known(cx, found)
    }

    /// Bind the C library's domain to codeset.
    #[function("(domain, codeset, /)")]
    fn bind_textdomain_codeset(cx: &mut Context, domain: Gc<Str>, codeset: Option<Gc<Str>>) -> Result {
        let (domain, codeset) = (c_text(cx, domain)?, optional(cx, codeset)?);
        let found = system::bind_encoding(&domain, codeset.as_deref());
        known(cx, found)
    }

    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        let dict = module.dict();
        for (name, number) in NUMBERS {
            dict.set_str(cx, cx.intern(name), Value::int(*number));
        }
        dict.set_str(cx, cx.intern("_DATE_FMT"), Value::int(_DATE_FMT));
        ERROR.add(cx, module, "Error")
    }
}
