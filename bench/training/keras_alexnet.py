"""Keras' side of compare.mjs: the notebook's AlexNet, trained with SGDW in a compiled TensorFlow function, as fast as Keras has it."""

import json
import os
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"

import keras
import tensorflow as tf
from keras import layers
from work import parse_work


def network(shape: tuple[int, ...], classes: int) -> keras.Model:
    convolution = {"padding": "same", "activation": "relu"}
    return keras.Sequential(
        [
            keras.Input(shape),
            layers.Conv2D(96, 11, 4),
            layers.MaxPool2D(3, 2),
            layers.Conv2D(256, 5, **convolution),
            layers.MaxPool2D(3, 2),
            layers.Conv2D(384, 3, **convolution),
            layers.Conv2D(384, 3, **convolution),
            layers.Conv2D(256, 3, **convolution),
            layers.MaxPool2D(3, 2),
            layers.Flatten(),
            layers.Dense(4096),
            layers.Dropout(0.5),
            layers.Dense(4096),
            layers.Dropout(0.5),
            layers.Dense(classes, activation="softmax"),
        ]
    )


def main() -> None:
    work = parse_work(__doc__)
    shape = (work.height, work.width, work.channels)
    model = network(shape, work.classes)
    # Keras 3's SGD decays a weight by learning rate · weight decay · weight beside the momentum: decoupled, as SGDW does.
    model.compile(
        optimizer=keras.optimizers.SGD(0.001, momentum=0.9, weight_decay=5e-4), loss="categorical_crossentropy"
    )
    images = tf.random.normal([work.batch_size, *shape])
    targets = tf.one_hot(tf.range(work.batch_size) % work.classes, work.classes)
    threads = len(os.sched_getaffinity(0))
    print(json.dumps(f"Keras {keras.__version__} on TensorFlow {tf.__version__}, {threads} threads"), flush=True)

    for _ in sys.stdin:
        seconds = []
        for _ in range(work.steps):
            began = time.perf_counter()
            float(model.train_on_batch(images, targets))
            seconds.append(time.perf_counter() - began)
        print(json.dumps(seconds), flush=True)


if __name__ == "__main__":
    main()
