//! The finder of the library's modules where `sys.path` names it. CPython: the entry `lib/python3.14` of `sys.path`.
//!
//! What CPython freezes is found before `sys.path` is looked at; all other modules of the library come where the library
//! stands on `sys.path`, so that a program's own modules win over them.
//! Invariant: a finder is for the library as a whole, or for one of its packages.

use taipan_macros::{Trace, class};
use taipan_runtime::exception::hierarchy;
use taipan_runtime::prelude::*;

use super::library;

/// What CPython brings along frozen, and what this implementation asks for where CPython needs no Python.
const FROZEN: [&str; 22] = [
    // tidy: sorted
    "__hello__",
    "_collections_abc",
    "_frozen_importlib",
    "_frozen_importlib_external",
    "_interactive",
    "_sitebuiltins",
    "abc",
    "codecs",
    "encodings",
    "genericpath",
    "importlib._bootstrap",
    "importlib._bootstrap_external",
    "importlib.machinery",
    "importlib.util",
    "io",
    "ntpath",
    "os",
    "posixpath",
    "runpy",
    "site",
    "stat",
    "zipimport",
    // tidy: end
];

/// Is a module of the library found before `sys.path` is looked at?
pub(crate) fn is_frozen(name: &str) -> bool {
    FROZEN.contains(&name) || name.starts_with("__phello__")
}

/// Is this directory one of the library's packages?
pub(crate) fn is_package_path(path: &str) -> bool {
    path.strip_prefix(library::directory()).is_some_and(|rest| rest.starts_with('/'))
}

/// The entry of `sys.path` that stands for the library.
fn entry() -> std::path::PathBuf {
    library::prefix().join("lib/python314.zip")
}

/// The entries of `sys.path` for the library: the one that stands for it, and its directory if it has one.
pub(crate) fn entries() -> Vec<std::path::PathBuf> {
    let directory = std::path::PathBuf::from(library::directory());
    [entry()].into_iter().chain(directory.is_absolute().then_some(directory)).collect()
}

/// Body of the finder.
#[derive(Trace)]
pub struct LibraryFinder {
    path: Slot,
    /// What the names of the finder's modules begin with: nothing, or a package's name and a dot.
    package: Opaque<String>,
}

/// The hook of `sys.path_hooks`.
pub(crate) fn finder(cx: &mut Context, path: Value) -> Result {
    let text = path.downcast::<Str>().map(|path| path.to_str().into_owned());
    let package = match text {
        Some(text) if std::path::Path::new(&text) == entry() => Some(String::new()),
        Some(text) if is_package_path(&text) => {
            let name = text[library::directory().len() + 1..].replace('/', ".");
            library::find(&name).is_some_and(|module| module.is_package).then(|| name + ".")
        }
        _ => None,
    };
    match package {
        Some(package) => {
            let finder = LibraryFinder { path: Slot::new(path), package: Opaque(package) };
            Ok(cx.new_object(finder).value())
        }
        None => {
            let message = "not a part of the library";
            Err(cx.import_error_for(hierarchy::import_error, message, None, Some(path), None))
        }
    }
}

/// Finds modules of the library.
#[class(name = "LibraryFinder", module = "_imp", flags = DISALLOW_NEW)]
impl LibraryFinder {
    /// The entry of sys.path, or of a package's __path__, that the finder is for.
    #[getter]
    fn path(&self) -> Value {
        self.path.load_or_none()
    }

    /// Return the spec of a module of the library, or None.
    #[function("(fullname, target=None)")]
    fn find_spec(&self, cx: &mut Context, fullname: Gc<Str>, target: Value) -> Result {
        let _ = target;
        if library::find(&fullname.to_str()).is_none() {
            return Ok(Value::NONE);
        }
        let Some(importlib) = library::importlib(cx) else { return Ok(Value::NONE) };
        let importer = cx.get_attr_str(importlib, "FrozenImporter")?;
        let directory = cx.new_str(&format!("{}/", library::directory())).value();
        let path = cx.new_list(&[directory]).value();
        cx.call_method(importer, "find_spec", &[fullname.value(), path])
    }

    /// Return a list of the names of the modules here, each behind the prefix and with whether it is a package.
    #[function("(prefix='')")]
    fn iter_modules(&self, cx: &mut Context, prefix: Gc<Str>) -> Gc<List> {
        let prefix = prefix.to_str();
        let mut modules = GVec::new();
        for name in library::names() {
            let Some(tail) = name.strip_prefix(self.package.0.as_str()) else { continue };
            if tail.contains('.') || tail == "__main__" && self.package.0.is_empty() {
                continue;
            }
            let is_package = library::find(name).is_some_and(|module| module.is_package);
            let name = cx.new_str(&format!("{prefix}{tail}")).value();
            modules.push(cx.new_tuple(&[name, Value::bool(is_package)]).value());
        }
        cx.new_list(&modules)
    }

    /// Forget what is known of the files here: nothing.
    #[function("()")]
    fn invalidate_caches(&self) {}
}
