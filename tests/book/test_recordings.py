"""Recorded runs know what they rest on, and say so when it has changed."""

from pathlib import Path

import pytest

from nnlit.book.source import recordings
from nnlit.book.source.digests import module_digest
from nnlit.book.source.place import BookError
from nnlit.book.source.recordings import Outdated

ROOT = Path(__file__).parents[2]


@pytest.fixture
def library(tmp_path: Path) -> Path:
    (tmp_path / "small").mkdir()
    for name in ("one", "two"):
        (tmp_path / "small" / f"{name}.py").write_text("VALUE = 1\n", encoding="utf-8")
    return tmp_path


def run(library: Path) -> dict[str, dict[str, dict[str, str]]]:
    one, two = ({f"small/{name}.py": module_digest(library / "small" / f"{name}.py")} for name in ("one", "two"))
    return {"rests_on": {"first": one, "both": one | two}}


def test_a_recording_of_the_present_code_is_not_outdated(library: Path) -> None:
    found = run(library)
    (library / "small" / "one.py").write_text("VALUE = 1  # words\n", encoding="utf-8")
    assert recordings.outdated(found, library) == Outdated((), ())
    assert not recordings.outdated(found, library)


def test_only_the_rows_that_rest_on_what_changed_are_outdated(library: Path) -> None:
    found = run(library)
    (library / "small" / "two.py").write_text("VALUE = 2\n", encoding="utf-8")
    late = recordings.outdated(found, library)
    assert late == Outdated(("both",), ("small/two.py",))
    assert str(late) == "rows both: measured before small/two.py changed"


def test_a_module_that_is_gone_has_changed(library: Path) -> None:
    found = run(library)
    (library / "small" / "one.py").unlink()
    assert recordings.outdated(found, library).rows == ("first", "both")


def test_many_files_are_counted() -> None:
    text = str(Outdated(("",), tuple(f"{letter}.py" for letter in "abcde")))
    assert text == "measured before a.py, b.py, c.py and 2 more changed"


@pytest.mark.parametrize("text", ["{}", '{"rests_on": {}}', '{"rests_on": {"": {}}}'])
def test_a_recording_must_say_what_it_rests_on(tmp_path: Path, text: str) -> None:
    (tmp_path / "arc.json").write_text(text, encoding="utf-8")
    with pytest.raises(BookError, match=r"arc\.json:1: this recording does not say what code it rests on"):
        recordings.read(tmp_path / "arc.json")


def test_a_missing_recording_is_named(tmp_path: Path) -> None:
    with pytest.raises(BookError, match=r"arc\.json:1: there is no recorded run"):
        recordings.read(tmp_path / "arc.json")


def test_a_run_rests_on_what_it_imports_of_the_library(tmp_path: Path) -> None:
    script, other = tmp_path / "script.py", ROOT / "tests" / "benchmarks" / "peers.py"
    script.write_text("from nnlit import ReLU\nfrom nnlit.book.source.recordings import rests_on\n", encoding="utf-8")
    found = recordings.rests_on(ROOT, script)
    assert {"nnlit/activations.py", "nnlit/dense.py"} <= set(found)
    assert "nnlit/training.py" not in found
    assert not any(name.startswith("nnlit/book/") for name in found)
    assert found["nnlit/dense.py"] == module_digest(ROOT / "nnlit" / "dense.py")
    assert "tests/benchmarks/peers.py" in recordings.rests_on(ROOT, script, other)


@pytest.mark.parametrize("name", ["arc", "run", "parallel"])
def test_what_is_measured_is_found_in_the_scripts(name: str) -> None:
    peers = ROOT / "tests" / "benchmarks" / "peers.py"
    script = peers if name == "run" else peers.with_name(f"{name}.py")
    assert {"nnlit/training.py", "nnlit/network.py"} <= set(recordings.rests_on(ROOT, script, peers))


@pytest.mark.parametrize("name", ["arc", "benchmark", "parallel"])
def test_the_recorded_tables_of_the_book_say_what_they_rest_on(name: str) -> None:
    found = recordings.read(ROOT / "docs" / f"{name}.json")
    assert all("nnlit/training.py" in files for files in found["rests_on"].values())
    assert set(found["rests_on"]) == set(found.get("runs", {""}))
