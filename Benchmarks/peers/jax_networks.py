"""The workloads' networks in JAX, as lists of layers.

Layers have the indices that they have in `torch_workloads.py`, so that parameters have the same
names. Images are height, width, channels.
"""

import itertools
import math
from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy
from jax import Array, lax
from workloads import Workload

Tree = dict[str, Array]
Parameters = dict[str, Tree]  # By the layer's index.


class Layer(NamedTuple):
    shapes: dict[str, tuple[int, ...]]
    """Of the parameters."""
    apply: Callable[[Tree, Array], tuple[Array, Tree]]
    """The batch's result, and its statistics where the layer keeps such."""


def simple(function: Callable[[Tree, Array], Array], **shapes: tuple[int, ...]) -> Layer:
    """A layer without statistics."""
    return Layer(shapes, lambda p, x: (function(p, x), {}))


RELU = simple(lambda p, x: jax.nn.relu(x))
LEAKY_RELU = simple(lambda p, x: jax.nn.leaky_relu(x, 0.2))
TANH = simple(lambda p, x: jnp.tanh(x))
# Features are in PyTorch's order: channels, height, width.
FLATTEN = simple(lambda p, x: x.transpose(0, 3, 1, 2).reshape(x.shape[0], -1))


def unflatten(channels: int, size: int) -> Layer:
    return simple(lambda p, x: x.reshape(-1, channels, size, size).transpose(0, 2, 3, 1))


def linear(inputs: int, outputs: int) -> Layer:
    return simple(
        lambda p, x: x @ p["weight"] + p["bias"], weight=(inputs, outputs), bias=(outputs,)
    )


def convolution(
    inputs: int,
    outputs: int,
    stride: int = 2,
    padding: int = 1,
    bias: bool = False,
    operation: Callable = lax.conv_general_dilated,
) -> Layer:
    """Filters of 4×4 pixels."""

    def function(p: Tree, x: Array) -> Array:
        y = operation(
            x,
            p["weight"],
            (stride, stride),
            [(padding, padding)] * 2,
            dimension_numbers=("NHWC", "HWIO", "NHWC"),
        )
        return y + p["bias"] if bias else y

    biases = {"bias": (outputs,)} if bias else {}
    return simple(function, weight=(4, 4, inputs, outputs), **biases)


def transposed(
    inputs: int, outputs: int, stride: int = 2, padding: int = 1, bias: bool = False
) -> Layer:
    """The layer that is called with a convolution's padding, of which the rest is left."""
    return convolution(inputs, outputs, stride, 3 - padding, bias, lax.conv_transpose)


def batch_norm(channels: int) -> Layer:
    def apply(p: Tree, x: Array) -> tuple[Array, Tree]:
        mean, variance = x.mean((0, 1, 2)), x.var((0, 1, 2))
        y = (x - mean) * (lax.rsqrt(variance + 1e-5) * p["weight"]) + p["bias"]
        count = x.size // channels
        return y, {"running_mean": mean, "running_var": variance * (count / (count - 1))}

    return Layer({"weight": (channels,), "bias": (channels,)}, apply)


def perceptron(*sizes: int) -> list[Layer]:
    return [layer for pair in itertools.pairwise(sizes) for layer in (linear(*pair), RELU)][:-1]


def mnist_generator(width: int) -> list[Layer]:
    return [
        linear(128, 49 * 2 * width),
        unflatten(2 * width, 7),
        batch_norm(2 * width),
        RELU,
        transposed(2 * width, width, bias=True),
        batch_norm(width),
        RELU,
        transposed(width, 1, bias=True),
        TANH,
    ]


def mnist_critic(width: int) -> list[Layer]:
    return [
        convolution(1, width, bias=True),
        LEAKY_RELU,
        convolution(width, 2 * width, bias=True),
        LEAKY_RELU,
        FLATTEN,
        linear(49 * 2 * width, 1),
    ]


def images_generator(width: int, levels: int) -> list[Layer]:
    sizes = [width << level for level in reversed(range(levels))]
    layers = [unflatten(128, 1), transposed(128, sizes[0], stride=1, padding=0)]
    for inputs, outputs in itertools.pairwise([*sizes, 3]):
        layers += [batch_norm(inputs), RELU, transposed(inputs, outputs)]
    return [*layers, TANH]


def images_critic(width: int, levels: int) -> list[Layer]:
    sizes = [3, *(width << level for level in range(levels))]
    halving = [(convolution(*pair), LEAKY_RELU) for pair in itertools.pairwise(sizes)]
    return [
        *itertools.chain(*halving),
        convolution(sizes[-1], 1, stride=1, padding=0),
        FLATTEN,
    ]


def networks(workload: Workload) -> tuple[list[Layer], list[Layer]]:
    """The generator and the critic."""
    width, hidden = workload.width, [workload.width] * workload.depth
    if workload.networks == "mnist":
        return mnist_generator(width), mnist_critic(width)
    if workload.networks == "images64":
        levels = workload.levels
        return images_generator(width, levels), images_critic(width, levels)
    return perceptron(2, *hidden, 2), perceptron(2, *hidden, 1)


def initial(layers: list[Layer], random: numpy.random.Generator) -> Parameters:
    """PyTorch's bounds of uniform weights; ones and zeros for batch normalisation."""
    parameters = {}
    for index, layer in enumerate(layers):
        shape = layer.shapes.get("weight", ())
        if len(shape) > 1:
            bound = math.prod(shape[:-1]) ** -0.5
            parameters[str(index)] = {
                name: jnp.asarray(random.uniform(-bound, bound, shape), jnp.float32)
                for name, shape in layer.shapes.items()
            }
        elif shape:
            parameters[str(index)] = {"weight": jnp.ones(shape), "bias": jnp.zeros(shape)}
    return parameters


def forward(layers: list[Layer], parameters: Parameters, x: Array) -> tuple[Array, Parameters]:
    """The network's result, and the batch's statistics by the layer's index."""
    statistics = {}
    for index, layer in enumerate(layers):
        x, seen = layer.apply(parameters.get(str(index), {}), x)
        if seen:
            statistics[str(index)] = seen
    return x, statistics


def from_pytorch(
    tensors: dict[str, numpy.ndarray],
) -> tuple[Parameters, Parameters, Parameters]:
    """The generator, the critic and the running statistics from PyTorch's names and layouts."""
    groups = {"generator": {}, "critic": {}, "running": {}}
    for name, value in tensors.items():
        if not name.startswith(("generator.", "critic.")):
            continue
        network, index, kind = name.split(".")
        group = groups["running" if kind.startswith("running") else network]
        group.setdefault(index, {})[kind] = turned(value, network, inverse=False)
    return groups["generator"], groups["critic"], groups["running"]


def to_pytorch(
    generator: Parameters, critic: Parameters, running: Parameters
) -> dict[str, numpy.ndarray]:
    groups = [("generator", generator), ("critic", critic), ("generator", running)]
    return {
        f"{network}.{index}.{kind}": turned(numpy.asarray(value), network, inverse=True)
        for network, group in groups
        for index, layer in group.items()
        for kind, value in layer.items()
    }


def turned(value: numpy.ndarray, network: str, inverse: bool) -> numpy.ndarray:
    """Weights from PyTorch's layout to ours, or back."""
    if value.ndim == 2:
        return value.T
    if value.ndim < 4:
        return value
    if network == "critic":  # Outputs, inputs, height, width.
        return value.transpose(3, 2, 0, 1) if inverse else value.transpose(2, 3, 1, 0)
    # Inputs, outputs, height, width; PyTorch's filters are those of the convolution whose gradient
    # the layer is, which are ours turned by half a circle.
    if inverse:
        return value[::-1, ::-1].transpose(2, 3, 0, 1)
    return value[:, :, ::-1, ::-1].transpose(2, 3, 0, 1)
