# Every character at once: counts of properties, and sums that any wrong mapping would change.
everything = "".join(map(chr, range(0x110000)))

for name in ("isalpha", "isdecimal", "isdigit", "isnumeric", "isupper", "islower", "istitle", "isspace", "isprintable",
             "isidentifier"):
    test = getattr(str, name)
    print(name, sum(map(test, everything)))

for name in ("upper", "lower", "title", "capitalize", "swapcase", "casefold"):
    converted = getattr(everything, name)()
    print(name, len(converted), sum(map(ord, converted)))

print("repr", len(repr(everything)), "ascii", len(ascii(everything)))
print("splitlines", [len(line) for line in everything.splitlines()])
print("split", [len(word) for word in everything.split()])
print("utf-8", len(everything.encode("utf-8", "surrogatepass")), len(everything.encode("utf-16", "surrogatepass")))
print(everything.encode("utf-8", "surrogatepass").decode("utf-8", "surrogatepass") == everything)
