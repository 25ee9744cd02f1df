//! The built-in types. `ALL` lists them: one line each.

pub mod bool_;
pub mod bytearray;
pub mod bytes;
pub mod cell;
pub mod classmethod;
pub mod complex;
pub mod dict;
pub mod float;
pub mod generic_alias;
pub mod int;
pub mod iterators;
pub mod list;
pub mod mappingproxy;
pub mod memoryview;
pub mod method;
pub mod module;
pub mod native_function;
pub mod object;
pub mod property;
pub mod range;
pub mod sequence;
pub mod set;
pub mod simple_namespace;
pub mod singletons;
pub mod slice;
pub mod staticmethod;
pub mod str;
pub mod struct_sequence;
pub mod super_;
pub mod template;
pub mod traceback;
pub mod tuple;
pub mod type_;
pub mod type_parameters;
pub mod typing;
pub mod union;
pub mod value_cell;
pub mod weakref;

use crate::layout::Object;
use crate::types::type_::ClassCell;

/// Every native type of the runtime, bases before subclasses where order matters to a reader.
pub static ALL: &[fn() -> &'static ClassCell] = &[
    crate::instance::Instance::class_cell,
    type_::Class::class_cell,
    crate::instance::Extension::class_cell,
    native_function::ClassMethodDescriptor::class_cell,
    native_function::GetSetDescriptor::class_cell,
    native_function::MemberDescriptor::class_cell,
    native_function::MethodDescriptor::class_cell,
    native_function::MethodWrapper::class_cell,
    native_function::NativeFunction::class_cell,
    native_function::WrapperDescriptor::class_cell,
    bool_::Bool::class_cell,
    bytearray::ByteArray::class_cell,
    bytearray::ByteArrayIterator::class_cell,
    bytes::Bytes::class_cell,
    bytes::BytesIterator::class_cell,
    crate::codecs::charmap::EncodingMap::class_cell,
    crate::buffer::SlotBuffer::class_cell,
    dict::Dict::class_cell,
    dict::DictItemIterator::class_cell,
    dict::DictItems::class_cell,
    dict::DictKeyIterator::class_cell,
    dict::DictKeys::class_cell,
    dict::DictReverseItemIterator::class_cell,
    dict::DictReverseKeyIterator::class_cell,
    dict::DictReverseValueIterator::class_cell,
    dict::DictValueIterator::class_cell,
    dict::DictValues::class_cell,
    iterators::callable::CallableIterator::class_cell,
    iterators::enumerate::Enumerate::class_cell,
    iterators::filter::Filter::class_cell,
    iterators::map::Map::class_cell,
    iterators::range::LongRangeIterator::class_cell,
    iterators::range::RangeIterator::class_cell,
    iterators::reversed::Reversed::class_cell,
    iterators::sequence::ListIterator::class_cell,
    iterators::sequence::ListReverseIterator::class_cell,
    iterators::sequence::SequenceIterator::class_cell,
    iterators::sequence::TupleIterator::class_cell,
    iterators::zip::Zip::class_cell,
    list::List::class_cell,
    mappingproxy::MappingProxy::class_cell,
    range::Range::class_cell,
    set::FrozenSet::class_cell,
    set::Set::class_cell,
    set::SetIterator::class_cell,
    slice::Slice::class_cell,
    tuple::Tuple::class_cell,
    value_cell::ValueCell::class_cell,
    memoryview::MemoryIterator::class_cell,
    memoryview::MemoryView::class_cell,
    str::Str::class_cell,
    struct_sequence::FieldDescriptor::class_cell,
    str::iterator::StrAsciiIterator::class_cell,
    str::iterator::StrIterator::class_cell,
    cell::Cell::class_cell,
    classmethod::ClassMethodObject::class_cell,
    complex::Complex::class_cell,
    float::Float::class_cell,
    generic_alias::GenericAlias::class_cell,
    generic_alias::GenericAliasIterator::class_cell,
    int::Int::class_cell,
    method::Method::class_cell,
    module::Module::class_cell,
    property::Property::class_cell,
    simple_namespace::SimpleNamespace::class_cell,
    singletons::EllipsisType::class_cell,
    singletons::NoneType::class_cell,
    singletons::NotImplementedType::class_cell,
    staticmethod::StaticMethod::class_cell,
    super_::Super::class_cell,
    template::Interpolation::class_cell,
    template::Template::class_cell,
    template::TemplateIterator::class_cell,
    traceback::Traceback::class_cell,
    typing::ConstEvaluator::class_cell,
    typing::Generic::class_cell,
    typing::NoDefaultType::class_cell,
    typing::ParamSpec::class_cell,
    typing::ParamSpecArgs::class_cell,
    typing::ParamSpecKwargs::class_cell,
    typing::TypeAlias::class_cell,
    typing::TypeVar::class_cell,
    typing::TypeVarTuple::class_cell,
    union::Union::class_cell,
    weakref::WeakRef::class_cell,
    weakref::proxy::WeakCallableProxy::class_cell,
    weakref::proxy::WeakProxy::class_cell,
];
