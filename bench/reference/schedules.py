"""Writes what PyTorch's and Keras' schedules give: the truth for ours. Run it once under each library."""

from under_library import write

STEPS = 14


def one_cycles(kind: type) -> list[tuple]:
    made = []
    for ours, theirs in [
        ({}, {}),
        (
            {"rise": 0.5, "divisor": 10, "finalDivisor": 100, "anneal": "linear"},
            {"pct_start": 0.5, "div_factor": 10, "final_div_factor": 100, "anneal_strategy": "linear"},
        ),
        ({"rise": 0.4, "threePhases": True}, {"pct_start": 0.4, "three_phase": True}),
        # So few steps rise that the first is beyond them.
        ({"rise": 0.05}, {"pct_start": 0.05}),
    ]:
        # The momentum of ours is a constant.
        options = {"max_lr": 0.5, "total_steps": STEPS, "cycle_momentum": False, **theirs}
        made.append(({"type": "oneCycle", "maximum": 0.5, "steps": STEPS, **ours}, kind, options))
    return made


def with_torch() -> list[dict]:
    import torch
    from torch.optim import lr_scheduler

    cases = [
        ({"type": "stepDecay", "initial": 0.5, "every": 3, "gamma": 0.1}, lr_scheduler.StepLR, {"step_size": 3, "gamma": 0.1}),
        (
            {"type": "piecewise", "boundaries": [2, 7], "values": [0.5, 0.125, 0.03125]},
            lr_scheduler.MultiStepLR,
            {"milestones": [2, 7], "gamma": 0.25},
        ),
        ({"type": "exponential", "initial": 0.5, "gamma": 0.9, "steps": 1}, lr_scheduler.ExponentialLR, {"gamma": 0.9}),
        (
            {"type": "polynomial", "initial": 0.5, "steps": 10, "final": 0, "power": 2},
            lr_scheduler.PolynomialLR,
            {"total_iters": 10, "power": 2},
        ),
        (
            {"type": "cosine", "initial": 0.5, "steps": STEPS, "final": 0.05},
            lr_scheduler.CosineAnnealingLR,
            {"T_max": STEPS, "eta_min": 0.05},
        ),
        (
            {"type": "warmUp", "steps": 4, "schedule": 0.5},
            lr_scheduler.LinearLR,
            {"start_factor": 0.2, "total_iters": 4},
        ),
        *one_cycles(lr_scheduler.OneCycleLR),
    ]
    made = []
    for schedule, kind, options in cases:
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
        scheduler = kind(optimizer, **options)
        values = []
        for _ in range(STEPS):
            values.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            # One that has an end may not be asked beyond it.
            if len(values) < STEPS:
                scheduler.step()
        made.append({"schedule": schedule, "values": values})
    return made


def with_keras() -> list[dict]:
    import keras

    schedules = keras.optimizers.schedules
    keras.config.set_floatx("float64")
    cases = [
        (
            {"type": "stepDecay", "initial": 0.5, "every": 3, "gamma": 0.1},
            schedules.ExponentialDecay(0.5, 3, 0.1, staircase=True),
        ),
        # Keras' piece ends with its boundary, ours begins with it.
        (
            {"type": "piecewise", "boundaries": [3, 8], "values": [0.5, 0.25, 0.1]},
            schedules.PiecewiseConstantDecay([2, 7], [0.5, 0.25, 0.1]),
        ),
        ({"type": "exponential", "initial": 0.5, "gamma": 0.1, "steps": 5}, schedules.ExponentialDecay(0.5, 5, 0.1)),
        (
            {"type": "polynomial", "initial": 0.5, "steps": 10, "final": 0.05, "power": 0.5},
            schedules.PolynomialDecay(0.5, 10, 0.05, power=0.5),
        ),
        (
            {"type": "cosine", "initial": 0.5, "steps": 10, "final": 0.05},
            schedules.CosineDecay(0.5, 10, alpha=0.1),
        ),
        (
            {"type": "warmUp", "steps": 4, "schedule": {"type": "cosine", "initial": 0.5, "steps": 8, "final": 0.05}},
            schedules.CosineDecay(0.1, 8, alpha=0.1, warmup_target=0.5, warmup_steps=4),
        ),
    ]
    return [
        {"schedule": schedule, "values": [float(theirs(step)) for step in range(STEPS)]} for schedule, theirs in cases
    ]


if __name__ == "__main__":
    write("schedules.py", __doc__, {"torch": lambda: {"cases": with_torch()}, "keras": lambda: {"cases": with_keras()}})
