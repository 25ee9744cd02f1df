class Node:
    def __init__(self):
        self.child = None

tree = Node()
tree.child = Node()
print(tree.child.child.child)
