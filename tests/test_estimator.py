"""The classifier as scikit-learn uses it: its checks, pipelines and searches, weights, stopping, what is refused."""

import inspect
import itertools
import json
import os
import pickle
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("sklearn")

from scipy.sparse import csr_matrix
from sklearn import neural_network
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score, train_test_split
from sklearn.multioutput import MultiOutputClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MultiLabelBinarizer, StandardScaler
from sklearn.utils import get_tags
from sklearn.utils.class_weight import compute_sample_weight

import nnlit
from nnlit import Network, ReLU, RMSProp, estimator, he
from nnlit.estimator import MLPClassifier
from nnlit.network import leaves
from tests.tiers import mostly_long

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


@pytest.fixture(scope="module")
def digits():
    """Scikit-learn's digits, scaled to 0 to 1 in float32: training and test part."""
    X, y = load_digits(return_X_y=True)
    return train_test_split((X / 16).astype(np.float32), y, test_size=0.3, random_state=0, stratify=y)


def small(**changes):
    return MLPClassifier(**{"hidden_layer_sizes": (16,), "max_iter": 15, "random_state": 0} | changes)


# --- scikit-learn's own checks --------------------------------------------------------------------------------------


CHECKS = """
import json, warnings
from sklearn.utils.estimator_checks import check_estimator
from nnlit.estimator import MLPClassifier
from nnlit.network import leaves
warnings.simplefilter("ignore")
for model in ({models}):
    results = check_estimator(model, on_fail=None, on_skip=None)
    print(json.dumps([(r["check_name"], r["status"], str(r["exception"])) for r in results]))
"""
# scikit-learn's own has no decision_function either
LACKS = {"check_classifiers_multilabel_output_format_decision_function"}
MODELS = {
    "as it is": ("max_iter=100", set()),
    "sgd, balanced": ("(9, 8), solver='sgd', learning_rate_init=0.05, class_weight='balanced', max_iter=100", set()),
    # a mask is drawn for every row, also for one of weight 0
    "dropout": ("dropout=0.2, max_iter=100", {"check_sample_weight_equivalence_on_dense_data"}),
}


@pytest.fixture(scope="module")
def checked():
    """What scikit-learn's checks say of every model, from one process in which arrays of other libraries are known."""
    models = ", ".join(f"MLPClassifier({arguments})" for arguments, _ in MODELS.values())
    code, env = CHECKS.format(models=models), os.environ | {"SCIPY_ARRAY_API": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True, timeout=300
    )
    return dict(zip(MODELS, map(json.loads, done.stdout.splitlines()), strict=True))


@pytest.mark.long
@pytest.mark.parametrize("model", MODELS)
def test_every_check_of_scikit_learn_passes_and_none_is_skipped(model, checked):
    results, (_, fail) = checked[model], MODELS[model]
    assert len(results) > 60
    assert {name for name, status, _ in results if status != "passed"} == fail | LACKS, results
    assert {name for name, status, _ in results if status == "skipped"} == LACKS
    assert not hasattr(neural_network.MLPClassifier(), "decision_function")


# --- beside scikit-learn's own --------------------------------------------------------------------------------------


@pytest.mark.parametrize("starts", mostly_long([1, 5]))
def test_it_reads_digits_as_well_as_scikit_learns_own(digits, starts):
    X, X_test, y, y_test = digits
    ours, theirs = (
        np.array([kind((32,), max_iter=100, random_state=k).fit(X, y).score(X_test, y_test) for k in range(starts)])
        for kind in (MLPClassifier, neural_network.MLPClassifier)
    )
    if starts == 1:
        assert ours[0] > max(0.94, theirs[0] - 0.02)
        return
    assert ours.mean() > theirs.mean() - max(theirs.std(ddof=1), 0.005)
    assert ours.min() > 0.94


def test_pipelines_searches_and_cross_validation(digits):
    X, X_test, y, y_test = digits
    model = make_pipeline(StandardScaler(), small(max_iter=20, learning_rate_init=0.01))
    assert cross_val_score(model, X[:600], y[:600], cv=3).min() > 0.8
    search = GridSearchCV(model, {"mlpclassifier__alpha": [0.0, 1000.0]}, cv=2).fit(X[:400], y[:400])
    assert search.best_params_ == {"mlpclassifier__alpha": 0.0}
    assert search.predict(X_test).shape == y_test.shape
    again = clone(search.best_estimator_)
    assert again.get_params()["mlpclassifier__hidden_layer_sizes"] == (16,)


# --- arguments that others have -------------------------------------------------------------------------------------

THEIRS = {  # an argument that only scikit-learn's own has, or by another name, and what is to be handed over
    "momentum=0.5": "solver=Nesterov(0.001, 0.5)",
    "momentum=0.5, learning_rate_init=0.1": "solver=Nesterov(0.1, 0.5)",
    "nesterovs_momentum=True": "solver=Nesterov(0.001, 0.9)",
    "nesterovs_momentum=False, momentum=0.8": "solver=Momentum(0.001, 0.8)",
    "momentum=0.8, nesterovs_momentum=False": "solver=Momentum(0.001, 0.8)",
    "beta_1=0.8": "solver=Adam(0.001, beta1=0.8)",
    "epsilon=0.001, beta_2=0.99, learning_rate_init=0.1": "solver=Adam(0.1, beta2=0.99, epsilon=0.001)",
    "learning_rate=0.1": "learning_rate_init=0.1",
    "learning_rate='adaptive'": "solver=Scheduled(Nesterov(0.001), Cosine(1000))",
    "learning_rate='invscaling', learning_rate_init=0.1": "solver=Scheduled(Nesterov(0.1), Cosine(1000))",
    "power_t=0.3": "solver=Scheduled(Nesterov(0.001), Cosine(1000))",
    "epochs=3": "max_iter=3",
    "lr=0.1": "learning_rate_init=0.1",
    "seed=7": "random_state=7",
    "optimizer='sgd'": "solver='sgd'",
    "hidden_layer_size=7": "hidden_layer_sizes=7",
}
NEEDLESS = {
    "shuffle": "the examples are shuffled anew for every epoch",
    "verbose": "loss_curve_ has the loss of every epoch",
    "max_fun": "it belongs to lbfgs, which is not there",
}


@pytest.mark.parametrize("given", THEIRS)
def test_an_argument_that_only_scikit_learns_own_has_is_said_in_ours(given):
    space = vars(nnlit) | {"MLPClassifier": MLPClassifier}
    with pytest.raises(TypeError) as error:
        eval(f"MLPClassifier({given})", space)  # noqa: S307
    first, here = given.partition("=")[0], THEIRS[given]
    there = str(error.value)
    assert there.startswith(f"MLPClassifier: there is no argument {first}; ")
    assert there.endswith(f"hand over {here} instead")
    model = eval(f"MLPClassifier(max_iter=2, {here})" if "max_iter" not in here else f"MLPClassifier({here})", space)  # noqa: S307
    assert len(model.fit(np.eye(4), [0, 1, 0, 1]).loss_curve_) == model.max_iter


@pytest.mark.parametrize(("word", "why"), [*NEEDLESS.items()])
def test_an_argument_without_a_place_is_to_be_left_out(word, why):
    with pytest.raises(TypeError) as error:
        MLPClassifier(**{word: 1})
    assert str(error.value) == f"MLPClassifier: there is no argument {word}; {why}; leave out {word}"
    with pytest.raises(TypeError, match=r"it is constant where solver is no Scheduled.*; leave out learning_rate$"):
        MLPClassifier(learning_rate="constant")
    with pytest.raises(TypeError, match="there is no argument frog; it takes hidden_layer_sizes, activation, solver"):
        MLPClassifier(frog=1)


def test_every_argument_of_scikit_learns_own_is_ours_or_has_its_word():
    known = set(inspect.signature(MLPClassifier).parameters)
    words = {given.partition("=")[0] for given in THEIRS} | NEEDLESS.keys() | {"beta_2"}
    assert set(inspect.signature(neural_network.MLPClassifier).parameters) <= known | words
    model = MLPClassifier((3,), alpha=0.5)
    assert clone(model).get_params() == model.get_params()
    assert set(model.get_params()) == known


# --- labels, frames, dtypes -----------------------------------------------------------------------------------------


def test_text_labels_and_names_of_columns():
    X = pd.DataFrame({"height": [0.0, 0, 1, 1] * 10, "weight": [0.0, 1, 0, 1] * 10})
    y = pd.Series(["no", "no", "yes", "yes"] * 10)
    model = small(learning_rate_init=0.05, max_iter=60).fit(X, y)
    assert model.predict(X[:4]).tolist() == ["no", "no", "yes", "yes"]
    assert model.feature_names_in_.tolist() == ["height", "weight"]
    assert model.classes_.tolist() == ["no", "yes"]
    with pytest.raises(ValueError, match="feature names"):
        model.predict(X.rename(columns={"height": "length"}))


def test_probabilities_sum_to_one_and_agree_with_predict(digits):
    X, X_test, y, _ = digits
    model = small().fit(X, y)
    P = model.predict_proba(X_test)
    np.testing.assert_allclose(P.sum(axis=1), 1, rtol=1e-5)
    np.testing.assert_array_equal(model.classes_[P.argmax(axis=1)], model.predict(X_test))
    np.testing.assert_allclose(np.exp(model.predict_log_proba(X_test)), P, rtol=1e-5)
    assert P.dtype == np.float32


def test_a_saved_classifier_answers_the_same(digits):
    X, X_test, y, _ = digits
    model = small().fit(X, y)
    again = pickle.loads(pickle.dumps(model))  # noqa: S301 - our own bytes
    np.testing.assert_array_equal(again.predict_proba(X_test), model.predict_proba(X_test))


# --- weights --------------------------------------------------------------------------------------------------------


def test_class_weights_are_sample_weights():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(60, 4)), np.repeat([0, 1], [50, 10])
    by_class = small(alpha=0, class_weight={0: 1, 1: 5}).fit(X, y).predict_proba(X)
    by_sample = small(alpha=0).fit(X, y, sample_weight=np.where(y == 1, 5, 1)).predict_proba(X)
    balanced = small(alpha=0, class_weight="balanced").fit(X, y).predict_proba(X)
    np.testing.assert_allclose(by_class, by_sample, rtol=1e-12)
    np.testing.assert_allclose(by_class, balanced, rtol=1e-9)
    plain = small(alpha=0).fit(X, y).predict_proba(X)
    assert by_class[:, 1].mean() > plain[:, 1].mean() + 0.05


# --- stopping and going on ------------------------------------------------------------------------------------------


def test_early_stopping_keeps_the_best_network(digits):
    X, _, y, _ = digits
    model = small(early_stopping=True, max_iter=100, n_iter_no_change=3, learning_rate_init=0.01).fit(X, y)
    assert model.n_iter_ < 100
    assert len(model.validation_scores_) == len(model.loss_curve_) == model.n_iter_
    assert model.best_validation_score_ == max(model.validation_scores_)
    best = model.validation_scores_.index(model.best_validation_score_) + 1
    cut = small(early_stopping=True, max_iter=best, n_iter_no_change=100, learning_rate_init=0.01).fit(X, y)
    np.testing.assert_array_equal(cut.predict_proba(X), model.predict_proba(X))


def test_without_early_stopping_training_ends_when_the_loss_stands():
    X, y = np.eye(4).repeat(5, axis=0), np.arange(4).repeat(5)
    model = MLPClassifier((8,), learning_rate_init=0.1, max_iter=1000, random_state=0).fit(X, y)
    assert model.n_iter_ < 1000
    assert min(model.loss_curve_) == model.best_loss_
    with pytest.warns(ConvergenceWarning, match="after max_iter=3 epochs"):
        MLPClassifier((8,), max_iter=3, random_state=0).fit(X, y)


def test_warm_start_goes_on_and_a_cold_one_does_not(digits):
    X, _, y, _ = digits
    warm = small(warm_start=True, max_iter=3).fit(X, y)
    before = warm.loss_
    assert warm.fit(X, y).loss_curve_[0] < before
    assert small(max_iter=3).fit(X, y).fit(X, y).loss_curve_[0] > before
    with pytest.raises(ValueError, match=r"there are \[77\] as well"):
        warm.fit(X[:3], [1, 2, 77])


def test_partial_fits_are_the_epochs_of_fit(digits):
    X, _, y, _ = digits
    model = small(tol=-np.inf)
    for _ in range(4):
        model.partial_fit(X, y, classes=np.unique(y))
    whole = small(max_iter=4, tol=-np.inf).fit(X, y)
    assert model.loss_curve_ == whole.loss_curve_
    np.testing.assert_array_equal(model.predict_proba(X), whole.predict_proba(X))
    with pytest.raises(ValueError, match=r"labels \[99\], which are not in classes"):
        model.partial_fit(X[:2], [99, 1])


def test_a_rule_of_the_library_and_dropout(digits):
    X, X_test, y, y_test = digits
    model = small(hidden_layer_sizes=64, solver=RMSProp(0.002), dropout=0.2, max_iter=30).fit(X, y)
    assert model.score(X_test, y_test) > 0.9
    assert "Dropout(0.2)" in repr(model.network_)
    np.testing.assert_array_equal(model.predict_proba(X_test), model.predict_proba(X_test))


# --- what is refused ------------------------------------------------------------------------------------------------


WRONG = {
    "hidden_layer_sizes": [(0,), (3, -1), "ten", (2.5,)],
    "activation": ["ReLU", None, ["relu"]],
    "solver": ["lbfgs", RMSProp, None],
    "learning_rate_init": [0, -1, np.nan, np.inf, "fast"],
    "alpha": [-1, np.nan],
    "dropout": [1, -0.1],
    "batch_size": [0, "all", 2.5, True],
    "max_iter": [0, 1.5],
    "tol": [np.nan, "small"],
    "n_iter_no_change": [0],
    "validation_fraction": [0, 1],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
@pytest.mark.long_but_one_in(4)
def test_a_wrong_argument_is_named_when_it_is_used(name, value):
    model = MLPClassifier(**{name: value})
    with pytest.raises(ValueError, match=rf"MLPClassifier: expected {name} to be .*, but it is"):
        model.fit(np.eye(4), [0, 1, 0, 1])


def test_a_class_of_weight_zero_and_an_unknown_word_for_the_weights():
    X, y = np.eye(4), [0, 1, 0, 1]
    with pytest.raises(ValueError, match="class_weight to be None, 'balanced' or a dict, but it is 'equal'"):
        small(class_weight="equal").fit(X, y)
    model = small(class_weight="balanced").fit(X, y, sample_weight=[1, 0, 1, 0])
    assert np.isfinite(model.predict_proba(X)).all()


def test_what_does_not_fit_is_said():
    model, X = small(), np.eye(4)
    with pytest.raises(NotFittedError):
        model.predict(X)
    with pytest.raises(ValueError, match="needs classes="):
        model.partial_fit(X, [0, 1, 2, 3])
    with pytest.raises(ValueError, match="no early stopping"):
        small(early_stopping=True).partial_fit(X, [0, 1, 2, 3], classes=[0, 1, 2, 3])
    with pytest.raises(ValueError, match="Unknown label type"):
        model.fit(X, [0.5, 0.1, 0.2, 0.3])
    with pytest.raises(ValueError, match="zero"):
        model.fit(X, [0, 1, 0, 1], sample_weight=np.zeros(4))
    with pytest.raises(ValueError, match="at least one example of positive weight, but all weights are zero"):
        small(class_weight={0: 0, 1: 0}).fit(X, [0, 1, 0, 1])


def test_a_divergence_is_an_error():
    X, y = np.eye(4, dtype=np.float32) * 1e30, [0, 1, 2, 3]
    with pytest.raises(FloatingPointError):
        small(solver="sgd", learning_rate_init=1e30).fit(X, y)


# --- several labels for each example ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def several():
    """Points in the plane, and for each whether its two numbers and their sum are positive."""
    X = np.random.default_rng(0).normal(size=(400, 2))
    return X, np.column_stack([X > 0, X.sum(axis=1) > 0]).astype(int)


def test_several_labels_for_each_example_are_learned_as_scikit_learns_own_does(several):
    X, Y = several
    arguments = {"hidden_layer_sizes": (16,), "max_iter": 150, "learning_rate_init": 0.01, "random_state": 0}
    ours, theirs = (kind(**arguments).fit(X, Y) for kind in (MLPClassifier, neural_network.MLPClassifier))
    assert get_tags(ours).classifier_tags.multi_label
    assert ours.classes_.tolist() == theirs.classes_.tolist() == [0, 1, 2]
    assert ours.score(X, Y) > 0.97
    assert ours.score(X, Y) > theirs.score(X, Y) - 0.02
    P = ours.predict_proba(X)
    np.testing.assert_array_equal(ours.predict(X), P > 0.5)
    assert abs(P - theirs.predict_proba(X)).mean() < 0.02
    np.testing.assert_allclose(np.exp(ours.predict_log_proba(X)), P)
    assert abs(P.sum(axis=1) - 1).max() > 1  # none, one, two or three


def test_of_two_columns_each_is_a_question_of_its_own(several):
    """The loss is the mean of the sums of both binary cross-entropies."""
    X, Y = several
    Y = Y[:, :2]
    model = small(max_iter=1, alpha=0, solver="sgd", learning_rate_init=1e-12).fit(X, Y)
    Z = model.network_.predict(X)
    expected = np.mean(np.sum(np.logaddexp(0, Z) - Y * Z, axis=1))
    assert model.loss_ == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("kind", [lambda Y: Y.astype(bool), lambda Y: Y.astype(float), pd.DataFrame, csr_matrix, list])
def test_rows_may_be_of_any_kind(several, kind):
    X, Y = several
    expected = small(max_iter=3).fit(X, Y).predict_proba(X)
    for fitted in (small(max_iter=3).fit(X, kind(Y)), small().partial_fit(X, kind(Y))):
        assert fitted.predict(X).shape == (400, 3)
    np.testing.assert_array_equal(small(max_iter=3).fit(X, kind(Y)).predict_proba(X), expected)


def test_weights_stopping_and_epochs_one_by_one_with_several_labels(several):
    X, Y = several
    weighted = small(max_iter=80, learning_rate_init=0.02).fit(X, Y, sample_weight=(X[:, 0] > 0).astype(float))
    assert weighted.score(X[X[:, 0] > 0], Y[X[:, 0] > 0]) > 0.95 > weighted.score(X[X[:, 0] < 0], Y[X[:, 0] < 0])
    stopped = small(max_iter=60, learning_rate_init=0.02, early_stopping=True, validation_fraction=0.25).fit(X, Y)
    assert stopped.best_validation_score_ == max(stopped.validation_scores_) > 0.9
    assert all((100 * score) % 1 == pytest.approx(0, abs=1e-9) for score in stopped.validation_scores_)  # whole rows
    model = small(tol=-np.inf)
    for _ in range(4):
        model.partial_fit(X, Y)
    whole = small(max_iter=4, tol=-np.inf).fit(X, Y)
    assert model.loss_curve_ == whole.loss_curve_
    with pytest.raises(ValueError, match="expected rows of 3 numbers 0 and 1, as before, but y is rows of 2"):
        model.partial_fit(X, Y[:, :2])
    with pytest.raises(ValueError, match="expected rows of 3 numbers 0 and 1, as before, but y is one label for each"):
        model.partial_fit(X, Y[:, 0])
    with pytest.raises(ValueError, match="expected one label for each example, as before, but y is rows of 3"):
        small().partial_fit(X, Y[:, 0], classes=[0, 1]).partial_fit(X, Y)
    with pytest.raises(ValueError, match=r"expected rows of 2 numbers 0 and 1, but y is \(400, 3\)"):
        small().partial_fit(X, Y, classes=[0, 1])
    on = small(max_iter=3, warm_start=True).fit(X, Y)
    before = on.loss_
    assert on.fit(X, Y).loss_ < before


def test_balanced_columns_are_scikit_learns_weights(several):
    X, Y = several
    Y = Y & (X[:, :1] > 1)
    weights = compute_sample_weight("balanced", Y)
    assert weights.max() > 3 * weights.min()
    balanced = small(max_iter=5, class_weight="balanced").fit(X, Y).predict_proba(X)
    np.testing.assert_allclose(balanced, small(max_iter=5).fit(X, Y, sample_weight=weights).predict_proba(X), rtol=1e-6)
    assert abs(balanced - small(max_iter=5).fit(X, Y).predict_proba(X)).max() > 0.01
    with pytest.raises(
        ValueError, match="'balanced' for several labels each, but it is a dict; hand over sample_weight"
    ):
        small(class_weight={0: 2}).fit(X, Y)


@pytest.mark.parametrize(
    ("y", "match"),
    [
        ([[0, 2], [1, 1], [0, 0], [1, 0]], r"it is \(4, 2\) with other numbers; .*MultiOutputClassifier\(model\) fits"),
        ([[0], [1, 2], [], [0]], r"write y = sklearn.preprocessing.MultiLabelBinarizer\(\).fit_transform\(y\)"),
        (pd.Series([[0], [1, 2], [], [0]]), r"write y = sklearn.preprocessing.MultiLabelBinarizer"),
        ([[0.5, 1.0], [1, 1], [0, 0], [1, 0]], "Unknown label type"),
    ],
    ids=["several classes", "lists of labels", "a series of lists", "measured numbers"],
)
def test_other_rows_are_refused_with_a_way_out(y, match):
    """The ways that are named work."""
    model, X = small(), np.eye(4)
    for fitted in (model.fit, lambda X, y: model.partial_fit(X, y, classes=[0, 1])):
        with pytest.raises(ValueError, match=match):
            fitted(X, y)


def test_the_ways_out_that_are_named():
    X, Y = np.eye(4), np.array([[0, 2], [1, 1], [0, 0], [1, 0]])
    model = small(max_iter=200, learning_rate_init=0.1)
    np.testing.assert_array_equal(MultiOutputClassifier(model).fit(X, Y).predict(X), Y)
    lists = [["a"], ["b", "c"], [], ["a", "c"]]
    rows = MultiLabelBinarizer().fit_transform(lists)
    np.testing.assert_array_equal(model.fit(X, rows).predict(X), rows)


@pytest.mark.parametrize("y", [np.eye(4), pd.get_dummies(pd.Series(list("abcd")))], ids=["one-hot", "dummies"])
def test_one_hot_rows_are_learned_column_by_column_and_that_is_said(y):
    X, model = np.eye(4), small(max_iter=200, learning_rate_init=0.1)
    with pytest.warns(UserWarning, match=r"every row of y has a single label; .*write y = np.argmax\(y, axis=1\)"):
        model.fit(X, y)
    np.testing.assert_array_equal(model.predict(X), y)
    assert model.fit(X, np.argmax(y, axis=1)).score(X, range(4)) == 1


def test_the_measured_table_is_the_recorded_one():
    """As `python tests/benchmarks/estimator.py --data DIRECTORY --record` has found it, and so are the claims above."""
    record = json.loads((Path(__file__).parent / "benchmarks" / "estimator.json").read_text(encoding="utf-8"))
    for name, place in (("scikit-learn's digits", "digits"), ("MNIST, 60,000 images", "MNIST")):
        ours, theirs = record[place]["nnlit"], record[place]["scikit-learn"]
        (right, spread), (other, its) = (
            (np.mean(one["accuracy"]), np.std(one["accuracy"], ddof=1)) for one in (ours, theirs)
        )
        times = np.median(theirs["seconds"]) / np.median(ours["seconds"])
        row = f"| {name} | {record[place]['epochs']} | {100 * right:.2f} ± {100 * spread:.2f} % | "
        row += f"{100 * other:.2f} ± {100 * its:.2f} % | {times:.1f} |"
        assert row in MLPClassifier.__doc__
        assert right > other - spread
        assert times > 1


@pytest.mark.parametrize(
    ("activation", "between"), [("relu", ["ReLU"]), ("logistic", ["Sigmoid"]), ("tanh", ["Tanh"]), ("identity", [])]
)
def test_the_activation_stands_between_each_two_dense_layers(activation, between):
    model = small(hidden_layer_sizes=(3, 2), activation=activation, max_iter=1).fit(np.eye(4), [0, 1, 0, 1])
    names = [type(layer).__name__ for layer in model.network_.layers]
    assert names == ["Dense", *between, "Dense", *between, "Dense"]


def test_the_usual_arguments_are_scikit_learns_own():
    ours, theirs = MLPClassifier().get_params(), neural_network.MLPClassifier().get_params()
    assert set(ours) - set(theirs) == {"dropout", "class_weight"}
    assert {name: theirs[name] for name in ours if name in theirs} == {n: v for n, v in ours.items() if n in theirs}
    assert (ours["dropout"], ours["class_weight"]) == (0.0, None)


@pytest.mark.parametrize(
    ("batch_size", "m", "size"), [("auto", 500, 200), ("auto", 201, 200), ("auto", 30, 30), (64, 500, 64), (64, 30, 30)]
)
def test_the_size_of_batches_and_the_strength_of_the_penalty(batch_size, m, size):
    X, y = np.random.default_rng(0).normal(size=(m, 3)), np.arange(m) % 2
    for weight, alpha in ((1.0, 0.5), (2.0, 0.5), (1.0, 0.0)):
        model = MLPClassifier((4,), batch_size=batch_size, alpha=alpha, random_state=0)
        model.partial_fit(X, y, classes=[0, 1], sample_weight=np.full(m, weight))
        assert model._plan.size == size
        rule = model._descent.rule
        assert (getattr(rule, "strength", 0.0)) == pytest.approx(alpha / (size * weight))
        assert type(getattr(rule, "rule", rule)).__name__ == "Adam"


@pytest.mark.parametrize(
    ("losses", "tol", "patience", "epochs"),
    [
        ([1.0, 0.95, 0.89, 0.5, 0.1], 0.1, 2, 3),
        ([1.0, 0.75, 0.5, 0.25, 0.0], 0.25, 2, 3),  # better by just so much is not enough
        ([1.0, 0.7, 0.4, 0.39, 0.38, 0.1], 0.25, 2, 5),
        ([1.0, 2.0, 0.9, 0.9, 0.9, 0.9, 0.1], 0.0, 3, 6),
        ([1.0] * 9, 0.0, 1, 2),
        ([3.0, 2.0, 1.0, 0.5, 0.2, 0.1, 0.05, 0.01], 0.0, 1, 7),
    ],
)
def test_when_training_ends(monkeypatch, losses, tol, patience, epochs):
    given = iter(losses)

    def epoch(self, X, Y):
        self.loss_, self.n_iter_ = next(given), self.n_iter_ + 1

    monkeypatch.setattr(MLPClassifier, "_epoch", epoch)
    model = MLPClassifier((2,), tol=tol, n_iter_no_change=patience, max_iter=7)
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        model.fit(np.eye(4), [0, 1, 0, 1])
    assert model.n_iter_ == epochs
    assert model.best_validation_score_ is None
    assert [w.category.__name__ for w in found] == (["ConvergenceWarning"] if epochs == 7 else [])


def test_of_networks_with_the_same_score_the_first_is_kept(monkeypatch):
    scores = iter([0.5, 0.75, 0.75, 0.6, 0.76, 0.1])
    monkeypatch.setattr(MLPClassifier, "_validated", lambda self, held: next(scores))
    seen = []
    whole = MLPClassifier._epoch
    monkeypatch.setattr(MLPClassifier, "_epoch", lambda self, X, Y: (whole(self, X, Y), seen.append(self.network_)))
    X, y = np.random.default_rng(0).normal(size=(40, 3)), np.arange(40) % 2
    model = MLPClassifier((4,), early_stopping=True, n_iter_no_change=3, tol=0.1, random_state=0).fit(X, y)
    assert (model.n_iter_, model.best_validation_score_) == (5, 0.76)
    assert model.network_ is not model._descent.network
    assert model.network_ == seen[-1]


def test_the_score_of_a_validation_part_counts_weights():
    X, y = np.eye(4), np.array([0, 1, 0, 1])
    model = MLPClassifier((2,), max_iter=1, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(X, y)
    right = model.predict(X) == y
    w = np.array([1.0, 2.0, 3.0, 4.0])
    assert model._validated((X, y, w)) == pytest.approx((w * right).sum() / 10)
    assert model.validation_scores_[-1] == pytest.approx((w * right).sum() / 10)


def test_one_random_state_is_one_start_of_the_weights():
    X, y = np.random.default_rng(0).normal(size=(20, 3)), np.arange(20) % 2
    rng = np.random.default_rng(np.random.RandomState(5).randint(2**31))
    begun = Network([he(3, 4, rng, float), ReLU(), he(4, 2, rng, float)])
    starts = []
    whole = MLPClassifier._begin
    for call in (lambda m: m.fit(X, y), lambda m: m.partial_fit(X, y, classes=[0, 1])):
        one = MLPClassifier((4,), random_state=5, max_iter=1)
        one._begin = lambda network, m, one=one: (starts.append(network), whole(one, network, m))
        call(one)
    assert starts == [begun, begun]


def test_another_range_than_the_one_that_was_learned_from_is_told():
    """As a network tells it; a few numbers that happen to be alike are none."""
    X, y = np.random.default_rng(0).integers(0, 256, (60, 6)), np.arange(60) % 3
    model = MLPClassifier((5,), max_iter=300, tol=np.inf, random_state=0).fit(X, y)
    assert (model.network_.learned.low, model.network_.learned.high) == (X.min(), X.max())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model.predict(X)
    for ask in (model.predict, model.predict_proba, lambda X: model.score(X, y)):
        with pytest.warns(UserWarning, match="X holds numbers from 0.* but the network has learned on numbers from 0"):
            ask(X / 255)
    several = MLPClassifier((5,), random_state=0).partial_fit(X[:, :2], y, classes=[0, 1, 2])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        several.predict([[100.0, 100.5]])
    before = several.network_
    with pytest.warns(UserWarning, match="learned on"):
        several.partial_fit(X[:, :2] * 100, y)
    assert several.network_.learned.high == X[:, :2].max() * 100
    assert before.layers[0].W is several.network_.layers[0].W  # it goes on with the same network


def test_what_is_set_aside_is_drawn_by_the_random_state(monkeypatch):
    seen = []

    def spy(*arrays, **words):
        seen.append(words)
        return train_test_split(*arrays, **words)

    monkeypatch.setattr("nnlit.estimator.train_test_split", spy)
    X, y = np.random.default_rng(0).normal(size=(60, 3)), np.arange(60) % 2
    MLPClassifier((2,), max_iter=1, early_stopping=True, validation_fraction=0.2, random_state=5).fit(X, y)
    rng = np.random.default_rng(np.random.RandomState(5).randint(2**31))
    assert seen[0]["random_state"] == int(rng.integers(2**31))
    assert seen[0]["test_size"] == 0.2
    assert np.array_equal(seen[0]["stratify"], y)


def test_what_was_learned_before_is_not_changed_by_what_is_learned_now(digits):
    X, _, y, _ = digits
    model = small(warm_start=True, max_iter=1).fit(X[:200], y[:200])
    before, taken = model.network_, nnlit.from_sklearn(model)
    values = [p.copy() for p in leaves(before)]
    model.fit(X[:200], y[:200])
    for network in (before, taken):
        assert all(np.array_equal(p, q) for p, q in zip(leaves(network), values, strict=True))
    assert model.network_ != before
    now = model.network_
    for p in leaves(nnlit.from_sklearn(model)):
        p[...] = 0
    assert model.network_ is now
    assert all(p.any() for p in leaves(now))


def test_the_best_network_is_not_moved_by_later_epochs(digits):
    X, _, y, _ = digits
    model = small(early_stopping=True, max_iter=30, n_iter_no_change=30, learning_rate_init=0.3).fit(X[:300], y[:300])
    scores = model.validation_scores_
    assert len(scores) == model.n_iter_ == 30
    assert model.best_validation_score_ == max(scores) > scores[-1]
    again = small(early_stopping=True, max_iter=scores.index(max(scores)) + 1, n_iter_no_change=30,
                  learning_rate_init=0.3).fit(X[:300], y[:300])  # fmt: skip
    assert model.network_ == again.network_


def test_what_is_usual_is_what_is_usual_in_scikit_learn():
    ours, theirs = (kind().get_params() for kind in (MLPClassifier, neural_network.MLPClassifier))
    both = ours.keys() & theirs
    assert {name: ours[name] for name in both} == {name: theirs[name] for name in both}
    assert {name: ours[name] for name in ours.keys() - theirs} == {"dropout": 0.0, "class_weight": None}


# Its parts, alone


@pytest.mark.parametrize(
    ("y", "found", "said"),
    [
        ([0, 1, 2], [0, 1, 2], ""), (["a", "b"], ["a", "b"], ""), ([[0], [1]], [0, 1], "column-vector"),
        ([[0, 1], [1, 1]], [[0, 1], [1, 1]], ""), ([[0, 1], [1, 0]], [[0, 1], [1, 0]], "every row of y has a single"),
        ([[0, 1]], [[0, 1]], ""), ([[0, 1], [0, 0]], [[0, 1], [0, 0]], ""), ([[0, 0], [0, 0]], [[0, 0], [0, 0]], ""),
    ],
)  # fmt: skip
def test_labels_or_rows_of_0_and_1(y, found, said):
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        assert estimator._one_label_or_rows(np.array(y)).tolist() == found
    assert len(heard) == bool(said)
    assert not said or said in str(heard[0].message)


@pytest.mark.parametrize(
    ("y", "text"),
    [
        (np.array([[0, 1, 2], [1, 1, 0]]),
         ("MLPClassifier: y should be a 1d array, a label for each example, or rows of 0 and 1, but it is (2, 3) with "
          "other numbers; for a label of several in each column, sklearn.multioutput.MultiOutputClassifier(model) fits "
          "a network for each")),
        (np.array([0.5, 1.25]), "Unknown label type: continuous."),
    ],
)  # fmt: skip
def test_other_labels_are_refused(y, text):
    with pytest.raises(ValueError, match="label") as error:
        estimator._one_label_or_rows(y)
    assert str(error.value).startswith(text)


@pytest.mark.parametrize(
    ("y", "ragged"),
    [([[1], [1, 2]], True), ([{1}, {2}], True), ([(1, 2), [1]], True), (["a", "b"], False), ([[1, 2], [3, 4]], False),
     (np.array([[1], [1, 2]], object), True), (np.array(["a", 1], object), False), (csr_matrix(np.eye(2)), False)],
)  # fmt: skip
def test_labels_of_any_length_are_told_how_to_become_rows(y, ragged):
    if not ragged:
        estimator._not_ragged(y)
        return
    with pytest.raises(ValueError, match="MultiLabelBinarizer") as error:
        estimator._not_ragged(y)
    assert str(error.value).startswith("MLPClassifier: y should be a 1d array, a label for each example, or rows of 0")


@pytest.mark.parametrize(
    ("class_weight", "y", "w", "found"),
    [
        (None, [0, 1, 1], [1, 2, 3], [1, 1, 1]), ({0: 3.0}, [0, 1, 1], [1, 1, 1], [3, 1, 1]),
        ("balanced", [0, 1, 1, 1], [1, 1, 1, 1], [2, 2 / 3, 2 / 3, 2 / 3]),
        ("balanced", [0, 1, 1, 1], [3, 1, 1, 1], [1, 1, 1, 1]), ("balanced", [0, 1, 2], [1, 1, 0], [1, 1, 0]),
        ("balanced", [[0, 1], [1, 1]], [1, 1], [1, 1]), ("balanced", [[0, 1], [0, 0], [1, 0]], [1, 1, 1],
         [0.75 * 1.5, 0.75 * 0.75, 1.5 * 0.75]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_weights_of_classes(class_weight, y, w, found, dtype):
    weights = MLPClassifier(class_weight=class_weight)._weights_of_classes(np.array(y), np.array(w, dtype))
    assert weights.dtype == dtype
    np.testing.assert_allclose(weights, found, rtol=1e-6)


@pytest.mark.parametrize(
    ("class_weight", "y", "text"),
    [
        ("balance", [0, 1], "expected class_weight to be None, 'balanced' or a dict, but it is 'balance'"),
        ({0: 1.0}, [[0, 1]],
         "class_weight may be 'balanced' for several labels each, but it is a dict; hand over sample_weight to fit"),
    ],
)  # fmt: skip
def test_weights_of_classes_that_are_none(class_weight, y, text):
    with pytest.raises(ValueError, match="class_weight") as error:
        MLPClassifier(class_weight=class_weight)._weights_of_classes(np.array(y), np.ones(len(y)))
    assert str(error.value) == f"MLPClassifier: {text}"


@pytest.mark.parametrize(
    ("before", "now", "text"),
    [
        (([0, 1], False), ([0, 1], False), None), (([0, 1], False), ([1], False), None),
        (([0, 1], False), ([0, 2], False), "expected the classes [0, 1], but there are [2] as well"),
        (([0, 1], False), ([0, 1], True), "expected one label for each example, as before, but y is rows of 2"),
        (([0, 1, 2], True), ([0, 1], True), "expected rows of 3 numbers 0 and 1, as before, but y is rows of 2"),
        (([0, 1, 2], True), ([0, 1, 2], False),
         "expected rows of 3 numbers 0 and 1, as before, but y is one label for each"),
        (([0, 1, 2], True), ([0, 1, 2], True), None),
    ],
)  # fmt: skip
def test_classes_that_are_known(before, now, text):
    model = MLPClassifier()
    model._know(np.array(before[0]), several=before[1], known=False)
    assert (model.classes_.tolist(), model._several) == before
    if text is None:
        model._know(np.array(now[0]), several=now[1], known=True)
    else:
        with pytest.raises(ValueError, match="expected") as error:
            model._know(np.array(now[0]), several=now[1], known=True)
        assert str(error.value) == f"MLPClassifier: {text}"
    assert (model.classes_.tolist(), model._several) == before


def test_targets_have_the_weight_of_their_example_behind_them():
    model = MLPClassifier()
    model.classes_, model._several = np.array(["a", "b", "c"]), False
    found = model._targets(np.array(["c", "a"]), np.array([0.5, 2]), np.float32)
    assert (found.tolist(), found.dtype) == ([[0, 0, 1, 0.5], [1, 0, 0, 2]], np.float64)
    with pytest.raises(ValueError, match=r"y has the labels \['d'\], which are not in classes"):
        model._targets(np.array(["d", "a"]), np.ones(2), np.float32)
    model.classes_, model._several = np.arange(2), True
    found = model._targets(np.array([[0, 1]]), np.array([3], np.float32), np.float32)
    assert (found.tolist(), found.dtype) == ([[0, 1, 3]], np.float32)
    with pytest.raises(ValueError, match=r"expected rows of 2 numbers 0 and 1, but y is \(1, 3\)"):
        model._targets(np.array([[0, 1, 1]]), np.ones(1), np.float32)


@pytest.mark.parametrize(
    ("activation", "dropout", "hidden", "names"),
    [
        ("relu", 0.0, (5, 4), "Dense ReLU Dense ReLU Dense"), ("identity", 0.0, (5,), "Dense Dense"),
        ("tanh", 0.2, (5,), "Dense Tanh Dropout Dense"), ("logistic", 0.0, 5, "Dense Sigmoid Dense"),
        ("relu", 0.5, (), "Dense"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_network_to_begin_with(activation, dropout, hidden, names, dtype):
    model = MLPClassifier(hidden, activation, dropout=dropout)
    model.classes_, model._rng = np.arange(3), np.random.default_rng(4)
    found = model._start(7, dtype)
    assert " ".join(type(layer).__name__ for layer in found.layers) == names
    sizes = [7, *([hidden] if isinstance(hidden, int) else hidden), 3]
    draw, rng = nnlit.he if activation == "relu" else nnlit.glorot, np.random.default_rng(4)
    expected = [draw(n, k, rng, dtype) for n, k in itertools.pairwise(sizes)]
    assert [layer for layer in found.layers if isinstance(layer, nnlit.Dense)] == expected
    assert all(layer.rate == dropout for layer in found.layers if isinstance(layer, nnlit.Dropout))
