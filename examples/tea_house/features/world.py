from behave_flask import Operation, Person, World

ANN = {"name": "ann", "password": "a-long-password"}


def credentials(world, who):
    return {"form": {**world.form(who, "/sign-in"), **ANN}}


def tea(world, who, name="Sencha"):
    return {"form": {**world.form(who, "/"), "tea": name}}


class TeaHouse(World):
    sign_in = ["/sign-in"]
    personas = (
        Person("a visitor"),
        Person.with_form("Ann", "/sign-in", ANN),
        Person.with_form("the host", "/sign-in", {"name": "hana", "password": "another-password"}),
    )
    operations = (
        Operation("see the menu", "GET /"),
        Operation("see the form to sign in", "GET /sign-in"),
        Operation("sign in", "POST /sign-in", 302, valid=credentials),
        Operation("take a tea", "POST /tray", 302, valid=tea),
        Operation("look into the kitchen", "GET /kitchen"),
    )
