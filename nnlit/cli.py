"""The `nnlit` command: train a network, evaluate it, predict with it, look at it."""

import argparse
import json
import math
import os
import shlex
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, fields
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import Any, NoReturn

import numpy as np

from nnlit.checkpoints import Checkpoint, OtherTrainingError, read_checkpoint
from nnlit.data import Array, show
from nnlit.diagnosis import diagnose
from nnlit.doors import PICTURES, NothingLearnedWarning
from nnlit.files import (
    DataError,
    Entry,
    Source,
    check_destination,
    entries_of,
    folder_entries,
    kind_of,
    one_line,
    opened,
    unpacked,
    write_atomically,
)
from nnlit.meant import meant
from nnlit.mnist import INVERTED, Mnist, found_in, is_inverted, load_mnist
from nnlit.network import Network, leaves, load, save
from nnlit.origin import Origin, holdout, read_origin
from nnlit.pictures import picture_of
from nnlit.recipes import (
    ACTIVATIONS,
    BEST,
    LOSSES,
    OPTIMIZERS,
    RECIPES,
    SCALES,
    SCHEDULES,
    STARTS,
    WORDS,
    Recipe,
    one_thread,
)
from nnlit.regularization import EarlyStopping
from nnlit.results import DivergenceError, Interrupted
from nnlit.results import told as record_told
from nnlit.softmax import softmax
from nnlit.training import accuracy, confusion_matrix, fit

# The commands


def train(options: argparse.Namespace) -> int:
    """Train a network, say how good it is, and save it if asked to."""
    options = settled(options)
    check_places(options)
    recipe = Recipe(**{f.name: getattr(options, f.name) for f in fields(Recipe)})
    whole, data, test_on = with_test_set(options)
    print(f"{told(options, data, test_on)}\n{recipe.told(len(data.names))}", flush=True)
    start = perf_counter()
    network, watch = trained(options, recipe, data)
    seconds = round(perf_counter() - start, 3)
    with one_thread():
        found = measures(network, recipe, data, test_on) | {"seconds": seconds, "epochs": watch.kept}
    tell_training(found, [*watch.story(), *findings(network, recipe, data, found, watch.doubts)])
    part = options.holdout if test_on == "holdout" else 0
    keep(options, network, Origin.of(*whole, part, options.seed, data.X_train))
    if watch.interrupted and (path := options.checkpoint or options.resume) and Path(path).exists():
        print(f"to go on: {typed('--resume', path)}")
    if options.json:
        tell(found | {"recipe": asdict(recipe), "seed": options.seed, "out": options.out})
    return 130 if watch.interrupted else 0


# The options of a training: those given, those it was begun with, and what is usual

USUAL = {"recipe": BEST, "holdout": 0.1, "validation": 0.0, "seed": 0, "every": 1}
FREE = {"data", "epochs", "every", "out"}  # what may be another when a training goes on
OWN = {"checkpoint", "resume", "json", "command", "function"}  # of one call, and not of a training


def given(options: argparse.Namespace) -> dict[str, Any]:
    """The options of a training that were given, by name."""
    named = {name: value for name, value in vars(options).items() if name not in OWN}
    there = {name: value for name, value in named.items() if value is not None and value is not False}
    return {name: tuple(value) if isinstance(value, list) else value for name, value in there.items()}  # as recipes


def effective(options: dict[str, Any]) -> dict[str, Any]:
    """All options of a training, when some were given."""
    recipe = RECIPES[options.get("recipe", BEST)]
    return asdict(recipe) | USUAL | options


def begun_with(path: str) -> dict[str, Any]:
    """The options that were given when a training began, from its checkpoint."""
    _, saved, _ = read_checkpoint(path)
    if not saved["about"]:
        text = "expected a checkpoint that `nnlit train --checkpoint` wrote, but it was written by fit"
        raise DataError(f"{path}: {text}; nnlit.resume goes on with it")
    try:
        return given(parser(Reread).parse_args(["train", *saved["about"]]))
    except ValueError as error:
        raise DataError(f"{path}: it was begun with words that are not known here ({error})") from error


def settled(options: argparse.Namespace) -> argparse.Namespace:
    """The options, with those filled in that were not given: as a training was begun that goes on, else as usual."""
    now, before = given(options), {} if options.resume is None else begun_with(options.resume)
    was, after = effective(before), effective(before | now)
    fixed = [name for name in now if name not in FREE or (name == "epochs" and was["schedule"] == "cosine")]
    for name in fixed if before else ():
        if after[name] != was.get(name):
            known = was.get(name) is not None
            begun = f"with {as_typed({name: was[name]})}" if known else f"without {as_typed({name: True})}"
            text = f"the training was begun {begun} and goes on so; leave out {as_typed({name: now[name]})}"
            why = "; the cosine schedule falls to zero at the last epoch" if name == "epochs" else ""
            raise ValueError(f"{options.resume}: {text}, or begin another with --checkpoint{why}")
    if after.get("patience") and not after["validation"]:
        raise ValueError("--patience needs a validation part; add --validation 0.1")
    return argparse.Namespace(**vars(options) | after, words=typed_words(before | now))


def typed_words(options: dict[str, Any]) -> list[str]:
    """Options as they are typed."""
    typed: list[str] = []
    for name, value in options.items():
        values = list(value) if isinstance(value, list | tuple) else [value] * (value is not True)
        typed += [f"--{name.replace('_', '-')}", *map(str, values)]
    return typed


def as_typed(options: dict[str, Any]) -> str:
    """Options as they are typed, in one line."""
    return shlex.join(typed_words(options))


def typed(*more: str) -> str:
    """A command to type."""
    return shlex.join(["nnlit", "train", *more])


def check_places(options: argparse.Namespace) -> None:
    """Raise ValueError, of which DataError is one, unless what is asked for can be written where it is asked for."""
    for path in (options.out, options.checkpoint, options.resume):
        if path is not None:
            check_destination(path)
    checkpoint = options.checkpoint or options.resume
    if options.checkpoint and options.resume:
        raise ValueError(f"--resume {options.resume} is written on; leave out --checkpoint")
    if checkpoint and options.out and Path(checkpoint).resolve() == Path(options.out).resolve():
        raise ValueError(f"expected two files, but the checkpoint and --out are both {options.out}; name another")
    if not checkpoint and "--every" in options.words:
        raise ValueError("--every says how often a checkpoint is written; add --checkpoint run.npz")
    if options.checkpoint and Path(checkpoint).exists():
        _, saved, _ = read_checkpoint(checkpoint)
        if len(saved["records"]) < effective(begun_with(checkpoint))["epochs"]:
            text = f"a training is kept there that is not at its end; `{typed('--resume', checkpoint)}` goes on with it"
            raise ValueError(f"{checkpoint}: {text}; else name another file")


def with_test_set(options: argparse.Namespace) -> tuple[tuple[Array, Array], Mnist, str | None]:
    """All images to learn from, those to train and to test on, and what these are: `test`, `holdout`, or none."""
    data = labelled(options.data, transpose=options.transpose)
    X, y = data.X_train, data.y_train
    if not len(y):
        raise DataError(f"{options.data}: expected images and labels to train on, but there are only some to test on")
    if len(data.y_test) or not options.holdout:
        return (X, y), data, "test" if len(data.y_test) else None
    parted = Mnist(*holdout(X, y, options.holdout, options.seed))
    if not len(parted.y_train) or not len(parted.y_test):
        text = f"--holdout {options.holdout} of {len(X)} images leaves {len(parted.y_train)} and {len(parted.y_test)}"
        raise DataError(f"{options.data}: {text}; expected some in both parts")
    parted.names = data.names
    return (X, y), parted, "holdout"


def told(options: argparse.Namespace, data: Mnist, test_on: str | None) -> str:
    """Which images, how many, and how they are split."""
    name = options.data or "the sample that comes with nnlit"
    tested = {"test": "to test on", "holdout": "held out to test on", None: "to test on"}[test_on]
    return f"{name}: {len(data.y_train):,} images to train on, {len(data.y_test):,} {tested}"


def trained(options: argparse.Namespace, recipe: Recipe, data: Mnist) -> tuple[Network, "Watch"]:
    """The trained network, with early stopping the best one on the validation part, and who watched."""
    X, y, validation, K = data.X_train, data.y_train, None, len(data.names)
    if options.validation:
        X, y, *rest = holdout(X, y, options.validation, options.seed + 1)
        validation = (rest[0], rest[1])
    rng, saved = np.random.default_rng(options.seed), None
    start = recipe.network(X, rng, K)
    if options.resume is not None:
        start, saved, rng = read_checkpoint(options.resume)
    watch = Watch(recipe, options.patience, len(saved["records"]) if saved else 0)
    words = options.words or ["--recipe", BEST]  # of a training without options: what is kept is never nothing
    kept = Checkpoint(options.checkpoint or options.resume, options.every, saved, words)
    way = recipe.way(len(X))
    try:
        with one_thread(), watch.listening():
            network = fit(start, X, y, rng=rng, **way, validation=validation, checkpoint=kept, callback=watch).network
    except OtherTrainingError as error:
        if error.what != "examples":
            raise
        text = f"these are not the images that {options.resume} learns from"
        raise DataError(f"{options.data or 'the sample'}: {text}; --data PATH names them") from error
    except DivergenceError as error:
        raise watch.diverged(str(error).removeprefix("fit: ").partition(";")[0]) from error
    except Interrupted as error:
        if not watch.epoch:
            raise
        network, watch.interrupted = watch.best or error.network, True
    return network, watch


class Watch:
    """Called after every epoch: prints how the loss falls, unless a bar on the screen does; asks whether to stop.

    Args:
        recipe: of the training.
        patience: of early stopping, if there is any.
        begun: the number of epochs that had ended when training was stopped before.

    Attributes:
        epoch: the last one.
        interrupted: whether Ctrl-C ended training.
        doubts: why training seems to have learned nothing, if it does.
    """

    def __init__(self, recipe: Recipe, patience: int | None, begun: int) -> None:
        self.recipe, self.epochs, self.begun, self.epoch = recipe, recipe.epochs, begun, begun
        self.interrupted, self.doubts = False, list[str]()
        self.stop = EarlyStopping(patience) if patience else None
        self.prints = not (sys.stdout.isatty() and sys.stderr.isatty())

    @property
    def best(self) -> Network | None:
        """The network that early stopping keeps."""
        return self.stop.best if self.stop else None

    @property
    def kept(self) -> int:
        """The epoch of the network that is kept."""
        return self.stop.epoch if self.stop else self.epoch

    def __call__(self, epoch: int, network: Network, record: dict[str, float]) -> bool:
        """Look at one epoch; True ends training."""
        self.epoch = epoch
        ended = self.stop is not None and self.stop(epoch, network, record)
        often = self.epochs <= 50 or str(epoch).rstrip("0") in ("1", "2", "5")
        if self.prints and epoch > self.begun and (often or ended or epoch == self.epochs):
            print(f"epoch {epoch:>5,}  {record_told(record)}", flush=True)
        return ended

    @contextmanager
    def listening(self) -> Iterator[None]:
        """What `fit` warns of is heard: that nothing was learned is part of the story, the rest is handed on."""
        heard: list[warnings.WarningMessage] = []
        try:
            with warnings.catch_warnings(record=True) as heard:
                warnings.simplefilter("always", NothingLearnedWarning)
                yield
        finally:
            for warning in heard:
                if not isinstance(warning.message, NothingLearnedWarning):
                    warnings.warn(warning.message, stacklevel=2)
        for message in (warning.message for warning in heard):
            if isinstance(message, NothingLearnedWarning):
                if message.growth > 10:
                    raise self.diverged(message.what)
                self.doubts.append(message.what)

    def diverged(self, what: str) -> FloatingPointError:
        """The error of a training that has made a network worse than one with its weights at random."""
        mend = f"try --learning-rate {self.recipe.learning_rate / 10:g}"
        return FloatingPointError(f"training has diverged: {what}; {mend}")

    def story(self) -> list[str]:
        """What is to be said of how training ended."""
        lines = []
        if self.begun:
            lines.append(f"it went on from epoch {self.begun:,}")
        if self.interrupted:
            lines.append(f"interrupted after epoch {self.epoch:,} of {self.epochs:,}; what was learned is kept")
        elif self.epoch < self.epochs:
            lines.append(f"ended after epoch {self.epoch:,} of {self.epochs:,}: the validation loss no longer fell")
        if self.stop:
            lines.append(f"kept is the network of epoch {self.kept:,}, the best one on the validation part")
        return lines


AGAINST_GAP = {"shift": "1", "dropout": "0.2", "l2": "1e-4"}  # options of a recipe, and a value to begin with


def findings(network: Network, recipe: Recipe, data: Mnist, found: dict[str, Any], doubts: list[str]) -> list[str]:
    """What a person should know about a training: that it learned nothing, or that it overfits, and what helps."""
    lines = list(doubts)
    chance = float(np.bincount(data.y_train).max() / len(data.y_train))
    if found["train_accuracy"] < chance + 0.02:
        lines = [f"it has learned nothing: always the most frequent answer is right for {chance:.1%}"]
    if lines:
        return lines + list(map(str, diagnose(network, data.X_train, data.y_train, LOSSES[recipe.loss])[:2]))
    gap = found["train_accuracy"] - found["test_accuracy"] if found["test_on"] else 0
    if gap > 0.03:
        left = [f"--{name} {value}" for name, value in AGAINST_GAP.items() if not getattr(recipe, name)]
        text = f"{' or '.join(filter(None, [', '.join(['more images', *left[:-1]]), *left[-1:]]))} may narrow it"
        counts = {"train_accuracy": len(data.y_train), "test_accuracy": len(data.y_test)}
        error = math.sqrt(sum(found[name] * (1 - found[name]) / n for name, n in counts.items()))
        few = f"which may be chance with {min(counts.values()):,} images"
        what = f"which is called overfitting; {text}" if gap > 2 * error else few
        lines.append(f"the two are {100 * gap:.1f} points apart, {what}")
    return lines


def keep(options: argparse.Namespace, network: Network, origin: Origin) -> None:
    """Save the network if asked to, and name the next command."""
    if options.out is None:
        path = options.checkpoint or options.resume
        again = typed("--resume", path) if path and Path(path).exists() else typed(*options.words)
        print(f"not saved; this saves it: {again} --out model.npz")
        return
    save(network, options.out, origin.arrays())
    print(f"written to {options.out}; next: nnlit predict {options.out} IMAGES")


def labelled(path: str | None, *, transpose: bool = False) -> Mnist:
    """Labelled images from a directory, a file or, without a path, the sample; what is to be known of them is told."""
    data = load_mnist(path, transpose=transpose)
    for note in data.notes:
        remark(note)
    if not len(data.y_train) and not len(data.y_test):
        raise DataError(f"{path}: expected images with labels, but they have none; `nnlit predict` finds labels")
    return data


class Once:
    """Shows each warning in one line, and the same one no second time."""

    def __init__(self) -> None:
        self.shown: set[str] = set()

    def __call__(self, message: Warning | str, *_: Any, **__: Any) -> None:
        """Show a warning."""
        text = " ".join(str(message).split())
        if text not in self.shown:
            self.shown.add(text)
            remark(text)


def remark(text: str) -> None:
    """Say something beside the results."""
    print(f"nnlit: {text}", file=sys.stderr)


def measures(network: Network, recipe: Recipe, data: Mnist, test_on: str | None) -> dict[str, Any]:
    """What is worth knowing after training."""
    X, y, X_test, y_test = data
    return {
        "train_accuracy": accuracy(network, X, y),
        "test_accuracy": accuracy(network, X_test, y_test) if len(y_test) else None,
        "test_on": test_on,
        "train_loss": LOSSES[recipe.loss](network.predict(X), y)[0],
        "train_images": len(X),
        "test_images": len(y_test),
    }


def tell_training(found: dict[str, Any], more: list[str]) -> None:
    """Print what `nnlit train` found, before saving is tried."""
    loss = f"loss {found['train_loss']:.4f}"
    print(f"training  {found['train_accuracy']:7.2%} of {found['train_images']:,} images, {loss}")
    if found["test_on"] is not None:
        print(f"{found['test_on']:<9} {found['test_accuracy']:7.2%} of {found['test_images']:,} images")
    print("\n".join([*more, f"{found['seconds']:.1f} s"]), flush=True)


def tell(found: dict[str, Any]) -> None:
    """Print what was found as JSON, which knows no NaN."""
    print(json.dumps(found, allow_nan=False))


def evaluate(options: argparse.Namespace) -> None:
    """Say how many digits a saved network gets right, and which it takes for which."""
    network, data = classifier(options.model), labelled(options.data, transpose=options.transpose)
    if len(data.names) != (K := network.width(network.n_in)):
        text = f"{options.model}: it knows {K} classes"
        raise DataError(f"{text}, but the labels of {options.data or 'the sample'} are of {len(data.names)}")
    X, y, test_on = unseen(options, data)
    right, C = accuracy(network, X, y), confusion_matrix(network, X, y)
    print(f"{right:.2%} of {len(X):,} images ({test_on})")
    print("a row is a digit, a column what it was taken for")
    print("\n".join(["   " + "".join(f"{k:6}" for k in range(K)), *(f"{k:3}{row(C[k])}" for k in range(K))]))
    if options.json:
        tell({"accuracy": right, "test_on": test_on, "images": len(X), "confusion": C.tolist()})


def unseen(options: argparse.Namespace, data: Mnist) -> tuple[Array, Array, str]:
    """The images to evaluate on: the test images, else those that were held out when the network learned, else all."""
    X, y, test_on = (data.X_test, data.y_test, "test") if len(data.y_test) else (data.X_train, data.y_train, "all")
    origin = read_origin(options.model)
    if origin is None:
        return X, y, test_on
    if test_on == "all" and (held := origin.held_out(X, y)) is not None:
        return *held, "holdout"
    if (part := origin.part_seen(X)) > 0.005:
        remark(f"about {part:.0%} of these images were learned from: this is no estimate of how it reads others")
    return X, y, test_on


def row(counts: Array) -> str:
    """A row of the confusion matrix, with a dot for none."""
    return "".join(f"{count or '.':>6}" for count in counts.tolist())


def predict(options: argparse.Namespace) -> None:
    """Say which digits a saved network sees: in tables of images as Kaggle wants them, in pictures a line each."""
    if options.out is not None:
        check_destination(options.out)
    examples = Examples(options, classifier(options.model))
    for path in expanded(options.images):
        examples.add(path)
    lines = examples.lines()
    if options.out is None:
        print("\n".join(lines))
    else:
        with write_atomically(options.out) as file:
            file.write(("\n".join(lines) + "\n").encode())
        print(f"{len(lines) - 1:,} labels written to {options.out}")
    if examples.refused:
        raise DataError("; ".join(examples.refused))


def expanded(paths: Sequence[str]) -> list[str]:
    """Names of files, with those found for `*.png`, which some shells leave to the command."""
    from glob import glob

    there = {path: [] if Path(path).exists() else sorted(glob(path)) for path in paths}  # noqa: PTH207
    return [found for path in paths for found in there[path] or [path]]


class Examples:
    """The images that `nnlit predict` was given: those of tables have numbers, pictures have names.

    Attributes:
        rows: pixels, a matrix for each table or picture.
        names: of the pictures, or nothing if there are tables.
        refused: what could not be read of several pictures, and why.
    """

    def __init__(self, options: argparse.Namespace, network: Network) -> None:
        self.options, self.network, self.rows, self.names = options, network, list[Array](), list[str]()
        self.refused: list[str] = []

    def add(self, path: str) -> None:
        """Read a table, a picture, or what is in a directory or an archive."""
        path = "/dev/stdin" if path == "-" else path
        if Path(path).is_dir():
            self.add_entries(path, folder_entries(path))
            return
        with opened(path) as source:
            inner = unpacked(source) if kind_of(source) == "gzip" else source
            if (kind := kind_of(inner)) in ("zip", "tar"):
                self.add_entries(path, entries_of(inner, kind))
            else:
                self.add_source(path, inner, Path(path).name)

    def add_entries(self, path: str, entries: Sequence[Entry]) -> None:
        """All pictures of a directory or an archive; else its table or, of several, the images to test on."""
        chosen = [entry for entry in entries if Path(entry.name).suffix.lower() in PICTURES]
        for entry in chosen:
            try:
                with entry.open() as source:
                    self.add_source(str(Path(path, entry.name)), source, entry.name)
            except DataError as error:
                self.refused.append(str(error))
        if not chosen and len(entries) == 1:
            with entries[0].open() as source:
                self.add_source(path, source, entries[0].name)
        elif not chosen:
            self.add_set(path)

    def add_source(self, path: str, source: Source, name: str) -> None:
        """Read a table or a picture; which of them it is, its first bytes say."""
        if kind_of(source) == "picture":
            self.add_picture(path, *picture_of(source, as_is=self.options.as_is))
            return
        images = [f.X for f in found_in(source, name) if f.X is not None]
        if len(images) == 1:
            self.rows.append(self.checked(path, images[0]))
        else:
            self.add_set(path)

    def add_set(self, path: str) -> None:
        """The images to test on of a data set, if it has some, else all."""
        data = load_mnist(path)
        X, which = (data.X_test, "to test on") if len(data.X_test) else (data.X_train, "to train on")
        if not len(X):
            raise DataError(f"{path}: expected images, but there are only labels")
        remark(f"{path}: the {len(X):,} images {which} are read")
        self.rows.append(self.checked(path, X))

    def checked(self, path: str, X: Array) -> Array:
        """The images of a table, if they have ink as those have that were learned from; blank ones are told."""
        learned = self.network.learned
        if len(X) and 0 < X.max() <= 1 and not (learned and learned.high <= 1):
            raise DataError(f"{path}: expected pixels from 0 to 255, but all are 0 or 1; multiply them by 255")
        blank = np.flatnonzero(~X.any(axis=1)) + 1
        if blank.size:
            remark(f"{path}: {blank.size:,} of {len(X):,} images are blank, the first is number {blank[0]}")
        if is_inverted(X):
            remark(f"{path}: {INVERTED}")
        return X

    def add_picture(self, path: str, pixels: Array, done: list[str]) -> None:
        """One picture, and what was done to it."""
        self.names.append(path)
        self.rows.append(pixels[None])
        if done:
            remark(f"{path}: {', '.join(done)}")
        if self.options.show:
            print(show(pixels), file=sys.stderr)

    def lines(self) -> list[str]:
        """The answer as CSV."""
        if not self.rows:
            raise DataError("; ".join(self.refused))
        if self.names and len(self.names) < len(self.rows):
            raise DataError("expected tables or pictures, but there are both; give them one after the other")
        X = np.concatenate(self.rows)
        if self.options.transpose:
            X = np.ascontiguousarray(X.reshape(-1, 28, 28).mT).reshape(-1, 784)
        Z = self.network.predict(X)
        P, labels = softmax(Z.astype(float)), Z.argmax(axis=1)
        head = ["File" if self.names else "ImageId", "Label"]
        columns: list[Sequence[Any]] = [self.names or range(1, len(X) + 1), labels.tolist()]
        if self.options.probabilities:
            head += [f"p{k}" for k in range(P.shape[1])]
            columns += [[f"{p:.4f}" for p in column] for column in P.T.tolist()]
        elif self.names:
            head.append("Probability")
            columns.append([f"{p:.4f}" for p in P.max(axis=1).tolist()])
        return [",".join(map(quoted, row)) for row in [head, *zip(*columns, strict=True)]]


def quoted(cell: Any) -> str:
    """A cell of a CSV file."""
    text = str(cell)
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\n') else text


def info(options: argparse.Namespace) -> None:
    """Say what a saved network is made of."""
    network = load(options.model)
    for layer in network.layers:
        print(layer)
    count = sum(p.size for p in leaves(network))
    print(f"{count:,} parameters, {Path(options.model).stat().st_size:,} bytes")


def recipes(options: argparse.Namespace) -> None:
    """List the recipes of `nnlit train --recipe`, and what their words mean."""
    for name, recipe in RECIPES.items():
        print(f"{name:<15} {recipe}")
    print()
    for words, text in WORDS.items():
        print(f"{words}: {text}")


def classifier(path: str) -> Network:
    """A saved network, if it takes images and gives a number for each digit."""
    network = load(path)
    n_in, n_out = network.n_in, network.width(network.n_in)
    if n_in != 784 or n_out is None or n_out < 2:
        text = "expected a network from 784 pixels to a number for each class"
        raise DataError(f"{path}: {text}, but this one leads from {n_in} numbers to {n_out}")
    return network


# The command line


class Parser(argparse.ArgumentParser):
    """Says what is wrong with a command in one line."""

    words: Sequence[str] = ()

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Keep the words, to say what they may have meant."""
        self.words = [*self.prog.split()[1:], *(sys.argv[1:] if args is None else args)]
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """Print the line and leave with status 2."""
        text = f"{self.prog}: {' '.join(message.split())}{to_type(self.words)}"
        self.exit(2, f"{text}; see {self.prog} --help\n")


class Reread(Parser):
    """Reads the words of a command that was typed before."""

    def error(self, message: str) -> NoReturn:
        """Raise ValueError."""
        raise ValueError(message)


def whole(low: int) -> Callable[[str], int]:
    """A reader of whole numbers from low upwards."""

    def read(text: str) -> int:
        if not (text.isdecimal() and int(text) >= low):
            raise argparse.ArgumentTypeError(f"expected a whole number of at least {low}, but it is {text!r}")
        return int(text)

    return read


def fraction(text: str) -> float:
    """A number of at least 0 and below 1."""
    if not 0 <= as_float(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a number of at least 0 and below 1, but it is {text!r}")
    return float(text)


def positive(text: str) -> float:
    """A number above 0."""
    if not 0 < as_float(text) < float("inf"):
        raise argparse.ArgumentTypeError(f"expected a number above 0, but it is {text!r}")
    return float(text)


def weight(text: str) -> float:
    """A number of at least 0."""
    return 0.0 if text == "0" else positive(text)


def as_float(text: str) -> float:
    """A number, or NaN, which no comparison accepts."""
    try:
        return float(text)
    except ValueError:
        return float("nan")


def batch_size(text: str) -> int:
    """The number of examples in a batch; 0 for all."""
    return 0 if text in ("full", "0") else whole(1)(text)


Word = tuple[tuple[str, ...], dict[str, Any]]


def word(*flags: str, **keywords: Any) -> Word:
    """What a command takes, in argparse's terms."""
    return flags, keywords


def check(options: argparse.Namespace) -> int:
    """Execute the displayed equations of a text of your own, and say what is true of them."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the arrays are tiny
    from nnlit.book import command

    if options.init:
        return max(command.init(path) for path in options.files)
    if options.explain:
        if len(options.files) > 1:
            raise ValueError("--explain takes one FILE, but there are several")
        return command.explain(options.files[0], options.explain)
    told = {"quiet": options.quiet, "as_json": options.json}
    return command.run(options.files, strict=options.strict, nothing=options.allow_nothing, **told)


# The grammar: each command, what it does, and the words it takes.

MODEL = word("model", metavar="MODEL", help="a file that `nnlit train --out` wrote")
DATA = word(
    "--data",
    metavar="PATH",
    help="a directory, archive or file: CSV, MNIST's four files, npz, a folder a class; else the sample",
)
TRANSPOSE = word("--transpose", action="store_true", help="turn rows of images into columns, as EMNIST needs")
JSON = word("--json", action="store_true", help="print the results as JSON on the last line")

GRAMMAR: dict[Callable[[argparse.Namespace], int | None], list[Word]] = {
    train: [
        DATA,
        TRANSPOSE,
        word("--holdout", type=fraction, metavar="X", help="part to test on if there is no test set; else 0.1"),
        word("--recipe", choices=list(RECIPES), help=f"choices as a chapter makes them; else {BEST}"),
        # what every recipe chooses: the network, the loss and the way down
        word("--hidden", type=whole(1), nargs="*", metavar="N", help="numbers in each hidden layer"),
        word("--loss", choices=list(LOSSES)),
        word("--optimizer", choices=list(OPTIMIZERS)),
        word("--epochs", type=whole(1), metavar="N", help="how often every image is seen"),
        word("--batch-size", type=batch_size, metavar="N|full"),
        word("--learning-rate", "--lr", type=positive, metavar="X"),
        word("--scale", choices=list(SCALES), help="what is done to the pixels first"),
        word("--activation", choices=list(ACTIVATIONS), help="what is done to hidden numbers"),
        word("--init", choices=list(STARTS), help="how the first weights are drawn"),
        word("--schedule", choices=SCHEDULES, help="how the learning rate changes"),
        # what it may add against learning by heart; 0 leaves it out
        word("--l2", type=weight, metavar="X", help="strength of the pull of the weights to zero"),
        word("--dropout", type=fraction, metavar="X", help="part of the hidden numbers that is lost in training"),
        word("--smoothing", type=fraction, metavar="X", help="part of a target that is shared by all digits"),
        word("--shift", type=whole(0), metavar="N", help="pixels by which images are moved at most in training"),
        word("--validation", type=fraction, metavar="X", help="part to watch while training, of the rest"),
        word("--patience", type=whole(1), metavar="N", help="end after N epochs without a better validation loss"),
        word("--seed", type=whole(0), metavar="N", help="one seed, one result; else 0"),
        word("--out", metavar="MODEL.npz", help="where the trained network is written"),
        word("--checkpoint", metavar="PATH", help="where training is kept, so that --resume can go on with it"),
        word("--every", type=whole(1), metavar="N", help="write the checkpoint after every N epochs; else 1"),
        word("--resume", metavar="PATH", help="go on with the training that is kept there, to the same end"),
        JSON,
    ],
    evaluate: [MODEL, DATA, TRANSPOSE, JSON],
    predict: [
        MODEL,
        word(
            "images",
            nargs="+",
            metavar="IMAGES",
            help="tables such as Kaggle's test.csv, or pictures of one digit, or folders of them; - for a pipe",
        ),
        word("--probabilities", action="store_true", help="of all classes: softmax of the outputs"),
        word("--show", action="store_true", help="show pictures as the network sees them"),
        word("--as-is", action="store_true", help="pictures are 28x28, light on dark, and are not prepared"),
        TRANSPOSE,
        word("--out", metavar="FILE", help="where to; else the terminal"),
    ],
    info: [MODEL],
    recipes: [],
    check: [
        word(
            "files", nargs="+", metavar="FILE", help="Markdown, a notebook, LaTeX, Python, a web page, a folder; or -"
        ),
        word(
            "--init",
            action="store_true",
            help="print a Symbols table for the names that have no value, and check nothing",
        ),
        word(
            "--strict",
            action="store_true",
            help="exit with 1 also where something is conditional, not read, not checked",
        ),
        word(
            "--explain",
            metavar="LABEL",
            help="print how the display with this label, or at this line, is understood, with one draw's numbers",
        ),
        word(
            "--allow-nothing",
            action="store_true",
            help="exit with 0 also where no display is decided, as in a file without displays: for hooks",
        ),
        word("--quiet", action="store_true", help="print what is false, and the line that adds up"),
        word("--json", action="store_true", help="print the results as JSON"),
    ],
}


def to_type(words: Sequence[str]) -> str:
    """What to type in place of a command that does not fit, if it is another one, and one that fits."""
    other = meant(words, {command.__name__: takes for command, takes in GRAMMAR.items()})
    try:
        parser(Reread).parse_args(other)
    except ValueError:
        return ""
    return f"; type: {shlex.join(['nnlit', *other])}" if other != list(words) else ""


@cache
def parser(kind: type[Parser] = Parser) -> Parser:
    """The grammar as argparse wants it; a process that runs several commands builds it once."""
    root = kind(prog="nnlit", description=__doc__, allow_abbrev=False)
    root.add_argument("--version", action="version", version=version())
    names = " | ".join(command.__name__ for command in GRAMMAR)
    commands = root.add_subparsers(dest="command", required=True, metavar=names)
    for command, words in GRAMMAR.items():
        text = command.__doc__
        sub = commands.add_parser(command.__name__, help=text, description=text, allow_abbrev=False)
        sub.set_defaults(function=command)
        for flags, keywords in words:
            sub.add_argument(*flags, **keywords)
    return root


def version() -> str:
    """The version, as the package states it."""
    from nnlit import __version__

    return f"nnlit {__version__}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: the words after `nnlit`; without them, those of the process.

    Returns:
        The exit status: 0, 2 for bad usage or bad input, 130 after Ctrl-C; of `check` also 1 and 3.
    """
    try:
        options = parser().parse_args(arguments)
        with warnings.catch_warnings():
            warnings.showwarning = Once()
            status = options.function(options)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, such as head, has left; nobody is there to hear more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return failed("nnlit: interrupted; nothing was written", 130)
    except (ValueError, ArithmeticError, OSError, ImportError, MemoryError) as error:
        words = sys.argv[1:] if arguments is None else arguments
        wrong = isinstance(error, DataError) and str(error).startswith(f"{getattr(options, 'model', '')}: expected a")
        return failed(f"nnlit {options.command}: {one_line(error)}{to_type(words) if wrong else ''}", 2)
    else:
        return int(status or 0)
    return 0


def failed(text: str, status: int) -> int:
    """Say what went wrong; the exit status."""
    print(text, file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
