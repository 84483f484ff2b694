"""The words that steps about pages take, as registered types; `words.py` has those of every area."""

from behave import register_type

from features.support.doors import DOORS
from features.support.forms import FORMS, THINGS
from features.support.pages import PAGES
from features.support.visiting import BROWSERS
from features.support.words import one_of

# The fields of the forms, as features call them.
FORM_FIELDS = {
    "city": "city",
    "e-mail": "email",
    "name": "name",
    "password": "password",
    "picture": "avatar",
    "pieces": "quantity",
}

register_type(
    Browser=one_of({words: words for words in BROWSERS}),
    Books=one_of({words.lower(): words for words in ("Users", "Orders")}),
    Door=one_of(DOORS),
    DoorField=one_of({"name": "name", "e-mail": "email", "password": "password"}),
    Form=one_of({words: words for words in FORMS}),
    FormField=one_of(FORM_FIELDS),
    Listed=one_of({words: words for words in THINGS}),
    Lost=one_of({"everything": "everything"} | {f"the {words}": name for words, name in FORM_FIELDS.items()}),
    Page=one_of(PAGES),
)
