"""The linkers that are compared, and one link of one of them under a fault."""

import os
import resource
import shutil
import signal
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PEERS = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "wcc-bench/peers"


def found(wcc):
    """(name, path) of what is installed; wcc first."""
    rows = [("wcc", wcc)]
    for name, commands in [
        ("GNU ld", ["ld.bfd"]),
        ("gold", ["ld.gold"]),
        ("lld", ["ld.lld-19", "ld.lld"]),
        ("mold", ["mold"]),
        ("Wild", [str(PEERS / "wild/bin/wild"), "wild"]),
    ]:
        path = next((p for p in map(shutil.which, commands) if p), None)
        if path:
            rows.append((name, path))
    return rows


def version(path):
    """The line a linker says of itself."""
    text = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    return text.splitlines()[0] if text else "?"


class Ended:
    """How a link ended."""

    def __init__(self, status, stderr, timed_out=False):
        self.status, self.stderr, self.timed_out = status, stderr, timed_out

    def __str__(self):
        if self.timed_out:
            return "hangs"
        if self.status < 0:
            return signal.Signals(-self.status).name
        if "panicked at" in self.stderr:
            return "panic"
        return {0: "exit 0", 1: "error"}.get(self.status, f"exit {self.status}")


def run(argv, cwd, limits=(), env=None, timeout=60, user=None, **streams):
    """Runs a link. `limits`: (RLIMIT, value) pairs; `user`: a number to run as."""

    def prepare():
        os.setsid()
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        for what, value in limits:
            resource.setrlimit(what, (value, value))
        if user is not None:
            os.setgroups([])
            os.setgid(user)
            os.setuid(user)

    streams.setdefault("stdout", subprocess.DEVNULL)
    streams.setdefault("stderr", subprocess.PIPE)
    child = subprocess.Popen(
        [str(a) for a in argv],
        cwd=cwd,
        preexec_fn=prepare,
        env={**os.environ, "LC_ALL": "C", **(env or {})},
        stdin=subprocess.DEVNULL,
        **streams,
    )
    try:
        _, err = child.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()
        return Ended(-9, "", timed_out=True)
    return Ended(child.returncode, (err or b"").decode(errors="replace"))


def old_output(path, text=b"old"):
    """Puts an old output where the new one is to come."""
    path.unlink(missing_ok=True)
    path.write_bytes(text)
    path.chmod(0o755)


def state(path, text=b"old"):
    """What became of it."""
    if not path.exists():
        return "old output gone"
    # Outputs may have gigabytes.
    with path.open("rb") as f:
        data = f.read(1 << 16)
    if data == text:
        return "old output kept"
    return "new output" if data[:4] == b"\x7fELF" else "old output destroyed"
