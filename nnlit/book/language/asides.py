r"""What stands beside the equations of a display and could be claimed, but is not executed: it is named."""

import re
from collections.abc import Iterator, Sequence

from nnlit.book.language import syntax as s
from nnlit.book.language.names import Names
from nnlit.book.language.spelling import Token, group
from nnlit.book.language.tokens import CONDITIONS, RELATIONS, lex, text_of
from nnlit.book.language.vocabulary import Kind

VALUES = {Kind.ARRAY, Kind.NUMBER, Kind.LABELS, Kind.GRADIENT}  # kinds of names that have a value, and are no index
TIGHT = re.compile(r"(?<=[({\[_^]) | (?=\\?[)}\],;_^])|(?<=brace) ")  # spaces that nobody writes
BRACES = {r"\underbrace", r"\overbrace"}


def below_braces(tokens: list[Token]) -> Iterator[list[Token]]:
    r"""The remarks at horizontal braces that hold a relation: `\underbrace{a + b}_{= c}`."""
    for k, token in enumerate(tokens):
        end = group(tokens, k + 1) if token.text in BRACES else len(tokens)
        beside = tokens[end + 1 : group(tokens, end + 1)] if end < len(tokens) else []
        if beside and tokens[end].text in {"_", "^"} and any(t.text in RELATIONS for t in beside):
            yield tokens[k : end + 1 + len(beside)]


def unexecuted(formula: s.Formula, names: Names) -> tuple[str, ...]:
    r"""Those that say something of a name with a value, as TeX; `i = 1, \dots, n` and `x \in \mathbb R^n` do not."""
    braced = any(brace in formula.source.tex for brace in BRACES)
    tokens = lex(formula.source) if braced else []
    remarks = [x for x in below_braces(tokens) if not {t.span for t in x} & formula.braced]
    found = list[str]()
    for words in (*formula.asides, *(tuple(t.text for t in remark) for remark in remarks)):
        at = next((k for k, word in enumerate(words) if word in CONDITIONS), len(words))
        subject = [word for word in words[:at] if word != r"\forall"]
        declares = words[at : at + 1] == (r"\in",) and r"\mathbb" in words[at:]
        known = words[0] in BRACES or any(names.kinds.get(name) in VALUES for name in named(subject))
        known |= r"\sim" in words
        found += [TIGHT.sub("", " ".join(words))] if known and not declares else []
    return tuple(found)


def named(words: Sequence[str]) -> Iterator[str]:
    """The names that some words may hold: each word, and all of them with what stands below or without."""
    yield from words
    if words:
        base, below, rest = text_of(words).partition("_")
        yield f"{base}_{{{rest.strip('{}')}}}" if below else base
