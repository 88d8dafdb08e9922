"""Who is this client? From headers, environ or socket to an enrolled user, in this order:

sources (which convention) -> encodings (bytes of certificates) -> claim (what was said, and whether it may be believed)
-> certificate, chain (what it is worth) -> matching (whose it is).
"""


class Doubt(Exception):
    """What was said about the client is not what an honest sender says: answered with 400."""


class Refusal(Exception):
    """It was understood, and it does not let this client in: answered with 403."""
