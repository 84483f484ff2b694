"""The documentation site, which `make docs` builds; the reference is made from the code meanwhile."""

import sys
from importlib import metadata
from pathlib import Path

from sphinx.application import Sphinx

sys.path.insert(0, str(Path(__file__).parent))

import reference

project = "behave-flask"
version = release = metadata.version("behave-flask")
html_title = f"behave-flask {release}"
extensions = ["myst_parser", "sphinx.ext.autodoc"]
root_doc = "index"
exclude_patterns = ["pages"]

html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["changes.css"]
html_show_sphinx = False
html_copy_source = False
html_show_copyright = False

myst_heading_anchors = 3  # `page.md#heading` is checked down to these
suppress_warnings = ["misc.highlighting_failure"]  # a console block may hold anything that a run prints

default_role = "literal"  # single backticks, as the docstrings have them
autoclass_content = "both"  # `__init__` says what it takes
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True  # a function as it is written, and not its address
maximum_signature_line_length = 80
add_module_names = False


def setup(app: Sphinx) -> None:
    """Fill the pages of the reference when they are read."""
    app.connect("source-read", reference.fill)
    app.connect("autodoc-process-signature", reference.without_initializer)
