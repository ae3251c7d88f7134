"""Writes test vectors of the ONNX project for operators that core has as primitives, channels last.

They come with Debian's package libonnx-testdata 1.12.0-2 (licence: Expat), whose folder `data/node` is the argument.
"""

import argparse
import json
from pathlib import Path

import numpy

# The vector's folder and what it means in core; attributes as `onnx/backend/test/case/node/{lrn,averagepool}.py` states them.
NORMALIZATION = {"primitive": "localResponseNormalization", "radius": 1, "beta": 0.5}
POOLING = {"primitive": "averagePool2d"}
CASES = {
    "test_lrn": {**NORMALIZATION, "bias": 2, "alpha": 0.0002 / 3},
    "test_averagepool_2d_precomputed_pads": {**POOLING, "size": [5, 5], "strides": [1, 1], "padding": [2, 2, 2, 2]},
    "test_averagepool_2d_precomputed_same_upper": {**POOLING, "size": [3, 3], "strides": [2, 2], "padding": [1, 1, 1, 1]},
    "test_averagepool_2d_precomputed_strides": {**POOLING, "size": [2, 2], "strides": [2, 2], "padding": [0, 0, 0, 0]},
}


def varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        shift += 7
        at += 1
        if data[at - 1] < 128:
            return value, at


def tensor(path: Path) -> dict:
    """The fields of a TensorProto that these files use: dims (1) and raw_data (9), in single precision."""
    data, at, dims, raw = path.read_bytes(), 0, [], b""
    while at < len(data):
        key, at = varint(data, at)
        value, at = varint(data, at)
        if key >> 3 == 1 and key & 7 == 0:
            dims.append(value)
        elif key & 7 == 2:
            field, at = data[at : at + value], at + value
            raw = field if key >> 3 == 9 else raw
    values = numpy.frombuffer(raw, "<f4").reshape(dims).transpose(0, 2, 3, 1)
    return {"shape": list(values.shape), "data": [float(f"{value:.9g}") for value in values.ravel()]}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("vectors", type=Path)
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    cases = [
        {
            "name": name,
            **attributes,
            "x": tensor(arguments.vectors / name / "test_data_set_0" / "input_0.pb"),
            "y": tensor(arguments.vectors / name / "test_data_set_0" / "output_0.pb"),
        }
        for name, attributes in CASES.items()
    ]
    source = "bench/reference/onnx_vectors.py, node tests of ONNX 1.12.0 as in Debian's libonnx-testdata; licence Expat"
    lines = ",\n".join(f"    {json.dumps(case)}" for case in cases)
    arguments.output.write_text(f'{{\n  "source": {json.dumps(source)},\n  "cases": [\n{lines}\n  ]\n}}\n')
