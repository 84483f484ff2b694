"""The two doors of the shop, for rules that both keep: a page in a browser, and a program."""

from collections.abc import Callable
from typing import Any, Protocol

from behave_flask import File
from features.support.areas import accounts, avatars, orders, sessions
from features.support.inputs.field_values import ABSENT
from features.support.pages import page_objects
from features.support.world.world import World


class Door(Protocol):
    """How somebody does something; the outcome is the world's afterwards."""

    def register(self, world: World, who: str, field: str, entered: Any) -> None:
        """Register as Nina, with one field as it was entered."""
        ...

    def sign_in(self, world: World, who: str, field: str, entered: Any) -> None:
        """Sign in with one's own e-mail and password, but for one field."""
        ...

    def upload(self, world: World, who: str, file: File) -> None:
        """Upload a picture."""
        ...

    def order(self, world: World, who: str, quantity: Any, product: str) -> None:
        """Order so many of a product."""
        ...


class App:
    """A program that somebody uses."""

    def register(self, world: World, who: str, field: str, entered: Any) -> None:
        """Register as Nina, with one field as it was entered."""
        accounts.register_with(world, who, field, entered)

    def sign_in(self, world: World, who: str, field: str, entered: Any) -> None:
        """Sign in with one's own e-mail and password, but for one field."""
        sessions.sign_in(world, who, **{field: entered})

    def upload(self, world: World, who: str, file: File) -> None:
        """Upload a picture."""
        avatars.upload(world, who, file)

    def order(self, world: World, who: str, quantity: Any, product: str) -> None:
        """Order so many of a product."""
        orders.place_with(world, who, product, "quantity", quantity)


class Page:
    """A page in a browser."""

    def register(self, world: World, who: str, field: str, entered: Any) -> None:
        """Register as Nina, with one field as it was entered."""
        given = {**accounts.NEW, "password": world.password, field: _typed(entered)}
        page = page_objects.Register(world.visit(who))
        _do(world, page, lambda: page.send(**given))

    def sign_in(self, world: World, who: str, field: str, entered: Any) -> None:
        """Sign in with one's own e-mail and password, but for one field."""
        given = {"email": world.email_of(who), "password": world.password, field: _typed(entered)}
        page = page_objects.SignIn(world.visit(who))
        _do(world, page, lambda: page.send(**given))

    def upload(self, world: World, who: str, file: File) -> None:
        """Upload a picture."""
        page = page_objects.Dashboard(world.visit(who))
        _do(world, page, lambda: page.send_picture(file))

    def order(self, world: World, who: str, quantity: Any, product: str) -> None:
        """Order so many of a product."""
        page = page_objects.Shop(world.visit(who))
        _do(world, page, lambda: page.place_order(product, _typed(quantity)))


DOORS: dict[str, Door] = {"an app": App(), "a page": Page()}


def _do(world: World, page: page_objects.PageObject, act: Callable[[], None]) -> None:
    page.open()
    world.note_state()
    act()
    world.arrive(page.visit)


def _typed(entered: Any) -> str:
    """Return what a person types: a field of a form cannot be missing, or hold anything but text."""
    if entered is ABSENT or not isinstance(entered, str | int):
        raise ValueError(f"Nobody can type {entered!r} into a field.")
    return str(entered)
