"""All outcomes of the random symbols of a Symbols table, for expectations."""

import itertools
import math
import re
from collections.abc import Callable, Mapping
from functools import lru_cache, partial

import numpy as np

from nnlit.book.evaluation.environment import Env, World
from nnlit.book.evaluation.expressions import evaluate
from nnlit.book.evaluation.scope import Outcomes
from nnlit.book.evaluation.values import Mistake
from nnlit.book.language import tex
from nnlit.book.language.declarations import BERNOULLI, CHANCES, SEQUENCE, SUBSET, Declared, bare, classes
from nnlit.book.language.vocabulary import Kind

MOST_OUTCOMES = 200_000


def outcomes_of(row: Declared) -> Callable[[World], Outcomes] | None:
    """How to list all outcomes of a random symbol, if a row is one."""
    meaning = row.row.meaning
    if row.kind == Kind.LABELS and "with equal chances" in meaning:
        return lambda world: independent(row, world, uniform(world.integer(classes(row))))
    for pattern, listed in ((SUBSET, subsets), (SEQUENCE, sequences), (BERNOULLI, bernoulli), (CHANCES, values)):
        if match := pattern.search(meaning):
            return partial(listed, row, match)
    return None


read = lru_cache(maxsize=64)(tex.read_expression)  # every draw asks for the same few


def number(text: str, row: Declared, world: World) -> float:
    """The value of an expression in a meaning."""
    node = bare(read(text, row.row.place))
    try:
        with np.errstate(all="ignore"):
            value = float(evaluate(node, Env(world, {}, ())).data)
    except (Mistake, TypeError, ValueError, OverflowError, ZeroDivisionError) as error:
        raise row.row.error(f"${text}$ in the meaning of {row.row.symbol}: {error}") from None
    if not math.isfinite(value):
        raise row.row.error(f"${text}$ in the meaning of {row.row.symbol} is no finite number")
    return value


def listable(count: float, row: Declared) -> None:
    """Refuse what has too many outcomes before they are listed."""
    if count > MOST_OUTCOMES:
        what = f"{row.row.symbol} has more than {MOST_OUTCOMES} outcomes"
        raise row.row.error(f"{what}, too many to enumerate: give it fewer entries")


def subsets(row: Declared, match: re.Match[str], world: World) -> Outcomes:
    """Every batch without replacement."""
    size, members = round(number(match[2], row, world)), round(number(match[1], row, world))
    count = math.comb(size, members) if 0 <= members <= size < 1000 else math.inf
    listable(count, row)
    return (listed if count * size <= KEPT else batches)(size, members, repeat=False)


def sequences(row: Declared, match: re.Match[str], world: World) -> Outcomes:
    """Every batch with replacement."""
    size, members = round(number(match[2], row, world)), round(number(match[1], row, world))
    count = size ** max(members, 0) if max(size, members) < 1000 else math.inf
    listable(count, row)
    return (listed if count * size <= KEPT else batches)(size, members, repeat=True)


def bernoulli(row: Declared, match: re.Match[str], world: World) -> Outcomes:
    """Ones and zeros."""
    one = number(match[1], row, world)
    return independent(row, world, {1.0: one, 0.0: 1 - one})


def values(row: Declared, match: re.Match[str], world: World) -> Outcomes:
    """Listed values with equal chances."""
    texts = re.findall(r"\$([^$]+)\$", match[1])
    return independent(row, world, {number(text, row, world): 1 / len(texts) for text in texts})


def batches(size: int, members: int, *, repeat: bool) -> Outcomes:
    """Batches as counts: how often each of `size` examples is in one; an example may `repeat`, or not."""
    ways = itertools.product(range(size), repeat=members) if repeat else itertools.combinations(range(size), members)
    places = np.array(list(ways), dtype=int)
    counts = np.zeros((len(places), size))
    np.add.at(counts, (np.arange(len(places))[:, None], places), 1.0)
    return Outcomes(counts, np.full(len(counts), 1 / len(counts)))


KEPT = 1_000_000  # numbers in a list of batches that is kept
listed = lru_cache(maxsize=8)(batches)  # every draw asks for one of them


def uniform(count: int) -> dict[float, float]:
    """The chances of labels that are all equally likely."""
    return {float(k): 1 / count for k in range(count)}


def independent(row: Declared, world: World, chances: Mapping[float, float]) -> Outcomes:
    """All arrays whose entries are drawn one by one."""
    shape = tuple(world.integer(axis) for axis in row.axes)
    size = math.prod(shape)
    listable(len(chances) ** size if size < 1000 else math.inf, row)
    count = len(chances)
    ways = np.arange(count**size)[:, None] // count ** np.arange(size)[::-1] % count  # the digits of a number
    picks, weights = (np.array(list(each))[ways] for each in (chances, chances.values()))
    return Outcomes(picks.reshape(-1, *shape), weights.prod(axis=1))
