r"""Bounds where sizes and numbers are larger or smaller than those drawn first.

`\sum_j p_j^2 \ge 0.1` holds for vectors of ten entries and fewer, and `x < 10^6` for all numbers that are ever drawn. A
bound is tried where sizes are some dozens and a thousand. Where the sides come nearer to each other as steadily as the
sizes or numbers grow, it is tried far away; if it holds there too, nothing is said, since farther away it may not.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Protocol

import numpy as np

from nnlit.book.checks.comparison import verdict
from nnlit.book.checks.draws import shows, softened
from nnlit.book.checks.outside import both
from nnlit.book.checks.rounding import BESIDE, UNDECIDED, is_rounding, rounds
from nnlit.book.checks.sides import ORDERS, Difference, Exceptional, arrays, require_finite
from nnlit.book.evaluation.definitions import Part
from nnlit.book.evaluation.environment import World
from nnlit.book.evaluation.extremes import EACH, FAREST
from nnlit.book.evaluation.sampling import Sizes, quality, shape_under, sizes_of
from nnlit.book.evaluation.values import Mistake, Value
from nnlit.book.language import nodes as n
from nnlit.book.language.letters import free
from nnlit.book.language.vocabulary import Kind
from nnlit.book.source.place import BookError

K = 2  # a draw in which nothing is zero because it bends there
WILD = 40  # draws in which every row has a factor of its own
SIGNS = range(2, 8)  # draws with numbers of both signs
TIMES = (16, 8, 4, 2)  # all sizes, as often as they fit
SOME = 70
LARGE = (1000, 120)  # one size, as large as it fits
ENTRIES = 15_000  # of one array
PAIRS = 600  # of entries in which a second derivative is taken: each takes eight values of a whole side
SMALL = (3, 2, 1)
FAR_SIZES = (10**6, 10**12, 10**100)  # of what is no axis of an array
NEAR, FAR = (FAREST, FAREST**2), (2.0**40, 2.0**100)  # factors of numbers
ONE_WAY = {"<": 1, r"\le": 1, ">": -1, r"\ge": -1}
STEADY = 0.7  # of a change before, for the same step of a logarithm
SAME = 1e-14  # sides that are as near to each other, beside their sizes, are equal but for rounding
LEAST, DRAWN = 1e-9, 0.04  # what counts as a change; the same of numbers that are drawn anew, in each of three draws


class Worlds(Protocol):
    """The values of all names in a draw with a number, their numbers times a factor, with some other sizes."""

    def __call__(self, k: int, factor: float, sizes: Sizes = ()) -> World:
        """One draw."""


@dataclass(frozen=True)
class Margin:
    """By how much a bound holds: a difference, and the logarithm of a quotient where there is one.

    Of many entries it is the median: the nearest of ever more comes nearer by chance.
    """

    at: float  # the logarithm of a size or a factor
    difference: float
    quotient: float | None


def tried(step: n.Step, part: Part, worlds: Worlds) -> None:
    """Try a claim that is true for the sizes drawn with others.

    Raises:
        Difference: it is false there.
        Exceptional: it is false where a size is one, two or three.
        Mistake: that it holds for all sizes and numbers is not known.
    """
    sizes = Under.of(step, part)
    if step.relation == "=" and sizes.named:
        for trial in sizes.grown():
            if not refuted(step, worlds, 1.0, trial):
                break  # else that they are the same is lost in rounding: fewer terms round less
    if step.relation in {*ONE_WAY, *ORDERS, r"\in"}:
        bounds(step, sizes, worlds)


def bounds(step: n.Step, sizes: "Under", worlds: Worlds) -> None:
    """The same for a bound."""
    for name in sizes.every:
        at_size(step, sizes, name, worlds)
    for trial in islice(sizes.grown(), 1):
        for factor in (1.0, FAREST, 1 / FAREST):
            refuted(step, worlds, factor, trial)
    for k in range(WILD):
        refuted(step, worlds, EACH, k=K + k)
    for k in SIGNS:
        for power in (1, -1):
            at_factor(step, worlds, k, power)
    for name in sizes.every:
        at_small(step, sizes, name, worlds)


def at_size(step: n.Step, sizes: "Under", name: str, worlds: Worlds) -> None:
    """The same where one size is large."""
    for trial in sizes.large(name):
        for factor in (1.0, FAREST, 1 / FAREST):
            refuted(step, worlds, factor, trial)
    draws, least = ((K, K + 1, K + 2), DRAWN) if name in sizes.held else ((K,), LEAST)
    if all(closing(margins(step, sizes, name, worlds, k), least) for k in draws):
        for size in FAR_SIZES if name not in sizes.held else ():
            refuted(step, worlds, 1.0, ((name, size),))
        raise Mistake(f"it holds for all {name} that were tried, and {STEADILY} {name} grows: {UNKNOWN}")


def margins(step: n.Step, sizes: "Under", name: str, worlds: Worlds, k: int) -> list[Margin | None]:
    """By how much a bound holds where a size is as it was drawn, and where it is large."""
    drawn: Sizes = ((name, sizes_of(sizes.part, k)[name]),)
    return [margin(step, worlds(k, 1.0, trial), trial[0][1]) for trial in (drawn, *sizes.large(name))]


STEADILY = "its sides come steadily nearer to each other where"
UNKNOWN = "that it always holds is not known, so it is not called true"


def at_factor(step: n.Step, worlds: Worlds, k: int, power: int) -> None:
    """The same where numbers are large or small."""
    found = [margin(step, worlds(k, factor**power), factor**power) for factor in (1.0, *NEAR)]
    if closing(found):
        for factor in FAR:
            refuted(step, worlds, factor**power, k=k)
        farther = margin(step, worlds(k, FAR[0] ** power), FAR[0] ** power)
        if farther is not None and not closing([*found[1:], farther]):
            return  # a sine comes nearer for a while
        how = "grow" if power > 0 else "shrink"
        raise Mistake(f"it holds for all numbers that were tried, and {STEADILY} they {how}: {UNKNOWN}")


def at_small(step: n.Step, sizes: "Under", name: str, worlds: Worlds) -> None:
    """The same where one size is small: a claim may leave unsaid that it is not."""
    for size in SMALL:
        if sizes.fits(trial := ((name, size),)):
            try:
                refuted(step, worlds, 1.0, trial)
            except Difference:
                ask = f"say so behind it, as in \\quad \\text{{if }} {name} > {size}"
                raise Exceptional(f"{name} > {size}, and false where {name} = {size}: {ask}") from None


def refuted(step: n.Step, worlds: Worlds, factor: float, sizes: Sizes = (), k: int = K) -> bool:
    """Difference if a claim is false there; whether that is open, since numbers of that size round or overflow."""
    try:
        verdict(softened(step), worlds(k, factor, sizes))
    except Difference as difference:
        if step.relation == "=" and rounds(step, worlds(k, factor, sizes), difference.size):
            return True  # an exponential of a long sum is near 0 or 1, and what is left of it rounds
        beside = partial(beside_of, worlds, k, factor, sizes)
        if step.relation != "=" and difference.measured and is_rounding(softened(step), beside, difference.size):
            return True
        if shows(step, worlds(k, factor * BESIDE[0], sizes), difference.size):
            where = ", ".join(f"{name} = {size:,}" for name, size in sizes[:3])
            told = f"; it is false where {where}" if where else ""
            raise Difference(f"{difference}{told}", difference.size, searched=True) from None
        return True
    except ArithmeticError:
        return True
    except UNDECIDED:
        return False  # it is too large, or of a kind that has no numbers there
    return False


def beside_of(worlds: Worlds, k: int, factor: float, sizes: Sizes, beside: float) -> World:
    """A draw whose numbers are right beside those of another one."""
    return worlds(k, factor * beside, sizes)


def margin(step: n.Step, world: World, at: float) -> Margin | None:
    """By how much a bound holds somewhere; None where that is no number."""
    if step.relation not in ONE_WAY:
        return None
    try:
        sides = both(step, world)
        for side in sides:
            require_finite(side, "left")
        return Margin(math.log(at), *between(*sides[:: ONE_WAY[step.relation]]))
    except UNDECIDED:
        return None


def between(less: Value, more: Value) -> tuple[float, float | None]:
    """The difference of two sides, and the logarithm of their quotient if they have one sign."""
    a, b = (side.real for side in arrays(less, more))
    signs = {*np.sign(a).flat, *np.sign(b).flat}
    quotient = float(np.median(np.log(a / b))) * signs.pop() if signs in ({1.0}, {-1.0}) else None
    gaps = np.where(np.abs(b - a) > SAME * np.maximum(np.abs(a), np.abs(b)), b - a, 0.0)
    return float(np.median(gaps)), quotient


def closing(found: Sequence[Margin | None], least: float = LEAST) -> bool:
    """Whether the sides of a bound come nearer to each other, and as steadily at the end as before."""
    known = [x for x in found if x is not None][:3]
    if len(known) < 3:
        return False
    scale = max(abs(x.difference) for x in known)
    ways = [[-x.difference / scale for x in known]] if scale else []
    quotients = [x.quotient for x in known if x.quotient is not None]
    ways += [quotients] if len(quotients) == len(known) else []
    return any(steady([x.at for x in known], way, least) for way in ways)


def steady(at: Sequence[float], values: Sequence[float], least: float) -> bool:
    """Whether three values grow, and the last one no slower."""
    one, other = ((values[k + 1] - values[k]) / abs(at[k + 1] - at[k]) for k in (0, 1))
    return one > 0 and other > max(least, STEADY * one)


@dataclass(frozen=True)
class Under:
    """The sizes that a claim rests on: those that are `named` in it, and those of axes of what it holds."""

    part: Part
    named: frozenset[str]
    held: frozenset[str]
    used: frozenset[str]
    twice: tuple[tuple[str, ...], ...] = ()  # the names in which a second derivative is taken, for each of them

    @classmethod
    def of(cls, step: n.Step, part: Part) -> "Under":
        """The sizes of a claim."""
        scope, sides = part.scope, (step.left, step.right, *step.where)
        used = frozenset().union(*map(scope.uses, sides))
        bodies = [scope.definitions[x].body for x in used if x in scope.definitions]
        letters = {x for node in (*sides, *bodies) for y in node.every for x in (*free(y), *getattr(y, "letters", ()))}
        known = used | letters
        axes = [axis for x in known if x in part.rows for axis in part.rows[x].axes]
        axes += [node for x in known for found in (scope.ranges, scope.classes) if (node := found.get(x))]
        held = {x for axis in axes for x in axis.names}
        own = frozenset(name for name in used if scope.kind(name) == Kind.SIZE)
        slopes = [x for side in sides for x in side.every if isinstance(x, n.Derivative) and len(x.denominators) > 1]
        twice = tuple(tuple(symbol.name for symbol in x.denominators) for x in slopes)
        return cls(part, own, frozenset(x for x in held if scope.kind(x) == Kind.SIZE), frozenset(known), twice)

    @property
    def every(self) -> list[str]:
        """The names of the sizes."""
        return sorted(self.named | self.held)

    @property
    def base(self) -> dict[str, int]:
        """The sizes that were drawn."""
        return sizes_of(self.part, K)

    def grown(self) -> Iterator[Sizes]:
        """All sizes, many times as large, and then fewer times."""
        trials = (tuple((name, times * self.base[name]) for name in self.every) for times in TIMES)
        yield from (trial for trial in trials if trial and self.fits(trial))

    def large(self, name: str) -> Iterator[Sizes]:
        """One size that is large, as large as it fits."""
        for sizes in ((SOME,), LARGE):
            yield from [trial for size in sizes if self.fits(trial := ((name, size),))][:1]

    def fits(self, sizes: Sizes) -> bool:
        """Whether there are data of such sizes for all rows that are needed."""
        scope, rows = self.part.scope, [row for name, row in self.part.rows.items() if name in self.used]
        trial = self.base | dict(sizes)
        bound = {name: Value(np.array(float(size))) for name, size in trial.items()}
        bound |= {row.name: Value(np.array(3.0)) for row in rows if row.kind == Kind.INTEGER}
        try:
            known = World(scope, bound)
            entries = {row.name: math.prod(shape_under(row, known)) for row in rows}
            pairs = [math.prod(entries.get(name, 1) for name in names) for names in self.twice]
            small = max(entries.values(), default=0) <= ENTRIES and max(pairs, default=0) <= PAIRS
            return small and quality(rows, trial, known) > 0
        except BookError:
            return False
