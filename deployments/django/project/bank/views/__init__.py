"""The views: JSON with the request's nonce. Who calls is settled before, what he may is settled here."""
