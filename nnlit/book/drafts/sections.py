"""Letters that mean one thing in a section and another in the next: which sections need a table of their own."""

from collections.abc import Iterator
from dataclasses import replace

from nnlit.book.evaluation.analysis import Analysis, analysed
from nnlit.book.language import nodes as n
from nnlit.book.language.tex import Formulas
from nnlit.book.source.chapter import Chapter, Display


def apart(chapter: Chapter, formulas: Formulas) -> tuple[Chapter, dict[str, tuple[Chapter, set[str]]]]:
    r"""A chapter without the sections in which a letter has a second meaning, and these, by heading, with the letters.

    In `p(x \mid \mu) = ...` the argument is a number of its own; where another section writes `\mu_j`, and that of the
    function does not, it is another thing there. The x of `p(x_i)` is not: the function is called with one of them.
    """
    headings = {display.heading for display in chapter.displays}
    if len(headings) < 2 or not any("(" in display.tex.partition("=")[0] for display in chapter.displays):
        return chapter, {}
    analysis = analysed(chapter, formulas)
    second = dict[str, set[str]]()
    called = {x.name for _, x in symbols(analysis, n.Call)}
    for name, home in arguments(analysis).items():
        if name in called:
            continue
        found = {display.heading for display, symbol in symbols(analysis) if symbol.name == name}
        for heading in found if home not in found else ():
            second.setdefault(heading, set()).add(name)
    return under(chapter, headings - set(second)) if second else chapter, {
        heading: (under(chapter, {heading}), names) for heading, names in second.items()
    }


def arguments(analysis: Analysis) -> dict[str, str]:
    """The names without a row that are arguments of a displayed function, with the heading it stands under."""
    found = dict[str, str]()
    for display, step in steps(analysis):
        scope = analysis.part(display).scope
        functions = (x for x in scope.definitions.values() if x.function and x.place == step.place)
        for definition in functions:
            found |= {name: display.heading for name in definition.parameters if name not in scope.shapes}
    return found


def steps(analysis: Analysis) -> Iterator[tuple[Display, n.Step]]:
    """The claims of the displays that can be read."""
    for display in analysis.chapter.displays:
        read = analysis.parts[analysis.chapter.tables_of(display)].equations.get(display.place)
        if isinstance(read, n.Equation):
            yield from ((display, step) for step in read.steps)


def symbols(analysis: Analysis, inside: type[n.Node] = n.Node) -> Iterator[tuple[Display, n.Symbol]]:
    """The names with an index in the displays that can be read; of all, or of those in calls of functions."""
    for display, step in steps(analysis):
        for node in (x for side in (step.left, step.right) for x in side.every if isinstance(x, inside)):
            parts = (node,) if inside is n.Node else node.parts
            yield from ((display, x) for x in parts if isinstance(x, n.Symbol) and x.indices)


def under(chapter: Chapter, headings: set[str]) -> Chapter:
    """A chapter with the displays and the running text that stand under some headings."""
    shown = tuple(x for x in chapter.displays if x.heading in headings)
    titles = [(heading.line, heading.title) for heading in chapter.markdown.headings]
    above = ((one, [title for line, title in titles if line <= one[1].line]) for one in chapter.spoken)
    spoken = tuple(one for one, found in above if (found[-1] if found else "") in headings)
    return replace(chapter, displays=shown, spoken=spoken)
