"""Settings, read from the environment and checked before anything starts.

A configuration chooses gateways, limits and the price of a password hash. It never switches a rule off.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

from celery.schedules import schedule
from pydantic import Field, HttpUrl, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

MIGRATIONS = Path(__file__).parent / "migrations"
KIB, MIB = 1024, 1024 * 1024
_REDIS_LIMITS = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}  # seconds


class ConfigurationError(RuntimeError):
    """The shop cannot start as it is configured; the message names every setting at fault."""


class Settings(BaseSettings):
    """What every configuration has; an environment variable of the same name sets each."""

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore")

    secret_key: SecretStr = Field(min_length=16)
    database_url: str
    broker_url: str
    limits_url: str = "memory://"
    avatar_folder: Path = Path("instance/avatars").absolute()

    trusted_proxies: int = Field(default=0, ge=0, le=10)  # in front of the shop, who tell whom they pass on

    registrations_per_hour: int = Field(default=30, ge=1)  # from one address
    body_timeout_seconds: float = Field(default=10.0, gt=0)  # for a body; more for a long one
    database_timeout_seconds: int = Field(default=30, ge=1)  # for a statement; to connect, a tenth of it
    token_hours: int = Field(default=24, ge=1)
    password_time_cost: int = Field(default=3, ge=1)
    password_memory_kib: int = Field(default=64 * KIB, ge=8)

    mail_server: str = "localhost"
    mail_port: int = Field(default=25, ge=1, le=65535)
    mail_username: str | None = None
    mail_password: SecretStr | None = None
    mail_starttls: bool = False
    mail_timeout_seconds: float = Field(default=10.0, gt=0)  # for each answer of the server
    mail_sender: str = "Corner Shop <shop@example.com>"

    payments_url: HttpUrl = HttpUrl("https://payments.example.com/v1")
    payments_key: SecretStr = SecretStr("")
    weather_url: HttpUrl = HttpUrl("https://api.weather.com")
    weather_key: SecretStr = SecretStr("")
    outside_timeout_seconds: float = Field(default=3.0, gt=0)
    outside_retry_pause_seconds: float = Field(default=0.2, ge=0)
    weather_cache_seconds: int = Field(default=60, ge=0)

    @field_validator("database_url")
    @classmethod
    def use_psycopg(cls, url: str) -> str:
        """Let the common spellings of a PostgreSQL address mean the driver that is installed."""
        scheme, separator, rest = url.partition("://")
        return f"postgresql+psycopg://{rest}" if separator and scheme in ("postgres", "postgresql") else url

    def _transport_options(self) -> dict[str, float]:
        """Have an order not wait for a broker that hangs, in seconds.

        Redis gives a task to another worker when it was not acknowledged within the visibility timeout, which
        is longer than a task and the one before it take (`app.tasks`); no customer may have to wait longer.
        """
        if not self.broker_url.startswith(("redis", "sentinel")):
            return {}
        # Looked for every 10 s: kombu by itself looks at one turn of ten.
        return {**_REDIS_LIMITS, "visibility_timeout": 4 * 60, "unacked_restore_throttle": 1}

    def _engine_options(self) -> dict[str, Any]:
        """Have no request wait without end for a database that hangs."""
        if not self.database_url.startswith("postgresql"):
            return {}
        seconds = self.database_timeout_seconds
        limits = {"statement_timeout": seconds, "idle_in_transaction_session_timeout": 2 * seconds}
        return {
            # A connection that has died in the pool, as all do when the database restarts, costs no request.
            "pool_pre_ping": True,
            "pool_timeout": seconds,
            "connect_args": {
                "connect_timeout": max(2, seconds // 10),
                "answer_within": seconds + 5,  # of a server that does not even end what takes too long
                "options": " ".join(f"-c {name}={value}s" for name, value in limits.items()),
            },
        }

    def for_flask(self) -> dict[str, Any]:
        """Return the settings under the names that Flask and its extensions read."""
        return {
            "SECRET_KEY": self.secret_key.get_secret_value(),
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "SQLALCHEMY_ENGINE_OPTIONS": self._engine_options(),
            "RATELIMIT_STORAGE_URI": self.limits_url,
            "RATELIMIT_STORAGE_OPTIONS": _REDIS_LIMITS if self.limits_url.startswith("redis") else {},
            "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
            "REGISTRATIONS_PER_HOUR": self.registrations_per_hour,
            # Where the store dies between two commands of a request; the next is counted in memory.
            "RATELIMIT_SWALLOW_ERRORS": True,
            "BODY_TIMEOUT_SECONDS": self.body_timeout_seconds,
            "MAX_CONTENT_LENGTH": 256 * KIB,  # the longest post takes 120 KB when JSON escapes it
            "SESSION_COOKIE_SAMESITE": "Lax",
            "WTF_CSRF_TIME_LIMIT": None,  # as long as the session
            "OPENAPI_VERSION": "3.1.0",
            "TOKEN_LIFETIME": timedelta(hours=self.token_hours),
            "PASSWORD_TIME_COST": self.password_time_cost,
            "PASSWORD_MEMORY_KIB": self.password_memory_kib,
            "AVATAR_FOLDER": self.avatar_folder,
            "CELERY_BROKER_URL": self.broker_url,
            "CELERY_TASK_ALWAYS_EAGER": False,
            "CELERY_TASK_IGNORE_RESULT": True,
            "CELERY_TASK_ACKS_LATE": True,
            "CELERY_TASK_PUBLISH_RETRY_POLICY": {"max_retries": 1, "interval_start": 0, "interval_step": 0},
            "CELERY_TASK_REJECT_ON_WORKER_LOST": True,
            "CELERY_WORKER_PREFETCH_MULTIPLIER": 1,  # what waits at one worker is done by no other
            "CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP": True,
            # A worker outlasts a broker that is away for long, or takes nothing while it is a replica.
            "CELERY_BROKER_CONNECTION_MAX_RETRIES": None,
            "CELERY_BROKER_CHANNEL_ERROR_RETRY": True,
            "CELERY_BROKER_TRANSPORT_OPTIONS": self._transport_options(),
            "CELERY_BEAT_SCHEDULE": {
                "publish what is in the outbox": {
                    "task": "app.tasks.publish_outbox",
                    "schedule": schedule(timedelta(seconds=30)),
                },
                "charge orders that await payment": {
                    "task": "app.tasks.charge_waiting_orders",
                    "schedule": schedule(timedelta(minutes=5)),
                },
            },
        }


class Production(Settings):
    """For customers: every secret and address has to be given."""

    payments_url: HttpUrl
    payments_key: SecretStr
    weather_key: SecretStr
    mail_server: str


class Development(Settings):
    """For trying the shop on one machine: a SQLite file, no broker, no mail server needed."""

    secret_key: SecretStr = SecretStr("only for development")
    database_url: str = f"sqlite:///{Path('instance/shop.sqlite').absolute()}"
    broker_url: str = "memory://"


class Testing(Development):
    """For tests: a database in memory, and the cheapest hash that the algorithm allows."""

    database_url: str = "sqlite:///:memory:"
    password_time_cost: int = 1
    password_memory_kib: int = 8
    outside_retry_pause_seconds: float = 0


CONFIGURATIONS: dict[str, type[Settings]] = {
    "production": Production,
    "development": Development,
    "testing": Testing,
}


def load_settings(config_name: str) -> Settings:
    """Return the checked settings of a configuration.

    :raises ConfigurationError: for an unknown name, or naming each setting that is missing or wrong.
    """
    try:
        return CONFIGURATIONS[config_name]()
    except KeyError:
        known = ", ".join(CONFIGURATIONS)
        raise ConfigurationError(f"SHOP_CONFIG is {config_name!r}; it can be {known}.") from None
    except ValidationError as error:
        lines = [f"  {'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors()]
        advice = "Set them in the environment, or SHOP_CONFIG=development to try the shop."
        raise ConfigurationError(
            "\n".join([f"The shop cannot start as {config_name!r}:", *lines, advice])
        ) from None
