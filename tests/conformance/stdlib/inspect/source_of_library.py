# The source of library modules can be asked for.
import inspect
import linecache
import textwrap

print(inspect.getsource(textwrap.dedent).splitlines()[0])
print(inspect.getsource(textwrap.TextWrapper).splitlines()[0])
print(textwrap.__loader__.get_source("textwrap").count("def dedent"))
code = textwrap.dedent.__code__
print(linecache.getline(code.co_filename, code.co_firstlineno, vars(textwrap)).strip())
