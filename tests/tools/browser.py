#!/usr/bin/env python3
"""A page in a headless Chromium, looked at as people do: wide and narrow, light and dark, printed, by
keyboard, through axe.  Prints "ok NAME" or "not ok NAME: why" for each test.

usage: browser.py NAME PAGE.html OUTDIR AXE.js|-

Talks the DevTools protocol over a pair of pipes, so that nothing listens anywhere."""
import base64
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile

WIDTHS = {"wide": 1200, "narrow": 360}
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--disable-dev-shm-usage", "--hide-scrollbars", "--remote-debugging-pipe"]
SECONDS = 60


class Browser:
    """Commands and events of one Chromium; the session is that of its only page."""

    def __init__(self, profile):
        to_browser, self.to = os.pipe()
        self.of, from_browser = os.pipe()

        def inherit():
            # dup2 clears close-on-exec; the copies are out of the way of 3 and 4
            to_copy, from_copy = os.dup(to_browser), os.dup(from_browser)
            os.dup2(to_copy, 3)
            os.dup2(from_copy, 4)

        self.process = subprocess.Popen(
            ["chromium", *FLAGS, f"--user-data-dir={profile}", "about:blank"], preexec_fn=inherit,
            close_fds=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True)
        os.close(to_browser)
        os.close(from_browser)
        self.bytes, self.number, self.session, self.events = b"", 0, None, []

    def read(self):
        while b"\0" not in self.bytes:
            more = os.read(self.of, 1 << 20)
            if not more:
                raise EOFError("Chromium has ended")
            self.bytes += more
        message, self.bytes = self.bytes.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **params):
        self.number += 1
        request = {"id": self.number, "method": method, "params": params}
        if self.session:
            request["sessionId"] = self.session
        os.write(self.to, json.dumps(request).encode() + b"\0")
        while True:
            message = self.read()
            if message.get("id") == self.number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']['message']}")
                return message["result"]
            self.events.append(message)

    def wait(self, method):
        for i, event in enumerate(self.events):
            if event.get("method") == method:
                return self.events.pop(i)
        while True:
            event = self.read()
            if event.get("method") == method:
                return event
            self.events.append(event)

    def open(self, path):
        if not self.session:
            target = self.call("Target.createTarget", url="about:blank")["targetId"]
            self.session = self.call("Target.attachToTarget", targetId=target,
                                     flatten=True)["sessionId"]
            for domain in ("Page", "Runtime", "Log", "Network"):
                self.call(domain + ".enable")
        self.events.clear()
        self.call("Page.navigate", url="file://" + os.path.abspath(path))
        self.wait("Page.loadEventFired")

    def look(self, width, scheme, media=""):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=900,
                  deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setEmulatedMedia", media=media,
                  features=[{"name": "prefers-color-scheme", "value": scheme}])

    def value(self, expression):
        got = self.call("Runtime.evaluate", expression=expression, awaitPromise=True,
                        returnByValue=True)
        if "exceptionDetails" in got:
            raise RuntimeError(got["exceptionDetails"].get("exception", {}).get("description", "?"))
        return got["result"].get("value")

    def screenshot(self, path):
        data = self.call("Page.captureScreenshot", captureBeyondViewport=True)["data"]
        with open(path, "wb") as f:
            f.write(base64.b64decode(data))

    def pdf(self, path):
        data = self.call("Page.printToPDF", printBackground=True, preferCSSPageSize=True)["data"]
        with open(path, "wb") as f:
            f.write(base64.b64decode(data))
        return os.path.getsize(path)

    def end(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()


def tell(name, faults):
    print(f"ok {name}" if not faults else f"not ok {name}: {'; '.join(faults)}", flush=True)


def complaints(browser):
    """What the page made the browser say: errors, violations of the policy, anything loaded."""
    faults = []
    for event in browser.events:
        params = event.get("params", {})
        if event.get("method") == "Log.entryAdded":
            faults.append(params["entry"]["text"])
        if event.get("method") == "Network.requestWillBeSent":
            url = params["request"]["url"]
            if not url.endswith(".html"):
                faults.append("loads " + url)
    return faults


def axe_faults(browser, source):
    browser.value(source)
    found = browser.value(
        "axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map(v => v.id + ' (' +"
        " v.nodes.length + '): ' + v.nodes[0].html.slice(0, 100) + ' ' +"
        " (v.nodes[0].any[0] || {message: ''}).message))")
    return found


OVERFLOW = """(() => { const w = document.documentElement;
    return w.scrollWidth > w.clientWidth ? ['is ' + w.scrollWidth + ' wide'] : []; })()"""
HEADINGS = """(() => { let last = 0, faults = [];
    for (const h of document.querySelectorAll('h1,h2,h3,h4,h5,h6')) {
        const level = +h.tagName[1];
        if (level > last + 1) faults.push(h.tagName + ' ' + h.textContent);
        last = level; }
    return faults; })()"""
# a script that the page would have to let in, by three ways
FORBIDDEN = """new Promise(done => { window.ran = [];
    const s = document.createElement('script'); s.textContent = "window.ran.push('inline')";
    document.body.append(s);
    const b = document.createElement('button'); b.setAttribute('onclick', "window.ran.push('handler')");
    document.body.append(b); b.click(); b.remove();
    const i = document.createElement('img'); i.onload = () => window.ran.push('image');
    i.src = 'data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==';
    document.body.append(i);
    const p = document.createElement('p'); p.setAttribute('style', 'color: rgb(1, 2, 3)');
    document.body.append(p);
    if (getComputedStyle(p).color == 'rgb(1, 2, 3)') window.ran.push('style');
    setTimeout(() => { s.remove(); i.remove(); p.remove(); done(window.ran); }, 200); })"""


def keyboard_faults(browser):
    """Tab reaches the skip link first, and every summary can be reached and opened."""
    def key(name, code):
        for kind in ("rawKeyDown", "keyUp"):
            browser.call("Input.dispatchKeyEvent", type=kind, key=name, code=name,
                         windowsVirtualKeyCode=code, nativeVirtualKeyCode=code)
    faults = []
    key("Tab", 9)
    if browser.value("document.activeElement.className") != "jump":
        faults.append("the skip link is not first")
    wanted = browser.value("document.querySelectorAll('summary').length")
    reached = 0
    for _ in range(400):
        key("Tab", 9)
        where = browser.value("document.activeElement.tagName")
        reached += where == "SUMMARY"
        if where == "BODY":
            break
    visible = browser.value("[...document.querySelectorAll('summary')]"
                            ".filter(s => s.checkVisibility()).length")
    if reached < visible or (wanted and not reached):
        faults.append(f"{reached} of {visible} summaries are reached")
    return faults


def main():
    name, page, outdir, axe = sys.argv[1:5]
    profile = tempfile.mkdtemp()
    signal.alarm(SECONDS)
    browser = Browser(profile)
    try:
        browser.open(page)
        tell(f"{name} loads nothing and breaks no policy", complaints(browser))
        tell(f"{name} has its headings in order", browser.value(HEADINGS))
        for scheme in ("light", "dark"):
            for size, width in WIDTHS.items():
                browser.look(width, scheme)
                browser.screenshot(f"{outdir}/{name}-{size}-{scheme}.png")
                if scheme == "light":
                    tell(f"{name} fits {width} pixels", browser.value(OVERFLOW))
        browser.look(WIDTHS["wide"], "light")
        tell(f"{name} is used by keyboard", keyboard_faults(browser))
        browser.look(WIDTHS["narrow"], "dark", "print")
        paper = browser.value("getComputedStyle(document.body).backgroundColor")
        tell(f"{name} prints on white", [] if paper == "rgb(255, 255, 255)" else [paper])
        browser.look(WIDTHS["wide"], "dark")
        size = browser.pdf(f"{outdir}/{name}.pdf")
        tell(f"{name} prints to PDF", [] if size > 5000 else [f"{size} bytes"])
        tell(f"{name} lets no script, handler, image or style in", browser.value(FORBIDDEN))
        if axe == "-":
            print(f"skip {name} has no fault for axe: axe-core is not installed")
        else:
            with open(axe, encoding="utf-8") as f:
                source = f.read()
            for scheme in ("light", "dark"):
                browser.call("Page.setBypassCSP", enabled=True)
                browser.open(page)
                browser.look(WIDTHS["wide"], scheme)
                browser.value("document.querySelectorAll('details').forEach(d => d.open = true)")
                tell(f"{name} has no fault for axe ({scheme})", axe_faults(browser, source))
    finally:
        browser.end()
        shutil.rmtree(profile, ignore_errors=True)


if __name__ == "__main__":
    main()
