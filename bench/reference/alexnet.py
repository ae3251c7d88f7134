"""The notebook's AlexNet in PyTorch, on weights laid out as convzoo's files have them: kernels HWIO, dense kernels [in, out]."""

import torch
from torch.nn import functional

Weights = dict[str, torch.Tensor]

CONVOLUTIONS = ["conv2d", "conv2d_1", "conv2d_2", "conv2d_3", "conv2d_4"]


def convolution(x: torch.Tensor, weights: Weights, name: str, stride: int = 1, padding: int = 0) -> torch.Tensor:
    kernel = weights[f"{name}/kernel"].permute(3, 2, 0, 1)
    return functional.conv2d(x, kernel, weights[f"{name}/bias"], stride=stride, padding=padding)


def dense(x: torch.Tensor, weights: Weights, name: str) -> torch.Tensor:
    return x @ weights[f"{name}/kernel"] + weights[f"{name}/bias"]


def logits(images: torch.Tensor, weights: Weights, masks: dict[str, torch.Tensor] | None = None) -> torch.Tensor:
    """Images [N, H, W, C] to [N, classes]. Masks hold 0 for a dropped unit and 2 for a kept one (rate ½)."""
    x = convolution(images.permute(0, 3, 1, 2), weights, "conv2d", stride=4)
    x = functional.max_pool2d(x, 3, 2)
    x = functional.relu(convolution(x, weights, "conv2d_1", padding=2))
    x = functional.max_pool2d(x, 3, 2)
    for name in CONVOLUTIONS[2:]:
        x = functional.relu(convolution(x, weights, name, padding=1))
    x = functional.max_pool2d(x, 3, 2).permute(0, 2, 3, 1).flatten(1)
    for name, mask in (("dense", "dropout"), ("dense_1", "dropout_1")):
        x = dense(x, weights, name)
        if masks is not None:
            x = x * masks[mask]
    return dense(x, weights, "dense_2")
