"""The same work as loader.mjs, by torchvision's ImageFolder and PyTorch's DataLoader. Prints the same line of JSON."""

import argparse
import glob
import json
import os
import time

import torch
from PIL import Image
from torchvision import datasets, transforms

parser = argparse.ArgumentParser()
parser.add_argument("--folder", required=True)
parser.add_argument("--images", type=int, default=600)
parser.add_argument("--workers", type=int, default=1)
parser.add_argument("--no-shrink", action="store_true")
arguments = parser.parse_args()
torch.set_num_threads(1)


def load(path):
    with open(path, "rb") as file:
        image = Image.open(file)
        if not arguments.no_shrink:
            image.draft("RGB", (256, 256))
        return image.convert("RGB")


def processes():
    """This process and its workers."""
    found = [os.getpid()]
    for path in glob.glob("/proc/[0-9]*/stat"):
        try:
            fields = open(path).read().rsplit(") ", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == os.getpid():
            found.append(int(path.split("/")[2]))
    return found


def cpu_seconds():
    ticks = 0
    for process in processes():
        fields = open(f"/proc/{process}/stat").read().rsplit(") ", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def megabytes():
    """Proportional memory of all processes: what they share counts once."""
    total = 0
    for process in processes():
        for line in open(f"/proc/{process}/smaps_rollup"):
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1000


work = transforms.Compose(
    [
        transforms.Resize(256),
        transforms.RandomCrop(227),
        transforms.RandomHorizontalFlip(),
        transforms.ToTensor(),
        transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
    ]
)
folder = datasets.ImageFolder(os.path.join(arguments.folder, "train"), transform=work, loader=load)
step = max(1, len(folder) // arguments.images)
chosen = torch.utils.data.Subset(folder, list(range(0, len(folder), step))[: arguments.images])
loader = torch.utils.data.DataLoader(
    chosen, batch_size=32, shuffle=True, num_workers=arguments.workers, persistent_workers=arguments.workers > 0
)
for _ in loader:
    pass
cpu, began, most = cpu_seconds(), time.perf_counter(), 0
for _ in loader:
    most = max(most, megabytes())
result = {"images": len(chosen), "seconds": time.perf_counter() - began, "cpu": cpu_seconds() - cpu, "megabytes": most}
print(json.dumps(result))
