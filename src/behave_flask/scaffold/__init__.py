"""What `behave-flask init` writes for a service that has no features yet."""
