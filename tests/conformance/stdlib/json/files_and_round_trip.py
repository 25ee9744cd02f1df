import io, json
data = {"deep": [[[[["x"]]]]], "unicode": "日本 \ud800", "numbers": [0, -1, 2 ** 53, 1e-7, 3.0]}
print(json.loads(json.dumps(data)) == data)
with open("d.json", "w") as f:
    json.dump(data, f, indent=1)
with open("d.json") as f:
    print(json.load(f) == data)
out = io.StringIO()
json.dump([1, "a"], out)
print(out.getvalue())
decoder = json.JSONDecoder()
print(decoder.raw_decode('{"a": 1} trailing'), decoder.decode(" 5 "))
records = [{"id": i, "tags": [str(j) for j in range(i % 4)], "score": i / 7} for i in range(200)]
text = json.dumps(records)
print(len(text), json.loads(text) == records)
