"""What PyTorch sees inside torchvision's AlexNet, for `pnpm verify:inside`. Needs torch 2.6 and torchvision 0.21.

    python inside_alexnet.py <folder>

writes alexnet.pth, the state dict of a network of random weights; images.f32, images [N, H, W, C]; and truth.json: files of float32 in the same
order, by what they hold: gradients of the class that is the most probable, guided gradients, Grad-CAM of the last convolution, and of layers the
strongest activation of a unit carried back by a deconvnet.
"""

import json
import sys

import torch
import torchvision
from inside import Rectified

# Of torchvision's modules: what each layer gives, rectified, by the name that convzoo gives the layer.
LAYERS = {
    "conv2d": ("features", 1),
    "conv2d_1": ("features", 4),
    "conv2d_2": ("features", 7),
    "conv2d_3": ("features", 9),
    "conv2d_4": ("features", 11),
    "dense": ("classifier", 2),
    "dense_1": ("classifier", 5),
}
COUNT = 3
# Of each layer, units that are active in every image.
UNITS = 2


class By(torch.nn.Module):
    """A rectifier that passes back what the method says."""

    def __init__(self, method):
        super().__init__()
        self.method = method

    def forward(self, x):
        return Rectified.apply(x, self.method)


def network(state, method):
    model = torchvision.models.alexnet(weights=None).eval()
    model.load_state_dict(state)
    for part in (model.features, model.classifier):
        for name, module in part.named_children():
            if isinstance(module, torch.nn.ReLU):
                setattr(part, name, By(method))
    return model


def forward(model, images):
    """The scores, and what each layer of LAYERS gave."""
    found = {}
    x = images
    for part, after in (("features", model.avgpool), ("classifier", None)):
        for index, module in enumerate(getattr(model, part)):
            x = module(x)
            for name, (owner, place) in LAYERS.items():
                if (owner, place) == (part, index):
                    found[name] = x
        if after is not None:
            x = after(x).flatten(1)
    return x, found


def carried_back(state, images, method, pick):
    images = images.clone().requires_grad_(True)
    return torch.autograd.grad(pick(*forward(network(state, method), images)), images)[0]


def strongest(name, unit):
    def pick(_, found):
        flat = found[name][:, unit].reshape(len(found[name]), -1)
        return flat.gather(1, flat.argmax(1, keepdim=True)).pow(2).div(2).sum()

    return pick


def main(folder):
    torch.manual_seed(5)
    state = torchvision.models.alexnet(weights=None).state_dict()
    # Random weights of PyTorch make signals fade; these keep them.
    for name, value in state.items():
        if name.endswith("weight"):
            value.mul_(2.4)
    torch.save(state, f"{folder}/alexnet.pth")
    noise = torch.randn(COUNT, 3, 224, 224)
    images = torch.nn.functional.avg_pool2d(noise, 5, 1, 2) * 3
    scores, found = forward(network(state, "gradient"), images)
    labels = scores.argmax(1)
    score = lambda scores, _: scores.gather(1, labels[:, None]).sum()
    truth = {
        "inputGradients": carried_back(state, images, "gradient", score),
        "guidedGradients": carried_back(state, images, "guided", score),
    }
    for name in LAYERS:
        least = found[name].reshape(COUNT, found[name].shape[1], -1).amax(2).amin(0)
        for unit in least.topk(UNITS).indices.tolist():
            truth[f"deconvnet {name} {unit}"] = carried_back(state, images, "deconvnet", strongest(name, unit))
    scores, found = forward(network(state, "gradient"), images)
    maps = found["conv2d_4"]
    gradients = torch.autograd.grad(score(scores, found), maps)[0]
    truth["gradCam conv2d_4"] = (gradients.mean((2, 3), keepdim=True) * maps).sum(1).clamp(min=0).detach()
    last = lambda x: x.permute(0, 2, 3, 1).contiguous() if x.dim() == 4 else x.contiguous()
    last(images).numpy().tofile(f"{folder}/images.f32")
    for index, value in enumerate(truth.values()):
        last(value).numpy().tofile(f"{folder}/truth-{index}.f32")
    with open(f"{folder}/truth.json", "w") as file:
        json.dump({"labels": labels.tolist(), "files": {name: f"truth-{index}.f32" for index, name in enumerate(truth)}}, file)
    print(f"{COUNT} images, {len(truth)} results of torch {torch.__version__}")


if __name__ == "__main__":
    main(sys.argv[1])
