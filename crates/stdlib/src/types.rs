//! `_types`: names of types that `types` shows. CPython: `Modules/_typesmodule.c`.
//!
//! Invariant: the module has all the names or cannot be imported, in which case `types` finds the types itself.

use taipan_runtime::exception::hierarchy::{self, ClassFn};
use taipan_runtime::prelude::*;
use taipan_runtime::types::generic_alias::GenericAlias;
use taipan_runtime::types::mappingproxy::MappingProxy;
use taipan_runtime::types::method::Method;
use taipan_runtime::types::native_function::{
    ClassMethodDescriptor, GetSetDescriptor, MemberDescriptor, MethodDescriptor, MethodWrapper,
    NativeFunction, WrapperDescriptor,
};
use taipan_runtime::types::simple_namespace::SimpleNamespace;
use taipan_runtime::types::singletons::{EllipsisType, NoneType, NotImplementedType};
use taipan_runtime::types::traceback::Traceback;
use taipan_runtime::types::union::Union;

/// The types that live in the runtime.
const OWN: &[(&str, ClassFn)] = &[
    ("BuiltinFunctionType", NativeFunction::class_cell),
    ("BuiltinMethodType", NativeFunction::class_cell),
    ("ClassMethodDescriptorType", ClassMethodDescriptor::class_cell),
    ("EllipsisType", EllipsisType::class_cell),
    ("GenericAlias", GenericAlias::class_cell),
    ("GetSetDescriptorType", GetSetDescriptor::class_cell),
    ("MappingProxyType", MappingProxy::class_cell),
    ("MemberDescriptorType", MemberDescriptor::class_cell),
    ("MethodDescriptorType", MethodDescriptor::class_cell),
    ("MethodType", Method::class_cell),
    ("MethodWrapperType", MethodWrapper::class_cell),
    ("ModuleType", Module::class_cell),
    ("NoneType", NoneType::class_cell),
    ("NotImplementedType", NotImplementedType::class_cell),
    ("SimpleNamespace", SimpleNamespace::class_cell),
    ("TracebackType", Traceback::class_cell),
    ("UnionType", Union::class_cell),
    ("WrapperDescriptorType", WrapperDescriptor::class_cell),
];

/// The types that the interpreter brings along, with the names under which it does.
const INTERPRETER: &[(&str, &str)] = &[
    ("AsyncGeneratorType", "async_generator"),
    ("CellType", "cell"),
    ("CodeType", "code"),
    ("CoroutineType", "coroutine"),
    ("FrameType", "frame"),
    ("FunctionType", "function"),
    ("GeneratorType", "generator"),
    ("LambdaType", "function"),
];

/// The module.
pub struct Types;

/// Define names for built-in types.
#[module("_types")]
impl Types {
    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        let dict = module.dict();
        for (name, class) in OWN {
            let name = cx.intern(name);
            dict.set_str(cx, name, class().ensure(cx).value());
        }
        for (name, native) in INTERPRETER {
            let Some(class) = cx.vm().native_class(native) else {
                return Err(
                    cx.raise_message(hierarchy::import_error, &format!("there is no type '{native}'"))
                );
            };
            let name = cx.intern(name);
            dict.set_str(cx, name, class.value());
        }
        Ok(())
    }
}
