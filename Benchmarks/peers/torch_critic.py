#!/usr/bin/env python3
"""A WGAN-GP critic of two distributions with a known distance, in eager PyTorch.

The pair and the critic are those of `wgan critics gp`: Korotin, Kolesov and Burnaev 2022,
arXiv:2206.07767. Prints the milliseconds of an update and the estimate as a share of W1.
"""

import json
import sys
import time

import torch
from torch import Tensor, nn

HALF_WIDTH, POWER, BATCH, WARM_UP, FRESH = 2.5, 8, 1024, 20, 4096


class Pair:
    """A uniform distribution in a cube, and where funnels pull it."""

    def __init__(self, dimensions: int, funnels: int) -> None:
        self.dimensions = dimensions
        self.centers = HALF_WIDTH * (2 * torch.rand(funnels, dimensions) - 1)
        self.offsets = 0.1 * torch.randn(funnels)

    def uniform(self, count: int) -> Tensor:
        return HALF_WIDTH * (2 * torch.rand(count, self.dimensions) - 1)

    def moved(self, count: int) -> tuple[Tensor, Tensor]:
        """Points, and how far each was pulled."""
        x = self.uniform(count)
        gaps = x[:, None] - self.centers
        distances = gaps.norm(dim=2)
        potential, owner = (distances + self.offsets).min(1)
        own = owner[:, None]
        position = distances.gather(1, own)
        direction = gaps[torch.arange(count), owner] / position
        faces = (direction.sign() * HALF_WIDTH - x) / direction
        face = faces.masked_fill(direction == 0, torch.inf).amin(1)
        k = potential[:, None] - self.offsets
        slope = k - torch.einsum("kni,ki->kn", gaps, direction)
        borders = (distances - k) * (distances + k) / (2 * slope)
        borders = borders.masked_fill(slope <= 0, torch.inf).scatter(1, own, torch.inf)
        length = position + torch.minimum(face, borders.amin(1))[:, None]
        share = length * (position / length) ** POWER
        return x - direction * (position - share), (position - share)[:, 0]


def penalty(critic: nn.Module, real: Tensor, generated: Tensor) -> Tensor:
    mixing = torch.rand(BATCH, 1)
    points = (mixing * real + (1 - mixing) * generated).requires_grad_()
    (slopes,) = torch.autograd.grad(critic(points).sum(), points, create_graph=True)
    return 10 * (slopes.norm(dim=1) - 1).square().mean()


def main() -> None:
    dimensions, funnels, updates, seed, threads = map(int, sys.argv[1:])
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    pair = Pair(dimensions, funnels)
    width = max(2 * dimensions, 128)
    critic = nn.Sequential(
        nn.Linear(dimensions, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(),
        nn.Linear(width, 1),
    )
    optimiser = torch.optim.Adam(critic.parameters(), lr=2e-4, betas=(0.0, 0.9))
    for update in range(updates):
        if update == WARM_UP:
            began = time.perf_counter()
        real, generated = pair.moved(BATCH)[0], pair.uniform(BATCH)
        loss = critic(generated).mean() - critic(real).mean()
        loss = loss + penalty(critic, real, generated)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    seconds = time.perf_counter() - began
    with torch.no_grad():
        points, ways = pair.moved(FRESH)
        estimate = critic(points).mean() - critic(pair.uniform(FRESH)).mean()
        share = (estimate / ways.mean()).item()
    print(json.dumps({"ms": 1e3 * seconds / (updates - WARM_UP), "share": share}))


if __name__ == "__main__":
    main()
