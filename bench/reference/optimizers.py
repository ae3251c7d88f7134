"""Writes what PyTorch's and Keras' optimizers make of two weights under known gradients: the truth for our formulas.

Run it once under each library: `--library torch` or `--library keras`. Each case is computed in double and in single precision.
"""

from collections.abc import Callable

from under_library import write

WEIGHTS = [1.0, -0.5]
GRADIENTS = [[0.1, -0.3], [0.2, 0.05], [-0.15, 0.4], [0.05, 0.0], [0.3, -0.2], [-0.25, 0.1], [0.1, 0.1]]
# The learning rate changes half-way: there PyTorch's momentum and Keras' part.
FACTORS = [1.0, 1.0, 1.0, 0.1, 0.1, 0.1, 0.1]

TORCH = [
    ("sgdL2", "SGD", {"lr": 0.1}),
    ("sgdL2", "SGD", {"lr": 0.1, "momentum": 0.9}),
    ("sgdL2", "SGD", {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.05}),
    ("sgdL2", "SGD", {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.05, "nesterov": True}),
    ("sgdL2", "SGD", {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.05, "dampening": 0.4}),
    ("sgdL2", "SGD", {"lr": 0.1, "weight_decay": 0.05}),
    ("adamW", "AdamW", {"lr": 0.01}),
    ("adamW", "AdamW", {"lr": 0.01, "weight_decay": 0.0}),
    ("adamW", "AdamW", {"lr": 0.1, "weight_decay": 0.1, "betas": [0.8, 0.95], "eps": 1e-3}),
]

# Keras rounds its constants to single precision even in double: these are exact in both.
KERAS = [
    ("sgd", {"learning_rate": 0.1}, 0.0),
    ("sgd", {"learning_rate": 0.1, "momentum": 0.875}, 0.0),
    ("sgd", {"learning_rate": 0.1, "momentum": 0.875, "nesterov": True}, 0.0),
    ("sgd", {"learning_rate": 0.1, "momentum": 0.875, "weight_decay": 0.0625}, 0.0),
    ("sgd", {"learning_rate": 0.1, "momentum": 0.875, "weight_decay": 0.0625, "nesterov": True}, 0.0),
    # Caffe's convention is Keras' momentum under the regulariser L2(wd / 2), whose gradient is wd·w.
    ("sgdL2", {"learning_rate": 0.1, "momentum": 0.875}, 0.0625),
    ("sgdL2", {"learning_rate": 0.1, "momentum": 0.875, "nesterov": True}, 0.0625),
]


def with_torch(dtype: str) -> list[dict]:
    import torch

    cases = []
    for ours, name, options in TORCH:
        weight = torch.tensor(WEIGHTS, dtype=getattr(torch, dtype), requires_grad=True)
        optimizer = getattr(torch.optim, name)([weight], **options)
        weights = []
        for gradient, factor in zip(GRADIENTS, FACTORS, strict=True):
            weight.grad = torch.tensor(gradient, dtype=weight.dtype)
            optimizer.param_groups[0]["lr"] = options["lr"] * factor
            optimizer.step()
            weights.append(weight.detach().tolist())
        cases.append({"optimizer": ours, "options": options, "weights": weights})
    return cases


def with_keras(dtype: str) -> list[dict]:
    import keras

    keras.config.set_floatx(dtype)
    cases = []
    for ours, options, l2 in KERAS:
        weight = keras.Variable(WEIGHTS, dtype=dtype)
        optimizer = keras.optimizers.SGD(**options)
        weights = []
        for gradient, factor in zip(GRADIENTS, FACTORS, strict=True):
            optimizer.learning_rate.assign(options["learning_rate"] * factor)
            total = keras.ops.convert_to_tensor(gradient, dtype=dtype) + l2 * weight.value
            optimizer.apply([total], [weight])
            weights.append(keras.ops.convert_to_numpy(weight).tolist())
        extra = {"weight_decay": l2, "convention": "caffe"} if l2 else {}
        cases.append({"optimizer": ours, "options": {**options, **extra}, "weights": weights})
    return cases


def content(run: Callable[[str], list[dict]]) -> dict:
    pairs = zip(run("float64"), run("float32"), strict=True)
    cases = [{**double, "single": single["weights"]} for double, single in pairs]
    return {"start": WEIGHTS, "gradients": GRADIENTS, "factors": FACTORS, "cases": cases}


if __name__ == "__main__":
    write("optimizers.py", __doc__, {"torch": lambda: content(with_torch), "keras": lambda: content(with_keras)})
