//! taipan-stdlib.
