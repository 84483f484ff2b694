"""Commands for those who run the shop: `flask --app app create-admin`; `load-demo` is in `app.demo`."""

import os
import sys

import click
from flask import Flask
from flask.cli import with_appcontext
from pydantic import ValidationError

from app.api.schemas import Registration
from app.config import MIGRATIONS
from app.demo import load_demo
from app.extensions import db
from app.problems import messages_by_field
from app.services import accounts


@click.command("create-admin")
@click.argument("email")
@click.option("--name", default="Admin", show_default=True, help="Their name, as others see it.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@with_appcontext
def create_admin(email: str, name: str, password_stdin: bool) -> None:
    """Open an account for an admin who signs in with EMAIL. The password is asked for."""
    if password_stdin:  # as an argument, everybody on the machine could read it
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    try:
        who = Registration(email=email, name=name, password=password)
        admin = accounts.open_account(**who.model_dump(), role="admin", welcome=False)
    except ValidationError as error:
        sentences = [f"{field}: {' '.join(messages)}" for field, messages in messages_by_field(error).items()]
        raise click.ClickException("\n".join(sentences)) from None
    except accounts.EmailTakenError:
        raise click.ClickException(f"{email} has an account already; nothing was changed.") from None
    except accounts.WeakPasswordError:
        raise click.ClickException("The password must not be the name or the e-mail.") from None
    click.echo(f"{admin.name} <{admin.email}> is an admin now, with id {admin.id}.")


def add_migrations(app: Flask) -> None:
    """Offer `flask db`. What that takes, 10 MiB and 0.2 s, nobody needs who only serves."""
    from flask_migrate import Migrate

    Migrate(app, db, directory=str(MIGRATIONS))


def init_app(app: Flask) -> None:
    """Offer the commands; `flask` itself says that it is at work."""
    if os.environ.get("FLASK_RUN_FROM_CLI") == "true":
        add_migrations(app)
    app.cli.add_command(create_admin)
    app.cli.add_command(load_demo)
