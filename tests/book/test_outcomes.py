"""All outcomes of random symbols: how many there are, what they are worth, and when they are too many."""

import itertools
import math

import numpy as np
import pytest

from nnlit.book.assembly import Assembly
from nnlit.book.evaluation.outcomes import batches
from nnlit.book.source.place import BookError

HEADER = "| symbol | shape | code | meaning |\n|---|---|---|---|\n"


def outcomes(tmp_path, row, equation=r"\mathbb E[r] = \mathbb E[r]"):
    """The outcomes of the symbol `r` that a row declares."""
    path = tmp_path / "own.md"
    text = f"# Own\n\n{HEADER}| $a$ | number | | between 0 and 1 |\n{row}\n\n$$\n{equation}\n\\label{{own:it}}\n$$\n"
    path.write_text(text, encoding="utf-8")
    whole = Assembly.of(path)
    display = whole.analysis.by_label["own:it"]
    world = whole.equations.data.world(display, 0)
    return world.scope.random["r"](world), world


def test_every_entry_is_one_or_zero(tmp_path):
    found, world = outcomes(tmp_path, "| $r$ | $2$ | | every entry is 1 with probability $a$ |")
    a = float(world.value("a").data)
    assert found.values.tolist() == [[1, 1], [1, 0], [0, 1], [0, 0]]
    np.testing.assert_allclose(found.weights, [a * a, a * (1 - a), (1 - a) * a, (1 - a) ** 2])


def test_values_with_equal_chances(tmp_path):
    found, world = outcomes(tmp_path, "| $r$ | number | | $-a$ or $a$ with equal chances |")
    a = float(world.value("a").data)
    assert found.values.tolist() == [-a, a]
    assert found.weights.tolist() == [0.5, 0.5]


def test_labels_with_equal_chances(tmp_path):
    found, _ = outcomes(tmp_path, "| $r$ | labels, $2$ | | labels 0..3-1 with equal chances |")
    assert found.values.tolist() == [[i, j] for i in range(3) for j in range(3)]
    np.testing.assert_allclose(found.weights, 1 / 9)


@pytest.mark.parametrize(
    ("meaning", "count"),
    [
        ("every subset of size $s$ of $1..t$", math.comb),
        ("every sequence of length $s$ from $1..t$", lambda t, s: t**s),
    ],
)
def test_batches(tmp_path, meaning, count):
    rows = f"| $s$, $t$ | size | | sizes |\n| $x$ | $t$ | | numbers |\n| $r$ | $s$ | | {meaning} |"
    found, world = outcomes(tmp_path, rows, r"\mathbb E\left[ \sum_{i \in r} x_i \right] = \frac{s}{t} \sum_i x_i")
    s, t = (int(world.value(name).data) for name in "st")
    assert len(found.weights) == count(t, s)
    assert found.weights.sum() == pytest.approx(1)
    assert found.values.shape == (count(t, s), t)
    assert set(found.values.sum(axis=1)) == {s}
    largest = 1 if "subset" in meaning else s
    assert found.values.max() == largest
    again, _ = outcomes(tmp_path, rows, r"\mathbb E\left[ \sum_{i \in r} x_i \right] = \frac{s}{t} \sum_i x_i")
    assert again.values is found.values


@pytest.mark.parametrize(("repeat", "ways"), [(False, itertools.combinations), (True, itertools.product)])
@pytest.mark.parametrize("members", [0, 1, 3])
def test_a_batch_counts_its_examples(members, repeat, ways):
    listing = ways(range(4), repeat=members) if repeat else ways(range(4), members)
    counts = [[way.count(k) for k in range(4)] for way in listing]
    np.testing.assert_array_equal(batches(4, members, repeat=repeat).values, counts)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("| $r$ | $20$ | | every entry is 1 with probability $a$ |", "more than 200000 outcomes"),
        ("| $r$ | $2000$ | | every entry is 1 with probability $a$ |", "more than 200000 outcomes"),
        ("| $r$ | $3$ | | every subset of size $30$ of $1..60$ |", "more than 200000 outcomes"),
        ("| $r$ | $3$ | | every sequence of length $9$ from $1..60$ |", "more than 200000 outcomes"),
        ("| $r$ | number | | 1 with probability $q$ |", r"\$q\$ in the meaning of r: q has no value"),
        ("| $r$ | number | | 1 with probability $1/0$ |", r"\$1/0\$ in the meaning of r is no finite number"),
    ],
)
def test_what_cannot_be_listed_is_said_with_its_row(tmp_path, row, message):
    with pytest.raises(BookError, match=message) as error:
        outcomes(tmp_path, row)
    assert str(error.value).startswith(f"{tmp_path / 'own.md'}:6")
