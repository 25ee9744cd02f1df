print("a" < "b", "a" < "B", "abc" < "abd", "ab" < "abc", "" < "a", "é" > "z", "z" < "日" < "😀", "a" == "a")
print("a" != b"a", "abc" >= "abc", max("hello"), min("hello"))
print(sorted(["b", "A", "a", "B", "10", "9", "é", ""]), sorted(["b", "A", "a"], key=str.lower), {"a": 1}["a"])
print(hash("a" + "b") == hash("ab"), "ab" is "ab" if False else True)
for action in (lambda: "a" < 1, lambda: "a" < None, lambda: b"a" < "a"):
    try:
        action()
    except TypeError as error:
        print(error)
print("a" == 1, "a".__eq__(1), "a".__lt__(1), "a".__ne__("b"), str() == "", str(5), str([1, "a"]))
print(str({"k": "v"}), str(None), repr("é\n\t\\'\""), ascii("é日😀"))
