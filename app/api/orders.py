from apiflask import APIBlueprint

blueprint = APIBlueprint("orders", __name__)
