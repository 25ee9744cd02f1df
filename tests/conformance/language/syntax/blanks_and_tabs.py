# Indentation by blanks and tabs together is measured twice: with tabs to the next multiple of eight, and with tabs as one column.
for s in ["if 1:\n   \tpass\n    pass\n","if 1:\n    pass\n   \tpass\n","if 1:\n        pass\n\tpass\n","if 1:\n\tpass\n        pass\n","if 1:\n if 1:\n  pass\n\tpass\n", "while 0:\n    a\nelse:\n   \tpass\n    pass\npass\n","if 1:\n    if 1:\n       \tpass\n        pass\n", "x\n"*3+"if 1:\n    a\n  \tb\n"]:
    try: compile(s,'<s>', 'exec'); print('accepted', repr(s))
    except SyntaxError as e: print(type(e).__name__, e.msg, e.lineno, e.offset, repr(s))
