"""The report of a real run, opened from disk in headless Chromium: cells open
their pictures, nothing is loaded, nothing is logged, phone and paper fit.

    report_browser_test.py DIGITORCH

Skipped (exit code 77) where Chromium, its driver or Selenium is missing."""

import base64
import json
import pathlib
import random
import struct
import subprocess
import sys
import tempfile
import unittest

from browser import open_browser, why_missing

try:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.support.ui import WebDriverWait
except ImportError:
    pass  # why_missing() says so

SIDE = 28
CLASSES = 4
PHONE = {"width": 400, "height": 800, "deviceScaleFactor": 1, "mobile": True}
CELLS = ".confusion button"


def write_part(folder, part, count, rng):
    """Class c is a bright bar; every fifth label is wrong, so that there are
    mistakes."""
    images = bytearray()
    labels = bytearray()
    for number in range(count):
        shown = number % CLASSES
        picture = bytearray(rng.randrange(40) for _ in range(SIDE * SIDE))
        for x in range(4, 24):
            picture[(3 + 6 * shown) * SIDE + x] = 230
        images += picture
        labels.append(rng.randrange(CLASSES) if number % 5 == 0 else shown)
    (folder / f"{part}-images-idx3-ubyte").write_bytes(
        struct.pack(">4I", 0x803, count, SIDE, SIDE) + images)
    (folder / f"{part}-labels-idx1-ubyte").write_bytes(
        struct.pack(">2I", 0x801, count) + labels)


def trained_report(program, folder):
    """Trains a tiny network and returns the path of its report."""
    data = folder / "data"
    data.mkdir()
    rng = random.Random(1)
    write_part(data, "train", 400, rng)
    write_part(data, "t10k", 120, rng)
    result = subprocess.run(
        [program, "train", f"--data={data}", f"--run-dir={folder / 'run'}",
         "--model=cnn", "--channels=4,8", "--hidden=16", "--epochs=3",
         "--batch-size=20", "--threads=1", "--device=cpu", "--quiet",
         "--format=json", "--report"],
        check=True, capture_output=True, text=True)
    return pathlib.Path(json.loads(result.stdout)["report"])


class ReportTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.page = trained_report(sys.argv[1], pathlib.Path(cls.folder.name))
        cls.browser = open_browser()
        cls.addClassCleanup(cls.browser.quit)

    def setUp(self):
        self.browser.get("about:blank")
        self.open()

    def tearDown(self):
        self.assertEqual(self.browser.get_log("browser"), [])

    def open(self, fragment=""):
        self.browser.get(self.page.as_uri() + fragment)

    def find(self, selector):
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def cells(self):
        cells = self.browser.find_elements(By.CSS_SELECTOR, CELLS)
        self.assertGreaterEqual(len(cells), 2, "the data make mistakes")
        return cells

    def wait_for_dialog(self, shown):
        WebDriverWait(self.browser, 10).until(
            lambda _: self.find("dialog").is_displayed() == shown)

    def pictures(self):
        return self.browser.find_elements(By.CSS_SELECTOR, "dialog img")

    def assert_dialog_shows(self, cell):
        self.wait_for_dialog(True)
        pictures = self.pictures()
        self.assertEqual(len(pictures), int(cell.text))
        for picture in pictures:
            self.assertTrue(picture.is_displayed())
            self.assertEqual(picture.get_property("naturalWidth"), SIDE)
        _, truth, answer = cell.get_attribute("id").split("-")
        self.assertEqual(self.find("dialog h2").text,
                         f"{truth} read as {answer}")

    def test_every_cell_opens_as_many_digits_as_it_counts(self):
        for cell in self.cells():
            cell.click()
            self.assert_dialog_shows(cell)
            self.find("dialog button").click()
            self.wait_for_dialog(False)

    def test_keyboard_opens_and_closes_and_the_focus_returns(self):
        cell = self.cells()[1]
        self.browser.execute_script("arguments[0].focus()", cell)
        self.browser.switch_to.active_element.send_keys(Keys.ENTER)
        self.assert_dialog_shows(cell)
        self.assertIn("#cell-", self.browser.current_url)
        self.browser.switch_to.active_element.send_keys(Keys.ESCAPE)
        self.wait_for_dialog(False)
        self.assertNotIn("#cell-", self.browser.current_url)
        self.assertEqual(self.browser.switch_to.active_element, cell)

    def test_address_of_a_cell_opens_it_and_going_back_closes_it(self):
        address = "#" + self.cells()[0].get_attribute("id")
        self.browser.get("about:blank")
        self.open(address)
        self.assert_dialog_shows(self.cells()[0])
        self.browser.get("about:blank")
        self.open()
        self.cells()[0].click()
        self.wait_for_dialog(True)
        self.browser.back()
        self.wait_for_dialog(False)

    def test_an_address_of_nothing_opens_nothing(self):
        self.browser.get("about:blank")
        self.open("#cell-99-99")
        self.assertFalse(self.find("dialog").is_displayed())

    def test_nothing_is_loaded_from_anywhere(self):
        names = self.browser.execute_script(
            "return performance.getEntriesByType('resource').map(e => e.name)")
        self.assertEqual(
            [name for name in names if not name.startswith("data:")], [])

    def test_script_in_the_page_that_is_not_its_own_does_not_run(self):
        text = self.page.read_text()
        changed = self.page.with_name("changed.html")
        changed.write_text(text.replace(
            "<main>", "<main><script>document.title = 'taken over'</script>"))
        self.browser.get(changed.as_uri())
        self.assertIn("digitorch report", self.browser.title)
        logged = self.browser.get_log("browser")
        self.assertEqual(len(logged), 1)
        self.assertIn("Content Security Policy", logged[0]["message"])

    def test_a_phone_scrolls_no_page_sideways(self):
        self.browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride", PHONE)
        try:
            width = "return document.documentElement."
            self.assertLessEqual(
                self.browser.execute_script(width + "scrollWidth"), 400)
            cell = self.cells()[0]
            cell.click()
            self.wait_for_dialog(True)
            self.assertLessEqual(self.find("dialog").rect["width"], 400)
        finally:
            self.browser.execute_cdp_cmd(
                "Emulation.clearDeviceMetricsOverride", {})

    def test_paper_holds_it_on_a_few_pages_without_the_dialog(self):
        self.cells()[0].click()
        self.wait_for_dialog(True)
        pdf = base64.b64decode(self.browser.print_page())
        pages = pdf.count(b"/Type /Page\n")
        self.assertTrue(2 <= pages <= 8, f"{pages} pages")
        self.browser.execute_cdp_cmd(
            "Emulation.setEmulatedMedia", {"media": "print"})
        try:
            self.assertFalse(self.find("dialog").is_displayed())
            self.assertFalse(self.find("nav").is_displayed())
            self.assertTrue(self.find("#confusion").is_displayed())
        finally:
            self.browser.execute_cdp_cmd(
                "Emulation.setEmulatedMedia", {"media": ""})


if __name__ == "__main__":
    if why := why_missing():
        print(why)
        sys.exit(77)
    unittest.main(argv=sys.argv[:1])
