"""`nnlit check`: what it says of a text, its last line and exit statuses, drafts, folders, what rests on what."""

import importlib
import io
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from nnlit.book import check, command
from nnlit.book.checks.verdicts import Verdict
from nnlit.cli import main
from tests.pace import pace

TABLE = "| symbol | shape | code | meaning |\n|---|---|---|---|\n"
ROWS = "| $X$ | $m \\times n$ | | |\n| $w$ | $n$ | | |\n| $y$ | $m$ | | |\n\n"
LOSS = r"$$L = \frac{1}{2m} \sum_i \left( \sum_j X_{ij} w_j - y_i \right)^2$$" + "\n\n"
RIGHT = r"$$\frac{\partial L}{\partial w} = \frac{1}{m} X^\top (X w - y)$$" + "\n\n"
WRONG = r"$$\frac{\partial L}{\partial w} = X^\top (X w - y)$$" + "\n\n"


@pytest.fixture
def write(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def writing(text, name="own.md"):
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return name

    return writing


def words(path):
    return [str(one.verdict) for one in check(path).judged]


# --- statuses and the last line -------------------------------------------------------------------------------------


ENDINGS = {
    "true": (TABLE + ROWS + LOSS + RIGHT, 0, "2 displays: 1 true, 1 defined, 0 false"),
    "false": (TABLE + ROWS + LOSS + WRONG + RIGHT, 1, "3 displays: 1 true, 1 defined, 1 false"),
    "only defined": (TABLE + ROWS + LOSS, 3, "1 display: 0 true, 1 defined, 0 false"),
    "undeclared": (LOSS + RIGHT, 3, "2 displays: 0 true, 0 false, 2 not checked"),
    "not read": (TABLE + ROWS + LOSS + RIGHT + "$$L = ($$\n", 0, "1 true, 1 defined, 0 false, 1 not read"),
    "nothing": ("# Own\n", 3, "0 displays: 0 true, 0 false"),
    "shapes": (TABLE + ROWS + "$$y = w$$\n", 1, "1 display: 0 true, 1 false"),
    "product": (TABLE + ROWS + "$$y = X y$$\n", 1, "1 display: 0 true, 1 false"),
}


@pytest.mark.parametrize(("text", "status", "last"), ENDINGS.values(), ids=ENDINGS)
def test_the_last_line_and_the_status(write, capsys, text, status, last):
    assert main(["check", write(text)]) == status
    assert last in capsys.readouterr().out.splitlines()[-1]


@pytest.mark.parametrize(("text", "status", "last"), ENDINGS.values(), ids=ENDINGS)
def test_strict_also_fails_on_what_is_open(write, text, status, last):
    is_open = "not read" in last or "not checked" in last
    assert main(["check", "--strict", write(text)]) == (1 if is_open else status)


def test_a_file_that_cannot_be_read_wins(write, capsys):
    good = write(TABLE + ROWS + LOSS + RIGHT)
    for bad in ("missing.md", write("x", "own.docx"), write("x", "bad.ipynb")):
        assert main(["check", good, bad]) == 2
        assert bad in capsys.readouterr().err


def test_a_message_has_place_words_and_the_culprit_underlined(write, capsys):
    assert main(["check", write(TABLE + ROWS + r"So $$\|w\|^2 = X^\top w$$ holds." + "\n")]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("own.md:7:16: false: matrix product of shapes (4, 5) and (4,)")
    assert lines[1:3] == ["    \\|w\\|^2 = X^\\top w", "              ^^^^^^^^"]


def test_quiet_json_several_files_folders_and_input(write, capsys, monkeypatch):
    write(TABLE + ROWS + LOSS + WRONG, "texts/own.md")
    write("no mathematics", "texts/plain.txt")
    write(TABLE + ROWS + LOSS + WRONG, "texts/.hidden/own.md")
    other = write(TABLE + ROWS + LOSS + RIGHT, "other.md")
    assert main(["check", "--quiet", "texts", other]) == 1
    out = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in out if not line.startswith(" ")] == [
        "texts/own.md",
        "texts/own.md",
        "other.md",
        "2 files, 4 displays",
    ]
    assert out[-1] == "2 files, 4 displays: 1 true, 2 defined, 1 false"
    assert main(["check", "--json", "texts", other]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["counts"]["false"] == 1
    assert [d["verdict"] for d in found["files"][0]["displays"]] == ["defined", "false"]
    assert (found["files"][0]["displays"][1]["line"], found["files"][0]["displays"][1]["label"]) == (9, "own, line 9")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO((TABLE + ROWS + LOSS + RIGHT).encode())))
    assert main(["check", "-"]) == 0
    assert "standard-input.md" in capsys.readouterr().out


def test_the_old_command_works_and_says_where_it_has_moved(write, capsys):
    from nnlit.book.__main__ import main as old

    assert old(["check", write(TABLE + ROWS + LOSS + RIGHT)]) == 0
    assert "write nnlit check own.md" in capsys.readouterr().err


# --- what rests on what ---------------------------------------------------------------------------------------------


def test_what_rests_on_a_display_that_cannot_stand_is_not_checked(write):
    path = write(TABLE + ROWS + "$$q = X ) w$$\n\n$$r = 2 q$$\n\n$$r^\\top r = 4 q^\\top q$$\n\n$$s = X w$$\n")
    report = check(path)
    assert words(path) == ["not read", "not checked", "not checked", "defined"]
    assert report.judged[1].said.startswith(("because of line 7", "because of line 8"))
    assert report.judged[1].place.line == 9


def test_a_later_definition_takes_over(write):
    path = write(TABLE + ROWS + "$$s_i = \\sum_j X_{ik} w_j$$\n\n$$s_i = \\sum_j X_{ij} w_j$$\n\n$$s = X w$$\n")
    assert words(path) == ["false", "defined", "true"]


def test_a_false_claim_spoils_nothing(write):
    path = write(TABLE + ROWS + LOSS + WRONG + RIGHT)
    assert words(path) == ["defined", "false", "true"]


def test_names_without_a_value_are_listed_once(write, capsys):
    main(["check", write("$$a = b c$$\n\n$$d = b$$\n\n$$e = c + \\beta$$\n")])
    assert "without a value: b, c; `nnlit check --init own.md`" in capsys.readouterr().out


BAD_ROWS = {
    "$w$ | $n \\times ( | | |": ("4:10", "shape $n \\times ($ cannot be read: this ( is never closed", "w"),
    "$w$ | $n$ | one-hot |": ("4:1", "a Symbols row has 4 cells (symbol | shape | code | meaning), this one 3", "w"),
    "$w$ | $n$ | | one-hot row |": ("4:17", "'one-hot row' is no condition, but nearly 'one-hot rows'", "w"),
    "$w$ | $n^{19}$ | | |": ("4:1", "w of the shape $n^{19}$ would be 274877906944", "w"),
    "$w$ | | | |": ("4:3", "$w$ has no shape: write", "w"),
    "$w$ | a vector | | |": ("4:9", "shape 'a vector' is neither mathematics nor one of number", "w"),
    "$w$ | $n$ | `a`, `b` | |": ("4:15", "1 symbols but 2 names in code", "w"),
    "$w$ | $n$ | | |\n| $w$ | $m$ | | |": ("5:1", "w has a row already, at line 4", "w"),
    "$w$ | $n - 30$ | | |": ("4:10", "no sizes fit the shape of w", "w"),
    "$w$ | $n$ | | $-a$ or $a$ with equal chances |": ("4:1", "$-a$ in the meaning of w: a has no value", "w"),
    "$\\frac{\\partial L}{\\partial s}$ | $n +$ | | |": (
        "4:38",
        "shape $n +$ cannot be read",
        "\\partial L/\\partial s",
    ),
    "w | $n$ | | |": ("4:3", "the symbol 'w' is not inline mathematics", ""),
}


@pytest.mark.parametrize(("row", "said"), BAD_ROWS.items(), ids=BAD_ROWS)
@pytest.mark.long_but_one_in(4)
def test_a_bad_row_is_told_once_underlined_and_spoils_only_what_needs_it(write, capsys, row, said):
    rows = f"| $X$ | $m \\times n$ | | |\n| {row}\n| $y$ | $m$ | | |\n"
    place, message, name = said
    needs = "$$t = X \\frac{\\partial L}{\\partial s}$$\n" if "partial" in row else "$$p = X w$$\n\n$$2 p = p + p$$\n"
    main(["check", write(f"{TABLE}{rows.replace('w$', 'w$')}\n$$s = X^\\top y$$\n\n$$s + s = 2 s$$\n\n{needs}")])
    out = capsys.readouterr().out
    assert out.count("not used: ") == 1, out
    assert f"own.md:{place}: not used: " in out, out
    assert message in out
    assert "    ^" in out or "  ^" in out
    found = check("own.md")
    assert [str(one.verdict) for one in found.judged[:2]] == ["defined", "true"], out
    assert {str(one.verdict) for one in found.judged[2:]} == {"not checked"}
    if name:
        line = place.partition(":")[0]
        assert all(one.said == f"because of line {line}: the row of {name} cannot be used" for one in found.judged[2:])
    assert str(found).endswith("; 1 row of a table cannot be used")


def test_a_bad_row_is_open_where_everything_must_be_decided(write, capsys):
    path = write(f"{TABLE}{ROWS.rstrip()}\n| q | $n$ | | |\n\n{LOSS}{RIGHT}")
    assert main(["check", path]) == 0
    assert main(["check", "--strict", path]) == 1
    capsys.readouterr()
    main(["check", "--json", path])
    faults = json.loads(capsys.readouterr().out)["files"][0]["faults"]
    assert [(fault["line"], fault["column"]) for fault in faults] == [(6, 3)]


def test_text_right_below_a_table_is_no_row_of_it(write):
    assert words(write(TABLE + ROWS.rstrip() + "\n$$s = X w$$\n\n$$2 s = s + s$$\n")) == ["defined", "true"]


def test_a_bad_row_of_a_section_hides_that_of_the_chapter(write):
    inner = f"## Inner\n\n{TABLE}| $w$ | $n +$ | | |\n\n"
    text = f"# Own\n\n{TABLE}{ROWS}$$X w = X w$$\n\n{inner}$$X w = X w$$\n\n## After\n\n$$X w = X w$$\n"
    assert words(write(text)) == ["true", "not checked", "true"]


def test_every_wrong_step_of_a_chain_is_shown_underlined(write, capsys):
    lines = [r"X^\top X w &= X^\top w \\", r"&= (X^\top X) w \\", r"&= 2 X^\top (X w) \\", r"&= q"]
    text = "$$\n\\begin{aligned}\n" + "\n".join(lines) + "\n\\end{aligned}\n$$\n"
    assert main(["check", write(TABLE + ROWS + text)]) == 1
    out = capsys.readouterr().out
    told = [line.partition(": ")[2].partition(": the")[0] for line in out.splitlines() if line.startswith("own.md:")]
    assert told[0].startswith("false: step 1: matrix product of shapes")
    assert told[1] == "false: step 3"
    assert told[2].startswith("not checked: step 4: q has no value")
    assert [set(line.strip()) for line in out.splitlines()].count({"^"}) == 3
    assert out.splitlines()[-1] == "own.md: 1 display: 0 true, 1 false"
    main(["check", "--json", "own.md"])
    (display,) = json.loads(capsys.readouterr().out)["files"][0]["displays"]
    assert [one["line"] for one in display["also"]] == [11, 12]


def test_two_displays_in_one_line_are_two(write):
    path = write(TABLE + ROWS + "$$s = X w$$ and $$t = 2 s$$ and $$t = 3 s$$\n")
    assert words(path) == ["defined", "defined", "false"]
    assert [one.place.column for one in check(path).judged[:2]] == [3, 19]


MEANINGS = "{rows}# One\n\n$$d = a + b$$\n\n# Two\n\n$$d = {second}$$\n\n$$e = {third}$$\n"


@pytest.mark.parametrize(
    ("second", "third", "words"),
    [("a b", "a b", ["defined", "not checked", "defined"]), ("b + a", "d", ["defined", "true", "defined"])],
)
def test_a_second_meaning_under_another_heading_is_asked_about(write, capsys, second, third, words):
    rows = TABLE + "| $a$, $b$ | number | | |\n\n"
    main(["check", "--json", write(MEANINGS.format(rows=rows, second=second, third=third))])
    shown = json.loads(capsys.readouterr().out)["files"][0]["displays"]
    assert [one["verdict"] for one in shown] == words
    assert ("a second meaning of d" in shown[1]["said"]) is (words[1] != "true")
    main(["check", write(MEANINGS.format(rows=rows, second=second, third=third).replace("# Two\n", ""))])
    assert (", 0 false" in capsys.readouterr().out) is (words[1] == "true")


def test_a_matrix_with_one_index_is_asked_about_and_not_called_wrong(write, capsys):
    rows = TABLE + "| $A$ | $m \\times n$ | | |\n| $c$ | $m$ | | |\n\n"
    assert main(["check", write(rows + "$$\\sum_i c_i A_i = \\sum_i A_i c_i$$")]) == 3
    assert "row $i$ of $A$, or column $i$ of $A$" in capsys.readouterr().out
    assert main(["check", write(rows + "$$\\sum_i c_{ij} = \\sum_i A_{ij}$$")]) == 1  # a vector with two is wrong


@pytest.mark.parametrize(
    ("shown", "word"),
    [
        ("a", "not checked"),
        (r"\frac{a}{b}, \quad a^2 \quad\mbox{and}\quad b.", "not checked"),
        (r"\begin{align} a + b \end{align}", "not checked"),
        (r"\theta \in \mathbb{R}^{m \times n}", "not checked"),
        ("F’", "not checked"),
        (r"\text{subject to } a = 0", "not checked"),
        (r"\min_a b \quad \mbox{s.t.} \quad a \le 0", "not checked"),
        (r"\frac{a}{", "not read"),
        (r"a \unheardof b", "not read"),
        (r"a \in b + 1 = 2 \in", "not read"),
    ],
)
def test_what_states_no_relation_claims_nothing_and_is_read(write, capsys, shown, word):
    assert main(["check", "--json", write(TABLE + "| $a$, $b$ | number | | |\n\n" + f"$${shown}$$")]) == 3
    found = json.loads(capsys.readouterr().out)["files"][0]["displays"][0]
    assert found["verdict"] == word
    assert ("claims nothing" in found["said"]) is (word == "not checked")


@pytest.mark.parametrize("shown", [r"a \in [0, 2\pi)", r"a \in \{1, 2\}"])
def test_where_a_drawn_number_lies_is_asked_about(write, capsys, shown):
    assert main(["check", "--json", write(TABLE + "| $a$, $b$ | number | | |\n\n" + f"$${shown}$$")]) == 3
    found = json.loads(capsys.readouterr().out)["files"][0]["displays"][0]
    assert found["verdict"] == "not checked"
    assert "is this claimed, or said of a?" in found["said"]


def test_a_constraint_defines_nothing(write, capsys):
    main(["check", write(TABLE + "| $x$ | number | | |\n\n$$\\text{subject to } g(x) = 0$$\n\n$$x g(x) = 0$$")])
    assert "2 displays: 0 true, 0 false, 2 not checked" in capsys.readouterr().out


# --- drafts ---------------------------------------------------------------------------------------------------------


def test_a_draft_makes_the_first_verdict(write, capsys):
    text = LOSS + RIGHT
    assert main(["check", "--init", write(text)]) == 0
    draft = capsys.readouterr().out
    rows = [line for line in draft.splitlines() if line.startswith("| $")]
    assert [row.split(" | ")[:2] for row in rows] == [["| $X$", "$m \\times n$"], ["| $w$", "$n$"], ["| $y$", "$m$"]]
    assert all("guessed: written as" in row for row in rows)
    table = "\n".join(line for line in draft.splitlines() if line.startswith("|"))
    assert main(["check", write(f"{table}\n\n{text}")]) == 0


def drafted(write, capsys, text):
    """A text below the table that is drafted for it."""
    main(["check", "--init", write(text)])
    table = "\n".join(line for line in capsys.readouterr().out.splitlines() if line.startswith("|"))
    return f"{table}\n\n{text}"


def test_what_rests_on_a_guess_is_not_called_false(write, capsys):
    text = drafted(write, capsys, LOSS + RIGHT.replace("= ", "= - "))
    assert main(["check", write(text)]) == 3
    said = capsys.readouterr().out
    assert "not checked: because the rows of X, w, y are guesses, with which it is false (the two sides differ" in said
    assert "if these rows are right, take the word 'guessed' out of their meanings" in said
    assert "guessed: X, w, y; what rests on these rows holds only if they are right" in said
    assert main(["check", write(text.replace("guessed: ", ""))]) == 1
    assert main(["check", write(text.replace("guessed: ", "", 2))]) == 3
    assert "because the row of y is a guess, with which" in capsys.readouterr().out


def test_what_rests_on_no_guess_is_called_false(write, capsys):
    text = drafted(write, capsys, LOSS + "$$1 + 1 = 3$$\n")
    assert main(["check", write(text)]) == 1


GUESSES = {
    r"$$q = \sum_{i=1}^n a_i$$": {"a": "$n$"},
    r"$$q = \mathbf{a}^\top \mathbf{B} \mathbf{a}$$": {r"\mathbf{a}": "$n$", r"\mathbf{B}": r"$n \times n$"},
    r"$$q = \alpha \beta_{ij} + \pi$$": {r"\alpha": "number", r"\beta": r"$m \times n$"},
    r"$$q = A K^\alpha B^{1 - \alpha}$$": {"A": "number", "K": "number", r"\alpha": "number", "B": "number"},
    r"$$q = A^\top B + \frac{C}{D}$$": {
        "A": r"$m \times n$",
        "B": r"$m \times K$",
        "C": r"$n \times K$",
        "D": "number",
    },
}


@pytest.mark.parametrize(("text", "rows"), GUESSES.items())
def test_shapes_are_guessed_from_use(write, capsys, text, rows):
    main(["check", "--init", write(text)])
    out = [line.split(" | ") for line in capsys.readouterr().out.splitlines() if line.startswith("| $")]
    assert {cells[0].strip("| $"): cells[1] for cells in out} == {
        name.strip("$"): shape for name, shape in rows.items()
    }


def test_what_stands_under_a_root_or_in_a_logarithm_is_drafted_as_positive(write, capsys):
    text = "$$T = 2\\pi \\sqrt{\\frac{L}{g}} K^{0.3} + \\log v$$\n\n$$\\frac{1}{K} = \\frac{T}{K T}$$"
    main(["check", "--init", write(text)])
    table = "\n".join(line for line in capsys.readouterr().out.splitlines() if line.startswith("|"))
    assert table.count("; positive |") == 4  # L, g, K, v
    assert main(["check", write(f"{table}\n\n{text}")]) == 0


def test_a_draft_of_a_text_that_has_its_table_says_so(write, capsys):
    assert main(["check", "--init", write(TABLE + ROWS + LOSS)]) == 0
    assert "no table is needed" in capsys.readouterr().out
    assert main(["check", "--init", "missing.md"]) == 2


# --- limits ---------------------------------------------------------------------------------------------------------


HARD = {
    "a long sum": "$$q = " + " + ".join(["w_1^2"] * 10_000) + "$$",
    "nested fractions": "$$q = " + "\\frac{1}{" * 2_000 + "w" + "}" * 2_000 + "$$",
    "a sum of a billion": "$$\\sum_{i=1}^{10^9} i = 3$$",
    "a large binomial": "$$\\binom{10^9}{10^8} = 3$$",
    "a billionth derivative": "$$\\frac{\\partial^{1000000000} L}{\\partial w^{1000000000}} = 3$$",
    "thirty functions twice each": "".join(
        f"$$f_{{{k}}}(x) = f_{{{k + 1}}}(x) + f_{{{k + 1}}}(x)$$\n\n" for k in range(40)
    )
    + "$$f_{40}(x) = x$$\n\n$$f_{0}(2) = 3$$",
    "a million characters": "$$q = " + "w" * 1_000_000 + "$$",
    "a tower of powers": "$$q = 2^{9^{9^{9}}}$$",
    "a large factorial": "$$q = 100000000!$$",
}


@pytest.mark.parametrize("text", HARD.values(), ids=HARD)
@pytest.mark.long_but_one_in(9)
def test_what_is_too_much_takes_seconds_and_ends_with_a_message(write, monkeypatch, text):
    monkeypatch.setattr(command, "SECONDS", 0.3 * pace())
    path = write(TABLE + ROWS + text + "\n\n$$s = X w$$\n")
    report = command._checked(Path(path))
    assert report.judged[-1].verdict is Verdict.DEFINED
    assert all(one.said or one.verdict in (Verdict.DEFINED, Verdict.TRUE) for one in report.judged)


@pytest.mark.parametrize("place", ["far draws", "large sizes", "what a display only defines"])
def test_an_alarm_is_heard_wherever_it_goes_off(write, monkeypatch, place):
    name = {"far draws": "draws.verdict", "large sizes": "larger.verdict"}.get(place, "readings.claimed")
    module, function = name.split(".")
    real = getattr(importlib.import_module(f"nnlit.book.checks.{module}"), function)

    def overdue(*arguments):
        world = arguments[-1]
        if place != "far draws" or float(np.abs(world.value("X").data).max()) > 100:
            command._overdue(0, None)
        return real(*arguments)

    monkeypatch.setattr(f"nnlit.book.checks.{name}", overdue)
    text = "$$q = \\sum_i y_i$$\n\n" if "defines" in place else "$$\\sum_{ij} X_{ij}^2 \\ge 0$$\n\n"
    report = command._checked(Path(write(TABLE + ROWS + text)))
    assert report.judged[0].verdict is Verdict.NOT_CHECKED
    assert "it takes more than" in report.judged[0].said


# --- in a project ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("# Own\n", 0),
        (TABLE + ROWS + LOSS, 0),
        (TABLE + ROWS + LOSS + RIGHT, 0),
        (TABLE + ROWS + LOSS + WRONG, 1),
        (LOSS, 1),
        ("$$a = ($$\n", 1),
    ],
)
def test_a_hook_lets_pass_what_has_nothing_to_decide(write, text, status):
    hook = Path(__file__).parents[2].joinpath(".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    words_of_it = hook.split("entry: nnlit ")[1].split("\n")[0].split()
    assert main([*words_of_it, write(text), write("# No display\n", "other.md")]) == status


def test_a_folder_without_displays_is_told(write, capsys):
    write("# Own\n", "docs/own.md")
    assert main(["check", "docs"]) == 3
    assert capsys.readouterr().err == "docs: no file with a displayed formula in it\n"
    assert main(["check", "--strict", "--allow-nothing", "docs"]) == 0
    assert main(["check", "--allow-nothing", "docs/missing.md"]) == 2
