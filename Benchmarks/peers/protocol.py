"""What every peer's program answers, as `wgan bench` does.

WORKLOAD --iterations N --json   one measurement as a JSON object
WORKLOAD --serve                 measurements on request: a line `run N` on standard input is
                                 answered by a line of JSON; `quit` or the end of input ends it
WORKLOAD --check FOLDER          one iteration with the parameters and random draws of
                                 FOLDER/inputs.safetensors; results to outputs.safetensors

With --wait as well as --serve, it imports what it needs, says so by a line of JSON, and goes on
when it is asked to by a line.
"""

import argparse
import dataclasses
import json
import math
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from workloads import DEVICE_WORKLOADS, Workload

WARM_UP_ITERATIONS = 2
PRECISIONS = ("float32", "tf32", "bfloat16")


class Training(Protocol):
    """A workload's training in one framework."""

    together: int
    """The iterations of one call of `iteration`."""

    def iteration(self) -> None:
        """Five updates of the critic and one of the generator, finished on return."""

    def device_megabytes(self) -> float | None:
        """The most memory that arrays have had on an accelerator."""

    def checked(self, tensors: dict) -> dict:
        """One iteration with given parameters and draws: new parameters and losses."""


def positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise ValueError
    return value


def parser(description: str) -> argparse.ArgumentParser:
    """The arguments that all peers share."""
    result = argparse.ArgumentParser(description=description)
    result.add_argument("workload", choices=DEVICE_WORKLOADS)
    result.add_argument("--batch", type=positive, help="samples in a batch")
    result.add_argument("--width", type=positive, help="units of hidden layers, or channels")
    result.add_argument("--iterations", type=positive, default=20)
    result.add_argument("--device", default="cpu", help="cpu, cuda or cuda:N; cpu without it")
    result.add_argument("--precision", choices=PRECISIONS, help="that of products on a device")
    result.add_argument("--wait", action="store_true", help="begin at a line, after the imports")
    mode = result.add_mutually_exclusive_group()
    mode.add_argument("--json", action="store_true", help="print one JSON object")
    mode.add_argument("--serve", action="store_true", help="answer requests on standard input")
    mode.add_argument("--check", type=Path, metavar="FOLDER", help="one iteration from a file")
    return result


def workload(arguments: argparse.Namespace) -> Workload:
    """The workload asked for, with its batch and width."""
    asked = {name: getattr(arguments, name) for name in ("batch", "width")}
    changes = {name: value for name, value in asked.items() if value is not None}
    return dataclasses.replace(DEVICE_WORKLOADS[arguments.workload], **changes)


def answer(arguments: argparse.Namespace, make: Callable[[Workload], Training]) -> None:
    """Does what the arguments ask for."""
    waited = wait() if arguments.wait else 0
    training = make(workload(arguments))
    if arguments.check:
        check(training, arguments.check)
        return
    built = seconds_since_start() - waited
    training.iteration()
    first = seconds_since_start() - waited
    if arguments.serve:
        serve(training, built, first)
        return
    timed(training, WARM_UP_ITERATIONS)
    print(report(arguments, timed(training, arguments.iterations), first))


def timed(training: Training, iterations: int) -> list[float]:
    """Milliseconds of each iteration."""
    times = []
    for _ in range(math.ceil(iterations / training.together)):
        start = time.perf_counter()
        training.iteration()
        times.append(1e3 * (time.perf_counter() - start) / training.together)
    return times


def wait() -> float:
    """Says that all is imported, and waits for a line: how many seconds."""
    start = time.perf_counter()
    print(json.dumps({"imported": True}), flush=True)
    if not sys.stdin.readline():
        sys.exit()
    return time.perf_counter() - start


def serve(training: Training, built: float, first: float) -> None:
    print(json.dumps({"ready": True, "built_s": built, "first_iteration_s": first}), flush=True)
    for line in sys.stdin:
        if line.strip() == "quit":
            return
        times = timed(training, int(line.removeprefix("run ")))
        answer = {"times_ms": times, "peak_rss_mb": peak_megabytes()}
        if (device := training.device_megabytes()) is not None:
            answer["peak_device_mb"] = device
        print(json.dumps(answer), flush=True)


def check(training: Training, folder: Path) -> None:
    from safetensors.numpy import load_file, save_file

    results = training.checked(load_file(folder / "inputs.safetensors"))
    save_file(results, folder / "outputs.safetensors")


def report(arguments: argparse.Namespace, times: list[float], first: float) -> str:
    median = statistics.median(times)
    if not arguments.json:
        return f"{arguments.workload}: median {median:.3f} ms, fastest {min(times):.3f} ms"
    return json.dumps(
        {
            "workload": arguments.workload,
            "iterations": len(times),
            "median_ms": median,
            "min_ms": min(times),
            "peak_rss_mb": peak_megabytes(),
            "first_iteration_s": first,
            "times_ms": times,
        }
    )


def peak_megabytes() -> float:
    """The most memory that this process has had, in millions of bytes."""
    # Rather than getrusage, which starts from the peak of the process that started this one.
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def seconds_since_start() -> float:
    """Seconds since this process was started, Python and imports included."""
    # The second field of stat, in parentheses, may hold spaces; the start is the 22nd.
    fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    started = int(fields[19]) / os.sysconf("SC_CLK_TCK")
    return time.clock_gettime(time.CLOCK_BOOTTIME) - started
