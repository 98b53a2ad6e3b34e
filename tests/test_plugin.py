"""The pytest plugin, on a made-up project: what is collected, what is reported, and what is left alone."""

import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

SETTINGS = """
[pytest]
addopts = -p nnlit.book.plugin -p no:cacheprovider
testpaths = docs
doctest_optionflags = ELLIPSIS NORMALIZE_WHITESPACE NUMBER
"""

CHAPTER = r"""
# Line

## Symbols

| symbol | shape | code | meaning |
| --- | --- | --- | --- |
| $X$ | $m \times n$ | `X` | inputs |
| $W$ | $n \times K$ | `W` | weights |
| $\frac{\partial L}{\partial Z}$ | $m \times K$ | `grad_Z` | from above |

$$
Z = XW \label{line:forward}
$$

$$
\frac{\partial L}{\partial W} = X^\top \frac{\partial L}{\partial Z} \label{line:grad-W}
$$

```pycon
>>> import numpy as np
>>> from toy.line import forward, grad_W
>>> rng = np.random.default_rng(0)
>>> X, W, grad_Z = rng.normal(size=(5, 4)), rng.normal(size=(4, 3)), rng.normal(size=(5, 3))
>>> forward(X, W).shape, grad_W(X, grad_Z).shape
((5, 3), (4, 3))
```
"""

MODULE = """
def forward(X, W):
    return X @ W  # eq line:forward


def grad_W(X, grad_Z):
    return X.T @ grad_Z  # eq line:grad-W
"""


@pytest.fixture
def project(tmp_path):
    """Write the given files, run pytest in the folder, and return its status and what it printed."""

    def run(files, *arguments):
        (tmp_path / "pytest.ini").write_text(SETTINGS, encoding="utf-8")
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True, parents=True)
            path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-v", "-rs", *arguments]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False)
        return done.returncode, done.stdout + done.stderr

    return run


def outcomes(printed):
    """What `pytest -v` says of every item."""
    return dict(re.findall(r"::(.+?) (PASSED|FAILED|SKIPPED)\b", printed))


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


@pytest.mark.parametrize(
    "comment", ["<!-- skip: next -->", "<!-- skip: -->", "<!-- invisible-code-block: ruby\nx\n-->"]
)
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


def test_a_run_without_markdown_loads_no_machinery(project):
    text = """
    import sys

    def test_modules():
        assert not [m for m in sys.modules if m.startswith(("sybil", "nnlit.book.")) and m != "nnlit.book.plugin"]
    """
    status, printed = project({"tests/test_x.py": text}, "tests")
    assert status == 0, printed


def toy(module=MODULE, chapter=CHAPTER):
    return {"toy/__init__.py": "", "toy/line.py": module, "docs/01-line.md": chapter}


def test_equations_and_tagged_lines_are_items_and_are_counted(project):
    status, printed = project(toy())
    assert status == 0, printed
    assert list(outcomes(printed))[-4:] == [
        "equation line:forward",
        "equation line:grad-W",
        "code line:forward",
        "code line:grad-W",
    ]
    assert "\n2 of 2 displayed equations executed, 2 tagged lines compared\n" in printed.replace("\r", "")


def test_a_code_item_alone_runs_the_examples_itself(project):
    status, printed = project(toy(), "-k", "code")
    assert status == 0, printed
    assert set(outcomes(printed)) == {"code line:forward", "code line:grad-W"}
    assert "0 of 0 displayed equations executed, 2 tagged lines compared" in printed


def test_a_wrong_equation_fails_with_label_file_and_line(project):
    wrong = CHAPTER.replace(r"= X^\top \frac", r"= -X^\top \frac")
    status, printed = project(toy(chapter=wrong))
    assert status == 1
    said = printed.replace("\\", "/")
    assert outcomes(printed)["equation line:grad-W"] == "FAILED"
    assert outcomes(printed)["code line:grad-W"] == "FAILED"
    assert re.search(r"docs/01-line\.md:1[4-9]: .*line:grad-W", said), printed
    assert "1 of 2 displayed equations executed, 1 tagged lines compared" in printed
    assert "Traceback" not in printed


def test_a_wrong_line_of_code_fails_with_label_file_and_line(project):
    status, printed = project(toy(module=MODULE.replace("X.T @ grad_Z", "-X.T @ grad_Z")))
    assert status == 1
    assert outcomes(printed)["equation line:grad-W"] == "PASSED"
    assert outcomes(printed)["code line:grad-W"] == "FAILED"
    assert "toy/line.py:6: line:grad-W: `return -X.T @ grad_Z" in printed.replace("\\", "/")


def test_an_unchecked_equation_is_skipped_with_its_reason(project):
    text = CHAPTER.replace("$$\nZ = XW", "<!-- unchecked: a definition -->\n$$\nZ = XW")
    status, printed = project(toy(module=MODULE.replace("  # eq line:forward", ""), chapter=text))
    assert outcomes(printed)["equation line:forward"] == "SKIPPED"
    assert "unchecked: a definition" in printed
    assert "of 2 displayed equations executed" in printed
    assert status in (0, 1)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (toy(module=MODULE.replace("line:forward", "line:no-such")), "toy/line.py:2: no displayed equation"),
        (toy(module=MODULE.replace("# eq line:forward", "# eq")), "toy/line.py:2: '' is no label"),
        (
            toy(module=MODULE.replace("line:forward", "other:forward")),
            "toy/line.py:2: tag other:forward stands in line.py",
        ),
        (toy(chapter=CHAPTER.replace("| `X` |", "|")), "docs/01-line.md:7: a Symbols row has 4 cells"),
    ],
)
def test_malformed_input_is_told_with_file_and_line_and_no_traceback(project, files, message):
    status, printed = project(files)
    assert status != 0
    assert message in printed.replace("\\", "/")
    assert "Traceback" not in printed


def test_a_chapter_without_a_module_and_a_page_without_equations_are_fine(project):
    files = {"docs/01-line.md": CHAPTER.split("```pycon", maxsplit=1)[0], "docs/index.md": "# Title\n"}
    status, printed = project(files)
    assert status == 0, printed
    assert "2 of 2 displayed equations executed, 0 tagged lines compared" in printed


def test_every_example_of_this_book_is_an_item():
    docs = Path(__file__).parents[1] / "docs"
    from nnlit.book.examples import Examples, blocks

    for path in sorted(docs.rglob("*.md")):
        lines = path.read_text(encoding="utf-8").splitlines()
        quoted = {n for b in blocks(lines) if len(b.fence) > 3 for n in range(b.line, b.line + len(b.body) + 2)}
        prompts = {n for n, line in enumerate(lines, 1) if line.lstrip().startswith(">>>")} - quoted
        found = {example.line for example in Examples(path).all}
        assert prompts <= found, f"{path.name}: lines {sorted(prompts - found)} look like examples and are not run"
