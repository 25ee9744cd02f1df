def decorate(f):
    raise ValueError("decorator fails")

class C:
    limit = 10
    @decorate
    def method(self):
        pass
