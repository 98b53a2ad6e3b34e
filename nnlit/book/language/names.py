"""What names mean where a formula stands: a subscript is a label, or the indices of an array."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NoReturn

from nnlit.book.language import nodes as n
from nnlit.book.language import syntax as s
from nnlit.book.language.guide import see
from nnlit.book.language.probability import Chances
from nnlit.book.language.spans import Source
from nnlit.book.language.tokens import SIGNS_BELOW, WORDS, is_mark
from nnlit.book.language.totals import MEMBERS
from nnlit.book.language.vocabulary import Kind

EIGENVALUES = {r"\lambda_{\max}", r"\lambda_{\min}"}
STEP = re.compile(r"([a-zA-Z]|\\[a-z]+)(?:[+-]\d+)?")
TRANSPOSES = ((r"\top",), ("T",))
MARK = re.compile(r"([a-zA-Z]|\\ell)(?:[+-]\d+)?|\d+")  # without brackets: of a layer, an example or a step
STEPS = "^{()}"  # ends the name of a recurrence whose steps stand above it
WORD = re.compile(r"[a-zA-Z]{2,}")
COUNTED = {Kind.INTEGER, Kind.INDEX}
LETTER = re.compile(r"(?:[a-z]|\\ell)'*")
LABELLED = ("operatorname", "mathrm", "text", "sum", "prod", "max", "min")
COUNTS = {Kind.NUMBER, Kind.SIZE}
UNINDEXED = {None, Kind.NUMBER, Kind.SIZE, Kind.INTEGER, Kind.INDEX, Kind.FUNCTION, Kind.MARKED}


@dataclass(frozen=True)
class Names:
    """What is known of names where a formula stands: canonical name to kind."""

    kinds: Mapping[str, Kind] = field(default_factory=dict)
    chances: Chances = field(default_factory=Chances)
    second: frozenset[str] = frozenset()  # the kinds of doubtful notation that are taken in their second reading
    without_sums: bool = False  # whether a text has no sum at all: an index that is repeated may be summed over

    def is_function(self, name: str) -> bool:
        """Whether `name(` opens an argument list."""
        return self.kinds.get(name) == Kind.FUNCTION


@dataclass(frozen=True)
class Scripts:
    """What stands behind a name, sorted: what belongs to the name, and what is done with its value."""

    primes: int
    tag: str
    lower: s.Script | None
    rest: tuple[s.Script, ...]

    @property
    def end(self) -> str:
        """Tag and primes, as they end a name."""
        return self.tag + "'" * self.primes


def sorted_scripts(scripts: tuple[s.Script, ...]) -> Scripts:
    """Primes, the first subscript and one tag belong to a name, as long as nothing else comes between."""
    primes, tag, lower, k = 0, "", None, 0
    for k, script in enumerate(scripts):
        if script.mark == "'":
            primes += 1
        elif script.mark == "_" and lower is None:
            lower = script
        elif script.mark == "^" and not tag and (script.words in {("*",), ("+",)} or is_mark(script.words)):
            tag = "^{" + script.text + "}"
        else:
            return Scripts(primes, tag, lower, scripts[k:])
    return Scripts(primes, tag, lower, ())


def with_mark(scripts: tuple[s.Script, ...]) -> Scripts | None:
    """Scripts sorted as if the superscript without brackets that follows the name were its mark; None without one."""
    at = next((k for k, script in enumerate(scripts) if script.mark == "^"), len(scripts))
    text = scripts[at].text if at < len(scripts) else ""
    if not (MARK.fullmatch(text) or WORD.fullmatch(text)) or scripts[at].words in TRANSPOSES:
        return None
    if sorted_scripts(scripts[:at]).rest:
        return None
    found = sorted_scripts(scripts[:at] + scripts[at + 1 :])
    return None if found.tag else replace(found, tag="^{" + text + "}")


def is_word(scripts: tuple[s.Script, ...]) -> bool:
    r"""Whether the first superscript is a word in letters of text: `w^{\text{new}}`, `x^{\mathrm{out}}`."""
    words = next(([w for w in x.words if w not in {"{", "}"}] for x in scripts if x.mark == "^"), [""])
    return words[0] in WORDS or (len(words) == 1 and words[0].startswith(r"\text"))


def outward(tree: s.Tree) -> tuple[s.Tree, tuple[s.Script, ...]]:
    r"""An atom and its scripts, in the order in which they count.

    `\\hat{x_i}` is `\\hat x_i`, and a transpose written before a subscript, `r^\\top_a`, is that of `r_a`.
    """
    base, scripts = (tree.base, tree.scripts) if isinstance(tree, s.Scripted) else (tree, ())
    while (
        isinstance(base, s.Accent) and isinstance(base.body, s.Scripted) and not sorted_scripts(base.body.scripts).rest
    ):
        scripts = base.body.scripts + scripts
        base = replace(base, body=base.body.base)
    if len(scripts) > 1 and scripts[0].words in TRANSPOSES and scripts[1].mark == "_":
        scripts = (scripts[1], scripts[0], *scripts[2:])
    return base, scripts


def base_of(tree: s.Tree) -> str | s.Tree:
    """A name without what stands below and above it, its accent or font included; or the part that is no name."""
    if isinstance(tree, s.Word):
        text = "const" if tree.text == "const." else tree.text
        return rf"\mathrm{{{text}}}" if len(text) == 1 else text
    if isinstance(tree, s.Accent):
        body = tree.body.text if isinstance(tree.body, s.Numeral) else label_of(tree.body)
        return f"{tree.command}{{{body}}}" if isinstance(body, str) else body
    return tree.text if isinstance(tree, s.Name) and tree.text not in {r"\partial", r"\nabla"} else tree


def label_of(tree: s.Tree) -> str | s.Tree:
    """A whole tree as one bare name, or the part of it that is no name."""
    atom, scripts = outward(tree)
    if isinstance(atom, s.Group) and atom.opening == "{" and not scripts:
        return label_of(atom.parts[0])
    own, base = sorted_scripts(scripts), base_of(atom)
    if own.rest or not isinstance(base, str):
        return tree if own.rest else base
    return f"{base}{f'_{{{own.lower.text}}}' if own.lower else ''}{own.end}"


class NameResolver:
    """Resolves names; expressions inside of subscripts are resolved by the class that is derived from it.

    Args:
        names: what is known.
        source: the formula's text, for messages.
        labels: take every subscript for a label, as in a Symbols table.
        marks: take every superscript for a mark, as in the symbol of a row.
        bound: letters that a sum around binds.
    """

    def __init__(self, names: Names, source: Source, *, labels: bool = False, marks: bool = False) -> None:
        self.names, self.source, self.labels, self.marks = names, source, labels, marks
        self.bound: tuple[str, ...] = ()
        self.doubts: list[n.Doubt] = []
        self.deep = 0  # factors inside each other

    def fail(self, message: str, tree: s.Tree) -> NoReturn:
        """Raise BookError at a part of the formula."""
        raise self.source.error(tree.span, message)

    def doubtful(self, kind: str, ask: str, tree: s.Tree) -> bool:
        """Note that a notation has two readings; whether the second one is taken."""
        self.doubts.append(n.Doubt(kind, ask, tree.span))
        return kind in self.names.second

    def node(self, tree: s.Tree) -> n.Node:
        """What a tree means."""
        raise NotImplementedError

    def base(self, tree: s.Tree) -> str:
        """A name without what stands below and above it, its accent or font included."""
        return self.expected(base_of(tree))

    def label(self, tree: s.Tree) -> str:
        """A whole tree as one bare name."""
        return self.expected(label_of(tree))

    def expected(self, name: str | s.Tree) -> str:
        """A name; BookError at a part of the formula that is none."""
        if isinstance(name, str):
            return name
        if isinstance(name, s.Name):
            self.fail(rf"{name.text} is no name: write \frac{{\partial a}}{{\partial b}}, or \nabla_b a", name)
        return self.fail("a name is expected here", name)

    def own(self, base: str, scripts: tuple[s.Script, ...], tree: s.Tree) -> Scripts:
        """What stands behind a name, sorted; a superscript without brackets may be its mark."""
        found, marked = sorted_scripts(scripts), with_mark(scripts)
        if not self.labels and (found.tag or marked) and self.kind(base + STEPS) is Kind.MARKED:
            return self.at_a_step(base, found if found.tag or not marked else marked, scripts)
        if marked is None or found.tag or base == "e":
            return found
        labelled = f"{base}_{{{marked.lower.text}}}" if marked.lower else base
        if WORD.fullmatch(marked.tag[2:-1]):
            known = {self.kind(base + marked.end), self.kind(labelled + marked.end)} - {None}
            return marked if known or (is_word(scripts) and not self.kind(marked.tag[2:-1])) else found
        if self.marks or Kind.MARKED in {self.kind(base), self.kind(labelled)}:
            return self.counted(base, marked, tree)
        if self.kind(base + marked.end) or self.kind(labelled + marked.end):
            ask = f"{base} has a meaning of its own, and {base}{marked.tag} has a row: is this the power or the name?"
            self.fail(f"{ask} Drop one of the two rows, or write {base}^{{[...]}}{see('marks')}", tree)
        letter = (MARK.fullmatch(marked.tag[2:-1]) or [""])[1]
        if letter and self.kind(f"^{letter}") is Kind.MARKED and self.kind(base) is not Kind.FUNCTION:
            if self.kind(base) is None and base not in self.bound:  # w^l beside a layer's z^l
                return marked
            ask = f"{letter} is a layer above other letters: is this a power of {base}, or the {base} of a layer?"
            self.fail(f"{ask} Write ({base})^{letter}, or drop the row of {base}{see('marks')}", tree)
        return found

    def at_a_step(self, base: str, own: Scripts, scripts: tuple[s.Script, ...]) -> Scripts:
        """What stands above the name of a recurrence as its first index; the start keeps its name."""
        above = next(script for script in scripts if script.mark == "^")
        (inside,) = above.parts if len(above.parts) == 1 else (None,)
        parts = inside.parts if isinstance(inside, s.Group) else above.parts
        text = own.tag[2:-1].strip("()[]<>")
        if text == "0" or self.kind(base + own.end):
            return own
        step = s.Script("_", (text,), (text,), parts, span=above.span)
        return replace(own, tag="", lower=step, rest=(*((own.lower,) if own.lower else ()), *own.rest))

    def counted(self, base: str, marked: Scripts, tree: s.Tree) -> Scripts:
        """A mark without brackets whose letter counts something, or is bound by a sum."""
        letter = (MARK.fullmatch(marked.tag[2:-1]) or [""])[1]
        if letter and not self.marks and letter not in self.bound and self.kind(letter) not in COUNTED:
            ask = f"is {letter} above {base} a layer or a power? give {letter} a row of the shape integer"
            self.fail(f"{ask}, or write {base}^{{[{marked.tag[2:-1]}]}}{see('marks')}", tree)
        return marked

    def name(self, base: str, own: Scripts, tree: s.Tree) -> n.Node:
        """A subscript is a label where the whole name is known, an index where the base is an array."""
        lower = own.lower
        if lower is None:
            return self.bare(base + own.end, tree)
        full = f"{base}_{{{lower.text}}}{own.end}"
        drawn = not self.labels and self.outcome(base + own.end, full, lower, tree)
        if drawn:
            return drawn
        worded = lower.words[0].lstrip("\\").startswith(LABELLED) or set(lower.words) <= SIGNS_BELOW
        derived = bool(own.primes) and self.names.is_function(full.rstrip("'"))
        if full in self.names.kinds or self.labels or worded or derived or self.at_a_time(base, lower):
            return n.Symbol(full, span=tree.span)
        for label, rest in ((lower.labels[0], lower.parts[1:]), (lower.labels[-1], lower.parts[:-1])):
            known = f"{base}_{{{label}}}{own.end}"
            if len(lower.labels) > 1 and known in self.names.kinds:
                return n.Symbol(known, self.indices(replace(lower, parts=side_by_side(rest))), span=tree.span)
        if self.names.kinds.get(base + own.end) not in UNINDEXED:
            return n.Symbol(base + own.end, self.indices(lower), span=tree.span)
        name, indices = self.undeclared(base + own.end, full, lower)
        if indices and self.kind(name) in COUNTS:  # the members of a total, L = \sum_i L_i
            name = base + MEMBERS + own.end
        return n.Symbol(name, indices, span=tree.span)

    def outcome(self, base: str, full: str, lower: s.Script, tree: s.Tree) -> n.Node | None:
        """A random variable with a label, or an entry of one whose outcomes are vectors."""
        chances = self.names.chances
        if chances.variable(full):
            return n.Letter(full, span=tree.span)
        if not chances.variable(base) or full in self.names.kinds:
            return None
        if chances.variable(base) not in chances.vectors:
            self.fail(f"{base} is one random variable: give {full} a row of its own", tree)
        return n.Entry(n.Letter(base, span=tree.span), self.indices(lower), span=tree.span)

    def at_a_time(self, base: str, lower: s.Script) -> bool:
        r"""Whether a subscript is a time: of a bold letter, or of one that has a row at another time.

        `\\mathbf{r}_t` is then a vector, not entry t of one.
        """
        found = STEP.fullmatch(lower.text)
        if not found or self.names.kinds.get(found[1]) != Kind.INTEGER:
            return False
        sibling = re.compile(rf"{re.escape(base)}_\{{{re.escape(found[1])}(?:[+-]\d+)?\}}")
        return base.startswith((r"\mathbf{", r"\vec{")) or any(map(sibling.fullmatch, self.names.kinds))

    def undeclared(self, name: str, full: str, lower: s.Script) -> tuple[str, tuple[n.Node, ...]]:
        """An undeclared name: indices where the subscript holds index letters and nothing declared, else a label."""
        if is_lone_mark(lower) or any(isinstance(part, s.Opaque) for part in lower.parts):
            return full, ()
        read = [self.place(part) for part in lower.parts]
        lettered = [any(isinstance(x, n.Letter) for x in index.walk()) for index in read]
        declared = [self.is_declared(index) for index in read]
        if any(self.is_size(index) for index in read) or not any(lettered):
            return full, ()
        if not any(declared):
            return name, tuple(read)
        if len(lower.labels) > 1 and not any(map(min, lettered, declared)):
            label = ",".join(text for text, d in zip(lower.labels, declared, strict=True) if d)
            return f"{name}_{{{label}}}", tuple(index for index, d in zip(read, declared, strict=True) if not d)
        return full, ()

    def bare(self, name: str, tree: s.Tree) -> n.Node:
        """A name or an index letter without subscript."""
        plain = name.rstrip("'")
        kind = self.names.kinds.get(plain if self.names.is_function(plain) else name)
        letter = kind == Kind.INDEX or name in self.bound or (not self.labels and self.names.chances.variable(name))
        if letter or (kind is None and LETTER.fullmatch(name) and name != "e"):
            return n.Letter(name, span=tree.span)
        return n.Symbol(name, span=tree.span)

    def is_declared(self, index: n.Node) -> bool:
        """Whether an index holds a name that is not a class label, or the letter of one that has values at steps."""
        if isinstance(index, n.Letter):
            return index.name not in self.bound and has_steps(index.name, self.names.kinds)
        return any(isinstance(x, n.Symbol) and self.names.kinds.get(x.name) != Kind.LABELS for x in index.walk())

    def is_size(self, index: n.Node) -> bool:
        """Whether an index is the letter of a size."""
        return isinstance(index, n.Symbol) and bool(LETTER.fullmatch(index.name)) and self.kind(index.name) == Kind.SIZE

    def kind(self, name: str) -> Kind | None:
        """The kind of a name."""
        return self.names.kinds.get(name)

    def place(self, tree: s.Tree) -> n.Node:
        """One index."""
        return n.Whole(span=tree.span) if isinstance(tree, s.Colon) else self.node(tree)

    def indices(self, lower: s.Script) -> tuple[n.Node, ...]:
        """The indices below an array."""
        if is_lone_mark(lower):
            mark = "".join(lower.words)
            self.fail(
                f"{mark} below a name is a mark, not an index: declare the marked name, or drop the brackets", lower
            )
        found = tuple(self.place(part) for part in called(lower.parts, self.names))
        for index in found:
            if self.is_size(index) and isinstance(index, n.Symbol):
                self.fail(f"{index.name} is a size in the Symbols table: take another letter for the index", lower)
        return found


def called(parts: Sequence[s.Tree], names: Names) -> list[s.Tree]:
    """Indices one after the other, where a function and its argument are one."""
    found: list[s.Tree] = []
    for part in parts:
        before = found[-1] if found else None
        argument = isinstance(part, s.Group) and part.opening == "("
        if argument and isinstance(before, s.Name) and names.is_function(before.text):
            found[-1] = s.Run((before, part), ("",), span=before.span)
        else:
            found.append(part)
    return found


def has_steps(letter: str, kinds: Mapping[str, Kind]) -> bool:
    """Whether a letter is that of values at steps, as the u of `u_t`: then it is no index."""
    steps = (STEP.fullmatch(name[len(letter) + 2 : -1]) for name in kinds if name.startswith(f"{letter}_{{"))
    return any(step and kinds.get(step[1]) == Kind.INTEGER for step in steps)


def is_lone_mark(lower: s.Script) -> bool:
    """Whether a subscript is a single mark in brackets, as that of the second smallest entry, x_{(2)}."""
    inside = [w for w in lower.words if w not in {"{", "}"}][1:-1]
    return len(lower.labels) == 1 and is_mark(lower.words) and (len(inside) == 1 or inside[1] in {"+", "-"})


def side_by_side(parts: tuple[s.Tree, ...]) -> tuple[s.Tree, ...]:
    """The indices beside a label: a single part may hold several, as the `ik` in `h_{t,ik}`."""
    (only,) = parts if len(parts) == 1 else (None,)
    return only.items if isinstance(only, s.Run) and not any(only.joints) else parts
