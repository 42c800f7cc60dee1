#!/usr/bin/env python3
"""The benchmark's six workloads in eager PyTorch, on the CPU with two threads.

One iteration is five critic steps and one generator step. Every critic step draws
fresh latent noise, runs the generator without gradient and updates the critic; the
generator step draws fresh noise and updates the generator. Each workload is timed in
every variant that makes sense for it, and the fastest is marked: real and generated
samples in two critic passes or in one concatenated pass, and for the convolutional
networks contiguous or channels-last memory.

Real samples come from a pool made before the clock starts, so that only training is
timed. Networks have PyTorch's default initialisation.
"""

import argparse
import itertools
import json
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

THREADS = 2
CRITIC_ITERATIONS = 5
CLIP_BOUND = 0.01
PENALTY_COEFFICIENT = 10.0
WARM_UP_ITERATIONS = 2
POOL_BATCHES = 16


def mlp(*sizes: int) -> nn.Sequential:
    """Linear layers with ReLU between: `[N, sizes[0]]` to `[N, sizes[-1]]`."""
    layers: list[nn.Module] = []
    for inputs, outputs in itertools.pairwise(sizes):
        layers += [nn.Linear(inputs, outputs), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers[:-1])


def mnist_generator() -> nn.Sequential:
    """`[N, 128]` to `[N, 1, 28, 28]`."""
    return nn.Sequential(
        nn.Linear(128, 128 * 7 * 7),
        nn.Unflatten(1, (128, 7, 7)),
        nn.BatchNorm2d(128),
        nn.ReLU(inplace=True),
        nn.ConvTranspose2d(128, 64, 4, stride=2, padding=1),
        nn.BatchNorm2d(64),
        nn.ReLU(inplace=True),
        nn.ConvTranspose2d(64, 1, 4, stride=2, padding=1),
        nn.Tanh(),
    )


def mnist_critic() -> nn.Sequential:
    """`[N, 1, 28, 28]` to `[N, 1]`."""
    return nn.Sequential(
        nn.Conv2d(1, 64, 4, stride=2, padding=1),
        nn.LeakyReLU(0.2, inplace=True),
        nn.Conv2d(64, 128, 4, stride=2, padding=1),
        nn.LeakyReLU(0.2, inplace=True),
        nn.Flatten(),
        nn.Linear(128 * 7 * 7, 1),
    )


def images64_generator(latent: int = 128, maps: int = 64) -> nn.Sequential:
    """`[N, latent]` to `[N, 3, 64, 64]`: transposed convolutions without biases."""
    widths = [8 * maps, 4 * maps, 2 * maps, maps]
    layers: list[nn.Module] = [
        nn.Unflatten(1, (latent, 1, 1)),
        nn.ConvTranspose2d(latent, widths[0], 4, bias=False),
    ]
    for inputs, outputs in itertools.pairwise([*widths, 3]):
        layers += [
            nn.BatchNorm2d(inputs),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(inputs, outputs, 4, stride=2, padding=1, bias=False),
        ]
    return nn.Sequential(*layers, nn.Tanh())


def images64_critic(maps: int = 64) -> nn.Sequential:
    """`[N, 3, 64, 64]` to `[N, 1]`: the generator's mirror, without normalisation."""
    layers: list[nn.Module] = []
    for inputs, outputs in itertools.pairwise([3, maps, 2 * maps, 4 * maps, 8 * maps]):
        layers += [
            nn.Conv2d(inputs, outputs, 4, stride=2, padding=1, bias=False),
            nn.LeakyReLU(0.2, inplace=True),
        ]
    return nn.Sequential(*layers, nn.Conv2d(8 * maps, 1, 4, bias=False), nn.Flatten())


@dataclass(frozen=True)
class Workload:
    """One row of the benchmark: its networks, batch, constraint and optimiser."""

    title: str
    generator: Callable[[], nn.Module]
    critic: Callable[[], nn.Module]
    sample_shape: tuple[int, ...]
    batch: int
    latent: int
    penalised: bool  # Gradient penalty with Adam, else weight clipping.
    adam: bool  # Adam 1e-4 (0, 0.9), else RMSprop 5e-5.
    iterations: int  # Timed by default; chosen to last about ten seconds.


def small() -> tuple[Callable[[], nn.Module], Callable[[], nn.Module]]:
    return lambda: mlp(2, 100, 2), lambda: mlp(2, 100, 1)


def wide() -> tuple[Callable[[], nn.Module], Callable[[], nn.Module]]:
    return lambda: mlp(2, 512, 512, 512, 2), lambda: mlp(2, 512, 512, 512, 1)


MNIST = (mnist_generator, mnist_critic, (1, 28, 28), 64, 128)

WORKLOADS = {
    "W1": Workload("mixture", *small(), (2,), 200, 2, False, True, 500),
    "W2": Workload("mlp512-clip", *wide(), (2,), 128, 2, False, False, 100),
    "W3": Workload("mlp512-gp", *wide(), (2,), 256, 2, True, True, 50),
    "W4": Workload("mnist-clip", *MNIST, False, False, 20),
    "W5": Workload("mnist-gp", *MNIST, True, True, 15),
    "W6": Workload(
        "images64-gp", images64_generator, images64_critic, (3, 64, 64), 16, 128, True, True, 6
    ),
}


@dataclass(frozen=True)
class Variant:
    """How a PyTorch user may write the same training."""

    channels_last: bool
    concatenated: bool

    @property
    def name(self) -> str:
        layout = "channels-last" if self.channels_last else "contiguous"
        return f"{layout}, {'concatenated' if self.concatenated else 'separate'}"


class Training:
    """The state of one workload's training in one variant."""

    def __init__(self, workload: Workload, variant: Variant, seed: int) -> None:
        torch.manual_seed(seed)
        self.workload = workload
        self.variant = variant
        self.generator = self.laid_out(workload.generator())
        self.critic = self.laid_out(workload.critic())
        self.generator_optimiser = self.optimiser(self.generator)
        self.critic_optimiser = self.optimiser(self.critic)
        self.real_batches = self.real_pool()

    def laid_out(self, module: nn.Module) -> nn.Module:
        if self.variant.channels_last:
            return module.to(memory_format=torch.channels_last)
        return module

    def optimiser(self, module: nn.Module) -> torch.optim.Optimizer:
        if self.workload.adam:
            return torch.optim.Adam(module.parameters(), lr=1e-4, betas=(0.0, 0.9), fused=True)
        return torch.optim.RMSprop(module.parameters(), lr=5e-5)

    def real_pool(self) -> Iterator[Tensor]:
        """Endless batches in -1...1, from a pool that is filled once."""
        shape = (self.workload.batch, *self.workload.sample_shape)
        batches = [torch.rand(shape) * 2 - 1 for _ in range(POOL_BATCHES)]
        if self.variant.channels_last:
            batches = [b.to(memory_format=torch.channels_last) for b in batches]
        return itertools.cycle(batches)

    def latent(self) -> Tensor:
        return torch.randn(self.workload.batch, self.workload.latent)

    def penalty(self, real: Tensor, generated: Tensor) -> Tensor:
        """`mean((norm of the critic's gradient at the interpolates - 1)^2)`."""
        mixing = torch.rand(real.shape[0], *[1] * (real.dim() - 1))
        interpolates = torch.lerp(generated, real, mixing).requires_grad_(True)
        scores = self.critic(interpolates)
        (gradient,) = torch.autograd.grad(scores.sum(), interpolates, create_graph=True)
        return ((gradient.flatten(1).norm(2, dim=1) - 1) ** 2).mean()

    def critic_loss(self, real: Tensor, generated: Tensor) -> Tensor:
        if self.variant.concatenated:
            real_scores, generated_scores = self.critic(torch.cat([real, generated])).chunk(2)
        else:
            real_scores, generated_scores = self.critic(real), self.critic(generated)
        loss = generated_scores.mean() - real_scores.mean()
        if self.workload.penalised:
            loss = loss + PENALTY_COEFFICIENT * self.penalty(real, generated)
        return loss

    def critic_step(self) -> None:
        with torch.no_grad():
            generated = self.generator(self.latent())
        self.critic_optimiser.zero_grad(set_to_none=True)
        self.critic_loss(next(self.real_batches), generated).backward()
        self.critic_optimiser.step()
        if not self.workload.penalised:
            with torch.no_grad():
                for parameter in self.critic.parameters():
                    parameter.clamp_(-CLIP_BOUND, CLIP_BOUND)

    def generator_step(self) -> None:
        self.critic.requires_grad_(False)  # Spares the critic's weight gradients.
        self.generator_optimiser.zero_grad(set_to_none=True)
        (-self.critic(self.generator(self.latent())).mean()).backward()
        self.generator_optimiser.step()
        self.critic.requires_grad_(True)

    def iteration(self) -> None:
        for _ in range(CRITIC_ITERATIONS):
            self.critic_step()
        self.generator_step()


def measure(training: Training, iterations: int) -> list[float]:
    """Milliseconds of each of `iterations` iterations, after a warm-up."""
    for _ in range(WARM_UP_ITERATIONS):
        training.iteration()
    times = []
    for _ in range(iterations):
        start = time.perf_counter()
        training.iteration()
        times.append((time.perf_counter() - start) * 1e3)
    return times


def variants(workload: Workload, layout: str, batching: str) -> list[Variant]:
    layouts = {"both": [False, True], "contiguous": [False], "channels-last": [True]}[layout]
    if len(workload.sample_shape) == 1:
        layouts = [False]  # Points have no channels to move.
    batchings = {"both": [False, True], "separate": [False], "concatenated": [True]}[batching]
    return [Variant(c, b) for c, b in itertools.product(layouts, batchings)]


def run(name: str, arguments: argparse.Namespace) -> list[dict]:
    """One row per variant of a workload; the row with the least median is the best."""
    workload = WORKLOADS[name]
    rows = []
    for variant in variants(workload, arguments.layout, arguments.batching):
        training = Training(workload, variant, arguments.seed)
        times = measure(training, arguments.iterations or workload.iterations)
        rows.append(
            {
                "workload": name,
                "title": workload.title,
                "variant": variant.name,
                "iterations": len(times),
                "median_ms": round(statistics.median(times), 3),
                "min_ms": round(min(times), 3),
            }
        )
    best = min(rows, key=lambda row: row["median_ms"])
    return [{**row, "best": row is best} for row in rows]


def positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not at least 1")
    return value


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "workloads",
        nargs="*",
        metavar="WORKLOAD",
        help="one or more of " + ", ".join(f"{n} ({w.title})" for n, w in WORKLOADS.items())
        + "; all without one",
    )
    parser.add_argument("--iterations", type=positive, help="timed iterations of each variant")
    parser.add_argument("--layout", choices=["both", "contiguous", "channels-last"], default="both")
    parser.add_argument("--batching", choices=["both", "separate", "concatenated"], default="both")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="print one JSON object, no table")
    arguments = parser.parse_args()
    for name in arguments.workloads:
        if name not in WORKLOADS:
            parser.error(f"unknown workload '{name}': choose from {', '.join(WORKLOADS)}")
    arguments.workloads = arguments.workloads or list(WORKLOADS)
    return arguments


def line(row: dict) -> str:
    return (
        f"{row['workload']}  {row['title']:<12} {row['variant']:<28}"
        f" median {row['median_ms']:>9.2f}  min {row['min_ms']:>9.2f}"
        f"  of {row['iterations']:>3}{'  best' if row['best'] else ''}"
    )


def main() -> None:
    arguments = parse()
    torch.set_num_threads(THREADS)
    if not arguments.json:
        print(f"PyTorch {torch.__version__}, CPU, {THREADS} threads; ms per iteration")
    rows = []
    for name in arguments.workloads:
        rows_of_workload = run(name, arguments)
        rows += rows_of_workload
        if not arguments.json:
            print("\n".join(map(line, rows_of_workload)), flush=True)
    # Of the whole process: run a single workload and variant to learn what that one needs.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak_mib = round(peak / (2**20 if sys.platform == "darwin" else 2**10), 1)
    if arguments.json:
        report = {
            "peer": "PyTorch",
            "version": torch.__version__,
            "threads": THREADS,
            "peak_resident_mib": peak_mib,
            "workloads": rows,
        }
        print(json.dumps(report, indent=2))
    else:
        print(f"peak resident memory of this process: {peak_mib} MiB")


if __name__ == "__main__":
    main()
