"""PyTorch's side of compare.mjs: the notebook's AlexNet, trained with SGDW as tensorflow_addons has it, at PyTorch's best settings:
all cores, and the fused list operations that its own optimizers use."""

import json
import os
import sys
import time

import torch
from torch import nn
from work import parse_work


def network(channels: int, classes: int, height: int, width: int) -> nn.Module:
    features = nn.Sequential(
        nn.Conv2d(channels, 96, 11, 4),
        nn.MaxPool2d(3, 2),
        nn.Conv2d(96, 256, 5, padding=2),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(3, 2),
        nn.Conv2d(256, 384, 3, padding=1),
        nn.ReLU(inplace=True),
        nn.Conv2d(384, 384, 3, padding=1),
        nn.ReLU(inplace=True),
        nn.Conv2d(384, 256, 3, padding=1),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(3, 2),
        nn.Flatten(),
    )
    with torch.no_grad():
        size = features(torch.zeros(1, channels, height, width)).shape[1]
    return nn.Sequential(
        features, nn.Linear(size, 4096), nn.Dropout(0.5), nn.Linear(4096, 4096), nn.Dropout(0.5), nn.Linear(4096, classes)
    )


def main() -> None:
    work = parse_work(__doc__)
    torch.manual_seed(1)
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    model = network(work.channels, work.classes, work.height, work.width)
    weights = list(model.parameters())
    velocities = [torch.zeros_like(weight) for weight in weights]
    images = torch.randn(work.batch_size, work.channels, work.height, work.width)
    labels = torch.arange(work.batch_size) % work.classes
    a = torch.randn(2048, 2048)
    began = time.perf_counter()
    for _ in range(3):
        a @ a
    product = 3 * 2 * 2048**3 / (time.perf_counter() - began) / 1e9
    print(json.dumps(f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads, matrix product {product:.0f} GFLOP/s"), flush=True)

    for _ in sys.stdin:
        seconds = []
        for _ in range(work.steps):
            began = time.perf_counter()
            loss = nn.functional.cross_entropy(model(images), labels)
            gradients = torch.autograd.grad(loss, weights)
            with torch.no_grad():
                torch._foreach_mul_(weights, 1 - 5e-4)
                torch._foreach_mul_(velocities, 0.9)
                torch._foreach_add_(velocities, gradients, alpha=-0.001)
                torch._foreach_add_(weights, velocities)
            loss.item()
            seconds.append(time.perf_counter() - began)
        print(json.dumps(seconds), flush=True)


if __name__ == "__main__":
    main()
