e = TypeError("main message")
e.add_note("a note")
e.add_note("a note of\ntwo lines")
raise e
