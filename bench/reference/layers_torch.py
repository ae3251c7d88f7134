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


def channels_last(function):
    """A function on [N, H, W, C]."""

    def call(x, weights):
        return function(x.permute(0, 2, 3, 1), weights).permute(0, 3, 1, 2)

    return call


def depthwise(x, kernel, **options):
    """A kernel [kh, kw, C, multiplier]: one group a channel."""
    rows, columns, channels, multiplier = kernel.shape
    grouped = kernel.permute(2, 3, 0, 1).reshape(channels * multiplier, 1, rows, columns)
    return functional.conv2d(x, grouped, groups=channels, **options)


def separable(x, weights):
    between = depthwise(x, weights["depthwise_kernel"], dilation=(1, 2))
    return functional.conv2d(between, weights["pointwise_kernel"].permute(3, 2, 0, 1), weights["bias"])


# What stretches inputs over all pieces of a function, and meets no kink.
WIDE = 255 / 64

# PyTorch's sixth is one of single precision.
SINGLE = ("hardSigmoid",)

STATISTICS = ("moving_mean", "moving_variance")

# The layer in core, its options there, the same in PyTorch on [N, C, H, W], the input's shape [N, H, W, C] or a list of them, the weights'
# shapes as core has them, whether it trains, and what its inputs are multiplied by.
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
    *(
        (name, {}, lambda x, _, function=function: function(x), (1, 2, 3, 2), {}, False, WIDE)
        for name, function in (
            ("elu", functional.elu),
            ("gelu", functional.gelu),
            ("hardSigmoid", functional.hardsigmoid),
            ("hardSwish", functional.hardswish),
            ("mish", functional.mish),
            ("relu", functional.relu),
            ("relu6", functional.relu6),
            ("selu", functional.selu),
            ("sigmoid", functional.sigmoid),
            ("silu", functional.silu),
            ("softplus", lambda x: functional.softplus(x, threshold=100)),
            ("tanh", torch.tanh),
        )
    ),
    ("gelu", {"approximate": "tanh"}, lambda x, _: functional.gelu(x, approximate="tanh"), (1, 2, 3, 2), {}, False),
    ("softmax", {}, lambda x, _: functional.softmax(x, dim=1), (1, 2, 3, 2), {}, False),
    ("multiply", {}, lambda x, _: x[0] * x[1], [IMAGE, (2, 1, 1, 4)], {}, False),
    ("reshape", {"targetShape": [2, -1, 4]}, channels_last(lambda x, _: x.reshape(2, 2, -1, 4)), IMAGE, {}, False),
    ("permute", {"dims": [2, 1, 3]}, lambda x, _: x.transpose(2, 3), IMAGE, {}, False),
    ("channelShuffle", {"groups": 2}, lambda x, _: functional.channel_shuffle(x, 2), (1, 2, 3, 6), {}, False),
    (
        "depthwiseConv2d",
        {"kernelSize": [2, 3], "depthMultiplier": 2, "strides": [2, 1]},
        lambda x, weights: depthwise(x, weights["depthwise_kernel"], bias=weights["bias"], stride=(2, 1)),
        IMAGE,
        {"depthwise_kernel": (2, 3, 4, 2), "bias": (8,)},
        False,
    ),
    (
        "depthwiseConv2d",
        {"kernelSize": 3, "padding": "same", "useBias": False},
        lambda x, weights: depthwise(x, weights["depthwise_kernel"], padding=1),
        IMAGE,
        {"depthwise_kernel": (3, 3, 4, 1)},
        False,
    ),
    (
        "separableConv2d",
        {"filters": 3, "kernelSize": 2, "depthMultiplier": 2, "dilations": [1, 2]},
        separable,
        IMAGE,
        {"depthwise_kernel": (2, 2, 4, 2), "pointwise_kernel": (1, 1, 8, 3), "bias": (3,)},
        False,
    ),
    (
        "layerNormalization",
        {"epsilon": 1e-5},
        channels_last(lambda x, weights: functional.layer_norm(x, (4,), weights["gamma"], weights["beta"])),
        IMAGE,
        {"gamma": (4,), "beta": (4,)},
        False,
    ),
]


def case(generator, name, options, call, shapes, weight_shapes, training, stretch=1):
    several = isinstance(shapes, list)
    inputs = [torch.from_numpy(draw(generator, shape) * stretch).requires_grad_() for shape in (shapes if several else [shapes])]
    weights = {}
    for key, weight_shape in weight_shapes.items():
        offset = 3 if key == "moving_variance" else 0
        weights[key] = torch.from_numpy(draw(generator, weight_shape) + offset).requires_grad_(key not in STATISTICS)
    before = {key: tensor(weight.detach().numpy()) for key, weight in weights.items()}
    images = [x.permute(0, 3, 1, 2) for x in inputs]
    output = call(images if several else images[0], weights).permute(0, 2, 3, 1)
    cotangent = torch.from_numpy(draw(generator, tuple(output.shape)))
    (output * cotangent).sum().backward()
    return {
        "layer": name,
        "options": options,
        "training": training,
        "single": name in SINGLE,
        "inputs": [tensor(x.detach().numpy()) for x in inputs],
        "weights": before,
        "output": tensor(output.detach().numpy()),
        "cotangent": rounded(cotangent),
        "inputGradients": [rounded(x.grad) for x in inputs],
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
