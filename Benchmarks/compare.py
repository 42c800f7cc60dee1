#!/usr/bin/env python3
"""Measures `wgan bench` beside PyTorch and JAX; scripts/bench starts it with what it needs."""

import argparse
import dataclasses
import datetime
from pathlib import Path

import equality
import kept
import machine
import report
import scaling
import scaling_figure
from contenders import contenders
from failure import end_in_words
from peers.workloads import WORKLOADS
from rounds import FULL, QUICK, Pace, Times, measure

FOLDER = Path(__file__).parent
FIGURE = FOLDER.parent / "Documentation" / "images" / "scaling.svg"


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument(
        "workloads",
        nargs="*",
        metavar="WORKLOAD",
        help="W1 to W6, transport, critics, judging; all without one",
    )
    parser.add_argument("--quick", action="store_true", help="a short look; no file is written")
    parser.add_argument("--scaling", action="store_true", help="time against batch and width")
    parser.add_argument("--peers-only", action="store_true", help="without swift-wgan")
    parser.add_argument("--wgan", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    for name in arguments.workloads:
        if name not in (known := [*WORKLOADS, *report.STUDIES]):
            parser.error(f"unknown workload '{name}': choose from {', '.join(known)}")
    if arguments.scaling and arguments.peers_only:
        parser.error("--scaling compares swift-wgan with the peers; leave out --peers-only")
    if not arguments.peers_only and not arguments.wgan:
        parser.error("no wgan to measure; start scripts/bench, which builds it")
    return arguments


def compared(name: str, wgan: Path | None, pace: Pace) -> dict:
    """One workload's numbers, as `report` describes them."""
    peak = machine.peak_gflops()
    products = ", ".join(f"{framework} {value:.0f}" for framework, value in peak.items())
    print(f"{name}: matrix product at GFLOP/s: {products}", flush=True)
    print(f"{name}: equality", flush=True)
    differences = equality.check(name, wgan)
    print(f"{name}: {pace.rounds} rounds", flush=True)
    times = measure(contenders(name, wgan), pace)
    for program, result in times.items():
        print(line(program, result), flush=True)
    return {
        "programs": {program: numbers(result) for program, result in times.items()},
        "differences": {
            program: {d.kind: d.value for d in found} for program, found in differences.items()
        },
        "gflop": WORKLOADS[name].gflop,
        "peak_gflops": peak,
        "measured": datetime.date.today().isoformat(),
    }


def numbers(times: Times) -> dict:
    return dataclasses.asdict(times) | {"median_ms": times.median_ms}


def line(program: str, times: Times) -> str:
    return (
        f"    {program:<22} median {times.median_ms:9.3f} ms  fastest {times.min_ms:9.3f} ms  "
        f"memory {times.peak_mb:5.0f} MB  start {times.first_iteration_s:5.2f} s  "
        f"others {max(times.others):.0%}"
    )


def main() -> None:
    arguments = parse()
    wgan = None if arguments.peers_only else arguments.wgan
    if arguments.scaling:
        study = scaling.study(wgan)
        kept.write(FOLDER / "scaling.json", study)
        FIGURE.write_text(scaling_figure.svg(study))
        return
    pace = QUICK if arguments.quick else FULL
    names = arguments.workloads or [*WORKLOADS, *report.STUDIES]
    workloads = {name: compared(name, wgan, pace) for name in names if name in WORKLOADS}
    description = machine.description(wgan)
    results = {"machine": description, "workloads": workloads, "studies": {}}
    for name, (study, *_) in report.STUDIES.items():
        if wgan and name in names:
            print(name, flush=True)
            results["studies"][name] = {
                "machine": description,
                "measured": datetime.date.today().isoformat(),
                "results": study.study(wgan),
            }
    path = FOLDER / "results.json"
    if arguments.quick or not wgan:
        results |= results.pop("studies")
    else:
        results = report.merged(path, results)
        kept.write(path, results)
        (FOLDER / "RESULTS.md").write_text(report.markdown(results))
    print(report.markdown(results))


if __name__ == "__main__":
    end_in_words(main)
