//! `derive(Trace)`: visits every field.

use proc_macro2::TokenStream as Tokens;
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields, Index, Member, Result};

pub(crate) fn derive(input: &DeriveInput) -> Result<Tokens> {
    let name = &input.ident;
    let (generics, arguments, bounds) = input.generics.split_for_impl();
    let (visits, types) = match &input.data {
        Data::Struct(data) => {
            let members: Vec<Member> = members(&data.fields);
            let types: Vec<_> = data.fields.iter().map(|f| f.ty.clone()).collect();
            (quote!(#(::taipan_runtime::layout::Trace::trace(&self.#members, marker);)*), types)
        }
        Data::Enum(data) => {
            let mut arms = Vec::new();
            let mut types = Vec::new();
            for variant in &data.variants {
                let ident = &variant.ident;
                let members = members(&variant.fields);
                let locals: Vec<_> = (0..members.len()).map(|i| quote::format_ident!("field{i}")).collect();
                types.extend(variant.fields.iter().map(|f| f.ty.clone()));
                arms.push(quote!(#name::#ident { #(#members: #locals),* } => {
                    #(::taipan_runtime::layout::Trace::trace(#locals, marker);)*
                }));
            }
            (quote!(match self { #(#arms)* }), types)
        }
        Data::Union(_) => return Err(Error::new(name.span(), "a union cannot be traced")),
    };
    Ok(quote! {
        // SAFETY: every field is visited.
        #[allow(unsafe_code, unused_variables)]
        unsafe impl #generics ::taipan_runtime::layout::Trace for #name #arguments #bounds {
            const TRACES: bool = false #(|| <#types as ::taipan_runtime::layout::Trace>::TRACES)*;
            fn trace(&self, marker: &mut ::taipan_runtime::Marker) {
                #visits
            }
        }
    })
}

fn members(fields: &Fields) -> Vec<Member> {
    fields
        .iter()
        .enumerate()
        .map(|(i, f)| f.ident.clone().map_or(Member::Unnamed(Index::from(i)), Member::Named))
        .collect()
}
