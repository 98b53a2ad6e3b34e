"""A budget of time that means the same on every machine: the processor's time, by a pace that is measured beside it.

A test that asks whether something ends in seconds, or grows with the square of its input, must neither fail because the
machine is slow nor because others are at work on it. Its budget is in seconds of the machine that the tests were
written on. Whoever exceeds it is measured beside a known piece of work, and asked again: three times in all.
"""

import re
import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")
KNOWN = 0.008  # seconds that the known piece of work took on the machine that the tests were written on
TRIES = 3


def within(seconds: float, work: Callable[[], Found]) -> Found:
    """What some work gives, which has to take less than so many seconds of a processor of the usual pace."""
    spent = list[float]()
    for _ in range(TRIES):
        start = time.thread_time()
        found = work()
        spent.append(time.thread_time() - start)
        if spent[-1] < seconds or spent[-1] < seconds * pace():
            return found
    raise AssertionError(f"took {min(spent):.2f} s, and may take {seconds:g} s on a machine {pace():.2f} times as slow")


def pace() -> float:
    """How many times as long as on that machine a known piece of work takes on this one, now; at least 1."""
    spent = list[float]()
    for _ in range(TRIES):
        start = time.thread_time()
        _known()
        spent.append(time.thread_time() - start)
    return max(1.0, min(spent) / KNOWN)


def _known() -> int:
    """Numbers, names and texts, as those who read formulas need them."""
    counts = dict[str, int]()
    for k in range(20_000):
        name = f"x_{k % 97}"
        counts[name] = counts.get(name, 0) + k
    return len(re.findall(r"[a-z]_\d+", " ".join(counts) * 100))
