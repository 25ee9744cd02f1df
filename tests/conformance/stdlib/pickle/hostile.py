# Pickles that nobody wrote: each ends in an exception of CPython's.
import _pickle
import io

cases = [
    b"a", b"(", b"(.", b"0.", b"2.", b"\x85.", b"K", b"K\x01\x87.", b"e.", b"(e.", b"N(e.", b"Na.", b"s.", b"NNs.",
    b"NNNs.", b"(Nu.", b"}(Nu.", b"(Nd.", b"h\x07.", b"j\x07\x00\x00\x00.", b"g7\n.", b"gx\n.", b"g-3\n.", b"p1\n.",
    b"Np-1\n.", b"Npx\n.", b"q\x00.", b"\x94.", b"\x80\x09.", b"\x82\x00.", b"\x82\x07.", b"\x84\xff\xff\xff\xff.",
    b"\x8b\xff\xff\xff\xff.", b"\x8e\xff\xff\xff\xff\xff\xff\xff\xff.", b"\x8d\xff\xff\xff\xff\xff\xff\xff\xff.",
    b"\x96\xff\xff\xff\xff\xff\xff\xff\xff.", b"\x95\xff\xff\xff\xff\xff\xff\xff\xff.", b"X\xff\x00\x00\x00ab.",
    b"\x8c\x01\xff.", b"\x93.", b"NN\x93.", b"cbuiltins\n", b"cbuiltins\nnothing\n.", b"cno_such_module\nx\n.",
    b"ibuiltins\nint\n.", b"(ibuiltins\nint\n.", b"o.", b"(o.", b"(cbuiltins\nint\no.", b"R.", b"NR.", b"NNR.",
    b"N)R.", b"\x81.", b"NN\x81.", b"cbuiltins\nint\nN\x81.", b"cbuiltins\nint\n)N\x92.", b"cbuiltins\nint\nNN\x92.",
    b"b.", b"NNb.", b"NK\x01b.", b"S'a\n.", b"S'a'\n.", b"Sa\n.", b"S'\\\n.", b"S'\\x4'\n.", b"I\n.", b"Ix\n.",
    b"I010\n.", b"I0x1F\n.", b"I00\n.", b"I01\n.", b"I1\n.", b"L\n.", b"Lx\n.", b"L12L\n.", b"L12\n.", b"F\n.",
    b"Fx\n.", b"F1e400\n.", b"Finf\n.", b"F 1\n.", b"F1.5\n.", b"V\\u12\n.", b"V\\u0041\n.", b"Px\n.", b"NQ.",
    b"\x97.", b"\x98.", b"N\x98.", b"\x90.", b"N(K\x01\x90.", b"N(\x90.", b"\x8f(]\x90.", b"(]\x91.", b"(1.", b"1.",
    b"(0N.", b"U\x03abc.", b"U\x01\xe9.", b"T\x01\x00\x00\x00", b"\xff.", b"\x00.", b"\\.", b"'.", b" .", b"~.",
    b"}]K\x01s.", b"c\n\n.", b"c\xff\nx\n.", b"\x80\x05\x95\x05\x00\x00\x00\x00\x00\x00\x00N.",
]
for case in cases:
    seen = []
    for load in (_pickle.loads, lambda data: _pickle.load(io.BytesIO(data))):
        try:
            result = load(case)
        except Exception as error:
            result = f"{type(error).__name__}: {error}"
        else:
            result = repr(result)
        if result not in seen:
            seen.append(result)
    print(case, *seen, sep="  |  ")
