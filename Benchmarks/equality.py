"""Whether all programs do the same arithmetic.

Each runs one iteration in float32 with the same parameters and random draws, and is compared with
PyTorch in float64. Three kinds of results differ by different amounts:

- Losses, relative to the iteration's largest, and the running statistics of batch normalisation are
  sums of many terms and differ by rounding alone.
- What an iteration adds to a parameter is compared by the Euclidean norm of the difference over
  that of the addition, tensor by tensor. Adam without momentum and RMSprop divide a gradient by its
  own size, so that in the first steps every element moves by about the learning rate in the
  direction of the gradient's sign. Rounding turns the sign of the few gradients near zero, and a
  unit whose input is near zero falls on the other side of ReLU's corner, which changes the small
  gradients behind it. If a share p of the elements turns, the norm differs by 2·sqrt(p). Deep
  networks turn more: PyTorch's own float32 differs from its float64 by 0.03 (W2) and 0.2 (W6). A
  wrong sign, layer, penalty or learning rate differs by 0.5 to 2.

A tensor that float64 leaves where it was has no gradient, as biases before batch normalisation; an
optimiser makes steps of rounding there, which mean nothing and are not compared.
"""

import math
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy
from numpy.linalg import norm
from safetensors.numpy import load_file

from contenders import TORCH, contenders, peer, run
from failure import Failure
from peers.workloads import ADAM_RATE, RMSPROP_RATE, WORKLOADS

# A bias whose gradient is zero but for rounding is moved all the same: RMSprop and Adam divide by
# the gradient's own size. The losses of W2, of 10⁻⁴, then differ by half a hundredth.
LOSSES, STATISTICS = 1e-2, 1e-5
MOVES = {"perceptron": 0.1, "mnist": 0.2, "images64": 0.5}

Tensors = dict[str, numpy.ndarray]


@dataclass(frozen=True)
class Difference:
    """The largest relative difference among results of one kind."""

    kind: str
    value: float
    limit: float
    tensor: str


def check(workload: str, wgan: Path | None) -> dict[str, list[Difference]]:
    """The largest differences of every program; fails where one is over its limit."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run([*peer("inputs.py"), workload, name])
        inputs = load_file(folder / "inputs.safetensors")
        run([*peer("torch_workloads.py"), workload, "--double", "--check", name])
        reference = taken(folder)
        result = {}
        for contender in contenders(workload, wgan):
            contender.check(folder)
            result[contender.name] = differences(workload, inputs, taken(folder), reference)
            for difference in result[contender.name]:
                fail_if_large(workload, contender.name, difference)
        return result


def taken(folder: Path) -> Tensors:
    """The results, which are removed, so that none is taken for another's."""
    path = folder / "outputs.safetensors"
    if not path.exists():
        raise Failure("a program wrote no outputs.safetensors for the equality check")
    tensors = load_file(path)
    path.unlink()
    return {name: value.astype(numpy.float64) for name, value in tensors.items()}


def differences(
    workload: str, inputs: Tensors, results: Tensors, reference: Tensors
) -> list[Difference]:
    missing = sorted(reference.keys() - results.keys())
    if missing:
        raise Failure(f"{workload}: the equality check's results lack {', '.join(missing)}")
    rate = ADAM_RATE if WORKLOADS[workload].adam else RMSPROP_RATE
    largest_loss = max(abs(v).max() for n, v in reference.items() if n.startswith("loss/"))
    moves = MOVES[WORKLOADS[workload].networks]
    found: dict[str, Difference] = {}
    for name, expected in reference.items():
        error = norm(results[name].reshape(expected.shape) - expected)
        if name.startswith("loss/"):
            kind, limit, scale = "losses", LOSSES, largest_loss
        elif "running" in name:
            kind, limit, scale = "statistics", STATISTICS, norm(expected)
        else:
            kind, limit, scale = name.partition(".")[0], moves, norm(expected - inputs[name])
            if scale < 1e-3 * rate * expected.size**0.5:
                continue
        value = float(error / scale) if math.isfinite(error) else math.inf
        if kind not in found or value > found[kind].value:
            found[kind] = Difference(kind, value, limit, name)
    return list(found.values())


def fail_if_large(workload: str, program: str, difference: Difference) -> None:
    if difference.value > difference.limit:
        raise Failure(
            f"{workload}: {program} computes something else than {TORCH} in float64: "
            f"{difference.tensor} differs by {difference.value:.2g}, more than the "
            f"{difference.limit:g} that rounding explains; times of different trainings are not "
            "compared"
        )
