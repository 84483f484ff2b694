"""A suite as a run would load it, for commands that play nothing."""

from dataclasses import dataclass
from pathlib import Path

from behave.configuration import Configuration
from behave.model import Feature
from behave.runner import Context
from behave.runner import Runner as BehaveRunner

from behave_flask.core import paths
from behave_flask.core.extras import telling_where_to_look
from behave_flask.model import feature_files


@dataclass(frozen=True)
class LoadedSuite:
    """A suite: its folder, that of its reports, and its features; behave's registry has its steps.

    :param unreadable: why a feature file is not among them, a line each.
    """

    folder: Path
    reports: Path
    features: list[Feature]
    unreadable: list[str]


def load() -> LoadedSuite:
    """Load the steps, the types and the features of the suite in this folder, as `behave.ini` says.

    :raises ConfigError: if there is none.
    """
    config = Configuration([])
    paths.begin(config)
    feature_files.use_language(config.lang)
    runner = BehaveRunner(config)
    runner.setup_paths()
    runner.context = Context(runner)
    with telling_where_to_look():
        runner.load_hooks()
        runner.load_step_definitions()
    folder = Path(runner.base_dir)
    read = [feature for _, feature in feature_files.parse_all(feature_files.find(folder))]
    features = [each for each in read if isinstance(each, Feature)]
    reports = paths.absolute(config.junit_directory).parent
    return LoadedSuite(folder, reports, features, [str(each) for each in read if isinstance(each, Exception)])
