from behave_flask import hooks_for
from features.world import PERMISSIONS, World
from guest_book import create_app

globals().update(hooks_for(create_app, world=World, matrix=PERMISSIONS))
