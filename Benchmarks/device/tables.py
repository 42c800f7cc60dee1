"""The results of a study as tables."""

import statistics

from contenders import JAX, OURS, TORCH
from programs import PRECISIONS

NONE = "–"

INTRODUCTION = """\
# wgan on an accelerator

An iteration is five updates of the critic and one of the generator. Numbers are float32 everywhere;
the precision in a program's name is that of products and convolutions: `tf32` rounds their factors
to 10 bits, `bfloat16` to 7 (in PyTorch by autocast), and `float32` does neither: TF32 is off.

- **ms**: of an iteration, the median of the rounds' medians, each iteration waited for.
- **÷**: a program's time over that of swift-wgan in that precision, round by round: the median, and
  in brackets the least and the largest.
- **TFLOP/s**: by the arithmetic of the direct method of convolution.
- **arrays**, **held**: megabytes of the device that arrays took at most, as the program says, and
  by which the used memory grew while the program started, with its libraries and what it reserved.
- **host**: the process's peak resident memory in megabytes.
- **start**: seconds from the start of the process to the end of the first iteration; **compiling**:
  of these, those until ours has compiled, or those in which a peer compiled and ran it first;
  **again**: a second start of ours, which finds compiled programs in its cache. In a quick study
  all peers of a workload import side by side."""

SUMMARY = """\
## Peers' times over ours, of the same precision

Over 1: ours is faster. The fastest peer and the fastest of ours are of any precision."""

GOLDEN = """\
## Golden checks

The largest relative differences from PyTorch in float64 on the processor after one iteration with
the same parameters and random draws; what they are relative to is in `equality.py`."""

HEAD = [
    "program", "ms", *(f"÷ {p}" for p in PRECISIONS), "TFLOP/s", "arrays", "held", "host", "start",
    "compiling", "again",
]  # fmt: skip


def markdown(results: dict) -> str:
    workloads = [of_workload(text, found) for text, found in results["workloads"].items()]
    return "\n\n".join([INTRODUCTION, *overview(results), *workloads]) + "\n"


def overview(results: dict) -> list[str]:
    """The machine, the golden checks and the summary."""
    columns = [f"{peer} {p}" for p in PRECISIONS[:2] for peer in (JAX, TORCH)]
    head = ["workload", *columns, "fastest peer ÷ fastest of ours"]
    summaries = [[text, *summary(found, columns)] for text, found in results["workloads"].items()]
    checks = [
        [name, program, difference(found)]
        for name, check in results["golden"].items()
        for program, found in check.items()
    ]
    return [
        lines([["Machine", ""], *map(list, results["machine"].items())]),
        GOLDEN,
        lines([["workload", "program", "differences"], *checks]),
        SUMMARY,
        lines([head, *summaries]),
    ]


def lines(rows: list[list[str]]) -> str:
    ruled = [rows[0], ["---"] * len(rows[0]), *rows[1:]]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in ruled)


def of_workload(text: str, found: dict) -> str:
    rows = [row(name, found) for name in found["programs"]]
    parts = [f"## {text}", lines([HEAD, *rows])]
    if found["left_out"]:
        parts.append("\n".join(f"- {n} is left out: {why}" for n, why in found["left_out"].items()))
    return "\n\n".join(parts)


def row(name: str, found: dict) -> list[str]:
    program = found["programs"][name]
    time_ms = program["median_ms"]
    compiling = program["compiled_s"]
    if program["built_s"] is not None:
        compiling = program["first_iteration_s"] - program["built_s"]
    return [
        name,
        number(time_ms, ".3g" if time_ms < 100 else ".0f"),
        *(factor(program, found["programs"].get(f"{OURS} {p}")) for p in PRECISIONS),
        number(found["gflop"] / time_ms, ".3g"),
        number(program["peak_device_mb"], ".0f"),
        number(program["held_mb"], ".0f"),
        number(program["peak_mb"], ".0f"),
        number(program["first_iteration_s"], ".1f"),
        number(compiling, ".1f"),
        number(program["again_s"], ".1f"),
    ]


def number(value: float | None, form: str) -> str:
    return NONE if value is None else format(value, form)


def factor(program: dict, own: dict | None) -> str:
    """How many times as long as ours a program takes."""
    if own is None or own is program:
        return NONE
    ratios = [p / o for p, o in zip(program["visits_ms"], own["visits_ms"])]
    return f"{statistics.median(ratios):.2f} [{min(ratios):.2f}, {max(ratios):.2f}]"


def summary(found: dict, columns: list[str]) -> list[str]:
    programs = found["programs"]
    cells = [
        factor(programs[name], programs.get(f"{OURS} {programs[name]['precision']}"))
        if name in programs
        else NONE
        for name in columns
    ]
    own = [name for name in programs if name.startswith(OURS)]
    peers = [name for name in programs if name not in own]
    if not own or not peers:
        return [*cells, NONE]
    fastest = [min(group, key=lambda n: programs[n]["median_ms"]) for group in (peers, own)]
    pair = " ÷ ".join(fastest)
    return [*cells, f"{factor(programs[fastest[0]], programs[fastest[1]])}: {pair}"]


def difference(found: dict[str, float] | str) -> str:
    if isinstance(found, str):
        return f"**failed**: {found}"
    return ", ".join(f"{kind} {value:.0e}" for kind, value in found.items())
