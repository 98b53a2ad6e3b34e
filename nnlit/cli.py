"""The `nnlit` command: train a network, evaluate it, predict with it, look at it."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path
from time import perf_counter
from typing import Any, NoReturn

import numpy as np

from nnlit.data import Array, split
from nnlit.files import DataError, check_destination, one_line, opened, unpacked, write_atomically
from nnlit.mnist import Mnist, csv_of, is_picture, load_mnist, png_of, read_kaggle_csv
from nnlit.network import Network, leaves, load, save
from nnlit.recipes import BEST, LOSSES, OPTIMIZERS, RECIPES, SCALES, SCHEDULES, STARTS, Recipe
from nnlit.training import accuracy, confusion_matrix

# The commands


def train(options: argparse.Namespace) -> None:
    """Train a network, say how good it is, and save it if asked to."""
    chosen = {f.name: getattr(options, f.name) for f in fields(Recipe) if getattr(options, f.name) is not None}
    recipe = replace(RECIPES[options.recipe], **chosen)
    if options.out is not None:
        check_destination(options.out)
    data, test_on = with_test_set(options)
    start = perf_counter()
    network = recipe.train(data.X_train, data.y_train, np.random.default_rng(options.seed))
    seconds = round(perf_counter() - start, 3)
    untrained = recipe.network(data.X_train, np.random.default_rng(options.seed))
    check_convergence(untrained, network, recipe, data)
    found = measures(network, recipe, data, test_on) | {"seconds": seconds}
    tell_training(recipe, found)
    if options.out is not None:
        save(network, options.out)
        print(f"written to {options.out}")
    if options.json:
        tell(found | {"recipe": asdict(recipe), "seed": options.seed, "out": options.out})


def with_test_set(options: argparse.Namespace) -> tuple[Mnist, str | None]:
    """The data to train and test on, and whether the test images are a `test` set, a `holdout`, or none."""
    data = labelled(options.data)
    if len(data.y_test):
        return data, "test"
    if not options.holdout:
        return data, None
    rng = np.random.default_rng([options.seed, 1])  # a stream of its own: the start does not depend on the hold-out
    parts = split(data.X_train, data.y_train, options.holdout, rng)
    if not len(parts[0]) or not len(parts[2]):
        text = f"--holdout {options.holdout} of {len(data.X_train)} images leaves {len(parts[0])} and {len(parts[2])}"
        raise DataError(f"{options.data}: {text}; expected some in both parts")
    return Mnist(*parts), "holdout"


def labelled(path: str | None) -> Mnist:
    """Labelled images from a directory, a CSV file or, without a path, the sample."""
    if path is None or Path(path).is_dir():
        return load_mnist(path)
    X, y = read_kaggle_csv(path)
    if y is None:
        raise DataError(f"{path}: expected a column label, but it has none; `nnlit predict` finds labels")
    return Mnist(X, y, X[:0], y[:0])


def check_convergence(start: Network, network: Network, recipe: Recipe, data: Mnist) -> None:
    """Raise FloatingPointError if training has made a network that is no better than one with its weights at random."""
    with np.errstate(over="ignore", invalid="ignore"):
        before, after = (LOSSES[recipe.loss](n.predict(data.X_train), data.y_train)[0] for n in (start, network))
        spans = [np.ptp(p) for p in leaves(network)]
    if not np.isfinite([after, *spans]).all() or after > 10 * before:
        text = f"training has diverged: the loss was {before:.3g} and is {after:.3g}; nothing was written"
        raise FloatingPointError(f"{text}; try --learning-rate {recipe.learning_rate / 10:g}")


def measures(network: Network, recipe: Recipe, data: Mnist, test_on: str | None) -> dict[str, Any]:
    """What is worth knowing after training."""
    X, y, X_test, y_test = data
    return {
        "train_accuracy": accuracy(network, X, y),
        "test_accuracy": accuracy(network, X_test, y_test) if len(y_test) else None,
        "test_on": test_on,
        "train_loss": LOSSES[recipe.loss](network.predict(X), y)[0],
        "epochs": recipe.epochs,
        "train_images": len(X),
        "test_images": len(y_test),
    }


def tell_training(recipe: Recipe, found: dict[str, Any]) -> None:
    """Print what `nnlit train` found, before saving is tried."""
    print(recipe)
    loss = f"loss {found['train_loss']:.4f}"
    print(f"training  {found['train_accuracy']:7.2%} of {found['train_images']:,} images, {loss}")
    if found["test_on"] is not None:
        print(f"{found['test_on']:<9} {found['test_accuracy']:7.2%} of {found['test_images']:,} images")
    print(f"{found['seconds']:.1f} s", flush=True)


def tell(found: dict[str, Any]) -> None:
    """Print what was found as JSON, which knows no NaN."""
    print(json.dumps(found, allow_nan=False))


def evaluate(options: argparse.Namespace) -> None:
    """Say how many digits a saved network gets right, and which it takes for which."""
    network, data = classifier(options.model), labelled(options.data)
    X, y, test_on = (data.X_test, data.y_test, "test") if len(data.y_test) else (data.X_train, data.y_train, "all")
    right, C = accuracy(network, X, y), confusion_matrix(network, X, y)
    print(f"{right:.2%} of {len(X):,} images ({test_on})")
    print("a row is a digit, a column what it was taken for")
    print("\n".join(["   " + "".join(f"{k:6}" for k in range(10)), *(f"{k:3}{row(C[k])}" for k in range(10))]))
    if options.json:
        tell({"accuracy": right, "test_on": test_on, "images": len(X), "confusion": C.tolist()})


def row(counts: Array) -> str:
    """A row of the confusion matrix, with a dot for none."""
    return "".join(f"{count or '.':>6}" for count in counts.tolist())


def predict(options: argparse.Namespace) -> None:
    """Write the digits that a saved network sees, as Kaggle wants them."""
    if options.out is not None:
        check_destination(options.out)
    network = classifier(options.model)
    digits = network.predict(read_images(options.images)).argmax(axis=1)
    lines = ["ImageId,Label", *(f"{i},{digit}" for i, digit in enumerate(digits.tolist(), start=1))]
    if options.out is None:
        print("\n".join(lines))
        return
    with write_atomically(options.out) as file:
        file.write(("\n".join(lines) + "\n").encode())
    print(f"{len(digits):,} labels written to {options.out}")


def read_images(path: str) -> Array:
    """The images of a CSV file, or a single picture; which of them it is, its first bytes say."""
    with opened(path) as source:
        return png_of(source)[None] if is_picture(source) else csv_of(unpacked(source))[0]


def info(options: argparse.Namespace) -> None:
    """Say what a saved network is made of."""
    network = load(options.model)
    for layer in network.layers:
        print(layer)
    count = sum(p.size for p in leaves(network))
    print(f"{count:,} parameters, {Path(options.model).stat().st_size:,} bytes")


def classifier(path: str) -> Network:
    """A saved network, if it takes images and gives a number for each digit."""
    network = load(path)
    n_in, n_out = network.n_in, network.width(network.n_in)
    if (n_in, n_out) != (784, 10):
        text = "expected a network from 784 pixels to 10 digits"
        raise DataError(f"{path}: {text}, but this one leads from {n_in} numbers to {n_out}")
    return network


# The command line


class Parser(argparse.ArgumentParser):
    """Says what is wrong with a command in one line."""

    def error(self, message: str) -> NoReturn:
        """Print the line and leave with status 2."""
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


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
    return 0 if text == "full" else whole(1)(text)


Word = tuple[tuple[str, ...], dict[str, Any]]


def word(*flags: str, **keywords: Any) -> Word:
    """What a command takes, in argparse's terms."""
    return flags, keywords


# The grammar: each command, what it does, and the words it takes.

MODEL = word("model", metavar="MODEL", help="a file that `nnlit train --out` wrote")
DATA = word(
    "--data",
    metavar="PATH",
    help="a CSV file like Kaggle's train.csv, or a directory with it or with MNIST's four files; else the sample",
)
JSON = word("--json", action="store_true", help="print the results as JSON on the last line")

GRAMMAR: dict[Callable[[argparse.Namespace], None], list[Word]] = {
    train: [
        DATA,
        word("--holdout", type=fraction, default=0.1, metavar="X", help="part to test on if there is no test set"),
        word("--recipe", choices=list(RECIPES), default=BEST, help=f"choices as a chapter makes them; else {BEST}"),
        # what every recipe chooses: the network, the loss and the way down
        word("--hidden", type=whole(1), nargs="*", metavar="N", help="numbers in each hidden layer"),
        word("--loss", choices=list(LOSSES)),
        word("--optimizer", choices=list(OPTIMIZERS)),
        word("--epochs", type=whole(1), metavar="N", help="how often every image is seen"),
        word("--batch-size", type=batch_size, metavar="N|full"),
        word("--learning-rate", "--lr", type=positive, metavar="X"),
        word("--scale", choices=list(SCALES), help="what is done to the pixels first"),
        word("--init", choices=list(STARTS), help="how the first weights are drawn"),
        word("--schedule", choices=SCHEDULES, help="how the learning rate changes"),
        # what it may add against learning by heart; 0 leaves it out
        word("--l2", type=weight, metavar="X", help="strength of the pull of the weights to zero"),
        word("--dropout", type=fraction, metavar="X", help="part of the hidden numbers that is lost in training"),
        word("--smoothing", type=fraction, metavar="X", help="part of a target that is shared by all digits"),
        word("--shift", type=whole(0), metavar="N", help="pixels by which images are moved at most in training"),
        word("--seed", type=whole(0), default=0, metavar="N", help="one seed, one result; else 0"),
        word("--out", metavar="MODEL.npz", help="where the trained network is written"),
        JSON,
    ],
    evaluate: [MODEL, DATA, JSON],
    predict: [
        MODEL,
        word("images", metavar="CSV", help="a CSV file like Kaggle's test.csv, or a 28x28 picture"),
        word("--out", metavar="FILE", help="where to; else the terminal"),
    ],
    info: [MODEL],
}


def parser() -> Parser:
    """The grammar as argparse wants it."""
    root = Parser(prog="nnlit", description=__doc__, allow_abbrev=False)
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
        The exit status: 0, 2 for bad usage or bad input, 130 after Ctrl-C.
    """
    try:
        options = parser().parse_args(arguments)
        options.function(options)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, such as head, has left; nobody is there to hear more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return failed("nnlit: interrupted; nothing was written", 130)
    except (ValueError, ArithmeticError, OSError, ImportError, MemoryError) as error:
        return failed(f"nnlit {options.command}: {one_line(error)}", 2)
    return 0


def failed(text: str, status: int) -> int:
    """Say what went wrong; the exit status."""
    print(text, file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
