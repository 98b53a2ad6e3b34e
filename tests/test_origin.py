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
