from apiflask import APIBlueprint

blueprint = APIBlueprint("profile", __name__)
