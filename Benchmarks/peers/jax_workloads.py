#!/usr/bin/env python3
"""The workloads in JAX: one jitted function is a whole iteration, or several, with its draws."""

import os
import sys
from functools import partial

os.environ["JAX_PLATFORMS"] = "cpu"  # Before JAX is imported; `choose` changes it.

import jax
import jax.numpy as jnp
import numpy
import optax
import protocol
from jax import Array
from jax_networks import (
    Parameters,
    forward,
    from_pytorch,
    initial,
    networks,
    to_pytorch,
)
from workloads import (
    ADAM_BETAS,
    ADAM_RATE,
    CLIP_BOUND,
    CRITIC_ITERATIONS,
    PENALTY_COEFFICIENT,
    RMSPROP_RATE,
    Workload,
)

State = dict  # Parameters and optimiser's state of either network, and running statistics.
Draws = dict[str, Array]  # Of the critic's steps: real, latent, alpha; of the generator's: latent.


class Training:
    """The state of one workload's training."""

    def __init__(self, workload: Workload, together: int = 1) -> None:
        self.workload = workload
        self.together = together
        self.generator, self.critic = networks(workload)
        self.optimiser = (
            optax.adam(ADAM_RATE, *ADAM_BETAS)
            if workload.adam
            else optax.rmsprop(RMSPROP_RATE, decay=0.99, eps_in_sqrt=False)
        )
        random = numpy.random.default_rng(0)
        self.key = jax.random.key(0)
        self.state = self.initial_state(
            initial(self.generator, random), initial(self.critic, random)
        )
        # One batch in place of data: decoding is not what is measured.
        real = random.uniform(-1, 1, (workload.batch, *workload.sample_shape))
        self.real = jnp.asarray(real, jnp.float32)
        self.jitted = jax.jit(
            self.drawn_iteration if together == 1 else self.drawn_iterations, donate_argnums=(0, 1)
        )

    def initial_state(self, generator: Parameters, critic: Parameters) -> State:
        latent = jax.ShapeDtypeStruct((self.workload.batch, self.workload.latent), jnp.float32)
        _, seen = jax.eval_shape(partial(forward, self.generator), generator, latent)
        return {
            "generator": (generator, self.optimiser.init(generator)),
            "critic": (critic, self.optimiser.init(critic)),
            "running": jax.tree.map(lambda s: jnp.zeros(s.shape), seen),
        }

    def iteration(self) -> None:
        self.state, self.key = self.jitted(self.state, self.key, self.real)
        jax.block_until_ready(self.state)

    def drawn_iteration(self, state: State, key: Array, real: Array) -> tuple[State, Array]:
        key, first, second, third = jax.random.split(key, 4)
        batch, latent, steps = self.workload.batch, self.workload.latent, CRITIC_ITERATIONS
        draws = {
            "real": jnp.broadcast_to(real, (steps, *real.shape)),
            "latent": jax.random.normal(first, (steps, batch, latent)),
            "alpha": jax.random.uniform(second, (steps, batch)),
        }
        state, _ = self.given_iteration(state, draws, jax.random.normal(third, (batch, latent)))
        return state, key

    def drawn_iterations(self, state: State, key: Array, real: Array) -> tuple[State, Array]:
        """As many as go together."""
        return jax.lax.fori_loop(
            0, self.together, lambda _, both: self.drawn_iteration(*both, real), (state, key)
        )

    def given_iteration(self, state: State, draws: Draws, latent: Array):
        # Convolutions inside a loop are many times slower than outside on processors, and on
        # accelerators a loop ends the fusion of what is small.
        unroll = self.workload.is_of_images or jax.default_backend() != "cpu"
        state, critic_losses = jax.lax.scan(self.critic_step, state, draws, unroll=unroll)
        state, generator_loss = self.generator_step(state, latent)
        return state, (critic_losses, generator_loss)

    def critic_step(self, state: State, draws: Draws) -> tuple[State, Array]:
        real = draws["real"]
        generated, seen = forward(self.generator, state["generator"][0], draws["latent"])

        def loss(critic: Parameters) -> Array:
            if self.workload.is_of_images:  # What is faster, for either kind of sample.
                generated_scores = self.scores(critic, generated)
                real_scores = self.scores(critic, real)
            else:
                both = self.scores(critic, jnp.concatenate([real, generated]))
                real_scores, generated_scores = jnp.split(both, 2)
            value = generated_scores.mean() - real_scores.mean()
            if self.workload.penalised:
                value += PENALTY_COEFFICIENT * self.penalty(critic, generated, **draws)
            return value

        value, gradients = jax.value_and_grad(loss)(state["critic"][0])
        parameters, optimiser = self.moved(state["critic"], gradients)
        if not self.workload.penalised:
            parameters = jax.tree.map(lambda p: p.clip(-CLIP_BOUND, CLIP_BOUND), parameters)
        running = self.running(state, seen)
        return state | {"critic": (parameters, optimiser), "running": running}, value

    def penalty(
        self, critic: Parameters, generated: Array, real: Array, alpha: Array, **_: Array
    ) -> Array:
        """The mean of (norm of the critic's gradient between the samples - 1) squared."""
        alpha = alpha.reshape(-1, *[1] * (real.ndim - 1))
        interpolates = alpha * real + (1 - alpha) * generated
        gradient = jax.grad(lambda x: self.scores(critic, x).sum())(interpolates)
        norms = jnp.sqrt((gradient**2).sum(tuple(range(1, real.ndim))))
        return ((norms - 1) ** 2).mean()

    def generator_step(self, state: State, latent: Array) -> tuple[State, Array]:
        def loss(generator: Parameters) -> tuple[Array, Parameters]:
            generated, seen = forward(self.generator, generator, latent)
            return -self.scores(state["critic"][0], generated).mean(), seen

        (value, seen), gradients = jax.value_and_grad(loss, has_aux=True)(state["generator"][0])
        moved = self.moved(state["generator"], gradients)
        return state | {"generator": moved, "running": self.running(state, seen)}, value

    def scores(self, critic: Parameters, samples: Array) -> Array:
        return forward(self.critic, critic, samples)[0]

    def moved(self, network: tuple, gradients: Parameters) -> tuple:
        """A network's parameters and optimiser after the optimiser's step."""
        parameters, optimiser = network
        updates, optimiser = self.optimiser.update(gradients, optimiser)
        return optax.apply_updates(parameters, updates), optimiser

    def running(self, state: State, seen: Parameters) -> Parameters:
        return jax.tree.map(lambda old, new: 0.9 * old + 0.1 * new, state["running"], seen)

    def device_megabytes(self) -> float | None:
        (device,) = self.real.devices()
        statistics = device.memory_stats() or {}
        return statistics["peak_bytes_in_use"] / 1e6 if "peak_bytes_in_use" in statistics else None

    def checked(self, tensors: dict[str, numpy.ndarray]) -> dict[str, numpy.ndarray]:
        generator, critic, running = from_pytorch(tensors)
        state = self.initial_state(generator, critic) | {"running": running}
        steps = range(CRITIC_ITERATIONS)
        kinds = ("real", "latent", "alpha") if self.workload.penalised else ("real", "latent")
        draws = {
            kind: numpy.stack([tensors[f"draw/critic/{k}/{kind}"] for k in steps]) for kind in kinds
        }
        state, (critic_losses, generator_loss) = jax.jit(self.given_iteration)(
            state, draws, tensors["draw/generator/latent"]
        )
        results = to_pytorch(state["generator"][0], state["critic"][0], state["running"])
        results |= {f"loss/critic/{k}": critic_losses[k] for k in steps}
        results["loss/generator"] = generator_loss
        return {name: numpy.array(value, order="C") for name, value in results.items()}


def choose(device: str, precision: str | None) -> None:
    """Sets where and how exactly JAX computes, before its first array."""
    if precision == "bfloat16":
        sys.exit("JAX computes with float32 arrays here, and has no bfloat16 for their products")
    if precision is not None:
        exactness = {"float32": "highest", "tf32": "tensorfloat32"}[precision]
        jax.config.update("jax_default_matmul_precision", exactness)
    kind, _, number = device.partition(":")
    if kind != "cpu":
        # Others are on the same device, and memory that is only kept is not counted.
        os.environ["XLA_PYTHON_CLIENT_PREALLOCATE"] = "false"
        jax.config.update("jax_platforms", kind)
        jax.config.update("jax_default_device", jax.devices()[int(number or 0)])


def main() -> None:
    parser = protocol.parser(__doc__)
    parser.add_argument(
        "--scan", type=protocol.positive, default=1, metavar="K", help="iterations of a call"
    )
    arguments = parser.parse_args()

    def training(workload: Workload) -> Training:
        choose(arguments.device, arguments.precision)
        return Training(workload, arguments.scan)

    protocol.answer(arguments, training)


if __name__ == "__main__":
    main()
