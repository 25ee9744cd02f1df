//! Names that native code asks for: interned once, reached by index.
//!
//! Invariant: the list is sorted, so a name is added at one obvious place.

macro_rules! names {
    ($($name:ident)*) => {
        /// Index of a static name.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub struct NameId(pub u16);

        /// The static names, each under its own name.
        #[allow(non_upper_case_globals)]
        pub mod id {
            pub use super::NameId;
            #[allow(non_camel_case_types)]
            #[repr(u16)]
            enum Number { $($name),* }
            $(pub const $name: NameId = NameId(Number::$name as u16);)*
        }

        pub(crate) const TEXTS: &[&str] = &[$(stringify!($name)),*];
    };
}

names! {
    __abs__ __abstractmethods__ __add__ __aenter__ __aexit__ __aiter__ __all__ __and__ __anext__ __annotate__
    __annotate_func__ __annotations__ __annotations_cache__ __await__ __bases__ __bool__ __buffer__ __builtins__
    __bytes__ __cached__ __call__ __cause__ __ceil__ __class__ __class_getitem__ __classcell__ __classdict__
    __classdictcell__ __complex__ __conditional_annotations__ __contains__ __context__ __copy__ __debug__
    __deepcopy__ __del__ __delattr__ __delete__ __delitem__ __dict__ __dictoffset__ __dir__ __divmod__ __doc__
    __enter__ __eq__ __exit__ __file__ __firstlineno__ __float__ __floor__ __floordiv__ __format__ __fspath__
    __ge__ __get__ __getattr__ __getattribute__ __getinitargs__ __getitem__ __getnewargs__ __getnewargs_ex__
    __getstate__ __gt__ __hash__ __iadd__ __iand__ __ifloordiv__ __ilshift__ __imatmul__ __imod__ __import__
    __imul__ __index__ __init__ __init_subclass__ __instancecheck__ __int__ __invert__ __ior__ __ipow__
    __irshift__ __isabstractmethod__ __isub__ __iter__ __itruediv__ __ixor__ __le__ __len__ __length_hint__
    __loader__ __lshift__ __lt__ __main__ __match_args__ __matmul__ __missing__ __mod__ __module__ __mro_entries__
    __mul__ __name__ __ne__ __neg__ __new__ __next__ __notes__ __objclass__ __or__ __orig_bases__ __orig_class__
    __origin__ __package__ __parameters__ __path__ __pos__ __pow__ __prepare__ __qualname__ __radd__ __rand__
    __rdivmod__ __reduce__ __reduce_ex__ __release_buffer__ __repr__ __reversed__ __rfloordiv__ __rlshift__
    __rmatmul__ __rmod__ __rmul__ __ror__ __round__ __rpow__ __rrshift__ __rshift__ __rsub__ __rtruediv__ __rxor__
    __self__ __set__ __set_name__ __setattr__ __setitem__ __setstate__ __sizeof__ __slots__ __spec__
    __static_attributes__ __str__ __sub__ __subclasscheck__ __subclasshook__ __text_signature__ __trunc__
    __truediv__ __type_params__ __typing_prepare_subst__ __typing_subst__ __typing_unpacked_tuple_args__
    __unpacked__ __wrapped__ __xor__ _initializing _uninitialized_submodules append args builtins clear close
    copy datetime decode encode encoding errors extend fileno filename flush fromkeys get getattr insert items
    join key keys metaclass mro msg name obj offset path pop popitem print_file_and_line read readline remove reversed
    send sort start stderr stdin stdout step stop tb_frame text throw update value values write
}
