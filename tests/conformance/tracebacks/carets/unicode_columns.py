größe = {"日本": 1}
print("é日😀", größe["日本"] + größe["nicht da"])
