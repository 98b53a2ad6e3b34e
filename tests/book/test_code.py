"""The code check: what is recorded, what counts as a generic call, and what a wrong line is told."""

import importlib
import sys
import textwrap

import numpy as np
import pytest

from nnlit.book.assembly import Assembly
from nnlit.book.checks import code, recorder
from nnlit.book.checks.comparison import TOLERANCE
from nnlit.book.mutation.judge import LineJudge
from nnlit.book.mutation.verdicts import By, Equivalent, Rejected
from nnlit.book.mutation.wrong_code import code_mutants
from nnlit.book.source import tags
from nnlit.book.source.place import BookError

CHAPTER = r"""
# Line

## Symbols

| symbol | shape | code | meaning |
| --- | --- | --- | --- |
| $X$ | $m \times n$ | `X` | inputs |
| $W$ | $n \times K$ | `self.W` | weights |
| $G$ | $m \times K$ | `grad` | upstream gradient |

$$
Z = XW \label{line:forward}
$$

$$
D = X^\top G \label{line:grad-W}
$$

$$
V = W - 2 X^\top G \label{line:step}
$$
"""

MODULE = '''
import numpy as np


class Line:
    """A product.

    >>> Line(np.ones((3, 2))).forward(np.ones((4, 3))).shape
    (4, 2)
    """

    def __init__(self, W):
        self.W = W

    def forward(self, X):
        Z = X @ self.W  # eq line:forward
        return Z

    def backward(self, X, grad):
        return X.T @ grad, X  # eq line:grad-W

    def step(self, X, grad):
        rate = 2
        self.W -= rate * X.T @ grad  # eq line:step


def rule(rate):
    def update(p, g):
        return p - rate * g

    return update
'''

EQUATIONS = {
    "line:forward": lambda v: v["X"] @ v["self"].W,
    "line:grad-W": lambda v: v["X"].T @ v["grad"],
    "line:step": lambda v: v["self"].W - 2 * v["X"].T @ v["grad"],
}


class Fake:
    """Equations written in Python, so that the code check is tested by itself."""

    def value(self, label, variables):
        return EQUATIONS[label](variables)


@pytest.fixture
def check(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "docs").mkdir()
    (tmp_path / "toy").mkdir()
    (tmp_path / "toy" / "__init__.py").touch()

    def build(module=MODULE, text=CHAPTER):
        path = tmp_path / "docs" / "01-line.md"
        path.write_text(text, encoding="utf-8")
        (tmp_path / "toy" / "line.py").write_text(textwrap.dedent(module), encoding="utf-8")
        importlib.invalidate_caches()
        return Assembly.of(path).code

    yield build
    for name in ("toy", "toy.line"):
        sys.modules.pop(name, None)


def use(checked, sizes=(5, 4, 3), times=1, dtype=float):
    m, n, k = sizes
    rng = np.random.default_rng(0)
    for _ in range(times):
        with checked.recorder:
            layer = checked.module.Line(rng.normal(size=(n, k)).astype(dtype))
            X, grad = rng.normal(size=(m, n)).astype(dtype), rng.normal(size=(m, k)).astype(dtype)
            layer.forward(X)
            layer.backward(X, grad)
            layer.step(X, grad)
    return layer


def test_a_right_line_equals_its_equation(check):
    checked = check()
    use(checked)
    found = [checked.compare(Fake(), label, tag) for label, tag in checked.items()]
    assert [c.label for c in found] == ["line:forward", "line:grad-W", "line:step"]
    assert all(c.error < 1e-13 and c.calls == 1 for c in found)


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("X @ self.W  #", "X @ -self.W  #", "line:forward: `Z = X @ -self.W  # eq line:forward` is of shape (5, 3)"),
        ("X.T @ grad, X", "(X.T @ grad).T, X", "is of shape (3, 4), the equation at"),
        ("-= rate", "+= rate", "the largest difference is"),
        ("rate = 2", "rate = 2.000001", "the largest difference is"),
    ],
)
def test_a_wrong_line_is_told_with_label_place_sizes_and_difference(check, right, wrong, message):
    checked = check(MODULE.replace(right, wrong))
    use(checked)
    with pytest.raises(BookError) as error:
        [checked.compare(Fake(), label, tag) for label, tag in checked.items()]
    assert message in str(error.value)
    assert f"{checked.path}:" in str(error.value)


def test_what_an_update_in_place_saw_is_kept(check):
    checked = check()
    layer = use(checked)
    kept = checked.calls(checked.tags[2])[0]["self"]
    assert not np.array_equal(kept.W, layer.W)
    before = kept.W.copy()
    checked.compare(Fake(), "line:step", checked.tags[2])
    assert np.array_equal(kept.W, before)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"sizes": (3, 4, 3)}, "K and m are both 3"),
        ({"sizes": (1, 4, 3)}, "m is 1"),
        ({"dtype": np.float32}, "an array is float32, not float64"),
        ({"dtype": complex}, "an array is complex128, not float64"),
        ({"sizes": (50, 20, 10)}, "its arrays hold 1,700 numbers, a generic call has fewer than 1,000"),
    ],
)
def test_a_call_that_proves_little_is_not_kept(check, arguments, reason):
    checked = check()
    use(checked, **arguments)
    assert checked.recorder.refused[1] == [reason]
    with pytest.raises(BookError, match="hold no generic call of this line") as error:
        checked.compare(Fake(), "line:grad-W", checked.tags[1])
    assert reason in str(error.value)


def test_a_line_that_no_example_calls_is_an_error(check):
    checked = check()
    with pytest.raises(BookError, match="no example calls it"):
        checked.compare(Fake(), "line:forward", checked.tags[0])


def test_a_call_is_refused_at_the_first_array_that_is_not_float64():
    found = iter([np.zeros(2), np.zeros(3, np.float32), np.zeros(4)])
    assert recorder._unfit(found) == "an array is float32, not float64"
    assert [a.size for a in found] == [4]


def test_three_calls_are_kept_and_then_the_recorder_is_off(check):
    checked = check()
    plain = checked.module.Line.forward.__code__
    use(checked, times=2)
    assert not checked.recorder.complete
    with checked.recorder:
        assert checked.module.Line.forward.__code__ is not plain
    use(checked, times=3)
    assert [len(calls) for calls in checked.recorder.calls] == [3, 3, 3]
    with checked.recorder:
        assert checked.module.Line.forward.__code__ is plain


def test_outside_the_recorder_nothing_is_recorded_and_no_trace_is_set(check):
    checked = check()
    plain, tracer = checked.module.Line.forward.__code__, sys.gettrace()
    with checked.recorder:
        assert sys.gettrace() is tracer
        assert checked.module.rule.__code__.co_names == ()
    checked.module.Line(np.ones((4, 3))).forward(np.ones((5, 4)))
    assert checked.module.Line.forward.__code__ is plain
    assert checked.recorder.calls == [[], [], []]


def test_closures_record_whenever_they_were_made(check):
    module = MODULE.replace("return p - rate * g", "return p - rate * g  # eq line:step")
    module = module.replace("@ grad  # eq line:step", "@ grad") + "\n\nbefore = rule(2.0)\n"
    checked = check(module)
    with checked.recorder:
        after = checked.module.rule(3.0)
        checked.module.before(np.ones((2, 3)), np.ones((2, 3)))
        after(np.ones((2, 3)), np.ones((2, 3)))
    after(np.ones((2, 3)), np.ones((2, 3)))
    assert [v["rate"] for v in checked.recorder.calls[2]] == [2.0, 3.0]


def test_an_error_in_an_example_leaves_the_module_as_it_was(check):
    checked = check()
    plain = checked.module.Line.forward.__code__
    with pytest.raises(ValueError, match="matmul"), checked.recorder:
        checked.module.Line(np.ones((4, 3))).forward(np.ones((5, 5)))
    assert checked.module.Line.forward.__code__ is plain


def test_docstrings_serve_where_the_chapter_has_no_generic_call(check):
    checked = check()
    checked.run_docstrings()
    assert [len(calls) for calls in checked.recorder.calls] == [1, 0, 0]


def test_a_recorded_line_keeps_its_place_in_tracebacks(check):
    checked = check()
    with checked.recorder, pytest.raises(ValueError, match="matmul") as error:
        checked.module.Line(np.ones((4, 3))).forward(np.ones((5, 5)))
    assert error.traceback[-1].lineno + 1 == checked.tags[0].place.line


def test_an_unknown_label_is_an_error_at_its_line(check):
    with pytest.raises(BookError, match=r"line\.py:16: no displayed equation of 01-line\.md has the label line:Z"):
        check(MODULE.replace("line:forward", "line:Z"))


def test_a_module_of_the_same_name_from_elsewhere_is_refused(check, tmp_path):
    check()
    other = tmp_path / "other" / "toy"
    other.mkdir(parents=True)
    (other / "line.py").write_text(MODULE, encoding="utf-8")
    with pytest.raises(ImportError, match="was imported from"):
        code.load(other / "line.py")


def test_an_axis_of_length_one_does_not_count_but_a_wrong_shape_does():
    assert code.difference(np.ones((3, 1)), np.ones(3)) == 0
    assert code.difference(np.ones((3, 2)), np.ones((2, 3))) == np.inf
    assert code.difference(np.array([np.inf, 1]), np.array([np.inf, 1])) == 0
    assert code.difference(np.array([np.inf]), np.array([1.0])) == np.inf
    assert not code.difference(np.array([np.nan]), np.array([np.nan])) <= TOLERANCE


def test_a_snapshot_shares_what_was_shared_and_keeps_what_cannot_be_copied():
    a, lines = np.zeros(2), iter([1])
    kept = recorder.snapshot({"a": a, "b": a, "g": (x for x in lines)})
    a += 1
    assert kept["a"] is kept["b"]
    assert kept["a"].tolist() == [0, 0]


def mutants(tmp_path, line, dimensions=2):
    path = tmp_path / "line.py"
    path.write_text(f"def f():\n    {line}  # eq line:a\n", encoding="utf-8")
    (tag,) = tags.read(path)
    return [(m.kind, m.source) for m in code_mutants(tag, lambda _: dimensions)]


@pytest.mark.parametrize(
    ("line", "kind", "wrong"),
    [
        ("Z = X @ W + b", "operator", "Z = X @ W - b"),
        ("Z = X @ W + b", "operator", "Z = X * W + b"),
        ("Z = X @ W + b", "operand order", "Z = W @ X + b"),
        ("Z = X @ W + b", "dropped factor", "Z = W + b"),
        ("Z = X @ W + b", "dropped term", "Z = X @ W"),
        ("Z = X @ W + b", "added transpose", "Z = X @ W.T + b"),
        ("return X.T @ G", "dropped transpose", "return X @ G"),
        ("p -= rate * g", "operator", "p += rate * g"),
        ("p -= rate * g", "dropped term", "p = rate * g"),
        ("p -= rate * g", "dropped factor", "p -= g"),
        ("s = G.sum(axis=0)", "axis", "s = G.sum(axis=1)"),
        ("s = G.sum(axis=0)", "axis", "s = G.sum()"),
        ("s = G.sum(axis=0)", "dropped function", "s = G"),
        ("s = G.sum(axis=0)", "function", "s = G.mean(axis=0)"),
        ("A = np.maximum(Z, 0)", "function", "A = np.minimum(Z, 0)"),
        ("A = np.maximum(Z, 0)", "dropped function", "A = Z"),
        ("A = np.maximum(Z, 0)", "constant", "A = np.maximum(Z, 1)"),
        ("return G * (Z > 0)", "comparison", "return G * (Z >= 0)"),
        ("return G * (Z > 0)", "comparison", "return G * (Z < 0)"),
        ("L = (a - b) ** 2", "constant", "L = (a - b) ** 3"),
        ("L = (a - b) ** 2", "operand order", "L = (b - a) ** 2"),
        ("L = -a / m", "sign", "L = a / m"),
        ("L = -a / m", "operand order", "L = m / -a"),
        ("p = P[i, y]", "dropped index", "p = P"),
        ("p = P[i, y]", "index", "p = P[y, i]"),
        ("A = f(X) if t else g(X)", "condition", "A = g(X) if t else f(X)"),
    ],
)
@pytest.mark.long_but_one_in(4)
def test_wrong_versions_of_a_line(tmp_path, line, kind, wrong):
    assert (kind, wrong) in mutants(tmp_path, line)


def test_a_part_without_a_label_has_no_wrong_versions(tmp_path):
    found = mutants(tmp_path, "return -g, {'cache': a + b}", dimensions=1)
    assert found == [("sign", "return (g, {'cache': a + b})")]


def test_every_wrong_version_is_another_one_and_none_is_the_line_itself(tmp_path):
    found = [source for _, source in mutants(tmp_path, "Z = X @ W + X @ W")]
    assert len(found) == len(set(found))
    assert "Z = X @ W + X @ W" not in found


def test_what_has_one_axis_gets_no_transpose(tmp_path):
    assert "added transpose" not in {kind for kind, _ in mutants(tmp_path, "Z = X @ W + b", dimensions=1)}


def judged(toy):
    """Kind and source of the wrong versions that the code check lets through, and whether they mean the same."""
    whole = Assembly.of(toy.chapter)
    checked = whole.recorded()
    judges = [LineJudge(checked, whole.equations, tag) for tag in checked.tags]
    made = [(mutant, judge.verdict_on(mutant)) for judge in judges for mutant in judge.mutants()]
    assert len(made) > 10
    return [(m.kind, m.source, isinstance(v, Equivalent)) for m, v in made if v != Rejected(By.CODE)]


def test_the_code_check_rejects_every_wrong_version(toy):
    assert judged(toy) == []


def test_what_means_the_same_is_found_out(toy):
    squares = [
        (r"Z = XW \label", r"Z = \frac{1}{2} (X - 1)^2 W \label"),
        (r"= X^\top \frac", r"= \frac{1}{2} ((X - 1)^2)^\top \frac"),
        ("return X @ W", "return (X - 1) ** 2 / 2 @ W"),
        ("return X.T @ grad_Z", "return ((X - 1) ** 2 / 2).T @ grad_Z"),
    ]
    assert [(kind, same) for kind, _, same in judged(toy.write(squares))] == [("operand order", True)] * 2


def test_a_version_that_differs_at_a_kink_only_does_not_mean_the_same(toy):
    relu = [
        (r"Z = XW \label{line:forward}", r"Z = \max(0, X) W \label{line:forward}"),
        (r"= X^\top \frac", r"= \max(0, X)^\top \frac"),
        ("return X @ W", "return (X * (X > 0)) @ W"),
        ("return X.T @ grad_Z", "return (X * (X > 0)).T @ grad_Z"),
    ]
    found = judged(toy.write(relu))
    assert [(kind, same) for kind, _, same in found] == [("comparison", True)] * 2  # x [x >= 0] is x [x > 0]
    step = [
        (r"Z = XW \label{line:forward}", r"Z = [X > 0] W \label{line:forward}"),
        (r"= X^\top \frac", r"= [X > 0]^\top \frac"),
        ("return X @ W", "return (X > 0) @ W"),
        ("return X.T @ grad_Z", "return (X > 0).T @ grad_Z"),
    ]
    assert [(kind, same) for kind, _, same in judged(toy.write(step))] == [("comparison", False)] * 2
