"""Equations that a reader may break: each with its versions and what the checks say of them, from a recorded run."""

import html
import json
import textwrap
from collections.abc import Callable
from typing import Any

from nnlit.book.site.catalog import Contents
from nnlit.book.source.place import BookError, Place


def broken(stem: str = "") -> Callable[[Contents], str]:
    """The equations of docs/interactive/broken.json, of one chapter or of all, for the figure that breaks them."""

    def page(book: Contents) -> str:
        path = book.docs / "interactive" / "broken.json"
        if not path.exists():
            raise BookError(Place(path, 1), "there is no such record: run python docs/interactive/broken.py")
        record: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
        chosen = {label: one for label, one in record.items() if label.partition(":")[0] == stem or not stem}
        return "\n\n".join(_equation(book, label, one) for label, one in chosen.items())

    return page


def _equation(book: Contents, label: str, one: dict[str, Any]) -> str:
    """An equation, folded: how it stands in its chapter, and its versions."""
    display = book.display(label, Place(book.docs / "interactive" / "broken.json", 1))
    chapter = next(c for c in book.chapters if c.path == display.place.path)
    sizes = ", ".join(f"${letter} = {size}$" for letter, size in one["sizes"].items())
    drawn = f" It was tested on random numbers{f', with the sizes {sizes}' if sizes else ''}."
    from_where = f"It stands as \\eqref{{{label}}} in the chapter [{chapter.title}]({chapter.path.name}).{drawn}"
    right = [f'<div class="nnlit-broken__right" markdown>\n\n$$\n{one["tex"]}\n$$\n\n{from_where}\n\n</div>']
    versions = [_version(book, label, k, version) for k, version in enumerate(one["versions"])]
    head = f'<details class="nnlit-broken" data-label="{label}" markdown>\n<summary>{one["name"]}</summary>'
    return "\n\n".join([head, *right, *versions, "</details>"])


def _version(book: Contents, label: str, number: int, version: dict[str, Any]) -> str:
    """A version of an equation: what was done to it, what it looks like, and what the checks say."""
    code, numbers = version.get("code", {}), {"page": version.get("numbers"), "code": None}
    said = [_page(version)]
    if code:
        numbers["code"] = code.get("numbers")
        reason = f": {_sentence(code['said'])}" if code.get("said") else ""
        verdict = f"differs from it{reason or '.'}" if code["differs"] else "gives the same numbers."
        said.append(f"The code line `{code['line']}` ({_place(book, label)}) {verdict}")
    fails = bool(version["page"] or code.get("differs"))
    begin = (
        f'<div class="nnlit-broken__version" data-what="{version["what"]}" data-fails="{str(fails).lower()}" markdown>'
    )
    title = (
        f"**{version['what'][0].upper()}{version['what'][1:]}: {'the test fails' if fails else 'the test passes'}.**"
    )
    formula = f"$$\n{version['tex']}\n$$"
    culprit = _culprit(version["excerpt"]) if version.get("excerpt") else ""
    parts = [title, formula, *said, culprit, _table(f"{label}/{number}", numbers), "</div>"]
    return "\n\n".join([begin, *filter(None, parts)])


def _place(book: Contents, label: str) -> str:
    """The link to the first line that carries a label."""
    place = book.tags[label][0].place
    return f"[{place}]({book.repository}/{place.path.as_posix()}#L{place.line})"


def _culprit(excerpt: str) -> str:
    """What was typed, with the culprit underlined; the keyboard reaches it, since it may have to be scrolled."""
    return f'<pre><span></span><code tabindex="0">{html.escape(textwrap.dedent(excerpt))}</code></pre>'


def _page(version: dict[str, Any]) -> str:
    """What the page says of a version."""
    if version["page"]:
        return f"The page contradicts itself: {_sentence(version['page'])}"
    if "code" in version and version["code"]["differs"]:
        return "It gives a name its value, and the page has nothing to compare it with."
    return "It is another way of writing the same, and the page agrees."


def _sentence(text: str) -> str:
    """Words with a mark at their end, and what Markdown might take for its own in them left alone."""
    plain = text.replace("\\", "\\\\").replace("*", r"\*").replace("_", r"\_").replace("<", "&lt;").replace("$", r"\$")
    return plain if plain.endswith("?") else f"{plain}."


def _table(name: str, numbers: dict[str, dict[str, Any] | None]) -> str:
    """The entries in which the sides differ most, as a table; `data-key` is for tests."""
    rows = []
    for kind, words in (("page", "left and right side"), ("code", "code line and equation")):
        found = numbers[kind]
        if found is None:
            continue
        place = f"({', '.join(map(str, found['entry']))})" if found["entry"] else "the number"
        cells = "".join(
            f'<td data-key="{name}/{kind}/{side}" data-value="{found[side]!r}">{found[side]:.6g}</td>'.replace(
                ">-", ">−"
            )
            for side in ("left", "right")
        )
        rows.append(f'<tr><th scope="row">{words}</th><td>{place}</td>{cells}</tr>')
    if not rows:
        return ""
    head = (
        '<tr><th scope="col"></th><th scope="col">entry</th><th scope="col">one</th><th scope="col">the other</th></tr>'
    )
    return f'<table class="nnlit-play__table"><thead>{head}</thead><tbody>{"".join(rows)}</tbody></table>'
