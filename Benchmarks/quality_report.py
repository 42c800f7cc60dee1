"""Results of `quality.py` as a file of numbers and as tables for people."""

import math
import statistics
from pathlib import Path

import kept
from contenders import JAX, OURS, TORCH
from report import NONE, lines
from rounds import QUIET

PROGRAMS, PEERS = (OURS, TORCH, JAX), (TORCH, JAX)
THRESHOLD = 20
MISSED = "not reached"

INTRODUCTION = """\
# Time to quality

Written by `make bench-quality`; raw numbers are in `quality.json`, how they come about is in
`README.md`. All programs train the preset `{name}` on MNIST for {steps} steps: the same networks,
losses, step sizes and averages. FID is that of 10 000 images of the averaged generator beside
MNIST's test split, with the features of our classifier of digits; other extractors give other
numbers.

![FID against minutes and against steps](../Documentation/images/quality.svg)"""

TIMES = """\
## Time until FID ≤ {threshold}

Minutes from the start of the process until FID is first so low, and in brackets the step. There is
a point every {every} steps, and between two of them the logarithm of FID is taken for a straight
line. The ratio is our time over the peer's, seed by seed. The last line has the median, and in
brackets the least and the largest."""

ENDS = """\
## The whole training

Medians of the seeds, and in brackets the least and the largest. Compiling is a part of the
minutes."""

DIFFERENCES = """\
## Differences

The largest relative difference of each program from PyTorch in float64 after a few steps from the
same weights; `quality_equality.py` says what it is of: {values}."""


def merged(path: Path, results: dict) -> dict:
    """With earlier trainings of the same preset on the same machine."""
    return kept.merged(path, results, ("machine", "preset", "steps", "every"))


def add(results: dict, training: dict) -> None:
    """In place of an earlier one of the same program and seed."""
    kept.add(results, training, lambda it: (it["seed"], PROGRAMS.index(it["program"])))


def markdown(results: dict) -> str:
    machine = "\n".join(f"| {name} | {value} |" for name, value in results["machine"].items())
    layout = "channels last" if results["channels_last"] else "channels first"
    days = sorted({training["measured"] for training in results["trainings"]})
    facts = f"""\
| command | `{results["command"]}` |
| measured | {days[0]}{f" to {days[-1]}" if len(days) > 1 else ""} |
| PyTorch's images | {layout}, the faster layout in a trial |"""
    values = ", ".join(f"{name} {value:.0e}" for name, value in results["differences"].items())
    sections = [
        INTRODUCTION.format(name=results["preset"]["name"], steps=results["steps"]),
        f"| Machine | |\n| --- | --- |\n{machine}\n{facts}",
        TIMES.format(threshold=THRESHOLD, every=results["every"]),
        times(results),
        ENDS,
        ends(results),
        disturbances(results),
        DIFFERENCES.format(values=values),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def reached(training: dict | None) -> dict | None:
    """Where the curve is first as low as the threshold, with straight lines between its points.

    The lines are straight in the logarithm of FID, as in the picture.
    """
    points = training["points"] if training else []
    number = next((n for n, point in enumerate(points) if point["fid"] <= THRESHOLD), None)
    if not number:
        return None if number is None else points[0]
    before, after = points[number - 1], points[number]
    whole = math.log(before["fid"] / after["fid"])
    share = math.log(before["fid"] / THRESHOLD) / whole
    step, seconds = (
        before[key] + share * (after[key] - before[key]) for key in ("step", "seconds")
    )
    return {"step": step, "seconds": seconds, "fid": THRESHOLD}


def by_seed(results: dict) -> dict[int, dict[str, dict]]:
    seeds: dict[int, dict[str, dict]] = {}
    for training in results["trainings"]:
        seeds.setdefault(training["seed"], {})[training["program"]] = training
    return seeds


def times(results: dict) -> str:
    head = ["seed", *PROGRAMS, *(f"ratio to {peer}" for peer in PEERS)]
    rows, all_minutes, all_ratios = [], {n: [] for n in PROGRAMS}, {n: [] for n in PEERS}
    for seed, trainings in by_seed(results).items():
        points = {name: reached(trainings.get(name)) for name in PROGRAMS}
        row = [str(seed)]
        for name in PROGRAMS:
            if name not in trainings:
                row.append(NONE)
            elif point := points[name]:
                all_minutes[name].append(point["seconds"] / 60)
                row.append(f"{point['seconds'] / 60:.2f} ({point['step']:.0f})")
            else:
                all_minutes[name].append(None)
                row.append(MISSED)
        for peer in PEERS:
            if points[OURS] and points[peer]:
                all_ratios[peer].append(points[OURS]["seconds"] / points[peer]["seconds"])
                row.append(f"{all_ratios[peer][-1]:.2f}")
            else:
                row.append(NONE)
        rows.append(row)
    summary = [span(all_minutes[name]) for name in PROGRAMS]
    summary += [f"**{span(all_ratios[peer])}**" if all_ratios[peer] else NONE for peer in PEERS]
    return lines([head, ["---"] * len(head), *rows, ["all", *summary]])


def span(values: list[float | None], digits: int = 2) -> str:
    """The median, the least and the largest; in how many seeds, where some have no value."""
    found = [value for value in values if value is not None]
    if not found:
        return MISSED if values else NONE
    numbers = [statistics.median(found), min(found), max(found)]
    median, least, largest = (f"{number:.{digits}f}" for number in numbers)
    partly = "" if len(found) == len(values) else f", {len(found)} of {len(values)} seeds"
    return f"{median} [{least}, {largest}]{partly}"


def ends(results: dict) -> str:
    head = ["program", "steps", "minutes", "of it compiling, s", "final FID", "lowest FID"]
    rows = []
    for name in PROGRAMS:
        trainings = [t for t in results["trainings"] if t["program"] == name]
        if not trainings:
            continue
        last = [training["points"][-1] for training in trainings]
        compiled = [training["compiled_s"] for training in trainings]
        rows.append(
            [
                name,
                str(last[0]["step"]),
                span([point["seconds"] / 60 for point in last]),
                span(compiled, 1) if any(compiled) else NONE,
                span([point["fid"] for point in last]),
                span([min(point["fid"] for point in t["points"]) for t in trainings]),
            ]
        )
    return lines([head, ["---"] * len(head), *rows])


def disturbances(results: dict) -> str:
    """A sentence for every training that did not have the machine for itself."""
    return "\n".join(
        f"- {t['program']}, seed {t['seed']}: other processes used {t['others']:.0%} of a "
        "processor; measure again on a quiet machine."
        for t in results["trainings"]
        if t["others"] > QUIET
    )


def curves(results: dict) -> str:
    """FID at equal steps, program by program."""
    trainings = results["trainings"]
    head = ["step", *(f"{t['program']}, seed {t['seed']}" for t in trainings)]
    rows = [
        [str(points[0]["step"]), *(f"{p['fid']:.2f} ({p['seconds']:.1f} s)" for p in points)]
        for points in zip(*(t["points"] for t in trainings))
    ]
    return lines([head, ["---"] * len(head), *rows])
