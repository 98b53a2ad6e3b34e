"""Definitions that may be claims: of a name that stands above already, and has had a value there."""

from nnlit.book.evaluation.definitions import Part, definition_of, is_definition
from nnlit.book.evaluation.scope import Definition
from nnlit.book.language import nodes as n
from nnlit.book.source.place import line_words

PLAIN = n.Number | n.Negative | n.Product | n.Fraction | n.Transpose | n.Letter


def first_use(definition: Definition, part: Part) -> int:
    """The line of the first display above a definition that holds its name; zero where none does."""
    place = part.first_places.get((definition.place.path, definition.name))
    return place.line if place is not None and place < definition.place else 0


def is_alias(definition: Definition) -> bool:
    """Whether what a name is set to is another name, but for a number before it or a transpose."""
    symbols = [x for x in definition.body.walk() if isinstance(x, n.Symbol)]
    return len(symbols) == 1 and all(isinstance(x, PLAIN | n.Symbol) for x in definition.body.walk())


def is_late(definition: Definition, part: Part) -> bool:
    """Whether a name is set to another one below a display that holds it: that may be a claim."""
    return not definition.function and is_alias(definition) and bool(first_use(definition, part))


def asked(step: n.Step, part: Part) -> str:
    """What is asked of a definition that may as well be a claim: of a name with a row, which stands above already."""
    found = definition_of(step)
    if found is None or found.name not in part.rows or not is_definition(part, step) or not is_late(found, part):
        return ""
    line = first_use(found, part)
    what = f"{found.name} has any value at {line_words(line)}, by its row: is it claimed here that it is equal to this"
    ask = f"for a value, drop its row or display this above {line_words(line)}; a claim gives it another name"
    return f"{what}, or does it get its value? As a claim it is false; {ask}"


def told(step: n.Step, part: Part) -> str:
    """What is said of another definition of a name that stands above: nothing is compared, so it is none of a claim."""
    found = definition_of(step)
    if found is None or not is_definition(part, step):
        return ""
    if found.function:
        return of_a_function(found, part)
    if found.diagonal:
        return f"the entries of {found.name} off its diagonal are taken for 0"
    line = first_use(found, part)
    if not line or not (is_alias(found) or found.name in part.rows):
        return ""
    where = line_words(line)
    return f"{found.name} stands at {where} already; this says what its value is, and is not compared with anything"


def of_a_function(definition: Definition, part: Part) -> str:
    """What is said of the entropy H(p) of a displayed density p that is given as a number: nothing of p is compared."""
    given = part.scope.definitions
    held = part.scope.rests(definition.body)
    for name in definition.parameters:
        if name in given and given[name].function and name not in held:
            return f"{name} does not stand on the right: this is not compared with the {name} at " + line_words(
                given[name].place.line
            )
    return ""
