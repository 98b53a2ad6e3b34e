"""A plugin of pytest for `mutants.py`: the tests are collected once, and some of them run in a fork for every version.

`python -m warm LOG TESTS` reads a line of JSON for each version: the module, the tests in their order, and the seconds
that each may take. In the fork the functions of the module get the code that its file has by then. The answer is the
first test that failed, nothing if none did, or that the module has to be imported anew, because more than the code
of functions has changed.
"""

import gc
import json
import os
import select
import signal
import sys
import time
import types
from contextlib import suppress
from pathlib import Path

import pytest

FUNCTION = 1  # the flag of the code of functions, comprehensions and generators; that of a class has it not
MEMORY = 12 * 2**30  # bytes that a fork may take
ANEW, NOTHING = "anew", "nothing"
QUIET = ["-q", "-p", "no:cacheprovider", "--no-header", "--tb=line"]


class Warm:
    """Answers requests in place of pytest's loop over all tests.

    Args:
        requests: where they come from.
        answers: where the answers go.
    """

    def __init__(self, requests, answers):
        self.requests, self.answers = requests, answers
        self.pipe, self.place, self.fault = -1, 0, ""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session):
        """All requests, one after the other."""
        items = {item.nodeid: item for item in session.items}
        root = session.config.rootpath
        before = {path.relative_to(root).as_posix(): path.read_bytes() for path in root.glob("nnlit/*.py")}
        self.answer({"tests": [*items], "failed": session.testsfailed})
        for line in self.requests:
            request = json.loads(line)
            self.answer(self.forked(session, items, request, before.get(request["path"], b"")))
        return True

    def answer(self, found):
        """Send an answer."""
        print(json.dumps(found), file=self.answers, flush=True)

    def forked(self, session, items, request, before):
        """What a fork found, or where it was when it took too long or ended without a word."""
        reader, self.pipe = os.pipe()
        child = os.fork()
        if not child:
            os.close(reader)
            self.run(session, items, request, before)
        os.close(self.pipe)
        found, text, rest, end = None, "begins", b"", time.monotonic() + 60
        order = request["order"]
        while found is None:
            ready = select.select([reader], [], [], max(0, min(1, end - time.monotonic())))[0]
            came = os.read(reader, 65536) if ready else b""
            *lines, rest = (rest + came).split(b"\n")
            for message in map(json.loads, lines):
                if isinstance(message, int):
                    text, end = order[message][0], time.monotonic() + order[message][1]
                else:
                    found = message
            if found is None and (time.monotonic() > end or (ready and not came)):
                word = "ended without a word" if ready else "took too long"
                found = {"by": text, "text": word}
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(reader)
        return found

    def tell(self, message):
        """Send a word to the process that forked."""
        os.write(self.pipe, (json.dumps(message) + "\n").encode())

    def run(self, session, items, request, before):
        """What the fork does; it does not return."""
        try:
            import resource  # which Windows has not

            os.setsid()
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            capture = session.config.pluginmanager.getplugin("capturemanager")
            capture.stop_global_capturing()
            capture.start_global_capturing()  # into files of its own
            capture.suspend_global_capture()
            session.config._tmp_path_factory._given_basetemp = Path(request["folder"])
            path = session.config.rootpath / request["path"]
            if not renewed(path, before, path.read_bytes()):
                self.tell({"by": ANEW})
                os._exit(0)
            self.tests(session, [items[name] for name, _ in request["order"]])
            self.tell({"by": NOTHING})
        except BaseException as error:  # noqa: BLE001 - whatever it was, a test was stopped by it
            self.tell({"by": request["order"][self.place][0], "text": repr(error)})
        finally:
            os._exit(0)

    def tests(self, session, order):
        """Run tests until one fails."""
        for self.place, item in enumerate(order):
            self.tell(self.place)
            following = order[self.place + 1] if self.place + 1 < len(order) else None
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.fault:
                self.tell({"by": item.nodeid, "text": self.fault})
                os._exit(0)

    def pytest_runtest_logreport(self, report):
        """Note the first failure."""
        if report.failed and not self.fault:
            self.fault = str(report.longrepr).strip().splitlines()[-1][:200] if report.longrepr else report.when


def renewed(path, before, after):
    """Give the living functions of a module the code of a wrong version; whether nothing else has changed."""
    old, new = (compile(text, str(path), "exec", dont_inherit=True) for text in (before, after))
    if frame(old) != frame(new):
        return False
    changed = [(a, b) for a, b in zip(functions(old), functions(new), strict=True) if a != b]
    inner = {code for a, _ in changed for code in within(a)}
    gc.unfreeze()  # what a library has taken out of the collector's sight is living too
    living = [f for f in gc.get_objects() if type(f) is types.FunctionType and f.__code__.co_filename == str(path)]
    pairs = [(f, b) for a, b in changed for f in living if f.__code__ == a]
    if len({b for _, b in pairs}) < len(changed) or any(f.__code__ in inner for f in living):
        return False
    if any(f.__code__.co_freevars != b.co_freevars for f, b in pairs):
        return False
    for function, code in pairs:
        function.__code__ = code
    return True


def functions(code):
    """The code of all functions of a module and of its classes, but not of those within them."""
    for part in code.co_consts:
        if isinstance(part, types.CodeType):
            yield from [part] if part.co_flags & FUNCTION else functions(part)


def within(code):
    """The code of what is defined within a function."""
    for part in code.co_consts:
        if isinstance(part, types.CodeType):
            yield part
            yield from within(part)


def frame(code):
    """The code of a module or class without that of its functions: what runs when it is imported."""
    parts = (part if not isinstance(part, types.CodeType) else _frame(part) for part in code.co_consts)
    return code.replace(co_consts=tuple(parts))


def _frame(part):
    return (part.co_qualname, part.co_firstlineno) if part.co_flags & FUNCTION else frame(part)


def main():
    """Collect, and answer until there is no more to read."""
    requests, answers = os.dup(0), os.dup(1)
    log = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream, file in ((0, os.open(os.devnull, os.O_RDONLY)), (1, log), (2, log)):
        os.dup2(file, stream)
    with os.fdopen(requests) as incoming, os.fdopen(answers, "w") as outgoing:
        pytest.main([*QUIET, *sys.argv[2:]], plugins=[Warm(incoming, outgoing)])


if __name__ == "__main__":
    main()
