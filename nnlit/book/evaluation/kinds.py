"""The kinds of all names of a part: what rows say, what shapes mention as sizes, what left sides of displays show."""

import re
from collections.abc import Iterator, Mapping

from nnlit.book.evaluation.definitions import definition_of
from nnlit.book.evaluation.resolutions import Resolutions, left_sides
from nnlit.book.language import tex
from nnlit.book.language.chances import chances_of
from nnlit.book.language.declarations import Declared, Lost, is_set, size_names
from nnlit.book.language.entropies import DIVERGENCE, MEASURES
from nnlit.book.language.labelled import holds_names, is_index_in, labelled_names
from nnlit.book.language.names import STEPS
from nnlit.book.language.probability import IMPLIED
from nnlit.book.language.vocabulary import Kind
from nnlit.book.source.chapter import Display


def kinds_of(
    rows: Mapping[str, Declared], lost: Mapping[str, Lost], resolutions: Resolutions, shown: list[Display]
) -> Mapping[str, Kind]:
    """The kinds of names that rows declare, that shapes mention as sizes, and that the displays shown define."""
    kinds: dict[str, Kind] = {name: one.kind for name, one in lost.items() if one.kind}
    kinds |= {r.name: Kind.SET if is_set(r) else r.kind for r in rows.values() if r.kind != Kind.GRADIENT}
    kinds |= dict.fromkeys((x for x in size_names(rows) if x not in kinds), Kind.SIZE)
    chances = chances_of(rows)
    if chances.variables:
        kinds |= {name: Kind.DISTRIBUTION for name in IMPLIED if name not in kinds}
    read = [found for d in shown if isinstance(found := resolutions.formulas[d.place], tex.Formula)]
    factors = tex.products(read)
    shown_names = {(x, families(x, one, kinds)) for one in read for x in tex.function_names(one) if x not in factors}
    many = tuple(f"{base}_{{" for name, base in shown_names if name != base)
    named = {base for _, base in shown_names if not (base.startswith(many) and base[-2].isdecimal())}
    plain_names = {name for formula in read for name in tex.bare_names(formula)}
    named |= {name for formula in read for name in tex.function_names(formula, inner=True)} - plain_names
    named -= factors | DIVERGENCE | (set(MEASURES) if chances.variables else set())
    named = {name for name in named if not is_derivative(name, kinds, named)}
    kinds |= {name: Kind.FUNCTION for name in named if kinds.get(name) in {None, Kind.FUNCTION}}
    for name in (name for formula in read for name in tex.total_names(formula)):
        kinds.setdefault(name, Kind.NUMBER)
    for name, letter in (pair for formula in read for pair in tex.stepping_names(formula)):
        rowed = any(kinds.get(f"{name}^{{{x}}}") for x in (letter, f"({letter})", f"{letter}-1", f"({letter}-1)"))
        if name not in kinds and kinds.get(letter) is None and not rowed:
            kinds |= {name: Kind.ARRAY, name + STEPS: Kind.MARKED}
    kinds |= dict.fromkeys(marked(read, rows, kinds, plain_names), Kind.MARKED)
    kinds |= {name: Kind.ARRAY for formula in read for name in labelled_names(formula, matrices(rows))}
    names = tex.Names(dict(kinds), chances=chances)
    for step in (step for d in shown for step in resolutions.lefts(d, names)):
        if (definition := definition_of(step)) is not None:
            kinds.setdefault(definition.name, Kind.FUNCTION if definition.function else Kind.ARRAY)
    for name in recurring(read, names):
        numbered = re.compile(rf"{re.escape(name)}_\{{(?!0\}})\d+\}}")  # the start keeps its name
        kinds = {x: kind for x, kind in kinds.items() if x in rows or not numbered.fullmatch(x)}  # one of its steps
    return {x: kind for x, kind in kinds.items() if x in rows or x not in set(members_of(read, names, rows))}


def members_of(formulas: list[tex.Formula], names: tex.Names, rows: Mapping[str, Declared]) -> Iterator[str]:
    """The left sides with a number below a name that others define with a letter: `c_2 = ...` beside `c_i = ...`.

    Such a display claims something of one entry, unless it only says which number that is.
    """
    lefts = [(formula, step) for formula in formulas for step in left_sides(formula, names)]
    made = [(formula, definition_of(step)) for formula, step in lefts]
    families = {d.name for _, d in made if d and len(d.letters) == 1 and not d.function and d.name not in rows}
    for formula, definition in made:
        base = re.fullmatch(r"(.*)_\{[1-9]\d*\}", definition.name) if definition and not definition.letters else None
        if base and definition and base[1] in families and holds_names(formula):
            yield definition.name


def marked(
    formulas: list[tex.Formula], rows: Mapping[str, Declared], kinds: Mapping[str, Kind], bare_names: set[str]
) -> set[str]:
    """The letters above which a superscript without brackets is a mark: `W^l` has a row, or `h^1` is on a left side.

    Such a letter has no meaning of its own. What stands above it on a left side is 0 or 1, or counts by its row. The
    letter that counts, with the sign in front of it, is one of the names: above others it is no power either.
    """
    pairs = [(match[1], match[2]) for name in rows if (match := MARKED.fullmatch(name))]
    for base, above in (pair for formula in formulas for pair in tex.marked_names(formula)):
        if above in {"0", "1"} or kinds.get(counting(above)) == Kind.INTEGER:
            pairs.append((base, above))
    found = {base for base, _ in pairs if base not in kinds and base not in bare_names}
    letters = {counting(above) for base, above in pairs if base in found}
    return found | {f"^{letter}" for letter in letters if kinds.get(letter) == Kind.INTEGER}


def families(name: str, formula: tex.Formula, kinds: Mapping[str, Kind]) -> str:
    """The function f of `f_k(x) = ...`, where k is an index of what stands on the right; else the whole name."""
    found = re.fullmatch(r"([A-Za-z]|\\[a-z]+)_\{([a-z])\}", name)
    if not found or found[1] in {*kinds, "e", r"\pi"} or kinds.get(found[2]) not in {None, Kind.INDEX}:
        return name
    return found[1] if is_index_in(formula, found[2]) else name


def matrices(rows: Mapping[str, Declared]) -> set[str]:
    """The names of matrices; an index alone below one of them is none of an entry."""
    return {name for name, row in rows.items() if row.kind == Kind.ARRAY and len(row.axes) > 1}


MARKED = re.compile(r"(.*)\^\{([^{}()\[\]<>*]+)\}")


def counting(mark: str) -> str:
    """The letter of a mark: `l` of `l-1`."""
    return re.sub(r"[+-]\d+", "", mark)


def is_derivative(name: str, kinds: Mapping[str, Kind], named: set[str]) -> bool:
    """Whether a name is that of a derivative of a function of which a letter says the order: `f^{(n)}`."""
    found = re.fullmatch(r"(.*)\^\{\((.*)\)\}", name)
    first = found and f"{found[1]}^{{(1)}}" in named  # of functions that are numbered the first one is displayed
    if found is None or not (kinds.get(found[2]) == Kind.INTEGER or (found[2].isdecimal() and not first)):
        return False
    return found[1] in named or kinds.get(found[1]) == Kind.FUNCTION


def recurring(formulas: list[tex.Formula], names: tex.Names) -> Iterator[str]:
    """The names on left sides that stand on the right at the step before."""
    for formula in formulas:
        for step in left_sides(formula, names):
            definition = definition_of(step)
            if definition is not None and len(definition.letters) == 1:
                written = re.escape(definition.name).replace(r"\{", r"\s*\{?\s*").replace(r"\}", r"\s*\}?")
                if re.search(rf"{written}_\s*\{{\s*{definition.letters[0]}\s*-\s*1\s*\}}", formula.source.tex):
                    yield definition.name
