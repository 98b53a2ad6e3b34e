"""The command: results, exit status, one clear line for what is wrong, and nothing half-written."""

import errno
import gzip
import io
import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import tomllib
import warnings
import zipfile
from contextlib import nullcontext, suppress
from dataclasses import asdict, replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from nnlit import (
    Dense,
    Network,
    ReLU,
    Scale,
    accuracy,
    calls,
    cli,
    fit,
    full_batch,
    load,
    load_mnist,
    meant,
    mnist,
    recipes,
    save,
    show,
    squared_error,
)
from nnlit.checkpoints import OtherTrainingError
from nnlit.cli import (
    Watch,
    as_typed,
    expanded,
    findings,
    main,
    parser,
    quoted,
    tell_training,
    typed,
    typed_words,
)
from nnlit.descent import GradientDescent
from nnlit.doors import NothingLearnedWarning, Range
from nnlit.files import DataError
from nnlit.mnist import PIXELS, Mnist
from nnlit.parallel import Blocks, blas_threads
from nnlit.recipes import BEST, LOSSES, OPTIMIZERS, RECIPES, SCALES, STARTS, Recipe
from nnlit.softmax import softmax
from tests.tiers import mostly_long

QUICK = ["--epochs", "3"]
DIVERGING = ["train", "--recipe", "training", "--learning-rate", "1e9", "--epochs", "30"]
CHOICES = {"loss": LOSSES, "optimizer": OPTIMIZERS, "scale": SCALES, "init": STARTS}


def run(capsys, *words):
    """The exit status and the lines of the two streams."""
    try:
        status = main([str(word) for word in words])
    except SystemExit as leaving:
        status = leaving.code
    out, err = capsys.readouterr()
    return status, out.splitlines(), [line for line in err.splitlines() if "it/s" not in line]


def results(capsys, *words):
    status, out, err = run(capsys, *words, "--json")
    assert (status, err) == (0, [])
    return json.loads(out[-1])


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def write_csv(path, X, y=None):
    header = PIXELS if y is None else ("label", *PIXELS)
    table = X if y is None else np.column_stack([y, X])
    np.savetxt(path, table, fmt="%d", delimiter=",", header=",".join(header), comments="")
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A CSV file with labels, one without, and a model."""
    folder = tmp_path_factory.mktemp("cli")
    X, y, X_test, _ = load_mnist()
    write_csv(folder / "train.csv", X[:300], y[:300])
    write_csv(folder / "test.csv", X_test[:7])
    rng = np.random.default_rng(0)
    save(Network((Scale(1 / 255), Dense.start(784, 10, rng))), folder / "model.npz")
    save(Network((Dense.start(4, 3, rng),)), folder / "small.npz")
    return folder


# train


def test_json_fields(capsys):
    found = results(capsys, "train", *QUICK)
    assert {"train_accuracy", "test_accuracy", "test_on", "train_loss", "epochs", "seconds"} <= found.keys()
    assert found["test_on"] == "test"
    assert found["epochs"] == 3
    assert (found["train_images"], found["test_images"]) == (5000, 1000)
    assert 0 <= found["test_accuracy"] <= 1
    assert found["seconds"] > 0


def test_training_recipe_is_the_first_network(capsys, tmp_path):
    """The numbers that `nnlit train` gives are those of the same training by hand."""
    found = results(capsys, "train", "--recipe", "training", "--seed", 3, *QUICK, "--out", tmp_path / "model.npz")
    rng = np.random.default_rng(3)
    start = Network((Scale(1 / 255), Dense.start(784, 10, rng), ReLU(), Dense.start(10, 10, rng)))
    data = load_mnist()
    network, _ = fit(
        start, data.X_train, data.y_train,
        loss=squared_error, rule=GradientDescent(0.1), batches=full_batch, epochs=3, rng=rng,
        gradient=Blocks(threads=blas_threads()),
    )  # fmt: skip
    assert load(tmp_path / "model.npz") == network
    assert found["test_accuracy"] == accuracy(network, data.X_test, data.y_test)
    assert found["train_accuracy"] == accuracy(network, data.X_train, data.y_train)
    assert found["train_loss"] == squared_error(network.predict(data.X_train), data.y_train)[0]
    assert names(tmp_path) == ["model.npz"]


def test_options_change_the_recipe(capsys, folder):
    words = ["train", *QUICK, "--data", folder / "train.csv"]
    found = results(capsys, *words, "--hidden", 7, 6, "--learning-rate", 0.01, "--scale", "unit", "--seed", 5)
    assert found["recipe"]["hidden"] == [7, 6]
    assert found["recipe"]["learning_rate"] == 0.01
    assert found["seed"] == 5
    assert results(capsys, *words, "--hidden", "--batch-size", "full")["recipe"]["hidden"] == []


@pytest.mark.parametrize(("option", "name"), [(option, name) for option, table in CHOICES.items() for name in table])
@pytest.mark.long_but_one_in(4)
def test_every_choice_trains(capsys, folder, option, name):
    words = ["train", "--epochs", 1, "--data", folder / "train.csv", "--learning-rate", 1e-6, f"--{option}", name]
    assert results(capsys, *words)["recipe"][option] == name


@pytest.mark.parametrize("name", RECIPES)
@pytest.mark.long_but_one_in(4)
def test_every_recipe_trains(capsys, folder, name):
    found = results(capsys, "train", "--epochs", 1, "--data", folder / "train.csv", "--recipe", name)
    assert found["recipe"]["epochs"] == 1
    assert np.isfinite(found["train_loss"])


def test_all_extras_at_once(capsys, folder, tmp_path):
    words = ["--schedule", "cosine", "--l2", 1e-4, "--dropout", 0.2, "--smoothing", 0.1, "--shift", 1]
    words += ["--batch-size", 32, "--data", folder / "train.csv", "--out", tmp_path / "m.npz"]
    found = results(capsys, "train", *QUICK, *words)
    assert found["recipe"]["dropout"] == 0.2
    again = results(capsys, "evaluate", tmp_path / "m.npz", "--data", folder / "train.csv")
    assert (again["test_on"], again["accuracy"]) == ("holdout", found["test_accuracy"])


def test_one_seed_one_result(capsys, folder):
    words = ["train", *QUICK, "--data", folder / "train.csv"]
    first, again, other = (results(capsys, *words, "--seed", seed) for seed in (1, 1, 2))
    assert [found.pop("seconds") > 0 for found in (first, again, other)] == [True] * 3
    assert first == again
    assert first["train_loss"] != other["train_loss"]


def test_holdout(capsys, folder):
    words = ["train", *QUICK, "--data"]
    found = results(capsys, *words, folder / "train.csv")
    assert (found["test_on"], found["train_images"], found["test_images"]) == ("holdout", 270, 30)
    found = results(capsys, *words, folder, "--holdout", 0.5)
    assert (found["test_on"], found["train_images"], found["test_images"]) == ("holdout", 150, 150)
    found = results(capsys, *words, folder / "train.csv", "--holdout", 0)
    assert (found["test_on"], found["train_images"], found["test_images"]) == (None, 300, 0)
    assert found["test_accuracy"] is None
    status, _, err = run(capsys, *words, folder / "train.csv", "--holdout", 0.0001)
    assert status == 2
    assert "--holdout 0.0001 of 300 images leaves 300 and 0; expected some in both parts" in err[0]


def test_text_output(capsys, tmp_path):
    status, out, err = run(capsys, "train", *QUICK, "--out", tmp_path / "m.npz")
    assert (status, err) == (0, [])
    assert out[0] == "the sample that comes with nnlit: 5,000 images to train on, 1,000 to test on"
    assert out[1] == f"{RECIPES[BEST]}".replace(f"{RECIPES[BEST].epochs} epochs", "3 epochs")
    assert [line.split()[:2] for line in out[2:5]] == [["epoch", "1"], ["epoch", "2"], ["epoch", "3"]]
    assert out[5].startswith("training ")
    assert out[6].startswith("test ")
    assert "points apart, which is called overfitting; more images, --shift 1" in out[7]
    assert out[8].endswith(" s")
    assert out[9:] == [f"written to {tmp_path / 'm.npz'}; next: nnlit predict {tmp_path / 'm.npz'} IMAGES"]
    _, out, _ = run(capsys, "train", *QUICK)
    assert out[-1] == "not saved; this saves it: nnlit train --epochs 3 --out model.npz"


LEAST = {  # the smallest value that an option takes, and what it means
    "--hidden": ("1", [1]), "--epochs": ("1", 1), "--batch-size": ("0", 0), "--shift": ("0", 0), "--patience": ("1", 1),
    "--seed": ("0", 0), "--l2": ("0", 0.0), "--dropout": ("0", 0.0), "--smoothing": ("0", 0.0),
    "--validation": ("0", 0.0), "--holdout": ("0", 0.0), "--learning-rate": ("1e-30", 1e-30), "--lr": ("1e-30", 1e-30),
}  # fmt: skip


@pytest.mark.parametrize("option", LEAST)
def test_the_least_value_of_an_option(capsys, option):
    text, value = LEAST[option]
    name = {"--lr": "learning_rate"}.get(option, option[2:].replace("-", "_"))
    assert getattr(cli.parser().parse_args(["train", option, text]), name) == value
    below = {"0": "-1", "1": "0"}.get(text, "0")
    assert run(capsys, "train", option, below)[0] == 2


def test_what_is_not_said_is_left_to_the_recipe(capsys):
    found = results(capsys, "train", "--epochs", 1)
    assert found["recipe"] == json.loads(json.dumps(asdict(replace(RECIPES[BEST], epochs=1))))
    assert (found["seed"], found["test_images"], found["test_on"]) == (0, 1000, "test")


def test_nought_leaves_out_what_a_recipe_has(capsys):
    found = results(capsys, "train", "--recipe", "deep", "--shift", 0, "--dropout", 0, "--hidden", 10, "--epochs", 1)
    assert (found["recipe"]["shift"], found["recipe"]["dropout"], found["recipe"]["hidden"]) == (0, 0.0, [10])


def test_what_is_said_of_a_training():
    """Of a network that has learned nothing no gap is told, of others one of more than three points."""
    data, network = load_mnist(), Network([Dense(np.zeros((784, 10), np.float32), np.zeros(10, np.float32))])
    recipe = RECIPES["training"]

    def said(train, test):
        found = {"train_accuracy": train, "test_accuracy": test, "test_on": test if test is None else "test"}
        return cli.findings(network, recipe, data, found, [])

    assert said(0.9, 0.88) == said(0.9, None) == []
    for test, points in ((0.85, "5.0"), (0.0, "90.0")):
        (line,) = said(0.9, test)
        assert line.startswith(f"the two are {points} points apart, which is called overfitting")
    assert said(0.93 + 0.001, 0.9)[0].startswith("the two are 3.1 points apart")
    assert said(0.93 - 0.001, 0.9) == []
    chance = np.bincount(data.y_train).max() / len(data.y_train)
    assert said(chance + 0.019, None)[0].startswith("it has learned nothing")
    assert said(chance + 0.021, None) == []
    nothing = said(0.115, 0.05)
    assert nothing[0].startswith("it has learned nothing: always the most frequent answer is right for 1")
    assert not any("points apart" in line for line in nothing)


@pytest.mark.parametrize(
    ("images", "said"), [(50, "which may be chance with 50 images"), (200, "which is called over")]
)
def test_a_gap_that_so_few_images_show_by_chance_is_no_overfitting(images, said):
    """Where half are right, the share of 50 images misses by 0.14 in one of twenty samples, that of 200 by 0.07."""
    sample = load_mnist()
    data = Mnist(sample.X_train, sample.y_train, sample.X_test[:images], sample.y_test[:images])
    found = {"train_accuracy": 0.6, "test_accuracy": 0.5, "test_on": "holdout"}
    (line,) = cli.findings(None, RECIPES["training"], data, found, [])
    assert line.startswith(f"the two are 10.0 points apart, {said}")


def test_validation_and_early_stopping(capsys, folder, tmp_path):
    """A rate that is far too long makes the validation loss rise: the best epoch's network is kept."""
    words = ["train", "--data", folder / "train.csv", "--validation", 0.2, "--patience", 2, "--epochs", 40]
    words += ["--recipe", "wide", "--out", tmp_path / "m.npz"]
    status, out, err = run(capsys, *words)
    assert (status, err) == (0, [])
    lines = [line for line in out if line.startswith("epoch")]
    assert all(", validation " in line for line in lines)
    found = results(capsys, *words)
    last = int(lines[-1].split()[1])
    assert last < 40
    assert found["epochs"] == last - 2
    status, _, err = run(capsys, "train", *QUICK, "--patience", 2)
    assert (status, err) == (2, ["nnlit train: --patience needs a validation part; add --validation 0.1"])


def test_only_what_is_not_done_yet_is_advised():
    data, network = load_mnist(), None
    for choices, advice in (
        ({}, "; more images, --shift 1, --dropout 0.2 or --l2 1e-4 may narrow it"),
        ({"shift": 1}, "; more images, --dropout 0.2 or --l2 1e-4 may narrow it"),
        ({"shift": 1, "l2": 1e-3}, "; more images or --dropout 0.2 may narrow it"),
        ({"shift": 1, "l2": 1e-3, "dropout": 0.1}, "; more images may narrow it"),
    ):
        found = {"train_accuracy": 0.99, "test_accuracy": 0.9, "test_on": "test"}
        (line,) = cli.findings(network, replace(RECIPES[BEST], **choices), data, found, [])
        assert line.endswith(advice)
        assert line.startswith("the two are 9.0 points apart, which is called overfitting")


# a training that goes on

KEPT = ["train", "--checkpoint", "run.npz", "--out", "m.npz"]
WAYS = {
    "as it is": [],
    "full batch": ["--batch-size", "full", "--optimizer", "gd", "--learning-rate", 0.1],
    "against learning by heart": ["--dropout", 0.2, "--shift", 1, "--l2", 1e-4, "--smoothing", 0.1],
    "validation": ["--validation", 0.2, "--patience", 30, "--hidden", "--seed", 3, "--transpose"],
    "early stopping": ["--recipe", "wide", "--validation", 0.2, "--patience", 2],
}


class Power(Exception):  # noqa: N818 - it is no error
    """A power cut."""


def cut_off(capsys, monkeypatch, epoch, *words):
    """A training that ends without warning after some epochs."""
    call = cli.Watch.__call__

    def cut(self, now, network, record):
        if now == epoch:
            raise Power
        return call(self, now, network, record)

    with monkeypatch.context() as patch:
        patch.setattr(cli.Watch, "__call__", cut)
        with pytest.raises(Power):
            main([str(word) for word in words])
    if capsys:
        capsys.readouterr()


@pytest.mark.parametrize("epoch", mostly_long([4, 1]))
@pytest.mark.parametrize("name", WAYS)
@pytest.mark.long_but_one_in(5)
def test_a_training_that_goes_on_ends_where_it_would_have_ended(capsys, folder, tmp_path, monkeypatch, name, epoch):
    """The file is the same to the last byte, and so is all that is said but the seconds."""
    monkeypatch.chdir(tmp_path)
    words = ["--epochs", 6, *WAYS[name], "--data", folder / "train.csv"]
    whole = results(capsys, "train", *words, "--out", "whole.npz")
    cut_off(capsys, monkeypatch, epoch, *KEPT, *words)
    assert names(tmp_path) == ["run.npz", "whole.npz"]
    found = results(capsys, "train", "--resume", "run.npz")
    assert found | {"seconds": 0, "out": ""} == whole | {"seconds": 0, "out": ""}
    assert (tmp_path / "m.npz").read_bytes() == (tmp_path / "whole.npz").read_bytes()
    again = results(capsys, "train", "--resume", "run.npz", "--out", "again.npz")
    assert again | {"seconds": 0, "out": ""} == whole | {"seconds": 0, "out": ""}
    assert (tmp_path / "again.npz").read_bytes() == (tmp_path / "whole.npz").read_bytes()


def test_early_stopping_had_ended_a_training(capsys, folder, tmp_path, monkeypatch):
    """The lights go out between the last epoch and the end: no further epoch is added."""
    monkeypatch.chdir(tmp_path)
    words = ["--epochs", 40, *WAYS["early stopping"], "--data", folder / "train.csv"]
    _, out, _ = run(capsys, "train", *words, "--out", "whole.npz")
    last = int([line for line in out if line.startswith("epoch")][-1].split()[1])
    assert last < 40
    cut_off(capsys, monkeypatch, last, *KEPT, *words)
    status, out, err = run(capsys, "train", "--resume", "run.npz")
    assert (status, err) == (0, [])
    assert not any(line.startswith("epoch") for line in out)
    assert f"ended after epoch {last} of 40: the validation loss no longer fell" in out
    assert (tmp_path / "m.npz").read_bytes() == (tmp_path / "whole.npz").read_bytes()


def test_every_says_how_often_the_checkpoint_is_written(capsys, folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    cut_off(capsys, monkeypatch, 5, *KEPT, "--epochs", 6, "--every", 3, "--data", folder / "train.csv")
    _, out, _ = run(capsys, "train", "--resume", "run.npz")
    assert "it went on from epoch 3" in out


def test_a_constant_rate_may_go_on_for_longer(capsys, folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = ["--recipe", "initialization", "--data", folder / "train.csv", "--out", "m.npz"]
    whole = results(capsys, "train", *words, "--epochs", 5)
    results(capsys, *KEPT, *words, "--epochs", 2)
    for epochs in (4, 5):  # the second time it begins with the words of the first
        found = results(capsys, "train", "--resume", "run.npz", "--epochs", epochs)
    assert found | {"seconds": 0} == whole | {"seconds": 0}
    assert results(capsys, "train", "--resume", "run.npz")["epochs"] == 5
    status, _, err = run(capsys, "train", "--resume", "run.npz", "--epochs", 3)
    assert (status, len(err)) == (2, 1)
    assert "resume: the training has 5 epochs already, but epochs is 3; ask for more" in err[0]


def test_a_training_that_was_begun_without_options_goes_on_too(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(RECIPES, BEST, replace(RECIPES[BEST], epochs=3))
    monkeypatch.setattr(cli, "load_mnist", lambda *_, **__: Mnist(*(part[:200] for part in load_mnist())))
    cut_off(capsys, monkeypatch, 2, "train", "--checkpoint", "run.npz")
    status, _, err = run(capsys, "train", "--resume", "run.npz", "--seed", 3)
    assert status == 2
    assert "run.npz: the training was begun with --seed 0 and goes on so; leave out --seed 3" in err[0]
    for begun in (2, 3):
        status, out, err = run(capsys, "train", "--resume", "run.npz")
        assert (status, err) == (0, [])
        assert f"it went on from epoch {begun}" in out
    assert out[-1] == "not saved; this saves it: nnlit train --resume run.npz --out model.npz"


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """A folder with a training that was cut off, its images and others."""
    folder, (X, y, *_) = tmp_path_factory.mktemp("begun"), load_mnist()
    write_csv(folder / "train.csv", X[:300], y[:300])
    write_csv(folder / "other.csv", X[:300], y[300:600])
    write_csv(folder / "fewer.csv", X[:200], y[:200])
    write_csv(folder / "test.csv", X[:7])
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        cut_off(None, patch, 2, *KEPT, "--epochs", 4, "--data", "train.csv")
    return folder


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["--learning-rate", 0.1],
            "was begun with --learning-rate 0.003 and goes on so; leave out --learning-rate 0.1",
        ),
        (["--recipe", "deep"], "was begun with --recipe optimizers and goes on so; leave out --recipe deep"),
        (["--hidden"], "was begun with --hidden 10"),
        (["--holdout", 0.2], "was begun with --holdout 0.1"),
        (["--seed", 1], "was begun with --seed 0"),
        (["--transpose"], "was begun without --transpose"),
        (["--validation", 0.1, "--patience", 2], "was begun with --validation 0.0"),
        (
            ["--epochs", 9],
            "leave out --epochs 9, or begin another with --checkpoint; the cosine schedule falls to zero",
        ),
        (["--checkpoint", "other.npz"], "--resume run.npz is written on; leave out --checkpoint"),
        (["--out", "run.npz"], "expected two files, but the checkpoint and --out are both run.npz"),
        (["--data", "test.csv"], "test.csv: expected images with labels"),
        (
            ["--data", "other.csv"],
            "other.csv: these are not the images that run.npz learns from; --data PATH names them",
        ),
        (["--data", "fewer.csv"], "fewer.csv: these are not the images that run.npz learns from"),
    ],
)
@pytest.mark.long_but_one_in(4)
def test_what_goes_on_otherwise_than_it_began_is_refused(capsys, begun, monkeypatch, words, message):
    monkeypatch.chdir(begun)
    before = names(begun), (begun / "run.npz").read_bytes()
    status, _, err = run(capsys, "train", "--resume", "run.npz", *words)
    assert (status, len(err)) == (2, 1)
    assert message in err[0]
    assert (names(begun), (begun / "run.npz").read_bytes()) == before


def test_images_may_lie_elsewhere_when_a_training_goes_on(capsys, begun, tmp_path, monkeypatch):
    shutil.copy(begun / "run.npz", tmp_path)
    shutil.copy(begun / "train.csv", tmp_path / "moved.csv")
    monkeypatch.chdir(tmp_path)
    assert run(capsys, "train", "--resume", "run.npz", "--data", "moved.csv")[0] == 0


def test_a_checkpoint_is_not_begun_anew_unless_it_is_at_its_end(capsys, folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = [*KEPT, "--epochs", 3, "--data", folder / "train.csv"]
    cut_off(capsys, monkeypatch, 2, *words)
    status, _, err = run(capsys, *words)
    assert status == 2
    assert "a training is kept there that is not at its end; `nnlit train --resume run.npz` goes on with it" in err[0]
    assert run(capsys, "train", "--resume", "run.npz")[0] == 0
    assert run(capsys, *words)[0] == 0
    fit(load("m.npz"), *load_mnist()[:2], loss=squared_error, rule=GradientDescent(0.01), batches=full_batch, epochs=1,
        rng=np.random.default_rng(0), checkpoint="run.npz")  # fmt: skip
    for more in (words, ["train", "--resume", "run.npz"]):
        status, _, err = run(capsys, *more)
        assert status == 2
        assert "it was written by fit; nnlit.resume goes on with it" in err[0]
    for more in ([*words, "--checkpoint", "m.npz"], ["train", "--resume", "m.npz"]):
        status, _, err = run(capsys, *more, "--out", "x.npz")
        assert status == 2
        assert "m.npz: expected a checkpoint written by fit" in err[0]
    status, _, err = run(capsys, "train", "--every", 2)
    assert (status, err) == (
        2,
        ["nnlit train: --every says how often a checkpoint is written; add --checkpoint run.npz"],
    )
    status, _, err = run(capsys, "info", "run.npz")
    assert status == 2
    assert "it is the checkpoint of a training; nnlit.resume or `nnlit train --resume` goes on with it" in err[0]


def test_words_of_a_checkpoint_that_are_not_known(capsys, folder, tmp_path, monkeypatch):
    """As another version may write them."""
    monkeypatch.chdir(tmp_path)
    cut_off(capsys, monkeypatch, 2, *KEPT, "--epochs", 3, "--data", folder / "train.csv")
    with np.load("run.npz") as archive:
        arrays = dict(archive)
    text = arrays["layout"].tobytes().replace(b'"--epochs"', b'"--aeons"')
    np.savez("run.npz", **arrays | {"layout": np.frombuffer(text, np.uint8)})
    status, _, err = run(capsys, "train", "--resume", "run.npz")
    assert (status, len(err)) == (2, 1)
    assert "run.npz: it was begun with words that are not known here (unrecognized arguments: --aeons 3" in err[0]


def test_a_training_that_learned_nothing_is_said(capsys, folder):
    """Raw pixels at a rate that kills every hidden number, and steps far too short."""
    words = ["train", "--recipe", "raw", "--data", folder / "train.csv", "--epochs"]
    status, out, _ = run(capsys, *words, 30, "--learning-rate", 0.001)
    said = [line for line in out if line.startswith("it has learned nothing")]
    assert (status, len(said)) == (0, 1)
    assert any("cure: " in line for line in out), "what `diagnose` finds"
    assert any("see: diagnosis#" in line for line in out)
    _, out, _ = run(capsys, "train", *QUICK, "--data", folder / "train.csv")
    assert not any("learned nothing" in line for line in out)


def test_evaluate_uses_the_images_that_were_held_out(capsys, folder, tmp_path):
    """All images of the training file together read far better than those that were held out."""
    train = ["train", "--epochs", 30, "--data", folder / "train.csv", "--seed", 4, "--out", tmp_path / "m.npz"]
    found = results(capsys, *train)
    again = results(capsys, "evaluate", tmp_path / "m.npz", "--data", folder / "train.csv")
    assert (again["test_on"], again["images"]) == ("holdout", 30)
    assert again["accuracy"] == found["test_accuracy"] < found["train_accuracy"] - 0.1


def test_evaluating_on_images_that_were_learned_from_is_told(capsys, folder, tmp_path):
    """Kaggle's images are MNIST's: here the sample holds the 300 of the file."""
    results(capsys, "train", *QUICK, "--data", folder / "train.csv", "--holdout", 0, "--out", tmp_path / "m.npz")
    X, y, X_test, y_test = load_mnist()
    write_csv(tmp_path / "some.csv", np.concatenate([X[:100], X_test[:300]]), np.concatenate([y[:100], y_test[:300]]))
    for path, part in ((folder / "train.csv", "100%"), (tmp_path / "some.csv", "25%")):
        status, _, err = run(capsys, "evaluate", tmp_path / "m.npz", "--data", path)
        assert (status, len(err)) == (0, 1)
        assert f"about {part} of these images were learned from" in err[0]
    assert run(capsys, "evaluate", tmp_path / "m.npz")[2] == []


def test_recipes_are_listed_with_their_words(capsys):
    status, out, err = run(capsys, "recipes")
    assert (status, err) == (0, [])
    assert [line.split()[0] for line in out[: len(RECIPES)]] == list(RECIPES)
    assert any(line.startswith("mse: loss: half the squared distance") for line in out)


def test_warnings_are_a_line(capsys, folder, monkeypatch):
    def warning(path):
        for _ in range(2):
            warnings.warn("mind\nthe gap", stacklevel=1)
        return load(path)

    monkeypatch.setattr(cli, "classifier", warning)
    with warnings.catch_warnings():
        warnings.simplefilter("always")  # as for a person; for tests a warning is an error
        status, _, err = run(capsys, "predict", folder / "model.npz", folder / "test.csv")
    assert (status, err) == (0, ["nnlit: mind the gap"])


# evaluate, predict, info


def test_evaluate(capsys, folder):
    network, data = load(folder / "model.npz"), load_mnist()
    found = results(capsys, "evaluate", folder / "model.npz")
    assert found["accuracy"] == accuracy(network, data.X_test, data.y_test)
    assert (found["test_on"], found["images"]) == ("test", 1000)
    assert np.trace(found["confusion"]) == round(1000 * found["accuracy"])
    for path in (folder, folder / "train.csv"):
        found = results(capsys, "evaluate", folder / "model.npz", "--data", path)
        assert (found["test_on"], found["images"]) == ("all", 300)
        assert found["accuracy"] == accuracy(network, data.X_train[:300], data.y_train[:300])


def test_predict(capsys, folder, tmp_path):
    digits = load(folder / "model.npz").predict(load_mnist().X_test[:7]).argmax(axis=1).tolist()
    expected = ["ImageId,Label", *(f"{i + 1},{digit}" for i, digit in enumerate(digits))]
    status, out, _ = run(capsys, "predict", folder / "model.npz", folder / "test.csv", "--out", tmp_path / "s.csv")
    assert (status, out) == (0, [f"7 labels written to {tmp_path / 's.csv'}"])
    assert (tmp_path / "s.csv").read_text() == "\n".join(expected) + "\n"
    assert names(tmp_path) == ["s.csv"]
    assert run(capsys, "predict", folder / "model.npz", folder / "test.csv") == (0, expected, [])


def pictures(folder, count):
    """The first test digits as pictures, and the model's answers with their probabilities."""
    X = load_mnist().X_test[:count]
    for k, row in enumerate(X):
        Image.fromarray(row.reshape(28, 28)).save(folder / f"{k}.PNG")
    return X


def test_predict_pictures_and_folders_of_them(capsys, folder, tmp_path):
    X = pictures(tmp_path, 3)
    P = softmax(load(folder / "model.npz").predict(X).astype(float))
    lines = [f"{tmp_path / f'{k}.PNG'},{p.argmax()},{p.max():.4f}" for k, p in enumerate(P)]
    words = ["predict", folder / "model.npz"]
    assert run(capsys, *words, tmp_path / "1.PNG") == (0, ["File,Label,Probability", lines[1]], [])
    for paths in ([tmp_path], [tmp_path / f"{k}.PNG" for k in range(3)]):
        assert run(capsys, *words, *paths) == (0, ["File,Label,Probability", *lines], [])


def test_probabilities(capsys, folder, tmp_path):
    P = softmax(load(folder / "model.npz").predict(load_mnist().X_test[:7]).astype(float))
    _, out, _ = run(capsys, "predict", folder / "model.npz", folder / "test.csv", "--probabilities")
    assert out[0] == "ImageId,Label,p0,p1,p2,p3,p4,p5,p6,p7,p8,p9"
    assert out[1] == ",".join(["1", str(P[0].argmax()), *(f"{p:.4f}" for p in P[0])])


def test_a_photo_is_prepared_and_that_is_said(capsys, folder, tmp_path):
    """Black on white, large, away from the middle."""
    sheet = np.full((400, 400), 230, np.uint8)
    digit = Image.fromarray(load_mnist().X_test[0].reshape(28, 28)).resize((224, 224))
    sheet[20:244, 150:374] -= (np.asarray(digit) * 0.8).astype(np.uint8)
    Image.fromarray(sheet).save(tmp_path / "photo.jpg", quality=95)
    path = tmp_path / "photo.jpg"
    status, out, err = run(capsys, "predict", folder / "model.npz", path, "--show")
    assert (status, len(out)) == (0, 2)
    assert err[0].startswith(f"nnlit: {path}: inverted, ")
    assert err[0].endswith("scaled to 20x16, centred by mass")
    assert len(err) == 29
    status, _, err = run(capsys, "predict", folder / "model.npz", path, "--as-is")
    assert (status, err) == (
        2,
        [f"nnlit predict: {path}: expected 28x28 pixels, but it has 400x400; leave out --as-is"],
    )


def test_blank_and_binary_images_are_told(capsys, folder, tmp_path):
    pictures(tmp_path, 2)
    Image.new("L", (28, 28)).save(tmp_path / "blank.png")
    status, out, err = run(capsys, "predict", folder / "model.npz", tmp_path)
    assert (status, len(out), len(err)) == (2, 3, 1)
    assert "blank.png: expected a digit, but the picture is blank" in err[0]
    X = load_mnist().X_test[:3].copy()
    X[1] = 0
    status, out, err = run(capsys, "predict", folder / "model.npz", write_csv(tmp_path / "a.csv", X))
    assert (status, len(out)) == (0, 4)
    assert err == [f"nnlit: {tmp_path / 'a.csv'}: 1 of 3 images are blank, the first is number 2"]
    _, _, err = run(capsys, "predict", folder / "model.npz", write_csv(tmp_path / "c.csv", 255 - X))
    assert err == [f"nnlit: {tmp_path / 'c.csv'}: {mnist.INVERTED}"]
    status, out, err = run(capsys, "predict", folder / "model.npz", write_csv(tmp_path / "b.csv", X > 127))
    assert (status, out) == (2, [])
    assert "but all are 0 or 1; multiply them by 255" in err[0]


def test_predict_what_is_no_csv(capsys, folder, tmp_path):
    """Also an array, an archive, a mixture, and a folder without pictures."""
    X = load_mnist().X_test[:7]
    np.save(tmp_path / "x.npy", X.reshape(-1, 28, 28))
    _, expected, _ = run(capsys, "predict", folder / "model.npz", folder / "test.csv")
    assert run(capsys, "predict", folder / "model.npz", tmp_path / "x.npy") == (0, expected, [])
    (tmp_path / "empty").mkdir()
    both = [*expected, *(f"{k + 8},{line.partition(',')[2]}" for k, line in enumerate(expected[1:]))]
    assert run(capsys, "predict", folder / "model.npz", tmp_path / "x.npy", folder / "test.csv") == (0, both, [])
    Image.fromarray(X[0].reshape(28, 28)).save(tmp_path / "a.png")
    for words, message in (
        ([tmp_path / "x.npy", tmp_path / "a.png"], "expected tables or pictures, but there are both"),
        ([tmp_path / "empty"], "but there is nothing"),
    ):
        status, out, err = run(capsys, "predict", folder / "model.npz", *words)
        assert (status, out) == (2, [])
        assert message in err[0]


def test_predict_a_data_set(capsys, folder, tmp_path):
    """Of Kaggle's folder, its archives, or Keras' file the images to test on; of labelled ones alone, those."""
    _, expected, _ = run(capsys, "predict", folder / "model.npz", folder / "test.csv")
    (tmp_path / "kaggle").mkdir()
    for name in ("train.csv", "test.csv"):
        (tmp_path / "kaggle" / name).write_bytes((folder / name).read_bytes())
    shutil.make_archive(str(tmp_path / "a"), "zip", tmp_path / "kaggle")
    shutil.make_archive(str(tmp_path / "a"), "gztar", tmp_path / "kaggle")  # whose names begin with ./
    X, y, X_test, y_test = load_mnist()
    np.savez(tmp_path / "a.npz", x_train=X[:9], y_train=y[:9], x_test=X_test[:7], y_test=y_test[:7])
    for name in ("kaggle", "a.zip", "a.tar.gz", "a.npz"):
        status, out, err = run(capsys, "predict", folder / "model.npz", tmp_path / name)
        assert (status, out) == (0, expected)
        assert err == [f"nnlit: {tmp_path / name}: the 7 images to test on are read"]
    np.savez(tmp_path / "b.npz", x_train=X[:9], y_train=y[:9])
    _, out, err = run(capsys, "predict", folder / "model.npz", tmp_path / "b.npz")
    assert (len(out), err) == (10, [])
    (tmp_path / "kaggle" / "test.csv").unlink()
    shutil.make_archive(str(tmp_path / "one"), "zip", tmp_path / "kaggle")
    assert run(capsys, "predict", folder / "model.npz", tmp_path / "one.zip")[0::2] == (0, [])


def test_an_archive_of_pictures(capsys, folder, tmp_path):
    """Some systems write backslashes between the folders of a zip archive."""
    pictures(tmp_path, 3)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for k in range(3):
            archive.write(tmp_path / f"{k}.PNG", f"mine\\{k}\\{k}.PNG")
    _, expected, _ = run(capsys, "predict", folder / "model.npz", *(tmp_path / f"{k}.PNG" for k in range(3)))
    status, out, err = run(capsys, "predict", folder / "model.npz", tmp_path / "a.zip")
    assert (status, err) == (0, [])
    assert [line.partition(",")[2] for line in out] == [line.partition(",")[2] for line in expected]
    assert out[1].startswith(f"{tmp_path / 'a.zip'}/mine/0/0.PNG,")
    data = load_mnist(tmp_path / "a.zip")
    assert data.y_train.tolist() == [0, 1, 2]


def test_a_network_that_learned_on_zeros_and_ones(capsys, tmp_path):
    """It reads such tables, and it warns of others."""
    X, y, X_test, _ = load_mnist()
    write_csv(tmp_path / "train.csv", X[:100] > 127, y[:100])
    write_csv(tmp_path / "test.csv", X_test[:7] > 127)
    write_csv(tmp_path / "other.csv", X_test[:7])
    results(capsys, "train", *QUICK, "--data", tmp_path / "train.csv", "--out", tmp_path / "m.npz")
    assert run(capsys, "predict", tmp_path / "m.npz", tmp_path / "test.csv")[0::2] == (0, [])
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        _, _, err = run(capsys, "predict", tmp_path / "m.npz", tmp_path / "other.csv")
    assert "the network has learned on bytes or whole numbers from 0 to 1" in err[0]
    Image.fromarray((X_test[0] > 127).reshape(28, 28).astype(np.uint8)).save(tmp_path / "a.png")
    status, _, err = run(capsys, "predict", tmp_path / "m.npz", tmp_path / "a.png")
    assert status == 2
    assert "a.png: expected levels from 0 to 255, but all are 0 or 1; multiply them by 255" in err[0]


def test_other_classes_than_ten_digits(capsys, folder, tmp_path):
    """EMNIST's letters: 26 classes that count from 1, transposed."""
    X, y = load_mnist().X_train[:300].reshape(-1, 28, 28).mT, load_mnist().y_train[:300] + 1
    for part, rows in (("train", slice(200)), ("test", slice(200, 300))):
        for kind, array in (("images-idx3", X[rows]), ("labels-idx1", y[rows])):
            head = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
            (tmp_path / f"emnist-letters-{part}-{kind}-ubyte").write_bytes(head + array.astype(np.uint8).tobytes())
    words = ["train", *QUICK, "--data", tmp_path, "--out", tmp_path / "m.npz"]
    status, _, err = run(capsys, *words)
    assert (status, len(err)) == (0, 1)
    assert "EMNIST's images are transposed" in err[0]
    assert run(capsys, *words, "--transpose")[2] == []
    assert load(tmp_path / "m.npz").width(784) == 26
    found = results(capsys, "evaluate", tmp_path / "m.npz", "--data", tmp_path, "--transpose")
    assert len(found["confusion"]) == 26
    status, _, err = run(capsys, "evaluate", folder / "model.npz", "--data", tmp_path, "--transpose")
    assert status == 2
    assert "it knows 10 classes, but the labels of" in err[0]


def test_info(capsys, folder):
    status, out, _ = run(capsys, "info", folder / "model.npz")
    assert (status, out[:2]) == (0, ["Scale(0.00392157)", "Dense(784 -> 10, float32)"])
    assert out[2].startswith("7,850 parameters, ")


# What is wrong, in one line


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "required: train | evaluate | predict | info | recipes | check; see nnlit --help"),
        (["trian"], "invalid choice: 'trian'"),
        (
            ["train", "--epochs", "0"],
            "--epochs: expected a whole number of at least 1, but it is '0'; see nnlit train --help",
        ),
        (["train", "--epochs", "many"], "but it is 'many'"),
        (["train", "--epoch", "3"], "unrecognized arguments: --epoch 3"),
        (["train", "--learning-rate", "-1"], "expected a number above 0, but it is '-1'"),
        (["train", "--learning-rate", "nan"], "expected a number above 0, but it is 'nan'"),
        (["train", "--learning-rate", "fast"], "expected a number above 0, but it is 'fast'"),
        (["train", "--holdout", "1"], "expected a number of at least 0 and below 1, but it is '1'"),
        (["train", "--batch-size", "some"], "--batch-size: expected a whole number of at least 1, but it is 'some'"),
        (["train", "--hidden", "0"], "expected a whole number of at least 1"),
        (["train", "--loss", "hinge"], "invalid choice: 'hinge'"),
        (["train", "--seed", "-1"], "--seed"),
        (["train", "--out", "no/such/place/m.npz"], "does not exist; create it first"),
        (["train", "--out", "."], "but it is a directory"),
        (["train", "--data", "nothing.csv"], "nothing.csv: there is no such file; is it train.csv?"),
        (["train", "--data", "frog.arff"], "frog.arff: there is no such file; check the name"),
        (DIVERGING, "so the steps are too long; try --learning-rate 1e+08"),
        (["train", "--data", "test.csv"], "test.csv: expected images with labels"),
        (["evaluate", "nothing.npz"], "nothing.npz: there is no such file"),
        (["evaluate", "train.csv"], "train.csv: expected an .npz file of plain arrays, but it is text; nnlit.save"),
        (
            ["evaluate", "small.npz"],
            "expected a network from 784 pixels to a number for each class, but this one leads from 4 numbers to 3",
        ),
        (["evaluate", "model.npz", "--data", "test.csv"], "test.csv: expected images with labels"),
        (["predict", "model.npz"], "required: IMAGES"),
        (["predict", "model.npz", "nothing.png"], "there is no such file"),
        (["predict", "model.npz", "model.npz"], "model.npz: it is a network"),
        (["info", "train.csv"], "but it is text; nnlit.save and `nnlit train --out` write what is read here"),
    ],
)
def test_bad_usage_and_input(capsys, folder, monkeypatch, words, message):
    monkeypatch.chdir(folder)
    before = names(folder)
    status, out, err = run(capsys, *words)
    assert status == 2
    assert (out if words != DIVERGING else [], len(err)) == ([], 1)
    assert message in err[0]
    assert err[0].startswith("nnlit")
    assert names(folder) == before


ONE_STEP = ["train", "--learning-rate", "1e30", "--batch-size", "full", "--epochs", "1", "--optimizer", "gd"]


@pytest.mark.parametrize(
    "words",
    [
        ONE_STEP,
        DIVERGING,
        [*ONE_STEP, "--loss", "mse"],
        [*ONE_STEP, "--batch-size", 64, "--hidden"],
        ["train", *QUICK, "--batch-size", "500", "--learning-rate", "5000", "--optimizer", "gd"],
    ],
)
@pytest.mark.long_but_one_in(4)
def test_a_training_that_diverges_writes_nothing(capsys, tmp_path, words):
    """Also where the loss was finite whenever `fit` looked at it: the weights are no numbers at the end."""
    status, out, err = run(capsys, *words, "--out", tmp_path / "m.npz", "--json")
    assert (status, len(err)) == (2, 1)
    assert not any("{" in line or "NaN" in line for line in out)
    assert err[0].startswith("nnlit train: ")
    assert "rate" in err[0]
    assert names(tmp_path) == []


def test_json_knows_no_nan():
    with pytest.raises(ValueError, match="not JSON compliant"):
        cli.tell({"loss": float("nan")})


def test_what_was_measured_is_printed_before_saving_is_tried(capsys, folder, tmp_path, monkeypatch):
    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    words = ["train", *QUICK, "--data", folder / "train.csv", "--out", tmp_path / "m.npz", "--json"]
    status, out, err = run(capsys, *words)
    assert status == 2
    assert any(line.startswith("training ") for line in out)
    assert err[0].startswith(f"nnlit train: {tmp_path / 'm.npz'}: could not be written (No space left on device)")
    assert names(tmp_path) == []


def test_a_csv_file_may_have_any_name_and_so_may_a_picture(capsys, folder, tmp_path):
    (tmp_path / "digits.png").write_bytes((folder / "test.csv").read_bytes())
    Image.fromarray(load_mnist().X_test[2].reshape(28, 28)).save(tmp_path / "digit.csv", "PNG")
    _, of_csv, _ = run(capsys, "predict", folder / "model.npz", folder / "test.csv")
    assert run(capsys, "predict", folder / "model.npz", tmp_path / "digits.png") == (0, of_csv, [])
    _, of_picture, _ = run(capsys, "predict", folder / "model.npz", tmp_path / "digit.csv")
    assert of_picture[1].split(",")[1] == of_csv[3].split(",")[1]


def test_missing_extra(capsys, folder, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "PIL.Image", None)
    (tmp_path / "digit.png").write_bytes(b"\x89PNG")
    status, _, err = run(capsys, "predict", folder / "model.npz", tmp_path / "digit.png")
    assert status == 2
    assert "pip install 'nnlit[png]'" in err[0]


def test_a_failed_run_keeps_the_old_model(capsys, folder, tmp_path):
    path = tmp_path / "m.npz"
    path.write_bytes(b"old")
    assert run(capsys, *DIVERGING, "--out", path)[0] == 2
    assert run(capsys, "predict", folder / "model.npz", folder / "nothing.csv", "--out", path)[0] == 2
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["m.npz"]


def test_not_enough_memory(capsys, monkeypatch):
    def broken(*_, **__):
        raise MemoryError

    monkeypatch.setattr(cli, "load_mnist", broken)
    assert run(capsys, "train") == (2, [], ["nnlit train: MemoryError"])


def test_help_and_version(capsys):
    status, out, err = run(capsys, "--version")
    assert (status, err) == (0, [])
    assert out[0].startswith("nnlit ")
    for words in (["--help"], ["train", "--help"], ["predict", "--help"]):
        status, out, err = run(capsys, *words)
        assert (status, err) == (0, [])
        assert out[0].startswith("usage: nnlit")


# As processes


def start(*words, **options):
    return subprocess.Popen([sys.executable, "-m", "nnlit.cli", *map(str, words)], text=True, **options)


@pytest.fixture
def heeded():
    """Ctrl-C reaches the processes of a test, even if the tests run in the background, where it is ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heeded")
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_interrupt(tmp_path):
    """Ctrl-C while the progress bar is moving, which shows on a terminal only."""
    import termios

    terminal, end = os.openpty()
    termios.tcsetwinsize(end, (24, 80))
    words = ["train", "--recipe", "deep", "--hidden", 1000, 1000, "--out", tmp_path / "m.npz"]
    with start(*words, stdout=subprocess.PIPE, stderr=end) as process:
        os.close(end)
        assert select.select([terminal], [], [], 300)[0], "no progress is shown"
        seen = os.read(terminal, 1000)
        process.send_signal(signal.SIGINT)
        try:
            out, _ = process.communicate(timeout=300)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    try:
        while piece := os.read(terminal, 1000):
            seen += piece
    except OSError:  # how a terminal ends
        os.close(terminal)
    assert (process.returncode, out.count("\n")) == (130, 2)
    assert seen.splitlines()[-1].endswith(b"nnlit: interrupted; nothing was written")
    assert b"Traceback" not in seen
    assert names(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_on_a_terminal_the_loss_is_told_in_place(folder):
    """One line that is written over, without colours, and no lines of epochs."""
    import termios

    terminal, end = os.openpty()
    termios.tcsetwinsize(end, (24, 100))
    words = ["train", "--epochs", 60, "--data", folder / "train.csv", "--validation", 0.2]
    # every epoch is shown, however fast this machine is
    env = os.environ | {"NO_COLOR": "1", "TQDM_MININTERVAL": "0"}
    with start(*words, stdout=end, stderr=end, env=env) as process:
        os.close(end)
        seen = b""
        with suppress(OSError):  # how a terminal ends
            while piece := os.read(terminal, 10_000):
                seen += piece
        assert process.wait(timeout=300) == 0
    os.close(terminal)
    text = seen.decode()
    assert re.search(r"\r[^\n]*\d+/60 [^\n]*loss \d\.\d+, validation \d\.\d+ and \d+\.\d\d%", text)
    assert "\x1b[3" not in text
    assert not re.search(r"^epoch ", text, re.MULTILINE)
    shown = [line.rpartition("\r")[2] for line in text.replace("\r\n", "\n").split("\n")]
    assert [line.split()[0] for line in shown[2:5]] == ["training", "holdout", "the"]


@pytest.mark.usefixtures("heeded")
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other signals")
@pytest.mark.long
def test_interrupt_keeps_what_was_learned(capsys, folder, tmp_path):
    """It is saved, and the line to go on with ends where an uninterrupted training ends."""
    words = ["train", "--recipe", "training", "--epochs", 100_000, "--out", "m.npz", "--checkpoint", "run.npz"]
    both = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "cwd": tmp_path}
    with start(*words, "--data", folder / "train.csv", **both) as process:
        for line in process.stdout:
            if line.startswith("epoch    20"):
                break
        process.send_signal(signal.SIGINT)
        out = process.communicate(timeout=300)[0].splitlines()
    assert process.returncode == 130
    (last,) = [int(line.split()[3]) for line in out if line.startswith("interrupted after epoch ")]
    assert 20 <= last < 100_000
    assert out[-2:] == [
        "written to m.npz; next: nnlit predict m.npz IMAGES",
        "to go on: nnlit train --resume run.npz",
    ]
    assert names(tmp_path) == ["m.npz", "run.npz"]
    assert load(tmp_path / "m.npz").width(784) == 10
    more = ["--epochs", last + 3, "--data", folder / "train.csv"]
    for rest in (["--resume", "run.npz", "--out", "m.npz"], ["--recipe", "training", "--out", "whole.npz"]):
        with start("train", *rest, *more, **both) as process:
            assert f"{last + 3} epochs" in process.communicate(timeout=300)[0]
    assert (tmp_path / "m.npz").read_bytes() == (tmp_path / "whole.npz").read_bytes()


SLOW = """
import sys, time

class Slow:
    def find_spec(self, name, path=None, target=None):
        if name == slow:
            print("now", flush=True)
            time.sleep(600)

sys.meta_path.insert(0, Slow())
slow, sys.argv = sys.argv[1], ["nnlit", "info", "nothing.npz"]
from {module} import {function}
sys.exit({function}())
"""


@pytest.mark.usefixtures("heeded")
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other signals")
@pytest.mark.parametrize("name", mostly_long(["numpy", "numpy.linalg", "nnlit.network", "argparse", "json"]))
def test_interrupt_while_modules_are_loaded(name):
    """As the script does that an installation makes of pyproject.toml."""
    root = Path(__file__).parents[1]
    entry = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]["nnlit"]
    module, _, function = entry.partition(":")
    code = SLOW.replace("{module}", module).replace("{function}", function)
    words = [sys.executable, "-c", code, name]
    with subprocess.Popen(words, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "now\n"
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=300)
    assert (process.returncode, err) == (130, "nnlit: interrupted; nothing was written\n")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_piped_input_is_read_once(folder):
    words = ["predict", folder / "model.npz", "/dev/stdin"]
    with start(*words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        out, err = process.communicate((folder / "test.csv").read_text(), timeout=300)
    assert (process.returncode, err, len(out.splitlines())) == (0, "", 8)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_reader_that_leaves(folder):
    read, write = os.pipe()
    os.close(read)
    with start("train", *QUICK, "--data", folder / "train.csv", stdout=write, stderr=subprocess.PIPE) as process:
        os.close(write)
        _, err = process.communicate(timeout=300)
    assert (process.returncode, err) == (0, "")


def test_what_fit_warned_of_is_part_of_the_story_and_other_warnings_are_handed_on():
    watch = cli.Watch(RECIPES["training"], None, 0)

    def listen(*heard):
        with watch.listening():
            for warning in heard:
                warnings.warn(warning, stacklevel=1)

    rose = NothingLearnedWarning("the loss did not fall: it was 2 and is 3", 1.5)
    with pytest.warns(DeprecationWarning, match="another thing"):
        listen(rose, DeprecationWarning("another thing"), NothingLearnedWarning("the answer is class 1", 10.0))
    assert watch.doubts == [rose.what, "the answer is class 1"]
    with pytest.raises(FloatingPointError, match=r"training has diverged: it rose; try --learning-rate 0\.01"):
        listen(NothingLearnedWarning("it rose", 10.1))
    data, network = load_mnist(), Network([Dense(np.zeros((784, 10), np.float32), np.zeros(10, np.float32))])
    found = {"train_accuracy": 0.9, "test_accuracy": 0.5, "test_on": "test"}
    first, *others = cli.findings(network, watch.recipe, data, found, watch.doubts[:1])
    assert first == watch.doubts[0]
    assert len(others) == 2  # what diagnose finds
    assert not any("points apart" in line for line in others)


@pytest.mark.parametrize(
    ("epochs", "begun", "printed"),
    [
        (50, 0, list(range(1, 51))),
        (51, 0, [1, 2, 5, 10, 20, 50, 51]),
        (300, 40, [50, 100, 200, 300]),
        (30, 28, [29, 30]),
    ],
)
def test_which_epochs_are_printed_where_there_is_no_screen(capsys, epochs, begun, printed):
    watch = cli.Watch(replace(RECIPES["training"], epochs=epochs), None, begun)
    ends = [watch(epoch, None, {"loss": 1.0}) for epoch in range(1, epochs + 1)]
    lines = capsys.readouterr().out.splitlines()
    assert [int(line.split()[1].replace(",", "")) for line in lines] == printed
    assert not any(ends)
    assert (watch.epoch, watch.kept, watch.best, watch.story()) == (
        epochs,
        epochs,
        None,
        [f"it went on from epoch {begun}"] if begun else [],
    )


@pytest.mark.parametrize(("shape", "match"), [((784, 1), "1"), ((783, 10), "783"), ((784, 2), None)])
def test_a_network_that_is_no_classifier_of_images_is_refused(tmp_path, shape, match):
    path = tmp_path / "m.npz"
    save(Network([Dense(np.ones(shape, np.float32), np.zeros(shape[1], np.float32))]), path)
    if match is None:
        assert cli.classifier(str(path)).width(784) == 2
    else:
        with pytest.raises(DataError, match=match):
            cli.classifier(str(path))


# what is seldom


def test_a_training_that_is_interrupted_is_kept_and_says_how_it_goes_on(capsys, folder, tmp_path, monkeypatch):
    kept, out, data = tmp_path / "c.npz", tmp_path / "m.npz", ["--data", folder / "train.csv"]
    plain = cli.Watch.__call__

    def stopped(at):
        def call(watch, epoch, network, record):
            if epoch > at:
                raise KeyboardInterrupt
            return plain(watch, epoch, network, record)

        return call

    words = ["train", *data, "--epochs", 9, "--hidden", 12, "--checkpoint", kept, "--out", out]
    monkeypatch.setattr(cli.Watch, "__call__", stopped(3))
    status, lines, _ = run(capsys, *words)
    assert status == 130
    assert "interrupted after epoch 3 of 9; what was learned is kept" in "\n".join(lines)
    assert lines[-1].startswith("to go on: nnlit train")
    assert f"--resume {kept}" in lines[-1]
    assert load(out).layers[1].W.shape == (784, 12)
    monkeypatch.setattr(cli.Watch, "__call__", plain)
    status, lines, _ = run(capsys, "train", "--resume", kept, "--hidden", 12)  # said again, and the same
    assert status == 0
    assert "epoch     9" in "\n".join(lines)
    monkeypatch.setattr(cli.Watch, "__call__", stopped(0))
    status, _, err = run(capsys, "train", *data, "--epochs", 9, "--out", tmp_path / "none.npz")
    assert (status, err) == (130, ["nnlit: interrupted; nothing was written"])
    assert not (tmp_path / "none.npz").exists()


def test_another_training_than_the_one_that_goes_on_is_named(capsys, tmp_path, monkeypatch):
    def refuse(what):
        def fit(*_, **__):
            raise OtherTrainingError(what, "a", "b")

        return fit

    monkeypatch.setattr(cli, "fit", refuse("rule"))
    assert run(capsys, "train", *QUICK)[2] == [
        "nnlit train: resume: the checkpoint was written with rule a, but now it is b; hand over the same"
    ]
    monkeypatch.setattr(cli, "fit", refuse("examples"))
    (line,) = run(capsys, "train", *QUICK)[2]
    assert line.startswith("nnlit train: the sample: these are not the images that")


def test_images_to_test_on_alone_are_nothing_to_train_on(capsys, tmp_path):
    data = load_mnist()
    np.savez(tmp_path / "a.npz", x_test=data.X_test[:20], y_test=data.y_test[:20])
    status, _, (line,) = run(capsys, "train", *QUICK, "--data", tmp_path / "a.npz")
    assert status == 2
    assert "expected images and labels to train on, but there are only some to test on" in line


def test_predict_of_a_folder_in_which_nothing_serves_says_why(capsys, tmp_path, monkeypatch):
    save(Network([Dense(np.ones((784, 10), np.float32), np.zeros(10, np.float32))]), tmp_path / "m.npz")
    (tmp_path / "f").mkdir()
    (tmp_path / "f" / "a.pdf").write_bytes(b"%PDF-1.4")
    status, _, err = run(capsys, "predict", tmp_path / "m.npz", tmp_path / "f")
    assert status == 2
    assert "it is a PDF" in err[-1]


def test_images_that_lie_on_their_side_are_turned(capsys, tmp_path):
    rng = np.random.default_rng(0)
    network = Network([Dense(rng.normal(size=(784, 10)).astype(np.float32), np.zeros(10, np.float32))])
    save(network, tmp_path / "m.npz")
    X = load_mnist().X_test[:20]
    np.save(tmp_path / "plain.npy", X)
    np.save(tmp_path / "turned.npy", X.reshape(-1, 28, 28).transpose(0, 2, 1))
    plain = run(capsys, "predict", tmp_path / "m.npz", tmp_path / "plain.npy")[1]
    assert run(capsys, "predict", tmp_path / "m.npz", tmp_path / "turned.npy")[1] != plain
    assert run(capsys, "predict", tmp_path / "m.npz", tmp_path / "turned.npy", "--transpose")[1] == plain


def test_labels_alone_are_nothing_to_predict(capsys, tmp_path):
    save(Network([Dense(np.ones((784, 10), np.float32), np.zeros(10, np.float32))]), tmp_path / "m.npz")
    np.savez(tmp_path / "a.npz", y_train=np.arange(9), y_test=np.arange(9))
    status, _, err = run(capsys, "predict", tmp_path / "m.npz", tmp_path / "a.npz")
    assert status == 2
    assert "expected images" in err[-1]


def test_check_executes_drafts_and_explains(capsys, tmp_path):
    page = tmp_path / "a.md"
    page.write_text("$$\na = 2\n$$\n\n$$\n(a + 1)^2 = a^2 + 2 a + 1 \\label{a:square}\n$$\n")
    status, out, _ = run(capsys, "check", page)
    assert (status, "1 true" in out[-1]) == (0, True)
    status, out, _ = run(capsys, "check", page, "--explain", "a:square")
    assert status == 0
    assert any("square" in line for line in out)
    assert run(capsys, "check", page, page, "--explain", "a:square")[2] == [
        "nnlit check: --explain takes one FILE, but there are several"
    ]
    page.write_text("$$\nB = A\n$$\n")
    status, out, _ = run(capsys, "check", "--init", page)
    assert "A" in "\n".join(out)


WRONG = {  # a value that an option does not take, and what is said of it
    "--holdout": ("1", "expected a number of at least 0 and below 1, but it is '1'"),
    "--recipe": ("frog", "invalid choice: 'frog'"),
    "--hidden": ("0", "expected a whole number of at least 1, but it is '0'"),
    "--loss": ("frog", "invalid choice: 'frog'"),
    "--optimizer": ("frog", "invalid choice: 'frog'"),
    "--epochs": ("0", "expected a whole number of at least 1, but it is '0'"),
    "--batch-size": ("-1", ""),
    "--learning-rate": ("0", "expected a number above 0, but it is '0'"),
    "--lr": ("inf", "expected a number above 0, but it is 'inf'"),
    "--scale": ("frog", "invalid choice: 'frog'"),
    "--activation": ("frog", "invalid choice: 'frog'"),
    "--init": ("frog", "invalid choice: 'frog'"),
    "--schedule": ("frog", "invalid choice: 'frog'"),
    "--l2": ("nan", "expected a number above 0, but it is 'nan'"),
    "--dropout": ("1", "expected a number of at least 0 and below 1, but it is '1'"),
    "--smoothing": ("x", "expected a number of at least 0 and below 1, but it is 'x'"),
    "--shift": ("1.5", "expected a whole number of at least 0, but it is '1.5'"),
    "--validation": ("1", "expected a number of at least 0 and below 1, but it is '1'"),
    "--patience": ("0", "expected a whole number of at least 1, but it is '0'"),
    "--seed": ("x", "expected a whole number of at least 0, but it is 'x'"),
    "--every": ("0", "expected a whole number of at least 1, but it is '0'"),
}


@pytest.mark.parametrize("option", WRONG)
@pytest.mark.long_but_one_in(4)
def test_an_option_says_what_it_takes(capsys, option):
    value, text = WRONG[option]
    with pytest.raises(SystemExit) as end:
        parser().parse_args(["train", option, value])
    said = capsys.readouterr().err
    assert end.value.code == 2
    assert said.startswith("nnlit train: argument --")
    assert text in said
    assert said.endswith("; see nnlit train --help\n")


RIGHT = {
    "--holdout": ("0", 0.0), "--hidden": ("1", [1]), "--epochs": ("1", 1), "--batch-size": ("full", 0),
    "--learning-rate": ("1e-300", 1e-300), "--lr": ("7", 7.0), "--l2": ("0", 0.0), "--dropout": ("0.5", 0.5),
    "--smoothing": ("0", 0.0), "--shift": ("0", 0), "--validation": ("0.999", 0.999), "--patience": ("1", 1),
    "--seed": ("0", 0), "--every": ("1", 1), "--out": ("a", "a"), "--checkpoint": ("a", "a"), "--resume": ("a", "a"),
    "--data": ("a", "a"),
}  # fmt: skip


@pytest.mark.parametrize("option", RIGHT)
def test_an_option_reads_its_value(option):
    text, value = RIGHT[option]
    name = {"--lr": "learning_rate"}.get(option, option[2:].replace("-", "_"))
    found = vars(parser().parse_args(["train", option, text]))
    assert found[name] == value
    assert type(found[name]) is type(value)
    known = ("command", "function")
    assert [k for k, v in found.items() if v is not None and v is not False and k not in known] == [name]


def test_batches_are_all_images_or_so_many():
    sizes = [parser().parse_args(["train", "--batch-size", text]).batch_size for text in ("full", "0", "1", "64")]
    assert sizes == [0, 0, 1, 64]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("evaluate m.npz --data a --transpose --json", {"data": "a", "transpose": True, "json": True}),
        ("evaluate m.npz", {"model": "m.npz", "data": None, "transpose": False, "json": False}),
        ("predict m.npz a b --show --as-is", {"images": ["a", "b"], "show": True, "as_is": True}),
        ("predict m.npz - --probabilities --out x", {"images": ["-"], "probabilities": True, "out": "x"}),
        ("predict m.npz a --transpose", {"transpose": True, "as_is": False, "out": None}),
        ("info m.npz", {"model": "m.npz", "command": "info"}),
        ("train --hidden", {"hidden": []}),
        ("train --hidden 3 4 --json --transpose", {"hidden": [3, 4], "json": True, "transpose": True}),
        ("check a.md b.md --strict --quiet --json", {"files": ["a.md", "b.md"], "strict": True, "quiet": True,
         "json": True, "init": False, "explain": None}),
        ("check a.md --init --explain eq", {"init": True, "explain": "eq", "strict": False, "quiet": False}),
    ],
)  # fmt: skip
def test_the_words_of_each_command(words, wanted):
    found = vars(parser().parse_args(words.split()))
    assert {name: found[name] for name in wanted} == wanted
    assert found["function"].__name__ == words.split()[0]


@pytest.mark.parametrize("words", ["", "predict m.npz", "check", "info", "train --epo 3", "evaluate", "frog"])
def test_what_a_command_cannot_do_without(capsys, words):
    with pytest.raises(SystemExit) as end:
        parser().parse_args(words.split())
    assert end.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(
    ("cell", "text"),
    [("a", "a"), ("a,b", '"a,b"'), ('a"b', '"a""b"'), ("a\nb", '"a\nb"'), (3, "3"), ("a b", "a b")],
)
def test_a_cell_is_quoted_where_it_must_be(cell, text):
    assert quoted(cell) == text


def test_options_as_they_are_typed():
    assert typed_words({"hidden": [3, 4], "json": True, "learning_rate": 0.1, "out": "a b"}) == [
        "--hidden", "3", "4", "--json", "--learning-rate", "0.1", "--out", "a b"
    ]  # fmt: skip
    assert as_typed({"out": "a b"}) == "--out 'a b'"
    assert typed("--resume", "run 1.npz") == "nnlit train --resume 'run 1.npz'"


def test_a_row_of_the_confusion_matrix():
    assert cli.row(np.array([0, 12, 3])) == "     .    12     3"


@pytest.mark.parametrize("gap", [0.0299, 0.0301, None])
def test_overfitting_is_said_from_three_points(gap):
    images, labels = np.zeros((10_000, 784), np.uint8), np.arange(10_000) % 4
    data = Mnist(images, labels, images, labels)
    found = {"train_accuracy": 0.9, "test_accuracy": 0.9 - (gap or 0), "test_on": None if gap is None else "test"}
    lines = findings(None, Recipe(l2=1e-4), data, found, [])
    assert lines == ([] if gap != 0.0301 else [
        ("the two are 3.0 points apart, which is called overfitting; "
        "more images, --shift 1 or --dropout 0.2 may narrow it")
    ])  # fmt: skip


def test_early_stopping_is_told():
    watch = Watch(RECIPES["wide"], 2, 3)
    watch.epoch, watch.stop.epoch = 7, 5
    assert watch.kept == 5
    assert watch.story() == [
        "it went on from epoch 3",
        f"ended after epoch 7 of {watch.epochs:,}: the validation loss no longer fell",
        "kept is the network of epoch 5, the best one on the validation part",
    ]
    watch.interrupted = True
    assert watch.story()[1] == f"interrupted after epoch 7 of {watch.epochs:,}; what was learned is kept"
    other = Watch(watch.recipe, None, 0)
    other.epoch = other.epochs
    assert (other.story(), other.kept, other.best) == ([], other.epochs, None)
    assert str(other.diverged("frog")) == (
        f"training has diverged: frog; try --learning-rate {watch.recipe.learning_rate / 10:g}"
    )


# What was probably meant

MEANT = {
    "train train.csv": "train --data train.csv",
    "train --data train.csv test.csv": "train --data train.csv",
    "train --batch_size 3": "train --batch-size 3",
    "train --learning_rate=0.1": "train --learning-rate 0.1",
    "train --Epochs 3": "train --epochs 3",
    "train --epoch 3": "train --epochs 3",
    "train -e 3 -b full": "train --epochs 3 --batch-size full",
    "train --hidden 3,4": "train --hidden 3 4",
    "train --hidden 30x20 --json": "train --hidden 30 20 --json",
    "train --layers (30,) --seed 1": "train --hidden 30 --seed 1",
    "train --optimizer Adam": "train --optimizer adam",
    "train --optimizer SGD --activation Logistic": "train --optimizer gd --activation sigmoid",
    "train --loss cross-entropy --init xavier": "train --loss softmax --init glorot",
    "train --verbose": "train",
    "train --save m.npz": "train --out m.npz",
    "train --model m.npz": "train --out m.npz",
    "train --test-size 0.2 --random_state 3": "train --holdout 0.2 --seed 3",
    "train --val 0.1 --early-stopping 3": "train --validation 0.1 --patience 3",
    "train --weight_decay 0.1 --label-smoothing 0.1": "train --l2 0.1 --smoothing 0.1",
    "train --augment 1 --drop 0.2": "train --shift 1 --dropout 0.2",
    "train --preset wide --scheduler cosine": "train --recipe wide --schedule cosine",
    "train --normalize zscore --ckpt run.npz --save_every 2": "train --scale standard --checkpoint run.npz --every 2",
    "train --continue run.npz": "train --resume run.npz",
    "train --eta0 0.1 --niter 3": "train --learning-rate 0.1 --epochs 3",
    "train --alpha 0.1 --n-iter 3": "train --learning-rate 0.1 --epochs 3",
    "train --val_size 0.1 --random-seed 3": "train --validation 0.1 --seed 3",
    "train --root mnist --lambda_ 0.1": "train --data mnist --l2 0.1",
    "train --decay cosine --max-shift 1": "train --schedule cosine --shift 1",
    "train --lr 0,01 --epochs 1e3": "train --lr 0.01 --epochs 1000",
    "train --validation 10% --epochs 1_000": "train --validation 0.1 --epochs 1000",
    "train --dropout 12.5% --epochs 20.0": "train --dropout 0.125 --epochs 20",
    "train --l2 1E-4 --epoch 3": "train --l2 0.0001 --epochs 3",
    "train --data 1,5 --epoch 3": "train --data 1,5 --epochs 3",
    "fit": "train",
    "Train --data a": "train --data a",
    "trian": "train",
    "test model.npz": "evaluate model.npz",
    "evaluate model.npz train.csv": "evaluate model.npz --data train.csv",
    "evaluate train.csv model.npz": "evaluate model.npz --data train.csv",
    "evaluate --model model.npz --data train.csv": "evaluate model.npz --data train.csv",
    "predict model.npz --data test.csv": "predict model.npz test.csv",
    "predict --model model.npz test.csv": "predict model.npz test.csv",
    "predict model.npz test.csv --output s.csv --proba": "predict model.npz test.csv --out s.csv --probabilities",
    "classify model.npz a.png b.png --raw": "predict model.npz a.png b.png --as-is",
    "predict model.npz - --frog": "predict model.npz -",
    "show model.npz": "info model.npz",
    "presets": "recipes",
    "verify a.md": "check a.md",
}


@pytest.mark.parametrize("typed_", MEANT)
@pytest.mark.long_but_one_in(4)
def test_a_command_that_does_not_fit_says_what_to_type(capsys, typed_):
    with pytest.raises(SystemExit) as end:
        main(typed_.split())
    said = capsys.readouterr().err
    assert end.value.code == 2
    assert said.count("\n") == 1
    assert f"; type: nnlit {MEANT[typed_]}; see nnlit" in said
    parser().parse_args(MEANT[typed_].split())


@pytest.mark.parametrize("typed_", ["", "frog", "predict model.npz", "info", "train --epochs 0", "evaluate", "check"])
def test_what_cannot_be_told_is_not_guessed(capsys, typed_):
    with pytest.raises(SystemExit):
        main(typed_.split())
    assert "type:" not in capsys.readouterr().err


OPTIONS_OF_OTHERS = {  # a word of others for each of our options
    "--learning-rate": "eta", "--epochs": "e", "--validation": "val_split", "--holdout": "test", "--hidden": "neurons",
    "--loss": "criterion", "--optimizer": "rule", "--batch-size": "bs", "--scale": "preprocess",
    "--activation": "nonlinearity", "--init": "initializer", "--schedule": "lr_schedule", "--l2": "regularization",
    "--dropout": "prob", "--smoothing": "label_smoothing", "--shift": "augmentation", "--patience": "early_stopping",
    "--seed": "rng", "--out": "dest", "--checkpoint": "save_checkpoint", "--every": "checkpoint_every",
    "--resume": "from_checkpoint", "--data": "dataset", "--recipe": "config", "--probabilities": "probs",
    "--as-is": "no_prepare",
}  # fmt: skip
VALUES_OF_OTHERS = {  # a word of others for each value of an option that has one
    "softmax": "ce", "mse": "l2", "gd": "sgd", "sigmoid": "logistic", "uniform": "random", "glorot": "xavier",
    "he": "kaiming", "constant": "none", "unit": "minmax", "standard": "zscore",
}  # fmt: skip
COMMANDS_OF_OTHERS = {
    "train": "learn", "evaluate": "measure", "predict": "submit", "info": "summary", "recipes": "configs",
    "check": "lint",
}  # fmt: skip


@pytest.mark.parametrize(
    ("table", "words"),
    [(meant.OTHER_NAMES, OPTIONS_OF_OTHERS), (meant.WORDS, VALUES_OF_OTHERS), (meant.COMMANDS, COMMANDS_OF_OTHERS)],
)
def test_every_row_of_words_of_others_leads_to_ours(table, words):
    assert table.keys() == words.keys()
    assert {name: meant.nearest(f"--{word}", [name, "frog"], table) for name, word in words.items()} == {
        name: name for name in words
    }
    assert {name: meant.nearest(word, table, table) for name, word in words.items()} == {name: name for name in words}


def test_words_of_others_are_none_of_ours():
    flags = {flag for takes in cli.GRAMMAR.values() for names, _ in takes for flag in names if flag.startswith("--")}
    assert set(meant.OPTIONS) <= flags
    assert meant.COMMANDS.keys() == {command.__name__ for command in cli.GRAMMAR}
    assert set(meant.WORDS) <= {word for table in recipes.CHOICES.values() for word in table}
    assert {argument for argument, _ in meant.OPTIONS.values()} <= {"", *calls.OTHERS}
    every = [word for _, words in meant.OPTIONS.values() for word in words.split()]
    assert len(set(every)) == len(every)
    twice = [flag for flag, (argument, words) in meant.OPTIONS.items() if {*words.split()} & {*argued(argument)}]
    assert twice == []  # what an argument is called is said once, where calls are explained


def argued(argument):
    return calls.OTHERS.get(argument, "").split()


def test_images_in_the_place_of_the_network_are_said(capsys, folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copy(folder / "train.csv", "train.csv")
    main(["train", "--data", "train.csv", "--epochs", "1", "--out", "model.npz"])
    capsys.readouterr()
    another = "expected an .npz file of plain arrays, but it is text; nnlit.save and `nnlit train --out` write what is "
    another += "read here"
    for words, mend in (
        (["predict", "train.csv", "model.npz"], "; type: nnlit predict model.npz train.csv"),
        (["evaluate", "train.csv"], ""),
        (["info", "train.csv"], ""),
    ):
        assert main(words) == 2
        assert capsys.readouterr().err == f"nnlit {words[0]}: train.csv: {another}{mend}\n"
    Path("broken.npz").write_bytes(Path("model.npz").read_bytes()[:-9])
    assert main(["info", "broken.npz"]) == 2
    assert "damaged" in capsys.readouterr().err


def test_a_packed_table_alone_in_a_folder_is_read(capsys, folder, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "test.csv.gz").write_bytes(gzip.compress((folder / "test.csv").read_bytes()))
    assert main(["predict", str(folder / "model.npz"), str(tmp_path / "in")]) == 0
    found = capsys.readouterr().out
    assert main(["predict", str(folder / "model.npz"), str(folder / "test.csv")]) == 0
    assert found == capsys.readouterr().out


def test_names_with_stars_are_found_where_the_shell_has_not(folder, monkeypatch):
    monkeypatch.chdir(folder)
    for name in ("b1.txt", "b2.txt", "[b]3.txt"):
        Path(name).touch()
    assert expanded(["b*.txt", "a.png", "z*", "b1.txt"]) == ["b1.txt", "b2.txt", "a.png", "z*", "b1.txt"]
    assert expanded(["[b]3.txt"]) == ["[b]3.txt"]


def test_predict_reads_all_pictures_that_a_star_names(capsys, folder, monkeypatch):
    monkeypatch.chdir(folder)
    for name in ("c2.png", "c1.png"):
        Image.fromarray(load_mnist().X_test[0].reshape(28, 28)).save(name)
    status, out, _ = run(capsys, "predict", "model.npz", "c?.png")
    assert (status, [line.partition(",")[0] for line in out]) == (0, ["File", "c1.png", "c2.png"])

# Choices of the command, each by its effect


@pytest.mark.parametrize(
    "typed_",
    ["--vers", "train --epoch 1", "evaluate model.npz --dat a", "predict model.npz a.png --prob", "check a.md --str",
     "predict model.npz a.png --o b", "train --see 1", "evaluate model.npz --trans", "check a.md --expl x"],
)  # fmt: skip
def test_an_option_is_typed_in_full(capsys, typed_):
    with pytest.raises(SystemExit) as end:
        main(typed_.split())
    assert end.value.code == 2
    assert re.search("unrecognized arguments|are required", capsys.readouterr().err)


@pytest.mark.parametrize(("before", "after"), [(None, "1"), ("3", "3")])
def test_check_computes_on_one_thread_unless_told_otherwise(capsys, tmp_path, monkeypatch, before, after):
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", before or "")
    if before is None:
        monkeypatch.delenv("OPENBLAS_NUM_THREADS")
    (tmp_path / "a.md").write_text("$$1 + 1 = 2$$\n")
    run(capsys, "check", tmp_path / "a.md")
    assert os.environ["OPENBLAS_NUM_THREADS"] == after


class Stream(io.TextIOWrapper):
    """A stream to a pipe, which keeps what is written until it is flushed."""

    def __init__(self, *, tty=False):
        super().__init__(io.BytesIO(), encoding="utf-8")
        self.tty = tty

    def isatty(self):
        return self.tty

    @property
    def arrived(self):
        return self.buffer.getvalue().decode()


def test_what_is_printed_arrives_at_once(monkeypatch):
    """A person who watches a pipe, or a log file, sees the story while it happens."""
    stream, seen = Stream(), []

    def training(*_):
        seen.append(stream.arrived)
        raise ValueError("enough")

    monkeypatch.setattr(sys, "stdout", stream)
    watch = Watch(RECIPES["optimizers"], None, 0)
    watch(1, None, {"loss": 0.5, "seconds": 1.0})
    assert stream.arrived == "epoch     1  loss 0.5\n"
    tell_training(FOUND | {"train_loss": 0.25}, ["a word"])
    assert stream.arrived.endswith("a word\n1.0 s\n")
    monkeypatch.setattr("nnlit.cli.trained", training)
    assert main(["train", "--epochs", "1"]) == 2
    assert seen[0].endswith("the sample that comes with nnlit: 5,000 images to train on, 1,000 to test on\n"
                            f"{replace(RECIPES['optimizers'], epochs=1)}\n")  # fmt: skip


FOUND = {
    "train_accuracy": 0.5, "test_accuracy": 0.25, "test_on": "test", "train_loss": 0.1, "train_images": 10,
    "test_images": 4, "seconds": 1.0,
}  # fmt: skip


def test_a_picture_beside_a_table_is_refused_and_a_broken_one_beside_others_is_not(capsys, tmp_path, folder):
    Image.fromarray(load_mnist().X_test[0].reshape(28, 28)).save(tmp_path / "a.png")
    status, out, err = run(capsys, "predict", folder / "model.npz", tmp_path / "a.png", folder / "test.csv")
    assert (status, out) == (2, [])
    assert err[-1].endswith("expected tables or pictures, but there are both; give them one after the other")
    (tmp_path / "b.png").write_bytes(b"\x89PNG\r\n\x1a\nxx")
    status, out, err = run(capsys, "predict", folder / "model.npz", tmp_path)
    assert (status, len(out)) == (2, 2)
    assert "b.png: expected a picture" in err[-1]


def test_the_json_of_a_command_has_these_fields(capsys, folder, tmp_path):
    words = ["train", *QUICK, "--data", folder / "train.csv", "--seed", 3]
    found = results(capsys, *words, "--out", tmp_path / "m.npz")
    measured = {"train_accuracy", "test_accuracy", "test_on", "train_loss", "train_images", "test_images"}
    assert found.keys() == measured | {"seconds", "epochs", "recipe", "seed", "out"}
    assert (found["seed"], found["out"]) == (3, str(tmp_path / "m.npz"))
    found = results(capsys, "evaluate", folder / "model.npz")
    assert found.keys() == {"accuracy", "test_on", "images", "confusion"}


@pytest.mark.parametrize(("out", "err", "prints"), [(True, True, False), (True, False, True), (False, True, True)])
def test_epochs_are_printed_unless_there_is_a_screen_for_a_bar(monkeypatch, out, err, prints):
    monkeypatch.setattr(sys, "stdout", Stream(tty=out))
    monkeypatch.setattr(sys, "stderr", Stream(tty=err))
    assert Watch(RECIPES["optimizers"], None, 0).prints == prints


# Parts of the command, alone


def some(m, k=0, names=tuple("0123456789")):
    """A data set of m images to train on and k to test on."""
    X = np.random.default_rng(0).integers(0, 256, (m + k, 784)).astype(np.uint8)
    y = np.arange(m + k) % len(names)
    data = Mnist(X[:m], y[:m], X[m:], y[m:])
    data.names = names
    return data


@pytest.mark.parametrize(
    ("data", "holdout", "sizes", "what"),
    [
        (some(20, 5), 0.1, (20, 5), "test"), (some(20, 5), 0.0, (20, 5), "test"), (some(20), 0.0, (20, 0), None),
        (some(20, names=("a", "b")), 0.25, (15, 5), "holdout"), (some(2), 0.5, (1, 1), "holdout"),
    ],
)  # fmt: skip
def test_what_is_tested_on(monkeypatch, data, holdout, sizes, what):
    monkeypatch.setattr(cli, "labelled", lambda path, transpose: data if (path, transpose) == ("a", True) else None)
    options = SimpleNamespace(data="a", transpose=True, holdout=holdout, seed=3)
    (X, y), parted, test_on = cli.with_test_set(options)
    assert X is data.X_train
    assert y is data.y_train
    assert (len(parted.y_train), len(parted.y_test), test_on, parted.names) == (*sizes, what, data.names)
    assert (parted is data) == (what != "holdout")


@pytest.mark.parametrize(
    ("data", "holdout", "text"),
    [
        (some(0, 5), 0.1, "a: expected images and labels to train on, but there are only some to test on"),
        (some(9), 0.001, "a: --holdout 0.001 of 9 images leaves 9 and 0; expected some in both parts"),
        (some(9), 0.999, "a: --holdout 0.999 of 9 images leaves 0 and 9; expected some in both parts"),
    ],
)
def test_a_part_without_images_is_refused(monkeypatch, data, holdout, text):
    monkeypatch.setattr(cli, "labelled", lambda *_, **__: data)
    with pytest.raises(DataError) as error:
        cli.with_test_set(SimpleNamespace(data="a", transpose=False, holdout=holdout, seed=0))
    assert str(error.value) == text


@pytest.mark.parametrize(
    ("data", "held", "part", "found", "said"),
    [
        (some(6), None, 0.0, "all", False), (some(6), None, 0.006, "all", True), (some(6), None, 0.005, "all", False),
        (some(6), (1, 2), 0.9, "holdout", False), (some(6, 3), (1, 2), 0.9, "test", True),
        (some(6, 3), None, 0.0, "test", False),
    ],
)  # fmt: skip
def test_what_is_evaluated_on(capsys, monkeypatch, data, held, part, found, said):
    asked = []

    class Began:
        def held_out(self, X, y):
            assert (X is data.X_train, y is data.y_train) == (True, True)
            return held

        def part_seen(self, X):
            asked.append(X)
            return part

    options = SimpleNamespace(model="m.npz")
    for origin in (None, Began()):
        monkeypatch.setattr(cli, "read_origin", lambda path, origin=origin: origin if path == "m.npz" else 1 / 0)
        X, y, what = cli.unseen(options, data)
        if origin is None or found != "holdout":
            test = bool(len(data.y_test))
            assert X is (data.X_test if test else data.X_train)
            assert y is (data.y_test if test else data.y_train)
            assert what == ("test" if test else "all")
        else:
            assert (X, y, what) == (1, 2, "holdout")
        err = capsys.readouterr().err
        assert err == (
            f"nnlit: about {part:.0%} of these images were learned from: this is no estimate of how it reads others\n"
            if said and origin
            else ""
        )
    assert len(asked) == (found != "holdout")


BEGUN = {"epochs": 4, "data": "train.csv"}
SETTLED = {  # words of a training that goes on, those with which another was begun, and what is refused
    "--seed 3": (BEGUN, "the training was begun with --seed 0 and goes on so; leave out --seed 3"),
    "--seed 0": (BEGUN, None), "--epochs 4": (BEGUN, None), "--data b": (BEGUN, None), "--out m.npz": (BEGUN, None),
    "--every 3": (BEGUN, None),
    "--epochs 9": (BEGUN, ("the training was begun with --epochs 4 and goes on so; leave out --epochs 9")),
    "--epochs 8": (BEGUN | {"recipe": "training"}, None),
    "--transpose": (BEGUN, "the training was begun without --transpose and goes on so; leave out --transpose"),
    "--patience 3": (BEGUN, "the training was begun without --patience and goes on so; leave out --patience 3"),
    "--patience 3 ": (BEGUN | {"patience": 3}, "--patience needs a validation part; add --validation 0.1"),
    "--patience  3": (BEGUN | {"patience": 3, "validation": 0.1}, None),
    "--hidden 5 6": (BEGUN, "the training was begun with --hidden 10 and goes on so; leave out --hidden 5 6"),
    "--hidden 10": (BEGUN, None), "--l2 0": (BEGUN, None),
    "--l2 0.5": (BEGUN, "the training was begun with --l2 0.0 and goes on so; leave out --l2 0.5"),
}  # fmt: skip


@pytest.mark.parametrize("typed_", SETTLED)
def test_a_training_goes_on_as_it_was_begun(monkeypatch, typed_):
    begun, text = SETTLED[typed_]
    monkeypatch.setattr(cli, "begun_with", lambda path: dict(begun) if path == "run.npz" else 1 / 0)
    options = parser().parse_args(["train", "--resume", "run.npz", *typed_.split()])
    if text is None:
        found = cli.settled(options)
        assert found.words == cli.typed_words(begun | cli.given(options))
        assert (found.epochs, found.resume, found.seed) == (options.epochs or 4, "run.npz", 0)
        return
    with pytest.raises(ValueError, match=r"begun|needs") as error:
        cli.settled(options)
    more = "; the cosine schedule falls to zero at the last epoch" * ("epochs" in typed_)
    end = f", or begin another with --checkpoint{more}" if "begun" in text else ""
    assert str(error.value) == f"{'run.npz: ' * ('begun' in text)}{text}{end}"


def test_a_new_training_has_what_is_usual():
    found = cli.settled(parser().parse_args(["train", "--holdout", "0", "--json"]))
    assert (found.words, found.holdout) == (["--holdout", "0.0"], 0.0)
    assert (found.validation, found.seed, found.every) == (0.0, 0, 1)
    assert (found.recipe, found.json, found.out, found.data) == (BEST, True, None, None)
    with pytest.raises(ValueError, match=r"^--patience needs a validation part; add --validation 0\.1$"):
        cli.settled(parser().parse_args(["train", "--patience", "3"]))


PLACES = {  # out, checkpoint, resume, whether --every was typed, and what is wrong
    ("a.npz", "b.npz", None, True): None, (None, None, "c.npz", True): None, ("a.npz", None, None, False): None,
    ("a.npz", None, None, True): "--every says how often a checkpoint is written; add --checkpoint run.npz",
    (None, "b.npz", "c.npz", False): "--resume c.npz is written on; leave out --checkpoint",
    ("a.npz", "./a.npz", None, False):
        "expected two files, but the checkpoint and --out are both a.npz; name another",
    ("c.npz", None, "c.npz", False): "expected two files, but the checkpoint and --out are both c.npz; name another",
}  # fmt: skip


@pytest.mark.parametrize("places", PLACES, ids=str)
def test_places_of_a_training(monkeypatch, tmp_path, places):
    monkeypatch.chdir(tmp_path)
    looked = []
    monkeypatch.setattr(cli, "check_destination", looked.append)
    out, checkpoint, going_on, every = places
    options = SimpleNamespace(out=out, checkpoint=checkpoint, resume=going_on, words=["--every"] * every)
    if PLACES[places] is None:
        cli.check_places(options)
    else:
        with pytest.raises(ValueError, match=r"resume|every|two files") as error:
            cli.check_places(options)
        assert str(error.value) == PLACES[places]
    assert looked == [place for place in places[:3] if place]


@pytest.mark.parametrize(("ended", "refused"), [(1, True), (3, True), (4, False)])
def test_a_training_that_is_not_at_its_end_is_not_written_over(monkeypatch, tmp_path, ended, refused):
    monkeypatch.chdir(tmp_path)
    Path("run.npz").touch()
    monkeypatch.setattr(cli, "read_checkpoint", lambda _: (None, {"records": [{}] * ended}, None))
    monkeypatch.setattr(cli, "begun_with", lambda _: dict(BEGUN))
    options = SimpleNamespace(out=None, checkpoint="run.npz", resume=None, words=[])
    with pytest.raises(ValueError, match=r"^run\.npz: a training is kept there") if refused else nullcontext():
        cli.check_places(options)


@pytest.mark.parametrize("kept", [True, False])
def test_a_training_that_went_on_may_be_interrupted_again(capsys, folder, tmp_path, monkeypatch, kept):
    monkeypatch.chdir(tmp_path)
    call = cli.Watch.__call__
    words = ["--epochs", 6, "--data", folder / "train.csv"]
    if kept:
        cut_off(capsys, monkeypatch, 2, "train", "--checkpoint", "run.npz", *words)

    def stopped(self, now, network, record):
        if now == 4:
            raise KeyboardInterrupt
        return call(self, now, network, record)

    monkeypatch.setattr(cli.Watch, "__call__", stopped)
    status, out, _ = run(capsys, "train", *(["--resume", "run.npz"] if kept else words))
    assert status == 130
    assert "interrupted after epoch 3 of 6; what was learned is kept" in out
    assert (out[-1] == "to go on: nnlit train --resume run.npz") == kept
    assert any("to go on" in line for line in out) == kept


@pytest.mark.parametrize(
    ("checkpoint", "going_on", "there", "said"),
    [
        ("run.npz", None, True, "--resume run.npz"), ("run.npz", None, False, "--seed 3"),
        (None, "run.npz", True, "--resume run.npz"), (None, "run.npz", False, "--seed 3"),
        (None, None, True, "--seed 3"),
    ],
)  # fmt: skip
def test_what_saves_a_network_that_was_not_saved(capsys, monkeypatch, tmp_path, checkpoint, going_on, there, said):
    monkeypatch.chdir(tmp_path)
    if there:
        Path("run.npz").touch()
    options = SimpleNamespace(out=None, checkpoint=checkpoint, resume=going_on, words=["--seed", "3"])
    cli.keep(options, None, None)
    assert capsys.readouterr().out == f"not saved; this saves it: nnlit train {said} --out model.npz\n"


def examples(learned=None, **options):
    """What predict was given, with a network that answers by the first pixels."""
    network = SimpleNamespace(learned=learned, predict=lambda X: X[:, :3].astype(np.float32))
    usual = {"transpose": False, "probabilities": False, "show": False, "as_is": False}
    return cli.Examples(SimpleNamespace(**usual | options), network)


def row_of(*pixels):
    """An image whose first pixels are given, with ink in its middle."""
    x = np.zeros(784, np.uint8)
    x[: len(pixels)] = pixels
    x[400] = 200
    return x


@pytest.mark.parametrize(
    ("X", "learned", "said"),
    [
        (np.array([row_of(1), row_of(2)]), None, ""),
        (np.array([row_of(), np.zeros(784, np.uint8), np.zeros(784, np.uint8)]), None,
         "nnlit: a: 2 of 3 images are blank, the first is number 2\n"),
        (np.full((3, 784), 255, np.uint8), None, f"nnlit: a: {mnist.INVERTED}\n"),
        (np.eye(784, dtype=np.uint8)[:3], Range("f", 0.0, 1.0), ""), (np.zeros((0, 784), np.uint8), None, ""),
        (np.zeros((1, 784), np.uint8), None, "nnlit: a: 1 of 1 images are blank, the first is number 1\n"),
    ],
)  # fmt: skip
def test_what_is_said_of_a_table(capsys, X, learned, said):
    assert examples(learned).checked("a", X) is X
    assert capsys.readouterr().err == said


@pytest.mark.parametrize("learned", [None, Range("u", 0.0, 255.0), Range("f", 0.0, 1.5)])
def test_pixels_of_0_and_1_are_refused_unless_they_were_learned_from(learned):
    with pytest.raises(DataError, match="a: expected pixels from 0 to 255, but all are 0 or 1; multiply them by 255"):
        examples(learned).checked("a", np.eye(784, dtype=np.uint8)[:3])
    X = np.eye(784, dtype=np.uint8)[:3] * 2
    assert examples(learned).checked("a", X) is X


def test_the_answer_of_tables_and_of_pictures(capsys):
    given = examples()
    given.rows = [np.array([row_of(0, 3, 1), row_of(9, 0, 0)]), np.array([row_of(0, 0, 4)])]
    assert given.lines() == ["ImageId,Label", "1,1", "2,0", "3,2"]
    given.options.probabilities = True
    assert given.lines()[:2] == ["ImageId,Label,p0,p1,p2", "1,1,0.0420,0.8438,0.1142"]
    given = examples()
    given.add_picture("a,b.png", row_of(0, 3, 1), ["turned", "scaled"])
    given.add_picture('c".png', row_of(9, 0, 0), [])
    assert given.lines() == ["File,Label,Probability", '"a,b.png",1,0.8438', '"c"".png",0,0.9998']
    assert capsys.readouterr().err == "nnlit: a,b.png: turned, scaled\n"
    given.options.probabilities = True
    assert given.lines()[0] == "File,Label,p0,p1,p2"
    given.options.show = True
    given.add_picture("d.png", row_of(255), [])
    out, err = capsys.readouterr()
    assert (out, err) == ("", f"{show(row_of(255))}\n")
    given.rows.append(np.array([row_of(1)]))
    with pytest.raises(DataError, match="expected tables or pictures, but there are both; give them one after"):
        given.lines()
    empty = examples()
    empty.refused = ["a: odd", "b: odd"]
    with pytest.raises(DataError, match=r"^a: odd; b: odd$"):
        empty.lines()


def test_turned_images_are_read_turned():
    given = examples(transpose=True)
    x = np.zeros((28, 28), np.uint8)
    x[1, 0] = 9  # which stands second when it is turned
    given.rows = [x.reshape(1, 784)]
    assert given.lines() == ["ImageId,Label", "1,1"]


def test_a_warning_is_shown_once(capsys):
    shown = cli.Once()
    for message in ("a  b\nc", UserWarning("a b c"), "d", "a b c"):
        shown(message, UserWarning, "file", 3, file=None, line=None)
    assert capsys.readouterr().err == "nnlit: a b c\nnnlit: d\n"


@pytest.mark.parametrize(
    ("found", "more", "lines"),
    [
        ({"test_on": "test", "test_accuracy": 0.5, "test_images": 2000}, ["said"],
         ["training   90.00% of 1,000 images, loss 0.1235", "test       50.00% of 2,000 images", "said", "2.3 s"]),
        ({"test_on": "holdout", "test_accuracy": 1.0, "test_images": 3}, [],
         ["training   90.00% of 1,000 images, loss 0.1235", "holdout   100.00% of 3 images", "2.3 s"]),
        ({"test_on": None, "test_accuracy": None, "test_images": 0}, ["a", "b"],
         ["training   90.00% of 1,000 images, loss 0.1235", "a", "b", "2.3 s"]),
    ],
)  # fmt: skip
def test_what_a_training_found_is_told(capsys, found, more, lines):
    tell_training({"train_loss": 0.12346, "train_accuracy": 0.9, "train_images": 1000, "seconds": 2.34} | found, more)
    assert capsys.readouterr().out.splitlines() == lines


@pytest.mark.parametrize(("tested", "part"), [(False, 0.25), (True, 0.0)])
def test_what_a_training_leaves_behind(capsys, tmp_path, monkeypatch, tested, part):
    monkeypatch.chdir(tmp_path)
    data = some(40, 10 * tested)
    monkeypatch.setattr(cli, "load_mnist", lambda *_, **__: data)
    monkeypatch.setattr(cli, "perf_counter", iter([10.0, 12.3456789]).__next__)
    words = ["--holdout", "0.25", "--epochs", "2", "--batch-size", "8", "--seed", "5", "--out", "m.npz"]
    found = results(capsys, "train", *words)
    assert (found["seconds"], found["epochs"], found["seed"], found["out"]) == (2.346, 2, 5, "m.npz")
    assert (found["train_images"], found["test_images"]) == ((40, 10) if tested else (30, 10))
    assert found["test_on"] == ("test" if tested else "holdout")
    assert found["recipe"] == json.loads(json.dumps(asdict(replace(RECIPES[BEST], epochs=2, batch_size=8))))
    origin = cli.read_origin("m.npz")
    assert (origin.holdout, origin.seed) == (part, 5)
    assert origin.part_seen(data.X_train) == (1.0 if tested else 0.75)
    held = origin.held_out(data.X_train, data.y_train)
    assert held is None if tested else len(held[1]) == 10
