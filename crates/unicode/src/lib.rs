//! taipan-unicode.
