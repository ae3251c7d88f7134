"""Two folders of photographs that have no class in common: crops of what scikit-image and scikit-learn ship, each photograph a class.

    pip install scikit-image==0.26.0 scikit-learn==1.9.1 pillow==13.0.0 numpy==2.4.6
    python bench/photographs.py <folder>

Writes <folder>/before (ten classes) and <folder>/after (five, three of them textures), each with 60 photographs a class in `train` and 15 in
`test`. Those of a texture's `test` are cut out of another part of it; the other pictures have one subject, which must be seen in both. Light,
colour and size vary, so that none of them tells a class.
"""

import pathlib
import random
import sys

import numpy as np
import skimage
import sklearn
from PIL import Image, ImageEnhance, ImageOps

shipped = pathlib.Path(skimage.__file__).parent / "data"
more = pathlib.Path(sklearn.__file__).parent / "datasets" / "images"
before = {
    "astronaut": shipped / "astronaut.png",
    "coffee": shipped / "coffee.png",
    "coins": shipped / "coins.png",
    "galaxies": shipped / "hubble_deep_field.jpg",
    "moon": shipped / "moon.png",
    "motorcycle": shipped / "motorcycle_left.png",
    "retina": shipped / "retina.jpg",
    "rocket": shipped / "rocket.jpg",
    "temple": more / "china.jpg",
    "tissue": shipped / "ihc.png",
}
after = {
    "brick": shipped / "brick.png",
    "cat": shipped / "chelsea.png",
    "flower": more / "flower.jpg",
    "grass": shipped / "grass.png",
    "gravel": shipped / "gravel.png",
}
textures = {"brick", "grass", "gravel"}
counts = {"train": 60, "test": 15}


def crop(image, name, split, chance):
    width, height = image.size
    left, right = 0, width
    if name in textures:
        left, right = (0, int(0.65 * width)) if split == "train" else (int(0.65 * width), width)
    side = chance.uniform(0.35, 0.9) * min(right - left, height)
    aspect = chance.uniform(0.75, 1.33)
    w, h = min(int(side * aspect), right - left), min(int(side / aspect), height)
    x, y = chance.randint(left, right - w), chance.randint(0, height - h)
    picture = image.crop((x, y, x + w, y + h))
    if chance.random() < 0.5:
        picture = ImageOps.mirror(picture)
    picture = ImageEnhance.Brightness(picture).enhance(chance.uniform(0.6, 1.4))
    picture = ImageEnhance.Color(picture).enhance(chance.uniform(0.2, 1.2))
    if name in textures:
        tint = np.array([chance.uniform(0.75, 1.1) for _ in range(3)])
        picture = Image.fromarray((np.asarray(picture) * tint).clip(0, 255).astype("uint8"))
    ratio = chance.choice([160, 240, 320]) / max(picture.size)
    size = max(1, int(picture.width * ratio)), max(1, int(picture.height * ratio))
    return picture.resize(size, Image.Resampling.LANCZOS)


def write(folder, sources):
    for name, source in sources.items():
        image = Image.open(source).convert("RGB")
        chance = random.Random(f"{folder.name} {name}")
        for split, count in counts.items():
            place = folder / split / name
            place.mkdir(parents=True, exist_ok=True)
            for index in range(count):
                picture = crop(image, name, split, chance)
                picture.save(place / f"{index:02}.jpg", quality=chance.choice([60, 80, 92]))


if __name__ == "__main__":
    out = pathlib.Path(sys.argv[1])
    write(out / "before", before)
    write(out / "after", after)
