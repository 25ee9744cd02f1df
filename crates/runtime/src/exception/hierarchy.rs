//! The table of exception classes. CPython: `Objects/exceptions.c`, bottom.
//!
//! One row per class that adds nothing to its base: function, Python name, base, body, documentation.
//! Classes with fields of their own (`os_error.rs`, `unicode.rs`, ...) come from `#[class]`.
//! Invariant: a class without fields has its base's layout, so that it combines with any other exception
//! in a list of bases.

use crate::exception::attribute_error::AttributeError;
use crate::exception::base::BaseException;
use crate::exception::group::BaseExceptionGroup;
use crate::exception::import_error::ImportError;
use crate::exception::name_error::NameError;
use crate::exception::os_error::OSError;
use crate::exception::stop_iteration::{StopIteration, SystemExit};
use crate::exception::syntax_error::SyntaxError;
use crate::exception::unicode::{UnicodeDecodeError, UnicodeEncodeError, UnicodeTranslateError};
use crate::layout::Object;
use crate::native::ClassDef;
use crate::types::type_::{ClassCell, StaticSlots, flag};

/// Gives the cell of one exception class: what `cx.new_exception` takes.
pub type ClassFn = fn() -> &'static ClassCell;

macro_rules! native_bodies {
    ($($function:ident: $body:ty;)*) => {$(
        #[doc = concat!("The class of `", stringify!($body), "`.")]
        pub fn $function() -> &'static ClassCell {
            <$body as Object>::class_cell()
        }
    )*};
}

native_bodies! {
    attribute_error: AttributeError;
    base_exception: BaseException;
    base_exception_group: BaseExceptionGroup;
    import_error: ImportError;
    name_error: NameError;
    os_error: OSError;
    stop_iteration: StopIteration;
    syntax_error: SyntaxError;
    system_exit: SystemExit;
    unicode_decode_error: UnicodeDecodeError;
    unicode_encode_error: UnicodeEncodeError;
    unicode_translate_error: UnicodeTranslateError;
}

macro_rules! rows {
    ($($function:ident: $name:literal($base:ident, $body:ty) $doc:literal $(slots $slots:expr)?;)*) => {$(
        #[doc = concat!("The class `", $name, "`.")]
        pub fn $function() -> &'static ClassCell {
            static DEF: ClassDef = ClassDef {
                name: $name,
                module: "builtins",
                doc: Some($doc),
                layout: <$body as Object>::LAYOUT,
                base: Some($base),
                functions: &[],
                getset: &[],
                constants: &[],
                slots: rows!(@slots $($slots)?),
                new_signature: None,
                quick: None,
                flags: flag::BASETYPE | flag::HAS_DICT,
            };
            static CELL: ClassCell = ClassCell::new(&DEF);
            &CELL
        }
    )*};
    (@slots) => { StaticSlots::NONE };
    (@slots $slots:expr) => { $slots };
}

rows! {
    exception: "Exception"(base_exception, BaseException) "Common base class for all non-exit exceptions.";
    generator_exit: "GeneratorExit"(base_exception, BaseException) "Request that a generator exit.";
    keyboard_interrupt: "KeyboardInterrupt"(base_exception, BaseException) "Program interrupted by user.";

    arithmetic_error: "ArithmeticError"(exception, BaseException) "Base class for arithmetic errors.";
    floating_point_error: "FloatingPointError"(arithmetic_error, BaseException) "Floating-point operation failed.";
    overflow_error: "OverflowError"(arithmetic_error, BaseException) "Result too large to be represented.";
    zero_division_error: "ZeroDivisionError"(arithmetic_error, BaseException)
        "Second argument to a division or modulo operation was zero.";

    assertion_error: "AssertionError"(exception, BaseException) "Assertion failed.";
    buffer_error: "BufferError"(exception, BaseException) "Buffer error.";
    eof_error: "EOFError"(exception, BaseException) "Read beyond end of file.";
    module_not_found_error: "ModuleNotFoundError"(import_error, ImportError) "Module not found.";

    lookup_error: "LookupError"(exception, BaseException) "Base class for lookup errors.";
    index_error: "IndexError"(lookup_error, BaseException) "Sequence index out of range.";
    key_error: "KeyError"(lookup_error, BaseException) "Mapping key not found."
        slots StaticSlots { str: Some(crate::exception::raise::key_error_str), ..StaticSlots::NONE };

    memory_error: "MemoryError"(exception, BaseException) "Out of memory.";
    unbound_local_error: "UnboundLocalError"(name_error, NameError)
        "Local name referenced but not bound to a value.";

    blocking_io_error: "BlockingIOError"(os_error, OSError) "I/O operation would block.";
    child_process_error: "ChildProcessError"(os_error, OSError) "Child process error.";
    connection_error: "ConnectionError"(os_error, OSError) "Connection error.";
    broken_pipe_error: "BrokenPipeError"(connection_error, OSError) "Broken pipe.";
    connection_aborted_error: "ConnectionAbortedError"(connection_error, OSError) "Connection aborted.";
    connection_refused_error: "ConnectionRefusedError"(connection_error, OSError) "Connection refused.";
    connection_reset_error: "ConnectionResetError"(connection_error, OSError) "Connection reset.";
    file_exists_error: "FileExistsError"(os_error, OSError) "File already exists.";
    file_not_found_error: "FileNotFoundError"(os_error, OSError) "File not found.";
    interrupted_error: "InterruptedError"(os_error, OSError) "Interrupted by signal.";
    is_a_directory_error: "IsADirectoryError"(os_error, OSError) "Operation doesn't work on directories.";
    not_a_directory_error: "NotADirectoryError"(os_error, OSError) "Operation only works on directories.";
    permission_error: "PermissionError"(os_error, OSError) "Not enough permissions.";
    process_lookup_error: "ProcessLookupError"(os_error, OSError) "Process not found.";
    timeout_error: "TimeoutError"(os_error, OSError) "Timeout expired.";

    reference_error: "ReferenceError"(exception, BaseException)
        "Weak ref proxy used after referent went away.";

    runtime_error: "RuntimeError"(exception, BaseException) "Unspecified run-time error.";
    not_implemented_error: "NotImplementedError"(runtime_error, BaseException)
        "Method or function hasn't been implemented yet.";
    python_finalization_error: "PythonFinalizationError"(runtime_error, BaseException)
        "Operation blocked during Python finalization.";
    recursion_error: "RecursionError"(runtime_error, BaseException) "Recursion limit exceeded.";

    stop_async_iteration: "StopAsyncIteration"(exception, BaseException)
        "Signal the end from iterator.__anext__().";

    incomplete_input_error: "_IncompleteInputError"(syntax_error, SyntaxError) "incomplete input.";
    indentation_error: "IndentationError"(syntax_error, SyntaxError) "Improper indentation.";
    tab_error: "TabError"(indentation_error, SyntaxError) "Improper mixture of spaces and tabs.";

    system_error: "SystemError"(exception, BaseException) "Internal error in the Python interpreter.";
    type_error: "TypeError"(exception, BaseException) "Inappropriate argument type.";

    value_error: "ValueError"(exception, BaseException) "Inappropriate argument value (of correct type).";
    unicode_error: "UnicodeError"(value_error, BaseException) "Unicode related error.";

    warning: "Warning"(exception, BaseException) "Base class for warning categories.";
    bytes_warning: "BytesWarning"(warning, BaseException) "Base class for warnings about bytes and buffer misuse.";
    deprecation_warning: "DeprecationWarning"(warning, BaseException)
        "Base class for warnings about deprecated features.";
    encoding_warning: "EncodingWarning"(warning, BaseException) "Base class for warnings about encodings.";
    future_warning: "FutureWarning"(warning, BaseException)
        "Base class for warnings about constructs that will change in the future.";
    import_warning: "ImportWarning"(warning, BaseException)
        "Base class for warnings about probable mistakes in imports.";
    pending_deprecation_warning: "PendingDeprecationWarning"(warning, BaseException)
        "Base class for warnings about features that will be deprecated.";
    resource_warning: "ResourceWarning"(warning, BaseException) "Base class for warnings about resource usage.";
    runtime_warning: "RuntimeWarning"(warning, BaseException)
        "Base class for warnings about dubious run-time behaviour.";
    syntax_warning: "SyntaxWarning"(warning, BaseException) "Base class for warnings about dubious syntax.";
    unicode_warning: "UnicodeWarning"(warning, BaseException) "Base class for warnings about Unicode.";
    user_warning: "UserWarning"(warning, BaseException) "Base class for warnings generated by user code.";
}

/// Every exception class that `builtins` shows, bases before the classes derived from them.
/// `ExceptionGroup`, which has two bases, comes from `group::exception_group`; `IOError` and
/// `EnvironmentError` are other names of `OSError`.
pub const BUILTIN: &[ClassFn] = &[
    base_exception,
    exception,
    generator_exit,
    keyboard_interrupt,
    system_exit,
    base_exception_group,
    arithmetic_error,
    floating_point_error,
    overflow_error,
    zero_division_error,
    assertion_error,
    attribute_error,
    buffer_error,
    eof_error,
    import_error,
    module_not_found_error,
    lookup_error,
    index_error,
    key_error,
    memory_error,
    name_error,
    unbound_local_error,
    os_error,
    blocking_io_error,
    child_process_error,
    connection_error,
    broken_pipe_error,
    connection_aborted_error,
    connection_refused_error,
    connection_reset_error,
    file_exists_error,
    file_not_found_error,
    interrupted_error,
    is_a_directory_error,
    not_a_directory_error,
    permission_error,
    process_lookup_error,
    timeout_error,
    reference_error,
    runtime_error,
    not_implemented_error,
    python_finalization_error,
    recursion_error,
    stop_async_iteration,
    stop_iteration,
    syntax_error,
    incomplete_input_error,
    indentation_error,
    tab_error,
    system_error,
    type_error,
    value_error,
    unicode_error,
    unicode_decode_error,
    unicode_encode_error,
    unicode_translate_error,
    warning,
    bytes_warning,
    deprecation_warning,
    encoding_warning,
    future_warning,
    import_warning,
    pending_deprecation_warning,
    resource_warning,
    runtime_warning,
    syntax_warning,
    unicode_warning,
    user_warning,
];
