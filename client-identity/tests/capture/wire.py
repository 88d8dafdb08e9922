"""The client that shows a certificate, and the backends that keep what the server forwards."""

import socket
import ssl
import threading

SECONDS = 20
LIMIT = 8 * 1024 * 1024


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def is_open(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    except OSError:
        return False


class Backend:
    """Keeps the fields of the last request. `read` takes a connection and gives (target, fields)."""

    def __init__(self, read):
        self.read = read
        self.last = None
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self.answer, args=(connection,), daemon=True).start()

    def answer(self, connection):
        with connection:
            connection.settimeout(SECONDS)
            try:
                found = self.read(connection)
                if found:
                    self.last = found
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            except OSError:
                pass


def read_http(connection):
    """The header block as it is: a line that starts with a blank belongs to the line before (obs-fold)."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more or len(data) > LIMIT:
            return None
        data += more
    first, *lines = data.split(b"\r\n\r\n")[0].split(b"\r\n")
    fields = []
    for line in lines:
        key, _, value = line.partition(b":")
        # One blank after the colon is HTTP's; any other is the value's.
        fields.append((key.decode("latin-1"), value[1:] if value.startswith(b" ") else value))
    return first.split(b" ")[1].decode("latin-1"), fields


def read_uwsgi(connection):
    head = exactly(connection, 4)
    body = exactly(connection, int.from_bytes(head[1:3], "little"))
    words, at = [], 0
    while at < len(body):
        size = int.from_bytes(body[at : at + 2], "little")
        words.append(body[at + 2 : at + 2 + size])
        at += 2 + size
    fields = [(key.decode("latin-1"), value) for key, value in zip(words[::2], words[1::2])]
    target = next(value for key, value in fields if key == "CAPTURE")
    return target.decode("latin-1"), fields


def exactly(connection, size):
    data = b""
    while len(data) < size:
        more = connection.recv(size - len(data))
        if not more:
            raise OSError("the connection ended")
        data += more
    return data


class Backends:
    def __init__(self):
        self.http, self.uwsgi = Backend(read_http), Backend(read_uwsgi)

    def take(self, target):
        found = [backend.last for backend in (self.http, self.uwsgi) if backend.last and backend.last[0] == target]
        self.http.last = self.uwsgi.last = None
        return found[0][1] if found else None


def ask(port, target, case):
    """Sends one request, with the certificate of `case` if there is one. Gives the status, or why there is none."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if case and case.tls12:
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    if case:
        try:
            context.load_cert_chain(case.chain_file, case.key_file)
        except ssl.SSLError as error:
            return f"client {error.reason}"
    request = f"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    data = b""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as plain:
            with context.wrap_socket(plain, server_hostname="localhost") as stream:
                stream.sendall(request.encode())
                while more := stream.recv(65536):
                    data += more
    except ssl.SSLError as error:
        if not data:
            return f"tls {error.reason or 'closed'}"
    except OSError:
        if not data:
            return "tls closed"
    parts = data.split(b" ", 2)
    return f"http {parts[1].decode('latin-1')}" if len(parts) > 1 else "tls closed"
