"""The ledger, verification, reviewed reasons, and the commands, on a made-up project."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from nnlit.book import __main__ as command
from nnlit.book.assembly import Assembly
from nnlit.book.checks.verdicts import How
from nnlit.book.evaluation.noted import Introduced, Uses
from nnlit.book.mutation import ledger, verify
from nnlit.book.mutation.ledger import Entry, Ledger, Line, Stale
from nnlit.book.mutation.reviewed import Reviewed
from nnlit.book.mutation.verdicts import Counts, Equivalent, Subject, Survivor, Unnoticed
from nnlit.book.site import catalog
from nnlit.book.site.catalog import load
from nnlit.book.source.flags import project_flags
from nnlit.book.source.place import BookError, Place

ROOT = Path(__file__).parents[2]
ENTRY = Entry(
    hash="0123456789abcdef",
    how=How.COMPLEX_STEP,
    error="< 1e-13",
    mutants=Counts(7, {"value": 5, "shape": 1}, 1),
    lines=(Line("forward", "return X @ W", "< 1e-13", Counts(3, {"code line": 3}, 0)),),
)
RULES = """
[[equation]]
kind = "swapped factors"
reason = "numbers commute"
"""


def test_a_ledger_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "ledger.json"
    used = replace(ENTRY, uses=Uses(("Z", "X", "W"), gradient=True, shape="W"))
    names = {"01-line.md": ((Introduced("Z", "Z = X W", None, ("x",)),), ())}
    whole = Ledger("0f", {"line:forward": ENTRY, "line:grad-W": used}, {"01-line.md": "1a"}, introduced=names)
    ledger.write(path, whole)
    assert ledger.load(path) == whole
    assert [p.name for p in tmp_path.iterdir()] == ["ledger.json"]


def test_a_ledger_that_cannot_be_written_leaves_the_old_one(tmp_path):
    path = tmp_path / "ledger.json"
    ledger.write(path, Ledger("0f", {"line:forward": ENTRY}))
    before = path.read_bytes()
    with pytest.raises(UnicodeEncodeError):
        ledger.write(path, Ledger("0f", {"line:forward": replace(ENTRY, why="\ud800")}))
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["ledger.json"]


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", '{"version": 1, "equations": {}}', '{"version": 2, "equations": {}}'),
        '{"version": 2, "machine": "0f", "equations": {"a:b": {}}}',
    ],
)
def test_a_broken_ledger_is_told_with_what_to_do(tmp_path, text):
    path = tmp_path / "ledger.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(
        BookError, match=r"ledger\.json:1: this ledger cannot be read .* run python -m nnlit\.book verify"
    ):
        ledger.load(path)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (0.0, "< 1e-13"),
        (3e-16, "< 1e-13"),
        (9.9e-14, "< 1e-13"),
        (2e-13, "< 1e-12"),
        (3e-11, "< 1e-10"),
        (float("inf"), "infinite"),
    ],
)
def test_errors_are_written_as_decades(error, said):
    assert ledger.decade(error) == said


def digests(toy, replace=()):
    return ledger.digests(Assembly.of(toy.write(replace).chapter))


@pytest.mark.parametrize(
    ("change", "forward", "grad_W"),
    [
        (("# Line", "# Another title\n\nand a sentence"), False, False),
        (("Z = XW", "Z = X W"), True, True),  # TeX is compared as it stands, blanks of one kind aside
        (("Z = XW", "Z = 2 XW"), True, True),
        ((r"= X^\top \frac", r"= -X^\top \frac"), False, True),
        (("| `X` | inputs", "| `X` | positive"), True, True),
        (("return X @ W", "return (X @ W)"), False, False),  # of code the syntax tree counts
        (("def forward(X, W):", 'def forward(X, W):\n    """Words."""'), False, False),
        (("def forward(X, W):", "def forward(X, W):\n    print()"), False, False),  # the line is replayed as it stands
        (("return X @ W", "return W @ X"), True, False),
        (("return X @ W  # eq line:forward", "return X @ W  # eq line:other"), True, False),
        (("return X @ W", "return twice(X, W)"), True, False),
        (("def grad_W", "def gradient_of_W"), False, True),
        ((r"$$" + "\nZ", "<!-- unchecked: a test -->\n$$\nZ"), True, True),
    ],
)
def test_a_hash_changes_with_what_the_checks_rest_on_and_with_nothing_else(toy, change, forward, grad_W):
    before, after = digests(toy), digests(toy, [change])
    assert (before["line:forward"] != after["line:forward"], before["line:grad-W"] != after["line:grad-W"]) == (
        forward,
        grad_W,
    )


HELPED = [("return X @ W", "return twice(X) @ W"), ("def grad_W", "def twice(X):\n    return 2 * X\n\n\ndef grad_W")]


@pytest.mark.parametrize(
    ("change", "stale"),
    [
        (("2 * X", "3 * X"), True),
        (("2 * X", "times(X)\n\n\ndef times(X):\n    return 2 * X"), True),
        (("2 * X", "2 * X  # words"), False),
        (("def twice(X):", "def twice(X):\n    r'Words.'"), False),
        (("def grad_W", "def unused():\n    return 2\n\n\ndef grad_W"), False),
        (("return X.T @ grad_Z", "return X.T @ (2 * grad_Z)"), False),
    ],
)
def test_a_hash_changes_with_the_functions_that_a_tagged_line_calls(toy, change, stale):
    before, after = digests(toy, HELPED), digests(toy, [*HELPED, change])
    assert (before["line:forward"] != after["line:forward"]) is stale


@pytest.mark.parametrize(("helper", "stale"), [("return 3 * X", True), ("return 2 * X  # words", False)])
def test_a_hash_changes_with_functions_of_other_modules(toy, helper, stale):
    calls = [("return X @ W", "return twice(X) @ W"), ("def forward", "from toy.helper import twice\n\n\ndef forward")]
    (toy.root / "toy" / "helper.py").write_text("def twice(X):\n    return 2 * X\n", encoding="utf-8")
    before = digests(toy, calls)
    (toy.root / "toy" / "helper.py").write_text(f"def twice(X):\n    {helper}\n", encoding="utf-8")
    after = digests(toy, calls)
    assert (before["line:forward"] != after["line:forward"]) is stale
    assert before["line:grad-W"] == after["line:grad-W"]


def known(toy):
    """A ledger of the made-up project as it stands."""
    whole = Assembly.of(toy.chapter)
    hashes = ledger.digests(whole)
    entries = {label: replace(ENTRY, hash=h) for label, h in hashes.items()}
    return Ledger("0f", entries, {toy.chapter.name: ledger.page_digest(whole, hashes.values())})


OWN_TABLE = "## Again\n\n| symbol | shape | code | meaning |\n| --- | --- | --- | --- |\n| $a$ | number | | |\n\n$$\nZ"


@pytest.mark.parametrize(
    ("change", "same"),
    [
        (("# Line", "# Another title\n\nand a sentence"), True),
        (("return X @ W", "return (X @ W)"), True),
        (("def forward(X, W):", 'def forward(X, W):\n    """Words."""'), True),
        (("Z = XW", "Z = 2 XW"), False),
        ((r"\label{line:forward}", r"\label{line:other}"), False),
        (("| `X` | inputs", "| `X` | positive"), False),
        (("$$\nZ", OWN_TABLE), False),
        ((r"$$" + "\nZ", "## Forward\n\n$$\nZ"), False),
        ((r"$$" + "\nZ", "<!-- unchecked: a test -->\n$$\nZ"), False),
        (("return X @ W", "return W @ X"), False),
        (("return X @ W  # eq line:forward", "return X @ W  # eq line:other"), False),
        (("def forward(X, W):", "def forward(X, W):\n    print()"), False),
    ],
)
@pytest.mark.long_but_one_in(4)
def test_a_page_that_has_not_changed_is_known_without_reading_its_equations(toy, monkeypatch, change, same):
    before, right = known(toy), digests(toy, [change])
    read = []
    monkeypatch.setattr(ledger, "digests", lambda whole: read.append(whole) or right)
    found = ledger.present([Assembly.of(toy.chapter)], before, "0f")
    assert (found, not read) == (right, same)


SAID = Introduced("Z", "Z = X W", "as the ledger says")
READ = Introduced("Z", "Z = X W", r"$m \times K$")


@pytest.mark.parametrize(
    ("change", "shape"),
    [
        ((), SAID.shape),
        ((("# Line", "# Another title"),), SAID.shape),
        ((("| `W` | weights", "| `W` | positive"),), READ.shape),
        ((("$$\nZ", "$$\nV = XWX^\\top\n$$\n\n$$\nZ"),), READ.shape),  # it has no label, and no hash of its own
        ((("return X @ W", "return X @ W * 1"),), READ.shape),
    ],
)
def test_what_a_page_defines_is_told_by_the_ledger_as_long_as_the_page_has_not_changed(toy, change, shape):
    told = replace(known(toy), machine=ledger.machine(), introduced={toy.chapter.name: ((SAID,), ())})
    ledger.write(toy.docs / "ledger.json", told)
    toy.write(change)
    assert [r.shape for r in implied(toy) if r.symbol == "Z"] == [shape]


@pytest.mark.parametrize("lost", ["machine", "names"])
def test_without_a_ledger_that_knows_it_what_a_page_defines_is_read(toy, lost):
    names = {} if lost == "names" else {toy.chapter.name: ((SAID,), ())}
    machine = "0f" if lost == "machine" else ledger.machine()
    ledger.write(toy.docs / "ledger.json", replace(known(toy), machine=machine, introduced=names))
    assert [r.shape for r in implied(toy) if r.symbol == "Z"] == [READ.shape]


def implied(toy):
    """What the site tells of the names that the chapter defines."""
    catalog._load.cache_clear()  # two files may be as long, and written in the same moment
    return load(toy.docs, toy.module.parent, preview=True).implied(toy.chapter).named(20)


def test_a_hash_that_was_changed_by_hand_and_another_machine_are_noticed(toy, monkeypatch):
    before, whole = known(toy), Assembly.of(toy.chapter)
    right = {label: entry.hash for label, entry in before.entries.items()}
    forged = replace(before, entries={**before.entries, "line:forward": replace(ENTRY, hash="ff")})
    assert ledger.present([whole], forged, "0f") == right
    assert ledger.compared(forged, right, "0f").labels == ("line:forward",)
    monkeypatch.setattr(ledger, "digests", lambda whole: {})
    assert ledger.present([whole], before, "0f") == right
    assert ledger.present([whole], before, "another") == {}
    assert ledger.present([whole], replace(before, entries={}), "0f") == {}


def test_stale_names_what_is_missing_changed_or_gone(toy):
    assert ledger.stale(toy.docs) == Stale(machine=True, labels=("line:forward", "line:grad-W"))
    entries = {label: replace(ENTRY, hash=h) for label, h in digests(toy).items()}
    ledger.write(toy.docs / "ledger.json", Ledger(ledger.machine(), {**entries, "line:gone": ENTRY}))
    assert ledger.stale(toy.docs) == Stale(machine=False, labels=("line:gone",))
    toy.write([("return X @ W", "return W @ X")])
    assert ledger.stale(toy.docs) == Stale(machine=False, labels=("line:forward", "line:gone"))


def test_a_ledger_of_another_machine_is_stale(toy, monkeypatch):
    ledger.write(toy.docs / "ledger.json", Ledger("0f", {k: replace(ENTRY, hash=h) for k, h in digests(toy).items()}))
    stale = ledger.stale(toy.docs)
    assert stale == Stale(machine=True, labels=())
    assert bool(stale)
    assert str(stale).startswith("not verified as it stands: what checks the equations has changed: run python -m")
    monkeypatch.setattr(ledger, "machine", lambda known: "0f")
    assert not ledger.stale(toy.docs)


def test_the_hash_of_the_machine_is_that_of_the_modules_that_verify_rests_on(tmp_path, monkeypatch):
    book = tmp_path / "nnlit" / "book"
    shutil.copytree(ledger.BOOK, book, ignore=shutil.ignore_patterns("site", "__pycache__"))
    (tmp_path / "nnlit" / "__init__.py").touch()
    monkeypatch.setattr(ledger, "BOOK", book)
    before = ledger.machine()
    parser, door = book / "language" / "nodes.py", book / "pytest_plugin.py"
    for path, text in ((parser, "# words\n"), (door, "ONE = 1\n")):
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
        assert ledger.machine() == before
    parser.write_text(parser.read_text(encoding="utf-8") + "ONE = 1\n", encoding="utf-8")
    assert ledger.machine() != before


def test_a_ledger_knows_the_machine_as_long_as_no_file_has_changed(tmp_path, monkeypatch):
    book = tmp_path / "nnlit" / "book"
    shutil.copytree(ledger.BOOK, book, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(ledger, "BOOK", book)
    path, kept = tmp_path / "ledger.json", Ledger("0f", files=ledger.files())
    ledger.write(path, kept)
    assert ledger.machine(ledger.load(path)) == "0f"
    assert ledger.machine(Ledger("0f")) == ledger.machine() != "0f"
    for name, change in (("words.py", "# words\n"), ("site/katex.py", "ONE = 1\n"), ("plugin.py", None)):
        file = book / name
        before = file.read_text(encoding="utf-8") if file.exists() else None
        file.write_text((before or "") + change, encoding="utf-8") if change else file.unlink()
        assert ledger.machine(ledger.load(path)) == ledger.machine() != "0f"
        file.write_text(before, encoding="utf-8") if before else file.unlink()
        assert ledger.machine(ledger.load(path)) == "0f"


def test_a_right_chapter_has_no_failures_and_an_entry_per_label(toy):
    report = verify.verify(toy.chapter)
    assert (report.failures, report.survivors) == ([], [])
    assert (report.displays, report.executed, report.lines) == (2, 2, 2)
    entry = report.entries["line:grad-W"]
    assert (entry.how, entry.error) == ("complex step", "< 1e-13")
    assert entry.uses == Uses(("W", "X", r"\frac{\partial L}{\partial Z}"), gradient=True, shape="W")
    assert report.entries["line:forward"].uses == Uses(("X", "W"))
    assert report.introduced == ((Introduced("Z", "Z = X W", r"$m \times K$"),), ())
    assert entry.mutants.made == sum(entry.mutants.rejected.values()) > 3
    assert [(line.function, line.error) for line in entry.lines] == [("grad_W", "< 1e-13")]
    assert entry.lines[0].mutants == Counts(entry.lines[0].mutants.made, {"code line": entry.lines[0].mutants.made}, 0)
    assert report.entries["line:forward"].mutants.rejected.keys() <= {
        "shape",
        "value",
        "reading",
        "another equation",
        "code line",
    }


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ((r"= X^\top \frac", r"= -X^\top \frac"), "line:grad-W: the two sides differ"),
        (
            ("return X @ W", "return 2 * X @ W"),
            "`return 2 * X @ W  # eq line:forward` is of shape (5, 3)",
        ),
        (("forward(X, W).shape, ", ""), "hold no generic call of this line"),
    ],
)
def test_a_wrong_chapter_has_a_failure_with_file_and_line(toy, change, message):
    report = verify.verify(toy.write([change]).chapter)
    assert any(message in failure for failure in report.failures), report.failures
    assert all(str(toy.root) in failure.split(":")[0] for failure in report.failures)


def test_an_example_that_fails_is_a_failure_under_the_flags_of_the_project(toy):
    rounded = ("((5, 3), (4, 3))", "((5, 3), (4, 3))\n>>> 2 / 3\n0.67\n>>> 'a b'\n'a ...'")
    report = verify.verify(toy.write([rounded]).chapter)
    lines = [failure.rpartition(f"{toy.chapter}:")[2] for failure in report.failures]
    assert lines == ["26: this example fails: pytest says why", "28: this example fails: pytest says why"]
    options = '[tool.pytest.ini_options]\ndoctest_optionflags = ["NUMBER", "ELLIPSIS"]\n'
    (toy.root / "pyproject.toml").write_text(options, encoding="utf-8")
    assert verify.verify(toy.chapter).failures == []
    report = verify.verify(toy.write([(rounded[0], rounded[1].replace("0.67", "0.66"))]).chapter)
    lines = [failure.rpartition(f"{toy.chapter}:")[2] for failure in report.failures]
    assert lines == ["26: this example fails: pytest says why"]  # within one of the last digit, and no rounding


def test_a_flag_that_does_not_exist_is_named(toy):
    (toy.root / "pyproject.toml").write_text(
        '[tool.pytest.ini_options]\ndoctest_optionflags = ["NUMBERS"]\n', encoding="utf-8"
    )
    with pytest.raises(BookError, match=r"pyproject\.toml:1: doctest_optionflags: NUMBERS is not a flag"):
        project_flags(toy.chapter)


def test_a_file_that_cannot_be_read_is_a_failure_and_no_traceback(toy):
    report = verify.verify(toy.write([("| `X` |", "|")]).chapter)
    assert len(report.failures) == 1
    assert "a Symbols row has 4 cells" in report.failures[0]


def test_a_definition_that_nothing_rests_on_is_not_executed(toy):
    lonely = "$$\nC = X W W^\\top \\label{line:lonely}\n$$\n\n```pycon"
    report = verify.verify(toy.write([("```pycon", lonely)]).chapter)
    assert any("line:lonely: nothing fails when this definition is changed" in failure for failure in report.failures)


def test_what_is_stale_says_three_labels_and_the_command():
    said = "not verified as it stands: a, b, c and 2 more: run python -m nnlit.book verify"
    assert str(Stale(machine=False, labels=tuple("abcde"))) == said
    assert not Stale(machine=False, labels=())


def survivor(**changes):
    place = Place(Path("x.md"), 3)
    first = Survivor(Subject.EQUATION, "line:forward", place, "swapped factors", r"W X", Equivalent())
    return replace(first, **changes)


def reviewed(tmp_path, text):
    path = tmp_path / "equivalent.toml"
    path.write_text(text, encoding="utf-8")
    return Reviewed(path)


def test_a_reason_is_for_one_version_for_a_kind_at_a_label_or_for_a_kind(tmp_path):
    one = reviewed(tmp_path, "[[equation]]\nlabel = 'line:forward'\nmutant = 'W  X'\nreason = 'r'\n")
    assert (one.reason(survivor()), one.reason(survivor(source="W W"))) == ("r", "")
    kind = reviewed(tmp_path, "[[equation]]\nlabel = 'line:forward'\nkind = 'swapped factors'\nreason = 'r'\n")
    assert (kind.reason(survivor(source="W W")), kind.reason(survivor(label="line:b"))) == ("r", "")
    rule = reviewed(tmp_path, RULES)
    assert (rule.reason(survivor(label="line:b")), rule.reason(survivor(kind="sign"))) == ("numbers commute", "")


def test_only_what_the_tool_finds_equivalent_is_listed_as_that(tmp_path):
    rule = reviewed(tmp_path, RULES)
    assert rule.reason(survivor(verdict=Unnoticed())) == ""
    assert rule.reason(survivor(subject=Subject.CODE)) == ""


def test_what_goes_unnoticed_needs_its_own_list_and_no_code_line_is_on_it(tmp_path):
    text = "[[unnoticed]]\nlabel = 'line:forward'\nkind = 'swapped factors'\nreason = 'r'\n"
    listed = reviewed(tmp_path, text)
    assert listed.reason(survivor(verdict=Unnoticed())) == "r"
    assert listed.reason(survivor(verdict=Equivalent())) == ""
    assert listed.reason(survivor(subject=Subject.CODE, verdict=Unnoticed())) == ""


def test_a_reason_that_nothing_needs_is_told(tmp_path):
    rule = reviewed(tmp_path, RULES)
    assert rule.unused() == [f"{tmp_path / 'equivalent.toml'}: no longer needed: kind = 'swapped factors'"]
    rule.reason(survivor())
    assert rule.unused() == []


@pytest.mark.parametrize(
    "text",
    [
        "[[equation]",
        "equation = 3",
        "[[equation]]\nkind = 'sign'",
        "[[equation]]\nreason = 'r'",
        "[[equation]]\nlabel = 'a:b'\nreason = 'r'",
        "[[unnoticed]]\nkind = 'sign'\nreason = 'r'",
        "[[equations]]\nkind = 'sign'\nreason = 'r'",
    ],
)
def test_a_list_of_reasons_that_says_too_little_is_refused(tmp_path, text):
    with pytest.raises(BookError, match=r"equivalent\.toml:1: "):
        reviewed(tmp_path, text)


def test_survivors_without_a_reason_are_complaints(tmp_path):
    report = verify.Verified(
        Path("x.md"), survivors=[survivor(), survivor(source="W W"), survivor(kind="sign", verdict=Unnoticed())]
    )
    said = list(verify.complaints(report, reviewed(tmp_path, "")))
    missing = "means the same; the reason is missing in equivalent.toml"
    assert said == [
        "x.md:3: line:forward: sign: W X: no check rejects this",
        f"x.md:3: line:forward: swapped factors: W X (and 1 more): {missing}",
    ]
    assert len(list(verify.complaints(report, reviewed(tmp_path, RULES)))) == 1


def run(toy, *arguments):
    words = [sys.executable, "-m", "nnlit.book", *arguments]
    return subprocess.run(words, cwd=toy.root, capture_output=True, text=True, encoding="utf-8", check=False)


TOLD = """
import sys
from pathlib import Path
from nnlit.book.site.catalog import load
docs = Path("docs")
book = load(docs, Path("toy"))
named = [row.symbol for row in book.implied(docs / "01-line.md").named(20)]
print(named, book.uses(book.assemblies[0], book.displays["line:forward"]).rows)
print([name for name in sys.modules if name in ("nnlit.book.evaluation.analysis", "nnlit.book.language.parser")])
"""


@pytest.mark.long
def test_verify_writes_a_ledger_that_is_up_to_date(toy):
    done = run(toy, "verify")
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 of 2 displayed equations executed, 2 tagged lines compared" in done.stdout
    assert not ledger.stale(toy.docs)
    before = (toy.docs / "ledger.json").read_bytes()
    written = json.loads(before)
    assert written["equations"]["line:grad-W"]["how"] == "complex step"
    assert list(written["pages"]) == ["01-line.md"]
    assert written["files"] == ledger.files()
    assert [[one["name"] for one in own] for own in written["introduced"]["01-line.md"]] == [["Z"], []]
    told = subprocess.run([sys.executable, "-c", TOLD], cwd=toy.root, capture_output=True, text=True, check=True)
    assert told.stdout == "['Z'] ('X', 'W')\n[]\n"


def test_verify_of_a_wrong_book_fails_and_writes_nothing(toy, monkeypatch, capsys):
    monkeypatch.chdir(toy.write([("return X @ W", "return X @ -W")]).root)
    assert command.main(["verify"]) == 1
    said = capsys.readouterr().out
    assert "line.py:2: line:forward: `return X @ -W" in said
    assert "Traceback" not in said
    assert not (toy.docs / "ledger.json").exists()


def test_mutate_reports_and_writes_nothing(toy, monkeypatch, capsys):
    monkeypatch.chdir(toy.root)
    assert command.main(["mutate", "docs/01-line.md"]) == 0
    said = capsys.readouterr().out
    assert said.count("wrong equations rejected (0 mean the same)") == 2
    assert not (toy.docs / "ledger.json").exists()


SQUARES = [  # what is squared may change its sign, in the equations' eyes and in the code's
    (r"Z = XW \label", r"Z = \frac{1}{2} (X - 1)^2 W \label"),
    (r"= X^\top \frac", r"= \frac{1}{2} ((X - 1)^2)^\top \frac"),
    ("return X @ W", "return (X - 1) ** 2 / 2 @ W"),
    ("return X.T @ grad_Z", "return ((X - 1) ** 2 / 2).T @ grad_Z"),
]


def test_mutate_prints_the_reviewed_reasons(toy, monkeypatch, capsys):
    monkeypatch.chdir(toy.write(SQUARES).root)
    assert command.main(["mutate", "docs/01-line.md"]) == 1
    assert "means the same; the reason is missing in equivalent.toml" in capsys.readouterr().out
    reason = '[[code]]\nkind = "operand order"\nreason = "squares"\n'
    (toy.docs / "equivalent.toml").write_text(reason, encoding="utf-8")
    assert command.main(["mutate", "docs/01-line.md"]) == 0
    said = capsys.readouterr().out
    assert "  same: line:forward: operand order: return (1 - X) ** 2 / 2 @ W: squares\n" in said
    assert "2 mean the same" in said


def test_a_whole_book_in_which_too_much_goes_unnoticed_fails(toy, monkeypatch, capsys):
    monkeypatch.setattr(command, "_reports", lambda paths: iter([half_noticed(paths[0])]))
    monkeypatch.chdir(toy.root)
    (toy.docs / "equivalent.toml").write_text(
        '[[unnoticed]]\nlabel = "line:forward"\nkind = "swapped factors"\nreason = "r"\n', encoding="utf-8"
    )
    assert command.main(["mutate"]) == 1
    assert "1 of 2 wrong equations go unnoticed, more than one in a hundred" in capsys.readouterr().out


def half_noticed(path):
    return verify.Verified(path, survivors=[survivor(verdict=Unnoticed())], displays=1, equations_tried=2)


def test_a_list_of_reasons_that_cannot_be_read_stops_the_command(toy, monkeypatch, capsys):
    monkeypatch.chdir(toy.root)
    (toy.docs / "equivalent.toml").write_text("[[equation]", encoding="utf-8")
    assert command.main(["mutate"]) == 1
    assert "equivalent.toml:1: this list cannot be read" in capsys.readouterr().err


def test_verify_writes_the_ledger_where_all_is_well(toy, monkeypatch, capsys):
    monkeypatch.setattr(command, "_reports", lambda paths: map(verify.verify, paths))
    monkeypatch.chdir(toy.root)
    assert command.main(["verify"]) == 0
    assert "ledger.json is written" in capsys.readouterr().out
    assert not ledger.stale(toy.docs)


def test_verify_fails_on_a_reason_that_nothing_needs(toy, monkeypatch, capsys):
    monkeypatch.chdir(toy.root)
    (toy.docs / "equivalent.toml").write_text(RULES, encoding="utf-8")
    assert command.main(["verify"]) == 1
    assert "no longer needed" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["frob"],
        ["check"],
        ["check", "no-such.md"],
        ["mutate", "no-such.md"],
        ["verify", "--docs", "no-such"],
        ["verify", "x"],
    ],
)
def test_a_wrong_command_is_one_line_and_status_2(arguments, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as error:
        command.main(arguments)
    said = capsys.readouterr()
    assert error.value.code == 2
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert said.err.startswith("python -m nnlit.book")


def test_check_is_for_files_of_other_authors(toy, capsys):
    assert command.main(["check", str(toy.chapter)]) == 0
    assert "true line:grad-W (complex step" in capsys.readouterr().out
    toy.write([(r"= X^\top \frac", r"= -X^\top \frac")])
    assert command.main(["check", str(toy.chapter)]) == 1
    assert "false line:grad-W" in capsys.readouterr().out


def test_the_ledger_of_this_book_is_up_to_date():
    stale = ledger.stale(ROOT / "docs")
    assert not stale, str(stale)
