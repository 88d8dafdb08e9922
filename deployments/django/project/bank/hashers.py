"""Password hashing of a lab."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class QuickHasher(PBKDF2PasswordHasher):
    """Django's own, with few rounds: users are enrolled anew for every run, and their passwords open nothing else."""

    algorithm = "pbkdf2_quick"
    iterations = 2_000
