"""Writes what PyTorch makes of a few small images by bilinear interpolation, in double precision: the truth for our resizing."""

import argparse
import json
from pathlib import Path

import numpy
import torch

# [height, width, channels] → [height, width]: larger, smaller, both at once, one pixel, the same.
CASES = [
    ((4, 5, 1), (9, 7)),
    ((9, 7, 1), (4, 3)),
    ((6, 3, 1), (4, 8)),
    ((3, 4, 3), (5, 5)),
    ((1, 1, 1), (3, 2)),
    ((4, 4, 1), (4, 4)),
    ((7, 7, 1), (1, 1)),
]


def resized(image: numpy.ndarray, size: tuple[int, int]) -> numpy.ndarray:
    channels_first = torch.from_numpy(image.astype(numpy.float64)).permute(2, 0, 1)[None]
    out = torch.nn.functional.interpolate(channels_first, size=size, mode="bilinear", align_corners=False, antialias=False)
    return out[0].permute(1, 2, 0).contiguous().numpy()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    generator = numpy.random.default_rng(1)
    cases = []
    for shape, size in CASES:
        image = generator.integers(0, 256, shape, dtype=numpy.uint8)
        cases.append(
            {
                "from": list(shape),
                "to": [*size, shape[2]],
                "image": image.ravel().tolist(),
                "expected": resized(image, size).ravel().tolist(),
            }
        )
    source = f"bench/reference/bilinear.py, torch {torch.__version__.split('+')[0]}, numpy {numpy.__version__}"
    lines = ",\n".join(f"    {json.dumps(case)}" for case in cases)
    arguments.output.write_text(f'{{\n  "source": {json.dumps(source)},\n  "cases": [\n{lines}\n  ]\n}}\n')


if __name__ == "__main__":
    main()
