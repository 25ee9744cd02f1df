//! `#[class]`, `#[module]` and `derive(Trace)`: turn one impl block into one static definition table.
//!
//! The macros only read signatures and doc comments; binding, conversion and wording live in ordinary
//! functions of the runtime, so function bodies stay plain Rust.

mod signature;
mod slot;
mod trace;

use proc_macro::TokenStream;
use proc_macro2::TokenStream as Tokens;
use quote::{format_ident, quote};
use signature::{Default_, Kind, Signature};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Error, Expr, FnArg, Ident, ImplItem, ImplItemFn, ItemImpl, LitStr, Path, Result, Token, Type,
    parenthesized,
};

/// Describes a native type: `#[class(name = "list", kind = LIST)] impl List { .. }`.
#[proc_macro_attribute]
pub fn class(args: TokenStream, item: TokenStream) -> TokenStream {
    let args = syn::parse_macro_input!(args as NativeArgs);
    let mut block = syn::parse_macro_input!(item as ItemImpl);
    match class_definition(&args, &mut block) {
        Ok(definition) => quote!(#block #definition).into(),
        Err(error) => error.into_compile_error().into(),
    }
}

/// Describes a native module: `#[module("math", classes(A, B))] impl Math { .. }`.
#[proc_macro_attribute]
pub fn module(args: TokenStream, item: TokenStream) -> TokenStream {
    let args = syn::parse_macro_input!(args as NativeArgs);
    let mut block = syn::parse_macro_input!(item as ItemImpl);
    match module_definition(&args, &mut block) {
        Ok(definition) => quote!(#block #definition).into(),
        Err(error) => error.into_compile_error().into(),
    }
}

/// Visits every field of a struct or enum for the collector.
#[proc_macro_derive(Trace)]
pub fn derive_trace(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as syn::DeriveInput);
    trace::derive(&input).unwrap_or_else(Error::into_compile_error).into()
}

/// `"name", key = value, flag, classes(A, B)`.
#[derive(Default)]
struct NativeArgs {
    name: String,
    module: Option<String>,
    kind: Option<Ident>,
    by_kind: bool,
    /// The type has the very layout of `base`; nothing is ever created with its body.
    shares_layout: bool,
    variable: Option<Path>,
    base: Option<Path>,
    /// Function that gives the Python base class, where it is not the class of `base`.
    parent: Option<Path>,
    flags: Vec<Ident>,
    /// `__text_signature__`, where it does not follow from a constructor.
    text: Option<String>,
    /// The `QuickFn` of calling the class.
    quick: Option<Path>,
    classes: Vec<Path>,
}

impl Parse for NativeArgs {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let mut args = NativeArgs::default();
        while !input.is_empty() {
            if input.peek(LitStr) {
                args.name = input.parse::<LitStr>()?.value();
            } else {
                let key: Ident = input.parse()?;
                match key.to_string().as_str() {
                    "by_kind" => args.by_kind = true,
                    "shares_layout" => args.shares_layout = true,
                    "classes" => {
                        let content;
                        parenthesized!(content in input);
                        args.classes =
                            Punctuated::<Path, Token![,]>::parse_terminated(&content)?.into_iter().collect();
                    }
                    other => {
                        input.parse::<Token![=]>()?;
                        match other {
                            "name" => args.name = input.parse::<LitStr>()?.value(),
                            "module" => args.module = Some(input.parse::<LitStr>()?.value()),
                            "text" => args.text = Some(input.parse::<LitStr>()?.value()),
                            "kind" => args.kind = Some(input.parse()?),
                            "base" => args.base = Some(input.parse()?),
                            "parent" => args.parent = Some(input.parse()?),
                            "variable" => args.variable = Some(input.parse()?),
                            "quick" => args.quick = Some(input.parse()?),
                            "flags" => {
                                args.flags = Punctuated::<Ident, Token![|]>::parse_separated_nonempty(input)?
                                    .into_iter()
                                    .collect()
                            }
                            _ => return Err(Error::new(key.span(), format!("unknown key `{other}`"))),
                        }
                    }
                }
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(args)
    }
}

/// `#[function("(a, b=1, /)", name = "x", text = "(a, ...)", quick = path, unnamed)]`: the signature, if they differ from
/// what follows from it the Python name and the `__text_signature__` ("" for none), the `QuickFn`, and whether messages
/// about the arguments do not name the function.
struct FunctionArgs {
    signature: LitStr,
    name: Option<String>,
    text: Option<String>,
    quick: Option<Path>,
    unnamed: bool,
}

impl Parse for FunctionArgs {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let signature = input.parse()?;
        let mut args = FunctionArgs { signature, name: None, text: None, quick: None, unnamed: false };
        while input.parse::<Option<Token![,]>>()?.is_some() && !input.is_empty() {
            let key: Ident = input.parse()?;
            if key == "unnamed" {
                args.unnamed = true;
                continue;
            }
            input.parse::<Token![=]>()?;
            match key.to_string().as_str() {
                "name" => args.name = Some(input.parse::<LitStr>()?.value()),
                "text" => args.text = Some(input.parse::<LitStr>()?.value()),
                "quick" => args.quick = Some(input.parse()?),
                _ => return Err(Error::new(key.span(), format!("unknown key `{key}`"))),
            }
        }
        Ok(args)
    }
}

/// The rows gathered from one impl block.
#[derive(Default)]
struct Rows {
    functions: Vec<Tokens>,
    constants: Vec<Tokens>,
    getset: Vec<(String, String, Tokens, Option<Tokens>)>,
    slots: Vec<Tokens>,
    new_signature: Option<String>,
    exec: Option<Tokens>,
}

fn gather(ty: &Type, owner: &str, block: &mut ItemImpl) -> Result<Rows> {
    let mut rows = Rows::default();
    let mut setters = Vec::new();
    for item in &mut block.items {
        match item {
            ImplItem::Const(item) => {
                if let Some(attr) = take(&mut item.attrs, "constant") {
                    let ident = &item.ident;
                    let name = python_name(&attr)?.unwrap_or_else(|| ident.to_string());
                    rows.constants.push(quote!(::taipan_runtime::native::ConstantDef { name: #name, value: {
                        fn value(cx: &mut ::taipan_runtime::Context) -> ::taipan_runtime::Result {
                            ::taipan_runtime::native::IntoValue::into_value(<#ty>::#ident, cx)
                        }
                        value
                    }}));
                }
            }
            ImplItem::Fn(item) => gather_fn(ty, owner, item, &mut rows, &mut setters)?,
            _ => {}
        }
    }
    for (name, setter) in setters {
        let row = rows.getset.iter_mut().find(|row| row.0 == name);
        let row = row.ok_or_else(|| Error::new_spanned(ty, format!("setter `{name}` has no getter")))?;
        row.3 = Some(setter);
    }
    Ok(rows)
}

fn gather_fn(
    ty: &Type,
    owner: &str,
    item: &mut ImplItemFn,
    rows: &mut Rows,
    setters: &mut Vec<(String, Tokens)>,
) -> Result<()> {
    let plain = item.sig.ident.to_string();
    let default_name = plain.trim_end_matches('_').to_owned();
    for (attribute, kind) in
        [("function", "Plain"), ("classmethod", "ClassMethod"), ("staticmethod", "StaticMethod")]
    {
        if let Some(attr) = take(&mut item.attrs, attribute) {
            let args: FunctionArgs = attr.parse_args()?;
            let name = args
                .name
                .clone()
                .unwrap_or_else(|| if plain.ends_with("__") { plain.clone() } else { default_name.clone() });
            rows.functions.push(function(ty, item, &args, &name, kind)?);
            return Ok(());
        }
    }
    if let Some(attr) = take(&mut item.attrs, "slot") {
        let slot: Ident = attr.parse_args()?;
        let call = slot::shim(ty, item, &slot)?;
        rows.slots.push(quote!(#slot: Some(#call)));
    } else if let Some(attr) = take(&mut item.attrs, "new") {
        let args: FunctionArgs = attr.parse_args()?;
        let mut signature = Signature::parse(&args.signature)?;
        signature.unnamed = args.unnamed;
        if let Some(text) = args.text {
            signature.text = text;
        }
        let (text, call) = (signature.tokens(), native(ty, owner, item, &signature, First::Class)?);
        // A constructor that takes anything says nothing about its arguments; `__init__` reads them.
        if signature.text != "(*args, **kwargs)" && !signature.text.is_empty() {
            rows.new_signature = Some(signature.python_text());
        }
        rows.slots.push(quote!(new: Some({
            fn slot(cx: &mut ::taipan_runtime::Context, class: ::taipan_runtime::Gc<::taipan_runtime::types::type_::Class>, args: ::taipan_runtime::native::Args<'_>) -> ::taipan_runtime::Result {
                static SIGNATURE: ::taipan_runtime::native::Signature = #text;
                ::taipan_runtime::native::bind::call_new(cx, class, &SIGNATURE, args, #call)
            }
            slot
        })));
    } else if let Some(attr) = take(&mut item.attrs, "init") {
        let args: FunctionArgs = attr.parse_args()?;
        let mut signature = Signature::parse(&args.signature)?;
        signature.unnamed = args.unnamed;
        if let Some(text) = args.text {
            signature.text = text;
        }
        let (text, call) = (signature.tokens(), native(ty, owner, item, &signature, First::This)?);
        if rows.new_signature.is_none() && signature.text != "(*args, **kwargs)" && !signature.text.is_empty()
        {
            rows.new_signature = Some(signature.python_text());
        }
        rows.slots.push(quote!(init: Some({
            fn slot(cx: &mut ::taipan_runtime::Context, this: ::taipan_runtime::Value, args: ::taipan_runtime::native::Args<'_>) -> ::taipan_runtime::Result<()> {
                static SIGNATURE: ::taipan_runtime::native::Signature = #text;
                ::taipan_runtime::native::bind::call_init(cx, this, &SIGNATURE, args, #call)
            }
            slot
        })));
    } else if let Some(attr) = take(&mut item.attrs, "member") {
        let name = python_name(&attr)?
            .unwrap_or_else(|| if plain.ends_with("__") { plain.clone() } else { default_name });
        let get = getter(ty, item)?;
        let read_only = quote!(::taipan_runtime::native::define::read_only);
        rows.getset.push((name, doc_of(&item.attrs), get, Some(read_only)));
    } else if let Some(attr) = take(&mut item.attrs, "getter") {
        let name = python_name(&attr)?
            .unwrap_or_else(|| if plain.ends_with("__") { plain.clone() } else { default_name });
        let get = getter(ty, item)?;
        rows.getset.push((name, doc_of(&item.attrs), get, None));
    } else if let Some(attr) = take(&mut item.attrs, "setter") {
        let stem = plain.strip_prefix("set_").unwrap_or(&plain);
        let name = python_name(&attr)?.unwrap_or_else(|| {
            if stem.ends_with("__") { stem.to_owned() } else { stem.trim_end_matches('_').to_owned() }
        });
        setters.push((name, setter(ty, item)?));
    } else if take(&mut item.attrs, "exec").is_some() {
        let ident = &item.sig.ident;
        rows.exec = Some(quote!({
            fn exec(cx: &mut ::taipan_runtime::Context, module: ::taipan_runtime::Value) -> ::taipan_runtime::Result<()> {
                let module = ::taipan_runtime::native::bind::expect_self(cx, module)?;
                <#ty>::#ident(cx, module)
            }
            exec
        }));
    }
    Ok(())
}

fn class_definition(args: &NativeArgs, block: &mut ItemImpl) -> Result<Tokens> {
    let ty = (*block.self_ty).clone();
    let doc = doc_of(&block.attrs);
    let doc = if doc.is_empty() { quote!(None) } else { quote!(Some(#doc)) };
    let Rows { functions, constants, getset, slots, new_signature, .. } = gather(&ty, &args.name, block)?;
    let getset = getset.iter().map(|(name, doc, get, set)| {
        let set = match set {
            Some(set) => quote!(Some(#set)),
            None => quote!(None),
        };
        quote!(::taipan_runtime::native::GetSetDef { name: #name, doc: #doc, get: #get, set: #set })
    });
    let name = &args.name;
    let module = args.module.as_deref().unwrap_or("builtins");
    let kind = args.kind.clone().unwrap_or_else(|| format_ident!("OTHER"));
    let by_kind = args.by_kind;
    // Without a `__dict__`, and no immediates among them: what is exactly of the type has the type's own shape.
    let has_dict = args.flags.iter().any(|flag| flag == "HAS_DICT");
    let one_shape = by_kind && !has_dict && kind != "INT" && kind != "FLOAT";
    let (base, base_layout) = match &args.base {
        Some(base) => (
            quote!(Some(<#base as ::taipan_runtime::layout::Object>::class_cell)),
            quote!(Some(<#base as ::taipan_runtime::layout::Object>::LAYOUT)),
        ),
        None => (quote!(None), quote!(None)),
    };
    let base = if args.parent.is_some() { optional(&args.parent) } else { base };
    let variable = optional(&args.variable);
    let words = match &args.variable {
        Some(_) => quote!(0),
        None => quote!(::taipan_runtime::layout::words_of::<#ty>()),
    };
    let new_signature = match args.text.clone().or(new_signature) {
        Some(signature) => quote!(Some(#signature)),
        None => quote!(None),
    };
    let layout = match &args.base {
        Some(base) if args.shares_layout => quote!(<#base as ::taipan_runtime::layout::Object>::LAYOUT),
        _ => quote! {
            {
                // A static, not a promoted constant: layouts are told apart by address.
                static LAYOUT: ::taipan_runtime::layout::Layout = ::taipan_runtime::layout::Layout {
                    name: #name,
                    kind: ::taipan_runtime::layout::kind::#kind,
                    by_kind: #by_kind,
                    one_shape: #one_shape,
                    words: #words,
                    space: ::taipan_runtime::layout::space_of::<#ty>(),
                    base: #base_layout,
                    trace: ::taipan_runtime::layout::trace_body::<#ty>,
                    drop: if ::core::mem::needs_drop::<#ty>() { Some(::taipan_runtime::layout::drop_body::<#ty>) } else { None },
                    variable_words: #variable,
                };
                &LAYOUT
            }
        },
    };
    let (flags, quick) = (&args.flags, optional(&args.quick));
    Ok(quote! {
        // SAFETY: the layout is made from this very type.
        #[allow(unsafe_code)]
        unsafe impl ::taipan_runtime::layout::Object for #ty {
            const LAYOUT: &'static ::taipan_runtime::layout::Layout = #layout;
            fn class_cell() -> &'static ::taipan_runtime::types::type_::ClassCell {
                static CELL: ::taipan_runtime::types::type_::ClassCell =
                    ::taipan_runtime::types::type_::ClassCell::new(&DEF);
                static DEF: ::taipan_runtime::native::ClassDef = ::taipan_runtime::native::ClassDef {
                    name: #name,
                    module: #module,
                    doc: #doc,
                    layout: <#ty as ::taipan_runtime::layout::Object>::LAYOUT,
                    base: #base,
                    functions: &[#(#functions),*],
                    getset: &[#(#getset),*],
                    constants: &[#(#constants),*],
                    slots: ::taipan_runtime::types::type_::StaticSlots { #(#slots,)* ..::taipan_runtime::types::type_::StaticSlots::NONE },
                    new_signature: #new_signature,
                    quick: #quick,
                    flags: 0 #(| ::taipan_runtime::types::type_::flag::#flags)*,
                };
                &CELL
            }
        }
    })
}

fn module_definition(args: &NativeArgs, block: &mut ItemImpl) -> Result<Tokens> {
    let ty = (*block.self_ty).clone();
    let doc = doc_of(&block.attrs);
    let doc = if doc.is_empty() { quote!(None) } else { quote!(Some(#doc)) };
    let Rows { functions, constants, exec, .. } = gather(&ty, &args.name, block)?;
    let (name, classes) = (&args.name, &args.classes);
    let exec = match exec {
        Some(exec) => quote!(Some(#exec)),
        None => quote!(None),
    };
    Ok(quote! {
        impl ::taipan_runtime::native::NativeModule for #ty {
            const DEF: &'static ::taipan_runtime::native::ModuleDef = {
                static DEF: ::taipan_runtime::native::ModuleDef = ::taipan_runtime::native::ModuleDef {
                    name: #name,
                    doc: #doc,
                    functions: &[#(#functions),*],
                    constants: &[#(#constants),*],
                    classes: &[#(<#classes as ::taipan_runtime::layout::Object>::class_cell),*],
                    exec: #exec,
                };
                &DEF
            };
        }
    })
}

/// The table row of one Python-visible function.
fn function(ty: &Type, item: &ImplItemFn, args: &FunctionArgs, name: &str, kind: &str) -> Result<Tokens> {
    let mut signature = Signature::parse(&args.signature)?;
    signature.unnamed = args.unnamed;
    if let Some(text) = &args.text {
        signature.text.clone_from(text);
    }
    let has_self = item.sig.inputs.iter().any(|input| match input {
        FnArg::Receiver(_) => true,
        FnArg::Typed(arg) => named(&arg.pat, "this"),
    });
    let first = match kind {
        "ClassMethod" => First::ClassValue,
        "Plain" if has_self => First::This,
        _ => First::Nothing,
    };
    let takes_self = !matches!(first, First::Nothing);
    let doc = doc_of(&item.attrs);
    let tokens = signature.tokens();
    let call = native(ty, name, item, &signature, first)?;
    let kind = format_ident!("{kind}");
    let quick = optional(&args.quick);
    Ok(quote!(::taipan_runtime::native::FunctionDef {
        name: #name, doc: #doc, signature: #tokens, kind: ::taipan_runtime::native::FunctionKind::#kind,
        takes_self: #takes_self, call: #call, quick: #quick,
    }))
}

fn optional(path: &Option<Path>) -> Tokens {
    match path {
        Some(path) => quote!(Some(#path)),
        None => quote!(None),
    }
}

/// What the first bound argument is.
#[derive(Clone, Copy, PartialEq)]
enum First {
    Nothing,
    This,
    /// A class, as `Value`.
    ClassValue,
    /// A class, as `Gc<Class>`.
    Class,
}

/// Wraps a typed Rust function in the one native calling convention.
fn native(
    ty: &Type,
    function: &str,
    item: &ImplItemFn,
    signature: &Signature,
    first: First,
) -> Result<Tokens> {
    let offset = usize::from(first != First::Nothing);
    let mut params = signature.params.iter().enumerate();
    let (mut bindings, mut values) = (Vec::new(), Vec::new());
    let mut first_pending = matches!(first, First::Class | First::ClassValue);
    for input in &item.sig.inputs {
        match input {
            FnArg::Receiver(_) => {
                bindings.push(
                    quote!(let this = ::taipan_runtime::native::bind::expect_self::<#ty>(cx, args[0])?;),
                );
                values.push(quote!(&*this));
            }
            FnArg::Typed(arg) if is_cx(&arg.ty) => values.push(quote!(cx)),
            FnArg::Typed(arg) if first == First::This && is_gc_self(&arg.ty) && named(&arg.pat, "this") => {
                bindings.push(
                    quote!(let this = ::taipan_runtime::native::bind::expect_self::<#ty>(cx, args[0])?;),
                );
                values.push(quote!(this));
            }
            // `this: Value`: any object (the methods of `object`).
            FnArg::Typed(arg) if first == First::This && named(&arg.pat, "this") => {
                values.push(quote!(::taipan_runtime::native::bind::present(args[0])));
            }
            FnArg::Typed(_) if first_pending => {
                first_pending = false;
                bindings.push(if first == First::Class {
                    quote!(let class = ::taipan_runtime::native::bind::expect_self::<::taipan_runtime::types::type_::Class>(cx, args[0])?;)
                } else {
                    quote!(let class = ::taipan_runtime::native::bind::present(args[0]);)
                });
                values.push(quote!(class));
            }
            FnArg::Typed(arg) => {
                let Some((index, param)) = params.next() else {
                    return Err(Error::new_spanned(arg, "more parameters than the signature has"));
                };
                if !same_name(&arg.pat, &param.name) {
                    return Err(Error::new_spanned(
                        &arg.pat,
                        format!("the signature calls this `{}`", param.name),
                    ));
                }
                let (local, slot) = (format_ident!("arg{index}"), index + offset);
                let name = &signature.shown(function, index);
                bindings.push(match (&param.default, param.kind) {
                    (_, Kind::VarArgs | Kind::VarKeywords) | (Default_::Required, _) => quote! {
                        let #local = ::taipan_runtime::native::bind::present(args[#slot]);
                        let #local = ::taipan_runtime::native::FromArg::from_arg(cx, #local, #name)?;
                    },
                    (Default_::Absent, _) => quote! {
                        let #local = match args[#slot] {
                            Some(value) => Some(::taipan_runtime::native::FromArg::from_arg(cx, value, #name)?),
                            None => None,
                        };
                    },
                    (Default_::Value(default), _) => quote! {
                        let #local = match args[#slot] { Some(value) => value, None => #default };
                        let #local = ::taipan_runtime::native::FromArg::from_arg(cx, #local, #name)?;
                    },
                });
                values.push(quote!(#local));
            }
        }
    }
    if let Some((_, param)) = params.next() {
        return Err(Error::new_spanned(
            &item.sig.ident,
            format!("the signature's `{}` is no parameter here", param.name),
        ));
    }
    let ident = &item.sig.ident;
    Ok(quote! {{
        #[allow(unused_variables)]
        fn call(cx: &mut ::taipan_runtime::Context, args: &[::core::option::Option<::taipan_runtime::Value>]) -> ::taipan_runtime::Result {
            #(#bindings)*
            let result = <#ty>::#ident(#(#values),*);
            ::taipan_runtime::native::IntoValue::into_value(result, cx)
        }
        call
    }})
}

fn receiver(ty: &Type, item: &ImplItemFn) -> (Tokens, Vec<Tokens>) {
    let mut values = Vec::new();
    let mut prologue = quote!(let this = ::taipan_runtime::native::bind::expect_self::<#ty>(cx, this)?;);
    for input in &item.sig.inputs {
        match input {
            FnArg::Receiver(_) => values.push(quote!(&*this)),
            FnArg::Typed(arg) if is_cx(&arg.ty) => values.push(quote!(cx)),
            FnArg::Typed(arg) if is_gc_self(&arg.ty) => values.push(quote!(this)),
            // `this: Value`: any object.
            FnArg::Typed(arg) if named(&arg.pat, "this") => {
                prologue = quote!();
                values.push(quote!(this));
            }
            FnArg::Typed(_) => values.push(quote!(value)),
        }
    }
    (prologue, values)
}

fn getter(ty: &Type, item: &ImplItemFn) -> Result<Tokens> {
    let (prologue, values) = receiver(ty, item);
    let ident = &item.sig.ident;
    Ok(quote! {{
        #[allow(unused_variables)]
        fn get(cx: &mut ::taipan_runtime::Context, this: ::taipan_runtime::Value) -> ::taipan_runtime::Result {
            ::taipan_runtime::native::bind::guarded(cx, |cx| {
                #prologue
                let result = <#ty>::#ident(#(#values),*);
                ::taipan_runtime::native::IntoValue::into_value(result, cx)
            })
        }
        get
    }})
}

fn setter(ty: &Type, item: &ImplItemFn) -> Result<Tokens> {
    let (prologue, values) = receiver(ty, item);
    let ident = &item.sig.ident;
    Ok(quote! {{
        fn set(cx: &mut ::taipan_runtime::Context, this: ::taipan_runtime::Value, value: ::core::option::Option<::taipan_runtime::Value>) -> ::taipan_runtime::Result<()> {
            ::taipan_runtime::native::bind::guarded(cx, |cx| {
                #prologue
                let result = <#ty>::#ident(#(#values),*);
                ::taipan_runtime::native::SlotReturn::<()>::into_result(result)
            })
        }
        set
    }})
}

fn named(pat: &syn::Pat, name: &str) -> bool {
    matches!(pat, syn::Pat::Ident(pat) if pat.ident == name)
}

/// Whether a Rust parameter is the Python parameter `name` (a keyword clash adds an underscore).
fn same_name(pat: &syn::Pat, name: &str) -> bool {
    let syn::Pat::Ident(pat) = pat else { return false };
    let ident = pat.ident.to_string();
    ident == name
        || ident.trim_start_matches('_') == name.trim_start_matches('_')
        || ident.trim_end_matches('_') == name
}

fn path_ends(ty: &Type, name: &str) -> bool {
    matches!(ty, Type::Path(p) if p.path.segments.last().is_some_and(|s| s.ident == name))
}

pub(crate) fn is_cx(ty: &Type) -> bool {
    matches!(ty, Type::Reference(r) if path_ends(&r.elem, "Context"))
}

/// `Gc<Self>`.
pub(crate) fn is_gc_self(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    let Some(segment) = path.path.segments.last() else { return false };
    if segment.ident != "Gc" {
        return false;
    }
    matches!(&segment.arguments, syn::PathArguments::AngleBracketed(args)
        if matches!(args.args.first(), Some(syn::GenericArgument::Type(ty)) if path_ends(ty, "Self")))
}

/// Removes and returns the attribute called `name`.
fn take(attrs: &mut Vec<Attribute>, name: &str) -> Option<Attribute> {
    let index = attrs.iter().position(|attr| attr.path().is_ident(name))?;
    Some(attrs.remove(index))
}

/// `#[getter(name = "__x__")]` or `#[getter("__x__")]`: an explicit Python name.
fn python_name(attr: &Attribute) -> Result<Option<String>> {
    match &attr.meta {
        syn::Meta::Path(_) => Ok(None),
        _ => attr
            .parse_args_with(|input: ParseStream<'_>| {
                if input.peek(Ident) {
                    input.parse::<Ident>()?;
                    input.parse::<Token![=]>()?;
                }
                input.parse::<LitStr>()
            })
            .map(|name| Some(name.value())),
    }
}

fn doc_of(attrs: &[Attribute]) -> String {
    let lines = attrs.iter().filter_map(|attr| match &attr.meta {
        syn::Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
            Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    });
    lines.map(|line| line.strip_prefix(' ').unwrap_or(&line).to_owned()).collect::<Vec<_>>().join("\n")
}
