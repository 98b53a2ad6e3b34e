"""The tape: its rules, its order, and every gradient of the library once more, without the library's `backward`."""

import importlib
import json
import pkgutil
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nnlit
from nnlit import (
    L2,
    Adam,
    Dense,
    Dropout,
    GradientDescent,
    LabelSmoothing,
    LeakyReLU,
    MiniBatches,
    Network,
    ReLU,
    Scale,
    Sigmoid,
    Softplus,
    Standardize,
    Tanh,
    binary_cross_entropy,
    fit,
    softmax_cross_entropy,
    squared_error,
    whole,
)
from nnlit.autodiff import RULES, Node, backward, gradients, on_tape, order, taped, unbroadcast
from nnlit.dense import Layer
from nnlit.gradcheck import complex_step
from nnlit.losses import Loss, Weighted
from nnlit.network import leaves
from tests.tiers import tries

ROOT = Path(__file__).parents[1]
M, N, K = 7, 4, 3
checked = settings(max_examples=tries(50), derandomize=True, deadline=None)

for module in pkgutil.iter_modules(nnlit.__path__):
    if module.name not in {"book", "cli", "estimator", "__main__"}:
        importlib.import_module(f"nnlit.{module.name}")


def derived(kind):
    return {kind for below in kind.__subclasses__() for kind in (below, *derived(below))}


def mine(kind):
    """The classes of the library derived from one, by name."""
    return {k.__name__: k for k in derived(kind) if k.__module__.startswith("nnlit.")}


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def near(found, expected):
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


# --- every layer ------------------------------------------------------------------------------------------------------


def mask(layer, X):
    """What Dropout multiplies by when its generator has the seed 7."""
    return layer.forward(np.ones(X.shape), np.random.default_rng(7))[0]


# a layer, and what it computes where its own forward wants a plain array: the equation of its chapter
LAYERS = {
    "Dense": (lambda rng: Dense.start(N, K, rng, float), None),
    "ReLU": (lambda _: ReLU(), None),
    "Sigmoid": (lambda _: Sigmoid(), None),
    "Tanh": (lambda _: Tanh(), None),
    "LeakyReLU": (lambda _: LeakyReLU(0.2), None),
    "Softplus": (lambda _: Softplus(), None),
    "Standardize": (lambda rng: Standardize(rng.normal(size=N), rng.uniform(1, 2, N)), None),
    "Network": (
        lambda rng: Network([Tanh(), Dense.start(N, 6, rng, float), Network([ReLU(), Dense.start(6, K, rng, float)])]),
        None,
    ),
    "Scale": (lambda _: Scale(1 / 255), lambda layer, X: X * layer.factor),
    "Dropout": (lambda _: Dropout(0.4), lambda layer, X: mask(layer, X) * X),
}
WITHOUT = {"Shift"}  # moves images and has no backward


def test_every_layer_is_looked_at():
    assert set(LAYERS) | WITHOUT == set(mine(Layer)), "a new layer needs a line in LAYERS"


@pytest.mark.parametrize("name", LAYERS)
def test_the_tape_has_the_gradients_of_every_layer(name, rng):
    make, equation = LAYERS[name]
    layer, X = make(rng), rng.normal(size=(M, N))
    A, cache = layer.forward(X, np.random.default_rng(7))
    G = rng.normal(size=A.shape)
    grad_X, grads = layer.backward(cache, G)
    noted, x = on_tape(layer), Node(X)
    result = equation(noted, x) if equation else noted.forward(x)[0]
    near(result.value, A)
    found = backward(result, G)
    near(found[x], grad_X)
    for node, grad in zip(leaves(noted), leaves(layer, grads), strict=True):
        near(found[node], grad)
    assert len(leaves(noted)) == len(leaves(layer))


@pytest.mark.parametrize("name", ["ReLU", "LeakyReLU"])
def test_at_a_corner_the_tape_chooses_as_the_layers_do(name):
    layer, X = LAYERS[name][0](None), np.zeros((2, 3))
    x = Node(X)
    assert (backward(layer.forward(x)[0], np.ones((2, 3)))[x] == layer.backward(X, np.ones((2, 3)))[0]).all()


# --- every loss -------------------------------------------------------------------------------------------------------


def cross_entropy(Z, Y):
    return (np.log(np.exp(Z).sum(axis=1)) - (Y * Z).sum(axis=1)).sum() / len(Y)


one_hot, rows = np.eye(K)[np.arange(M) % K], np.random.default_rng(5).uniform(size=(M, K))
LOSSES = {
    "SquaredError": (squared_error, rows, None),
    "SoftmaxCrossEntropy": (softmax_cross_entropy, one_hot, cross_entropy),
    "BinaryCrossEntropy": (binary_cross_entropy, rows, None),
    "LabelSmoothing": (
        LabelSmoothing(softmax_cross_entropy, 0.1),
        0.9 * one_hot + 0.1 / K,
        cross_entropy,
    ),
    "Weighted": (Weighted(squared_error), np.column_stack([rows, np.arange(1.0, M + 1)]), None),
}


def test_every_loss_is_looked_at():
    assert set(LOSSES) == set(mine(Loss)), "a new loss needs a line in LOSSES"


@pytest.mark.parametrize("name", LOSSES)
def test_the_tape_has_the_gradient_of_every_loss(name, rng):
    loss, Y, equation = LOSSES[name]
    Z = rng.normal(size=(M, K))
    z = Node(Z)
    L = (equation or loss.loss)(z, Y)
    value, grad = loss.value_and_gradient(Z, Y)
    near(L.value, value)
    near(gradients(L, [z])[0], grad)


def test_the_tape_has_the_gradient_of_the_penalty(rng):
    W, g, rate, strength = rng.normal(size=(N, K)), rng.normal(size=(N, K)), 0.5, 0.3
    w, moved, rule = Node(W), W.copy(), L2(GradientDescent(rate), strength)
    rule.update(moved, g.copy(), rule.init(moved), 1)
    penalty = gradients((w**2).sum() * (strength / 2), [w])[0]
    near((W - moved) / rate, g + penalty)


# --- rules ------------------------------------------------------------------------------------------------------------

SHAPES = [((5, 4), (5, 4)), ((5, 4), (4,)), ((5, 1), (4,)), ((4,), (5, 4)), ((), (5, 4)), ((5, 4), ())]
SHAPES += [((3, 1, 2), (4, 1))]
TWO = [op for op in RULES if op.nin == 2 and op not in {np.matmul, np.power}]
ONE = [op for op in RULES if op.nin == 1]


@pytest.mark.parametrize("operation", TWO, ids=lambda op: op.__name__)
@pytest.mark.parametrize("shapes", SHAPES, ids=str)
@pytest.mark.long_but_one_in(3)
def test_rules_of_two_inputs_undo_what_was_repeated(operation, shapes, rng):
    inputs = [rng.uniform(0.5, 2, shape) for shape in shapes]
    G = rng.normal(size=operation(*inputs).shape)
    nodes = [Node(x) for x in inputs]
    found = gradients((operation(*nodes) * G).sum(), nodes)
    for k, x in enumerate(inputs):
        assert found[k].shape == x.shape
        slope = complex_step(lambda x, k=k: (operation(*inputs[:k], x, *inputs[k + 1 :]) * G).sum(), x)
        near(found[k], slope)


@pytest.mark.parametrize("operation", ONE, ids=lambda op: op.__name__)
@pytest.mark.parametrize("shape", [(), (3,), (5, 4), (2, 3, 4)])
def test_rules_of_one_input(operation, shape, rng):
    X = rng.uniform(0.5, 2, shape)
    x = Node(X)
    near(gradients(operation(x).sum(), [x])[0], complex_step(lambda X: operation(X).sum(), X))


@pytest.mark.parametrize("p", [1, 2, 3, -1, 0.5, -1.5])
def test_powers_with_a_fixed_exponent(p, rng):
    X = rng.uniform(0.5, 2, (5, 4))
    x = Node(X)
    near(gradients((x**p).sum(), [x])[0], p * X ** (p - 1))


@pytest.mark.parametrize("axis", [None, 0, 1, -1])
@pytest.mark.parametrize("keepdims", [False, True])
def test_sums(axis, keepdims, rng):
    X = rng.normal(size=(5, 4))
    x = Node(X)
    result = x.sum(axis=axis, keepdims=keepdims)
    G = rng.normal(size=result.shape)
    expected = X.sum(axis=axis, keepdims=True)
    assert (result.value == X.sum(axis=axis, keepdims=keepdims)).all()
    near(backward(result, G)[x], np.broadcast_to(G.reshape(expected.shape), X.shape))


@checked
@given(st.lists(st.integers(1, 3), max_size=3), st.data())
def test_unbroadcast_is_the_adjoint_of_repeating(shape, data):
    kept = [n if data.draw(st.booleans()) else 1 for n in shape][data.draw(st.integers(0, len(shape))) :]
    rng = np.random.default_rng(0)
    x, G = rng.normal(size=kept), rng.normal(size=shape)
    near((np.broadcast_to(x, shape) * G).sum(), (x * unbroadcast(G, x)).sum())


def test_the_type_of_the_numbers_is_kept(rng):
    network = Network([Dense.start(N, 5, rng), Softplus(), Dense.start(5, K, rng)])
    X, Y = rng.normal(size=(M, N)).astype(np.float32), rows.astype(np.float32)
    _, found = taped(network, X, Y, squared_error)(slice(0, M), rng)
    assert {g.dtype for g in found} == {np.dtype(np.float32)}


def test_whole_numbers_become_float64():
    x = Node(np.array([1, 2, 3]))
    assert x.value.dtype == np.float64
    assert gradients((x**-1).sum(), [x])[0].tolist() == [-1.0, -0.25, -1 / 9]


# --- the order --------------------------------------------------------------------------------------------------------


@checked
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.booleans()), min_size=1, max_size=12))
def test_any_graph_of_sums_and_products_has_the_slopes_of_complex_step(steps):
    def run(u, v):
        made = [u, v]
        for i, j, product in steps:
            a, b = made[i % len(made)], made[j % len(made)]
            made.append(a * b * 0.5 if product else 0.5 * (a + b))
        return made[-1]

    u, v = Node(0.7), Node(-0.4)
    result = run(u, v)
    found = [float(g) for g in gradients(result, [u, v])]
    measured = [np.imag(run(0.7 + 1e-30j, -0.4 + 0j)) / 1e-30, np.imag(run(0.7 + 0j, -0.4 + 1e-30j)) / 1e-30]
    near(found, measured)
    seen = set()
    for node in order(result):
        assert not seen & set(node.parents), "a node stands before what was made of it"
        seen |= {node}
        assert all(parent.level < node.level for parent in node.parents)


def test_every_node_comes_once_even_where_the_paths_double():
    x = start = Node(1.0)
    for _ in range(200):
        x = x * 0.5 + x * 0.5
    assert len(order(x)) == 601
    assert gradients(x, [start])[0] == 1


def test_a_graph_may_be_deeper_than_python_recurses():
    x = start = Node(0.0)
    for _ in range(5000):
        x = x + 1.0
    assert gradients(x, [start])[0] == 1


def test_the_same_call_gives_the_same_bits_and_nothing_is_kept(rng):
    X = rng.normal(size=(5, 4))
    x = Node(X)
    parts = [np.tanh(x * k) for k in range(1, 9)]
    L = sum(parts[1:], parts[0]).sum()
    first, second = gradients(L, [x])[0], gradients(L, [x])[0]
    y = Node(X)
    others = [np.tanh(y * k) for k in range(1, 9)]
    third = gradients(sum(others[1:], others[0]).sum(), [y])[0]
    assert (first == second).all()
    assert (first == third).all()
    assert (x.value == X).all()


def test_gradients_belong_to_the_caller():
    x, y = Node(np.ones(3)), Node(np.ones(3))
    found = gradients((x + y).sum(), [x, y])
    found[0] *= 2
    assert found[1].tolist() == [1, 1, 1]


def test_what_the_result_was_not_made_of_has_no_slope():
    x, y = Node(np.ones(3)), Node(np.ones((2, 2)))
    assert gradients(x.sum(), [x, y])[1].tolist() == [[0, 0], [0, 0]]


# --- what is refused --------------------------------------------------------------------------------------------------

x = Node(np.ones((2, 2)))
REFUSED = {
    "no rule": (lambda: np.cos(x), TypeError, "cos of input 1 has no rule"),
    "exponent": (lambda: x**x, TypeError, "power of input 2 has no rule"),
    "exponential of another base": (lambda: 2**x, TypeError, "power of input 2 has no rule"),
    "comparison": (lambda: x > 0, TypeError, "greater of input 1 has no rule"),
    "reduction": (lambda: np.add.reduce(x), TypeError, "sum is written as a method"),
    "in place": (lambda: x.__imul__(2), TypeError, "not changed in place"),
    "into an array": (lambda: np.add(np.ones((2, 2)), x, out=np.ones((2, 2))), TypeError, "not changed in place"),
    "no matrix": (lambda: x @ np.ones(2), ValueError, r"@ expects matrices, but an input is \(2,\)"),
    "a plain array is wanted": (lambda: np.asfortranarray(x), TypeError, "a plain array is wanted here"),
    "no number": (lambda: gradients(x * 2, [x]), ValueError, r"expected a number, but L is \(2, 2\)"),
    "text": (lambda: Node("one"), ValueError, "one"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_noted_is_refused_and_named(name):
    call, error, text = REFUSED[name]
    with pytest.raises(error, match=text):
        call()


def test_a_product_with_an_array_on_the_left_is_noted():
    x = Node(np.ones((2, 3)))
    near(gradients((np.arange(6.0).reshape(2, 3) * x).sum(), [x])[0], np.arange(6.0).reshape(2, 3))
    near(gradients((np.ones((4, 2)) @ x).sum(), [x])[0], np.full((2, 3), 4.0))


# --- in training ------------------------------------------------------------------------------------------------------


class OnTape(type(softmax_cross_entropy)):
    def loss(self, Z, Y):
        return cross_entropy(Z, Y)


@pytest.mark.parametrize(("loss", "ours"), [(squared_error, squared_error), (softmax_cross_entropy, OnTape())])
def test_training_by_the_tape_is_training(loss, ours, rng):
    network = Network([Dense.start(N, 6, rng, float), Tanh(), Dense.start(6, K, rng, float)])
    X, y = rng.normal(size=(40, N)), np.arange(40) % K
    way = {"rule": Adam(0.01), "batches": MiniBatches(8), "epochs": 5}
    one, _ = fit(network, X, y, loss=loss, rng=np.random.default_rng(1), **way)
    two, _ = fit(network, X, y, loss=ours, rng=np.random.default_rng(1), gradient=taped, **way)
    for p, q in zip(leaves(one), leaves(two), strict=True):
        np.testing.assert_allclose(p, q, rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("picked", [slice(2, 5), np.array([4, 0, 4]), np.arange(M) > 3], ids=["slice", "rows", "mask"])
def test_a_batch_may_be_given_in_every_way(picked, rng):
    network = Network([Dense.start(N, K, rng, float)])
    X = rng.normal(size=(M, N))
    ours, found = (way(network, X, rows, squared_error)(picked, rng) for way in (whole, taped))
    near(found[0], ours[0])
    for p, q in zip(found[1], ours[1], strict=True):
        near(p, q)


def test_the_layer_that_is_put_on_the_tape_is_not_changed(rng):
    network = Network([Dense.start(N, K, rng, float), Network([ReLU()])])
    noted = on_tape(network)
    assert all(isinstance(p, np.ndarray) for p in leaves(network))
    assert all(isinstance(p, Node) for p in leaves(noted))
    assert noted.layers[0] is not network.layers[0]


# --- what the chapter says ------------------------------------------------------------------------------------------

CHAPTER = (ROOT / "docs" / "18-autodiff.md").read_text(encoding="utf-8")
RECORD = json.loads((ROOT / "docs" / "autodiff.json").read_text(encoding="utf-8"))


def test_the_tape_has_about_as_many_lines_as_the_chapter_says():
    source = (ROOT / "nnlit" / "autodiff.py").read_text(encoding="utf-8")
    code = re.sub(r'(?s)r?""".*?"""', "", source)
    lines = [line for line in code.splitlines() if line.strip() and not line.strip().startswith("#")]
    first, last = (next(k for k, x in enumerate(lines) if x.startswith(s)) for s in ("class Node", "def on_tape"))
    assert 60 <= last - first <= 75
    assert "about seventy lines" in CHAPTER


def test_the_recorded_ratios_say_what_the_chapter_says():
    ratios = np.array([[float(row[k]) for k in (3, 6)] for row in RECORD["tables"][0]["rows"]])
    assert 3.5 < ratios[0, 0] < 4.5, "about four times as long"
    assert 1 < ratios[-1, -1] < 1.33, "less than a third longer"
    assert (np.diff(ratios, axis=0) < 0).all(), "the larger the network, the less the tape costs"
    assert (np.diff(ratios, axis=1) < 0).all(), "the more images, the less the tape costs"


def test_several_axes_along_which_an_array_was_repeated():
    G = np.arange(24.0).reshape(2, 3, 4)
    assert unbroadcast(G[0], np.zeros((1, 1))).tolist() == [[66.0]]
    assert np.array_equal(unbroadcast(G, np.zeros((1, 3, 1))), G.sum(axis=(0, 2), keepdims=True))
    assert np.array_equal(unbroadcast(G, np.zeros((1, 1))), [[276.0]])


def test_sums_keep_their_axes_only_where_they_are_told_to():
    A = Node(np.arange(6.0).reshape(2, 3))
    assert (A.sum().shape, A.sum(0).shape, A.sum(1, keepdims=True).shape) == ((), (3,), (2, 1))
    for total in (A.sum(), (A.sum(0) * A.sum(0)).sum(), (A.sum(1, keepdims=True) * A).sum()):
        assert gradients(total, [A])[0].shape == (2, 3)


def test_a_node_with_a_parent_too_many_is_not_followed():
    a, b = Node(1.0), Node(2.0)
    with pytest.raises(ValueError, match="zip"):
        gradients(Node(3.0, [a, b], [lambda grad: grad]), [a, b])


def test_the_rules_that_there_are_are_listed_by_the_alphabet():
    with pytest.raises(TypeError, match="has no rule; there are rules for") as error:
        np.sin(Node(1.0))
    listed = str(error.value).rpartition("rules for ")[2].rstrip(".").split(", ")
    assert listed == sorted(rule.__name__ for rule in RULES)
