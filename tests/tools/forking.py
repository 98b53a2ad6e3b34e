"""Runs pytest again and again without loading the libraries anew: a process that forks for every run.

It reads a line of JSON for each: pytest's words, the seconds that they may take, and a file for what is printed. It
answers with the exit status, 99 where the run did not end in time.
"""

import importlib
import json
import os
import signal
import sys
import time
import traceback
from contextlib import suppress

import pytest

LIBRARIES = [
    "numpy",
    "numpy.testing",
    "pandas",
    "scipy",
    "sklearn.model_selection",
    "sklearn.neural_network",
    "PIL.Image",
    "markdown_it",
]
LATE = 99  # the status of a run that took too long


def run(words, seconds, out):
    """The exit status of pytest, run in a fork."""
    child = os.fork()
    if not child:
        _run(words, out)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return LATE


def _run(words, out):
    """What the fork does; it does not return."""
    status = 98
    try:
        os.setsid()
        file = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for stream in (1, 2):
            os.dup2(file, stream)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        status = int(pytest.main(words))
    except BaseException:  # noqa: BLE001 - the server tells it
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def main():
    """Answer until there is no more to read."""
    for name in LIBRARIES:
        with suppress(ImportError):
            importlib.import_module(name)
    for line in sys.stdin:
        print(run(*json.loads(line)), flush=True)


if __name__ == "__main__":
    main()
