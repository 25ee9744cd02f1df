//! The library's modules, compiled into the program, and its importlib. CPython: `Python/frozen.c`.
//! Invariant: importlib is used for imports only after both halves of it have been installed.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use taipan_bytecode::{ImageModule, SharedCode};
use taipan_runtime::prelude::*;

use crate::types::code::Code;

type Find = fn(&str) -> Option<ImageModule<'static>>;
type Names = fn() -> Vec<&'static str>;
type Data = fn(&str) -> Option<&'static [u8]>;

static LIBRARY: OnceLock<(Find, Names)> = OnceLock::new();
static DATA: OnceLock<Data> = OnceLock::new();
static INSTALLED: AtomicBool = AtomicBool::new(false);

/// What the names of library files begin with where there are no files.
const NOWHERE: &str = "<frozen>";

/// Where the installation lies: what holds the `bin` of the executable, else the executable's own directory.
pub(crate) fn prefix() -> std::path::PathBuf {
    let directory = std::path::Path::new(&crate::options().home);
    match directory.parent() {
        Some(prefix) if directory.ends_with("bin") => prefix.to_owned(),
        _ => directory.to_owned(),
    }
}

/// The directory that the names of library files begin with. The modules lie in the program, but an installation may
/// have their files beside it, for whoever looks for them.
pub(crate) fn directory() -> &'static str {
    static DIRECTORY: OnceLock<String> = OnceLock::new();
    DIRECTORY.get_or_init(|| {
        let directory = prefix().join("lib/python3.14");
        match directory.to_str().filter(|_| directory.join("os.py").is_file()) {
            Some(directory) => directory.to_owned(),
            None => NOWHERE.to_owned(),
        }
    })
}

/// The source of a library module.
pub(crate) fn source(name: &str) -> Option<&'static str> {
    std::str::from_utf8(find(name)?.source?).ok()
}

/// The source of a library module, by the name of its file.
pub(super) fn source_of_file(filename: &str) -> Option<&'static str> {
    let path = filename.strip_prefix(directory())?.strip_prefix('/')?.strip_suffix(".py")?;
    let name = path.strip_suffix("/__init__").unwrap_or(path).replace('/', ".");
    source(&name)
}

/// Where library modules are found, and what they are called.
pub fn set_library(find: Find, names: Names) {
    let _ = LIBRARY.set((find, names));
}

/// Where the files of the library are found that are no modules.
pub fn set_library_data(find: Data) {
    let _ = DATA.set(find);
}

/// The content of such a file, by its path below the library's directory.
pub(crate) fn data(path: &str) -> Option<&'static [u8]> {
    DATA.get()?(path)
}

/// Names of the library's modules.
pub(crate) fn names() -> Vec<&'static str> {
    LIBRARY.get().map_or_else(Vec::new, |(_, names)| names())
}

/// A module of the library.
pub(crate) fn find(name: &str) -> Option<ImageModule<'static>> {
    // Two modules are known by other names than those of their files.
    let name = match name {
        "_frozen_importlib" => "importlib._bootstrap",
        "_frozen_importlib_external" => "importlib._bootstrap_external",
        other => other,
    };
    (LIBRARY.get()?.0)(name)
}

/// Has importlib been installed?
pub(super) fn is_installed() -> bool {
    INSTALLED.load(Ordering::Acquire)
}

/// Code of a library module, and whether it is a package.
pub(crate) fn frozen(cx: &Context, name: &str) -> Option<(Gc<Code>, bool)> {
    let module = find(name)?;
    let filename: Arc<str> = match name.strip_prefix("_frozen_importlib") {
        Some(half) => format!("<frozen importlib._bootstrap{half}>").into(),
        None => format!("{}/{}", directory(), module.code.filename()?).into(),
    };
    Some((Code::new(cx, SharedCode::in_image(module.code, filename)), module.is_package))
}

/// The library's importlib, once it is set up.
pub(super) fn importlib(cx: &Context) -> Option<Value> {
    if !INSTALLED.load(Ordering::Acquire) {
        return None;
    }
    let name = cx.intern("_frozen_importlib");
    cx.vm().modules().get_str(cx, name)
}

/// Native modules that importlib asks for while it is set up.
const NEEDED: [&str; 6] = ["_imp", "_thread", "_warnings", "_weakref", "marshal", "posix"];

/// Runs both halves of importlib, as CPython does when it starts.
pub(super) fn install_importlib(cx: &mut Context) -> Result<()> {
    let ready = NEEDED.iter().all(|name| super::loader::native_module(name).is_some());
    if !ready || find("_frozen_importlib").is_none() {
        return Ok(());
    }
    let sys = super::loader::load(cx, "sys")?;
    let imp = super::loader::load(cx, "_imp")?;
    let importlib = super::loader::load(cx, "_frozen_importlib")?;
    set_origin(cx, importlib, "importlib._bootstrap");
    cx.call_method(importlib, "_install", &[sys, imp])?;
    let external = super::loader::load(cx, "_frozen_importlib_external")?;
    set_origin(cx, external, "importlib._bootstrap_external");
    cx.call_method(importlib, "_install_external_importers", &[])?;
    INSTALLED.store(true, Ordering::Release);
    Ok(())
}

/// What `FrozenImporter._fix_up_module` wants to know of a module that was loaded before it.
fn set_origin(cx: &Context, module: Value, origin: &str) {
    if let Some(module) = module.downcast::<Module>() {
        let origin = cx.intern(origin).value();
        module.dict().set_str(cx, cx.intern("__origname__"), origin);
    }
}
