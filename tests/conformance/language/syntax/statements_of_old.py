# print and exec as statements, wherever an expression may begin.
for s in ["x = print foo","if 1: print foo","a; print foo","lambda: print foo","f(print foo)","[print foo]","if print foo: pass","for x in y: print 'a'","print foo bar","x = exec 1","return print x","(print x)","{print x: 1}","print x if y else z","if 1: print foo, bar","class A: print 1","x: print foo","print -1 2", "print f 1", "with a: print b", "a if print x else b", "not print x","1 + print x", "print print x", "if 1: exec {1:foo}", "else: print x","for i in s: print f'x'; y"]:
    try: compile(s,"<s>","exec"); print("ok", s)
    except SyntaxError as e: print(s,"|",e.msg,e.lineno,e.offset,e.end_offset)
