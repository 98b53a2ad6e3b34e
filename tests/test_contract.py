"""What every layer of the library promises, asked of each of them. A layer without an example here fails."""

import copy
import dataclasses
import importlib
import inspect
import pickle
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pytest

import nnlit
from nnlit.dense import Dense, Layer
from nnlit.gradcheck import check_layer
from nnlit.network import Network, leaves, load, save

M, N = 5, 4  # rows and columns of the input of every example; no layer below has five or four of anything else

for module in pkgutil.iter_modules(nnlit.__path__):
    if module.name not in {"book", "cli", "estimator", "__main__"}:
        importlib.import_module(f"nnlit.{module.name}")


def derived(kind):
    """All classes derived from one."""
    return {kind for below in kind.__subclasses__() for kind in (below, *derived(below))}


LAYERS = {kind.__name__: kind for kind in derived(Layer) if kind.__module__.startswith("nnlit.")}


@dataclass(frozen=True)
class Example:
    """How to make a layer that takes N numbers, and in what it is allowed to differ."""

    make: Callable  # takes the class, a generator and a dtype
    as_in_training: bool = True  # predict is forward
    backward: bool = True  # False for what changes the data and stands below all parameters


EXAMPLES = {
    "Dense": Example(lambda kind, rng, dtype: kind.start(N, 3, rng, dtype)),
    "ReLU": Example(lambda kind, *_: kind()),
    "Sigmoid": Example(lambda kind, *_: kind()),
    "Tanh": Example(lambda kind, *_: kind()),
    "LeakyReLU": Example(lambda kind, *_: kind(0.2)),
    "Softplus": Example(lambda kind, *_: kind()),
    "Network": Example(
        lambda kind, rng, dtype: kind(
            [LAYERS["Tanh"](), Dense.start(N, 6, rng, dtype), kind([LAYERS["ReLU"](), Dense.start(6, 3, rng, dtype)])]
        )
    ),
    "Scale": Example(lambda kind, *_: kind(1 / 255)),
    "Standardize": Example(
        lambda kind, rng, dtype: kind(rng.normal(size=N).astype(dtype), rng.uniform(1, 2, N).astype(dtype))
    ),
    "Dropout": Example(lambda kind, *_: kind(0.4), as_in_training=False),
    "Shift": Example(lambda kind, *_: kind(pixels=1, side=2), as_in_training=False, backward=False),
}


def test_every_layer_has_an_example():
    assert set(EXAMPLES) == set(LAYERS), "a new layer needs a line in EXAMPLES"


@dataclass(frozen=True, eq=False, repr=False)
class Seeded(Layer):
    """A layer whose random numbers are the same in every call, so that it is a function of its input."""

    layers: tuple

    def forward(self, X, rng=None):
        return self.layers[0].forward(X, np.random.default_rng(7))

    def backward(self, cache, grad_A):
        grad_X, grads = self.layers[0].backward(cache, grad_A)
        return grad_X, [grads]


def example(name, dtype=float, seed=0):
    return EXAMPLES[name].make(LAYERS[name], np.random.default_rng(seed), dtype)


def data(dtype=float):
    return np.random.default_rng(1).normal(size=(M, N)).astype(dtype)


def run(layer, X):
    """Output, cache, gradient from above, gradient of the input, gradients of the parameters."""
    A, cache = Seeded((layer,)).forward(X)
    G = np.random.default_rng(2).normal(size=A.shape).astype(A.dtype)
    return A, cache, G, *layer.backward(cache, G)


def arrays(value):
    """All arrays in a layer, a cache or gradients."""
    if isinstance(value, np.ndarray):
        return [value]
    if dataclasses.is_dataclass(value):
        value = [getattr(value, f.name) for f in dataclasses.fields(value)]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return [a for v in inner for a in arrays(v)]


def moved_by(layer, steps):
    """The same layer with a step added to each of its parameters."""
    if isinstance(layer, Network):
        return Network([moved_by(below, steps) for below in layer.layers])
    return dataclasses.replace(layer, **{name: getattr(layer, name) + next(steps) for name in layer.parameters})


def same(left, right):
    """Equal to the last bit, in shape and type as well."""
    pairs = zip(arrays(left), arrays(right), strict=True)
    return all(a.dtype == b.dtype and np.array_equal(a, b) for a, b in pairs)


every_layer = pytest.mark.parametrize("name", sorted(LAYERS))
every_layer_with_backward = pytest.mark.parametrize(
    "name", [n for n in sorted(LAYERS) if EXAMPLES.get(n, Example).backward]
)
every_dtype = pytest.mark.parametrize("dtype", [np.float32, np.float64])


# --- slopes -----------------------------------------------------------------------------------------------------------


@every_layer_with_backward
def test_backward_gives_the_slopes_of_forward(name):
    assert check_layer(Seeded((example(name),)), data()) == "ok"


@every_layer_with_backward
def test_backward_gives_the_slopes_to_a_layer_below(name):
    below = Dense.start(6, N, np.random.default_rng(3), dtype=float)
    X = np.random.default_rng(4).normal(size=(M, 6))
    assert check_layer(Seeded((Network([below, example(name)]),)), X) == "ok"


@every_layer_with_backward
def test_backward_is_the_adjoint_of_the_slope_in_all_arguments_together(name):
    layer, X, h = example(name), data(), 1e-30
    *_, G, grad_X, grads = run(layer, X)
    V, *vs = (np.random.default_rng(5).normal(size=a.shape) for a in (X, *leaves(layer)))
    inner = (V * grad_X).sum() + sum((v * g).sum() for v, g in zip(vs, leaves(layer, grads), strict=True))
    moved = moved_by(layer, iter([1j * h * v for v in vs]))
    JV = Seeded((moved,)).forward(X + 1j * h * V)[0].imag / h
    assert (JV * G).sum() == pytest.approx(inner, rel=1e-12)


@every_layer_with_backward
def test_backward_is_linear_in_the_gradient_from_above(name):
    layer = example(name)
    _, cache, G, grad_X, grads = run(layer, data())
    H = np.random.default_rng(6).normal(size=G.shape)
    other_X, others = layer.backward(cache, H)
    mixed_X, mixed = layer.backward(cache, 2 * G - 3 * H)
    assert np.allclose(mixed_X, 2 * grad_X - 3 * other_X, atol=1e-12)
    for a, b, c in zip(arrays(mixed), arrays(grads), arrays(others), strict=True):
        assert np.allclose(a, 2 * b - 3 * c, atol=1e-12)


@every_layer_with_backward
def test_gradients_are_those_of_backward(name):
    layer = example(name)
    _, cache, G, _, grads = run(layer, data())
    alone = layer.gradients(cache, G)
    assert same(alone, grads)
    assert str(alone) == str(grads)


@every_layer_with_backward
def test_a_layer_with_backward_has_its_own(name):
    assert type(example(name)).backward is not Layer.backward


@pytest.mark.parametrize("name", [name for name in EXAMPLES if not EXAMPLES[name].backward])
def test_a_layer_without_backward_says_so(name):
    layer = example(name)
    assert not leaves(layer)
    with pytest.raises(NotImplementedError):
        layer.backward(None, data())
    top = Dense.start(N, 3, np.random.default_rng(0), dtype=float)
    network = Network([layer, top])
    A, caches = network.forward(data(), np.random.default_rng(7))
    assert same(network.gradients(caches, A)[1], top.gradients(caches[1], A))


# --- shapes and types -------------------------------------------------------------------------------------------------


@every_layer_with_backward
def test_a_gradient_has_the_shape_of_what_it_is_the_gradient_of(name):
    layer, X = example(name), data()
    *_, grad_X, grads = run(layer, X)
    assert grad_X.shape == X.shape
    assert [g.shape for g in leaves(layer, grads)] == [p.shape for p in leaves(layer)]
    if not isinstance(layer, Network):
        assert tuple(grads) == layer.parameters


@every_layer
def test_width_says_what_comes_out_and_n_in_what_must_go_in(name):
    layer, X = example(name), data()
    A, _ = Seeded((layer,)).forward(X)
    assert A.shape == (M, layer.width(N))
    assert layer.predict(X).shape == A.shape
    assert layer.n_in in {None, N}
    if layer.n_in is not None:
        with pytest.raises(ValueError, match=f"{N + 1}.*{N}"):
            layer.width(N + 1)


@every_layer_with_backward
@every_dtype
def test_the_type_of_the_numbers_is_kept(name, dtype):
    layer = example(name, dtype)
    A, _, _, grad_X, grads = run(layer, data(dtype))
    assert {a.dtype for a in (A, grad_X, layer.predict(data(dtype)), *arrays(grads))} == {np.dtype(dtype)}


@every_layer
def test_the_imaginary_part_survives(name):
    layer, X = example(name), data() + 1j * data()[::-1]
    A, _ = Seeded((layer,)).forward(X)
    assert A.dtype == layer.predict(X).dtype == complex
    assert A.imag.any()


@every_layer
def test_rows_may_stand_in_memory_in_any_order(name):
    layer, X = example(name), data()
    expected = Seeded((layer,)).forward(X)[0]
    for other in (np.asfortranarray(X), np.repeat(X, 2, axis=0)[::2], X[::-1][::-1]):
        assert np.allclose(Seeded((layer,)).forward(other)[0], expected, rtol=1e-14)


# --- values -----------------------------------------------------------------------------------------------------------


@every_layer
def test_predict_is_forward_where_the_example_says_so(name):
    layer, X = example(name), data()
    agree = same(layer.predict(X), Seeded((layer,)).forward(X)[0])
    assert agree is EXAMPLES[name].as_in_training


@every_layer
def test_nothing_that_is_handed_in_is_changed(name):
    layer, X = example(name), data()
    before = copy.deepcopy(layer)
    for array in (X, *arrays(layer)):
        array.flags.writeable = False
    A, cache = Seeded((layer,)).forward(X)
    layer.predict(X)
    if EXAMPLES[name].backward:
        G, kept = np.ones_like(A), copy.deepcopy(cache)
        for array in (G, *arrays(cache)):
            array.flags.writeable = False
        layer.backward(cache, G)
        layer.gradients(cache, G)
        assert same(cache, kept)
    assert layer == before
    assert same(X, data())


@every_layer
def test_the_same_call_gives_the_same_bits(name):
    layer, X = example(name), data()
    first, second = (Seeded((layer,)).forward(X) for _ in range(2))
    assert same(list(first), list(second))
    assert same(layer.predict(X), layer.predict(X))
    if EXAMPLES[name].backward:
        A, cache = first
        assert same(list(layer.backward(cache, A)), list(layer.backward(cache, A)))


@every_layer_with_backward
def test_two_batches_do_not_get_in_each_others_way(name):
    layer = example(name)
    A, cache = Seeded((layer,)).forward(data())
    expected = layer.backward(cache, A)
    Seeded((layer,)).forward(3 * data()[:2])
    assert same(list(layer.backward(cache, A)), list(expected))


@every_layer
def test_layers_compare_by_value_and_hash_by_identity(name):
    layer, twin = example(name), example(name)
    assert layer == twin
    assert all(layer != example(other) for other in EXAMPLES if other != name)
    assert layer != object()
    assert type(layer).__hash__ is object.__hash__
    assert len({layer, twin}) == 2
    for k, array in enumerate(arrays(layer)):
        other = copy.deepcopy(layer)
        arrays(other)[k].flat[-1] += 1
        assert layer != other, f"array {k} of {array.shape} does not count"
    if arrays(layer):
        assert layer != example(name, np.float32)


@every_layer
def test_layers_are_frozen(name):
    layer = example(name)
    for field in (*(field.name for field in dataclasses.fields(layer)), "another"):  # some layers have no field
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(layer, field, None)


VALUES = {  # values that are no layers: none can be changed, and two of one kind with the same fields are equal
    nnlit.MiniBatches: (4,), nnlit.WithReplacement: (4,), nnlit.GradientDescent: (0.1,), nnlit.Momentum: (0.1,),
    nnlit.Nesterov: (0.1,), nnlit.AdaGrad: (0.1,), nnlit.RMSProp: (0.1,), nnlit.Adam: (0.1,), nnlit.AdamW: (0.1,),
    nnlit.Cosine: (9,), nnlit.L2: (nnlit.Adam(0.1), 0.1), nnlit.Scheduled: (nnlit.Adam(0.1), nnlit.Cosine(9)),
    nnlit.Blocks: (3,), nnlit.Cluster: (SimpleNamespace(scatter=None),), nnlit.recipes.Recipe: (),
    nnlit.descent.Rule: (),
    nnlit.diagnosis.Finding: (1.0, "a", "b", "c", "d"), nnlit.files.Source: ("a", None),
    nnlit.files.Entry: ("a", print), nnlit.tables.Columns: ([], ",", [], 0),
    nnlit.origin.Origin: ("a", 0.1, 3, np.zeros(3, np.uint64)),
}  # fmt: skip
CHANGED = {"Found", "Findings"}  # what is filled in while files are read


def test_values_are_frozen_and_compare_by_what_they_hold():
    kinds = {
        kind
        for module in pkgutil.iter_modules(nnlit.__path__)
        if module.name not in {"book", "cli", "estimator", "__main__"}
        for kind in vars(importlib.import_module(f"nnlit.{module.name}")).values()
        if isinstance(kind, type) and kind.__module__ == f"nnlit.{module.name}" and dataclasses.is_dataclass(kind)
    }
    assert {kind.__name__ for kind in kinds if not issubclass(kind, Layer)} == {
        *(kind.__name__ for kind in VALUES), *CHANGED, "Look",
    }  # fmt: skip
    for kind in kinds - {kind for kind in kinds if kind.__name__ in CHANGED}:
        with pytest.raises(dataclasses.FrozenInstanceError):
            object.__new__(kind).anything = 1


@pytest.mark.parametrize("kind", VALUES)
def test_values_with_the_same_fields_are_equal(kind):
    given = VALUES[kind]
    assert kind(*given) == kind(*given)
    assert repr(kind(*given)).startswith(f"{kind.__name__}(")


NUMBERS = {"Scale": "factor", "Dropout": "rate", "Shift": "pixels"}  # layers whose field is a number, not an array


@pytest.mark.parametrize("name", NUMBERS)
def test_the_number_of_a_layer_counts_in_comparisons(name):
    layer = example(name)
    assert layer != dataclasses.replace(layer, **{NUMBERS[name]: 2 * getattr(layer, NUMBERS[name])})


@every_layer
def test_parameters_are_fields_and_arrays(name):
    layer = example(name)
    assert set(layer.parameters) <= {f.name for f in dataclasses.fields(layer)}
    assert all(isinstance(getattr(layer, p), np.ndarray) for p in layer.parameters)


@every_layer
def test_copies_and_pickles_are_equal_and_share_nothing(name):
    layer = example(name)
    for other in (copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):  # noqa: S301
        assert other == layer
        assert not any(np.shares_memory(a, b) for a, b in zip(arrays(other), arrays(layer), strict=True))
    assert copy.copy(layer) == layer


@every_layer
@every_dtype
def test_a_file_gives_back_the_same_layer(name, dtype, tmp_path):
    network = Network([example(name, dtype)])
    save(network, tmp_path / "network.npz")
    again = load(tmp_path / "network.npz")
    assert again == network
    assert same(again, network)


@every_layer
def test_a_layer_prints_its_name_and_no_arrays(name):
    text = repr(example(name))
    assert text.startswith(f"{name}(")
    assert text.endswith(")")
    assert "\n" not in text
    assert "array" not in text
    assert len(text) < 150


USUAL = {  # what the arguments of public functions and classes are where nothing is said; None is not listed
    "one_hot": {"dtype": np.float64}, "show": {"width": 28}, "load_mnist": {"transpose": False},
    "read_picture": {"as_is": False}, "central_difference": {"h": 6e-6},
    "check_gradient": {"slope": "central_difference", "tolerance": 1e-7, "name": "x"},
    "Dense.start": {"dtype": np.float32}, "LeakyReLU": {"slope": 0.01}, "complex_step": {"h": 1e-30},
    "fit": {"gradient": "whole", "every": 1}, "resume": {"every": 1}, "glorot": {"dtype": np.float32},
    "he": {"dtype": np.float32}, "AdaGrad": {"epsilon": 1e-8},
    "Adam": {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
    "AdamW": {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "decay": 0.01}, "Cosine": {"warm_up": 0},
    "Momentum": {"mu": 0.9}, "Nesterov": {"mu": 0.9}, "RMSProp": {"epsilon": 1e-8, "rho": 0.9},
    "Shift": {"side": 28}, "Blocks": {"rows": 1000, "threads": 1}, "Cluster": {"gradient": nnlit.Blocks()},
    "Node": {"parents": (), "pullbacks": ()},
}  # fmt: skip


def test_what_is_usual_stays_as_it_is():
    found = {}
    for name in nnlit.__all__:
        given = getattr(nnlit, name)
        calls = {name: given} | ({f"{name}.start": given.start} if hasattr(given, "start") else {})
        for called, call in calls.items():
            fits = callable(call) and call is not nnlit.DataError
            taken = inspect.signature(call).parameters.values() if fits else ()
            usual = {p.name: p.default for p in taken if p.default not in (p.empty, None)}
            usual = {name: v.__name__ if inspect.isfunction(v) else v for name, v in usual.items()}
            found |= {called: usual} if usual else {}
    assert found == USUAL
