class C(Base, metaclass=Meta):
    "doc"
    x: int = 1

    def __init__(self, a):
        super().__init__()
        self.a = a
        self.__private = __class__
