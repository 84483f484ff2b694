"""What members publish."""

from typing import Any

from apiflask import APIBlueprint
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from app import permissions
from app.api import schemas
from app.api.body import json_body
from app.api.users import user_or_404
from app.auth import auth, current_user
from app.extensions import db
from app.models import Post, User
from app.problems import problem

blueprint = APIBlueprint("posts", __name__)
Posts = Select[Post]


def _newest_first() -> Posts:
    return select(Post).options(joinedload(Post.author)).order_by(Post.id.desc())


def posts_of(user: User) -> Posts:
    """Return what somebody wrote, newest first."""
    return _newest_first().where(Post.author_id == user.id)


def _page(posts: Posts, query: schemas.PageQuery) -> dict[str, Any]:
    found = db.paginate(posts, page=query.page, per_page=query.per_page, error_out=False)
    return schemas.page_of(found, found.items)


def _post_or_404(post_id: int) -> Post:
    return db.session.get(Post, post_id) or problem(404, "There is no such post.")


@blueprint.get("/api/posts")
@blueprint.auth_required(auth)
@blueprint.input(schemas.PageQuery, location="query", arg_name="query")
@blueprint.output(schemas.PostPage)
@blueprint.doc(operation_id="listPosts")
def list_posts(query: schemas.PageQuery) -> Any:
    """List the posts, newest first."""
    return _page(_newest_first(), query)


@blueprint.get("/api/users/<int:user_id>/posts")
@blueprint.auth_required(auth)
@blueprint.input(schemas.PageQuery, location="query", arg_name="query")
@blueprint.output(schemas.PostPage)
@blueprint.doc(operation_id="listPostsOfUser")
def list_posts_of_user(user_id: int, query: schemas.PageQuery) -> Any:
    """List the posts of a user, newest first."""
    return _page(posts_of(user_or_404(user_id)), query)


@blueprint.post("/api/posts")
@blueprint.auth_required(auth)
@json_body(blueprint, schemas.NewPost)
@blueprint.output(schemas.Post, 201)
@blueprint.doc(operation_id="publishPost")
def publish_post(body: schemas.NewPost) -> Any:
    """Publish a post."""
    post = Post(author_id=current_user().id, title=body.title, body=body.body)
    db.session.add(post)
    db.session.commit()
    return post, 201, {"Location": f"/api/posts/{post.id}"}


@blueprint.get("/api/posts/<int:post_id>")
@blueprint.auth_required(auth)
@blueprint.output(schemas.Post)
@blueprint.doc(operation_id="getPost")
def get_post(post_id: int) -> Any:
    """Read a post."""
    return _post_or_404(post_id)


@blueprint.patch("/api/posts/<int:post_id>")
@blueprint.auth_required(auth)
@json_body(blueprint, schemas.PostChange)
@blueprint.output(schemas.Post)
@blueprint.doc(operation_id="changePost")
def change_post(post_id: int, body: schemas.PostChange) -> Any:
    """Change a post.

    For its author and for admins. Only the fields that are given change.
    """
    post = _post_or_404(post_id)
    permissions.change_post(current_user(), post)
    for field in body.model_fields_set:
        setattr(post, field, getattr(body, field))
    db.session.commit()
    return post


@blueprint.delete("/api/posts/<int:post_id>")
@blueprint.auth_required(auth)
@blueprint.doc(operation_id="deletePost", responses={204: "Deleted"})
def delete_post(post_id: int) -> Any:
    """Delete a post.

    For its author and for admins.
    """
    post = _post_or_404(post_id)
    permissions.change_post(current_user(), post)
    db.session.delete(post)
    db.session.commit()
    return "", 204
