"""Writes the moving averages that PyTorch's `AveragedModel` keeps of a weight: the truth for ours."""

import torch
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from under_library import write

DECAY = 0.875
LEARNING_RATE = 0.1
GRADIENTS = [0.1, -0.3, 0.25, 0.4, -0.5, 0.2, 0.1]


class Weight(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.kernel = torch.nn.Parameter(torch.ones(1, dtype=torch.float64))


def content() -> dict:
    model = Weight()
    averaged = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(DECAY))
    optimizer = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE)
    averages = []
    for gradient in GRADIENTS:
        model.kernel.grad = torch.tensor([gradient], dtype=torch.float64)
        optimizer.step()
        averaged.update_parameters(model)
        averages.append(averaged.module.kernel.item())
    return {"decay": DECAY, "learningRate": LEARNING_RATE, "gradients": GRADIENTS, "averages": averages}


if __name__ == "__main__":
    write("average.py", __doc__, {"torch": content})
