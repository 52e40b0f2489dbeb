"""The usual Python server for a network: FastAPI, uvicorn, Pillow and the
TorchScript export. The paths are those of `digitorch serve` that are measured.

    serve.py MODEL.pt

Prints "serving at http://127.0.0.1:PORT"."""

import io
import json
import socket
import sys

import fastapi
import numpy
import torch
import uvicorn
from PIL import Image

model = torch.jit.load(sys.argv[1]).eval()
app = fastapi.FastAPI()


@app.post("/classify")
async def classify(request: fastapi.Request):
    image = Image.open(io.BytesIO(await request.body())).convert("L").resize((28, 28))
    pixels = torch.from_numpy(numpy.array(image, dtype=numpy.float32) / 255)
    with torch.inference_mode():
        probabilities = model(pixels[None, None]).softmax(1)[0]
    best = int(probabilities.argmax())
    return {"label": str(best), "probability": float(probabilities[best])}


@app.post("/v2/models/digits/infer")
async def infer(request: fastapi.Request):
    body = await request.body()
    length = int(request.headers["Inference-Header-Content-Length"])
    shape = json.loads(body[:length])["inputs"][0]["shape"]
    pixels = numpy.frombuffer(body[length:], numpy.uint8).reshape(shape)
    with torch.inference_mode():
        logits = model(torch.from_numpy(pixels.astype(numpy.float32) / 255))
    data = logits.numpy().tobytes()
    head = json.dumps({
        "model_name": "digits", "model_version": "1",
        "outputs": [{"name": "logits", "datatype": "FP32",
                     "shape": list(logits.shape),
                     "parameters": {"binary_data_size": len(data)}}]}).encode()
    return fastapi.Response(
        head + data, media_type="application/octet-stream",
        headers={"Inference-Header-Content-Length": str(len(head))})


if __name__ == "__main__":
    listener = socket.create_server(("127.0.0.1", 0))
    print(f"serving at http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[listener])
