"""A plugin of pytest for `mutants.py`: which test reaches which line, and a run of some tests in a given order.

With `-p selected --reached FILE` pytest writes the lines and functions of every module and the tests that reach each,
and which lines run when the module is imported; with `-p selected --selected FILE` it runs the tests that the file
names, in its order.
"""

import ast
import hashlib
import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from time import perf_counter

import pytest

LONG = "not record_can_be_repeated and not teach_the_first_network and not next_larger_rate"  # these are left out


def pytest_addoption(parser):
    """The two options."""
    parser.addoption("--reached", help="where to write what reaches what")
    parser.addoption("--selected", help="a file with the names of tests")


def pytest_configure(config):
    """Begin to measure."""
    if config.getoption("--reached"):
        config.pluginmanager.register(Reached(config), "reached")


def pytest_collection_modifyitems(config, items):
    """Keep the tests that are named, in that order, and at the end those of these files that are new."""
    if config.getoption("--selected"):
        chosen = json.loads(Path(config.getoption("--selected")).read_text(encoding="utf-8"))
        place, known = {name: k for k, name in enumerate(chosen["order"])}, set(chosen["known"])
        kept = [item for item in items if item.nodeid in place or item.nodeid not in known]
        items[:] = sorted(kept, key=lambda item: place.get(item.nodeid, len(place)))


class Reached:
    """Follows every test."""

    def __init__(self, config):
        import coverage

        self.path, root = Path(config.getoption("--reached")), config.rootpath
        only = {"include": [f"{root}/nnlit/*"], "omit": [f"{root}/nnlit/book/*"]}
        self.cover = coverage.Coverage(data_file=None, config_file=False, **only)
        self.cover.start()
        self.root, self.seconds, self.failed = root, {}, set()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item, nextitem):
        """One test."""
        self.cover.switch_context(item.nodeid)
        start = perf_counter()
        try:
            return (yield)
        finally:
            self.seconds[item.nodeid] = perf_counter() - start
            self.cover.switch_context("")

    def pytest_runtest_logreport(self, report):
        """A test that fails or is skipped says nothing about a wrong version."""
        if report.outcome != "passed":
            self.failed.add(report.nodeid)

    def pytest_sessionfinish(self):
        """Write what was found; tests are numbered."""
        self.cover.stop()
        data, passed = self.cover.get_data(), self.seconds.keys() - self.failed
        names = sorted(passed)
        number = {name: k for k, name in enumerate(names)}
        found = {name: {} for name in ("functions", "lines", "digests")}
        for file in data.measured_files():
            name, owner = Path(file).relative_to(self.root).as_posix(), owners(Path(file))
            reached, lines = defaultdict(set), {}
            for line, tests in data.contexts_by_lineno(file).items():
                lines[line] = sorted(number[test] for test in set(tests) & passed)
                reached[owner.get(line, "")].update(lines[line])
            found["functions"][name] = {function: sorted(tests) for function, tests in reached.items()}
            found["lines"][name], found["digests"][name] = lines, digest(Path(file).read_bytes())
        found["tests"] = [(name, self.seconds[name]) for name in names]
        found["failed"], found["imported"] = sorted(self.failed), imported(self.root)
        self.path.write_text(json.dumps(found), encoding="utf-8")


def digest(raw):
    """By which a module is known again."""
    return hashlib.sha256(raw).hexdigest()[:16]


def imported(root):
    """The lines of every module that run when all of them are imported."""
    only = {"include": [f"{root}/nnlit/*"], "omit": [f"{root}/nnlit/book/*"]}
    modules = ["nnlit", *sorted(f"nnlit.{path.stem}" for path in root.glob("nnlit/*.py") if path.stem != "__init__")]
    code = f"""import coverage, importlib, json
cover = coverage.Coverage(data_file=None, config_file=False, **{only!r})
cover.start()
for name in {modules!r}:
    importlib.import_module(name)
cover.stop()
data = cover.get_data()
print(json.dumps({{file[len({str(root)!r}) + 1:]: sorted(data.lines(file)) for file in data.measured_files()}}))"""
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def owners(path):
    """The qualified name of the innermost function or class around every line of a module."""
    found = {}

    def walk(node, name):
        for child in ast.iter_child_nodes(node):
            named = isinstance(child, ast.FunctionDef | ast.ClassDef)
            inside = f"{name}.{child.name}".lstrip(".") if named else name
            if named:
                found.update(dict.fromkeys(range(child.lineno, child.end_lineno + 1), inside))
            walk(child, inside)

    walk(ast.parse(path.read_bytes()), "")
    return found
