"""A yearly report of a small tea and coffee shop, from its order file.

    taipan examples/report.py [FOLDER]

reads `orders.jsonl` (one JSON object a line, a few of them damaged) and `products.json` from FOLDER, by
default the `data` folder beside this program.
"""

import functools
import json
import os
import sys
from collections import Counter, defaultdict

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


class BadOrder(Exception):
    """A line of the order file that cannot be used."""


class Product:
    def __init__(self, sku, name, group, price):
        self.sku, self.name, self.group, self.price = sku, name, group, price


class Order:
    """One order; its lines are (product, quantity)."""

    def __init__(self, number, date, customer, lines):
        self.number, self.date, self.customer, self.lines = number, date, customer, lines

    def __iter__(self):
        return iter(self.lines)

    def __len__(self):
        return sum(quantity for _, quantity in self.lines)

    @functools.cached_property
    def total(self):
        return sum(product.price * quantity for product, quantity in self)

    @property
    def month(self):
        return int(self.date[5:7])


class Catalogue:
    def __init__(self, path):
        with open(path, encoding="utf-8") as f:
            data = json.load(f)
        self.currency = data["currency"]
        self.products = {sku: Product(sku, **fields) for sku, fields in data["products"].items()}

    def __getitem__(self, sku):
        try:
            return self.products[sku]
        except KeyError:
            raise BadOrder(f"no product {sku!r}") from None


class Ranking:
    """An iterator over (place, key, value), best first; equal values share a place."""

    def __init__(self, values):
        self.rest = sorted(values.items(), key=lambda item: (-item[1], item[0]))
        self.at, self.place, self.last = 0, 0, None

    def __iter__(self):
        return self

    def __next__(self):
        if self.at == len(self.rest):
            raise StopIteration
        key, value = self.rest[self.at]
        self.at += 1
        if value != self.last:
            self.place, self.last = self.at, value
        return self.place, key, value


# The file is read as a pipeline: lines, records, orders; only one of each is held at a time.
def numbered_lines(path):
    with open(path, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            if line.strip():
                yield number, line.rstrip("\n")


def validated(make):
    """Turns whatever a damaged record causes into a BadOrder that says what is wrong."""
    @functools.wraps(make)
    def wrapper(*args):
        try:
            return make(*args)
        except json.JSONDecodeError as error:
            raise BadOrder(f"no JSON: {error.msg} at column {error.colno}") from error
        except KeyError as error:
            raise BadOrder(f"no {error.args[0]}") from error
    return wrapper


@validated
def parse(line, catalogue):
    match json.loads(line):
        case {"order": int(number), "date": str(date), "items": [_, *_] as items, **rest}:
            if not 1 <= int(date[5:7]) <= 12:
                raise BadOrder(f"no such date: {date}")
            lines = [(catalogue[item["sku"]], item["quantity"]) for item in items]
            if any(quantity < 1 for _, quantity in lines):
                raise BadOrder("a quantity below one")
            return Order(number, date, rest["customer"], lines)
        case other:
            raise BadOrder(f"not an order: {type(other).__name__}")


def orders(path, catalogue, problems):
    for number, line in numbered_lines(path):
        try:
            yield parse(line, catalogue)
        except BadOrder as error:
            problems.append((number, str(error)))


class Totals:
    """What the report needs, gathered in one pass."""

    def __init__(self):
        self.orders = self.items = 0
        self.by_month = defaultdict(float)
        self.by_group = defaultdict(float)
        self.by_customer = defaultdict(float)
        self.sold = Counter()
        self.largest = None

    def add(self, order):
        self.orders += 1
        self.items += len(order)
        self.by_month[order.month] += order.total
        self.by_customer[order.customer] += order.total
        for product, quantity in order:
            self.by_group[product.group] += product.price * quantity
            self.sold[product.name] += quantity
        if self.largest is None or order.total > self.largest.total:
            self.largest = order

    @property
    def revenue(self):
        return sum(self.by_month.values())


# The sections register themselves, in the order in which they are printed.
sections = []


def section(title):
    def register(write):
        sections.append((title, write))
        return write
    return register


@functools.lru_cache
def bar(share, width=40):
    return "█" * round(share * width)


@section("The year")
def overview(totals, currency):
    yield f"{totals.orders} orders, {totals.items} items, {totals.revenue:,.2f} {currency}"
    yield f"an order is worth {totals.revenue / totals.orders:.2f} {currency} on average"
    largest = totals.largest
    yield f"the largest: no. {largest.number} on {largest.date} by {largest.customer}, {largest.total:.2f} {currency}"


@section("Revenue by month")
def months(totals, currency):
    best = max(totals.by_month.values())
    for number, name in enumerate(MONTHS, 1):
        amount = totals.by_month[number]
        yield f"{name} {amount:>9,.2f} {bar(round(amount / best, 3))}"


@section("Revenue by group")
def groups(totals, currency):
    for _, group, amount in Ranking(totals.by_group):
        yield f"{group:<10} {amount:>10,.2f} {amount / totals.revenue:>6.1%}"


@section("What sells best")
def products(totals, currency):
    for place, name, count in Ranking(totals.sold):
        if place > 5:
            break
        yield f"{place}. {name:<22} {count:>4}"


@section("Best customers")
def customers(totals, currency):
    for place, name, amount in Ranking(totals.by_customer):
        if place > 3:
            return
        yield f"{place}. {name:<8} {amount:>9,.2f} {currency}"


def main(folder=DATA):
    catalogue = Catalogue(os.path.join(folder, "products.json"))
    totals, problems = Totals(), []
    for order in orders(os.path.join(folder, "orders.jsonl"), catalogue, problems):
        totals.add(order)
    for title, write in sections:
        print(title)
        print("-" * len(title))
        for line in write(totals, catalogue.currency):
            print(line)
        print()
    print(f"{len(problems)} lines could not be used:")
    for number, problem in problems:
        print(f"  line {number}: {problem}")
    summary = {
        "orders": totals.orders,
        "revenue": round(totals.revenue, 2),
        "months": {MONTHS[month - 1]: round(amount, 2) for month, amount in sorted(totals.by_month.items())},
    }
    text = json.dumps(summary)
    assert json.loads(text) == summary
    print()
    print("As JSON:", text)


if __name__ == "__main__":
    main(*sys.argv[1:])
