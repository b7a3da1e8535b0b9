#!/usr/bin/env python3
"""Loads a running CachingService and checks every byte. Needs Python 3.9 and nothing else.

  stress/stress.py --url http://127.0.0.1:5000 --token TOKEN --jobs 1000 --job-bytes 4194304 --large 2 --large-bytes 1073741824

Every job: cache id, upload, download, compare, delete. All jobs run at once. With --pid the server's CPU seconds and peak
RSS are shown. Exit code 0 only when nothing failed and every byte was right.
"""
import argparse
import asyncio
import hashlib
import json
import os
import sys
import time
from urllib.parse import urlsplit

BLOCK = os.urandom(1 << 20)


class Reply(Exception):
    pass


async def head(reader):
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    fields = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
    return int(lines[0].split()[1]), {k.lower(): v for k, v in fields.items()}


async def call(at, method, path, token, headers=None, body=b"", stream=None, sink=None):
    reader, writer = await asyncio.open_connection(at.hostname, at.port, limit=1 << 18)
    try:
        size = len(body) if stream is None else stream[0]
        fields = {"Host": at.netloc, "Authorization": token, "Content-Length": size, "Connection": "close", **(headers or {})}
        writer.write(f"{method} {at.path}{path} HTTP/1.1\r\n".encode())
        writer.write("".join(f"{k}: {v}\r\n" for k, v in fields.items()).encode() + b"\r\n" + body)
        if stream is not None:
            for piece in stream[1]():
                writer.write(piece)
                await writer.drain()
        status, fields = await head(reader)
        left = int(fields.get("content-length", "0"))
        text = b""
        while left:
            piece = await reader.read(min(left, 1 << 18))
            if not piece:
                raise Reply(f"{method}: body cut, {left} bytes missing")
            left -= len(piece)
            if sink and status == 200:
                sink(piece)
            else:
                text += piece
        if status != 200:
            raise Reply(f"{method} {status}: {text[:120]!r}")
        return text
    finally:
        writer.close()


def content(size, salt):
    yield salt
    left = size - len(salt)
    while left > 0:
        yield BLOCK[: min(left, len(BLOCK))]
        left -= len(BLOCK)


async def job(at, token, number, size, times):
    salt = hashlib.sha256(f"{os.getpid()}-{number}".encode()).digest()[: min(32, size)]
    params = json.dumps({"stress": os.getpid(), "job": number}).encode()
    begin = time.monotonic()
    reply = await call(at, "POST", "/v1/cache_id", token, {"Content-Type": "application/json"}, params)
    path = "/v1/cache/" + json.loads(reply)["cache_id"]
    times["id"].append(time.monotonic() - begin)
    first = b'--stress\r\nContent-Disposition: form-data; name="file"; filename="f.bin"\r\n\r\n'
    last = b"\r\n--stress--\r\n"

    def form():
        yield first
        yield from content(size, salt)
        yield last

    begin = time.monotonic()
    await call(at, "POST", path, token, {"Content-Type": "multipart/form-data; boundary=stress"},
               stream=(len(first) + size + len(last), form))
    times["upload"].append(time.monotonic() - begin)
    wanted, got = hashlib.sha256(), hashlib.sha256()
    begin = time.monotonic()
    await call(at, "GET", path, token, sink=got.update)
    times["download"].append(time.monotonic() - begin)
    for piece in content(size, salt):
        wanted.update(piece)
    if wanted.digest() != got.digest():
        raise Reply("wrong bytes")
    begin = time.monotonic()
    await call(at, "DELETE", path, token)
    times["delete"].append(time.monotonic() - begin)


def server(pid):
    with open(f"/proc/{pid}/stat") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    cpu = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    with open(f"/proc/{pid}/status") as f:
        peak = next(int(line.split()[1]) // 1024 for line in f if line.startswith("VmHWM"))
    return cpu, peak


async def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:5000")
    parser.add_argument("--token", required=True)
    parser.add_argument("--jobs", type=int, default=1000)
    parser.add_argument("--job-bytes", type=int, default=1000)
    parser.add_argument("--large", type=int, default=2)
    parser.add_argument("--large-bytes", type=int, default=1 << 30)
    parser.add_argument("--pid", type=int, help="the server's process id, for CPU and memory")
    options = parser.parse_args()
    at = urlsplit(options.url.rstrip("/"))
    times = {"id": [], "upload": [], "download": [], "delete": []}
    sizes = [options.large_bytes] * options.large + [options.job_bytes] * options.jobs
    before = server(options.pid)[0] if options.pid else 0
    begin, done, errors = time.monotonic(), 0, {}

    async def counted(number, size):
        nonlocal done
        try:
            await job(at, options.token, number, size, times)
        except (Reply, OSError, asyncio.IncompleteReadError) as failure:
            errors[str(failure)] = errors.get(str(failure), 0) + 1
        done += 1
        if sys.stderr.isatty():
            print(f"\r{done}/{len(sizes)} jobs", end="", file=sys.stderr)

    await asyncio.gather(*(counted(n, s) for n, s in enumerate(sizes)))
    seconds = time.monotonic() - begin
    report = {"jobs": len(sizes), "seconds": round(seconds, 2), "errors": errors,
              "mib_per_second": round(2 * sum(sizes) / seconds / (1 << 20), 1)}
    for name, values in times.items():
        ordered = sorted(values)
        if ordered:
            at_share = lambda q: round(1000 * ordered[min(len(ordered) - 1, int(q * len(ordered)))], 1)
            report[name + "_ms"] = {"p50": at_share(0.5), "p99": at_share(0.99), "max": at_share(1)}
    if options.pid:
        cpu, peak = server(options.pid)
        report["server"] = {"cpu_seconds": round(cpu - before, 2), "peak_rss_mib": peak}
    print(json.dumps(report, indent=1))
    return 1 if errors else 0


sys.exit(asyncio.run(main()))
