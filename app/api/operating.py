from apiflask import APIBlueprint

blueprint = APIBlueprint("operating", __name__)
