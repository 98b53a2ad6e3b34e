"""The doctest flags of a project: how the examples of its Markdown files are compared with what they show."""

import doctest
import tomllib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from nnlit.book.source.place import BookError, Place


def flags_named(names: Iterable[str]) -> int:
    """Flags by their names, as one number; ValueError for a name that is none.

    Examples:
        >>> flags_named(["ELLIPSIS"]) == doctest.ELLIPSIS
        True
    """
    with suppress(ImportError):  # Sybil brings the flag NUMBER; without Sybil a file with examples says what is missing
        import sybil.evaluators.doctest  # noqa: F401
    unknown = [name for name in names if name not in doctest.OPTIONFLAGS_BY_NAME]
    if unknown:
        raise ValueError(f"doctest_optionflags: {', '.join(unknown)} is not a flag that Markdown examples know")
    return sum({doctest.OPTIONFLAGS_BY_NAME[name] for name in names})


def project_flags(path: Path) -> int:
    """The flags that pytest takes from the `pyproject.toml` nearest above a file; none where there is no such file."""
    folders = path.resolve().parents
    settings = next((found for folder in folders if (found := folder / "pyproject.toml").is_file()), None)
    if settings is None:
        return 0
    options = tomllib.loads(settings.read_text(encoding="utf-8")).get("tool", {}).get("pytest", {})
    try:
        return flags_named(options.get("ini_options", {}).get("doctest_optionflags", []))
    except ValueError as error:
        raise BookError(Place(settings, 1), str(error)) from error
