"""Chance on finite sets: its nodes, and what is known of random variables where a formula stands."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from nnlit.book.language.node import Node
from nnlit.book.language.vocabulary import Measure, Moment

IMPLIED = ("p", "P", r"\Pr", "Pr", "Prob", r"\mathbb{P}", r"\mathrm{P}")  # all of them the joint distribution
SHARED = "p"
CONTINUOUS = (r"\mathcal{N}", r"\mathcal{U}", "Normal", "Uniform", "Beta", "Gamma", "Dir", "Exp", "Laplace")


@dataclass(frozen=True)
class Event(Node):
    """Relations that random variables may fulfil, as in `p(y = 1)`; the `letters` are these variables, bound here."""

    relations: tuple[Node, ...]
    letters: tuple[str, ...]


@dataclass(frozen=True)
class Set(Node):
    r"""Events put together: `A \cap B`, `A \cup B`, or with one part what is not in it, `A^c`."""

    operator: str
    events: tuple[Node, ...]


@dataclass(frozen=True)
class Chance(Node):
    """A probability: of outcomes, given others, under a distribution that may depend on parameters."""

    distribution: str
    of: tuple[Node, ...]
    given: tuple[Node, ...] = ()
    parameters: tuple[Node, ...] = ()

    def own_names(self) -> tuple[str, ...]:
        """The distribution's name."""
        return (self.distribution,)


@dataclass(frozen=True)
class Mean(Node):
    """`E`, `Var` or `Cov` of what depends on the letters, which have the chances of a distribution."""

    kind: Moment
    arguments: tuple[Node, ...]
    chance: Node
    letters: tuple[str, ...]


@dataclass(frozen=True)
class Information(Node):
    """An entropy `H`, a divergence `KL` of the first from the second, a mutual information `I`; all in nats.

    The parts are distributions or arrays of chances. `letters` run over the outcomes and are bound here.
    """

    kind: Measure
    first: Node
    second: Node | None = None
    given: Node | None = None
    letters: tuple[str, ...] = ()
    word: str = field(default="", compare=False)


@dataclass(frozen=True)
class Integral(Node):
    """An integral over a letter, which nothing computes."""

    body: Node
    letters: tuple[str, ...] = ()
    low: Node | None = None
    high: Node | None = None


@dataclass(frozen=True)
class Chances:
    """The random variables of a scope in the order of their rows, and what is said of them.

    Attributes:
        variables: names of random variables and of events.
        events: those of them that are events.
        vectors: those whose outcomes are vectors.
        valued: those whose outcomes are the numbers 0, 1, 2 ...
        parents: on which of those before it each one depends.
        over: what a distribution is of, where its row says so.
        parameters: what a distribution depends on, where its row says so.
        declared: all names with a row.
    """

    variables: tuple[str, ...] = ()
    events: frozenset[str] = frozenset()
    vectors: frozenset[str] = frozenset()
    valued: frozenset[str] = frozenset()
    parents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    over: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parameters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    declared: frozenset[str] = frozenset()

    def variable(self, letter: str) -> str:
        """The random variable of which a letter is an outcome: its own, primed, or the other case; empty if none."""
        if not self.variables:
            return ""
        name = letter.rstrip("'")
        if name in self.variables and name not in self.events:
            return name
        other = swapped(name)
        return other if other in self.variables and other not in self.events and name not in self.declared else ""

    def key(self, distribution: str) -> str:
        """Under which name a distribution is drawn: `p` and `P` are one."""
        return distribution if distribution in self.declared or distribution not in IMPLIED else SHARED


def swapped(name: str) -> str:
    """A letter in the other case, in its font."""
    return re.sub(r"(?<![\\a-zA-Z])([a-zA-Z])(?![a-zA-Z])", lambda m: m[1].swapcase(), name, count=1)
