"""The rooms of the machine: each imports only rooms that an equation has walked through before, and no chapter."""

import ast
import re
import runpy
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "nnlit" / "book"
ROOMS = ("source", "language", "evaluation", "checks", "assembly", "mutation", "site", "drafts", "doors")
MODULES = sorted(BOOK.rglob("*.py"))


def room(parts):
    """The room of a module, from the parts of its name below nnlit.book."""
    return parts[0] if parts and parts[0] in ROOMS else "doors"


def module_name(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def nodes(path):
    """The syntax tree of a file, node by node."""
    return [*ast.walk(ast.parse(path.read_text(encoding="utf-8")))]


@cache
def imports(path):
    """Every module that a file imports, wherever the import stands, with its line."""
    found = []
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: imports are written in full"
            found += [(node.lineno, target(node.module, alias.name)) for alias in node.names]
    return found


def target(package, name):
    """The module that `from package import name` reads: the package itself, or a module in it."""
    inner = ROOT.joinpath(*package.split("."), name)
    return f"{package}.{name}" if inner.is_dir() or inner.with_suffix(".py").exists() else package


def test_the_folder_has_these_rooms_and_no_others():
    folders = {path.name for path in BOOK.iterdir() if (path / "__init__.py").exists()}
    assert folders == set(ROOMS) - {"assembly", "doors"}
    assert {room(module_name(path).split(".")[2:]) for path in MODULES} == set(ROOMS)


def test_a_room_imports_only_rooms_before_it():
    wrong = []
    for path in MODULES:
        here = ROOMS.index(room(module_name(path).split(".")[2:]))
        for line, name in imports(path):
            if name.startswith("nnlit.book.") and ROOMS.index(room(name.split(".")[2:])) > here:
                wrong.append(f"{path}:{line}: {name}")
    assert wrong == []


def test_the_machine_imports_no_chapter():
    found = [(path, line, name) for path in MODULES for line, name in imports(path)]
    nnlit = [(path, line, name) for path, line, name in found if name.split(".")[0] == "nnlit"]
    assert len(nnlit) > len(MODULES)
    assert [f"{path}:{line}: {name}" for path, line, name in nnlit if not name.startswith("nnlit.book")] == []


@pytest.mark.parametrize("path", sorted((ROOT / "nnlit").glob("*.py")), ids=lambda path: path.stem)
def test_no_chapter_imports_the_machine(path):
    if path.stem != "cli":  # a door: it knows names of both
        assert [name for _, name in imports(path) if name.startswith("nnlit.book")] == []


def test_pytest_leaves_out_no_folder_of_the_package():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]["ini_options"]
    folders = {path.parent for path in (ROOT / "nnlit").rglob("*.py")}
    names = {f: p for f in folders for p in settings["norecursedirs"] if fnmatch(f.name, p) or fnmatch(f, f"*/{p}")}
    assert BOOK / "site" in folders
    assert names == {}


def test_no_modules_import_each_other_in_a_circle():
    graph = {module_name(path): {name for _, name in imports(path)} for path in MODULES}
    while graph:
        free = [name for name, needs in graph.items() if not needs & graph.keys()]
        assert free, f"a circle among {sorted(graph)}"
        for name in free:
            del graph[name]


def test_a_module_and_a_class_fit_on_a_few_pages():
    assert [path for path in MODULES if len(path.read_text(encoding="utf-8").splitlines()) > 350] == []
    classes = [(path, node) for path in MODULES for node in nodes(path) if isinstance(node, ast.ClassDef)]
    assert len(classes) > 100
    assert [f"{path}: {c.name}" for path, c in classes if c.end_lineno - c.lineno >= 200] == []


@pytest.mark.long
def test_an_equation_walks_through_the_rooms_in_their_order():
    trace = runpy.run_path(str(ROOT / "tests" / "tools" / "trace_display.py"))
    found = trace["walk"](ROOT / "docs" / "04-dense.md", "dense:grad-W")
    assert trace["rooms"](found.files) == [name for name in ROOMS if name not in {"assembly", "drafts", "doors"}]
    assert {"language/parser.py", "evaluation/calculus.py", "checks/code.py", "site/html.py"} <= set(found.files)


def test_the_plan_of_the_house_names_every_room_and_no_file_that_is_not_there():
    text = (BOOK / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `?(\w+)`? \|", text, re.MULTILINE)[1:] == list(ROOMS)
    links = re.findall(r"\]\(([^)]*)\)", text)
    assert links
    assert [link for link in links if not (BOOK / link).exists()] == []


@pytest.mark.parametrize(("old", "new"), [("extension", "site.extension"), ("plugin", "pytest_plugin")])
@pytest.mark.long_but_one_in(4)
def test_an_old_import_works_and_names_the_new_one(old, new):
    names = "assert all(getattr(old, x) is y for x, y in vars(new).items() if not x.startswith('_'))"
    code = f"import nnlit.book.{old} as old, nnlit.book.{new} as new; {names}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert f"FutureWarning: nnlit.book.{old} has moved: write" in done.stderr
    assert f"nnlit.book.{new}" in done.stderr
