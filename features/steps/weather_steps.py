"""The weather: how its provider fares, who asks, and what they are told."""

from behave import given, then, when

from behave_flask.lint.attempts import judges
from features.support.areas import weather
from features.support.world.providers import WEATHER

# given


@given("it is {degrees:g} degrees and {condition}")
def step_weather(context, degrees, condition):
    weather.becomes(context.world, degrees, condition)


@given("the weather provider {trouble:WeatherTrouble}")
def step_trouble(context, trouble):
    context.world.stage.outside.stub(
        "GET", WEATHER, name=f"a weather provider that {trouble}", **weather.TROUBLES[trouble]
    )


@given("the weather provider knows no {city}")
def step_unknown_city(context, city):
    context.world.stage.outside.stub(
        "GET", f"{WEATHER}?city={city}", name=f"no weather in {city}", status_code=404
    )


# when


@when("{who} asks for the weather in {city:Entry}")
def step_ask(context, who, city):
    weather.ask(context.world, who, city).must_succeed()


@when("{who} tries to ask for the weather in {city:Entry}")
def step_try_to_ask(context, who, city):
    weather.ask(context.world, who, city)


@when("it becomes {degrees:g} degrees and {condition}")
def step_change(context, degrees, condition):
    weather.becomes(context.world, degrees, condition)


# then


@then("{who} is not told when to come back")
def step_no_retry_after(context, who):
    if "retry-after" in context.world.outcome_of(who).response.headers:
        raise AssertionError(f"{who} was told when to come back.\n{context.world.outcome.exchange}")


@then("{who} is told that it is {degrees:g} degrees and {condition} in {city}")
@judges
def step_weather(context, who, degrees, condition, city):
    weather.shown(context.world, who, degrees, condition, city)


@then("the weather provider was asked {times:Times} for {city}")
def step_asked(context, times, city):
    weather.asked(context.world, times, city)
