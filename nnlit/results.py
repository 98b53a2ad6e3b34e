"""What training returns, and the errors that carry what was learned until they came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import pandas as pd

    from nnlit.network import Network


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
