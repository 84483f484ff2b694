"""A club with an API: plain SQLAlchemy, bearer tokens, errors as {"error": ...}, mail from a thread."""

import os
import smtplib
from email.message import EmailMessage
from email.utils import make_msgid
from threading import Thread
from typing import Any

from flask import Flask, abort, g, request
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker


class Base(DeclarativeBase):
    pass


class Member(Base):
    __tablename__ = "members"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True)
    token: Mapped[str] = mapped_column(unique=True)
    is_chair: Mapped[bool] = mapped_column(default=False)
    requests: Mapped[int] = mapped_column(default=0)


def create_app(database_url: str) -> Flask:
    app = Flask(__name__, static_folder=None)
    engine = create_engine(database_url)
    Session = sessionmaker(engine)
    Base.metadata.create_all(engine)

    @app.before_request
    def begin() -> None:
        g.session = Session()
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        g.member = g.session.scalar(select(Member).where(Member.token == token))
        if g.member:
            g.member.requests += 1
            g.session.commit()

    @app.teardown_request
    def end(_: object) -> None:
        g.session.close()

    def member() -> Member:
        found: Member | None = g.member
        return found or abort(401)

    @app.get("/members")
    def members() -> dict[str, Any]:
        member()
        return {"members": [each.name for each in g.session.scalars(select(Member).order_by(Member.name))]}

    @app.post("/members")
    def join() -> Any:
        if not member().is_chair:
            abort(403)
        given = request.get_json()
        if "@" not in given.get("email", ""):
            abort(400, "email: this is no address")
        g.session.add(Member(**given))
        g.session.commit()
        Thread(target=welcome, args=(given["email"], given["name"])).start()
        return {"name": given["name"]}, 201

    @app.errorhandler(400)
    @app.errorhandler(401)
    @app.errorhandler(403)
    def refused(error: Any) -> Any:
        return {"error": error.description}, error.code

    return app


def welcome(to: str, name: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "club@example.com", to, "Welcome to the club"
    message["Message-ID"] = make_msgid()
    message.set_content(f"Good to have you, {name}.")
    with smtplib.SMTP(os.environ.get("MAIL_SERVER", "localhost")) as server:
        server.send_message(message)
