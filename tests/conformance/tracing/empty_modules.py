"""What a module without statements reports."""
import sys

for source in ("", "# comment\n", "\n\n", "pass", '"doc"'):
    code = compile(source, "x.py", "exec")
    seen = []

    def trace(frame, event, argument):
        if frame.f_code is code:
            seen.append((event, frame.f_lineno))
        return trace

    sys.settrace(trace)
    exec(code)
    sys.settrace(None)
    print(repr(source), seen, code.co_firstlineno, [line for *_, line in code.co_lines()])
