"""Symbols of the page as variables of a code line, through the `code` column or the transliteration."""

import re
from collections.abc import Callable, Mapping

import numpy as np

from nnlit.book.evaluation.definitions import Part
from nnlit.book.evaluation.environment import World
from nnlit.book.evaluation.values import Array, Mistake, Value, union
from nnlit.book.language import nodes as n
from nnlit.book.language.vocabulary import NO_DATA, Kind

CODE = {"__builtins__": {"len": len, "float": float, "int": int, "abs": abs, "sum": sum}, "np": np}


class CodeWorld(World):
    """A world whose names are bound to the variables of a code line, through the `code` column."""

    def __init__(self, part: Part, variables: Mapping[str, object]) -> None:
        super().__init__(part.scope, {})
        self.part, self.variables = part, variables
        self.found: dict[str, Value | None] = {}
        self.loose: frozenset[str] = frozenset()

    def replaced(self, name: str, value: Value) -> "World":
        """Names that rest on a replaced one come from their definitions, no longer from the variables."""
        world = super().replaced(name, value)
        assert isinstance(world, CodeWorld)
        world.loose = self.loose | {x for x in self.scope.definitions if name in self.scope.depends(x)}
        return world

    def lookup(self, name: str) -> Value | None:
        """A bound name, or what its expression in code gives."""
        if name in self.bound or name in self.loose:
            return super().lookup(name)
        if name not in self.found:
            self.found[name] = self.variable(name)
        return self.found[name]

    def variable(self, name: str) -> Value | None:
        """The value that a name's expression in code has."""
        row = self.part.rows.get(name)
        if self.scope.kind(name) in NO_DATA:
            return None
        data = evaluated(row.row.code if row and row.row.code else transliterate(name), self.variables)
        if data is not None:
            return Value(data)
        return self.inferred(name) if self.scope.kind(name) == Kind.SIZE else None

    def function(self, name: str) -> Callable[[list[Value]], Value] | None:
        """The function that a row of kind `function` names in its code column, if the code line has it."""
        row = self.part.rows.get(name)
        given = self.variables.get(row.row.code) if row and row.kind == Kind.FUNCTION else None
        if not callable(given):
            return None

        def apply(arguments: list[Value]) -> Value:
            if union(*arguments):
                raise Mistake(f"{name} is a function of the code: it has no index form")
            return Value(np.asarray(given(*(x.data for x in arguments))))

        return apply

    def inferred(self, name: str) -> Value | None:
        """A size, from an array that has it as an axis."""
        for row in self.part.rows.values():
            for k, axis in enumerate(row.axes):
                value = self.lookup(row.name) if axis == n.Symbol(name) else None
                if value is not None and len(value.shape) == len(row.axes):
                    return Value(np.array(float(value.shape[k])))
        return None


def evaluated(code: str, variables: Mapping[str, object]) -> Array | None:
    """A code expression as an array of numbers, if it has such a value."""
    try:
        data = np.asarray(eval(code, dict(CODE), dict(variables)))  # noqa: S307 (the author's own expression)
    except Exception:  # noqa: BLE001 (whatever the expression raises: it has no value here)
        return None
    return data.astype(float) if data.dtype.kind in "biuf" else data if data.dtype.kind == "c" else None


def transliterate(name: str) -> str:
    r"""A symbol as a name in code: `\hat{m}_{t}` to `m_hat`, `W^{(1)}` to `W1`, `\partial L/\partial W` to `grad_W`.

    >>> [transliterate(x) for x in (r"\hat{Y}", "W^{(1)}", "m_{t-1}", r"\partial L/\partial Z", r"\lambda")]
    ['Y_hat', 'W1', 'm_prev', 'grad_Z', 'lambda_']
    """
    if name.startswith(r"\partial"):
        return "grad_" + transliterate(name.partition(r"/\partial ")[2])
    accent = re.match(r"\\(hat|bar|tilde|dot|mathbf|mathcal|vec)\{(.*?)\}(?=[_^']|$)", name)
    if accent:
        inner = accent[2] if accent[1].startswith("math") else f"{transliterate(accent[2])}_{accent[1]}"
        name = inner + name[accent.end() :]
    name = re.sub(r"_\{[a-z]-1\}", "_prev", re.sub(r"_\{[a-z]\+1\}", "_next", re.sub(r"_\{[a-z]\}", "", name)))
    name = re.sub(r"[_^]\{\(?(\d+)\)?\}", r"\1", name)
    name = re.sub(r"\W+", "_", re.sub(r"\\(?:mathrm|text)?", "", name)).strip("_")
    return name + "_" if name in {"lambda", "in", "is", "if", "or", "as"} else name
