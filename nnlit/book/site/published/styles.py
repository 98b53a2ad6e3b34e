"""The rules of a style sheet that can concern a site: the others are left out when it is published."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import tinycss2

TAG = re.compile(r'<[a-z](?:[^<>"]|"[^"]*")*>')
ATTRIBUTE = re.compile(r'\s([a-z][\w-]*)(?:="([^"]*)")?')
TEXTS = {"href", "src", "style", "d", "content", "alt", "title", "aria-label", "aria-description"}  # no names
WORD = re.compile(r"[\w-]+")
OWN = "nnlit-"  # names of the book's own styles, which are also given to what is added later, and on paper
PREFIX = 6  # letters with which a program may begin the name of a class, as in "md-code__" + name
NESTED = {"media", "supports", "layer", "container"}
ANY = {"is", "where", "has"}  # what is asked of one of several; a `:not` asks for nothing


@dataclass(frozen=True)
class Vocabulary:
    """What elements of a site may be called.

    Args:
        words: names of classes, ids and attributes, values of attributes, and every word of a program.
        begun: words of programs that end in a hyphen or an underscore: a name may begin with one.
    """

    words: frozenset[str]
    begun: tuple[str, ...]

    def has(self, word: str) -> bool:
        """Whether something may be called so."""
        return word in self.words or word.startswith(self.begun)


def vocabulary(pages: Iterable[str], programs: Iterable[str]) -> Vocabulary:
    """The words of HTML pages, and of the programs that run on them.

    Examples:
        >>> found = vocabulary(['<p class="a b-c" id="d">e</p>'], ['x.className = "md-code__" + kind'])
        >>> [found.has(word) for word in ("b-c", "d", "kind", "md-code__link", "e", "md-code")]
        [True, True, True, True, False, False]
    """
    words = set[str]()
    for page in pages:
        for name, value in (found for tag in set(TAG.findall(page)) for found in ATTRIBUTE.findall(tag)):
            words.add(name)
            if name not in TEXTS:
                words.update(value.split())
    said = {word for program in programs for word in WORD.findall(program)}
    begun = sorted(word for word in said if word[-1] in "-_" and len(word) >= PREFIX)
    return Vocabulary(frozenset(words | said), (OWN, *begun))


def purged(css: str, known: Vocabulary) -> str:
    """The rules that can concern an element, and the variables that these use.

    Examples:
        >>> known = vocabulary(['<p class="a">'], [])
        >>> purged(":root{--x:1;--y:2}.a,.b{top:var(--x)}.b{left:0}@media print{.b{top:0}}.a:not(.b){top:0}", known)
        ':root{--x:1}.a{top:var(--x)}.a:not(.b){top:0}'
    """
    text = "".join(_rules(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), known))
    while True:
        used = set(re.findall(r"var\(\s*(--[\w-]+)", text))
        kept = "".join(_declared(tinycss2.parse_stylesheet(text), used))
        if kept == text:
            return text
        text = kept


def _rules(rules: Sequence[Any], known: Vocabulary) -> Iterator[str]:
    """What is kept of rules, as text."""
    for rule in rules:
        if rule.type == "at-rule" and rule.at_keyword in NESTED:
            inner = tinycss2.parse_rule_list(rule.content or [], skip_comments=True, skip_whitespace=True)
            text = "".join(_rules(inner, known))
            if text:
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude).rstrip()}{{{text}}}"
        elif rule.type == "qualified-rule":
            kept = [one for one in _alternatives(rule.prelude) if _lives(one, known)]
            if kept:
                selectors = ",".join(tinycss2.serialize(one).strip() for one in kept)
                yield f"{selectors}{{{tinycss2.serialize(rule.content).strip()}}}"
        elif rule.type == "error":
            raise ValueError(f"a style sheet cannot be read: {rule.message}")
        elif rule.type == "at-rule":
            yield rule.serialize()


def _alternatives(tokens: Sequence[Any]) -> list[list[Any]]:
    """The selectors between commas."""
    found: list[list[Any]] = [[]]
    for token in tokens:
        if token.type == "literal" and token.value == ",":
            found.append([])
        elif token.type != "comment":
            found[-1].append(token)
    return found


def _lives(selector: Sequence[Any], known: Vocabulary) -> bool:
    """Whether there may be an element that a selector means."""
    before = None
    for token in selector:
        behind_dot = before is not None and before.type == "literal" and before.value == "."
        if token.type == "hash" or (token.type == "ident" and behind_dot):
            lives = known.has(token.value)
        elif token.type == "[] block":
            lives = _stands(token.content, known)
        else:
            asks = token.type == "function" and token.lower_name in ANY
            lives = not asks or any(_lives(one, known) for one in _alternatives(token.arguments))
        if not lives:
            return False
        before = token
    return True


def _stands(attribute: Sequence[Any], known: Vocabulary) -> bool:
    """Whether an attribute, and the whole value that is asked for, may stand on a page."""
    words = [token for token in attribute if token.type in {"ident", "string"}]
    compared = [token.value for token in attribute if token.type == "literal"]
    asked = words[1:2] if compared == ["="] else []
    return known.has(words[0].value) and all(known.has(part) for token in asked for part in token.value.split())


def _declared(rules: Sequence[Any], used: set[str]) -> Iterator[str]:
    """Rules as text, without the variables that nothing uses."""
    for rule in rules:
        if rule.type == "at-rule" and rule.at_keyword in NESTED:
            text = "".join(_declared(tinycss2.parse_rule_list(rule.content), used))
            if text:
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude).rstrip()}{{{text}}}"
        elif rule.type == "qualified-rule" and "--" in (content := tinycss2.serialize(rule.content)):
            parts = tinycss2.parse_blocks_contents(rule.content)
            if all(part.type in {"declaration", "whitespace", "comment"} for part in parts):
                own = [part for part in parts if part.type == "declaration"]
                kept = [part for part in own if not part.name.startswith("--") or part.name in used]
                content = ";".join(_written(part) for part in kept)
            if content:
                yield f"{tinycss2.serialize(rule.prelude).strip()}{{{content}}}"
        else:
            yield rule.serialize()


def _written(part: Any) -> str:
    """A declaration, with the space after its colon left out."""
    important = "!important" if part.important else ""
    return f"{part.name}:{tinycss2.serialize(part.value).strip()}{important}"
