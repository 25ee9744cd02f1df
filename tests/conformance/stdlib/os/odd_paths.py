# normpath and splitroot take any str, lone surrogates as well.
import os.path

for path in ["a/\ud800/../b", "\udc80/./c", "/\ud800//", "//x/../\udfff", "a\0b/../c", "", b"\xff/../a", b"//a/./b"]:
    print(ascii(os.path.normpath(path)), ascii(os.path.splitroot(path)))
