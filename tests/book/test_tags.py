"""Tags: which statement a `# eq` comment ends, and what is said about one that ends none."""

import ast

import pytest

from nnlit.book.source import tags
from nnlit.book.source.place import BookError

MODULE = '''"""A toy."""
import numpy as np

RATE = 2


class Line:
    def forward(self, X):
        def inner(a):
            return a + 1  # eq line:inner
        Z = X @ self.W + self.b  # (m, k)  # eq line:forward
        return Z, X

    def step(self, g):
        self.W -= (
            RATE * g
        )  # eq line:step


def loss(Z):
    text = "# eq line:no-tag"
    if len(Z):
        return Z.sum(), Z / 2  # eq line:loss, line:grad
    return {"W": Z.T, "b": Z.sum(0)}  # eq line:grad-W, line:grad-b
'''


def read(tmp_path, text):
    path = tmp_path / "line.py"
    path.write_text(text, encoding="utf-8")
    return tags.read(path)


def test_every_tag_is_read_with_its_statement_function_and_line(tmp_path):
    found = read(tmp_path, MODULE)
    assert [(t.labels, t.function, t.place.line) for t in found] == [
        (("line:inner",), "Line.forward.inner", 10),
        (("line:forward",), "Line.forward", 11),
        (("line:step",), "Line.step", 15),
        (("line:loss", "line:grad"), "loss", 23),
        (("line:grad-W", "line:grad-b"), "loss", 24),
    ]
    assert found[1].source == "Z = X @ self.W + self.b  # (m, k)  # eq line:forward"
    assert list(found[2].lines) == [15, 16, 17]


@pytest.mark.parametrize(
    ("index", "body", "expressions"),
    [
        (0, [], ["a + 1"]),
        (1, ["Z = X @ self.W + self.b"], ["Z"]),
        (2, ["self.W -= RATE * g"], ["self.W"]),
        (3, [], ["Z.sum()", "Z / 2"]),
        (4, [], ["Z.T", "Z.sum(0)"]),
    ],
)
def test_the_parts_of_a_statement_belong_to_its_labels(tmp_path, index, body, expressions):
    statements, values = tags.parts(read(tmp_path, MODULE)[index])
    assert ([ast.unparse(s) for s in statements], [ast.unparse(v) for v in values]) == (body, expressions)


@pytest.mark.parametrize(
    ("line", "body", "expressions"),
    [
        ("A, cache = f(x)  # eq line:a", ["A, cache = f(x)"], ["A"]),
        ("return f(x)  # eq line:a, line:b", [], ["f(x)[0]", "f(x)[1]"]),
        ("grad[i] = x * 2  # eq line:a", [], ["x * 2"]),
        ("grad[i] += x  # eq line:a", ["grad[i] += x"], ["grad[i]"]),
        ("L: float = x.sum()  # eq line:a", ["L: float = x.sum()"], ["L"]),
        ("np.negative(x, out=x)  # eq line:a", [], ["np.negative(x, out=x)"]),
        ("return x, cache  # eq line:a", [], ["x"]),
    ],
)
def test_other_statements(tmp_path, line, body, expressions):
    statements, values = tags.parts(read(tmp_path, f"def f(x):\n    {line}\n")[0])
    assert ([ast.unparse(s) for s in statements], [ast.unparse(v) for v in values]) == (body, expressions)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("def f(x):\n    # eq line:a\n    return x\n", 2, "ends no assignment, return or call"),
        ("x = 1  # eq line:a\n", 1, "inside a function"),
        ("def f(x):\n    if x:  # eq line:a\n        return x\n", 2, "ends no assignment"),
        ("def f(x):\n    return x  # eq\n", 2, "'' is no label"),
        ("def f(x):\n    return x  # eq line:a and more\n", 2, "is no label"),
        ("def f(x):\n    return x  # eq dense:a\n", 2, "tag dense:a stands in line.py"),
        ("def f(x):\n    return x, x  # eq line:a, line:b, line:c\n", 2, "names 3 parts, the statement has 2"),
    ],
)
def test_what_is_no_tag_is_an_error_with_file_and_line(tmp_path, text, line, message):
    with pytest.raises(BookError) as error:
        read(tmp_path, text)
    assert str(error.value).startswith(f"{tmp_path / 'line.py'}:{line}: ")
    assert message in str(error.value)


def test_a_word_that_begins_with_eq_is_no_tag(tmp_path):
    assert read(tmp_path, "def f(x):\n    return x  # equal to x\n") == []
