def __getattr__(name):
    if name == "computed":
        return "made on demand"
    raise AttributeError(f"no {name} here")
def __dir__():
    return ["computed"]
