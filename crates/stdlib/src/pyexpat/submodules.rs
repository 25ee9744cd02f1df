//! `pyexpat.errors` and `pyexpat.model`, and the list of features.
//!
//! Invariant: the two dicts of errors are each other's inverse.

use taipan_runtime::prelude::*;

/// What expat was built with, as it tells it.
const FEATURES: [(&str, i64); 10] = [
    ("sizeof(XML_Char)", 1),
    ("sizeof(XML_LChar)", 1),
    ("XML_DTD", 0),
    ("XML_CONTEXT_BYTES", 1024),
    ("XML_NS", 0),
    ("XML_BLAP_MAX_AMP", 100),
    ("XML_BLAP_ACT_THRES", 8 << 20),
    ("XML_GE", 0),
    ("XML_AT_MAX_AMP", 100),
    ("XML_AT_ACT_THRES", 64 << 20),
];

const MODEL: [(&str, i64); 10] = [
    ("XML_CTYPE_EMPTY", 1),
    ("XML_CTYPE_ANY", 2),
    ("XML_CTYPE_MIXED", 3),
    ("XML_CTYPE_NAME", 4),
    ("XML_CTYPE_CHOICE", 5),
    ("XML_CTYPE_SEQ", 6),
    ("XML_CQUANT_NONE", 0),
    ("XML_CQUANT_OPT", 1),
    ("XML_CQUANT_REP", 2),
    ("XML_CQUANT_PLUS", 3),
];

/// A module `pyexpat.NAME`, which is an attribute of `pyexpat` and imported.
fn submodule(cx: &mut Context, parent: Gc<Module>, name: &str, doc: &str) -> Result<Gc<Module>> {
    let full = cx.intern(&format!("pyexpat.{name}"));
    let doc = cx.new_str(doc).value();
    let module = Module::new(cx, full, Some(doc));
    if let Some(modules) = cx.sys_attr("modules") {
        cx.set_item(modules, full.value(), module.value())?;
    }
    parent.dict().set_str(cx, cx.intern(name), module.value());
    Ok(module)
}

pub(super) fn add_to(cx: &mut Context, module: Gc<Module>) -> Result<()> {
    let errors = submodule(cx, module, "errors", "Constants used to describe error conditions.")?;
    let (codes, messages) = (cx.new_dict(), cx.new_dict());
    for ((name, text), number) in taipan_xml::MESSAGES.into_iter().zip(1..) {
        let (text, number) = (cx.intern(text).value(), Value::int(number));
        errors.dict().set_str(cx, cx.intern(name), text);
        codes.set(cx, text, number)?;
        messages.set(cx, number, text)?;
    }
    errors.dict().set_str(cx, cx.intern("codes"), codes.value());
    errors.dict().set_str(cx, cx.intern("messages"), messages.value());
    let model = submodule(cx, module, "model", "Constants used to interpret content model information.")?;
    for (name, number) in MODEL {
        model.dict().set_str(cx, cx.intern(name), Value::int(number));
    }
    let mut features = GVec::new();
    for (name, number) in FEATURES {
        let name = cx.intern(name).value();
        features.push(cx.new_tuple(&[name, Value::int(number)]).value());
    }
    let features = cx.new_list(&features);
    module.dict().set_str(cx, cx.intern("features"), features.value());
    Ok(())
}
