"""Calls that do not fit, in the way that other libraries are called: each error's repair is pasted, and works."""

import datetime as dt
import decimal
import importlib
import inspect
import pickle
import re
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import nnlit
from nnlit import (
    Adam,
    Dense,
    GradientDescent,
    MiniBatches,
    Network,
    ReLU,
    accuracy,
    fit,
    load,
    names,
    save,
    softmax_cross_entropy,
    split,
    squared_error,
)
from nnlit.calls import NEEDLESS, OTHERS, WAYS, ours
from nnlit.network import leaves

X, y = np.random.default_rng(0).normal(size=(12, 6)), np.arange(12) % 3
WHOLE = {
    "loss": "softmax_cross_entropy",
    "rule": "GradientDescent(0.1)",
    "batches": "MiniBatches(4)",
    "epochs": "2",
    "rng": "np.random.default_rng(0)",
}


def space(**more):
    """What a person has: all public names, a network, examples, labels, outputs, a rule and a loss."""
    rng = np.random.default_rng(0)
    network = Network([Dense.start(6, 5, rng), ReLU(), Dense.start(5, 3, rng)])
    have = {"network": network, "X": X, "y": y, "Z": network.predict(X), "rule": Adam(0.01), "loss": squared_error}
    public = {name: getattr(nnlit, name) for name in nnlit.__all__}
    return public | {"np": np, "pd": pd, "Path": Path, "rng": rng} | have | more


def message(code, names, kinds=(TypeError, ValueError, AttributeError)):
    """What a call that fails says."""
    with pytest.raises(kinds) as error:
        eval(code, names)  # noqa: S307
    return str(error.value)


def call_of_fit(without="", **more):
    words = {name: code for name, code in WHOLE.items() if name != without} | more
    return f"fit(network, X, y, {', '.join(f'{name}={code}' for name, code in words.items())})"


# --- an argument under another name -----------------------------------------------------------------------------------

RENAMED = {  # code with {} for the argument: as others write it, and what is to be handed over
    "Adam({})": ("lr=0.1", "learning_rate=0.1"),
    "GradientDescent({})": ("alpha=0.1", "learning_rate=0.1"),
    "RMSProp({})": ("Learning_Rate=0.1", "learning_rate=0.1"),
    "AdaGrad({})": ("learning_rte=0.1", "learning_rate=0.1"),
    "Momentum(0.1, {})": ("momentum=0.5", "mu=0.5"),
    "AdamW(0.1, {})": ("weight_decay=0.5", "decay=0.5"),
    "MiniBatches({})": ("batch_size=4", "size=4"),
    "Dropout({})": ("p=0.5", "rate=0.5"),
    "LeakyReLU({})": ("negative_slope=0.1", "slope=0.1"),
    "LabelSmoothing(loss, {})": ("smoothing=0.1", "epsilon=0.1"),
    "L2(rule, {})": ("weight_decay=0.1", "strength=0.1"),
    "Cosine({})": ("T_max=9", "steps=9"),
    "Blocks({})": ("n_jobs=2", "threads=2"),
    "Dense.start(6, 3, {})": ("seed=3", "rng=np.random.default_rng(3)"),
    "Dense.start(6, rng=rng, {})": ("out_features=3", "n_out=3"),
    "he(6, rng=rng, {})": ("fan_out=3", "n_out=3"),
    "one_hot(y, {})": ("num_classes=3", "K=3"),
    "split(X, y, rng=rng, {})": ("test_size=0.25", "fraction=0.25"),
    "split(X, y, 0.25, {})": ("random_state=None", "rng=np.random.default_rng(0)"),
    call_of_fit("rule")[:-1] + ", {})": ("lr=0.1", "rule=GradientDescent(0.1)"),
    call_of_fit("rule")[:-1] + ",{})": ("optimizer='adam'", "rule=Adam(0.001)"),
    call_of_fit("rule")[:-1] + ",  {})": ("optimizer=Adam", "rule=Adam(0.01)"),
    call_of_fit("loss")[:-1] + ", {})": ("criterion='mse'", "loss=squared_error"),
    call_of_fit("epochs")[:-1] + ", {})": ("n_epochs=3", "epochs=3"),
    call_of_fit("epochs")[:-1] + ",{})": ("epoch=3", "epochs=3"),
    call_of_fit("batches")[:-1] + ", {})": ("batch_size=3", "batches=MiniBatches(3)"),
    call_of_fit("rng")[:-1] + ", {})": ("seed=3", "rng=np.random.default_rng(3)"),
    call_of_fit("rng")[:-1] + ",{})": ("random_state=np.random.RandomState(3)", "rng=np.random.default_rng(0)"),
    call_of_fit()[:-1] + ", {})": ("validation_split=0.25", "validation=0.25"),
    "load({})": ("file='network.npz'", "path='network.npz'"),
    "save(network, {})": ("filename='network.npz'", "path='network.npz'"),
}


@pytest.mark.parametrize("code", RENAMED)
@pytest.mark.long_but_one_in(4)
def test_an_argument_by_the_name_of_others_is_said_in_ours(code, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names, (theirs, here) = space(), RENAMED[code]
    save(names["network"], "network.npz")
    text = message(code.format(theirs), names)
    assert text.endswith(f"hand over {here} instead"), text
    eval(code.format(here), names)  # noqa: S307


@pytest.mark.parametrize(
    ("theirs", "here"),
    [("validation_data=(X, y)", "validation"), ("callbacks=EarlyStopping(2)", "callback"),
     ("sample_weight=np.ones(12)", "weights")],
)  # fmt: skip
def test_a_value_that_cannot_be_written_down_is_handed_over_by_our_name(theirs, here):
    code = call_of_fit(**({"validation": "0.25"} if here == "callback" else {}))[:-1]
    assert message(f"{code}, {theirs})", space()).endswith(f"hand over it as {here} instead")
    eval(f"{code}, {here}={theirs.partition('=')[2]})", space())  # noqa: S307


def test_a_learning_rate_beside_a_rule_becomes_the_rules_own():
    text = message(call_of_fit(lr="0.1", rule="Adam(0.5)"), space())
    assert text == "fit: there is no argument lr; hand over rule=Adam(0.1) instead"
    text = message("Adam(network.parameters, lr=0.1)", space())
    assert text.startswith("Adam: there is no argument lr; the parameters come from fit")
    assert eval(text.rpartition("write ")[2], space()) == Adam(0.1)  # noqa: S307


NONE = ("verbose", "shuffle", "device", "training", "bias", "metrics", "reduction", "inplace", "activation")


@pytest.mark.parametrize(("word", "why"), [(word, NEEDLESS.get(word)) for word in NONE])
def test_an_argument_that_is_not_needed_is_to_be_left_out(word, why):
    assert message(call_of_fit(**{word: "1"}), space()) == f"fit: there is no argument {word}; {why}; leave out {word}"


@pytest.mark.parametrize(
    ("code", "taken"),
    [("softmax(Z, axis=1)", "Z"), ("Dropout(0.5, frog=1)", "rate"), ("network.predict(X, batch_size=3)", "X"),
     ("Network(layers=[ReLU()], label='x')", "layers, learned"), ("ReLU(frog=1)", "nothing")],
)  # fmt: skip
def test_an_unknown_argument_is_told_what_there_is(code, taken):
    word = code.rpartition("=")[0].rpartition(" ")[2].rpartition("(")[2]
    text = message(code, space())
    assert text.endswith(f": there is no argument {word}; it takes {taken}; leave out {word}")


def test_an_argument_that_came_under_both_names():
    text = message(call_of_fit(n_epochs="3"), space())
    assert text == "fit: there is no argument n_epochs; it is called epochs here, which came too; leave out n_epochs"
    text = message("fit(network, X, y, X=X)", space())
    assert text == "fit: X came twice, by its place and by its name; leave out one of the two"


ROWS = {  # a word of others for each of our arguments
    "K": "num_classes", "W": "kernel", "X": "X_train", "Z": "y_pred", "b": "bias", "batches": "batch_size",
    "beta1": "b1", "beta2": "b2", "callback": "callbacks", "checkpoint": "ckpt", "decay": "weight_decay",
    "directory": "root", "epochs": "max_iter", "epsilon": "eps", "f": "fn", "factor": "scale", "fraction": "test_size",
    "grad": "jac", "h": "eps", "layers": "modules", "learning_rate": "eta", "loss": "criterion", "mu": "momentum",
    "n_in": "in_features", "n_out": "units", "network": "model", "path": "filename", "patience": "n_iter_no_change",
    "pixels": "shift", "rate": "p", "rho": "alpha", "rng": "seed", "rows": "batch_size", "rule": "optimizer",
    "side": "width", "size": "batch_size", "slope": "negative_slope", "steps": "T_max", "strength": "l2",
    "threads": "n_jobs", "tolerance": "atol", "validation": "validation_data", "warm_up": "warmup",
    "weights": "class_weight", "width": "columns", "y": "targets",
    "alpha": "weight_decay", "dropout": "rate", "hidden_layer_sizes": "hidden", "learning_rate_init": "lr",
    "max_iter": "epochs", "n_iter_no_change": "patience", "random_state": "seed", "solver": "optimizer",
    "tol": "tolerance",
}  # fmt: skip


def test_every_word_of_others_leads_to_the_argument_of_its_row():
    assert OTHERS.keys() == ROWS.keys()
    assert {name: ours(word, ["other", name]) for name, word in ROWS.items()} == {name: name for name in ROWS}
    for name, words in OTHERS.items():
        assert all(ours(word, [name]) == name for word in words.split())
    taken = {
        parameter
        for name in nnlit.__all__
        if callable(getattr(nnlit, name)) and name != "DataError"
        for parameter in inspect.signature(getattr(nnlit, name)).parameters
    }
    classifiers = set(list(ROWS)[-9:])
    assert OTHERS.keys() <= taken | {"size", "pixels"} | classifiers
    assert classifiers <= set(inspect.signature(pytest.importorskip("nnlit.estimator").MLPClassifier).parameters)
    assert ours("n_epochs", ["network", "epochs"]) == "epochs"
    assert [ours(word, ["rng"]) for word in ("seed", "verbose", "Rng", "r_n_g")] == ["rng", "", "rng", "rng"]


def test_our_own_names_come_before_those_of_others():
    assert ours("size", ["side", "size"]) == "size"
    assert ours("batch_size", ["rows", "batches"]) == "rows"  # the first that fits


# --- an argument left out, or too many --------------------------------------------------------------------------------

MISSING = {
    "Adam({})": "learning_rate=0.01",
    "Momentum({})": "learning_rate=0.01",
    "MiniBatches({})": "size=64",
    "WithReplacement({})": "size=64",
    "Dropout({})": "rate=0.2",
    "Shift({})": "pixels=1",
    "Scale({})": "factor=1 / 255",
    "Cosine({})": "steps=1000",
    "EarlyStopping({})": "patience=5",
    "LabelSmoothing(loss, {})": "epsilon=0.1",
    "LabelSmoothing(epsilon=0.1, {})": "loss=squared_error",
    "L2(rule, {})": "strength=0.0001",
    "L2(strength=0.1, {})": "rule=GradientDescent(0.1)",
    "Scheduled(rule, {})": "schedule=Cosine(1000)",
    "Network({})": "layers=[Dense.start(784, 10, np.random.default_rng(0))]",
    "Dense.start(784, {})": "n_out=10",
    "he(n_out=3, rng=rng, {})": "n_in=784",
    "one_hot(y, {})": "K=10",
    "split(X, y, rng=rng, {})": "fraction=0.2",
    "full_batch(5, {})": "rng=np.random.default_rng(0)",
    "full_batch(rng=rng, {})": "m=len(X)",
    "save(network, {})": 'path="network.npz"',
    "check_layer(X=X, {})": "layer=ReLU()",
    "diagnose(network, X, np.eye(3)[y], {})": "loss=squared_error",
    "accuracy(X=X, y=y, {})": "network=network",
    "to_sklearn(network, X, y, {})": "learning_rate=0.01",
}


@pytest.mark.parametrize("code", MISSING)
@pytest.mark.long_but_one_in(4)
def test_what_is_missing_is_said_with_what_to_hand_over(code, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    if code.startswith("to_sklearn"):
        pytest.importorskip("sklearn")
    names, mend = space(), MISSING[code]
    name = mend.partition("=")[0]
    text = message(code.format("").replace(", )", ")"), names)
    assert text.endswith(f"{name} is missing; hand over {mend}"), text
    if "start" in code:
        mend += ", rng=rng"
    eval(code.format(mend), names)  # noqa: S307


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("resume(X=X, y=y)", 'resume: checkpoint is missing; hand over checkpoint="training.npz"'),
        ("fit(network)", "fit: X is missing: one example per row, shape (m, n_in), any number type"),
        ("accuracy(network, X)", "accuracy: y is missing: labels, shape (m,), or one-hot rows, shape (m, K)"),
        ("loss(Z)", "SquaredError: y is missing: labels of shape (m,), or target rows of shape (m, K)"),
        ("softmax()", "softmax: Z is missing: "),
        ("network.predict()", "Network.predict: X is missing: one example per row, shape (m, n_in), any number type"),
        ("Standardize()", "Standardize: shift is missing: "),
        ("Dense()", "Dense: expected weights W and biases b, two arrays; for random ones write "),
    ],
)
def test_what_only_its_owner_has_is_said_in_the_words_of_the_documentation(code, text):
    assert message(code, space()).startswith(text)


@pytest.mark.parametrize("code", ["fit(X, y, loss=loss)", "accuracy(X, y)", "diagnose(X, y, loss)"])
def test_a_network_that_was_forgotten_is_missing_and_not_what_stands_at_the_end(code):
    text = message(code, space())
    assert text.endswith("the network is missing, which comes first; hand over network=network")


TOO_MANY = {
    "fit(network, X, y, loss, rule)": "only network, X, y come without names, and 5 did; hand over the others as "
    "loss=, rule=",
    "resume('a', X, y, 1, 2)": "only checkpoint, X, y come without names, and 5 did; hand over the others as every=",
    "load_mnist('a', 'b', 'c')": "only path come without names, and 3 did; hand over the others as transpose=",
    "ReLU(64)": "it takes nothing, but it got 64; write ReLU()",
    "ReLU(X)": "it takes nothing, but it got a ndarray; write ReLU().predict(X)",
    "Adam(0.1, 0.9, 0.9, 1e-8, 7)": "it takes learning_rate, beta1, beta2, epsilon, and 5 came; leave out 7",
    "MiniBatches(4, True)": "it takes size, and 2 came; leave out True",
    "Network(ReLU(), ReLU(), ReLU())": "expected one list of layers, but they came one by one; write "
    "Network([first, second])",
    "network.predict(X, y)": "it takes X, and 2 came; leave out a ndarray",
}


@pytest.mark.parametrize("code", TOO_MANY)
def test_what_is_too_much_is_said(code):
    caller = "Network.predict" if code.startswith("network") else code.partition("(")[0]
    assert message(code, space()) == f"{caller}: {TOO_MANY[code]}"


@pytest.mark.parametrize(
    ("code", "sizes"),
    [("Dense()", "784, 10"), ("Dense(784)", "784, 784"), ("Dense(units=10)", "784, 10"), ("Dense(5, 4, rng)", "5, 4"),
     ("Dense(10, activation='relu')", "784, 10"), ("Dense(in_features=5, out_features=4)", "5, 4"),
     ("Dense(True)", "784, 10")],
)  # fmt: skip
def test_a_dense_layer_from_sizes_begins_with_random_weights(code, sizes):
    mend = message(code, space()).rpartition("write ")[2]
    assert mend == f"Dense.start({sizes}, np.random.default_rng(0))"
    assert repr(eval(mend, space())) == f"Dense({sizes.replace(', ', ' -> ')}, float32)"  # noqa: S307


# --- arguments in each other's place ----------------------------------------------------------------------------------

EXCHANGED = {  # a call, and the names that its values have there
    "fit(X, y, network, loss=loss, rule=rule, batches=MiniBatches(4), epochs=2, rng=rng)": ("network", "X", "y"),
    "fit(network, y, X, loss=loss, rule=rule, batches=MiniBatches(4), epochs=2, rng=rng)": ("X", "y"),
    "accuracy(network, y, X)": ("X", "y"),
    "accuracy(X, y, network)": ("network", "X", "y"),
    "accuracy(X, network, y)": ("network", "X"),
    "confusion_matrix(network, y, X)": ("X", "y"),
    "diagnose(network, y, X, loss)": ("X", "y"),
    "diagnose(network, X, loss, y)": ("y", "loss"),
    "diagnose(loss, X, y, network)": ("network", "loss"),
    "loss(y, Z)": ("Z", "y"),
    "softmax_cross_entropy(y, Z)": ("Z", "y"),
    "softmax_cross_entropy(y % 2, Z.T[:2].T)": ("Z", "y"),
    "binary_cross_entropy(np.eye(3)[y][:, 0], Z)": None,
    "L2(0.1, rule)": ("rule", "strength"),
    "LabelSmoothing(0.1, loss)": ("loss", "epsilon"),
    "Scheduled(Cosine(9), rule)": ("rule", "schedule"),
    "check_layer(X, ReLU())": ("layer", "X"),
    "save('network.npz', network)": ("network", "path"),
}


@pytest.mark.parametrize("code", [code for code, moved in EXCHANGED.items() if moved])
@pytest.mark.long_but_one_in(4)
def test_arguments_in_each_others_place_are_put_right_by_the_message(code, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names, moved = space(), EXCHANGED[code]
    text = message(code, names)
    mend = text.rpartition("write ")[2]
    assert mend == f"{', '.join(moved)} = {', '.join([moved[-1], *moved[:-1]])}"
    # the names of the message are those of the function; here they hold what came
    head, _, tail = code.partition("(")
    values = tail[:-1].split(", ")
    first = ("network", "X", "y", "loss") if head in ("fit", "accuracy", "confusion_matrix", "diagnose") else moved
    bound = dict(zip(first, (eval(v, names) for v in values if "=" not in v), strict=False))  # noqa: S307
    now = names | bound
    exec(mend, now)  # noqa: S102
    rest = [v for v in values if "=" in v]
    eval(f"{head}({', '.join([*bound, *rest])})", now | {"loss": now.get("loss", squared_error)})  # noqa: S307


def test_what_stands_too_early_moves_behind_the_others():
    names = space()
    text = message("diagnose(network, loss, X, y)", names)
    assert text == (
        "diagnose: X is the loss, so they stand in each other's place; write X, y, loss = y, loss, X"
    )
    text = message("diagnose(network, loss, y, X)", names)
    assert text.endswith("write X, y, loss = y, loss, X")


def test_what_may_be_right_is_not_called_exchanged():
    with pytest.raises(ValueError, match="one row and a label for each"):
        accuracy(space()["network"], X, y[:5])
    with pytest.raises(ValueError, match="one example alone is a row"):
        accuracy(space()["network"], X[0], y[:1])
    with pytest.raises(ValueError, match="floating point"):
        squared_error(y, y)
    one = Network([Dense.start(1, 3, np.random.default_rng(0))])
    with pytest.raises(ValueError, match="one example per row, but X is"):
        accuracy(one, X[:, 0], y[:, None])
    with pytest.raises(ValueError, match="one example alone is a row"):
        accuracy(space()["network"], X[0], X)
    with pytest.raises(ValueError, match="examples stand in columns"):
        accuracy(space()["network"], X.T, X)


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("came", [None, 0, 3.5, True, b"a", X, ["a"], space()["network"], open])
@pytest.mark.parametrize(
    "code",
    ["load(came)", "load_safetensors(came)", "save(network, came)", "save_safetensors(network, came)",
     "load_mnist(came)", "read_idx(came)", "read_kaggle_csv(came)", "read_picture(came)", "resume(came, X, y)",
     "fetch_mnist(came)"],
)  # fmt: skip
@pytest.mark.long_but_one_in(4)
def test_what_is_no_name_of_a_file_is_said(code, came):
    if came is None and "_mnist" in code:
        return  # the sample
    name = {"resume": "checkpoint", "fetch_mnist": "directory"}.get(code.partition("(")[0], "path")
    file = {
        "load_mnist": "train.csv", "fetch_mnist": "mnist", "read_idx": "train-images-idx3-ubyte",
        "read_kaggle_csv": "train.csv", "read_picture": "digit.png", "load_safetensors": "network.safetensors",
        "save_safetensors": "network.safetensors", "resume": "training.npz",
    }.get(code.partition("(")[0], "network.npz")  # fmt: skip
    text = message(code, space(came=came))
    assert text.startswith(f"{code.partition('(')[0]}: expected {name} to be the name of a file, but it is "), text
    assert text.endswith(f"; write {name} = {file!r}")


def test_a_file_that_cannot_be_read_is_no_call_that_does_not_fit(tmp_path, monkeypatch):
    monkeypatch.setattr("nnlit.mnist.SAMPLE", tmp_path / "none.npz")
    for code in ("load_mnist(None)", "load_mnist()", "load('none.npz')"):
        with pytest.raises(nnlit.DataError, match="no such file"):
            eval(code, space())  # noqa: S307


@pytest.mark.parametrize("kind", [str, Path])
def test_a_name_may_be_a_text_or_a_path(kind, tmp_path):
    save(space()["network"], kind(tmp_path / "network.npz"))
    assert load(kind(tmp_path / "network.npz")) == space()["network"]


# --- names of others --------------------------------------------------------------------------------------------------


ASKED = {  # a name that others have, and what is to be written
    "fit": "network, history = fit(network, X, y, loss=softmax_cross_entropy, rule=Adam(0.001), "
    "batches=MiniBatches(64), epochs=10, rng=np.random.default_rng(0))",
    "score": "accuracy(network, X, y)",
    "predict_proba": "softmax(network.predict(X))",
    "predict_classes": "network.predict(X).argmax(axis=1)",
    "transform": "network.predict(X)",
    "eval": "network.predict(X)",
    "save": 'save(network, "network.npz")',
    "load_state_dict": 'network = load("network.npz")',
    "state_dict": "from nnlit.network import leaves; leaves(network)",
    "append": "network = Network([*network.layers, ReLU()])",
    "summary": "print(network)",
    "confusion_matrix": "confusion_matrix(network, X, y)",
    "n_out": "network.width(network.n_in)",
    "input_shape": "network.n_in",
}


def test_there_is_a_way_for_what_others_ask():
    for name, way in ASKED.items():
        assert message(f"network.{name}", space(), AttributeError).endswith(f"network has no {name}; write {way}")
    assert len(WAYS) == len(ASKED)


@pytest.mark.parametrize("name", [name for names in WAYS for name in names.split()])
@pytest.mark.long_but_one_in(4)
def test_what_others_ask_a_network_is_told_the_way_here(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = space()
    save(names["network"], "network.npz")
    text = message(f"network.{name}(X, y)", names, AttributeError)
    assert text.startswith(f"Network: network has no {name}; write ")
    exec(text.rpartition("; write ")[2], names)  # noqa: S102


@pytest.mark.parametrize("code", ["rule.step()", "rule.lr", "loss.backward()", "loss.forward(Z, y)"])
def test_what_others_ask_a_rule_or_a_loss_is_told_the_way_here(code):
    text = message(code, space(), AttributeError)
    p = np.ones(2)
    exec(text.rpartition("; write ")[2], space(p=p, g=p, y=np.eye(3)[y]))  # noqa: S102


@pytest.mark.parametrize("code", ["network.zero_grad()", "rule.zero_grad()", "network.to('cuda')", "ReLU().cpu()"])
def test_where_nothing_is_kept_there_is_nothing_to_do(code):
    assert message(code, space(), AttributeError).endswith("so there is nothing to do; leave it out")


@pytest.mark.parametrize("code", ["network.frog", "rule.frog", "loss.frog", "ReLU().frog"])
def test_any_other_name_is_not_there(code):
    assert "has no frog; dir(" in message(code, space(), AttributeError)
    assert not hasattr(eval(code.partition(".")[0], space()), "frog")  # noqa: S307


def test_a_property_that_fails_says_why():
    class Odd(nnlit.Layer):
        @property
        def n_in(self):
            return self.frog.size

        @property
        def side(self):
            raise AttributeError("the side is not known")

    with pytest.raises(AttributeError, match="has no frog"):
        _ = Odd().n_in
    with pytest.raises(AttributeError, match=r"^the side is not known$"):
        _ = Odd().side


def test_networks_and_layers_are_not_called():
    assert message("network(X)", space()).endswith("write network.predict(X)")
    assert message("ReLU()(X)", space()).endswith("write layer.predict(X)")
    with pytest.raises(TypeError, match="expected batches to be a value such as full_batch"):
        eval(call_of_fit("batches", batches="network"), space())  # noqa: S307


@pytest.mark.parametrize("code", ["network.parameters()", "network.layers[0].parameters()"])
def test_parameters_is_no_method(code):
    names = space()
    exec(message(code, names).rpartition("write ")[2], names)  # noqa: S102
    assert [p.shape for p in leaves(names["network"])] == [(6, 5), (5,), (5, 3), (3,)]
    assert Dense.parameters == ("W", "b")
    assert Network.parameters == ()


@pytest.mark.parametrize("code", ["network[0]", "network[:-1]", "[*network]", "len([layer for layer in network])"])
def test_a_network_is_no_list(code):
    text = message(code, space(), TypeError)
    assert text.endswith("a network is no list, but it has one; write network.layers in place of network")
    assert eval(code.replace("network", "network.layers"), space())  # noqa: S307
    assert message("Dense.start(3, 2, rng)[0]", space()).endswith("its arrays have names, such as layer.W")


# --- names of other libraries -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", names.WAYS)
@pytest.mark.long_but_one_in(4)
def test_a_name_that_others_have_is_told_with_what_gives_the_same(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    have = space()
    save(have["network"], "network.npz")
    if "safetensors" in names.WAYS[name]:
        pytest.importorskip("safetensors")
        nnlit.save_safetensors(have["network"], "network.safetensors")
    if "estimator" in names.WAYS[name]:
        pytest.importorskip("sklearn")
    with pytest.raises(ImportError, match=f"^nnlit: there is no {name}; ") as error:
        exec(f"from nnlit import {name}", {})  # noqa: S102
    _, write, code = str(error.value).partition("write ")
    assert write or name in [*names.LATER.split(), "device", "cuda", "to"]
    for ours_, small in (("784", "6"), ("epochs=10", "epochs=1"), ("(X[0], 28)", "(np.zeros(4), 2)")):
        code = code.replace(ours_, small)
    exec(code, have)  # noqa: S102
    with pytest.raises(AttributeError, match=f"^nnlit: there is no {name}; "):
        getattr(nnlit, name)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("from nnlit import relu", "write from nnlit import ReLU"),
        ("from nnlit import Dense, early_stopping", "write from nnlit import EarlyStopping"),
        ("from nnlit import Adagrad, RMSprop", "write from nnlit import AdaGrad"),
        ("from nnlit import acuracy", "write from nnlit import accuracy"),
        ("from nnlit import frog", "dir(nnlit) lists what there is"),
    ],
)
def test_a_name_that_is_spelt_otherwise_is_told(code, text):
    with pytest.raises(ImportError, match=f"{re.escape(text)}$"):
        exec(code, {})  # noqa: S102


def test_names_that_are_there_and_questions_for_others_stay_what_they_were():
    assert not {*names.WAYS} & {*nnlit.__all__}
    assert len(names.WAYS) == sum(len(words.split()) for words in (*names.CODE, *names.SAID))
    assert not hasattr(nnlit, "Linear")
    assert getattr(nnlit, "Linear", 3) == 3
    assert importlib.import_module("nnlit.estimator")
    exec("from nnlit import estimator, cli, book", {})  # noqa: S102
    for name in ("__wrapped__", "_private", "os.system"):
        with pytest.raises(AttributeError, match=f"^module 'nnlit' has no attribute '{name}'$"):
            getattr(nnlit, name)
    with pytest.raises(ImportError, match="cannot import name '_private'"):
        exec("from nnlit import _private", {})  # noqa: S102


# --- what the mechanism leaves alone ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", nnlit.__all__)
def test_public_names_are_what_they_were(name):
    given = getattr(nnlit, name)
    assert pickle.loads(pickle.dumps(given)) is given or name in ("squared_error", *LOSSES)  # noqa: S301
    if callable(given) and not isinstance(given, type) and name not in LOSSES:
        assert given.__name__ == name
        assert getattr(__import__(given.__module__, fromlist=[name]), name) is given


LOSSES = ("squared_error", "binary_cross_entropy", "softmax_cross_entropy")


def test_an_error_from_within_is_handed_on():
    def broken(m, rng):
        raise TypeError("broken() missing 1 required positional argument: 'm'")

    with pytest.raises(TypeError, match=r"^broken\(\) missing"):
        eval(call_of_fit("batches", batches="broken"), space(broken=broken))  # noqa: S307


@pytest.mark.parametrize("kind", [TypeError, ValueError, RuntimeError])
def test_an_object_that_fails_to_become_an_array_says_so_itself(kind):
    class Odd:
        def __array__(self, *_, **__):
            raise kind("it is gone")

    for code in ("network.predict(X)", "accuracy(network, X, y)", "split(X, y, 0.5, rng)"):
        with pytest.raises(kind, match="it is gone"):
            eval(code, space(X=Odd()))  # noqa: S307


def test_what_resume_hands_on_to_fit_is_explained_too(tmp_path):
    names = space(path=tmp_path / "run.npz")
    eval(call_of_fit(checkpoint="path"), names)  # noqa: S307
    text = message("resume(path, X, y, loss=loss, lr=0.1)", names)
    assert text == "fit: there is no argument lr; hand over rule=GradientDescent(0.1) instead"


def test_a_warning_names_the_line_that_led_to_it():
    names = space()
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        trained = fit(names["network"], X, y, loss=softmax_cross_entropy, rule=GradientDescent(0.0),
                      batches=MiniBatches(12), epochs=2, rng=np.random.default_rng(0)).network  # fmt: skip
        trained.predict(X * 1000)
        accuracy(trained, X * 1000, y)
    assert len(found) == 3
    assert {warning.filename for warning in found} == {__file__}


# --- arrays of all kinds ----------------------------------------------------------------------------------------------


def train(names):
    return eval(call_of_fit(), names)  # noqa: S307


TAKEN = {
    "a frame": pd.DataFrame(X),
    "columns with names": pd.DataFrame(X, columns=list("abcdef")),
    "a list": X.tolist(),
    "tuples": tuple(map(tuple, X.tolist())),
    "rows": list(X),
    "nothing masked": np.ma.masked_array(X),
    "Fortran's order": np.asfortranarray(X),
    "big-endian": X.astype(">f8"),
    "backwards": np.ascontiguousarray(X[::-1])[::-1],
    "long double": X.astype(np.longdouble),
    "a view of memory": memoryview(X),
}


@pytest.mark.parametrize("name", TAKEN)
def test_all_that_says_the_same_as_an_array_is_trained_on_alike(name):
    found, plain = train(space(X=TAKEN[name])).network, train(space()).network
    for p, q in zip(leaves(found), leaves(plain), strict=True):
        np.testing.assert_allclose(np.asarray(p, float), q, rtol=1e-5, atol=1e-6)


def test_what_cannot_be_written_to_is_left_as_it_is(tmp_path):
    on_disk = np.memmap(tmp_path / "X", dtype=float, mode="w+", shape=X.shape)
    on_disk[:] = X
    locked = X.copy()
    locked.flags.writeable = False
    assert train(space(X=on_disk)).network == train(space(X=locked)).network == train(space()).network


whole = (X * 10).astype(int)
ARRAYS = {  # what comes as X, what the message says, and what the repair gives, where it is one array
    "nullable": (lambda: pd.DataFrame(whole).astype("Int64"), "type object", whole),
    "objects": (lambda: X.astype(object), "type object", X),
    "a frame of objects": (lambda: pd.DataFrame(X).astype(object), "type object", X),
    "nullable truth": (lambda: pd.DataFrame(X > 0).astype("boolean"), "type object", X > 0),
    "decimals": (lambda: [[decimal.Decimal(int(v)) for v in row] for row in whole], "type object", whole),
    "a series of lists": (lambda: pd.Series(X.tolist()), "type object", X),
    "text": (lambda: whole.astype(str), "type <U", whole),
    "a frame of text": (lambda: pd.DataFrame(whole.astype(str)), "of type", whole),
    "a column of words": (
        lambda: pd.DataFrame(X[:, :4]).assign(s=["a", "b"] * 6), "type object",
        np.column_stack([X[:, :4], np.arange(12) % 2 == 0, np.arange(12) % 2]),
    ),
    "days": (lambda: whole.astype("M8[D]"), "datetime64", (whole - whole.min()) * 86400.0),
    "spans": (lambda: whole.astype("m8[s]"), "timedelta64", whole - whole.min()),
    "records": (lambda: np.rec.fromarrays(list(X.T)), "numpy.record", X),
    "masked": (lambda: np.ma.masked_array(X, mask=X > 1), "are masked", np.where(X > 1, 0, X)),
    "a dictionary": (lambda: dict(enumerate(X)), "it is a dict", X),
    "a generator": (lambda: (row for row in X), "it is a generator", X),
    "a map": (lambda: map(list, X), "it is a map", X),
    "infinity": (lambda: np.where(X > 1, np.inf, X), "infinity in X", np.where(X > 1, 0, X)),
    "what mnist is": (nnlit.load_mnist, "it is a Mnist", None),
    "a name of a file": (lambda: str(Path(nnlit.__file__).with_name("sample.npz")), "which is a text", None),
}  # fmt: skip


OFFERED = {
    "nullable": "X = X.to_numpy(float, na_value=np.nan)",
    "objects": "X = np.asarray(X).astype(float)",
    "a series of lists": "X = np.array([list(row) for row in X], float)",
    "a column of words": "X = pd.get_dummies(X).to_numpy(float)",
    "days": "X = (np.asarray(X) - np.min(X)) / np.timedelta64(1, 's')",
    "spans": "X = (np.asarray(X) - np.min(X)) / np.timedelta64(1, 's')",
    "records": "X = np.stack([X[n] for n in X.dtype.names], 1)",
    "masked": "X = X.filled(0)",
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", ARRAYS)
@pytest.mark.long_but_one_in(4)
def test_what_is_no_array_of_numbers_becomes_one_by_its_message(name):
    make, match, wanted = ARRAYS[name]
    names = space(X=make())
    text = message(call_of_fit(), names)
    assert match in text
    assert name not in OFFERED or text.endswith(f"write {OFFERED[name]}")
    exec(text.rpartition("write ")[2], names)  # noqa: S102
    if wanted is None:
        assert (names["X"].shape[1], names["y"].shape) == (784, names["X"].shape[:1])
        return
    np.testing.assert_array_equal(names["X"], wanted)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        train(names | {"X": names["X"] / 100})


def test_missing_values_of_a_frame_become_nan_which_is_then_said():
    names = space(X=pd.DataFrame(X).astype("Float64").mask(X > 1))
    exec(message(call_of_fit(), names).rpartition("write ")[2], names)  # noqa: S102
    assert "NaN in X, row" in message(call_of_fit(), names)


def test_sparse_matrices_and_tensors_say_how_they_become_arrays():
    sparse = pytest.importorskip("scipy.sparse")
    for kind in (sparse.csr_matrix, sparse.csr_array, sparse.coo_matrix):
        names = space(X=kind(X))
        text = message(call_of_fit(), names)
        assert text.endswith("write X = X.toarray()")
        exec(text.rpartition("write ")[2], names)  # noqa: S102
        train(names)
    assert message("split(X, y, 0.25, rng)", space(X=sparse.csr_matrix(X))).endswith("write X = X.toarray()")


@pytest.mark.parametrize("more", [{"requires_grad": True}, {"dtype": "bfloat16"}, {}])
def test_tensors_are_taken_or_say_how_they_become_arrays(more):
    torch = pytest.importorskip("torch")
    more = {name: getattr(torch, value) if name == "dtype" else value for name, value in more.items()}
    names = space(X=torch.tensor(X, **more))
    if more:
        exec(message(call_of_fit(), names).rpartition("write ")[2], names)  # noqa: S102
    train(names)
    train(space(y=torch.tensor(y)))


OTHER_LABELS = {
    "a mixture": (lambda: np.array(["a", 1, None] * 4, object), "expected integers"),
    "decimals": (lambda: [decimal.Decimal(int(v)) for v in y], "expected integers"),
    "days": (lambda: [dt.date(2026, 1, int(v) + 1) for v in y], "expected integers"),
    "bytes": (lambda: np.array([b"a", b"b", b"c"] * 4), "expected integers"),
    "nullable truth": (lambda: pd.Series(y > 0, dtype="boolean"), "expected integers"),
    "complex": (lambda: y.astype(complex), "expected integers"),
    "half": (lambda: y.astype(np.float16), "expected integers"),
    "long double": (lambda: y.astype(np.longdouble), "expected integers"),
    "words of pandas": (lambda: pd.Series(list("abc") * 4, dtype="string"), "expected integers"),
    "digits as objects": (lambda: y.astype(str).astype(object), "expected integers"),
    "one-hot objects": (lambda: np.eye(3)[y].astype(object), "expected"),
    "a row": (lambda: y[None], "one row and a label for each"),
    "a generator": (lambda: (v for v in y), "it is a generator"),
    "a dictionary": (lambda: dict(enumerate(y)), "it is a dict"),
    "masked": (lambda: np.ma.masked_array(y, mask=np.arange(12) > 8), "are masked"),
    "gaps": (lambda: pd.Series([None, *y[1:].tolist()], dtype="Int64"), "which is no class"),
    "NaN in a list": (lambda: [float("nan"), *y[1:].tolist()], "which is no class"),
}


@pytest.mark.parametrize("name", OTHER_LABELS)
@pytest.mark.parametrize("code", [call_of_fit(), "accuracy(network, X, y)"])
@pytest.mark.long_but_one_in(4)
def test_labels_of_all_kinds_are_mended_by_their_messages(name, code):
    make, match = OTHER_LABELS[name]
    names = space(y=make())
    assert match in message(code, names)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(3):  # what is mended may be whole numbers in floating point
            try:
                eval(code, names)  # noqa: S307
                break
            except (TypeError, ValueError) as error:
                if "generator" in str(error):
                    names["y"] = make()
                exec(str(error).rpartition("write ")[2], names)  # noqa: S102
        result = eval(code, names)  # noqa: S307
    if name in ("decimals", "days", "half", "long double", "digits as objects", "one-hot objects", "a row", "masked"):
        n = 9 if name == "masked" else 12
        plain = eval(code, space(X=X[:n], y=y[:n]))  # noqa: S307
        assert result[0] == plain[0] if "fit" in code else result == plain


@pytest.mark.parametrize("came", ["label", None, 3, b"a"])
def test_what_are_no_labels_at_all(came):
    for code in (call_of_fit(), "accuracy(network, X, y)"):
        text = message(code, space(y=came))
        assert "expected y to be an array" in text or "one row and a label for each" in text
        assert "load_mnist" not in text


def test_masked_labels_are_never_counted():
    hidden = np.ma.masked_array(y, mask=y == 2)
    for code in ("one_hot(y, 3)", "accuracy(network, X, y)", "split(X, y, 0.5, rng)", "loss(Z, y)"):
        assert "are masked" in message(code, space(y=hidden))
    assert "are masked" in message("softmax(Z)", space(Z=np.ma.masked_array(np.eye(3), mask=np.eye(3))))
    assert split(X, np.ma.masked_array(y), 0.5, np.random.default_rng(0))[1].shape == (6,)


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ([[1, 2], [3]], ", but row 0 has 2 and row 1 has 1"),
        ([[1], [2], [3, 4]], ", but row 0 has 1 and row 2 has 2"),
        ([[1, 2], 3], ", but row 0 has 2 and row 1 has 1"),
        ([[1, [2, 3]], [4, 5]], ""),
    ],
)
def test_rows_of_unequal_length_are_named(rows, text):
    assert message("network.predict(X)", space(X=rows)) == f"Network: expected X with rows of one length{text}"


LONG = "a word of more than forty letters, which is cut off"


@pytest.mark.parametrize(
    ("came", "place", "value"),
    [
        ([[1, "a"], [2, "b"]], "0, 1", "a"),
        (np.array([[1, 2], [pd.NA, 3]], object), "1, 0", "<NA>"),
        (np.array([[1, LONG]], object), "0, 1", LONG[:40]),
        (pd.Series(["1", "x"]), "1", "x"),
        (np.array([[1j, 1]], object), "0, 0", "1j"),
    ],
)
def test_the_first_entry_that_is_no_number_is_named(came, place, value):
    text = message("network.predict(X)", space(X=came))
    assert text.endswith(f"; X[{place}] is {value!r}, which is no number")


def test_records_with_words_are_no_numbers():
    records = np.rec.fromarrays([np.arange(2), np.array(["a", "b"])])
    assert message("network.predict(X)", space(X=records)).endswith("which is no number")


@pytest.mark.parametrize("kind", [set, frozenset])
def test_a_set_is_put_in_order(kind):
    names = space(y=kind(range(12)), network=Network([Dense.start(6, 12, np.random.default_rng(0))]))
    exec(message("accuracy(network, X, y)", names).rpartition("write ")[2], names)  # noqa: S102
    assert names["y"].tolist() == list(range(12))
    eval("accuracy(network, X, y)", names)  # noqa: S307


@pytest.mark.parametrize("came", [Path("train.csv"), b"train.csv", "train.csv"])
def test_the_name_of_a_file_is_no_array(came):
    assert message("network.predict(X)", space(X=came)).endswith(
        "write data = load_mnist(X); X, y = data.X_train, data.y_train"
    )
    assert message("accuracy(network, X, y)", space(y=came)).endswith("which is a text")


@pytest.mark.parametrize("came", [None, object(), len, ...])
def test_nothing_is_no_array(came):
    assert message("network.predict(X)", space(X=came)).startswith("Network: expected X to be an array, but it is ")


@pytest.mark.parametrize(
    ("m", "labels", "mend"),
    [
        (12, y[None], "; write y = np.ravel(y)"), (12, y.reshape(3, 4), "; write y = np.ravel(y)"), (12, y[:5], ""),
        (0, y[:0], ""), (0, y[None, :0], ""), (12, 3, ""), (1, 3, "; write y = np.ravel(y)"),
    ],
)  # fmt: skip
def test_labels_are_laid_out_where_there_is_one_for_each(m, labels, mend):
    text = message("accuracy(network, X, y)", space(X=X[:m], y=labels))
    assert text.endswith(f"y is {np.shape(labels)}{mend}")


def test_outputs_are_asked_of_a_network_before_softmax():
    names = space(Z=space()["network"])
    exec(message("softmax(Z)", names).rpartition("write ")[2], names)  # noqa: S102
    assert eval("softmax(Z)", names).shape == (12, 3)  # noqa: S307


def test_a_type_of_numbers_that_there_is_not():
    names = space(dtype="frog")
    exec(message("Dense.start(6, 3, rng, dtype)", names).rpartition("write ")[2], names)  # noqa: S102
    assert eval("Dense.start(6, 3, rng, dtype)", names).W.dtype == np.float32  # noqa: S307


# --- what is usual ----------------------------------------------------------------------------------------------------

USUAL = {  # the values of arguments that may be left out, as the documentation has them
    "show": {"width": 28},
    "load_mnist": {"path": None, "transpose": False},
    "fetch_mnist": {"directory": None},
    "read_picture": {"as_is": False},
    "central_difference": {"h": 6e-6},
    "check_gradient": {"tolerance": 1e-7, "name": "x"},
    "complex_step": {"h": 1e-30},
    "LeakyReLU": {"slope": 0.01},
    "Network": {"learned": None},
    "fit": {"weights": None, "validation": None, "checkpoint": None, "every": 1, "callback": None},
    "resume": {"every": 1},
    "Blocks": {"rows": 1000, "threads": 1},
    "Shift": {"side": 28},
    "Cosine": {"warm_up": 0},
    "Adam": {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
    "AdamW": {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "decay": 0.01},
    "Momentum": {"mu": 0.9},
    "Nesterov": {"mu": 0.9},
    "AdaGrad": {"epsilon": 1e-8},
    "RMSProp": {"epsilon": 1e-8, "rho": 0.9},
    "Cluster": {"pieces": None},
    "check_layer": {"rng": None},
    "save": {"more": None},
}


@pytest.mark.parametrize("name", [name for name in nnlit.__all__ if name not in ("DataError", "Mnist")])
def test_what_may_be_left_out_has_its_usual_value(name):
    given = getattr(nnlit, name)
    if not callable(given):
        return
    plain = (int, float, str, bool, type(None))
    defaults = {n: p.default for n, p in inspect.signature(given).parameters.items()}
    assert {n: v for n, v in defaults.items() if isinstance(v, plain)} == USUAL.get(name, {})


def test_two_rates_in_one_argument_are_parted():
    with pytest.raises(TypeError, match=r"no argument betas; hand over beta1=0.8, beta2=0.9 instead"):
        Adam(0.1, betas=(0.8, 0.9))
    with pytest.raises(TypeError, match=r"no argument betas; hand over beta1=0.8, beta2=0.9 instead"):
        Adam(0.1, betas=[0.8, 0.9])
    for value in (0.9, (0.9,), (0.9, 0.99, 0.999)):
        with pytest.raises(TypeError, match=r"no argument betas; hand over (it as beta\d|beta\d=0.9) instead"):
            Adam(0.1, betas=value)


def test_errors_of_names_carry_the_name_and_who_was_asked():
    """By which Python itself, and an editor, say what was meant."""
    names = space()
    for owner, name in (("network", "fit"), ("network", "frog"), ("rule", "lr"), ("loss", "item"), ("network", "cuda")):
        with pytest.raises(AttributeError) as error:
            getattr(names[owner], name)
        assert (error.value.name, error.value.obj) == (name, names[owner])
    with pytest.raises(AttributeError) as error:
        nnlit.Linear  # noqa: B018
    assert error.value.name == "Linear"
    with pytest.raises(ImportError) as error:
        from nnlit import Linear  # noqa: F401
    assert error.value.name == "nnlit"


@pytest.mark.parametrize(
    ("word", "known", "found"),
    [("epics", ["epochs"], ""), ("epoch", ["epochs"], "epochs"), ("rat", ["rate"], "rate"), ("rt", ["rate"], ""),
     ("sizes", ["size", "side"], "size")],
)  # fmt: skip
def test_names_that_are_too_far_from_ours_are_not_guessed(word, known, found):
    assert ours(word, known) == found


@pytest.mark.parametrize(
    ("name", "said"), [("Rely", "write from nnlit import ReLU"), ("Ru", "dir(nnlit) lists what there is")]
)
def test_public_names_that_are_too_far_are_not_guessed(name, said):
    from nnlit.names import instead

    assert instead(name, ["ReLU", "Tanh"]) == said


@pytest.mark.parametrize(
    ("word", "found"),
    [("trian", "train"), ("tranquil", None), ("predicts", "predict"), ("pre", None), ("Recipes", "recipes")],
)
def test_commands_that_are_too_far_are_not_guessed(word, found):
    from nnlit.meant import nearest

    assert nearest(word, ["train", "predict", "recipes"], {}) == found


def test_of_two_names_with_the_same_letters_the_first_is_meant():
    assert ours("_x", ["X", "x"]) == "X"
    assert ours("_x", ["x", "X"]) == "x"


@pytest.mark.parametrize("name", ["fit", "softmax", "load_mnist", "accuracy"])
def test_functions_keep_their_names_words_and_arguments(name):
    function = getattr(nnlit, name)
    assert (function.__name__, function.__qualname__) == (name, name)
    assert function.__doc__
    assert function.__module__.startswith("nnlit.")
    assert inspect.signature(function) == inspect.signature(inspect.unwrap(function))
    assert "args" not in inspect.signature(function).parameters


def test_sizes_of_a_dense_layer_are_numbers_and_no_answers():
    for code, sizes in (("5", "784, 5"), ("5, bias=True", "784, 5"), ("np.int64(5), 7, True", "5, 7")):
        said = message(f"Dense({code})", space())
        assert said.endswith(f"write Dense.start({sizes}, np.random.default_rng(0))")


@pytest.mark.parametrize(
    ("X", "y", "exchanged"),
    [(5, (5, 3), True), (5, (5, 1), False), (5, (4, 3), False), ((5, 1), (5, 3), False), (5, 5, False)],
)
def test_examples_and_labels_that_stand_in_each_others_place(X, y, exchanged):
    names = space(X=np.zeros(X), y=np.zeros(y))
    assert ("stand in each other's place" in message("accuracy(network, X, y)", names)) == exchanged
