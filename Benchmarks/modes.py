#!/usr/bin/env python3
"""Counts the modes of mixtures that each constraint finds, by PacGAN's protocol.

`scripts/bench --modes` starts it with what it needs.
"""

import argparse
import dataclasses
import itertools
import json
import os
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import kept
import machine
from contenders import run
from failure import end_in_words

FOLDER = Path(__file__).parent
CONFIGURATION = FOLDER / "modes.yaml"
SAMPLES = 2500


@dataclass(frozen=True)
class Recipe:
    """What changes in the configuration, besides the data."""

    name: str
    objective: str
    constraint: str
    learning_rate: str = "3e-3"

    @property
    def settings(self) -> list[str]:
        rate = f"optimiser.adam.learningRate={self.learning_rate}"
        return [
            f"objective={self.objective}",
            f"constraint={self.constraint}",
            f"generator.{rate}",
            f"critic.{rate}",
        ]


DATA = {
    "ring of 8": "data={mixtureRing: {modes: 8, radius: 1, deviation: 0.01}}",
    "grid of 25": "data=gaussianGrid25",
}
RECIPES = [
    Recipe("clipping", "wasserstein", "{clipping: {bound: 0.01}}", "3e-4"),
    Recipe("spectral", "wasserstein", "spectralReparametrisation"),
    Recipe("gradient penalty", "wasserstein", "{gradientPenalty: {coefficient: 0.1}}"),
    Recipe(
        "one-sided penalty",
        "wasserstein",
        "{gradientPenalty: {coefficient: 0.1, sides: above}}",
    ),
    Recipe(
        "relativistic, R1 + R2",
        "relativistic",
        "{combined: [{r1: {gamma: 0.1}}, {r2: {gamma: 0.1}}]}",
    ),
    Recipe("classical, R1", "classical", "{r1: {gamma: 0.1}}"),
]
SCORES = {"modes-recovered": "Modes", "high-quality-share": "Within 3σ", "reverse-kl": "Reverse KL"}


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench --modes", description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=list(range(10)), metavar="SEED")
    parser.add_argument("--wgan", type=Path, required=True, help=argparse.SUPPRESS)
    return parser.parse_args()


def trained(wgan: Path, seed: int, data: str, recipe: Recipe) -> dict:
    """One training and its scores."""
    settings = [word for text in [DATA[data], *recipe.settings] for word in ("--set", text)]
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="bench-modes-") as folder:
        place = f"{folder}/run"
        run(
            [str(wgan), "train", str(CONFIGURATION), *settings]
            + ["--seed", str(seed), "--threads", "1", "--quiet", "--out", place]
        )
        seconds = time.monotonic() - start
        judged = [str(wgan), "evaluate", place, "--mode-samples", str(SAMPLES)]
        text = run([*judged, "--samples", "500", "--seeds", "1", "--threads", "1", "--json"])
    return {
        "data": data,
        "recipe": recipe.name,
        "seed": seed,
        "seconds": round(seconds, 1),
        **scores(json.loads(text)),
    }


def scores(evaluation: dict) -> dict[str, float]:
    found = {score["metric"]: score["mean"] for score in evaluation["scores"]}
    return {
        name: next(value for metric, value in found.items() if metric.startswith(name))
        for name in SCORES
    }


def markdown(results: dict) -> str:
    lines = [
        "# Modes found",
        "",
        f"Made by `make bench-modes`: means over seeds with 95 % intervals, {SAMPLES} samples a",
        "training, and seconds of training on one thread. See [README.md](README.md#modes).",
        "",
        f"Machine: {results['machine']}.",
    ]
    for data in DATA:
        lines += [
            "",
            f"## {data.capitalize()}",
            "",
            f"| | {' | '.join(SCORES.values())} | Seconds | Seeds |",
            "| --- " * (len(SCORES) + 3) + "|",
        ]
        for recipe in RECIPES:
            rows = [
                training
                for training in results["trainings"]
                if (training["data"], training["recipe"]) == (data, recipe.name)
            ]
            if not rows:
                continue
            columns = [kept.mean([row[name] for row in rows]) for name in SCORES]
            seconds = f"{statistics.mean(row['seconds'] for row in rows):.0f}"
            lines.append(
                f"| {recipe.name} | {' | '.join(columns)} | {seconds} | {len(rows)} |"
            )
    return "\n".join(lines) + "\n"


def place(training: dict) -> tuple:
    names = [recipe.name for recipe in RECIPES]
    return (
        list(DATA).index(training["data"]),
        names.index(training["recipe"]),
        training["seed"],
    )


def main() -> None:
    arguments = parse()
    file = FOLDER / "modes.json"
    results = {
        "machine": machine.processor(),
        "configuration": CONFIGURATION.read_text(),
        "recipes": [dataclasses.asdict(recipe) for recipe in RECIPES],
        "trainings": [],
    }
    results = kept.merged(file, results, ("machine", "configuration", "recipes"))
    kinds = itertools.product(arguments.seeds, DATA, RECIPES)
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        futures = [pool.submit(trained, arguments.wgan, *kind) for kind in kinds]
        try:
            for future in as_completed(futures):
                print(json.dumps(future.result()), flush=True)
                kept.add(results, future.result(), place)
                # After every training: an hour of work is not lost with the last one.
                kept.write(file, results)
                (FOLDER / "MODES.md").write_text(markdown(results))
        finally:
            pool.shutdown(cancel_futures=True)


if __name__ == "__main__":
    end_in_words(main)
