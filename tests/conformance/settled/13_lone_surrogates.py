# String constants keep lone surrogates.
s = "\ud800"
print(len(s), ord(s), ascii(s), s == chr(0xD800))
pair = "\ud83d\ude00"
print(len(pair), ascii(pair), pair == "\U0001f600")
name = "x"
print(ascii(f"\udfff{name}\ud800"), ascii("a" "\udc80" "b"))
print({"\ud800": 1}["\ud800"], "\ud800" in "a\ud800b")
try:
    s.encode()
except UnicodeEncodeError as error:
    print(error)
print(s.encode("utf-8", "surrogatepass"), b"\xff".decode("utf-8", "surrogateescape") == "\udcff")
print(ascii(eval(r"'\udbff'")))
