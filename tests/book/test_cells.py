r"""Places in notebooks: the cell and the line in it, as an author sees them, in everything that is printed."""

import copy
import json
import pickle
import re

import pytest

from nnlit.book import command
from nnlit.book.report import checked
from nnlit.book.source.place import CellLine, Place, line_words

TABLE = "# T\n\n| symbol | shape | code | meaning |\n|---|---|---|---|\n| $x$ | $n$ | | |\n| $z$ | nonsense q | | |\n"
TWO = "text\n\n$$a = \\sum_i x_i^2$$ and $$\\frac{\\partial a}{\\partial x} = 3x$$"
MORE = (
    "so\n\n$$\\begin{aligned} b &= a \\\\\n&= 2 a\\end{aligned}$$\n\n$$ c = z + b $$\n\n"
    "$$ d = c + \\heart $$\n$$ q = d $$\nand $g = \\sin a$:\n$$ f = g^2 + h $$"
)
CODE = {"cell_type": "code", "metadata": {}, "source": ["x = 1"], "outputs": []}
PLACES = ["4:3:3", "4:3:60", "5:4:4", "5:6:8", "5:8:12", "5:9:8", "5:11:8"]


def notebook(split, **form):
    texts = [{"cell_type": "markdown", "metadata": {}, "source": split(text)} for text in (TABLE, TWO, MORE)]
    return json.dumps({"cells": [CODE, texts[0], CODE, *texts[1:]], "nbformat": 4}, **form)


def worksheets():
    made = json.loads(notebook(lambda text: text.splitlines(keepends=True)))
    return json.dumps({"nbformat": 3, "worksheets": [{"cells": made["cells"][:3]}, {"cells": made["cells"][3:]}]})


FORMS = {
    "lists": notebook(lambda text: text.splitlines(keepends=True), indent=1),
    "strings": notebook(str, indent=1),
    "minified": notebook(str),
    "minified lists": notebook(lambda text: text.splitlines(keepends=True), separators=(",", ":")),
    "CRLF": notebook(lambda text: text.replace("\n", "\r\n")),
    "format 3": worksheets(),
}


@pytest.fixture(params=FORMS)
def path(request, tmp_path):
    path = tmp_path / "own.ipynb"
    path.write_text(FORMS[request.param], encoding="utf-8")
    return path


@pytest.mark.long_but_one_in(3)
def test_places_are_cells_and_lines(path):
    assert [str(one.place) for one in checked(path).judged] == [f"{path}:cell {place}" for place in PLACES]


@pytest.mark.long_but_one_in(3)
def test_all_that_is_printed_speaks_of_cells(path, capsys):
    command.run([str(path)])
    printed = capsys.readouterr().out
    assert "own.ipynb:cell 2:6:9: not used: shape 'nonsense q'" in printed
    assert "own.ipynb:cell 4:3:60: false: the two sides differ" in printed
    assert "    \\frac{\\partial a}{\\partial x} = 3x\n                                    ^^\n" in printed
    assert "not checked: because of cell 2, line 6: the row of z cannot be used" in printed
    assert "because of cell 5, line 8: d has no value, since the display at cell 5, line 8 was refused" in printed
    assert "own.ipynb:cell 5:10:5: $g = \\sin a$ stands in running text" in printed
    assert not re.search(r"(?<!cell \d, )line \d", printed)


@pytest.mark.long_but_one_in(3)
def test_json_has_cells_as_fields(path, capsys):
    command.run([str(path)], as_json=True)
    found = json.loads(capsys.readouterr().out)["files"][0]
    assert [(x["cell"], x["line"], x["column"]) for x in found["displays"]] == [
        tuple(map(int, place.split(":"))) for place in PLACES
    ]
    assert [(x["cell"], x["line"]) for x in found["faults"]] == [(2, 6)]
    assert found["spoken"]["g"] == {"cell": 5, "line": 10, "tex": r"g = \sin a"}


def test_json_of_another_file_has_no_cell(tmp_path, capsys):
    path = tmp_path / "own.md"
    path.write_text(TABLE + TWO, encoding="utf-8")
    command.run([str(path)], as_json=True)
    found = json.loads(capsys.readouterr().out)["files"][0]
    assert [(x["cell"], x["line"]) for x in found["displays"]] == [(None, 9), (None, 9)]


@pytest.mark.parametrize("wanted", ["5:4", "cell 5:4", "cell 5, line 4", "5:3", "own:b"])
@pytest.mark.long_but_one_in(4)
def test_a_display_is_explained_by_its_cell(path, capsys, wanted):
    path.write_text(path.read_text(encoding="utf-8").replace("= 2 a", r"= 2 a \\label{own:b}"), encoding="utf-8")
    assert command.explain(str(path), wanted) == 0
    printed = capsys.readouterr().out
    assert "Step 2, cell 5, line 4: b = 2 a" in printed
    assert "a  defined at cell 4, line 3" in printed
    assert "x  row at cell 2, line 5" in printed


def test_a_cell_alone_means_its_first_display(path, capsys):
    assert command.explain(str(path), "4") == 0
    assert "own.ipynb:cell 4:3:3: defined" in capsys.readouterr().out
    assert command.explain(str(path), "line 3") == 2
    assert "it has displays at cell 4, line 3, cell 4, line 3, cell 5, line 3" in capsys.readouterr().err


def test_a_draft_speaks_of_cells(path, capsys):
    command.init(str(path))
    assert "Cell 5, line 10 says $g = \\sin a$ in running text" in capsys.readouterr().out


def test_a_heading_that_is_a_cell_counts(tmp_path):
    cells = [{"cell_type": "heading", "level": 2, "source": "One"}, {"cell_type": "markdown", "source": "$$a = b$$"}]
    path = tmp_path / "own.ipynb"
    path.write_text(json.dumps({"worksheets": [{"cells": cells}]}), encoding="utf-8")
    assert [str(one.place) for one in checked(path).judged] == [f"{path}:cell 2:1:7"]


def test_a_line_of_a_cell_stays_one():
    line = CellLine(9, 7, 3)
    assert (line, line + 1) == (9, 10)
    assert [line_words(x) for x in (line, line + 1, 9)] == ["cell 7, line 3", "cell 7, line 4", "line 9"]
    for made in (copy.deepcopy(line), pickle.loads(pickle.dumps(line))):  # noqa: S301 (our own bytes)
        assert (made, str(made), f"{made:>10}") == (9, "cell 7:3", "  cell 7:3")
    assert Place("own.ipynb", line) < Place("own.ipynb", line + 1)


def test_a_display_that_is_refused_is_named_by_its_own_line(tmp_path):
    path = tmp_path / "own.md"
    path.write_text("a\n\n$$ d = \\heart $$\n\n$$ q = d $$\n\n$$\nr = \\heart\n$$\n\n$$ p = r $$\n", encoding="utf-8")
    said = [one.said for one in checked(path).judged]
    assert "the display at line 3 was refused" in said[1]
    assert "the display at line 8 was refused" in said[3]


LATE = r"""
| symbol | shape | code | meaning |
|---|---|---|---|
| $x$ | number | | |
| $y$ | number | | |
| $z$ | number | | |

$$z = x + y$$

$$x = y$$
"""


def test_what_is_asked_of_a_late_definition_speaks_of_cells(tmp_path, capsys):
    path = tmp_path / "late.ipynb"
    cell = {"cell_type": "markdown", "metadata": {}, "source": LATE}
    path.write_text(json.dumps({"cells": [CODE, cell], "nbformat": 4}), encoding="utf-8")
    command.run([str(path)])
    printed = capsys.readouterr().out
    assert "x has any value at cell 2, line 8, by its row" in printed
    assert "display this above cell 2, line 8; a claim" in printed
    assert "line cell" not in printed
