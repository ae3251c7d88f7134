"""What PyTorch sees inside a small network: gradients, guided gradients, a deconvnet, Grad-CAM, integrated gradients.

Rectifiers and normalisations are autograd functions whose backward passes are those of the papers; maxima, convolutions and dense layers are
PyTorch's own. Images and weights are written in the order that convzoo keeps: [N, H, W, C] and [kh, kw, in, out].
"""

import argparse
import json
from pathlib import Path

import torch
import torch.nn.functional as F

height, width, channels, classes = 12, 11, 2, 4
lrn = {"radius": 2, "bias": 2.0, "alpha": 0.05, "beta": 0.75}


class Rectified(torch.autograd.Function):
    """A rectifier that passes back what the method says."""

    @staticmethod
    def forward(context, x, method):
        context.method = method
        context.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(context, signal):
        (x,) = context.saved_tensors
        positive = (x > 0).to(signal)
        if context.method == "gradient":
            return signal * positive, None
        if context.method == "guided":
            return signal.clamp(min=0) * positive, None
        return signal.clamp(min=0), None


class Normalized(torch.autograd.Function):
    """Local response normalisation that a deconvnet passes as if it were not there."""

    @staticmethod
    def forward(context, x):
        return normalized(x)

    @staticmethod
    def backward(context, signal):
        return signal


def normalized(x):
    size = 2 * lrn["radius"] + 1
    return F.local_response_norm(x, size, alpha=lrn["alpha"] * size, beta=lrn["beta"], k=lrn["bias"])


def forward(weights, images, method):
    """Every layer's output by name; images [N, C, H, W]."""
    relu = lambda x: Rectified.apply(x, method)
    found = {}
    x = F.conv2d(images, weights["conv2d/kernel"], weights["conv2d/bias"], stride=1, padding=1)
    x = found["conv2d"] = relu(x)
    x = Normalized.apply(x) if method == "deconvnet" else normalized(x)
    x = F.max_pool2d(x, 3, 2)
    x = F.conv2d(x, weights["conv2d_1/kernel"], weights["conv2d_1/bias"])
    x = found["conv2d_1"] = relu(x)
    # Keras flattens rows, columns and channels in this order.
    x = x.permute(0, 2, 3, 1).flatten(1)
    x = found["dense"] = relu(x @ weights["dense/kernel"] + weights["dense/bias"])
    found["scores"] = x @ weights["dense_1/kernel"] + weights["dense_1/bias"]
    return found


def carried_back(weights, images, method, pick):
    images = images.clone().requires_grad_(True)
    target = pick(forward(weights, images, method))
    return torch.autograd.grad(target, images)[0]


def strongest(name, unit):
    """The sum over the images of the strongest activation of a unit."""

    def pick(found):
        value = found[name]
        own = value[:, unit] if value.dim() == 4 else value[:, unit : unit + 1]
        flat = own.flatten(1)
        return flat.gather(1, flat.argmax(1, keepdim=True)).pow(2).div(2).sum()

    return pick


def grad_cam(weights, images, labels):
    found = forward(weights, images.clone().requires_grad_(True), "gradient")
    maps = found["conv2d_1"]
    score = found["scores"].gather(1, labels[:, None]).sum()
    gradients = torch.autograd.grad(score, maps)[0]
    return (gradients.mean((2, 3), keepdim=True) * maps).sum(1).clamp(min=0)


def integrated(weights, images, labels, steps):
    total = torch.zeros_like(images)
    score = lambda found: found["scores"].gather(1, labels[:, None]).sum()
    for step in range(steps):
        total += carried_back(weights, images * ((step + 0.5) / steps), "gradient", score)
    return images * total / steps


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    torch.manual_seed(7)
    torch.set_default_dtype(torch.float64)
    normal = lambda *shape: torch.randn(*shape).float().double()
    weights = {
        "conv2d/kernel": normal(5, channels, 3, 3) * 0.4,
        "conv2d/bias": normal(5) * 0.1,
        "conv2d_1/kernel": normal(6, 5, 3, 3) * 0.3,
        "conv2d_1/bias": normal(6) * 0.1,
        "dense/kernel": normal(3 * 3 * 6, 8) * 0.3,
        "dense/bias": normal(8) * 0.1,
        "dense_1/kernel": normal(8, classes) * 0.5,
        "dense_1/bias": normal(classes) * 0.1,
    }
    weights = {name: value.float().double() for name, value in weights.items()}
    images = normal(2, channels, height, width)
    scores = forward(weights, images, "gradient")["scores"]
    labels = scores.argmax(1)
    score = lambda found: found["scores"].gather(1, labels[:, None]).sum()
    # The signal that starts is the activation itself, so half of its square has the right gradient.
    deconvnet = {
        f"{name} {unit}": carried_back(weights, images, "deconvnet", strongest(name, unit))
        for name, unit in [("conv2d", 3), ("conv2d_1", 0), ("conv2d_1", 1), ("dense", 2), ("dense", 5)]
    }
    last = lambda x: x.permute(0, 2, 3, 1) if x.dim() == 4 else x
    # Nine digits are a float32 whole, seven what results are compared by.
    numbers = lambda x, digits=7: [float(f"{value:.{digits}g}") for value in x.flatten().tolist()]
    kernels = lambda x: x.permute(2, 3, 1, 0) if x.dim() == 4 else x
    fixture = {
        "source": f"bench/reference/inside.py, torch {torch.__version__}",
        "input": [height, width, channels],
        "normalization": lrn,
        "weights": {name: {"shape": list(kernels(value).shape), "data": numbers(kernels(value), 9)} for name, value in weights.items()},
        "images": numbers(last(images), 9),
        "labels": labels.tolist(),
        "scores": numbers(scores),
        "gradient": numbers(last(carried_back(weights, images, "gradient", score))),
        "guided": numbers(last(carried_back(weights, images, "guided", score))),
        "deconvnet": {name: numbers(last(value)) for name, value in deconvnet.items()},
        "gradCam": numbers(grad_cam(weights, images, labels)),
        "integrated": {"steps": 20, "values": numbers(last(integrated(weights, images, labels, 20)))},
    }
    arguments.output.write_text(json.dumps(fixture, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
