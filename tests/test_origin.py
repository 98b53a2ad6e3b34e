"""What a saved network learned from is known again."""

import numpy as np
import pytest

from nnlit import Dense, Network, load, load_mnist, save
from nnlit.files import DataError
from nnlit.origin import KEPT, Origin, holdout, read_origin


@pytest.fixture(scope="module")
def images():
    return load_mnist().X_train, load_mnist().y_train


def saved(path, learned, **changes):
    network = Network([Dense.start(4, 3, np.random.default_rng(0))])
    save(network, path, {**learned.arrays(), **changes})
    assert load(path) == network
    return path


def test_the_held_out_part_is_found_again(images, tmp_path):
    X, y = images
    X_train, _, X_held, y_held = holdout(X, y, 0.1, seed=3)
    origin = read_origin(saved(tmp_path / "m.npz", Origin.of(X, y, 0.1, 3, X_train)))
    again = origin.held_out(X, y)
    assert np.array_equal(again[0], X_held)
    assert np.array_equal(again[1], y_held)
    assert origin.held_out(X[1:], y[1:]) is None
    assert origin.held_out(X, (y + 1) % 10) is None
    assert Origin.of(X, y, 0.0, 3, X).held_out(X, y) is None


@pytest.mark.parametrize("m", [300, 5000])
def test_the_part_that_was_seen(images, m):
    """Exactly for few images; from more only those with the smallest hashes are kept, and the part is an estimate."""
    X, y = images
    origin = Origin.of(X[:m], y[:m], 0.0, 0, X[:m])
    assert len(origin.seen) == min(m, KEPT)
    assert origin.part_seen(X[:m]) == 1.0
    assert origin.part_seen(load_mnist().X_test) == 0.0
    half = np.concatenate([X[:300], load_mnist().X_test[:300]])
    assert origin.part_seen(half) == pytest.approx(0.5, abs=0.15)
    assert origin.part_seen(X[:0]) == 0.0


def test_a_network_without_an_origin(tmp_path):
    save(Network([Dense.start(4, 3, np.random.default_rng(0))]), tmp_path / "m.npz")
    assert read_origin(tmp_path / "m.npz") is None


@pytest.mark.parametrize(
    "change",
    [
        {"origin": np.frombuffer(b"[]", np.uint8)},
        {"origin": np.frombuffer(b"no JSON", np.uint8)},
        {"origin": np.frombuffer(b'{"data": "", "holdout": 2, "seed": 0}', np.uint8)},
        {"origin": np.frombuffer(b'{"data": "", "holdout": 0.1, "seed": -1}', np.uint8)},
        {"seen": np.zeros(3)},
        {"seen": np.zeros((3, 3), np.uint64)},
    ],
)
def test_a_damaged_origin_is_refused(images, tmp_path, change):
    path = saved(tmp_path / "m.npz", Origin.of(*images, 0.1, 0, images[0]), **change)
    with pytest.raises(DataError, match=r"m.npz: what it says of its origin cannot be read"):
        read_origin(path)


@pytest.mark.parametrize(
    ("data", "part", "seed", "seen", "right"),
    [
        ("a", 0.0, 0, np.zeros(3, np.uint64), True), ("a", 0.99, 7, np.zeros(0, np.uint64), True),
        ("a", 1.0, 0, np.zeros(3, np.uint64), False), ("a", -0.1, 0, np.zeros(3, np.uint64), False),
        ("a", 0.1, -1, np.zeros(3, np.uint64), False), ("a", 0.1, 0, np.zeros(3, np.int64), False),
        ("a", 0.1, 0, np.zeros((3, 1), np.uint64), False), ("a", np.nan, 0, np.zeros(3, np.uint64), False),
    ],
)  # fmt: skip
def test_what_no_training_has_left_is_no_origin(data, part, seed, seen, right):
    if right:
        assert Origin(data, part, seed, seen) == Origin(data, part, seed, seen[:0])
        assert Origin(data, part, seed, seen) != Origin(data, part, seed + 1, seen)
    else:
        with pytest.raises(ValueError, match="expected hashes of 64 bits, a part below 1 and a seed, but it has"):
            Origin(data, part, seed, seen)


@pytest.mark.parametrize(
    ("seen", "found", "part"),
    [
        (np.arange(KEPT), [0, KEPT - 1, KEPT, 2**64 - 1], 1.0), (np.arange(KEPT) * 2, [0, 1, 2, 3, 10**9], 0.5),
        (np.arange(KEPT - 1), [0, KEPT - 2, KEPT, 2**64 - 1], 0.5), ([5], [5, 2**64 - 1, 1], 1 / 3),
        (np.arange(KEPT), [KEPT, KEPT + 1], 0.0), ([], [1], 0.0),
    ],
)  # fmt: skip
def test_only_hashes_below_the_largest_that_is_kept_are_compared(monkeypatch, seen, found, part):
    monkeypatch.setattr("nnlit.origin.hashes", lambda _: np.array(found, np.uint64))
    assert Origin("a", 0.0, 0, np.array(seen, np.uint64)).part_seen(None) == pytest.approx(part)


def test_the_smallest_hashes_are_kept_once_each(monkeypatch):
    monkeypatch.setattr("nnlit.origin.hashes", lambda _: np.array([3, 1, 3, *range(KEPT, 2 * KEPT)], np.uint64))
    X, y = np.zeros((2, 3), np.uint8), np.arange(2)
    found = Origin.of(X, y, 0.25, 9, X)
    assert found.seen.tolist() == [1, 3, *range(KEPT, 2 * KEPT - 2)]
    assert (found.holdout, found.seed, len(found.data)) == (0.25, 9, 64)
    assert Origin.of(np.asfortranarray(X), y.astype(np.uint8), 0.25, 9, X) == found
    assert Origin.of(X, y[::-1], 0.25, 9, X) != found
