value = 1
raise ValueError("this module fails")
