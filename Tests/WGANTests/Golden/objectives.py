"""Losses and gradients of the objectives with R1 and R2, by PyTorch in double precision.

Writes objectives.json beside this file. Values of inputs and parameters are 0.8·sin(1.3·i + offset)
for the element number i, so that the file holds results alone.
"""
import json
import pathlib

import torch
from torch.nn.functional import relu, softplus

torch.set_default_dtype(torch.float64)
GAMMA = {"r1": 0.7, "r2": 0.4}
SHAPES = {
    "w1": ([5, 3], 1), "b1": ([5], 2), "w2": ([1, 5], 3), "b2": ([1], 4),
    "g1": ([3, 2], 5), "g2": ([3], 6),
}


def transform(potential, costs):
    """min over the rows of costs - potential."""
    return (costs - potential[:, None]).min(0).values


def c_transform(r, g, x, y):
    return -(r.mean() + transform(r[:, 0], torch.cdist(x, y)).mean())


def co_wgan(r, g, x, y):
    costs = torch.cdist(x, y)
    plain = r.mean() - g.mean()
    second = r.mean() + transform(r[:, 0], costs).mean()
    third = transform(-g[:, 0], costs.T).mean() - g.mean()
    return -(second if second < plain else third if third < plain else plain)


# Of the scores of real and generated samples, and of these.
OBJECTIVES = {
    "wasserstein": (lambda r, g, *_: g.mean() - r.mean(), lambda r, g, *_: -g.mean()),
    "classical": (lambda r, g, *_: softplus(-r).mean() + softplus(g).mean(),
                  lambda r, g, *_: softplus(-g).mean()),
    "hinge": (lambda r, g, *_: relu(1 - r).mean() + relu(1 + g).mean(),
              lambda r, g, *_: -g.mean()),
    "relativistic": (
        lambda r, g, *_: softplus(-(r - g)).mean(),
        lambda r, g, *_: softplus(-(g - r)).mean(),
    ),
    "cTransform": (
        c_transform, lambda r, g, x, y: transform(r[:, 0], torch.cdist(x, y)).mean(),
    ),
    "discreteTransport": (
        lambda r, g, *_: g.mean() - r.mean(),
        lambda r, g, x, y: (y - x).square().sum(1).add(1e-12).sqrt().mean(),
    ),
    "coWGAN": (co_wgan, lambda r, g, *_: -g.mean()),
}


def tensor(shape, offset):
    count = int(torch.tensor(shape).prod())
    return (0.8 * torch.sin(1.3 * torch.arange(count) + offset)).reshape(shape)


def case(critic_loss, generator_loss):
    p = {name: tensor(*spec).requires_grad_() for name, spec in SHAPES.items()}
    score = lambda x: torch.tanh(x @ p["w1"].T + p["b1"]) @ p["w2"].T + p["b2"]
    real, latent = 2 * tensor([4, 3], 7), tensor([4, 2], 8)
    generated = latent @ p["g1"].T + p["g2"]
    penalty = 0
    for name, points in (("r1", real), ("r2", generated)):
        x = points.detach().requires_grad_()
        slopes, = torch.autograd.grad(score(x).sum(), x, create_graph=True)
        penalty = penalty + GAMMA[name] / 2 * slopes.square().sum(1).mean()
    loss = critic_loss(score(real), score(generated.detach()), real, generated.detach())
    critic = torch.autograd.grad(loss + penalty, [p[n] for n in ("w1", "b1", "w2", "b2")])
    of_generator = generator_loss(score(real), score(generated), real, generated)
    generator = torch.autograd.grad(of_generator, [p["g1"], p["g2"]])
    return {
        "loss": loss.item(), "penalty": penalty.item(), "generatorLoss": of_generator.item(),
        "gradients": {n: g.flatten().tolist() for n, g in zip(SHAPES, critic + generator)},
    }


path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps({name: case(*losses) for name, losses in OBJECTIVES.items()}, indent=1))
