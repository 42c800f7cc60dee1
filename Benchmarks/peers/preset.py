"""A training as a run's `config.yaml` describes it, which has every key, defaults included.

Both peers build their networks and updates from it. A setting that they do not know is an error
that names its key.
"""

import gzip
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy
import yaml

Shape = tuple[int, ...]  # Of a sample: channels, height, width, or numbers of a vector.
Tensors = dict[str, numpy.ndarray]  # By PyTorch's names, in its layouts.


class Unsupported(Exception):
    """A setting that the peers do not know."""

    def __init__(self, path: str, value: Any) -> None:
        super().__init__(f"the benchmark's peers do not know '{path}: {value}'")


class Section:
    """A mapping of settings; leaving it fails where one was not read."""

    def __init__(self, values: dict | None, path: str) -> None:
        self.values, self.path = dict(values or {}), path

    def __enter__(self) -> "Section":
        return self

    def __exit__(self, kind: type | None, *_) -> None:
        for key, value in self.values.items():
            if kind is None and value is not None:
                raise Unsupported(self.place(key), value)

    def place(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def take(self, key: str) -> Any:
        return self.values.pop(key, None)

    def number(self, key: str) -> float:
        value = self.take(key)
        try:
            return float(value)  # PyYAML takes 1e-05 for a text.
        except (TypeError, ValueError):
            raise Unsupported(self.place(key), value) from None

    def section(self, key: str) -> "Section":
        return Section(self.take(key), self.place(key))

    def choice(self, key: str, *known: str) -> str:
        value = self.take(key)
        if value not in known:
            raise Unsupported(self.place(key), value)
        return value

    def tagged(self, key: str) -> tuple[str, "Section"]:
        return tagged(self.take(key), self.place(key))

    def tagged_list(self, key: str) -> list[tuple[str, "Section"]]:
        items = self.take(key) or []
        return [tagged(item, f"{self.place(key)}.{n}") for n, item in enumerate(items)]


def tagged(value: Any, path: str) -> tuple[str, Section]:
    """A name alone, or one name with its settings."""
    if not isinstance(value, dict):
        return str(value), Section({}, path)
    ((kind, settings),) = value.items()
    if not isinstance(settings, dict):  # A list in place of the only setting.
        settings = {"layers" if kind == "residual" else "constraints": settings}
    return kind, Section(settings, f"{path}.{kind}")


@dataclass(frozen=True)
class Layer:
    """A layer, with the shapes of its samples and of its parameters."""

    kind: str
    name: str  # That its parameters' names begin with: `3`, or `3.layers.0` inside a block.
    input: Shape
    output: Shape
    settings: dict[str, float] = field(default_factory=dict)
    shapes: dict[str, Shape] = field(default_factory=dict)
    parts: dict[str, list["Layer"]] = field(default_factory=dict)
    """The layers inside a residual block: `layers`, and `shortcut` where it has one."""


def layers(settings: list[tuple[str, Section]], shape: Shape, prefix: str = "") -> list[Layer]:
    result = []
    for index, (kind, section) in enumerate(settings):
        if kind not in LAYERS:
            raise Unsupported(section.path, kind)
        with section:
            layer = LAYERS[kind](section, kind, f"{prefix}{index}", shape)
        result.append(layer)
        shape = layer.output
    return result


def linear(section: Section, kind: str, name: str, shape: Shape) -> Layer:
    (inputs,), outputs = shape, int(section.number("outputs"))
    shapes = with_bias(section, {"weight": (outputs, inputs)}, outputs)
    return Layer(kind, name, shape, (outputs,), shapes=shapes)


def convolution(section: Section, kind: str, name: str, shape: Shape) -> Layer:
    keys = ("outputs", "kernel", "stride", "padding", "groups")
    outputs, kernel, stride, padding, groups = (int(section.number(key)) for key in keys)
    inputs, *size = shape
    if groups != 1:
        raise Unsupported(section.place("groups"), groups)
    if kind == "conv2d":
        weight = (outputs, inputs, kernel, kernel)
        size = [(extent + 2 * padding - kernel) // stride + 1 for extent in size]
    else:
        weight = (inputs, outputs, kernel, kernel)
        size = [(extent - 1) * stride - 2 * padding + kernel for extent in size]
        if (added := int(section.number("outputPadding"))) != 0:
            raise Unsupported(section.place("outputPadding"), added)
    shapes = with_bias(section, {"weight": weight}, outputs)
    settings = {"kernel": kernel, "stride": stride, "padding": padding}
    return Layer(kind, name, shape, (outputs, *size), settings, shapes)


def with_bias(section: Section, shapes: dict[str, Shape], outputs: int) -> dict[str, Shape]:
    return shapes | {"bias": (outputs,)} if section.take("bias") else shapes


def batch_norm(section: Section, kind: str, name: str, shape: Shape) -> Layer:
    if len(shape) != 3:
        raise Unsupported(section.path, "of vectors")
    settings = {key: section.number(key) for key in ("epsilon", "momentum")}
    shapes = {"weight": shape[:1], "bias": shape[:1]}
    return Layer(kind, name, shape, shape, settings, shapes)


def leaky_relu(section: Section, kind: str, name: str, shape: Shape) -> Layer:
    return Layer(kind, name, shape, shape, {"slope": section.number("slope")})


def elementwise(_: Section, kind: str, name: str, shape: Shape) -> Layer:
    return Layer(kind, name, shape, shape)


def flatten(_: Section, kind: str, name: str, shape: Shape) -> Layer:
    return Layer(kind, name, shape, (math.prod(shape),))


def reshape(section: Section, kind: str, name: str, shape: Shape) -> Layer:
    output = tuple(int(section.number(key)) for key in ("channels", "height", "width"))
    return Layer(kind, name, shape, output)


def residual(section: Section, kind: str, name: str, shape: Shape) -> Layer:
    parts = {"layers": layers(section.tagged_list("layers"), shape, f"{name}.layers.")}
    if shortcut := section.tagged_list("shortcut"):
        parts["shortcut"] = layers(shortcut, shape, f"{name}.shortcut.")
    return Layer(kind, name, shape, parts["layers"][-1].output, parts=parts)


LAYERS: dict[str, Callable[[Section, str, str, Shape], Layer]] = {
    "linear": linear,
    "conv2d": convolution,
    "convTranspose2d": convolution,
    "batchNorm2d": batch_norm,
    "relu": elementwise,
    "leakyReLU": leaky_relu,
    "tanh": elementwise,
    "flatten": flatten,
    "reshape": reshape,
    "residual": residual,
}


def flat(network: list[Layer]) -> list[Layer]:
    """All layers, those inside residual blocks too."""
    return [
        inner
        for layer in network
        for inner in [layer, *(i for part in layer.parts.values() for i in flat(part))]
    ]


@dataclass(frozen=True)
class Adam:
    rate: float
    beta1: float
    beta2: float
    epsilon: float
    decay: float

    @staticmethod
    def read(kind: str, section: Section) -> "Adam":
        keys = ("learningRate", "beta1", "beta2", "epsilon", "weightDecay")
        if kind != "adam":
            raise Unsupported(section.path, kind)
        with section:
            return Adam(*(section.number(key) for key in keys))


@dataclass(frozen=True)
class Network:
    layers: list[Layer]
    initialisation: str
    adam: Adam

    @staticmethod
    def read(section: Section, shape: Shape) -> "Network":
        with section:
            return Network(
                layers(section.tagged_list("layers"), shape),
                section.choice("initialisation", "dcgan", "heNormal", "pyTorch"),
                Adam.read(*section.tagged("optimiser")),
            )

    def initial(self, random: numpy.random.Generator) -> Tensors:
        return {
            f"{layer.name}.{kind}": self.drawn(layer, kind, random)
            for layer in flat(self.layers)
            for kind in layer.shapes
        }

    def drawn(self, layer: Layer, kind: str, random: numpy.random.Generator) -> numpy.ndarray:
        shape, is_norm = layer.shapes[kind], layer.kind == "batchNorm2d"
        is_weight = kind == "weight" and not is_norm
        scale = math.prod(layer.shapes["weight"][1:]) ** -0.5
        value = numpy.full(shape, 1.0 if kind == "weight" and is_norm else 0.0)
        if self.initialisation == "pyTorch" and not is_norm:
            value = random.uniform(-scale, scale, shape)
        elif self.initialisation == "dcgan" and kind == "weight":
            value += random.normal(0, 0.02, shape)
        elif self.initialisation == "heNormal" and is_weight:
            value += random.normal(0, math.sqrt(2) * scale, shape)
        return value.astype(numpy.float32)


@dataclass(frozen=True)
class Penalty:
    """`coefficient · mean((slope − target)²)`, of slopes above the target alone if one-sided."""

    points: str  # "real", "generated" or "interpolates".
    coefficient: float
    target: float = 0
    one_sided: bool = False


def penalties(kind: str, section: Section) -> list[Penalty]:
    with section:
        if kind == "combined":
            return [p for inner in section.tagged_list("constraints") for p in penalties(*inner)]
        if kind in ("r1", "r2"):
            points = "real" if kind == "r1" else "generated"
            return [Penalty(points, section.number("gamma") / 2)]
        if kind == "gradientPenalty":
            return [
                Penalty(
                    section.choice("points", "real", "generated", "interpolates"),
                    section.number("coefficient"),
                    section.number("target"),
                    section.choice("sides", "both", "above") == "above",
                )
            ]
    raise Unsupported(section.path, kind)


def learning_rate(kind: str, section: Section) -> Callable[[int], float]:
    """What the step sizes are multiplied with, by the step, counted from 0."""
    with section:
        if kind == "constant":
            return lambda step: 1.0
        if kind not in ("linear", "cosine"):
            raise Unsupported(section.path, kind)
        final, steps = section.number("finalFactor"), section.number("steps")

    def factor(step: int) -> float:
        progress = min(step / steps, 1)
        if kind == "cosine":
            progress = (1 - math.cos(math.pi * progress)) / 2
        return 1 + (final - 1) * progress

    return factor


def averaging(section: Section, batch: int) -> Callable[[int], float]:
    """The share of new weights in the average, by the generator's update, counted from 0."""
    with section:
        if not section.values:
            return lambda update: 1.0
        if "decay" in section.values:
            kept = section.number("decay")
            return lambda update: 1 - kept
        half_life = section.number("halfLife")
        ramp = section.number("rampUp") if section.values.get("rampUp") is not None else math.inf

    def share(update: int) -> float:
        if update == 0 and ramp < math.inf:
            return 1.0
        memory = half_life if ramp == math.inf else min(half_life, ramp * update * batch)
        return -math.expm1(-math.log(2) * batch / memory)

    return share


@dataclass(frozen=True)
class Preset:
    batch: int
    latent: int
    generator: Network
    critic: Network
    objective: str
    penalties: list[Penalty]
    penalty_interval: int
    critic_iterations: int
    factor: Callable[[int], float]
    share: Callable[[int], float]
    data: tuple[str, Section]

    @property
    def compares_pairs(self) -> bool:
        """Whether the generator's update needs the real batch of the critic's last one."""
        return self.objective == "relativistic"

    def has_penalty(self, update: int) -> bool:
        """Whether an update of the critic, counted from 0, has the penalty."""
        return bool(self.penalties) and update % self.penalty_interval == 0


def read(path: Path) -> Preset:
    with Section(yaml.safe_load(path.read_text()), "") as root:
        for key in ("name", "summary", "seed", "steps", "outputs"):  # The benchmark's business.
            root.take(key)
        root.choice("signs", "realScoresHigh")
        root.choice("onNonFinite", "stop")
        batch = int(root.number("batchSize"))
        with root.section("latent") as latent:
            latent.choice("distribution", "normal")
            latent_size = int(latent.number("size"))
        generator = Network.read(root.section("generator"), (latent_size,))
        critic = Network.read(root.section("critic"), generator.layers[-1].output)
        if any(layer.kind == "batchNorm2d" for layer in flat(critic.layers)):
            raise Unsupported("critic.layers", "batchNorm2d")
        kind, schedule = root.tagged("schedule")
        with schedule:
            if kind != "fixed":
                raise Unsupported(schedule.path, kind)
            iterations = int(schedule.number("iterations"))
        return Preset(
            batch=batch,
            latent=latent_size,
            generator=generator,
            critic=critic,
            objective=root.choice(
                "objective", "wasserstein", "classical", "hinge", "relativistic"
            ),
            penalties=penalties(*root.tagged("constraint")),
            penalty_interval=int(root.number("penaltyInterval")),
            critic_iterations=iterations,
            factor=learning_rate(*root.tagged("learningRate")),
            share=averaging(root.section("averaging"), batch),
            data=root.tagged("data"),
        )


def images(data: tuple[str, Section], folder: Path) -> numpy.ndarray:
    """The images of MNIST's training split as bytes: number, height, width, 1."""
    kind, section = data
    if kind != "mnist":
        raise Unsupported(section.path, kind)
    with section:
        section.choice("split", "train")
    path = folder / "train-images-idx3-ubyte"
    packed = path.with_suffix(".gz")
    content = gzip.decompress(packed.read_bytes()) if packed.exists() else path.read_bytes()
    return numpy.frombuffer(content, numpy.uint8, offset=16).reshape(-1, 28, 28, 1)


class Batches:
    """The images' numbers in an order that is new in every epoch; an incomplete batch is left."""

    def __init__(self, count: int, batch: int, random: numpy.random.Generator) -> None:
        self.count, self.batch, self.random = count, batch, random
        self.order = iter(())

    def __next__(self) -> numpy.ndarray:
        try:
            return next(self.order)
        except StopIteration:
            order = self.random.permutation(self.count)
            whole = self.count // self.batch
            self.order = iter(order[: whole * self.batch].reshape(whole, self.batch))
            return next(self.order)
