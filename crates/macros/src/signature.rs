//! Python signatures, written in Python: `(value, start=0, /, *args, key=None, **kwargs)`.

use proc_macro2::TokenStream as Tokens;
use quote::quote;
use syn::{Error, LitStr, Result};

pub(crate) struct Signature {
    pub text: String,
    pub params: Vec<Param>,
    /// Messages do not name the function.
    pub unnamed: bool,
}

pub(crate) struct Param {
    pub name: String,
    pub kind: Kind,
    pub default: Default_,
}

/// What happens when the argument is not passed.
pub(crate) enum Default_ {
    Required,
    /// An expression of type `Value`, converted like a passed argument.
    Value(Tokens),
    /// `<absent>`: the native takes `Option<Value>` and tells absent from None.
    Absent,
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    PositionalOnly,
    Either,
    KeywordOnly,
    VarArgs,
    VarKeywords,
}

impl Signature {
    pub(crate) fn parse(text: &LitStr) -> Result<Self> {
        let source = text.value();
        let inner = source.strip_prefix('(').and_then(|s| s.strip_suffix(')'));
        let inner = inner.ok_or_else(|| Error::new(text.span(), "expected `(...)`"))?;
        let mut params: Vec<Param> = Vec::new();
        let mut kind = Kind::Either;
        for part in split(inner) {
            let part = part.trim();
            if part.is_empty() {
                continue;
            }
            if part == "/" {
                params.iter_mut().for_each(|p| p.kind = Kind::PositionalOnly);
            } else if part == "*" {
                kind = Kind::KeywordOnly;
            } else if let Some(name) = part.strip_prefix("**") {
                params.push(Param {
                    name: name.to_owned(),
                    kind: Kind::VarKeywords,
                    default: Default_::Absent,
                });
            } else if let Some(name) = part.strip_prefix('*') {
                params.push(Param { name: name.to_owned(), kind: Kind::VarArgs, default: Default_::Absent });
                kind = Kind::KeywordOnly;
            } else {
                let (name, default) = match part.split_once('=') {
                    Some((name, literal)) => (name, value(literal.trim(), text)?),
                    None => (part, Default_::Required),
                };
                params.push(Param { name: name.trim().to_owned(), kind, default });
            }
        }
        Ok(Signature { text: source, params, unnamed: false })
    }

    /// What messages call parameter `index` of `function`, as Argument Clinic does.
    pub(crate) fn shown(&self, function: &str, index: usize) -> String {
        let param = &self.params[index];
        match (param.kind, &param.default) {
            (Kind::PositionalOnly, Default_::Required) if self.params.len() == 1 => {
                format!("{function}() argument")
            }
            (Kind::PositionalOnly, _) => format!("{function}() argument {}", index + 1),
            _ => format!("{function}() argument '{}'", param.name),
        }
    }

    /// `__text_signature__`.
    pub(crate) fn python_text(&self) -> String {
        self.text.replace("=<absent>", "=<unrepresentable>")
    }

    /// The `Signature` value.
    pub(crate) fn tokens(&self) -> Tokens {
        let text = self.python_text();
        let params = self.params.iter().map(|p| {
            let (name, required) = (&p.name, matches!(p.default, Default_::Required));
            let kind = match p.kind {
                Kind::PositionalOnly => quote!(PositionalOnly),
                Kind::Either => quote!(Either),
                Kind::KeywordOnly => quote!(KeywordOnly),
                Kind::VarArgs => quote!(VarArgs),
                Kind::VarKeywords => quote!(VarKeywords),
            };
            quote!(::taipan_runtime::native::Param {
                name: #name, kind: ::taipan_runtime::native::ParamKind::#kind, required: #required
            })
        });
        let count = |f: &dyn Fn(&Param) -> bool| self.params.iter().filter(|p| f(p)).count() as u8;
        let positionally = |p: &Param| matches!(p.kind, Kind::PositionalOnly | Kind::Either);
        let positional = count(&positionally);
        let positional_only = count(&|p| p.kind == Kind::PositionalOnly);
        let required = count(&|p| positionally(p) && matches!(p.default, Default_::Required));
        let keyword_only = count(&|p| p.kind == Kind::KeywordOnly);
        let var_args = self.params.iter().any(|p| p.kind == Kind::VarArgs);
        let var_keywords = self.params.iter().any(|p| p.kind == Kind::VarKeywords);
        let must_be_named =
            |p: &Param| p.kind == Kind::KeywordOnly && matches!(p.default, Default_::Required);
        let by_position = !var_args && !var_keywords && !self.params.iter().any(must_be_named);
        let unnamed = self.unnamed;
        quote!(::taipan_runtime::native::Signature {
            text: #text, params: &[#(#params),*], positional: #positional, positional_only: #positional_only,
            required: #required, var_args: #var_args, var_keywords: #var_keywords,
            keyword_only: #keyword_only, by_position: #by_position, unnamed: #unnamed,
        })
    }
}

/// Splits at commas outside quotes and parentheses.
fn split(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth, mut quote) = (Vec::new(), 0, 0, None);
    for (i, c) in text.char_indices() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => depth -= 1,
            (None, ',') if depth == 0 => {
                parts.push(&text[start..i]);
                start = i + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

fn value(literal: &str, text: &LitStr) -> Result<Default_> {
    let constant = |name: Tokens| Default_::Value(quote!(::taipan_runtime::Value::#name));
    Ok(match literal {
        "None" => constant(quote!(NONE)),
        "True" => constant(quote!(TRUE)),
        "False" => constant(quote!(FALSE)),
        "..." => constant(quote!(ELLIPSIS)),
        "<absent>" | "<unrepresentable>" | "sys.stderr" => Default_::Absent,
        "()" => Default_::Value(quote!(cx.new_tuple(&[]).value())),
        "sys.maxsize" => Default_::Value(quote!(cx.new_int(i64::MAX))),
        _ => {
            if let Ok(int) = literal.parse::<i64>() {
                Default_::Value(quote!(cx.new_int(#int)))
            } else if let Ok(float) = literal.parse::<f64>() {
                Default_::Value(quote!(cx.new_float(#float)))
            } else if let Some(bytes) = literal.strip_prefix("b'").and_then(|s| s.strip_suffix('\'')) {
                let bytes = unescape(bytes);
                Default_::Value(quote!(cx.new_bytes(#bytes.as_bytes()).value()))
            } else if let Some(string) = quoted(literal) {
                let string = unescape(string);
                Default_::Value(quote! {{
                    static TEXT: ::taipan_runtime::native::DefaultText =
                        ::taipan_runtime::native::DefaultText::new(#string);
                    TEXT.get(cx)
                }})
            } else {
                return Err(Error::new(text.span(), format!("unsupported default `{literal}`")));
            }
        }
    })
}

fn quoted(literal: &str) -> Option<&str> {
    let quote = literal.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    literal.strip_prefix(quote)?.strip_suffix(quote)
}

fn unescape(text: &str) -> String {
    text.replace("\\n", "\n").replace("\\t", "\t").replace("\\\\", "\\")
}
