"""PyTorch's side of bench:gpu: the AlexNet of bench/training, trained with SGDW, or predicting, in one of several ways. As ours, each step
takes its batch from the memory of the process and brings back its result. A line {mode, batch, steps} is answered by the milliseconds of
each step."""

import json
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "training"))

import torch
from pytorch import network
from torch import nn

VARIANTS = {
    "float32": {"tf32": False, "channels_last": False, "compiled": False},
    "tf32": {"tf32": True, "channels_last": False, "compiled": False},
    "channels-last": {"tf32": True, "channels_last": True, "compiled": False},
    "compiled": {"tf32": True, "channels_last": True, "compiled": True},
}


class Bench:
    def __init__(self, variant: str, size: str, classes: int) -> None:
        how = VARIANTS[variant]
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        torch.backends.cuda.matmul.allow_tf32 = how["tf32"]
        torch.backends.cudnn.allow_tf32 = how["tf32"]
        torch.backends.cudnn.benchmark = True
        torch.manual_seed(1)
        self.height, self.width, self.channels = (int(length) for length in size.split("x"))
        self.classes = classes
        self.format = torch.channels_last if how["channels_last"] else torch.contiguous_format
        self.model = network(self.channels, classes, self.height, self.width)
        self.model = self.model.to(self.device, memory_format=self.format)
        self.weights = list(self.model.parameters())
        self.velocities = [torch.zeros_like(weight) for weight in self.weights]
        self.batches: dict[int, tuple[torch.Tensor, torch.Tensor]] = {}
        self.loss = torch.compile(self.loss_of, dynamic=False) if how["compiled"] else self.loss_of
        self.predict = torch.compile(self.prediction_of, dynamic=False) if how["compiled"] else self.prediction_of

    def loss_of(self, images: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        return nn.functional.cross_entropy(self.model(images), labels)

    def prediction_of(self, images: torch.Tensor) -> torch.Tensor:
        return nn.functional.softmax(self.model(images), dim=1)

    def batch(self, size: int) -> tuple[torch.Tensor, torch.Tensor]:
        if size not in self.batches:
            images = torch.randn(size, self.channels, self.height, self.width).to(memory_format=self.format)
            labels = torch.arange(size) % self.classes
            if self.device.type == "cuda":
                images, labels = images.pin_memory(), labels.pin_memory()
            self.batches[size] = (images, labels)
        images, labels = self.batches[size]
        return images.to(self.device, non_blocking=True), labels.to(self.device, non_blocking=True)

    def step(self, mode: str, size: int) -> None:
        images, labels = self.batch(size)
        if mode == "predict":
            self.model.eval()
            with torch.inference_mode():
                self.predict(images).cpu()
            return
        self.model.train()
        loss = self.loss(images, labels)
        gradients = torch.autograd.grad(loss, self.weights)
        with torch.no_grad():
            torch._foreach_mul_(self.weights, 1 - 5e-4)
            torch._foreach_mul_(self.velocities, 0.9)
            torch._foreach_add_(self.velocities, gradients, alpha=-0.001)
            torch._foreach_add_(self.weights, self.velocities)
        loss.item()

    def timed(self, mode: str, batch: int, steps: int) -> dict:
        milliseconds = []
        for _ in range(steps):
            began = time.perf_counter()
            self.step(mode, batch)
            milliseconds.append((time.perf_counter() - began) * 1000)
        mib = {"processMiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}
        if self.device.type == "cuda":
            mib["gpuMiB"] = torch.cuda.max_memory_reserved() // 2**20
        return {"milliseconds": milliseconds, **mib}

    def shares(self, mode: str, batch: int, steps: int) -> dict:
        """Milliseconds of a step that the GPU computes and copies, and that the process spends on telling it to."""
        from torch.profiler import ProfilerActivity, profile

        on_gpu = self.device.type == "cuda"
        activities = [ProfilerActivity.CPU, *([ProfilerActivity.CUDA] if on_gpu else [])]
        began = time.perf_counter()
        with profile(activities=activities) as profiler:
            for _ in range(steps):
                self.step(mode, batch)
        total = (time.perf_counter() - began) * 1000
        sums = {"launch": 0.0, "copy": 0.0, "arithmetic": 0.0}
        for event in profiler.events():
            took = event.time_range.elapsed_us() / 1000
            if "cuda" in str(event.device_type).lower():
                sums["copy" if event.name.startswith("Memcpy") else "arithmetic"] += took
            elif event.name.startswith(("cudaLaunch", "cuLaunch", "cudaMemcpyAsync", "cudaMemsetAsync")):
                sums["launch"] += took
        per_step = {name: value / steps for name, value in sums.items()}
        return {"how": "torch.profiler", "stepMs": total / steps, **per_step} if on_gpu else {"missing": "no GPU"}


def main() -> None:
    variant, size, classes = sys.argv[1:4]
    bench = Bench(variant, size, int(classes))
    where = torch.cuda.get_device_name() if bench.device.type == "cuda" else "cpu"
    print(json.dumps({"description": f"PyTorch {torch.__version__}, {where}, {variant}"}), flush=True)
    for line in sys.stdin:
        question = json.loads(line)
        what = question.pop("what", "time")
        try:
            answer = bench.shares(**question) if what == "shares" else bench.timed(**question)
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
