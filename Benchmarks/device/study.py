#!/usr/bin/env python3
"""Measures `wgan bench` on an accelerator beside PyTorch and JAX."""

import argparse
import dataclasses
import datetime
import subprocess
import sys
import time
from pathlib import Path

import golden
import kept
import machine
import rounds
import tables
from failure import Failure, end_in_words
from peers.workloads import DEVICE_WORKLOADS, WORKLOADS
from programs import WGAN, Caches, Program, Running, device_used_mb, programs, smi
from rounds import Pace, Times, iterations, quiet_visit

FOLDER = Path(__file__).parents[1]
FULL, QUICK = Pace(7, 0.5), Pace(3, 0.3)
START_S = 300
# The first are those that tell most.
QUICK_ORDER = ("W1", "W6", "W3", "W7:64", "W5", "W2", "W4", "W7:256")


@dataclasses.dataclass
class DeviceTimes(Times):
    """What was measured of one program on a device."""

    precision: str = ""
    built_s: float | None = None
    """When a peer had imported and built all, before it compiled and ran."""
    again_s: float | None = None
    """The end of the first iteration in a second start, with compiled programs kept."""
    held_mb: float | None = None
    """What the device's used memory grew by while it started."""
    peak_device_mb: float | None = None
    """The most memory that its arrays had there, where it can tell."""


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run", description=__doc__)
    parser.add_argument(
        "workloads",
        nargs="*",
        metavar="WORKLOAD[:BATCH]",
        help="W1 to W7; W1 to W6 and W7 with batches of 64 and 256 without one, and on a "
        "processor no W7",
    )
    parser.add_argument("--quick", action="store_true", help="in under eight minutes")
    parser.add_argument("--device", default="cuda", help="as for wgan; by default cuda")
    parser.add_argument("--minutes", type=float, help="end by then; by default 7 if quick")
    parser.add_argument("--out", type=Path, default=Path("results"), help="where results go")
    parser.add_argument("--python", help="Python with PyTorch and JAX; by default python3")
    arguments = parser.parse_args()
    for text in arguments.workloads:
        name, _, batch = text.partition(":")
        if name not in DEVICE_WORKLOADS or not (batch or "1").isdecimal():
            parser.error(f"unknown workload '{text}': write W1 to W7, and a batch as in W7:64")
    if not arguments.workloads:
        known = QUICK_ORDER if arguments.quick else sorted(QUICK_ORDER)
        on_gpu = arguments.device.startswith("cuda")
        arguments.workloads = [n for n in known if on_gpu or n in WORKLOADS]
    if arguments.quick and arguments.minutes is None:
        arguments.minutes = 7
    return arguments


class Study:
    """The order of events, and what has come of it so far."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.arguments = arguments
        self.pace = QUICK if arguments.quick else FULL
        self.end = time.monotonic() + 60 * (arguments.minutes or 24 * 60)
        self.caches = Caches()
        self.out: Path = arguments.out
        (self.out / "logs").mkdir(parents=True, exist_ok=True)
        self.results: dict = {"machine": self.description(), "golden": {}, "workloads": {}}

    def run(self) -> bool:
        """Measures everything; whether ours computed the same as the reference."""
        device, quick = self.arguments.device, self.arguments.quick
        names = dict.fromkeys(text.partition(":")[0] for text in self.arguments.workloads)
        say("golden checks")
        self.results["golden"] = golden.checks({n: self.checked(n) for n in names})
        for name, found in self.results["golden"].items():
            for program, result in found.items():
                say(f"{name} {program}: {tables.difference(result)}")
        self.write()
        for place, text in enumerate(self.arguments.workloads):
            left_s = self.end - time.monotonic()
            if left_s < 10:
                say(f"{text}: left out, the time is up")
                continue
            name, _, batch = text.partition(":")
            budget = left_s / (len(self.arguments.workloads) - place)
            say(f"{text}: {budget:.0f} s at most")
            comparison = Comparison(self, text, int(batch or 0) or None)
            listed = programs(name, device, quick)
            found = comparison.measured(listed, time.monotonic() + budget)
            self.results["workloads"][text] = found | {"gflop": gflop(name, batch)}
            self.write()
            print(tables.of_workload(text, self.results["workloads"][text]), "\n", flush=True)
        print("\n\n".join(tables.overview(self.results)))
        checks = self.results["golden"].values()
        return not any(isinstance(found, str) for check in checks for found in check.values())

    def checked(self, name: str) -> list[Program]:
        """Ours, and if there is time the peers in float32."""
        listed = programs(name, self.arguments.device, quick=True)
        exact = [p for p in listed if p.precision == "float32" and " a call" not in p.name]
        return exact[:1] if self.arguments.quick else exact

    def write(self) -> None:
        kept.write(self.out / "results.json", self.results)
        (self.out / "RESULTS.md").write_text(tables.markdown(self.results))

    def description(self) -> dict[str, str]:
        built = FOLDER / "built"
        version = subprocess.run([WGAN, "--version"], capture_output=True, text=True).stdout.strip()
        gpu = ", ".join(filter(None, (smi("name"), smi("driver_version"))))
        return {
            "device": f"{self.arguments.device}: {gpu or 'no NVIDIA GPU'}",
            **machine.description(None),
            "swift-wgan": ", ".join([version, *built.read_text().split("\n")[:1]]),
            "measured": datetime.date.today().isoformat() + (", quick" * self.arguments.quick),
        }


class Comparison:
    """One workload's programs, side by side."""

    def __init__(self, study: Study, title: str, batch: int | None) -> None:
        self.study, self.title, self.batch = study, title, batch
        self.started: list[Running] = []
        self.times: dict[str, DeviceTimes] = {}
        self.left_out: dict[str, str] = {}

    def measured(self, listed: list[Program], end: float) -> dict:
        """Numbers by program, and sentences about those that have none."""
        starts_end = end - 0.3 * (end - time.monotonic())
        try:
            peers = [p for p in listed if self.study.arguments.quick and not p.is_ours]
            waiting: dict[str, Running] = {}
            turns = []
            for program in listed:
                # A quick look has all peers import at once; else each start is alone.
                if program in peers and not waiting:
                    waiting = {peer.name: self.start(peer) for peer in peers}
                if begun := self.begun(program, waiting.get(program.name), starts_end):
                    turns.append(begun)
            self.take_turns(turns, end)
        finally:
            for running in self.started:
                running.process.kill()
                running.process.wait()
        return {
            "programs": {name: numbers(times) for name, times in self.times.items()},
            "left_out": self.left_out,
        }

    def start(self, program: Program, cache: Path | None = None) -> Running:
        log = self.study.out / "logs" / f"{self.title} {program.name}.txt".replace(" ", "-")
        running = Running(program, self.batch, cache or self.study.caches.new(), log)
        self.started.append(running)
        return running

    def begun(
        self, program: Program, running: Running | None, end: float
    ) -> tuple[Running, int] | None:
        """A program with its first iteration done, and how many of them fill a visit."""
        try:
            if time.monotonic() > end:
                raise Failure("the time was up before its turn")
            before = device_used_mb()
            running = running or self.start(program)
            running.begin(limit(end))
            count = iterations(running, self.study.pace)
            after = device_used_mb()
            times = DeviceTimes([], [], running.first_iteration_s, running.compiled_s)
            times.precision, times.built_s = program.precision, running.built_s
            if before is not None and after is not None:
                times.held_mb = after - before
            if program.is_ours:
                times.again_s = self.second_start(program, running.cache, end)
            self.times[program.name] = times
            return running, count
        except Failure as failure:
            self.drop(program.name, failure)
            return None

    def second_start(self, program: Program, cache: Path, end: float) -> float | None:
        again = self.start(program, cache)
        try:
            again.begin(limit(end))
            return again.first_iteration_s
        except Failure:
            return None
        finally:
            again.process.kill()

    def take_turns(self, turns: list[tuple[Running, int]], end: float) -> None:
        """As `rounds.measure` does, until the time is up, and without those that fail."""
        for turn in range(self.study.pace.rounds):
            if turn > 0 and time.monotonic() > end:
                say(f"{self.title}: {turn} of {self.study.pace.rounds} rounds, the time is up")
                return
            start = turn % max(1, len(turns))
            for running, count in turns[start:] + turns[:start]:
                try:
                    times = self.times[running.name]
                    times.add(*quiet_visit(running, count))
                    times.peak_mb, times.peak_device_mb = running.peak_mb, running.peak_device_mb
                except Failure as failure:
                    self.drop(running.name, failure)
            turns = [pair for pair in turns if pair[0].name not in self.left_out]

    def drop(self, name: str, failure: Failure) -> None:
        self.times.pop(name, None)
        self.left_out[name] = str(failure)
        say(f"{self.title}: {name} is left out: {failure}")


def limit(end: float) -> float:
    """Seconds that a start may take."""
    return min(START_S, max(5, end - time.monotonic()))


def gflop(name: str, batch: str) -> float:
    workload = DEVICE_WORKLOADS[name]
    return workload.gflop * int(batch or workload.batch) / workload.batch


def numbers(times: DeviceTimes) -> dict:
    return dataclasses.asdict(times) | {"median_ms": times.median_ms}


def say(text: str) -> None:
    print(text, flush=True)


def main() -> None:
    arguments = parse()
    rounds.ATTEMPTS = 2  # A machine that is never quiet must not use the time up.
    if not Study(arguments).run():
        sys.exit("run: error: a golden check failed; see above")


if __name__ == "__main__":
    end_in_words(main)
