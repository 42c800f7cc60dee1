"""Whether the peers' whole training is ours, from the same weights.

Our random numbers cannot be given to the peers, so the check takes them away. The first layer of
the generator has zeros in place of weights, so that all latents make one image, and the data is
as many images as a batch has, so that every batch is all of them. What is left depends on no
draw, except for what the generator's update adds to these zeros.

- **One step** of both networks, of which the parameters, the averages, the running statistics and
  an image of the averaged generator are compared.
- **Several steps** of the critic alone, with a generator that stays, so that schedules, the
  interval of the penalty and the optimiser's memory are seen.

Each program in float32 is compared with PyTorch in float64. What a training adds to a parameter
is compared by the Euclidean norm of the difference over that of the addition, tensor by tensor.
Adam has ε = 1 here: with a small one its first steps are the signs of gradients, whose sizes
would not be seen. Rounding explains a thousandth; a unit whose input is near zero falls on the
other side of leaky ReLU's corner now and then, which is a little more. Tensors without a
gradient, as biases before batch normalisation, are not compared.
"""

import math
import struct
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy
from numpy.linalg import norm
from safetensors.numpy import load_file, save_file

from contenders import CHANNELS_LAST, JAX, OURS, TORCH, peer, run
from equality import Tensors, taken
from failure import Failure

LIMIT = 1e-2
STILL = 1e-5  # Of a tensor's norm: a smaller addition is rounding.
RATE, FROZEN_RATE = 0.1, 1e-30
IMAGE_SIDE = 28
PEERS = {
    TORCH: peer("torch_quality.py"),
    CHANNELS_LAST: [*peer("torch_quality.py"), "--channels-last"],
    JAX: peer("jax_quality.py"),
}


@dataclass(frozen=True)
class Setting:
    """One of the two trainings that are compared."""

    name: str
    steps: int
    generator_rate: float


def check(wgan: Path, preset: str, configuration: dict, weights: Path) -> dict[str, float]:
    """The largest relative difference of every program; fails where one is over the limit.

    `configuration` is what the preset says, defaults included, and `weights` a file with weights of
    both networks, of which the shapes count.
    """
    interval = configuration["penaltyInterval"]
    settings = [Setting("one step", 1, RATE), Setting("critic", 2 + interval, FROZEN_RATE)]
    found: dict[str, float] = {}
    for setting in settings:
        with tempfile.TemporaryDirectory() as name:
            for program, value in differences(
                wgan, preset, configuration, weights, setting, Path(name)
            ).items():
                found[program] = max(found.get(program, 0), value)
    return found


def differences(
    wgan: Path, preset: str, configuration: dict, weights: Path, setting: Setting, folder: Path
) -> dict[str, float]:
    batch = configuration["batchSize"]
    inputs, free = chosen(load_file(weights))
    pixels = numpy.random.default_rng(1).integers(
        0, 256, (batch, IMAGE_SIDE, IMAGE_SIDE, 1), numpy.uint8
    )
    write_idx(folder / "images", pixels)
    save_file(inputs, folder / "weights.safetensors")
    own = ours(wgan, preset, configuration, setting, folder)
    real = pixels.astype(numpy.float32) / 127.5 - 1
    save_file(inputs | {"real": real}, folder / "inputs.safetensors")
    arguments = [str(folder / "run" / "config.yaml"), "--steps", str(setting.steps)]
    arguments += ["--check", str(folder)]
    run([*PEERS[TORCH], *arguments, "--double"])
    reference = taken(folder)
    results = {OURS: own}
    for name, command in PEERS.items():
        run([*command, *arguments])
        results[name] = taken(folder)
    return {
        name: largest(name, setting, inputs, tensors, reference, free)
        for name, tensors in results.items()
    }


def chosen(tensors: Tensors) -> tuple[Tensors, str]:
    """Values as in the middle of a training, and the name of the weight that is zero."""
    random = numpy.random.default_rng(0)
    result = {}
    for name, tensor in sorted(tensors.items()):
        if not name.startswith(("generator.", "critic.")):
            continue
        value = 0.3 * random.standard_normal(tensor.shape)
        if "running_var" in name or tensor.ndim == 1 and name.endswith("weight"):
            value = 1 + abs(value)
        elif tensor.ndim > 1:
            value *= math.sqrt(20 / math.prod(tensor.shape[1:]))
        result[name] = value.astype(numpy.float32)
    weights = (n for n, t in result.items() if n.startswith("generator.") and t.ndim > 1)
    first = min(weights, key=lambda name: int(name.split(".")[1]))
    result[first][:] = 0
    return result, first


def write_idx(path: Path, pixels: numpy.ndarray) -> None:
    path.write_bytes(struct.pack(">4B3i", 0, 0, 8, 3, *pixels.shape[:3]) + pixels.tobytes())


def ours(wgan: Path, preset: str, configuration: dict, setting: Setting, folder: Path) -> Tensors:
    changes = {
        "data": "{idx: {images: " + str(folder / "images") + "}}",
        "steps": setting.steps,
        "generator.optimiser.adam.learningRate": setting.generator_rate,
        "critic.optimiser.adam.learningRate": RATE,
        "generator.optimiser.adam.epsilon": 1,
        "critic.optimiser.adam.epsilon": 1,
    }
    schedule, constraint = configuration["learningRate"], configuration["constraint"]
    if isinstance(schedule, dict):
        (kind,) = schedule
        changes[f"learningRate.{kind}.steps"] = 2 * setting.steps
    if "gradientPenalty" in constraint:  # Interpolates are drawn.
        changes["constraint.gradientPenalty.points"] = "real"
    run_folder = folder / "run"
    run(
        [str(wgan), "import", str(folder / "weights.safetensors"), "--as", preset]
        + ["--out", str(run_folder), *settings(changes)]
    )
    sampled = folder / "images.npy"
    run([str(wgan), "sample", str(run_folder), "--count", "1", "--out", str(sampled)])
    run([str(wgan), "resume", str(run_folder), "--quiet"])
    tensors = load_file(run_folder / "weights.safetensors") | {"images": numpy.load(sampled)}
    return {name: value.astype(numpy.float64) for name, value in tensors.items()}


def settings(changes: dict) -> list[str]:
    """Changes of a configuration as arguments."""
    return [word for key, value in changes.items() for word in ("--set", f"{key}={value}")]


def largest(
    program: str,
    setting: Setting,
    inputs: Tensors,
    results: Tensors,
    reference: Tensors,
    free: str,
) -> float:
    """The largest difference of a program's results; fails where it is over the limit."""
    largest, counted = 0.0, 0
    for name, expected in reference.items():
        if name in (free, f"ema.{free}"):
            continue
        if name not in results or results[name].shape != expected.shape:
            raise Failure(f"{program} has no {name} of the shape {expected.shape}")
        origin, scale = numpy.zeros(()), norm(expected)
        if name != "images" and "running" not in name:
            origin = inputs[name.removeprefix("ema.")].astype(numpy.float64)
            scale = norm(expected - origin)
            if scale < STILL * norm(expected):
                continue
        difference = norm(results[name] - expected) / scale
        counted += 1
        largest = max(largest, float(difference))
        if not difference <= LIMIT:
            raise Failure(
                f"{setting.name}: {program} trains otherwise than {TORCH} in float64: {name} "
                f"differs by {difference:.2g}, more than the {LIMIT:g} that rounding explains"
            )
    if counted == 0:
        raise Failure(f"{setting.name}: nothing was compared")
    return largest
