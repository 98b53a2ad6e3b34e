"""Terms and factors with dots among them, as one sum or one product."""

from collections.abc import Sequence
from itertools import pairwise

from nnlit.book.language import syntax as s
from nnlit.book.language.ellipsis import UNCLEAR, Series, series
from nnlit.book.language.spans import Span
from nnlit.book.language.spelling import Token
from nnlit.book.language.tables import Tables

TIMES = {r"\cdot", r"\times", "*"}
JOINTS = TIMES | {"/", r"\cap", r"\cup", r"\setminus"}


class Dotted(Tables):
    """Reads what dots stand for; terms and factors are read by the class that is derived from it."""

    def factor(self) -> s.Tree:
        """An atom with what stands above, below and behind it."""
        raise NotImplementedError

    def starts(self) -> bool:
        """Whether the next word begins a factor."""
        raise NotImplementedError

    def continued(self, begins: list[int], terms: list[s.Tree], signs: list[str]) -> None:
        r"""Terms that go on as `+ \cdots + x_n`: those before the dots that belong to them and the last become one."""
        dots, sign = self.at, signs.pop()
        self.at += 2
        begin = self.at
        self.term()
        cuts = [*begins[:-1], dots]
        before = [self.tokens(a, b - 1) for a, b in pairwise(cuts)]
        found = series(before, self.tokens(begin, self.at))
        own = signs[-found.count :] if found else []
        alike = all(x == sign or (sign == "+" and x == "") for x in own)
        if found is None or not alike:
            self.fail(UNCLEAR, dots)
        del terms[-found.count :], signs[-found.count :], begins[-found.count - 1 :]
        first = self.words.tokens[cuts[-found.count - 1]].span
        begins.append(cuts[-found.count - 1])
        signs.append(own[0])
        terms.append(self.folded("sum", found, first.to(self.words.tokens[self.at - 1].span)))

    def folded(self, operator: str, found: Series, span: Span) -> s.Tree:
        """What dots stand for, as a sum or one of its kin."""
        high, body = (self.anew(x).whole() for x in (found.high, found.term))
        return s.Fold(operator, (found.letter,), "=", s.Numeral(found.low.text), high, body, span=span)

    def tokens(self, start: int, stop: int) -> Sequence[Token]:
        """Some of the words."""
        return self.words.tokens[start:stop]

    def multiplied(self, begins: list[int], items: list[s.Tree], joints: list[str]) -> None:
        r"""Factors that go on as `\cdots x_n`, up to the end of the product."""
        dots, joint = self.at, joints.pop()
        self.at += 1
        self.accept(joint or r"\cdot")
        begin, count = self.at, 0
        while self.starts():
            self.factor()
            self.accept(*TIMES)
            count += 1
        ends = [b - (self.words.tokens[b - 1].text in JOINTS) for b in begins[1:]]
        cuts = begins[:-1]
        blocks = [
            (cuts[k], ends[k + count - 1]) for k in range(len(items) % count if count else 0, len(items), count or 1)
        ]
        found = series([self.tokens(a, b) for a, b in blocks], self.tokens(begin, self.at)) if count else None
        if found is None or "/" in joints[-found.count * count :]:
            self.fail(UNCLEAR, dots)
        kept = len(items) - found.count * count
        span = self.words.tokens[cuts[kept]].span.to(self.words.tokens[self.at - 1].span)
        del items[kept:], joints[max(kept, 0) :]
        items.append(self.folded("prod", found, span))
