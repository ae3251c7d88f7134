"""The peer of `convzoo serve`: FastAPI on uvicorn, pictures by Pillow, the same ONNX model by onnxruntime.

    MODEL=nin.onnx THREADS=1 uvicorn server:app

A request's body is a picture. It is decoded and seen by the network in a thread of the pool, so that the loop goes on; Pillow and onnxruntime
let others compute meanwhile. With DRAFT=1 Pillow decodes a JPEG at a fraction of its size where it is shrunk by more anyway: other pixels than
those that the network has learned from.
"""

import io
import json
import os

import numpy as np
import onnxruntime as ort
from fastapi import FastAPI, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from PIL import Image, ImageOps

is_draft = os.environ.get("DRAFT") == "1"
options = ort.SessionOptions()
options.intra_op_num_threads = int(os.environ["THREADS"])
session = ort.InferenceSession(os.environ["MODEL"], options, providers=["CPUExecutionProvider"])
metadata = session.get_modelmeta().custom_metadata_map
classes = json.loads(metadata["classes"])
height, width, channels = json.loads(metadata["input"])
preprocessing = json.loads(metadata["preprocessing"])
shorter_side = preprocessing.get("shorterSide")
mean = np.asarray(preprocessing["mean"], np.float32)
deviation = np.asarray(preprocessing["standardDeviation"], np.float32)
# One multiplication and one addition for each value.
scale = 1 / (255 * deviation)
shift = -mean / deviation

app = FastAPI()


def seen(body: bytes) -> np.ndarray:
    image = Image.open(io.BytesIO(body))
    if is_draft:
        image.draft("RGB", (width, height) if shorter_side is None else (shorter_side, shorter_side))
    if shorter_side is None:
        image = ImageOps.exif_transpose(image).convert("RGB").resize((width, height), Image.Resampling.BILINEAR)
    else:
        image = ImageOps.exif_transpose(image).convert("RGB")
        factor = shorter_side / min(image.size)
        size = tuple(max(shorter_side, round(length * factor)) for length in image.size)
        image = image.resize(size, Image.Resampling.BILINEAR)
        left, top = round((size[0] - width) / 2), round((size[1] - height) / 2)
        image = image.crop((left, top, left + width, top + height))
    return (np.asarray(image, np.float32) * scale + shift)[None]


def answer(body: bytes, top: int):
    try:
        images = seen(body)
    except Exception as error:
        raise HTTPException(415, str(error))
    (probabilities,) = session.run(None, {"images": images})[0]
    best = np.argsort(-probabilities, kind="stable")[:top]
    return [{"image": "0", "top": [{"class": classes[index], "probability": float(probabilities[index])} for index in best]}]


@app.post("/predict")
async def predict(request: Request, top: int = 5):
    body = await request.body()
    return await run_in_threadpool(answer, body, top)


@app.get("/health")
async def health():
    return {"status": "ok"}
