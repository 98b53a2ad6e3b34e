"""What becomes of a wrong version: the checks are asked, and then twenty draws whether it means the same.

A definition cannot be compared with anything of its own: its wrong version is rejected when some other check of the
chapter fails with it, or the code line that carries its label.
"""

import ast
import math
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from nnlit.book.checks.binding import transliterate
from nnlit.book.checks.code import CodeCheck, code_name, difference, replay
from nnlit.book.checks.comparison import TOLERANCE, apart, verdict
from nnlit.book.checks.equations import PageCheck
from nnlit.book.checks.recorder import Array, Variables, snapshot
from nnlit.book.checks.sides import INEQUALITIES, Difference, side_value
from nnlit.book.checks.verdicts import EquationError
from nnlit.book.evaluation.environment import World
from nnlit.book.evaluation.values import Mistake
from nnlit.book.language import nodes as n
from nnlit.book.language.declarations import size_names
from nnlit.book.language.letters import free
from nnlit.book.language.vocabulary import NO_DATA
from nnlit.book.mutation.verdicts import By, Equivalent, Rejected, Unnoticed, Verdict
from nnlit.book.mutation.wrong_code import CodeMutant, code_mutants
from nnlit.book.mutation.wrong_equations import Mutant
from nnlit.book.source.chapter import Display
from nnlit.book.source.marks import Checked
from nnlit.book.source.place import BookError
from nnlit.book.source.tags import Tag

SAME = 1e-12
LineFails = Callable[[PageCheck, str], bool]


class EquationJudge:
    """Decides over the wrong versions of one displayed equation.

    Args:
        page: the chapter's equations.
        display: the equation; as it stands, it is true.
        code: gets the page with a wrong version in place, and a label; it says whether that label's code check fails.
    """

    def __init__(self, page: PageCheck, display: Display, code: LineFails | None = None) -> None:
        self.page, self.display, self.code = page, display, code
        self.others: dict[int, list[Display]] = {}  # what rests on a definition, the one that last noticed first

    def verdict_on(self, mutant: Mutant) -> Verdict:
        """What becomes of a wrong version."""
        changed = self.page.with_side(self.display, mutant.step, mutant.node)
        by = _failing(changed, self.display) or self._failing_elsewhere(changed, mutant.step)
        if not by and self.code and self.display.label and self.code(changed, self.display.label):
            by = By.CODE
        if by:
            return Rejected(by)
        return Equivalent() if means_the_same(self.page, self.display, mutant) else Unnoticed()

    def _failing_elsewhere(self, changed: PageCheck, number: int) -> By | None:
        """Whether another display fails with a wrong definition."""
        if number not in self.others:
            self.others[number] = list(self._resting(changed))
        others = self.others[number]
        noticed = next((other for other in others if _failing(changed, other)), None)
        if noticed is None:
            return None
        others.remove(noticed)
        others.insert(0, noticed)
        return By.ELSEWHERE

    def _resting(self, changed: PageCheck) -> Iterator[Display]:
        """The displays that rest on what was exchanged, if that is a definition."""
        displays = self.page.analysis.chapter.displays if changed.exchange and changed.exchange.name else ()
        for other in displays:
            if other is not self.display and isinstance(other.mark, Checked) and changed.reached(other):
                yield other


def _failing(page: PageCheck, display: Display) -> By | None:
    """Which check of a display fails, if one does."""
    try:
        page.check(display)
    except EquationError as error:
        return By.SHAPE if math.isinf(error.difference) else By.VALUE
    except BookError:
        return By.READING
    return None


def means_the_same(page: PageCheck, display: Display, mutant: Mutant) -> bool:
    """Whether both versions agree to 1e-12 on 20 draws, at two sets of sizes, with rows 1000 apart among them.

    Of an inequality a wrong version may be weaker and still be true: it has to hold on all draws.
    """
    step = page.analysis.equation(display).steps[mutant.step - 1]
    with np.errstate(all="ignore"):
        if step.relation in INEQUALITIES:
            return all(_holds(replace(step, right=mutant.node), world) for world in page.data.draws(display))
        return all(_agree(step, mutant, world) for world in page.data.draws(display))


def _holds(step: n.Step, world: World) -> bool:
    """Whether an inequality is true on a draw."""
    try:
        return verdict(step, world) == 0.0
    except (Mistake, Difference):
        return False


def _agree(step: n.Step, mutant: Mutant, world: World) -> bool:
    """Whether a right side and its wrong version have one value; where the right one is not finite, nothing is said."""
    try:
        good = side_value(step.right, step, world)
    except Mistake:
        return True
    try:
        other = side_value(mutant.node, replace(step, right=mutant.node), world)
        if not np.isfinite(good.data).all():
            return True
        return apart(good, other) < SAME and not set(free(mutant.node)) - set(free(step.left))
    except Mistake:
        return False


class LineJudge:
    """Decides over the wrong versions of one tagged line, on the calls that were recorded of it.

    Args:
        check: the chapter's code check, after its examples have run.
        page: the chapter's equations.
        tag: the line.
    """

    def __init__(self, check: CodeCheck, page: PageCheck, tag: Tag) -> None:
        self.check, self.page, self.tag = check, page, tag
        self.calls = check.calls(tag)
        self.expected = [[np.asarray(page.value(label, call)) for label in tag.labels] for call in self.calls]

    def mutants(self) -> Iterator[CodeMutant]:
        """The wrong versions of the line."""
        return code_mutants(self.tag, self._dimensions)

    def _dimensions(self, node: ast.expr) -> int:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                scope = {**vars(self.check.module), **snapshot(self.calls[0])}
                return int(np.ndim(eval(ast.unparse(node), scope)))  # noqa: S307 - a part of the project's own line
            except Exception:  # noqa: BLE001 - what has no value by itself has no transpose
                return 0

    def verdict_on(self, mutant: CodeMutant) -> Verdict:
        """What becomes of a wrong version of the line."""
        if self._rejects(mutant):
            return Rejected(By.CODE)
        return Equivalent() if self._means_the_same(mutant) else Unnoticed()

    def _rejects(self, mutant: CodeMutant) -> bool:
        """Does the code check notice? What cannot be run is noticed."""
        for call, expected in zip(self.calls, self.expected, strict=True):
            values = self._replay(call, mutant)
            if values is None or not all(difference(v, e) <= TOLERANCE for v, e in zip(values, expected, strict=True)):
                return True
        return False

    def _means_the_same(self, mutant: CodeMutant) -> bool:
        """Does a version mean the same? It has to agree on twenty draws, at two sets of sizes.

        The draws are those of the equations: exact zeros at kinks, rows a thousand apart, conditions kept. A draw on
        which the line itself has no finite value says nothing; when none says anything, the version is not the same.
        """
        agreed = 0
        for variables in self._draws():
            right = self._replay(variables, None)
            if right is None or not all(np.isfinite(value).all() for value in right):
                continue
            values = self._replay(variables, mutant)
            if values is None or not all(_same(v, r) for v, r in zip(values, right, strict=True)):
                return False
            agreed += 1
        return agreed > 0

    def _draws(self) -> Iterator[Variables]:
        """The variables of a recorded call, with new numbers for every symbol of the Symbols tables."""
        display = self.page.analysis.by_label[self.tag.labels[0]]
        part = self.page.analysis.part(display)
        for world in self.page.data.draws(display):
            variables = snapshot(self.calls[0])
            names = {name: transliterate(name) for name in size_names(part.rows)}
            names |= {n: code_name(r) for n, r in part.rows.items() if r.kind not in NO_DATA}
            for name, variable in names.items():
                value = _value(world, name)
                if value is not None:
                    _assign(variables, variable, value)
            yield variables

    def _replay(self, variables: Variables, mutant: CodeMutant | None) -> list[Array] | None:
        """The values of the line or of a version of it; None where it raises."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                values = replay(self.tag, variables, self.check.module, mutant.statement if mutant else None)
                return [value.astype(complex if value.dtype.kind == "c" else float) for value in values]
            except Exception:  # noqa: BLE001 - a wrong version may do anything
                return None


def _same(value: Array, right: Array) -> bool:
    return value.shape == right.shape and difference(value, right) <= SAME


def _value(world: World, name: str) -> Array | None:
    with np.errstate(all="ignore"):
        try:
            value = world.value(name)
        except (Mistake, BookError):
            return None
    return None if value.letters else value.data


def _assign(variables: Variables, code: str, data: Array) -> None:
    """Give an expression over the variables a value, if it is a variable or a field of one."""
    node = ast.parse(code, mode="eval").body
    if isinstance(node, ast.Name) and node.id in variables:
        variables[node.id] = _like(variables[node.id], data)
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in variables:
        owner = variables[node.value.id]
        if hasattr(owner, node.attr):
            object.__setattr__(owner, node.attr, _like(getattr(owner, node.attr), data))


def _like(old: object, data: Array) -> object:
    """A value in the form of the one it replaces: a whole number, a number, an array of its dtype."""
    if isinstance(old, int | float):
        return type(old)(data)
    if isinstance(old, np.ndarray):
        shape = data.shape if old.ndim == data.ndim else (*data.shape, *[1] * (old.ndim - data.ndim))
        return data.astype(old.dtype).reshape(shape)
    return data.copy()
