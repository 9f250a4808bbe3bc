"""A workspace in plain dictionaries, held to the contract as well: what that asks is no matter of SQLite."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import sha256

from envlens.core.hashing import sdk
from envlens.core.hashing.tree import Leaf, merkle
from envlens.core.model.registered import Registered, RegisteredVersion, next_version, number_of
from envlens.core.workspace.port import (
    ArchivedError,
    Bring,
    Changes,
    ConflictError,
    Container,
    NotFoundError,
    Offer,
    Registration,
    Status,
    Version,
    WorkspaceError,
)
from envlens.core.workspace.target import Target, name_problem, version_problem


class Memory:
    """See the port."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._made: dict[str, dict[str, Version]] = {}  # versions in the order in which they were made
        self._archived: set[str] = set()
        self._bytes: dict[bytes, bytes] = {}
        self._trees: dict[str, tuple[Leaf, ...]] = {}
        self._mark = 1
        self._changed: dict[str, int] = {}

    @property
    def label(self) -> str:
        return "local"

    def register(self, offer: Offer, bring: Bring) -> Registration:
        if offer.is_anonymous != (offer.name == sdk.NAME) or (offer.is_anonymous and offer.version is None):
            raise WorkspaceError("anonymous environments have a name of their own and a version")
        self._check(Target(offer.name, offer.version), is_anonymous=True)
        context = offer.content.context
        if context is not None and context.merkle not in {None, _merkle(offer.leaves)}:
            raise WorkspaceError("the build context is not the one that was hashed: nothing was registered")
        if any({b"", b".", b".."} & {*leaf.path.split(b"/")} or b"\0" in leaf.path for leaf in offer.leaves):
            raise WorkspaceError("a file does not stay below its folder")
        if offer.name in self._archived:
            raise ArchivedError(f"'{offer.name}' is archived: restore it first: envlens restore {offer.name}")
        made = self._made.get(offer.name, {})
        existing = made.get(offer.version) if offer.version is not None else self._latest(offer.name)
        if existing is not None and existing.content.digest == offer.content.digest:
            return self._update(existing, offer)
        if existing is not None and offer.version is not None:
            raise ConflictError(self._shown(existing))
        version = offer.version or next_version(made)
        if offer.version is None and number_of(version) is None:
            raise WorkspaceError(f"'{offer.name}' has no next number: give a version")
        wanted = {leaf.digest: leaf for leaf in offer.leaves if leaf.digest not in self._bytes}
        brought = {digest: b"".join(bring(leaf)) for digest, leaf in wanted.items()}
        for leaf in offer.leaves:
            if sha256(brought.get(leaf.digest, self._bytes.get(leaf.digest, b""))).digest() != leaf.digest:
                raise WorkspaceError(f"{leaf.path.decode()!r} changed while it was read: nothing was registered")
        self._bytes |= brought
        if context is not None and context.merkle is not None:
            self._trees[context.merkle] = tuple(sorted(offer.leaves))
        alike = [each.version for each in made.values() if each.content.digest == offer.content.digest]
        moment = self._moment()
        new = Version(
            offer.name,
            version,
            offer.content,
            offer.forecast,
            offer.written,
            offer.description,
            dict(offer.tags or {}),
            offer.author,
            moment,
            moment,
            is_anonymous=offer.is_anonymous,
        )
        self._put(new)
        return Registration(new, Status.CREATED, alike[-1] if alike else None)

    def _update(self, existing: Version, offer: Offer) -> Registration:
        description = existing.description if offer.description is None else offer.description
        tags = dict(existing.tags if offer.tags is None else offer.tags)
        if (description, tags) == (existing.description, existing.tags):
            return Registration(self._shown(existing), Status.UNCHANGED)
        new = existing._replace(description=description, tags=tags, modified=self._moment())
        self._put(new)
        return Registration(self._shown(new), Status.UPDATED)

    def get(self, target: Target) -> Version:
        self._check(target)
        made = self._made.get(target.name)
        found = (made or {}).get(target.version) if target.version is not None else self._latest(target.name)
        if found is None:
            raise NotFoundError(f"'{target}' is not registered")
        return self._shown(found)

    def leaves(self, version: Version) -> tuple[Leaf, ...]:
        context = version.content.context
        if context is None or context.merkle is None:
            return ()
        if context.merkle not in self._trees:
            raise NotFoundError(f"the build context of '{version.target}' is not there")
        return self._trees[context.merkle]

    def read(self, leaf: Leaf) -> Iterator[bytes]:
        if leaf.digest not in self._bytes:
            raise NotFoundError(f"{leaf.path.decode()!r} is not there")
        return iter((self._bytes[leaf.digest],))

    def containers(self, *, archived: bool = False, after: str = "", limit: int = 50) -> tuple[Container, ...]:
        names = sorted(name for name in self._made if name > after and name != sdk.NAME)
        shown = [name for name in names if archived or name not in self._archived][: max(limit, 0)]
        return tuple(
            Container(
                name, self._shown(self._latest(name) or self._last(name)), len(self._made[name]), name in self._archived
            )
            for name in shown
        )

    def versions(self, name: str, *, archived: bool = False) -> tuple[Version, ...]:
        self._check(Target(name))
        if name not in self._made:
            raise NotFoundError(f"'{name}' is not registered")
        found = (self._shown(each) for each in reversed(self._made[name].values()))
        return tuple(each for each in found if archived or not each.is_archived)

    def archive(self, target: Target) -> bool:
        return self._turn(target, to=True)

    def restore(self, target: Target) -> bool:
        return self._turn(target, to=False)

    def _turn(self, target: Target, *, to: bool) -> bool:
        self._check(target)
        if target.name not in self._made:
            raise NotFoundError(f"'{target.name}' is not registered")
        is_whole = target.name in self._archived
        if target.version is None and not target.is_latest:
            (self._archived.add if to else self._archived.discard)(target.name)
            if is_whole != to:
                self._touch(target.name)
            return is_whole != to
        found = self.get(target)
        if is_whole and not to:
            raise ArchivedError(f"'{target.name}' is archived: restore it first: envlens restore {target.name}")
        if is_whole or found.is_archived == to:
            return False
        self._put(found._replace(is_archived=to, modified=self._moment()))
        return True

    def changes(self, since: int) -> Changes:
        is_ours = 1 <= since <= self._mark
        names = sorted(
            name for name, mark in self._changed.items() if (mark > since or not is_ours) and name != sdk.NAME
        )
        return Changes(self._mark, tuple(map(self._registered, names)), is_all=not is_ours)

    def close(self) -> None:
        pass

    def _registered(self, name: str) -> Registered:
        those = (
            RegisteredVersion(each.version, each.content.digest, each.forecast.fingerprint, each.is_archived)
            for each in self._made[name].values()
        )
        return Registered(name, tuple(those), name in self._archived)

    def _check(self, target: Target, *, is_anonymous: bool = False) -> None:
        if name_problem(target.name) or (target.version is not None and version_problem(target.version)):
            raise WorkspaceError("nothing can be called so")
        if target.version is None and target.name == sdk.NAME and not is_anonymous:
            raise NotFoundError("anonymous environments are found by their version")

    def _latest(self, name: str) -> Version | None:
        those = () if name in self._archived else self._made.get(name, {}).values()
        return next((each for each in reversed(tuple(those)) if not each.is_archived), None)

    def _last(self, name: str) -> Version:
        return tuple(self._made[name].values())[-1]

    def _shown(self, version: Version) -> Version:
        return version._replace(is_archived=version.is_archived or version.name in self._archived)

    def _put(self, version: Version) -> None:
        self._made.setdefault(version.name, {})[version.version] = version
        self._touch(version.name)

    def _touch(self, name: str) -> None:
        self._mark += 1
        self._changed[name] = self._mark

    def _moment(self) -> str:
        return self._clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _merkle(leaves: tuple[Leaf, ...]) -> str:
    try:
        return merkle(leaves)
    except ValueError:
        return "none"
