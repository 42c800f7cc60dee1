"""What both peers of `quality.py` share: their arguments, the clock, and what is written down.

CONFIGURATION --data FOLDER --seed S --steps N --every K --samples M --out FOLDER
    trains, and writes step-N.npy with M images of the averaged generator at every K-th and the last
    step, and training.json with the seconds to each of them from the start of the process. The
    clock stands while images are made and written.
CONFIGURATION --data FOLDER --seed S --steps N --trial
    prints the milliseconds of a step, the median of so many.
CONFIGURATION --steps N --check FOLDER
    so many steps from the weights and on the one batch of real images in FOLDER/inputs.safetensors;
    results to outputs.safetensors.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import numpy
import preset
from preset import Preset, Tensors
from protocol import positive, seconds_since_start

WARM_UP_STEPS = 10


class Training(Protocol):
    """A training in one framework."""

    compiled_s: float
    """Seconds that compiling took so far."""

    def step(self) -> None:
        """The critic's updates and the generator's; they may still be under way on return."""

    def finish(self) -> None:
        """Waits for all that is under way."""

    def samples(self, count: int) -> numpy.ndarray:
        """Images of the averaged generator: number, height, width, channels."""

    def tensors(self) -> Tensors:
        """All parameters, averages and running statistics by the names of our runs."""


Make = Callable[[argparse.Namespace, Preset, Tensors, numpy.ndarray], Training]


def parser(description: str) -> argparse.ArgumentParser:
    result = argparse.ArgumentParser(description=description)
    result.add_argument("configuration", type=Path, help="the config.yaml of a run")
    result.add_argument("--data", type=Path, metavar="FOLDER", help="MNIST's files")
    result.add_argument("--seed", type=int, default=0)
    result.add_argument("--steps", type=positive, required=True)
    result.add_argument("--every", type=positive, help="steps from one set of images to the next")
    result.add_argument("--samples", type=positive, help="images in a set")
    mode = result.add_mutually_exclusive_group(required=True)
    mode.add_argument("--out", type=Path, metavar="FOLDER", help="train; write images here")
    mode.add_argument("--trial", action="store_true", help="print the time of a step")
    mode.add_argument("--check", type=Path, metavar="FOLDER", help="train from a file")
    return result


def answer(arguments: argparse.Namespace, make: Make) -> None:
    """Does what the arguments ask for.

    `make` is given the preset, initial values of both networks and of the running statistics, and
    all real images in −1…1.
    """
    try:
        described = preset.read(arguments.configuration)
        if arguments.check:
            check(arguments, described, make)
            return
        pixels = preset.images(described.data, arguments.data)
    except preset.Unsupported as error:
        raise SystemExit(str(error)) from None
    images = pixels.astype(numpy.float32) / 127.5 - 1
    random = numpy.random.default_rng(arguments.seed)
    training = make(arguments, described, initial(described, random), images)
    if arguments.trial:
        print(trial(training, arguments.steps))
    else:
        train(training, arguments)


def initial(described: Preset, random: numpy.random.Generator) -> Tensors:
    """Of both networks, and the running statistics."""
    result = {}
    for name, network in (("generator", described.generator), ("critic", described.critic)):
        result |= {f"{name}.{key}": value for key, value in network.initial(random).items()}
    for layer in preset.flat(described.generator.layers):
        if layer.kind == "batchNorm2d":
            result[f"generator.{layer.name}.running_mean"] = numpy.zeros(
                layer.shapes["bias"], numpy.float32
            )
            result[f"generator.{layer.name}.running_var"] = numpy.ones(
                layer.shapes["bias"], numpy.float32
            )
    return result


def train(training: Training, arguments: argparse.Namespace) -> None:
    points, standing = [], 0.0
    for step in range(1, arguments.steps + 1):
        training.step()
        if step % arguments.every == 0 or step == arguments.steps:
            training.finish()
            now = seconds_since_start()
            points.append({"step": step, "seconds": now - standing})
            numpy.save(arguments.out / f"step-{step}.npy", training.samples(arguments.samples))
            standing += seconds_since_start() - now
    result = {"points": points, "compiled_s": training.compiled_s}
    (arguments.out / "training.json").write_text(json.dumps(result))


def trial(training: Training, steps: int) -> float:
    """The median of the milliseconds of a step."""
    times = []
    for _ in range(WARM_UP_STEPS + steps):
        start = time.perf_counter()
        training.step()
        training.finish()
        times.append(1e3 * (time.perf_counter() - start))
    return statistics.median(times[WARM_UP_STEPS:])


def check(arguments: argparse.Namespace, described: Preset, make: Make) -> None:
    from safetensors.numpy import load_file, save_file

    inputs = load_file(arguments.check / "inputs.safetensors")
    real = inputs.pop("real")
    training = make(arguments, described, inputs, real)
    images = training.samples(1)
    for _ in range(arguments.steps):
        training.step()
    training.finish()
    results = training.tensors() | {"images": images}
    save_file(
        {name: numpy.array(value, order="C") for name, value in results.items()},
        arguments.check / "outputs.safetensors",
    )
