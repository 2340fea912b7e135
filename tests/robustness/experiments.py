"""The faults: each function tries one on one linker and says in a few words what happened.

A directory of its own for each; `inputs` is the directory with start.o (a program's entry) and big.o (8 MB of data with
relocations, in start.o's program). Doing it right is: status 1, a message, and the old output as it was.
"""

import os
import random
import resource
import shutil
import signal
import stat
import struct
import subprocess
import threading
import time
from collections import Counter
from pathlib import Path

import worst
from linkers import Ended, old_output, run, state

NOBODY = 65534


def argv(linker, inputs, out, *more):
    return [linker, inputs / "start.o", inputs / "big.o", *more, "-o", out]


def words(ended, out):
    """How it ended and what became of the old output."""
    silent = ", silent" if ended.status != 0 and not ended.stderr.strip() and ended.status > 0 else ""
    return f"{ended}{silent}; {state(out)}"


def counted(results):
    return "; ".join(f"{n} × {what}" for what, n in Counter(results).most_common())


def mounted(where, options, action):
    where.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", where], check=True)
    try:
        return action()
    finally:
        subprocess.run(["umount", "-l", where], check=False)


def full_disk(linker, d, inputs):
    out = d / "small/out"

    def action():
        old_output(out)
        return words(run(argv(linker, inputs, out), d), out)

    return mounted(d / "small", "size=64k", action)


def quota(linker, d, inputs):
    out = d / "out"
    old_output(out)
    return words(run(argv(linker, inputs, out), d, [(resource.RLIMIT_FSIZE, 1 << 20)]), out)


def little_memory(linker, d, inputs):
    """From what the program needs to say its version up to enough."""
    least = next(
        (
            m
            for m in range(4 << 20, 1 << 30, 2 << 20)
            if run([linker, "--version"], d, [(resource.RLIMIT_AS, m)]).status == 0
        ),
        1 << 30,
    )
    out, results = d / "out", []
    for more in [0.25, 0.5, 1, 2, 4, 6, 8, 12, 16, 20, 24, 32, 48, 64, 96, 128, 192, 256, 512]:
        old_output(out)
        ended = run(argv(linker, inputs, out), d, [(resource.RLIMIT_AS, least + int(more * (1 << 20)))])
        results.append(words(ended, out))
    return counted(results)


def shim(linker, d, inputs, what):
    out = d / "out"
    old_output(out)
    env = {"LD_PRELOAD": str(inputs / "shim.so"), "WCC_SHIM": what}
    return words(run(argv(linker, inputs, out), d, env=env), out)


def io_error(linker, d, inputs):
    return counted(shim(linker, d, inputs, f"eio:{n}") for n in range(4))


def short_writes(linker, d, inputs):
    ended = shim(linker, d, inputs, "short")
    good = d / "good"
    run(argv(linker, inputs, good), d)
    same = good.exists() and (d / "out").exists() and good.read_bytes() == (d / "out").read_bytes()
    return f"{ended}, {'the same bytes' if same else 'OTHER bytes'}"


def interrupted_writes(linker, d, inputs):
    return shim(linker, d, inputs, "eintr")


def read_only_directory(linker, d, inputs):
    sub = d / "sub"
    sub.mkdir()
    out = sub / "out"
    old_output(out)
    out.chmod(0o555)
    sub.chmod(0o555)
    return words(run(argv(linker, inputs, out), d, user=NOBODY), out)


def running_output(linker, d, inputs):
    """The output is a program that runs."""
    out = d / "out"
    shutil.copy("/bin/sleep", out)
    sleeper = subprocess.Popen([out, "60"])
    try:
        time.sleep(0.05)
        ended = run(argv(linker, inputs, out), d)
        return f"{ended}; the program {'runs on' if sleeper.poll() is None else 'died'}; {state(out)}"
    finally:
        sleeper.kill()
        sleeper.wait()


def symlink(linker, d, inputs):
    target, out = d / "target", d / "out"
    old_output(target)
    out.symlink_to("target")
    ended = run(argv(linker, inputs, out), d)
    kept = "link kept" if out.is_symlink() else "link replaced"
    return f"{ended}; {kept}; what it points to: {state(target)}"


def hard_link(linker, d, inputs):
    out, other = d / "out", d / "other"
    old_output(out)
    os.link(out, other)
    return f"{run(argv(linker, inputs, out), d)}; its other name: {state(other)}"


def device(linker, d, inputs, minor):
    out = d / "node"
    os.mknod(out, 0o666 | stat.S_IFCHR, os.makedev(1, minor))
    ended = run(argv(linker, inputs, out), d)
    kept = out.exists() and stat.S_ISCHR(os.lstat(out).st_mode)
    return f"{ended}; device {'kept' if kept else 'REPLACED by a file' if out.exists() else 'REMOVED'}"


def null_device(linker, d, inputs):
    return device(linker, d, inputs, 3)


def full_device(linker, d, inputs):
    return device(linker, d, inputs, 7)


def fifo(linker, d, inputs):
    out = d / "out"
    os.mkfifo(out)
    got = []

    def read():
        with open(out, "rb") as f:
            got.append(f.read())

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    ended = run(argv(linker, inputs, out), d, timeout=10)
    kept = out.exists() and stat.S_ISFIFO(os.lstat(out).st_mode)
    if kept and reader.is_alive():
        # Lets a reader go that nobody wrote to.
        os.close(os.open(out, os.O_WRONLY | os.O_NONBLOCK))
    reader.join(2)
    what = "whole" if got and got[0][:4] == b"\x7fELF" else "nothing"
    return f"{ended}; pipe {'kept' if kept else 'REPLACED'}, {what} came through"


def directory(linker, d, inputs):
    out = d / "out"
    out.mkdir()
    return f"{run(argv(linker, inputs, out), d)}; directory {'kept' if out.is_dir() else 'GONE'}"


def truncated_input(linker, d, inputs):
    """An input loses its end at some moment of the link."""
    results, rng = [], random.Random(1)
    start = time.monotonic()
    run(argv(linker, inputs, d / "out"), d)
    whole = time.monotonic() - start
    for _ in range(40):
        shutil.copy(inputs / "big.o", d / "big.o")
        out = d / "out"
        old_output(out)
        child = subprocess.Popen(
            [linker, inputs / "start.o", d / "big.o", "-o", out],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0)),
        )
        time.sleep(rng.random() * whole)
        os.truncate(d / "big.o", 100_000)
        _, err = child.communicate()
        ended = Ended(child.returncode, err.decode(errors="replace"))
        results.append("before or after" if ended.status == 0 else words(ended, out))
    return counted(results)


def unreadable_input(linker, d, inputs):
    out = d / "out"
    old_output(out)
    (d / "bad.o").write_bytes(b"x")
    (d / "bad.o").chmod(0)
    d.chmod(0o777)
    return words(run(argv(linker, inputs, out, d / "bad.o"), d, user=NOBODY), out)


def many_inputs(linker, d, inputs):
    """10,000 inputs and 256 open files."""
    sub = d / "many"
    sub.mkdir()
    for i in range(10_000):
        os.link(inputs / "weak.o", sub / f"{i}.o")
    (d / "args").write_text("\n".join(f"many/{i}.o" for i in range(10_000)))
    out = d / "out"
    ended = run(argv(linker, inputs, out, "@args"), d, [(resource.RLIMIT_NOFILE, 256)], timeout=120)
    return f"{ended}; {state(out)}"


def hundred_thousand_inputs(linker, d, inputs):
    sub = d / "many"
    sub.mkdir()
    for i in range(100_000):
        # A file can have some 65,000 names.
        if i % 50_000 == 0:
            shutil.copy(inputs / "weak.o", sub / f"{i}.o")
        else:
            os.link(sub / f"{i - i % 50_000}.o", sub / f"{i}.o")
    (d / "args").write_text("\n".join(f"many/{i}.o" for i in range(100_000)))
    out = d / "out"
    ended = run([linker, inputs / "start.o", inputs / "big.o", "-o", out, "@args"], d, timeout=120)
    return f"{ended}; {state(out)}"


def large_archive(linker, d, inputs):
    """The member that is needed lies behind 5 GiB of another one, which is a hole in the file."""
    data = (inputs / "big.o").read_bytes()
    data += b"\n" * (len(data) & 1)
    gap = 5 << 30

    def header(name, size):
        return f"{name:<16}{0:<12}{0:<6}{0:<6}{644:<8}{size:<10}`\n".encode()

    names = b"big\0\0\0\0\0"
    size = 16 + len(names)
    at = 8 + 60 + size + 60 + gap
    with open(d / "lib.a", "wb") as f:
        f.write(b"!<arch>\n" + header("/SYM64/", size) + struct.pack(">QQ", 1, at) + names + header("gap/", gap))
        f.seek(gap, os.SEEK_CUR)
        f.write(header("big.o/", len(data)) + data)
    out = d / "out"
    ended = run([linker, inputs / "start.o", d / "lib.a", "-o", out], d, timeout=120)
    return f"{ended}; {state(out)}"


def large_output(linker, d, inputs):
    """Three sections 2 GiB apart."""
    o = worst.Object()
    for name in "abc":
        o.section(f".ldata.{name}", bytes([1] * 8), flags=worst.ALLOC | worst.WRITE | 0x10000000, align=1 << 31)
    o.write(d / "far.o")
    out = d / "out"
    ended = run([linker, inputs / "start.o", inputs / "big.o", d / "far.o", "-o", out], d, timeout=120)
    size = out.stat().st_size if out.exists() else 0
    return f"{ended}; {state(out)}{', over 4 GiB' if size > 4 << 30 else ''}"


def no_places(linker, d, inputs):
    """Nothing can be written to /tmp, and there is no HOME; the rest is as ever."""
    for f in ("start.o", "big.o"):
        shutil.copy(inputs / f, d / f)
    script = 'mount -t tmpfs -o ro none /tmp && exec env -u HOME -u TMPDIR -u XDG_CACHE_HOME "$@"'
    line = ["unshare", "-m", "sh", "-c", script, "sh", linker, "start.o", "big.o", "-o", "out"]
    ended = run(line, d)
    return f"{ended}; {state(d / 'out')}"


SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE, signal.SIGKILL]


def signals(linker, d, inputs, tries):
    """Signals at random moments: the output must be the old one or the new one, and no other file may be left."""
    rng = random.Random(2)
    out = d / "out"
    new = d / "new"
    start = time.monotonic()
    run(argv(linker, inputs, new), d)
    whole = time.monotonic() - start
    fresh = new.read_bytes()
    new.unlink()
    results = Counter()
    for n in range(tries):
        old_output(out, fresh)
        which = SIGNALS[n % len(SIGNALS)]
        child = subprocess.Popen(
            argv(linker, inputs, out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        time.sleep(rng.random() * whole * 1.2)
        child.send_signal(which)
        try:
            child.wait(timeout=30)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            results["hangs after the signal"] += 1
            for f in d.iterdir():
                f.unlink()
            continue
        # A linker that works in a child of its own may still be writing.
        deadline = time.monotonic() + 5
        while any(p for p in group(child.pid)) and time.monotonic() < deadline:
            time.sleep(0.01)
        left = [f for f in d.iterdir() if f != out]
        if not out.exists():
            results["output gone"] += 1
        elif out.read_bytes() != fresh:
            results["output broken"] += 1
        elif left:
            results["temporary file left" + (" (KILL)" if which == signal.SIGKILL else "")] += 1
        else:
            results["whole, nothing left"] += 1
        for f in left:
            f.unlink()
    return "; ".join(f"{n} × {what}" for what, n in results.most_common())


def group(pgid):
    """Living processes of a process group."""
    for p in Path("/proc").iterdir():
        if p.name.isdigit():
            try:
                fields = (p / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(fields[2]) == pgid and fields[0] != "Z":
                yield p


def closed_streams(linker, d, inputs):
    out = d / "out"
    line = ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *argv(linker, inputs, out)]
    return f"{run(line, d)}; {state(out)}"


def bare_environment(linker, d, inputs):
    out = d / "out"
    line = ["env", "-i", *argv(linker, inputs, out)]
    return f"{run(line, d)}; {state(out)}"


def strange_names(linker, d, inputs):
    """Paths that are not UTF-8."""
    sub = os.fsencode(d) + b"/\xff\xfe dir"
    os.mkdir(sub)
    shutil.copy(inputs / "start.o", sub + b"/\xe9.o")
    out = d / "out"
    child = subprocess.run(
        [os.fsencode(linker), sub + b"/\xe9.o", os.fsencode(inputs / "big.o"), b"-o", os.fsencode(out)],
        capture_output=True,
        check=False,
    )
    return f"{Ended(child.returncode, child.stderr.decode(errors='replace'))}; {state(out)}"


def long_command_line(linker, d, inputs):
    """One megabyte of arguments."""
    out = d / "out"
    more = ["-L/" + "x" * 1000 for _ in range(1000)]
    return f"{run(argv(linker, inputs, out, *more), d)}; {state(out)}"


def at_once(linker, d, inputs):
    """50 links at the same time, each with 512 MiB of address space."""
    children = []
    for n in range(50):
        children.append(
            subprocess.Popen(
                argv(linker, inputs, d / f"out{n}"),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (512 << 20, 512 << 20)),
            )
        )
    ends = [str(Ended(c.wait(), "")) for c in children]
    sums = Counter((d / f"out{n}").read_bytes() if (d / f"out{n}").exists() else b"" for n in range(50))
    return f"{counted(ends)}; {len(sums)} kind(s) of output"


def same_output(linker, d, inputs):
    """Twenty links to one output at the same time: one of them wins, whole."""
    out, good = d / "out", d / "good"
    run(argv(linker, inputs, good), d)
    children = [
        subprocess.Popen(argv(linker, inputs, out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(20)
    ]
    ends = [str(Ended(c.wait(), "")) for c in children]
    whole = out.exists() and good.exists() and out.read_bytes() == good.read_bytes()
    left = len([f for f in d.iterdir() if f not in (out, good)])
    return f"{counted(ends)}; output {'whole' if whole else 'BROKEN'}, {left} files left"


def determinism(linker, d, inputs):
    """The same bytes by thread count, run, directory, locale, umask and time."""
    kinds = Counter()
    threads = ["--threads=1", "--threads=2", "--threads=7"]
    if "bfd" in str(linker) or "gold" in str(linker):
        threads = []
    for n, more in enumerate([*threads, None, None]):
        sub = d / f"dir{n}"
        sub.mkdir()
        for f in ("start.o", "big.o"):
            shutil.copy(inputs / f, sub / f)
        env = {"LC_ALL": ["C", "C.UTF-8"][n % 2], "TZ": ["UTC", "Asia/Tokyo"][n % 2], "SOURCE_DATE_EPOCH": "1"}
        line = [linker, "start.o", "big.o", "--build-id", *([more] if more else []), "-o", "out"]
        before = os.umask([0o022, 0o077][n % 2])
        run(line, sub, env=env)
        os.umask(before)
        out = sub / "out"
        kinds[out.read_bytes() if out.exists() else b""] += 1
    return "always the same bytes" if len(kinds) == 1 else f"{len(kinds)} kinds of output"


EXPERIMENTS = [
    ("full disk (tmpfs of 64 KiB)", 1, full_disk),
    ("file size limit (`ulimit -f`)", 1, quota),
    ("too little memory (`ulimit -v`, 19 steps)", 19, little_memory),
    ("write fails with EIO after 0…3 writes", 4, io_error),
    ("short writes", 1, short_writes),
    ("interrupted writes", 1, interrupted_writes),
    ("read-only directory", 1, read_only_directory),
    ("output is a running program", 1, running_output),
    ("output is a symbolic link", 1, symlink),
    ("output has a second name", 1, hard_link),
    ("output is a null device (by root)", 1, null_device),
    ("output is a full device (by root)", 1, full_device),
    ("output is a pipe", 1, fifo),
    ("output is a directory", 1, directory),
    ("input cut short during the link", 40, truncated_input),
    ("unreadable input", 1, unreadable_input),
    ("10,000 inputs, 256 open files", 1, many_inputs),
    ("100,000 inputs", 1, hundred_thousand_inputs),
    ("archive of 5 GiB (64-bit index)", 1, large_archive),
    ("output of more than 4 GiB (with holes)", 1, large_output),
    ("/tmp cannot be written to, no HOME", 1, no_places),
    ("signals INT TERM HUP PIPE KILL", None, signals),
    ("closed stdin, stdout, stderr", 1, closed_streams),
    ("empty environment", 1, bare_environment),
    ("paths that are not UTF-8", 1, strange_names),
    ("1 MB of arguments", 1, long_command_line),
    ("50 links at once, 512 MiB each", 50, at_once),
    ("20 links to one output at once", 20, same_output),
    ("threads, runs, directories, locale, umask, time zone", 5, determinism),
]
