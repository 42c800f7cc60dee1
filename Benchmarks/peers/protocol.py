"""What every peer's program answers, as `wgan bench` does.

WORKLOAD --iterations N --json   one measurement as a JSON object
WORKLOAD --serve                 measurements on request: a line `run N` on standard input is
                                 answered by a line of JSON; `quit` or the end of input ends it
WORKLOAD --check FOLDER          one iteration with the parameters and random draws of
                                 FOLDER/inputs.safetensors; results to outputs.safetensors
"""

import argparse
import dataclasses
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from workloads import WORKLOADS, Workload

WARM_UP_ITERATIONS = 2


class Training(Protocol):
    """A workload's training in one framework."""

    def iteration(self) -> None:
        """Five updates of the critic and one of the generator, finished on return."""

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
    result.add_argument("workload", choices=WORKLOADS)
    result.add_argument("--batch", type=positive, help="samples in a batch")
    result.add_argument("--width", type=positive, help="units of hidden layers, or channels")
    result.add_argument("--iterations", type=positive, default=20)
    mode = result.add_mutually_exclusive_group()
    mode.add_argument("--json", action="store_true", help="print one JSON object")
    mode.add_argument("--serve", action="store_true", help="answer requests on standard input")
    mode.add_argument("--check", type=Path, metavar="FOLDER", help="one iteration from a file")
    return result


def workload(arguments: argparse.Namespace) -> Workload:
    """The workload asked for, with its batch and width."""
    asked = {name: getattr(arguments, name) for name in ("batch", "width")}
    changes = {name: value for name, value in asked.items() if value is not None}
    return dataclasses.replace(WORKLOADS[arguments.workload], **changes)


def answer(arguments: argparse.Namespace, make: Callable[[Workload], Training]) -> None:
    """Does what the arguments ask for."""
    training = make(workload(arguments))
    if arguments.check:
        check(training, arguments.check)
        return
    training.iteration()
    first = seconds_since_start()
    if arguments.serve:
        serve(training, first)
        return
    timed(training, WARM_UP_ITERATIONS)
    print(report(arguments, timed(training, arguments.iterations), first))


def timed(training: Training, iterations: int) -> list[float]:
    """Milliseconds of each iteration."""
    times = []
    for _ in range(iterations):
        start = time.perf_counter()
        training.iteration()
        times.append(1e3 * (time.perf_counter() - start))
    return times


def serve(training: Training, first: float) -> None:
    print(json.dumps({"ready": True, "first_iteration_s": first}), flush=True)
    for line in sys.stdin:
        if line.strip() == "quit":
            return
        times = timed(training, int(line.removeprefix("run ")))
        print(json.dumps({"times_ms": times, "peak_rss_mb": peak_megabytes()}), flush=True)


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
    # Not getrusage: that starts from the peak of the process that started this one.
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise RuntimeError("/proc/self/status has no VmHWM; the benchmark runs on Linux")


def seconds_since_start() -> float:
    """Seconds since this process was started, Python and imports included."""
    # The second field of stat, in parentheses, may hold spaces; the start is the 22nd.
    fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    started = int(fields[19]) / os.sysconf("SC_CLK_TCK")
    return time.clock_gettime(time.CLOCK_BOOTTIME) - started
