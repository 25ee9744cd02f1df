"""Parsers in several threads, and one parser that several threads fight for."""
import threading
from xml.parsers import expat

DOCUMENT = b"<doc>" + b"<item id='1'>text &amp; more</item>" * 300 + b"</doc>"
totals = []

def own():
    for _ in range(5):
        parser = expat.ParserCreate()
        names = []
        parser.StartElementHandler = lambda name, attributes: names.append(name)
        parser.CharacterDataHandler = names.append
        parser.Parse(DOCUMENT, True)
        totals.append(len(names))

threads = [threading.Thread(target=own) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(set(totals), len(totals))

shared = expat.ParserCreate()
shared.StartElementHandler = lambda name, attributes: shared.CurrentLineNumber
shared.CharacterDataHandler = lambda data: None

def fight():
    for _ in range(50):
        try:
            shared.Parse(b"<a>text<b/>")
            shared.CurrentByteIndex, shared.buffer_used, shared.ErrorCode
            shared.buffer_text = not shared.buffer_text
            shared.ExternalEntityParserCreate(None)
        except (RuntimeError, expat.ExpatError):
            pass

threads = [threading.Thread(target=fight) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("no crash")
