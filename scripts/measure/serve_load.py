#!/usr/bin/env python3
"""How fast `digitorch serve` answers over loopback, beside the usual Python server
(FastAPI and the TorchScript export) in the same run, in turn.

    scripts/measure/serve_load.py [--seconds 5] [--rounds 3] [--json FILE]

Prints a table: latency of single pictures at a fixed rate of requests, that of one
client beside 40 slow ones, and images a second through the Open Inference Protocol
in batches of 64. The Python server
needs `pip install fastapi uvicorn pillow`; without them its rows are left out.
Nothing but this machine is asked, and the load is bounded by --seconds. Needs the
built program, the MNIST files, and a machine that does nothing else.
"""

import argparse
import concurrent.futures
import contextlib
import json
import os
import pathlib
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "program"))

from server import Server, as_png, slow_clients, tensor_call, test_digits  # noqa: E402

RATE = 500  # requests a second
CLIENTS = 8
BATCH = 64
SLOW_CLIENTS = 40


class PythonServer(Server):
    """The peer in peers/serve.py behind the same interface."""

    def __init__(self, model):
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "scripts/measure/peers/serve.py"), model],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line.startswith("serving at "):
            raise RuntimeError(self.process.stderr.read())
        self.port = int(line.rsplit(":", 1)[1])

    def stop(self):
        # It would wait for clients that went away before they had sent all.
        return super().stop(signal.SIGKILL)


def quantile(values, part):
    values = sorted(values)
    return values[min(int(part * len(values)), len(values) - 1)]


def post(path, body, headers):
    """The bytes of a request. They are made beforehand and sent as they are, since
    a client in the same two cores that did more would be measured with them."""
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1:{port}",
             f"Content-Length: {len(body)}",
             *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines) + "\r\n\r\n", body


def connect(server):
    link = socket.create_connection(("127.0.0.1", server.port), 30)
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return link


def exchange(link, request):
    """Sends a request and returns the body of its answer, which has to be a 200."""
    link.sendall(request)
    got = b""
    while (end := got.find(b"\r\n\r\n")) < 0:
        got += link.recv(65536) or fail("the connection was closed")
    head = got[:end].lower()
    if not head.startswith(b"http/1.1 200 "):
        fail(got.decode(errors="replace"))
    length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
    while len(got) < end + 4 + length:
        got += link.recv(65536) or fail("the connection was closed")
    return got[end + 4:]


def fail(why):
    raise RuntimeError(why)


def requests_for(server, requests):
    return [head.replace("{port}", str(server.port)).encode() + body
            for head, body in requests]


def in_threads(client, count):
    """Calls client(0), client(1), ... at the same time; one that fails, fails all."""
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        return list(pool.map(client, range(count)))


def latencies(server, pictures, seconds):
    """Seconds from when each request was due to its answer, at RATE."""
    requests = requests_for(server, pictures)
    started = time.perf_counter() + 0.2

    def client(number):
        waits = []
        with connect(server) as link:
            for i in range(number, int(RATE * seconds), CLIENTS):
                due = started + i / RATE
                time.sleep(max(0.0, due - time.perf_counter()))
                if exchange(link, requests[i % len(requests)])[:1] != b"{":
                    fail("no answer")
                waits.append(time.perf_counter() - due)
        return waits

    return [wait for each in in_threads(client, CLIENTS) for wait in each]


def beside_slow_clients(server, pictures, seconds):
    """Seconds that one client waits for its answers, of which it asks 50 a second,
    beside SLOW_CLIENTS clients that send a byte five times a second."""
    requests = requests_for(server, pictures)
    waits = []
    with slow_clients(server.port, SLOW_CLIENTS), connect(server) as link:
        time.sleep(0.5)
        for i in range(int(50 * seconds)):
            started = time.perf_counter()
            exchange(link, requests[i % len(requests)])
            waits.append(time.perf_counter() - started)
            time.sleep(max(0.0, started + 1 / 50 - time.perf_counter()))
    return waits


def throughput(server, batch, seconds):
    """Images a second of two clients that send batches one after the other."""
    request, = requests_for(server, [batch])
    started = time.perf_counter()

    def client(_):
        count = 0
        with connect(server) as link:
            while time.perf_counter() < started + seconds:
                exchange(link, request)
                count += BATCH
        return count

    return sum(in_threads(client, 2)) / (time.perf_counter() - started)


def spread(values, scale=1.0, digits=2):
    values = [scale * value for value in values]
    return (f"{statistics.median(values):,.{digits}f} "
            f"({min(values):,.{digits}f}-{max(values):,.{digits}f})")


def measure(options):
    pixels, _ = test_digits(ROOT / "data" / "mnist")
    pictures = [post("/classify", as_png(each), {"Content-Type": "image/png"})
                for each in pixels[:500]]
    headers, body = tensor_call(pixels[:BATCH])
    batch = post("/v2/models/digits/infer", body, headers)
    program = ROOT / "build/release/digitorch"
    with tempfile.TemporaryDirectory() as folder:
        export = str(pathlib.Path(folder) / "model.pt")
        subprocess.run([program, "export", "--output", export, "--quiet"],
                       check=True, cwd=ROOT, capture_output=True)
        makers = {"digitorch serve": lambda: Server(program)}
        with contextlib.suppress(ImportError):
            import fastapi  # noqa: F401
            import uvicorn  # noqa: F401
            makers["FastAPI + TorchScript"] = lambda: PythonServer(export)
        rows = {name: {"p50": [], "p99": [], "slow": [], "images": []}
                for name in makers}
        for _ in range(options.rounds):
            for name, make in makers.items():
                server = make()
                try:
                    latencies(server, pictures, 1)  # warm-up
                    waits = latencies(server, pictures, options.seconds)
                    rows[name]["p50"].append(quantile(waits, 0.5))
                    rows[name]["p99"].append(quantile(waits, 0.99))
                    rows[name]["images"].append(
                        throughput(server, batch, options.seconds))
                    # The connections of slow clients are closed after ten seconds.
                    waits = beside_slow_clients(
                        server, pictures, min(options.seconds, 8))
                    rows[name]["slow"].append(quantile(waits, 0.99))
                finally:
                    server.stop()
    return rows


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    rows = measure(options)
    print(f"{os.cpu_count()} cores, {RATE} requests a second of {CLIENTS} clients, "
          f"median (spread) of {options.rounds} rounds\n")
    print("| server | one picture, p50 ms | p99 ms | beside slow clients, p99 ms "
          "| images/s in batches of 64 |")
    print("|---|--:|--:|--:|--:|")
    for name, row in rows.items():
        print(f"| {name} | {spread(row['p50'], 1000)} | {spread(row['p99'], 1000)} "
              f"| {spread(row['slow'], 1000)} | {spread(row['images'], digits=0)} |")
    if options.json:
        options.json.write_text(json.dumps(rows))


if __name__ == "__main__":
    main()
