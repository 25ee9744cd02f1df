class Robot:
    def __init__(self):
        self.battery_level = 5

Robot().batery_level
