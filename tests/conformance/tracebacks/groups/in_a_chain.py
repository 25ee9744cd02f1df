try:
    raise ExceptionGroup("g", [ValueError(1), ValueError(2)])
except* ValueError as group:
    raise RuntimeError("while handling") from group
