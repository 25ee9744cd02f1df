"""The interactive loop without line editing. CPython: `PyRun_InteractiveLoop` in `Python/pythonrun.c`.

It reads standard input, shows prompts on standard error, and runs one statement at a time.
"""
import linecache
import os
import sys
import warnings
from codeop import CommandCompiler, PyCF_ALLOW_INCOMPLETE_INPUT, PyCF_DONT_IMPLY_DEDENT, PyCF_ONLY_AST

FILENAME = "<stdin>"

# How many statements have been compiled.
_count = 0


def _prompt(name):
    prompt = getattr(sys, name, None)
    return "" if prompt is None else str(prompt)


def _read(prompt):
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    if sys.stderr is not None:
        sys.stderr.write(prompt)
        sys.stderr.flush()
    try:
        line = sys.stdin.readline()
    except (OSError, ValueError):
        # The program has closed it.
        line = ""
    if not line and sys.stderr is not None:
        sys.stderr.write("\n")
        sys.stderr.flush()
    return line


def _show():
    kind, value, traceback = sys.exc_info()
    sys.last_exc, sys.last_type, sys.last_value, sys.last_traceback = value, kind, value, traceback
    try:
        sys.excepthook(kind, value, traceback)
    except SystemExit:
        raise
    except BaseException as error:
        sys.stderr.write("Error in sys.excepthook:\n")
        sys.__excepthook__(type(error), error, error.__traceback__)
    finally:
        del value, traceback


def _is_empty(text):
    """Are there only comments?"""
    return all(line.strip()[:1] in ("", "#") for line in text.splitlines())


def _is_complete(compiler, text):
    """Does the text need no more lines, be it good or not?"""
    flags = compiler.compiler.flags | PyCF_ONLY_AST
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", (SyntaxWarning, DeprecationWarning))
        try:
            compile(text, FILENAME, "single", flags)
        except _IncompleteInputError:
            return text.endswith("\n") and not _is_open(text)
        except Exception:
            pass
    return True


def _is_open(text):
    """Is there something that an empty line does not end?"""
    try:
        compile(text, FILENAME, "single", PyCF_ONLY_AST)
    except IndentationError:
        return False
    except SyntaxError as error:
        return any(words in error.msg for words in ("was never closed", "unterminated", "unexpected EOF"))
    return False


def _read_statement(compiler):
    """Read the lines of one statement; "" at the end of the input."""
    lines = []
    while True:
        line = _read(_prompt("ps2" if lines else "ps1"))
        lines.append(line)
        text = "".join(lines)
        if not line:
            return text
        # A line that the end of the input cuts off may go on.
        if line.endswith("\n") and (_is_empty(text) or _is_complete(compiler, text.removesuffix("\n"))):
            return text


def _compile(compiler, text):
    """Compile a statement, whose lines are known by a name of its own from then on."""
    global _count
    flags = compiler.compiler.flags & ~(PyCF_DONT_IMPLY_DEDENT | PyCF_ALLOW_INCOMPLETE_INPUT)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", (SyntaxWarning, DeprecationWarning))
        compile(text, FILENAME, "single", flags | PyCF_ONLY_AST)
    name = f"<stdin-{_count}>"
    _count += 1
    try:
        code = compiler.compiler(text, name, "single", incomplete_input=False)
    except SyntaxError as error:
        if error.text is None and error.lineno:
            error.text = text.splitlines(True)[error.lineno - 1]
        raise error.with_traceback(None)
    linecache._register_code(code, text, FILENAME)
    return code


def _step(compiler, namespace):
    """Run one statement. False at the end of the input."""
    try:
        text = _read_statement(compiler)
        if not text:
            return False
        if not _is_empty(text):
            exec(_compile(compiler, text), namespace)
    except SystemExit:
        raise
    except BaseException as error:
        # These functions are not part of the program.
        traceback = error.__traceback__
        while traceback is not None and traceback.tb_frame.f_globals is globals():
            traceback = traceback.tb_next
        error.__traceback__ = traceback
        if isinstance(error, KeyboardInterrupt):
            sys.stderr.write("\n")
        _show()
    return True


def loop(namespace):
    """Run statements until the input ends."""
    for name, prompt in (("ps1", ">>> "), ("ps2", "... ")):
        if not hasattr(sys, name):
            setattr(sys, name, prompt)
    compiler = CommandCompiler()
    while _step(compiler, namespace):
        pass


def main(namespace):
    """An interactive session."""
    if not sys.flags.quiet:
        sys.stderr.write(f"Python {sys.version} on {sys.platform}\n")
        if not sys.flags.no_site:
            sys.stderr.write('Type "help", "copyright", "credits" or "license" for more information.\n')
    startup = os.environ.get("PYTHONSTARTUP")
    if startup and not sys.flags.ignore_environment:
        _start(startup, namespace)
    loop(namespace)


def _start(file, namespace):
    try:
        with open(file, "rb") as opened:
            text = opened.read()
    except OSError as error:
        sys.stderr.write(f"Could not open PYTHONSTARTUP\n{type(error).__name__}: {error}\n")
        return
    try:
        namespace["__file__"] = file
        exec(compile(text, file, "exec"), namespace)
    except SystemExit:
        raise
    except BaseException as error:
        error.__traceback__ = error.__traceback__.tb_next
        _show()
    finally:
        namespace.pop("__file__", None)
