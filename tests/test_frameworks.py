"""The same network in PyTorch, JAX and scikit-learn: the same outputs, copies of the weights, and what is refused."""

import builtins
import itertools

import numpy as np
import pytest

from nnlit import Dense, Network, ReLU, Scale, Tanh, to_jax, to_sklearn, to_torch
from nnlit.frameworks import dense_layers
from nnlit.network import leaves


def network(dtype=float, sizes=(4, 6, 5, 3)):
    """Dense layers of different sizes with ReLUs between them."""
    rng = np.random.default_rng(0)
    dense = [Dense.start(n, k, rng, dtype) for n, k in itertools.pairwise(sizes)]
    return Network([layer for pair in zip(dense, [ReLU()] * len(dense), strict=True) for layer in pair][:-1])


def batch(dtype=float):
    return np.random.default_rng(1).normal(size=(7, 4)).astype(dtype)


every_depth = pytest.mark.parametrize("sizes", [(4, 3), (4, 6, 3), (4, 6, 5, 3)], ids=len)
every_dtype = pytest.mark.parametrize("dtype", [np.float32, np.float64])


# --- the layers -----------------------------------------------------------------------------------------------------


@every_depth
def test_the_dense_layers_are_found_in_order(sizes):
    found = dense_layers(network(sizes=sizes))
    assert [layer.W.shape for layer in found] == list(itertools.pairwise(sizes))
    assert [id(layer) for layer in found] == [id(x) for x in network_layers(found)]


def network_layers(dense):
    """The dense layers of a network made of them: the very same objects."""
    between = [layer for one in dense for layer in (one, ReLU())][:-1]
    return dense_layers(Network(between))


UNSUITABLE = {
    "scaled": [Scale(1 / 255), *network().layers],
    "tanh": [network().layers[0], Tanh(), network().layers[2]],
    "nothing between": [network().layers[0], network().layers[2]],
    "ReLU at the end": [*network().layers, ReLU()],
    "ReLU in front": [ReLU(), *network().layers],
    "a network inside": [network()],
}


@pytest.mark.parametrize("layers", UNSUITABLE.values(), ids=UNSUITABLE)
def test_what_the_frameworks_cannot_take_over_is_refused_and_named(layers):
    refused = Network(layers)
    with pytest.raises(ValueError, match=r"^frameworks: expected dense layers with a ReLU between each two, but") as e:
        dense_layers(refused)
    assert str(e.value).endswith(str(refused))


@pytest.mark.parametrize(
    ("framework", "hand_over"),
    [
        ("jax", to_jax),
        ("sklearn", lambda found: to_sklearn(found, batch(), np.arange(7) % 3, 0.1)),
    ],
)
def test_every_framework_refuses_the_same(framework, hand_over):
    pytest.importorskip(framework)
    with pytest.raises(ValueError, match="a ReLU between each two"):
        hand_over(Network(UNSUITABLE["tanh"]))


@pytest.mark.parametrize(
    ("framework", "hand_over"),
    [
        ("jax", to_jax),
        ("sklearn", lambda found: to_sklearn(found, batch(), np.arange(7) % 3, 0.1)),
    ],
)
def test_without_the_framework_it_is_said_which_is_missing(framework, hand_over, monkeypatch):
    imported = builtins.__import__

    def without(name, *args, **kwargs):
        if name.partition(".")[0] == framework:
            raise ModuleNotFoundError(f"No module named {framework!r}", name=framework)
        return imported(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ImportError, match=framework):
        hand_over(network())


# --- PyTorch --------------------------------------------------------------------------------------------------------


@every_depth
@every_dtype
def test_torch_has_the_same_outputs_in_the_same_dtype(sizes, dtype):
    torch = pytest.importorskip("torch")
    ours, X = network(dtype, sizes), batch(dtype)
    theirs = to_torch(ours)(torch.tensor(X)).detach().numpy()
    assert theirs.dtype == dtype
    np.testing.assert_allclose(theirs, ours.predict(X), rtol=1e-5 if dtype == np.float32 else 1e-13, atol=1e-6)


def test_torch_has_the_weights_transposed_and_the_same_gradients():
    torch = pytest.importorskip("torch")
    ours, X, G = network(), batch(), np.random.default_rng(2).normal(size=(7, 3))
    module = to_torch(ours)
    module(torch.tensor(X)).backward(torch.tensor(G))
    gradients = [g for found in ours.gradients(ours.forward(X)[1], G) for g in found.values()]
    for theirs, weight, gradient in zip(module.parameters(), leaves(ours), gradients, strict=True):
        np.testing.assert_array_equal(theirs.detach().numpy(), weight.T)
        np.testing.assert_allclose(theirs.grad.numpy(), gradient.T, rtol=1e-12, atol=1e-13)


def test_torch_gets_copies():
    torch = pytest.importorskip("torch")
    ours = network()
    module = to_torch(ours)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.add_(1)
    assert ours == network()


# --- JAX ------------------------------------------------------------------------------------------------------------


@every_depth
@pytest.mark.long_but_one_in(3)
def test_jax_has_the_same_outputs_and_the_parameters_in_order(sizes):
    pytest.importorskip("jax")
    ours, X = network(np.float32, sizes), batch(np.float32)
    forward, parameters = to_jax(ours)
    np.testing.assert_allclose(np.asarray(forward(parameters, X)), ours.predict(X), rtol=1e-5, atol=1e-6)
    for theirs, weight in zip(parameters, leaves(ours), strict=True):
        np.testing.assert_array_equal(np.asarray(theirs), weight)


def test_jax_has_the_same_gradients():
    jax = pytest.importorskip("jax")
    ours, X, G = network(np.float32), batch(np.float32), np.random.default_rng(2).normal(size=(7, 3)).astype(np.float32)
    forward, parameters = to_jax(ours)
    theirs = jax.grad(lambda p: (forward(p, X) * G).sum())(parameters)
    gradients = [g for found in ours.gradients(ours.forward(X)[1], G) for g in found.values()]
    for found, gradient in zip(theirs, gradients, strict=True):
        np.testing.assert_allclose(np.asarray(found), gradient, rtol=1e-4, atol=1e-5)


# --- scikit-learn ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sizes", [(4, 6, 3), (4, 6, 5, 3)], ids=len)
def test_sklearn_has_the_same_weights_and_predicts_the_same(sizes):
    pytest.importorskip("sklearn")
    ours, X, y = network(sizes=sizes), batch(), np.arange(7) % 3
    model = to_sklearn(ours, X, y, 0.1)
    theirs = [a for pair in zip(model.coefs_, model.intercepts_, strict=True) for a in pair]
    for found, weight in zip(theirs, leaves(ours), strict=True):
        np.testing.assert_array_equal(found, weight)
    np.testing.assert_array_equal(model.predict(X), ours.predict(X).argmax(axis=1))


@pytest.mark.parametrize("times", [1, 50])
def test_sklearn_gets_copies_and_its_step_is_ours(times):
    """One step, however many rows there are; by itself scikit-learn takes batches of 200."""
    pytest.importorskip("sklearn")
    ours, X, y = network(), np.tile(batch(), (times, 1)), np.tile(np.arange(7) % 3, times)
    model = to_sklearn(ours, X, y, learning_rate=0.5)
    model.partial_fit(X, y)
    assert ours == network()
    Z, caches = ours.forward(X)
    P = np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)
    gradients = ours.gradients(caches, (P - np.eye(3)[y]) / len(X))
    np.testing.assert_allclose(model.coefs_[0], ours.layers[0].W - 0.5 * gradients[0]["W"], rtol=1e-12)
