"""Reference values of random changes of images, by PyTorch in double precision.

python make_golden.py writes golden.json beside itself. Images are N×H×W×C; random numbers are
given.
The loss of a case is the sum of weights · (result + result² / 2).
"""

import json
import math
import pathlib

import torch

torch.manual_seed(7)
DOUBLE = torch.float64
COUNT, HEIGHT, WIDTH = 4, 6, 8


def brightness(images, numbers, enabled, range):
    return images + (enabled * range * (2 * numbers[:, 0] - 1)).view(-1, 1, 1, 1)


def around(images, centre, numbers, enabled, range):
    factor = torch.where(
        enabled == 1, 1 + range * (2 * numbers[:, 0] - 1), torch.ones_like(enabled))
    return centre + factor.view(-1, 1, 1, 1) * (images - centre)


def saturation(images, numbers, enabled, range):
    return around(images, images.mean(dim=3, keepdim=True), numbers, enabled, range)


def contrast(images, numbers, enabled, range):
    return around(images, images.mean(dim=(1, 2, 3), keepdim=True), numbers, enabled, range)


def translation(images, numbers, enabled, ratio):
    result = []
    for image, number, on in zip(images, numbers, enabled):
        most = [math.floor(extent * ratio + 0.5) for extent in image.shape[:2]]
        moves = [
            math.floor((2 * m + 1) * u) - m if on else 0 for m, u in zip(most, number.tolist())
        ]
        padded = torch.nn.functional.pad(image, (0, 0, most[1], most[1], most[0], most[0]))
        top, left = most[0] + moves[0], most[1] + moves[1]
        result.append(padded[top : top + image.shape[0], left : left + image.shape[1]])
    return torch.stack(result)


def cutout(images, numbers, enabled, ratio):
    masks = torch.ones_like(images)
    for mask, number, on in zip(masks, numbers, enabled):
        if not on:
            continue
        slices = []
        for extent, u in zip(mask.shape[:2], number.tolist()):
            size = math.floor(extent * ratio + 0.5)
            first = math.floor((extent + 1 - size % 2) * u) - size // 2
            slices.append(slice(max(first, 0), max(first + size, 0)))
        mask[slices[0], slices[1]] = 0
    return images * masks


CASES = [
    (brightness, "range", 0.5, 1, 3), (saturation, "range", 1.0, 1, 3),
    (saturation, "range", 0.7, 1, 1), (contrast, "range", 0.5, 1, 3),
    (translation, "ratio", 0.25, 2, 3), (translation, "ratio", 0.125, 2, 1),
    (cutout, "ratio", 0.5, 2, 3), (cutout, "ratio", 0.4, 2, 1),
]


def short(numbers):
    """The numbers with three digits after the point, which a file writes shortly."""
    return (numbers * 1000).round() / 1000


def main():
    cases = []
    for function, setting, value, count, channels in CASES:
        images = short(torch.randn(COUNT, HEIGHT, WIDTH, channels, dtype=DOUBLE))
        images.requires_grad_()
        numbers = short(torch.rand(COUNT, count, dtype=DOUBLE))
        enabled = torch.tensor([1, 1, 0, 1], dtype=DOUBLE)
        weights = short(torch.randn(images.shape, dtype=DOUBLE))
        result = function(images, numbers, enabled, **{setting: value})
        (weights * (result + result**2 / 2)).sum().backward()
        cases.append(
            {
                "name": function.__name__, "setting": value, "shape": list(images.shape),
                "images": images.detach().flatten().tolist(),
                "numbers": numbers.flatten().tolist(), "enabled": enabled.tolist(),
                "weights": weights.flatten().tolist(),
                "result": result.detach().flatten().tolist(),
                "gradient": images.grad.flatten().tolist(),
            })
    path = pathlib.Path(__file__).parent / "golden.json"
    path.write_text(json.dumps({"torch": torch.__version__, "cases": cases}) + "\n")


main()
