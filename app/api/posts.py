from apiflask import APIBlueprint

blueprint = APIBlueprint("posts", __name__)
