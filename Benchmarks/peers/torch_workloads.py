#!/usr/bin/env python3
"""The workloads in PyTorch, eager unless it is asked for more.

Layers by their index in `nn.Sequential`, w being the width (activations without parameters):

    W1-W3  generator  0 linear, 2 linear (W2, W3: also 4, 6)      ReLU between
           critic     the same, one output
    W4-W5  generator  0 linear 128 > 49·2w, 1 unflatten, 2 batch norm, 4 transposed convolution
                      2w > w, 5 batch norm, 7 transposed convolution w > 1, 8 tanh
           critic     0 convolution 1 > w, 2 convolution w > 2w, 4 flatten, 5 linear 49·2w > 1
    W6     generator  0 unflatten, 1 transposed convolution 128 > 8w, 2 batch norm, then
                      4, 7, 10, 13 transposed convolutions > 4w, 2w, w, 3; 5, 8, 11 batch norm
           critic     0, 2, 4, 6 convolutions 3 > w, 2w, 4w, 8w, 8 convolution > 1, 9 flatten
    W7     as W6, with a level of 16w more
"""

import contextlib
import itertools
import os
from collections.abc import Callable

import numpy
import protocol
import torch
from torch import Tensor, nn
from workloads import (
    ADAM_BETAS,
    ADAM_RATE,
    CLIP_BOUND,
    CRITIC_ITERATIONS,
    PENALTY_COEFFICIENT,
    RMSPROP_RATE,
    Workload,
)


def perceptron(*sizes: int) -> nn.Sequential:
    layers: list[nn.Module] = []
    for inputs, outputs in itertools.pairwise(sizes):
        layers += [nn.Linear(inputs, outputs), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers[:-1])


def mnist_generator(width: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(128, 49 * 2 * width),
        nn.Unflatten(1, (2 * width, 7, 7)),
        nn.BatchNorm2d(2 * width),
        nn.ReLU(inplace=True),
        nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1),
        nn.BatchNorm2d(width),
        nn.ReLU(inplace=True),
        nn.ConvTranspose2d(width, 1, 4, stride=2, padding=1),
        nn.Tanh(),
    )


def mnist_critic(width: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(1, width, 4, stride=2, padding=1),
        nn.LeakyReLU(0.2, inplace=True),
        nn.Conv2d(width, 2 * width, 4, stride=2, padding=1),
        nn.LeakyReLU(0.2, inplace=True),
        nn.Flatten(),
        nn.Linear(49 * 2 * width, 1),
    )


def images_generator(width: int, levels: int) -> nn.Sequential:
    sizes = [width << level for level in reversed(range(levels))]
    layers: list[nn.Module] = [
        nn.Unflatten(1, (128, 1, 1)),
        nn.ConvTranspose2d(128, sizes[0], 4, bias=False),
    ]
    for inputs, outputs in itertools.pairwise([*sizes, 3]):
        layers += [
            nn.BatchNorm2d(inputs),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(inputs, outputs, 4, stride=2, padding=1, bias=False),
        ]
    return nn.Sequential(*layers, nn.Tanh())


def images_critic(width: int, levels: int) -> nn.Sequential:
    layers: list[nn.Module] = []
    sizes = [3, *(width << level for level in range(levels))]
    for inputs, outputs in itertools.pairwise(sizes):
        layers += [
            nn.Conv2d(inputs, outputs, 4, stride=2, padding=1, bias=False),
            nn.LeakyReLU(0.2, inplace=True),
        ]
    return nn.Sequential(*layers, nn.Conv2d(sizes[-1], 1, 4, bias=False), nn.Flatten())


def networks(workload: Workload) -> nn.ModuleDict:
    """Both networks with PyTorch's initial values."""
    width = workload.width
    if workload.networks == "mnist":
        pair = mnist_generator(width), mnist_critic(width)
    elif workload.networks == "images64":
        levels = workload.levels
        pair = images_generator(width, levels), images_critic(width, levels)
    else:
        hidden = [width] * workload.depth
        pair = perceptron(2, *hidden, 2), perceptron(2, *hidden, 1)
    return nn.ModuleDict({"generator": pair[0], "critic": pair[1]})


class Training:
    """The state of one workload's training."""

    together = 1

    def __init__(
        self,
        workload: Workload,
        channels_last: bool,
        device: str = "cpu",
        bfloat16: bool = False,
        compiled: bool = False,
        graphs: bool = False,
    ) -> None:
        self.workload = workload
        self.device = torch.device(device)
        self.layout = torch.channels_last if channels_last else torch.contiguous_format
        self.bfloat16 = bfloat16
        self.networks = networks(workload).to(self.device, memory_format=self.layout)
        self.generator, self.critic = self.networks["generator"], self.networks["critic"]
        self.capturable = {"capturable": True} if graphs else {}
        self.generator_optimiser = self.optimiser(self.generator)
        self.critic_optimiser = self.optimiser(self.critic)
        if compiled:
            self.generator, self.critic = map(torch.compile, (self.generator, self.critic))
        # One batch in place of data: decoding is not what is measured.
        real = torch.rand(workload.batch, *workload.sample_shape) * 2 - 1
        self.real = self.samples(real.to(self.device))
        self.updates = None if graphs else self.drawn_updates

    def optimiser(self, network: nn.Module) -> torch.optim.Optimizer:
        options = self.capturable
        if self.workload.adam:
            return torch.optim.Adam(
                network.parameters(), lr=ADAM_RATE, betas=ADAM_BETAS, fused=True, **options
            )
        return torch.optim.RMSprop(network.parameters(), lr=RMSPROP_RATE, **options)

    def captured(self) -> Callable[[], None]:
        """An iteration as a CUDA graph: its kernels are launched by one call.

        PyTorch moves the state of its random numbers on in every replay.
        """
        stream, graph = torch.cuda.Stream(self.device), torch.cuda.CUDAGraph()
        stream.wait_stream(torch.cuda.current_stream(self.device))
        with torch.cuda.stream(stream):
            for _ in range(3):  # Libraries choose kernels, and optimisers make their state.
                self.drawn_updates()
        torch.cuda.synchronize(self.device)
        with torch.cuda.graph(graph, stream=stream):
            self.drawn_updates()
        return graph.replay

    def samples(self, values: Tensor) -> Tensor:
        """Images come as height, width, channels."""
        if self.workload.is_of_images:
            return values.permute(0, 3, 1, 2).contiguous(memory_format=self.layout)
        return values

    def latent(self) -> Tensor:
        return torch.randn(self.workload.batch, self.workload.latent, device=self.device)

    def mixing(self) -> Tensor | None:
        if not self.workload.penalised:
            return None
        return torch.rand(self.workload.batch, device=self.device)

    def iteration(self) -> None:
        if self.updates is None:
            self.updates = self.captured()
        self.updates()
        if self.device.type == "cuda":
            torch.cuda.synchronize(self.device)

    def drawn_updates(self) -> None:
        with self.precision():
            for _ in range(CRITIC_ITERATIONS):
                mixing = self.mixing()
                self.critic_step(self.real, self.latent(), mixing)
            self.generator_step(self.latent())

    def precision(self) -> contextlib.AbstractContextManager:
        if not self.bfloat16:
            return contextlib.nullcontext()
        # A graph would replay with the weights of its capture, were they kept in bfloat16.
        return torch.autocast(self.device.type, torch.bfloat16, cache_enabled=False)

    def critic_step(self, real: Tensor, latent: Tensor, mixing: Tensor | None) -> Tensor:
        with torch.no_grad():
            generated = self.generator(latent)
        self.critic_optimiser.zero_grad()
        if self.workload.is_of_images:  # What is faster, for either kind of sample.
            real_scores, generated_scores = self.critic(real), self.critic(generated)
        else:
            real_scores, generated_scores = self.critic(torch.cat([real, generated])).chunk(2)
        loss = generated_scores.mean() - real_scores.mean()
        if mixing is not None:
            loss = loss + PENALTY_COEFFICIENT * self.penalty(real, generated, mixing)
        loss.backward()
        self.critic_optimiser.step()
        if mixing is None:
            with torch.no_grad():
                for parameter in self.critic.parameters():
                    parameter.clamp_(-CLIP_BOUND, CLIP_BOUND)
        return loss

    def penalty(self, real: Tensor, generated: Tensor, mixing: Tensor) -> Tensor:
        """The mean of (norm of the critic's gradient between the samples - 1) squared."""
        mixing = mixing.view(-1, *[1] * (real.dim() - 1))
        interpolates = torch.lerp(generated, real, mixing).requires_grad_()
        scores = self.critic(interpolates)
        (gradient,) = torch.autograd.grad(scores.sum(), interpolates, create_graph=True)
        return ((gradient.flatten(1).norm(dim=1) - 1) ** 2).mean()

    def generator_step(self, latent: Tensor) -> Tensor:
        self.critic.requires_grad_(False)  # Spares the critic's weight gradients.
        self.generator_optimiser.zero_grad()
        loss = -self.critic(self.generator(latent)).mean()
        loss.backward()
        self.generator_optimiser.step()
        self.critic.requires_grad_(True)
        return loss

    def device_megabytes(self) -> float | None:
        if self.device.type != "cuda":
            return None
        return torch.cuda.max_memory_allocated(self.device) / 1e6

    def checked(self, tensors: dict[str, numpy.ndarray]) -> dict[str, numpy.ndarray]:
        kind = self.device, torch.get_default_dtype()
        given = {name: torch.from_numpy(value).to(*kind) for name, value in tensors.items()}
        self.networks.load_state_dict(given, strict=False)
        losses = {}
        for k in range(CRITIC_ITERATIONS):
            draw = f"draw/critic/{k}"
            losses[f"loss/critic/{k}"] = self.critic_step(
                self.samples(given[f"{draw}/real"]),
                given[f"{draw}/latent"],
                given.get(f"{draw}/alpha"),
            )
        losses["loss/generator"] = self.generator_step(given["draw/generator/latent"])
        results = self.networks.state_dict() | losses
        return {
            name: value.detach().contiguous().cpu().numpy()
            for name, value in results.items()
            if value.is_floating_point()
        }


def main() -> None:
    parser = protocol.parser(__doc__.partition("\n")[0])
    parser.add_argument("--channels-last", action="store_true", help="images in this layout")
    parser.add_argument("--double", action="store_true", help="float64, as a reference")
    parser.add_argument("--graphs", action="store_true", help="an iteration as a CUDA graph")
    parser.add_argument("--compile", action="store_true", help="networks by torch.compile")
    arguments = parser.parse_args()
    torch.set_num_threads(os.cpu_count())
    torch.set_default_dtype(torch.float64 if arguments.double else torch.float32)
    torch.manual_seed(0)
    if arguments.precision is not None:
        is_exact = arguments.precision == "float32"
        torch.set_float32_matmul_precision("highest" if is_exact else "high")
        torch.backends.cudnn.allow_tf32 = not is_exact
    torch.backends.cudnn.benchmark = True  # Shapes stay.
    protocol.answer(
        arguments,
        lambda workload: Training(
            workload,
            arguments.channels_last,
            arguments.device,
            arguments.precision == "bfloat16",
            arguments.compile,
            arguments.graphs,
        ),
    )


if __name__ == "__main__":
    main()
