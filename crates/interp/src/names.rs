//! Names that the interpreter looks up and that are not in the runtime's list.

pub(crate) const BUILD_CLASS: &str = "__build_class__";
pub(crate) const ANNOTATIONS: &str = "__annotations__";
