from apiflask import APIBlueprint

blueprint = APIBlueprint("users", __name__)
