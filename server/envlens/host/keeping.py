"""What an answer about a file depends on, as names that can be compared later."""

from ..core.model.document import FileKind
from ..core.model.facts import FileState
from ..core.rules._rule import Looked
from . import contexts, disk
from .drawing import looked_up
from .folders import digest
from .host import Host
from .results import Answer, spelled_out


class Keeping:
    """Names what the answers of one run depend on."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._keys: dict[str, str] = {}
        self._by_base: dict[int, str] = {}
        self._registered: dict[str, str] = {}
        # What the host reads is known here, too.
        self._digests: dict[str, str] = host.roots.files if isinstance(host.roots, disk.Roots) else {}
        self._data: dict[str, bytes] = {}

    def take_up(self, path: str, answer: Answer) -> None:
        """Lets a kept answer stand for a file that is not read further: what it draws on is in scope by it."""
        self._host.graph.replace(path, answer.kind, answer.draws)
        self._host.names.note(path, answer.named)

    def asked(self, path: str) -> str:
        """What asks for a file and how: its kind may hang on that."""
        entry = self._host.included(path)
        kind = self._host.graph.kind_of(path)
        return f"{kind}:{path in self._host.named}:{entry is not None}:{entry.kind if entry else None}"

    def settings(self, path: str) -> str:
        """A name for the settings that hold for a file."""
        folder = path.rpartition("/")[0]
        key = self._keys.get(folder)
        if key is None:
            base = self._host.base_of(path)
            key = self._by_base.get(id(base))
            if key is None:
                said = f"{base.path}\0{spelled_out(base.settings)}"
                key = self._by_base[id(base)] = digest(said.encode("utf-8", "surrogateescape"))
            self._keys[folder] = key
        return key

    def world(self, path: str, answer: Answer) -> str:
        """A name for all that the answer about a file depends on beside its own text and settings.

        Empty where that is not known.
        """
        graph, roots = self._host.graph, self._host.roots or None
        users, uploaded_in = graph.users(path), self._host.contexts_of(path)
        above, names = self._host.above(path), looked_up(self._host, answer.named)
        if not (answer.draws or answer.kind is FileKind.DOCKERFILE or users or uploaded_in or above or names):
            return _ALONE
        parts: list[object] = [(folder, [(by, self.digest(by)) for by in each]) for folder, each in uploaded_in]
        parts += [(each, self.digest(each)) for each in above]
        parts += [self._looked_up(name, looked) for name, looked in names.items()]
        for draw in answer.draws:
            target = graph.target(path, draw)
            if target is None:
                continue
            state = disk.state(target, roots)
            if state is FileState.PRESENT and draw.kind is not None:
                parts.append((target, draw.kind.value, self.digest(target)))
            elif state is FileState.DIRECTORY and draw.kind is None:
                wanted = [each.path[len(draw.path) + 1 :] for each in answer.draws if each.context == draw.path]
                parts.append((target, contexts.look(target, roots, wanted)))
            elif draw.span.end > draw.span.start and not draw.in_context:
                return ""  # what could be meant instead stands in the answer
            else:
                parts.append((target, state.value))
        if answer.kind is FileKind.DOCKERFILE:
            root = graph.context_of(path)
            parts.append(contexts.look(root, roots, answer.context_paths, (), path) if root else None)
        parts.append(sorted((user, use.by.value, use.as_constraint) for user, use in users.items()))
        return digest(repr(parts).encode("utf-8", "surrogateescape"))

    def _looked_up(self, name: str, looked: Looked) -> object:
        """A name for what is known of a name, and for what its definition holds."""
        known = (*looked[:2], self.registered(name), looked.has_workspace)
        held = [(each.path, *self._host.graph.drawn_by(each.path)) for each in looked.definitions]
        return name, known, [(path, self.digest(path)) for each in held for path in each]

    def registered(self, name: str) -> str:
        """A name for what the workspace has under a name, empty where it has nothing."""
        found = self._host.registered.get(name)
        if found is None:
            return ""
        if name not in self._registered:
            self._registered[name] = digest(repr(found).encode("utf-8", "surrogateescape"))
        return self._registered[name]

    def meant(self, name: str) -> str:
        """A name for what the workspace has that `name` could be a slip for, and for whether there is a workspace."""
        known = self._host.registered
        return digest(repr((sorted(known.meant(name)), bool(known.all))).encode("utf-8", "surrogateescape"))

    def digest(self, path: str) -> str:
        """A name for what a file holds, empty where it cannot be read."""
        if path not in self._digests:
            self._read(path)
        return self._digests[path]

    def data(self, path: str) -> bytes:
        """What a file holds, nothing where it cannot be read."""
        if path not in self._data:
            self._read(path)
        return self._data[path]

    def _read(self, path: str) -> None:
        found = disk.read(path, self._host.roots or None, self._host.settings_for(path).max_file_size)
        self._data[path] = found.data
        if path not in self._digests:
            self._digests[path] = digest(found.data) if found.state is FileState.PRESENT else ""


# The world of a file that draws on nothing, and that nothing draws on or uploads.
_ALONE = "-"
