print(abs(-5), abs(-5.5), abs(3 + 4j), abs(True), divmod(17, 5), divmod(-17, 5), divmod(17.5, 5), pow(2, 10))
print(pow(2, 10, 1000), pow(2, -2), pow(5, -1, 7), pow(base=2, exp=3), round(2.567, 1), round(2.5))
print(round(25, -1), round(number=1.25, ndigits=1))
