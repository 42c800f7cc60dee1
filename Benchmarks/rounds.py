"""Times of programs that take turns, so that what disturbs the machine disturbs all of them."""

import contextlib
import math
import os
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

from contenders import Contender, Served

PAUSE_S = 0.03  # After a visit, until its threads sleep.
WARM_UP_S = 0.2
QUIET = 0.08  # Of a processor may be used by other processes; else a visit is repeated.
ATTEMPTS = 6


@dataclass(frozen=True)
class Pace:
    """How long to measure."""

    rounds: int
    visit_s: float


FULL, QUICK, SCALING = Pace(9, 1.0), Pace(3, 0.3), Pace(3, 0.4)


@dataclass
class Times:
    """What was measured of one program."""

    visits_ms: list[float]
    """The median of each visit."""
    others: list[float]
    """The share of a processor that all other processes used during each visit."""
    first_iteration_s: float
    compiled_s: float | None
    """When its programs were compiled, where it can tell this from the first iteration."""
    min_ms: float = math.inf
    """The fastest iteration of all."""
    peak_mb: float = 0

    @property
    def median_ms(self) -> float:
        """The median of the visits' medians, in which every round counts the same."""
        return statistics.median(self.visits_ms)

    def add(self, visit_ms: list[float], others: float) -> None:
        self.visits_ms.append(statistics.median(visit_ms))
        self.min_ms = min(self.min_ms, *visit_ms)
        self.others.append(others)


def measure(
    contenders: list[Contender], pace: Pace, batch: int | None = None, width: int | None = None
) -> dict[str, Times]:
    """All programs' times, by their names."""
    with contextlib.ExitStack() as stack:
        # One after the other: a start that is timed has the machine for itself.
        programs = [stack.enter_context(c.served(batch, width)) for c in contenders]
        times = {p.name: Times([], [], p.first_iteration_s, p.compiled_s) for p in programs}
        counts = {p.name: iterations(p, pace) for p in programs}
        for turn in range(pace.rounds):
            start = turn % len(programs)
            for program in programs[start:] + programs[:start]:
                times[program.name].add(*quiet_visit(program, counts[program.name]))
        for program in programs:
            times[program.name].peak_mb = program.peak_mb
        return times


def iterations(program: Served, pace: Pace) -> int:
    """How many iterations fill a visit, after enough of them to be warm."""
    began = time.perf_counter()
    while True:
        iteration_s = program.run(1)[0] / 1e3
        if time.perf_counter() - began > WARM_UP_S:
            return max(1, round(pace.visit_s / iteration_s))


def quiet_visit(program: Served, count: int) -> tuple[list[float], float]:
    """Milliseconds of each iteration, and what others used, in the quietest of a few attempts.

    The other programs of the comparison are among the others: this also sees whether they sleep.
    """
    attempts = []
    while len(attempts) < ATTEMPTS:
        time.sleep(PAUSE_S)
        began, all_before, own_before = time.perf_counter(), busy_s(), program.cpu_s
        visit = program.run(count)
        elapsed = time.perf_counter() - began
        others = max(0, busy_s() - all_before - (program.cpu_s - own_before)) / elapsed
        attempts.append((others, visit))
        if others <= QUIET:
            break
        time.sleep(elapsed)
    others, visit = min(attempts)
    return visit, others


def busy_s() -> float:
    """Seconds that all processors together have worked, for whomever."""
    line = Path("/proc/stat").read_text().splitlines()[0]
    user, nice, system, _, _, interrupt, soft_interrupt, stolen, *_ = map(int, line.split()[1:])
    ticks = user + nice + system + interrupt + soft_interrupt + stolen
    return ticks / os.sysconf("SC_CLK_TCK")
