"""What training returns, and the errors that carry what was learned until they came."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from nnlit import doors
from nnlit.network import leaves

if TYPE_CHECKING:
    import pandas as pd

    from nnlit.data import Array
    from nnlit.network import Network
    from nnlit.training import _Descent


class Trained(NamedTuple):
    """What `fit` returns: `network, history = fit(...)`.

    Attributes:
        network: the trained network.
        history: a table with a row for every epoch.
    """

    network: Network
    history: pd.DataFrame

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(
            f"fit returned a network and its history, and the two have no {name}; write network, history = network"
        )


class DivergenceError(FloatingPointError):
    """The loss or a parameter is no longer finite.

    Attributes:
        network: the last good one: of the last epoch that ended with a finite loss and
            finite parameters, else the one that training started from.
        history: of the epochs that ended.
    """

    network: Network
    history: pd.DataFrame


class Interrupted(KeyboardInterrupt):
    """Training was interrupted by Ctrl-C.

    Attributes:
        network: what was learned until then.
        history: of the epochs that ended.
    """

    network: Network
    history: pd.DataFrame


def history(records: list[dict[str, float]]) -> pd.DataFrame:
    """The records as a table, a row for every epoch."""
    import pandas as pd

    return pd.DataFrame(records, index=pd.RangeIndex(1, len(records) + 1, name="epoch"))


@contextmanager
def stops(descent: _Descent) -> Iterator[None]:
    """What ends training before its time carries what was learned."""
    try:
        yield
    except (DivergenceError, KeyboardInterrupt) as error:
        diverged = isinstance(error, DivergenceError)
        if diverged or not descent.is_finite():
            for p, good in zip(leaves(descent.network), descent.good, strict=True):
                p[...] = good
        stopped = error if isinstance(error, DivergenceError) else Interrupted(*error.args)
        stopped.network = descent.network
        stopped.history = history(descent.records)
        raise stopped from None


def progress(records: list[dict[str, float]], epochs: int) -> Iterator[int]:
    """The numbers of the epochs; where there is a screen, with a bar that tells how the loss falls.

    Args:
        records: of the epochs that ended; training adds to it.
        epochs: that are left.
    """
    from tqdm import tqdm

    begun = len(records)
    with tqdm(total=begun + epochs, initial=begun, disable=None, leave=False, unit=" epochs") as bar:
        for epoch in range(begun + 1, begun + epochs + 1):
            yield epoch
            bar.set_postfix_str(told(records[-1]), refresh=False)
            bar.update()


def told(record: dict[str, float]) -> str:
    """The record of an epoch in words.

    Examples:
        >>> told({"loss": 0.51234, "seconds": 3.0, "validation_loss": 0.6, "validation_accuracy": 0.875})
        'loss 0.5123, validation 0.6 and 87.50%'
    """
    text = f"loss {record['loss']:.4g}"
    if "validation_loss" in record:
        text += f", validation {record['validation_loss']:.4g}"
    if "validation_accuracy" in record:
        text += f" and {record['validation_accuracy']:.2%}"
    return text


def copied(network: Network, X: Array) -> Network:
    """Training's own copy, which notes the range of the numbers that it learns on."""
    learned = doors.compare(X, network.learned)
    doors.scaled_twice(X, network.layers)
    return replace(copy.deepcopy(network), learned=learned)
