"""A small Flask service into which tests of the package plant faults; each writes the view it needs."""

from collections.abc import Callable

from celery import Celery, Task
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from behave_flask.databases import engines
from behave_flask.databases.transactions import SQLAlchemyDatabase
from behave_flask.tasks.celery_tasks import TaskQueue, configure
from behave_flask.tasks.publish_order import PublishGuard


class Planted:
    """The service with the package around it, on any database; the tables are made, no scenario is open."""

    def __init__(self, url: str, hooks: Callable[["Planted"], None] = lambda _: None) -> None:
        """`hooks` adds listeners of the service's own, before the package adds its own."""
        self.app = Flask("planted")
        self.app.config["SQLALCHEMY_DATABASE_URI"] = url
        self.app.config["SQLALCHEMY_BINDS"] = {"audit": url}
        self.app.add_url_rule("/", "view", lambda: self._view(), methods=["POST"])
        self._make_models()
        self.celery = _make_celery(self.app)
        hooks(self)
        self.isolation = SQLAlchemyDatabase(lambda: engines.of(self.app))
        self.tasks = TaskQueue(self.celery, self.app, limit=20)
        self.guard = PublishGuard()
        self.make_tables()

    def _make_models(self) -> None:
        class Base(DeclarativeBase):
            pass

        self.db = db = SQLAlchemy(self.app, model_class=Base)

        class Person(db.Model):
            __tablename__ = "planted_person"
            id: Mapped[int] = mapped_column(primary_key=True)
            name: Mapped[str] = mapped_column(unique=True)

        class Pet(db.Model):
            __tablename__ = "planted_pet"
            id: Mapped[int] = mapped_column(primary_key=True)
            owner_id: Mapped[int] = mapped_column(
                ForeignKey("planted_person.id", deferrable=True, initially="DEFERRED")
            )

        class Entry(db.Model):
            __bind_key__ = "audit"
            __tablename__ = "planted_entry"
            id: Mapped[int] = mapped_column(primary_key=True)
            text: Mapped[str]

        self.Person, self.Pet, self.Entry = Person, Pet, Entry

    def make_tables(self) -> None:
        with self.app.app_context():
            self.db.drop_all()
            self.db.create_all()

    def close(self) -> None:
        with self.app.app_context():
            self.db.drop_all()
            for engine in self.db.engines.values():
                engine.dispose()

    def request(self, view: Callable[[], object]) -> int:
        """Send one request that `view` answers, as a driver does; its status is 201 if nothing is raised."""

        def answer() -> tuple[str, int]:
            view()
            return "", 201

        self._view: Callable[[], tuple[str, int]] = answer
        self.isolation.check_idle()
        status = self.app.test_client().post("/").status_code
        self.isolation.check_idle()
        return status

    def task(self, name: str, run: Callable[..., object]) -> Task:
        """Give the service a task that does `run`; Celery takes no lambda."""

        def body(*args: object, **kwargs: object) -> None:
            run(*args, **kwargs)

        return self.celery.task(name=name, shared=False)(body)

    def add(self, name: str) -> None:
        """What a view does that is right: a person, committed."""
        self.db.session.add(self.Person(name=name))
        self.db.session.commit()

    def names(self) -> list[str]:
        """The people that a session of the test sees."""
        with self.isolation.session() as session:
            return sorted(session.scalars(select(self.Person.name)))


def _make_celery(app: Flask) -> Celery:
    """Flask's documentation, "Background Tasks with Celery"."""

    class ContextTask(Task):
        def __call__(self, *args: object, **kwargs: object) -> object:
            with app.app_context():
                return self.run(*args, **kwargs)

    celery = Celery(app.name, task_cls=ContextTask, set_as_current=False)
    configure(celery)
    return celery
