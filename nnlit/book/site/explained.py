r"""Which row of a Symbols table every symbol of a formula means.

A formula is read as far as that needs: words, groups, scripts. A symbol that has a row is put into KaTeX's
`\htmlData{s=...}{...}`, which changes no letter and no space; the page's script shows the row when the symbol is
pointed at. The longest spelling counts, then the innermost table.
"""

import html
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from nnlit.book.source.chapter import Row

WORD = re.compile(r"\\[a-zA-Z]+\*?|\\.|\s+|.", re.DOTALL)
ENTRIES = {r"\frac", r"\tfrac", r"\dfrac", r"\binom", r"\sqrt"}  # their groups are looked into
CLOSED = {r"\mathrm", r"\mathbf", r"\mathbb", r"\mathcal", r"\mathsf", r"\mathit", r"\operatorname", r"\operatorname*"}
CLOSED |= {r"\text", r"\textbf", r"\mathop", r"\begin", r"\end", r"\hat", r"\bar", r"\tilde", r"\dot", r"\vec"}
CLOSED |= {r"\left", r"\right", r"\big", r"\Big", r"\bigl", r"\bigr", r"\Bigl", r"\Bigr", r"\widehat", r"\overline"}
CLOSED |= {r"\hspace", r"\label", r"\tag", r"\color", r"\phantom", r"\vphantom"}
SCRIPTS = {"_", "^"}
ABOVE, BELOW = re.compile(r"d$|\{d( \^ \S+)?( [a-zA-Z\\].*)?\}$"), re.compile(r"\{d [a-zA-Z\\]")
SLOPE = r"\frac{d}{d x}"  # a row for the sign of a derivative, whatever stands behind either d
ANNOTATION = re.compile(r'(<annotation encoding="application/x-tex">).*?(</annotation>)', re.DOTALL)
MARK = re.compile(r'data-s="(\d+)"')


@dataclass(frozen=True)
class Item:
    """A word of TeX or a group in braces: its characters, how it is compared, and for a group what is in it."""

    text: str
    norm: str
    inner: tuple["Item", ...] | None = None


@lru_cache(maxsize=8192)
def items(tex: str) -> tuple[Item, ...]:
    r"""The words and groups of a formula; spaces belong to the word before them.

    Examples:
        >>> [item.norm for item in items(r"\hat{Y}_{ik}")]
        ['\\hat', 'Y', '_', '{i k}']
    """
    found: list[list[Item]] = [[]]
    for word in WORD.findall(tex):
        if word == "{":
            found.append([])
        elif word == "}" and len(found) > 1:
            inner = tuple(found.pop())
            norm = inner[0].norm if len(inner) == 1 else "{" + " ".join(i.norm for i in inner if i.norm) + "}"
            found[-1].append(Item("", norm, inner))
        else:
            found[-1].append(Item(word, word.strip()))
    return tuple(found[0])


@dataclass(frozen=True)
class Spelling:
    """A symbol as a row writes it, word by word."""

    norms: tuple[str, ...]
    row: Row

    def length(self, at: Sequence[Item]) -> int:
        """How many items at the beginning of a formula's rest are this symbol; 0 if they are not."""
        k = n = 0
        while n < len(self.norms):
            if k == len(at):
                return 0
            if at[k].norm and not self._same(at[k].norm, self.norms[n]):
                return 0
            n += bool(at[k].norm)
            k += 1
        return k

    def _same(self, norm: str, own: str) -> bool:
        """Whether an item is a word of this symbol; a derivative's parts may carry indices."""
        indexed = self.norms[0] in ENTRIES and own.startswith("{") and norm.startswith(own[:-1] + " _ ")
        sign = self.row.symbol == SLOPE and (ABOVE if own == "d" else BELOW).match(norm) is not None
        return norm == own or indexed or sign


class Meanings:
    """The rows that are valid somewhere.

    Args:
        rows: the innermost first.
    """

    def __init__(self, rows: Iterable[Row]) -> None:
        self.by_word: dict[str, list[Spelling]] = {}
        for row in rows:
            norms = tuple(item.norm for item in items(row.symbol) if item.norm)
            if norms:
                self.by_word.setdefault(norms[0], []).append(Spelling(norms, row))
        for found in self.by_word.values():
            found.sort(key=lambda spelling: -len(spelling.norms))

    def at(self, rest: Sequence[Item]) -> tuple[int, Row] | None:
        """The symbol with which the rest of a formula begins: how many items, and its row."""
        found = ((spelling.length(rest), spelling.row) for spelling in self.by_word.get(rest[0].norm, ()))
        return next((pair for pair in found if pair[0]), None)


def marked(tex: str, meanings: Meanings) -> tuple[str, tuple[Row, ...]]:
    r"""A formula whose symbols are numbered, and the rows that the numbers stand for.

    Examples:
        >>> from pathlib import Path
        >>> from nnlit.book.source.place import Place
        >>> rows = [Row(s, "number", "", "", Place(Path("x.md"), k)) for k, s in enumerate([r"\hat W", "W", "j"])]
        >>> print(marked(r"\frac{W_{ij}}{2} + \hat W + W_j", Meanings(rows))[0].replace("htmlData", ""))
        \frac{\{s=0}{W_{i\{s=1}{j}}}}{2} + \{s=2}{\hat W} + \{s=0}{W_{\{s=1}{j}}}
    """
    rows: dict[Row, int] = {}
    return "".join(_written(items(tex), lambda row: rows.setdefault(row, len(rows)), meanings)), tuple(rows)


Number = Callable[[Row], int]


def _written(at: Sequence[Item], number: Number, meanings: Meanings) -> Iterator[str]:
    """The pieces of a formula in which every symbol with a row is marked."""
    k = 0
    while k < len(at):
        item, found = at[k], meanings.at(at[k:])
        if found:
            length, row = found
            stop = k + length
            while stop < len(at) and (at[stop].norm in SCRIPTS | {"'"} or not at[stop].norm):
                stop += 1 if at[stop].norm not in SCRIPTS else 1 + _argument(at[stop + 1 :])
            while not at[stop - 1].norm:
                stop -= 1  # spaces at the end stay outside
            parts = _parts if row.symbol == SLOPE else _within
            core = "".join(parts(at[k : k + length], number, meanings))
            yield rf"\htmlData{{s={number(row)}}}{{{core}{''.join(_scripts(at[k + length : stop], number, meanings))}}}"
            k = stop
        elif item.norm == r"\\" and k + 1 < len(at) and at[k + 1].norm == "[":
            stop = next(n for n in range(k, len(at)) if at[n].norm == "]") + 1  # a length, as in \\[6pt]
            yield _plain(at[k:stop])
            k = stop
        elif item.norm in ENTRIES | CLOSED:
            stop = k + 1
            for _ in range(1 if item.norm in CLOSED | {r"\sqrt"} else 2):
                if item.norm == r"\sqrt" and stop < len(at) and at[stop].norm == "[":
                    stop = next(n for n in range(stop, len(at)) if at[n].norm == "]") + 1
                stop += _argument(at[stop:])
            yield from _parts(at[k:stop], number, meanings) if item.norm in ENTRIES else [_plain(at[k:stop])]
            k = stop
        elif item.norm in SCRIPTS:
            stop = k + 1 + _argument(at[k + 1 :])
            yield from _scripts(at[k:stop], number, meanings)
            k = stop
        else:
            yield "{" + "".join(_written(item.inner, number, meanings)) + "}" if item.inner is not None else item.text
            k += 1


def _argument(at: Sequence[Item]) -> int:
    """How many items an argument takes, with the spaces before it."""
    k = 0
    while k < len(at) and not at[k].norm:
        k += 1
    if k < len(at) and at[k].norm in CLOSED and at[k].inner is None:
        return k + 1 + _argument(at[k + 1 :])
    return min(k + 1, len(at))


def _parts(at: Sequence[Item], number: Number, meanings: Meanings) -> Iterator[str]:
    """A fraction or a root: its parts are formulas; one letter that gets a mark needs braces."""
    for item in at:
        named = item.norm not in ENTRIES and bool(item.norm) and not item.norm.isdigit() and meanings.at([item])
        bare = item.inner is None and not named
        inner = (item,) if item.inner is None else item.inner
        yield item.text if bare else "{" + "".join(_written(inner, number, meanings)) + "}"


def _within(at: Sequence[Item], number: Number, meanings: Meanings) -> Iterator[str]:
    """The symbol itself; in a derivative only the indices are symbols of their own."""
    for item in at:
        inner = item.inner or ()
        script = next((k for k, part in enumerate(inner) if part.norm in SCRIPTS), None)
        if at[0].norm not in ENTRIES or script is None:
            yield _plain([item])
        else:
            yield "{" + _plain(inner[:script]) + "".join(_scripts(inner[script:], number, meanings)) + "}"


def _scripts(at: Sequence[Item], number: Number, meanings: Meanings) -> Iterator[str]:
    """Indices and powers; one letter that gets a mark needs braces."""
    for k, item in enumerate(at):
        inner = (item,) if item.inner is None else item.inner
        if item.norm in SCRIPTS or (item.inner is None and (k == 0 or at[k - 1].norm not in SCRIPTS)):
            yield item.text
        else:
            yield "{" + "".join(_written(inner, number, meanings)) + "}"


def _plain(at: Sequence[Item]) -> str:
    """Items as they were written."""
    return "".join(item.text if item.inner is None else "{" + _plain(item.inner) + "}" for item in at)


def named(rendered: str, tex: str, names: Sequence[str]) -> str:
    """What KaTeX made of a marked formula: its numbers become names, its annotation the formula as it was written."""
    restored = ANNOTATION.sub(lambda m: m[1] + html.escape(tex) + m[2], rendered)
    return MARK.sub(lambda m: f'data-s="{names[int(m[1])]}"', restored)
