# While somebody looks into a buffer, it does not change its size.
data = bytearray(b"hello")
view = memoryview(data)
for action in (lambda: data.append(1), lambda: data.extend(b"xyz"), lambda: data.clear(),
               lambda: data.pop(), lambda: data.__delitem__(0), lambda: data.insert(0, 1)):
    try:
        action()
    except BufferError as error:
        print(error)
data[0] = ord("J")
data[1:3] = b"EL"
print(view.tobytes(), data)
part = view[1:3]
view.release()
try:
    data.append(1)
except BufferError as error:
    print("the part still holds it:", error)
part.release()
data.append(33)
print(data)
try:
    view[0]
except ValueError as error:
    print(error)
import array
numbers = array.array("i", [1, 2, 3])
with memoryview(numbers) as m:
    try:
        numbers.append(4)
    except BufferError as error:
        print(error)
    m[1] = 20
numbers.append(4)
print(numbers)
