"""Every server that the deployments use serves the app: who is told to be alice is alice, nobody is nobody."""

import http.client
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

import lab

PATIENCE = 30.0
BIN = Path(sys.executable).parent
WSGI, ASGI = "bank.wsgi:application", "bank.asgi:application"
UWSGI = [
    *("uwsgi", "--plugins", "http,python3", "--virtualenv", "{venv}", "--chdir", "{project}", "--module", WSGI),
    *("--need-app", "--master", "--die-on-term", "--buffer-size", "32768"),
]
TLS = ["--certfile", "{run}/server.pem", "--keyfile", "{run}/server.key", "--ca-certs", "{run}/ca.pem"]
GUNICORN = ["{bin}/gunicorn", "-b", "127.0.0.1:{port}", "-w", "2", "--no-control-socket"]

# Behind a proxy that speaks HTTP to them.
PLAIN = {
    "granian-asgi": ["{bin}/granian", "--interface", "asgi", "--port", "{port}", ASGI],
    "granian-wsgi": ["{bin}/granian", "--interface", "wsgi", "--port", "{port}", WSGI],
    "gunicorn": [*GUNICORN, WSGI],
    "gunicorn-threads": [*GUNICORN, "--threads", "4", WSGI],
    "runserver": ["{bin}/python", "manage.py", "runserver", "--noreload", "127.0.0.1:{port}"],
    "uvicorn": ["{bin}/uvicorn", "--port", "{port}", ASGI],
    "uwsgi": [*UWSGI, "--http-socket", "127.0.0.1:{port}"],
    "waitress": ["{bin}/waitress-serve", "--listen", "127.0.0.1:{port}", WSGI],
}
# Without a proxy: source, command.
DIRECT = {
    "gunicorn": ("gunicorn", [*GUNICORN, *TLS, "--cert-reqs", "2", WSGI]),
    "gunicorn-threads": ("gunicorn", [*GUNICORN, *TLS, "--cert-reqs", "2", "--threads", "4", WSGI]),
    "mod-wsgi": ("mod-wsgi", ["apache2", "-DFOREGROUND", "-f", "{run}/apache.conf"]),
    "uvicorn": (
        "none",
        [
            *("{bin}/uvicorn", "--port", "{port}", "--ssl-certfile", "{run}/server.pem"),
            *("--ssl-keyfile", "{run}/server.key", "--ssl-ca-certs", "{run}/ca.pem", "--ssl-cert-reqs", "2", ASGI),
        ],
    ),
    "granian": (
        "none",
        [
            *("{bin}/granian", "--interface", "wsgi", "--port", "{port}", "--ssl-certificate", "{run}/server.pem"),
            *("--ssl-keyfile", "{run}/server.key", "--ssl-ca", "{run}/ca.pem", "--ssl-client-verify", WSGI),
        ],
    ),
    "uwsgi": (
        "uwsgi",
        [*UWSGI, "--https", "127.0.0.1:{port},{run}/server.pem,{run}/server.key,HIGH,!{run}/ca.pem"],
    ),
    "uwsgi-export-cert": (
        "uwsgi-export-cert",
        [
            *(*UWSGI, "--https", "127.0.0.1:{port},{run}/server.pem,{run}/server.key,HIGH,!{run}/ca.pem"),
            "--https-export-cert",
        ],
    ),
}
APACHE = """
ServerRoot {run}
PidFile {run}/apache.pid
DefaultRuntimeDir {run}
Mutex file:{run} default
ErrorLog {run}/log/apache-error.log
ServerName localhost
{user}
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule ssl_module /usr/lib/apache2/modules/mod_ssl.so
LoadModule env_module /usr/lib/apache2/modules/mod_env.so
LoadModule wsgi_module /usr/lib/apache2/modules/mod_wsgi.so
Listen 127.0.0.1:{port}
SSLEngine on
SSLSessionCache none
SSLCertificateFile {run}/server.pem
SSLCertificateKeyFile {run}/server.key
SSLCACertificateFile {run}/ca.pem
SSLVerifyClient require
SSLOptions +StdEnvVars +ExportCertData
WSGIDaemonProcess bank processes=1 threads=4 python-home={venv} python-path={project}
WSGIProcessGroup bank
WSGIApplicationGroup %{{GLOBAL}}
WSGISocketPrefix {run}/wsgi
WSGIScriptAlias / {project}/bank/wsgi.py
<Directory {project}/bank>
    Require all granted
</Directory>
"""


def write_keys(run: Path) -> None:
    """Key and certificate of the server, of alice and of a stranger with a certificate of his own."""
    own = lab.issue("CN=stranger", signer="CN=stranger")
    server = lab.issue("CN=localhost,O=Example", purpose="server")
    for who, certificate in (("server", server), ("alice", lab.user("alice")), ("stranger", own)):
        (run / f"{who}.pem").write_bytes(certificate.public_bytes(lab.PEM))
        private = lab.key(certificate.subject.rfc4514_string()).private_bytes(
            lab.PEM, lab.serialization.PrivateFormat.PKCS8, lab.serialization.NoEncryption()
        )
        (run / f"{who}.key").write_bytes(private)


class Server:
    """One server with a run of its own, stopped at the end."""

    def __init__(self, source: str, command: list[str], **options) -> None:
        if not (command[0].startswith("{bin}") or shutil.which(command[0])):
            pytest.skip(f"{command[0]} is not installed")
        self.run = Path(tempfile.mkdtemp(prefix="django-server-test-"))
        self.run.chmod(0o755)
        with socket.create_server(("127.0.0.1", 0)) as held:
            self.port = held.getsockname()[1]
        write_keys(self.run)
        config = lab.write_configuration(self.run, source=source, **options)
        environment = os.environ | {"APP_CONFIG": str(config), "PYTHONPATH": str(lab.PROJECT)}
        environment |= {"PYTHONDONTWRITEBYTECODE": "1"}
        words = {"bin": BIN, "venv": BIN.parent, "project": lab.PROJECT, "run": self.run, "port": self.port}
        manage = [BIN / "python", "manage.py", "prepare"]
        subprocess.run(manage, cwd=lab.PROJECT, env=environment, check=True, timeout=60)
        if command[0] == "apache2":
            user = "User www-data\nGroup www-data" if os.getuid() == 0 else ""
            (self.run / "apache.conf").write_text(APACHE.format(user=user, **words))
            if user:
                subprocess.run(["chown", "-R", "www-data", self.run], check=True, timeout=60)
        with (self.run / "server.log").open("wb") as log:
            self.process = subprocess.Popen(
                [word.format(**words) for word in command],
                cwd=lab.PROJECT,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def __enter__(self) -> "Server":
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return self
            except OSError:
                time.sleep(0.05)
        self.__exit__()
        raise AssertionError(f"no server: {self.text}")

    def __exit__(self, *error: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(timeout=5)
        self.text = (self.run / "server.log").read_text(errors="replace")
        shutil.rmtree(self.run)

    def ask(self, path: str, headers=(), who: str | None = None, tls: bool = False, method: str = "GET"):
        """Status and body."""
        if tls:
            context = ssl.create_default_context(cafile=self.run / "ca.pem")
            if who:
                context.load_cert_chain(self.run / f"{who}.pem", self.run / f"{who}.key")
            connection = http.client.HTTPSConnection("localhost", self.port, timeout=15, context=context)
        else:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        connection.putrequest(method, path)
        for name, value in headers:
            connection.putheader(name, value)
        connection.endheaders()
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response.status, body


def told(who: str) -> list[tuple[str, str]]:
    return [
        ("X-Gateway-Key", lab.SECRET),
        ("X-SSL-Client-Verify", "SUCCESS"),
        ("X-SSL-Client-Cert", lab.escaped(lab.user(who))),
    ]


@pytest.mark.parametrize("server", PLAIN)
def test_behind_a_proxy(server):
    with Server("nginx", PLAIN[server]) as running:
        status, body = running.ask("/whoami?nonce=n1", told("alice"))
        assert (status, json.loads(body)["identity"], json.loads(body)["nonce"]) == (200, "alice", "n1")
        assert running.ask("/healthz")[0] == 200
        assert running.ask("/whoami", [("X-Gateway-Key", lab.SECRET), ("X-SSL-Client-Verify", "NONE")])[0] == 401
        assert running.ask("/whoami", told("alice")[1:])[0] == 403
        assert running.ask("/whoami", told("nobody"))[0] == 403
        assert running.ask("/accounts/bob", told("alice"))[0] == 403
        assert running.ask("/boom", told("alice"))[0] == 500
        assert running.ask("/whoami", told("alice"), method="HEAD") == (200, b"")
        twice = running.ask("/whoami", [*told("bob"), told("alice")[2]])
        assert twice[0] == 400
        status, body = running.ask("/whoami", [*told("alice"), ("X_SSL_Client_Cert", lab.escaped(lab.user("bob")))])
        # What no app can see: granian takes the other spelling for the header itself. uWSGI joins both.
        seen = {"granian-wsgi": (200, "bob"), "uwsgi": (400, None)}
        assert (status, json.loads(body).get("identity")) == seen.get(server, (200, "alice"))
        log = (running.run / "log" / "django-access.log").read_text()
        assert "n1" in log and "BEGIN" not in log


@pytest.mark.parametrize("server", DIRECT)
def test_with_tls_of_its_own(server):
    source, command = DIRECT[server]
    with Server(source, command, headers={}, secret="") as running:
        status, body = running.ask("/whoami", who="alice", tls=True)
        identity = None if source == "none" else "alice"
        assert (status, json.loads(body)["identity"]) == (200, identity)
        for who in (None, "stranger"):
            with pytest.raises((OSError, http.client.HTTPException)):
                running.ask("/whoami", who=who, tls=True)


def test_gunicorn_that_does_not_require_a_certificate_has_nobody():
    command = [*GUNICORN, *TLS, "--cert-reqs", "1", WSGI]
    with Server("gunicorn", command, headers={}, secret="") as running:
        assert running.ask("/whoami", tls=True)[0] == 401
        assert running.ask("/whoami", who="alice", tls=True)[0] == 200
        with pytest.raises((OSError, http.client.HTTPException)):
            running.ask("/whoami", who="stranger", tls=True)
