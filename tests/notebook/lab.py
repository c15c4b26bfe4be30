"""JupyterLab and Formgrader as somebody at a browser meets them. It knows no exercise and expects nothing."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx

STARTS_IN: Final = 60.0  # seconds, on a machine with other things to do
_SETTINGS: Final = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "apputils-extension/themes": {"theme": "JupyterLab Light"},
    # Cells that are out of sight stay in the page.
    "notebook-extension/tracker": {"windowingMode": "none"},
}


@dataclass(frozen=True)
class Lab:
    """A server that is up: what its addresses begin with, its token, and the environment it runs in."""

    base: str
    token: str
    env: dict[str, str]

    def url(self, path: str) -> str:
        """Return the address of *path* on it."""
        return f"{self.base}{path}{'&' if '?' in path else '?'}token={self.token}"


def isolated(home: Path) -> dict[str, str]:
    """Return an environment in which nothing of this machine's or this user's settings is found; it is in *home*."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON", "XDG_"))}
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "XDG_CACHE_HOME")
    folders = {name: home / name.lower() for name in names}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    for name, values in _SETTINGS.items():
        file = folders["JUPYTER_CONFIG_DIR"] / "lab/user-settings/@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values), "utf-8")
    own["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{own.get('PATH', '')}"  # where nbgrader finds its tools
    return own | {"HOME": str(home), "JUPYTER_PREFER_ENV_PATH": "1"} | {n: str(f) for n, f in folders.items()}


@contextlib.contextmanager
def running(root: Path, home: Path) -> Iterator[Lab]:
    """Run JupyterLab on *root*, and end it with all that it started."""
    env, token = isolated(home), secrets.token_hex(16)
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", f"--port={_free_port()}"]
    command += ["--allow-root", f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={root}"]
    command += ["--LabApp.extension_manager=readonly"]
    log = home / "server.log"
    with log.open("wb") as out:
        server = subprocess.Popen(
            command, cwd=root, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
        )
    try:
        yield Lab(_wait_until_up(server, Path(env["JUPYTER_RUNTIME_DIR"]), log), token, env)
    finally:
        _end(server)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_up(server: subprocess.Popen[bytes], runtime: Path, log: Path) -> str:
    """Return the server's address: it takes another port when somebody was faster, so it is asked."""
    deadline = time.monotonic() + STARTS_IN
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(OSError, ValueError, StopIteration, httpx.TransportError):
            said = json.loads(next(runtime.glob("jpserver-*.json")).read_text("utf-8"))
            httpx.get(f"{said['url']}api", timeout=5).raise_for_status()
            return str(said["url"]).rstrip("/")
        time.sleep(0.1)
    raise AssertionError(f"JupyterLab did not start:\n{log.read_text('utf-8', 'replace')[-3000:]}")


def _end(server: subprocess.Popen[bytes]) -> None:
    """End it: asked for it, it ends its kernels; and a kernel whose server is gone ends by itself."""
    server.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        server.wait(20)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()


class Notebook:
    """A notebook that is open in JupyterLab. Its cells go by the names that nbgrader knows them by."""

    def __init__(self, page: Any, lab: Lab, root: Path, path: str) -> None:
        self.page, self.file = page, root / path
        self.panel = page.locator(".jp-NotebookPanel")
        self._names = [cell["id"] for cell in self.saved()["cells"]]
        self._url = lab.url(f"/lab/tree/{path}?reset")
        self.open()

    def open(self) -> None:
        """Open it, or open it again as the file is now."""
        self.page.goto(self._url)
        self.panel.locator(".jp-Cell").nth(len(self._names) - 1).wait_for()
        self._wait_for_the_kernel()

    def _wait_for_the_kernel(self) -> None:
        # Before it has a kernel it calls itself idle too.
        named = self.panel.locator(".jp-KernelName", has_text=re.compile("python", re.IGNORECASE))
        asked = self.page.locator("dialog.jp-Dialog .jp-mod-accept")
        named.or_(asked).first.wait_for()
        if asked.is_visible():  # which kernel: the one that is offered
            asked.click()
        named.wait_for()
        self.panel.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').wait_for()

    def saved(self) -> dict[str, Any]:
        """Return the notebook as its file holds it."""
        read: dict[str, Any] = json.loads(self.file.read_text("utf-8"))
        return read

    def source(self, name: str) -> str:
        """Return the source of the cell *name* in the file."""
        return str("".join(next(cell for cell in self.saved()["cells"] if cell["id"] == name)["source"]))

    def cell(self, name: str) -> Any:
        """Return the cell *name* in the page."""
        return self.panel.locator(".jp-Cell").nth(self._names.index(name))

    def outputs(self, name: str) -> Any:
        """Return what the cell *name* shows below itself."""
        return self.cell(name).locator(".jp-OutputArea-output")

    def write(self, name: str, text: str) -> None:
        """Put *text* in place of all that the cell *name* holds, at the keyboard."""
        self.cell(name).locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def run(self, name: str, limit: float = 120.0) -> None:
        """Run the cell *name*, and wait until it has ended: *limit* seconds at most."""
        cell = self.cell(name)
        prompt = cell.locator(".jp-InputPrompt")
        before = prompt.text_content()
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")
        done = re.compile(rf"^(?!{re.escape(before)}$)\[\d+\]:$")
        cell.locator(".jp-InputPrompt", has_text=done).wait_for(timeout=limit * 1000)

    def errors(self) -> list[str]:
        """Return what any of its cells wrote to stderr or raised."""
        found = self.panel.locator(
            '[data-mime-type="application/vnd.jupyter.stderr"], [data-mime-type="application/vnd.jupyter.error"]'
        )
        texts: list[str] = found.all_text_contents()
        return texts

    def save(self) -> None:
        """Save it, and wait until that is done."""
        self.page.keyboard.press("Control+s")
        self.page.locator(".lm-TabBar-tab.jp-mod-current.jp-mod-dirty").wait_for(state="detached")

    def validate(self) -> tuple[bool, str]:
        """Press Validate; return whether it passed, and what it says."""
        self.panel.locator(".validate-button").click()
        message = self.page.locator("dialog.jp-Dialog #validation-message")
        message.wait_for(timeout=90_000)
        passed = "validation-failed" not in (message.get_attribute("class") or "")
        text = message.text_content()
        self.page.locator("dialog.jp-Dialog .jp-mod-accept").click()
        return passed, text


class Formgrader:
    """The instructor's pages of one course."""

    def __init__(self, page: Any, lab: Lab) -> None:
        self.page, self._lab = page, lab
        page.goto(lab.url("/lab"))  # for the cookie: it takes no token itself
        page.locator("#jp-top-panel").wait_for()

    def submissions(self, assignment: str) -> None:
        """Go to the table of what was handed in for *assignment*."""
        self.page.goto(f"{self._lab.base}/formgrader/manage_submissions/{assignment}")
        self.page.locator("tbody tr td.student-id").first.wait_for()

    def row(self, student: str) -> Any:
        """Return the row of *student* in that table."""
        return self.page.locator("tbody tr", has_text=student)

    def autograde(self, student: str) -> str:
        """Press the button that grades *student*; return what it says when it is done."""
        self.row(student).locator("td.autograde a").click()
        modal = self.page.locator(".modal.in")
        modal.wait_for(timeout=90_000)
        text: str = modal.inner_text()
        return text
