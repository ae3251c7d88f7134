"""Writes the first images of Fashion-MNIST, with their labels, as gzipped IDX files whose bytes depend on nothing else."""

import argparse
import gzip
import hashlib
import io
import struct
from pathlib import Path

# sha256 of the unpacked originals.
ORIGINALS = {
    "train-images-idx3-ubyte": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    "train-labels-idx1-ubyte": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    "t10k-images-idx3-ubyte": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    "t10k-labels-idx1-ubyte": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
}


def first(content: bytes, count: int) -> bytes:
    """The IDX file of the first `count` entries of an IDX file of bytes."""
    rank = content[3]
    shape = struct.unpack_from(f">{rank}I", content, 4)
    size = 1
    for length in shape[1:]:
        size *= length
    start = 4 + 4 * rank
    return content[:4] + struct.pack(f">{rank}I", count, *shape[1:]) + content[start : start + count * size]


def gzipped(content: bytes) -> bytes:
    """Without a name and without a time."""
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=buffer, mtime=0) as file:
        file.write(content)
    return buffer.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, required=True, help="folder with the four original .gz files")
    parser.add_argument("--output", type=Path, required=True, help="folder for the subset")
    parser.add_argument("--train", type=int, default=2000)
    parser.add_argument("--test", type=int, default=500)
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    for name, expected in ORIGINALS.items():
        content = gzip.decompress((arguments.source / f"{name}.gz").read_bytes())
        found = hashlib.sha256(content).hexdigest()
        if found != expected:
            raise SystemExit(f"{name}: sha256 {found}, expected {expected}")
        subset = gzipped(first(content, arguments.train if name.startswith("train") else arguments.test))
        (arguments.output / f"{name}.gz").write_bytes(subset)
        print(f"{name}.gz  {len(subset)} bytes  sha256 {hashlib.sha256(subset).hexdigest()}")


if __name__ == "__main__":
    main()
