from apiflask import APIBlueprint

blueprint = APIBlueprint("tokens", __name__)
