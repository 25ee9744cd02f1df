"""The wheel of pip, as a file for as long as it is wanted."""

import _imp
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory


@contextmanager
def wheel(name):
    """Gives the path of a temporary file with the content of the wheel."""
    content = _imp._library_data('ensurepip/_bundled/' + name)
    if content is None:
        raise FileNotFoundError(f'the library has no {name}')
    with TemporaryDirectory() as directory:
        path = Path(directory, name)
        path.write_bytes(content)
        yield path
