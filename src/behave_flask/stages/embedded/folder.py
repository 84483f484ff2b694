"""The folder where a service keeps files, put back as it was after each scenario."""

from pathlib import Path
from zlib import crc32


class Folder:
    """Each scenario finds again what is in the folder when the first one begins."""

    def __init__(self, path: Path) -> None:
        """Accept the folder, which is there."""
        self.path = path
        self._start: dict[str, bytes] | None = None

    def begin(self) -> None:
        """Keep what is in it before the first scenario."""
        if self._start is None:
            self._start = self._content()

    def state(self) -> list[str]:
        """Return the paths of its files below it; of a file that has changed, with a mark of its content."""
        start = self._start or {}
        return sorted(
            name if start.get(name, content) == content else f"{name} ({crc32(content):08x})"
            for name, content in self._content().items()
        )

    def put_back(self) -> None:
        """Remove what is new, and write what has changed or is gone."""
        now, start = self._content(), self._start or {}
        for name in now.keys() - start.keys():
            (self.path / name).unlink()
        for name, content in start.items():
            if now.get(name) != content:
                file = self.path / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.unlink(missing_ok=True)
                file.write_bytes(content)

    def for_worker(self, worker: int) -> "Folder":
        """Return a worker's own folder below this one, with the same in it."""
        own = Folder(self.path / f"worker-{worker}")
        own.path.mkdir()
        own._start = self._start
        own.put_back()
        return own

    def _content(self) -> dict[str, bytes]:
        return {
            str(file.relative_to(self.path)): file.read_bytes()
            for file in self.path.rglob("*")
            if file.is_file() and not file.relative_to(self.path).parts[0].startswith("worker-")
        }
