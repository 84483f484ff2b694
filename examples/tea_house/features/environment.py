from behave_flask import hooks_for
from features.world import TeaHouse
from tea_house import create_app

globals().update(hooks_for(create_app, world=TeaHouse))
