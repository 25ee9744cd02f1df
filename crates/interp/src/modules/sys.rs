//! `sys`. CPython: `Python/sysmodule.c`.
//! Invariant: `sys.modules` is the one dict that imports look in.

use std::sync::atomic::{AtomicU64, Ordering};

use taipan_macros::module;
use taipan_runtime::exception::BaseException;
use taipan_runtime::prelude::*;
use taipan_runtime::vm::thread_slot;

use crate::call;
use crate::frame::Frame;
use crate::trace;
use crate::types::coroutine::ORIGIN_DEPTH;
use crate::types::frame::{Frame as FrameObject, object_of};

/// What `setswitchinterval` was told, as bits: 0.005 at first.
static SWITCH_INTERVAL: AtomicU64 = AtomicU64::new(0.005f64.to_bits());

/// The module.
pub struct Sys;

/// Makes the calling thread respect the recursion limit; called once by each thread.
pub fn apply_recursion_limit(cx: &Context, limit: usize) {
    cx.vm().set_recursion_limit(limit);
    call::apply_recursion_limit(cx, 0, cx.thread().vm_stack().start);
}

/// Writes what a stream cannot encode with backslashes. CPython: `sys_displayhook_unencodable`.
fn write_escaped(cx: &mut Context, stdout: Value, text: Gc<Str>) -> Result<()> {
    let encoding = cx.get_attr_str(stdout, "encoding")?;
    let errors = cx.new_str("backslashreplace").value();
    let encoded = cx.call_method(text.value(), "encode", &[encoding, errors])?;
    match cx.lookup_attr_str(stdout, "buffer")? {
        Some(buffer) => {
            cx.call_method(stdout, "flush", &[])?;
            cx.call_method(buffer, "write", &[encoded])?;
        }
        None => {
            let text = cx.call_method(encoded, "decode", &[encoding])?;
            cx.call_method(stdout, "write", &[text])?;
        }
    }
    Ok(())
}

fn frame_at(cx: &mut Context, depth: i64) -> Result<Frame> {
    let mut frame = Frame::top(cx);
    for _ in 0..depth.max(0) {
        frame = frame.and_then(Frame::previous);
    }
    frame.ok_or_else(|| cx.value_error("call stack is not deep enough"))
}

/// This module provides access to some objects used or maintained by the
/// interpreter and to functions that interact strongly with it.
#[module("sys")]
impl Sys {
    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        let dict = module.dict();
        let jit = super::sys_jit::module(cx)?;
        dict.set_str(cx, cx.intern("_jit"), jit);
        // No revision: what is shipped is known by its version.
        let empty = cx.empty_str().value();
        let git = cx.new_tuple(&[cx.new_str("Taipan").value(), empty, empty]);
        dict.set_str(cx, cx.intern("_git"), git.value());
        let modules = cx.vm().modules().value();
        let options = crate::options();
        let library = crate::import::finder::entries();
        let entries =
            options.path.iter().map(AsRef::as_ref).chain(library.iter().map(|entry| entry.as_os_str()));
        let path: GVec<Value> = entries.map(|entry| crate::path::from_os(cx, entry)).collect();
        let argv: GVec<Value> = options.argv.iter().map(|arg| crate::path::from_os(cx, arg)).collect();
        let orig_argv: GVec<Value> =
            options.orig_argv.iter().map(|arg| crate::path::from_os(cx, arg)).collect();
        let names: GVec<Value> =
            crate::import::native_names().into_iter().map(|name| cx.intern(name).value()).collect();
        let warnings: GVec<Value> =
            options.warn_options.iter().map(|option| cx.new_str(option).value()).collect();
        let x_options = cx.new_dict();
        for option in &options.x_options {
            let (name, value) = match option.split_once('=') {
                Some((name, value)) => (name, cx.new_str(value).value()),
                None => (option.as_str(), Value::TRUE),
            };
            let name = cx.intern(name);
            x_options.set_str(cx, name, value);
        }
        let executable = crate::path::from_os(cx, &options.executable);
        let cache_prefix = options.pycache_prefix.as_deref();
        let cache_prefix = cache_prefix.map_or(Value::NONE, |prefix| crate::path::from_os(cx, prefix));
        let pairs = [
            ("modules", modules),
            ("argv", cx.new_list(&argv).value()),
            ("orig_argv", cx.new_list(&orig_argv).value()),
            ("path", cx.new_list(&path).value()),
            ("meta_path", cx.new_list(&[]).value()),
            ("path_hooks", cx.new_list(&[]).value()),
            ("path_importer_cache", cx.new_dict().value()),
            ("builtin_module_names", cx.new_tuple(&names).value()),
            ("warnoptions", cx.new_list(&warnings).value()),
            ("_xoptions", x_options.value()),
            ("executable", executable),
            ("_base_executable", crate::path::from_os(cx, &options.base_executable)),
            ("dont_write_bytecode", Value::bool(options.dont_write_bytecode)),
            ("maxsize", cx.new_int(i64::MAX)),
            ("maxunicode", Value::int(0x10_FFFF)),
            ("hexversion", Value::int(0x030E_00F0)),
            ("api_version", Value::int(1013)),
            ("pycache_prefix", cache_prefix),
        ];
        for (name, value) in pairs {
            let name = cx.intern(name);
            dict.set_str(cx, name, value);
        }
        let texts = [
            ("byteorder", if cfg!(target_endian = "little") { "little" } else { "big" }),
            ("platform", std::env::consts::OS),
            ("platlibdir", "lib"),
            ("abiflags", ""),
            ("float_repr_style", "short"),
            ("copyright", "Copyright (c) the Taipan authors."),
            ("_framework", ""),
            // What importlib puts before the files of library modules: their code names them so.
            ("_stdlib_dir", crate::import::library::directory()),
        ];
        let prefix = crate::import::library::prefix();
        let own = options.prefix.as_deref().unwrap_or(prefix.as_os_str());
        for (name, directory) in [
            ("prefix", own),
            ("exec_prefix", own),
            ("base_prefix", prefix.as_os_str()),
            ("base_exec_prefix", prefix.as_os_str()),
        ] {
            let (name, value) = (cx.intern(name), crate::path::from_os(cx, directory));
            dict.set_str(cx, name, value);
        }
        let library: GVec<Value> =
            crate::import::library_names().into_iter().map(|name| cx.intern(name).value()).collect();
        let library = taipan_runtime::types::set::FrozenSet::from_values(cx, &library)?.value();
        let name = cx.intern("stdlib_module_names");
        dict.set_str(cx, name, library);
        for (name, text) in texts {
            let (name, text) = (cx.intern(name), cx.new_str(text).value());
            dict.set_str(cx, name, text);
        }
        super::sys_info::fill(cx, dict)?;
        let monitoring = Module::new(cx, cx.intern("sys.monitoring"), None);
        taipan_runtime::types::module::run_def(monitoring, cx, super::monitoring::Monitoring::DEF)?;
        crate::trace::register_switches(cx, module, &["settrace", "setprofile"]);
        let switches = ["set_events", "set_local_events", "clear_tool_id", "free_tool_id"];
        crate::trace::register_switches(cx, monitoring, &switches);
        let name = cx.intern("monitoring");
        dict.set_str(cx, name, monitoring.value());
        for name in ["displayhook", "excepthook", "unraisablehook", "breakpointhook"] {
            let original = cx.intern(&format!("__{name}__"));
            if let Some(hook) = dict.get_str(cx, cx.intern(name)) {
                dict.set_str(cx, original, hook);
            }
        }
        Ok(())
    }

    /// Exit by raising SystemExit(status).
    #[function("(status=None, /)")]
    fn exit(cx: &mut Context, status: Value) -> Result {
        if status.downcast::<taipan_runtime::exception::stop_iteration::SystemExit>().is_some() {
            return Err(cx.raise(status));
        }
        let exception = match cx.exact::<Tuple>(status) {
            // Any value of an exception is taken apart if it is a tuple.
            Some(args) => cx.new_exception(taipan_runtime::exception::system_exit, args.items()),
            None if status.is_none() => cx.new_exception(taipan_runtime::exception::system_exit, &[]),
            None => cx.new_exception(taipan_runtime::exception::system_exit, &[status]),
        };
        Err(cx.raise(exception))
    }

    /// Return the exception that is being handled, or None.
    #[function("()")]
    fn exception(cx: &mut Context) -> Option<Value> {
        cx.handled()
    }

    /// Return (type, value, traceback) of the exception that is being handled.
    #[function("()")]
    fn exc_info(cx: &mut Context) -> (Value, Value, Value) {
        match cx.handled() {
            Some(exception) => {
                let class = cx.class_of(exception).value();
                let traceback = exception
                    .downcast::<taipan_runtime::exception::BaseException>()
                    .and_then(|body| body.traceback());
                (class, exception, traceback.unwrap_or(Value::NONE))
            }
            None => (Value::NONE, Value::NONE, Value::NONE),
        }
    }

    /// Return the frame object that is depth calls below the top of the stack.
    #[function("(depth=0, /)")]
    fn _getframe(cx: &mut Context, depth: i32) -> Result<Gc<FrameObject>> {
        let frame = frame_at(cx, depth as i64)?;
        let frame = object_of(cx, frame);
        cx.audit("sys._getframe", |_| [frame.value()])?;
        Ok(frame)
    }

    /// Return the name of the module of the frame at depth, or None.
    #[function("(depth=0)")]
    fn _getframemodulename(cx: &mut Context, depth: i32) -> Result<Option<Value>> {
        cx.audit("sys._getframemodulename", |_| [Value::int(depth.into())])?;
        let mut frame = Frame::top(cx);
        for _ in 0..depth.max(0) {
            frame = frame.and_then(Frame::previous);
        }
        let globals = frame.map(|frame| frame.private().globals());
        Ok(globals.and_then(|globals| globals.get_str(cx, cx.name(id::__name__))))
    }

    /// Set the trace function of this thread; None removes it.
    #[function("(function, /)")]
    fn settrace(cx: &mut Context, function: Value) -> Result<()> {
        cx.audit("sys.settrace", |_| [])?;
        trace::set_own_function(cx, thread_slot::TRACE, function.not_none());
        Ok(())
    }

    /// Return the trace function of this thread, or None.
    #[function("()")]
    fn gettrace(cx: &mut Context) -> Option<Value> {
        cx.locals.slots[thread_slot::TRACE].load()
    }

    /// Set the profile function of this thread; None removes it.
    #[function("(function, /)")]
    fn setprofile(cx: &mut Context, function: Value) -> Result<()> {
        cx.audit("sys.setprofile", |_| [])?;
        trace::set_own_function(cx, thread_slot::PROFILE, function.not_none());
        Ok(())
    }

    /// Return the profile function of this thread, or None.
    #[function("()")]
    fn getprofile(cx: &mut Context) -> Option<Value> {
        cx.locals.slots[thread_slot::PROFILE].load()
    }

    /// Set the trace function of all threads.
    #[function("(arg, /)")]
    fn _settraceallthreads(cx: &mut Context, arg: Value) -> Result<()> {
        cx.audit("sys.settrace", |_| [])?;
        trace::set_function_everywhere(cx, thread_slot::TRACE, arg.not_none());
        Ok(())
    }

    /// Set the profile function of all threads.
    #[function("(arg, /)")]
    fn _setprofileallthreads(cx: &mut Context, arg: Value) -> Result<()> {
        cx.audit("sys.setprofile", |_| [])?;
        trace::set_function_everywhere(cx, thread_slot::PROFILE, arg.not_none());
        Ok(())
    }

    /// Call func(*args) with tracing on: for debuggers that are in a trace function.
    #[function("(func, args, /)")]
    fn call_tracing(cx: &mut Context, func: Value, args: Value) -> Result {
        let Some(args) = args.downcast::<Tuple>() else {
            let got = cx.argument_type_name(args);
            return Err(cx.type_error(format!("call_tracing() argument 2 must be tuple, not {got}")));
        };
        let reporting = cx.locals.reporting.replace(0);
        let result = cx.call(func, args.items());
        cx.locals.reporting.set(reporting);
        result
    }

    /// Return a dict from each thread's identifier to its topmost frame: for other threads a picture of this moment.
    #[function("()")]
    fn _current_frames(cx: &mut Context) -> Result<Gc<Dict>> {
        cx.audit("sys._current_frames", |_| [])?;
        crate::stacks::current_frames(cx)
    }

    /// Return a dict from each thread's identifier to the exception that it handles, or None.
    #[function("()")]
    fn _current_exceptions(cx: &mut Context) -> Result<Gc<Dict>> {
        cx.audit("sys._current_exceptions", |_| [])?;
        crate::stacks::current_exceptions(cx)
    }

    /// Return the maximum depth of the interpreter's stack.
    #[function("()")]
    fn getrecursionlimit(cx: &mut Context) -> usize {
        cx.vm().recursion_limit()
    }

    /// Set the maximum depth of the interpreter's stack.
    #[function("(limit, /)")]
    fn setrecursionlimit(cx: &mut Context, limit: i32) -> Result<()> {
        if limit < 1 {
            return Err(cx.value_error("recursion limit must be greater or equal than 1"));
        }
        let depth = call::depth(cx);
        if depth >= limit as usize {
            return Err(cx.recursion_error(format!(
                "cannot set the recursion limit to {limit} at the recursion depth {depth}: the limit is too low"
            )));
        }
        cx.vm().set_recursion_limit(limit as usize);
        call::apply_recursion_limit(cx, 0, cx.thread().vm_stack().start);
        Ok(())
    }

    /// Private function for clearing certain descriptors from a type's dictionary.
    ///
    /// See gh-135228 for context.
    #[function("(type, /)", name = "_clear_type_descriptors")]
    fn clear_type_descriptors(cx: &mut Context, type_: Gc<Class>) -> Result<()> {
        if !type_.is_heap() {
            return Err(cx.type_error("argument is immutable"));
        }
        for name in ["__dict__", "__weakref__"] {
            let name = cx.intern(name);
            if type_.dict(cx).get_str(cx, name).is_some() {
                taipan_runtime::types::type_::change_class_dict(cx, type_, name, None)?;
            }
        }
        Ok(())
    }

    /// Return the one str object that stands for this text.
    #[function("(string, /)")]
    fn intern(cx: &mut Context, string: Value) -> Result<Gc<Str>> {
        if cx.is_exact::<Str>(string)
            && let Some(text) = string.downcast::<Str>()
        {
            return Ok(text.intern(cx));
        }
        let name = cx.type_name(string);
        if string.downcast::<Str>().is_some() {
            return Err(cx.type_error(format!("can't intern {name}")));
        }
        Err(cx.type_error(format!("intern() argument must be str, not {name}")))
    }

    /// Return the name of the default encoding of str.
    #[function("()")]
    fn getdefaultencoding() -> &'static str {
        "utf-8"
    }

    /// Return the encoding of file names.
    #[function("()")]
    fn getfilesystemencoding() -> &'static str {
        "utf-8"
    }

    /// Return the error handler of file names.
    #[function("()")]
    fn getfilesystemencodeerrors() -> &'static str {
        "surrogateescape"
    }

    /// Return the number of references to the object that the garbage collector would have to count: unknown.
    #[function("(object, /)")]
    fn getrefcount(object: Value) -> i64 {
        let _ = object;
        2
    }

    /// Return the size of an object in bytes.
    #[function("(object, default=<absent>)")]
    fn getsizeof(cx: &mut Context, object: Value, default: Option<Value>) -> Result {
        match cx.call_special(object, id::__sizeof__, &[]) {
            Ok(Some(size)) => Ok(size),
            Ok(None) => match default {
                Some(default) => Ok(default),
                None => {
                    let name = cx.type_name(object);
                    Err(cx.type_error(format!("Type {name} doesn't define __sizeof__")))
                }
            },
            Err(raised) => match default {
                Some(default) => {
                    cx.swallow(raised, taipan_runtime::exception::type_error)?;
                    Ok(default)
                }
                None => Err(raised),
            },
        }
    }

    /// Print an expression's value in an interactive session and keep it in builtins._.
    #[function("(object, /)")]
    fn displayhook(cx: &mut Context, object: Value) -> Result<()> {
        if object.is_none() {
            return Ok(());
        }
        if cx.sys_attr("stdout").is_none_or(Value::is_none) {
            return Err(cx.runtime_error("lost sys.stdout"));
        }
        let builtins = cx.vm().builtins();
        let underscore = cx.intern("_");
        builtins.set_str(cx, underscore, Value::NONE);
        let text = cx.repr(object)?;
        let Some(stdout) = cx.sys_attr("stdout") else { return Err(cx.runtime_error("lost sys.stdout")) };
        if let Err(raised) = cx.call_method(stdout, "write", &[text.value()]) {
            cx.swallow(raised, taipan_runtime::exception::unicode_encode_error)?;
            write_escaped(cx, stdout, text)?;
        }
        let newline = cx.new_str("\n").value();
        cx.call_method(stdout, "write", &[newline])?;
        builtins.set_str(cx, underscore, object);
        Ok(())
    }

    /// Print an exception with its traceback to sys.stderr.
    #[function("(exctype, value, traceback, /)")]
    fn excepthook(cx: &mut Context, exctype: Value, value: Value, traceback: Value) -> Result<()> {
        let _ = (exctype, traceback);
        if value.downcast::<BaseException>().is_some() {
            crate::report::print_exception(cx, value);
            return Ok(());
        }
        let Some(stream) = cx.sys_attr("stderr").and_then(Value::not_none) else { return Ok(()) };
        let found = cx.type_name(value);
        let text = format!("TypeError: print_exception(): Exception expected for value, {found} found");
        let text = cx.new_str(&text).value();
        cx.call_method(stream, "write", &[text]).map(|_| ())
    }

    /// Return whether other processes may run code in this one; it has no such door.
    #[function("()")]
    fn is_remote_debug_enabled() -> bool {
        false
    }

    /// Return whether calls of Python functions are shown to the perf profiler; this is not supported.
    #[function("()")]
    fn is_stack_trampoline_active() -> bool {
        false
    }

    /// Return whether the interpreter is shutting down.
    #[function("()")]
    fn is_finalizing() -> bool {
        crate::report::is_finalizing()
    }

    /// Return the number of frames that cr_origin records.
    #[function("()")]
    fn get_coroutine_origin_tracking_depth() -> usize {
        ORIGIN_DEPTH.load(Ordering::Relaxed)
    }

    /// Make new coroutines record this many frames of where they are made.
    #[function("(depth)")]
    fn set_coroutine_origin_tracking_depth(cx: &mut Context, depth: i32) -> Result<()> {
        match usize::try_from(depth) {
            Ok(depth) => ORIGIN_DEPTH.store(depth, Ordering::Relaxed),
            Err(_) => return Err(cx.value_error("depth must be >= 0")),
        }
        Ok(())
    }

    /// Set callbacks for async generators of this thread.
    #[function("(firstiter=<absent>, finalizer=<absent>)")]
    fn set_asyncgen_hooks(
        cx: &mut Context,
        firstiter: Option<Value>,
        finalizer: Option<Value>,
    ) -> Result<()> {
        for (name, hook) in [("finalizer", finalizer), ("firstiter", firstiter)] {
            if let Some(hook) = hook
                && !hook.is_none()
                && !cx.is_callable(hook)
            {
                let got = cx.type_name(hook);
                return Err(cx.type_error(format!("callable {name} expected, got {got}")));
            }
        }
        if let Some(hook) = finalizer {
            cx.audit("sys.set_asyncgen_hook_finalizer", |_| [])?;
            cx.locals.slots[thread_slot::ASYNC_GEN_FINALIZER].store_option(hook.not_none());
        }
        if let Some(hook) = firstiter {
            cx.audit("sys.set_asyncgen_hook_firstiter", |_| [])?;
            cx.locals.slots[thread_slot::ASYNC_GEN_FIRSTITER].store_option(hook.not_none());
        }
        Ok(())
    }

    /// Return the callbacks for async generators of this thread.
    #[function("()")]
    fn get_asyncgen_hooks(cx: &mut Context) -> Result {
        let hook = |index: usize| cx.locals.slots[index].load_or_none();
        let (firstiter, finalizer) =
            (hook(thread_slot::ASYNC_GEN_FIRSTITER), hook(thread_slot::ASYNC_GEN_FINALIZER));
        super::sys_info::asyncgen_hooks(cx, firstiter, finalizer)
    }

    /// Return the most digits that conversions between int and str accept.
    #[function("()")]
    fn get_int_max_str_digits() -> usize {
        taipan_runtime::types::int::digit_limit()
    }

    /// Set the most digits that conversions between int and str accept; 0 is no limit.
    #[function("(maxdigits)")]
    fn set_int_max_str_digits(cx: &mut Context, maxdigits: i32) -> Result<()> {
        if maxdigits != 0 && maxdigits < 640 {
            return Err(cx.value_error("maxdigits must be >= 640 or 0 for unlimited"));
        }
        crate::compile::set_digit_limit(maxdigits as usize);
        Ok(())
    }

    /// Add a new audit hook callback.
    #[function("(hook)")]
    fn addaudithook(cx: &mut Context, hook: Value) -> Result<()> {
        cx.add_audit_hook(hook)
    }

    /// Pass the event to all hooks that are attached.
    #[function("(event, /, *args)")]
    fn audit(cx: &mut Context, event: Value, args: Gc<Tuple>) -> Result<()> {
        let Some(name) = event.downcast::<Str>() else {
            let name = cx.argument_type_name(event);
            return Err(cx.type_error(format!("audit() argument 1 must be str, not {name}")));
        };
        for (index, point) in name.chars().enumerate() {
            if (0xD800..0xE000).contains(&point) {
                let why = "surrogates not allowed";
                return Err(cx.unicode_encode_error("utf-8", event, index, index + 1, why));
            }
            if point == 0 {
                return Err(cx.value_error("embedded null character"));
            }
        }
        if taipan_runtime::audit::listens() {
            taipan_runtime::audit::run_hooks(cx, name, args)
        } else {
            Ok(())
        }
    }

    /// Show an exception that could not be raised.
    #[function("(unraisable, /)")]
    fn unraisablehook(cx: &mut Context, unraisable: Value) -> Result<()> {
        taipan_runtime::exception::print::unraisable_hook(cx, unraisable)
    }

    /// Start the debugger that PYTHONBREAKPOINT names.
    #[function("(*args, **kws)")]
    fn breakpointhook(cx: &mut Context, args: Gc<Tuple>, kws: Gc<Dict>) -> Result {
        let wanted = std::env::var("PYTHONBREAKPOINT").ok().filter(|_| !crate::options().ignore_environment);
        let wanted = match wanted.as_deref() {
            Some("0") => return Ok(Value::NONE),
            None | Some("") => "pdb.set_trace".to_owned(),
            Some(name) => name.to_owned(),
        };
        let (module, function) = wanted.rsplit_once('.').unwrap_or(("builtins", &wanted));
        let found = match cx.import(module) {
            Ok(module) => cx.get_attr_str(module, function),
            Err(raised) if cx.error_matches(&raised, taipan_runtime::exception::import_error) => Err(raised),
            Err(raised) => return Err(raised),
        };
        match found {
            Ok(function) => cx.call_ex(function, args.items(), Some(kws)),
            Err(raised)
                if cx.error_matches(&raised, taipan_runtime::exception::import_error)
                    || cx.error_matches(&raised, taipan_runtime::exception::attribute_error) =>
            {
                cx.take_exception(raised);
                let message = format!("Ignoring unimportable $PYTHONBREAKPOINT: \"{wanted}\"");
                cx.warn(taipan_runtime::exception::hierarchy::runtime_warning, &message, 1)?;
                Ok(Value::NONE)
            }
            Err(raised) => Err(raised),
        }
    }

    /// Return the interval at which threads are switched; there is no such thing here.
    #[function("()")]
    fn getswitchinterval() -> f64 {
        f64::from_bits(SWITCH_INTERVAL.load(Ordering::Relaxed))
    }

    /// Accept an interval at which threads are switched: they run at the same time, so it is only remembered.
    #[function("(interval, /)")]
    fn setswitchinterval(cx: &mut Context, interval: Real) -> Result<()> {
        if interval.0 <= 0.0 {
            return Err(cx.value_error("switch interval must be strictly positive"));
        }
        SWITCH_INTERVAL.store(interval.0.to_bits(), Ordering::Relaxed);
        Ok(())
    }

    /// Return the number of processors that PYTHON_CPU_COUNT or -X cpu_count asks for, else -1.
    #[function("()")]
    fn _get_cpu_count_config() -> i64 {
        crate::options().cpu_count.map_or(-1, i64::from)
    }

    /// Forget cached lookups; they are never stale.
    #[function("()")]
    fn _clear_internal_caches() {}

    /// Forget cached lookups; they are never stale.
    #[function("()")]
    fn _clear_type_cache() {}

    /// Return whether the object is never freed.
    #[function("(op, /)")]
    fn _is_immortal(op: Value) -> bool {
        !op.is_cell()
    }

    /// Return whether the text is interned.
    #[function("(string, /)")]
    fn _is_interned(string: Gc<Str>) -> bool {
        string.is_interned()
    }

    /// Return whether the global interpreter lock is in use: never.
    #[function("()")]
    fn _is_gil_enabled() -> bool {
        false
    }
}
