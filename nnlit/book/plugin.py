"""The old place of the pytest plugin, for one release: write `-p nnlit.book.pytest_plugin`."""

import warnings

from nnlit.book.pytest_plugin import *  # noqa: F403 - every hook

warnings.warn("nnlit.book.plugin has moved: write -p nnlit.book.pytest_plugin", FutureWarning, stacklevel=2)
