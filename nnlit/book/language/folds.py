"""Sums and their kin, and limits: what stands below and above the sign, and how far it reaches."""

import re

from nnlit.book.language import syntax as s
from nnlit.book.language.cursor import Cursor
from nnlit.book.language.tokens import FONTS, RELATIONS

INTEGRALS = {r"\int", r"\iint", r"\oint"}
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
        if low is None or not low.texts:
            self.fail(f"{word} needs an index: {word}_i", start)
        upper = high.whole() if high is not None else None
        head, *held = low.split(SUCH_THAT) if operator == "sum" else [low]
        if len(held) == 1 and upper is None:
            words = held[0].split({",", r"\wedge", r"\land"})
            condition = s.Group("[", tuple(part.claim() for part in words), span=self.span(start))
            return s.Fold(operator, head.letters(), "", None, None, self.factors(condition), span=self.span(start))
        letters, relation, lower = low.range_of_letters()
        if upper is not None and lower is None:  # \sum_i^n begins with the first one
            relation, lower = "=", s.Numeral("1", span=self.span(start))
        return s.Fold(operator, letters, relation, lower, upper, self.term(), span=self.span(start))

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
        cuts = [k for k in range(self.at, self.stop) if self.words.tokens[k].text in RELATIONS | {r"\in"}]
        cuts = [k for k in cuts if self.words.depth[k] == self.level]
        if len(cuts) > 1:
            self.fail(r"one range or condition stands below a sum: write the others as factors [i \ne j]", cuts[1])
        end = cuts[0] if cuts else self.stop
        letters = self.sub(self.at, end).letters()
        if not cuts:
            return letters, "", None
        return letters, self.words.tokens[end].text, self.sub(end + 1, self.stop).whole()

    def letters(self) -> tuple[str, ...]:
        """The letters that a sum binds."""
        found: list[str] = []
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
        if not found or wrong:
            self.fail(f"an index is a letter, not {(wrong or ['nothing'])[0]!r}")
        return tuple(found)

    def limit(self) -> s.Tree:
        r"""`\lim_{h \to 0}`."""
        start = self.at
        self.next()
        parts = self.group().split({r"\to"}) if self.accept("_") else []
        if len(parts) != 2:
            self.fail(r"\lim needs its variable and target: \lim_{h \to 0}", start)
        goal, side = parts[1], ""
        if len(goal.texts) > 2 and goal.texts[-2] == "^" and goal.texts[-1] in {"+", "-"}:
            side, goal = goal.texts[-1], goal.sub(goal.start, goal.stop - 2)
        target = None if goal.text == r"\infty" else goal.whole()
        return s.Tends(parts[0].text, target, side, self.term(), span=self.span(start))
