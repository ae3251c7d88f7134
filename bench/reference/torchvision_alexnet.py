"""torchvision's AlexNet beside alexnet.torchvision, for `pnpm verify:torchvision`. Needs torch 2.6, torchvision 0.21 and Pillow 11 or later.

    python torchvision_alexnet.py make <folder> <photographs>...

writes alexnet.pth, the state dict of a network of random weights, and truth.json: its probabilities of each photograph, seen as torchvision's
own transforms have it, and what kind of photograph it is. The last layer is scaled so that probabilities are far from equal: the least
differences in a picture can be seen in them.

    python torchvision_alexnet.py back <folder> <file.safetensors>

compares a safetensors file with alexnet.pth: names, shapes, types and bytes; torchvision must load it, and make the same of random images.
"""

import json
import sys

import torch
import torchvision
from PIL import Image, ImageOps


def as_seen(path):
    """As cameras mean it: a photograph that was taken upright stands upright."""
    return ImageOps.exif_transpose(Image.open(path)).convert("RGB")


def kind_of(path):
    """`down first` where Pillow resizes down before across, as it does since version 13 where that is cheaper; or else `turned` by EXIF,
    `large` where convzoo would shrink a JPEG while it decodes it in training, or `ordinary`."""
    image = as_seen(path)
    resized = torchvision.transforms.Resize(256)(image)
    across_first = image.resize((resized.width, image.height), Image.Resampling.BILINEAR)
    if across_first.resize(resized.size, Image.Resampling.BILINEAR).tobytes() != resized.tobytes():
        return "down first"
    if Image.open(path).getexif().get(274, 1) != 1:
        return "turned"
    return "large" if min(image.size) >= 9 * 256 else "ordinary"


def make(folder, photographs):
    torch.manual_seed(3)
    model = torchvision.models.alexnet(weights=None).eval()
    transform = torchvision.models.AlexNet_Weights.IMAGENET1K_V1.transforms()
    images = [transform(as_seen(path)) for path in photographs]
    with torch.no_grad():
        logits = torch.cat([model(image.unsqueeze(0)) for image in images])
        # Differences between photographs count, not those that all of them have in common.
        spread = (logits - logits.mean(0)).std()
        last = model.classifier[6]
        last.weight.mul_(1.5 / spread)
        last.bias.zero_()
        probabilities = torch.cat([model(image.unsqueeze(0)) for image in images]).softmax(1)
    torch.save(model.state_dict(), f"{folder}/alexnet.pth")
    with open(f"{folder}/truth.json", "w") as file:
        kinds = [kind_of(path) for path in photographs]
        entries = [{"kind": kind, "probabilities": row} for kind, row in zip(kinds, probabilities.tolist())]
        json.dump(dict(zip(photographs, entries)), file)
    best = probabilities.max(1).values
    print(f"{len(photographs)} photographs, the best class of each at {best.min():.2f} to {best.max():.2f}")


def tensors_of(path):
    """The tensors of a safetensors file of float32, whose format is a few lines long."""
    with open(path, "rb") as file:
        content = file.read()
    end = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:end])
    header.pop("__metadata__", None)
    for name, entry in header.items():
        assert entry["dtype"] == "F32", f"{name} is {entry['dtype']}"
        first, last = entry["data_offsets"]
        yield name, entry["shape"], content[end + first : end + last]


def back(folder, path):
    before = torch.load(f"{folder}/alexnet.pth", weights_only=True)
    found = {}
    for name, shape, content in tensors_of(path):
        expected = before[name]
        assert expected.dtype == torch.float32 and list(expected.shape) == shape, f"{name} is {shape}"
        assert expected.numpy().tobytes() == content, f"the bytes of {name} differ"
        found[name] = torch.frombuffer(bytearray(content), dtype=torch.float32).reshape(shape)
    assert set(found) == set(before), f"{set(found) ^ set(before)}"
    models = [torchvision.models.alexnet(weights=None).eval() for _ in range(2)]
    for model, state in zip(models, (before, found)):
        model.load_state_dict(state, strict=True)
    with torch.no_grad():
        images = torch.randn(2, 3, 224, 224)
        assert torch.equal(models[0](images), models[1](images))
    print(f"{len(found)} tensors, byte for byte")


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(sys.argv[2], sys.argv[3:])
    else:
        back(sys.argv[2], sys.argv[3])
