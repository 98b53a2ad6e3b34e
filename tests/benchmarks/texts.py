"""How long `nnlit check` takes on many displays: `python tests/benchmarks/texts.py [--json FILE]`, about half a minute.

A text of ordinary displays (losses, gradients in index and matrix form, chains, definitions) is made 250, 500 and 1,000
displays long, with its Symbols table and without one, and each command runs in a process of its own, as an author
starts it. 1,000 displays must be checked in less than 10 s and drafted a table for in less than 5 s, and twice as many
displays must take at most 2.5 times as long. What counts is the processor's time, which other work disturbs less.
"""

import argparse
import json
import resource
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

TABLE = r"""| symbol | shape | code | meaning |
|---|---|---|---|
| $X$ | $m \times n$ | | a batch |
| $w$ | $n$ | | weights |
| $y$ | $m$ | | targets |
| $V$ | $n \times k$ | | more weights |
| $z$, $u$ | number | | numbers |
"""
SHOWN = r"""L_{#} = \frac{1}{2m} \sum_i \left( \sum_j X_{ij} w_j - y_i \right)^2
\frac{\partial L_{#}}{\partial w} = \frac{1}{m} X^\top (X w - y)
\frac{\partial L_{#}}{\partial w_j} = \frac{1}{m} \sum_i X_{ij} \left( \sum_l X_{il} w_l - y_i \right)
\begin{aligned} \lVert X w - y \rVert^2 &= (X w - y)^\top (X w - y) \\ &= w^\top X^\top X w - 2 y^\top X w + y^\top y \end{aligned}
A_{#} = \tanh(X V)
(A_{#})_{ic} = \tanh \left( \sum_j X_{ij} V_{jc} \right)
f_{#}(z) = \frac{1}{1 + e^{-z}}
f_{#}'(z) = f_{#}(z) (1 - f_{#}(z))
u (z + #) = u z + # u
S_{#} = \sum_{i=1}^m y_i^2 + \sum_j w_j
"""  # noqa: E501 - a display stands on one line
LIMITS = {"check": 10.0, "init": 5.0}
GROWTH = 2.5


def text(count: int, *, table: bool) -> str:
    """A text of so many displays."""
    kinds = SHOWN.strip().split("\n")
    shown = [kinds[k % len(kinds)].replace("#", str(k // len(kinds) + 1)) for k in range(count)]
    body = "\n\n".join(f"Some words on it.\n\n$$\n{tex}\n$$" for tex in shown)
    return f"# Many displays\n\n{TABLE * table}\n{body}\n"


def used() -> float:
    """The processor's time of all processes that have ended."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def seconds(count: int, command: str) -> float:
    """How long a command takes on so many displays, its start included."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "many.md")
        path.write_text(text(count, table=command == "check"), encoding="utf-8")
        words = ["--quiet"] if command == "check" else ["--init"]
        before = used()
        done = subprocess.run(
            [sys.executable, "-m", "nnlit.cli", "check", *words, str(path)], capture_output=True, text=True, check=False
        )
        spent = used() - before
    last = done.stdout.strip().splitlines()[-1]
    assert done.returncode == 0, done.stdout + done.stderr
    assert command == "init" or f"{count} displays: {count - 3 * count // 10 - count // 10} true" in last, last
    return spent


def main() -> int:
    """Measure and print; 1 where a limit is not kept."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--json", type=Path)
    wanted, found, wrong = options.parse_args().json, {}, 0
    for command, most in LIMITS.items():
        times = {count: seconds(count, command) for count in (250, 500, 1000)}
        growth = times[1000] / times[500]
        wrong += times[1000] > most or growth > GROWTH
        found[command] = {str(count): round(spent, 2) for count, spent in times.items()} | {"growth": round(growth, 2)}
        shown = ", ".join(f"{count}: {spent:.2f} s" for count, spent in times.items())
        print(f"{command}: {shown}; from 500 to 1,000 it grows by {growth:.2f} (at most {most:g} s and {GROWTH:g})")
    if wanted:
        wanted.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
