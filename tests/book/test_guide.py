r"""The page of the whole language: every row of its tables is executed, and messages find their rows."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from nnlit.book.checks.verdicts import Verdict
from nnlit.book.evaluation.builtins import BUILTIN, PLAIN
from nnlit.book.evaluation.indexing import COMPARE
from nnlit.book.language import guide
from nnlit.book.language.atoms import FUNCTIONS
from nnlit.book.language.vocabulary import STATED, Condition
from nnlit.book.report import Judged, checked
from tests.book.test_messages import failures
from tests.tiers import mostly_long

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "language.md"
TEXT = PAGE.read_text(encoding="utf-8")
FENCE = re.compile(r'```markdown title="symbols"\n(.*?)```', re.DOTALL)
CODE = re.compile(r"`([^`]+)`")
CELLS = re.compile(r"(?:`[^`]*`|[^`|])+")
TRUE, FALSE, MEANS = "true", "found false", ("it means", "it is true when", "what is drawn")


@dataclass(frozen=True)
class Line:
    """A row of a table of the page, with the symbols of its section."""

    anchor: str
    cells: dict[str, str]
    symbols: str

    def codes(self, column: str) -> list[str]:
        return CODE.findall(self.cells[column])


def lines() -> list[Line]:
    """All rows."""
    first = FENCE.search(TEXT)
    found = []
    for section in re.split(r"^## ", TEXT, flags=re.MULTILINE)[1:]:
        symbols = (FENCE.search(section) or first)[1]
        header: list[str] = []
        for line in FENCE.sub("", section).split("\n"):
            cells = [c.strip() for c in CELLS.findall(line)] if line.startswith("| ") else []
            if not cells:
                header = [] if not line.startswith("|---") else header
            elif not header:
                header = cells
            else:
                anchor = re.match(r'<span id="([a-z0-9-]+)"></span>', cells[0])
                assert anchor, line
                assert len(cells) == len(header), line
                found.append(Line(anchor[1], dict(zip(header, cells, strict=True)), symbols))
    return found


LINES = lines()


def claims(column: str) -> list[object]:
    found = [(line, code) for line in LINES if column in line.cells for code in line.codes(column)]
    return [pytest.param(line, code, id=f"{line.anchor}-{k}") for k, (line, code) in enumerate(found)]


def verdict(line: Line, code: str) -> Judged:
    """What is said of a display under the symbols of its section, and the row that the table speaks of."""
    symbols = line.symbols
    if "row" in line.cells:
        (row,) = line.codes("row")
        more = "| $E$ | event | | an event |" if {"event", "distribution"} & {row.split(" | ")[1]} else ""
        table, _, rest = symbols.partition("\n\n")
        symbols = "\n".join(x for x in (table, more, f"| {row} |") if x) + f"\n\n{rest}"
    return judged(f"# Row\n\n{symbols}\n$$\n{code}\n$$\n")


@cache
def judged(text: str) -> Judged:
    """What is said of the last display of a text; several tests ask about the same one."""
    return checked(Path("row.md"), text).judged[-1]


@pytest.mark.parametrize(("line", "code"), claims(TRUE))
@pytest.mark.long_but_one_in(10)
def test_what_is_true_passes(line, code):
    found = verdict(line, code)
    assert (found.verdict, found.said) == (Verdict.TRUE, "")


@pytest.mark.parametrize(("line", "code"), claims(FALSE))
@pytest.mark.long_but_one_in(8)
def test_a_planted_error_is_found(line, code):
    found = verdict(line, code)
    assert found.verdict is Verdict.FALSE, found.said


@pytest.mark.parametrize(("line", "code"), claims("write instead"))
@pytest.mark.long_but_one_in(4)
def test_what_is_asked_about_has_another_form_that_passes(line, code):
    assert verdict(line, code).verdict is Verdict.TRUE
    (doubtful,) = line.codes("you write")
    found = verdict(line, doubtful)
    assert found.verdict in {Verdict.NOT_CHECKED, Verdict.NOT_READ, Verdict.FALSE}
    assert found.said


@pytest.mark.parametrize("line", [pytest.param(x, id=x.anchor) for x in LINES if "why not" in x.cells])
def test_what_is_not_executed_is_said_to_be_so(line):
    (code,) = line.codes("you write")
    found = verdict(line, code)
    assert found.verdict is Verdict.NOT_CHECKED
    assert found.said


SIGN = re.compile(r"\\operatorname\{\w+\}|\\[a-zA-Z]+|\\[^a-zA-Z,]|[^\sA-Za-z0-9{}.,]")


SHOWN = [x for x in LINES if {"you write", TRUE} <= x.cells.keys()]


@pytest.mark.parametrize("line", [pytest.param(x, id=x.anchor) for x in SHOWN])
def test_every_sign_that_a_row_shows_stands_in_what_is_executed(line):
    executed = set(SIGN.findall(" ".join(line.codes(TRUE) + line.codes(FALSE))))
    assert {sign for code in line.codes("you write") for sign in SIGN.findall(code)} <= executed


def said_in(line: Line) -> str:
    (code,) = line.codes("you write")
    return verdict(line, code).said


ASKED = [x for x in LINES if {"what is asked", "why not"} & x.cells.keys()]


@pytest.mark.parametrize("line", [pytest.param(x, id=x.anchor) for x in ASKED])
def test_a_message_names_the_row_of_what_it_refuses(line):
    assert said_in(line).endswith(f"; see {guide.PAGE}#{line.anchor}")


def test_every_row_that_a_message_names_is_there():
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "nnlit" / "book").rglob("*.py"))
    named = set(re.findall(r"""\bsee\(["']([a-z0-9-]+)["']\)""", sources))
    anchors = [line.anchor for line in LINES]
    assert len(anchors) == len(set(anchors))
    assert len(named) > 15
    assert named <= set(anchors)


def test_the_address_of_the_page_is_that_of_the_site():
    (site,) = re.findall(r"^site_url: (\S+)$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE)
    assert f"{site}{PAGE.stem}/" == guide.PAGE
    assert f": {PAGE.name}\n" in (ROOT / "mkdocs.yml").read_text(encoding="utf-8")


WORDS = [
    *[kind.value for kind in STATED],
    *[condition.value for condition in Condition],
    *FUNCTIONS,
    *PLAIN,
    *BUILTIN,
    *COMPARE,
    *guide.CLAIMS_NOTHING,
    *(r"\approx", r"\leftarrow", r"\propto", r"\in"),
    *[f"\\{name}" for name in ("sum", "prod", "max", "min", "arg")],
]


def stands_on_the_page(word):
    pattern = rf"(?<![\\a-zA-Z]){re.escape(word)}(?![a-zA-Z])"
    return bool(re.search(pattern, TEXT, re.IGNORECASE if word[0].isalpha() else 0))


def test_every_word_that_the_checker_knows_stands_on_the_page():
    words = sorted({word.strip() for word in WORDS})
    assert len(words) > 60
    assert [word for word in words if not stands_on_the_page(word)] == []


SAME = [  # one failure, written in two ways
    {r"\sin^{-1} x = \frac{1}{\sin x}", r"\sin^{-1}(x) = \frac{1}{\sin x}"},
    {r"f'(x) = x", r"\lim_{h \to 0} \frac{f(x + h) - f(x)}{h} = x"},
]


@pytest.mark.parametrize("step", mostly_long([4, 1]))
def test_two_different_failures_are_never_the_same_sentence(step):
    found: dict[str, set[str]] = {}
    columns = [(line, FALSE if FALSE in line.cells else "you write") for line in LINES]
    rows = ((code, verdict(line, code).said) for line, column in columns[::step] for code in line.codes(column))
    for tex, message in (*failures(step), *rows):
        assert len(message) > 15, tex
        found.setdefault(message, set()).add(tex)
    assert sum(map(len, found.values())) > 200 // step
    assert [texts for texts in found.values() if len(texts) > 1 and texts not in SAME] == []
