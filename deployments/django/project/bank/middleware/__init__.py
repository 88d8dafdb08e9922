"""What every request goes through before a view: log, proof of the proxy, sessions, CSRF, identity, guard."""
