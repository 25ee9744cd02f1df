user = {"name": "ann"}
print(f"hello {user['name']} you are {user['age']:>3} years old")
