"""`digitorch serve` as its clients meet it: answers, the Open Inference Protocol,
faults of the network, hostile clients, shutdown.

    serve_test.py DIGITORCH MNIST_FOLDER [--long]

Where the MNIST files are missing, drawn digits are sent as tensors instead."""

import concurrent.futures
import contextlib
import http.client
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from digits import drawn_digits
from server import Server, as_png, png, slow_clients, tensor_call, test_digits

PROGRAM = sys.argv[1]
MNIST = pathlib.Path(sys.argv[2])
LONG = "--long" in sys.argv
# The thread sanitizer needs one thread of OpenMP; see the preset tsan.
THREADS = f"--threads={os.environ.get('OMP_THREAD_LIMIT', 2)}"
V2 = "/v2/models/digits"
PICTURES, LABELS = drawn_digits(1000 if LONG else 100)


def raw(port, data, wait=15):
    """Sends bytes and returns all that comes back until the server closes."""
    with socket.create_connection(("127.0.0.1", port), wait) as link:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            link.sendall(data)
        got = b""
        with contextlib.suppress(ConnectionResetError, socket.timeout):
            while part := link.recv(65536):
                got += part
        return got


def status_of(answer):
    return int(answer.split()[1]) if answer.startswith(b"HTTP/1.1 ") else None


def logits_in(headers, body):
    length = int(headers["Inference-Header-Content-Length"])
    rows, columns = json.loads(body[:length])["outputs"][0]["shape"]
    values = struct.unpack(f"<{rows * columns}f", body[length:])
    return [values[columns * i:columns * (i + 1)] for i in range(rows)]


def write_data(folder, pictures, labels):
    """The same pictures as training and test part, in MNIST's form."""
    for part in ("train", "t10k"):
        (folder / f"{part}-images-idx3-ubyte").write_bytes(
            struct.pack(">4I", 0x803, len(pictures), 28, 28) + b"".join(pictures))
        (folder / f"{part}-labels-idx1-ubyte").write_bytes(
            struct.pack(">2I", 0x801, len(labels)) + bytes(labels))


class ServeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(PROGRAM, THREADS)

    @classmethod
    def tearDownClass(cls):
        code = cls.server.stop()
        assert code == 143, (code, cls.server.errors)

    def tearDown(self):
        # Whatever a test did: the next honest client is answered.
        self.assertEqual(self.server.ask("GET", "/health")[0], 200)

    # Answers

    def test_answers_as_the_command_line_does(self):
        with tempfile.TemporaryDirectory() as folder:
            for i in range(20):
                (pathlib.Path(folder) / f"{i:02}.png").write_bytes(
                    as_png(PICTURES[i]))
            lines = subprocess.run(
                [PROGRAM, "classify", folder, "--format=json", "--top-k=3",
                 "--device=cpu"],
                check=True, capture_output=True, text=True).stdout.splitlines()
        for i, line in enumerate(lines):
            told = json.loads(line)
            status, answer = self.server.classify(
                as_png(PICTURES[i]), "?top_k=3")
            self.assertEqual(status, 200)
            for key in ("label", "blank", "unsure"):
                self.assertEqual(answer[key], told[key])
            self.assertEqual([p["label"] for p in answer["predictions"]],
                             [p["label"] for p in told["predictions"]])
            self.assertAlmostEqual(
                answer["probability"], told["probability"], places=4)

    def test_reads_a_page(self):
        page = [bytearray(b"\xff" * 400) for _ in range(120)]
        for place in range(3):
            for y in range(28):
                for x in range(28):
                    for (dy, dx) in ((0, 0), (0, 1), (1, 0), (1, 1)):
                        page[30 + 2 * y + dy][40 + 110 * place + 2 * x + dx] = (
                            255 - PICTURES[place][28 * y + x])
        status, answer = self.server.classify(png(page), "?page=1")
        self.assertEqual(status, 200)
        read = "".join(digit["label"] for digit in answer["digits"])
        self.assertEqual(read, "".join(map(str, LABELS[:3])))
        self.assertEqual(len(answer["digits"][0]["box"]), 4)

    def test_a_look_inside(self):
        status, answer = self.server.classify(
            as_png(PICTURES[0]), "?look=input,saliency,layers")
        self.assertEqual(status, 200)
        self.assertEqual(set(answer["look"]), {"input", "saliency", "layers"})
        self.assertEqual(answer["look"]["layers"][-1]["name"], "logits")

    def test_what_is_no_picture_is_refused_in_words(self):
        for body in (b"", b"hello", b"\x89PNG\r\n\x1a\n", as_png(PICTURES[0])[:60]):
            status, answer = self.server.classify(body)
            self.assertEqual(status, 400)
            self.assertIn("the picture", answer["error"])
        for query in ("?top_k=0", "?top_k=99", "?top_k=x", "?page=2", "?look=all"):
            self.assertEqual(
                self.server.classify(as_png(PICTURES[0]), query)[0], 400)

    def test_paths_methods_and_types(self):
        ask = self.server.ask
        self.assertEqual(ask("GET", "/nowhere")[0], 404)
        self.assertEqual(ask("GET", "/classify")[0], 405)
        self.assertEqual(ask("DELETE", "/")[0], 405)
        self.assertEqual(ask("HEAD", "/health")[0], 405)
        for path in ("/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//",
                     "/style.css/", "/x\0y".replace("\0", "%00")):
            self.assertEqual(ask("GET", path)[0], 404, path)
        for kind in ("text/plain", "application/x-www-form-urlencoded",
                     "multipart/form-data; boundary=x"):
            self.assertEqual(
                ask("POST", "/classify", b"x", {"Content-Type": kind})[0], 415)
        status, headers, body = ask("GET", "/")
        self.assertEqual(status, 200)
        self.assertIn("default-src 'none'", headers["Content-Security-Policy"])
        self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
        self.assertIn(b"<canvas", body)

    def test_openapi_names_every_path_that_answers(self):
        paths = json.loads(self.server.ask("GET", "/openapi.json")[2])["paths"]
        for path, methods in paths.items():
            for method in methods:
                status = self.server.ask(method.upper(), path)[0]
                self.assertNotIn(status, (404, 405), path)

    def test_metrics_count(self):
        self.server.classify(as_png(PICTURES[0]))
        text = self.server.ask("GET", "/metrics")[2].decode()
        self.assertRegex(
            text, r'digitorch_requests_total\{path="/classify",code="200"\} \d')
        self.assertRegex(text, r"digitorch_request_seconds_count \d")
        self.assertIn("digitorch_connections 1", text)

    # The Open Inference Protocol

    def test_tensors_answer_as_eval_does(self):
        pictures, labels = PICTURES, LABELS
        if (MNIST / "t10k-images-idx3-ubyte").exists():
            count = 10_000 if LONG else 2_000
            pictures, labels = (part[:count] for part in test_digits(MNIST))
        right = 0
        with contextlib.closing(self.server.connect()) as link:
            for first in range(0, len(pictures), 500):
                headers, body = tensor_call(pictures[first:first + 500])
                link.request("POST", V2 + "/infer", body, headers)
                response = link.getresponse()
                for i, row in enumerate(logits_in(response.headers, response.read())):
                    right += row.index(max(row)) == labels[first + i]
        part = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, part)
        write_data(part, pictures, labels)
        told = json.loads(subprocess.run(
            [PROGRAM, "eval", f"--data={part}", "--format=json", "--device=cpu"],
            check=True, capture_output=True).stdout)
        self.assertEqual(right, round(told["accuracy"] * len(labels)))

    def test_metadata_describes_the_tensors(self):
        about = json.loads(self.server.ask("GET", V2)[2])
        self.assertEqual(about["inputs"][0]["shape"], [-1, 1, 28, 28])
        self.assertEqual(about["outputs"][0]["shape"], [-1, len(about["class_names"])])

    def test_a_client_of_triton(self):
        try:
            import numpy
            import tritonclient.http as triton
        except ImportError:
            self.skipTest("the package tritonclient[http] is not installed")
        client = triton.InferenceServerClient(f"127.0.0.1:{self.server.port}")
        self.addCleanup(client.close)
        self.assertTrue(client.is_server_live() and client.is_server_ready())
        self.assertTrue(client.is_model_ready("digits"))
        self.assertEqual(client.get_model_metadata("digits")["name"], "digits")
        pixels = numpy.frombuffer(b"".join(PICTURES[:7]), numpy.uint8)
        pixels = (pixels / numpy.float32(255)).reshape(7, 1, 28, 28)
        for binary in (True, False):
            call = triton.InferInput("images", pixels.shape, "FP32")
            call.set_data_from_numpy(pixels.astype(numpy.float32), binary)
            wanted = [triton.InferRequestedOutput("logits", binary_data=binary)]
            logits = client.infer("digits", [call], outputs=wanted).as_numpy("logits")
            self.assertEqual(list(logits.argmax(1)), LABELS[:7])
        call = triton.InferInput("images", [1, 784], "FP32")
        call.set_data_from_numpy(pixels[:1].reshape(1, 784).astype(numpy.float32))
        with self.assertRaisesRegex(Exception, "shape"):
            client.infer("digits", [call])

    def test_many_clients_get_what_one_gets(self):
        count = 1000 if LONG else 60
        numbers = range(count)
        with contextlib.closing(self.server.connect()) as link:
            alone = {i: self.once(link, i) for i in numbers}

        def client(seed):
            mine = list(numbers)
            random.Random(seed).shuffle(mine)
            with contextlib.closing(self.server.connect()) as link:
                return all(self.same(alone[i], self.once(link, i)) for i in mine)

        with concurrent.futures.ThreadPoolExecutor(32) as pool:
            self.assertTrue(all(pool.map(client, range(32))))

    def once(self, link, i):
        link.request("POST", "/classify", as_png(PICTURES[i]),
                     {"Content-Type": "image/png"})
        return json.loads(link.getresponse().read())

    @staticmethod
    def same(one, other):
        # A batch of another size adds up in another order.
        return (one["label"] == other["label"] and one["unsure"] == other["unsure"]
                and abs(one["probability"] - other["probability"]) < 1e-4)

    # Hostile clients

    def test_requests_that_are_none_get_a_status_and_are_closed(self):
        port = self.server.port
        host = f"Host: 127.0.0.1:{port}\r\n".encode()
        post = b"POST /classify HTTP/1.1\r\n" + host + b"Content-Type: image/png\r\n"
        infer = (b"POST /v2/models/digits/infer HTTP/1.1\r\n" + host
                 + b"Content-Type: application/json\r\n")
        table = [
            (b"GARBAGE\r\n\r\n", 400),
            (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
            (b"GET / HTTP/1.1\r\n\r\n", 400),
            (b"GET / HTTP/1.1\r\n" + host + host + b"\r\n", 400),
            (b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 403),
            (b"GET / HTTP/1.1\r\nHost: localhost:1\r\n\r\n", 403),
            (b"GET / HTTP/1.1\r\n" + host + b"X: " + b"a" * 9000 + b"\r\n\r\n", 431),
            (b"GET /" + b"a" * 100_000, 431),
            (post + b"Origin: http://evil.example\r\nContent-Length: 1\r\n\r\nx", 403),
            (post + b"Origin: null\r\nContent-Length: 1\r\n\r\nx", 403),
            (post + b"Content-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx", 415),
            (post + b"Content-Length: 99999999999\r\n\r\n", 413),
            (post + b"Content-Length: 18446744073709551617\r\n\r\n", 400),
            (post + b"Content-Length: -1\r\n\r\n", 400),
            (post + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nx", 400),
            (post + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nx", 400),
            (post + b"Transfer-Encoding: chunked\r\n\r\n-2\r\nxx\r\n", 400),
            (post + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffe\r\nx", 413),
            (infer + b"Content-Length: 4000000\r\n\r\n", 413),
            (infer + b"Connection: close\r\nContent-Length: 400000\r\n\r\n"
             + b"[" * 400_000, 400),
        ]
        for data, expected in table:
            self.assertEqual(status_of(raw(port, data)), expected, data[:120])

    def test_mutated_requests_leave_it_alive(self):
        rng = random.Random(1)
        headers, body = tensor_call(PICTURES[:1])
        host = f"Host: 127.0.0.1:{self.server.port}\r\n"
        good = [
            ("POST /classify HTTP/1.1\r\n" + host + "Content-Type: image/png\r\n"
             f"Content-Length: {len(as_png(PICTURES[0]))}\r\n\r\n").encode()
            + as_png(PICTURES[0]),
            ("POST /v2/models/digits/infer HTTP/1.1\r\n" + host
             + "".join(f"{k}: {v}\r\n" for k, v in headers.items())
             + f"Content-Length: {len(body)}\r\n\r\n").encode() + body,
            ("GET /metrics HTTP/1.1\r\n" + host + "\r\n").encode()]
        for number in range(100_000 if LONG else 1500):
            data = bytearray(rng.choice(good))
            for _ in range(rng.randint(1, 6)):
                at = rng.randrange(len(data))
                if rng.random() < 0.3:
                    del data[at:at + rng.randint(1, 40)]
                elif rng.random() < 0.5:
                    data[at:at] = bytes(rng.randrange(256)
                                        for _ in range(rng.randint(1, 9)))
                elif data:
                    data[at] = rng.randrange(256)
                if not data:
                    break
            with socket.create_connection(("127.0.0.1", self.server.port), 15) as link:
                with contextlib.suppress(OSError):
                    link.sendall(data)
                    link.shutdown(socket.SHUT_WR)
                    while link.recv(65536):
                        pass
            if number % 500 == 0:
                self.assertEqual(self.server.classify(as_png(PICTURES[0]))[0], 200)

    def test_an_honest_client_is_answered_beside_slow_ones(self):
        waits = []
        with slow_clients(self.server.port, 40) as cut_off:
            time.sleep(0.5)
            for _ in range(20):
                started = time.monotonic()
                self.assertEqual(self.server.ask("GET", "/health")[0], 200)
                waits.append(time.monotonic() - started)
                time.sleep(0.02)
            deadline = time.monotonic() + 25
            while len(cut_off) < 40 and time.monotonic() < deadline:
                time.sleep(0.2)
        self.assertEqual(len(cut_off), 40)
        # Ten seconds are theirs; the rest is for a busy machine.
        self.assertLess(max(cut_off), 20)
        self.assertLess(sorted(waits)[10], 0.5)

    def test_too_many_connections_are_closed_and_the_rest_served(self):
        port = self.server.port
        with contextlib.ExitStack() as stack:
            for _ in range(64):
                stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            time.sleep(0.3)
            with socket.create_connection(("127.0.0.1", port), 10) as one_more:
                one_more.settimeout(10)
                with contextlib.suppress(ConnectionResetError):
                    self.assertEqual(one_more.recv(1), b"")
        time.sleep(0.3)

    def test_memory_stays(self):
        with contextlib.closing(self.server.connect()) as link:
            for _ in range(200):
                self.once(link, 0)
            before = self.server.peak_kib()
            for _ in range(100_000 if LONG else 2000):
                self.once(link, 0)
        self.assertLess(self.server.peak_kib() - before, 16 << 10)


class LifeTest(unittest.TestCase):
    def test_a_port_in_use_and_bad_addresses_end_in_one_line(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            table = [(["--port", str(port)], 3, "port"),
                     (["--port", "70000"], 2, "--port"),
                     (["--host", "nowhere.example"], 2, "--host"),
                     (["--host", "203.0.113.7"], 3, "203.0.113.7"),
                     (["--model", "missing.safetensors"], 2, "missing")]
            for arguments, code, word in table:
                result = subprocess.run(
                    [PROGRAM, "serve", *arguments], capture_output=True,
                    text=True, timeout=60)
                lines = result.stderr.strip().splitlines()
                errors = [line for line in lines if line.startswith("error: ")]
                self.assertEqual(result.returncode, code, result.stderr)
                self.assertEqual(len(errors), 1, result.stderr)
                self.assertIn(word, errors[0])

    def test_stops_by_signals_and_answers_what_has_come(self):
        for by, expected in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            server = Server(PROGRAM, "--threads=1")
            stopping = threading.Event()
            broken = []
            answered = []

            def client():
                while not stopping.is_set():
                    link = server.connect()
                    with contextlib.closing(link):
                        try:
                            link.connect()
                        except ConnectionRefusedError:
                            return
                        # A connection that was accepted gets its answer.
                        try:
                            link.request("POST", "/classify",
                                         as_png(PICTURES[0]),
                                         {"Content-Type": "image/png"})
                            answered.append(link.getresponse().status)
                        except (OSError, http.client.HTTPException) as error:
                            broken.append(repr(error))

            clients = [threading.Thread(target=client) for _ in range(8)]
            for thread in clients:
                thread.start()
            time.sleep(0.5)
            started = time.monotonic()
            code = server.stop(by)
            took = time.monotonic() - started
            stopping.set()
            for thread in clients:
                thread.join()
            self.assertEqual(code, expected)
            self.assertLess(took, 5.5)
            self.assertEqual(broken, [])
            self.assertEqual(set(answered), {200})

    def test_a_replaced_network_is_checked_before_it_serves(self):
        with tempfile.TemporaryDirectory() as name:
            file = pathlib.Path(name) / "model.safetensors"
            write_data(pathlib.Path(name), PICTURES, LABELS)
            for number, hidden in enumerate(("4", "5")):
                subprocess.run(
                    [PROGRAM, "train", "--model=mlp", f"--hidden={hidden}",
                     f"--data={name}", "--epochs=1", "--batch-size=50",
                     "--device=cpu", f"--run-dir={name}/{number}", "--quiet"],
                    check=True, capture_output=True)
            weights = [(pathlib.Path(name) / n / "best.safetensors").read_bytes()
                       for n in ("0", "1")]
            file.write_bytes(weights[0])
            server = Server(PROGRAM, f"--model={file}")
            self.addCleanup(server.stop)

            def digest():
                return json.loads(server.ask("GET", V2)[2])["sha256"]

            first = digest()
            load = "/v2/repository/models/digits/load"
            replacement = file.with_name("new")
            replacement.write_bytes(weights[1][:-1] + b"\0\1")
            replacement.rename(file)
            self.assertEqual(server.ask("POST", load)[0], 400)
            self.assertEqual(digest(), first)
            replacement.write_bytes(weights[1])
            replacement.rename(file)
            self.assertEqual(server.ask("POST", load)[0], 200)
            second = digest()
            self.assertNotEqual(second, first)
            file.write_bytes(weights[0])
            server.process.send_signal(signal.SIGHUP)
            deadline = time.monotonic() + 20
            while digest() != first and time.monotonic() < deadline:
                time.sleep(0.05)
            self.assertEqual(digest(), first)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
