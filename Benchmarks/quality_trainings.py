"""One training of each program, with the seconds to each of its points and the FID there."""

import contextlib
import json
import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from contenders import OURS, environment, run
from failure import Failure
from rounds import busy_s

SAMPLES = 10_000
TRIAL_STEPS = 30


@dataclass(frozen=True)
class Plan:
    """What every program trains."""

    preset: str
    """What `wgan train` is given: a preset's name or a file."""
    schedule: list[str]
    """Arguments that keep the course of the learning rates, whatever the steps."""
    configuration: Path
    """The same as a run's config.yaml, for the peers."""
    data: Path
    steps: int
    every: int
    """Steps from one point to the next; the last step is a point too."""

    @property
    def points(self) -> list[int]:
        return sorted({*range(self.every, self.steps + 1, self.every), self.steps})


@dataclass(frozen=True)
class Point:
    step: int
    seconds: float
    """From the start of the process."""
    fid: float


@dataclass
class Training:
    program: str
    seed: int
    measured: str
    others: float
    """The share of a processor that all other processes used."""
    compiled_s: float
    points: list[Point] = field(default_factory=list)


def trained(
    program: str, command: list[str], plan: Plan, wgan: Path, seed: int, folder: Path, day: str
) -> Training:
    """A training of ours or, with its command, of a peer."""
    if program == OURS:
        process = own_process(plan, wgan, seed, folder)
    else:
        process = [*command, str(plan.configuration), "--data", str(plan.data)]
        process += ["--seed", str(seed), "--steps", str(plan.steps), "--every", str(plan.every)]
        process += ["--samples", str(SAMPLES), "--out", str(folder)]
    began = time.time()
    others = watched(process)
    if program == OURS:
        seconds, compiled_s = own_seconds(plan, folder, began), 0.0
    else:
        told = json.loads((folder / "training.json").read_text())
        seconds = {point["step"]: point["seconds"] for point in told["points"]}
        compiled_s = told["compiled_s"]
    result = Training(program, seed, day, others, compiled_s)
    for step in plan.points:
        with samples(program, plan, wgan, folder, step) as path:
            result.points.append(Point(step, seconds[step], fid(wgan, plan, path)))
    return result


def own_process(plan: Plan, wgan: Path, seed: int, folder: Path) -> list[str]:
    return [
        *(str(wgan), "train", plan.preset, "--seed", str(seed), "--data", str(plan.data)),
        *("--steps", str(plan.steps), "--set", f"outputs.weights.every={plan.every}"),
        *("--out", str(folder / "run"), "--quiet", *plan.schedule),
    ]


def weights(plan: Plan, folder: Path, step: int) -> Path:
    """The file that our training writes at a point."""
    if step % plan.every == 0:
        return folder / "run" / "weights" / f"step-{step:06}.safetensors"
    return folder / "run" / "weights.safetensors"


def own_seconds(plan: Plan, folder: Path, began: float) -> dict[int, float]:
    """When the weights of each point were complete."""
    return {step: weights(plan, folder, step).stat().st_mtime - began for step in plan.points}


@contextlib.contextmanager
def samples(program: str, plan: Plan, wgan: Path, folder: Path, step: int) -> Iterator[Path]:
    """A file of the averaged generator's images, which does not stay."""
    path = folder / f"step-{step}.npy"
    if program == OURS:
        run(
            [str(wgan), "sample", str(folder / "run"), "--count", str(SAMPLES)]
            + ["--weights", str(weights(plan, folder, step)), "--out", str(path)]
        )
    yield path
    path.unlink()


def fid(wgan: Path, plan: Plan, path: Path) -> float:
    command = [str(wgan), "measure", "fid", str(path), "mnist:test", "--extractor", "mnist"]
    return json.loads(run([*command, "--data", str(plan.data), "--json"]))["value"]


def watched(command: list[str]) -> float:
    """Runs a command, and tells the share of a processor that other processes used."""
    began, busy = time.perf_counter(), busy_s()
    process = subprocess.Popen(
        command, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        last = (errors.strip().splitlines() or ["no message"])[-1]
        raise Failure(f"'{' '.join(command)}' failed: {last}")
    own = usage.ru_utime + usage.ru_stime
    return max(0.0, busy_s() - busy - own) / (time.perf_counter() - began)


def step_ms(command: list[str], plan: Plan) -> float:
    """How long a peer's step takes in a short trial."""
    return float(
        run(
            [*command, str(plan.configuration), "--data", str(plan.data)]
            + ["--steps", str(TRIAL_STEPS), "--trial"]
        )
    )
