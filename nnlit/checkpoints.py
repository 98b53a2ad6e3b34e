"""Training that can go on: all that it keeps from step to step, in one file that is written whole or not at all."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from nnlit import doors, layout
from nnlit.data import Array
from nnlit.files import DataError, check_destination, one_line, read_npz, write_npz
from nnlit.network import Network

if TYPE_CHECKING:
    from nnlit.training import _Descent

FORMAT = 1
KINDS = ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")  # NumPy's own generators of bits


class OtherTrainingError(ValueError):
    """A checkpoint is of another training than the one that shall go on.

    Attributes:
        what: differs, such as "examples".
    """

    def __init__(self, what: str, was: str, now: str) -> None:
        text = f"the checkpoint was written with {what} {was}, but now it is {now}"
        super().__init__(f"resume: {text}; hand over the same")
        self.what = what


class Checkpoint:
    """Where training is kept, and how often.

    Args:
        path: the file; None for none.
        every: after how many epochs it is written anew; it is written at the end, too.
        saved: what was read from it, if training goes on.
        about: words that are kept beside it, for who goes on.
    """

    def __init__(
        self,
        path: str | PathLike[str] | None,
        every: int,
        saved: dict[str, Any] | None = None,
        about: Sequence[str] = (),
    ) -> None:
        self.path, self.every, self.saved = path, doors.count("fit", "every", every), saved
        self.about = list(about or (saved or {}).get("about", ()))
        if not isinstance(path, str | PathLike | None):
            text = f"fit: expected checkpoint to be the name of a file, but it is {doors.described(path)}"
            raise TypeError(f"{text}; write checkpoint = 'training.npz'")
        if path is not None:
            check_destination(path)

    @classmethod
    def of(cls, given: Any, every: int, rng: np.random.Generator, loss: Any, batches: Any) -> Checkpoint:
        """The checkpoint of a path, which notes where the random numbers begin, and what was chosen."""
        kept = given if isinstance(given, Checkpoint) else cls(given, every)
        kept.rng, kept.start, kept.choices = rng, _state(rng), (loss, batches)
        return kept

    rng: np.random.Generator
    start: dict[str, Any]
    choices: tuple[Any, Any]
    told: dict[str, str]
    ended = False  # by a callback, before training was stopped

    def begin(self, descent: _Descent, X: Array, Y: Array, pair: Any) -> _Descent:
        """Training at its beginning or, if something was saved, where it was."""
        descent.kept = self
        words = [re.sub(r" at 0x[0-9a-fA-F]+", "", repr(value)) for value in (descent.rule, *self.choices)]
        self.told = {}
        if self.path is not None:
            known = {"examples": (X, Y), "validation": pair}
            self.told = {name: f"{p[0].shape} {_sum(p[0])} {_sum(p[1])}" if p else "none" for name, p in known.items()}
        self.told |= zip(("rule", "loss", "batches"), words, strict=True)
        if self.saved is not None:
            self._go_on(descent, self.saved)
        return descent

    def _go_on(self, descent: _Descent, saved: dict[str, Any]) -> None:
        """Take training to where it was, if it is the same one."""
        for name, was in saved["told"].items():
            if was != self.told.get(name):
                raise OtherTrainingError(name, was, self.told.get(name, "nothing"))
        descent.states, descent.t, descent.first = list(saved["states"]), saved["t"], saved["first"]
        descent.records = [dict(record) for record in saved["records"]]
        descent.start -= descent.records[-1]["seconds"]
        _set(self.rng, saved["now"])
        *before, last = enumerate(descent.records, 1)
        if hasattr(descent.callback, "best") and (saved["best"] is not None or not before):  # what it was told
            for epoch, record in before:
                descent.callback(epoch, saved["best"], record)
            self.ended = bool(descent.callback(last[0], descent.network, last[1]))

    def left(self, descent: _Descent, epochs: int) -> int:
        """How many epochs are left."""
        ended = len(descent.records)
        if ended > epochs:
            raise ValueError(f"resume: the training has {ended} epochs already, but epochs is {epochs}; ask for more")
        return 0 if self.ended else epochs - ended

    def __call__(self, descent: _Descent, *, end: bool = False) -> None:
        """Write the file if it is time for it."""
        due = end or len(descent.records) % self.every == 0
        if self.path is None or not due:
            return
        arrays: dict[str, Array] = {}
        best = getattr(descent.callback, "best", None)  # of EarlyStopping
        node = {
            "network": layout.described_value(descent.network, "network", arrays),
            "states": layout.described_value(tuple(descent.states), "states", arrays),
            "best": layout.described_value(best, "best", arrays) if isinstance(best, Network) else None,
            "t": descent.t,
            "first": descent.first,
            "records": descent.records,
            "told": self.told,
            "about": self.about,
            "start": self.start,
            "now": _state(self.rng),
        }
        text = json.dumps({"nnlit": FORMAT, "checkpoint": node}).encode()
        write_npz(self.path, {"layout": np.frombuffer(text, np.uint8), **arrays})


def read_checkpoint(path: str | PathLike[str]) -> tuple[Network, dict[str, Any], np.random.Generator]:
    """Read what a checkpoint keeps. No code of the file is executed.

    Args:
        path: the file that `fit` wrote.

    Returns:
        The network as it was; what else was kept; and a generator as it was when training
        began.

    Raises:
        DataError: if the file is missing, or is no checkpoint that this version can read.
    """
    arrays = read_npz(path)
    try:
        return _read(arrays.pop("layout").tobytes(), arrays)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError, OverflowError) as error:
        came = f"{error.args[0]} is missing" if isinstance(error, KeyError) else one_line(error)
        text = f"{path}: expected a checkpoint written by fit, but it cannot be read ({came})"
        raise DataError(f"{text}; a finished network is read by nnlit.load") from error


def _read(text: bytes, arrays: dict[str, Array]) -> tuple[Network, dict[str, Any], np.random.Generator]:
    """What a description and its arrays keep; what is none raises one of the errors that are explained above."""
    found = json.loads(text)
    if found["nnlit"] != FORMAT:
        raise ValueError(f"it is not of format {FORMAT}")
    node = found["checkpoint"]
    network = layout.built(node["network"], arrays)
    if not isinstance(network, Network):
        raise TypeError(f"it holds a {type(network).__name__}, not a Network")
    saved = {name: node[name] for name in ("t", "records", "told", "now")}
    saved["states"], saved["best"] = layout.built(node["states"], arrays), layout.built(node["best"], arrays)
    saved["first"], saved["about"] = float(node["first"]), [str(word) for word in node["about"]]
    if not isinstance(saved["t"], int) or not isinstance(saved["told"], dict):
        raise TypeError("its steps are no number")
    if not isinstance(saved["best"], Network | None):
        raise TypeError("its best network is none")
    saved["records"] = [{str(k): float(v) for k, v in record.items()} for record in saved["records"]]
    _ = saved["records"][-1]["seconds"], _generator(saved["now"])
    return network, saved, _generator(node["start"])


def _sum(X: Array) -> int:
    """A number that tells arrays apart."""
    return zlib.crc32(np.ascontiguousarray(X).data)


def _state(rng: np.random.Generator) -> dict[str, Any]:
    """A generator as JSON: the state of its bits, and the seed with the number of its children.

    `bit_generator.state` alone does not know how many generators were spawned.
    """
    bits = rng.bit_generator
    seed = cast("np.random.SeedSequence", bits.seed_seq)
    return {
        "state": _plain(bits.state),
        "entropy": _plain(seed.entropy),
        "spawn_key": [int(k) for k in seed.spawn_key],
        "pool_size": seed.pool_size,
        "spawned": seed.n_children_spawned,
    }


def _plain(value: Any) -> Any:
    """Numbers and arrays as JSON knows them."""
    if isinstance(value, dict):
        return {name: _plain(below) for name, below in value.items()}
    if isinstance(value, np.ndarray):
        return {"numbers": value.tolist(), "dtype": str(value.dtype)}
    if isinstance(value, list | tuple):
        return [_plain(below) for below in value]
    return int(value) if isinstance(value, np.integer) else value


def _numbers(value: Any) -> Any:
    """What `_plain` was given."""
    if isinstance(value, dict) and value.keys() == {"numbers", "dtype"}:
        return np.array(value["numbers"], np.dtype(value["dtype"]))
    return {name: _numbers(below) for name, below in value.items()} if isinstance(value, dict) else value


def _generator(saved: dict[str, Any]) -> np.random.Generator:
    """The generator that `_state` described."""
    state = _numbers(saved["state"])
    if state["bit_generator"] not in KINDS:
        raise ValueError(f"it has random numbers of the kind {state['bit_generator']!r}")
    seed = np.random.SeedSequence(
        _numbers(saved["entropy"]),
        spawn_key=tuple(saved["spawn_key"]),
        pool_size=saved["pool_size"],
        n_children_spawned=saved["spawned"],
    )
    bits = getattr(np.random, state["bit_generator"])(seed)
    bits.state = state
    return np.random.Generator(bits)


def _set(rng: np.random.Generator, saved: dict[str, Any]) -> None:
    """Take a generator to a later state of its own, its children included."""
    seed = cast("np.random.SeedSequence", rng.bit_generator.seed_seq)
    while seed.n_children_spawned < saved["spawned"]:
        seed.spawn(min(saved["spawned"] - seed.n_children_spawned, 1000))
    rng.bit_generator.state = _numbers(saved["state"])
