"""The doors: what does not fit is named, and the repair that a message offers works when it is pasted."""

import warnings
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import nnlit
from nnlit import (
    Adam,
    Dense,
    Dropout,
    EarlyStopping,
    GradientDescent,
    Layer,
    MiniBatches,
    Network,
    ReLU,
    Scale,
    Standardize,
    accuracy,
    confusion_matrix,
    fit,
    full_batch,
    load,
    save,
    show,
    softmax_cross_entropy,
    split,
    squared_error,
)
from nnlit.doors import Range, fallen
from nnlit.network import leaves

NAMES = {name: getattr(nnlit, name) for name in nnlit.__all__} | {"np": np, "pd": pd}


def network(n_in=6, n_out=3, dtype=np.float32):
    rng = np.random.default_rng(0)
    return Network([Dense.start(n_in, 5, rng, dtype), ReLU(), Dense.start(5, n_out, rng, dtype)])


def given(**changes):
    """Everything that fit takes, with some of it exchanged."""
    rng = np.random.default_rng(1)
    found = {
        "network": network(),
        "X": rng.normal(size=(12, 6)),
        "y": np.arange(12) % 3,
        "loss": squared_error,
        "rule": GradientDescent(0.01),
        "batches": full_batch,
        "epochs": 2,
        "rng": rng,
        "gradient": nnlit.whole,
        "callback": None,
        "validation": None,
    }
    return found | changes


FIT = (
    "fit(network, X, y, loss=loss, rule=rule, batches=batches, epochs=epochs, rng=rng, gradient=gradient,"
    " callback=callback, validation=validation)"
)
IMAGES = np.random.default_rng(2).normal(size=(12, 2, 3))


def repaired(call, values, match):
    """The result of a call that fails, after its message's repair was pasted."""
    space = NAMES | values
    with pytest.raises((TypeError, ValueError), match=match) as error:
        eval(call, space)  # noqa: S307
    message = str(error.value)
    assert "write " in message, message
    exec(message.rpartition("write ")[2], space)  # noqa: S102
    return eval(call, space)  # noqa: S307


LABELS = {
    "a column": (np.arange(12)[:, None] % 3, "one axis|rows of shape"),
    "a row": (np.arange(12)[None] % 3, None),
    "a frame of one column": (pd.DataFrame({"label": np.arange(12) % 3}), "one axis|rows of shape"),
    "strings": (np.array(list("abcabcabcabc")), "expected integers, but y is <U1"),
    "strings of digits": (np.array(list("012012012012")), "expected integers"),
    "a series of strings": (pd.Series(list("abcabcabcabc"), index=range(12, 0, -1)), "expected integers"),
    "objects": (np.array([0, 1, 2] * 4, object), "expected integers, but y is object"),
    "a list of words": (["cat", "dog", "cow"] * 4, "expected integers"),
    "categories": (pd.Series(list("abcabcabcabc"), dtype="category"), "expected integers"),
    "whole floats": (np.arange(12) % 3.0, "expected integers, but y is float64"),
    "truth values": (np.arange(12) % 2 == 0, "expected integers, but y is bool"),
    "from one": (np.arange(12) % 3 + 1, "from 0 to 2, but y.2. is 3; labels from 1"),
    "a list from one": ([1, 2, 3] * 4, "labels from 1"),
    "bytes from one": ((np.arange(12) % 3 + 1).astype(np.uint8), "labels from 1"),
    "gaps": (np.array([2, 5, 9] * 4), "y.1. is 5; to number the 3 labels"),
    "minus one and one": (np.array([-1, 1] * 6), "y.0. is -1; to number the 2 labels"),
}


@pytest.mark.parametrize("name", [name for name, (_, match) in LABELS.items() if match])
@pytest.mark.parametrize("call", [FIT, "accuracy(network, X, y)", "confusion_matrix(network, X, y)"])
@pytest.mark.long_but_one_in(4)
def test_labels_that_do_not_fit_are_mended_by_their_message(name, call):
    y, match = LABELS[name]
    result = repaired(call, given(y=y), match)
    if isinstance(result, float):
        classes, right = np.unique(np.ravel(y), return_inverse=True)
        if len(classes) == 3:
            assert result == accuracy(network(), given()["X"], right)


@pytest.mark.parametrize("name", [name for name, (_, match) in LABELS.items() if match])
@pytest.mark.long_but_one_in(4)
def test_validation_takes_labels_through_the_same_door(name):
    X, (y, match) = given()["X"], LABELS[name]
    space = NAMES | given(validation=(X, y))
    with pytest.raises(ValueError, match=match):
        eval(FIT, space)  # noqa: S307


@pytest.mark.parametrize("call", ["accuracy(network, X, y)", "confusion_matrix(network, X, y)", FIT])
@pytest.mark.parametrize("kind", [list, pd.Series, lambda y: pd.Series(y, index=range(11, -1, -1)), np.uint8])
def test_labels_are_taken_by_position(call, kind):
    found, plain = (eval(call, NAMES | given(y=y)) for y in (kind(np.arange(12) % 3), np.arange(12) % 3))  # noqa: S307
    assert np.all(found[0] == plain[0] if call == FIT else found == plain)


def test_halves_are_no_classes_and_are_never_rounded():
    y = np.arange(12) / 2
    for call in (FIT, "accuracy(network, X, y)"):
        with pytest.raises(ValueError, match=r"y\[1\] is 0.5, which is no class") as error:
            eval(call, NAMES | given(y=y))  # noqa: S307
        assert "astype" not in str(error.value)


@pytest.mark.parametrize("y", [np.arange(12) / 2, np.arange(12), list(range(12)), pd.Series(np.arange(12) / 3)])
def test_measured_numbers_become_a_column_beside_one_output(y):
    trained, history = repaired(FIT, given(network=network(n_out=1), y=y), "one output")
    assert trained.predict(given()["X"]).shape == (12, 1)
    assert len(history) == 2


def test_labels_that_are_not_there_are_named():
    y = np.where(np.arange(12) == 4, np.nan, np.arange(12) % 2)
    with pytest.raises(ValueError, match=r"y\[4\] is nan, which is no class"):
        accuracy(network(), given()["X"], y)


def test_more_labels_than_outputs_need_more_outputs():
    with pytest.raises(ValueError, match="There are 12 labels, and the network needs an output for each"):
        accuracy(network(), given()["X"], np.arange(12))


def test_one_output_has_no_accuracy():
    X, y = given()["X"], np.arange(12) % 2
    for measure in (accuracy, confusion_matrix):
        with pytest.raises(ValueError, match="the network has one, which is always the largest"):
            measure(network(n_out=1), X, y)
    space = NAMES | given(network=network(n_out=1), y=y)
    with pytest.raises(ValueError, match="has one") as error:
        accuracy(space["network"], X, y)
    exec(str(error.value).rpartition("write ")[2], space)  # noqa: S102
    assert space["right"] == ((space["network"].predict(X)[:, 0] > 0) == y).mean()


def test_rows_of_probabilities_are_labels_and_other_rows_are_not():
    X, y = given()["X"], np.arange(12) % 3
    soft = 0.7 * np.eye(3)[y] + 0.1
    assert accuracy(network(), X, np.eye(3)[y]) == accuracy(network(), X, soft) == accuracy(network(), X, y)
    with pytest.raises(ValueError, match="one axis"):
        accuracy(network(), X, np.random.default_rng(0).normal(size=(12, 3)))


def test_validation_of_measured_rows_has_no_accuracy():
    X, Y = given()["X"], np.random.default_rng(0).normal(size=(12, 3))
    _, history = eval(FIT, NAMES | given(y=Y, validation=(X, Y)))  # noqa: S307
    assert list(history) == ["loss", "seconds", "validation_loss"]


def test_a_fraction_is_split_off_for_validation():
    values = given(validation=0.25)
    X, y = values["X"], values["y"]
    again = np.random.default_rng(5)
    X_train, y_train, *held_out = split(X, y, 0.25, again)
    assert (len(X_train), len(held_out[0])) == (9, 3)
    by_hand, history = eval(FIT, NAMES | given(X=X_train, y=y_train, rng=again, validation=tuple(held_out)))  # noqa: S307
    found, found_history = eval(FIT, NAMES | values | {"rng": np.random.default_rng(5)})  # noqa: S307
    assert found == by_hand
    assert found_history.drop(columns="seconds").equals(history.drop(columns="seconds"))


# --- weights ----------------------------------------------------------------------------------------------------------

WEIGHTED = FIT.replace("loss=loss", "loss=loss, weights=weights")


def weigh(weights, **changes):
    values = given(rule=GradientDescent(0.1), **changes)
    return eval(WEIGHTED, NAMES | values | {"weights": weights})  # noqa: S307


@pytest.mark.parametrize("loss", [squared_error, softmax_cross_entropy, nnlit.binary_cross_entropy])
def test_weights_of_one_change_nothing(loss):
    network, history = weigh(np.ones(12), loss=loss)
    plain, plain_history = weigh(None, loss=loss)
    assert all(np.allclose(p, q, rtol=1e-5) for p, q in zip(leaves(network), leaves(plain), strict=True))
    assert np.allclose(history["loss"], plain_history["loss"], rtol=1e-6)


@pytest.mark.parametrize("gradient", [nnlit.whole, nnlit.Blocks(rows=5)])
def test_weights_are_the_gradient_of_examples_taken_several_times(gradient):
    X, y = given()["X"], given()["y"]
    w = np.array([1, 2, 0, 1, 1, 3, 1, 1, 0, 1, 1, 0])
    rows = np.repeat(np.arange(12), w)
    assert len(rows) == 12
    network, history = weigh(w, gradient=gradient)
    copied, copied_history = weigh(None, X=X[rows], y=y[rows])
    assert all(np.allclose(p, q, rtol=1e-4, atol=1e-6) for p, q in zip(leaves(network), leaves(copied), strict=True))
    assert np.allclose(history["loss"], copied_history["loss"], rtol=1e-6)


def test_weights_of_classes_are_those_of_their_examples():
    y = given()["y"]
    by_class, _ = weigh({0: 3.0, 2: 0.5})
    assert by_class == weigh(np.where(y == 0, 3.0, np.where(y == 2, 0.5, 1.0)))[0]


def test_weights_go_with_their_examples_into_a_split_and_into_mini_batches():
    w = np.linspace(0.1, 2, 12)
    split_off, history = weigh(w, validation=0.25, rng=np.random.default_rng(5), batches=MiniBatches(4))
    again, order = np.random.default_rng(5), np.arange(12)
    kept, _, held_out, _ = split(order, order, 0.25, again)
    X, y = given()["X"], given()["y"]
    by_hand, by_hand_history = weigh(
        w[kept], X=X[kept], y=y[kept], validation=(X[held_out], y[held_out]), rng=again, batches=MiniBatches(4)
    )
    assert split_off == by_hand
    assert history.drop(columns="seconds").equals(by_hand_history.drop(columns="seconds"))
    unweighted = squared_error(split_off.predict(X[held_out]), y[held_out])[0]
    assert history["validation_loss"].iloc[-1] == pytest.approx(unweighted)


@pytest.mark.parametrize(
    ("weights", "match"),
    [
        ("balanced", "it is 'balanced'"),
        (2.0, "it is 2.0"),
        ([1.0, 2.0, 3.0], "a weight for each of 12 examples"),
        (np.full(12, -1.0), "-1.0 is among them"),
        (np.full(12, np.nan), "nan is among them"),
        (np.zeros(12), "but all are 0, or their sum is too large"),
        (np.full(12, np.inf), "inf is among them"),
    ],
)
def test_weights_that_are_none_are_mended_by_their_message(weights, match):
    assert len(repaired(WEIGHTED, given() | {"weights": weights}, match).history) == 2


@pytest.mark.parametrize("weights", [np.ones((12, 1)), np.ones((3, 4)), {7: 2.0}, {"a": 1.0}, np.ones(12, complex)])
def test_other_weights_are_refused(weights):
    with pytest.raises(
        ValueError, match=r"fit: expected (a weight for each|weights of (classes that are there|at least 0))"
    ):
        weigh(weights)


@pytest.mark.parametrize(
    ("weights", "y", "text"),
    [
        ({0.0: 2.0}, np.eye(2), "expected weights of classes that are there, but y is no vector of labels"),
        ({7: 2.0}, np.eye(2), "expected weights of classes that are there, but no example has the label 7"),
        ({"a": 2.0, 7: 2.0}, [0, 1], "expected weights of classes that are there, but no example has the label 7"),
        (iter([1.0]), [0], ("expected weights to be an array, but it is a list_iterator; write weights = "
         "np.array(list(weights))")),
        ([[1.0]], [0], "expected a weight for each of 1 examples, but weights is (1, 1)"),
        ([1.0, 2.0], [[0, 1]], "expected a weight for each of 1 examples, but weights is (2,)"),
        ([1.0, 2.0, 3.0], [0, 1], ("expected a weight for each of 2 examples, but weights is (3,); for weights of "
         "classes write weights = dict(enumerate(weights))")),
        ([1.0, -1.0], np.eye(2), "expected weights of at least 0 that are not all 0, but -1.0 is among them"),
        ([2.0, -1.0], np.eye(2), "expected weights of at least 0 that are not all 0, but -1.0 is among them"),
        ([0.0, 0.0], np.eye(2),
         "expected weights of at least 0 that are not all 0, but all are 0, or their sum is too large"),
        (np.array([1e308, 1e308]), np.eye(2),
         "expected weights of at least 0 that are not all 0, but all are 0, or their sum is too large"),
        (["a", "b"], np.eye(2), "expected weights of at least 0 that are not all 0, but a is among them"),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore:overflow")
def test_weights_that_are_none_are_said_in_full(weights, y, text):
    with pytest.raises(ValueError, match="fit: ") as error:
        nnlit.doors.example_weights(weights, y)
    assert str(error.value) == f"fit: {text}"


@pytest.mark.parametrize(
    ("weights", "y", "found"),
    [({0: 3.0}, [0, 1, 0], [3.0, 1.0, 3.0]), ([1, 0], [0, 1], [1, 0]), ([True, False], np.eye(2), [True, False]),
     ({"a": 2}, ["a", "b"], [2.0, 1.0]), ({}, [0, 1], [1.0, 1.0]), ([0.25, 0.5], [0, 1], [0.25, 0.5])],
)  # fmt: skip
def test_weights_of_classes_become_those_of_examples(weights, y, found):
    assert nnlit.doors.example_weights(weights, y).tolist() == found


def test_a_loss_that_falls_is_compared_with_the_start_where_it_is_ten_times_larger():
    """From the first batch on it may rise for a while, as long steps do; more than tenfold is no training."""
    assert fallen(2.5, [24.0, 23.0], [], after=23.0) is None
    assert fallen(2.5, [40.0, 25.0], [], after=25.0) is None
    assert fallen(2.5, [40.0, 25.1], [], after=25.1) == (2.5, 25.1)
    assert fallen(50.0, [40.0, 45.0], [], after=45.0) == (40.0, 45.0)


# --- examples ---------------------------------------------------------------------------------------------------------

EXAMPLES = {
    "images": (IMAGES, r"but X is \(12, 2, 3\); to lay each image out as a row"),
    "columns": (IMAGES.reshape(12, 6).T, r"but X is \(6, 12\); examples stand in columns"),
    "images along the last axis": (np.moveaxis(IMAGES, 0, 2), "to make rows of the last axis"),
    "a frame of text": (pd.DataFrame(IMAGES.reshape(12, 6)).astype(str), "expected numbers, but X is of type"),
    "objects": (IMAGES.reshape(12, 6).astype(object), "expected numbers, but X is of type object"),
    "labels in front": (np.hstack([np.zeros((12, 1)), IMAGES.reshape(12, 6)]), "if the first column holds the labels"),
    "NaN": (np.where(np.arange(72).reshape(12, 6) == 31, np.nan, 1), "NaN in X, row 5, column 1"),
    "infinity": (np.where(np.arange(72).reshape(12, 6) == 31, -np.inf, 1), "infinity in X, row 5, column 1"),
    "NaN in a frame": (pd.DataFrame([[np.nan] * 6] * 12), "NaN in X, row 0, column 0"),
}


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("call", [FIT, "accuracy(network, X, y)", "network.predict(X)"])
@pytest.mark.long_but_one_in(4)
def test_examples_that_do_not_fit_are_mended_by_their_message(name, call):
    X, match = EXAMPLES[name]
    result = repaired(call, given(X=X), match if "predict" in call or X is not EXAMPLES["columns"][0] else "row")
    if "predict" in call and name in {"images", "columns", "images along the last axis"}:
        np.testing.assert_allclose(result, network().predict(IMAGES.reshape(12, 6)), rtol=1e-6)


@pytest.mark.parametrize("shape", [(6,), (2, 3), (3, 2)])
def test_one_image_alone_becomes_a_row(shape):
    x = np.arange(6.0).reshape(shape)
    np.testing.assert_array_equal(
        repaired("network.predict(X)", given(X=x), "one example alone is a row"), network().predict(x.reshape(1, 6))
    )


def test_examples_of_a_list_or_a_frame_are_taken():
    X = IMAGES.reshape(12, 6)
    for same in (X.tolist(), pd.DataFrame(X), pd.DataFrame(X, index=range(12, 0, -1))):
        np.testing.assert_array_equal(network().predict(same), network().predict(X))


@pytest.mark.parametrize("as_frame", [False, True])
def test_split_goes_by_position(as_frame):
    X, y = np.arange(40).reshape(20, 2), np.arange(20)
    frame, series = pd.DataFrame(X, index=range(19, -1, -1)), pd.Series(y, index=range(19, -1, -1))
    handed = (frame, series) if as_frame else (X.tolist(), y.tolist())
    found = split(*handed, 0.25, np.random.default_rng(0))
    for part, expected in zip(found, split(X, y, 0.25, np.random.default_rng(0)), strict=True):
        np.testing.assert_array_equal(part, expected)
    assert (found[0][:, 0] == 2 * found[1]).all()


@pytest.mark.parametrize("x", [np.eye(4) / 1, np.eye(4) * 0.5, np.eye(4, dtype=np.uint8), np.eye(4).tolist()])
def test_an_image_from_0_to_1_is_not_shown_as_blank_lines(x):
    assert "@" in repaired("show(x, width=4)", {"x": x}, "the largest is") or np.max(x) < 1
    assert show(np.zeros(16), width=4).strip() == ""


# --- the range that a network learned on ------------------------------------------------------------------------------

BYTES = np.random.default_rng(3).integers(0, 256, (40, 6)).astype(np.uint8)
LABEL = np.arange(40) % 3


def trained(X, *front):
    start = Network([*front, *network().layers])
    return fit(
        start, X, LABEL, loss=squared_error, rule=GradientDescent(1e-5), batches=full_batch, epochs=1,
        rng=np.random.default_rng(0),
    ).network  # fmt: skip


LEARNED = {
    "bytes, then 0 to 1": (BYTES, BYTES / 255),
    "bytes, then whole numbers of 0 and 1": (BYTES, BYTES // 128),
    "bytes, then signed bytes": (BYTES, BYTES.view(np.int8)),
    "bytes, then one image of signed bytes": (BYTES, BYTES[:1].view(np.int8)),
    "0 to 1, then bytes": (BYTES / 255, BYTES),
    "0 to 1, then floats to 255": (BYTES / 255, BYTES.astype(float)),
    "standardized, then bytes": ((BYTES - 127.5) / 74, BYTES),
    "bytes, then 16 bits": (BYTES, BYTES.astype(np.uint16) * 257),
    "bytes, then standardized": (BYTES, (BYTES - 127.5) / 74),
}


@pytest.mark.parametrize("name", LEARNED)
def test_predict_says_that_the_network_has_learned_on_other_numbers(name):
    X, other = LEARNED[name]
    found = trained(X)
    with pytest.warns(UserWarning, match=r"X holds .* from .*, but the network has learned on .* from"):
        found.predict(other)
    with pytest.warns(UserWarning, match="the network has learned on"):
        accuracy(found, other[:1], LABEL[:1])
    with pytest.warns(UserWarning, match="the network has learned on"):
        fit(
            found, other, (LABEL[: len(other)]), loss=squared_error, rule=GradientDescent(0.0), batches=full_batch,
            epochs=1, rng=np.random.default_rng(0),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("X", "other"),
    [
        (BYTES, BYTES.astype(float)),
        (BYTES, BYTES[:1] * 0),  # a blank image
        (BYTES, BYTES // 4),  # a dim one
        (BYTES / 255, (BYTES / 255).astype(np.float32)),
        ((BYTES - 127.5) / 74, (BYTES[:5] - 127.5) / 60),
    ],
)
def test_predict_is_quiet_where_numbers_are_alike(X, other):
    found = trained(X)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found.predict(other)


def test_the_range_is_left_out_of_equality_and_of_the_printed_form_and_is_saved(tmp_path):
    found = trained(BYTES, Scale(1 / 255))
    assert found.learned == Range("u", BYTES.min(), BYTES.max())
    plain = Network(found.layers)
    assert plain.learned is None
    assert found == plain
    assert repr(found) == repr(plain)
    save(found, tmp_path / "network.npz")
    again = load(tmp_path / "network.npz")
    assert again.learned == found.learned
    with pytest.warns(UserWarning, match=f"learned on bytes or whole numbers from {BYTES.min()} to {BYTES.max()}"):
        again.predict(BYTES / 255)


def test_a_file_without_a_range_is_read(tmp_path):
    save(network(), tmp_path / "network.npz")
    with np.load(tmp_path / "network.npz") as archive:
        arrays = dict(archive)
    layout = arrays["layout"].tobytes().replace(b', "learned": null', b"")
    assert len(layout) < len(arrays["layout"])
    arrays["layout"] = np.frombuffer(layout, np.uint8)
    np.savez(tmp_path / "old.npz", **arrays)
    assert load(tmp_path / "old.npz") == network()


@pytest.mark.parametrize("learned", [("x", 0, 1), ("u", 1, 0), ("u", np.nan, 1), ("u", 0, np.inf), (1, 2)])
def test_a_range_that_is_none_is_refused(learned):
    with pytest.raises(ValueError, match=r"learned on|unpack"):
        Network(network().layers, learned)


def test_going_on_with_more_data_widens_the_range():
    low, high = int(BYTES.min()) // 2, int(BYTES.max()) // 2
    first = trained(BYTES // 2 + 40)
    second = fit(
        first, BYTES // 2 + 60, LABEL, loss=squared_error, rule=GradientDescent(0.0), batches=full_batch, epochs=1,
        rng=np.random.default_rng(0),
    ).network  # fmt: skip
    assert first.learned == Range("u", low + 40, high + 40)
    assert second.learned == Range("u", low + 40, high + 60)


@pytest.mark.parametrize(
    ("front", "X"),
    [
        ([Scale(1 / 255)], BYTES / 255),
        ([Dropout(0.1), Scale(1 / 255)], BYTES / 255),
        ([Scale(1 / 255)], BYTES // 128),
        ([Standardize.of(BYTES)], BYTES / 255),
    ],
)
def test_a_scale_seen_twice_is_said(front, X):
    with pytest.warns(UserWarning, match="is it scaled twice"):
        trained(X, *front)


@pytest.mark.parametrize(
    ("front", "X"), [([Scale(1 / 255)], BYTES), ([Standardize.of(BYTES)], BYTES), ([], BYTES / 255)]
)
def test_a_scale_seen_once_is_not_said(front, X):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        trained(X, *front)


# --- arguments --------------------------------------------------------------------------------------------------------


def step(p, g):
    return p - g


ARGUMENTS = {
    "a loss by name": ({"loss": "mse"}, "loss to be a value such as squared_error, but it is 'mse'"),
    "another loss by name": ({"loss": "categorical_crossentropy"}, "such as softmax_cross_entropy"),
    "a class of losses": ({"loss": type(squared_error)}, "it is the class SquaredError"),
    "a plain function as loss": ({"loss": lambda Z, Y: ((Z - Y) ** 2).mean()}, "loss to be a value"),
    "no loss": ({"loss": None}, "it is None"),
    "a rule by name": ({"rule": "adam"}, r"such as Adam\(0.001\)"),
    "a class of rules": ({"rule": Adam}, "it is the class Adam"),
    "a rate alone": ({"rule": 0.01}, r"such as GradientDescent\(0.01\)"),
    "a plain function as rule": ({"rule": step}, "it is the function step"),
    "a size of batches": ({"batches": 64}, r"such as MiniBatches\(64\)"),
    "a class of batches": ({"batches": MiniBatches}, "it is the class MiniBatches"),
    "batches by name": ({"batches": "full"}, "it is 'full'"),
    "batches by themselves": ({"batches": [slice(0, 12)]}, "it is a list"),
    "no batches": ({"batches": None}, "it is None"),
    "a seed": ({"rng": 7}, "it is 7"),
    "no generator": ({"rng": None}, "it is None"),
    "a RandomState": ({"rng": np.random.RandomState(0)}, "it is a RandomState"),
    "the module": ({"rng": np.random}, "it is a module"),
    "the class": ({"rng": np.random.Generator}, "it is the class Generator"),
    "epochs as a float": ({"epochs": 2.0}, "epochs to be a whole number"),
    "a gradient by name": ({"gradient": "blocks"}, r"such as Blocks\(\)"),
    "a class of gradients": ({"gradient": nnlit.Blocks}, "it is the class Blocks"),
    "a class of callbacks": ({"callback": EarlyStopping, "validation": 0.25}, "it is the class EarlyStopping"),
    "a list of callbacks": ({"callback": [EarlyStopping(3)], "validation": 0.25}, "it is a list"),
    "what fit returns": ({"network": nnlit.results.Trained(network(), pd.DataFrame())}, "this is what fit returns"),
    "a list of layers": ({"network": list(network().layers)}, "expected a network, but it is a list"),
    "a layer": ({"network": Dense.start(6, 3, np.random.default_rng(0))}, "expected a network, but it is a Dense"),
}


@pytest.mark.parametrize("name", ARGUMENTS)
@pytest.mark.long_but_one_in(4)
def test_arguments_of_fit_that_do_not_fit_are_mended_by_their_message(name):
    changes, match = ARGUMENTS[name]
    assert len(repaired(FIT, given(**changes), match).history) == 2


@pytest.mark.parametrize("epochs", [0, -1, 2.5, "3", True, None, np.nan])
def test_epochs_that_are_none_are_refused(epochs):
    with pytest.raises((TypeError, ValueError), match="expected epochs"):
        eval(FIT, NAMES | given(epochs=epochs))  # noqa: S307


@pytest.mark.parametrize("validation", [np.zeros((5, 6)), "10%", 1, (1, 2, 3)])
def test_a_validation_that_is_no_pair_is_refused(validation):
    with pytest.raises((TypeError, ValueError), match="validation"):
        eval(FIT, NAMES | given(validation=validation))  # noqa: S307


def test_a_forgotten_result_of_fit_says_so():
    net = eval(FIT, NAMES | given())  # noqa: S307
    with pytest.raises(AttributeError, match="fit returned a network and its history, and the two have no predict"):
        net.predict(np.zeros((1, 6)))
    for measure in (accuracy, confusion_matrix):
        result = repaired(f"{measure.__name__}(network, X, y)", given(network=net), "this is what fit returns")
        assert np.all(result == measure(net.network, given()["X"], given()["y"]))


class Half(Layer):
    """A layer of one's own."""

    def forward(self, X, rng=None):
        return X / 2, None

    def backward(self, cache, grad_A):
        return grad_A / 2, {}


class Lacking:
    def forward(self, X):
        return X, None


NETWORKS = {
    "numbers": ([784, 30, 10], r"these are numbers, \[784, 30, 10\]"),
    "two numbers": ((6, 3), "these are numbers"),
    "one layer": (ReLU(), "expected a list of layers, but it is a ReLU"),
    "a number": (784, "expected a list of layers, but it is 784"),
    "nothing": (None, "expected a list of layers, but it is None"),
    "a class": ([ReLU], r"layers\[0\] is the class ReLU"),
    "a class that needs more": ([Dropout], "is the class Dropout"),
    "the class of dense layers": ([Dense], "is the class Dense"),
    "a function": ([np.tanh], r"layers\[0\] is the function tanh"),
    "a name": (["relu"], r"layers\[0\] is 'relu'"),
    "another name": ([Half(), "sigmoid"], r"layers\[1\] is 'sigmoid'"),
    "none among them": ([ReLU(), None], r"layers\[1\] is None"),
}


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.long_but_one_in(4)
def test_networks_that_are_none_are_mended_by_their_message(name):
    layers, match = NETWORKS[name]
    made = repaired("Network(layers)", {"layers": layers}, match)
    if name == "numbers":
        assert repr(made) == "Network(Dense(784 -> 30, float32), ReLU(), Dense(30 -> 10, float32))"
    if name in {"a function", "another name"}:
        assert repr(made.layers[-1]) == {"a function": "Tanh()", "another name": "Sigmoid()"}[name]


def test_a_layer_of_ones_own_that_lacks_something_is_named():
    assert Network([Half()]).predict(np.ones((1, 2))).tolist() == [[0.5, 0.5]]
    with pytest.raises(TypeError, match=r"a Lacking, which has no backward; derive its class from nnlit.Layer"):
        Network([Lacking()])


def test_a_layer_that_has_only_one_way_is_told_what_the_other_returns():
    class Ahead(Layer):
        def forward(self, X, rng=None):
            return X, None

    class Back(Layer):
        def backward(self, cache, grad_A):
            return grad_A, {}

    assert Network([Ahead(), Dense.start(6, 3, rng())]).predict(np.ones((1, 6))).shape == (1, 3)
    text = r"^Ahead: a layer of one's own needs backward\(self, cache, grad_A\), which returns the gradient of"
    with pytest.raises(NotImplementedError, match=text):
        eval(FIT, NAMES | given(network=Network([Dense.start(6, 3, rng()), Ahead()])))  # noqa: S307
    text = r"^Back: a layer of one's own needs forward\(self, X, rng=None\), which returns the output and"
    with pytest.raises(NotImplementedError, match=text):
        Network([Back()]).predict(np.ones((1, 6)))


@pytest.mark.parametrize(
    ("code", "match"),
    [
        ("Dense(W, b)", "W to be a matrix of weights, but it is 784"),
        ("Dense.start(6, 3, rng)", "rng to be a generator"),
        ("he(6, 3, rng)", "rng to be a generator"),
        ("split(X, y, 0.5, rng)", "rng to be a generator"),
    ],
)
def test_other_calls_are_mended_by_their_message(code, match):
    values = {"W": 784, "b": 10, "rng": 0, "X": np.zeros((4, 2)), "y": np.zeros(4, int)}
    repaired(code, values, match)


@pytest.mark.parametrize(
    ("W", "b", "match"),
    [
        ([[1.0, 2.0]], np.zeros(2), "W to be an array, but it is a list"),
        (np.ones((1, 2)), [0.0, 0.0], "b to be an array"),
        (np.ones((1, 2), int), np.zeros(2), "W in floating point, but it is int64"),
        (np.ones((1, 2)), np.zeros(2, int), "b in floating point, but it is int64"),
    ],
)
def test_weights_that_are_no_arrays_of_numbers_are_mended_by_their_message(W, b, match):
    assert repaired("Dense(W, b)", {"W": W, "b": b}, match).width(1) == 2


@pytest.mark.parametrize("value", ["0.1", None, [0.1], True])
@pytest.mark.parametrize("make", [GradientDescent, Dropout, Scale, lambda v: nnlit.L2(GradientDescent(0.1), v), Adam])
@pytest.mark.long_but_one_in(4)
def test_numbers_that_are_none_are_refused(make, value):
    with pytest.raises((TypeError, ValueError), match="to be a number, but it is"):
        make(value)


@pytest.mark.parametrize("size", ["64", 64.0, None, True])
@pytest.mark.parametrize("make", [MiniBatches, nnlit.WithReplacement, EarlyStopping])
def test_sizes_that_are_none_are_refused(make, size):
    with pytest.raises(TypeError, match="to be a whole number, but it is"):
        make(size)


def test_softmax_over_one_output_is_refused():
    with pytest.raises(ValueError, match="one output is always certain"):
        eval(FIT, NAMES | given(network=network(n_out=1), y=np.zeros(12, int), loss=softmax_cross_entropy))  # noqa: S307


def test_a_few_numbers_far_outside_are_no_other_range():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 6))
    found = fit(
        network(), X, np.arange(200) % 3, loss=squared_error, rule=GradientDescent(0.0), batches=full_batch, epochs=1,
        rng=rng,
    ).network  # fmt: skip
    other = rng.normal(size=(200, 6))
    other[:2, 3] = 1000
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found.predict(other)
    with pytest.warns(UserWarning, match="the network has learned on"):
        found.predict(other[:2])


# --- what is missing, and values of another kind ----------------------------------------------------------------------


def rng():
    return np.random.default_rng(0)


LEFT_OUT = {
    "Dense.start(6, 3{})": "rng",
    "he(6, 3{})": "rng",
    "glorot(6, 3{})": "rng",
    "split(X, y, 0.25{})": "rng",
    "MiniBatches(4)(12{})": "rng",
    "WithReplacement(4)(12{})": "rng",
}


@pytest.mark.parametrize("code", LEFT_OUT)
def test_a_generator_that_is_left_out_is_said_with_what_to_hand_over(code):
    name = LEFT_OUT[code]
    with pytest.raises(TypeError, match=f"{name} is missing; hand over {name}=") as error:
        eval(code.format(""), NAMES | given())  # noqa: S307
    mend = str(error.value).rpartition("hand over ")[2]
    eval(code.format(f", {mend}"), NAMES | given())  # noqa: S307


def test_fit_says_one_after_the_other_what_it_cannot_do_without():
    call, asked = "fit(network, X, y", []
    for _ in range(5):
        with pytest.raises(TypeError, match=r"fit: \w+ is missing; hand over ") as error:
            eval(f"{call})", NAMES | given())  # noqa: S307
        asked.append(str(error.value).rpartition("hand over ")[2])
        call += f", {asked[-1]}"
    assert [name.partition("=")[0] for name in asked] == ["loss", "rule", "batches", "epochs", "rng"]
    assert len(eval(f"{call})", NAMES | given()).history) == 10  # noqa: S307


def test_an_argument_that_may_be_left_out_keeps_its_default():
    assert Dense.start(6, 3, rng=rng()).W.dtype == np.float32
    assert Dense.start(6, 3, rng(), float).W.dtype == float
    with pytest.raises(TypeError, match="n_out is missing; hand over n_out=10"):
        Dense.start(6, rng=rng())


SIZES = {
    "Dense.start(n, 3, rng)": "n_in",
    "Dense.start(3, n, rng)": "n_out",
    "he(n, 3, rng)": "n_in",
    "he(3, n, rng)": "n_out",
    "glorot(n, 3, rng)": "n_in",
    "glorot(3, n, rng)": "n_out",
    "one_hot([0, 1], n)": "K",
    "show(np.zeros(4), n)": "width",
    "Cosine(n)": "steps",
    "Shift(1, n)": "side",
}


@pytest.mark.parametrize("n", [0, -1, 2.0, "3", None, True, [3], np.zeros(2)])
@pytest.mark.parametrize("code", SIZES)
@pytest.mark.long_but_one_in(4)
def test_a_size_that_is_none_is_named(code, n):
    with pytest.raises((TypeError, ValueError), match=f"expected {SIZES[code]} (to be a whole number|of at least one)"):
        eval(code, NAMES | {"n": n, "rng": rng()})  # noqa: S307


@pytest.mark.parametrize(("n", "match"), [(-1, "of at least zero"), (0.5, "whole number"), ("1", "whole number")])
@pytest.mark.parametrize(("code", "name"), [("Shift(n)", "pixels"), ("Cosine(9, n)", "warm_up")])
def test_a_number_that_may_be_zero_is_looked_at_too(code, name, n, match):
    with pytest.raises((TypeError, ValueError), match=f"expected {name} .*{match}"):
        eval(code, NAMES | {"n": n})  # noqa: S307
    assert eval(code, NAMES | {"n": 0})  # noqa: S307


@pytest.mark.parametrize("warm_up", [4, 5])
def test_a_rise_that_leaves_no_step_to_fall_is_refused(warm_up):
    assert nnlit.Cosine(4, 3)(4) == 1
    with pytest.raises(ValueError, match=f"warm_up below steps, which is 4, but it is {warm_up}"):
        nnlit.Cosine(4, warm_up)


@pytest.mark.parametrize("make", [Dense.start, nnlit.he, nnlit.glorot])
def test_a_layer_does_not_begin_with_whole_numbers(make):
    message = r"expected dtype to be a floating-point type, but it is int64; write dtype = np.float32"
    with pytest.raises(ValueError, match=message):
        make(3, 2, rng(), np.int64)


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (nnlit.Momentum, "mu"), (nnlit.Nesterov, "mu"), (nnlit.RMSProp, "rho"), (Adam, "beta1"), (Adam, "beta2"),
        (nnlit.AdamW, "beta2"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("value", [1, 1.5, -0.1, np.nan, "0.9", None])
@pytest.mark.long_but_one_in(4)
def test_what_a_rule_keeps_is_a_part(make, name, value):
    with pytest.raises((TypeError, ValueError), match=rf"{make.__name__}: expected {name} (of at least 0|to be a n)"):
        make(0.1, **{name: value})
    assert getattr(make(0.1, **{name: 0}), name) == 0


@pytest.mark.parametrize(
    ("make", "name"),
    [(nnlit.AdaGrad, "epsilon"), (nnlit.RMSProp, "epsilon"), (Adam, "epsilon"), (nnlit.AdamW, "decay")],
)
@pytest.mark.parametrize("value", [-1e-9, np.inf, np.nan, "1e-8", None])
@pytest.mark.long_but_one_in(4)
def test_what_keeps_a_divisor_from_zero_is_a_number(make, name, value):
    with pytest.raises((TypeError, ValueError), match=rf"{make.__name__}: expected {name} (of at least 0|to be a n)"):
        make(0.1, **{name: value})
    assert getattr(make(0.1, **{name: np.float32(2)}), name) == 2


@pytest.mark.parametrize("factor", [1 // 255, np.nan, np.inf, 1e39, 1e-50])
def test_a_scale_that_would_lose_everything_is_mended_by_its_message(factor):
    made = repaired("Scale(factor)", {"factor": factor}, "that is not 0, but it is")
    assert repr(made) == "Scale(0.00392157)"


@pytest.mark.parametrize("call", [nnlit.softmax, nnlit.log_sum_exp])
@pytest.mark.parametrize(
    ("Z", "match"),
    [
        (np.zeros((2, 3, 4)), r"but Z is \(2, 3, 4\)"),
        (np.zeros((2, 1, 1, 3)), r"but Z is \(2, 1, 1, 3\)"),
        (np.zeros(3), r"but Z is \(3,\)"),
        ([1.0, 2.0], r"but Z is \(2,\)"),
        ([["1", "2"]], "of type <U1"),
    ],
)
def test_outputs_of_another_shape_are_mended_by_the_message(call, Z, match):
    found = repaired(f"{call.__name__}(Z)", {"Z": Z}, f"{call.__name__}: .*{match}")
    assert len(found) == np.size(Z) // np.shape(Z)[-1]
    if call is nnlit.softmax:
        np.testing.assert_allclose(found.sum(axis=1), 1)


@pytest.mark.parametrize("Z", [3.0, None, np.zeros((3, 0)), [[None, 1]], "logits", Dense])
@pytest.mark.parametrize("call", [nnlit.softmax, nnlit.log_sum_exp, lambda Z: squared_error(Z, np.zeros((3, 0)))])
@pytest.mark.long_but_one_in(4)
def test_what_is_no_output_at_all_is_refused(call, Z):
    with pytest.raises(ValueError, match=r"expected (numbers|Z of shape|Z to be an array|outputs)"):
        call(Z)


@pytest.mark.parametrize(
    ("Z", "y", "match"),
    [
        ([[0.5, 1.0]], [1], "floating point, but they are a list"),
        (np.zeros((2, 3, 4)), [0] * 6, r"Z is \(2, 3, 4\)"),
        (np.zeros((1, 4), int), [0], "but they are int64"),
    ],
)
def test_outputs_that_a_loss_cannot_take_are_mended_by_its_message(Z, y, match):
    repaired("softmax_cross_entropy(Z, y)", {"Z": Z, "y": np.array(y)}, match)


def test_one_output_as_a_vector_becomes_a_column():
    loss, grad = repaired("squared_error(Z, Y)", {"Z": np.ones(3), "Y": np.zeros((3, 1))}, "one output alone")
    assert (loss, grad.shape) == (0.5, (3, 1))


CALLS_WITH_A_NETWORK = [
    "save(network, path)",
    "accuracy(network, X, y)",
    "confusion_matrix(network, X, y)",
    "diagnose(network, X, y, squared_error)",
    FIT,
    "to_jax(network)",
    "to_sklearn(network, X, y, 0.1)",
    "to_torch(network)",
    "save_safetensors(network, path)",
]


@pytest.mark.parametrize("came", [Dense, Network, ReLU, np.tanh, None, 3, [], [1, 2], {}, np.zeros((2, 2))])
@pytest.mark.parametrize("code", CALLS_WITH_A_NETWORK)
@pytest.mark.long_but_one_in(4)
def test_what_is_no_network_gets_no_advice_that_cannot_help(code, came):
    with pytest.raises(TypeError, match="expected a network, but it is") as error:
        eval(code, NAMES | given(network=came, path="none.npz"))  # noqa: S307
    message = str(error.value)
    assert "write" not in message
    assert ("hand over a network itself" in message) == isinstance(came, type)


@pytest.mark.parametrize("code", ["accuracy(network, X, y)", FIT])
def test_the_name_of_a_file_is_no_network_but_may_lead_to_one(code, tmp_path):
    for path in (tmp_path / "network.npz", str(tmp_path / "network.npz")):
        save(network(), path)
        repaired(code, given(network=path), "the name of a file")


@pytest.mark.parametrize(
    ("came", "match"), [("mse", "it is 'mse'"), (type(squared_error), "it is the class"), (None, "")]
)
def test_diagnose_asks_for_a_loss_as_fit_does(came, match):
    repaired("diagnose(network, X, y, loss)", given(loss=came), f"diagnose: expected loss to be a value .*{match}")


def test_fit_takes_no_complex_examples():
    X = given()["X"] + 1j
    with pytest.raises(ValueError, match=r"fit: expected real numbers, but X is complex128; .*write X = np.hstack"):
        eval(FIT, NAMES | given(X=X))  # noqa: S307
    found = repaired(FIT, given(X=X, network=network(n_in=12)), "expected real numbers")
    assert found.network.learned.high == pytest.approx(X.real.max())


@pytest.mark.parametrize("X", [None, 5, np.float64(3)])
def test_fit_looks_at_the_examples_before_it_counts_them(X):
    with pytest.raises(ValueError, match="fit: expected "):
        eval(FIT, NAMES | given(X=X))  # noqa: S307


@pytest.mark.parametrize("checkpoint", [True, 3, Dense, b"training.npz", []])
def test_a_checkpoint_is_the_name_of_a_file(checkpoint, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    call = FIT.replace(", validation=validation", ", checkpoint=checkpoint")
    repaired(call, given(checkpoint=checkpoint), "expected checkpoint to be the name of a file, but it is")
    assert (tmp_path / "training.npz").exists()


@pytest.mark.parametrize("came", [0.5, None, "f", ReLU()])
def test_a_gradient_is_checked_of_a_function(came):
    with pytest.raises(TypeError, match="expected a function of x, but it is no function"):
        nnlit.check_gradient(came, np.ones(2), np.ones(2))


def test_a_gradient_and_a_point_may_be_lists():
    def f(x):
        return (x**2).sum()

    assert nnlit.check_gradient(f, [1.0, 2.0], [2.0, 4.0]) == "ok"
    with pytest.raises(nnlit.slopes.GradientError, match=r"entry \(1,\) is claimed to be 5"):
        nnlit.check_gradient(f, [1.0, 2.0], [2.0, 5.0])


@pytest.mark.parametrize(("layer", "match"), [(ReLU, "the class ReLU"), ("relu", "'relu'"), (np.tanh, "tanh")])
def test_a_layer_that_is_none_is_not_checked(layer, match):
    made = repaired("check_layer(layer, X)", {"layer": layer, "X": np.ones((2, 3))}, f"expected layer .* {match}")
    assert made == "ok"


@pytest.mark.parametrize("seed", [0, 1, "0", np.random, np.random.RandomState(0)])
@pytest.mark.parametrize(
    "code",
    [
        "check_layer(ReLU(), X, rng)", "Dropout(0.5).forward(X, rng)", "Shift(1, 2).forward(np.ones((3, 4)), rng)",
        "MiniBatches(2)(5, rng)", "WithReplacement(2)(5, rng)", "glorot(3, 2, rng)",
    ],
)  # fmt: skip
@pytest.mark.long_but_one_in(4)
def test_a_generator_is_asked_for_wherever_something_is_drawn(code, seed):
    repaired(code, {"X": np.ones((2, 3)), "rng": seed}, "expected rng to be a generator")


def test_a_list_of_nodes_and_a_number_on_the_tape_are_asked_for():
    u = nnlit.Node(3.0)
    found = repaired("gradients(u * u, inputs)", {"u": u, "inputs": u}, "expected a list of nodes")
    assert found[0] == 6
    for number in (3.0, None, Dense, np.ones(())):
        with pytest.raises(TypeError, match="expected a node, but L is"):
            nnlit.gradients(number, [u])


@pytest.mark.parametrize(("X", "y"), [(3.0, np.zeros(2)), (None, None), (Dense, Dense), (np.ones((3, 2)), 1)])
def test_what_has_no_rows_is_not_split(X, y):
    with pytest.raises(ValueError, match=r"split: expected (a label for every row, but X is|X to be an array)"):
        split(X, y, 0.5, rng())


@pytest.mark.parametrize("x", [["a", "b"], [None, 1], np.zeros(2, complex)])
def test_text_is_not_shown_as_an_image(x):
    with pytest.raises(ValueError, match=r"show: expected (real )?numbers"):
        show(x, 2)


# --- every word that is known -----------------------------------------------------------------------------------------

MEANT = {
    "loss": {
        "mse": "squared_error",
        "binary_crossentropy": "binary_cross_entropy",
        "BCEWithLogitsLoss": "binary_cross_entropy",
        "softmax": "softmax_cross_entropy",
        "cross-entropy": "softmax_cross_entropy",
        "NLLLoss": "softmax_cross_entropy",
    },
    "rule": {
        "sgd": "GradientDescent(0.1)",
        "AdamW": "AdamW(0.001)",
        "Adam": "Adam(0.001)",
        "momentum": "Momentum(0.01)",
        "nesterov": "Nesterov(0.01)",
        "rmsprop": "RMSProp(0.001)",
        "adagrad": "AdaGrad(0.01)",
        0.5: "GradientDescent(0.5)",
        0.0: "GradientDescent(0.1)",
        -0.5: "GradientDescent(0.1)",
        np.inf: "GradientDescent(0.1)",
        1: "GradientDescent(0.1)",
        Adam: "Adam(0.01)",
        nnlit.L2: "L2(GradientDescent(0.1), 0.0001)",
        nnlit.Scheduled: "Scheduled(GradientDescent(0.1), Cosine(1000))",
    },
    "batches": {
        "full": "full_batch",
        "mini-batch": "MiniBatches(64)",
        32: "MiniBatches(32)",
        1: "MiniBatches(1)",
        0: "full_batch",
        -4: "full_batch",
        2.5: "full_batch",
        MiniBatches: "MiniBatches(64)",
        nnlit.WithReplacement: "WithReplacement(64)",
    },
    "gradient": {
        None: "whole",
        "blocks": "Blocks()",
        "threads": "Blocks(threads=2)",
        nnlit.Blocks: "Blocks()",
        nnlit.Cluster: "whole",
    },
    "schedule": {"cosine": "Cosine(1000)", nnlit.Cosine: "Cosine(1000)"},
    "callback": {"early": "EarlyStopping(patience=5)", EarlyStopping: "EarlyStopping(5)"},
    "layers": {
        "relu": "ReLU()",
        "sigmoid": "Sigmoid()",
        "logistic": "Sigmoid()",
        "tanh": "Tanh()",
        "dropout": "Dropout(0.2)",
        np.tanh: "Tanh()",
        Dropout: "Dropout(0.2)",
        nnlit.Shift: "Shift(1)",
        Scale: "Scale(1 / 255)",
        ReLU: "ReLU()",
        nnlit.LeakyReLU: "LeakyReLU()",
        Dense: "Dense.start(784, 10, rng)",
        Standardize: "ReLU()",
    },
}


@pytest.mark.parametrize("name", MEANT)
def test_what_people_call_a_thing_leads_to_it(name):
    found = {word: nnlit.doors.instead(name, word) for word in MEANT[name]}
    assert found == MEANT[name]
    for code in found.values():
        made = eval(code, NAMES | {"rng": rng()})  # noqa: S307
        assert not isinstance(made, type)
    loss = nnlit.doors.instead("loss", nnlit.LabelSmoothing)
    assert loss == "LabelSmoothing(squared_error, 0.1)"


# --- what was left over when the cases were gone through again --------------------------------------------------------


@pytest.mark.parametrize(
    "rule",
    [GradientDescent(0.0), Adam(0.0), nnlit.Scheduled(Adam(0.01), nnlit.Cosine(2)), GradientDescent(1e-30)],
    ids=["no rate", "no rate of Adam", "a schedule at its end", "steps below rounding"],
)
def test_parameters_that_do_not_move_are_said(rule):
    """Batches of other sizes give the epochs slightly other losses, though nothing changes."""
    with pytest.warns(nnlit.doors.NothingLearnedWarning) as said:
        eval(FIT, NAMES | given(rule=rule, batches=MiniBatches(5), epochs=4))  # noqa: S307
    (warning,) = said
    text = "no parameter moved in the last epoch; is the learning rate 0, or a schedule at its end?"
    assert text in str(warning.message) or "the loss did not fall" in str(warning.message)
    assert "diagnose(network, X, y, loss)" in str(warning.message)


def test_a_schedule_that_ended_too_soon_is_said_although_the_loss_fell():
    rule = nnlit.Scheduled(Adam(0.05), nnlit.Cosine(3))
    with pytest.warns(nnlit.doors.NothingLearnedWarning, match="no parameter moved in the last epoch"):
        found = eval(FIT, NAMES | given(rule=rule, epochs=5))  # noqa: S307
    assert found.history.loss.iloc[-1] < found.history.loss.iloc[0]


def test_a_network_that_is_right_already_may_stand_still():
    layer = Dense(np.eye(2), np.zeros(2))
    with warnings.catch_warnings():
        warnings.simplefilter("error", nnlit.doors.NothingLearnedWarning)
        values = given(network=Network([layer]), X=np.eye(2), y=np.eye(2), epochs=1)
        eval(FIT, NAMES | values)  # noqa: S307


@pytest.mark.parametrize("fraction", [0.0, 1e-9, 0.04, 0.96, 1.0, 1.5, -0.1, np.nan])
def test_a_fraction_that_leaves_one_side_empty_is_mended_by_its_message(fraction):
    found = repaired(FIT, given(validation=fraction), "fraction of 12 examples that leaves some to train on")
    assert len(found.history.validation_loss.dropna()) == 2
    for whole in (0.05, 0.5):
        assert len(eval(FIT, NAMES | given(validation=whole)).history) == 2  # noqa: S307


def test_several_labels_for_each_example_need_the_binary_loss():
    Y = np.array([[1, 1, 0], [0, 0, 0]] * 6)
    repaired(FIT, given(y=Y, loss=softmax_cross_entropy), "row 0 sums to 2; for any number of labels each")
    with pytest.raises(ValueError, match=r"write y = y / np.sum"):
        softmax_cross_entropy(np.zeros((2, 3)), np.array([[0.5, 1.0, 0.0], [1.0, 0.0, 0.0]]))


@pytest.mark.parametrize("call", ["save(network, path)", "save_safetensors(network, path)"])
def test_a_network_and_a_name_in_the_other_order(call, tmp_path):
    pytest.importorskip("safetensors")
    path = tmp_path / "file"
    repaired(call, {"network": path, "path": network()}, "the name of a file, which comes second")
    assert path.exists()


# --- where a doubt begins ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("learned", "X", "differs"),
    [
        (Range("f", 0, 1), [-0.49, 1.49], False),
        (Range("f", 0, 1), [-0.51, 1], True),
        (Range("f", 0, 1), [0, 1.51], True),
        (Range("f", 0, 1), [9.0] * 2 + [0.0] * 197 + [1.0], False),  # one in a hundred
        (Range("f", 0, 1), [9.0] * 3 + [0.0] * 196 + [1.0], True),
        (Range("f", 0, 1), [-9.0] * 3 + [0.0] * 196 + [1.0], True),
        (Range("u", 0, 255), [-0.1, 200], True),
        (Range("b", 0, 1), [-0.1, 1], True),
        (Range("f", 0, 255), [-0.1, 200], False),
        (Range("i", 0, 255), [-0.1, 200], False),
        (Range("f", 0, 1), [0.5, 0.5, 0.51, 0.5199], True),
        (Range("f", 0, 1), [0.5, 0.5, 0.51, 0.5201], False),
        (Range("f", 0, 1), [0.5, 0.51, 0.5199], False),  # three numbers may be alike
        (Range("f", 0, 1), [0.5, 0.5], False),  # one value says nothing of a range
        (Range("f", 3, 3), [-100.0, 100.0], False),  # nor is this one
    ],
)
def test_where_a_range_begins_to_be_another_one(learned, X, differs):
    X = np.array([X])
    assert learned.differs(X, Range.of(X)) == differs


@pytest.mark.parametrize(("spread", "said"), [(0.049, True), (0.051, False)])
def test_where_a_scale_begins_to_be_seen_twice(spread, said):
    X = np.tile([[0.0, 0, 0], [spread, spread, 0], [0, 0, 0]], (400, 1))
    X[1000:] = np.arange(200)[:, None]  # the first thousand are looked at
    layers = [Standardize(np.zeros(3), np.ones(3)), Dense(np.eye(3), np.zeros(3))]
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        nnlit.doors.scaled_twice(X, layers)
        nnlit.doors.scaled_twice(X, layers[1:])  # without a scale
        nnlit.doors.scaled_twice(np.zeros((4, 3)), layers)  # nothing varies: another check says so
    assert len(heard) == said


@pytest.mark.parametrize(("steps", "said"), [(49, False), (50, True)])
def test_fifty_steps_are_enough_to_doubt_one_answer(steps, said):
    layer = Dense(np.zeros((1, 3)), np.array([1.0, 0.0, 0.0]))
    X, y = np.zeros((9, 1)), np.arange(9) % 3
    values = given(network=Network([layer]), X=X, y=y, rule=GradientDescent(1e-4), epochs=steps)
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        eval(FIT, NAMES | values)  # noqa: S307
    assert [str(w.message).partition(";")[0] for w in heard] == ["fit: the answer to every example is class 0"] * said


def test_a_thousand_examples_show_what_a_network_answers():
    class Answers:
        asked = 0

        def predict(self, X):
            self.asked = len(X)
            return np.tile([0.0, 1.0], (len(X), 1))

    network, Y = Answers(), np.eye(2)[np.arange(2000) % 2]
    for m, asked in ((1000, 1000), (1001, 501), (2000, 1000)):
        found = nnlit.doors.one_answer(network, np.zeros((m, 1)), np.eye(2)[np.arange(m) // 3 % 2])
        assert (found, network.asked) == (1, asked)
    assert nnlit.doors.one_answer(network, np.zeros((9, 1)), Y[:9] * [1, 0]) is None  # no probabilities
    assert nnlit.doors.one_answer(network, np.zeros((9, 1)), Y[:1].repeat(9, axis=0)) is None  # one class only
    assert nnlit.doors.one_answer(network, np.zeros((9, 1)), np.column_stack([Y[:9], np.full(9, 7.0)])) == 1  # weights


@pytest.mark.parametrize(
    ("first", "epochs", "batches", "after", "found"),
    [
        (2.0, [2.0, 2.0], [], 2.0, (2.0, 2.0)),
        (2.0, [2.0, 1.9], [], 1.9, None),
        (2.0, [2.0], [2.0], 2.0, (2.0, 2.0)),
        (2.0, [2.0], [2.0], 1.9, None),
        (2.0, [2.0], [3.0, 3.0, 9.0, 0.0, 3.0, 3.0], 1.0, (3.0, 3.0)),
        (2.0, [2.0], [3.0, 3.0, 9.0, 9.0, 3.0, 2.9], 9.0, None),
        (2.0, [2.0], [1.0, 1.0, 1.0, 9.0, 9.0], 9.0, None),  # five batches are too few to compare thirds
        (2.0, [2.0], [1.0, 5.0, 0.0, 0.0, 0.0, 0.0, 5.0, 2.0], 9.0, (3.0, 3.5)),
    ],
)
def test_when_a_loss_has_not_fallen(first, epochs, batches, after, found):
    assert fallen(first, epochs, batches, after) == found


@pytest.mark.parametrize("measure", [accuracy, confusion_matrix])
def test_labels_that_are_no_array_are_called_by_their_name(measure):
    for y in (None, "labels.csv", np.ma.masked_array([0, 1, 2], [0, 1, 0])):
        with pytest.raises(ValueError, match=f"^{measure.__name__}: expected y (to be an array|without gaps), but"):
            measure(network(), np.zeros((3, 6)), y)
    with pytest.raises(ValueError, match=r"^anybody: expected y to be an array, but it is None"):
        nnlit.doors.classes("anybody", None, 3)


@pytest.mark.parametrize("kind", [float, int, np.uint16])
def test_a_range_is_that_of_all_rows(kind):
    """Only of bytes is it known after a thousand rows that none of the others lies outside."""
    X = np.tile(np.array([0, 255], kind), (3000, 1))
    X[2500] = 1000
    assert Range.of(X) == Range(X.dtype.kind, 0.0, 1000.0)


def test_where_there_is_no_range_and_no_text_is_a_number():
    assert Range.of(np.zeros((0, 3))) is None
    assert Range.of(np.array([["a"]])) is None
    known = Range("f", 0, 1)
    assert known | None == known
    assert known | Range("u", -2, 0.5) == Range("f", -2, 1)
    values = given(y=np.array([["1", "2", "3"]] * 12))
    repaired(FIT, values, "expected numbers, but y is of type <U1")


@pytest.mark.parametrize("strength", [-1, np.nan, np.inf])
def test_a_strength_is_at_least_zero(strength):
    assert nnlit.L2(GradientDescent(0.1), 0).strength == 0
    with pytest.raises(ValueError, match="L2: expected a strength of at least 0"):
        nnlit.L2(GradientDescent(0.1), strength)


def test_a_range_is_that_of_all_rows_however_early_bytes_have_been_seen_from_end_to_end() -> None:
    X = np.full((3000, 2), 7, np.uint8)
    X[2999] = 0, 255
    assert Range.of(X) == ("u", 0, 255)
    X[0], X[2999] = (0, 255), (1, 1)
    assert Range.of(X) == ("u", 0, 255)
    wide = X.astype(np.int16)
    wide[2999] = -3, 300  # only a byte cannot go on
    assert Range.of(wide) == ("i", -3, 300)


# --- limits, one by one -----------------------------------------------------------------------------------------------

HUNDRED = Range("f", 0, 100)


@pytest.mark.parametrize(
    ("learned", "X", "differs"),
    [
        (HUNDRED, np.full((20, 10), 150.0), False),
        (HUNDRED, np.r_[np.full(2, 151.0), np.linspace(0, 100, 198)], False),
        (HUNDRED, np.r_[np.full(3, 151.0), np.linspace(0, 100, 197)], True),
        (HUNDRED, np.r_[np.full(2, -51.0), np.linspace(0, 100, 198)], False),
        (HUNDRED, np.r_[np.full(3, -51.0), np.linspace(0, 100, 197)], True),
        (HUNDRED, np.r_[np.full(3, -50.0), np.linspace(0, 100, 197)], False),
        (HUNDRED, np.r_[-51.0, -51.0, 151.0, np.linspace(0, 100, 197)], True),
        (HUNDRED, np.linspace(0, 1.9, 50), True),
        (HUNDRED, np.linspace(0, 2.0, 50), False),
        (HUNDRED, np.full(50, 3.0), False),
        (Range("u", 0, 255), np.r_[-1.0, np.linspace(0, 255, 199)], True),
        (Range("b", 0, 1), np.r_[-0.1, np.linspace(0, 1, 199)], True),
        (Range("i", 0, 255), np.r_[-1.0, np.linspace(0, 255, 199)], False),
        (Range("f", 5, 5), np.array([1.0, 1000.0]), False),
    ],
)
def test_from_where_on_numbers_are_of_another_range(learned, X, differs):
    assert learned.differs(X, Range.of(X)) == differs


def test_the_range_of_many_rows_is_that_of_all_of_them():
    X = np.zeros((2500, 2))
    for k in (0, 499, 500, 700, 999, 1000, 1100, 1499, 1500, 1700, 1999, 2000, 2400, 2499):
        X[k, 1], X[-1 - k, 0] = -3, 7
        assert Range.of(X) == Range("f", -3, 7)
        X[k, 1] = X[-1 - k, 0] = 0
    X[0, 1] = -3
    assert Range.of(X.astype(int)).kind == "i"
    assert str(Range("u", 0, 255)) == "bytes or whole numbers from 0 to 255"
    assert str(Range("f", 0, 0.5)) == "numbers from 0 to 0.5"
    rows = np.zeros((1500, 1), np.uint8)
    rows[:1000, 0] = np.arange(1000) % 256
    assert Range.of(rows) == Range("u", 0, 255)
    rows[:1000] = 7
    rows[1400] = 200
    assert Range.of(rows) == Range("u", 0, 200)


@pytest.mark.parametrize(("width", "said"), [(0.04, True), (0.06, False)])
@pytest.mark.parametrize("more", [0, 1000])
def test_from_where_on_a_scale_is_seen_twice(width, said, more):
    X = np.zeros((1000 + more, 6))
    X[:1000, :3] = np.linspace(0, width, 1000)[:, None]
    X[:1000, 3:] = np.linspace(0, 2 * width, 1000)[:, None] * [0, 0.9, 1.1]  # one column is constant
    X[1000:] = 9
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        nnlit.doors.scaled_twice(X, [Scale(1.0), *network().layers])
        nnlit.doors.scaled_twice(X, network().layers)
    assert len(found) == said


@pytest.mark.parametrize(
    ("shape", "n", "text"),
    [
        ((6,), None, "; one example alone is a row: write X = np.reshape(X, (1, -1))"),
        ((6,), 6, "; one example alone is a row: write X = np.reshape(X, (1, -1))"),
        ((5,), 6, ""),
        ((2, 3), 6, "; one example alone is a row: write X = np.reshape(X, (1, -1))"),
        ((4, 2, 3), 6, "; to lay each image out as a row write X = np.reshape(X, (len(X), -1))"),
        ((4, 2, 3), None, "; to lay each image out as a row write X = np.reshape(X, (len(X), -1))"),
        ((2, 3, 4), 6, "; to make rows of the last axis write X = np.reshape(X, (-1, np.shape(X)[-1])).T"),
        ((2, 3, 4), 7, ""),
        ((6, 4), 6, "; examples stand in columns: write X = np.transpose(X)"),
        ((4, 7), 6, "; if the first column holds the labels write X = np.asarray(X)[:, 1:]"),
        ((4, 8), 6, ""),
        ((4, 5), 6, ""),
        ((), 6, ""),
    ],
)
def test_what_is_said_of_each_shape(shape, n, text):
    with pytest.raises(ValueError, match="one example per row, but X is") as error:
        nnlit.doors.examples("fit", np.zeros(shape), n)
    assert str(error.value) == f"fit: expected X of shape (m, {n or 'n'}), one example per row, but X is {shape}{text}"


@pytest.mark.parametrize(
    ("shape", "m", "text"),
    [
        ((3,), 3, "; one output alone is a column: write Z = np.reshape(Z, (-1, 1))"),
        ((3,), 1, "; one example alone is a row: write Z = np.reshape(Z, (1, -1))"),
        ((3,), None, "; one example alone is a row: write Z = np.reshape(Z, (1, -1))"),
        ((0,), 2, ""),
        ((), 1, ""),
        ((2, 3, 4), 2, "; if the classes are the last axis write Z = np.reshape(Z, (-1, np.shape(Z)[-1]))"),
        ((2, 3, 0), 2, ""),
        ((3, 0), 3, ""),
    ],
)
def test_what_is_said_of_each_shape_of_outputs(shape, m, text):
    with pytest.raises(ValueError, match="one class per column, but Z is") as error:
        nnlit.doors.logits("softmax", np.zeros(shape), m)
    said = "expected Z of shape (m, K), one example per row and one class per column"
    assert str(error.value) == f"softmax: {said}, but Z is {shape}{text}"


@pytest.mark.parametrize(
    ("losses", "found"),
    [
        (([2.0, 1.0], [], 1.0), None),
        (([1.0, 1.0], [], 1.0), (1.0, 1.0)),
        (([1.0, 2.0], [], 2.0), (1.0, 2.0)),
        (([9.0], [3.0], 2.9), None),
        (([9.0], [3.0], 3.0), (3.0, 3.0)),
        (([9.0], [3.0, 4.0, 5.0, 6.0, 7.0], 8.0), None),  # too few to say
        (([9.0], [3.0, 3.0, 0.0, 0.0, 4.0, 4.0], 0.0), (3.0, 4.0)),
        (([9.0], [4.0, 4.0, 9.0, 9.0, 3.0, 3.0], 9.0), None),
    ],
)
def test_whether_the_loss_fell(losses, found):
    assert fallen(losses[0][0] if losses[1] == [] else losses[1][0], *losses) == found


@pytest.mark.parametrize(
    ("fraction", "fits"), [(0.0, False), (0.04, False), (0.05, True), (0.95, True), (0.96, False), (1.0, False)]
)
def test_a_fraction_leaves_some_on_both_sides(fraction, fits):
    if fits:
        assert nnlit.doors.pair("validation", fraction, 11) == fraction
    else:
        with pytest.raises(ValueError, match=r"some to validate on, but validation is .*; write validation = 0.1$"):
            nnlit.doors.pair("validation", fraction, 11)


@pytest.mark.parametrize(
    ("rows", "are"),
    [
        ([[0.5, 0.5]], True), ([[0.5, 0.5009]], True), ([[0.5, 0.5011]], False), ([[1.5, -0.5]], False),
        ([[1.0]], False),
        ([[True, False]], True), ([[1, 0], [0, 1]], True), ([[1, 0], [0, 2]], False), ([1.0, 0.0], False),
    ],
)  # fmt: skip
def test_what_probabilities_are(rows, are):
    assert nnlit.doors.are_probabilities(np.array(rows)) == are
    assert not nnlit.doors.are_probabilities(np.array(rows).astype(complex))


@pytest.mark.parametrize(("sum_", "fits"), [(1.0, True), (1.0009, True), (0.9991, True), (1.0011, False), (0.0, False)])
def test_rows_that_sum_to_one(sum_, fits):
    Y = np.array([[0.5, 0.5], [sum_ - 0.25, 0.25]])
    if fits:
        assert nnlit.doors.sum_to_one("a", Y) is Y
    else:
        with pytest.raises(
            ValueError, match=f"^a: expected target rows that sum to 1, but row 1 sums to {sum_:g}; write y = "
        ):
            nnlit.doors.sum_to_one("a", Y)


@pytest.mark.parametrize(
    ("answers", "classes", "found"),
    [([1, 1, 1], [0, 1, 2], 1), ([1, 1, 1], [1, 1, 1], None), ([1, 1, 2], [0, 1, 2], None), ([0, 0], [0, 1], 0)],
)
def test_one_answer_to_examples_of_several_classes(answers, classes, found):
    class Says:
        def predict(self, X):
            return np.eye(3)[X]

    assert nnlit.doors.one_answer(Says(), np.array(answers), np.eye(3)[classes]) == found
    times = 700  # of many examples a thousand are looked at
    X, Y = np.repeat(answers, times), np.eye(3)[np.repeat(classes, times)]
    assert nnlit.doors.one_answer(Says(), X, Y) == found


@pytest.mark.parametrize(
    ("n", "least", "text"),
    [
        (0, 1, "a: expected n of at least one, but it is 0"), (-1, 0, "a: expected n of at least zero, but it is -1"),
        (2.0, 1, "a: expected n to be a whole number, but it is 2.0; write n = 2"),
        (2.5, 1, "a: expected n to be a whole number, but it is 2.5"),
        (np.float32(3), 1, "a: expected n to be a whole number, but it is a float32; write n = 3"),
        (np.inf, 1, "a: expected n to be a whole number, but it is inf"),
        (True, 1, "a: expected n to be a whole number, but it is True"),
        ("3", 1, "a: expected n to be a whole number, but it is '3'; write n = 3"),
        ("3.5", 1, "a: expected n to be a whole number, but it is '3.5'"),
    ],
)  # fmt: skip
def test_a_count_that_is_none(n, least, text):
    with pytest.raises((TypeError, ValueError)) as error:
        nnlit.doors.count("a", "n", n, least)
    assert str(error.value) == text


def test_counts_and_numbers_that_are_some():
    found = nnlit.doors.count("a", "n", np.int64(3))
    assert (found, type(found)) == (3, int)
    assert nnlit.doors.count("a", "n", 0, 0) == 0
    assert type(nnlit.doors.number("a", "x", np.float32(3))) is float
    for value, text in (("0.5", "a: expected x to be a number, but it is '0.5'; write x = 0.5"),
                        ("x", "a: expected x to be a number, but it is 'x'"),
                        (None, "a: expected x to be a number, but it is None"),
                        (True, "a: expected x to be a number, but it is True; write x = 1.0")):  # fmt: skip
        with pytest.raises(TypeError) as error:
            nnlit.doors.number("a", "x", value)
        assert str(error.value) == text


RATES = {
    "GradientDescent(0.0)": None,
    "GradientDescent(1e9)": None,
    "GradientDescent(-0.1)": "GradientDescent: expected a learning rate of at least 0, but it is -0.1; "
    "the minus sign is in the rule: write learning_rate = 0.1",
    "Momentum(0.1, 1.0)": "Momentum: expected mu of at least 0 and below 1, but it is 1.0; write mu = 0.9",
    "Momentum(0.1, 0.999)": None,
    "Momentum(0.1, -0.1)": "Momentum: expected mu of at least 0 and below 1, but it is -0.1; write mu = 0.9",
    "RMSProp(0.1, rho=1.0)": "RMSProp: expected rho of at least 0 and below 1, but it is 1.0; write rho = 0.9",
    "RMSProp(0.1, rho=0.0)": None,
    "Adam(0.1, 1.0)": "Adam: expected beta1 of at least 0 and below 1, but it is 1.0; write beta1 = 0.9",
    "Adam(0.1, 0.9, 1.0)": "Adam: expected beta2 of at least 0 and below 1, but it is 1.0; write beta2 = 0.999",
    "Adam(0.1, 0.9, 0.999, -1e-8)": "Adam: expected epsilon of at least 0, but it is -1e-08; write epsilon = 1e-08",
    "Adam(0.1, 0.9, 0.999, 1.0)": None,
    "AdamW(0.1, decay=-1.0)": "AdamW: expected decay of at least 0, but it is -1.0; write decay = 0.01",
    "AdamW(0.1, decay=2.0)": None,
    "Adam(float('inf'))": "Adam: expected a learning rate of at least 0, but it is inf; write learning_rate = 0.01",
    "Adam(float('nan'))": "Adam: expected a learning rate of at least 0, but it is nan; write learning_rate = 0.01",
    "Adam(-float('inf'))": "Adam: expected a learning rate of at least 0, but it is -inf; the minus sign is in the rule"
    "; write learning_rate = 0.01",
    "Adam(1)": None,
}


@pytest.mark.parametrize("code", RATES)
def test_the_numbers_with_which_a_rule_works(code):
    if RATES[code] is None:
        eval(code, dict(NAMES))  # noqa: S307
        return
    with pytest.raises(ValueError, match="expected") as error:
        eval(code, dict(NAMES))  # noqa: S307
    assert str(error.value) == RATES[code]


@pytest.mark.parametrize(("t", "said"), [(49, False), (50, True)])
def test_one_answer_is_said_after_fifty_steps(t, said):
    class Says:
        def predict(self, X):
            return np.eye(3)[np.ones(len(X), int)]

    run = SimpleNamespace(
        first=3.0, records=[{"loss": 2.0}, {"loss": 1.0}], values=[1.0], t=t, network=Says(),
        parameters=[np.ones(2)], good=[np.zeros(2)],
    )  # fmt: skip
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        nnlit.doors.learned_something(run, np.zeros((3, 2)), np.eye(3), 1.0)
        nnlit.doors.learned_something(run, np.zeros((3, 2)), np.eye(3), 0.0)  # nothing is left to learn
    assert [str(w.message).split(";")[0] for w in found] == ["fit: the answer to every example is class 1"] * said
    run.good = run.parameters
    with pytest.warns(nnlit.doors.NothingLearnedWarning, match="no parameter moved in the last epoch"):
        nnlit.doors.learned_something(run, np.zeros((3, 2)), np.eye(3), 1.0)
    run.records[1]["loss"] = 2.0
    with pytest.warns(nnlit.doors.NothingLearnedWarning, match="the loss did not fall: it was 2 and is 2") as seen:
        nnlit.doors.learned_something(run, np.zeros((3, 2)), np.eye(3), 1.0)
    assert seen[0].message.growth == 1.0


def test_a_class_that_hides_what_it_takes_is_no_value_either():
    assert repaired(FIT, given(batches=dict), "it is the class dict; write batches = full_batch").history.shape[0] == 2


OFFERED = {  # what does not fit, and the value that is offered
    "Adam('fast')": "learning_rate = 0.01",
    "Adam(0.1, (0.9, 0.99))": "beta1 = 0.9",
    "Adam(0.1, beta2=None)": "beta2 = 0.999",
    "Adam(0.1, epsilon='small')": "epsilon = 1e-08",
    "Momentum(0.1, None)": "mu = 0.9",
    "RMSProp(0.1, rho='x')": "rho = 0.9",
    "AdamW(0.1, decay=None)": "decay = 0.01",
    "GradientDescent(-0.5)": "learning_rate = 0.5",
    "MiniBatches(0)": "size = 64",
    "MiniBatches(2.5)": "size = 64",
    "EarlyStopping(0)": "patience = 5",
    "fit(**given(epochs=0))": "epochs = 10",
    "fit(**given(epochs=None))": "epochs = 10",
    "fit(**given(checkpoint='x.npz', every=0))": "every = 1",
    "Dense.start(0, 3, rng)": "n_in = 784",
    "Dense.start(3, -1, rng)": "n_out = 10",
    "one_hot([0, 1], 0)": "K = 10",
    "Cosine(0)": "steps = 1000",
    "split(np.eye(3), np.arange(3), None, rng)": "fraction = 0.2",
    "Dropout(None)": "rate = 0.2",
    "Shift(-1)": "pixels = 1",
}


@pytest.mark.parametrize("code", OFFERED)
@pytest.mark.long_but_one_in(4)
def test_a_number_that_does_not_fit_has_one_offered_that_does(code, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises((TypeError, ValueError)) as error:
        eval(code, NAMES | {"given": given, "rng": np.random.default_rng(0)})  # noqa: S307
    assert str(error.value).endswith(f"write {OFFERED[code]}"), str(error.value)


def test_pictures_and_tables_are_read_each_by_its_own_name(tmp_path):
    for ending in ("png", "JPG", "jpeg", "bmp", "tif", "tiff", "gif", "webp"):
        with pytest.raises(ValueError, match=r"which|read_picture") as error:
            network(784).predict(f"a.{ending}")
        assert str(error.value).endswith("but it is 'a." + ending + "'; write X = read_picture(X).pixels[None]")
    Image.fromarray(np.eye(28, dtype=np.uint8) * 255).save(tmp_path / "a.png")
    assert repaired("network.predict(X)", {"network": network(784), "X": tmp_path / "a.png"}, "array").shape == (1, 3)
    with pytest.raises(ValueError, match=r"but it is 'a.csv', which is a text; write data = load_mnist\(X\)"):
        network(784).predict("a.csv")


def test_dense_layers_say_what_their_arrays_may_have_been():
    W, b = np.eye(3, 2), np.zeros(2)
    for values in ({"W": W, "b": b[:, None]}, {"W": W, "b": b[None]}, {"W": W.T, "b": b}):
        assert repaired("Dense(W, b)", values, "expected W of shape") == Dense(W, b)
    for W, b in ((np.eye(3, 2), np.zeros(4)), (np.zeros(3), np.zeros(3)), (np.eye(3, 2), np.zeros((3, 1)))):
        with pytest.raises(ValueError, match=r"b is \([\d, ]+\)$"):
            Dense(W, b)


def test_layers_in_a_list_become_a_network_in_it():
    inner = [Dense.start(3, 4, np.random.default_rng(0)), ReLU()]
    for layers in ([inner, Dense.start(4, 2, np.random.default_rng(1))], [tuple(inner)]):
        found = repaired("Network(layers)", {"layers": layers}, r"but layers\[0\] is a (list|tuple)")
        assert found.layers[0].layers == tuple(inner)
    with pytest.raises(TypeError, match=r"layers\[0\] = ReLU\(\)$"):
        Network([[]])


def test_models_of_other_kinds_become_networks():
    class Fitted:
        network_ = network()

    assert repaired("accuracy(network, X, y)", given(network=Fitted()), "but it is a Fitted") >= 0
    for mark, code in (("named_parameters", "nnlit.from_torch(network)"), ("coefs_", "nnlit.from_sklearn(network)")):
        with pytest.raises(TypeError) as error:
            nnlit.doors.network("a", type("Model", (), {mark: None})())
        assert str(error.value) == f"a: expected a network, but it is a Model; write network = {code}"
        assert callable(getattr(nnlit, code.partition("(")[0].removeprefix("nnlit.")))


@pytest.mark.parametrize(
    ("name", "function", "takes"),
    [
        ("callback", lambda epoch: not epoch, "(epoch)"), ("callback", lambda: False, "()"),
        ("callback", lambda a, b, c, d: bool(a or b or c or d), "(a, b, c, d)"),
        ("batches", lambda m: [np.arange(m)], "(m)"),
    ],
)  # fmt: skip
def test_functions_that_fit_cannot_call_are_refused_before_it_begins(name, function, takes):
    with pytest.raises(TypeError) as error:
        fit(**given(**{name: function}))
    order = {"callback": "epoch, network, record", "batches": "m, rng"}[name]
    text = f"fit: expected {name} to be called as {name}({order}), but it takes {takes}"
    assert str(error.value) == f"{text}; write def {name}({order}): ..."


def test_functions_that_fit_can_call_are_called():
    seen = []
    fit(**given(callback=lambda *args: seen.append(args[0])))
    fit(**given(callback=lambda epoch, _, record, more=0: seen.append(epoch) or len(record) < more, epochs=1))
    assert seen == [1, 2, 1]


@pytest.mark.parametrize(
    "X",
    [
        np.array([[1e308, 1.7e308], [1.5e308, 1.6e308]]),
        np.array([[-1.7e308, -1e308]]),
        np.array([[1e-320, 1.0]]),
    ],
)
def test_numbers_near_the_end_of_their_type_are_finite(X):
    assert nnlit.doors.examples("a", X) is X


@pytest.mark.parametrize(
    ("row", "what"),
    [([np.inf, -np.inf], "infinity in X, row 1, column 0"), ([0.0, -np.inf], "infinity in X, row 1, column 1"),
     ([0.0, np.nan], "NaN in X, row 1, column 1"), ([np.nan, np.inf], "NaN in X, row 1, column 0")],
)  # fmt: skip
def test_the_first_number_that_is_not_finite_is_named(row, what):
    with pytest.raises(ValueError, match=f"a: {what}; expected finite numbers"):
        nnlit.doors.examples("a", np.array([[1.0, 2.0], row, row]))


@pytest.mark.parametrize("value", [1e300, -1e300, 1e-300, 0, 1 // 255, float("inf"), float("nan")])
def test_a_factor_that_float32_cannot_hold_is_refused_in_one_line(value):
    with pytest.raises(ValueError, match=r"Scale: expected a factor .* write factor = 1 / 255$"):
        Scale(value)


def test_classes_of_several_kinds_that_are_not_there_are_named():
    with pytest.raises(ValueError, match="but no example has the label 7"):
        fit(**given(weights={"a": 1.0, 7: 2.0}))


def test_gaps_in_a_frame_become_nan_which_is_named():
    X = pd.DataFrame(np.eye(12, 6)).astype("Int64")
    X.iloc[3, 2] = pd.NA
    with pytest.raises(ValueError, match="expected numbers, but X is of type object") as error:
        fit(**given(X=X))
    space = {"X": X, "np": np}
    exec(str(error.value).rpartition("write ")[2], space)  # noqa: S102
    assert np.isnan(space["X"][3, 2])
    with pytest.raises(ValueError, match="NaN in X, row 3, column 2"):
        fit(**given(X=space["X"]))


def test_parameters_stand_still_if_all_of_them_do():
    a, b = np.ones(2), np.zeros(3)
    stands = nnlit.doors.stands_still
    assert stands(SimpleNamespace(parameters=[a, b], good=[a.copy(), b.copy()]))
    assert not stands(SimpleNamespace(parameters=[a, b], good=[a.copy(), b + 1]))
    with pytest.raises(ValueError, match="zip"):
        stands(SimpleNamespace(parameters=[a, b], good=[a.copy()]))


@pytest.mark.parametrize("at", [0, 1, 999, 1000, 1999, 2000, 2300])
def test_the_range_is_that_of_all_rows(at):
    X = np.full((2301, 2), 0.5)
    X[at] = -1, 3
    assert Range.of(X) == Range("f", -1.0, 3.0)


@pytest.mark.parametrize("rows", [[[0.2, 0.3]], [[0.5, 0.5], [0.9, 0.2]], [[1.0, 0.0], [0.0, 0.0]], [[1.5, -0.5]]])
def test_rows_that_sum_to_less_or_more_are_no_probabilities(rows):
    Y = np.array(rows)
    assert not nnlit.doors.are_probabilities(Y)
    if (Y >= 0).all():
        with pytest.raises(ValueError, match="a: expected target rows that sum to 1, but row"):
            nnlit.doors.sum_to_one("a", Y)


ROW = "; one example alone is a row: write X = np.reshape(X, (1, -1))"
COLUMNS = "; examples stand in columns: write X = np."
IN_ROWS = "; to lay each image out as a row write X = np.reshape(X, (len(X), -1))"


@pytest.mark.parametrize(
    ("shape", "n", "said"),
    [
        ((784,), None, ROW), ((784,), 784, ROW), ((783,), 784, ""), ((28, 28), 784, ROW), ((28, 28), None, ""),
        ((1, 784), 784, ROW), ((28, 28), 28, COLUMNS + "transpose(X)"), ((784, 5), 784, COLUMNS + "transpose(X)"),
        ((784, 784), 784, COLUMNS + "transpose(X)"), ((5, 28, 28), None, IN_ROWS), ((5, 28, 28), 784, IN_ROWS),
        ((5, 28, 28), 783, ""), ((28, 28, 5), 784,
         "; to make rows of the last axis write X = np.reshape(X, (-1, np.shape(X)[-1])).T"),
        ((5, 785), 784, "; if the first column holds the labels write X = np.asarray(X)[:, 1:]"), ((5, 786), 784, ""),
        ((5, 785), None, ""), ((), None, ""),
    ],
)  # fmt: skip
def test_each_other_shape_has_its_own_way_out(shape, n, said):
    assert nnlit.doors._other_shape(shape, n) == said


@pytest.mark.parametrize(
    ("shape", "m", "said"),
    [
        ((0,), None, "(0,)"), ((3,), 3, "; one output alone is a column: write Z = np.reshape(Z, (-1, 1))"),
        ((3,), None, "; one example alone is a row: write Z = np.reshape(Z, (1, -1))"),
        ((3,), 4, "; one example alone is a row: write Z = np.reshape(Z, (1, -1))"), ((2, 3, 0), None, "(2, 3, 0)"),
        ((2, 3, 4), None, "; if the classes are the last axis write Z = np.reshape(Z, (-1, np.shape(Z)[-1]))"),
        ((2, 0), None, "(2, 0)"), ((), None, "()"),
    ],
)  # fmt: skip
def test_outputs_of_another_shape(shape, m, said):
    with pytest.raises(ValueError, match="a: expected Z of shape") as error:
        nnlit.doors.logits("a", np.zeros(shape), m)
    assert str(error.value).endswith(f"but Z is {shape}{said}" if said.startswith(";") else f"but Z is {said}")


@pytest.mark.parametrize(
    ("shape", "K", "mended"),
    [((2, 1, 3), 4, False), ((1, 3), 4, True), ((3, 1), 4, True), ((3,), 2, False), ((2, 3, 4), 4, False)],
)
def test_target_rows_of_another_shape(shape, K, mended):
    with pytest.raises(ValueError, match=r"expected labels of shape \(m,\) or target rows") as error:
        nnlit.doors.rows("a", np.zeros(shape), K)
    assert str(error.value).endswith("; write y = np.ravel(y)") == mended


@pytest.mark.parametrize(("given_", "seed"), [(3, 3), (0, 0), (-1, 0), (True, 0), (None, 0), (2.0, 0), ("7", 0)])
def test_a_seed_becomes_that_of_a_generator(given_, seed):
    with pytest.raises(TypeError) as error:
        nnlit.doors.generator("a", given_)
    assert str(error.value).endswith(f"but it is {given_!r}; write rng = np.random.default_rng({seed})")


INSTEAD = {  # a name of an argument, what came, and what is offered
    ("rule", 0.5): "GradientDescent(0.5)", ("rule", 0.0): "GradientDescent(0.1)",
    ("rule", -1.0): "GradientDescent(0.1)",
    ("rule", np.inf): "GradientDescent(0.1)", ("rule", 1): "GradientDescent(0.1)", ("rule", "ADAM-W"): "AdamW(0.001)",
    ("rule", GradientDescent): "GradientDescent(0.01)", ("batches", 3): "MiniBatches(3)", ("batches", 0): "full_batch",
    ("batches", -3): "full_batch", ("batches", "mini-batch"): "MiniBatches(64)",
    ("loss", "BCE"): "binary_cross_entropy", ("loss", "frog"): "squared_error", ("layers", np.tanh): "Tanh()",
    ("layers", Dense): "Dense.start(784, 10, rng)", ("gradient", "blocks"): "Blocks()",
    ("loss", "binary"): "binary_cross_entropy", ("loss", "softmax"): "softmax_cross_entropy",
    ("loss", "CrossEntropyLoss"): "softmax_cross_entropy", ("loss", "nll_loss"): "softmax_cross_entropy",
    ("loss", nnlit.losses.SquaredError): "squared_error",
    ("loss", type(softmax_cross_entropy)): "softmax_cross_entropy",
    ("loss", type(nnlit.binary_cross_entropy)): "binary_cross_entropy", ("loss", None): "squared_error",
    ("rule", "Adam"): "Adam(0.001)", ("rule", "momentum"): "Momentum(0.01)", ("rule", "nesterov"): "Nesterov(0.01)",
    ("rule", "RMSprop"): "RMSProp(0.001)", ("rule", "Adagrad"): "AdaGrad(0.01)",
    ("rule", "sgd"): "GradientDescent(0.1)",
    ("rule", Adam): "Adam(0.01)", ("batches", 1): "MiniBatches(1)", ("batches", MiniBatches): "MiniBatches(64)",
    ("batches", 0.5): "full_batch", ("gradient", "threads"): "Blocks(threads=2)", ("gradient", "x"): "whole",
    ("gradient", nnlit.Blocks): "Blocks()", ("layers", "sigmoid"): "Sigmoid()", ("layers", "logistic"): "Sigmoid()",
    ("layers", "dropout"): "Dropout(0.2)", ("layers", "relu"): "ReLU()", ("layers", Dropout): "Dropout(0.2)",
    ("layers", Scale): "Scale(1 / 255)", ("layers", Standardize): "ReLU()", ("layer", "x"): "ReLU()",
    ("schedule", 3): "Cosine(1000)", ("schedule", nnlit.Cosine): "Cosine(1000)",
    ("callback", 3): "EarlyStopping(patience=5)", ("callback", EarlyStopping): "EarlyStopping(5)",
    ("rule", nnlit.L2): "L2(GradientDescent(0.1), 0.0001)",
    ("rule", nnlit.Scheduled): "Scheduled(GradientDescent(0.1), Cosine(1000))",
    ("loss", nnlit.LabelSmoothing): "LabelSmoothing(squared_error, 0.1)",
    ("layers", nnlit.Shift): "Shift(1)", ("rule", np.random.Generator): "np.random.default_rng(0)",
}  # fmt: skip


@pytest.mark.parametrize("name", INSTEAD, ids=str)
def test_what_is_offered_instead(name):
    assert nnlit.doors.instead(*name) == INSTEAD[name]


@pytest.mark.parametrize(
    ("X", "y", "mended"),
    [((3, 2), (1, 3), True), ((3, 2), (4,), False), ((0, 2), (0,), False), ((), (), False), ((0, 2), (1, 0), False)],
)
def test_rows_and_labels_that_are_no_pairs(X, y, mended):
    with pytest.raises(ValueError, match="a: expected at least one row and a label for each; X is") as error:
        nnlit.doors.pairs("a", np.zeros(X), np.zeros(y))
    assert str(error.value).endswith("; write y = np.ravel(y)") == mended


@pytest.mark.parametrize(
    ("range_", "X", "differs"),
    [
        (("f", 0, 1), [0.2, 0.2], False), (("f", 0, 1), [0.5, 0.501, 0.502, 0.503], True),
        (("f", 0, 1), [0.5, 0.501, 0.502], False), (("f", 0, 1), [0.5] * 4, False),
        (("f", 0, 1), [0, 0.02] * 2, False), (("f", 0, 1), [0, 0.0199] * 2, True),
        (("u", 0, 255), [-1, 5.0, 200, 100], True), (("i", 0, 255), [-1, 5.0, 200, 100], False),
        (("b", 0, 1), [-0.1, 1.0, 0.5, 0.5], True), (("f", 5, 5), [9.0, 3, 2, 1], False),
        (("f", 0, 1), [1.5] * 3 + [0] * 197, False), (("f", 0, 1), [1.51] * 2 + [0.0] * 198, False),
        (("f", 0, 1), [1.51] * 3 + [0.0] * 197, True), (("f", 0, 1), [-0.51] * 3 + [0.0, 1] * 98, True),
        (("f", 0, 1), [-0.5] * 3 + [0.0, 1] * 98, False),
    ],
)  # fmt: skip
def test_when_numbers_are_of_another_range(range_, X, differs):
    X = np.array(X)
    assert Range(*range_).differs(X, Range.of(X)) == differs


@pytest.mark.parametrize("given_", [("x", 0, 1), ("f", 1, 0), ("f", 0, np.inf), ("f", -np.inf, 0), ("f", np.nan, 1)])
def test_ranges_from_a_file_are_looked_at(given_):
    with pytest.raises(ValueError, match="Network: expected a range as learned on"):
        Range.checked(given_)
    assert Range.checked(["u", 0, 255]) == ("u", 0.0, 255.0)
    assert Range.checked(("f", 1, 1)) == ("f", 1.0, 1.0)
    assert Range("f", 0, 1) | Range("u", -1, 0.5) == ("f", -1, 1)


UNIQUE = "write classes, y = np.unique(y, return_inverse=True)"
TO_INT = "write y = np.asarray(y).astype(int)"
LEAVE_OUT = (
    "which is no class; to leave such examples out write there = np.isfinite(np.asarray(y, float)); "
    "X, y = np.asarray(X)[there], np.asarray(y, float)[there]"
)
AS_WORDS = (
    "to take each as a word and number the words write classes, y = np.unique(np.asarray(y).astype(str), "
    "return_inverse=True)"
)
MEASURED = "which is no class; measured numbers are target rows for squared_error: write y = np.asarray(y)[:, None]"


@pytest.mark.parametrize(
    ("y", "said"),
    [
        ([0.0, 1.0], TO_INT), ([0.0, np.nan, 0.5], f"y[1] is nan, {LEAVE_OUT}"),
        ([np.inf, np.nan], f"y[0] is inf, {LEAVE_OUT}"), ([1.0, 0.0, 2.5, 0.5], f"y[2] is 2.5, {MEASURED}"),
        ([1 + 0j], "write y = np.real(y).astype(int)"), (["a", "b"], UNIQUE), ([b"a"], UNIQUE),
        (np.array(["2020-01-01"], "M8[D]"), UNIQUE), (np.array([1], "m8[s]"), UNIQUE), ([True, False], TO_INT),
        (np.array(["a", "b"], object), UNIQUE), (np.array(["1", 2], object), TO_INT),
        (np.array(["a", 2], object), AS_WORDS), (np.array([2, 1.5], object), f"y[1] is 1.5, {MEASURED}"),
        (np.array([None, 2], object), f"y[0] is nan, {LEAVE_OUT}"), (np.array([2.0, True], object), TO_INT),
        (np.array([1, 2], object), TO_INT), (np.array([], object), UNIQUE),
    ],
)  # fmt: skip
def test_labels_of_each_other_type_have_their_own_way_out(y, said):
    assert nnlit.doors._other_type(np.asarray(y)) == said


@pytest.mark.parametrize(
    ("shape", "K", "said"),
    [
        ((5, 1), 3, "; write y = np.ravel(y)"), ((1, 5), 3, "; write y = np.ravel(y)"), ((1, 1), 1,
         "; write y = np.ravel(y)"),
        ((5, 3), 3, "; of one-hot rows write y = np.argmax(y, axis=1)"), ((3, 5), 3, ""), ((5, 1, 3), 3, ""),
        ((5, 3, 3), 3, ""), ((), 3, ""), ((5, 4), 3, ""),
    ],
)  # fmt: skip
def test_labels_of_each_other_shape_have_their_own_way_out(shape, K, said):
    assert nnlit.doors._other_axes(np.zeros(shape), K) == said


@pytest.mark.parametrize(
    ("y", "K", "said"),
    [
        ([1, 2, 3], 3, "labels from 1: write y = np.asarray(y) - 1"),
        ([1, 3], 3, "labels from 1: write y = np.asarray(y) - 1"),
        ([1, 2], 3, f"to number the 2 labels from 0 {UNIQUE}"), ([0, 3], 3, f"to number the 2 labels from 0 {UNIQUE}"),
        ([2, 3, 4], 3, f"to number the 3 labels from 0 {UNIQUE}"),
        ([0, 1, 2, 3], 3,
         "is K = 3 the number of classes? There are 4 labels, and the network needs an output for each"),
    ],
)  # fmt: skip
def test_labels_that_leave_the_classes_have_their_own_way_out(y, K, said):
    assert nnlit.doors._other_numbers(np.array(y), K) == said


@pytest.mark.parametrize(
    ("row", "at"), [([0.0, 1.0], None), ([0.5, 1.5], 1), ([-0.5, 0.5], 0), ([0.5, np.nan], 1), ([1.0001, 0], 0)]
)
def test_targets_from_0_to_1(row, at):
    Y = np.array([[0.25, 0.75], row])
    if at is None:
        assert nnlit.doors.from_0_to_1("a", Y) is Y
        return
    with pytest.raises(ValueError, match="a: expected") as error:
        nnlit.doors.from_0_to_1("a", Y)
    text = f"a: expected targets from 0 to 1, but row 1, column {at} is {row[at]:g}"
    assert str(error.value) == f"{text}; for no below zero and yes above write y = (np.asarray(y) > 0).astype(int)"


class NoSignature:
    __signature__ = 3

    def __init__(self, *_):
        pass


class Two:
    def __init__(self, learning_rate, /, epochs, *, every, size=3, **more):
        pass


class Unknown:
    def __init__(self, learning_rate, frog):
        pass


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (Dense, "Dense.start(784, 10, rng)"), (Adam, "Adam(0.01)"), (ReLU, "ReLU()"), (Two, "Two(0.01, 10)"),
        (Unknown, None), (Network, None), (dict, None), (type(squared_error), "squared_error"),
    ],
)  # fmt: skip
def test_a_value_of_a_class(kind, code):
    assert nnlit.doors._instance(kind) == code


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Adam, "the class Adam"), (np.tanh, "the function tanh"), (squared_error, "a SquaredError"), ("a", "'a'"),
        (3, "3"), (2.5, "2.5"), (True, "True"), (None, "None"), ([1], "a list"), (np.eye(2), "a ndarray"),
        (Adam(0.1), "a Adam"), (len, "the function len"),
    ],
)  # fmt: skip
def test_a_value_as_a_message_names_it(value, said):
    assert nnlit.doors.described(value) == said


class Fragment:
    """A layer that lacks something."""

    def __init__(self, *names):
        for name in names:
            setattr(self, name, None)


LACKS = "; derive its class from nnlit.Layer, which brings what it lacks"


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        (Fragment("forward"), f"a Fragment, which has no backward{LACKS}"),
        (Fragment("forward", "backward"), f"a Fragment, which has no predict{LACKS}"),
        (Fragment("forward", "backward", "predict"), f"a Fragment, which has no width{LACKS}"),
        (Fragment("forward", "predict", "width"), f"a Fragment, which has no backward{LACKS}"),
        (ReLU, "the class ReLU; write layers = list(layers); layers[2] = ReLU()"),
        (Dense, ("the class Dense; write rng = np.random.default_rng(0); layers = list(layers); layers[2] = "
         "Dense.start(784, 10, rng)")),
        ([ReLU()], "a list; write layers = list(layers); layers[2] = Network(layers[2])"),
        ((ReLU(), ReLU()), "a tuple; write layers = list(layers); layers[2] = Network(layers[2])"),
        ([ReLU(), 3], "a list; write layers = list(layers); layers[2] = ReLU()"),
        ("tanh", "'tanh'; write layers = list(layers); layers[2] = Tanh()"),
        (None, "None; write layers = list(layers); layers[2] = ReLU()"),
    ],
)  # fmt: skip
def test_what_is_no_layer_is_said_in_full(layer, said):
    assert nnlit.doors._no_layer(2, layer) == f"Network: expected a layer, but layers[2] is {said}"
    if not isinstance(layer, list | tuple):
        with pytest.raises(TypeError) as error:
            Network([ReLU(), ReLU(), layer])
        assert str(error.value).endswith(said)


@pytest.mark.parametrize(
    ("caller", "given_", "said"),
    [
        ("save", "a.npz", ", the name of a file, which comes second; write network, path = path, network"),
        ("save_safetensors", "a", ", the name of a file, which comes second; write network, path = path, network"),
        ("fit", "a.npz", ", the name of a file; write network = load(network)"),
        ("fit", Adam, ", which holds no weights; hand over a network itself, such as the first of the two that fit"),
        ("save", Network, ", which holds no weights; hand over a network itself, such as the first of the two that"),
        ("fit", [ReLU()], "; write network = Network(network)"), ("fit", [], ""), ("fit", [3], ""),
        ("fit", (ReLU(), 3), ""), ("fit", ReLU(), "; write network = Network([network])"), ("fit", 3, ""),
    ],
)  # fmt: skip
def test_what_is_no_network_becomes_one(caller, given_, said):
    found = nnlit.doors._other_than_a_network(caller, given_)
    assert found.startswith(said)
    assert bool(found) == bool(said)
