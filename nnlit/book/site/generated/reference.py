"""The page of the library: every module of the package, with what mkdocstrings makes of it."""

from nnlit.book.site.catalog import Contents

OPTIONS = """\
    options:
      extra: {{listing: false, repository: "{repository}"}}
      skip_local_inventory: false
      show_root_heading: true
      show_root_toc_entry: true
      show_root_full_path: false
      show_if_no_docstring: true
      members: null"""


def reference(book: Contents) -> str:
    """Every module of the package, those of the chapters first and in their order."""
    order = {chapter.stem: chapter.number for chapter in book.chapters if chapter.number}
    paths = sorted(
        (p for p in book.modules if not p.stem.startswith("_")), key=lambda p: (order.get(p.stem, 99), p.stem)
    )
    options = OPTIONS.format(repository=book.repository)
    return "\n\n".join(f"::: {path.parent.name}.{path.stem}\n{options}" for path in paths)
