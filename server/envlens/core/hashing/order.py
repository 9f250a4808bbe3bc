"""Which entries of a list moved, when it holds the same ones in another order."""

from bisect import bisect_left
from collections.abc import Sequence


def moved(order: Sequence[int]) -> list[int]:
    """The fewest numbers that, taken out, leave the others in rising order; `order` is a permutation of 0, 1, 2 …"""
    ends: list[int] = []  # the smallest number that a rising run of each length ends with
    at_length: list[int] = []  # per place, the length of the longest run that ends there
    for number in order:
        length = bisect_left(ends, number)
        ends[length : length + 1] = [number]
        at_length.append(length)
    kept: set[int] = set()
    wanted, last = len(ends) - 1, len(order)
    for number, length in zip(reversed(order), reversed(at_length), strict=True):
        if length == wanted and number < last:
            kept.add(number)
            wanted, last = wanted - 1, number
    return [number for number in order if number not in kept]
