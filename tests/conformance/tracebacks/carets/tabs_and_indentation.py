def f(flag):
	if flag:
		for i in range(3):
			x = [1][i] + 0
	return x

f(True)
