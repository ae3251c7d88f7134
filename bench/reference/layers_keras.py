"""Writes what Keras 2, and Keras 3 where it differs, makes of small inputs, forward and backward: the truth for the layers of core."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import keras
import numpy
import tensorflow
import tf_keras
from layer_cases import draw, rounded, tensor, write
from tf_keras import layers

tf_keras.backend.set_floatx("float64")
keras.backend.set_floatx("float64")

IMAGE = (2, 4, 5, 2)
ROWS = (4, 3)
# What stretches inputs over all pieces of a function, and meets no kink.
WIDE = 255 / 64


class LocalResponseNormalization(layers.Layer):
    """`tf.nn.local_response_normalization`, whose kernel knows single precision alone."""

    def __init__(self, **options):
        super().__init__(dtype="float32")
        self.options = options

    def call(self, inputs):
        return tensorflow.nn.local_response_normalization(inputs, **self.options)


# The layer in core, its options there, the layer in Keras, shapes of its inputs with the batch axis, whether it trains, and what its inputs
# are multiplied by.
CASES = [
    ("conv2d", {"filters": 3, "kernelSize": [2, 3], "strides": [1, 2]}, layers.Conv2D(3, (2, 3), strides=(1, 2)), [IMAGE], False),
    (
        "conv2d",
        {"filters": 2, "kernelSize": [2, 3], "dilations": [3, 2], "padding": "same"},
        layers.Conv2D(2, (2, 3), dilation_rate=(3, 2), padding="same"),
        [IMAGE],
        False,
    ),
    ("conv2d", {"filters": 2, "kernelSize": 2, "dilations": [2, 3]}, layers.Conv2D(2, 2, dilation_rate=(2, 3)), [IMAGE], False),
    ("dense", {"units": 4, "activation": "softmax"}, layers.Dense(4, activation="softmax"), [ROWS], False),
    ("maxPool2d", {"poolSize": 3, "strides": 2, "padding": "same"}, layers.MaxPooling2D(3, 2, "same"), [IMAGE], False),
    ("averagePool2d", {"poolSize": [2, 3], "strides": [1, 2]}, layers.AveragePooling2D((2, 3), (1, 2)), [IMAGE], False),
    ("averagePool2d", {"poolSize": 3, "strides": 2, "padding": "same"}, layers.AveragePooling2D(3, 2, "same"), [IMAGE], False),
    ("averagePool2d", {"poolSize": 3, "strides": 1, "padding": "same"}, layers.AveragePooling2D(3, 1, "same"), [IMAGE], False),
    ("averagePool2d", {}, layers.AveragePooling2D(), [IMAGE], False),
    ("globalAveragePooling2d", {}, layers.GlobalAveragePooling2D(), [IMAGE], False),
    ("globalMaxPooling2d", {}, layers.GlobalMaxPooling2D(), [IMAGE], False),
    ("zeroPadding2d", {}, layers.ZeroPadding2D(), [IMAGE], False),
    ("zeroPadding2d", {"padding": [2, 1]}, layers.ZeroPadding2D((2, 1)), [IMAGE], False),
    ("zeroPadding2d", {"padding": [[0, 1], [2, 0]]}, layers.ZeroPadding2D(((0, 1), (2, 0))), [IMAGE], False),
    ("add", {}, layers.Add(), [IMAGE, IMAGE, IMAGE], False),
    ("concatenate", {"axis": 1}, layers.Concatenate(axis=1), [IMAGE, (2, 1, 5, 2)], False),
    ("leakyRelu", {}, layers.LeakyReLU(dtype="float32"), [ROWS], False),
    ("leakyRelu", {"negativeSlope": 0.01}, layers.LeakyReLU(0.01, dtype="float32"), [ROWS], False),
    *(
        ("activation", {"function": name}, layers.Activation(name), [ROWS], False)
        for name in ("elu", "relu", "sigmoid", "softmax", "softplus", "swish", "tanh")
    ),
    ("batchNormalization", {}, layers.BatchNormalization(dtype="float32"), [IMAGE], False),
    ("batchNormalization", {}, layers.BatchNormalization(dtype="float32"), [IMAGE], True),
    (
        "batchNormalization",
        {"momentum": 0.9, "epsilon": 0.01, "center": False},
        layers.BatchNormalization(momentum=0.9, epsilon=0.01, center=False, dtype="float32"),
        [IMAGE],
        True,
    ),
    ("batchNormalization", {"scale": False}, layers.BatchNormalization(scale=False, dtype="float32"), [ROWS], True),
    ("localResponseNormalization", {}, LocalResponseNormalization(), [(2, 2, 1, 8)], False),
    (
        "localResponseNormalization",
        {"depthRadius": 2, "bias": 2, "alpha": 1e-4, "beta": 0.75},
        LocalResponseNormalization(depth_radius=2, bias=2, alpha=1e-4, beta=0.75),
        [(2, 2, 1, 8)],
        False,
    ),
    (
        "localResponseNormalization",
        {"depthRadius": 1, "bias": 0.5, "alpha": 0.3, "beta": 1.2},
        LocalResponseNormalization(depth_radius=1, bias=0.5, alpha=0.3, beta=1.2),
        [(2, 2, 1, 8)],
        False,
    ),
    ("relu", {}, layers.ReLU(), [ROWS], False),
    ("relu6", {}, layers.ReLU(6), [IMAGE], False, WIDE),
    ("elu", {"alpha": 0.5}, layers.ELU(0.5), [ROWS], False),
    ("softmax", {}, layers.Softmax(), [ROWS], False),
    *((name, {}, layers.Activation(name), [ROWS], False) for name in ("mish", "selu", "sigmoid", "softplus", "tanh")),
    ("silu", {}, keras.layers.Activation("silu"), [ROWS], False),
    # TensorFlow's square root of 2 is one of single precision.
    ("gelu", {}, keras.layers.Activation("gelu", dtype="float32"), [ROWS], False),
    ("gelu", {"approximate": "tanh"}, layers.Activation(lambda x: tf_keras.activations.gelu(x, approximate=True)), [ROWS], False),
    ("hardSigmoid", {}, keras.layers.Activation("hard_sigmoid"), [IMAGE], False, WIDE),
    ("hardSwish", {}, keras.layers.Activation("hard_silu"), [IMAGE], False, WIDE),
    ("globalAveragePooling2d", {"keepDimensions": True}, layers.GlobalAveragePooling2D(keepdims=True), [IMAGE], False),
    ("multiply", {}, layers.Multiply(), [IMAGE, IMAGE, (2, 1, 1, 2)], False),
    ("multiply", {}, layers.Multiply(), [(2, 2), IMAGE], False),
    ("reshape", {"targetShape": [5, -1]}, layers.Reshape((5, -1)), [IMAGE], False),
    ("permute", {"dims": [2, 3, 1]}, layers.Permute((2, 3, 1)), [IMAGE], False),
    (
        "depthwiseConv2d",
        {"kernelSize": [2, 3], "depthMultiplier": 3},
        layers.DepthwiseConv2D((2, 3), depth_multiplier=3),
        [IMAGE],
        False,
    ),
    (
        "depthwiseConv2d",
        {"kernelSize": 3, "strides": 2, "padding": "same", "useBias": False},
        layers.DepthwiseConv2D(3, 2, "same", use_bias=False),
        [IMAGE],
        False,
    ),
    ("depthwiseConv2d", {"kernelSize": 2, "dilations": 2}, layers.DepthwiseConv2D(2, dilation_rate=2), [IMAGE], False),
    (
        "separableConv2d",
        {"filters": 3, "kernelSize": 2, "depthMultiplier": 2, "padding": "same", "activation": "relu"},
        layers.SeparableConv2D(3, 2, depth_multiplier=2, padding="same", activation="relu"),
        [IMAGE],
        False,
    ),
    ("layerNormalization", {}, layers.LayerNormalization(), [IMAGE], False),
    (
        "layerNormalization",
        {"axis": [1, 3], "epsilon": 0.01, "center": False},
        layers.LayerNormalization(axis=[1, 3], epsilon=0.01, center=False),
        [IMAGE],
        True,
    ),
    ("layerNormalization", {"scale": False}, layers.LayerNormalization(scale=False), [ROWS], False),
]


def key_of(weight: tensorflow.Variable) -> str:
    return weight.name.split("/")[-1].split(":")[0]


def case(generator, name, options, layer, shapes, training, stretch=1):
    inputs = [tensorflow.constant(draw(generator, shape) * stretch, layer.dtype) for shape in shapes]
    call = lambda: layer(inputs if len(inputs) > 1 else inputs[0], training=training)
    call()
    for weight in layer.weights:
        offset = 3 if "variance" in weight.name else 0
        weight.assign(draw(generator, tuple(weight.shape)) + offset)
    weights = {key_of(weight): tensor(weight.numpy()) for weight in layer.weights}
    with tensorflow.GradientTape() as tape:
        tape.watch(inputs)
        output = call()
        cotangent = tensorflow.constant(draw(generator, tuple(output.shape)), output.dtype)
        target = tensorflow.reduce_sum(output * cotangent)
    gradients = tape.gradient(target, [*inputs, *layer.trainable_weights])
    return {
        "layer": name,
        "options": options,
        "training": training,
        "single": layer.dtype == "float32",
        "inputs": [tensor(value.numpy()) for value in inputs],
        "weights": weights,
        "output": tensor(output.numpy()),
        "cotangent": rounded(cotangent),
        "inputGradients": [rounded(gradient) for gradient in gradients[: len(inputs)]],
        "weightGradients": {
            key_of(weight): rounded(gradient) for weight, gradient in zip(layer.trainable_weights, gradients[len(inputs) :])
        },
        "statistics": {key_of(weight): rounded(weight.numpy()) for weight in layer.non_trainable_weights},
    }


if __name__ == "__main__":
    generator = numpy.random.default_rng(1)
    write(
        __doc__,
        f"layers_keras.py, tensorflow {tensorflow.__version__}, tf_keras {tf_keras.__version__}, keras {keras.__version__}, numpy {numpy.__version__}",
        [case(generator, *each) for each in CASES],
    )
