from apiflask import APIBlueprint

blueprint = APIBlueprint("products", __name__)
