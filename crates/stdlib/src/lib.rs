//! Native modules that need no operating system.
//!
//! Invariant: they use the runtime's public face only; nothing here is unsafe or knows the interpreter.

pub mod abc;
pub mod array;
pub mod atexit;
pub mod binascii;
pub mod bisect;
pub mod bz2;
pub mod cmath;
pub mod codecs;
pub mod collections;
pub mod contextvars;
pub mod csv;
pub mod datetime;
pub mod decimal;
mod decompression;
pub mod digest;
pub mod elementtree;
pub mod functools;
pub mod hashlib;
pub mod heapq;
pub mod itertools;
pub mod json;
pub mod lzma;
pub mod math;
pub mod module_exception;
pub mod operator;
pub mod pickle;
pub mod pyexpat;
pub mod random;
pub mod sre;
pub mod statistics;
pub mod string;
pub mod struct_;
pub mod suggestions;
pub mod types;
pub mod typing;
pub mod unicodedata;
pub mod weakref;
pub mod zlib;
pub mod zoneinfo;

use taipan_runtime::native::{ModuleDef, NativeModule};

/// The native modules of this crate.
pub static MODULES: &[&ModuleDef] = &[
    // tidy: sorted
    abc::Abc::DEF,
    array::ArrayModule::DEF,
    atexit::Atexit::DEF,
    binascii::Binascii::DEF,
    bisect::Bisect::DEF,
    bz2::Bz2::DEF,
    cmath::Cmath::DEF,
    codecs::Codecs::DEF,
    collections::Collections::DEF,
    contextvars::Contextvars::DEF,
    csv::Csv::DEF,
    datetime::DateTimeModule::DEF,
    decimal::DecimalModule::DEF,
    digest::blake2::Blake2Module::DEF,
    digest::md5::Md5Module::DEF,
    digest::sha1::Sha1Module::DEF,
    digest::sha2::Sha2Module::DEF,
    digest::sha3::Sha3Module::DEF,
    elementtree::ElementTree::DEF,
    functools::Functools::DEF,
    hashlib::HashlibModule::DEF,
    heapq::Heapq::DEF,
    itertools::Itertools::DEF,
    json::Json::DEF,
    lzma::Lzma::DEF,
    math::Math::DEF,
    operator::Operator::DEF,
    pickle::Pickle::DEF,
    pyexpat::Pyexpat::DEF,
    random::RandomModule::DEF,
    sre::Sre::DEF,
    statistics::Statistics::DEF,
    string::StringModule::DEF,
    struct_::StructModule::DEF,
    suggestions::Suggestions::DEF,
    types::Types::DEF,
    typing::Typing::DEF,
    unicodedata::UnicodeData::DEF,
    weakref::Weakref::DEF,
    zlib::Zlib::DEF,
    zoneinfo::ZoneInfoModule::DEF,
    // tidy: end
];
