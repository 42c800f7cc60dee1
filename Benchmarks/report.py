"""Results as a file of numbers and as tables for people.

Beside those of the workloads stand those of `transport`, `critics` and `judging`. The numbers of
one workload: `programs` (by name: `median_ms`, `min_ms`, `visits_ms`, `others`, `compiled_s`,
`first_iteration_s`, `peak_mb`), `differences` (by name and kind), `gflop`, `peak_gflops` and
`measured`, the day.
"""

import json
import statistics
from pathlib import Path

import critics
import judging
import transport
from contenders import CHANNELS_LAST, JAX, OURS, TORCH
from rounds import QUIET

COLUMNS = (OURS, TORCH, CHANNELS_LAST, JAX)
NONE = "–"

INTRODUCTION = """\
# Results

Written by `make bench`; raw numbers are in `results.json`, how they come about is in `README.md`.
An iteration is five updates of the critic and one of the generator, in float32."""

TIMES = """\
## Time of one iteration

Medians of the rounds' medians in milliseconds. The factor is the time of the fastest peer over
ours, round by round: the median, and in brackets the least and the largest of the rounds."""

RATES = """\
## Share of the processor's peak

GFLOP of an iteration by the direct method of convolution, over time and over the measured peak:
that of the fastest large matrix product that was tried ({products}).
A method that needs less arithmetic can exceed the peak."""

MEMORY = """\
## Peak resident memory

Megabytes of the whole process. The last column is ours over that of PyTorch, the faster variant."""

STARTS = """\
## From process start to the end of the first iteration

Seconds, with imports and compiling. In brackets the seconds to its beginning, when all programs
are compiled; the peers compile as they go."""

DIFFERENCES = """\
## Differences

Largest relative differences from PyTorch in float64 after one iteration with the same parameters
and random draws; `equality.py` says what they are relative to and why they are so large."""


TRANSPORT = """\
## Exact optimal transport

1000 points against 1000 in the plane, from the points to the distance, in milliseconds; the same
distances within a millionth. The factor is our time over the peer's, in brackets its least and
largest. Memory is what solving takes beyond a start of the program, in matrices of costs."""


CRITICS = """\
## Critics of known distances

`wgan critics gp` beside the same training in PyTorch, both on one thread: milliseconds of an update
with 1024 fresh points of each kind, by dimensions and funnels. The factor is our time over
PyTorch's, in brackets its least and largest; beside it stand the estimates after as many updates,
as shares of W₁."""


JUDGING = """\
## Measures of features

`wgan measure` beside the Python packages, from the files to the value, in seconds, on two threads;
the same values. Inception has random weights, in both the same. The factor is our time over the
package's, in brackets its least and largest. Memory is the whole process's, in megabytes."""

STUDIES = {
    "transport": (transport, TRANSPORT, ["weights", OURS, "peer", "factor", "memory"]),
    "critics": (
        critics,
        CRITICS,
        ["D, N", OURS, TORCH, "factor", f"{OURS}'s estimate", f"{TORCH}'s"],
    ),
    "judging": (
        judging,
        JUDGING,
        ["measure", OURS, "package", "factor", f"{OURS}'s memory", "the package's"],
    ),
}
"""By name: what measures it, what is said of it, and the columns of its table."""



def merged(path: Path, results: dict) -> dict:
    """With earlier results: those of other workloads on the same machine, and of other studies."""
    earlier = json.loads(path.read_text()) if path.exists() else {}
    if not results["workloads"] and earlier:
        return earlier | results["studies"]
    workloads = results["workloads"]
    if earlier.get("machine") == results["machine"]:
        workloads = earlier["workloads"] | workloads
    earlier["machine"] = results["machine"]
    return earlier | results["studies"] | {"workloads": dict(sorted(workloads.items()))}


def markdown(results: dict) -> str:
    machine = "\n".join(f"| {name} | {value} |" for name, value in results["machine"].items())
    sections = [INTRODUCTION, f"| Machine | |\n| --- | --- |\n{machine}"]
    if workloads := results["workloads"]:
        sections += of_workloads(workloads)
    for name, (study, introduction, head) in STUDIES.items():
        if found := results.get(name):
            where = f"Measured {found['measured']}: {found['machine']['processor']}."
            rows = study.rows(found["results"])
            sections += [introduction, where, lines([head, ["---"] * len(head), *rows])]
    return "\n\n".join(sections) + "\n"


def of_workloads(workloads: dict) -> list[str]:
    products = fastest_products(workloads)
    peak = max(products.values())
    rates = RATES.format(products=", ".join(f"{n} {v:.0f} GFLOP/s" for n, v in products.items()))
    return [
        TIMES,
        table(["workload", *COLUMNS, "fastest peer", "factor", "measured"], workloads, times_row),
        disturbances(workloads),
        rates,
        table(["workload", "GFLOP", *COLUMNS], workloads, lambda w: rates_row(w, peak)),
        MEMORY,
        table(["workload", *COLUMNS, "ratio"], workloads, memory_row),
        STARTS,
        table(["workload", *COLUMNS], workloads, starts_row),
        DIFFERENCES,
        table(["workload", *COLUMNS], workloads, differences_row),
    ]


def table(head: list[str], workloads: dict, row) -> str:
    return lines([head, ["---"] * len(head), *([n, *row(w)] for n, w in workloads.items())])


def lines(rows: list[list[str]]) -> str:
    return "\n".join("| " + " | ".join(cells) + " |" for cells in rows)


def cells(workload: dict, text) -> list[str]:
    """One cell for each column, from what `text` says of a program's numbers."""
    programs = workload["programs"]
    return [text(programs[name]) if name in programs else NONE for name in COLUMNS]


def times_row(workload: dict) -> list[str]:
    times = cells(workload, lambda p: milliseconds(p["median_ms"]))
    return [*times, fastest_peer(workload), factor(workload), workload["measured"]]


def disturbances(workloads: dict) -> str:
    """A sentence for every program that never had the machine for itself in some of its visits."""
    sentences = [
        f"- {name}: in {disturbed} of {len(program['others'])} visits to {program_name} other "
        f"processes used more than {QUIET:.0%} of a processor; measure again on a quiet machine."
        for name, workload in workloads.items()
        for program_name, program in workload["programs"].items()
        if (disturbed := sum(share > QUIET for share in program["others"]))
    ]
    return "\n".join(sentences) or "No visit was disturbed by other processes."


def milliseconds(value: float) -> str:
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"


def fastest_products(workloads: dict) -> dict[str, float]:
    """GFLOP/s by framework; measured before every workload, since one time can be disturbed."""
    measured = [workload["peak_gflops"] for workload in workloads.values()]
    return {name: max(rates[name] for rates in measured) for name in measured[0]}


def rates_row(workload: dict, peak: float) -> list[str]:
    gflop = workload["gflop"]
    shares = cells(workload, lambda p: f"{gflop / (p['median_ms'] / 1e3) / peak:.0%}")
    return [f"{gflop:g}", *shares]


def memory_row(workload: dict) -> list[str]:
    programs = workload["programs"]
    ratio = NONE
    if OURS in programs:
        torch = min(
            (programs[n] for n in (TORCH, CHANNELS_LAST) if n in programs),
            key=lambda p: p["median_ms"],
        )
        ratio = f"{programs[OURS]['peak_mb'] / torch['peak_mb']:.2f}"
    return [*cells(workload, lambda p: f"{p['peak_mb']:.0f}"), ratio]


def starts_row(workload: dict) -> list[str]:
    def text(program: dict) -> str:
        compiled = program.get("compiled_s")
        ready = "" if compiled is None else f" ({compiled:.2f})"
        return f"{program['first_iteration_s']:.2f}{ready}"

    return cells(workload, text)


def differences_row(workload: dict) -> list[str]:
    found = workload["differences"]
    return [
        ", ".join(f"{kind} {value:.0e}" for kind, value in found[name].items())
        if name in found
        else NONE
        for name in COLUMNS
    ]


def fastest_peer(workload: dict) -> str:
    programs = workload["programs"]
    return min((n for n in programs if n != OURS), key=lambda n: programs[n]["median_ms"])


def factor(workload: dict) -> str:
    """How many times as long as ours the fastest peer takes."""
    programs = workload["programs"]
    if OURS not in programs:
        return NONE
    own, peer = (programs[name]["visits_ms"] for name in (OURS, fastest_peer(workload)))
    ratios = [p / o for o, p in zip(own, peer)]
    return f"**{statistics.median(ratios):.2f}** [{min(ratios):.2f}, {max(ratios):.2f}]"
