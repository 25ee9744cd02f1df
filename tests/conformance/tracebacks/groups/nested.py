def fail(error):
    raise error

def collect(*errors):
    caught = []
    for error in errors:
        try:
            fail(error)
        except Exception as e:
            caught.append(e)
    return caught

inner = ExceptionGroup("inner group", collect(KeyError("k"), OSError(2, "No such file")))
inner.add_note("note on the inner group")
raise ExceptionGroup("outer group", collect(ValueError("one")) + [inner, TypeError("never raised")])
