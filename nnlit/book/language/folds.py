"""Sums and their kin, and limits: what stands below and above the sign, and how far it reaches."""

import re
from dataclasses import replace

from nnlit.book.language import syntax as s
from nnlit.book.language.cursor import Cursor
from nnlit.book.language.tokens import FONTS, MEMBERSHIP, RELATIONS

INTEGRALS = {r"\int", r"\iint", r"\oint"}
RANGES = RELATIONS | MEMBERSHIP  # what may stand between a letter below a sum and what is said of it
PAIRS = "pairs are not read as an index: sum over i and over j, and multiply by a matrix of 0 and 1 (indicators)"
RISING = {"<", r"\le"}
FOLDS = {r"\sum": "sum", r"\prod": "prod", r"\max": "max", r"\min": "min"}
SUCH_THAT = {":", r"\colon", r"\mid"}  # between the letter of a sum and a condition on it
GREEK_WORDS = (
    r"\alpha \beta \gamma \delta \epsilon \varepsilon \zeta \eta \theta \vartheta \iota \kappa \lambda \mu \nu \xi \pi "
    r"\rho \varrho \sigma \varsigma \tau \upsilon \phi \varphi \chi \psi \omega \Gamma \Delta \Theta \Lambda \Xi \Pi "
    r"\Sigma \Upsilon \Phi \Psi \Omega \ell \emptyset"
)
GREEK = frozenset(GREEK_WORDS.split())
LETTERED = re.compile(r"(?:\\[a-z]+\{)?[a-zA-Z]+\}?(?:_\{\w+\})?'*")  # a letter, in a font, with a label


class Folds(Cursor):
    """Reads sums and limits; the expressions inside are read by the class that is derived from it."""

    def whole(self) -> s.Tree:
        """An expression up to the end of the range."""
        raise NotImplementedError

    def claim(self) -> s.Tree:
        """An expression, or several with relations between them, up to the end of the range."""
        raise NotImplementedError

    def term(self) -> s.Tree:
        r"""Products joined by `\odot`."""
        raise NotImplementedError

    def arg(self) -> s.Tree:
        r"""`\arg\max_k`."""
        start = self.at
        self.next()
        word = self.peek()
        if word not in {r"\max", r"\min"}:
            self.fail(r"\arg stands before \max or \min", start)
        return self.fold("arg" + FOLDS[self.next()], start)

    def fold(self, operator: str, start: int) -> s.Tree:
        """A sum or one of its kin, after its sign: the index below and the bound above, in either order."""
        word = operator if self.peek(-1) == "}" else self.peek(-1)
        scripts: dict[str, Folds] = {}
        while self.peek() in {"_", "^"}:
            mark = self.next()
            scripts[mark] = self.group()
        low, high = scripts.get("_"), scripts.get("^")
        if high is not None and (low is None or not low.texts):
            self.fail(f"{word} has an upper bound and no index: write {word}_{{i=1}}^{high.text}", start)
        if low is None or not low.texts:
            self.fail(f"{word} needs an index: {word}_i", start)
        if not self.peek():
            self.fail(f"the equation ends too early: of what is {word} taken?", start)
        upper = high.whole() if high is not None else None
        head, *held = low.split(SUCH_THAT) if operator == "sum" else [low]
        if len(held) == 1 and upper is None:
            words = held[0].split({",", r"\wedge", r"\land"})
            condition = s.Group("[", tuple(part.claim() for part in words), span=self.span(start))
            return s.Fold(operator, head.letters(), "", None, None, self.factors(condition), span=self.span(start))
        if upper is None and operator == "sum" and (chain := low.chain()):
            return self.chained(chain, low, start)
        first, *more = low.conditions() if not operator.startswith("arg") else [low]
        letters, relation, lower = first.range_of_letters()
        if upper is not None and lower is None:  # \sum_i^n begins with the first one
            relation, lower = "=", s.Numeral("1", span=self.span(start))
        body = self.nested(operator, letters, more, start)
        return folded(s.Fold(operator, letters, relation, lower, upper, body, span=self.span(start)))

    def chain(self) -> tuple[tuple[str, ...], s.Tree, s.Tree] | None:
        r"""The letters of `1 \le i < j \le n`, the first number and the last; None for anything else."""
        cuts, pieces = self.cuts(RISING), self.split(RISING)
        letters = tuple(piece.text for piece in pieces[1:-1])
        known = len(cuts) > 1 and all(LETTERED.fullmatch(x) or x in GREEK for x in letters)
        if not known or len(set(letters)) < len(letters):
            return None
        strict = [self.words.tokens[k].text == "<" for k in (cuts[0], cuts[-1])]
        ends = (pieces[0].whole(), pieces[-1].whole())
        return letters, shifted(ends[0], "+") if strict[0] else ends[0], shifted(ends[1], "-") if strict[1] else ends[1]

    def chained(self, chain: tuple[tuple[str, ...], s.Tree, s.Tree], below: "Folds", start: int) -> s.Tree:
        """A sum over letters between two numbers, where the relations between them hold."""
        letters, first, last = chain
        body = self.factors(s.Group("[", (below.claim(),), span=self.span(start))) if len(letters) > 1 else self.term()
        return s.Fold("sum", letters, "=", first, last, body, span=self.span(start))

    def conditions(self) -> list["Folds"]:
        """What stands below a sum: the letters with what is said of them first, then each further condition."""
        pieces = self.split({","})
        related = [any(x in RANGES for x in piece.texts) for piece in pieces]
        head = related.index(True) + 1 if any(related) else len(pieces)
        letters = {word for piece in pieces[: head - 1] for word in piece.texts}
        if any(related) and pieces[head - 1].texts[0] in letters:
            head -= 1  # i, j, i \ne j
        if not all(related[head:]) or not all(piece.texts for piece in pieces):
            return [self]
        return [self.sub(self.at, pieces[head - 1].stop), *pieces[head:]]

    def nested(self, operator: str, bound: tuple[str, ...], conditions: list["Folds"], start: int) -> s.Tree:
        r"""The term that follows, under more conditions, or over more letters: `\sum_{i \in A, j \notin A}`."""
        if not conditions:
            return self.term()
        first, *more = conditions
        if first.texts[0] in bound:
            if operator != "sum":
                self.fail("several conditions on one letter stand below a sum alone: write cases", first.start)
            held = s.Group("[", (first.claim(),), span=self.span(start))
            return s.Run((held, self.nested(operator, bound, more, start)), ("",), span=self.span(start))
        letters, relation, lower = first.range_of_letters()
        body = self.nested(operator, (*bound, *letters), more, start)
        return folded(s.Fold(operator, letters, relation, lower, None, body, span=self.span(start)))

    def factors(self, condition: s.Tree) -> s.Tree:
        """The term that follows, where a condition holds."""
        start = self.at
        return s.Run((condition, self.term()), ("",), span=self.span(start))

    def integral(self) -> s.Tree:
        r"""`\int_a^b f(x) \, dx`: the body reaches to the first d with a letter behind it."""
        start = self.at
        self.next()
        ends: dict[str, s.Tree] = {}
        while self.peek() in {"_", "^"}:
            mark, inside = self.next(), self.group()
            if inside.texts and inside.texts[-1:] != (r"\infty",):
                ends[mark] = inside.whole()
        end = self.differential()
        if not end:
            self.fail(r"an integral ends in the letter that it runs over: \int f(x) \, dx", start)
        body = self.sub(self.at, end).whole() if end > self.at else None
        self.at = end + 1
        letter = self.sub(self.at, self.at + 1).letters() if self.peek().isalpha() or self.peek() in GREEK else ()
        self.group()
        body = body or (self.term() if self.peek() not in {"", "+", "-", *RELATIONS} else s.Numeral("1"))
        return s.Area(body, letter, ends.get("_"), ends.get("^"), span=self.span(start))

    def differential(self) -> int:
        """Where the d of an integral stands that has just begun: those of integrals inside come first; zero if none."""
        inside = 0
        for k in range(self.at, self.stop - 1):
            word = self.words.tokens[k].text if self.words.depth[k] == self.level else ""
            if word == "d" and not inside:
                return k
            inside += (word in INTEGRALS) - (word == "d")
        return 0

    def range_of_letters(self) -> tuple[tuple[str, ...], str, s.Tree | None]:
        """What stands below a sum: its letters, and what is said of them."""
        cuts = [k for k in range(self.at, self.stop) if self.words.tokens[k].text in RANGES]
        cuts = [k for k in cuts if self.words.depth[k] == self.level]
        if len(cuts) > 1:
            self.fail(r"one range or condition stands below a sum: write the others as factors [i \ne j]", cuts[1])
        end = cuts[0] if cuts else self.stop
        said = self.words.tokens[end].text if cuts else ""
        if self.peek() == "(" and said in MEMBERSHIP:
            self.fail(PAIRS)
        letters = self.sub(self.at, end).letters()
        if len(letters) > 1 and said not in {"", "=", ":=", *MEMBERSHIP}:
            each = f"{letters[0]} {self.words.tokens[end].text} ..., {letters[1]} {self.words.tokens[end].text} ..."
            self.fail(f"is this said of each of the letters, or of the last one alone? write {each}", end)
        if not cuts:
            return letters, "", None
        return letters, self.words.tokens[end].text, self.sub(end + 1, self.stop).whole()

    def letters(self) -> tuple[str, ...]:
        """The letters that a sum binds."""
        found: list[str] = []
        if self.peek() == "(" and self.words.match[self.at] == self.stop - 1:
            return self.enclosed().letters()
        while self.peek():
            start, text = self.at, self.next()
            if text == "'" and found:
                found[-1] += "'"
            elif text == "_" and found:
                found[-1] += f"_{{{self.group().text}}}"
            elif text in FONTS:
                found.append(f"{text}{{{self.group().text}}}")
            elif text != ",":
                found.append(text)
            if text == "_" and not found:
                self.fail("an index is a letter, not '_'", start)
        wrong = [x for x in found if not (LETTERED.fullmatch(x) or x.rstrip("'") in GREEK)]
        if not found and self.words.tokens[min(self.at, len(self.words.tokens) - 1)].text in RANGES:
            self.fail(f"no letter stands in front of {self.words.tokens[self.at].text} below this sign")
        if not found or wrong:
            self.fail(f"an index is a letter, not {(wrong or ['nothing'])[0]!r}")
        return tuple(found)

    def limit(self) -> s.Tree:
        r"""`\lim_{h \to 0}`."""
        start = self.at
        self.next()
        parts = self.group().split({r"\to"}) if self.accept("_") else []
        if len(parts) == 1:
            self.fail(rf"where does {parts[0].text} go in this limit? write \lim_{{{parts[0].text} \to 0}}", start)
        if len(parts) != 2:
            self.fail(r"\lim needs its variable and target: \lim_{h \to 0}", start)
        goal, side = parts[1], ""
        if len(goal.texts) > 2 and goal.texts[-2] == "^" and goal.texts[-1] in {"+", "-"}:
            side, goal = goal.texts[-1], goal.sub(goal.start, goal.stop - 2)
        target = None if goal.text == r"\infty" else goal.whole()
        return s.Tends(parts[0].text, target, side, self.term(), span=self.span(start))


def folded(tree: s.Fold) -> s.Fold:
    r"""A sum over `i, j \in B` as one over each of the letters."""
    first, *more = tree.letters
    if not more or tree.relation not in MEMBERSHIP:
        return tree
    return replace(tree, letters=(first,), body=folded(replace(tree, letters=tuple(more))))


def shifted(tree: s.Tree, sign: str) -> s.Tree:
    """The whole number behind a bound, or before it."""
    if isinstance(tree, s.Numeral) and tree.text.isdecimal():
        number = int(tree.text) + (1 if sign == "+" else -1)
        if number >= 0:
            return s.Numeral(str(number), span=tree.span)
    return s.Sum((tree, s.Numeral("1", span=tree.span)), ("", sign), span=tree.span)
