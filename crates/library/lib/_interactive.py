"""The interactive loop without line editing. CPython: `PyRun_InteractiveLoop` in `Python/pythonrun.c`.

It reads standard input, shows prompts on standard error, and runs one statement at a time.
"""
import linecache
import os
import sys
from codeop import CommandCompiler

FILENAME = "<stdin>"


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
        return sys.stdin.readline()
    except (OSError, ValueError):
        # The program has closed it.
        return ""


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


def _statement(compiler):
    """Read and compile one statement: its code and text; None at the end of the input."""
    lines = []
    while True:
        line = _read(_prompt("ps2" if lines else "ps1"))
        if not line and not lines:
            return None
        if not lines and not line.strip():
            return (None, "")
        lines.append(line)
        text = "".join(lines)
        code = compiler(text.removesuffix("\n") if line else text + "\n", FILENAME, "single")
        if code is not None:
            return (code, text)
        if not line:
            return (compile(text, FILENAME, "single"), text)


def _step(compiler, namespace):
    """Run one statement. False at the end of the input."""
    try:
        found = _statement(compiler)
        if found is None:
            return False
        code, text = found
        if code is None:
            return True
        linecache._register_code(code, text, FILENAME)
        exec(code, namespace)
    except SystemExit:
        raise
    except BaseException as error:
        # This function is not part of the program.
        own = error.__traceback__
        error.__traceback__ = own.tb_next if not isinstance(error, SyntaxError) else None
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
    sys.stderr.write("\n")
    sys.stderr.flush()


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
