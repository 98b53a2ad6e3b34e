"""The page "How this book is tested" and the record of its long runs; the tools behind them, in small."""

import ast
import importlib
import json
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).parents[2]
TOOLS, PAGE, RECORD = ROOT / "tests" / "tools", ROOT / "docs" / "tested.md", ROOT / "docs" / "tested.json"


@pytest.fixture(scope="module", autouse=True)
def _tools():
    sys.path.insert(0, str(TOOLS))
    yield
    sys.path.remove(str(TOOLS))


def tool(name):
    return importlib.import_module(name)


@pytest.fixture(scope="module")
def kept():
    return json.loads(RECORD.read_text(encoding="utf-8"))


def test_the_tables_are_what_the_runs_found(kept):
    assert kept["tables"] == tool("tested").tables(kept)
    assert set(kept["found"]) == set(kept["when"]) == set(kept["rests_on"])
    assert [row[0] for row in kept["tables"][0]["rows"] if row[2] == "not recorded yet"] == [
        text for name, (text, _) in tool("tested").RUNS.items() if name not in kept["found"]
    ]


def test_the_page_has_no_figure_but_those_of_the_record():
    text = re.sub(r"(?s)```.*?```|`[^`]*`|\]\([^)]*\)|\$[^$]*\$", "", PAGE.read_text(encoding="utf-8"))
    assert not re.findall(r".*\d.*", text)
    assert {"[[tested]]", "[[tested-equations]]", "[[lighthouse]]"} <= set(text.splitlines())


def test_what_lighthouse_said_is_the_table_and_full_points():
    lighthouse = tool("lighthouse")
    kept = json.loads(lighthouse.RECORD.read_text(encoding="utf-8"))
    assert kept["tables"] == lighthouse.tables(kept["found"])
    assert tuple(kept["found"]) == lighthouse.PAGES
    assert set(kept["rests_on"][""]) == set(lighthouse.BASIS)
    for page in kept["found"].values():
        assert lighthouse.missed(page) == []
        assert len(page["performance"]) == lighthouse.RUNS == 5


def test_a_page_is_judged_by_one_whole_run_and_its_performance_by_the_median(monkeypatch, tmp_path):
    lighthouse, asked = tool("lighthouse"), []
    speeds = iter([41.2, 70.0, 55.5, 10.0, 60.0])

    def run(*arguments):
        asked.append(arguments[-1])
        gates = {"accessibility": 100.0, "best-practices": 96.0, "seo": 100.0} if len(asked) == 1 else {}
        moved = 0.03 if len(asked) == 4 else 0.0
        return {**gates, "performance": next(speeds), "moved": moved, "lost": [], "version": "1"}

    monkeypatch.setattr(lighthouse, "run", run)
    page = lighthouse.judged(Path("cli"), "address", 1, 5)
    assert [one.partition("=")[0] for one in asked] == ["--only-categories", *["--only-audits"] * 4]
    assert lighthouse.cells("", page) == ["home", "100", "96", "100", "0.03", "56", "10 to 70"]
    assert lighthouse.missed(page) == ["best-practices is 96, not 100", "moves by 0.03 while it loads"]
    monkeypatch.setattr(lighthouse, "RECORD", tmp_path / "record.json")
    lighthouse.keep({"": page}, "2026-01-02", 0.25, lighthouse.digests())
    kept = json.loads((tmp_path / "record.json").read_text(encoding="utf-8"))
    assert kept["about"].startswith("Measured on 2026-01-02 by Lighthouse 1, as a phone, ")
    assert kept["tables"][0]["rows"] == [lighthouse.cells("", page)]


def test_a_run_of_lighthouse_that_comes_to_no_end_is_made_again_and_one_that_does_is_not(monkeypatch, capsys):
    lighthouse, asked = tool("lighthouse"), []
    whole = {"categories": {"seo": {"score": 0.9}}, "audits": {"cumulative-layout-shift": {"numericValue": 0.0}}}
    answers = {
        "silent": (1, {}), "hung": (0, {"runtimeError": {"message": "PAGE_HUNG"}}),
        "half": (0, whole | {"categories": {"seo": {"score": None}}}), "low": (0, whole),
        "blind": (0, whole | {"audits": {"cumulative-layout-shift": {"errorMessage": "NO_LCP"}}}),
    }  # fmt: skip

    def answer(words, **options):
        asked.append(story.pop(0))
        if asked[-1] == "late":
            raise subprocess.TimeoutExpired(words, options["timeout"])
        status, found = answers[asked[-1]]
        found = {"lighthouseVersion": "1", **found}
        return SimpleNamespace(returncode=status, stdout=json.dumps(found), stderr="no end")

    monkeypatch.setattr(lighthouse.subprocess, "run", answer)
    for first in ("silent", "hung", "half", "blind", "late"):
        story = [first, "low", "low"]
        assert lighthouse.run(Path("cli"), "address", 1, "all")["seo"] == 90
        assert story == ["low"]
        assert capsys.readouterr().out.startswith("once more: ")
    story = ["silent", "late", "hung", "low"]
    with pytest.raises(lighthouse.UnfinishedError, match="PAGE_HUNG"):
        lighthouse.run(Path("cli"), "address", 1, "all")
    assert story == ["low"]


DEMANDS = {
    "inputs": lambda run: (
        run["files"] >= 100_000
        and (run["again"] if run["repeated"] else run["seconds"]) <= 5
        and run["megabytes"] <= 500
    ),
    "kills": lambda run: run["kills"] >= 100 and run["wrote"] > 0,
    "mutants": lambda run: run["killed"] >= 0.97 * (run["killed"] + run["alive"]),
    "branches": lambda run: run["covered_branches"] >= 0.98 * run["num_branches"],
}


@pytest.mark.parametrize("name", DEMANDS)
def test_a_run_that_is_recorded_was_as_long_as_the_book_asks_and_found_nothing(kept, name):
    if name not in kept["found"]:
        assert any(row[2] == "not recorded yet" for row in kept["tables"][0]["rows"])
        return
    run = kept["found"][name]
    assert run["wrong"] == []
    assert DEMANDS[name](run)


def test_verdicts_of_the_record_add_up(kept):
    run = kept["found"].get("mutants", {"tried": 0, "same": 0, "killed": 0, "alive": 0, "lives": []})
    assert run["tried"] == run["same"] + run["killed"] + run["alive"]
    assert len(run["lives"]) == run["alive"]


@pytest.mark.long
def test_every_reviewed_version_is_one_that_can_be_made():
    wrong, reviewed = tool("wrong_library"), tool("mutants").Reviewed()
    every = [one for path in (ROOT / "nnlit").glob("*.py") for one in wrong.wrong_versions(ROOT, path)]
    made = {(Path(one.path).name, one.function, one.was, one.becomes) for one in every}
    made |= {("*", "*", one.was, one.becomes) for one in every}
    listed = [(e["module"], e["function"], e["was"], b) for e in reviewed.entries for b in e["becomes"]]
    assert [one for one in listed if one not in made] == []
    assert all(len(entry["reason"]) > 20 for entry in reviewed.entries)
    assert len(set(listed)) == len(listed)


SMALL = '''
"""Words."""
if TYPE_CHECKING:
    from typing import Any
LIMIT = 3
Rows = list | slice


def clipped(values: "list[int]", *, low=0, strict=True):
    """More words."""
    if strict and not values:
        raise ValueError(f"{low}: expected values")
    values.sort(key=abs)
    return [v for v in values[1:] if low <= v < LIMIT or v == 0.5], "name"
'''


@pytest.fixture
def small(tmp_path):
    path = tmp_path / "nnlit" / "small.py"
    path.parent.mkdir()
    path.write_text(SMALL.lstrip(), encoding="utf-8")
    return path


def test_wrong_versions_of_all_kinds_are_made(small, tmp_path):
    raw = small.read_bytes()
    versions = list(tool("wrong_library").wrong_versions(tmp_path, small))
    real = [w for w in versions if tool("wrong_library").is_real(w, raw)]
    texts = [w.applied(raw).decode() for w in real]
    assert len(set(texts)) == len(texts)
    assert all(text.count("\n") == raw.decode().count("\n") for text in texts)
    for text in texts:
        ast.parse(text)
        assert "if TYPE_CHECKING:\n    from typing import Any\n" in text
        assert "Words" in text
        assert "expected values" in text
        assert "Rows = list | slice" in text
        assert 'values: "list[int]"' in text
    for now in (
        "LIMIT = (4)", "low=(1)", "strict=(False)", "if (True):", "if (False):", "if (strict or not values):",
        "if (strict):", "    pass\n", "values.sort()", "in values[:]", "if (True)]", "(low < v < LIMIT)",
        "(low <= v <= LIMIT)", "(v != 0.5)", "('name_')", "v == (1.0)",
    ):  # fmt: skip
        assert any(now in text for text in texts), now


def test_a_sample_is_drawn_by_its_seed(small, tmp_path):
    draw = tool("mutants").sample
    one, two, other = (draw(tmp_path, 9, seed, [small]) for seed in (1, 1, 2))
    assert one == two != other
    assert len(set(one)) == 9
    every = draw(tmp_path, 10_000, 3, [small])
    assert len(every) < 100
    assert len(set(every)) == len(every)


def test_a_version_that_means_the_same_needs_its_reason(small, tmp_path):
    path = tmp_path / "equivalent.toml"
    path.write_text(
        '[[same]]\nmodule = "small.py"\nfunction = "clipped"\nwas = "LIMIT"\nbecomes = ["(x)"]\nreason = "because"\n',
        encoding="utf-8",
    )
    reviewed = tool("mutants").Reviewed(path)
    wrong = tool("wrong_library").Wrong("nnlit/small.py", 1, "clipped", "kind", "LIMIT", "(x)", (0, 0))
    assert reviewed.reason(wrong) == "because"
    for change in ({"function": ""}, {"was": "LIMITS"}, {"becomes": "(y)"}, {"path": "nnlit/other.py"}):
        assert not reviewed.reason(type(wrong)(**{**vars(wrong), **change}))
    text = path.read_text(encoding="utf-8").replace('"small.py"', '"*"').replace('"clipped"', '"*"')
    path.write_text(text, encoding="utf-8")
    reviewed = tool("mutants").Reviewed(path)
    for change in ({"function": ""}, {"path": "nnlit/other.py"}):
        assert reviewed.reason(type(wrong)(**{**vars(wrong), **change})) == "because"
    assert not reviewed.reason(type(wrong)(**{**vars(wrong), "was": "LIMITS"}))


LIVING = """
LIMIT = 3


def twice(f):
    def again(x):
        return f(f(x))

    return again


@twice
def more(x, by=1):
    if (
        x < LIMIT
    ):
        x += by
    return x


class Kept:
    size = 2

    def sizes(self):
        return [self.size + k for k in range(self.size)]
"""


@pytest.mark.parametrize(
    ("was", "becomes", "renewed"),
    [
        ("x += by", "x += 5", True), ("self.size + k", "self.size - k", True), ("LIMIT = 3", "LIMIT = 4", False),
        ("by=1", "by=2", False), ("f(f(x))", "f(x)", False), ("@twice\n", "\n", False), ("size = 2", "size = 3", False),
    ],
)  # fmt: skip
@pytest.mark.long_but_one_in(4)
def test_living_functions_get_the_code_of_a_wrong_version_where_that_is_all(
    tmp_path, monkeypatch, was, becomes, renewed
):
    path = tmp_path / f"living{abs(hash((was, becomes)))}.py"
    path.write_text(LIVING, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    module = importlib.import_module(path.stem)
    before, after = LIVING.encode(), LIVING.replace(was, becomes).encode()
    assert (module.more(0), module.Kept().sizes()) == (2, [2, 3])
    assert tool("warm").renewed(Path(module.__file__), before, after) == renewed
    other = {"x += by": (5, [2, 3]), "self.size + k": (2, [2, 1])}.get(was, (2, [2, 3]))
    assert (module.more(0), module.Kept().sizes()) == other


@pytest.mark.parametrize(
    ("was", "lines"),
    [
        ("LIMIT = 3", [2]), ("x < LIMIT", [14, 15, 16]), ("x += by", [17]), ("self.size + k", [25]), ("by=1", [13]),
        ("@twice", [12]),
    ],
)  # fmt: skip
def test_the_statement_around_a_change(was, lines):
    raw = LIVING.encode()
    span = (raw.index(was.encode()), raw.index(was.encode()) + len(was))
    wrong = tool("wrong_library").Wrong("nnlit/living.py", 1, "", "kind", was, "x", span)
    assert list(tool("mutants").statement(raw, wrong)) == lines


def test_what_was_rejected_counts_while_the_module_stands_as_it_did(tmp_path):
    mutants, path = tool("mutants"), tmp_path / "rejected.jsonl"
    wrong = tool("wrong_library").Wrong("nnlit/living.py", 1, "", "kind", "a", "b", (0, 1))
    mutants.Kept(path).keep(wrong, b"a", "a test")
    mutants.Kept(path).keep(wrong, b"c", "")
    kept = mutants.Kept(path)
    assert kept.by.get(kept.key(wrong, b"a")) == "a test"
    assert kept.key(wrong, b"c") not in kept.by


def test_verdicts_are_counted():
    mutants = tool("mutants")
    verdicts = [mutants.Verdict(None, "a test"), mutants.Verdict(None, reason="same"), mutants.Verdict(None)]
    assert mutants.counts(verdicts) == {"tried": 3, "same": 1, "killed": 1, "alive": 1}


@pytest.fixture
def pass_time(monkeypatch):
    """Time passes in `mutated_files` when a test says so, on any machine."""
    clock = [0.0]
    monkeypatch.setattr(tool("mutated_files"), "time", SimpleNamespace(perf_counter=lambda: clock[0]))
    return lambda seconds: clock.__setitem__(0, clock[0] + seconds)


def test_a_slow_or_greedy_or_loud_reader_is_found(tmp_path, monkeypatch, pass_time):
    files = tool("mutated_files")
    monkeypatch.setattr(files, "MEGABYTES", 30)
    path, outcome = tmp_path / "a.csv", files.Outcome()

    def slow(_):
        pass_time(files.SECONDS + 1)

    def greedy(_):
        return (b"a" * 100_000_000).count(b"b")  # written to, so that it takes memory

    def loud(_):
        raise KeyError("a")

    def nameless(_):
        raise files.DataError("something is wrong")

    readers = [slow, loud, nameless, *([greedy] if Path("/proc/self/clear_refs").exists() else [])]
    for read in (*readers, lambda path: path):
        outcome.call(read, path, "a.csv, 0")
    assert [line.split(":")[0] for line in outcome.wrong] == [f"a.csv, 0, {read.__name__}" for read in readers]
    assert (outcome.calls, outcome.read) == (len(readers) + 1, len(readers) - 1)
    assert (outcome.repeated, outcome.again) == (1, files.SECONDS + 1)


def test_a_reader_that_was_slow_once_is_asked_again(tmp_path, pass_time):
    files = tool("mutated_files")
    outcome, delays = files.Outcome(), [files.SECONDS + 1, 2]
    outcome.call(lambda _: pass_time(delays.pop(0)), tmp_path, "a")
    assert (outcome.wrong, outcome.repeated, outcome.calls, outcome.read) == ([], 1, 1, 1)
    assert (outcome.again, outcome.seconds) == (2, files.SECONDS + 1)


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_a_few_kills():
    done = subprocess.run(
        [sys.executable, TOOLS / "kills.py", "3", "--seed", "1"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    told = [line.partition(":")[0] for line in done.stdout.splitlines() if "Adam, batches, dropout" in line]
    assert set(told) == {"1", "2", "3"}  # one that ended before its second kill is told twice


def test_what_a_sample_gave_at_first_is_kept(tmp_path, monkeypatch):
    """Tests that are written for a sample say nothing of the versions that were not drawn."""
    tested = tool("tested")
    monkeypatch.setattr(tested, "RECORD", tmp_path / "record.json")
    fresh = {"tried": 20, "same": 1, "killed": 15, "alive": 4, "lives": [], "wrong": []}
    assert tested.first_found(fresh, 3) == 15
    tested.keep("mutants", fresh, "seed 3, today", {})
    mended = fresh | {"same": 2, "killed": 18, "alive": 0}
    first = tested.first_found(mended, 3)
    assert first == 15
    assert tested.cells("mutants", mended | {"first": first})[1] == (
        "of 18 that mean something else a test rejected 18, which is 100.0% (when the sample was drawn 15, 83.3%; "
        "then tests were written); the other 2 mean the same"
    )
    tested.keep("mutants", mended | {"first": first}, "seed 3, today", {})
    assert tested.first_found(mended, 3) == 15
    assert tested.first_found(mended, 30) == tested.first_found(mended | {"tried": 21}, 3) == 18
    assert "when the sample" not in tested.cells("mutants", mended | {"first": 18})[1]
