"""The pytest plugin, on a made-up project: what is collected, what is reported, and what is left alone."""

import json
import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import pytest

from nnlit.book.checks import code, equations  # noqa: F401 - runs within this process share them
from nnlit.book.source import examples  # noqa: F401 - runs within this process share them

pytest_plugins = ["pytester"]

SETTINGS = """
[pytest]
addopts = -p nnlit.book.pytest_plugin -p no:cacheprovider -p no:hypothesispytest
testpaths = docs
nnlit_examples = true
doctest_optionflags = ELLIPSIS NORMALIZE_WHITESPACE NUMBER
"""


@pytest.fixture
def project(toy, pytester, monkeypatch):
    """Run pytest in the project's folder with other files, or with text in its own replaced: status and output."""

    def run(files, *arguments):
        (toy.root / "pytest.ini").write_text(SETTINGS, encoding="utf-8")
        if isinstance(files, dict):
            toy.chapter.unlink(missing_ok=True)
            for name, text in files.items():
                path = toy.root / name
                path.parent.mkdir(exist_ok=True, parents=True)
                path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
        else:
            toy.write(files)
        monkeypatch.chdir(toy.root)
        done = pytester.runpytest_inprocess("-v", "-rs", *arguments)
        return int(done.ret), done.stdout.str() + "\n" + done.stderr.str()

    return run


def outcomes(printed):
    """What `pytest -v` says of every item."""
    return dict(re.findall(r"::(.+?) (PASSED|FAILED|SKIPPED)\b", printed))


def test_a_printed_number_is_a_rounding_on_a_page_and_in_a_docstring(project):
    page = "# Numbers\n\n```pycon\n>>> 2 / 3\n0.67\n>>> 2 / 3\n0.66\n```\n"
    module = '''
    def two_thirds():
        """One number.

        >>> two_thirds()
        0.67
        """
        return 2 / 3


    def wrongly():
        """Another.

        >>> two_thirds()
        0.66
        """
    '''
    status, printed = project({"docs/a.md": page, "b.py": module}, "--doctest-modules", "docs/a.md", "b.py")
    assert status == 1
    assert outcomes(printed) == {
        "line:4": "PASSED",
        "line:6": "FAILED",
        "b.two_thirds": "PASSED",
        "b.wrongly": "FAILED",
    }


def test_in_the_book_a_module_without_examples_is_not_imported_to_look_for_them(project):
    files = {
        "quiet.py": "raise ImportError('it was imported')\n",
        "spoken.py": '"""One.\n\n>>> 1 + 1\n2\n"""\n',
        "test_own.py": "def test_it():\n    assert True\n",
    }
    status, printed = project(files, "--doctest-modules", ".")
    assert (status, outcomes(printed)) == (0, {"spoken": "PASSED", "test_it": "PASSED"})
    status, printed = project(files, "--doctest-modules", "-o", "nnlit_examples=false", ".")
    assert status != 0
    assert "it was imported" in printed


def test_one_item_per_example_in_a_namespace_shared_down_the_file(project):
    text = """
    # Examples

    <!-- invisible-code-block: python
    hidden = 3
    -->

    ```pycon title="sums"
    >>> a = 2 + hidden
    >>> def f(x):
    ...     return x
    >>> f(a / 3)
    1.67
    ```

    ```python
    def g(x):
        return -x
    ```

    ??? success "Solution"

        - in a list

            ```{.pycon .annotate}
            >>> g(
            ...     7)
            -7

            >>> raise ValueError("no such number")
            Traceback (most recent call last):
            ValueError: no such...
            ```
    """
    status, printed = project({"docs/index.md": text})
    assert status == 0, printed
    assert list(outcomes(printed)) == ["line:3", "line:8", "line:9", "line:11", "line:15", "line:25", "line:29"]


def test_a_failure_names_its_line_and_later_examples_still_run(project):
    text = """
    ```pycon
    >>> x = 1
    >>> x + 1
    3
    >>> x + 2
    3
    ```

    ```python
    def g():
        return 1 / 0

    g()
    ```
    """
    status, printed = project({"docs/index.md": text})
    assert status == 1
    assert outcomes(printed) == {"line:2": "PASSED", "line:3": "FAILED", "line:5": "PASSED", "line:9": "FAILED"}
    assert "docs/index.md:3: x + 1\nExpected:\n    3\nGot:\n    2\n" in printed.replace("\r", "")
    assert f'File "docs{"/"}index.md", line 13' in printed.replace("\\", "/")
    assert "_hookexec" not in printed


def test_one_example_run_alone_runs_those_before_it(project):
    text = """
    ```pycon
    >>> x = 1
    >>> y = x + 1
    >>> y
    2
    ```
    """
    status, printed = project({"docs/index.md": text}, "docs/index.md::line:4")
    assert (status, outcomes(printed)) == (0, {"line:4": "PASSED"}), printed


def test_what_is_quoted_in_a_longer_fence_is_not_run(project):
    text = """
    ````markdown
    ```pycon
    >>> 1 / 0
    ```
    <!-- invisible-code-block: python
    1 / 0
    -->
    ````

    ```pycon
    >>> 1
    1
    ```
    """
    status, printed = project({"docs/index.md": text})
    assert (status, outcomes(printed)) == (0, {"line:11": "PASSED"}), printed


def test_a_block_that_needs_a_missing_package_is_reported_as_skipped(project):
    text = """
    <!-- needs: numpy, no_such_package -->
    ```pycon
    >>> import no_such_package
    ```

    <!-- skip: takes an hour -->
    ```pycon
    >>> while True: pass
    ```

    <!-- needs: numpy -->
    ```pycon
    >>> 1
    1
    ```
    """
    status, printed = project({"docs/index.md": text})
    assert status == 0
    assert outcomes(printed) == {"line:3": "SKIPPED", "line:8": "SKIPPED", "line:13": "PASSED"}
    assert "docs/index.md: needs no_such_package, not installed here" in printed.replace("\\", "/")
    assert "takes an hour" in printed


@pytest.mark.parametrize("word", ["skip", "needs", "invisible-code-block"])
def test_a_fence_of_a_language_that_is_called_like_a_directive_is_text(project, word):
    text = f"# Title\n\n```{word}\nx\n```\n\n```pycon\n>>> 1\n1\n```\n"
    status, printed = project({"docs/index.md": text})
    assert (status, outcomes(printed)) == (0, {"line:8": "PASSED"}), printed


@pytest.mark.parametrize(
    "comment", ["<!-- skip: next -->", "<!-- skip: -->", "<!-- invisible-code-block: ruby\nx\n-->"]
)
@pytest.mark.long_but_one_in(3)
def test_a_directive_that_says_too_little_is_an_error_with_its_line(project, comment):
    status, printed = project({"docs/index.md": f"# Title\n\n{comment}\n```pycon\n>>> 1\n1\n```\n"})
    assert status == 2
    assert "docs/index.md:3: " in printed.replace("\\", "/")
    assert "Traceback" not in printed


def test_numpy_print_options_are_not_touched(project):
    text = """
    ```pycon
    >>> import numpy as np
    >>> np.get_printoptions()["precision"], np.get_printoptions()["suppress"]
    (8, False)
    ```
    """
    assert project({"docs/index.md": text})[0] == 0


def test_other_markdown_files_are_left_alone_unless_named(project):
    files = {"notes/a.md": "```pycon\n>>> 1 / 0\n```\n", "docs/index.md": "```pycon\n>>> 1\n1\n```\n"}
    assert project(files, ".")[0] == 0
    status, printed = project(files, "notes/a.md")
    assert (status, outcomes(printed)) == (1, {"line:2": "FAILED"})


def test_a_run_without_markdown_loads_no_machinery_and_multiplies_on_one_thread(tmp_path):
    (tmp_path / "pytest.ini").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "test_x.py").write_text(
        "import sys\n\ndef test_modules():\n"
        "    assert 'nnlit.book.pytest_plugin' in sys.modules\n"
        "    assert not {'sybil', 'nnlit.book.source.chapter', 'nnlit.book.checks.equations'} & set(sys.modules)\n"
        "\ndef test_threads():\n    import threadpoolctl\n"
        "    assert {pool['num_threads'] for pool in threadpoolctl.threadpool_info()} == {1}\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "pytest", "-q", "test_x.py"]
    env = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout


def test_a_chapter_alone_in_a_process_of_its_own(tmp_path):
    (tmp_path / "pytest.ini").write_text(SETTINGS.replace("docs", "."), encoding="utf-8")
    (tmp_path / "a.md").write_text("# A\n\n```pycon\n>>> 1 / 3\n0.33\n```\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "a.md"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_equations_and_tagged_lines_are_items_and_are_counted(project):
    status, printed = project([])
    assert status == 0, printed
    assert list(outcomes(printed))[-4:] == [
        "equation line:forward",
        "equation line:grad-W",
        "code line:forward",
        "code line:grad-W",
    ]
    assert "\n2 of 2 displayed equations executed, 2 tagged lines compared\n" in printed.replace("\r", "")


def test_two_lines_with_one_label_are_two_items(project):
    """Processes that share the tests would run one of two items with the same name."""
    line = "    Z = X @ W  # eq line:forward\n"
    status, printed = project([("    return X @ W  # eq line:forward\n", f"{line}{line}    return Z\n")])
    assert status == 0, printed
    codes = ["code line:forward at line 2", "code line:forward at line 3", "code line:grad-W"]
    assert list(outcomes(printed))[-3:] == codes
    assert "2 of 2 displayed equations executed, 3 tagged lines compared" in printed


def test_a_code_item_alone_runs_the_examples_itself(project):
    status, printed = project([], "-k", "code")
    assert status == 0, printed
    assert set(outcomes(printed)) == {"code line:forward", "code line:grad-W"}
    assert "0 of 0 displayed equations executed, 2 tagged lines compared" in printed


def test_a_wrong_equation_fails_with_label_file_and_line(project):
    status, printed = project([(r"= X^\top \frac", r"= -X^\top \frac")])
    assert status == 1
    assert outcomes(printed)["equation line:grad-W"] == "FAILED"
    assert outcomes(printed)["code line:grad-W"] == "FAILED"
    assert re.search(r"docs/01-line\.md:1\d:\d+: line:grad-W: the two sides differ by", printed.replace("\\", "/")), (
        printed
    )
    assert "1 of 2 displayed equations executed, 1 tagged lines compared" in printed
    assert "Traceback" not in printed


def test_a_wrong_line_of_code_fails_with_label_file_line_sizes_and_difference(project):
    status, printed = project([("X.T @ grad_Z", "-X.T @ grad_Z")])
    assert status == 1
    assert outcomes(printed)["equation line:grad-W"] == "PASSED"
    assert outcomes(printed)["code line:grad-W"] == "FAILED"
    said = printed.replace("\\", "/")
    both = r"is of shape \(4, 3\).*is of shape \(4, 3\); the largest"
    assert re.search(rf"toy/line\.py:6: line:grad-W: `return -X\.T @ grad_Z.*{both}", said)


def test_an_unchecked_equation_is_skipped_with_its_reason(project):
    replace = [("$$\nZ = XW", "<!-- unchecked: a definition -->\n$$\nZ = XW"), ("  # eq line:forward", "")]
    _, printed = project(replace)
    assert outcomes(printed)["equation line:forward"] == "SKIPPED"
    assert "unchecked: a definition" in printed
    assert " of 2 displayed equations executed" in printed


@pytest.mark.parametrize(
    ("replace", "message"),
    [
        ([("# eq line:forward", "# eq line:no-such")], "toy/line.py:2: no displayed equation"),
        ([("# eq line:forward", "# eq")], "toy/line.py:2: '' is no label"),
        ([("# eq line:forward", "# eq other:forward")], "toy/line.py:2: tag other:forward stands in line.py"),
        ([("| `X` |", "|")], "docs/01-line.md:7: a Symbols row has 4 cells"),
        ([(r"X^\top \frac", r"X^{\top \frac")], "docs/01-line.md:"),
        ([("$$\nZ", "$\nZ")], "docs/01-line.md:"),
    ],
)
@pytest.mark.long_but_one_in(3)
def test_malformed_input_is_told_with_file_and_line_and_no_traceback(project, replace, message):
    status, printed = project(replace)
    assert status != 0
    assert message in printed.replace("\\", "/")
    assert "Traceback" not in printed


@pytest.mark.long
def test_the_whole_suite_runs_on_several_processes_and_what_is_named_in_one(tmp_path):
    test = "import os\n\n\ndef test_where():\n    assert not os.environ.get('PYTEST_XDIST_WORKER'), 'apart'\n"
    project = suite(tmp_path, test)
    assert suite_run(project)[-1].startswith("1 failed")
    assert suite_run(project, "tests/test_it.py")[-1].startswith("1 passed")
    assert suite_run(project, "-n", "0")[-1].startswith("1 passed")


TWO = """
import pytest


def test_short():
    assert True


@pytest.mark.long
def test_long():
    raise AssertionError("it ran")


@pytest.mark.parametrize("case", [2, 1, 4, 3, 6])
@pytest.mark.long_but_one_in(2)
def test_cases(case):
    assert case % 2 == 0, "it ran"
"""


def test_long_tests_are_left_out_with_a_line_that_says_so_and_are_run_where_ci_runs_them(tmp_path):
    """The words behind pytest in .ci/run are taken from it."""
    project, said = suite(tmp_path, TWO), "3 long tests left out; `pytest --long` runs them, too"
    *before, last = suite_run(project)
    assert (said in before, "4 passed" in last, "failed" in last) == (True, True, False), (before, last)
    steps = (Path(__file__).parents[2] / ".ci" / "run").read_text(encoding="utf-8").split('\nstep "')
    (step,) = (step for step in steps if step.startswith("the long tests"))
    ((ran, _, words),) = re.findall(r'^(("\$bin/pytest" -q (.*)) # .*)$', step, re.MULTILINE)
    assert step.rstrip() == f'the long tests"\n{ran}'
    assert suite_run(project, *shlex.split(words))[-1].startswith("3 failed in")


@pytest.mark.long
def test_long_tests_are_left_out_of_one_process_and_run_where_they_are_named(tmp_path):
    project = suite(tmp_path, TWO)
    assert suite_run(project, "-n", "0")[-1].startswith("4 passed")
    assert suite_run(project, "tests/test_it.py", "-n", "1")[-1].startswith("3 failed, 4 passed")


def suite(folder, test):
    """A project with this project's conftest.py and one file of tests."""
    (folder / "tests").mkdir()
    (folder / "pytest.ini").write_text("[pytest]\ntestpaths = tests\nmarkers = long\n", encoding="utf-8")
    shutil.copy(Path(__file__).parents[1] / "conftest.py", folder / "tests")
    (folder / "tests" / "test_it.py").write_text(test, encoding="utf-8")
    return folder


def suite_run(project, *more: str) -> list[str]:
    """What pytest says at the end."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    env |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PY_COLORS": "0"}  # of the plugins there, it is about one
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "xdist.plugin", *more]
    done = subprocess.run(command, cwd=project, env=env, capture_output=True, text=True, check=False, timeout=600)
    return done.stdout.splitlines()


OUTCOMES = """
import warnings

import pytest


@pytest.mark.parametrize("case", range(7))
def test_good(case, record_property):
    print("seen", case)
    record_property("case", case)


def test_bad():
    raise AssertionError("it ran")


def test_skipped():
    pytest.skip("a reason")


@pytest.mark.xfail
def test_expected():
    raise AssertionError("it ran")


@pytest.fixture
def broken():
    yield
    raise OSError("at its end")


def test_torn_down(broken):
    warnings.warn("a warning", stacklevel=1)
"""


@pytest.mark.long
def test_processes_tell_what_one_process_tells(tmp_path):
    """All of this project's tests are shared out in the same way."""
    project, told = suite(tmp_path, OUTCOMES), []
    for k in "abc":
        (project / "tests" / f"test_{k}.py").write_text(OUTCOMES, encoding="utf-8")
    for words in (["-n", "0"], ["-n", "2", "--dist", "loadfile"]):
        last = suite_run(project, *words, "-o", "junit_family=xunit1", "--junitxml", "found.xml")[-1]
        cases = ET.parse(project / "found.xml").iter("testcase")  # noqa: S314 - it is our own
        found = (
            (case.get("classname"), case.get("name"), [(part.tag, part.get("message")) for part in case],
             [part.attrib for part in case.iter("property")], [part.text for part in case.iter("system-out")])
            for case in cases
        )  # fmt: skip
        told.append((last.partition(" in ")[0], sorted(found)))
    assert told[0][0] == "4 failed, 32 passed, 4 skipped, 4 xfailed, 4 warnings, 4 errors"
    assert len(told[0][1]) == 4 * 11
    assert told[1] == told[0]


def test_the_longest_files_come_first_where_processes_share_them():
    tests = Path(__file__).parents[1]
    shared = runpy.run_path(str(tests / "conftest.py"))
    known = {path.name for folder in (tests, tests.parent / "docs") for path in folder.rglob("*") if path.is_file()}
    assert set(shared["LONGEST"]) <= known
    assert set(shared["TOGETHER"]) <= known | {path.name for path in (tests.parent / "nnlit").glob("*.py")}
    one = shared["LONGEST"][-1]
    files = ("test_a.py", one, "test_b.py", "test_a.py", one)
    items = [SimpleNamespace(path=Path(name), number=k) for k, name in enumerate(files)]
    shared["longest_first"](items)
    assert [item.number for item in items] == [1, 4, 0, 2, 3]


def test_a_chapter_without_a_module_and_a_page_without_equations_are_fine(project, toy):
    text = toy.chapter.read_text(encoding="utf-8").partition("```pycon")[0]
    status, printed = project({"docs/02-alone.md": text.replace("{line:", "{alone:"), "docs/index.md": "# Title\n"})
    assert status == 0, printed
    assert "2 of 2 displayed equations executed, 0 tagged lines compared" in printed


FOREIGN = """
[pytest]
addopts = -p nnlit.book.pytest_plugin -p no:cacheprovider -p no:hypothesispytest
"""


def test_a_foreign_project_has_its_equations_checked_and_nothing_run(pytester):
    table = "| symbol | shape | code | meaning |\n|---|---|---|---|\n| $x$ | number | | |\n| $y$ | $n +$ | | |\n"
    example = "```python\nopen('ran', 'w').close()\n```\n\n>>> open('ran', 'w').close()\n"
    shown = "So $$a = x^2$$ and $$\\frac{da}{dx} = 2 x$$ but\n\n$$\\frac{da}{dx} = 3 x$$\n\n$$b = c$$\n\n$$( = )$$\n"
    marked = "<!-- unchecked: a picture -->\n$$a \\sim x$$\n"
    pytester.makefile(".ini", pytest=FOREIGN)
    (pytester.path / "docs").mkdir()
    (pytester.path / "docs" / "notes.md").write_text(f"{table}\n{example}\n{shown}\n{marked}", encoding="utf-8")
    (pytester.path / "README.md").write_text("```python\nopen('ran', 'w').close()\n```\n", encoding="utf-8")
    done = pytester.runpytest_inprocess("-v", "-rs")
    printed = done.stdout.str()
    assert outcomes(printed) == {
        "row at line 4": "FAILED",
        "equation line 12": "PASSED",
        "equation line 14": "FAILED",
        "equation line 16": "FAILED",
        "equation line 18": "FAILED",
        "equation line 21": "SKIPPED",
    }
    assert "docs/notes.md:14" in printed.replace("\\", "/")
    assert "the right side is 1.5 times the left" in printed
    assert "c has no value" in printed
    assert "unchecked: a picture" in printed
    assert not (pytester.path / "ran").exists()
    assert not (pytester.path / "docs" / "ran").exists()
    assert int(done.ret) == 1


@pytest.mark.parametrize("name", ["own.ipynb", "own.tex", "own.qmd", "own.mdx", "own.md"])
@pytest.mark.long_but_one_in(3)
def test_a_text_that_is_named_is_checked_and_one_that_is_not_is_left_alone(pytester, name):
    shown = "$$a = 2$$\n\n$$b = a + a$$\n\n$$b = 3 a$$\n"
    cells = [{"cell_type": "code", "source": "x"}, {"cell_type": "markdown", "source": shown}]
    pytester.makefile(".ini", pytest=FOREIGN)
    for path in (name, f"other.{name}"):
        (pytester.path / path).write_text(json.dumps({"cells": cells}) if "ipynb" in name else shown, encoding="utf-8")
    assert int(pytester.runpytest_inprocess().ret) == int(pytest.ExitCode.NO_TESTS_COLLECTED)
    done = pytester.runpytest_inprocess("-v", name)
    where = "cell 2, line" if name == "own.ipynb" else "line"
    assert outcomes(done.stdout.str()) == {
        f"equation {where} 1": "PASSED",
        f"equation {where} 3": "PASSED",
        f"equation {where} 5": "FAILED",
    }
    assert f"{name}:{'cell 2:' * (name == 'own.ipynb')}5:7: false" in done.stdout.str()
