//! `unicodedata`. CPython: `Modules/unicodedata.c`.
//!
//! Invariant: the module speaks of Unicode 16, its object `ucd_3_2_0` of Unicode 3.2; both have the same functions.

use taipan_runtime::prelude::*;
use taipan_runtime::types::str::Units;
use taipan_unicode::{self as today, Form, old};

/// The module.
pub struct UnicodeData;

/// An older version of the database.
#[derive(Trace)]
pub struct Ucd;

/// The one character of an argument; `position` names it where there are others.
fn character(cx: &Context, function: &str, position: Option<u32>, value: Value) -> Result<u32> {
    let argument = position.map_or_else(|| "argument".to_owned(), |position| format!("argument {position}"));
    let Some(text) = value.downcast::<Str>() else {
        let found = cx.argument_type_name(value);
        return Err(
            cx.type_error(format!("{function}() {argument} must be a unicode character, not {found}"))
        );
    };
    if text.len() != 1 {
        let length = text.len();
        return Err(cx.type_error(format!(
            "{function}(): {argument} must be a unicode character, not a string of length {length}"
        )));
    }
    Ok(text.char_at(0))
}

/// The normal form and the text that `normalize` and `is_normalized` work on.
fn form_and_text(cx: &Context, function: &str, form: Value, text: Value) -> Result<(Form, Gc<Str>)> {
    let expect = |value: Value, position: u32| {
        value.downcast::<Str>().ok_or_else(|| {
            let found = cx.argument_type_name(value);
            cx.type_error(format!("{function}() argument {position} must be str, not {found}"))
        })
    };
    let (form, text) = (expect(form, 1)?, expect(text, 2)?);
    // An empty text is in every form, known or not.
    match Form::from_name(&form.to_str()) {
        Some(form) => Ok((form, text)),
        None if text.is_empty() => Ok((Form::Nfc, text)),
        None => Err(cx.value_error("invalid normalization form")),
    }
}

/// The text that a name lookup was given: a str, or bytes.
fn name_text(cx: &mut Context, name: Value) -> Result<String> {
    if let Some(text) = name.downcast::<Str>() {
        return Ok(text.to_utf8(cx)?.into_owned());
    }
    let bytes = cx.bytes_like(name)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The longest name that is looked up.
const LONGEST_NAME: usize = 256;

fn look_up(cx: &mut Context, name: Value, sequences: bool) -> Result<Gc<Str>> {
    let name = name_text(cx, name)?;
    if name.len() > LONGEST_NAME {
        let message = cx.new_str("name too long").value();
        return Err(cx.key_error(message));
    }
    if let Some(code) = today::lookup(&name) {
        return Ok(cx.new_char(code));
    }
    match today::lookup_sequence(&name).filter(|_| sequences) {
        Some(codes) => Ok(cx.new_str_from(Units::Four(codes))),
        None => {
            let message = cx.new_str(&format!("undefined character name '{name}'")).value();
            Err(cx.key_error(message))
        }
    }
}

/// A found value, the default, or ValueError.
fn or_default<T: IntoValue>(
    cx: &mut Context,
    found: Option<T>,
    default: Option<Value>,
    message: &str,
) -> Result {
    match (found, default) {
        (Some(value), _) => value.into_value(cx),
        (None, Some(default)) => Ok(default),
        (None, None) => Err(cx.value_error(message)),
    }
}

/// Defines the functions for the module and for the class: `$of` chooses between today's and the old data.
macro_rules! database {
    ($(#[$attribute:meta])* impl $T:ident, ($($this:tt)*), $of:ident { $($own:tt)* }) => {
        $(#[$attribute])*
        impl $T {
            $($own)*

            /// The general category of the character.
            #[function("(character, /)")]
            fn category($($this)* cx: &mut Context, character: Value) -> Result<&'static str> {
                Ok($of::category(self::character(cx, "category", None, character)?))
            }

            /// The bidirectional class of the character, empty where it has none.
            #[function("(character, /)")]
            fn bidirectional($($this)* cx: &mut Context, character: Value) -> Result<&'static str> {
                Ok($of::bidirectional(self::character(cx, "bidirectional", None, character)?))
            }

            /// The canonical combining class of the character, 0 where it has none.
            #[function("(character, /)")]
            fn combining($($this)* cx: &mut Context, character: Value) -> Result<u8> {
                Ok($of::combining(self::character(cx, "combining", None, character)?))
            }

            /// 1 for a character that is mirrored in right-to-left text, else 0.
            #[function("(character, /)")]
            fn mirrored($($this)* cx: &mut Context, character: Value) -> Result<u8> {
                Ok(u8::from($of::is_mirrored(self::character(cx, "mirrored", None, character)?)))
            }

            /// The East Asian width of the character.
            #[function("(character, /)")]
            fn east_asian_width($($this)* cx: &mut Context, character: Value) -> Result<&'static str> {
                Ok($of::east_asian_width(self::character(cx, "east_asian_width", None, character)?))
            }

            /// The decomposition of the character in hexadecimal code points, empty where it has none.
            #[function("(character, /)")]
            fn decomposition($($this)* cx: &mut Context, character: Value) -> Result<String> {
                Ok($of::decomposition(self::character(cx, "decomposition", None, character)?))
            }

            /// The value of a decimal digit; the default, or ValueError, for other characters.
            #[function("(chr, default=<absent>, /)")]
            fn decimal($($this)* cx: &mut Context, chr: Value, default: Option<Value>) -> Result {
                let found = $of::decimal(character(cx, "decimal", Some(1), chr)?);
                or_default(cx, found, default, "not a decimal")
            }

            /// The value of a digit; the default, or ValueError, for other characters.
            #[function("(chr, default=<absent>, /)")]
            fn digit($($this)* cx: &mut Context, chr: Value, default: Option<Value>) -> Result {
                let found = today::digit(character(cx, "digit", Some(1), chr)?);
                or_default(cx, found, default, "not a digit")
            }

            /// The numeric value of a character, as float; the default, or ValueError, where it has none.
            #[function("(chr, default=<absent>, /)")]
            fn numeric($($this)* cx: &mut Context, chr: Value, default: Option<Value>) -> Result {
                let found = $of::numeric(character(cx, "numeric", Some(1), chr)?);
                or_default(cx, found, default, "not a numeric character")
            }

            /// The name of the character; the default, or ValueError, where it has none.
            #[function("(chr, default=<absent>, /)")]
            fn name($($this)* cx: &mut Context, chr: Value, default: Option<Value>) -> Result {
                let found = $of::name(character(cx, "name", Some(1), chr)?);
                or_default(cx, found, default, "no such name")
            }

            /// The text in the normal form 'NFC', 'NFD', 'NFKC' or 'NFKD'.
            #[function("(form, unistr, /)")]
            fn normalize($($this)* cx: &mut Context, form: Value, unistr: Value) -> Result<Gc<Str>> {
                let (form, text) = form_and_text(cx, "normalize", form, unistr)?;
                if text.is_ascii() {
                    return Ok(text.exact(cx));
                }
                let codes: Vec<u32> = text.chars().collect();
                Ok(match normal_form::$of(&codes, form) {
                    Some(normal) => cx.new_str_from(Units::Four(&normal)),
                    None => text.exact(cx),
                })
            }

            /// Whether the text is in the normal form.
            #[function("(form, unistr, /)")]
            fn is_normalized($($this)* cx: &mut Context, form: Value, unistr: Value) -> Result<bool> {
                let (form, text) = form_and_text(cx, "is_normalized", form, unistr)?;
                let codes: Vec<u32> = text.chars().collect();
                Ok(text.is_ascii() || normal_form::$of(&codes, form).is_none_or(|normal| normal == codes))
            }
        }
    };
}

/// Normal forms by version; None for text that is certainly in the form.
mod normal_form {
    use taipan_unicode::Form;

    pub(super) fn today(codes: &[u32], form: Form) -> Option<Vec<u32>> {
        taipan_unicode::normalize(codes, form)
    }

    pub(super) fn old(codes: &[u32], form: Form) -> Option<Vec<u32>> {
        Some(taipan_unicode::old::normalize(codes, form))
    }
}

database! {
    /// The Unicode character database, version 16.
    ///
    /// The object ucd_3_2_0 is the same for version 3.2.
    #[module("unicodedata", classes(Ucd))]
    impl UnicodeData, (), today {
        #[constant(name = "unidata_version")]
        const VERSION: &'static str = taipan_unicode::VERSION;

        /// The character of that name, or the characters of a named sequence; KeyError where there is none.
        #[function("(name, /)")]
        fn lookup(cx: &mut Context, name: Value) -> Result<Gc<Str>> {
            look_up(cx, name, true)
        }

        #[exec]
        fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
            Ucd::class_cell().ensure(cx);
            let name = cx.intern("ucd_3_2_0");
            module.dict().set_str(cx, name, cx.new_object(Ucd).value());
            Ok(())
        }
    }
}

database! {
    /// A version of the Unicode character database.
    #[class(name = "UCD", module = "unicodedata", flags = DISALLOW_NEW)]
    impl Ucd, (&self,), old {
        /// The version of the data.
        #[member]
        fn unidata_version(&self) -> &'static str {
            old::VERSION
        }

        /// The character of that name; KeyError where there is none.
        #[function("(name, /)")]
        fn lookup(&self, cx: &mut Context, name: Value) -> Result<Gc<Str>> {
            look_up(cx, name, false)
        }
    }
}
