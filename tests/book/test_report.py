"""The public face: `nnlit.book.check`, its report, and what loading it costs."""

import subprocess
import sys

import pytest

from nnlit.book import check
from nnlit.book.checks.verdicts import How, Result, Verdict

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
    words = ["defined", "true", "true", "not checked", "false", "not read", "true"]
    assert [str(one.verdict) for one in report.judged] == words
    assert [one.place.line for one in report.judged] == [7, 11, 17, 23, 28, 32, 35]
    assert [one.label for one in report.judged][:3] == ["own:square", "own:slope", "own, line 17"]
    ways = [one.found.how for one in report.judged if isinstance(one.found, Result)]
    assert ways == [How.DEFINITION, How.COMPLEX_STEP, How.WRONG, How.UNCHECKED, How.REWRITE]
    assert [one.said for one in report.of(Verdict.NOT_CHECKED)] == ["nobody declares y"]


def test_the_report_adds_up(report):
    assert str(report) == "7 displays: 3 true, 1 defined, 1 false, 1 not read, 1 not checked"
    assert sum(report.counts.values()) == len(report.judged)
    assert [one.place.line for one in report.false] == [28]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a\0b", "own.md:1: expected text, but it holds zero bytes"),
        (b"# Own \x81", "own.md:1: expected text in UTF-8 or Windows-1252"),
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
assert len(check(path).false) == 1
assert {heavy} & set(sys.modules) == {{'numpy'}}
"""
    subprocess.run([sys.executable, "-c", code], check=True)
