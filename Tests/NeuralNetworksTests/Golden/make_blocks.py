"""Writes blocks.json: layers of images as PyTorch computes them in double precision.

    python3 make_blocks.py > blocks.json

For each layer, which is named as in a configuration file: its parameters under PyTorch's names, an
input, the result, and with S the sum of the result times fixed numbers, the derivatives of S and of
the sum of squares of dS/dx, by the input and by each parameter. Images are written channels last.
"""

import json
import math

import torch
from torch import nn
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)


class Down(nn.Module):
    def __init__(self, inputs, outputs, norm1=None, norm2=None):
        super().__init__()
        if norm1 is not None:
            self.norm1 = norm1
        self.conv1 = nn.Conv2d(inputs, inputs, 3, padding=1)
        if norm2 is not None:
            self.norm2 = norm2
        self.conv2 = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.shortcut = nn.Conv2d(inputs, outputs, 1)

    def forward(self, x):
        normalised = lambda name, y: getattr(self, name)(y) if hasattr(self, name) else y
        y = self.conv1(F.relu(normalised("norm1", x)))
        y = self.conv2(F.relu(normalised("norm2", y)))
        return F.avg_pool2d(y, 2) + F.avg_pool2d(self.shortcut(x), 2)


class Up(nn.Module):
    def __init__(self, inputs, outputs, norm1=None, norm2=None):
        super().__init__()
        if norm1 is not None:
            self.norm1 = norm1
        self.conv1 = nn.Conv2d(inputs, outputs, 3, padding=1)
        if norm2 is not None:
            self.norm2 = norm2
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1)
        self.shortcut = nn.Conv2d(inputs, outputs, 1)

    def forward(self, x):
        normalised = lambda name, y: getattr(self, name)(y) if hasattr(self, name) else y
        doubled = lambda y: F.interpolate(y, scale_factor=2, mode="nearest")
        y = self.conv1(doubled(F.relu(normalised("norm1", x))))
        y = self.conv2(F.relu(normalised("norm2", y)))
        return y + self.shortcut(doubled(x))


class Bottleneck(nn.Module):
    def __init__(self, channels, groups, expansion):
        super().__init__()
        wide = channels * expansion
        self.conv1 = nn.Conv2d(channels, wide, 1)
        self.conv2 = nn.Conv2d(wide, wide, 3, padding=1, groups=groups)
        self.conv3 = nn.Conv2d(wide, channels, 1, bias=False)

    def forward(self, x):
        y = F.leaky_relu(self.conv1(x), 0.2)
        return x + self.conv3(F.leaky_relu(self.conv2(y), 0.2))


class Attention(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.theta = nn.Conv2d(channels, channels // 8, 1, bias=False)
        self.phi = nn.Conv2d(channels, channels // 8, 1, bias=False)
        self.g = nn.Conv2d(channels, channels // 2, 1, bias=False)
        self.o = nn.Conv2d(channels // 2, channels, 1, bias=False)
        self.gamma = nn.Parameter(torch.tensor(0.0))

    def forward(self, x):
        theta = self.theta(x).flatten(2)
        phi = F.max_pool2d(self.phi(x), 2).flatten(2)
        g = F.max_pool2d(self.g(x), 2).flatten(2)
        shares = torch.softmax(theta.transpose(1, 2) @ phi, dim=-1)
        found = (g @ shares.transpose(1, 2)).reshape(x.shape[0], -1, *x.shape[2:])
        return x + self.gamma * self.o(found)


class Function(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def deviation(size):
    """Group by group: members are the samples i, i + n, i + 2n, … of n groups."""

    def function(x):
        groups = x.shape[0] // size
        value = [
            (x[i::groups].var(dim=0, unbiased=False) + 1e-8).sqrt().mean() for i in range(groups)
        ]
        channel = torch.stack([value[i % groups] for i in range(x.shape[0])])
        if x.dim() == 2:
            return torch.cat([x, channel[:, None]], 1)
        spread = channel[:, None, None, None].expand(-1, 1, *x.shape[2:])
        return torch.cat([x, spread], 1)

    return Function(function)


def pixel_norm(x):
    return x / (x.square().mean(dim=1, keepdim=True) + 1e-8).sqrt()


def doubled(x):
    """Linear interpolation of the image with zeros around it."""
    large = F.interpolate(
        F.pad(x, (1, 1, 1, 1)), scale_factor=2, mode="bilinear", align_corners=False)
    return large[:, :, 2:-2, 2:-2]


def halved(x):
    """A triangle of twice the width of a result's pixel, with zeros around the image."""
    small = F.interpolate(
        F.pad(x, (2, 2, 2, 2)), scale_factor=0.5, mode="bilinear", align_corners=False,
        antialias=True)
    return small[:, :, 1:-1, 1:-1]


CASES = [
    ("conv2d: {outputs: 6, kernel: 3, stride: 2, padding: 1, groups: 2}", [2, 5, 4, 4],
     lambda: nn.Conv2d(4, 6, 3, stride=2, padding=1, groups=2)),
    ("conv2d: {outputs: 4, kernel: 3, groups: 4, bias: false}", [2, 4, 4, 4],
     lambda: nn.Conv2d(4, 4, 3, groups=4, bias=False)),
    ("convTranspose2d: {outputs: 6, kernel: 4, stride: 2, padding: 1, groups: 2}", [2, 3, 2, 4],
     lambda: nn.ConvTranspose2d(4, 6, 4, stride=2, padding=1, groups=2)),
    ("residualUp: 3", [2, 3, 2, 4], lambda: Up(4, 3)),
    ("residualUp: {outputs: 3, normalisation: batchNorm2d}", [3, 2, 3, 2],
     lambda: Up(2, 3, nn.BatchNorm2d(2), nn.BatchNorm2d(3))),
    ("residualUp: {outputs: 2, normalisation: layerNorm}", [2, 2, 3, 3],
     lambda: Up(3, 2, nn.LayerNorm([3, 2, 3]), nn.LayerNorm([2, 4, 6]))),
    ("residualDown: 3", [2, 4, 6, 2], lambda: Down(2, 3)),
    ("residualDown: {outputs: 2, normalisation: layerNorm}", [2, 5, 4, 3],
     lambda: Down(3, 2, nn.LayerNorm([3, 5, 4]), nn.LayerNorm([3, 5, 4]))),
    ("residualDown: {outputs: 2, normalisation: instanceNorm2d}", [2, 4, 4, 3],
     lambda: Down(3, 2, nn.InstanceNorm2d(3), nn.InstanceNorm2d(3))),
    ("invertedBottleneck: {groups: 4, expansion: 2, depth: 3}", [2, 4, 3, 4],
     lambda: Bottleneck(4, 4, 2)),
    ("minibatchStandardDeviation: 2", [4, 2, 3, 2], lambda: deviation(2)),
    ("minibatchStandardDeviation: 4", [6, 5], lambda: deviation(3)),
    ("pixelNorm", [2, 2, 3, 4], lambda: Function(pixel_norm)),
    ("pixelNorm", [3, 5], lambda: Function(pixel_norm)),
    ("bilinearUpsample", [2, 3, 4, 2], lambda: Function(doubled)),
    ("bilinearDownsample", [2, 6, 4, 3], lambda: Function(halved)),
    ("selfAttention", [2, 4, 5, 16], lambda: Attention(16)),
]


def channels_first(x):
    return x.permute(0, 3, 1, 2) if x.dim() == 4 else x


def channels_last(x):
    return x.permute(0, 2, 3, 1) if x.dim() == 4 else x


def numbers(x):
    return [float(f"{value:.15g}") for value in x.detach().flatten().tolist()]


def normal(shape, deviation=1.0):
    # What is written is what is computed with.
    x = (torch.randn(shape) * deviation).reshape(-1)
    return torch.tensor(numbers(x)).reshape(shape)


def case(name, shape, make):
    module = make()
    parameters = dict(module.named_parameters())
    with torch.no_grad():
        for parameter in parameters.values():
            fan_in = max(parameter[0].numel() if parameter.dim() > 1 else 1, 1)
            parameter.copy_(normal(parameter.shape, 1 / math.sqrt(fan_in)))
    x = normal(shape).requires_grad_()
    output = channels_last(module(channels_first(x)))
    factors = normal(output.shape)
    variables = {"x": x, **parameters}
    scalar = (output * factors).sum()
    slopes = torch.autograd.grad(scalar, list(variables.values()), create_graph=True)
    bends = torch.autograd.grad(
        slopes[0].square().sum(), list(variables.values()), allow_unused=True,
        materialize_grads=True) if slopes[0].requires_grad else [
            torch.zeros_like(variable) for variable in variables.values()]
    return {
        "layer": name, "input": shape, "result": list(output.shape),
        "values": {key: numbers(value) for key, value in variables.items()},
        "shapes": {key: list(value.shape) for key, value in parameters.items()},
        "factors": numbers(factors), "output": numbers(output),
        "slopes": {key: numbers(value) for key, value in zip(variables, slopes)},
        "bends": {key: numbers(value) for key, value in zip(variables, bends)},
    }


if __name__ == "__main__":
    torch.manual_seed(1)
    lines = ",\n".join(json.dumps(case(*entry)) for entry in CASES)
    print(f'{{"torch": "{torch.__version__}", "cases": [\n{lines}\n]}}')
