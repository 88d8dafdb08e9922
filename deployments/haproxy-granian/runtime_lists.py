"""Gives the running HAProxy its CA and CRL files anew (Management Guide, `set ssl ca-file`, `commit ssl crl-file`)."""

import socket
import sys

SOCKET = "{{ dir }}/haproxy.sock"
FILES = [("ca-file", "{{ pki.client_ca }}"), ("crl-file", "{{ pki.crl }}")]


def ask(command: str) -> str:
    """Sends one command and returns what HAProxy says to it."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(10)
        connection.connect(SOCKET)
        connection.sendall(command.encode())
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    return answer.decode()


for kind, path in FILES:
    with open(path, encoding="ascii") as file:
        # An empty line ends the payload.
        payload = "\n".join(line for line in file.read().splitlines() if line)
    said = ask(f"set ssl {kind} {path} <<\n{payload}\n\n") + ask(f"commit ssl {kind} {path}\n")
    if "Success" not in said:
        sys.exit(f"{kind}: {said}")
