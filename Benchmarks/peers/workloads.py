"""The numbers of the workloads, the same for every framework."""

from dataclasses import dataclass

CRITIC_ITERATIONS = 5
CLIP_BOUND = 0.01
PENALTY_COEFFICIENT = 10.0
ADAM_RATE, ADAM_BETAS = 1e-4, (0.0, 0.9)
RMSPROP_RATE = 5e-5


@dataclass(frozen=True)
class Workload:
    """One training: five updates of the critic and one of the generator are an iteration."""

    networks: str  # "perceptron", "mnist" or "images64", which is larger for larger samples.
    depth: int  # Hidden layers of a perceptron.
    width: int  # Units of a hidden layer, or channels of the critic's first layer.
    sample_shape: tuple[int, ...]  # Images are height, width, channels.
    batch: int
    latent: int
    penalised: bool  # By gradient penalty, else with clipped weights.
    adam: bool  # Else RMSprop.
    gflop: float  # Billions of operations of an iteration, convolutions by the direct method.

    @property
    def is_of_images(self) -> bool:
        return len(self.sample_shape) == 3

    @property
    def levels(self) -> int:
        """How often an image is halved until it has 4 pixels a side."""
        return self.sample_shape[0].bit_length() - 3


MNIST, IMAGES = (28, 28, 1), (64, 64, 3)

WORKLOADS = {
    "W1": Workload("perceptron", 1, 100, (2,), 200, 2, False, True, 0.01),
    "W2": Workload("perceptron", 3, 512, (2,), 128, 2, False, False, 5.4),
    "W3": Workload("perceptron", 3, 512, (2,), 256, 2, True, True, 15),
    "W4": Workload("mnist", 0, 64, MNIST, 64, 128, False, False, 35),
    "W5": Workload("mnist", 0, 64, MNIST, 64, 128, True, True, 60),
    "W6": Workload("images64", 0, 64, IMAGES, 16, 128, True, True, 216),
}

# Too large for processors: measured on accelerators alone.
DEVICE_WORKLOADS = WORKLOADS | {
    "W7": Workload("images64", 0, 64, (128, 128, 3), 64, 128, True, True, 4600),
}
