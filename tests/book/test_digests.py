"""What a result rests on: imports are followed, words do not count."""

import ast
import os
from pathlib import Path

import pytest

from nnlit.book.source import digests

FILES = {
    "package/__init__.py": "from package.one import One as One\nVERSION = 1\n",
    "package/one.py": "from package import two\n\n\nclass One:\n    def value(self):\n        return two.value()\n",
    "package/two.py": "import package.inner.three\n\n\ndef value():\n    return 2\n",
    "package/inner/__init__.py": "",
    "package/inner/three.py": "from ..four import FOUR\n",
    "package/four.py": "import json\n\nFOUR = 4\n",
    "package/late.py": "def late():\n    from package.four import FOUR\n\n    return FOUR\n",
    "figures/own.py": "import beside\nfrom package import One\n",
    "figures/beside.py": "",
    "figures/alone.py": "import numpy\n",
    "figures/json.py": "",
}


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def imported(files: Path, name: str) -> set[str]:
    found = digests.imported([files / name], [files / "package", files / "figures"])
    return {path.relative_to(files).as_posix() for path in found} - {name}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("figures/alone.py", set()),
        ("package/late.py", {"package/four.py", "figures/json.py"}),  # what is imported in a function counts
        ("package/inner/three.py", {"package/four.py", "figures/json.py"}),  # a relative import
        ("package/two.py", {"package/inner/three.py", "package/four.py", "figures/json.py"}),
        (
            "figures/own.py",
            {
                *("figures/beside.py", "package/one.py", "package/two.py", "package/inner/three.py"),
                *("package/four.py", "figures/json.py"),
            },
        ),
    ],
)
def test_imports_are_followed(files: Path, name: str, expected: set[str]) -> None:
    assert imported(files, name) == expected


def test_a_package_itself_counts_where_its_own_names_are_asked_for(files: Path) -> None:
    (files / "figures" / "own.py").write_text("from package import VERSION\n", encoding="utf-8")
    assert "package/__init__.py" in imported(files, "figures/own.py")


def test_modules_that_import_each_other_come_to_an_end(files: Path) -> None:
    (files / "package" / "four.py").write_text("from package.two import value\n", encoding="utf-8")
    assert imported(files, "package/two.py") == {"package/inner/three.py", "package/four.py"}


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("def value():\n    return (2)\n", True),
        ('"""Words."""\n\n\ndef value():  # words\n    """Words."""\n    return 2\n', True),
        ("def value():\n    'a string that does nothing'\n    return 2\n", True),
        ("def value():\n    return 3\n", False),
        ("def value(x=None):\n    return 2\n", False),
        ("def value():\n    return '2'\n", False),
        ("async def value():\n    return 2\n", False),
    ],
)
def test_of_code_the_syntax_tree_counts(tmp_path: Path, text: str, *, same: bool) -> None:
    path = tmp_path / "module.py"
    path.write_text("def value():\n    return 2\n", encoding="utf-8")
    before = digests.module_digest(path)
    path.write_text(text, encoding="utf-8")
    assert (digests.module_digest(path) == before) is same


def test_a_change_within_one_tick_of_the_clock_is_seen(tmp_path: Path) -> None:
    path, found = tmp_path / "module.py", []
    for text in ("return 2", "return 3"):
        path.write_text(f"def value():\n    {text}\n", encoding="utf-8")
        os.utime(path, (1, 1))
        found.append(digests.module_digest(path))
    assert found[0] != found[1]
    assert digests.syntax(path) is digests.syntax(path)


def test_a_hash_covers_all_that_is_imported(files: Path) -> None:
    figure, places = files / "figures" / "own.py", [files / "package", files / "figures"]
    before = digests.code_digest([figure], places)
    (files / "package" / "late.py").write_text("LATE = 1\n", encoding="utf-8")
    assert digests.code_digest([figure], places) == before
    (files / "package" / "four.py").write_text("FOUR = 5\n", encoding="utf-8")
    assert digests.code_digest([figure], places) != before


def test_helpers_are_reached_by_name_by_method_and_over_others(files: Path) -> None:
    (files / "package" / "two.py").write_text(
        "def value():\n    return LIMIT\n\n\nLIMIT = 2\nOTHER = 3\n", encoding="utf-8"
    )
    known = digests.definitions(digests.imported([files / "package" / "one.py"], [files / "package"]))
    found = digests.helpers(ast.parse("x = self.value()"), known)
    assert len(found) == 3  # the method, the function of the same name, and the variable that it reads
    assert any("LIMIT" in text and "Assign" in text for text in found)
    assert not any("OTHER" in text for text in found)
