"""Trains one of the notebook's networks for ten steps in double precision with SGDW as tensorflow_addons has it, from the weights, images
and dropout numbers that `export-start.mjs` wrote: the truth for an engine's training steps.

For each variant (dropout off and, where the network has it, on; weight decay 0 and 5e-4) the output holds the loss of every step, the norm of every tensor's
change over the steps, and the change itself at places spread evenly over the tensor (all of them where there are few).
"""

import argparse
from pathlib import Path

import numpy
import safetensors_file
import torch
from networks import NETWORKS
from torch.nn import functional

MOMENTUM = 0.9


def places(size: int, count: int) -> numpy.ndarray:
    """0 ≤ place < size, evenly spread: ⌊i·size / count⌋."""
    count = min(size, count)
    return (numpy.arange(count, dtype=numpy.int64) * size) // count


def dropouts(start: dict[str, numpy.ndarray]) -> list[str]:
    """The layers for which uniform numbers were written."""
    return [name.removeprefix("uniforms/") for name in start if name.startswith("uniforms/")]


def train(start: dict[str, numpy.ndarray], metadata: dict[str, str], decay: float, dropout: bool, rate: float):
    tensors = {name: torch.from_numpy(value.astype(numpy.float64)) for name, value in start.items() if name != "labels"}
    weights = {name: value.clone() for name, value in tensors.items() if "/" in name and not name.startswith("uniforms/")}
    velocities = {name: torch.zeros_like(value) for name, value in weights.items()}
    mean, deviation = float(metadata["mean"]), float(metadata["standardDeviation"])
    images = (tensors["images"] / 255 - mean) / deviation
    images = images.to(torch.float32).to(torch.float64)  # a network is given float32
    network = NETWORKS[metadata["network"]]
    labels = torch.from_numpy(start["labels"].astype(numpy.int64))
    size = int(metadata["batchSize"])
    losses = []
    for step in range(int(metadata["steps"])):
        batch = slice(step * size, (step + 1) * size)
        for value in weights.values():
            value.requires_grad_(True)
        masks = {layer: (tensors[f"uniforms/{layer}"][step] >= 0.5) * 2.0 for layer in dropouts(start)}
        loss = functional.cross_entropy(network(images[batch], weights, masks if dropout else None), labels[batch])
        gradients = torch.autograd.grad(loss, list(weights.values()))
        losses.append(loss.item())
        with torch.no_grad():
            for (name, value), gradient in zip(list(weights.items()), gradients, strict=True):
                decayed = value - decay * value
                velocities[name] = MOMENTUM * velocities[name] - rate * gradient
                weights[name] = (decayed + velocities[name]).detach()
    changes = {name: (weights[name] - tensors[name]).numpy() for name in weights}
    return losses, changes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--start", type=Path, required=True, help="what export-start.mjs wrote")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--places", type=int, default=256, help="places of each tensor to keep")
    parser.add_argument("--learning-rate", type=float, default=0.005)
    arguments = parser.parse_args()
    start, metadata = safetensors_file.read(arguments.start)
    kept: dict[str, numpy.ndarray] = {}
    for dropout in (False, True) if dropouts(start) else (False,):
        for decay in (0.0, 5e-4):
            variant = f"{'dropout' if dropout else 'plain'}/{decay:g}"
            losses, changes = train(start, metadata, decay, dropout, arguments.learning_rate)
            print(variant, [round(loss, 6) for loss in losses])
            kept[f"{variant}/losses"] = numpy.array(losses)
            for name, change in changes.items():
                kept[f"{variant}/{name}/norm"] = numpy.array([numpy.linalg.norm(change)])
                kept[f"{variant}/{name}"] = change.ravel()[places(change.size, arguments.places)]
    safetensors_file.write(
        arguments.output,
        kept,
        {
            **metadata,
            "learningRate": str(arguments.learning_rate),
            "source": f"bench/reference/network_steps.py, torch {torch.__version__.split('+')[0]}, numpy {numpy.__version__}, float64",
        },
    )


if __name__ == "__main__":
    main()
