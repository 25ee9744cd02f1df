class PaymentError(Exception):
    """Raised when paying fails."""

class Account:
    def __init__(self, balance):
        self.balance = balance

    def pay(self, amount):
        if amount > self.balance:
            raise PaymentError(f"{amount} is more than {self.balance}")
        self.balance -= amount

Account(5).pay(10)
