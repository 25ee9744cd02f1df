a = 2 * 3 + 1
b = -1, 'x' + 'y', 'ab' * 3
c = 1 << 70
d = not 0
e = 1 + 2j
f = x in {1, 2, 3}
g = [1, 2, 3]
if __debug__:
    h = 1 / 0
