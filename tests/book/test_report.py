"""The public face: `nnlit.book.check`, its report, and what loading it costs."""

import subprocess
import sys

import pytest

from nnlit.book import check
from nnlit.book.checks.verdicts import EquationError, How
from nnlit.book.source.marks import CHECKED, Unchecked, Wrong

TEXT = r"""
# Own

| symbol | shape | code | meaning |
|---|---|---|---|
| $x$ | number | | |

$$
f = x^2 \label{own:square}
$$

$$
\frac{\partial f}{\partial x} = 2 x \label{own:slope}
$$

<!-- wrong: own:slope, a lost factor, 2026-11-25 -->

$$
\frac{\partial f}{\partial x} = x
$$

<!-- unchecked: nobody declares y -->

$$
y = z
$$

$$
x + x = 3 x
$$

$$
x + = 3 x
$$

```math
x = x
```
"""


@pytest.fixture
def report(tmp_path):
    path = tmp_path / "own.md"
    path.write_text(TEXT.lstrip("\n"), encoding="utf-8")
    return check(path)


def test_every_display_has_a_verdict(report):
    assert [d.place.line for d in report.displays] == [7, 11, 17, 23, 27, 31]
    assert len(report.verdicts) == len(report.displays)
    ways = [v.how for v in report.verdicts if not isinstance(v, EquationError)]
    assert ways == [How.DEFINITION, How.COMPLEX_STEP, How.WRONG, How.UNCHECKED]
    assert [error.place.line for error in report.errors] == [28, 32]
    assert [verdict.label for verdict in report.unchecked] == ["own, line 23"]


def test_what_a_display_is_is_a_type(report):
    marks = [display.mark for display in report.displays]
    assert marks[:2] == [CHECKED, CHECKED]
    assert isinstance(marks[2], Wrong)
    assert (marks[2].of, marks[2].source, marks[2].date) == ("own:slope", "a lost factor", "2026-11-25")
    assert isinstance(marks[3], Unchecked)
    assert marks[3].why == "nobody declares y"


def test_what_is_not_read_is_counted(report):
    assert [(unread.why, unread.place.line) for unread in report.unread] == [("a code fence with mathematics", 35)]
    assert str(report) == "3 of 6 displayed equations true, 2 failed, 1 unchecked; 1 more not read"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"# Own\n", "own.md:1: no displayed equation"),
        (b"# Own\n\n$$\nx = 1\n", "own.md:3: this \\$\\$ is never closed"),
        (b"# Own \xff\n", "own.md:1: the file is not UTF-8 text"),
    ],
)
def test_what_cannot_be_checked_is_raised(tmp_path, data, said):
    path = tmp_path / "own.md"
    path.write_bytes(data)
    with pytest.raises(ValueError, match=said):
        check(path)
    with pytest.raises(FileNotFoundError):
        check(str(tmp_path / "missing.md"))


def test_the_face_costs_nothing_before_it_is_used_and_needs_neither_pytest_nor_a_site():
    heavy = "{'numpy', 'sybil', 'markdown', 'mkdocs', 'pytest', 'pygments'}"
    code = f"""
import sys, pathlib, tempfile
from nnlit.book import check
assert not {{'nnlit.book.report', 'nnlit.book.source'}} & set(sys.modules)
path = pathlib.Path(tempfile.mkdtemp(), 'own.md')
_ = path.write_text({TEXT!r}, encoding='utf-8')
assert len(check(path).errors) == 2
assert {heavy} & set(sys.modules) == {{'numpy'}}
"""
    subprocess.run([sys.executable, "-c", code], check=True)
