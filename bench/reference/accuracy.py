"""Recomputes the test accuracy of a run of a notebook's network, or of resnet9, in PyTorch, from its weights.safetensors: on digits or clothes from the IDX
files, or on photographs, a folder for each class, which Pillow reads and resizes.
"""

import argparse
import gzip
import json
from pathlib import Path

import numpy
import safetensors_file
import torch
from networks import NETWORKS
from PIL import Image
from torch.nn import functional
from torchvision.transforms.functional import center_crop, resize


def idx(path: Path) -> numpy.ndarray:
    content = path.read_bytes()
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    shape = [int.from_bytes(content[4 + 4 * axis : 8 + 4 * axis], "big") for axis in range(content[3])]
    return numpy.frombuffer(content, numpy.uint8, offset=4 + 4 * len(shape)).reshape(shape)


def seen(path: Path, size: tuple[int, int], shorter_side: int | None) -> Image.Image:
    """A photograph as torchvision's Resize and CenterCrop leave it, or resized to the input itself."""
    image = Image.open(path).convert("RGB")
    if shorter_side is None:
        return image.resize(size, Image.Resampling.BILINEAR)
    return center_crop(resize(image, [shorter_side], antialias=True), [size[1], size[0]])


def photographs(
    folder: Path, classes: list[str], size: tuple[int, int], shorter_side: int | None
) -> tuple[torch.Tensor, torch.Tensor]:
    files = [(path, label) for label, name in enumerate(classes) for path in sorted((folder / name).iterdir())]
    images = [seen(path, size, shorter_side) for path, _ in files]
    pixels = numpy.stack([numpy.asarray(image, numpy.float32) / 255 for image in images])
    return torch.from_numpy(pixels).permute(0, 3, 1, 2), torch.tensor([label for _, label in files])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path, help="the folder that `convzoo train` made")
    parser.add_argument("--images", type=Path, help="t10k-images-idx3-ubyte")
    parser.add_argument("--labels", type=Path, help="t10k-labels-idx1-ubyte")
    parser.add_argument("--photographs", type=Path, help="in place of both: the folder `test` of photographs")
    parser.add_argument("--limit", type=int, help="of the first so many images; of all by default")
    arguments = parser.parse_args()
    config = json.loads((arguments.run / "config.json").read_text())
    name, _, tag = config["network"]["id"].partition(".")
    if name not in NETWORKS or (name != "resnet9" and tag not in ("", "notebook")):
        raise SystemExit(f"This script knows the notebook's networks and resnet9 alone, and not {name}.{tag}.")
    height, width, channels = config["network"]["input"]
    if (channels != 1) != (arguments.photographs is not None):
        raise SystemExit("Grey images come from IDX files, and photographs from a folder.")
    preprocessing = config["made"]["preprocessing"]
    mean = torch.tensor(preprocessing["mean"]).reshape(-1, 1, 1)
    deviation = torch.tensor(preprocessing["standardDeviation"]).reshape(-1, 1, 1)
    tensors, _ = safetensors_file.read(arguments.run / "weights.safetensors")
    weights = {name: torch.from_numpy(value.copy()) for name, value in tensors.items()}
    if arguments.photographs is None:
        images = torch.from_numpy(idx(arguments.images)[: arguments.limit].astype(numpy.float32) / 255)[:, None]
        labels = torch.from_numpy(idx(arguments.labels)[: arguments.limit].astype(numpy.int64))
    else:
        images, labels = photographs(
            arguments.photographs, config["made"]["classNames"], (width, height), preprocessing.get("shorterSide")
        )
    correct = 0
    with torch.no_grad():
        for part, truth in zip(images.split(250), labels.split(250), strict=True):
            resized = functional.interpolate(part, size=(height, width), mode="bilinear", align_corners=False)
            normalised = ((resized - mean) / deviation).permute(0, 2, 3, 1)
            correct += int((NETWORKS[name](normalised, weights).argmax(1) == truth).sum())
    print(f"{correct} of {len(labels)} correct, {100 * correct / len(labels):.2f} %")


if __name__ == "__main__":
    main()
