"""Random data for rows: every condition holds, sizes differ, and what cannot be drawn is said."""

import numpy as np
import pytest

from nnlit.book.assembly import Assembly
from nnlit.book.evaluation import sampling
from nnlit.book.evaluation.extremes import far, scaled
from nnlit.book.evaluation.sampling import CONDITIONS, generator, sizes
from nnlit.book.source.place import BookError

TIMES = r" \times "
HEADER = "| symbol | shape | code | meaning |\n|---|---|---|---|\n"


def drawn(tmp_path, rows, equation="1 = 1"):
    """Two draws of a page with these rows."""
    path = tmp_path / "own.md"
    path.write_text(f"# Own\n\n{HEADER}{rows}\n\n$$\n{equation}\n\\label{{own:it}}\n$$\n", encoding="utf-8")
    whole = Assembly.of(path)
    display = whole.analysis.by_label["own:it"]
    return [whole.equations.data.world(display, seed) for seed in (0, 1)], whole.analysis.part(display)


def one_hot(X):
    return bool((np.sort(X, axis=-1)[..., :-1] == 0).all() and (X.max(axis=-1) == 1).all())


HOLDS = {
    "one-hot rows": lambda X: one_hot(X) and (X.sum(axis=0) > 0).all(),  # every class occurs
    "one-hot": one_hot,
    "rows sum to one": lambda X: np.allclose(X.sum(axis=-1), 1) and (X > 0).all(),
    "entries sum to one": lambda X: np.allclose(X.sum(axis=-1), 1) and (X > 0).all(),
    "symmetric positive definite": lambda X: np.array_equal(X, X.T) and (np.linalg.eigvalsh(X) > 0).all(),
    "symmetric": lambda X: np.array_equal(X, X.T),
    "symmetric matrix": lambda X: np.array_equal(X, X.T),
    "a symmetric matrix": lambda X: np.array_equal(X, X.T),
    "orthogonal": lambda X: np.allclose(X.T @ X, np.eye(len(X))),
    "positive": lambda X: (X > 0).all(),
    "between 0 and 1": lambda X: ((X > 0) & (X < 1)).all(),
    "-1 or 1": lambda X: set(X.ravel()) == {-1, 1},
    "0 or 1": lambda X: set(X.ravel()) == {0, 1},
    "all ones": lambda X: (X == 1).all(),
    "all zeros": lambda X: (X == 0).all(),
    "identity": lambda X: np.array_equal(X, np.eye(len(X))),
    "the imaginary unit": lambda X: (X == 1j).all(),
    "holds exact zeros": lambda X: (X == 0).sum() == 1,
    "numbers": lambda X: (X != 0).all() and len(set(X.ravel())) == X.size,
}
SQUARE = ("symmetric", "orthogonal", "identity", "a symmetric")


def test_every_condition_has_a_test():
    assert set(HOLDS) == set(CONDITIONS) | {"holds exact zeros", "numbers"}


@pytest.mark.parametrize("condition", HOLDS)
def test_a_condition_holds_in_every_draw(tmp_path, condition):
    shape = r"$n \times n$" if condition.startswith(SQUARE) else r"$m \times n$"
    worlds, _ = drawn(tmp_path, f"| $X$ | {shape} | | {condition} |")
    for world in worlds:
        X = world.value("X").data
        assert X.ndim == 2
        assert HOLDS[condition](X)


def test_sizes_differ_within_a_draw_and_from_draw_to_draw(tmp_path):
    rows = "| $X$ | $m \\times n$ | | |\n| $y$ | labels, $m$ | | labels 0..K-1 |\n| $K$ | size | | |"
    worlds, part = drawn(tmp_path, rows)
    found = [sizes(world) for world in worlds]
    assert set(part.sizes) == {0, 1}
    assert all(len(set(sizes.values())) == len(sizes) == 3 and min(sizes.values()) > 1 for sizes in found)
    assert found[0] != found[1]
    for world, size in zip(worlds, found, strict=True):
        assert set(world.value("y").data) == set(range(size["K"])), "every class occurs"


def test_sizes_fit_shapes_that_are_computed(tmp_path):
    (world, _), _ = drawn(tmp_path, "| $x$ | $m$ | | |\n| $y$ | $m - n + 1$ | | |\n| $w$ | $n$ | | |")
    m, n = (sizes(world)[name] for name in "mn")
    assert world.value("y").shape == (m - n + 1,)
    assert m - n + 1 > 1


def test_a_new_row_leaves_the_data_of_the_others_alone(tmp_path):
    (first, _), _ = drawn(tmp_path, "| $X$ | $m \\times n$ | | |")
    (second, _), _ = drawn(tmp_path, "| $W$ | $m \\times n$ | | |\n| $X$ | $m \\times n$ | | |")
    np.testing.assert_array_equal(first.value("X").data, second.value("X").data)
    assert not np.array_equal(second.value("W").data, second.value("X").data)
    assert generator("X", 0).integers(1000) == generator("X", 0).integers(1000)


def test_only_what_is_asked_for_is_drawn_and_once(tmp_path, monkeypatch):
    (near, _), part = drawn(tmp_path, "| $X$ | $m \\times n$ | | |\n| $x$ | number | | |\n| $w$ | $n$ | | |")
    asked = []
    monkeypatch.setattr(sampling, "generator", lambda name, seed: asked.append(name) or generator(name, seed))
    worlds = near, near.copied(), far(near, part, 4), scaled(near, part, 16.0)
    assert asked == []
    X, same, apart, larger = (world.value("X").data for world in worlds)
    assert asked == ["X"]
    np.testing.assert_array_equal(X, same)
    np.testing.assert_allclose(larger, 16 * X)
    np.testing.assert_allclose(apart[1] - X[1], 1000)


def test_what_rests_on_a_number_that_is_scaled_is_drawn_as_before(tmp_path):
    rows = "| $q$ | number | | |\n| $d$ | $n$ | | the mask: every entry is 1 with probability $q$ |\n| $x$ | $n$ | | |"
    (world, _), part = drawn(tmp_path, rows.replace("number | | ", "number | | between 0 and 1"))
    other = scaled(world, part, 16.0)
    assert world.value("q").data == other.value("q").data
    np.testing.assert_array_equal(world.value("d").data, other.value("d").data)
    np.testing.assert_allclose(16 * world.value("x").data, other.value("x").data)


def test_a_kink_gets_an_exact_zero(tmp_path):
    rows = "| $Z$ | $m \\times n$ | | |\n| $z$ | number | | |"
    (world, _), part = drawn(tmp_path, rows, r"A = \max(0, Z) + \max(0, z)")
    assert part.zeros >= {"Z", "z"}
    assert (world.value("Z").data == 0).sum() == 1
    assert (world.value("z").data == 0).sum() == 1


def test_whole_numbers_are_small_and_numbers_away_from_zero(tmp_path):
    worlds, _ = drawn(tmp_path, "| $t$ | integer | | |\n| $x$ | number | | |")
    for world in worlds:
        assert world.value("t").data.item() in {2, 3, 4}
        assert 0.5 <= abs(world.value("x").data) <= 1.5


def test_in_every_fourth_draw_rows_without_a_condition_are_a_thousand_apart(tmp_path):
    rows = "| $X$ | $m \\times n$ | | |\n| $P$ | $m \\times n$ | | rows sum to one |\n| $x$ | number | | |"
    (near, other), part = drawn(tmp_path, rows)
    before = {name: near.value(name).data for name in ("X", "P", "x")}
    world = far(near, part, 4)
    gaps = np.diff(world.value("X").data - before["X"], axis=0)
    np.testing.assert_allclose(gaps, 1000)
    assert np.array_equal(world.value("P").data, before["P"])
    assert world.value("x").data == before["x"]
    unmoved = other.value("X").data
    assert np.array_equal(far(other, part, 5).value("X").data, unmoved)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (r"| $X$ | $m \times n$ | | symmetric |", "cannot be symmetric"),
        ("| $X$ | $400 \\times 400$ | | |", "more than 100000 entries or 12 axes are not drawn"),
        (f"| $X$ | ${TIMES.join('2' * 13)}$ | | |", "more than 100000 entries or 12 axes are not drawn"),
        ("| $m$ | size | | |\n| $X$ | $m - 20$ | | |", "no sizes fit the shape of X"),
        ("| $X$ | $\\frac{m}{0}$ | | |\n| $m$ | size | | |", "shape of X: "),
    ],
)
def test_what_cannot_be_drawn_is_said_with_its_row(tmp_path, rows, message):
    with pytest.raises(BookError, match=message) as error:
        drawn(tmp_path, rows)
    assert str(error.value).startswith(f"{tmp_path / 'own.md'}:")


@pytest.mark.parametrize("meaning", ["0 or 1", "-1 or 1", "+1 or -1", "one-hot"])
def test_where_there_is_no_room_for_every_class_each_draw_has_another(tmp_path, meaning):
    """A number that is 0 or 1 is both in some draws, and so is every class of a single one-hot vector."""
    shape = "$n$" if meaning == "one-hot" else "number"
    path = tmp_path / "own.md"
    path.write_text(f"# Own\n\n{HEADER}| $y$ | {shape} | | {meaning} |\n\n$$\ny = y\n$$\n", encoding="utf-8")
    whole = Assembly.of(path)
    (display,) = whole.chapter.displays
    values = [whole.equations.data.world(display, seed).value("y").data for seed in range(sampling.DRAWS)]
    assert len({int(np.argmax(y)) if y.shape else float(y) for y in values}) > 1
