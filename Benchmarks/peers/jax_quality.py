#!/usr/bin/env python3
"""A preset's whole training in JAX: one jitted function with donated buffers is a step.

Images are height, width, channels; parameters have PyTorch's names in flat dictionaries.
"""

import os
import time
from collections.abc import Callable

os.environ["JAX_PLATFORMS"] = "cpu"  # Before JAX is imported.

import jax
import jax.numpy as jnp
import numpy
import optax
import quality_protocol
from jax import Array, lax
from jax.nn import softplus
from preset import Adam, Batches, Layer, Penalty, Preset, Tensors, flat

SAMPLING_BATCH = 500

Tree = dict[str, Array]
State = dict[str, Tree | tuple]


def forward(
    layers: list[Layer], tensors: Tree, x: Array, statistics: Tree, is_training: bool
) -> tuple[Array, Tree]:
    """The network's result, and the running statistics as a training leaves them."""
    for layer in layers:
        if layer.kind == "residual":
            body, statistics = forward(
                layer.parts["layers"], tensors, x, statistics, is_training
            )
            kept = x
            if "shortcut" in layer.parts:
                kept, statistics = forward(
                    layer.parts["shortcut"], tensors, x, statistics, is_training
                )
            x = body + kept
        elif layer.kind == "batchNorm2d":
            x, statistics = batch_norm(layer, tensors, x, statistics, is_training)
        else:
            x = LAYERS[layer.kind](layer, tensors, x)
    return x, statistics


def batch_norm(
    layer: Layer, tensors: Tree, x: Array, statistics: Tree, is_training: bool
) -> tuple[Array, Tree]:
    name, momentum = layer.name, layer.settings["momentum"]
    if is_training:
        mean, variance = x.mean((0, 1, 2)), x.var((0, 1, 2))
        count = x.size // x.shape[-1]
        seen = {"running_mean": mean, "running_var": variance * (count / (count - 1))}
        statistics = statistics | {
            f"{name}.{kind}": (1 - momentum) * statistics[f"{name}.{kind}"] + momentum * value
            for kind, value in lax.stop_gradient(seen).items()
        }
    else:
        mean, variance = statistics[f"{name}.running_mean"], statistics[f"{name}.running_var"]
    scale = lax.rsqrt(variance + layer.settings["epsilon"]) * tensors[f"{name}.weight"]
    return (x - mean) * scale + tensors[f"{name}.bias"], statistics


def affine(operation: Callable[[Layer, Array, Array], Array]) -> Callable:
    """A product with the layer's weight, and its addend where it has one."""

    def apply(layer: Layer, tensors: Tree, x: Array) -> Array:
        y = operation(layer, x, tensors[f"{layer.name}.weight"])
        return y + tensors[f"{layer.name}.bias"] if "bias" in layer.shapes else y

    return apply


def convolution(layer: Layer, x: Array, weight: Array) -> Array:
    stride, padding = layer.settings["stride"], layer.settings["padding"]
    operation = lax.conv_general_dilated
    if layer.kind == "convTranspose2d":
        # Called with a convolution's padding, of which the rest is left.
        operation, padding = lax.conv_transpose, layer.settings["kernel"] - 1 - padding
    return operation(
        x,
        weight,
        (stride, stride),
        [(padding, padding)] * 2,
        dimension_numbers=("NHWC", "HWIO", "NHWC"),
    )


def flatten(layer: Layer, tensors: Tree, x: Array) -> Array:
    # Features are in PyTorch's order: channels, height, width.
    return x.transpose(0, 3, 1, 2).reshape(len(x), -1) if x.ndim == 4 else x


def reshape(layer: Layer, tensors: Tree, x: Array) -> Array:
    return flatten(layer, tensors, x).reshape(-1, *layer.output).transpose(0, 2, 3, 1)


LAYERS: dict[str, Callable[[Layer, Tree, Array], Array]] = {
    "linear": affine(lambda layer, x, weight: x @ weight),
    "conv2d": affine(convolution),
    "convTranspose2d": affine(convolution),
    "relu": lambda layer, tensors, x: jax.nn.relu(x),
    "leakyReLU": lambda layer, tensors, x: jax.nn.leaky_relu(x, layer.settings["slope"]),
    "tanh": lambda layer, tensors, x: jnp.tanh(x),
    "flatten": flatten,
    "reshape": reshape,
}

CRITIC_LOSSES: dict[str, Callable[[Array, Array], Array]] = {
    "wasserstein": lambda real, generated: generated.mean() - real.mean(),
    "classical": lambda real, generated: softplus(-real).mean() + softplus(generated).mean(),
    "hinge": lambda real, generated: (
        jax.nn.relu(1 - real).mean() + jax.nn.relu(1 + generated).mean()
    ),
    "relativistic": lambda real, generated: softplus(generated - real).mean(),
}

GENERATOR_LOSSES: dict[str, Callable[[Array | None, Array], Array]] = {
    "wasserstein": lambda real, generated: -generated.mean(),
    "classical": lambda real, generated: softplus(-generated).mean(),
    "hinge": lambda real, generated: -generated.mean(),
    "relativistic": lambda real, generated: softplus(real - generated).mean(),
}


def turned(name: str, value: numpy.ndarray, layers: list[Layer], inverse: bool) -> numpy.ndarray:
    """A weight from PyTorch's layout to ours, or back."""
    if value.ndim == 2:
        return value.T
    if value.ndim < 4:
        return value
    kinds = {layer.name: layer.kind for layer in flat(layers)}
    if kinds[name.rpartition(".")[0]] == "conv2d":
        return value.transpose(3, 2, 0, 1) if inverse else value.transpose(2, 3, 1, 0)
    # PyTorch's filters are those of the convolution whose gradient the layer is, which are ours
    # turned by half a circle.
    if inverse:
        return value[::-1, ::-1].transpose(2, 3, 0, 1)
    return value[:, :, ::-1, ::-1].transpose(2, 3, 0, 1)


class Training:
    """The state of one training."""

    def __init__(
        self, preset: Preset, values: Tensors, images: numpy.ndarray, seed: int
    ) -> None:
        self.preset = preset
        self.layers = {"generator": preset.generator.layers, "critic": preset.critic.layers}
        self.optimisers = {
            "generator": optimiser(preset.generator.adam),
            "critic": optimiser(preset.critic.adam),
        }
        self.rates = {"generator": preset.generator.adam.rate, "critic": preset.critic.adam.rate}
        self.state = self.initial_state(values)
        self.key = jax.random.key(seed)
        self.images = jnp.asarray(images)
        self.batches = Batches(len(images), preset.batch, numpy.random.default_rng(seed))
        self.steps = 0
        self.compiled_s = 0.0
        self.compiled: dict[tuple[bool, ...], Callable] = {}
        self.sampling = jax.jit(self.generated)

    def initial_state(self, values: Tensors) -> State:
        groups: dict[str, Tree] = {"generator": {}, "critic": {}, "running": {}}
        for full, value in values.items():
            network, _, name = full.partition(".")
            group = groups["running" if "running" in name else network]
            group[name] = jnp.array(turned(name, value, self.layers[network], inverse=False))
        return {
            "generator": (
                groups["generator"], self.optimisers["generator"].init(groups["generator"])
            ),
            "critic": (groups["critic"], self.optimisers["critic"].init(groups["critic"])),
            "average": jax.tree.map(jnp.copy, groups["generator"]),
            "running": groups["running"],
        }

    def step(self) -> None:
        iterations = self.preset.critic_iterations
        first = self.steps * iterations
        have_penalty = tuple(self.preset.has_penalty(first + k) for k in range(iterations))
        order = numpy.stack([next(self.batches) for _ in range(iterations)])
        numbers = (self.preset.factor(self.steps), self.preset.share(self.steps))
        values = (self.state, self.key, self.images, order, *map(numpy.float32, numbers))
        if have_penalty not in self.compiled:
            began = time.perf_counter()
            function = jax.jit(
                lambda *values: self.whole_step(have_penalty, *values), donate_argnums=(0, 1)
            )
            self.compiled[have_penalty] = function.lower(*values).compile()
            self.compiled_s += time.perf_counter() - began
        self.state, self.key = self.compiled[have_penalty](*values)
        self.steps += 1

    def whole_step(
        self,
        have_penalty: tuple[bool, ...],
        state: State,
        key: Array,
        images: Array,
        order: Array,
        factor: Array,
        share: Array,
    ) -> tuple[State, Array]:
        # Not a loop of JAX: compiled, convolutions inside one are many times slower.
        for numbers, has_penalty in zip(order, have_penalty):
            key, first, second = jax.random.split(key, 3)
            real = images[numbers]
            state = self.critic_step(state, real, first, second, factor, has_penalty)
        key, first = jax.random.split(key)
        return self.generator_step(state, real, first, factor, share), key

    def latent(self, key: Array, count: int) -> Array:
        return jax.random.normal(key, (count, self.preset.latent))

    def critic_step(
        self, state: State, real: Array, first: Array, second: Array, factor: Array, penalised: bool
    ) -> State:
        generated, running = forward(
            self.layers["generator"],
            state["generator"][0],
            self.latent(first, self.preset.batch),
            state["running"],
            is_training=True,
        )
        samples = {"real": real, "generated": generated}
        penalties = self.preset.penalties if penalised else []
        if any(penalty.points == "interpolates" for penalty in penalties):
            mixing = jax.random.uniform(second, (len(real), 1, 1, 1))
            samples["interpolates"] = mixing * real + (1 - mixing) * generated

        def loss(critic: Tree) -> Array:
            # One pass for the scores and for their slopes.
            passes = {
                points: jax.vjp(lambda x: self.scores(critic, x), x)
                for points, x in samples.items()
            }
            value = CRITIC_LOSSES[self.preset.objective](
                passes["real"][0], passes["generated"][0]
            )
            for penalty in penalties:
                scores, slopes = passes[penalty.points]
                (gradient,) = slopes(jnp.ones_like(scores))
                value += self.preset.penalty_interval * penalty_of(penalty, gradient)
            return value

        gradients = jax.grad(loss)(state["critic"][0])
        return state | {
            "critic": self.moved("critic", state, gradients, factor),
            "running": running,
        }

    def generator_step(
        self, state: State, real: Array, key: Array, factor: Array, share: Array
    ) -> State:
        critic = state["critic"][0]
        real_scores = self.scores(critic, real) if self.preset.compares_pairs else None
        latent = self.latent(key, self.preset.batch)

        def loss(generator: Tree) -> tuple[Array, Tree]:
            generated, running = forward(
                self.layers["generator"], generator, latent, state["running"], is_training=True
            )
            scores = self.scores(critic, generated)
            return GENERATOR_LOSSES[self.preset.objective](real_scores, scores), running

        gradients, running = jax.grad(loss, has_aux=True)(state["generator"][0])
        moved = self.moved("generator", state, gradients, factor)
        average = jax.tree.map(
            lambda old, new: old + share * (new - old), state["average"], moved[0]
        )
        return state | {"generator": moved, "average": average, "running": running}

    def scores(self, critic: Tree, samples: Array) -> Array:
        return forward(self.layers["critic"], critic, samples, {}, is_training=True)[0]

    def moved(self, network: str, state: State, gradients: Tree, factor: Array) -> tuple:
        """A network's parameters and optimiser after the optimiser's step."""
        parameters, optimiser = state[network]
        directions, optimiser = self.optimisers[network].update(gradients, optimiser, parameters)
        rate = self.rates[network] * factor
        return jax.tree.map(lambda p, d: p - rate * d, parameters, directions), optimiser

    def finish(self) -> None:
        jax.block_until_ready(self.state)

    def generated(self, average: Tree, running: Tree, key: Array) -> Array:
        """A batch of images, with the running statistics of the generator itself."""
        latent = self.latent(key, SAMPLING_BATCH)
        return forward(self.layers["generator"], average, latent, running, is_training=False)[0]

    def samples(self, count: int) -> numpy.ndarray:
        self.key, *keys = jax.random.split(self.key, 1 + -(-count // SAMPLING_BATCH))
        state = self.state
        images = [self.sampling(state["average"], state["running"], key) for key in keys]
        return numpy.concatenate(images)[:count]

    def tensors(self) -> Tensors:
        state = self.state
        groups = {
            "generator.": state["generator"][0] | state["running"],
            "critic.": state["critic"][0],
            "ema.generator.": state["average"],
        }
        return {
            prefix + name: turned(
                name,
                numpy.asarray(value),
                self.layers["critic" if prefix == "critic." else "generator"],
                inverse=True,
            )
            for prefix, group in groups.items()
            for name, value in group.items()
        }


def optimiser(adam: Adam) -> optax.GradientTransformation:
    """Directions, to be multiplied with the step size."""
    return optax.chain(
        optax.add_decayed_weights(adam.decay) if adam.decay else optax.identity(),
        optax.scale_by_adam(adam.beta1, adam.beta2, eps=adam.epsilon),
    )


def penalty_of(penalty: Penalty, gradient: Array) -> Array:
    squares = (gradient**2).sum((1, 2, 3))
    if penalty.target == 0:
        return penalty.coefficient * squares.mean()
    excess = jnp.sqrt(squares + 1e-12) - penalty.target
    if penalty.one_sided:
        excess = jax.nn.relu(excess)
    return penalty.coefficient * (excess**2).mean()


def main() -> None:
    quality_protocol.answer(
        quality_protocol.parser(__doc__).parse_args(),
        lambda arguments, preset, values, images: Training(preset, values, images, arguments.seed),
    )


if __name__ == "__main__":
    main()
