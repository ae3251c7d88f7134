"""Writes the moving averages that PyTorch's `AveragedModel` keeps of a weight: the truth for ours."""

import torch
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from under_library import write

DECAY = 0.875
LEARNING_RATE = 0.1
# An equal mean: of the weights after so many steps, and after each so many more.
FROM = 3
EVERY = 2
GRADIENTS = [0.1, -0.3, 0.25, 0.4, -0.5, 0.2, 0.1]


class Weight(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.kernel = torch.nn.Parameter(torch.ones(1, dtype=torch.float64))


def averages_of(averaged_of, every: int, start: int) -> list[float]:
    model = Weight()
    averaged = averaged_of(model)
    optimizer = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE)
    averages = []
    for step, gradient in enumerate(GRADIENTS, 1):
        model.kernel.grad = torch.tensor([gradient], dtype=torch.float64)
        optimizer.step()
        if step >= start and (step - start) % every == 0:
            averaged.update_parameters(model)
        # Before there is a mean, ours is the weight itself.
        averages.append((averaged.module if step >= start else model).kernel.item())
    return averages


def content() -> dict:
    moving = averages_of(lambda model: AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(DECAY)), 1, 1)
    equal = averages_of(AveragedModel, EVERY, FROM)
    return {
        "decay": DECAY,
        "learningRate": LEARNING_RATE,
        "gradients": GRADIENTS,
        "averages": moving,
        "equal": {"from": FROM, "every": EVERY, "averages": equal},
    }


if __name__ == "__main__":
    write("average.py", __doc__, {"torch": content})
