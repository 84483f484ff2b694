from behave_flask import hooks_for
from club import create_app
from features.world import PERMISSIONS, World

globals().update(
    hooks_for(lambda: create_app("sqlite://"), world=World, matrix=PERMISSIONS, ignored=["members.requests"])
)
