//! `_imp`: what importlib asks of the interpreter. CPython: `Python/import.c`.
//! Invariant: the import lock is held by a thread as often as it was acquired there.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

use taipan_bytecode::{Code as Data, Const};
use taipan_macros::module;
use taipan_runtime::exception::hierarchy;
use taipan_runtime::prelude::*;
use taipan_runtime::types::bytes::Bytes;
use taipan_runtime::types::module;

use crate::import;
use crate::types::code::Code;

/// Tells code and what is nested in it where its source lies.
fn move_code(code: &Data, path: &Arc<str>) {
    code.filename.move_to(path);
    for constant in &code.consts {
        if let Const::Code(nested) = constant {
            move_code(nested, path);
        }
    }
}

/// The module.
pub struct Imp;

/// Who holds the import lock, and how often.
struct ImportLock {
    holder: Mutex<(u64, usize)>,
    free: Condvar,
}

static LOCK: ImportLock = ImportLock { holder: Mutex::new((0, 0)), free: Condvar::new() };

fn acquire(cx: &mut Context) {
    let me = cx.thread().id();
    cx.blocking(|| {
        let mut holder = LOCK.holder.lock().unwrap_or_else(PoisonError::into_inner);
        while holder.1 > 0 && holder.0 != me {
            holder = LOCK.free.wait(holder).unwrap_or_else(PoisonError::into_inner);
        }
        *holder = (me, holder.1 + 1);
    });
}

/// False if another thread, or none, holds it.
fn release(cx: &Context) -> bool {
    let mut holder = LOCK.holder.lock().unwrap_or_else(PoisonError::into_inner);
    if holder.1 == 0 || holder.0 != cx.thread().id() {
        return false;
    }
    holder.1 -= 1;
    LOCK.free.notify_one();
    true
}

fn spec_name(cx: &mut Context, spec: Value) -> Result<Gc<Str>> {
    let name = cx.get_attr_str(spec, "name")?;
    match name.downcast::<Str>() {
        Some(name) => Ok(name.intern(cx)),
        None => Err(cx.type_error("name must be a string")),
    }
}

fn no_such_frozen(cx: &mut Context, name: Gc<Str>) -> Result<Raised> {
    let shown = cx.repr(name.value())?;
    let message = format!("No such frozen object named {}", shown.to_str());
    Ok(cx.import_error_for(hierarchy::import_error, message, Some(name.value()), None, None))
}

fn find(cx: &Context, name: Gc<Str>) -> Option<(Value, bool, Gc<Str>)> {
    let module = import::library::find(&name.to_str())?;
    Some((Value::NONE, module.is_package, cx.new_str(module.name)))
}

/// (Extremely) low-level import machinery bits as used by importlib.
#[module("_imp")]
impl Imp {
    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        let (name, mode) = (cx.intern("check_hash_based_pycs"), cx.intern("default").value());
        module.dict().set_str(cx, name, mode);
        // Files of compiled code are of no use to another instruction set.
        let fingerprint = taipan_bytecode::fingerprint();
        let number = (fingerprint ^ fingerprint >> 16) as u16;
        let token = Value::int(i64::from(u32::from_le_bytes([0, 0, b'\r', b'\n']) | u32::from(number)));
        module.dict().set_str(cx, cx.intern("pyc_magic_number_token"), token);
        Ok(())
    }

    /// Return whether some thread holds the import lock.
    #[function("()")]
    fn lock_held() -> bool {
        LOCK.holder.lock().unwrap_or_else(PoisonError::into_inner).1 > 0
    }

    /// Wait for the import lock and take it; a thread may take it several times.
    #[function("()")]
    fn acquire_lock(cx: &mut Context) {
        acquire(cx);
    }

    /// Give the import lock back.
    #[function("()")]
    fn release_lock(cx: &mut Context) -> Result<()> {
        if release(cx) { Ok(()) } else { Err(cx.runtime_error("not holding the import lock")) }
    }

    /// Return 1 if a native module of this name exists, else 0.
    #[function("(name, /)")]
    fn is_builtin(name: Gc<Str>) -> i64 {
        import::native_module(&name.to_str()).is_some() as i64
    }

    /// Create the native module that a spec names.
    #[function("(spec, /)")]
    fn create_builtin(cx: &mut Context, spec: Value) -> Result {
        let name = spec_name(cx, spec)?;
        if let Some(module) = cx.vm().modules().get_str(cx, name) {
            return Ok(module);
        }
        let Some(def) = import::native_module(&name.to_str()) else { return Ok(Value::NONE) };
        let module = Module::new(cx, name, def.doc.map(|doc| cx.new_str(doc).value()));
        module::run_def(module, cx, def)?;
        Ok(module.value())
    }

    /// Fill a native module; creating it did that already.
    #[function("(mod, /)")]
    fn exec_builtin(mod_: Value) -> i64 {
        let _ = mod_;
        0
    }

    /// Return whether the library has a module of this name.
    #[function("(name, /)")]
    fn is_frozen(name: Gc<Str>) -> bool {
        import::library::find(&name.to_str()).is_some()
    }

    /// Return the content of a library file that is no module, or None.
    #[function("(path, /)")]
    fn _library_data(path: Gc<Str>) -> Option<&'static [u8]> {
        import::library::data(&path.to_str())
    }

    /// Return whether the library's module of this name is a package.
    #[function("(name, /)")]
    fn is_frozen_package(cx: &mut Context, name: Gc<Str>) -> Result<bool> {
        match import::library::find(&name.to_str()) {
            Some(module) => Ok(module.is_package),
            None => Err(no_such_frozen(cx, name)?),
        }
    }

    /// Return (data, is_package, original name) of a library module, or None.
    #[function("(name, /, *, withdata=False)")]
    fn find_frozen(cx: &mut Context, name: Gc<Str>, withdata: bool) -> Option<(Value, bool, Gc<Str>)> {
        let _ = withdata;
        find(cx, name)
    }

    /// As find_frozen(), for the modules that are found before sys.path is looked at, and for those in a package of
    /// the library, by its path.
    #[function("(name, path, /)")]
    fn _find_in_library(cx: &mut Context, name: Gc<Str>, path: Value) -> Option<(Value, bool, Gc<Str>)> {
        let first = path.downcast::<List>().and_then(|path| path.snapshot(cx).first().copied());
        let first = first.and_then(Value::downcast::<Str>);
        let is_within = first.is_some_and(|first| import::finder::is_package_path(&first.to_str()));
        if is_within || import::finder::is_frozen(&name.to_str()) { find(cx, name) } else { None }
    }

    /// Return the finder for an entry of sys.path or of a package's __path__ that stands for the library.
    #[function("(path, /)")]
    fn _library_finder(cx: &mut Context, path: Value) -> Result {
        import::finder::finder(cx, path)
    }

    /// Return the code object of a library module.
    #[function("(name, data=None, /)")]
    fn get_frozen_object(cx: &mut Context, name: Gc<Str>, data: Value) -> Result<Gc<Code>> {
        let _ = data;
        match import::library::frozen(cx, &name.to_str()) {
            Some((code, _)) => Ok(code),
            None => Err(no_such_frozen(cx, name)?),
        }
    }

    /// Return the source of a library module.
    #[function("(name, /)")]
    fn _frozen_source(cx: &mut Context, name: Gc<Str>) -> Result<Gc<Str>> {
        match import::library::source(&name.to_str()) {
            Some(source) => Ok(cx.new_str(source)),
            None => Err(no_such_frozen(cx, name)?),
        }
    }

    /// Call register(code, text, name) for the program if it has no file.
    #[function("(register, /)")]
    fn _register_program(cx: &mut Context, register: Value) -> Result<()> {
        import::program::register_with(cx, register)
    }

    /// Import a library module without importlib.
    #[function("(name, /)")]
    fn init_frozen(cx: &mut Context, name: Gc<Str>) -> Result {
        import::load_native_or_library(cx, &name.to_str())
    }

    /// Return the names of the library's modules.
    #[function("()")]
    fn _frozen_module_names(cx: &mut Context) -> Gc<List> {
        let mut names = GVec::new();
        for name in import::library::names() {
            names.push(cx.new_str(name).value());
        }
        cx.new_list(&names)
    }

    /// Say whether library modules may be used in tests; they always are.
    #[function("(override, /)")]
    fn _override_frozen_modules_for_tests(override_: i32) {
        let _ = override_;
    }

    /// Say whether native modules may be used in several interpreters; there is one.
    #[function("(override, /)")]
    fn _override_multi_interp_extensions_check(override_: i32) -> i64 {
        let _ = override_;
        0
    }

    /// Return the suffixes of extension modules: none can be loaded.
    #[function("()")]
    fn extension_suffixes(cx: &mut Context) -> Gc<List> {
        cx.new_list(&[])
    }

    /// Change co_filename of a code object that has just been loaded, and of those inside it.
    #[function("(code, path, /)")]
    fn _fix_co_filename(code: Gc<Code>, path: Gc<Str>) {
        let path = path.to_str();
        if *code.data().filename != *path {
            move_code(code.data(), &Arc::from(&*path));
        }
    }

    /// Return a hash of source bytes under a key.
    #[function("(key, source)")]
    fn source_hash(cx: &mut Context, key: i64, source: Value) -> Result {
        let Some(source) = source.downcast::<Bytes>() else {
            let name = cx.type_name(source);
            return Err(cx.type_error(format!("a bytes-like object is required, not '{name}'")));
        };
        let mut whole = [0; 16];
        whole[..8].copy_from_slice(&key.to_le_bytes());
        let hash = taipan_num::siphash::HashKey::from_bytes(whole).hash_bytes(source.as_slice());
        Ok(cx.new_bytes(&hash.to_le_bytes()).value())
    }
}

/// Keeps the lock's type in one place for forks: a child has only the thread that forked.
pub fn reset_after_fork() {
    *LOCK.holder.lock().unwrap_or_else(PoisonError::into_inner) = (0, 0);
}
