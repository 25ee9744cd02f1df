//! How each slot calls the Rust method that implements it.
//!
//! A slot method is written with `&self` or `this: Gc<Self>` (checked downcast of the first operand) or,
//! for slots whose operands come in either order, as an associated function that takes all operands.

use proc_macro2::TokenStream as Tokens;
use quote::{format_ident, quote};
use syn::{Error, FnArg, Ident, ImplItemFn, Result, Type};

use crate::{is_cx, is_gc_self};

/// Parameter types after `cx` and the return type of a slot's function.
fn shape(slot: &Ident) -> Result<(Vec<Tokens>, Tokens)> {
    let value = || quote!(::taipan_runtime::Value);
    let option = || quote!(::core::option::Option<::taipan_runtime::Value>);
    let name = slot.to_string();
    Ok(match name.as_str() {
        "repr" | "str" | "iter" | "int" | "float" | "index" | "neg" | "pos" | "abs" | "invert" | "await_"
        | "aiter" | "anext" => (vec![value()], value()),
        "next" => (vec![value()], option()),
        "hash" => (vec![value()], quote!(i64)),
        "len" => (vec![value()], quote!(usize)),
        "bool" => (vec![value()], quote!(bool)),
        "finalize" => (vec![value()], quote!(())),
        "contains" => (vec![value(), value()], quote!(bool)),
        "repeat" | "inplace_repeat" => (vec![value(), quote!(isize)], value()),
        "set_item" => (vec![value(), value(), option()], quote!(())),
        "get_attr" => {
            (vec![value(), quote!(::taipan_runtime::Gc<::taipan_runtime::types::str::Str>)], value())
        }
        "set_attr" => (
            vec![value(), quote!(::taipan_runtime::Gc<::taipan_runtime::types::str::Str>), option()],
            quote!(()),
        ),
        "descr_get" => (vec![value(), option(), option()], value()),
        "descr_set" => (vec![value(), value(), option()], quote!(())),
        "compare" => {
            (vec![value(), value(), quote!(::taipan_runtime::protocol::compare::CompareOp)], value())
        }
        "call" => (vec![value(), quote!(::taipan_runtime::native::Args<'_>)], value()),
        "new" => (
            vec![
                quote!(::taipan_runtime::Gc<::taipan_runtime::types::type_::Class>),
                quote!(::taipan_runtime::native::Args<'_>),
            ],
            value(),
        ),
        "init" => (vec![value(), quote!(::taipan_runtime::native::Args<'_>)], quote!(())),
        "buffer" => (vec![value(), quote!(u32)], quote!(::taipan_runtime::protocol::buffer::Buffer)),
        "pow" | "inplace_pow" => (vec![value(), value(), value()], value()),
        "get_item" | "concat" | "inplace_concat" | "add" | "sub" | "mul" | "matmul" | "truediv"
        | "floordiv" | "rem" | "divmod" | "lshift" | "rshift" | "and" | "xor" | "or" | "inplace_add"
        | "inplace_sub" | "inplace_mul" | "inplace_matmul" | "inplace_truediv" | "inplace_floordiv"
        | "inplace_rem" | "inplace_lshift" | "inplace_rshift" | "inplace_and" | "inplace_xor"
        | "inplace_or" => (vec![value(), value()], value()),
        _ => return Err(Error::new(slot.span(), format!("no slot is called `{name}`"))),
    })
}

/// The slot function for `item`.
pub(crate) fn shim(ty: &Type, item: &ImplItemFn, slot: &Ident) -> Result<Tokens> {
    let (params, returns) = shape(slot)?;
    let names: Vec<_> = (0..params.len()).map(|i| format_ident!("operand{i}")).collect();
    let mut rest = names.iter();
    let mut prologue = quote!();
    let mut values = Vec::new();
    for input in &item.sig.inputs {
        match input {
            FnArg::Receiver(_) => {
                let operand = rest.next();
                prologue =
                    quote!(let this = ::taipan_runtime::native::bind::expect_self::<#ty>(cx, #operand)?;);
                values.push(quote!(&*this));
            }
            FnArg::Typed(arg) if is_cx(&arg.ty) => values.push(quote!(cx)),
            FnArg::Typed(arg) if is_gc_self(&arg.ty) && slot != "new" => {
                let operand = rest.next();
                prologue =
                    quote!(let this = ::taipan_runtime::native::bind::expect_self::<#ty>(cx, #operand)?;);
                values.push(quote!(this));
            }
            FnArg::Typed(_) => {
                let operand = rest
                    .next()
                    .ok_or_else(|| Error::new(slot.span(), "too many parameters for this slot"))?;
                values.push(quote!(#operand));
            }
        }
    }
    if rest.next().is_some() {
        return Err(Error::new(slot.span(), format!("slot `{slot}` has {} operands", params.len())));
    }
    let ident = &item.sig.ident;
    let is_value = returns.to_string() == quote!(::taipan_runtime::Value).to_string();
    let finish = if is_value {
        quote!(::taipan_runtime::native::IntoValue::into_value(result, cx))
    } else {
        quote!(::taipan_runtime::native::SlotReturn::<#returns>::into_result(result))
    };
    Ok(quote! {{
        fn slot(cx: &mut ::taipan_runtime::Context, #(#names: #params),*) -> ::taipan_runtime::Result<#returns> {
            ::taipan_runtime::native::bind::guarded(cx, |cx| {
                #prologue
                let result = <#ty>::#ident(#(#values),*);
                #finish
            })
        }
        slot
    }})
}
