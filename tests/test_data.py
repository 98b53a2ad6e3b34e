"""Labels as one-hot rows, the split, the look at an image, and what bytes do."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays, integer_dtypes, unsigned_integer_dtypes

from nnlit import one_hot, show, split
from nnlit.data import INK, check_labels
from tests.tiers import tries

LABELS = st.integers(1, 7).flatmap(
    lambda K: st.tuples(st.just(K), arrays(np.int64, st.integers(0, 9), elements=st.integers(0, K - 1)))
)
QUICK = settings(max_examples=tries(50), derandomize=True, deadline=None)


@QUICK
@given(LABELS)
def test_one_hot_rows_sum_to_one_and_give_the_label_back(labelled):
    K, y = labelled
    Y = one_hot(y, K)
    assert Y.shape == (len(y), K)
    assert set(np.unique(Y)) <= {0.0, 1.0}
    assert (Y.sum(axis=1) == 1).all()
    assert (Y.argmax(axis=1) == y).all()
    assert Y.sum(axis=0).tolist() == [(y == k).sum() for k in range(K)]


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.uint8])
def test_one_hot_has_the_dtype_asked_for(dtype):
    assert one_hot(np.array([1, 0]), 2, dtype).dtype == dtype


@QUICK
@given(st.one_of(integer_dtypes(), unsigned_integer_dtypes()))
def test_every_integer_type_is_a_label(dtype):
    y = np.array([2, 0, 1], dtype=dtype)
    assert one_hot(y, 3).tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0]]
    assert y.tolist() == [2, 0, 1]


def test_no_labels_are_no_rows():
    assert one_hot(np.array([], dtype=int), 3).shape == (0, 3)


@pytest.mark.parametrize(
    ("y", "message"),
    [
        (np.array([[1], [0]]), r"expected one axis, \(m,\), but y has shape \(2, 1\); write y = np.ravel"),
        (np.array(1), r"y has shape \(\)"),
        (np.array([1.0, 0.0]), "expected integers, but y is float64"),
        (np.array([True, False]), "expected integers, but y is bool"),
        (np.array(["1", "0"]), "expected integers, but y is <U1"),
        (np.array([0, -1]), r"expected integers from 0 to 2, but y\[1\] is -1"),
        (np.array([0, 1, 3, 4]), r"expected integers from 0 to 2, but y\[2\] is 3; is K = 3"),
    ],
)
def test_what_is_no_label_is_refused(y, message):
    with pytest.raises(ValueError, match=f"labels: .*{message}"):
        check_labels(y, 3)
    with pytest.raises(ValueError, match="labels:"):
        one_hot(y, 3)


def test_check_labels_takes_a_list_and_changes_nothing():
    y = np.array([2, 0], dtype=np.uint8)
    assert check_labels(y, 3) is y
    assert check_labels([2, 0], 3).tolist() == [2, 0]


@QUICK
@given(st.integers(0, 30), st.floats(0, 1, exclude_max=True), st.integers(0, 2**32 - 1))
def test_split_loses_and_doubles_nothing(m, fraction, seed):
    X, y = np.arange(3 * m).reshape(m, 3), np.arange(m)
    X_train, y_train, X_held, y_held = split(X, y, fraction, np.random.default_rng(seed))
    assert len(y_held) == round(fraction * m)
    assert sorted([*y_train, *y_held]) == list(range(m))
    assert (X_train == X[y_train]).all()
    assert (X_held == X[y_held]).all()


def test_split_shuffles_by_its_generator_alone():
    X, y = np.arange(200).reshape(100, 2), np.arange(100)
    first, again, other = (split(X, y, 0.2, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert all((a == b).all() for a, b in zip(first, again, strict=True))
    assert (first[1] != other[1]).any()
    assert (first[1] != np.sort(first[1])).any()


def test_split_returns_copies_of_the_same_dtype():
    X, y = np.zeros((4, 2), dtype=np.uint8), np.arange(4)
    X_train, _, X_held, y_held = split(X, y, 0.5, np.random.default_rng(0))
    X_train[:], X_held[:], y_held[:] = 9, 9, 9
    assert X_train.dtype == X_held.dtype == np.uint8
    assert not X.any()
    assert y.tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize("fraction", [-0.1, 1, 1.5, float("nan")])
def test_split_refuses_what_is_no_fraction(fraction):
    with pytest.raises(ValueError, match="split: expected a fraction of at least 0 and below 1"):
        split(np.zeros((4, 2)), np.zeros(4), fraction, np.random.default_rng(0))


def test_split_refuses_labels_that_do_not_fit():
    with pytest.raises(ValueError, match=r"but X is \(4, 2\) and y is \(3,\)"):
        split(np.zeros((4, 2)), np.zeros(3), 0.5, np.random.default_rng(0))


def test_show_draws_row_after_row():
    x = np.array([0, 255, 0, 0, 0, 0, 26, 25, 231, 0], dtype=np.uint8)
    assert show(x, width=5) == " @\n . @"
    assert show(np.zeros(6), width=3) == "\n"
    assert show(np.zeros(0)) == ""


def test_show_has_ten_steps_of_ink():
    steps = show(np.arange(256, dtype=np.uint8), width=256)
    assert "".join(dict.fromkeys(steps)) == INK
    assert max(steps.count(ink) for ink in INK) - min(steps.count(ink) for ink in INK) <= 1
    assert show(np.array([0.9, 255.0, 127.9]), width=3) == " @="


def test_show_does_not_compute_in_bytes():
    assert show(np.array([200], dtype=np.uint8), width=1) == show(np.array([200]), width=1) == "#"


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (np.zeros(783), "expected lines of 28 pixels, but x has 783 numbers"),
        (np.full(28, 256), "they run from 256 to 256"),
        (np.full(28, -1.0), "they run from -1.0 to -1.0"),
        (np.full(28, np.nan), "expected pixels from 0 to 255"),
    ],
)
def test_show_refuses_what_is_no_image(x, message):
    with pytest.raises(ValueError, match=message):
        show(x)


def test_bytes_wrap_as_the_chapter_says():
    a, b = np.array([200], dtype=np.uint8), np.array([100], dtype=np.uint8)
    assert (a + b).tolist() == [44]
    assert (b - a).tolist() == [156]
    assert ((b - a) ** 2).mean() == 16
    assert (np.array([[200, 100]], dtype=np.uint8) @ np.array([[1], [1]], dtype=np.uint8)).tolist() == [[44]]
