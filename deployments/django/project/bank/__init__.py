"""A small bank behind mutual TLS: accounts and notes with owners, a transfer, a vault, an administrator's report."""
