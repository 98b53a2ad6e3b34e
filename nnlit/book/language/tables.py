"""Environments: cases, and matrices, which are written out or have dots in them."""

import re
from collections.abc import Sequence

from nnlit.book.language import syntax as s
from nnlit.book.language.atoms import ELLIPSIS, SEPARATORS, Atoms
from nnlit.book.language.ellipsis import Series, series
from nnlit.book.language.guide import see
from nnlit.book.language.spelling import Token
from nnlit.book.language.tokens import GAP

MATRICES = re.compile(r"\\begin\{([pbBv]?matrix|smallmatrix|array)\}")
UNREAD = re.compile(r"\b(?:unless|not|or|except|only|without|until)\b")  # words that turn a condition round
UNCLEAR_MATRIX = "what do the dots of this matrix stand for? write its entry, A_{ij}" + see("dotted-matrix")

CASE = r"write \text{if } b > 0, or \text{otherwise}"


class Tables(Atoms):
    """Reads environments; the expressions inside are read by the class that is derived from it."""

    def environment(self) -> s.Tree:
        """`cases` or a matrix."""
        start, opening = self.at, self.peek()
        inside = self.enclosed()
        lines = [line.split({"&"}) for line in inside.split({r"\\"}) if line.texts]
        matrix = MATRICES.fullmatch(opening)
        if matrix and any(self.is_dots(c) for line in lines for c in line):
            dotted = self.dotted(lines, start)
            return s.Size(dotted, span=self.span(start)) if opening == r"\begin{vmatrix}" else dotted
        if opening in {r"\begin{cases}", r"\begin{dcases}", r"\begin{rcases}"}:
            return s.Choice(tuple(self.case(line) for line in lines), span=self.span(start))
        if not matrix:
            self.fail(f"{opening} is not in the equation language", start)
        if not lines:
            self.fail("nothing stands in this matrix", start)
        if len({len(line) for line in lines}) != 1:
            self.fail("the rows of this matrix have different lengths", start)
        if opening == r"\begin{vmatrix}" and len(lines) != len(lines[0]):
            what = f"{len(lines)} rows of {len(lines[0])} numbers"
            self.fail(f"bars around a matrix are its determinant, and {what} have none", start)
        table = s.Table(tuple(tuple(cell.whole() for cell in line) for line in lines), span=self.span(start))
        return s.Size(table, span=self.span(start)) if opening == r"\begin{vmatrix}" else table

    def is_dots(self, cell: Atoms) -> bool:
        """Whether a cell of a matrix holds dots alone."""
        return len(cell.texts) == 1 and cell.texts[0] in ELLIPSIS

    def dotted(self, lines: Sequence[Sequence[Atoms]], start: int) -> s.Tree:
        """A matrix with dots in it: one row, one column, a diagonal, or all rows and columns up to the last ones."""
        if len({len(line) for line in lines}) != 1:
            self.fail("the rows of this matrix have different lengths", start)
        if len(lines) == 1 or len(lines[0]) == 1:
            operator, cells = ("columns", lines[0]) if len(lines) == 1 else ("rows", [line[0] for line in lines])
            parts, _ = self.listed(cells, (",",) * (len(cells) - 1), operator)
            return parts[0] if len(parts) == 1 else self.unclear(start)
        return self.diagonal(lines, start) or self.grid(lines, start)

    def unclear(self, start: int) -> s.Tree:
        """Say that dots in a matrix are not understood."""
        return self.fail(UNCLEAR_MATRIX, start)

    def diagonal(self, lines: Sequence[Sequence[Atoms]], start: int) -> s.Tree | None:
        """A diagonal with dots on it, and nothing, zeros or dots elsewhere; None where something else is there."""
        square = len(lines) == len(lines[0])
        beside = [cell for i, line in enumerate(lines) for j, cell in enumerate(line) if i != j]
        if not square or any(cell.texts not in {(), ("0",)} and not self.is_dots(cell) for cell in beside):
            return None
        cells = [line[k] for k, line in enumerate(lines)]
        if sum(map(self.is_dots, cells)) != 1 or not all(cell.texts for cell in cells):
            return self.unclear(start)
        parts, _ = self.listed(cells, (",",) * (len(cells) - 1))
        if len(parts) != 1:
            return self.unclear(start)
        span = self.span(start)
        return s.Run((s.Word("diag", operator=True, span=span), s.Group("(", parts, span=span)), ("",), span=span)

    def grid(self, lines: Sequence[Sequence[Atoms]], start: int) -> s.Tree:
        """All entries: every written row goes on to its last entry, and the rows to the last row."""
        between = [k for k, line in enumerate(lines) if all(self.is_dots(x) or not x.texts for x in line)]
        columns = [k for k in range(len(lines[0])) if self.is_dots(lines[0][k])]
        if between != [len(lines) - 2] or columns != [len(lines[0]) - 2]:
            return self.unclear(start)
        written = [line for k, line in enumerate(lines) if k not in between]
        rows = [self.along(line, columns[0]) for line in written]
        down = series([row.term for row in rows[:-1] if row], rows[-1].term) if all(rows) and rows[-1] else None
        first = rows[0]
        if down is None or first is None or down.count != len(rows) - 1 or not all(map(first.goes_along, rows)):
            return self.unclear(start)
        body = self.anew(down.term).whole()
        span = self.span(start)
        column = s.Fold("rows", (down.letter,), "=", s.Numeral(down.low.text), self.end(down), body, span=span)
        return s.Fold("columns", (first.letter,), "=", s.Numeral(first.low.text), self.end(first), column, span=span)

    def along(self, line: Sequence[Atoms], at: int) -> Series | None:
        """The entries of a row as one with a letter; None where they are not."""
        words = [parted(self.words.tokens[cell.start : cell.stop]) for cell in line]
        found = series(words[:at], words[at + 1]) if self.is_dots(line[at]) else None
        return found if found and found.count == at else None

    def end(self, found: Series) -> s.Tree:
        """The last number of what dots stand for."""
        return self.anew(found.high).whole()

    def case(self, cells: Sequence[Atoms]) -> tuple[s.Tree, tuple[s.Tree, ...]]:
        """One line of `cases`: its value, and its relations; none where it is the rest."""
        value = cells[0]
        while value.texts and value.texts[-1] in {",", GAP}:
            value = value.sub(value.start, value.stop - 1)
        words = [t for cell in cells[1:] for t in cell.words.tokens[cell.start : cell.stop] if t.text != GAP]
        for token in words:
            if token.text.startswith(r"\text") and (unread := UNREAD.search(token.text)):
                raise self.words.source.error(token.span, f"cannot read {unread[0]!r} in a condition: write a relation")
        otherwise = any("otherwise" in t.text or "else" in t.text for t in words)
        plain = [t for t in words if not t.text.startswith(r"\text") or "and" in t.text]
        while plain and plain[-1].text in {",", ".", ";"}:
            plain.pop()
        if not otherwise and not plain:
            if any(t.text.startswith(r"\text") for t in words):
                said = words[0].text.partition("{")[2].strip("} ")
                value.fail(f"a line of cases says {said!r} and no relation: {CASE}")
            if "," in value.texts:
                value.fail("what stands behind the comma is no condition of this case: write & in front of it")
            value.fail(r"a line of cases needs a condition or \text{otherwise}")
        conditions = tuple(part.claim() for part in self.anew(plain).split(SEPARATORS)) if plain else ()
        return value.whole(), conditions


def parted(tokens: Sequence[Token]) -> list[Token]:
    """Words in which a subscript of two digits is two numbers, as those of an entry: `A_{12}` beside `A_{1n}`."""
    out = list[Token]()
    for k, token in enumerate(tokens):
        below = [x.text for x in tokens[max(k - 2, 0) : k]] == ["_", "{"] and tokens[k + 1].text == "}"
        digits = token.text if below and token.text.isdecimal() and len(token.text) == 2 else ""
        out += [Token(digit, token.span) for digit in digits] or [token]
    return out
