"""What is for sale. Everybody may look; an admin keeps the shelves."""

from datetime import datetime
from typing import Annotated, Any

from apiflask import APIBlueprint
from flask import url_for
from flask_sqlalchemy.pagination import Pagination
from pydantic import Field
from sqlalchemy import func, or_, select

from app.api.body import json_body
from app.api.schemas import WHOLE, Input, Line, OptionalProse, Output, Page, PageQuery, absent, page_of
from app.auth import auth
from app.extensions import db
from app.models import Order, Product
from app.problems import problem

blueprint = APIBlueprint("products", __name__)

Name = Annotated[Line, Field(max_length=120, examples=["Apple juice"])]
Description = Annotated[OptionalProse, Field(max_length=2000, examples=["Cloudy, one litre."])]
Price = Annotated[int, Field(ge=1, le=100_000_000, examples=[250]), WHOLE]
Stock = Annotated[int, Field(ge=0, le=1_000_000, examples=[12]), WHOLE]


class NewProduct(Input):
    """Something new for sale. The price is in cents."""

    name: Name
    description: Description = ""
    price_cents: Price
    stock: Stock = 0


class ProductChange(Input):
    """What changes of a product; what is left out stays. The stock is what is on the shelf now."""

    name: Name = absent()
    description: Description = absent()
    price_cents: Price = absent()
    stock: Stock = absent()


class ProductView(Output):
    """Something for sale: the price in cents, the stock in pieces."""

    id: int
    name: str
    description: str
    price_cents: int
    stock: int
    created_at: datetime


class ProductPage(Page):
    """A part of the products, by name (upper and lower case alike), then by id."""

    data: list[ProductView]


class ProductQuery(PageQuery):
    """Which products."""

    q: Annotated[OptionalProse, Field(max_length=80, examples=["juice"])] = ""


def _existing(product_id: int, *, lock: bool = False) -> Product:
    product: Product | None = db.session.get(Product, product_id, with_for_update=lock)
    if product is None:
        problem(404, "There is no such product.")
    return product


@blueprint.get("/api/products")
@blueprint.input(ProductQuery, location="query", arg_name="query")
@blueprint.output(ProductPage)
@blueprint.doc(summary="The products", operation_id="listProducts")
def list_products(query: ProductQuery) -> dict[str, Any]:
    """Those with `q` in the name or the description, in upper or lower case; by name, then by id."""
    found = find_products(query)
    return page_of(found, found.items)


def find_products(query: ProductQuery) -> Pagination:
    """Return a part of the products that match."""
    wanted = select(Product).order_by(func.lower(Product.name), Product.id)
    if query.q:
        fields = (Product.name, Product.description)
        wanted = wanted.where(or_(*(field.icontains(query.q, autoescape=True) for field in fields)))
    return db.paginate(wanted, page=query.page, per_page=query.per_page, error_out=False)


@blueprint.post("/api/products")
@blueprint.auth_required(auth, roles=["admin"])
@json_body(blueprint, NewProduct)
@blueprint.output(ProductView, status_code=201)
@blueprint.doc(summary="Put something on sale", operation_id="createProduct")
def create_product(body: NewProduct) -> tuple[ProductView, int, dict[str, str]]:
    """The answer says where it is, in `Location`."""
    product = Product(**body.model_dump())
    db.session.add(product)
    db.session.commit()
    where = {"Location": url_for("products.get_product", product_id=product.id)}
    return ProductView.model_validate(product), 201, where


@blueprint.get("/api/products/<int:product_id>")
@blueprint.output(ProductView)
@blueprint.doc(summary="A product", operation_id="getProduct", responses={404: "No such product"})
def get_product(product_id: int) -> ProductView:
    """With the price and the stock of this moment."""
    return ProductView.model_validate(_existing(product_id))


@blueprint.patch("/api/products/<int:product_id>")
@blueprint.auth_required(auth, roles=["admin"])
@json_body(blueprint, ProductChange)
@blueprint.output(ProductView)
@blueprint.doc(summary="Change a product", operation_id="changeProduct", responses={404: "No such product"})
def change_product(product_id: int, body: ProductChange) -> ProductView:
    """Only the fields that are given change. Orders keep the name and the price that they were made with."""
    product = _existing(product_id, lock=True)
    for name, value in body.model_dump(exclude_unset=True).items():
        setattr(product, name, value)
    db.session.commit()
    return ProductView.model_validate(product)


@blueprint.delete("/api/products/<int:product_id>")
@blueprint.auth_required(auth, roles=["admin"])
@blueprint.output({}, status_code=204)
@blueprint.doc(
    summary="Take a product off sale", operation_id="deleteProduct", responses={404: "No such product"}
)
def delete_product(product_id: int) -> str:
    """Its orders stay as they are, with name and price; their `product_id` becomes null."""
    # The orders before the product, as a cancellation locks them: in the other order the two could deadlock.
    db.session.scalars(select(Order.id).where(Order.product_id == product_id).with_for_update()).all()
    db.session.delete(_existing(product_id, lock=True))
    db.session.commit()
    return ""
