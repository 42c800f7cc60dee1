#!/usr/bin/env python3
"""Trains presets, and writes what came of it to Documentation/results.md.

`scripts/bench --presets` starts it with what it needs.
"""

import argparse
import datetime
import functools
import json
import os
import shlex
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import kept
import machine
from contenders import environment, run
from failure import Failure, end_in_words

FOLDER = Path(__file__).parent
FILE = FOLDER / "presets.json"
RESULTS = FOLDER.parent / "Documentation" / "results.md"
# Runs stay here: samples can be drawn of them, and what was interrupted goes on.
RUNS = FOLDER.parent / ".build" / "presets"


@dataclass(frozen=True)
class Training:
    """What is trained, and with which data."""

    preset: str
    settings: tuple[str, ...] = ()
    steps: int | None = None
    """If other than the preset's."""
    data: str | None = None
    """Which of the folders that `--data` names; none is needed for points."""

    @property
    def arguments(self) -> list[str]:
        steps = ["--steps", str(self.steps)] if self.steps else []
        return [self.preset, *steps, *(w for it in self.settings for w in ("--set", it))]

    @property
    def name(self) -> str:
        return shlex.join([*self.arguments, *([self.data] if self.data else [])])

    def command(self) -> str:
        """As a user would write it."""
        folder = f" --data {self.data}" if self.data not in (None, "mnist", "fashion-mnist") else ""
        return f"wgan train {shlex.join(self.arguments)}{folder}"


@dataclass(frozen=True)
class Section:
    """Trainings that are judged alike."""

    title: str
    introduction: str
    scores: dict[str, str]
    """The beginning of a score's name and its split, and its column's head."""
    trainings: tuple[Training, ...]


INTRODUCTION = """\
# What each preset gives

Made by `make bench-presets`: presets trained on one thread, with seeds that were not searched
over. Minutes are of processor time on that thread, with other trainings on the other processors.
Means have 95 % intervals over the seeds. How the newer recipes were found stands in
[recipes.md](recipes.md)."""

WASSERSTEIN = ("objective=wasserstein", "constraint={gradientPenalty: {coefficient: 10}}")
CLOTHES = ("data={fashionMnist: {split: train}}",)
CLASSIFIED = {
    "fid test": "FID",
    "precision test": "Precision",
    "recall test": "Recall",
    "coverage test": "Coverage",
}
SECTIONS = (
    Section(
        "Digits and clothes",
        """\
10 000 samples beside the test split, as this package's classifier of the data set sees them. As
many real digits of the training split have a FID of 0.4. The second training of `mnist-dcgan`
has clothes in place of digits and about the time of `fashion`.""",
        CLASSIFIED,
        (
            Training("digits", data="mnist"),
            Training("digits", WASSERSTEIN, 6000, "mnist"),
            Training("mnist-dcgan", data="mnist"),
            Training("mnist-gp", data="mnist"),
            Training("mnist-conditional", data="mnist"),
            Training("mnist-keras", data="mnist"),
            Training("fashion", data="fashion-mnist"),
            Training("mnist-dcgan", CLOTHES, 2400, "fashion-mnist"),
        ),
    ),
    Section(
        "Stacked digits",
        """\
Classes found among 26 000 samples, and the divergence of their shares from equal ones, as this
package's classifier counts them. Published: DCGAN 99 and 3.40, PacDCGAN2 1000 and 0.06 (Lin et al.
2018, arXiv:1712.04086).""",
        {
            "classes-found": "Classes of 1000",
            "kl-uniform": "KL",
            "fid-random train": "FID, `random`",
        },
        (Training("stacked-digits", data="mnist"),),
    ),
    Section(
        "Photographs",
        """\
As the extractor `random` sees as many samples as there are photographs, beside all of these: 2000
of flowers, in five classes. `images-gp` has about the time of `photos64`.""",
        {
            "fid-random train": "FID",
            "kid-random train": "KID",
            "precision train": "Precision",
            "recall train": "Recall",
            "coverage train": "Coverage",
        },
        (
            Training("photos64", data="flowers"),
            Training("images-gp", steps=1400, data="flowers"),
        ),
    ),
    Section(
        "Points",
        """\
1000 samples beside as many fresh points: the exact distance W₁, and that of two real samples;
10 000 for the modes and the share within three standard deviations of one.""",
        {
            "w1": "W₁",
            "w1 of two real samples": "of two real samples",
            "modes-recovered": "Modes",
            "high-quality-share": "Within 3σ",
        },
        tuple(
            Training(name)
            for name in ("mixture", "gaussians5", "gaussians8", "gaussians25", "swiss-roll")
        ),
    ),
)


def parse() -> tuple[argparse.Namespace, dict[str, str]]:
    """The arguments, and the folders of data by name."""
    parser = argparse.ArgumentParser(prog="scripts/bench --presets", description=__doc__)
    parser.add_argument(
        "--only", nargs="+", metavar="PRESET", help="these presets; by default all"
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3], metavar="SEED")
    parser.add_argument(
        "--data",
        nargs="+",
        default=[],
        metavar="NAME=FOLDER",
        help="where the data of that name is; trainings whose data is not named are left out",
    )
    parser.add_argument("--wgan", type=Path, required=True, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    trainings = [it for section in SECTIONS for it in section.trainings]
    for name in arguments.only or []:
        if name not in {it.preset for it in trainings}:
            parser.error(f"there is no training of a preset '{name}'")
    folders = dict(it.partition("=")[::2] for it in arguments.data)
    for name, folder in folders.items():
        if name not in {it.data for it in trainings} or not Path(folder).is_dir():
            parser.error(f"--data takes NAME=FOLDER, and '{name}={folder}' names none")
    return arguments, folders


class Processes:
    """Trainings that run side by side and are ended together."""

    def __init__(self) -> None:
        self.running: set[subprocess.Popen] = set()
        self.are_ended = False
        self.lock = threading.Lock()

    def run(self, command: list[str], started: Callable[[], None]) -> float:
        """Seconds of processor time until the process ended, whatever it said of it."""
        with self.lock:
            if self.are_ended:
                raise Failure("interrupted")
            process = subprocess.Popen(
                command, env=environment(), stdout=subprocess.DEVNULL, start_new_session=True
            )
            self.running.add(process)
        started()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        with self.lock:
            self.running.discard(process)
        return usage.ru_utime + usage.ru_stime

    def end(self) -> None:
        """A training that is asked to end saves its state first."""
        with self.lock:
            self.are_ended = True
            for process in self.running:
                process.terminate()


def run_of(
    processes: Processes, wgan: Path, training: Training, seed: int, data: list[str]
) -> tuple[Path, float]:
    """A finished run on one thread, and its minutes of processor time.

    One that was asked to end goes on. One that was killed begins anew, since nobody knows how long
    it took, and so does one of another recipe.
    """
    place = RUNS / "".join(c if c.isalnum() else "-" for c in f"{training.name} {seed}")
    file = place.with_suffix(".json")
    state = json.loads(file.read_text()) if file.exists() else {}
    text = recipe(wgan, training)
    begun = state.get("recipe") == text and state.get("seconds") and (place / "run.json").exists()
    if not begun:
        shutil.rmtree(place, ignore_errors=True)
        state = {"recipe": text, "seconds": 0}
        words = ["train", *training.arguments, "--seed", str(seed), "--out", str(place)]
    else:
        words = ["resume", str(place)]
    if not (place / "summary.json").exists():
        state["seconds"] += processes.run(
            [str(wgan), *words, *data, "--threads", "1", "--quiet"],
            lambda: file.write_text(json.dumps(state | {"seconds": 0})),
        )
        file.write_text(json.dumps(state))
    if not (place / "summary.json").exists():
        raise Failure(f"the training in {place} did not come to its end")
    return place, state["seconds"] / 60


def trained(
    processes: Processes, wgan: Path, training: Training, seed: int, folder: str | None
) -> dict:
    """A training and its scores."""
    data = ["--data", folder] if folder else []
    place, minutes = run_of(processes, wgan, training, seed, data)
    judging = ["evaluate", str(place), *data, "--seeds", "1", "--threads", "1", "--json"]
    evaluation = json.loads(run([str(wgan), *judging]))
    return {
        "training": training.name,
        "seed": seed,
        "recipe": recipe(wgan, training),
        "steps": evaluation["step"],
        "minutes": round(minutes, 2),
        "machine": machine.processor(),
        "measured": datetime.date.today().isoformat(),
        "scores": {
            " ".join(filter(None, (it["metric"], it.get("split")))): it["mean"]
            for it in evaluation["scores"]
        },
    }


@functools.cache
def recipe(wgan: Path, training: Training) -> str:
    """What a preset says, without its comments: trainings of another are not shown."""
    lines = run([str(wgan), "presets", training.preset]).splitlines()
    return "\n".join(line for line in lines if not line.startswith(("#", "summary:")))


def table(section: Section, results: dict) -> list[str]:
    """Means over the seeds, and a line for each seed."""
    machines = processors(results)
    heads = ["Command", "Seed", "Steps", "Minutes", *section.scores.values()]
    if len(machines) > 1:
        heads.insert(3, "Processor")
    lines = []
    for training in section.trainings:
        found = [it for it in results["trainings"] if it["training"] == training.name]
        if not found:
            continue
        columns = [[it["minutes"] for it in found]]
        columns += [[score(it, name) for it in found] for name in section.scores]
        for number, it in enumerate(found):
            values = [text(column[number : number + 1], column) for column in columns]
            if len(machines) > 1:
                values.insert(0, str(machines.index(it["machine"]) + 1))
            command = f"`{training.command()}`" if number == 0 else ""
            lines.append(f"| {command} | {it['seed']} | {it['steps']} | {' | '.join(values)} |")
        if len(found) > 1:
            means = [text(column, column) for column in columns]
            if len({it["machine"] for it in found}) > 1:
                means[0] = "–"
            if len(machines) > 1:
                means.insert(0, "")
            lines.append(f"| | mean | | {' | '.join(means)} |")
    return [f"| {' | '.join(heads)} |", "| --- " * len(heads) + "|", *lines] if lines else []


def score(training: dict, name: str) -> float | None:
    """Of the name itself, or of one that says more after it."""
    names = (key for key in training["scores"] if key == name or key.startswith(f"{name} of"))
    return training["scores"].get(next(names, ""))


def text(values: list[float | None], column: list[float | None]) -> str:
    """Their mean, with as many digits as the column's largest number needs."""
    if None in column:
        return "–"
    largest = max(map(abs, column))
    return kept.mean(values, sum(largest < bound for bound in (100, 10, 2, 0.1)))


def processors(results: dict) -> list[str]:
    """On which trainings ran, in the order of their numbers."""
    return sorted({it["machine"] for it in results["trainings"]})


def markdown(results: dict) -> str:
    lines = [INTRODUCTION, ""]
    machines = processors(results)
    if len(machines) == 1:
        lines.append(f"Processor: {machines[0]}.")
    elif machines:
        lines.append("Processors:\n")
        lines += [f"{number}. {name}" for number, name in enumerate(machines, 1)]
    for section in SECTIONS:
        if rows := table(section, results):
            lines += ["", f"## {section.title}", "", section.introduction, "", *rows]
    return "\n".join(lines) + "\n"


def place_of(training: dict) -> tuple:
    names = [it.name for section in SECTIONS for it in section.trainings]
    return names.index(training["training"]), training["seed"]


def current(wgan: Path, results: dict) -> dict:
    """Without trainings of what is no longer a preset's recipe."""
    all_trainings = {it.name: it for section in SECTIONS for it in section.trainings}
    return results | {
        "trainings": [
            it
            for it in results["trainings"]
            if it["training"] in all_trainings
            and it["recipe"] == recipe(wgan, all_trainings[it["training"]])
        ]
    }


def main() -> None:
    arguments, folders = parse()
    results = current(arguments.wgan, kept.merged(FILE, {"trainings": []}, ()))
    done = {(it["training"], it["seed"]) for it in results["trainings"]}
    kinds = [
        (training, seed, folders.get(training.data))
        for seed in arguments.seeds
        for section in SECTIONS
        for training in section.trainings
        if not arguments.only or training.preset in arguments.only
        if not training.data or training.data in folders
        if (training.name, seed) not in done
    ]
    RUNS.mkdir(parents=True, exist_ok=True)
    processes, failures = Processes(), []
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        futures = [pool.submit(trained, processes, arguments.wgan, *kind) for kind in kinds]
        try:
            for future in as_completed(futures):
                try:
                    training = future.result()
                except Failure as failure:
                    failures.append(str(failure))
                    print(f"bench: {failure}", flush=True)
                    continue
                print(json.dumps(training | {"recipe": None}), flush=True)
                kept.add(results, training, place_of)
                # After every training: hours of work are not lost with the last one.
                kept.write(FILE, results)
                RESULTS.write_text(markdown(results))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            processes.end()
    if failures:
        raise Failure(f"{len(failures)} of {len(kinds)} trainings failed")


if __name__ == "__main__":
    end_in_words(main)
