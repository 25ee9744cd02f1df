# Modules of the library have a file's name, though it need not be a file that can be opened; natives have none.
import json, json.decoder, os, sys
print(os.path.basename(os.__file__), json.__file__.endswith("json/__init__.py"), len(json.__path__))
print(os.path.dirname(json.decoder.__file__) == json.__path__[0], hasattr(sys, "__file__"))
print(json.loads.__code__.co_filename == json.__file__)
import datetime
print(datetime.datetime.strptime("2024-03-29", "%Y-%m-%d"))
