"""A network as a description and named arrays, and back: what is read is checked before it is built."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from dataclasses import MISSING, fields
from importlib import import_module
from typing import Any, TypeVar, get_type_hints

import numpy as np

from nnlit.data import Array
from nnlit.dense import Layer

AnyLayer = TypeVar("AnyLayer", bound=Layer)

FORMAT = 1  # of the files that save writes
LAYOUT = 1 << 20  # bytes of a file's description at most
DEEP = 400  # brackets in it that are open at once at most; a network in a network opens four
KINDS: dict[Any, Any] = {  # what may stand in a field that is declared so
    int: int | np.integer,
    float: int | float | np.integer | np.floating,
    str: str,
    Array: np.ndarray,
    Sequence[Layer]: tuple,
}


def described(network: Layer) -> tuple[bytes, dict[str, Array]]:
    """A network as JSON, and the arrays that it names.

    Args:
        network: a layer whose fields are numbers, text, arrays, layers, or tuples of them.

    Returns:
        The description, and the arrays by the names that stand in their place.

    Raises:
        ValueError, TypeError: if `rebuilt` would refuse them.

    Examples:
        >>> from nnlit import Dense, Network
        >>> text, arrays = described(Network([Dense(W=np.eye(2), b=np.zeros(2))]))
        >>> list(arrays)
        ['network.layers.0.W', 'network.layers.0.b']
        >>> rebuilt(text, arrays, Network)
        Network(Dense(2 -> 2, float64))
    """
    arrays: dict[str, Array] = {}
    node = described_value(network, "network", arrays)
    layout = json.dumps({"nnlit": FORMAT, "network": node}, allow_nan=False).encode()
    rebuilt(layout, arrays, type(network))
    return layout, arrays


def rebuilt(text: bytes, arrays: dict[str, Array], kind: type[AnyLayer]) -> AnyLayer:
    """The network that `described` took apart. Only classes of layers that are defined already can be named.

    Args:
        text: the description.
        arrays: the arrays that it names.
        kind: what the result must be, such as `Network`.

    Returns:
        The network, checked field by field before it was built.

    Raises:
        KeyError, TypeError, ValueError, AttributeError, RecursionError, OverflowError: if it is none.
    """
    if len(text) > LAYOUT or max(itertools.accumulate((c in b"[{") - (c in b"]}") for c in text), default=0) > DEEP:
        raise ValueError(f"its description is longer than {LAYOUT:,} bytes or nested more than {DEEP} deep")
    layout = json.loads(text, parse_constant=_no_number)
    if isinstance(layout, dict) and "checkpoint" in layout:
        raise ValueError("it is the checkpoint of a training; nnlit.resume or `nnlit train --resume` goes on with it")
    if not isinstance(layout, dict) or layout.keys() != {"nnlit", "network"} or layout["nnlit"] != FORMAT:
        raise ValueError(f"it is not of format {FORMAT}")
    network = built(layout["network"], arrays)
    if not isinstance(network, kind):
        raise TypeError(f"it is a {type(network).__name__}, not a {kind.__name__}")
    return network


def _no_number(name: str) -> float:
    """NaN and infinity have no place in JSON, although Python reads them."""
    raise ValueError(f"it holds {name}")


def described_value(value: Any, name: str, arrays: dict[str, Array]) -> Any:
    """A layer as JSON; its arrays are put into `arrays` under the names that stand in their place."""
    if isinstance(value, Layer):
        own = {f.name: described_value(getattr(value, f.name), f"{name}.{f.name}", arrays) for f in fields(value)}  # type: ignore[arg-type]
        return {"layer": type(value).__name__, "fields": own}
    if isinstance(value, tuple):
        return {"tuple": [described_value(v, f"{name}.{k}", arrays) for k, v in enumerate(value)]}
    if isinstance(value, np.ndarray | np.generic):
        arrays[name] = np.asarray(value)
        return {"array": name}
    return value


def built(node: Any, arrays: dict[str, Array]) -> Any:
    """The value that `described_value` described; only classes of layers that are defined already can be named."""
    if not isinstance(node, dict):
        return node
    if "array" in node:
        return arrays[node["array"]][()]
    if "tuple" in node:
        return tuple(built(v, arrays) for v in node["tuple"])
    kind = _kind(node["layer"])
    values = {name: built(v, arrays) for name, v in node["fields"].items()}
    for f in fields(kind):  # type: ignore[arg-type]
        if f.name in values or f.default is MISSING:
            _check_field(kind, f.name, values[f.name])
    return kind(**values)


def _check_field(kind: type[Layer], name: str, value: Any) -> None:
    """Refuse what the field of a layer cannot hold: text or dates in an array, NaN, a list in place of an array."""
    is_array = isinstance(value, np.ndarray)
    came = f"{kind.__name__}.{name} is {value.dtype if is_array else type(value).__name__}"
    if name in kind.parameters and not (is_array and value.dtype.kind == "f"):
        raise TypeError(f"{came}, where an array of floating-point numbers is expected")
    if is_array and value.dtype.kind not in "biuf":
        raise TypeError(f"{came}, where numbers are expected")
    if isinstance(value, np.ndarray | float | np.generic) and not np.isfinite(value).all():
        raise ValueError(f"{kind.__name__}.{name} holds NaN or infinity")
    expected = KINDS.get(_hints(kind).get(name, Any), object)
    if not isinstance(value, expected) or (isinstance(value, bool) and expected is not object):
        raise TypeError(f"{came}, where {_hints(kind)[name]} is expected")


def _hints(kind: type[Layer]) -> dict[str, Any]:
    """The declared types of a layer's fields; none where a caller's class names one that cannot be found."""
    try:
        return get_type_hints(kind)
    except NameError:
        return {}


def _kind(name: str) -> type[Layer]:
    """The layer of a name: one of the library's, or one that the caller has derived from `Layer`."""
    public = getattr(import_module("nnlit"), str(name), None)
    kind = public if isinstance(public, type) and issubclass(public, Layer) else _kinds(Layer).get(name, Layer)
    if kind is Layer:
        raise ValueError(f"no layer is called {name!r} here; import or define its class before loading")
    return kind


def _kinds(base: type[Layer]) -> dict[str, type[Layer]]:
    """A class and all that are derived from it, by name; of two with one name the one defined first."""
    below = {name: kind for derived in reversed(base.__subclasses__()) for name, kind in _kinds(derived).items()}
    return {**below, base.__name__: base}
