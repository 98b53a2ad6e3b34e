"""Blocks, threads and machines: the same gradients as one process, whatever happens to those who compute them."""

import concurrent.futures
import gc
import json
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnlit import parallel
from nnlit.activations import ReLU
from nnlit.batches import MiniBatches
from nnlit.dense import Dense
from nnlit.descent import GradientDescent
from nnlit.losses import SquaredError, squared_error
from nnlit.network import Network, leaves
from nnlit.parallel import Blocks, Cluster, best_workers, blas_threads, break_even, combine, cut, step_time
from nnlit.regularization import Dropout
from nnlit.training import fit, full_batch, resume, whole
from tests.tiers import mostly_long, tries

ROOT = Path(__file__).parents[1]
WAY = {"loss": squared_error, "rule": GradientDescent(0.1), "batches": full_batch}


def small(dtype=float, rate=0.0):
    rng = np.random.default_rng(7)
    layers = [Dense.start(4, 6, rng, dtype=dtype), ReLU()] + [Dropout(rate)] * (rate > 0)
    return Network([*layers, Dense.start(6, 3, rng, dtype=dtype)])


def data(m, dtype=float):
    rng = np.random.default_rng(m)
    return rng.normal(size=(m, 4)).astype(dtype), rng.normal(size=(m, 3)).astype(dtype)


def slopes_of(gradient, rows, m=40, seed=3, **kind):
    return gradient(small(**kind), *data(m), squared_error)(rows, np.random.default_rng(seed))


def close(found, expected, rtol=1e-11):
    assert found[0] == pytest.approx(expected[0], rel=rtol)
    for p, q in zip(found[1], expected[1], strict=True):
        np.testing.assert_allclose(p, q, rtol=rtol, atol=1e-13)


def same(found, expected):
    assert found[0] == expected[0]
    assert all((p == q).all() for p, q in zip(found[1], expected[1], strict=True))


class Acting(SquaredError):  # noqa: N818 - it is no error
    """A loss that does something before it answers."""

    def __init__(self, action):
        self.action = action

    def value_and_gradient(self, Z, Y):
        self.action()
        return super().value_and_gradient(Z, Y)


# --- the gradient of a sum --------------------------------------------------------------------------------------------


@settings(max_examples=tries(60), deadline=None, derandomize=True)
@given(st.integers(1, 40), st.integers(1, 12), st.integers(1, 3))
def test_blocks_of_any_size_make_up_the_whole(m, rows, threads):
    expected = slopes_of(whole, slice(0, m), m)
    close(slopes_of(Blocks(rows, threads), slice(0, m), m), expected)


@pytest.mark.parametrize(
    "rows",
    [
        slice(None),
        slice(3, 31),
        slice(-20, None),
        slice(0, 40, 3),
        slice(None, None, -1),
        slice(30, 2, -4),
        slice(0, 400),
        np.arange(39, 0, -1),
        np.array([5, 5, 5, 0, 39, 2, 2, 17]),
        np.array([-1, -40, 3]),
        np.arange(40) % 3 == 0,
    ],
    ids=str,
)
@pytest.mark.parametrize("size", [1, 4, 7, 1000])
@pytest.mark.long_but_one_in(4)
def test_rows_may_be_slices_and_numbers_of_any_kind(rows, size):
    X, Y = data(40)
    expected = whole(small(), X[rows], Y[rows], squared_error)(slice(None), np.random.default_rng(0))
    close(slopes_of(Blocks(size, threads=2), rows), expected)


@settings(max_examples=tries(100), deadline=None, derandomize=True)
@given(
    st.integers(0, 30), st.integers(-35, 35), st.integers(-35, 35), st.integers(-4, 4).filter(bool), st.integers(1, 9)
)
def test_a_cut_slice_is_the_slice(m, start, stop, by, most):
    rows = slice(start, stop, by)
    pieces = cut(rows, m, most)
    found = np.concatenate([np.arange(m)[parallel._rows(piece)] for piece in pieces])
    assert found.tolist() == np.arange(m)[rows].tolist() == [k for piece in pieces for k in piece]
    assert all(len(piece) == most for piece in pieces[:-1])
    assert len(pieces[-1]) <= most


def test_a_last_block_of_one_row_counts_as_one_row():
    X, Y = data(11)
    X[-1] = 1000
    Z = small().predict(X)
    _, grads = Blocks(rows=10)(small(), X, Y, squared_error)(slice(0, 11), np.random.default_rng(0))
    np.testing.assert_allclose(grads[-1], (Z - Y).sum(axis=0) / 11)


def test_a_batch_that_is_one_block_is_taken_whole():
    for rows in (slice(0, 40), np.array([4, 1])):
        same(slopes_of(Blocks(rows=40, threads=3), rows, rate=0.5), slopes_of(whole, rows, rate=0.5))


def test_combined_gradients_keep_their_type():
    parts = [(1.0, [np.ones((2, 3), np.float32), np.ones(3, np.float32)])] * 2
    _, grads = combine(parts, [1, 2])
    assert {g.dtype for g in grads} == {np.dtype(np.float32)}
    assert [g.shape for g in grads] == [(2, 3), (3,)]


def test_parts_and_sizes_belong_together():
    with pytest.raises(ValueError, match=r"shorter|longer"):
        combine([(1.0, [np.ones(2)])], [1, 2])
    with pytest.raises(ValueError, match=r"shorter|longer"):
        combine([(1.0, [])], [1, 2])  # no parameters


def test_combining_twice_is_combining_once():
    rng = np.random.default_rng(0)
    parts, sizes = [(float(k), [rng.normal(size=(2, 3))]) for k in range(5)], [4, 1, 3, 2, 6]
    nested = combine([combine(parts[:2], sizes[:2]), combine(parts[2:], sizes[2:])], [5, 11])
    close(nested, combine(parts, sizes))


def test_slopes_see_what_has_become_of_the_network():
    network, (X, Y) = small(), data(40)
    slopes = Blocks(rows=7, threads=2)(network, X, Y, squared_error)
    slopes(slice(0, 40), np.random.default_rng(0))
    network.layers[0].W[:] = 0
    close(slopes(slice(0, 40), np.random.default_rng(0)), whole(network, X, Y, squared_error)(slice(0, 40), None))


# --- threads ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rate", [0.0, 0.5])
@pytest.mark.parametrize("rows", [slice(0, 40), np.arange(0, 40, 2)], ids=["slice", "numbers"])
def test_the_bits_do_not_depend_on_the_number_of_threads(rows, rate):
    found = [slopes_of(Blocks(rows=3, threads=n), rows, rate=rate) for n in (1, 2, 5, 64)]
    for other in found[1:]:
        same(other, found[0])


def test_each_block_loses_other_numbers():
    network, X = Network([Dropout(0.5), Dense(np.ones((4, 1)), np.zeros(1))]), np.ones((6, 4))
    masks = []

    class Noting(SquaredError):  # noqa: N818 - it is no error
        def value_and_gradient(self, Z, Y):
            masks.append(Z.ravel().tolist())
            return super().value_and_gradient(Z, Y)

    Blocks(rows=2)(network, X, np.zeros((6, 1)), Noting())(slice(0, 6), np.random.default_rng(0))
    assert len({tuple(mask) for mask in masks}) == 3


def test_the_same_seed_gives_the_same_bits_in_a_fit():
    X, Y = data(2500, np.float32)
    options = {**WAY, "epochs": 3, "gradient": Blocks(rows=100, threads=2)}
    runs = [fit(small(np.float32, 0.2), X, Y, rng=np.random.default_rng(1), **options)[0] for _ in range(3)]
    assert runs[0] == runs[1] == runs[2]


def test_weights_of_examples_count_in_blocks_as_in_the_whole():
    X, _ = data(23)
    y, weights = np.arange(23) % 3, np.arange(23.0) + 1
    options = {**WAY, "epochs": 5, "weights": weights}
    runs = [
        fit(small(), X, y, rng=np.random.default_rng(0), **options, gradient=gradient)[0]
        for gradient in (whole, Blocks(rows=5), Blocks(rows=5, threads=2))
    ]
    for run in runs[1:]:
        for p, q in zip(leaves(run), leaves(runs[0]), strict=True):
            np.testing.assert_allclose(p, q, rtol=1e-11)


@pytest.mark.parametrize("gradient", [Blocks(rows=7), Blocks(rows=7, threads=2)], ids=str)
def test_a_training_that_was_stopped_goes_on_with_the_same_lost_numbers(tmp_path, gradient):
    X, Y = data(40)
    options = {**WAY, "epochs": 6, "gradient": gradient}
    straight, _ = fit(small(rate=0.5), X, Y, rng=np.random.default_rng(1), **options)
    path = tmp_path / "training.npz"

    def power_cut(epoch, *_):
        if epoch == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit(small(rate=0.5), X, Y, rng=np.random.default_rng(1), **options, checkpoint=path, callback=power_cut)
    found, _ = resume(path, X, Y, **options)
    assert found == straight


def test_blas_has_one_thread_within_a_step_and_as_many_as_before_after_it():
    before, seen = blas_threads(), []
    Blocks(rows=5, threads=2)(small(), *data(40), Acting(lambda: seen.append(blas_threads())))(
        slice(0, 40), np.random.default_rng(0)
    )
    assert seen == [1] * 8
    assert blas_threads() == before


def test_one_thread_leaves_blas_alone(monkeypatch):
    monkeypatch.setattr(parallel, "_blas", lambda: pytest.fail("BLAS was asked"))
    slopes_of(Blocks(rows=5), slice(0, 40))
    slopes_of(Blocks(rows=40, threads=2), slice(0, 40))


def large(m=3000):
    rng = np.random.default_rng(5)
    X, y = rng.integers(0, 256, (m, 784), dtype=np.uint8).astype(np.float32) / 255, rng.integers(0, 10, m)
    return Network([Dense.start(784, 10, rng), ReLU(), Dense.start(10, 10, rng)]), X, y


def test_two_fits_at_once_give_the_bits_that_each_gives_alone():
    network, X, y = large()
    before, options = blas_threads(), {**WAY, "epochs": 6, "gradient": Blocks(rows=500, threads=2)}

    def train(seed):
        return fit(network, X[seed:], y[seed:], rng=np.random.default_rng(seed), **options)[0]

    alone, together = [train(seed) for seed in range(3)], {}
    threads = [threading.Thread(target=lambda s=s: together.update({s: train(s)})) for s in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [together[seed] for seed in range(3)] == alone
    assert blas_threads() == before


def test_no_thread_is_left_after_a_fit():
    X, Y = data(400)
    before = set(threading.enumerate())  # an error that another test looked at may still hold some
    fit(small(), X, Y, epochs=2, rng=np.random.default_rng(0), **WAY, gradient=Blocks(rows=50, threads=3))
    deadline = time.monotonic() + 60
    while (
        left := [t.name for t in set(threading.enumerate()) - before if t.name.startswith("nnlit")]
    ) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not left


def test_threads_have_the_error_settings_of_their_caller():
    X, Y = data(40)
    slopes = Blocks(rows=10, threads=2)(small(), 1e200 * X, Y, squared_error)
    with np.errstate(over="raise"), pytest.raises(FloatingPointError, match="overflow"):
        slopes(slice(0, 40), np.random.default_rng(0))
    with np.errstate(all="ignore"):
        assert np.isinf(slopes(slice(0, 40), np.random.default_rng(0))[0])


def fail_at(block, error):
    count = iter(range(10**6))

    def action():
        if next(count) == block:
            raise error

    return action


@pytest.mark.parametrize("error", [ZeroDivisionError("seven"), MemoryError("full"), KeyboardInterrupt()], ids=repr)
@pytest.mark.parametrize("threads", [1, 2])
def test_an_error_in_a_block_comes_out_and_leaves_everything_in_order(error, threads):
    before = blas_threads()
    slopes = Blocks(rows=2, threads=threads)(small(), *data(40), Acting(fail_at(7, error)))
    with pytest.raises(type(error)):
        slopes(slice(0, 40), np.random.default_rng(0))
    assert blas_threads() == before
    assert not parallel._LIMIT.locked()
    close(slopes(slice(0, 40), np.random.default_rng(3)), slopes_of(whole, slice(0, 40)))


def test_after_an_error_no_block_is_started_any_more(monkeypatch):
    """The first block fails; those that are at work by then, or come before anybody has heard of it, go on."""
    started, wait, waited_for = [], concurrent.futures.wait, threading.Event()
    monkeypatch.setattr(concurrent.futures, "wait", lambda futures: waited_for.set() or wait(futures))

    def action():
        started.append(1)
        if len(started) == 1:
            raise ZeroDivisionError
        waited_for.wait(60)

    slopes = Blocks(rows=1, threads=2)(small(), *data(40), Acting(action))
    with pytest.raises(ZeroDivisionError):
        slopes(slice(0, 40), np.random.default_rng(0))
    assert len(started) <= 3
    assert waited_for.is_set()


INTERRUPTED = """
import os, signal
import time
from concurrent.futures import Future
import numpy as np
from nnlit import Dense, GradientDescent, Network, fit, full_batch
from nnlit.losses import SquaredError
from nnlit import parallel
from nnlit.parallel import Blocks, blas_threads

signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever started the tests in the background ignores it
running, sent, asked, result = [], [], [], Future.result

def ask(future, timeout=None):
    asked.append(1)
    return result(future, timeout)

Future.result = ask  # from then on all blocks are handed out, however slow the machine is
class Slow(SquaredError):
    def value_and_gradient(self, Z, Y):
        running.append(1)
        if len(running) >= 5 and asked and not sent:
            sent.append(1)
            os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.05)
        found = super().value_and_gradient(Z, Y)
        running.append(-1)
        return found

before = blas_threads()
network = Network([Dense.start(4, 3, np.random.default_rng(0))])
try:
    fit(network, np.ones((400, 4)), np.ones((400, 3)), loss=Slow(), rule=GradientDescent(0.1), batches=full_batch,
        epochs=100, rng=np.random.default_rng(0), gradient=Blocks(rows=10, threads=2))
except KeyboardInterrupt:
    print(sum(running), parallel._LIMIT.locked(), blas_threads() == before)
"""


def test_ctrl_c_ends_a_fit_on_threads():
    done = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, timeout=300, check=False)
    assert done.stdout.strip() == "0 False True", done.stderr


def test_ctrl_c_while_blocks_are_handed_out_ends_them_too(monkeypatch):
    before, work, submit = [], threading.Event(), concurrent.futures.ThreadPoolExecutor.submit
    wait = concurrent.futures.wait
    monkeypatch.setattr(concurrent.futures, "wait", lambda futures: work.set() or wait(futures))

    def interrupted(*arguments):
        before.append(submit(*arguments))
        if len(before) == 5:
            before.pop().cancel()
            raise KeyboardInterrupt
        return before[-1]

    monkeypatch.setattr(concurrent.futures.ThreadPoolExecutor, "submit", interrupted)
    slopes = Blocks(rows=1, threads=2)(small(), *data(40), Acting(lambda: work.wait(60)))
    with pytest.raises(KeyboardInterrupt):
        slopes(slice(0, 40), np.random.default_rng(0))
    assert work.is_set()
    assert all(future.done() for future in before)
    assert before[-1].cancelled()


def test_a_fit_inside_a_fit_does_not_wait_for_itself():
    X, Y = data(40)
    way, inner = {**WAY, "epochs": 1}, []

    def action():
        rng = np.random.default_rng(0)
        inner.append(fit(small(), X, Y, rng=rng, **way, gradient=Blocks(rows=5, threads=2))[0])

    found = []

    def outer():
        found.append(Blocks(rows=10, threads=2)(small(), X, Y, Acting(action))(slice(0, 40), np.random.default_rng(3)))

    thread = threading.Thread(target=outer, daemon=True)
    thread.start()
    thread.join(300)
    assert not thread.is_alive()
    close(found[0], slopes_of(whole, slice(0, 40)))
    assert len(inner) == 4
    assert all(network == inner[0] for network in inner)


@pytest.mark.parametrize("wrong", [0, -1, 2.5, True, "2", None, float("nan")])
def test_counts_are_whole_and_positive(wrong):
    for name in ("rows", "threads"):
        with pytest.raises(ValueError, match=rf"Blocks: expected {name} to be a whole number of at least 1.*{name}=1"):
            Blocks(**{name: wrong})
    if wrong is not None:
        with pytest.raises(ValueError, match="Cluster: expected pieces"):
            Cluster(client=None, pieces=wrong)


def test_a_cluster_needs_a_client():
    with pytest.raises(
        TypeError, match=r"Cluster: expected a client of Dask's, but it is 'tcp://host:8786'; from dist"
    ):
        Cluster("tcp://host:8786")


def test_blocks_are_values():
    blocks = Blocks(rows=np.int64(7), threads=2)
    assert pickle.loads(pickle.dumps(blocks)) == blocks == Blocks(7, 2)  # noqa: S301 - our own bytes
    assert repr(Blocks()) == "Blocks(rows=1000, threads=1)"


# --- when it pays -----------------------------------------------------------------------------------------------------


@settings(max_examples=tries(60), deadline=None, derandomize=True)
@given(st.integers(2, 500), *[st.floats(1e-6, 1e-1)] * 3)
def test_at_the_break_even_both_take_the_same_time(workers, per_row, overhead, per_worker):
    rows = break_even(workers, per_row, overhead, per_worker)
    assert step_time(rows, workers, per_row, overhead, per_worker) == pytest.approx(rows * per_row)
    assert step_time(2 * rows, workers, per_row, overhead, per_worker) < 2 * rows * per_row


@settings(max_examples=tries(60), deadline=None, derandomize=True)
@given(st.integers(1, 10**6), *[st.floats(1e-6, 1e-1)] * 3)
def test_no_number_of_workers_is_better_than_the_best(rows, per_row, overhead, per_worker):
    best = best_workers(rows, per_row, per_worker)
    shortest = step_time(rows, best, per_row, overhead, per_worker)
    for other in (0.5 * best, 0.9 * best, 1.1 * best, 3 * best):
        assert step_time(rows, other, per_row, overhead, per_worker) > shortest


# --- machines ---------------------------------------------------------------------------------------------------------

needs_dask = pytest.mark.skipif(not find_spec("distributed"), reason="the extra dask is not installed")


@contextmanager
def local_cluster(n=2):
    from distributed import Client, LocalCluster

    options = {"n_workers": n, "threads_per_worker": 1, "dashboard_address": ":0", "silence_logs": 50}
    with LocalCluster(**options) as local, Client(local) as client:
        yield local, client


@pytest.fixture(scope="module")
def cluster():
    with local_cluster() as made:
        yield made


@pytest.fixture
def mortal():
    """A cluster of its own, whose workers may be killed.

    Dask may hear of a worker's end before it has heard of the worker, and then it cannot close in peace.
    """
    with suppress(KeyError), local_cluster() as made:
        yield made


def two_workers(client):
    client.wait_for_workers(2, timeout=300)


def kill(local, which):
    """Kill workers as a machine that loses power would; Dask starts new ones."""
    for pid in [worker.pid for worker in local.workers.values()][which]:
        os.kill(pid, signal.SIGKILL)


@needs_dask
@pytest.mark.parametrize("plan", mostly_long([full_batch, MiniBatches(64), MiniBatches(1)]), ids=["full", "64", "1"])
@pytest.mark.parametrize("rate", mostly_long([0.3, 0.0]))
def test_two_processes_end_where_one_ends(cluster, plan, rate):
    _, client = cluster
    two_workers(client)
    X, Y = data(200)
    X, Y = (X[:10], Y[:10]) if plan == MiniBatches(1) else (X, Y)
    size = {full_batch: 100, MiniBatches(64): 32}.get(plan, 1)  # the pieces of two workers, as blocks
    options = {"loss": squared_error, "rule": GradientDescent(0.1), "batches": plan, "epochs": 5}
    runs = [
        fit(small(rate=rate), X, Y, rng=np.random.default_rng(1), **options, gradient=gradient)
        for gradient in (Blocks(rows=size), Cluster(client), Cluster(client, pieces=2))
    ]
    if rate == 0 or plan is full_batch:  # else there are batches of one block, which has no generator of its own
        close((0.0, [*runs[1][0].layers[0].__dict__.values()]), (0.0, [*runs[0][0].layers[0].__dict__.values()]))
        np.testing.assert_allclose(runs[1][1]["loss"], runs[0][1]["loss"], rtol=1e-12)
    assert runs[1][0] == runs[2][0]


def train_and(local, client, action, epochs=12, at=4, seed=1):
    X, Y = data(2000, np.float32)
    two_workers(client)
    options = {**WAY, "epochs": epochs, "gradient": Cluster(client, pieces=2)}

    def callback(epoch, *_):
        if epoch == at:
            action()

    return fit(small(np.float32, 0.2), X, Y, rng=np.random.default_rng(seed), **options, callback=callback)[0]


@pytest.fixture(scope="module")
def undisturbed(cluster):
    return train_and(*cluster, lambda: None)


@needs_dask
@pytest.mark.long
@pytest.mark.parametrize("which", [slice(0, 1), slice(1, 2), slice(None)], ids=["one", "the other", "all"])
def test_workers_killed_between_two_steps_change_no_bit(mortal, undisturbed, which):
    assert train_and(*mortal, lambda: kill(mortal[0], which)) == undisturbed


@needs_dask
@pytest.mark.long
@pytest.mark.parametrize("which", [slice(0, 1), slice(None)], ids=["one", "all"])
def test_workers_killed_while_they_compute_change_no_bit(mortal, undisturbed, which):
    timer = threading.Timer(0.03, kill, (mortal[0], which))
    found = train_and(*mortal, timer.start)
    timer.join()
    assert found == undisturbed


@needs_dask
def test_two_fits_on_one_cluster_do_not_mix_their_data(cluster):
    _, client = cluster
    two_workers(client)
    made = [(small(), *data(m)) for m in (30, 50)]
    slopes = [Cluster(client)(*one, squared_error) for one in made]
    for one, found in zip(made, slopes, strict=True):
        m = len(one[1])
        expected = whole(*one, squared_error)(slice(0, m), None)
        close(found(slice(0, m), np.random.default_rng(0)), expected)


@pytest.mark.parametrize("rows", [slice(3, 40, 2), np.array([7, 0, 7])], ids=str)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_where_a_worker_keeps_the_data_changes_no_bit(rows, dtype):
    """What comes through a wire begins at any byte."""
    seen = []

    def gradient(network, X, Y, loss):
        seen.extend([X, Y])
        return Blocks()(network, X, Y, loss)

    found = []
    for begin in (0, 1, 2, 7):
        moved = [np.ndarray(A.shape, A.dtype, bytes(begin) + A.tobytes(), begin) for A in data(2000, dtype)]
        found.append(parallel._part(rows, np.random.default_rng(0), gradient, small(dtype), *moved, squared_error))
    assert all(A.flags.aligned and A.dtype == dtype for A in seen)
    for one in found:
        same(one, whole(small(dtype), *data(2000, dtype), squared_error)(rows, np.random.default_rng(0)))


@needs_dask
def test_an_error_of_the_work_itself_is_not_tried_again(cluster):
    _, client = cluster
    two_workers(client)
    slopes = Cluster(client)(small(), *data(40), squared_error)
    with pytest.raises(IndexError, match="out of bounds"):
        slopes(np.array([3, 40]), np.random.default_rng(0))


@needs_dask
def test_workers_may_use_blocks_and_threads_themselves(cluster):
    _, client = cluster
    two_workers(client)
    X, Y = data(90)
    expected = whole(small(), X, Y, squared_error)(slice(0, 90), None)
    gradient = Cluster(client, gradient=Blocks(rows=10, threads=2), pieces=4)
    close(gradient(small(), X, Y, squared_error)(slice(0, 90), np.random.default_rng(0)), expected)


@needs_dask
def test_workers_in_the_same_process_do_not_wait_for_each_other():
    from distributed import Client

    X, Y = data(90)
    options = {**WAY, "epochs": 4, "rng": np.random.default_rng(0)}
    with Client(processes=False, n_workers=2, threads_per_worker=2, dashboard_address=":0") as client:
        gradient = Cluster(client, gradient=Blocks(rows=10, threads=2))
        found, _ = fit(small(), X, Y, **options, gradient=gradient)
    expected, _ = fit(small(), X, Y, **options)
    for p, q in zip(leaves(found), leaves(expected), strict=True):
        np.testing.assert_allclose(p, q, rtol=1e-11)


@needs_dask
@pytest.mark.parametrize("rows", [slice(0, 3), np.array([7])], ids=str)
def test_a_batch_may_have_fewer_rows_than_there_are_pieces(cluster, rows):
    _, client = cluster
    two_workers(client)
    slopes = Cluster(client, pieces=8)(small(), *data(40), squared_error)
    close(slopes(rows, np.random.default_rng(0)), slopes_of(whole, rows))
    with pytest.raises(ValueError, match=r"combine: expected at least one row in a batch, but sizes is \[0\]"):
        slopes(slice(5, 5), np.random.default_rng(0))


@needs_dask
def test_training_that_diverges_on_a_cluster_says_so(cluster):
    _, client = cluster
    two_workers(client)
    X, Y = data(200)
    options = {**WAY, "rule": GradientDescent(1e6), "epochs": 60, "rng": np.random.default_rng(0)}
    with pytest.raises(FloatingPointError, match="learning rate"):
        fit(small(), X, Y, **options, gradient=Cluster(client))


@needs_dask
def test_after_a_fit_the_cluster_holds_nothing_of_it(cluster):
    _, client = cluster
    two_workers(client)
    X, Y = data(200)
    gc.collect()
    before = set(client.futures)
    fit(small(), X, Y, **WAY, epochs=2, rng=np.random.default_rng(0), gradient=Cluster(client))
    deadline = time.monotonic() + 60
    while (left := set(client.futures) - before) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not left


@needs_dask
def test_a_cluster_without_workers_is_named(monkeypatch):
    monkeypatch.setattr(parallel, "WAIT", 0.2)
    with (
        local_cluster(n=0) as (_, client),
        pytest.raises(TimeoutError, match=r"expected a worker, but 0.2 seconds brought none; start one"),
    ):
        Cluster(client)(small(), *data(40), squared_error)


def test_a_cluster_that_never_recovers_is_given_up():
    from concurrent.futures import CancelledError

    asked, renewed = [], []

    def ask():
        asked.append(1)
        raise CancelledError

    with pytest.raises(CancelledError):
        parallel._steadily(ask, lambda: renewed.append(1))
    assert (len(asked), len(renewed)) == (3, 2)


# --- what the chapter says of the recorded run ------------------------------------------------------------------------


RECORD = json.loads((ROOT / "docs" / "parallel.json").read_text(encoding="utf-8"))
TABLES = {table["name"]: {row[0]: row[1:] for row in table["rows"]} for table in RECORD["tables"]}


measured_alone = pytest.mark.skipif(
    RECORD["load"] > 1.5, reason=f"docs/parallel.json was recorded under load {RECORD['load']:.1f}: record it again"
)


def numbers(table, row):
    """The numbers of a row; of `41 (44)` the first."""
    return [float(cell.split(" (")[0].replace(",", "")) for cell in TABLES[table][row]]


@measured_alone
def test_the_step_over_two_orders_loses_and_the_products_gain_nothing():
    for k in (0, 1):
        rows, columns, mixed = (numbers("memory", row)[k] for row in list(TABLES["memory"])[4:])
        assert mixed > 2 * max(rows, columns)
        assert columns < 1.05 * rows
    for rows, columns in (list(TABLES["memory"])[:2], list(TABLES["memory"])[2:4]):
        quotients = [b / a for a, b in zip(numbers("memory", rows), numbers("memory", columns), strict=True)]
        assert all(1 < quotient < 1.12 for quotient in quotients)


@measured_alone
def test_blocks_have_a_valley():
    times = [numbers("blocks", row)[1] for row in TABLES["blocks"]]
    assert times[0] > 1.1 * min(times[1:-1])
    assert times[-1] > 1.1 * min(times[1:-1])
    one, three, ten = (numbers("blocks", f"blocks of {n},000")[1] for n in (1, 3, 10))
    assert max(one, three) < 1.05 * min(times)
    assert times[-1] - ten < 0.2 * (times[-1] - one)


@measured_alone
def test_two_threads_of_blas_do_not_halve_a_product_and_lose_their_gain_beside_a_busy_program():
    small, *others = TABLES["products"]
    one, two, *_ = numbers("products", small)
    assert two > 0.9 * one
    extra = []
    for row in others:
        one, two, *_ = numbers("products", row)
        assert 0.5 * one < two < 0.8 * one, row
        extra.append(two - one / 2)
    assert extra == sorted(extra)
    *_, one, two = numbers("products", others[-1])
    assert two > 0.95 * one


@measured_alone
def test_blocks_bring_more_than_threads_and_the_two_cuts_end_close_together():
    *_, one, blas, ours = (numbers("threads", row) for row in TABLES["threads"])
    assert one[0] < numbers("threads", "the whole batch, 2 threads of BLAS")[0]
    assert one[1] > numbers("threads", "the whole batch, 2 threads of BLAS")[1]
    for row in list(TABLES["threads"])[:-2]:
        assert all(max(a, b) < c for a, b, c in zip(blas, ours, numbers("threads", row), strict=True)), row
    assert all(5 / 6 < b / a < 6 / 5 for a, b in zip(blas, ours, strict=True))


@measured_alone
def test_on_one_machine_two_workers_do_not_beat_two_threads():
    for row in TABLES["cluster"]:
        _, _, threads, workers, _ = numbers("cluster", row)
        assert threads < workers, row


@measured_alone
def test_a_hundred_workers_are_too_many():
    small, *_, large = TABLES["law"]
    _, _, one, *_, hundred = numbers("law", small)
    assert hundred > one
    assert 1 < numbers("law", large)[1] < 50
    pays = [numbers("law", row)[0] for row in TABLES["law"]]
    assert pays == sorted(pays, reverse=True)


def test_the_tables_are_the_record_and_the_law():
    law = RECORD["numbers"]
    for row in TABLES["law"]:
        found = law[row]
        cost = (found["per row"], law["overhead"], found["per worker"])
        assert numbers("law", row)[0] == pytest.approx(break_even(2, *cost), abs=0.51)
        assert numbers("law", row)[-1] == pytest.approx(1e3 * step_time(60_000, 100, *cost), abs=0.51)


@measured_alone
def test_the_example_of_the_scene_is_near_the_record():
    found, law = RECORD["numbers"]["784-10-10"], RECORD["numbers"]
    assert 0.5e-6 < found["per row"] < 2e-6
    assert 0.003 < law["overhead"] < 0.03
    assert 0.0005 < found["per worker"] < 0.006


@pytest.mark.long
def test_the_threads_of_openmp_are_not_those_of_blas():
    code = "import os; os.environ['OPENBLAS_NUM_THREADS'] = '1'; import sklearn.neural_network; "
    code += "from nnlit.parallel import blas_threads; print(blas_threads())"
    env = {k: v for k, v in os.environ.items() if not k.endswith("_NUM_THREADS")}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert done.stdout == "1\n"


def test_threads_have_the_librarys_name():
    """By which a debugger and a profiler show whose they are."""
    seen = set()

    class Loss(type(squared_error)):
        def value_and_gradient(self, Z, Y):
            seen.add(threading.current_thread().name)
            return super().value_and_gradient(Z, Y)

    network = Network([Dense(W=np.ones((1, 1)), b=np.zeros(1))])
    slopes = Blocks(rows=2, threads=2)(network, np.ones((8, 1)), np.zeros((8, 1)), Loss())
    slopes(slice(0, 8), np.random.default_rng(0))
    assert seen
    assert {name.rpartition("_")[0] for name in seen} == {"nnlit"}


@pytest.mark.parametrize(
    ("parts", "sizes"),
    [
        ([(1.0, [np.ones(2)])], [1, 2]),
        ([(1.0, [np.ones(2)]), (1.0, [np.ones(2)])], [3]),
        ([(1.0, [np.ones(2)]), (1.0, [np.ones(2), np.ones(2)])], [1, 2]),
        ([(1.0, [np.ones(2)]), (1.0,)], [1, 2]),
    ],
)
def test_parts_that_do_not_fit_together_are_refused(parts, sizes):
    with pytest.raises(ValueError, match="zip"):
        combine(parts, sizes)


def test_without_a_library_to_ask_there_is_one_thread(monkeypatch):
    found = SimpleNamespace(select=lambda **kinds: SimpleNamespace(lib_controllers=[][: len(kinds)]))
    monkeypatch.setattr("nnlit.parallel._blas", lambda: found)
    assert blas_threads() == 1
