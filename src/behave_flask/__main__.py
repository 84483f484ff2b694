"""`python -m behave_flask`, which is the console command `behave-flask`."""

from behave_flask.cli import main

main()
