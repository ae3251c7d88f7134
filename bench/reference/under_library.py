"""What scripts share that ask the same of PyTorch and of Keras, each in an environment of its own if need be."""

import argparse
import importlib
import json
from collections.abc import Callable
from pathlib import Path


def write(script: str, description: str | None, content_of: dict[str, Callable[[], dict]]) -> None:
    """Writes what the library that the command line names gives, and which version it was."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--library", choices=sorted(content_of), required=True)
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    version = importlib.import_module(arguments.library).__version__
    source = f"bench/reference/{script}, {arguments.library} {version}"
    arguments.output.write_text(json.dumps({"source": source, **content_of[arguments.library]()}) + "\n")
