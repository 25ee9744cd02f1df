"""A plain module."""
print("running", __name__)
public = 1
_private = 2
