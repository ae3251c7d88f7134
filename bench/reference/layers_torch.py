"""Writes what PyTorch makes of small inputs, forward and backward, in double precision: the truth for the layers of core."""

import numpy
import torch
from layer_cases import draw, rounded, tensor, write
from torch.nn import functional

torch.set_default_dtype(torch.float64)

IMAGE = (2, 4, 5, 4)
KERNEL = (2, 3, 2, 6)


def convolution(**options):
    def call(x, weights):
        return functional.conv2d(x, weights["kernel"].permute(3, 2, 0, 1), weights["bias"], **options)

    return call


def normalization(x, weights):
    moving = [weights["moving_mean"], weights["moving_variance"]]
    return functional.batch_norm(x, *moving, weights["gamma"], weights["beta"], training=True, momentum=0.2, eps=0.01)


STATISTICS = ("moving_mean", "moving_variance")

# The layer in core, its options there, the same in PyTorch on [N, C, H, W], the input's shape [N, H, W, C], the weights' shapes as core
# has them, and whether it trains.
CASES = [
    (
        "conv2d",
        {"filters": 6, "kernelSize": [2, 3], "groups": 2, "strides": [2, 1]},
        convolution(groups=2, stride=(2, 1)),
        IMAGE,
        {"kernel": KERNEL, "bias": (6,)},
        False,
    ),
    (
        "conv2d",
        {"filters": 6, "kernelSize": [2, 3], "groups": 2, "dilations": [1, 2]},
        convolution(groups=2, dilation=(1, 2)),
        IMAGE,
        {"kernel": KERNEL, "bias": (6,)},
        False,
    ),
    (
        "conv2d",
        {"filters": 4, "kernelSize": 3, "groups": 4, "padding": "same"},
        convolution(groups=4, padding=1),
        IMAGE,
        {"kernel": (3, 3, 1, 4), "bias": (4,)},
        False,
    ),
    # Local response normalization of size 5 and 3, whose alpha PyTorch divides by the size.
    (
        "localResponseNormalization",
        {"depthRadius": 2, "bias": 1, "alpha": 0.3 / 5, "beta": 0.75},
        lambda x, _: functional.local_response_norm(x, 5, alpha=0.3, beta=0.75, k=1),
        (2, 1, 2, 8),
        {},
        False,
    ),
    (
        "localResponseNormalization",
        {"depthRadius": 1, "bias": 2, "alpha": 0.6 / 3, "beta": 1.5},
        lambda x, _: functional.local_response_norm(x, 3, alpha=0.6, beta=1.5, k=2),
        (2, 1, 2, 8),
        {},
        False,
    ),
    (
        "averagePool2d",
        {"poolSize": 3, "strides": 1, "padding": "same"},
        lambda x, _: functional.avg_pool2d(x, 3, 1, padding=1, count_include_pad=False),
        IMAGE,
        {},
        False,
    ),
    # Momentum is how much stays in core, how much is new in PyTorch.
    (
        "batchNormalization",
        {"momentum": 0.8, "epsilon": 0.01},
        normalization,
        IMAGE,
        {"gamma": (4,), "beta": (4,), "moving_mean": (4,), "moving_variance": (4,)},
        True,
    ),
]


def case(generator, name, options, call, shape, weight_shapes, training):
    x = torch.from_numpy(draw(generator, shape)).requires_grad_()
    weights = {}
    for key, weight_shape in weight_shapes.items():
        offset = 3 if key == "moving_variance" else 0
        weights[key] = torch.from_numpy(draw(generator, weight_shape) + offset).requires_grad_(key not in STATISTICS)
    before = {key: tensor(weight.detach().numpy()) for key, weight in weights.items()}
    output = call(x.permute(0, 3, 1, 2), weights).permute(0, 2, 3, 1)
    cotangent = torch.from_numpy(draw(generator, tuple(output.shape)))
    (output * cotangent).sum().backward()
    return {
        "layer": name,
        "options": options,
        "training": training,
        "single": False,
        "inputs": [tensor(x.detach().numpy())],
        "weights": before,
        "output": tensor(output.detach().numpy()),
        "cotangent": rounded(cotangent),
        "inputGradients": [rounded(x.grad)],
        "weightGradients": {key: rounded(weight.grad) for key, weight in weights.items() if key not in STATISTICS},
        "statistics": {key: rounded(weight) for key, weight in weights.items() if key in STATISTICS},
    }


if __name__ == "__main__":
    generator = numpy.random.default_rng(1)
    write(
        __doc__,
        f"layers_torch.py, torch {torch.__version__.split('+')[0]}, numpy {numpy.__version__}",
        [case(generator, *each) for each in CASES],
    )
