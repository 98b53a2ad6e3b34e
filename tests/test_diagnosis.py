"""Diagnosis: each kind of trouble, made on purpose, is found, and nothing else is; sections that are named exist."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from markdown.extensions.toc import slugify

from nnlit import (
    Dense,
    Network,
    ReLU,
    Scale,
    Sigmoid,
    Tanh,
    diagnose,
    diagnosis,
    glorot,
    he,
    one_hot,
    softmax_cross_entropy,
    squared_error,
)  # fmt: skip
from nnlit.diagnosis import ADVICE, Findings, Look, frequencies, uninformed, update_ratio

DOCS = Path(__file__).parents[1] / "docs"


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def data(rng):
    """Three classes, each around a place of its own."""
    y = np.arange(60) % 3
    return rng.normal(size=(60, 8)) + 2 * one_hot(y, 8, float), y


def network(start=he, act=ReLU, first=(), seed=0):
    rng = np.random.default_rng(seed)
    return Network([*first, start(8, 6, rng, dtype=float), act(), start(6, 3, rng, dtype=float)])


def kinds(network, X, y, loss=softmax_cross_entropy):
    places = {advice: kind for kind, advice in ADVICE.items()}
    return [places[f.cause, f.cure, f.section] for f in diagnose(network, X, y, loss)]


def test_a_network_that_can_tell_the_classes_has_nothing(data):
    X, y = data
    right = Network([Dense(4 * np.eye(8, 3), np.zeros(3))])
    assert kinds(right, X, y) == []
    assert repr(diagnose(right, X, y, softmax_cross_entropy)) == "nothing found"


@pytest.mark.parametrize(("start", "act"), [(he, ReLU), (glorot, Tanh)])
def test_a_start_has_nothing_but_that_it_knows_nothing(data, start, act):
    assert kinds(network(start, act), *data) in ([], ["nothing"])


def test_dead_units_are_found_and_counted(data):
    dead = network()
    dead.layers[0].b[:4] = -1e3
    found = diagnose(dead, *data, softmax_cross_entropy)
    assert [f.number for f in found if "units" in f.symptom] == [pytest.approx(4 / 6)]
    dead.layers[0].b[:3] = -1e3
    dead.layers[0].b[3:] = 0
    assert "dead" in kinds(dead, *data)
    dead.layers[0].b[2] = 0
    assert "dead" not in kinds(dead, *data)


@pytest.mark.parametrize("act", [Tanh, Sigmoid])
def test_saturated_units(data, act):
    flat = network(act=act)
    flat.layers[0].W[:] *= 1e3
    assert "saturated" in kinds(flat, *data)
    assert "saturated" not in kinds(network(act=act), *data)


@pytest.mark.parametrize(("factor", "found"), [(1e-3, True), (0.1, False), (1, False), (3, False), (50, True)])
def test_the_scale(data, factor, found):
    X, y = data
    assert ("scale" in kinds(network(first=[Scale(factor)]), X, y)) == found
    assert ("scale" in kinds(network(), factor * X, y)) == found


def test_outputs_that_do_not_depend_on_the_example(data):
    lost = network()
    lost.layers[0].W[:] *= 1e-9
    lost.layers[0].b[:] = 1
    assert kinds(lost, *data)[0] == "lost"


def test_units_that_are_alike(data):
    alike = network()
    alike.layers[0].W[:] = alike.layers[0].W[:, :1]
    assert "alike" in kinds(alike, *data)
    assert "alike" not in kinds(network(), *data)
    single = Network([Dense(np.ones((8, 1)), np.zeros(1)), ReLU(), Dense(np.ones((1, 3)), np.zeros(3))])
    assert "alike" not in kinds(single, *data)


def test_one_answer_for_all(data):
    one = network()
    one.layers[-1].b[1] = 1e2
    found = diagnose(one, *data, softmax_cross_entropy)
    assert found[-1].symptom == "the part of the answers that are 1"
    assert found[-1].number == 1
    X, _ = data
    assert "one" not in kinds(one, X, np.r_[np.ones(57, int), 0, 2, 0])  # the answer that is nearly always right


def test_the_loss_of_the_best_constant_answer(data):
    X, y = data
    zero = network(lambda n_in, n_out, rng, dtype: Dense(np.zeros((n_in, n_out)), np.zeros(n_out)))
    found = diagnose(zero, X, y, softmax_cross_entropy)
    assert [f.number for f in found if "constant" in f.symptom] == [pytest.approx(np.log(3))]
    far = network()
    far.layers[-1].W[:] *= 1e3
    assert "far" in kinds(far, X, y)


@pytest.mark.parametrize("value", [np.inf, np.nan])
def test_numbers_that_are_not_finite_come_first(data, value):
    broken = network()
    broken.layers[0].W[0, 0] = value
    found = diagnose(broken, *data, softmax_cross_entropy)
    assert found[0].symptom == "parameters that are not finite"
    assert found[0].number == 1


def test_regression_has_no_classes(data, rng):
    X, _ = data
    Y = X @ rng.normal(size=(8, 3))
    right = Network([Dense(np.linalg.lstsq(X, Y, rcond=None)[0], np.zeros(3))])
    assert kinds(right, X, Y, squared_error) == []
    mean = Network([Dense(np.zeros((8, 3)), Y.mean(axis=0))])
    assert kinds(mean, X, Y, squared_error) == ["lost", "nothing"]


def test_a_network_within_a_network_is_looked_into(data):
    dead = network()
    dead.layers[0].b[:] = -1e3
    assert kinds(Network([dead]), *data) == kinds(dead, *data)
    assert "dead" in kinds(dead, *data)


def test_nothing_is_changed(data):
    X, y = data
    before, start = X.copy(), network()
    W = start.layers[0].W.copy()
    diagnose(start, X, y, softmax_cross_entropy)
    np.testing.assert_array_equal(X, before)
    np.testing.assert_array_equal(start.layers[0].W, W)


@pytest.mark.parametrize(
    ("X", "y"), [(np.ones((3, 7)), [0, 1, 2]), (np.ones((3, 8)), [0, 1]), (np.ones((3, 8)), [0, 1, 3])]
)
def test_what_does_not_fit_is_refused(X, y):
    with pytest.raises(ValueError, match=r"expected"):
        diagnose(network(), X, np.array(y), softmax_cross_entropy)


@given(arrays(np.float64, (7, 4), elements=st.floats(0.01, 1)), arrays(np.float64, 4, elements=st.floats(-5, 5)))
def test_no_constant_answer_is_better(Y, z):
    Y = Y / Y.sum(axis=1, keepdims=True)
    best = uninformed(softmax_cross_entropy, Y)
    assert best <= softmax_cross_entropy.loss(np.tile(z, (7, 1)), Y) + 1e-12
    f = frequencies(Y)
    assert best == pytest.approx(-(f * np.log(f)).sum(), rel=1e-12)


def test_a_class_that_never_occurs_costs_nothing():
    assert uninformed(softmax_cross_entropy, one_hot(np.array([0, 1]), 3, float)) == pytest.approx(np.log(2))


def test_the_update_ratio_is_a_quotient_of_lengths(rng):
    W, step = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
    assert update_ratio(W, step) == pytest.approx(np.linalg.norm(step) / np.linalg.norm(W), rel=1e-12)
    assert update_ratio(W, 0.01 * W) == pytest.approx(0.01)


def test_findings_print_as_a_list_and_say_where_to_read(data):
    dead = network()
    dead.layers[0].b[:] = -1e3
    found = diagnose(dead, *data, softmax_cross_entropy)
    assert isinstance(found, Findings)
    assert re.match(r"1\. .+: .+\n   cause: .+\n   cure: .+\n   see: \w+#[\w-]+\n2\. ", repr(found))


@pytest.mark.parametrize("kind", ADVICE)
def test_the_sections_exist(kind):
    stem, _, anchor = ADVICE[kind][2].partition("#")
    (page,) = DOCS.glob(f"[0-9][0-9]-{stem}.md")
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert anchor in {slugify(heading, "-") for heading in headings}


# --- where a number begins to be a finding ----------------------------------------------------------------------------


def kinds_at(check, layers, X, Y, loss=squared_error):
    """Whether one of the checks finds something."""
    return bool(list(check(Look(Network(layers), np.asarray(X, float), np.asarray(Y, float), loss))))


def identity(n):
    return Dense(np.eye(n), np.zeros(n))


@pytest.mark.parametrize(("size", "found"), [(0.0199, True), (0.0201, False), (9.99, False), (10.01, True)])
def test_what_the_first_weights_are_fed_has_a_size_from_a_fiftieth_to_ten(size, found):
    X = size * np.array([[1.0, -1.0], [-1.0, 1.0]])
    assert kinds_at(diagnosis._scale, [identity(2)], X, X) == found


@pytest.mark.parametrize(("spread", "found"), [(0.0099, True), (0.0102, False)])
def test_outputs_that_differ_by_less_than_a_hundredth_are_lost(spread, found):
    X = 1 + spread * np.array([[1.0], [-1.0]])
    assert kinds_at(diagnosis._lost, [identity(1)], X, X) == found
    assert not kinds_at(diagnosis._lost, [identity(1)], X[:1], X[:1])  # of one example nothing can be said


@pytest.mark.parametrize(("dead", "found"), [(4, False), (5, True), (6, True)])
def test_half_of_the_units_is_many(dead, found):
    X = np.ones((3, 10))
    X[:, :dead] = -1
    assert kinds_at(diagnosis._dead, [ReLU(), identity(10)], X, X) == found
    X[:, :dead] = 0  # on, or not: at 0 no gradient passes
    assert kinds_at(diagnosis._dead, [ReLU(), identity(10)], X, X) == found
    X[0, :dead] = 1  # an example turns them on
    assert not kinds_at(diagnosis._dead, [ReLU(), identity(10)], X, X)


@pytest.mark.parametrize(("flat", "found"), [(4, False), (5, True)])
@pytest.mark.parametrize(("act", "to"), [(Tanh, np.arctanh), (Sigmoid, lambda h: 2 * np.arctanh(h))])
def test_half_of_the_outputs_on_the_flat_part_is_many(flat, found, act, to):
    X = np.full((2, 10), to(0.979))
    X[:, :flat] = to(0.981)
    assert kinds_at(diagnosis._saturated, [act(), identity(10)], X, X) == found
    assert kinds_at(diagnosis._saturated, [act(), identity(10)], -X, X) == found


@pytest.mark.parametrize(("step", "found"), [(0.9e-5, True), (1.1e-5, False)])
def test_weights_that_agree_to_five_digits_are_alike(step, found):
    W = np.array([[1.0, 1.0 + step], [-0.5, -0.5]])
    assert kinds_at(diagnosis._alike, [Dense(W, np.zeros(2)), identity(2)], np.eye(2), np.eye(2)) == found
    assert not kinds_at(diagnosis._alike, [identity(2), Dense(W, np.zeros(2))], np.eye(2), np.eye(2))  # the last one
    assert not kinds_at(diagnosis._alike, [Dense(W[:, :1], np.zeros(1)), identity(1)], np.eye(2), np.ones((2, 1)))


@pytest.mark.parametrize(
    ("share", "kind"), [(0.97, None), (0.99, "nothing"), (1.99, "nothing"), (2.01, "far"), (0.0, None)]
)
def test_the_loss_beside_that_of_the_best_constant_answer(share, kind):
    """Of targets 1 and -1 the best constant answer is 0, and its loss one half."""
    Y = np.array([[1.0], [-1.0]])
    X = Y * (1 - np.sqrt(share))
    look = Look(Network([identity(1)]), X, Y, squared_error)
    found = list(diagnosis._loss(look))
    assert look.value / look.nothing == pytest.approx(share)
    assert [f.cause for f in found] == ([ADVICE[kind][0]] if kind else [])


@pytest.mark.parametrize(
    ("one", "often", "found"), [(90, 10, False), (91, 10, True), (100, 66, True), (100, 67, False)]
)
def test_one_answer_is_found_where_it_is_far_more_frequent_than_its_class(one, often, found):
    """Among 100 examples `one` answers are class 0, which is right for `often`."""
    X = one_hot((np.arange(100) >= one).astype(int), 2)
    Y = one_hot((np.arange(100) >= often).astype(int), 2) if often >= 50 else np.full((100, 2), 0.5)
    assert kinds_at(diagnosis._one_class, [identity(2)], X, Y) == found


def test_a_thousand_examples_are_looked_at():
    X = np.ones((1003, 2))
    X[1000:] = np.nan  # it would be found
    with pytest.raises(ValueError, match="NaN in X, row 1000"):
        diagnose(Network([identity(2)]), X, X, squared_error)
    X = np.vstack([np.eye(2)] * 501)
    X[1000:] = 1e200
    assert not any(
        "finite" in f.symptom for f in diagnose(Network([identity(2)]), X, np.zeros((1002, 2)), squared_error)
    )
    X[999] = 1e200
    assert any("finite" in f.symptom for f in diagnose(Network([identity(2)]), X, np.zeros((1002, 2)), squared_error))


def test_twice_the_loss_of_the_best_constant_answer_is_not_far_yet():
    """Of targets 1 and -1 it is one half; with one of them missed by 2 the loss is 1, to the last bit."""
    for missed, kind in ((2.0, "nothing"), (2.0000001, "far")):
        look = Look(Network([identity(1)]), np.array([[1 + missed], [-1.0]]), np.array([[1.0], [-1.0]]), squared_error)
        assert [f.cause for f in diagnosis._loss(look)] == [ADVICE[kind][0]]


@pytest.mark.parametrize("size", [1e200, 1e308])
@pytest.mark.parametrize("loss", [squared_error, softmax_cross_entropy])
def test_numbers_that_are_too_large_are_looked_at_without_a_warning(size, loss):
    """Warnings are errors in these tests."""
    W = size * np.array([[1.0, -1.0, 1.0], [1.0, 1.0, -1.0]])
    large = Network([Dense(W, np.zeros(3)), ReLU(), Dense(size * np.ones((3, 3)) * [1.0, -1.0, 1.0], np.zeros(3))])
    assert len(diagnose(large, np.array([[1.0, 2.0], [3.0, -4.0], [0.0, 1.0]]), np.arange(3), loss)) > 0
    silent = Network([Dense(np.zeros((2, 3)), np.zeros(3))])
    assert len(diagnose(silent, np.zeros((3, 2)), np.arange(3), loss)) > 0
