"""`python tests/tools/check_serve.py COMMAND`: run the README's first command here and ask it for the book."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

MINUTES = 10


def free_port() -> int:
    """A port that nobody listens to."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return int(server.getsockname()[1])


def page(url: str) -> str:
    """The page at an address, or nothing as long as nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - it is this machine
            return answer.read().decode()
    except OSError:
        return ""


def serves(command: str) -> bool:
    """Whether the command, with a free port added, serves the book before it ends or the time is over."""
    address = f"127.0.0.1:{free_port()}"
    process = subprocess.Popen(["/bin/sh", "-c", f"{command} --dev-addr {address}"], start_new_session=True)
    try:
        for _ in range(MINUTES * 60):
            if "nnlit</title>" in page(f"http://{address}/nnlit/"):
                return True
            if process.poll() is not None:
                return False
            time.sleep(1)
        return False
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)  # SIGINT is ignored by what runs in the background
            process.wait(30)


if __name__ == "__main__":
    answer = serves(sys.argv[1])
    print("the book is served" if answer else "the book is not served")
    sys.exit(not answer)
