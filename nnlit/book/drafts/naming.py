"""The rows of a draft: names whose axes are known, and the sizes that these are called by."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from nnlit.book.drafts import conditions, hints
from nnlit.book.drafts.lengths import Lengths
from nnlit.book.drafts.used import COUNTED, Text, letters_of, plain
from nnlit.book.evaluation.families import capital_of
from nnlit.book.language import nodes as n

USUAL = {"i": "mnNM", "j": "ndDpm", "k": "KkCn", "l": "dLn", "p": "PD", "q": "QD", "t": "T", "c": "KC"}  # of an axis
LENGTHS = "mnKdPQNMDTCLrs"  # names of sizes, where no letter says which
NO_ARRAYS = ("number", "integer")
Rows = dict[str, tuple[str, str]]  # of every name its shape and the reason


@dataclass
class Naming:
    """The rows of names whose axes are known.

    Args:
        text: the text.
        found: the axes of its names.
        members: the names that are one of many, with their letter and the name without it.
    """

    text: Text
    found: Lengths
    members: Mapping[str, tuple[str, str]]
    sizes: dict[str, str] = field(default_factory=dict)

    def rows(self, reasons: Mapping[str, str]) -> Rows:
        """The rows, in the order in which their names are met."""
        for name in reasons:
            self.name(self.axes(name))
        rows, needed = Rows(), conditions.needed(self.text)
        for name, why in reasons.items():
            said = self.conditions(name, why)
            is_needed = name in needed and said in {"", "; positive"}
            reason, said = (why.removesuffix("; positive"), f"; {needed[name]}") if is_needed else (why, said)
            own = [self.sizes[axis] for axis in self.axes(name)]
            uses = self.text.used[name]
            if name in self.members:
                rows |= self.member(name, self.members[name][1], self.members[name][0], own, (reason, said))
            elif len(own) > max(len(node.indices) for node in uses) > 0 or (own and name in self.text.constants):
                for letters in dict.fromkeys(map(letters_of, uses)):
                    rows |= self.member(f"{name}_{{{letters}}}", name, letters[:1], own, (reason, said))
            elif len(own) == 2 and all(node.indices for node in uses) and self.text.holder(name):  # entries of X
                letter = min((letters_of(node) for node in uses), key=len)[:1]
                rows |= self.member(f"{name}_{{{letter}}}", name, letter, own, (reason, said))
            else:
                is_square = len(own) == 2 and own[0] == own[1] and plain(name) == "I"
                kind = "integer" if reason == COUNTED else shape(own)
                rows[name] = kind, f"{reason}{said}, identity" if is_square else reason + said
        return {name: row for name, row in rows.items() if name not in self.sizes.values() or row[0] not in NO_ARRAYS}

    def shape(self, name: str) -> str:
        """The shape of a name; where nothing is an array, it is a number."""
        axes = self.axes(name) if name in self.found.forms else []
        self.name(axes)
        return shape([self.sizes[axis] for axis in axes])

    def vectors(self) -> dict[str, str]:
        """The functions that are called with vectors alone, with the size of these."""
        sizes = {
            name: {tuple(map(self.found.root, axes)) for axes in called} for name, called in self.found.calls.items()
        }
        alone = {name: min(axes) for name, axes in sizes.items() if len(axes) == 1 and len(min(axes)) == 1}
        return {name: self.sizes[axis] for name, (axis,) in alone.items() if axis in self.sizes}

    def conditions(self, name: str, reason: str) -> str:
        """What the text says of the numbers in an array: that they sum to one, are positive, or are some numbers."""
        if plain(name).partition("_")[0] == "1":
            return ", all ones"
        if (known := self.text.said.conditions.get(name)) and known not in reason:
            return f"; {known}"
        for left, right, _ in self.text.claims:
            body = left.body if isinstance(left, n.Big) and left.operator == "sum" else None
            if isinstance(body, n.Symbol) and body.name == name and len(body.indices) == 1 and right == n.Number("1"):
                return "; entries sum to one"
        if plain(name) == r"\pi" and len(self.axes(name)) == 1:
            return ", entries sum to one"  # the weights of a mixture, or what a policy does
        return "; positive" if name in self.text.positive else ""

    def member(self, name: str, base: str, letter: str, own: list[str], why: tuple[str, str]) -> Rows:
        """The rows of an array, which has the conditions, and of the member of it that a letter names."""
        held = self.text.holder(base) if len(own) == 2 else ""
        array = held or self.array(base, is_vector=len(own) == 1)
        which = f"{'entry' if len(own) == 1 else 'row'} ${letter}$ of ${array}$"
        conditions = why[1].replace("one-hot", "one-hot rows" if len(own) == 2 else "one-hot")
        holding = {} if held else {array: (shape(own), f"it holds all ${name}${conditions}")}
        return {**holding, name: (shape(own[1:]), f"{why[0]}; {which}")}

    def array(self, base: str, *, is_vector: bool) -> str:
        """A name that the text does not use, for what holds all that have a name with an index."""
        capital = capital_of(base)
        bare = plain(capital)
        for name in [*([base] if is_vector else []), capital, bare, rf"\mathbf{{{bare}}}"]:
            taken = (x for x in self.text.used if x == name or x.startswith(f"{name}_"))
            if not any(taken) and not self.text.gives(name):
                return name
        return rf"\mathcal{{{bare}}}"

    def axes(self, name: str) -> list[str]:
        """The axes of a name, and before them that over which it is one of many."""
        own = [self.found.root(axis) for axis in self.found.forms[name].axes]
        return [self.found.root(f"many:{hints.stem(name)}"), *own] if name in self.members else own

    def name(self, axes: list[str]) -> None:
        """Give axes sizes: the bound of a sum, what such an axis often is called, or a letter that is free."""
        given = {self.found.root(axis): axis.removeprefix("size:") for axis in self.found.axes if "size:" in axis}
        letters = {self.found.root(axis): axis.partition("|")[2] for axis in reversed(self.found.axes) if "|" in axis}
        for k, axis in enumerate(axes):
            if axis not in self.sizes:
                usual = USUAL.get(letters.get(axis, ""), "")
                apart = self.sizes if len(axes) > 1 and axis in self.found.axes else axes  # what is known to meet
                taken = {*given.values(), *(self.sizes[other] for other in apart if other in self.sizes)}
                said = [x for x in usual if x not in {*self.sizes.values(), *taken} and self.text.is_number(x)]
                other = [x for x in usual + ("mn"[k] if len(axes) == 2 else "n") + LENGTHS if self.is_free(x, taken)]
                self.sizes[axis] = given.get(axis) or next(iter([*said, *other]), "n")

    def is_free(self, size: str, taken: set[str]) -> bool:
        """Whether a letter can be the length of an axis: nothing else is called so."""
        letters = {axis.partition("|")[2] for axis in self.found.axes if "|" in axis}
        return size not in {*taken, *letters, *self.text.used} and not self.text.gives(size)


def shape(sizes: list[str]) -> str:
    """A shape as a table has it."""
    return "$" + r" \times ".join(sizes) + "$" if sizes else "number"
