"""The notebook's networks, and the example resnet9, in PyTorch, on weights laid out as convzoo's files have them: kernels HWIO, dense kernels [in, out].

Each gives logits [N, classes] for images [N, H, W, C]. Masks hold 0 for a dropped unit and 2 for a kept one (rate ½).
"""

import torch
from torch.nn import functional

Weights = dict[str, torch.Tensor]
Masks = dict[str, torch.Tensor] | None


def convolution(x: torch.Tensor, weights: Weights, name: str, stride: int = 1, padding: int = 0) -> torch.Tensor:
    kernel = weights[f"{name}/kernel"].permute(3, 2, 0, 1)
    return functional.conv2d(x, kernel, weights[f"{name}/bias"], stride=stride, padding=padding)


def dense(x: torch.Tensor, weights: Weights, name: str) -> torch.Tensor:
    return x @ weights[f"{name}/kernel"] + weights[f"{name}/bias"]


def pool(x: torch.Tensor) -> torch.Tensor:
    return functional.max_pool2d(x, 3, 2)


def flatten(x: torch.Tensor) -> torch.Tensor:
    return x.permute(0, 2, 3, 1).flatten(1)


def trunk(images: torch.Tensor, weights: Weights, stride: int) -> torch.Tensor:
    """The five convolutions that three of the networks share, of which the first is linear."""
    x = pool(convolution(images.permute(0, 3, 1, 2), weights, "conv2d", stride=stride))
    x = pool(functional.relu(convolution(x, weights, "conv2d_1", padding=2)))
    for name in ("conv2d_2", "conv2d_3", "conv2d_4"):
        x = functional.relu(convolution(x, weights, name, padding=1))
    return pool(x)


def head(x: torch.Tensor, weights: Weights, masks: Masks) -> torch.Tensor:
    x = flatten(x)
    for name, mask in (("dense", "dropout"), ("dense_1", "dropout_1")):
        x = dense(x, weights, name)
        if masks is not None:
            x = x * masks[mask]
    return dense(x, weights, "dense_2")


def alexnet(images: torch.Tensor, weights: Weights, masks: Masks = None) -> torch.Tensor:
    return head(trunk(images, weights, stride=4), weights, masks)


def zfnet(images: torch.Tensor, weights: Weights, masks: Masks = None) -> torch.Tensor:
    return head(trunk(images, weights, stride=2), weights, masks)


def nin(images: torch.Tensor, weights: Weights, masks: Masks = None) -> torch.Tensor:
    maps = convolution(trunk(images, weights, stride=4), weights, "conv2d_5")
    return maps.mean((2, 3))


def alexnet_twotower(images: torch.Tensor, weights: Weights, masks: Masks = None) -> torch.Tensor:
    def stem(first: str, second: str) -> torch.Tensor:
        x = pool(convolution(images.permute(0, 3, 1, 2), weights, first, stride=4))
        return convolution(x, weights, second, padding=2)

    def tower(both: torch.Tensor, *names: str) -> torch.Tensor:
        for name in names:
            both = convolution(both, weights, name, padding=1)
        return flatten(pool(both))

    maps = torch.cat([stem("conv2d", "conv2d_1"), stem("conv2d_2", "conv2d_3")], 1)
    rows = torch.cat(
        [tower(maps, "conv2d_4", "conv2d_5", "conv2d_6"), tower(maps, "conv2d_7", "conv2d_8", "conv2d_9")], 1
    )
    crossed = torch.cat([dense(rows, weights, "dense"), dense(rows, weights, "dense_1")], 1)
    m, n = dense(crossed, weights, "dense_2"), dense(crossed, weights, "dense_3")
    return dense(torch.cat([n, m], 1), weights, "dense_4")


def resnet9(images: torch.Tensor, weights: Weights, masks: Masks = None) -> torch.Tensor:
    """examples/resnet9, with the statistics that its normalisations have kept. Nothing of it is dropped."""
    names = iter(("", *(f"_{index}" for index in range(1, 8))))

    def block(x: torch.Tensor) -> torch.Tensor:
        name = next(names)
        x = functional.conv2d(x, weights[f"conv2d{name}/kernel"].permute(3, 2, 0, 1), padding=1)
        statistics = [weights[f"batch_normalization{name}/{each}"] for each in ("moving_mean", "moving_variance")]
        factors = [weights[f"batch_normalization{name}/{each}"] for each in ("gamma", "beta")]
        return functional.relu(functional.batch_norm(x, *statistics, *factors, eps=1e-5))

    def pooled(x: torch.Tensor) -> torch.Tensor:
        return functional.max_pool2d(block(x), 2)

    x = pooled(block(images.permute(0, 3, 1, 2)))
    x = x + block(block(x))
    x = pooled(pooled(x))
    x = x + block(block(x))
    return dense(x.amax((2, 3)), weights, "dense")


NETWORKS = {"alexnet": alexnet, "alexnet-twotower": alexnet_twotower, "zfnet": zfnet, "nin": nin, "resnet9": resnet9}
