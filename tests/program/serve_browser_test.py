"""The page of `digitorch serve` in headless Chromium: digits drawn by mouse,
finger and keyboard, pictures dropped, every view, a phone and the dark.

    serve_browser_test.py DIGITORCH [--screenshots FOLDER]

Skipped (exit code 77) where Chromium, its driver or Selenium is missing."""

import base64
import pathlib
import sys
import time
import unittest

from browser import open_browser, why_missing
from digits import STROKES, drawn_digits
from server import Server, as_png, png

try:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.support.ui import WebDriverWait
except ImportError:
    pass  # why_missing() says so

PROGRAM = sys.argv[1]
SHOTS = pathlib.Path(sys.argv[3]) if "--screenshots" in sys.argv else None


class PageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.pictures, cls.labels = drawn_digits(3)
        cls.server = Server(PROGRAM, "--threads=1")
        cls.addClassCleanup(cls.server.stop)
        cls.browser = open_browser(height=1000)
        cls.addClassCleanup(cls.browser.quit)

    def setUp(self):
        self.browser.get(f"http://127.0.0.1:{self.server.port}/")
        self.wait(lambda: self.browser.find_elements(By.CSS_SELECTOR, "#bars tr"))

    def tearDown(self):
        self.assertEqual(self.browser.get_log("browser"), [])
        hosts = self.browser.execute_script(
            "return performance.getEntriesByType('resource').map(e => e.name)")
        own = (f"http://127.0.0.1:{self.server.port}/", "data:", "blob:")
        self.assertEqual([h for h in hosts if not h.startswith(own)], [])

    def find(self, selector):
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def wait(self, condition, seconds=20):
        WebDriverWait(self.browser, seconds).until(lambda _: condition())

    def words(self):
        return self.find("#words").text

    def label(self):
        return self.find("#label").text

    def point(self, x, y):
        frame = self.browser.execute_script(
            "const f = document.getElementById('board').getBoundingClientRect();"
            "return [f.left, f.top, f.width, f.height]")
        return frame[0] + frame[2] * x / 100, frame[1] + frame[3] * y / 100

    def mouse(self, kind, x, y):
        x, y = self.point(x, y)
        self.browser.execute_cdp_cmd("Input.dispatchMouseEvent", {
            "type": kind, "x": x, "y": y, "button": "left", "buttons": 1,
            "clickCount": 1})

    def touch(self, kind, *point):
        points = [dict(zip("xy", self.point(*point)))] if point else []
        self.browser.execute_cdp_cmd(
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def draw(self, digit, by):
        for stroke in STROKES[digit]:
            if by == "mouse":
                self.mouse("mousePressed", *stroke[0])
                for point in stroke[1:]:
                    self.mouse("mouseMoved", *point)
                self.mouse("mouseReleased", *stroke[-1])
            else:
                self.touch("touchStart", *stroke[0])
                for point in stroke[1:]:
                    self.touch("touchMove", *point)
                self.touch("touchEnd")

    def shoot(self, name):
        if SHOTS is None:
            return
        SHOTS.mkdir(parents=True, exist_ok=True)
        picture = self.browser.execute_cdp_cmd(
            "Page.captureScreenshot", {"captureBeyondViewport": True})["data"]
        (SHOTS / f"{name}.png").write_bytes(base64.b64decode(picture))

    def drop(self, data, name="digit.png"):
        self.browser.execute_script(
            "const bytes = Uint8Array.from(atob(arguments[0]), c => c.charCodeAt(0));"
            "const files = new DataTransfer();"
            "files.items.add(new File([bytes], arguments[1], {type: 'image/png'}));"
            "document.getElementById('board').dispatchEvent(new DragEvent('drop',"
            "{dataTransfer: files, bubbles: true, cancelable: true}))",
            base64.b64encode(data).decode(), name)

    def test_every_digit_drawn_by_mouse_and_by_finger_is_read(self):
        for by in ("mouse", "finger"):
            for digit in STROKES:
                with self.subTest(digit=digit, by=by):
                    self.draw(digit, by)
                    self.wait(lambda: self.label() == str(digit))
                    self.assertRegex(self.words(), r"^\d+(\.\d+)? %$")
                    self.find("#clear").click()
                    self.wait(lambda: self.words() == "Nothing drawn yet")

    def test_black_on_white_is_read_as_well(self):
        self.find("#light").click()
        self.draw(3, "mouse")
        self.wait(lambda: self.label() == "3")

    def test_undo_takes_back_a_stroke(self):
        self.draw(4, "mouse")
        self.wait(lambda: self.label() == "4")
        self.find("#undo").click()
        self.find("#undo").click()
        self.wait(lambda: self.words() == "Nothing drawn yet")
        self.assertFalse(self.find("#undo").is_enabled())

    def test_the_keyboard_draws_a_one(self):
        self.find("#board").click()
        self.find("#clear").click()
        board = self.find("#board")
        board.send_keys(Keys.ARROW_UP * 9)
        board.send_keys(" ")
        board.send_keys(Keys.ARROW_DOWN * 18)
        board.send_keys(" ")
        self.wait(lambda: self.label() == "1")
        board.send_keys(Keys.DELETE)
        self.wait(lambda: self.words() == "Nothing drawn yet")

    def test_a_picture_that_is_dropped_is_read(self):
        for i in range(3):
            self.drop(as_png(self.pictures[i]))
            self.wait(lambda: self.label() == str(self.labels[i]))

    def test_a_page_shows_its_digits_and_their_boxes(self):
        page = [bytearray(b"\xff" * 400) for _ in range(120)]
        for place in range(3):
            for y in range(56):
                for x in range(56):
                    page[30 + y][40 + 110 * place + x] = (
                        255 - self.pictures[place][28 * (y // 2) + x // 2])
        self.find("#page").click()
        self.drop(png(page), "page.png")
        self.wait(lambda: self.words() == "3 digits found")
        self.assertEqual(self.find("#text").text.replace(" ", ""),
                         "".join(map(str, self.labels[:3])))
        self.shoot("page")

    def test_what_is_no_picture_gets_a_message_and_work_goes_on(self):
        self.drop(b"no picture")
        self.wait(lambda: self.find("#error").is_displayed())
        self.draw(7, "mouse")
        self.wait(lambda: self.label() == "7")
        self.assertFalse(self.find("#error").is_displayed())

    def test_the_views_of_the_inside_open_and_follow_the_drawing(self):
        self.draw(5, "mouse")
        for name in ("input", "saliency", "layers"):
            self.find(f"#{name} summary").click()
        self.wait(lambda: self.browser.find_elements(By.CSS_SELECTOR, "#maps canvas"))
        for selector in ("#seen", "#decided", "#maps canvas"):
            bright = self.browser.execute_script(
                "const c = arguments[0];"
                "return Math.max(...c.getContext('2d')"
                ".getImageData(0, 0, c.width, c.height).data"
                ".filter((v, i) => i % 4 === 0))", self.find(selector))
            self.assertGreater(bright, 200, selector)
        self.shoot("views")

    def test_it_fits_every_width_and_the_dark(self):
        for width in (360, 768, 1920):
            for scheme in ("light", "dark"):
                self.browser.execute_cdp_cmd(
                    "Emulation.setDeviceMetricsOverride",
                    {"width": width, "height": 900, "deviceScaleFactor": 1,
                     "mobile": width < 500})
                self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {
                    "features": [{"name": "prefers-color-scheme",
                                  "value": scheme}]})
                self.browser.refresh()
                self.wait(lambda: self.browser.find_elements(
                    By.CSS_SELECTOR, "#bars tr"))
                self.draw(8, "mouse")
                self.wait(lambda: self.label() == "8")
                self.assertLessEqual(self.browser.execute_script(
                    "return document.documentElement.scrollWidth"), width)
                self.shoot(f"{width}-{scheme}")
        self.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})

    def test_class_names_are_text(self):
        name = "<img src=x onerror=document.title='taken'>"
        self.browser.execute_script(
            "window.fetch = async () => new Response(JSON.stringify("
            "{class_names: [arguments[0]], file: arguments[0], label: arguments[0],"
            " probability: 1, predictions: [{label: arguments[0], probability: 1}],"
            " blank: false, unsure: false, no_digit: 0}))".replace(
                "arguments[0]", "'" + name.replace("'", "\\'") + "'"))
        self.draw(1, "mouse")
        self.wait(lambda: self.label() == name)
        time.sleep(0.2)
        self.assertNotEqual(self.browser.title, "taken")
        self.assertEqual(self.browser.find_elements(By.CSS_SELECTOR, "main img"), [])


if __name__ == "__main__":
    if why := why_missing():
        print(why)
        sys.exit(77)
    unittest.main(argv=sys.argv[:1])
