"""uvicorn with TLS of its own. Revocation lists need a context of one's own, which the command line cannot name."""

import ssl

import uvicorn


def context(_config, default):
    """The options' context, and what there are no options for."""
    made = default()
    made.minimum_version = ssl.TLSVersion.{{ set.uvicorn.minimum }}
{% if set.uvicorn.crl %}
    made.load_verify_locations(cafile="{{ pki.crl }}")
    made.verify_flags |= ssl.VerifyFlags.VERIFY_CRL_CHECK_CHAIN
{% endif %}
    # A ticket would outlive a revocation.
    made.options |= ssl.OP_NO_TICKET
    made.num_tickets = 0
    return made


uvicorn.run(
    "bank.asgi:application",
    host="127.0.0.1",
    port={{ port.front }},
    # There is no proxy whose X-Forwarded-Proto could be believed.
    proxy_headers={% if set.uvicorn.proxy_headers %}True{% else %}False{% endif %},
    server_header=False,
    ssl_certfile="{{ pki.server_cert }}",
    ssl_keyfile="{{ pki.server_key }}",
    ssl_ca_certs="{% if set.uvicorn.client_ca == "own" %}{{ pki.client_ca }}{% else %}{{ pki.client_ca_and_public }}{% endif %}",
{% if set.uvicorn.cert_reqs %}
    ssl_cert_reqs={{ set.uvicorn.cert_reqs }},
{% endif %}
    ssl_ciphers="{{ set.uvicorn.ciphers }}",
    ssl_context_factory=context,
)
