from behave import given, then, when

from behave_flask import attempts, matrix, observing, routes
from features.support.stages import MATRIX
from features.support.world import World
from library import MEMBERS, Book

attempts.told_by("tries to")


@given('the library has "{title}"')
def step_has(context, title):
    with context.world.stage.data() as session:
        book = Book(title=title)
        session.add(book)
        session.flush()
        context.world.books[title] = book.id


@given('{who} has borrowed "{title}"')
def step_has_borrowed(context, who, title):
    with context.world.stage.data() as session:
        session.get_one(Book, context.world.books[title]).reader = who.lower()


@when('{who} borrows "{title}"')
def step_borrows(context, who, title):
    context.world.borrow(who, title).must_succeed()


@when('{who} tries to borrow "{title}"')
def step_tries_to_borrow(context, who, title):
    context.world.borrow(who, title)


@when("{who} looks around")
def step_looks(context, who):
    context.world.attempt(who, "look around", "GET /books").must_succeed()


@then("{who} gets it")
@attempts.judges
def step_gets_it(context, who):
    context.world.outcome_of(who).must_be("allowed")


@then("{who} is told that it is {word}")
@attempts.judges
def step_told(context, who, word):
    context.world.outcome_of(who).must_be(word)


@then('{who} is told by e-mail "{subject}"')
def step_told_by_mail(context, who, subject):
    context.world.stage.tasks.run_due()
    context.world.stage.mailbox.take(MEMBERS[who.lower()], subject)


@then("the answer is as recorded")
def step_as_recorded(context):
    context.suite.snapshots.check(context.scenario.name, context.world.outcome.body)


# who may do what


def about(stage, request, number):
    """Return a request for a book: its number where a number varies, and its title where a text does."""
    route = routes.find(request, stage.routes())
    values = {
        name: number if converter.startswith("int") else "Moby-Dick"
        for name, converter in zip(routes.Route.parse(request).names, route.converters, strict=True)
    }
    return routes.filled(request, values)


@when("{who} tries to {action} by {request}")
def step_tries(context, who, action, request):
    sent = about(context.world.stage, request, context.world.books["Moby-Dick"])
    context.world.attempt(who, action, sent)


@then("{who} may {action}")
@attempts.judges
def step_may(context, who, action):
    context.world.outcome_of(who, action).must_be("allowed")
    context.world.stage.tasks.verify_all()  # what an allowed request queues is another feature's matter


@then("{who} must sign in to {action}")
@attempts.judges
def step_must_sign_in(context, who, action):
    context.world.outcome_of(who, action).must_be("must sign in")


@then("there is a row for everything that can be asked")
def step_complete(context):
    folder, legend = MATRIX
    none_needed = [
        matrix.Exemption("HEAD of everything", "everybody", "is answered as GET is"),
        matrix.Exemption(
            "OPTIONS of everything", "everybody", "tells the methods of an address, and no data"
        ),
    ]
    stage, written = context.world.stage, matrix.rows_in(folder)

    def compare(also):
        return matrix.Comparison(stage.routes(), [*written, *also], none_needed, lambda _: legend.columns)

    told = compare([])
    if told.faults:
        raise AssertionError("\n".join(told.faults))
    if told.missing:
        rows = observing.rows_to_paste(stage, compare, lambda who, route: observed(stage, who, route))
        raise AssertionError(
            "No row says who may do this. What the library does now is below: paste what is right, and"
            f" mend the library where it is not.\n{observing.pasteable(rows, folder, written)}"
        )


def observed(stage, who, route):
    """Let somebody ask a library that has a book, and say what came of it."""
    world = World(stage)
    with stage.data() as session:
        book = Book(title="Moby-Dick")
        session.add(book)
        session.flush()
        number = book.id
    request = routes.request_of(route, stage.routes())
    outcome = world.attempt(who, "do something", about(stage, request, number))
    words = {word: verdict for verdict, (word, _) in MATRIX[1].verdicts.items()}
    return words.get(outcome.word, f"({outcome.word}?)"), "do something", request
