"""What a formula looks like: a tree that knows no names, every part with its span.

Whether `f(x)` is a call or a product, whether `W_x` is an entry or a name, whether `i` is an index: all of this is
decided later, against the declarations of the scope (`names.py`, `resolver.py`).
"""

from dataclasses import dataclass, field

from nnlit.book.language.spans import Source, Span
from nnlit.book.language.vocabulary import NormKind
from nnlit.book.source.place import BookError


@dataclass(frozen=True)
class Tree:
    """A part of a formula."""

    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True)
class Numeral(Tree):
    """A number as it is printed."""

    text: str


@dataclass(frozen=True)
class Name(Tree):
    r"""One letter or command: `x`, `\alpha`, `\exp`, `\nabla`, `\partial`."""

    text: str


@dataclass(frozen=True)
class Word(Tree):
    r"""A name of several letters: `\operatorname{softmax}` (`operator`), `\text{loss}`."""

    text: str
    operator: bool


@dataclass(frozen=True)
class Accent(Tree):
    r"""A name under an accent or in another font: `\hat Y`, `\mathbf{c}`."""

    command: str
    body: Tree


@dataclass(frozen=True)
class Colon(Tree):
    """A colon in a subscript."""


@dataclass(frozen=True)
class Opaque(Tree):
    """Words that are no expression; why not is said where one is needed, as below a name none is."""

    error: BookError = field(compare=False)


@dataclass(frozen=True)
class Script(Tree):
    """What stands behind an atom: `^`, `_`, `'` or `!`.

    `words` are its words, `text` is its label. `parts` are the pieces between commas; of a subscript without commas
    they are the things that may be indices, one after the other.
    """

    mark: str
    words: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    parts: tuple[Tree, ...] = ()

    @property
    def text(self) -> str:
        """The whole script as a label."""
        return ",".join(self.labels)


@dataclass(frozen=True)
class Scripted(Tree):
    """An atom and all that stands above, below and behind it, in the order of the page."""

    base: Tree
    scripts: tuple[Script, ...]


@dataclass(frozen=True)
class Group(Tree):
    r"""Brackets and what they hold, piece by piece; `joints` are `,`, `;`, `|` or `||` between two pieces."""

    opening: str
    parts: tuple[Tree, ...]
    joints: tuple[str, ...] = ()

    def after(self, joint: str) -> int:
        """How many pieces stand in front of the first joint of a kind; all of them where there is none."""
        return self.joints.index(joint) + 1 if joint in self.joints else len(self.parts)


@dataclass(frozen=True)
class Run(Tree):
    r"""Factors side by side; `joints` are what stands between two of them: nothing, `\cdot`, `\times` or `/`."""

    items: tuple[Tree, ...]
    joints: tuple[str, ...]


@dataclass(frozen=True)
class Entrywise(Tree):
    r"""Products joined by `\odot` or `\oslash`."""

    terms: tuple[Tree, ...]
    operators: tuple[str, ...]


@dataclass(frozen=True)
class Dots(Tree):
    """Dots at the end of a sum: the terms that are left out."""


@dataclass(frozen=True)
class Sum(Tree):
    """Terms, each with its sign; the first may have none."""

    terms: tuple[Tree, ...]
    signs: tuple[str, ...]


@dataclass(frozen=True)
class Compare(Tree):
    """Sides and the relations between them."""

    sides: tuple[Tree, ...]
    operators: tuple[str, ...]


@dataclass(frozen=True)
class Frac(Tree):
    """A fraction, or a derivative."""

    top: Tree
    bottom: Tree


@dataclass(frozen=True)
class Root(Tree):
    """A root; without a degree the square root."""

    body: Tree
    degree: Tree | None = None


@dataclass(frozen=True)
class Choose(Tree):
    """A binomial coefficient."""

    top: Tree
    bottom: Tree


@dataclass(frozen=True)
class Size(Tree):
    """An absolute value, or with a kind a norm."""

    body: Tree
    kind: NormKind | None = None


@dataclass(frozen=True)
class Members(Tree):
    r"""How many members a set has: `\# S`."""

    body: Tree


@dataclass(frozen=True)
class Angles(Tree):
    """An inner product."""

    left: Tree
    right: Tree


@dataclass(frozen=True)
class Fold(Tree):
    """A sum and its kin: over letters, from `lower` (after `relation`) to `upper`, of all that follows."""

    operator: str
    letters: tuple[str, ...]
    relation: str
    lower: Tree | None
    upper: Tree | None
    body: Tree


@dataclass(frozen=True)
class Area(Tree):
    r"""An integral of all between its sign and `dx`."""

    body: Tree
    letters: tuple[str, ...]
    lower: Tree | None = None
    upper: Tree | None = None


@dataclass(frozen=True)
class Tends(Tree):
    """A limit."""

    symbol: str
    target: Tree | None
    side: str
    body: Tree


@dataclass(frozen=True)
class Choice(Tree):
    """`cases`: values, each with the relations under which it holds; without any it is the rest."""

    rows: tuple[tuple[Tree, tuple[Tree, ...]], ...]


@dataclass(frozen=True)
class Table(Tree):
    """A matrix written out."""

    rows: tuple[tuple[Tree, ...], ...]


@dataclass(frozen=True)
class Domain(Tree):
    r"""A set in which something lies, behind `\in`: of what kind, its numbers, and the axes of arrays of them."""

    kind: str
    members: tuple[Tree, ...] = ()
    axes: tuple[Tree, ...] = ()


@dataclass(frozen=True)
class Side:
    """One side of a chain, with the relation before it and the line it begins on."""

    relation: str
    tree: Tree
    line: int


@dataclass(frozen=True)
class Formula:
    """A display as it is printed: chains of sides.

    `where` are the conditions under which each chain holds; `assumed` says of which one need not be claimed; `asides`
    are words beside the chains that say something and are not executed; `braced` is where labels of braces begin that
    are claims of their own; `otherwise` says which chains hold in all other cases.
    """

    chains: tuple[tuple[Side, ...], ...]
    source: Source
    where: tuple[tuple[Tree, ...], ...] = ()
    assumed: tuple[bool, ...] = ()
    asides: tuple[tuple[str, ...], ...] = ()
    braced: frozenset[Span] = frozenset()
    otherwise: tuple[bool, ...] = ()
