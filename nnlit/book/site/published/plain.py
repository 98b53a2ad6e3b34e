r"""A page as Markdown that needs nothing of this project: numbers for labels, code for listings, whole addresses."""

import ast
import re
from collections.abc import Iterator

from nnlit.book.site.catalog import Contents, anchor
from nnlit.book.site.generated import PAGES
from nnlit.book.source.chapter import LABEL, Chapter
from nnlit.book.source.place import BookError, Place

FOLD = re.compile(r'( *)(?:\?\?\?\+?|!!!) \w+(?: "([^"]*)")?$')
LISTING = re.compile(r"( *)::: (\S+)$")
MARKER = re.compile(r"\[\[([a-z-]+)\]\]$")
KEPT = re.compile(r"<!--\s*(?:invisible-code-block|needs|skip):")  # what a notebook has to know
IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)#]*)(#only-(?:light|dark))?\)(?:\{[^}]*\})?")
PAGE = re.compile(r"\]\(([\w-]+)\.md(#[^)]*)?\)")
NAMED = re.compile(r"\[(`[^`]+`)\]\[[\w.]+\]")  # a link that needs the site's list of names
TAG = re.compile(r"^ *</?div[^>]*>$")
ATTRIBUTES = re.compile(r" *\{ *[.#:][^}]*\}$")


def plain(book: Contents, chapter: Chapter, address: str, *, directives: bool = False) -> str:
    """The text of a page.

    Args:
        book: knows labels and modules.
        chapter: the page.
        address: that of the site, which links begin with.
        directives: keep the comments that say how examples are run.

    Raises:
        BookError: if the page shows a name that its module does not have.
    """
    front = chapter.markdown.front.last if chapter.markdown.front else 0
    lines = _without_comments(chapter, directives=directives)[front:]
    shown = (new for line in lines for new in _generated(book, line))
    text = "\n".join(_unfolded(list(_listings(shown, chapter))))
    return re.sub(r"\n{3,}", "\n\n", _addressed(book, text, address)).strip() + "\n"


def _without_comments(chapter: Chapter, *, directives: bool) -> list[str]:
    """The lines of a file without comments."""
    lines = list(chapter.markdown.lines)
    for block in chapter.markdown.comments:
        if not (directives and KEPT.match(lines[block.first - 1].strip())):
            lines[block.first - 1 : block.last] = [""] * (block.last - block.first + 1)
    return lines


def _generated(book: Contents, line: str) -> list[str]:
    found = MARKER.match(line)
    return PAGES[found[1]](book).split("\n") if found and found[1] in PAGES else [line]


def _listings(lines: Iterator[str], chapter: Chapter) -> Iterator[str]:
    """The source of a function or class where a page shows it; what a generated page asks for stays a name."""
    skipping = ""
    for line in lines:
        if skipping and (line.startswith(skipping) or not line.strip()):
            continue
        skipping = ""
        found = LISTING.match(line)
        if not found:
            yield line
            continue
        skipping = found[1] + "    "
        source = _source(found[2], Place(chapter.path, 1)) if chapter.number else [f"`{found[2]}`"]
        yield from ("", *(found[1] + text if text else "" for text in source), "")


def _source(name: str, place: Place) -> list[str]:
    """The lines of what a dotted name means, in a fence."""
    package, module, *inner = name.split(".")
    path = place.path.parent.parent / package / f"{module}.py"
    text = path.read_text(encoding="utf-8")
    node: ast.AST = ast.parse(text)
    for part in inner:
        found = [n for n in ast.iter_child_nodes(node) if getattr(n, "name", None) == part]
        if not found:
            raise BookError(place, f"{path} has no {'.'.join(inner)}")
        node = found[0]
    if not isinstance(node, ast.FunctionDef | ast.ClassDef):
        raise BookError(place, f"{name} is neither a function nor a class")
    first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
    return ["```py", *text.split("\n")[first - 1 : node.end_lineno], "```"]


def _unfolded(lines: list[str]) -> list[str]:
    """Folded blocks as blocks that every reader of Markdown knows: their lines lose the indent."""
    out, k = list[str](), 0
    while k < len(lines):
        found = FOLD.match(lines[k])
        k += 1
        if not found:
            out.append(lines[k - 1])
            continue
        inner, indent = list[str](), found[1] + "    "
        while k < len(lines) and (lines[k].startswith(indent) or not lines[k].strip()):
            inner.append(lines[k][len(indent) :])
            k += 1
        title = [f"**{found[2]}**", ""] if found[2] else []
        out += ["", *(found[1] + line if line else "" for line in [*title, *_unfolded(inner)]), ""]
    return out


def _addressed(book: Contents, text: str, address: str) -> str:
    """Numbers instead of labels, whole addresses instead of relative ones; code stays as it is."""
    parts = re.split(r"(^ *```.*?^ *```$)", text, flags=re.DOTALL | re.MULTILINE)
    for k in range(0, len(parts), 2):
        lines = (line for line in parts[k].split("\n") if not TAG.match(line) and "#only-dark" not in line)
        part = "\n".join(ATTRIBUTES.sub("", line) for line in lines)
        part = LABEL.sub(lambda m: rf"\tag{{{book.displays[m[1]].number}}}" if m[1] in book.displays else "", part)
        part = re.sub(r"\\eqref\{([^}]*)\}", lambda m: _reference(book, m[1], address), part)
        part = IMAGE.sub(lambda m: f"![{m[1]}]({address}{m[2]})", part)
        part = NAMED.sub(r"\1", part)
        parts[k] = PAGE.sub(lambda m: f"]({address}{'' if m[1] == 'index' else m[1] + '/'}{m[2] or ''})", part)
    return "".join(parts)


def _reference(book: Contents, label: str, address: str) -> str:
    """The link to an equation by its number."""
    display = book.displays.get(label)
    return f"[({display.number})]({address}{display.place.path.stem}/#{anchor(label)})" if display else f"({label})"
