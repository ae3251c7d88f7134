"""One method of Captum on the images of a folder, over and over: for each line it is sent, once. See compare.mjs.

    python captum_methods.py <folder> <method> <settings as JSON> prepare|plain|channels-last

`prepare` writes alexnet.pth, torchvision's AlexNet of random weights, and images.f32, images [N, H, W, C].
"""

import json
import sys
import time

import numpy
import torch
import torchvision
from captum import attr


def network():
    torch.manual_seed(11)
    return torchvision.models.alexnet(weights=None).eval()


def prepare(folder, count):
    torch.save(network().state_dict(), f"{folder}/alexnet.pth")
    images = torch.randn(count, 224, 224, 3)
    images.numpy().astype("<f4").tofile(f"{folder}/images.f32")


def batches(images, classes, size):
    for start in range(0, len(images), size):
        yield images[start : start + size], classes[start : start + size]


def main():
    folder, method, given, way = sys.argv[1:]
    settings = json.loads(given)
    if way == "prepare":
        prepare(folder, settings["images"])
        return
    torch.set_num_threads(settings["threads"])
    model = network()
    # Methods that replace the gradient of rectifiers cannot do so in place, nor for one module that is used twice.
    for part in (model.features, model.classifier):
        for module in part:
            if isinstance(module, torch.nn.ReLU):
                module.inplace = False
    images = torch.from_numpy(numpy.fromfile(f"{folder}/images.f32", "<f4")).reshape(-1, 224, 224, 3).permute(0, 3, 1, 2)
    if way == "channels-last":
        model = model.to(memory_format=torch.channels_last)
        images = images.contiguous(memory_format=torch.channels_last)
    else:
        images = images.contiguous()
    classes = torch.tensor([(index * 37) % 1000 for index in range(len(images))])
    size = settings["batchSize"]
    last = model.features[11]
    square, stride = settings["square"], settings["stride"]

    def unit(outputs):
        """The strongest activation of the strongest map, as ours is carried back."""
        return outputs.flatten(1).max(1).values

    class Deconvolved(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.features = model.features[:12]

        def forward(self, x):
            return unit(self.features(x))

    calls = {
        "activations": lambda x, _: attr.LayerActivation(model, last).attribute(x),
        "gradient": lambda x, y: attr.Saliency(model).attribute(x, target=y, abs=False),
        "guided": lambda x, y: attr.GuidedBackprop(model).attribute(x, target=y),
        "deconvnet": lambda x, _: attr.Deconvolution(Deconvolved()).attribute(x),
        "grad-cam": lambda x, y: attr.LayerGradCam(model, last).attribute(x, target=y, relu_attributions=True),
        "smooth-grad": lambda x, y: attr.NoiseTunnel(attr.Saliency(model)).attribute(
            x, target=y, abs=False, nt_type="smoothgrad", nt_samples=settings["samples"], nt_samples_batch_size=1, stdevs=0.15
        ),
        "integrated-gradients": lambda x, y: attr.IntegratedGradients(model).attribute(
            x, target=y, n_steps=settings["steps"], method="riemann_middle", internal_batch_size=size
        ),
        "occlusion": lambda x, y: occluded(x, y),
    }

    def occluded(x, y):
        with torch.no_grad():
            attr.Occlusion(model).attribute(
                x, target=y, sliding_window_shapes=(3, square, square), strides=(3, stride, stride)
            )

    print(json.dumps(f"Captum on PyTorch {torch.__version__}, {way}, {settings['threads']} threads"), flush=True)
    for _ in sys.stdin:
        began = time.perf_counter()
        for x, y in batches(images, classes, size):
            calls[method](x.detach().requires_grad_(True), y)
        print(json.dumps([time.perf_counter() - began]), flush=True)


if __name__ == "__main__":
    main()
