"""Calls that do not fit: an argument left out, too many, in another place, or under the name that others give it.

`nnlit/__init__.py` sends all public names through `answer`. A call that fits is passed on as it is; one that fails is
looked at again, and its error says what to write instead.
"""

from __future__ import annotations

import functools
import inspect
import os
import re
import sys
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

import numpy as np

from nnlit import doors
from nnlit.checkpoints import Checkpoint

METHODS = ("__init__", "__call__", "start", "predict")  # of classes; those of a training step are left as they are
OTHERS = {  # our arguments, and the names that other libraries have for them
    "K": "n_classes num_classes classes",
    "W": "weight weights kernel coef",
    "X": "x X_train x_train X_test x_test inputs input data features images train_data",
    "Z": "y_pred logits outputs output pred preds predictions scores input x X",
    "b": "bias biases intercept",
    "batches": "batch_size batch minibatch_size batchsize batch_sampler",
    "beta1": "b1 beta_1",
    "beta2": "b2 beta_2",
    "callback": "callbacks early_stopping on_epoch_end",
    "checkpoint": "checkpoint_path ckpt",
    "decay": "weight_decay wd",
    "epochs": "n_epochs num_epochs nb_epoch max_epochs max_iter n_iter iterations iters steps niter",
    "epsilon": "eps smoothing label_smoothing",
    "f": "fn func function",
    "factor": "scale scaling constant",
    "fraction": "test_size ratio frac test_fraction val_size",
    "grad": "gradient jac derivative",
    "h": "eps step epsilon delta",
    "layers": "modules layer sizes hidden_layer_sizes",
    "learning_rate": "lr alpha eta step_size eta0 learning_rate_init rate",
    "loss": "loss_fn criterion loss_function cost objective loss_func lossfunc",
    "mu": "momentum beta",
    "n_in": "in_features input_dim fan_in n_inputs input_size in_channels",
    "n_out": "out_features units output_dim fan_out n_outputs output_size out_channels n_hidden",
    "network": "model net module estimator nn mlp",
    "path": "file filename fname filepath root f directory folder name",
    "directory": "path root data_dir folder data_home",
    "patience": "n_iter_no_change epochs wait",
    "pixels": "shift max_shift translate",
    "rate": "p prob probability dropout drop dropout_rate",
    "rho": "alpha decay beta gamma",
    "rng": "seed random_state generator random_seed random rngs key",
    "rows": "batch_size chunk chunks size block",
    "rule": "optimizer optim opt solver lr learning_rate alpha eta",
    "side": "size width height",
    "size": "batch_size n batch m",
    "slope": "negative_slope alpha leak",
    "steps": "T_max total_steps n T max_steps",
    "strength": "weight_decay l2 lambda_ lam alpha reg decay",
    "threads": "n_jobs workers num_workers n_threads num_threads",
    "tolerance": "tol atol rtol eps",
    "validation": "validation_data validation_split validation_fraction val valid eval_set val_data X_val valid_set",
    "warm_up": "warmup warmup_steps",
    "weights": "sample_weight class_weight sample_weights class_weights weight",
    "width": "w columns size",
    "y": "Y y_train labels label target targets y_true y_test",
    "alpha": "l2 weight_decay reg lam strength",  # from here on those of the classifier alone
    "dropout": "p rate dropout_rate",
    "hidden_layer_sizes": "hidden hidden_sizes layers sizes units layer_sizes",
    "learning_rate_init": "lr eta eta0 step_size",
    "max_iter": "epochs n_epochs num_epochs max_epochs n_iter iterations",
    "n_iter_no_change": "patience",
    "random_state": "seed rng random_seed",
    "solver": "optimizer optim opt rule",
    "tol": "tolerance",
}
NEEDLESS = {  # arguments of others that have no place here
    "verbose": "what is printed does not depend on it",
    "shuffle": "MiniBatches shuffles",
    "device": "everything is computed where NumPy is",
    "training": "forward is for training, predict for use",
    "bias": "every Dense layer has one",
    "metrics": "history has the losses, accuracy(network, X, y) the rest",
    "reduction": "a loss is the mean over the batch",
    "inplace": "a layer changes nothing",
    "activation": "an activation is a layer of its own, such as ReLU()",
}
WAYS = {  # what people ask a network, a rule or a loss for, and what gives it here
    "fit train_on_batch compile": "network, history = fit(network, X, y, loss=softmax_cross_entropy, rule=Adam(0.001), "
    "batches=MiniBatches(64), epochs=10, rng=np.random.default_rng(0))",
    "evaluate score accuracy": "accuracy(network, X, y)",
    "predict_proba predict_log_proba softmax": "softmax(network.predict(X))",
    "predict_classes argmax": "network.predict(X).argmax(axis=1)",
    "transform decision_function call apply": "network.predict(X)",
    "eval train": "network.predict(X)",
    "save save_weights dump save_model": 'save(network, "network.npz")',
    "load load_weights load_state_dict load_model set_weights": 'network = load("network.npz")',
    "state_dict get_weights weights named_parameters trainable_weights trainable_variables coefs_ variables": (
        "from nnlit.network import leaves; leaves(network)"
    ),
    "append add add_module push": "network = Network([*network.layers, ReLU()])",
    "summary": "print(network)",
    "confusion_matrix": "confusion_matrix(network, X, y)",
    "n_out out_features output_shape": "network.width(network.n_in)",
    "in_features input_shape input_dim": "network.n_in",
}
STEPS = {
    "step minimize apply_gradients": "state = rule.update(p, g, rule.init(p), t=1)",
    "lr": "rule.learning_rate",
}
LOSSES = {"forward item": "loss(Z, y)[0]", "backward grad": "loss(Z, y)[1]"}
ALREADY = "zero_grad requires_grad_ to cuda cpu detach build state param_groups no_grad"  # there is nothing to do


# --- arguments --------------------------------------------------------------------------------------------------------


def asked(call: Callable[..., Any], name: str, *, bound: bool = False) -> Callable[..., Any]:
    """A function that passes its arguments on, and explains a call that fails.

    Args:
        call: what is called.
        name: how a message names it.
        bound: whether the first argument is the object or the class.
    """

    @functools.wraps(call)
    def answering(*args: Any, **words: Any) -> Any:
        try:
            return call(*args, **words)
        except (TypeError, ValueError) as error:
            caller = type(args[0]).__name__ if name == "__call__" else name
            entered = getattr(error.__traceback__, "tb_next", None) is not None
            text = explained(Call(caller, call, args[bound:], words, bound=bound), entered=entered)
            if not text:
                raise
        raise TypeError(text)

    return answering


class Call:
    """A call that failed.

    Args:
        caller: how a message names what was called.
        call: what was called.
        args: what came without names.
        words: what came with names.
        bound: whether the object or the class comes before the arguments.

    Attributes:
        names: of all arguments.
        plain: of those that may come without a name.
        given: what came, by name.
    """

    def __init__(
        self, caller: str, call: Callable[..., Any], args: tuple[Any, ...], words: dict[str, Any], *, bound: bool
    ) -> None:
        self.caller, self.call, self.args, self.words = caller, call, args, words
        self.taken = list(inspect.signature(call).parameters.values())[bound:]
        self.names = [p.name for p in self.taken if p.kind is not p.VAR_KEYWORD]
        self.plain = [p.name for p in self.taken if p.kind is p.POSITIONAL_OR_KEYWORD]
        self.given = dict(zip(self.plain, args, strict=False)) | words


def explained(call: Call, *, entered: bool) -> str:
    """What is wrong with a call that failed, if that can be seen from its arguments.

    Args:
        call: the call.
        entered: whether the arguments fitted the signature, so that the call began.
    """
    looks = (_exchanged, _no_path) if entered else (_dense, _unknown, _too_many, _twice, _missing)
    text = next((text for look in looks if (text := look(call))), "")
    return text and f"{call.caller}: {text}"


def _dense(call: Call) -> str:
    """How a dense layer begins, where sizes came and no arrays."""
    came = call.given.values()
    if call.caller != "Dense" or any(isinstance(value, np.ndarray) for value in came):
        return ""
    sizes = [value for value in came if isinstance(value, int | np.integer) and not isinstance(value, bool)]
    n_in, n_out = (sizes if len(sizes) > 1 else [784, *sizes, 10])[:2]
    text = "expected weights W and biases b, two arrays"
    return f"{text}; for random ones write Dense.start({n_in}, {n_out}, np.random.default_rng(0))"


def _unknown(call: Call) -> str:
    """What to write in place of an argument that there is not."""
    word = next((word for word in call.words if word not in call.names), None)
    return "" if word is None else f"there is no argument {word}; {_renamed(call, word, call.words[word])}"


def _renamed(call: Call, word: str, value: Any) -> str:
    if word == "betas" and isinstance(value, tuple | list) and len(value) == 2:
        return f"hand over beta1={value[0]!r}, beta2={value[1]!r} instead"
    name, given = ours(word, call.names), call.given
    if name == "rule" and hasattr(given.get("rule"), "learning_rate"):
        return f"hand over rule={type(given['rule']).__name__}({value!r}) instead"
    if name == "learning_rate" and name in given:
        return f"the parameters come from fit, and a rule knows none; write {call.caller}({value!r})"
    if name and name in given:
        return f"it is called {name} here, which came too; leave out {word}"
    if name:
        return f"hand over {_worded(name, value)} instead"
    return f"{NEEDLESS.get(word) or 'it takes ' + (', '.join(call.names) or 'nothing')}; leave out {word}"


def _too_many(call: Call) -> str:
    """What to do where more came without names than there is place for."""
    args, plain = call.args, call.plain
    if len(args) <= len(plain):
        return ""
    if call.caller == "Network":
        return "expected one list of layers, but they came one by one; write Network([first, second])"
    if not call.names:
        on = ".predict(X)" if isinstance(args[0], np.ndarray) else ""
        return f"it takes nothing, but it got {doors.described(args[0])}; write {call.caller}(){on}"
    rest = [f"{name}=" for name in call.names if name not in plain][: len(args) - len(plain)]
    if rest:
        text = f"only {', '.join(plain)} come without names, and {len(args)} did"
        return f"{text}; hand over the others as {', '.join(rest)}"
    return f"it takes {', '.join(plain)}, and {len(args)} came; leave out {doors.described(args[-1])}"


def _twice(call: Call) -> str:
    """Which argument came twice."""
    name = next((name for name in call.plain[: len(call.args)] if name in call.words), None)
    return "" if name is None else f"{name} came twice, by its place and by its name; leave out one of the two"


def _missing(call: Call) -> str:
    """What to hand over for an argument that was left out."""
    left = next(p.name for p in call.taken if p.default is p.empty and p.name not in call.given)
    if "network" in call.given and not hasattr(call.given["network"], "layers"):
        return "the network is missing, which comes first; hand over network=network"
    usual = doors.ARGUMENTS | {name: such for name, (such, _) in doors.SUCH.items()} | EXAMPLES
    if left in usual:
        return f"{left} is missing; hand over {left}={usual[left]}"
    return f"{left} is missing{_meaning(call.call, call.caller, left)}"


def _meaning(call: Callable[..., Any], caller: str, name: str) -> str:
    """What the documentation says of an argument."""
    of_class = getattr(sys.modules[call.__module__], caller, None)
    for text in (inspect.getdoc(call) or "", inspect.getdoc(of_class) or ""):
        found = re.search(rf"^ +{name}: ([^.;]+)", text, re.MULTILINE)
        if found:
            return f": {' '.join(found[1].split())}"
    return ""


EXAMPLES = {  # of arguments that `doors` does not know
    "network": "network",
    "path": '"network.npz"',
    "checkpoint": '"training.npz"',
    "layers": "[Dense.start(784, 10, np.random.default_rng(0))]",
    "m": "len(X)",
    "rng": "np.random.default_rng(0)",
}
FILES = {  # what a path names
    "load_mnist": "train.csv",
    "fetch_mnist": "mnist",
    "read_idx": "train-images-idx3-ubyte",
    "read_kaggle_csv": "train.csv",
    "read_picture": "digit.png",
    "load_safetensors": "network.safetensors",
    "save_safetensors": "network.safetensors",
    "resume": "training.npz",
}


def ours(word: str, names: list[str]) -> str:
    """Our name for an argument that others call by a word, or that is misspelt; nothing if there is none.

    Examples:
        >>> ours("lr", ["learning_rate", "mu"]), ours("epoch", ["epochs"]), ours("verbose", ["epochs"])
        ('learning_rate', 'epochs', '')
    """
    plain = {letters(name): name for name in reversed(names)}
    others = [name for name in names if word in OTHERS.get(name, "").split()]
    if letters(word) in plain or others:
        return plain.get(letters(word)) or others[0]
    from difflib import get_close_matches

    return next(iter(get_close_matches(word.lower(), names, 1, 0.75)), "")


def letters(word: str) -> str:
    """A word without all that may be spelt in several ways."""
    return re.sub(r"[^a-z0-9]", "", word.lower())


def _worded(name: str, value: Any) -> str:
    """An argument with a value that came under another name, as code."""
    if name == "rng":
        return f"rng=np.random.default_rng({value if isinstance(value, int) else 0})"
    if name in doors.SUCH and (isinstance(value, str | int | float | type) or value is None):
        return f"{name}={doors.instead(name, value)}"
    return f"{name}={value!r}" if isinstance(value, str | int | float | None) else f"it as {name}"


MARKS = {"network": "layers", "loss": "value_and_gradient", "rule": "update", "layer": "forward"}  # what each one has


def _exchanged(call: Call) -> str:
    """Which arguments stand in each other's place."""
    given, came = call.given, [name for name in call.plain if name in call.given]
    for name in [] if call.caller.startswith("save") else came:  # save says it itself
        there = [other for other in came if name in MARKS and hasattr(given[other], MARKS[name])]
        if there and name not in there:
            low, high = sorted((came.index(name), came.index(there[0])))
            each = there[0] in MARKS and hasattr(given[name], MARKS[there[0]])  # both stand where the other belongs
            moved = [came[low], came[high]] if each else came[low : high + 1]
            turned = [moved[-1], *moved[:-1]] if moved[0] == name else [*moved[1:], moved[0]]
            text = f"{there[0]} is the {name}, so they stand in each other's place"
            return f"{text}; write {', '.join(moved)} = {', '.join(turned)}"
    for first in ("X", "Z"):
        a, b = _shape(given.get(first)), _shape(given.get("y"))
        if len(a) == 1 and len(b) == 2 and b[1] > 1 and a[0] == b[0]:
            text = f"{first} is {a} and y is {b}, so they stand in each other's place"
            return f"{text}; write {first}, y = y, {first}"
    return ""


def _no_path(call: Call) -> str:
    """What to hand over where a path is none; what a network is must be settled first."""
    given, usual = call.given, {p.name: p.default for p in call.taken}
    name = next((n for n in ("path", "directory", "checkpoint") if n in given), "")
    settled = call.caller != "fit" and ("network" not in given or hasattr(given["network"], "layers"))
    if not name or not settled or isinstance(given[name], str | os.PathLike | Checkpoint) or given[name] is usual[name]:
        return ""
    text = f"expected {name} to be the name of a file, but it is {doors.described(given[name])}"
    return f"{text}; write {name} = {FILES.get(call.caller, 'network.npz')!r}"


def _shape(value: Any) -> tuple[int, ...]:
    try:
        return np.shape(value)
    except (TypeError, ValueError):  # rows of unequal length, and what cannot be an array
        return ()


# --- names ------------------------------------------------------------------------------------------------------------


def absent(ways: Mapping[str, str], what: str) -> Callable[[Any, str], Any]:
    """A `__getattr__`: for names that others have it says what gives the same here."""
    known = {name: way for words, way in ways.items() for name in words.split()}

    def missing(self: Any, name: str) -> Any:
        if hasattr(type(self), name):  # a property that has failed, which says itself why
            return object.__getattribute__(self, name)
        text = f"{type(self).__name__}: {what} has no {name}"
        if name in known:
            raise AttributeError(f"{text}; write {known[name]}", name=name, obj=self)
        if name in ALREADY.split():
            raise AttributeError(f"{text}: nothing is kept in it, so there is nothing to do; leave it out")
        raise AttributeError(f"{text}; dir({what}) lists what it has", name=name, obj=self)

    return missing


def uncalled(self: Any, *_: Any, **__: Any) -> NoReturn:
    """A `__call__` for layers, which are no functions."""
    kind = type(self).__name__
    what = "network" if hasattr(self, "layers") else "layer"
    raise TypeError(f"{kind}: a {what} is not called, because use and training differ; write {what}.predict(X)")


def unlisted(self: Any, key: Any) -> NoReturn:
    """A `__getitem__` for networks and layers, which are no lists; loops ask it too."""
    kind = type(self).__name__
    if hasattr(self, "layers"):
        raise TypeError(f"{kind}: a network is no list, but it has one; write network.layers in place of network")
    raise TypeError(f"{kind}: a layer is no list; its arrays have names, such as layer.W")


class Names(tuple[str, ...]):
    """The names of a layer's parameters; others have a method of this name."""

    __slots__ = ()

    def __call__(self) -> NoReturn:
        """Say what gives the arrays."""
        text = "parameters holds the names of a layer's arrays, and fit gives them to the rule"
        raise TypeError(f"{text}; for the arrays write from nnlit.network import leaves; leaves(network)")


# --- all public names -------------------------------------------------------------------------------------------------


def answer(public: dict[str, Any], names: list[str]) -> None:
    """Let all public functions and classes explain calls that fail.

    Args:
        public: the names of `nnlit`, and what they stand for.
        names: those that are public.
    """
    for name in names:
        given = public[name]
        if inspect.isfunction(given):
            public[name] = asked(given, name)
            setattr(sys.modules[given.__module__], name, public[name])
        elif inspect.isclass(given):
            _class(given)
    layer, rule, loss = (public[name] for name in ("Layer", "Rule", "Loss"))
    layer.__call__, layer.__getattr__, layer.__getitem__ = uncalled, absent(WAYS, "network"), unlisted
    rule.__getattr__, loss.__getattr__ = absent(STEPS, "rule"), absent(LOSSES, "loss")
    public["__getattr__"] = functools.partial(_elsewhere, names)


def _elsewhere(public: list[str], name: str) -> NoReturn:
    """A module's `__getattr__`: what others call so is looked up when somebody asks for it."""
    from nnlit.names import missing

    missing(name, public)


def _class(given: type) -> None:
    """Let a class explain calls that fail, its own methods' too."""
    for method in METHODS:
        found = vars(given).get(method)
        named = {"__init__": given.__name__, "__call__": "__call__"}  # a loss or a plan is named by its own class
        name = named.get(method, f"{given.__name__}.{method}")
        if isinstance(found, classmethod):
            setattr(given, method, classmethod(asked(found.__func__, name, bound=True)))
        elif inspect.isfunction(found):
            setattr(given, method, asked(found, name, bound=True))
    if isinstance(vars(given).get("parameters"), tuple):
        type.__setattr__(given, "parameters", Names(vars(given)["parameters"]))
