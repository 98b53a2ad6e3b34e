"""The equations that a reader may break, and what the checks said of them: the record is of the present book."""

import json
import runpy
from pathlib import Path

import pytest

from nnlit.book.assembly import Assembly
from nnlit.book.mutation import ledger
from tests.tiers import mostly_long

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "docs" / "interactive" / "broken.py"
BROKEN = runpy.run_path(str(SCRIPT))
RECORD = json.loads(BROKEN["RECORD"].read_text(encoding="utf-8"))
AGAIN = "run python docs/interactive/broken.py"


def test_what_is_recorded_is_what_is_wanted():
    assert list(RECORD) == list(BROKEN["wanted"]()), AGAIN
    for label, one in BROKEN["wanted"]().items():
        assert [(v["what"], v["tex"].split(" = ", 1)[1]) for v in RECORD[label]["versions"]] == [
            tuple(version) for version in one["versions"]
        ], AGAIN


def test_the_record_rests_on_the_present_book():
    """The ledger has the same hashes, and a test of its own; a chapter is read where it has others."""
    now = {label: entry.hash for label, entry in ledger.load(ROOT / "docs" / "ledger.json").entries.items()}
    other = {BROKEN["chapter_of"](label) for label, one in RECORD.items() if one["hash"] != now.get(label)}
    now |= {label: found for path in other for label, found in ledger.digests(Assembly.of(path)).items()}
    stale = [label for label, one in RECORD.items() if one["hash"] != now.get(label)]
    assert not stale, f"{', '.join(stale)}: {AGAIN}"


def test_it_has_equations_of_many_chapters_each_with_wrong_versions_and_a_right_one():
    assert len(RECORD) >= 12
    assert len({label.partition(":")[0] for label in RECORD}) >= 8
    for one in RECORD.values():
        failing = [BROKEN["fails"](version) for version in one["versions"]]
        assert sum(failing) >= 3
        assert failing[-1] is False  # the last one is another way of writing the same


def without_code(one):
    versions = [{k: v for k, v in version.items() if k != "code"} for version in one["versions"]]
    return {**one, "versions": versions}


def same(found, recorded):
    """The same verdicts, texts and numbers; numbers to twelve digits, so that machines agree."""
    if isinstance(recorded, float):
        return found == pytest.approx(recorded, rel=1e-12, abs=1e-12)
    if isinstance(recorded, dict):
        return found.keys() == recorded.keys() and all(same(found[k], v) for k, v in recorded.items())
    if isinstance(recorded, list):
        return len(found) == len(recorded) and all(map(same, found, recorded))
    return found == recorded


@pytest.mark.parametrize("label", mostly_long(["dense:grad-W", "losses:grad", "slopes:product-rule"]))
def test_what_the_page_said_it_says_again(label):
    assert same(without_code(BROKEN["record"]([label], code=False)[label]), without_code(RECORD[label])), AGAIN


@pytest.mark.long
def test_what_page_and_code_said_they_say_again():
    assert same(BROKEN["record"](["dense:grad-W"])["dense:grad-W"], RECORD["dense:grad-W"]), AGAIN


def test_a_wrong_record_is_noticed():
    other = json.loads(json.dumps(RECORD["dense:grad-W"]))
    other["versions"][0]["numbers"]["left"] += 1e-6
    assert not same(other, RECORD["dense:grad-W"])
