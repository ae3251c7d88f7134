"""Writes what Keras' constraints, and ZFNet's by its formula in NumPy, make of a kernel of each kind: the truth for ours."""

import keras
import numpy
from under_library import write

# Every filter of its own size: some within the bounds, some above, one of zeros.
SHAPES = [(2, 3, 2, 4), (5, 4)]
SCALES = [0.05, 0.6, 0.0, 2.5]


def max_rms(kernel: numpy.ndarray, maximum: float, axes: tuple[int, ...]) -> numpy.ndarray:
    """Zeiler and Fergus, 3.1: each filter "whose RMS value exceeds a fixed radius" is renormalised "to this fixed radius"."""
    rms = numpy.sqrt(numpy.mean(kernel**2, axis=axes, keepdims=True))
    return numpy.where(rms > maximum, kernel * maximum / numpy.where(rms > 0, rms, 1), kernel)


def content() -> dict:
    generator = numpy.random.default_rng(1)
    cases = []
    for shape in SHAPES:
        kernel = (generator.uniform(-1, 1, shape) * SCALES).astype(numpy.float32)
        axes = tuple(range(len(shape) - 1))
        expected = {
            "maxNorm": keras.constraints.MaxNorm(1.5, axis=axes)(kernel),
            "unitNorm": keras.constraints.UnitNorm(axis=axes)(kernel),
            "maxRms": max_rms(kernel.astype(numpy.float64), 0.1, axes),
        }
        for kind, constrained in expected.items():
            maximum = {"maxNorm": {"maximum": 1.5}, "maxRms": {"maximum": 0.1}}.get(kind, {})
            cases.append(
                {
                    "constraint": {"type": kind, **maximum},
                    "shape": shape,
                    "kernel": kernel.ravel().tolist(),
                    "expected": numpy.asarray(constrained, numpy.float32).ravel().tolist(),
                }
            )
    return {"cases": cases}


if __name__ == "__main__":
    write("constraints.py", __doc__, {"keras": content})
