"""Writes what PyTorch makes of settings of a training: the truth for ours.

A linear classifier under groups of parameters and under weights of classes, and the learning rates of `ReduceLROnPlateau`.
"""

import torch
from torch.optim.lr_scheduler import ReduceLROnPlateau
from under_library import write

IMAGES = [[0.5, -1.0, 0.25], [1.0, 0.5, -0.5], [-0.75, 0.25, 1.0], [0.1, 0.9, -0.2], [0.4, -0.3, 0.8], [-0.6, 0.7, 0.3]]
LABELS = [0, 1, 2, 1, 1, 1]
KERNEL = [[0.1, -0.2, 0.3], [0.4, 0.05, -0.1], [-0.3, 0.2, 0.15]]
BIAS = [0.2, -0.1, 0.05]
STEPS = 5

# Under our names; `kernel` and `bias` are factors of the learning rate and of the decay.
GROUPS = [
    {"optimizer": "sgdL2", "learningRate": 0.25, "weightDecay": 0.1, "momentum": 0.875, "kernel": [1, 1], "bias": [2, 0]},
    {"optimizer": "sgdL2", "learningRate": 0.25, "weightDecay": 0.1, "momentum": 0.0, "kernel": [0.5, 3], "bias": [1, 1]},
    {"optimizer": "adamW", "learningRate": 0.0625, "weightDecay": 0.1, "kernel": [0.5, 1], "bias": [2, 0]},
    {"optimizer": "adamW", "learningRate": 0.0625, "weightDecay": 0.1, "kernel": [0, 1], "bias": [1, 4]},
]
CLASS_WEIGHTS = [[1.0, 1.0, 1.0], [2.0, 0.5, 1.0], [0.0, 1.0, 4.0]]

PLATEAUS = [
    {"patience": 2, "factor": 0.5},
    {"patience": 1, "factor": 0.1, "cooldown": 2, "minimumFactor": 0.02},
    {"patience": 2, "factor": 0.25, "minimumDelta": 0.05, "better": "higher"},
]
VALUES = [1.0, 0.9, 0.95, 0.92, 0.91, 0.91, 0.88, 0.9, 0.9, 0.9, 0.9, 0.9, 0.7, 0.71, 0.72, 0.73]
INITIAL = 0.5


def trained(optimizer_of, losses_of) -> dict:
    kernel = torch.tensor(KERNEL, dtype=torch.float64, requires_grad=True)
    bias = torch.tensor(BIAS, dtype=torch.float64, requires_grad=True)
    optimizer = optimizer_of(kernel, bias)
    images = torch.tensor(IMAGES, dtype=torch.float64)
    labels = torch.tensor(LABELS)
    for _ in range(STEPS):
        optimizer.zero_grad()
        losses_of(images @ kernel + bias, labels).backward()
        optimizer.step()
    return {"kernel": kernel.detach().tolist(), "bias": bias.detach().tolist()}


def in_groups(case: dict) -> dict:
    kind = torch.optim.SGD if case["optimizer"] == "sgdL2" else torch.optim.AdamW
    momentum = {"momentum": case["momentum"]} if "momentum" in case else {}

    def optimizer(kernel, bias):
        groups = [
            {
                "params": [weight],
                "lr": case["learningRate"] * case[name][0],
                "weight_decay": case["weightDecay"] * case[name][1],
            }
            for name, weight in [("kernel", kernel), ("bias", bias)]
        ]
        return kind(groups, **momentum)

    return {**case, "weights": trained(optimizer, torch.nn.functional.cross_entropy)}


def weighted(class_weights: list[float]) -> dict:
    weight = torch.tensor(class_weights, dtype=torch.float64)

    def losses(logits, labels):
        # The mean over the samples, as Keras' `class_weight`; `reduction="mean"` divides by the sum of the weights.
        return torch.nn.functional.cross_entropy(logits, labels, weight=weight, reduction="none").mean()

    made = trained(lambda *weights: torch.optim.SGD(weights, lr=0.5), losses)
    return {"classWeights": class_weights, "learningRate": 0.5, "weights": made}


def plateau(options: dict) -> dict:
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=INITIAL)
    scheduler = ReduceLROnPlateau(
        optimizer,
        mode="max" if options.get("better") == "higher" else "min",
        factor=options["factor"],
        # PyTorch's patience is over when there is one epoch more.
        patience=options["patience"] - 1,
        threshold=options.get("minimumDelta", 0),
        threshold_mode="abs",
        cooldown=options.get("cooldown", 0),
        min_lr=INITIAL * options.get("minimumFactor", 0),
        eps=0,
    )
    rates = []
    for value in VALUES:
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step(value)
    return {"options": options, "rates": rates}


def content() -> dict:
    return {
        "images": IMAGES,
        "labels": LABELS,
        "kernel": KERNEL,
        "bias": BIAS,
        "steps": STEPS,
        "groups": [in_groups(case) for case in GROUPS],
        "weighted": [weighted(each) for each in CLASS_WEIGHTS],
        "plateaus": {"initial": INITIAL, "values": VALUES, "cases": [plateau(each) for each in PLATEAUS]},
    }


if __name__ == "__main__":
    write("training_settings.py", __doc__, {"torch": content})
