"""Writes what Pillow makes of a few small images of floats by `BILINEAR`, which smooths where it shrinks: the truth for our resizing of arrays."""

import argparse
import json
from pathlib import Path

import numpy
import PIL
from PIL import Image

# [height, width, channels] → [height, width]: larger, smaller, both at once, one pixel, the same.
CASES = [
    ((4, 5, 1), (9, 7)),
    ((9, 7, 1), (4, 3)),
    ((6, 3, 1), (4, 8)),
    ((3, 4, 3), (5, 5)),
    ((1, 1, 1), (3, 2)),
    ((4, 4, 1), (4, 4)),
    ((7, 7, 1), (1, 1)),
    ((5, 9, 3), (8, 4)),
    ((28, 3, 1), (13, 3)),
]


def resized(image: numpy.ndarray, size: tuple[int, int]) -> numpy.ndarray:
    height, width = size
    channels = [
        Image.fromarray(image[:, :, channel].astype(numpy.float32)).resize((width, height), Image.Resampling.BILINEAR)
        for channel in range(image.shape[2])
    ]
    return numpy.stack([numpy.asarray(channel) for channel in channels], 2)


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
    source = f"bench/reference/bilinear.py, Pillow {PIL.__version__}, numpy {numpy.__version__}"
    lines = ",\n".join(f"    {json.dumps(case)}" for case in cases)
    arguments.output.write_text(f'{{\n  "source": {json.dumps(source)},\n  "cases": [\n{lines}\n  ]\n}}\n')


if __name__ == "__main__":
    main()
