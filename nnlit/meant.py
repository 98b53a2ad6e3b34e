"""What a command that does not fit was probably meant to be: an option by another name, a word in another place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from nnlit.calls import OTHERS, letters

Takes = Sequence[tuple[tuple[str, ...], Mapping[str, Any]]]  # flags, and keywords in the terms of argparse

COMMANDS = {  # what others call them
    "train": "fit learn run start resume",
    "evaluate": "test eval score validate accuracy measure",
    "predict": "classify infer recognize read submit",
    "info": "show summary describe inspect model",
    "recipes": "list help-recipes presets configs",
    "check": "verify lint",
}
OPTIONS = {  # the argument of a call that each stands for, and what else commands call it; the first that fits counts
    "--learning-rate": ("learning_rate", ""),
    "--epochs": ("epochs", "e"),
    "--validation": ("validation", "val_split val_size"),
    "--holdout": ("fraction", "holdout_fraction test_split test"),
    "--hidden": ("layers", "hidden_size layers units width hidden_units neurons"),
    "--loss": ("loss", ""),
    "--optimizer": ("rule", "optimiser rule"),
    "--batch-size": ("batches", "batches bs b"),
    "--scale": ("", "scaling normalize standardize preprocess"),
    "--activation": ("", "act nonlinearity"),
    "--init": ("", "initialization weights start initializer"),
    "--schedule": ("", "scheduler lr_schedule learning_rate_schedule decay"),
    "--l2": ("strength", "alpha_l2 regularization wd"),
    "--dropout": ("rate", ""),
    "--smoothing": ("", "label_smoothing"),
    "--shift": ("pixels", "augment augmentation"),
    "--patience": ("patience", "early_stopping"),
    "--seed": ("rng", "rng s"),
    "--out": ("", "output save o model_out save_model output_file dest"),
    "--checkpoint": ("checkpoint", "save_checkpoint"),
    "--every": ("", "save_every checkpoint_every"),
    "--resume": ("", "continue restart from_checkpoint"),
    "--data": ("directory", "dataset input train train_data d csv images"),
    "--recipe": ("", "preset config"),
    "--probabilities": ("", "proba probs probability predict_proba"),
    "--as-is": ("", "raw no_prepare"),
}
OTHER_NAMES = {flag: f"{OTHERS.get(argument, '')} {more}" for flag, (argument, more) in OPTIONS.items()}
WORDS = {  # values of options, by the words of others
    "softmax": "cross_entropy crossentropy categorical_crossentropy ce nll",
    "mse": "squared_error l2 mean_squared_error",
    "gd": "sgd",
    "sigmoid": "logistic",
    "uniform": "random",
    "glorot": "xavier",
    "he": "kaiming",
    "constant": "none",
    "unit": "minmax",
    "standard": "zscore standardize",
}


def nearest(word: str, known: Iterable[str], others: Mapping[str, str]) -> str | None:
    """What is known by a word: spelt otherwise, called otherwise by others, or misspelt."""
    plain = {letters(name): name for name in known}
    same = [name for name, words in others.items() if name in plain.values() and letters(word) in _spelt(words)]
    close = get_close_matches(letters(word), plain, 1, 0.75)
    return plain.get(letters(word)) or next(iter(same), None) or (plain[close[0]] if close else None)


def _spelt(words: str) -> list[str]:
    return [letters(word) for word in words.split()]


def meant(words: Sequence[str], grammar: Mapping[str, Takes]) -> list[str]:
    """The words of a command as they were probably meant; nothing where that cannot be told.

    Args:
        words: what was typed after `nnlit`.
        grammar: of each command, by its name, what it takes.
    """
    name = nearest(words[0], grammar, COMMANDS) if words else None
    if name is None:
        return []
    flags = {flag: keywords for flags, keywords in grammar[name] for flag in flags if flag.startswith("-")}
    others = OTHER_NAMES | ({"--out": OTHER_NAMES["--out"] + " model"} if name == "train" else {})
    loose, found = _parted(words[1:], flags, others)
    keep = int(any(flag[0] == "model" for flag, _ in grammar[name]))
    if keep:  # the network comes first
        loose.sort(key=lambda word: not word.endswith(".npz"))
    if name == "predict":  # which takes the images without an option
        return [name, *loose, *found]
    for path in loose[keep:] if "--data" in flags and "--data" not in found else ():
        found += ["--data", path]
    return [name, *(loose[:keep] if "--data" in flags else loose), *found]


def _parted(
    words: Sequence[str], flags: Mapping[str, Mapping[str, Any]], others: Mapping[str, str]
) -> tuple[list[str], list[str]]:
    """What was typed without an option, and all options with their values, as they were probably meant."""
    loose: list[str] = []
    found: list[str] = []
    rest = [part for word in words for part in (word.split("=", 1) if word.startswith("--") else [word])]
    while rest:
        word = rest.pop(0)
        flag = nearest(word, flags, others) if word.startswith("-") and word != "-" else None
        if flag is None:
            loose += [] if word.startswith("--") else [word]
            continue
        found.append(flag)
        many, count = flags[flag].get("nargs") == "*", "action" not in flags[flag]
        while count and rest and not rest[0].startswith("--"):
            found += _values(rest.pop(0), flags[flag], many=many)
            count = many
    return loose, found


def _values(text: str, keywords: Mapping[str, Any], *, many: bool) -> list[str]:
    """A value of an option, or several that were written as one."""
    if "choices" in keywords:
        return [nearest(text, list(keywords["choices"]), WORDS) or text]
    if not many and "type" in keywords and (number := _number(text)):
        return [number]
    parts = [part for part in text.replace("x", ",").replace("-", ",").strip("()[]").split(",") if part]
    return parts if many and all(part.isdecimal() for part in parts) else [text]


def _number(text: str) -> str:
    """A number that is written as others write it: with a comma, in percent, in powers of ten, or with underscores."""
    plain = text.replace(",", ".").replace("_", "")
    try:
        value = float(plain.removesuffix("%")) / (100 if plain.endswith("%") else 1)
    except ValueError:
        return ""
    return f"{value:.0f}" if value.is_integer() else f"{value:.12g}"
