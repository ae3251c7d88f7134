"""The focal loss by PyTorch, in double precision: `python focal.py > ../src/fixtures/focal.json`.

Needs torch. The formula is that of Lin et al. 2017, §3, summed over classes by targets that may be soft.
"""

import json

import torch

logits = [[1.5, -0.5, 0.25], [0.0, 0.0, 0.0], [6.0, -4.0, 1.0], [-2.0, 3.0, 2.5]]
targets = [[1.0, 0.0, 0.0], [0.2, 0.5, 0.3], [1.0, 0.0, 0.0], [1.0, 0.0, 0.0]]
cases = [{}, {"gamma": 0.0}, {"gamma": 0.5, "alpha": 0.25}, {"gamma": 5.0, "alpha": 2.0}]


def of(gamma=2.0, alpha=1.0):
    logarithms = torch.log_softmax(torch.tensor(logits, dtype=torch.float64), dim=1)
    weighted = (1 - logarithms.exp()) ** gamma * logarithms
    losses = -alpha * (torch.tensor(targets, dtype=torch.float64) * weighted).sum(dim=1)
    return {"losses": losses.tolist()}


print(
    json.dumps(
        {"logits": logits, "targets": targets, "cases": [{"options": case, **of(**case)} for case in cases]}, indent=2
    )
)
