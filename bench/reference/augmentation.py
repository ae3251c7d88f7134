"""Colour operations of a small image as Pillow does them, for packages/data. Writes JSON."""

import argparse
import json

import PIL
import numpy as np
from PIL import Image, ImageEnhance, ImageOps

parser = argparse.ArgumentParser()
parser.add_argument("--output", required=True)
arguments = parser.parse_args()

height, width = 7, 9
pixels = np.random.default_rng(1).integers(20, 236, (height, width, 3), dtype=np.uint8)
image = Image.fromarray(pixels)


def flat(result):
    return np.asarray(result).ravel().tolist()


cases = {}
for factor in (0.0, 0.6, 1.0, 1.7):
    cases[f"brightness {factor}"] = flat(ImageEnhance.Brightness(image).enhance(factor))
    cases[f"contrast {factor}"] = flat(ImageEnhance.Contrast(image).enhance(factor))
    cases[f"saturation {factor}"] = flat(ImageEnhance.Color(image).enhance(factor))
    cases[f"sharpness {factor}"] = flat(ImageEnhance.Sharpness(image).enhance(factor))
for bits in (1, 4, 7):
    cases[f"posterize {bits}"] = flat(ImageOps.posterize(image, bits))
for threshold in (0, 100, 200):
    cases[f"solarize {threshold}"] = flat(ImageOps.solarize(image, threshold))
cases["autoContrast 0"] = flat(ImageOps.autocontrast(image))
cases["equalize 0"] = flat(ImageOps.equalize(Image.fromarray(np.tile(pixels, (4, 4, 1))).crop((0, 0, width, height))))
large = np.random.default_rng(2).normal(120, 30, (40, 40, 3)).clip(0, 255).astype(np.uint8)

with open(arguments.output, "w") as file:
    json.dump(
        {
            "source": f"Pillow {PIL.__version__}, bench/reference/augmentation.py",
            "height": height,
            "width": width,
            "image": pixels.ravel().tolist(),
            "cases": cases,
            "equalized": {"image": large.ravel().tolist(), "expected": flat(ImageOps.equalize(Image.fromarray(large)))},
        },
        file,
        separators=(",", ":"),
    )
    file.write("\n")
