# Instances of one class may each have an attribute of their own.
class Thing:
    pass


things = []
for number in range(3_000):
    thing = Thing()
    setattr(thing, f"own{number}", number)
    thing.common = -number
    things.append(thing)

print(all(getattr(thing, f"own{number}") == number for number, thing in enumerate(things)))
print(sum(thing.common for thing in things))
print(vars(things[0]), vars(things[999]), vars(things[1000]), vars(things[2999]))
del things[2000].own2000
things[2000].again = 1
print(vars(things[2000]), hasattr(things[2000], "own2000"))
