"""gunicorn as the only server: TLS, client certificates and revocation lists."""
{% if set.gunicorn.hook %}
import ssl
{% endif %}
bind = "127.0.0.1:{{ port.front }}"
workers = 1
threads = 8
# The control socket would be outside the run's folder.
control_socket_disable = True
errorlog = "{{ dir }}/log/gunicorn-error.log"
{% if set.gunicorn.forwarded == "nobody" %}
# There is no proxy: nobody's X-Forwarded-Proto or SCRIPT_NAME is believed. The default believes loopback.
forwarded_allow_ips = ""
{% endif %}

certfile = "{{ pki.server_cert }}"
keyfile = "{{ pki.server_key }}"
ca_certs = "{{ pki.client_ca }}"
{% if set.gunicorn.cert_reqs %}
# The default is 0: a certificate is not even asked for.
cert_reqs = {{ set.gunicorn.cert_reqs }}
{% endif %}
ciphers = "{{ set.gunicorn.ciphers }}"
{% if set.gunicorn.hook %}


def ssl_context(config, default_ssl_context_factory):
    """What gunicorn has no option for: revocation lists, and versions (it ignores --ssl-version)."""
    context = default_ssl_context_factory()
    context.minimum_version = ssl.TLSVersion.{{ set.gunicorn.minimum }}
{% if set.gunicorn.crl %}
    # Read for each connection, as the context is made for each.
    context.load_verify_locations(cafile="{{ pki.crl }}")
    context.verify_flags |= ssl.VerifyFlags.VERIFY_CRL_CHECK_CHAIN
{% endif %}
    return context
{% endif %}
