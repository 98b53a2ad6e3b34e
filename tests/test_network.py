"""Networks: the order of work, what is refused, what is kept in a file."""

import json
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnlit import (
    Dense,
    Dropout,
    Network,
    ReLU,
    Scale,
    Shift,
    Sigmoid,
    Standardize,
    Tanh,
    check_layer,
    load,
    save,
    squared_error,
)  # fmt: skip
from nnlit.dense import Layer
from nnlit.files import DataError, read_npz, write_npz
from nnlit.layout import _kinds
from nnlit.network import leaves
from nnlit.slopes import GradientError
from tests.tiers import tries

sizes = st.lists(st.integers(1, 6), min_size=2, max_size=5)


def dense_stack(widths, rng, between=Tanh):
    layers = [
        layer for n_in, n_out in pairwise(widths) for layer in (Dense.start(n_in, n_out, rng, dtype=float), between())
    ]
    return Network(layers[:-1])


@pytest.fixture
def rng():
    return np.random.default_rng(0)


# --- forward and backward ---------------------------------------------------------------------------------------------


@settings(max_examples=tries(25), deadline=None, derandomize=True)
@given(sizes, st.integers(1, 5))
def test_any_number_of_layers_of_any_size_has_the_measured_slopes(widths, m):
    rng = np.random.default_rng(m)
    assert check_layer(dense_stack(widths, rng), rng.normal(size=(m, widths[0]))) == "ok"


@settings(max_examples=tries(25), deadline=None, derandomize=True)
@given(sizes, st.integers(1, 5))
def test_backward_is_linear_in_the_gradient_from_above(widths, m):
    rng = np.random.default_rng(m)
    network = dense_stack(widths, rng)
    output, caches = network.forward(rng.normal(size=(m, widths[0])))
    u, v = rng.normal(size=(2, *output.shape))
    grad_u, grad_v = network.backward(caches, u)[0], network.backward(caches, v)[0]
    assert np.allclose(network.backward(caches, 2 * u - 3 * v)[0], 2 * grad_u - 3 * grad_v, atol=1e-12)


def test_check_layer_finds_one_wrong_parameter_in_an_inner_network(rng):
    @dataclass(frozen=True, eq=False, repr=False)
    class Wrong(Dense):
        def gradients(self, cache, grad_Z):
            return {**super().gradients(cache, grad_Z), "b": grad_Z.mean(axis=0)}

    inner = Network([Wrong.start(6, 3, rng, dtype=float), Tanh()])
    with pytest.raises(GradientError, match=r"layers\[2\].layers\[0\].b"):
        check_layer(Network([Dense.start(4, 6, rng, dtype=float), Tanh(), inner]), rng.normal(size=(5, 4)))


def test_rows_are_independent_and_a_permuted_batch_gives_a_permuted_gradient(rng):
    network = dense_stack([4, 6, 3], rng)
    X, G, order = rng.normal(size=(5, 4)), rng.normal(size=(5, 3)), rng.permutation(5)
    grad_X, grads = network.backward(network.forward(X)[1], G)
    permuted_X, permuted = network.backward(network.forward(X[order])[1], G[order])
    assert np.allclose(permuted_X, grad_X[order])
    assert all(np.allclose(p, g) for p, g in zip(leaves(network, permuted), leaves(network, grads), strict=True))


def test_gradients_asks_nothing_of_layers_below_the_first_parameters(rng):
    class Mute(ReLU):
        def backward(self, *_):
            raise AssertionError("nobody needs this")

    class Bottom(Dense):
        def backward(self, *_):
            raise AssertionError("nobody needs this either")

    dense = Dense.start(4, 3, rng, dtype=float)
    network = Network([Mute(), Network([Mute(), Mute()]), Bottom(dense.W, dense.b), Tanh()])
    output, caches = network.forward(rng.normal(size=(5, 4)))
    grads = network.gradients(caches, output)
    assert grads[:2] == [{}, [{}, {}]]
    assert [g.shape for g in leaves(network, grads)] == [(4, 3), (3,)]


def test_gradients_of_a_network_without_parameters_are_empty(rng):
    network = Network([ReLU(), Network([Tanh()])])
    output, caches = network.forward(rng.normal(size=(5, 4)))
    assert network.gradients(caches, output) == network.backward(caches, output)[1] == [{}, [{}]]
    assert leaves(network) == leaves(network, network.gradients(caches, output)) == []


def test_the_mean_over_the_batch_enters_once(rng):
    network, X, Y = dense_stack([4, 6, 3], rng), rng.normal(size=(5, 4)), rng.normal(size=(5, 3))

    def slopes(X, Y):
        output, caches = network.forward(X)
        return leaves(network, network.gradients(caches, squared_error(output, Y)[1]))

    once, twice = slopes(X, Y), slopes(np.vstack([X, X]), np.vstack([Y, Y]))
    assert all(np.allclose(p, q) for p, q in zip(once, twice, strict=True))


def test_a_generator_goes_to_the_layers_that_draw():
    @dataclass(frozen=True, eq=False, repr=False)
    class Noise(Layer):
        random = True

        def forward(self, X, rng=None):
            return X + rng.normal(size=X.shape), None

    network = Network([Dense(np.eye(3), np.zeros(3)), Network([Noise()])])
    first, second = (network.forward(np.zeros((2, 3)), np.random.default_rng(s))[0] for s in (1, 1))
    assert (first == second).all()
    assert first.any()


# --- what does not fit ------------------------------------------------------------------------------------------------


def test_an_empty_network_is_refused():
    with pytest.raises(ValueError, match="at least one layer"):
        Network([])


def test_layers_that_do_not_fit_are_refused_also_inside_networks(rng):
    inner = Network([ReLU(), Dense.start(6, 3, rng)])
    assert inner.n_in == 6
    assert Network([Dense.start(4, 6, rng), inner]).width(4) == 3
    with pytest.raises(ValueError, match="5 numbers per example reach a layer that takes 6"):
        Network([Dense.start(4, 5, rng), inner])


@pytest.mark.parametrize("shape", [(784,), (5, 783), (5, 28, 28), ()])
def test_a_batch_that_does_not_fit_is_refused(shape, rng):
    network = Network([Scale(1), Dense.start(784, 10, rng)])
    with pytest.raises(ValueError, match=r"expected X of shape \(m, 784\).*but X is"):
        network.predict(np.zeros(shape))


def test_any_width_will_do_where_no_layer_fixes_it():
    assert Network([ReLU()]).n_in is None
    assert Network([ReLU()]).predict(np.array([[-1.0, 2.0, 3.0]])).tolist() == [[0, 2, 3]]


# --- predict ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("m", [0, 1, 999, 1000, 1001, 2500])
def test_predict_goes_through_all_rows(m, rng):
    network = Network([Dense(np.array([[2.0]]), np.ones(1))])
    X = rng.normal(size=(m, 1))
    assert np.array_equal(network.predict(X), 2 * X + 1)


def test_predict_takes_bytes_and_lists(rng):
    network = Network([Scale(1 / 255), Dense.start(2, 3, rng)])
    assert network.predict(np.array([[0, 255]], np.uint8)).dtype == np.float32
    assert network.predict([[0, 255]]).shape == (1, 3)


# --- values, copies, files --------------------------------------------------------------------------------------------


def test_a_network_is_a_value(rng):
    layers = [Dense.start(4, 3, rng), ReLU()]
    assert Network(layers) == Network(tuple(layers))
    assert Network(layers) != Network([*layers, ReLU()])
    assert Network(layers) != layers
    assert repr(Network(layers)) == "Network(Dense(4 -> 3, float32), ReLU())"


def test_leaves_are_the_arrays_themselves_in_the_order_of_the_layers(rng):
    a, b = Dense.start(4, 6, rng), Dense.start(6, 3, rng)
    network = Network([a, ReLU(), Network([b, Sigmoid()])])
    assert [id(p) for p in leaves(network)] == [id(p) for p in (a.W, a.b, b.W, b.b)]


@pytest.fixture
def network(rng):
    inner = Network([Dense.start(6, 3, rng, dtype=float), Sigmoid()])
    return Network([Scale(1 / 255), Dense.start(4, 6, rng), ReLU(), inner, Tanh()])


def test_what_is_saved_is_loaded_to_the_last_bit(network, tmp_path, rng):
    save(network, tmp_path / "network.npz")
    again = load(tmp_path / "network.npz")
    assert again == network
    assert repr(again) == repr(network)
    X = rng.integers(0, 256, (5, 4)).astype(np.uint8)
    assert np.array_equal(again.predict(X), network.predict(X))
    assert [p.dtype for p in leaves(again)] == [p.dtype for p in leaves(network)]


def test_a_loaded_network_can_be_trained_on(network, tmp_path):
    save(network, tmp_path / "network.npz")
    again = load(tmp_path / "network.npz")
    for p in leaves(again):
        p[:] -= 1  # raises where the file handed out an array that cannot be written
    assert [(p + 1).sum() for p in leaves(again)] == pytest.approx([p.sum() for p in leaves(network)])


def test_saving_again_replaces_the_file(network, tmp_path):
    path = tmp_path / "network.npz"
    save(network, path)
    save(Network([ReLU()]), path)
    assert load(path) == Network([ReLU()])
    assert [p.name for p in tmp_path.iterdir()] == ["network.npz"]


def layout_of(path):
    return json.loads(read_npz(path)["layout"].tobytes())


def rewritten(path, change):
    arrays, layout = read_npz(path), layout_of(path)
    change(layout, arrays)
    write_npz(path, {**arrays, "layout": np.frombuffer(json.dumps(layout).encode(), np.uint8)})


@pytest.mark.parametrize(
    "change",
    [
        lambda layout, _: layout["network"].update(layer="os.system"),
        lambda layout, _: layout["network"].update(layer="Layer"),
        lambda layout, _: layout.update(nnlit=2),
        lambda layout, _: layout.pop("nnlit"),
        lambda layout, _: layout.pop("network"),
        lambda layout, _: layout["network"]["fields"].update(extra=1),
        lambda layout, _: layout["network"]["fields"].update(layers={"tuple": []}),
        lambda layout, _: layout["network"]["fields"].update(layers={"tuple": [5]}),
        lambda layout, _: layout.update(network=layout["network"]["fields"]["layers"]["tuple"][2]),
        lambda _, arrays: arrays.pop("network.layers.1.W"),
        lambda _, arrays: arrays.update({"network.layers.3.layers.0.W": np.zeros((5, 3))}),
        lambda _, arrays: arrays.update({"network.layers.1.W": np.array(["text"])}),
        lambda layout, _: layout.clear(),
    ],
)
@pytest.mark.long_but_one_in(4)
def test_a_file_that_holds_no_network_is_refused(change, network, tmp_path):
    path = tmp_path / "network.npz"
    save(network, path)
    rewritten(path, change)
    with pytest.raises(DataError, match=r"network.npz: expected a network"):
        load(path)


BIAS = "network.layers.1.b"


@pytest.mark.parametrize(
    ("bias", "came"),
    [
        (np.array(["a"] * 6), "Dense.b is <U1, where an array of floating-point numbers is expected"),
        (np.array(["2026-11-25"] * 6, "M8[D]"), r"Dense.b is datetime64\[D\], where an array of floating"),
        (np.zeros(6, "m8[s]"), r"Dense.b is timedelta64\[s\], where"),
        (np.zeros(6, bool), "Dense.b is bool, where"),
        (np.zeros(6, int), "Dense.b is int64, where"),
        (np.zeros(6, complex), "Dense.b is complex128, where"),
        (np.zeros(6, [("a", float)]), "Dense.b is .*, where"),
        (np.array(0.0), "Dense.b is float64, where"),
        (np.full(6, np.nan), "Dense.b holds NaN or infinity"),
        (np.full(6, np.inf), "Dense.b holds NaN or infinity"),
        (np.zeros(5), "Dense: expected W of shape"),
        (np.zeros((6, 1)), "Dense: expected W of shape"),
    ],
)
@pytest.mark.long_but_one_in(4)
def test_parameters_that_are_no_numbers_are_refused(bias, came, network, tmp_path):
    """Some of these loaded before, and failed or answered later."""
    path = tmp_path / "network.npz"
    save(network, path)
    rewritten(path, lambda _, arrays: arrays.update({BIAS: bias}))
    with pytest.raises(DataError, match=rf"network.npz: expected a network written by nnlit.save, .*{came}"):
        load(path)


@pytest.mark.parametrize(
    "value", [[0.0] * 6, {"tuple": [0.0] * 6}, 0.0, None, "000000", True, {"layer": "ReLU", "fields": {}}]
)
def test_a_bias_that_is_no_array_is_refused(value, network, tmp_path):
    path = tmp_path / "network.npz"
    save(network, path)
    rewritten(path, lambda layout, _: layout["network"]["fields"]["layers"]["tuple"][1]["fields"].update(b=value))
    with pytest.raises(DataError, match=r"Dense.b is .*, where an array of floating-point numbers is expected"):
        load(path)


@pytest.mark.parametrize(
    ("layer", "field", "value"),
    [
        ("Scale", "factor", "one"), ("Scale", "factor", None), ("Scale", "factor", True), ("Scale", "factor", 1e999),
        ("Scale", "factor", [1]), ("Scale", "factor", {"layer": "ReLU", "fields": {}}), ("Shift", "pixels", 1.5),
        ("Shift", "pixels", True), ("Dropout", "rate", "half"), ("Dropout", "rate", float("nan")),
        ("Standardize", "shift", 0.0), ("Standardize", "shift", {"array": "text"}),
        ("Network", "layers", None), ("Network", "layers", "ReLU"), ("Network", "layers", {"array": "text"}),
        ("Network", "layers", {"tuple": [{"layer": "Layer", "fields": {}}]}), ("Network", "layers", {"tuple": [None]}),
    ],
)  # fmt: skip
@pytest.mark.long_but_one_in(4)
def test_constants_of_another_kind_are_refused(layer, field, value, tmp_path):
    whole = {
        "Scale": Scale(2), "Shift": Shift(1), "Dropout": Dropout(0.5), "Network": Network([ReLU()]),
        "Standardize": Standardize(np.zeros(4), np.ones(4)),
    }[layer]  # fmt: skip
    path = tmp_path / "network.npz"
    save(Network([whole]), path)

    def change(layout, arrays):
        layout["network"]["fields"]["layers"]["tuple"][0]["fields"][field] = value
        arrays["text"] = np.array(["a"] * 4)

    rewritten(path, change)
    with pytest.raises(DataError, match=r"network.npz: expected a network written by nnlit.save, but it cannot"):
        load(path)


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, '{"nnlit": 1, "network": ' + '{"tuple": [' * 500 + "]}" * 500 + "}", "NaN", "", "5", "[]", "\xff",
     '{"nnlit": true, "network": 5}', '{"nnlit": 1, "network": {"layer": ["ReLU"], "fields": {}}}',
     '{"nnlit": 1, "network": {"layer": "ReLU", "fields": []}}', '{"nnlit": 1, "network": {"array": ["a"]}}',
     '{"nnlit": 1, "network": {"tuple": 5}}', '{"nnlit": 1, "network": {}}', " " * 2_000_000],
)  # fmt: skip
def test_a_description_that_describes_nothing_is_refused(text, tmp_path):
    write_npz(tmp_path / "network.npz", {"layout": np.frombuffer(text.encode(), np.uint8)})
    with pytest.raises(DataError, match=r"network.npz: expected a network written by nnlit.save"):
        load(tmp_path / "network.npz")


def nested(depth, layer):
    for _ in range(depth):
        layer = Network([layer])
    return layer


def test_a_network_in_a_network_in_a_network_is_built_at_once(tmp_path, rng):
    """Each level asked the one below twice: 80 of them never ended."""
    network = nested(80, Dense.start(4, 3, rng))
    save(network, tmp_path / "network.npz")
    assert load(tmp_path / "network.npz") == network
    assert network.n_in == 4
    assert nested(80, ReLU()).n_in is None


def test_what_could_not_be_loaded_is_not_saved(tmp_path, rng):
    dense = Dense.start(4, 3, rng)
    dense.b[1] = np.nan
    for network, text in ((Network([dense]), "Dense.b holds NaN"), (nested(100, ReLU()), "nested more than 400 deep")):
        with pytest.raises(ValueError, match=text):
            save(network, tmp_path / "network.npz")
        assert list(tmp_path.iterdir()) == []


def test_a_file_of_other_arrays_is_refused(tmp_path):
    write_npz(tmp_path / "network.npz", {"X_train": np.zeros(3)})
    with pytest.raises(DataError, match=r"network.npz: expected a network"):
        load(tmp_path / "network.npz")


def test_a_damaged_or_missing_file_is_refused(network, tmp_path):
    path = tmp_path / "network.npz"
    save(network, path)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(DataError):
        load(path)
    with pytest.raises(DataError):
        load(tmp_path / "missing.npz")


def test_a_pickle_is_not_executed(tmp_path):
    np.savez(tmp_path / "network.npz", layout=np.array([{"a": 1}], dtype=object))
    with pytest.raises(DataError):
        load(tmp_path / "network.npz")


def test_every_kind_of_layer_can_be_named_in_a_file():
    assert {"Dense", "ReLU", "Sigmoid", "Tanh", "Scale", "Network"} <= set(_kinds(Layer))


@dataclass(frozen=True, eq=False, repr=False)
class Undeclared(Layer):
    """A layer of one's own whose type nobody can find."""

    factor: "Unknown"  # noqa: F821

    def forward(self, X, rng=None):
        return X * self.factor, None

    def backward(self, cache, grad_A):
        return grad_A * self.factor, {}


def test_a_field_of_a_type_that_is_not_known_is_kept(tmp_path):
    network = Network([Undeclared(2.0), Dense(np.eye(2), np.zeros(2))])
    save(network, tmp_path / "a.npz")
    assert load(tmp_path / "a.npz") == network


def test_a_cache_of_another_network_is_refused():
    rng = np.random.default_rng(0)
    network = Network([Dense.start(3, 4, rng), ReLU(), Dense.start(4, 2, rng)])
    Z, cache = network.forward(np.ones((5, 3)))
    for other in (cache[1:], [cache[0], *cache]):
        with pytest.raises(ValueError, match="zip"):
            network.backward(other, np.ones_like(Z))


def test_gradients_of_another_network_are_refused():
    rng = np.random.default_rng(0)
    network = Network([Dense.start(3, 4, rng), ReLU()])
    for tree in ([], [{"W": 0, "b": 0}], [{"W": 0, "b": 0}, {}, {}]):
        with pytest.raises(ValueError, match="zip"):
            leaves(network, tree)
