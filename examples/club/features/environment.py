from behave_flask import hooks_for
from club import create_app
from features.world import Club

globals().update(hooks_for(lambda: create_app("sqlite://"), world=Club, ignored=["members.requests"]))
