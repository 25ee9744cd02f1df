import sys
print("goes to stdout")
sys.exit("goes to stderr, status 1")
