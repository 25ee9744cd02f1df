//! The struct sequences of `sys`: versions, flags, limits of numbers. CPython: `Python/sysmodule.c`.

use std::sync::atomic::AtomicU64;

use taipan_runtime::prelude::*;
use taipan_runtime::types::struct_sequence::StructSequence;

type Field = (Option<&'static str>, &'static str);

const fn info(name: &'static str, doc: &'static str, fields: &'static [Field]) -> StructSequence {
    StructSequence {
        name,
        module: "sys",
        doc,
        fields,
        visible: fields.len(),
        instantiable: false,
        class: AtomicU64::new(0),
    }
}

static VERSION_INFO: StructSequence = info(
    "version_info",
    "Version information as a named tuple.",
    &[
        (Some("major"), "Major release number"),
        (Some("minor"), "Minor release number"),
        (Some("micro"), "Patch release number"),
        (Some("releaselevel"), "'alpha', 'beta', 'candidate', or 'final'"),
        (Some("serial"), "Serial release number"),
    ],
);

static FLAGS: StructSequence = StructSequence {
    name: "flags",
    module: "sys",
    doc: "Flags provided through command line arguments or environment vars.",
    fields: &[
        (Some("debug"), "-d"),
        (Some("inspect"), "-i"),
        (Some("interactive"), "-i"),
        (Some("optimize"), "-O or -OO"),
        (Some("dont_write_bytecode"), "-B"),
        (Some("no_user_site"), "-s"),
        (Some("no_site"), "-S"),
        (Some("ignore_environment"), "-E"),
        (Some("verbose"), "-v"),
        (Some("bytes_warning"), "-b"),
        (Some("quiet"), "-q"),
        (Some("hash_randomization"), "-R"),
        (Some("isolated"), "-I"),
        (Some("dev_mode"), "-X dev"),
        (Some("utf8_mode"), "-X utf8"),
        (Some("warn_default_encoding"), "-X warn_default_encoding"),
        (Some("safe_path"), "-P"),
        (Some("int_max_str_digits"), "-X int_max_str_digits"),
        (Some("gil"), "-X gil"),
        (Some("thread_inherit_context"), "-X thread_inherit_context"),
        (Some("context_aware_warnings"), "-X context_aware_warnings"),
    ],
    visible: 18,
    instantiable: false,
    class: AtomicU64::new(0),
};

static FLOAT_INFO: StructSequence = info(
    "float_info",
    "Limits and precision of the float type.",
    &[
        (Some("max"), "largest finite float"),
        (Some("max_exp"), "largest e so that radix**(e-1) is a finite float"),
        (Some("max_10_exp"), "largest e so that 10**e is a finite float"),
        (Some("min"), "smallest positive normalized float"),
        (Some("min_exp"), "smallest e so that radix**(e-1) is a normalized float"),
        (Some("min_10_exp"), "smallest e so that 10**e is a normalized float"),
        (Some("dig"), "decimal digits that a float keeps"),
        (Some("mant_dig"), "digits of the mantissa"),
        (Some("epsilon"), "distance from 1 to the next float"),
        (Some("radix"), "radix of the exponent"),
        (Some("rounds"), "rounding mode of arithmetic"),
    ],
);

static INT_INFO: StructSequence = info(
    "int_info",
    "How ints are represented.",
    &[
        (Some("bits_per_digit"), "size of a digit in bits"),
        (Some("sizeof_digit"), "size in bytes of a digit's type"),
        (Some("default_max_str_digits"), "default limit of digits in conversions from and to str"),
        (Some("str_digits_check_threshold"), "smallest limit that can be set"),
    ],
);

static HASH_INFO: StructSequence = info(
    "hash_info",
    "How numbers and strings are hashed.",
    &[
        (Some("width"), "width of a hash in bits"),
        (Some("modulus"), "prime modulus of numeric hashes"),
        (Some("inf"), "hash of positive infinity"),
        (Some("nan"), "unused"),
        (Some("imag"), "multiplier of the imaginary part"),
        (Some("algorithm"), "algorithm of str, bytes and memoryview hashes"),
        (Some("hash_bits"), "size of that algorithm's output"),
        (Some("seed_bits"), "size of its key"),
        (Some("cutoff"), "length up to which a simpler algorithm is used"),
    ],
);

static THREAD_INFO: StructSequence = info(
    "thread_info",
    "How threads are implemented.",
    &[
        (Some("name"), "name of the implementation"),
        (Some("lock"), "name of the lock implementation"),
        (Some("version"), "name and version of the library"),
    ],
);

static ASYNCGEN_HOOKS: StructSequence = info(
    "asyncgen_hooks",
    "The callbacks of async generators.",
    &[
        (Some("firstiter"), "called with a generator before it is first iterated"),
        (Some("finalizer"), "called with a generator before it is collected"),
    ],
);

fn ints<const N: usize>(cx: &Context, numbers: [i64; N]) -> [Value; N] {
    numbers.map(|number| cx.new_int(number))
}

/// `sys.get_asyncgen_hooks()`.
pub(super) fn asyncgen_hooks(cx: &mut Context, firstiter: Value, finalizer: Value) -> Result {
    ASYNCGEN_HOOKS.instance(cx, &[firstiter, finalizer]).map(Gc::value)
}

fn version_info(cx: &mut Context) -> Result {
    let level = cx.intern("final").value();
    let [major, minor, micro, serial] = ints(cx, [3, 14, 0, 0]);
    VERSION_INFO.instance(cx, &[major, minor, micro, level, serial]).map(Gc::value)
}

fn flags(cx: &mut Context) -> Result {
    let options = crate::options();
    let number = |flag: bool| Value::int(flag as i64);
    let values = [
        number(options.debug),
        number(options.inspect),
        number(options.interactive),
        Value::int(options.optimize as i64),
        number(options.dont_write_bytecode),
        number(options.no_user_site),
        number(options.no_site),
        number(options.ignore_environment),
        Value::int(options.verbose as i64),
        Value::int(options.bytes_warning as i64),
        number(options.quiet),
        number(options.hash_randomization),
        number(options.isolated),
        Value::bool(options.dev_mode),
        number(options.utf8_mode),
        Value::int(0),
        Value::bool(options.safe_path),
        Value::int(options.digit_limit as i64),
        options.gil.map_or(Value::NONE, |gil| Value::int(gil.into())),
        Value::int(1),
        Value::int(1),
    ];
    FLAGS.instance(cx, &values).map(Gc::value)
}

fn float_info(cx: &mut Context) -> Result {
    let [max_exp, max_10_exp, min_exp, min_10_exp] = ints(cx, [1024, 308, -1021, -307]);
    let [dig, mant_dig, radix, rounds] = ints(cx, [15, 53, 2, 1]);
    let [max, min, epsilon] = [f64::MAX, f64::MIN_POSITIVE, f64::EPSILON].map(|float| cx.new_float(float));
    let values = [max, max_exp, max_10_exp, min, min_exp, min_10_exp, dig, mant_dig, epsilon, radix, rounds];
    FLOAT_INFO.instance(cx, &values).map(Gc::value)
}

fn hash_info(cx: &mut Context) -> Result {
    let algorithm = cx.intern("siphash13").value();
    let [width, modulus, inf, nan, imag] = ints(cx, [64, (1 << 61) - 1, 314_159, 0, 1_000_003]);
    let [hash_bits, seed_bits, cutoff] = ints(cx, [64, 128, 0]);
    let values = [width, modulus, inf, nan, imag, algorithm, hash_bits, seed_bits, cutoff];
    HASH_INFO.instance(cx, &values).map(Gc::value)
}

fn implementation(cx: &mut Context, version: Value) -> Result {
    let namespace = taipan_runtime::types::simple_namespace::SimpleNamespace::class_cell().ensure(cx).value();
    let names =
        ["name", "cache_tag", "version", "hexversion", "_multiarch", "supports_isolated_interpreters"];
    let values = [
        cx.intern("taipan").value(),
        cx.intern("taipan-314").value(),
        version,
        Value::int(0x030E_00F0),
        cx.intern("x86_64-linux-gnu").value(),
        Value::FALSE,
    ];
    let names = names.map(|name| cx.intern(name).value());
    let names = cx.new_tuple(&names);
    cx.call_kw(namespace, Args::new(&values, Some(names)))
}

/// Puts all of it into `sys`.
pub(super) fn fill(cx: &mut Context, dict: Gc<Dict>) -> Result<()> {
    let version_info = version_info(cx)?;
    let int_info = ints(cx, [30, 4, 4300, 640]);
    let int_info = INT_INFO.instance(cx, &int_info)?.value();
    let thread_info = [cx.intern("pthread").value(), Value::NONE, Value::NONE];
    let thread_info = THREAD_INFO.instance(cx, &thread_info)?.value();
    let pairs = [
        ("version_info", version_info),
        ("implementation", implementation(cx, version_info)?),
        ("flags", flags(cx)?),
        ("float_info", float_info(cx)?),
        ("int_info", int_info),
        ("hash_info", hash_info(cx)?),
        ("thread_info", thread_info),
        ("version", cx.new_str("3.14.0 (Taipan) [Rust]").value()),
    ];
    for (name, value) in pairs {
        let name = cx.intern(name);
        dict.set_str(cx, name, value);
    }
    Ok(())
}
