"""Writes what scikit-learn and torchmetrics make of predictions: the truth for the trainer's metrics. It needs scikit-learn 1.9 and
torchmetrics 1.6 beside the libraries of requirements.txt.

torchmetrics 1.6 gives a probability of exactly 1 a bin of its own, where Guo et al. have it in the last one: the cases hold none.
"""

import argparse
import json
import warnings

import numpy
import sklearn
import torch
import torchmetrics
from sklearn import metrics
from torchmetrics.functional.classification import multiclass_calibration_error


def case(seed: int, samples: int, classes: int, truths: range, sharpness: float) -> dict:
    random = numpy.random.default_rng(seed)
    truth = random.choice(numpy.array(truths), samples)
    logits = random.normal(size=(samples, classes)) * sharpness
    logits[numpy.arange(samples), truth] += sharpness
    exponentials = numpy.exp(logits)
    probabilities = numpy.round(exponentials / exponentials.sum(axis=1, keepdims=True), 6)
    predicted = probabilities.argmax(axis=1)
    labels = list(range(classes))
    by_class = {
        name: score(truth, predicted, labels=labels, average=None, zero_division=0).tolist()
        for name, score in (
            ("precision", metrics.precision_score),
            ("recall", metrics.recall_score),
            ("f1", metrics.f1_score),
        )
    }
    means = {
        "precision": metrics.precision_score(truth, predicted, average="macro", zero_division=0),
        "recall": metrics.recall_score(truth, predicted, average="macro", zero_division=0),
        "f1": metrics.f1_score(truth, predicted, average="macro", zero_division=0),
        "balancedAccuracy": metrics.balanced_accuracy_score(truth, predicted),
    }
    calibration = {
        str(bins): multiclass_calibration_error(
            torch.tensor(probabilities), torch.tensor(truth), classes, n_bins=bins, norm="l1"
        ).item()
        for bins in (10, 15)
    }
    top = {
        str(k): metrics.top_k_accuracy_score(truth, probabilities, k=k, labels=labels)
        for k in range(1, classes)
        if classes > 2
    }
    return {
        "classes": classes,
        "truths": truth.tolist(),
        "probabilities": probabilities.flatten().tolist(),
        "confusion": metrics.confusion_matrix(truth, predicted, labels=labels).tolist(),
        "byClass": by_class,
        "means": means,
        "calibrationError": calibration,
        "top": top,
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", required=True)
    path = parser.parse_args().output
    # A class that is never predicted is what some cases are about.
    warnings.filterwarnings("ignore")
    made = {
        "made": f"scikit-learn {sklearn.__version__}, torchmetrics {torchmetrics.__version__}",
        "cases": {
            "two classes": case(1, 30, 2, range(2), 1.0),
            "a class without samples": case(2, 40, 4, range(3), 1.0),
            "many classes": case(3, 60, 12, range(12), 2.0),
            "classes that are neither there nor predicted": case(4, 6, 9, range(2), 3.0),
        },
    }
    with open(path, "w") as file:
        json.dump(made, file, separators=(",", ":"))
        file.write("\n")


main()
