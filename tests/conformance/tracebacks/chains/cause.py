class ConfigError(Exception):
    pass

def parse(text):
    try:
        return int(text)
    except ValueError as error:
        raise ConfigError("bad configuration") from error

parse("x1")
