r"""Texts with faults: no traceback, no hang; what the long run of `tests/tools/mutated_texts.py` found is kept."""

import runpy
from itertools import product
from pathlib import Path

import pytest

from nnlit.book.report import checked
from tests.pace import within
from tests.tiers import mostly_long

TOOL = runpy.run_path(str(Path(__file__).parents[1] / "tools" / "mutated_texts.py"))
TABLE = "| symbol | shape | code | meaning |\n|---|---|---|---|\n| $x$ | number | | |\n| $w$ | $n$ | | |\n"


@pytest.mark.long
@pytest.mark.parametrize("count", [20, 150])
def test_some_texts_with_faults_end_in_data_or_in_an_error_that_names_the_file(count):
    wrong, found, _ = TOOL["watched"](count, 7)
    assert wrong == []
    assert {"true", "defined", "false", "not read", "not checked", "refused"} <= set(found)


@pytest.mark.long
def test_a_text_is_made_anew_from_its_number():
    kinds = TOOL["pool"]()
    assert TOOL["faulty"](5, 1, kinds) == TOOL["faulty"](5, 1, kinds) != TOOL["faulty"](6, 1, kinds)


NESTS = [
    *TOOL["NESTS"],
    ("\\nabla ", ""),
    ("x^", ""),
    ("\\operatorname{tr} ", ""),
    ("x'", ""),
    ("\\max_i ", ""),
    ("x / ", ""),
]


@pytest.mark.parametrize("nest", NESTS, ids=[opening.strip() or "blank" for opening, _ in NESTS])
@pytest.mark.parametrize(
    ("where", "times"),
    mostly_long(product(["display", "symbol", "shape"], [60, 900]), [("display", 60), ("display", 900)]),
)
@pytest.mark.long_but_one_in(12)
def test_what_is_nested_deep_ends_in_words(nest, times, where):
    deep = nest[0] * times + "x" + nest[1] * times
    rows = {"symbol": f"| ${deep}$ | $n$ | | |\n", "shape": f"| $V$ | ${deep}$ | | |\n"}
    text = f"{TABLE}{rows.get(where, '')}\n$$q = {deep if where == 'display' else 'x'}$$\n\n$$u = x$$\n"
    report = within(10, lambda: checked(Path("own.md"), text))
    assert all("recursion" not in one.said for one in report.judged)


def test_a_shape_is_made_of_sizes():
    for shape in ("\\lim_{h \\to 0} " * 8 + "n", "\\sum_i n", "\\exp n", "n!"):
        report = checked(Path("own.md"), f"{TABLE}| $V$ | ${shape}$ | | |\n\n$$q = V$$\n")
        (fault,) = report.faults
        assert "cannot be read" in fault.message or "an axis is made of sizes" in fault.message
        assert report.judged[0].said == "because of line 5: the row of V cannot be used"


def test_a_long_row_is_shown_in_part():
    report = checked(Path("own.md"), f"{TABLE}| $V$ | $n {'n ' * 4000}($ | | |\n\n$$q = x$$\n")
    (fault,) = report.faults
    assert len(fault.message) < 400
    assert max(map(len, fault.excerpt.splitlines())) <= 104
