class C:
    size = 1
    def method(self):
        return size

C().method()
