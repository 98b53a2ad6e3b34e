"""The old place of the Markdown extension, for one release: write nnlit.book.site.extension."""

import warnings

from nnlit.book.site.extension import *  # noqa: F403 - all that the old module had

warnings.warn("nnlit.book.extension has moved: write nnlit.book.site.extension", FutureWarning, stacklevel=2)
