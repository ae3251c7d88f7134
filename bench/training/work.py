"""What the Python sides of the benches are told to do."""

import argparse
from dataclasses import dataclass


@dataclass(frozen=True)
class Work:
    steps: int
    batch_size: int
    height: int
    width: int
    channels: int
    classes: int


def parse_work(description: str | None) -> Work:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--batch-size", type=int, required=True)
    parser.add_argument("--input", required=True)
    parser.add_argument("--classes", type=int, required=True)
    given = parser.parse_args()
    height, width, channels = (int(length) for length in given.input.split("x"))
    return Work(given.steps, given.batch_size, height, width, channels, given.classes)
