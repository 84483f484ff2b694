from greeter import app

from behave_flask import Response, Suite


class Stage:
    """What a run without extras asks of a `behave_flask.Stage`: a service with nothing around it."""

    def __init__(self):
        self.unsupported_tags = {}

    def start(self):
        return "the greeter alone"

    def send(self, request):
        answer = app.test_client().open(request.path, method=request.method)
        return Response(
            answer.status_code, {name.lower(): value for name, value in answer.headers}, answer.data
        )

    def begin_scenario(self):
        pass

    def end_scenario(self):
        return []

    unverified = stop = end_scenario

    def before_fork(self):
        pass

    def after_fork(self, worker):
        pass


class World:
    """What a scenario knows."""

    def __init__(self, stage):
        self.stage, self.exchanges = stage, []

    def report(self, message=""):
        return "\n".join(map(str, self.exchanges))


def before_all(context):
    context.suite = Suite(context.config, {"embedded": Stage})
    context.suite.start()


def before_feature(context, feature):
    context.suite.begin_feature(feature)


def before_scenario(context, scenario):
    context.suite.begin_scenario(scenario)
    context.world = World(context.suite.stage)


def after_step(context, step):
    context.suite.end_step(context.scenario, step, context.world)


def after_scenario(context, scenario):
    context.suite.end_scenario(scenario, context.world)


def after_feature(context, feature):
    context.suite.end_feature(feature)


def after_all(context):
    context.suite.stop()
