"""Reads and writes safetensors files: eight bytes of length, a JSON header, the tensors."""

import json
import struct
from pathlib import Path

import numpy

DTYPES = {"F32": numpy.float32, "F64": numpy.float64, "U32": numpy.uint32, "U8": numpy.uint8}


def read(path: Path) -> tuple[dict[str, numpy.ndarray], dict[str, str]]:
    content = path.read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    data = memoryview(content)[8 + length :]
    tensors = {
        name: numpy.frombuffer(data[slice(*entry["data_offsets"])], DTYPES[entry["dtype"]]).reshape(entry["shape"])
        for name, entry in header.items()
    }
    return tensors, metadata


def write(path: Path, tensors: dict[str, numpy.ndarray], metadata: dict[str, str]) -> None:
    """Float32 tensors, by name."""
    header: dict[str, object] = {"__metadata__": metadata}
    offset = 0
    for name in sorted(tensors):
        size = tensors[name].size * 4
        header[name] = {"dtype": "F32", "shape": list(tensors[name].shape), "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    parts = [struct.pack("<Q", len(text)), text, *(tensors[name].astype("<f4").tobytes() for name in sorted(tensors))]
    path.write_bytes(b"".join(parts))
