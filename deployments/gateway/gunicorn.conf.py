"""gunicorn behind a gateway that sets X-Forwarded-Proto, and passes what clients say in the other two headers of its kind."""

bind = "127.0.0.1:{{ port.app }}"
workers = 1
threads = 8
# The control socket would be outside the run's folder.
control_socket_disable = True
errorlog = "{{ dir }}/log/gunicorn-error.log"
# By default X-Forwarded-Ssl and X-Forwarded-Protocol count too, and a client's contradiction is answered with 400.
secure_scheme_headers = {"X-FORWARDED-PROTO": "https"}
# Else a client's SCRIPT_NAME would be the gateway's word.
forwarder_headers = ""
# What becomes of names with underscores.
header_map = "{{ set.header_map }}"
