"""Small pictures in every format that @convzoo/data reads, and what Pillow makes of them: the truth for its decoding and resizing.

Writes the files, `expected.json` (what is expected of which file at which size) and `expected.bin.gz` (those pixels, one after the
other) into a folder. The photograph is one of Go's test images (packages/data/src/fixtures/odd-images).
"""

import argparse
import gzip
import json
import struct
import zlib
from pathlib import Path

import numpy
import PIL
from PIL import Image, ImageOps

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--photograph", type=Path, required=True)
parser.add_argument("--output", type=Path, required=True)
arguments = parser.parse_args()
folder = arguments.output
folder.mkdir(parents=True, exist_ok=True)

photograph = Image.open(arguments.photograph).convert("RGB")
small = photograph.crop((40, 20, 84, 51))
# Large enough for the quick decoder, with subsampled colours.
middle = photograph.resize((230, 202), Image.Resampling.LANCZOS)
texture = numpy.random.default_rng(1).normal(0, 4, (413, 603, 1))
large = numpy.asarray(photograph.resize((603, 413), Image.Resampling.LANCZOS)) + texture
large = Image.fromarray(large.clip(0, 255).astype(numpy.uint8))


def ramp(width: int, height: int) -> Image.Image:
    """Red grows to the right, green downwards, and blue falls along the diagonal."""
    down, right = numpy.mgrid[0:height, 0:width]
    right, down = right / max(width - 1, 1), down / max(height - 1, 1)
    return Image.fromarray((255 * numpy.stack([right, down, 1 - (right + down) / 2], 2)).astype(numpy.uint8))


def faded(image: Image.Image) -> Image.Image:
    """Transparent at the left, opaque at the right."""
    opacity = numpy.broadcast_to(numpy.linspace(0, 255, image.width).astype(numpy.uint8), (image.height, image.width))
    image = image.copy()
    image.putalpha(Image.fromarray(numpy.ascontiguousarray(opacity)))
    return image


def write_tiff(path: Path, samples: numpy.ndarray, photometric: int | None = None) -> None:
    """An uncompressed TIFF of one strip, [H, W] or [H, W, C], of any kind of numbers: grey for up to two channels, else of colours."""
    height, width = samples.shape[:2]
    channels = 1 if samples.ndim == 2 else samples.shape[2]
    kind = {"u": 1, "i": 2, "f": 3}[samples.dtype.kind]
    data = samples.astype(samples.dtype.newbyteorder("<")).tobytes()
    # Number, type (3: 16 bits, 4: 32 bits), count, value.
    tags = [
        (256, 4, 1, width),
        (257, 4, 1, height),
        (258, 3, channels, 8 * samples.dtype.itemsize),
        (259, 3, 1, 1),
        (262, 3, 1, photometric if photometric is not None else 1 if channels < 3 else 2),
        (273, 4, 1, 0),
        (277, 3, 1, channels),
        (278, 4, 1, height),
        (279, 4, 1, len(data)),
        (339, 3, channels, kind),
    ]
    after = 8 + 2 + 12 * len(tags) + 4
    lists = b""
    entries = []
    for number, kind_of_value, count, value in tags:
        if kind_of_value == 3 and count > 2:
            entries.append(struct.pack("<HHII", number, 3, count, after + len(lists)))
            lists += struct.pack(f"<{count}H", *[value] * count) + b"\0\0" * (count % 2)
        elif kind_of_value == 3:
            entries.append(struct.pack("<HHIHH", number, 3, count, value, value if count == 2 else 0))
        else:
            entries.append((number, count, value))
    start = after + len(lists)
    packed = [
        entry if isinstance(entry, bytes) else struct.pack("<HHII", entry[0], 4, entry[1], start if entry[0] == 273 else entry[2])
        for entry in entries
    ]
    path.write_bytes(b"II*\0" + struct.pack("<IH", 8, len(tags)) + b"".join(packed) + struct.pack("<I", 0) + lists + data)


def write_png16(path: Path, samples: numpy.ndarray) -> None:
    """A PNG of 16 bits: grey [H, W] or red, green and blue [H, W, 3]. Pillow writes none of colours."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    height, width = samples.shape[:2]
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in samples)
    header = struct.pack(">IIBBBBB", width, height, 16, 0 if samples.ndim == 2 else 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)


def seen(name: str) -> Image.Image:
    """As it is meant to be seen: turned as EXIF says, over white, of three colours."""
    image = ImageOps.exif_transpose(Image.open(folder / name))
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert("RGB")


truths: dict[str, Image.Image] = {}
sizes_of: dict[str, list[tuple[int, int, str]]] = {}


def save(name: str, image: Image.Image, sizes: list[tuple[int, int, str]], orientation: int | None = None, **options) -> None:
    if orientation is not None:
        exif = Image.Exif()
        exif[0x0112] = orientation
        options["exif"] = exif
    image.save(folder / name, **options)
    truths[name] = seen(name)
    sizes_of[name] = sizes


def sizes(image: Image.Image) -> list[tuple[int, int, str]]:
    """Enlarged, shrunk, in grey, and to a square as every file is: across and down by factors of their own."""
    width, height = image.size
    return [
        (int(width * 1.16), int(height * 1.16), "RGB"),
        (int(width * 0.4), int(height * 0.4), "RGB"),
        (int(width * 0.7), int(height * 1.2), "L"),
        (24, 24, "RGB"),
    ]


square = (24, 24, "RGB")
fewer = [square, (31, 36, "L"), (47, 12, "RGB")]
of_small = sizes(small)
save("photograph.png", small, of_small, optimize=True)
save("lossless.webp", small, fewer, lossless=True)
save("lossy.webp", small, of_small, quality=80)
save("photograph.gif", small, fewer)
save("photograph.tif", small, fewer, compression="tiff_adobe_deflate")
save("photograph.avif", small, of_small, quality=80)
save("full-colours.avif", small, fewer, quality=85, subsampling="4:4:4")
save("full-colours.jpg", small, of_small, quality=90, subsampling=0)
save("subsampled.jpg", small, of_small, quality=90, subsampling=2)
save("progressive.jpg", small, fewer, quality=85, progressive=True)
save("grey.jpg", small.convert("L"), fewer, quality=90)
save("inks.jpg", small.convert("CMYK"), of_small, quality=90)
save("inks.tif", small.convert("CMYK"), [square, (31, 20, "L")], compression="tiff_adobe_deflate")
save("grey.png", small.convert("L"), fewer)
save("one-bit.png", small.convert("1"), fewer)
save("palette.png", small.quantize(32), fewer)
save("four-bits.png", small.quantize(16), [square])
save("one-bit.tif", small.convert("1"), fewer, compression="group4")
save("palette.tif", small.quantize(64), fewer)
save("transparent.png", faded(small), fewer)
save("transparent-grey.png", faded(small).convert("LA"), fewer)
save("transparent.webp", faded(small), fewer, lossless=True)
save("transparent.avif", faded(small), [square, (50, 40, "RGB")], quality=85, subsampling="4:4:4")
save("transparent.tif", faded(small), [square, (31, 20, "L")], compression="tiff_adobe_deflate")
holes = small.quantize(31)
save("transparent-palette.gif", holes, fewer, transparency=7)
save("transparent-palette.png", holes, fewer, transparency=7)
turned = [(40, 57, "RGB"), (12, 17, "RGB"), (21, 53, "L"), square]
save("turned.jpg", small, turned, orientation=6, quality=90, subsampling=0)
save("turned.png", small, turned, orientation=8)
save("turned.webp", small, [square, (21, 53, "L")], orientation=5, lossless=True)
save("turned.tif", small, [square, (21, 53, "L")], orientation=7)

of_middle = [(41, 33, "RGB"), (25, 31, "L"), square]
save("middle.jpg", middle, [*of_middle, (239, 12, "RGB")], quality=85)
save("middle-progressive.jpg", middle, of_middle, quality=75, progressive=True)
save("middle-turned.jpg", middle, of_middle, orientation=6, quality=85)
save("middle-halved-across.jpg", middle, of_middle, quality=85, subsampling=1)
save("restarts.jpg", middle.crop((3, 5, 90, 70)), [(41, 33, "RGB"), square], quality=80, restart_marker_blocks=4)
for name, orientation in {"large.jpg": None, "large-turned.jpg": 8}.items():
    # At a half, a quarter and an eighth.
    of_large = [(61, 42, "RGB"), (33, 20, "L"), (20, 14, "RGB"), (10, 6, "L")]
    of_large = [(height, width, mode) if orientation == 8 else (width, height, mode) for width, height, mode in of_large]
    save(name, large, [*of_large, square], orientation=orientation, quality=40)

for name, options in {
    "png": {},
    "gif": {},
    "tif": {"compression": "tiff_adobe_deflate"},
    "webp": {"lossless": True},
    "jpg": {"quality": 95, "subsampling": 0},
    "avif": {"quality": 90, "subsampling": "4:4:4"},
}.items():
    save(f"ramp.{name}", ramp(45, 29), [(61, 40, "RGB"), (18, 11, "RGB"), (61, 40, "L"), square], **options)
    if name != "gif":
        save(f"wide.{name}", ramp(115, 23), [(125, 25, "RGB"), (45, 9, "RGB"), square], **options)
        save(f"tall.{name}", ramp(9, 63), [(11, 77, "RGB"), (5, 35, "RGB"), square], **options)
    save(f"odd.{name}", ramp(227, 5), [(256, 3, "RGB"), (100, 2, "RGB")], **options)
save("subsampled-ramp.jpg", ramp(251, 203), [(53, 43, "RGB"), (53, 43, "L"), square], quality=90)
save("ramp-of-inks.jpg", ramp(45, 29).convert("CMYK"), [(61, 40, "RGB"), square], quality=90)
save("one-pixel.png", Image.new("RGB", (1, 1), (200, 30, 60)), [square, (3, 2, "L")])
save("red.png", Image.new("RGB", (5, 4), (255, 0, 0)), [(7, 9, "L"), square])

# Deep pictures: what 8 bits are made of, by the range of unsigned integers, their upper bits; of floats, 0 to 1.
colours = numpy.asarray(small.crop((9, 6, 32, 23))).astype(numpy.float64) / 255
colours = (colours + numpy.random.default_rng(2).uniform(0, 1 / 256, colours.shape)).clip(0, 1)
grey = colours @ [0.299, 0.587, 0.114]
of_deep = [square, (29, 19, "RGB"), (13, 9, "L")]
for channels, values in {"grey": grey, "colours": colours}.items():
    for bits in (16, 32):
        integers = (values * (2**bits - 1)).astype(f"uint{bits}")
        upper = (integers >> (bits - 8)).astype(numpy.uint8)
        write_tiff(folder / f"{channels}-{bits}-bits.tif", integers)
        if bits == 16:
            write_png16(folder / f"{channels}-16-bits.png", integers)
        for name in [f"{channels}-{bits}-bits.tif"] + ([f"{channels}-16-bits.png"] if bits == 16 else []):
            truths[name] = Image.fromarray(upper).convert("RGB")
            sizes_of[name] = of_deep
    write_tiff(folder / f"{channels}-floats.tif", values.astype(numpy.float32))
    truths[f"{channels}-floats.tif"] = Image.fromarray(numpy.round(values * 255).astype(numpy.uint8)).convert("RGB")
    sizes_of[f"{channels}-floats.tif"] = of_deep

inks = 1 - colours
inks = numpy.concatenate([inks, numpy.full_like(inks[:, :, :1], 0.2)], 2)
inks_16 = (inks * 65535).astype(numpy.uint16)
write_tiff(folder / "inks-16-bits.tif", inks_16, photometric=5)
truths["inks-16-bits.tif"] = Image.fromarray((inks_16 >> 8).astype(numpy.uint8), "CMYK").convert("RGB")
sizes_of["inks-16-bits.tif"] = of_deep

# What has no range that is known.
refused = folder / "refused"
refused.mkdir(exist_ok=True)
write_tiff(refused / "signed-8.tif", (grey * 127).astype(numpy.int8)[:9, :9])
write_tiff(refused / "signed-16.tif", (grey * 32767).astype(numpy.int16)[:9, :9])
write_tiff(refused / "signed-32.tif", (grey * (2**31 - 1)).astype(numpy.int32)[:9, :9])
write_tiff(refused / "signed-colours.tif", (colours * 32767).astype(numpy.int16)[:9, :9])
write_tiff(refused / "floats-to-255.tif", (grey * 255).astype(numpy.float32)[:9, :9])
write_tiff(refused / "colours-to-255.tif", (colours * 255).astype(numpy.float32)[:9, :9])
write_tiff(refused / "negative.tif", (grey - 0.5).astype(numpy.float32)[:9, :9])
write_tiff(refused / "no-numbers.tif", numpy.where(grey > 0.5, grey, numpy.nan).astype(numpy.float32)[:9, :9])
write_tiff(refused / "double.tif", grey[:9, :9])
write_tiff(refused / "half.tif", grey.astype(numpy.float16)[:9, :9])
write_tiff(refused / "small-integers.tif", (grey * 255).astype(numpy.uint32)[:9, :9])
write_tiff(refused / "five-channels.tif", numpy.stack([(grey * 255).astype(numpy.uint8)[:9, :9]] * 5, 2))
write_tiff(refused / "white-is-zero.tif", grey.astype(numpy.float32)[:9, :9], photometric=0)
write_tiff(refused / "grey-and-opacity.tif", numpy.stack([grey.astype(numpy.float32)[:9, :9]] * 2, 2))
small.crop((0, 0, 9, 9)).convert("YCbCr").save(refused / "luma-and-chroma.tif")
small.crop((0, 0, 9, 9)).convert("LAB").save(refused / "lab.tif")

cases = []
pixels = b""
offsets: dict[bytes, int] = {}
for name, wanted in sizes_of.items():
    for width, height, mode in wanted:
        resized = truths[name].convert(mode).resize((width, height), Image.Resampling.BILINEAR).tobytes()
        cases.append({"file": name, "width": width, "height": height, "channels": len(mode), "offset": offsets.setdefault(resized, len(pixels))})
        # What two files have in common is stored once.
        if offsets[resized] == len(pixels):
            pixels += resized

# torchvision 0.21.0: `_compute_resized_output_size` and `center_crop` in transforms/functional.py.
geometry = []
for width, height, side, crop in [
    (500, 375, 256, 227), (375, 500, 256, 227), (333, 500, 256, 224), (500, 334, 256, 227), (640, 427, 256, 224), (427, 640, 40, 31),
    (100, 100, 256, 227), (3, 2, 7, 6), (113, 227, 64, 57), (227, 113, 64, 64), (1023, 767, 256, 224), (60, 83, 40, 32), (769, 768, 256, 227),
]:  # fmt: skip
    short, long = min(width, height), max(width, height)
    longer = int(side * long / short)
    to_width, to_height = (side, longer) if width <= height else (longer, side)
    left, top = round((to_width - crop) / 2.0), round((to_height - crop) / 2.0)
    geometry.append({"from": [width, height], "shorterSide": side, "crop": crop, "to": [to_width, to_height], "left": left, "top": top})

rows = ",\n".join(f"    {json.dumps(case)}" for case in cases)
places = ",\n".join(f"    {json.dumps(case)}" for case in geometry)
source = f"bench/reference/pixels.py, Pillow {PIL.__version__}"
(folder / "expected.json").write_text(
    f'{{\n  "source": {json.dumps(source)},\n  "cases": [\n{rows}\n  ],\n  "geometry": [\n{places}\n  ]\n}}\n'
)
(folder / "expected.bin.gz").write_bytes(gzip.compress(pixels, 9, mtime=0))
print(f"{len(truths)} files, {len(cases)} cases, {sum(path.stat().st_size for path in folder.rglob('*') if path.is_file())} bytes")
