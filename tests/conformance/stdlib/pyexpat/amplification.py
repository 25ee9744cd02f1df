"""Entities that expand without bound are stopped."""
from xml.parsers import expat

def laughs(rows, columns):
    lines = ["<!ENTITY e0 'x'>"]
    for row in range(1, rows):
        lines.append(f"<!ENTITY e{row} '{f'&e{row - 1};' * columns}'>")
    return f"<!DOCTYPE d [{''.join(lines)}]><d a='&e3;'>&e{rows - 1};</d>"

for factor, threshold in ((1e4, 0), (2.0, 0), (2.0, 1 << 20), (100.0, 1000)):
    parser = expat.ParserCreate()
    parser.SetBillionLaughsAttackProtectionMaximumAmplification(factor)
    parser.SetBillionLaughsAttackProtectionActivationThreshold(threshold)
    count = 0
    def data(text):
        global count
        count += len(text)
    parser.CharacterDataHandler = data
    try:
        print(factor, threshold, parser.Parse(laughs(5, 10), True), count)
    except expat.ExpatError as error:
        print(factor, threshold, error)
parser = expat.ParserCreate()
try:
    parser.Parse(laughs(12, 10), True)
except expat.ExpatError as error:
    print(error.code == expat.errors.codes[expat.errors.XML_ERROR_AMPLIFICATION_LIMIT_BREACH])
child = parser.ExternalEntityParserCreate("")
for owner, value in ((parser, 0.5), (parser, float("nan")), (parser, "1"), (child, 2.0)):
    for name in ("SetBillionLaughsAttackProtectionMaximumAmplification", "SetAllocTrackerMaximumAmplification"):
        try:
            getattr(owner, name)(value)
        except Exception as error:
            print(type(error).__name__, error)
for value in (-1, 1 << 64, 1.5):
    try:
        parser.SetAllocTrackerActivationThreshold(value)
    except Exception as error:
        print(type(error).__name__, error)
