"""The events of a build that the book answers.

MkDocs reads this file by its path and looks for modules in its folder first, so nothing else stands here.
"""

from nnlit.book.site.halves import on_nav

__all__ = ["on_nav"]
