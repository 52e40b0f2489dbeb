"""Starts `digitorch serve` for tests, and makes pictures to send to it."""

import contextlib
import http.client
import json
import pathlib
import signal
import socket
import struct
import subprocess
import threading
import time
import zlib


def png(rows):
    """A grey PNG of rows of bytes, by the standard library alone."""
    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data
                + struct.pack(">I", zlib.crc32(kind + data)))
    height, width = len(rows), len(rows[0])
    raw = b"".join(b"\0" + bytes(row) for row in rows)
    return (b"\x89PNG\r\n\x1a\n"
            + chunk(b"IHDR", struct.pack(">2I5B", width, height, 8, 0, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b""))


def test_digits(folder):
    """MNIST's test set: (list of 784-byte pictures, list of labels)."""
    folder = pathlib.Path(folder)
    images = (folder / "t10k-images-idx3-ubyte").read_bytes()[16:]
    labels = (folder / "t10k-labels-idx1-ubyte").read_bytes()[8:]
    return [images[i:i + 784] for i in range(0, len(images), 784)], list(labels)


def as_png(pixels):
    return png([pixels[28 * y:28 * y + 28] for y in range(28)])


def tensor_call(pictures):
    """A v2 request of UINT8 pictures in binary form: (headers, body)."""
    data = b"".join(pictures)
    head = json.dumps({"inputs": [{
        "name": "images", "datatype": "UINT8",
        "shape": [len(pictures), 1, 28, 28],
        "parameters": {"binary_data_size": len(data)}}],
        "outputs": [{"name": "logits", "parameters": {"binary_data": True}}],
    }).encode()
    return {"Content-Type": "application/octet-stream",
            "Inference-Header-Content-Length": str(len(head))}, head + data


class Server:
    """A running server. `port` is where it listens."""

    def __init__(self, program, *arguments):
        self.process = subprocess.Popen(
            [program, "serve", "--port=0", "--device=cpu", *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line.startswith("serving at "):
            raise RuntimeError(self.process.stderr.read())
        self.port = int(line.rsplit(":", 1)[1])

    def connect(self, timeout=30):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def ask(self, method, path, body=None, headers=None, connection=None):
        """(status, headers, body)"""
        with contextlib.closing(connection or self.connect()) as link:
            link.request(method, path, body, headers or {})
            response = link.getresponse()
            return response.status, response.headers, response.read()

    def classify(self, picture, query="", connection=None):
        status, _, body = self.ask(
            "POST", "/classify" + query, picture,
            {"Content-Type": "image/png"}, connection)
        return status, json.loads(body)

    def peak_kib(self):
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(text.split("VmRSS:")[1].split()[0])

    def stop(self, by=signal.SIGTERM, timeout=20):
        """Ends it and returns its exit code."""
        self.process.send_signal(by)
        code = self.process.wait(timeout)
        self.process.stdout.close()
        self.errors = self.process.stderr.read()
        self.process.stderr.close()
        return code


@contextlib.contextmanager
def slow_clients(port, count):
    """While it lasts, so many clients send a byte five times a second, half of them
    as the head of a request and half as its body. Yields a list that grows by how
    many seconds each client had before the server closed its connection."""
    ended = threading.Event()
    seconds = []

    def trickle(sends_body):
        with socket.create_connection(("127.0.0.1", port)) as link:
            began = time.monotonic()
            with contextlib.suppress(OSError):
                if sends_body:
                    link.sendall(
                        f"POST /classify HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
                        "Content-Type: image/png\r\nContent-Length: 100000\r\n\r\n"
                        .encode())
                while not ended.is_set():
                    link.sendall(b"G")
                    time.sleep(0.2)
            if not ended.is_set():
                seconds.append(time.monotonic() - began)

    clients = [threading.Thread(target=trickle, args=(i % 2 == 1,))
               for i in range(count)]
    for client in clients:
        client.start()
    try:
        yield seconds
    finally:
        ended.set()
        for client in clients:
            client.join()
