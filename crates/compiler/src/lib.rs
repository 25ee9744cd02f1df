//! taipan-compiler.
