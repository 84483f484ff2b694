"""What is for sale."""

from behave import given, then, when

from features.support.areas import products

# given


@given("the shop sells {name:Product} at {price:Cents}, {stock:d} in stock")
def step_sells(context, name, price, stock):
    products.sell(context.world, name, price_cents=price, stock=stock)


@given("the shop sells {count:d} products")
def step_sells_many(context, count):
    products.sell_many(context.world, count)


@given('the shop sells "{name}", described as "{description}"')
def step_sells_described(context, name, description):
    products.sell(context.world, name, description=description)


# when


@when("{who} changes the {field} of {name:Product} to {entered:Entry}")
def step_change(context, who, name, field, entered):
    products.change(context.world, who, name, field, entered).must_succeed()


@when("{who} tries to change the {field} of {name:Product} to {entered:Entry}")
def step_try_to_change(context, who, name, field, entered):
    products.change(context.world, who, name, field, entered)


@when("{who} looks for {text:Entry}")
def step_look_for(context, who, text):
    context.world.do(who, "list products", query={"q": text})


@when("{who} tries to look for {text:Entry}")
def step_try_to_look_for(context, who, text):
    context.world.attempt(who, "list products", query={"q": text})


@when("{who} looks up {name:Product}")
def step_look_up(context, who, name):
    context.world.do(who, "see a product", id=context.world.thing(name))


@when("{who} tries to look up {name:Product}")
def step_try_to_look_up(context, who, name):
    context.world.attempt(who, "see a product", id=context.world.thing(name))


@when("{who} opens page {page} of the products, {size} at a time")
def step_page(context, who, page, size):
    context.world.do(who, "list products", query={"page": page, "per_page": size})


@when("{who} tries to open page {page} of the products, {size} at a time")
def step_try_to_open_page(context, who, page, size):
    context.world.attempt(who, "list products", query={"page": page, "per_page": size})


@when("{who} puts a product on sale with the {field} {entered:Entry}")
def step_put_on_sale_with(context, who, field, entered):
    products.put_on_sale_with(context.world, who, field, entered).must_succeed()


@when("{who} tries to put a product on sale with the {field} {entered:Entry}")
def step_try_to_put_on_sale_with(context, who, field, entered):
    products.put_on_sale_with(context.world, who, field, entered)


@when("{who} puts {name:Product} on sale at {price:Cents}, {stock:d} in stock")
def step_put_on_sale(context, who, name, price, stock):
    products.put_on_sale(
        context.world, who, {"name": name, "price_cents": price, "stock": stock}
    ).must_succeed()


@when("{who} takes {name:Product} off sale")
def step_take_off(context, who, name):
    context.world.do(who, "delete a product", id=context.world.thing(name))


@when("{who} tries to take {name:Product} off sale")
def step_try_to_take_off(context, who, name):
    context.world.attempt(who, "delete a product", id=context.world.thing(name))


# then


@then("{name:Product} is no longer for sale")
def step_off_sale(context, name):
    products.is_off_sale(context.world, name)


@then("the stock of {name:Product} is {stock:d}")
def step_stock(context, name, stock):
    products.stock_is(context.world, name, stock)
