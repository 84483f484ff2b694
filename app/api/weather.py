from apiflask import APIBlueprint

blueprint = APIBlueprint("weather", __name__)
