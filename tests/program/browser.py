"""Headless Chromium for tests, driven by Selenium."""

import shutil

try:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
except ImportError:
    webdriver = None

BROWSER = shutil.which("chromium")
DRIVER = shutil.which("chromedriver")


def why_missing():
    """What a test that needs the browser prints before it is skipped; empty where
    everything is there."""
    if webdriver and BROWSER and DRIVER:
        return ""
    return ("skipped: chromium, chromedriver or python3-selenium is missing;"
            " scripts/setup.sh --tests installs them on Debian")


def open_browser(height=900):
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    for argument in ("--headless=new", "--no-sandbox",
                     "--disable-dev-shm-usage", f"--window-size=1200,{height}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(service=Service(DRIVER), options=options)
