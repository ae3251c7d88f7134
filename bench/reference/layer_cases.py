"""What the scripts share that write the truth for the layers of core."""

import argparse
import json
from pathlib import Path

import numpy


def draw(generator: numpy.random.Generator, shape: tuple[int, ...]) -> numpy.ndarray:
    """Numbers in [-2.5, 2.5) that single precision holds exactly; no two of them equal, so that no maximum is shared."""
    return (generator.permutation(320)[: numpy.prod(shape)].reshape(shape) - 160) / 64


def rounded(numbers: numpy.ndarray) -> list[float]:
    return [float(f"{number:.10g}") for number in numpy.asarray(numbers, numpy.float64).ravel()]


def tensor(numbers: numpy.ndarray) -> dict:
    return {"shape": list(numbers.shape), "data": rounded(numbers)}


def write(description: str, source: str, cases: list[dict]) -> None:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--output", type=Path, required=True)
    lines = ",\n".join(f"    {json.dumps(each)}" for each in cases)
    text = f'{{\n  "source": {json.dumps(f"bench/reference/{source}")},\n  "cases": [\n{lines}\n  ]\n}}\n'
    parser.parse_args().output.write_text(text)
