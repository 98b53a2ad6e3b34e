"""What a command that does not fit was probably meant to be, word by word."""

import pytest

from nnlit import meant

GRAMMAR = {
    "train": [
        (("--data",), {}), (("--hidden",), {"type": int, "nargs": "*"}), (("--epochs",), {"type": int}),
        (("--json",), {"action": "store_true"}), (("--loss",), {"choices": ["softmax", "mse"]}), (("--out",), {}),
        (("--learning-rate", "--lr"), {"type": float}),
    ],
    "evaluate": [(("model",), {}), (("--data",), {})],
    "predict": [(("model",), {}), (("images",), {"nargs": "+"}), (("--out",), {})],
    "info": [(("model",), {})],
    "recipes": [],
}  # fmt: skip
MEANT = {
    "": "", "frog": "", "train": "train", "Train": "train", "trains": "train", "learn": "train",
    "train a=b.csv": "train --data a=b.csv", "train -": "train --data -", "train -frog": "train --data -frog",
    "train epochs": "train --data epochs", "train a b": "train --data a --data b", "train --data a b": "train --data a",
    "train --frog": "train",
    "train --frog a": "train --data a", "train --frog=a": "train --data a", "train --epochs=3": "train --epochs 3",
    "train --out=a=b": "train --out a=b", "train --json x": "train --json --data x",
    "train --json --json": "train --json --json", "train --epochs": "train --epochs",
    "train --epochs --json": "train --epochs --json", "train --epochs 3 4": "train --epochs 3 --data 4",
    "train --hidden 3 4 --json": "train --hidden 3 4 --json", "train --hidden": "train --hidden",
    "train --hidden 3,4": "train --hidden 3 4", "train --hidden 3x4": "train --hidden 3 4",
    "train --hidden 3-4": "train --hidden 3 4", "train --hidden (3,4)": "train --hidden 3 4",
    "train --hidden [3,]": "train --hidden 3", "train --hidden a,3": "train --hidden a,3",
    "train --hidden 3.5": "train --hidden 3.5", "train --hidden 3 --lr .5": "train --hidden 3 --lr 0.5",
    "train --loss MSE": "train --loss mse", "train --loss ce": "train --loss softmax",
    "train --loss frog": "train --loss frog", "train --out 1,5": "train --out 1,5",
    "train --lr 0,5": "train --lr 0.5", "train --lr 50%": "train --lr 0.5", "train --lr 1e-3": "train --lr 0.001",
    "train --lr 1_000": "train --lr 1000", "train --lr 1e3": "train --lr 1000", "train --lr fast": "train --lr fast",
    "train --lr 0.123456789012345": "train --lr 0.123456789012", "train --lr 12.0": "train --lr 12",
    "train --lr 100%": "train --lr 1", "train --lr 0": "train --lr 0", "train --lr -1": "train --lr -1",
    "train --model m": "train --out m", "predict m.npz --model x": "predict m.npz x",
    "predict a.png m.npz": "predict m.npz a.png", "predict a b": "predict a b",
    "predict a.png b.png m.npz": "predict m.npz a.png b.png", "predict m.npz --save s": "predict m.npz --out s",
    "evaluate d m.npz": "evaluate m.npz --data d", "evaluate m.npz --data a b": "evaluate m.npz --data a",
    "evaluate a b c": "evaluate a --data b --data c", "info x m.npz": "info m.npz x", "info --data a": "info a",
    "recipes x": "recipes x", "recipes --x": "recipes",
}  # fmt: skip


@pytest.mark.parametrize("typed", MEANT)
def test_what_was_meant(typed):
    assert meant.meant(typed.split(), GRAMMAR) == MEANT[typed].split()


@pytest.mark.parametrize(
    ("word", "known", "found"),
    [
        ("--Epochs", ["--epochs"], "--epochs"), ("epochs_", ["--epochs"], "--epochs"), ("epo", ["epochs"], None),
        ("epoch", ["epochs", "every"], "epochs"), ("epxchs", ["epochs"], "epochs"), ("other", ["a", "b"], "b"),
        ("OTH-ER", ["a", "b"], "b"), ("a", ["b", "a"], "a"), ("other", ["a"], None), ("", ["a"], None),
        ("xyz", ["xyzabcd"], None),
    ],
)  # fmt: skip
def test_the_nearest_of_what_is_known(word, known, found):
    assert meant.nearest(word, known, {"b": "some other words"}) == found


@pytest.mark.parametrize(
    ("text", "number"),
    [("3", "3"), ("3,5", "3.5"), ("3.0", "3"), ("50%", "0.5"), ("12.5%", "0.125"), ("1e-4", "0.0001"),
     ("1E5", "100000"), ("1_0", "10"), ("-2,5", "-2.5"), ("a", ""), ("", ""), ("%", ""), ("1,5,3", ""),
     ("0.3333333333333333", "0.333333333333")],
)  # fmt: skip
def test_numbers_as_others_write_them(text, number):
    assert meant._number(text) == number


@pytest.mark.parametrize("word", ["inf", "-inf", "nan", "1e999"])
def test_what_is_infinite_or_no_number_stays_as_it_is(word):
    assert meant.meant(["train", "--lr", word], GRAMMAR)[:2] == ["train", "--lr"]
