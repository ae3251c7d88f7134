"""Five steps of Lion in double precision, by the formulas of Chen et al. 2023, algorithm 2: `python lion.py > ../src/fixtures/lion.json`.

Needs numpy. Gradients are given, as those of a loss that is linear in the weights.
"""

import json

import numpy as np

cases = [
    {"learningRate": 1e-4},
    {"learningRate": 0.01, "weightDecay": 0.5, "beta1": 0.8, "beta2": 0.95},
    {"learningRate": 0.1, "weightDecay": 0.1, "beta1": 0.0, "beta2": 0.5},
]

start = np.array([0.5, -1.25, 2.0, -0.75])
gradients = np.array(
    [
        [0.3, -0.2, 0.0, 1.5],
        [-0.1, -0.4, 0.0, -2.5],
        [-0.9, 0.6, 0.25, 0.125],
        [0.05, 3.0, -0.5, 0.75],
        [0.2, -0.1, -0.25, -0.375],
    ]
)


def steps(learningRate, weightDecay=0.0, beta1=0.9, beta2=0.99):
    weight, mean = start.copy(), np.zeros_like(start)
    for gradient in gradients:
        direction = np.sign(beta1 * mean + (1 - beta1) * gradient)
        weight = weight - learningRate * (direction + weightDecay * weight)
        mean = beta2 * mean + (1 - beta2) * gradient
        yield {"weight": weight.tolist(), "mean": mean.tolist()}


print(
    json.dumps(
        {
            "start": start.tolist(),
            "gradients": gradients.tolist(),
            "cases": [{"options": case, "steps": list(steps(**case))} for case in cases],
        },
        indent=2,
    )
)
