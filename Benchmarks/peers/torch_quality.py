#!/usr/bin/env python3
"""A preset's whole training in eager PyTorch."""

import copy
import os

import numpy
import quality_protocol
import torch
from preset import Adam, Batches, Layer, Penalty, Preset, Tensors
from torch import Tensor, nn
from torch.nn.functional import relu, softplus

SAMPLING_BATCH = 500


class Residual(nn.Module):
    def __init__(self, layer: Layer) -> None:
        super().__init__()
        self.layers = network(layer.parts["layers"], first_in_place=False)
        shortcut = layer.parts.get("shortcut")
        self.shortcut = network(shortcut, first_in_place=False) if shortcut else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x) + self.shortcut(x)


def network(layers: list[Layer], first_in_place: bool = True) -> nn.Sequential:
    # A block's input is used twice, so its first layer must leave it as it is.
    return nn.Sequential(
        *(module(layer, first_in_place or index > 0) for index, layer in enumerate(layers))
    )


def module(layer: Layer, in_place: bool) -> nn.Module:
    settings, has_bias = layer.settings, "bias" in layer.shapes
    match layer.kind:
        case "linear":
            return nn.Linear(layer.input[0], layer.output[0], bias=has_bias)
        case "conv2d" | "convTranspose2d":
            kind = nn.Conv2d if layer.kind == "conv2d" else nn.ConvTranspose2d
            return kind(
                layer.input[0],
                layer.output[0],
                settings["kernel"],
                stride=settings["stride"],
                padding=settings["padding"],
                bias=has_bias,
            )
        case "batchNorm2d":
            return nn.BatchNorm2d(
                layer.input[0], eps=settings["epsilon"], momentum=settings["momentum"]
            )
        case "relu":
            return nn.ReLU(in_place)
        case "leakyReLU":
            return nn.LeakyReLU(settings["slope"], in_place)
        case "tanh":
            return nn.Tanh()
        case "flatten":
            return nn.Flatten()
        case "reshape":
            return nn.Sequential(nn.Flatten(), nn.Unflatten(1, layer.output))
        case "residual":
            return Residual(layer)


class Objective:
    """The losses by their names in configurations."""

    @staticmethod
    def critic(name: str, real: Tensor, generated: Tensor) -> Tensor:
        match name:
            case "wasserstein":
                return generated.mean() - real.mean()
            case "classical":
                return softplus(-real).mean() + softplus(generated).mean()
            case "hinge":
                return relu(1 - real).mean() + relu(1 + generated).mean()
            case "relativistic":
                return softplus(generated - real).mean()

    @staticmethod
    def generator(name: str, real: Tensor | None, generated: Tensor) -> Tensor:
        match name:
            case "wasserstein" | "hinge":
                return -generated.mean()
            case "classical":
                return softplus(-generated).mean()
            case "relativistic":
                return softplus(real - generated).mean()


class Training:
    """The state of one training."""

    compiled_s = 0.0

    def __init__(
        self, preset: Preset, values: Tensors, images: numpy.ndarray, seed: int, channels_last: bool
    ) -> None:
        self.preset = preset
        self.layout = torch.channels_last if channels_last else torch.contiguous_format
        self.networks = nn.ModuleDict(
            {"generator": network(preset.generator.layers), "critic": network(preset.critic.layers)}
        ).to(torch.get_default_dtype(), memory_format=self.layout)
        dtype = torch.get_default_dtype()
        given = {name: torch.from_numpy(value).to(dtype) for name, value in values.items()}
        missing, unexpected = self.networks.load_state_dict(given, strict=False)
        if unexpected or any("num_batches" not in name for name in missing):
            raise ValueError(f"weights {missing} are missing, {unexpected} are not known")
        self.generator, self.critic = self.networks["generator"], self.networks["critic"]
        self.generator_optimiser = optimiser(self.generator, preset.generator.adam)
        self.critic_optimiser = optimiser(self.critic, preset.critic.adam)
        self.averaged = copy.deepcopy(self.generator).requires_grad_(False).eval()
        self.images = (
            torch.from_numpy(images).to(dtype).permute(0, 3, 1, 2).contiguous(
                memory_format=self.layout
            )
        )
        self.batches = Batches(len(images), preset.batch, numpy.random.default_rng(seed))
        self.steps = self.critic_updates = 0

    def step(self) -> None:
        factor = self.preset.factor(self.steps)
        set_rate(self.critic_optimiser, factor * self.preset.critic.adam.rate)
        set_rate(self.generator_optimiser, factor * self.preset.generator.adam.rate)
        for _ in range(self.preset.critic_iterations):
            real = self.images.index_select(0, torch.from_numpy(next(self.batches)))
            self.critic_step(real)
        self.generator_step(real)
        self.steps += 1

    def latent(self, count: int) -> Tensor:
        return torch.randn(count, self.preset.latent)

    def critic_step(self, real: Tensor) -> None:
        with torch.no_grad():
            generated = self.generator(self.latent(self.preset.batch))
        penalties = []
        if self.preset.has_penalty(self.critic_updates):
            penalties = self.preset.penalties
        samples = {"real": real, "generated": generated}
        for penalty in penalties:
            if penalty.points == "interpolates":
                mixing = torch.rand(len(real), 1, 1, 1)
                samples["interpolates"] = torch.lerp(generated, real, mixing)
            samples[penalty.points].requires_grad_()
        self.critic_optimiser.zero_grad()
        # One pass for the scores and for their slopes.
        scores = {points: self.critic(x) for points, x in samples.items()}
        loss = Objective.critic(self.preset.objective, scores["real"], scores["generated"])
        for penalty in penalties:
            points = penalty.points
            term = penalty_at(penalty, samples[points], scores[points])
            loss = loss + self.preset.penalty_interval * term
        loss.backward(inputs=list(self.critic.parameters()))
        self.critic_optimiser.step()
        self.critic_updates += 1

    def generator_step(self, real: Tensor) -> None:
        self.critic.requires_grad_(False)  # Spares the critic's weight gradients.
        self.generator_optimiser.zero_grad()
        real_scores = None
        if self.preset.compares_pairs:
            with torch.no_grad():
                real_scores = self.critic(real)
        scores = self.critic(self.generator(self.latent(self.preset.batch)))
        Objective.generator(self.preset.objective, real_scores, scores).backward()
        self.generator_optimiser.step()
        self.critic.requires_grad_(True)
        with torch.no_grad():
            torch._foreach_lerp_(
                list(self.averaged.parameters()),
                list(self.generator.parameters()),
                self.preset.share(self.steps),
            )

    def finish(self) -> None:
        """Every call has finished on return."""

    @torch.no_grad()
    def samples(self, count: int) -> numpy.ndarray:
        """The running statistics are the generator's own."""
        for average, buffer in zip(self.averaged.buffers(), self.generator.buffers()):
            average.copy_(buffer)
        sizes = [min(SAMPLING_BATCH, count - n) for n in range(0, count, SAMPLING_BATCH)]
        images = torch.cat([self.averaged(self.latent(size)) for size in sizes])
        return images.permute(0, 2, 3, 1).contiguous().numpy()

    def tensors(self) -> Tensors:
        averages = {
            f"ema.generator.{name}": value for name, value in self.averaged.named_parameters()
        }
        return {
            name: value.detach().contiguous().numpy()
            for name, value in (self.networks.state_dict() | averages).items()
            if value.is_floating_point()
        }


def optimiser(module: nn.Module, adam: Adam) -> torch.optim.Adam:
    return torch.optim.Adam(
        module.parameters(),
        lr=adam.rate,
        betas=(adam.beta1, adam.beta2),
        eps=adam.epsilon,
        weight_decay=adam.decay,
        fused=True,
    )


def set_rate(optimiser: torch.optim.Adam, rate: float) -> None:
    for group in optimiser.param_groups:
        group["lr"] = rate


def penalty_at(penalty: Penalty, samples: Tensor, scores: Tensor) -> Tensor:
    (gradient,) = torch.autograd.grad(scores.sum(), samples, create_graph=True)
    squares = gradient.square().sum((1, 2, 3))
    if penalty.target == 0:
        return penalty.coefficient * squares.mean()
    excess = (squares + 1e-12).sqrt() - penalty.target
    if penalty.one_sided:
        excess = relu(excess)
    return penalty.coefficient * excess.square().mean()


def main() -> None:
    parser = quality_protocol.parser(__doc__)
    parser.add_argument("--channels-last", action="store_true", help="images in this layout")
    parser.add_argument("--double", action="store_true", help="float64, as a reference")
    arguments = parser.parse_args()
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    torch.set_default_dtype(torch.float64 if arguments.double else torch.float32)
    torch.manual_seed(arguments.seed)
    quality_protocol.answer(
        arguments,
        lambda arguments, preset, values, images: Training(
            preset, values, images, arguments.seed, arguments.channels_last
        ),
    )


if __name__ == "__main__":
    main()
