#!/usr/bin/env python3
"""Measures how soon wgan, PyTorch and JAX train a preset to a FID.

`scripts/bench --quality` starts it with what it needs.
"""

import argparse
import dataclasses
import datetime
import json
import shlex
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import yaml

import kept
import machine
import quality_equality
import quality_figure
import quality_report
from contenders import CHANNELS_LAST, JAX, OURS, TORCH, run
from failure import end_in_words
from quality_trainings import Plan, Training, step_ms, trained

FOLDER = Path(__file__).parent
BUILD = FOLDER.parent / ".build"
FIGURE = FOLDER.parent / "Documentation" / "images" / "quality.svg"
STEPS, POINTS, QUICK_STEPS, QUICK_POINTS = 6000, 30, 200, 2


@dataclass(frozen=True)
class Preset:
    """What is trained, and all that a short training says of it."""

    argument: str
    text: str
    steps: int
    schedule: list[str]
    """Arguments that keep the course of the learning rates in a training of other steps."""
    configuration: Path
    weights: Path
    data: Path

    @property
    def settings(self) -> dict:
        """With all defaults."""
        return yaml.safe_load(self.configuration.read_text())


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench --quality", description=__doc__)
    parser.add_argument("--preset", default="digits", help="its name, or a file")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3], metavar="SEED")
    parser.add_argument(
        "--steps",
        type=int,
        default=STEPS,
        help="of each training, with the whole course of its learning rates (default %(default)s)",
    )
    parser.add_argument("--data", metavar="FOLDER", help="MNIST's files, unless wgan finds them")
    parser.add_argument(
        "--quick", action="store_true", help=f"one seed, {QUICK_STEPS} steps; no file is written"
    )
    parser.add_argument("--wgan", type=Path, required=True, help=argparse.SUPPRESS)
    return parser.parse_args()


def read(wgan: Path, argument: str, steps: int, data: str | None, folder: Path) -> Preset:
    """Trains for one step, which leaves a configuration with all defaults."""
    is_file = Path(argument).is_file()
    text = Path(argument).read_text() if is_file else run([str(wgan), "presets", argument])
    written = yaml.safe_load(text)
    schedule = schedule_arguments(written.get("learningRate"), steps)
    where = ["--data", data] if data else []
    run(
        [str(wgan), "train", argument, "--steps", "1", "--quiet", "--out", str(folder)]
        + [*schedule, *where]
    )
    found = json.loads((folder / "run.json").read_text())["data"]["folder"]
    return Preset(
        argument,
        text,
        steps,
        schedule,
        folder / "config.yaml",
        folder / "weights.safetensors",
        Path(found),
    )


def schedule_arguments(learning_rate: str | dict | None, steps: int) -> list[str]:
    """The steps of learning rates that change over the whole training, as arguments."""
    if learning_rate is None or learning_rate == "constant":
        return []
    ((kind, settings),) = (
        learning_rate.items() if isinstance(learning_rate, dict) else [(learning_rate, {})]
    )
    if settings and "steps" in settings:
        return []
    changed = {**(settings or {}), "steps": steps}
    return quality_equality.settings({"learningRate": json.dumps({kind: changed})})


def planned(preset: Preset, quick: bool) -> Plan:
    steps = min(preset.steps, QUICK_STEPS) if quick else preset.steps
    every = max(1, steps // (QUICK_POINTS if quick else POINTS))
    return Plan(
        preset.argument, preset.schedule, preset.configuration, preset.data, steps, every
    )


def programs(plan: Plan) -> dict[str, list[str]]:
    """Commands by name: ours, which has another form, and the peers; PyTorch with the faster
    memory layout."""
    peers = quality_equality.PEERS
    times = {name: step_ms(peers[name], plan) for name in (TORCH, CHANNELS_LAST)}
    for name, milliseconds in times.items():
        print(f"{name}: {milliseconds:.1f} ms a step in a trial", flush=True)
    return {OURS: [], TORCH: peers[min(times, key=times.get)], JAX: peers[JAX]}


def told(training: Training) -> str:
    last = training.points[-1]
    best = min(training.points, key=lambda point: point.fid)
    return (
        f"seed {training.seed}  {training.program:<12} step {last.step} after "
        f"{last.seconds:7.1f} s  FID {last.fid:7.2f}, best {best.fid:7.2f}  "
        f"others {training.others:.0%}"
    )


def main() -> None:
    arguments = parse()
    seeds = arguments.seeds[:1] if arguments.quick else arguments.seeds
    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="bench-quality-") as name:
        folder = Path(name)
        preset = read(
            arguments.wgan,
            arguments.preset,
            arguments.steps,
            arguments.data,
            folder / "described",
        )
        plan = planned(preset, arguments.quick)
        print("equality", flush=True)
        differences = quality_equality.check(
            arguments.wgan, preset.argument, preset.settings, preset.weights
        )
        for program, value in differences.items():
            print(f"    {program:<22} {value:.1e}", flush=True)
        commands = programs(plan)
        results = {
            "machine": machine.description(arguments.wgan),
            "preset": {"name": preset.settings["name"], "text": preset.text},
            "steps": plan.steps,
            "every": plan.every,
            "command": shlex.join(["scripts/bench", "--quality", *shown(sys.argv[1:])]),
            "differences": differences,
            "channels_last": "--channels-last" in commands[TORCH],
            "trainings": [],
        }
        if not arguments.quick:
            results = quality_report.merged(FOLDER / "quality.json", results)
        for seed in seeds:
            turn = seed % len(commands)
            names = list(commands)
            for program in names[turn:] + names[:turn]:
                with tempfile.TemporaryDirectory(dir=folder) as place:
                    training = trained(
                        program,
                        commands[program],
                        plan,
                        arguments.wgan,
                        seed,
                        Path(place),
                        datetime.date.today().isoformat(),
                    )
                print(told(training), flush=True)
                quality_report.add(results, dataclasses.asdict(training))
                if not arguments.quick:
                    write(results)
    if arguments.quick:
        print(quality_report.curves(results))


def shown(words: list[str]) -> list[str]:
    """The arguments without the place of the program, which the script adds."""
    place = words.index("--wgan")
    return words[:place] + words[place + 2 :]


def write(results: dict) -> None:
    """After every training: hours of work are not lost with the last one."""
    kept.write(FOLDER / "quality.json", results)
    (FOLDER / "QUALITY.md").write_text(quality_report.markdown(results))
    FIGURE.write_text(quality_figure.svg(results))


if __name__ == "__main__":
    end_in_words(main)
