"""Where the command `nnlit` starts: outside the package, so that Ctrl-C is heeded before NumPy is loaded."""

import os
import signal
import sys
from types import FrameType


def leave(number: int, frame: FrameType | None) -> None:
    """End at once: while modules are loaded there is nothing to save and nothing to undo."""
    os.write(2, b"nnlit: interrupted; nothing was written\n")
    os._exit(130)


def main() -> int:
    """Load the command and run it; the exit status."""
    heeded = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # it is ignored in the background
    if heeded:
        signal.signal(signal.SIGINT, leave)
    from nnlit.cli import main as run

    if heeded:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    return run()


if __name__ == "__main__":
    sys.exit(main())
