"""`python tests/tools/check_wheel.py FILE.whl`: the wheel holds the package, the sample data and nothing else."""

import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
KINDS = {
    ".py",
    ".npz",
    ".typed",
    ".js",
    ".css",
    ".woff2",
    ".html",
    ".jinja",
    ".xml",
    ".md",
    "",
}  # no kind: KaTeX's LICENSE


def problems(wheel: Path) -> list[str]:
    """What is missing in the wheel, and what does not belong into it."""
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if not name.endswith("/")}
    inside = {name for name in names if ".dist-info/" not in name.partition("/")[0] + "/"}
    files = (path for path in (ROOT / "nnlit").rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    tree = {path.relative_to(ROOT).as_posix() for path in files} | {"nnlit_command.py"}
    return [
        *(f"{name} is not in the wheel" for name in sorted(tree - inside)),
        *(f"{name} does not belong into the wheel" for name in sorted(inside - tree)),
        *(f"{name} is of a kind that is not expected" for name in sorted(inside) if Path(name).suffix not in KINDS),
        *([] if "nnlit/sample.npz" in names else ["the sample is not in the wheel"]),
    ]


if __name__ == "__main__":
    found = problems(Path(sys.argv[1]))
    print("\n".join(found) or f"{Path(sys.argv[1]).name} holds the package and nothing else")
    sys.exit(1 if found else 0)
