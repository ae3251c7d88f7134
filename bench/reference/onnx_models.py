"""What onnx and onnxruntime make of exported models.

    onnx_models.py check <folder>   checks every *.onnx of it, and runs it on the images beside it: name.onnx, name.images, name.probabilities
    onnx_models.py operators <folder>   of each *.onnx its operators, as JSON
    onnx_models.py make <folder>    torchvision's AlexNet with random weights as alexnet.pth
    onnx_models.py same <folder>    alexnet.onnx beside that network, on random images

Images and probabilities are float32, little-endian, row-major; images of a model that takes bytes are uint8. Prints the greatest difference of each.
"""

import json
import pathlib
import sys

import numpy
import onnx
import onnxruntime


def run(path: pathlib.Path, images: numpy.ndarray) -> numpy.ndarray:
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    (taken,) = session.get_inputs()
    (given,) = session.get_outputs()
    assert taken.shape[0] == given.shape[0] == "N", (taken.shape, given.shape)
    shape = [-1, *taken.shape[1:]]
    return session.run([given.name], {taken.name: images.reshape(shape)})[0]


def greatest(name: str, a: numpy.ndarray, b: numpy.ndarray) -> None:
    difference = float(numpy.abs(a.ravel() - b.ravel()).max())
    print(f"{name}: {difference:.1e}")
    assert difference <= 1e-5, name


kinds = {"tensor(float)": "<f4", "tensor(uint8)": "u1"}


def taken_type(path: pathlib.Path) -> str:
    (taken,) = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"]).get_inputs()
    return taken.type


def check(folder: pathlib.Path) -> None:
    for path in sorted(folder.glob("*.onnx")):
        onnx.checker.check_model(str(path), full_check=True)
        images = numpy.fromfile(path.with_suffix(".images"), kinds[taken_type(path)])
        wanted = numpy.fromfile(path.with_suffix(".probabilities"), "<f4")
        whole = run(path, images)
        greatest(path.stem, whole, wanted)
        one = run(path, images.reshape(len(whole), -1)[:1])
        assert len(one) == 1 and numpy.abs(one - whole[:1]).max() <= 1e-6, path


def operators(folder: pathlib.Path) -> None:
    models = {path.stem: onnx.load(str(path), load_external_data=False) for path in folder.glob("*.onnx")}
    print(json.dumps({name: [node.op_type for node in model.graph.node] for name, model in models.items()}))


def torchvision_alexnet():
    import torch
    import torchvision

    torch.manual_seed(7)
    return torch, torchvision.models.alexnet(weights=None).eval()


def make(folder: pathlib.Path) -> None:
    torch, network = torchvision_alexnet()
    torch.save(network.state_dict(), folder / "alexnet.pth")


def same(folder: pathlib.Path) -> None:
    torch, network = torchvision_alexnet()
    images = torch.rand(4, 3, 224, 224)
    with torch.no_grad():
        wanted = torch.softmax(network(images), dim=1).numpy()
    given = run(folder / "alexnet.onnx", images.permute(0, 2, 3, 1).contiguous().numpy())
    greatest("torchvision's AlexNet", given, wanted)


if __name__ == "__main__":
    {"check": check, "operators": operators, "make": make, "same": same}[sys.argv[1]](pathlib.Path(sys.argv[2]))
