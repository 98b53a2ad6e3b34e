"""The equation language: one small frozen class per construct."""

from dataclasses import dataclass

from nnlit.book.language.blocks import Kronecker, Stack
from nnlit.book.language.counting import Binomial, Count, Factorial
from nnlit.book.language.domains import Domain
from nnlit.book.language.node import Infinity, Node, Rest, bounded_depth, upstream
from nnlit.book.language.probability import Chance, Event, Information, Integral, Mean, Set
from nnlit.book.language.spans import Span
from nnlit.book.language.vocabulary import Moment, NormKind
from nnlit.book.source.place import Place

__all__ = ["Binomial", "Chance", "Count", "Domain", "Event", "Factorial", "Information", "Integral", "Mean", "Node"]
__all__ += ["Infinity", "Kronecker", "Rest", "Set", "Stack", "bounded_depth", "upstream"]


@dataclass(frozen=True)
class Number(Node):
    """A number as it is printed, so that its digits can be counted."""

    text: str


@dataclass(frozen=True)
class Symbol(Node):
    r"""A name with its tags and labels, as `W^{(1)}` or `m_{t-1}`, and the indices it is written with."""

    name: str
    indices: tuple[Node, ...] = ()

    def own_names(self) -> tuple[str, ...]:
        """Its name."""
        return (self.name,)

    def own_letters(self) -> tuple[str, ...]:
        """Those that stand alone in an index."""
        return tuple(x.name for x in self.indices if isinstance(x, Letter))


@dataclass(frozen=True)
class Entry(Node):
    """An entry of something that is not a bare name: `(X W)_{ij}` or `f(z)_i`."""

    body: Node
    indices: tuple[Node, ...]

    def own_letters(self) -> tuple[str, ...]:
        """Those that stand alone in an index."""
        return tuple(x.name for x in self.indices if isinstance(x, Letter))


@dataclass(frozen=True)
class Letter(Node):
    """An index letter."""

    name: str


@dataclass(frozen=True)
class Whole(Node):
    """A colon in a subscript: the whole axis."""


@dataclass(frozen=True)
class Negative(Node):
    """A minus sign in front of a term."""

    body: Node


@dataclass(frozen=True)
class Add(Node):
    """A sum of two terms."""

    left: Node
    right: Node


@dataclass(frozen=True)
class Subtract(Node):
    """A difference of two terms."""

    left: Node
    right: Node


@dataclass(frozen=True)
class Product(Node):
    r"""Two factors side by side, or joined by `\cdot` (`dot`)."""

    left: Node
    right: Node
    dot: bool = False


@dataclass(frozen=True)
class Star(Product):
    """A product written with a star, of which one side must be a number."""


@dataclass(frozen=True)
class Times(Product):
    r"""A product written with `\times`, which between two vectors would be that of three dimensions."""


@dataclass(frozen=True)
class Hadamard(Node):
    r"""Entry by entry: `a \odot b`."""

    left: Node
    right: Node


@dataclass(frozen=True)
class Fraction(Node):
    r"""A quotient: `\frac{a}{b}`, `a / b` or, for arrays of one shape, `a \oslash b`."""

    top: Node
    bottom: Node


@dataclass(frozen=True)
class Power(Node):
    r"""A power; `entries` where `^{\odot 2}` says that every entry is meant."""

    base: Node
    exponent: Node
    entries: bool = False


@dataclass(frozen=True)
class Transpose(Node):
    """A transposed matrix, or a vector laid down as a row."""

    body: Node


@dataclass(frozen=True)
class Call(Node):
    """A function, or a derivative of it (`primes`), at its arguments."""

    function: str
    arguments: tuple[Node, ...]
    primes: int = 0
    order: Node | None = None  # of the derivative, where it is no written number

    def own_names(self) -> tuple[str, ...]:
        """The function's name."""
        return (self.function,)


@dataclass(frozen=True)
class Relation(Node):
    r"""Two sides and what is said of them: `=`, `\ne`, `<`, `\le`, `>`, `\ge`, `\approx`, `\in`, `\notin`."""

    operator: str
    left: Node
    right: Node

    def own_letters(self) -> tuple[str, ...]:
        """Those that are a side of it."""
        return tuple(x.name for x in (self.left, self.right) if isinstance(x, Letter))

    def searched(self) -> tuple[Node, ...]:
        r"""What is compared; behind `\in` and `\notin` stands a set, which has no indices of its own."""
        return () if self.counts else self.parts

    @property
    def counts(self) -> bool:
        """Whether it asks for the members of a set."""
        return self.operator in {r"\in", r"\notin"}


@dataclass(frozen=True)
class Big(Node):
    r"""A sum, product, maximum, minimum or arg max over index letters: all of an axis, `low..high`, or a condition."""

    operator: str
    letters: tuple[str, ...]
    body: Node
    low: Node | None = None
    high: Node | None = None
    condition: Relation | None = None

    def bounded(self) -> tuple[str, ...]:
        """Its own letters, if the first value is written."""
        return self.letters if self.low is not None else ()


@dataclass(frozen=True)
class Indicator(Node):
    """One where all relations hold, zero elsewhere."""

    relations: tuple[Relation, ...]


@dataclass(frozen=True)
class Case(Node):
    """One line of `cases`; without a condition it is the "otherwise"."""

    value: Node
    condition: tuple[Relation, ...]


@dataclass(frozen=True)
class Cases(Node):
    """A value by cases; the first condition that holds decides. One that is `partial` has no value outside of them."""

    rows: tuple[Case, ...]
    partial: bool = False


@dataclass(frozen=True)
class Norm(Node):
    """A norm."""

    body: Node
    kind: NormKind = NormKind.EUCLIDEAN


@dataclass(frozen=True)
class Absolute(Node):
    """The absolute value of every entry."""

    body: Node


@dataclass(frozen=True)
class Derivative(Node):
    r"""A derivative of the numerator in one symbol, or in two; `nabla` where it is written `\nabla_w L`."""

    numerator: Node
    denominators: tuple[Symbol, ...]
    nabla: bool = False

    def own_names(self) -> tuple[str, ...]:
        """The names under which its values could be given."""
        if not isinstance(self.numerator, Symbol):
            return ()
        return tuple(upstream(self.numerator.name, symbol.name) for symbol in self.denominators)


@dataclass(frozen=True)
class Gradient(Node):
    r"""`\nabla f(x)`, or with order 2 the Hessian, of a function at its argument."""

    body: Node
    order: int = 1


@dataclass(frozen=True)
class At(Node):
    r"""An expression where some names have other values: `\left. f'(x) \right|_{x = a}`."""

    body: Node
    places: tuple[str, ...]
    values: tuple[Node, ...]


@dataclass(frozen=True)
class Limit(Node):
    """The limit of the body as a symbol goes to a target, from one side (`+`, `-`) or both."""

    symbol: str
    target: Node
    side: str
    body: Node


@dataclass(frozen=True)
class Matrix(Node):
    """A matrix written out; a single column or a single row is a vector."""

    rows: tuple[tuple[Node, ...], ...]


@dataclass(frozen=True)
class Inner(Node):
    """The inner product of two arrays of one shape."""

    left: Node
    right: Node


@dataclass(frozen=True)
class Expectation(Node):
    """`E`, `Var` or `Cov` over the random symbols that the body depends on, or over those named."""

    kind: Moment
    arguments: tuple[Node, ...]
    over: tuple[str, ...] = ()


@dataclass(frozen=True)
class Order(Node):
    """`O(h^p)`: a remainder of which the order is checked."""

    body: Node

    @property
    def power(self) -> tuple[Node, Node]:
        """The base h and the exponent p, which is 1 where none is written."""
        return (self.body.base, self.body.exponent) if isinstance(self.body, Power) else (self.body, Number("1"))


@dataclass(frozen=True)
class Step:
    """One claim of a display: `left relation right`; `number` counts the claims of a display.

    `where` are the conditions under which it holds. One that is `assumed` stands before a conclusion, or beside an
    alternative: its author may not claim it. One that holds `otherwise` does so where the others' conditions do not.
    """

    left: Node
    relation: str
    right: Node
    number: int
    place: Place
    where: tuple[Relation, ...] = ()
    assumed: bool = False
    otherwise: bool = False


@dataclass(frozen=True)
class Doubt:
    """A notation that has two readings: of which kind it is, what is asked of the author, and where it stands."""

    kind: str
    ask: str
    span: Span | None


@dataclass(frozen=True)
class Equation:
    """A display as read: its claims, in order, the notations in it that have two readings, what is not executed."""

    steps: tuple[Step, ...]
    place: Place
    doubts: tuple[Doubt, ...] = ()
    asides: tuple[str, ...] = ()

    @property
    def sides(self) -> tuple[Node, ...]:
        """The first left side and every right side."""
        return (self.steps[0].left, *(step.right for step in self.steps))
