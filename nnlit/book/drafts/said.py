r"""What the words around the displays say of names: `$X \in \mathbb{R}^{n \times d}$`, `$a > 0$`, `$s = \sqrt v$`."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice

from nnlit.book.evaluation.families import plain
from nnlit.book.language import nodes as n
from nnlit.book.language.resolver import Resolver
from nnlit.book.language.tex import Formula, Names, index_letters, parsed, settled
from nnlit.book.language.unicode import in_tex
from nnlit.book.language.unparse import write
from nnlit.book.source.chapter import Chapter, Display
from nnlit.book.source.place import BookError, Place

OPENINGS, CLOSINGS = {"{", "(", "[", r"\{", r"\langle"}, {"}", ")", "]", r"\}", r"\rangle"}
GAPS = {",", ";", r"\,", r"\quad", r"\qquad"}
BEFORE = re.compile(  # in front of a name
    r"(?:\b(not|non)[\s-]+)?\b(one[- ]hot|(?:symmetric (?:and )?)?positive[- ]definite|symmetric|orthogonal|positive)"
    r"(?:[- ]encoded)?\s+\w*\s*\w*\s*$",
    re.IGNORECASE,
)
BEHIND = re.compile(  # the words of a row that stand behind one
    r"\s*,?\s*(?:is|are|be|being)?\s*(?:a|an)?\s*"
    r"(one[- ]hot|symmetric (?:and )?positive definite|positive definite|symmetric|orthogonal|positive)\b",
    re.IGNORECASE,
)
ROWS = re.compile(
    r"\s*,?\s*(?:is a matrix\s+)?(?:whose|with|has|have)\s+rows\s+(?:that\s+)?sum(?:ming)?\s+to\s+(?:one|1)\b"
)
LOGISTIC = (  # a letter that is said to be this function
    re.compile(r"\b(?:sigmoid|logistic)(?:\s+(?:function|activation|nonlinearity))?\s*,?\s*$", re.IGNORECASE),
    re.compile(
        r"\s*,?\s*(?:is|as|for|denotes|stands for|be|being|:)?\s*(?:the|a)?\s*(?:element-?wise|usual|standard)?\s*"
        r"(?:logistic|sigmoid)\b(?!\s+regression)",
        re.IGNORECASE,
    ),
)
BETWEEN = re.compile(
    r"(?<![\w.^])0 *(?:<|\\lt(?![a-z])) *([^<>=\\]{1,20}|\\[a-zA-Z]+(?:_\w)?) *(?:<|\\lt(?![a-z])) *1(?![\w.])"
)
CALLED = re.compile(r"(\\?[a-zA-Z]+)\s*\(\s*\\?[a-zA-Z]+\s*\)\s*=(?!\s*0)")  # a function with its argument
LABELLED = re.compile(r".*_\{[a-zA-Z]{1,3}\}")
RELATION, CALL = re.compile(r"[=<>]|\\g|\\in(?![a-zA-Z])|\\sim"), re.compile(r"\s*\((?:\\cdot|\w)\)$")
LOGISTIC_SAID = "sigmoid"
COUNTING = frozenset("ijklmnt")  # letters that usually are an index
MOST = 2000  # formulas of running text that are looked at


@dataclass
class Said:
    """What the words say of names.

    Attributes:
        sizes: of a name the sizes of its axes, the first one empty if the words speak of one of many.
        conditions: what they say of its numbers, as a row has it.
        lines: where that is said.
        defined: names that are given a value in running text, which is not executed: the formula, and where.
        nodes: all that stands in the formulas of running text.
        indexed: of names with letters below: the name, the letters, the sizes of the axes, and the line.
    """

    sizes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    conditions: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    defined: dict[str, tuple[str, Place]] = field(default_factory=dict)
    nodes: list[n.Node] = field(default_factory=list)
    indexed: list[tuple[str, str, tuple[str, ...], int]] = field(default_factory=list)

    def spoken(self, names: Iterable[str]) -> dict[str, tuple[str, Place]]:
        """Of some names those that running text defines, in whatever font it writes them: the formula, and where."""
        known = {plain(name): where for name, where in self.defined.items()}
        return {name: known[plain(name)] for name in names if plain(name) in known}

    def labelled(self, bound: Collection[str]) -> Iterator[tuple[str, tuple[str, ...], int, str]]:
        """The names below which letters are labels, as in `W_f`, with their axes, the line and their condition.

        Letters that usually count, and those that a sum runs over, are none, unless others stand below the same name.
        """
        below = dict[str, set[str]]()
        for name, letters, _, _ in self.indexed:
            below.setdefault(name, set()).add(letters)
        for name, letters, axes, line in self.indexed:
            if any(set(one) - COUNTING - set(bound) and (len(one) < 2 or len(axes) > 1) for one in below[name]):
                yield f"{name}_{{{letters}}}", axes, line, ""
        for name in (x for x in self.sizes if LABELLED.fullmatch(x) and all(self.sizes[x])):
            said = self.conditions.get(name)
            yield name, self.sizes[name], self.lines[name], f"; {said}" if said else ""

    def note(self, left: n.Node, relation: str, right: n.Node, where: tuple[str, Place]) -> None:
        """Note what one relation says of the name on its left."""
        line = where[1].line
        self.nodes += [*left.walk(), *right.walk()]
        if called := CALLED.match(where[0]):
            self.defined.setdefault(called[1], where)
        if not isinstance(left, n.Symbol):
            return
        if isinstance(right, n.Domain):
            axes = tuple(map(write, right.axes))
            if left.indices and axes and all(isinstance(x, n.Letter) for x in left.indices):
                self.indexed.append((left.name, "".join(map(write, left.indices)), axes, line))
            self.sizes.setdefault(left.name, (*("" for _ in left.indices), *axes))
            self.conditions[left.name] = condition(right) or self.conditions.get(left.name, "")
            self.lines.setdefault(left.name, line)
        elif relation in {">", r"\gt"} and right == n.Number("0"):
            self.conditions[left.name] = "positive"
            self.sizes.setdefault(left.name, ("",) * len(left.indices))
            self.lines.setdefault(left.name, line)
        elif relation == "=" and not isinstance(right, n.Number | n.Letter | n.Symbol) and not lists(right, left.name):
            self.defined.setdefault(left.name, where)


def lists(node: n.Node, name: str) -> bool:
    """Whether an expression lists the entries of a name, as `(x_1, ..., x_n)` does those of x."""
    return any(isinstance(x, n.Symbol) and x.name.partition("_")[0] == plain(name) for x in node.walk())


def condition(domain: n.Domain) -> str:
    """What a set says of numbers, as a row has it."""
    ends = list(map(write, domain.members))
    if domain.kind == "{}":
        return " or ".join(ends)
    return f"between {ends[0]} and {ends[1]}" if len(ends) == 2 else ""


def said(chapter: Chapter, names: Names) -> Said:
    """What the running text and displays of sets say of names; what cannot be read says nothing."""
    shown = [(d.tex, d.place, None) for d in chapter.displays if r"\in" in d.tex]
    told = [(in_tex(tex)[0], place, words) for tex, place, words in chapter.spoken]
    spoken = [one for one in told if RELATION.search(one[0])]
    pieces = [(piece, *one) for one in (*spoken[:MOST], *shown) for piece in relations(one[0])]
    pieces += islice(named(told[: 5 * MOST]), MOST)
    formulas = parsed([Display("", piece, Place(chapter.path, k), "") for k, (piece, *_) in enumerate(pieces)])
    found = Said()
    for formula, (_, tex, place, around) in zip(formulas.values(), pieces, strict=True):
        for left, relation, right in [] if isinstance(formula, BookError) else read(formula, names):
            if around is not None or isinstance(right, n.Domain):
                found.note(left, relation, right, (tex, place))
            if (
                around
                and isinstance(left, n.Symbol)
                and (words := in_words(around, axes_of(left.name, found.sizes)))
            ):
                found.conditions[left.name] = words
    return found


def named(spoken: Iterable[tuple[str, Place, str]]) -> Iterator[tuple[str, str, Place, str]]:
    """The lone names of which the words around say something, each as a formula that says no more."""
    for tex, place, around in spoken:
        if not RELATION.search(tex) and any(in_words(around, rank) for rank in (0, 1, 2)):
            name = CALL.sub("", tex)
            yield f"{name} = {name}", tex, place, around


def axes_of(name: str, sizes: Mapping[str, tuple[str, ...]]) -> int:
    """How many axes a name has, by what is said of it, or by its letter."""
    return len(sizes[name]) if name in sizes else 2 * plain(name).lstrip("\\")[:1].isupper()


def in_words(around: str, rank: int) -> str:
    """The condition that the words before and behind a formula say of its name, which has so many axes."""
    before, _, behind = around.partition(" $ ")
    if rank == 0 and (LOGISTIC[0].search(before) or LOGISTIC[1].match(behind)):
        return LOGISTIC_SAID
    if rank == 2 and ROWS.match(behind):
        return "rows sum to one"
    ahead = BEFORE.search(before)
    found = BEHIND.match(behind) if ahead is None else None if ahead[1] else ahead
    word = found[found.lastindex or 0].lower().replace(" and ", " ") if found else ""
    word = word.replace("one hot", "one-hot").replace("e-d", "e d")
    word = "symmetric positive definite" if word == "positive definite" else word
    ranks = {"one-hot": {1, 2}, "positive": {0, 1, 2}}.get(word, {2})
    return word if rank in ranks else ""


def read(formula: Formula, names: Names) -> Iterator[tuple[n.Node, str, n.Node]]:
    """The two sides of the relation that a formula states, if it can be read."""
    resolver, chain = Resolver(names, formula.source), formula.chains[0]
    if len(chain) == 1:
        return
    with suppress(BookError):
        left, right = resolver.node(chain[0].tree), resolver.node(chain[1].tree)
        if isinstance(right, n.Domain):  # what stands below a size is a label
            right = Resolver(names, formula.source, labels=True).node(chain[1].tree)
        letters = index_letters([left], names)
        yield settled(left, letters), chain[1].relation, settled(right, letters)


def relations(tex: str) -> Iterator[str]:
    r"""The relations in a formula, one for each name: `A, B \in S` are two, and so are both of `A = B \in S`."""
    tex, waiting = BETWEEN.sub(r"\1 \\in (0, 1)", tex), list[str]()
    for piece in filter(None, cut(tex, GAPS)):
        left, *sets = cut(piece, {r"\in"})
        name, *values = cut(left, {"="})
        waiting.append(name)
        if sets and values:
            yield left
        if sets:
            yield from (rf"{one} \in {sets[-1]}" for one in waiting if "dots" not in one)
        elif values or ">" in piece or r"\g" in piece:
            yield piece
        if sets or piece != name:
            waiting.clear()


def cut(tex: str, where: Iterable[str]) -> list[str]:
    """A formula cut at some words that stand in no brackets."""
    parts, depth = [""], 0
    for word in words(tex):
        depth += (word in OPENINGS) - (word in CLOSINGS)
        if depth == 0 and word in where:
            parts.append("")
        else:
            parts[-1] += word
    return [part.strip() for part in parts]


def words(tex: str) -> Iterator[str]:
    """Commands and single characters."""
    at = 0
    while at < len(tex):
        stop = at + 1
        if tex[at] == "\\":
            stop += 1
            while stop < len(tex) and tex[stop - 1].isalpha() and tex[stop].isalpha():
                stop += 1
        yield tex[at:stop]
        at = stop
