"""Where a name of the reference comes from: lines of a file, a chapter, equations."""

from pathlib import Path
from xml.etree.ElementTree import Element, SubElement

from markdown.util import AtomicString

from nnlit.book.site.html import Elements


def origin(elements: Elements, path: Path, first: int, last: int) -> Element:
    """Below a name of the reference: where its source stands, its chapter, and the equations of its lines."""
    book, said = elements.book, Element("p", {"class": "nnlit-source"})
    said.append(elements.lines_of(path, first, last, f"{path.as_posix()}, lines {first} to {last}"))
    chapter = next((one for one in book.chapters if one.number and one.stem == path.stem), None)
    if chapter is None:
        return said
    said[-1].tail = "; chapter "
    link = SubElement(said, "a", {"href": chapter.path.relative_to(book.docs).as_posix()})
    link.text = AtomicString(chapter.title)
    tagged = ((tag, label) for label, found in book.tags.items() for tag in found)
    own = ((tag.place, label) for tag, label in tagged if tag.place.path == path)
    for k, (place, label) in enumerate(sorted((p, label) for p, label in own if first <= p.line <= last)):
        said[-1].tail = " " if k else "; equations "
        said.append(elements.reference(label, place))
    return said
