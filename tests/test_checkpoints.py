"""Going on: a training that was stopped at any moment ends where it would have ended, to the last bit."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

import numpy as np
import pytest

from nnlit import (
    L2,
    Adam,
    Blocks,
    Cosine,
    DataError,
    Dense,
    Dropout,
    EarlyStopping,
    GradientDescent,
    MiniBatches,
    Momentum,
    Network,
    ReLU,
    Rule,
    Scheduled,
    WithReplacement,
    checkpoints,
    fit,
    full_batch,
    load,
    resume,
    softmax_cross_entropy,
    squared_error,
)
from tests.tiers import mostly_long

X = np.random.default_rng(0).normal(size=(40, 6)).astype(np.float32)
Y = np.arange(40) % 3


def network():
    rng = np.random.default_rng(1)
    return Network([Dense.start(6, 8, rng), ReLU(), Dropout(0.3), Dense.start(8, 3, rng)])


def way(**changes):
    found = {"loss": softmax_cross_entropy, "rule": Adam(0.01), "batches": MiniBatches(8), "epochs": 7}
    return found | changes


class Stop(Exception):  # noqa: N818 - it is no error
    """Something that ends the process."""


def stop_after(epoch):
    def callback(now, network, record):
        if now == epoch:
            raise Stop

    return callback


WAYS = {
    "Adam": {},
    "plain": {"rule": GradientDescent(0.1), "batches": full_batch},
    "momentum": {"rule": Momentum(0.01), "batches": WithReplacement(8)},
    "a schedule": {"rule": Scheduled(L2(Adam(0.01), 1e-3).rule, Cosine(35, warm_up=3))},
    "a penalty": {"rule": L2(Adam(0.01), 1e-3)},
    "blocks, which spawn": {"gradient": Blocks(rows=3), "batches": full_batch},
    "blocks on threads": {"gradient": Blocks(rows=7, threads=2), "batches": full_batch},
    "a split": {"validation": 0.25},
    "validation": {"validation": (X[:5], Y[:5])},
    "weights": {"weights": {0: 2.0}, "validation": 0.25},
}


@pytest.mark.parametrize(
    "kind", mostly_long([np.random.PCG64, np.random.MT19937, np.random.Philox, np.random.SFC64])
)
@pytest.mark.parametrize("epoch", mostly_long([4, 1]))
@pytest.mark.parametrize("name", WAYS)
@pytest.mark.long_but_one_in(4)
def test_a_training_that_goes_on_ends_where_it_would_have_ended(name, epoch, kind, tmp_path):
    changes = way(**WAYS[name])
    whole, history = fit(network(), X, Y, rng=np.random.Generator(kind(5)), **changes)
    path = tmp_path / "run.npz"
    with pytest.raises(Stop):
        fit(network(), X, Y, rng=np.random.Generator(kind(5)), **changes, checkpoint=path, callback=stop_after(epoch))
    found, again = resume(path, X, Y, **changes)
    assert found == whole
    assert found.learned == whole.learned
    assert again.drop(columns="seconds").equals(history.drop(columns="seconds"))
    assert (again["seconds"].diff().dropna() >= 0).all()
    assert [p.name for p in tmp_path.iterdir()] == ["run.npz"]


def test_it_can_be_stopped_and_gone_on_with_many_times(tmp_path):
    path, changes = tmp_path / "run.npz", way()
    whole, _ = fit(network(), X, Y, rng=np.random.default_rng(5), **changes)
    with pytest.raises(Stop):
        fit(network(), X, Y, rng=np.random.default_rng(5), **changes, checkpoint=path, callback=stop_after(1))
    for epoch in (2, 3, 5):
        with pytest.raises(Stop):
            resume(path, X, Y, **changes, callback=stop_after(epoch))
    assert resume(path, X, Y, **changes).network == whole
    assert resume(path, X, Y, **changes).network == whole  # nothing is left to do
    longer, _ = fit(network(), X, Y, rng=np.random.default_rng(5), **way(epochs=9))
    assert resume(path, X, Y, **way(epochs=9)).network == longer


@pytest.mark.parametrize("patience", mostly_long([3, 1, 50]))
@pytest.mark.parametrize("epoch", [1, 2, 5, 9])
def test_early_stopping_goes_on_where_it_was(patience, epoch, tmp_path):
    """Its best network is kept, and so is the number of epochs that it has waited."""
    path, changes = tmp_path / "run.npz", way(epochs=20, validation=0.25, rule=Adam(0.1))
    stop = EarlyStopping(patience)
    whole, history = fit(network(), X, Y, rng=np.random.default_rng(5), **changes, callback=stop)
    with suppress(Stop):
        fit(network(), X, Y, rng=np.random.default_rng(5), **changes, checkpoint=path, callback=Until(epoch, patience))
    again = EarlyStopping(patience)
    found, records = resume(path, X, Y, **changes, callback=again)
    assert (found, again.epoch) == (whole, stop.epoch)
    assert records.drop(columns="seconds").equals(history.drop(columns="seconds"))


class Until(EarlyStopping):
    """Early stopping, and the process ends before an epoch is looked at."""

    def __init__(self, epoch, patience):
        super().__init__(patience)
        self.last = epoch

    def __call__(self, epoch, network, record):
        if epoch == self.last:
            raise Stop
        return super().__call__(epoch, network, record)


def test_early_stopping_that_comes_later_begins_anew(tmp_path):
    path, changes = tmp_path / "run.npz", way(epochs=6, validation=0.25)
    with pytest.raises(Stop):
        fit(network(), X, Y, rng=np.random.default_rng(5), **changes, checkpoint=path, callback=stop_after(4))
    stop = EarlyStopping(5)
    found, _ = resume(path, X, Y, **changes, callback=stop)
    assert stop.epoch in (5, 6)
    assert found == stop.best


def test_fewer_epochs_than_have_ended_are_refused(tmp_path):
    fit(network(), X, Y, rng=np.random.default_rng(5), **way(epochs=3), checkpoint=tmp_path / "run.npz")
    with pytest.raises(ValueError, match="resume: the training has 3 epochs already, but epochs is 2; ask for more"):
        resume(tmp_path / "run.npz", X, Y, **way(epochs=2))


def test_other_validation_is_refused(tmp_path):
    changes = way(epochs=2, validation=(X[:5], Y[:5]))
    fit(network(), X, Y, rng=np.random.default_rng(5), **changes, checkpoint=tmp_path / "run.npz")
    for other in (None, (X[:6], Y[:6]), (X[:5], Y[5:10])):
        with pytest.raises(ValueError, match="written with validation"):
            resume(tmp_path / "run.npz", X, Y, **way(validation=other))


def test_every_says_how_often_it_is_written(tmp_path):
    path, changes = tmp_path / "run.npz", way(epochs=20)
    with pytest.raises(Stop):
        fit(network(), X, Y, rng=np.random.default_rng(5), **changes, checkpoint=path, every=3, callback=stop_after(8))
    seen = []
    resume(path, X, Y, **changes, callback=lambda epoch, *_: seen.append(epoch))
    assert seen == list(range(7, 21))


def test_a_checkpoint_changes_nothing(tmp_path):
    plain, _ = fit(network(), X, Y, rng=np.random.default_rng(5), **way())
    kept, _ = fit(network(), X, Y, rng=np.random.default_rng(5), **way(), checkpoint=tmp_path / "run.npz")
    assert kept == plain


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"rule": Adam(0.02)}, r"with rule Adam\(learning_rate=0.01.*but now it is Adam\(learning_rate=0.02"),
        ({"loss": squared_error}, "with loss SoftmaxCrossEntropy"),
        ({"batches": MiniBatches(9)}, r"with batches MiniBatches\(size=8\)"),
        ({"weights": {1: 2.0}}, "with examples"),
        ({"validation": 0.5}, "with examples"),
    ],
)
def test_other_choices_are_refused(changes, match, tmp_path):
    fit(network(), X, Y, rng=np.random.default_rng(5), **way(epochs=2), checkpoint=tmp_path / "run.npz")
    with pytest.raises(ValueError, match=match):
        resume(tmp_path / "run.npz", X, Y, **way(**changes))


@pytest.mark.parametrize("other", [(X[:39], Y[:39]), (X + 1e-3, Y), (X[::-1], Y), (X, Y[::-1])])
def test_other_examples_are_refused(other, tmp_path):
    fit(network(), X, Y, rng=np.random.default_rng(5), **way(epochs=2), checkpoint=tmp_path / "run.npz")
    with pytest.raises(ValueError, match="the checkpoint was written with examples"):
        resume(tmp_path / "run.npz", *other, **way())


def test_a_rule_whose_memory_cannot_be_written_says_so(tmp_path):
    class Odd(Rule):
        def init(self, p):
            return object()

        def update(self, p, g, state, t):
            return state

    with pytest.raises(TypeError, match="not JSON serializable"):
        fit(network(), X, Y, rng=np.random.default_rng(5), **way(rule=Odd()), checkpoint=tmp_path / "run.npz")


def damaged(path, change):
    with np.load(path) as archive:
        arrays = dict(archive)
    found = json.loads(arrays["layout"].tobytes())
    change(found, arrays)
    arrays["layout"] = np.frombuffer(json.dumps(found).encode(), np.uint8)
    np.savez(path, **arrays)


@pytest.mark.parametrize(
    "change",
    [
        lambda found, arrays: found.pop("checkpoint"),
        lambda found, arrays: found.update(nnlit=99),
        lambda found, arrays: found["checkpoint"].pop("states"),
        lambda found, arrays: found["checkpoint"].update(records=[]),
        lambda found, arrays: found["checkpoint"].update(t="many"),
        lambda found, arrays: found["checkpoint"].update(network=3),
        lambda found, arrays: found["checkpoint"].update(best=3),
        lambda found, arrays: found["checkpoint"].update(first="low"),
        lambda found, arrays: found["checkpoint"].update(about=3),
        lambda found, arrays: found["checkpoint"]["now"]["state"].update(bit_generator="__import__"),
        lambda found, arrays: found["checkpoint"]["now"].pop("spawned"),
        lambda found, arrays: arrays.pop("states.0.0"),
    ],
)
@pytest.mark.long_but_one_in(4)
def test_a_damaged_checkpoint_is_refused_with_its_name(change, tmp_path):
    path = tmp_path / "run.npz"
    fit(network(), X, Y, rng=np.random.default_rng(5), **way(epochs=2), checkpoint=path)
    damaged(path, change)
    with pytest.raises(DataError, match=r"run\.npz: expected a checkpoint written by fit"):
        resume(path, X, Y, **way())


def test_a_checkpoint_is_no_network_and_a_missing_one_is_named(tmp_path):
    path = tmp_path / "run.npz"
    with pytest.raises(DataError, match=r"run\.npz"):
        resume(path, X, Y, **way())
    fit(network(), X, Y, rng=np.random.default_rng(5), **way(epochs=2), checkpoint=path)
    with pytest.raises(DataError, match=r"run\.npz"):
        load(path)


PROGRAM = """
import sys, time
sys.path.insert(0, {folder!r})
from test_checkpoints import *
network, history = fit(network(), X, Y, rng=np.random.default_rng(5), **way(epochs=100000), checkpoint={path!r})
"""


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("seconds", mostly_long([0.11, 0.0, 0.03]))
def test_a_killed_process_leaves_a_checkpoint_that_goes_on(seconds, tmp_path):
    path = tmp_path / "run.npz"
    code = PROGRAM.format(folder=os.path.dirname(__file__), path=str(path))  # noqa: PTH120
    with subprocess.Popen([sys.executable, "-c", code]) as process:
        while not path.exists():
            time.sleep(0.01)
            assert process.poll() is None
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
    seen = []
    found, history = resume(
        path, X, Y, **way(epochs=100000), callback=lambda epoch, *_: seen.append(epoch) or len(seen) == 3
    )
    whole, _ = fit(network(), X, Y, rng=np.random.default_rng(5), **way(epochs=len(history)))
    assert found == whole


@pytest.mark.parametrize(
    "seed", [7, [3, 4], np.random.SeedSequence(5, spawn_key=(1, 2))], ids=["number", "list", "child"]
)
def test_a_generator_of_any_seed_is_kept(seed):
    rng = np.random.default_rng(seed)
    rng.spawn(3)
    rng.random(5)
    again = checkpoints._generator(json.loads(json.dumps(checkpoints._state(rng))))
    assert again.random(9).tolist() == rng.random(9).tolist()
    ours, theirs = again.spawn(1)[0], rng.spawn(1)[0]
    assert ours.random() == theirs.random()


def test_examples_may_lie_in_memory_as_they_like(tmp_path):
    columns, wide = np.asfortranarray(X), np.repeat(X, 2, axis=1)[:, ::2]
    found = []
    for k, given in enumerate((X, columns, wide)):
        path = tmp_path / f"{k}.npz"
        fit(network(), given, Y, rng=np.random.default_rng(2), checkpoint=path, **way(epochs=2))
        found.append(resume(path, X, Y, **way()).network)
    assert found[0] == found[1] == found[2]


SEEDS = [3, np.int64(3), [1, 2, 3], [np.int64(1), np.uint32(2)], np.array([4, 5], np.uint32), 2**100, (7, 8)]


@pytest.mark.parametrize("seed", SEEDS, ids=repr)
@pytest.mark.parametrize("kind", ["PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64"])
@pytest.mark.long_but_one_in(4)
def test_a_generator_may_have_any_seed(tmp_path, seed, kind):
    def rng():
        return np.random.Generator(getattr(np.random, kind)(seed))

    whole, _ = fit(network(), X, Y, rng=rng(), **way(gradient=Blocks(rows=3), epochs=3))
    with suppress(Stop):
        changes = {"gradient": Blocks(rows=3), "callback": stop_after(2)}
        fit(network(), X, Y, rng=rng(), checkpoint=tmp_path / "a.npz", **way(epochs=3, **changes))
    assert resume(tmp_path / "a.npz", X, Y, **way(gradient=Blocks(rows=3), epochs=3)).network == whole


WRONG = [  # a part of a checkpoint, and what it cannot be
    ("records", [{"loss": "low", "seconds": 1.0}]), ("records", [{"loss": 1.0}]), ("records", [3]), ("records", None),
    ("records", [{"loss": None, "seconds": 1.0}]), ("records", [{"loss": [], "seconds": 1.0}, {"seconds": 1.0}]),
    ("t", "many"), ("t", 2.5), ("t", None), ("told", []), ("told", "none"), ("first", "low"), ("first", None),
    ("about", 3), ("about", None), ("best", 3), ("best", {"array": "nothing"}), ("states", {"array": "nothing"}),
    ("network", {"tuple": []}), ("network", None), ("now", {}), ("start", {}), ("start", None),
]  # fmt: skip


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """A checkpoint of two epochs: its description and its arrays."""
    path = tmp_path_factory.mktemp("sound") / "run.npz"
    fit(network(), X, Y, rng=np.random.default_rng(5), **way(epochs=2), checkpoint=path)
    with np.load(path) as archive:
        arrays = dict(archive)
    return json.loads(arrays.pop("layout").tobytes()), arrays


@pytest.mark.parametrize(("name", "value"), WRONG, ids=str)
def test_every_part_of_a_checkpoint_is_looked_at_when_it_is_read(sound, name, value):
    found, arrays = sound
    assert checkpoints._read(json.dumps(found).encode(), arrays)[1]["t"] == 10
    odd = found | {"checkpoint": found["checkpoint"] | {name: value}}
    with pytest.raises((KeyError, TypeError, ValueError, AttributeError, IndexError)):
        checkpoints._read(json.dumps(odd).encode(), arrays)


def test_records_are_numbers_by_name_and_words_are_text(sound):
    found, arrays = sound
    whole = {"records": [{"loss": 1, "seconds": 2}], "about": ["--epochs", 3]}
    saved = checkpoints._read(json.dumps(found | {"checkpoint": found["checkpoint"] | whole}).encode(), arrays)[1]
    assert [type(value) for value in saved["records"][0].values()] == [float, float]
    assert saved["about"] == ["--epochs", "3"]
