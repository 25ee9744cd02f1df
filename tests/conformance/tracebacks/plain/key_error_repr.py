{"a": 1}["it's\nodd"]
