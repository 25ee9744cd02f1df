//! Puts the parts together: hooks, native types, native modules, the library.
//! Invariant: the one place that knows every crate.

use std::ops::Range;

use taipan_num::siphash::HashKey;
use taipan_runtime::Context;
use taipan_runtime::types::type_::ensure_all;
use taipan_runtime::vm::{BootOptions, boot};

/// Address space of the main thread's VM stack.
const VM_STACK: usize = 256 << 20;

/// A machine on the calling thread, with modules known and builtins filled.
pub fn machine(native_stack: Range<usize>) -> taipan_runtime::Result<Box<Context>> {
    let options = BootOptions { hash_key: hash_key(), vm_stack_bytes: VM_STACK, native_stack };
    taipan_host::locale::set_up();
    let mut cx = boot(&options, taipan_interp::hooks::hooks(taipan_host::signal::run_handlers));
    ensure_all(&cx, taipan_interp::types::ALL);
    taipan_interp::modules::sys::apply_recursion_limit(&cx, 1000);
    taipan_interp::compile::set_digit_limit(taipan_interp::options().digit_limit);
    if taipan_interp::options().bytes_warning > 0 {
        taipan_runtime::protocol::checks::set_bytes_warning();
    }
    taipan_interp::import::add_modules(taipan_interp::modules::MODULES);
    taipan_interp::import::add_modules(taipan_stdlib::MODULES);
    taipan_interp::import::add_modules(taipan_host::MODULES);
    taipan_interp::import::add_modules(taipan_tls::MODULES);
    taipan_interp::import::add_modules(taipan_sqlite::MODULES);
    taipan_interp::import::set_library(taipan_library::find, || taipan_library::image().names().collect());
    taipan_interp::import::set_library_data(taipan_library::data);
    let ready = taipan_interp::import::set_up(&mut cx)
        .and_then(|()| taipan_host::signal::install(&mut cx))
        .and_then(|()| match taipan_interp::options().fault_handler {
            true => taipan_host::faulthandler::enable_at_start(&mut cx),
            false => Ok(()),
        })
        .and_then(|()| {
            let frames = taipan_interp::options().trace_memory;
            taipan_interp::modules::tracemalloc::start_at_boot(&mut cx, frames)
        });
    if let Err(raised) = ready {
        let error = cx.take_exception(raised);
        let text = match cx.repr(error) {
            Ok(text) => text.to_str().into_owned(),
            Err(_) => cx.type_name(error),
        };
        eprintln!("{text}");
        return Err(cx.reraise(error));
    }
    Ok(cx)
}

/// Key of the hashes of str and bytes: from `PYTHONHASHSEED`, else from the system.
fn hash_key() -> HashKey {
    let options = taipan_interp::options();
    let settled = options.ignore_environment || options.random_hashes;
    let seed = std::env::var("PYTHONHASHSEED").ok().filter(|seed| !settled && !seed.is_empty());
    match seed.as_deref() {
        Some(seed) if seed != "random" => match seed.parse::<u32>() {
            Ok(seed) => HashKey::from_seed(seed),
            Err(_) => {
                eprintln!(
                    "Fatal Python error: config_init_hash_seed: PYTHONHASHSEED must be \"random\" or an integer in range [0; 4294967295]"
                );
                std::process::exit(1);
            }
        },
        _ => {
            let mut bytes = [0; 16];
            let random = std::fs::File::open("/dev/urandom");
            if random.and_then(|mut file| std::io::Read::read_exact(&mut file, &mut bytes)).is_err() {
                bytes[..4].copy_from_slice(&std::process::id().to_le_bytes());
            }
            HashKey::from_bytes(bytes)
        }
    }
}
