"""Networks to and from PyTorch, scikit-learn and safetensors: the same outputs, copies, and what is refused."""

import copy
import importlib
import pickle
import sys
import tomllib
import warnings
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from nnlit import DataError, Dense, Dropout, Layer, LeakyReLU, Network, ReLU, Scale, Shift, Sigmoid, Softplus

from nnlit import Standardize, Tanh, from_sklearn, from_torch, load, load_safetensors, save, save_safetensors, to_torch  # isort: skip
from nnlit import Cluster, fetch_mnist, load_mnist, read_picture, to_jax, to_sklearn  # isort: skip
from nnlit.exchange import _perceptron  # isort: skip
from nnlit.exchange import flat
from nnlit.network import leaves
from nnlit.results import Trained


def every_layer(dtype=np.float64):
    """A network of all kinds of layers, for images of 3 x 3, with a network inside."""
    rng = np.random.default_rng(0)
    standard = Standardize(rng.normal(size=9).astype(dtype), rng.uniform(1, 2, 9).astype(dtype))
    inner = Network([Dense.start(5, 4, rng, dtype), Tanh(), Dropout(0.25), LeakyReLU(0.2), Softplus()])
    dense = Dense.start(9, 6, rng, dtype), Dense.start(6, 5, rng, dtype), Dense.start(4, 3, rng, dtype)
    return Network([Shift(1, 3), Scale(1 / 255), standard, dense[0], ReLU(), dense[1], Sigmoid(), inner, dense[2]])


def images(dtype=np.float64, m=7):
    return np.random.default_rng(1).uniform(0, 255, (m, 9)).astype(dtype)


# --- PyTorch --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_torch_computes_the_same_and_comes_back(dtype):
    torch = pytest.importorskip("torch")
    ours, X = every_layer(dtype), images(dtype)
    module = to_torch(ours).eval()
    theirs = module(torch.tensor(X)).detach().numpy()
    assert theirs.dtype == dtype
    np.testing.assert_allclose(theirs, ours.predict(X), rtol=2e-6 if dtype == np.float32 else 1e-13)
    back = from_torch(module)
    assert back == Network(list(flat(ours)))
    assert back.predict(X).dtype == dtype


def test_torch_trains_with_losses_and_moves_images():
    torch = pytest.importorskip("torch")
    X = torch.tensor(images(m=300))
    moved = to_torch(Network([Shift(1, 3), Scale(1.0)])).train()(X).numpy()
    windows = np.pad(X.numpy().reshape(-1, 3, 3), ((0, 0), (1, 1), (1, 1)))
    seen = set()
    for image, padded in zip(moved.reshape(-1, 3, 3), windows, strict=True):
        places = [(r, c) for r in range(3) for c in range(3) if np.array_equal(image, padded[r : r + 3, c : c + 3])]
        assert len(places) == 1
        seen.update(places)
    assert len(seen) == 9
    lost = to_torch(Network([Dropout(0.25)])).train()(torch.ones(40_000)).numpy()
    assert set(np.unique(lost).round(6)) == {0, np.float32(4 / 3).round(6)}
    assert abs((lost == 0).mean() - 0.25) < 0.02


def test_torch_gets_copies_and_so_do_we():
    torch = pytest.importorskip("torch")
    ours = every_layer()
    module = to_torch(ours)
    back = from_torch(module)
    with torch.no_grad():
        for tensor in (*module.parameters(), *module.buffers()):
            tensor.add_(1)
    assert ours == every_layer()
    assert back == Network(list(flat(every_layer())))


def test_torch_modules_of_ours_are_copied_saved_and_pickled(tmp_path):
    torch = pytest.importorskip("torch")
    ours, X = every_layer(), images()
    module = to_torch(ours).eval()
    for other in (copy.deepcopy(module), pickle.loads(pickle.dumps(module))):  # noqa: S301 - our own bytes
        assert from_torch(other) == from_torch(module)
    torch.save(module.state_dict(), tmp_path / "state.pt")
    fresh = to_torch(Network([type(x)(*(np.zeros_like(p) for p in leaves(x))) if leaves(x) else x for x in flat(ours)]))
    fresh.load_state_dict(torch.load(tmp_path / "state.pt", weights_only=True))
    np.testing.assert_allclose(fresh.eval()(torch.tensor(X)).detach().numpy(), ours.predict(X), rtol=1e-13)


def test_torch_without_biases_with_flat_and_identical_layers():
    torch = pytest.importorskip("torch")
    nn = torch.nn
    module = nn.Sequential(nn.Flatten(), nn.Identity(), nn.Sequential(nn.Linear(9, 4, bias=False), nn.ReLU()))
    network = from_torch(module.double())
    assert network.layers[0].b.tolist() == [0, 0, 0, 0]
    X = images()
    np.testing.assert_allclose(
        network.predict(X), module(torch.tensor(X.reshape(-1, 3, 3))).detach().numpy(), rtol=1e-13
    )
    assert from_torch(nn.Linear(2, 3)).layers[0].W.shape == (2, 3)


UNKNOWN = {
    "softmax": (lambda nn: nn.Sequential(nn.Linear(2, 3), nn.Softmax(dim=1)), r"from_torch\(module\[:-1\]\)"),
    "log softmax": (lambda nn: nn.Sequential(nn.Linear(2, 3), nn.LogSoftmax(dim=1)), "end at the logits"),
    "convolution": (lambda nn: nn.Conv2d(1, 2, 3), "expected a Sequential of Linear"),
    "half precision": (lambda nn: nn.Linear(2, 3).half(), r"float16; use module.float\(\)"),
    "flat from another axis": (lambda nn: nn.Flatten(2), "from axis 1"),
    "another softplus": (lambda nn: nn.Softplus(beta=2), "beta=1"),
    "nothing": (lambda nn: nn.Sequential(), "at least one layer"),
    "a class": (lambda nn: nn.Linear, "expected a Sequential"),
}


@pytest.mark.parametrize(("make", "message"), UNKNOWN.values(), ids=UNKNOWN)
def test_torch_layers_without_a_counterpart_are_named(make, message):
    torch = pytest.importorskip("torch")
    with pytest.raises(ValueError, match=message):
        from_torch(make(torch.nn))


def test_a_layer_of_ones_own_is_named():
    pytest.importorskip("torch")

    class Own(Layer):
        """Nobody knows it."""

    with pytest.raises(ValueError, match=r"to_torch: expected layers of the library \(Dense, .*holds Own\(\)"):
        to_torch(Network([Own()]))


def plain():
    rng = np.random.default_rng(0)
    return Network([Dense.start(4, 5, rng), ReLU(), Dense.start(5, 3, rng)])


MISSING = {  # what lacks, and who asks for it
    "torch": lambda path: to_torch(every_layer()),
    "safetensors.numpy": lambda path: save_safetensors(every_layer(), path),
    "jax.numpy": lambda path: to_jax(plain()),
    "sklearn.neural_network": lambda path: to_sklearn(plain(), np.eye(4), np.arange(4) % 3, 0.1),
    "PIL.Image": lambda path: read_picture(path.with_name("digit.png")),
    "pyarrow.parquet": lambda path: load_mnist(path.with_name("mnist.parquet")),
    "pooch": lambda path: fetch_mnist(path.parent),
}
OPTIONAL = {"torch": "compare", "jax": "compare", "safetensors": "exchange", "sklearn": "sklearn", "PIL": "png"}
OPTIONAL |= {"pyarrow": "parquet", "pooch": "mnist", "distributed": "dask"}


@pytest.mark.parametrize(("module", "use"), MISSING.items(), ids=MISSING)
def test_without_the_library_it_is_said_what_brings_it(module, use, tmp_path, monkeypatch):
    """The extra that is named has the library in it."""
    (tmp_path / "digit.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "mnist.parquet").write_bytes(b"PAR1" + bytes(20) + b"PAR1")
    before = sorted(tmp_path.iterdir())
    monkeypatch.setitem(sys.modules, module, None)
    group = OPTIONAL[module.partition(".")[0]]
    with pytest.raises(ImportError, match=rf"{module} is not installed; pip install 'nnlit\[{group}\]' brings it"):
        use(tmp_path / "model.safetensors")
    assert sorted(tmp_path.iterdir()) == before


def test_a_classifier_without_scikit_learn_and_a_cluster_without_dask(monkeypatch):
    for name in [name for name in sys.modules if name == "nnlit.estimator" or name.startswith("sklearn")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sklearn", None)
    monkeypatch.setitem(sys.modules, "sklearn.base", None)
    with pytest.raises(ImportError, match=r"scikit-learn is not installed; pip install 'nnlit\[sklearn\]' brings it"):
        importlib.import_module("nnlit.estimator")
    with pytest.raises(TypeError, match=r"from distributed import Client \(pip install 'nnlit\[dask\]'\)"):
        Cluster(None)


def test_every_extra_that_is_named_has_the_library():
    project = tomllib.loads(Path(__file__).parents[1].joinpath("pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {"PIL": "pillow", "sklearn": "scikit-learn"}
    for library, group in OPTIONAL.items():
        listed = project["optional-dependencies"][group]
        assert any(one.startswith(names.get(library, library)) for one in listed), (library, group)


@pytest.mark.parametrize("use", [to_torch, lambda network: save_safetensors(network, "x.safetensors")])
@pytest.mark.parametrize("given", [Trained(plain(), None), "network", None, plain().layers[0], Dense])
def test_what_is_no_network_is_named(use, given, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(TypeError, match="expected a network, but"):
        use(given)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("activation", ["relu", "tanh", "logistic", "identity"])
def test_our_own_classifier_in_a_pipeline_becomes_a_network(activation):
    pytest.importorskip("sklearn")
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    from nnlit.estimator import MLPClassifier

    X, y = data(3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = make_pipeline(StandardScaler(), MLPClassifier((6, 4), activation, max_iter=9, dropout=0.1)).fit(X, y)
    network = from_sklearn(model)
    np.testing.assert_allclose(probabilities(network.predict(X)), model.predict_proba(X), rtol=1e-10)
    leaves(network)[-1][:] = 99
    assert not (model[-1].network_.layers[-1].b == 99).any()


# --- scikit-learn ---------------------------------------------------------------------------------------------------


def data(classes):
    rng = np.random.default_rng(2)
    X = rng.normal(3, 2, size=(60, 5))
    return X, np.digitize(X[:, 0], np.quantile(X[:, 0], np.linspace(0, 1, classes + 1)[1:-1]))


def probabilities(Z):
    P = np.exp(Z - Z.max(axis=1, keepdims=True))
    return P / P.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("activation", ["relu", "tanh", "logistic", "identity"])
@pytest.mark.parametrize("scaler", ["StandardScaler", "MinMaxScaler", "MaxAbsScaler", None])
@pytest.mark.long_but_one_in(4)
def test_a_pipeline_becomes_a_network_with_the_same_probabilities(classes, activation, scaler):
    sklearn = pytest.importorskip("sklearn")
    from sklearn import neural_network, pipeline, preprocessing

    assert sklearn
    X, y = data(classes)
    model = neural_network.MLPClassifier((6, 4), activation=activation, max_iter=30, random_state=0)
    step = getattr(preprocessing, scaler)() if scaler else "passthrough"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = pipeline.make_pipeline(step, model).fit(X, y)
    network = from_sklearn(fitted)
    np.testing.assert_allclose(probabilities(network.predict(X)), fitted.predict_proba(X), rtol=1e-10)
    np.testing.assert_array_equal(fitted.classes_[network.predict(X).argmax(axis=1)], fitted.predict(X))


@pytest.mark.parametrize("classes", [2, 3])
def test_logistic_regression_and_partial_scalers(classes):
    pytest.importorskip("sklearn")
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    X, y = data(classes)
    X[:, 1] = 4
    for scaler in (StandardScaler(with_mean=False), StandardScaler(with_std=False), StandardScaler()):
        model = make_pipeline(scaler, LogisticRegression(max_iter=1000)).fit(X, y)
        np.testing.assert_allclose(probabilities(from_sklearn(model).predict(X)), model.predict_proba(X), rtol=1e-10)


def test_a_regressor_keeps_its_one_output_and_gives_copies():
    pytest.importorskip("sklearn")
    from sklearn.neural_network import MLPRegressor

    X, _ = data(2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = MLPRegressor(hidden_layer_sizes=(6,), max_iter=20, random_state=0).fit(X, X[:, 0])
    network = from_sklearn(model)
    np.testing.assert_allclose(network.predict(X)[:, 0], model.predict(X), rtol=1e-12)
    model.coefs_[0][:] = 0
    assert network.layers[0].W.any()


def test_sklearn_models_that_are_not_fitted_or_of_another_kind_are_named():
    pytest.importorskip("sklearn")
    from sklearn.neural_network import MLPClassifier
    from sklearn.preprocessing import MinMaxScaler
    from sklearn.tree import DecisionTreeClassifier

    with pytest.raises(ValueError, match="MLPClassifier is not: call fit first"):
        from_sklearn(MLPClassifier())
    with pytest.raises(ValueError, match=r"expected a fitted MLPClassifier, .*but it is DecisionTreeClassifier"):
        from_sklearn(DecisionTreeClassifier())
    with pytest.raises(ValueError, match="clip=False"):
        from_sklearn(MinMaxScaler(clip=True).fit(np.eye(2)))


# --- safetensors ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_safetensors_hold_every_layer(tmp_path, dtype):
    pytest.importorskip("safetensors")
    ours, path = every_layer(dtype), tmp_path / "model.safetensors"
    save_safetensors(ours, path)
    assert load_safetensors(path) == ours
    from safetensors.numpy import load_file

    found = load_file(path)
    np.testing.assert_array_equal(found["network.layers.3.W"], ours.layers[3].W)
    assert {array.dtype for array in found.values()} == {np.dtype(dtype)}
    assert sorted(tmp_path.iterdir()) == [path]


def test_safetensors_and_npz_tell_each_other_apart(tmp_path):
    pytest.importorskip("safetensors")
    save(every_layer(), tmp_path / "a.npz")
    save_safetensors(every_layer(), tmp_path / "b.safetensors")
    with pytest.raises(DataError, match=r"a\.npz: expected .*safetensors"):
        load_safetensors(tmp_path / "a.npz")
    with pytest.raises(DataError, match=r"b\.safetensors"):
        load(tmp_path / "b.safetensors")


def test_safetensors_of_others_are_named_with_the_way_out(tmp_path):
    pytest.importorskip("safetensors")
    from safetensors.numpy import save_file

    save_file({"0.weight": np.ones((3, 2), np.float32)}, tmp_path / "torch.safetensors")
    with pytest.raises(DataError, match=r"torch\.safetensors: .*weights alone.*from_torch"):
        load_safetensors(tmp_path / "torch.safetensors")


def test_damaged_safetensors_are_refused_with_their_name(tmp_path):
    pytest.importorskip("safetensors")
    good = tmp_path / "good.safetensors"
    save_safetensors(every_layer(), good)
    content, rng = good.read_bytes(), np.random.default_rng(0)
    bad = tmp_path / "bad.safetensors"
    ends = [b"", b"\xff" * 8, content[:100], content[:-1], content + b"1", (2**62).to_bytes(8, "little") + content[8:]]
    flipped = [bytearray(content) for _ in range(200)]
    for one in flipped:
        one[int(rng.integers(0, 900))] ^= 1 << int(rng.integers(0, 8))
    refused = 0
    for one in (*ends, *map(bytes, flipped)):
        bad.write_bytes(one)
        try:
            load_safetensors(bad)
        except DataError as error:
            refused += 1
            assert str(error).startswith(str(bad))  # noqa: PT017 - what is not refused is a changed number
    assert refused > len(ends) + 100
    with pytest.raises(DataError, match=r"missing\.safetensors"):
        load_safetensors(tmp_path / "missing.safetensors")
    with pytest.raises(DataError, match=str(tmp_path)):
        load_safetensors(tmp_path)


def test_safetensors_that_are_too_large_are_not_read(tmp_path, monkeypatch):
    pytest.importorskip("safetensors")
    save_safetensors(every_layer(), tmp_path / "model.safetensors")
    monkeypatch.setattr("nnlit.files.LIMIT", 100)
    with pytest.raises(DataError, match="100 bytes"):
        load_safetensors(tmp_path / "model.safetensors")


@pytest.mark.parametrize("broken", [np.nan, np.inf])
def test_a_network_that_could_not_be_read_again_is_not_written(tmp_path, broken):
    pytest.importorskip("safetensors")
    network = every_layer()
    network.layers[3].b[0] = broken
    with pytest.raises(ValueError, match="NaN or infinity"):
        save_safetensors(network, tmp_path / "model.safetensors")
    assert not list(tmp_path.iterdir())


def test_a_perceptron_that_lacks_biases_is_refused():
    layers = {"coefs_": [np.eye(2), np.eye(2)], "intercepts_": [np.zeros(2)], "activation": "relu"}
    with pytest.raises(ValueError, match="zip"):
        _perceptron(SimpleNamespace(**layers))
