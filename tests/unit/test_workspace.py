"""What may be registered and under which names: targets, content, credentials, what stops a definition."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from envlens.core.features.registration import Deed, actions, lines, standing
from envlens.core.hashing.prediction import Kind
from envlens.core.hashing.tree import Leaf, Tree
from envlens.core.index import predictions
from envlens.core.index.snapshot import Snapshot
from envlens.core.model.document import FileKind, build
from envlens.core.model.facts import Facts, FileState
from envlens.core.model.registered import Registered, RegisteredVersion, next_version
from envlens.core.rules import RULES
from envlens.core.rules._rule import Drawn
from envlens.core.settings import Settings
from envlens.core.text.diagnostic import Diagnostic, Severity
from envlens.core.text.source import Source
from envlens.core.text.span import Span
from envlens.core.workspace import definition, gate
from envlens.core.workspace.content import Content
from envlens.core.workspace.credentials import Scanner, credential_in
from envlens.core.workspace.difference import compare, side
from envlens.core.workspace.offering import Offered, offer
from envlens.core.workspace.port import Forecast, Offer, Version
from envlens.core.workspace.target import Target, name_problem, parse, version_problem
from envlens.lsp import pages
from envlens.lsp.pages import Page, PageKind

FACTS = Facts(today=date(2026, 11, 22))
BASE = "mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20251130.v1"


# Names


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("churn", Target("churn")),
        ("churn:3", Target("churn", "3")),
        ("churn@latest", Target("churn", None, is_latest=True)),
        ("azureml:churn:3", Target("churn", "3")),
        ("azureml:churn@latest", Target("churn", None, is_latest=True)),
        ("azureml:churn", Target("churn")),
        ("sklearn-1.5:2026.11", Target("sklearn-1.5", "2026.11")),
    ],
)
def test_targets(text: str, meant: Target) -> None:
    assert parse(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "azureml:",
        ":3",
        "churn:",
        "churn:latest",
        "churn@newest",
        "churn:1@latest",
        "churn:1:2",
        "../churn",
        "a/b",
        "a\\b",
        ".hidden",
        "-x",
        "churn:../..",
        "churn:..",
        "churn:a b",
        "churn:1\n",
        "churn\n",
        "ch\0urn",
        "été",
        "a" * 256,
        f"churn:{'1' * 101}",
    ],
)
def test_what_names_nothing(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse(text)


def test_versions_that_are_numbers_decide_about_the_next() -> None:
    assert next_version([]) == "1"
    assert next_version(["1", "2", "9", "10"]) == "11"
    assert next_version(["2026-11", "x"]) == "1"
    assert next_version(["007"]) == "8"
    assert next_version(["9" * 30]) == "1", "no number that anybody counts on from"


# Content


def offered(text: str, conda: str | None = None, tree: Tree | None = None) -> Offered:
    """What is offered of an environment file with a conda file beside it."""
    document = build(Source("/p/environment.yml", text), FileKind.ENVIRONMENT, None)
    drawn = {}
    if conda is not None:
        held = build(Source("/p/conda.yml", conda), FileKind.CONDA, None)
        drawn["/p/conda.yml"] = Drawn(FileState.PRESENT, "/p/conda.yml", held)
    trees = {"/p/docker": tree} if tree is not None else {}
    snapshot = Snapshot(FACTS, Settings(), {document.path: document}, drawn, trees=trees)
    (found,) = predictions.predict(snapshot, document)
    return offer(snapshot, document, document.environments[0], found)


def content(text: str, conda: str | None = None, tree: Tree | None = None) -> Content:
    found = offered(text, conda, tree).offer
    assert found is not None
    return found.content


ENV = f"name: churn\nimage: {BASE}\nconda_file: conda.yml\n"
CONDA = "channels: [conda-forge]\ndependencies:\n  - python=3.12\n  - numpy=2.1.3\n"


@pytest.mark.parametrize(
    ("text", "conda"),
    [
        (ENV, f"# why\n{CONDA}"),
        (ENV, CONDA.replace("numpy=2.1.3", "'numpy=2.1.3'  # pinned")),
        (ENV, CONDA.replace("[conda-forge]", "\n  - conda-forge")),
        (ENV, "dependencies:\n- python=3.12\n- numpy=2.1.3\nchannels:\n- conda-forge\n"),
        (f"description: x\ntags: {{a: b}}\nversion: 7\n{ENV}", CONDA),
        (f"{ENV}os_type: Linux\n", CONDA),
    ],
    ids=["comment", "quotes", "style", "order of keys", "description, tags, version", "os_type"],
)
def test_what_the_service_does_not_see_is_the_same_content(text: str, conda: str) -> None:
    assert content(text, conda).digest == content(ENV, CONDA).digest


INFERENCE = (
    "inference_config:\n"
    "  liveness_route: {port: 5001, path: /}\n"
    "  readiness_route: {port: 5001, path: /}\n"
    "  scoring_route: {port: 5001, path: /score}\n"
)


@pytest.mark.parametrize(
    ("text", "conda"),
    [
        (ENV, CONDA.replace("2.1.3", "2.2.0")),
        (ENV, CONDA.replace("  - python=3.12\n  - numpy=2.1.3\n", "  - numpy=2.1.3\n  - python=3.12\n")),
        (ENV, f"name: another\n{CONDA}"),
        (f"{ENV}os_type: windows\n", CONDA),
        (f"{ENV}{INFERENCE}", CONDA),
        (ENV.replace("20251130.v1", "20260201.v1"), CONDA),
    ],
    ids=["version", "order", "conda name", "os_type", "inference", "image"],
)
def test_what_is_registered_is_content(text: str, conda: str) -> None:
    assert content(text, conda).digest != content(ENV, CONDA).digest


TREE = Tree((Leaf(b"Dockerfile", False, 12, b"\1" * 32),), "ab" * 32, size=12)
BUILD = "name: churn\nbuild:\n  path: docker\n"


def test_a_build_is_told_by_its_tree_and_dockerfile() -> None:
    assert content(BUILD, tree=TREE).digest == content(f"{BUILD}  dockerfile_path: ./Dockerfile\n", tree=TREE).digest
    assert content(BUILD, tree=TREE).digest != content(f"{BUILD}  dockerfile_path: other\n", tree=TREE).digest
    assert content(BUILD, tree=TREE).digest != content(BUILD, tree=TREE._replace(merkle="cd" * 32)).digest
    assert content(BUILD, tree=TREE).digest != content("name: churn\nbuild:\n  path: https://e.io/x\n").digest


LAUGHS = "  a0: &a0 [x, x]\n" + "".join(f"  a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10))
ROUTES_WITH_PASSWORD = (
    "inference_config:\n  liveness_route: {port: 1, path: 'https://me:Zx81-Qq77@e.io'}\n"
    "  readiness_route: {port: 1, path: /r}\n  scoring_route: {port: 1, path: /s}\n"
)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("name: churn\nconda_file: {dependencies: [python]}\n", "neither an image nor a build"),
        (f"name: AzureML-churn\nimage: {BASE}\n", "the prefix 'AzureML' is Microsoft's"),
        (f"name: MicrosoftX\nimage: {BASE}\n", "the prefix 'Microsoft' is Microsoft's"),
        (f"name: a b\nimage: {BASE}\n", "a name has letters"),
        (f"name: ..\nimage: {BASE}\n", "a name has letters"),
        (f"name: churn\nversion: a/b\nimage: {BASE}\n", "a version has letters"),
        (f"name: churn\nversion: latest\nimage: {BASE}\n", "is the label"),
        (f"name: CliV2AnonymousEnvironment\nimage: {BASE}\n", "that of anonymous environments"),
        (f"name: churn\nimage: {BASE}\nconda_file: missing.yml\n", "was not looked at"),
        (f"name: churn\nimage: {BASE}\n  bad: [", "cannot be read as YAML"),
        ("name: churn\nimage: https://me:s3cr3t-t0k3n@e.io/base\n", "credential"),
        (f"name: churn\nimage: {BASE}\ndescription: see https://me:Zx81-Qq77@e.io\n", "would be stored"),
        (f"name: churn\nimage: {BASE}\ntags: {{a: 'https://me:Zx81-Qq77@e.io'}}\n", "would be stored"),
        ("name: churn\nimage: me:Zx81-Qq77@reg.example.com/base:1\n", "would be stored"),
        (f"name: churn\nimage: {BASE}\n{ROUTES_WITH_PASSWORD}", "would be stored"),
        (f"name: churn\nimage: {BASE}\ntags: {{a: {{2020-01-01: x}}}}\n", "keys that are no text"),
        (f"name: churn\nimage: {BASE}\ntags: {{a: {{!!binary aGk=: x}}}}\n", "keys that are no text"),
        (f"name: churn\nimage: {BASE}\ntags: &t {{a: *t}}\n", "'tags' cannot be read"),
        (f"name: churn\nimage: {BASE}\ntags:\n{LAUGHS}", "a tag is too large"),
    ],
)
def test_what_is_not_offered(text: str, problem: str) -> None:
    found = offered(text)
    assert found.offer is None
    assert problem in str(found.problem)


def test_a_tag_may_be_more_than_a_text() -> None:
    found = offered(f"name: churn\nimage: {BASE}\ntags: {{a: [1, b, 2020-01-01], c: 1.50, d: yes}}\n").offer
    assert found is not None
    assert found.tags == {"a": '[1, "b", "2020-01-01"]', "c": "1.5", "d": "true"}


def test_an_image_by_digest_holds_no_credential() -> None:
    assert offered(f"name: churn\nimage: python:3.12@sha256:{'0' * 64}\n").offer is not None


def test_a_context_that_is_being_read_is_pending() -> None:
    assert offered(BUILD).is_pending
    assert offered(BUILD, tree=Tree(problem="no file would be uploaded")).problem == "no file would be uploaded"


# A version as files again


def version_of(found: Offered, number: str = "1") -> Version:
    assert found.offer is not None
    made = found.offer
    return Version(
        made.name, number, made.content, made.forecast, made.written, made.description, made.tags or {}, "ada"
    )


@pytest.mark.parametrize(
    ("text", "conda"),
    [
        (ENV, CONDA),
        (f"{ENV}{INFERENCE}description: |\n  two 🚗\n  lines\ntags: {{n: 1, 'on': yes}}\n", f"# why\n{CONDA}"),
        (f"name: churn\nimage: {BASE}\nconda_file:\n  dependencies: [python=3.12, 3.10, null]\n", None),
        (f"name: '1'\nversion: 010\nimage: '{BASE}'\n", None),
        (f"{ENV}os_type: windows\n", CONDA),
        ("name: churn\nbuild:\n  path: https://e.io/x\n  dockerfile_path: a/b\n", None),
    ],
    ids=["plain", "all of it", "inline", "numbers", "windows", "address"],
)
def test_a_version_as_files_is_the_same_again(text: str, conda: str | None) -> None:
    before = version_of(offered(text, conda))
    again = offered(definition.text(before), definition.conda_text(before))
    assert again.offer is not None, again.problem
    assert again.offer.content == before.content
    assert again.offer.forecast == before.forecast
    assert (again.offer.description, dict(again.offer.tags or {})) == (before.description, dict(before.tags))
    assert definition.predict(before, ()).fingerprint == before.forecast.fingerprint
    if conda is not None:
        assert definition.conda_text(before) == conda, "comments are kept"


def test_what_does_not_count_is_told_apart() -> None:
    before = side(version_of(offered(ENV, CONDA)), ())
    after = side(version_of(offered(f"{ENV}{INFERENCE}", f"name: x\n{CONDA}")), ())
    found = compare(before, after)
    assert found.image.is_same is True
    assert found.image.changes == ()
    assert [each.part for each in found.others] == ["conda-name", *["inference-config"] * 3]
    windows = compare(before, side(version_of(offered(f"{ENV}os_type: windows\n", CONDA.replace("2.1.3", "2.2"))), ()))
    assert windows.image.is_same is None
    assert [each.part for each in windows.changes] == ["conda-packages", "os-type"], "it is said all the same"


# Credentials


@pytest.mark.parametrize(
    "text",
    [
        "https://feed:hunter2-s3cr3t@pkgs.example.com/simple",
        "https:/feed:hunter2-s3cr3t@pkgs.example.com/simple",
        "HTTPS:///feed:hunter2-s3cr3t@pkgs.example.com",
        "https://4b1zx6c7v8b9n0m1q2w3e4r5@pkgs.example.com/simple",
        "https://e.blob.core.windows.net/c/f.whl?sv=2024&sig=f4T2aQ0pZ9xK1c",
        "https://conda.example.com/t/ab-1234567890/channel",
        "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYzE4AMPLEK1Y7",
        'ENV HF_TOKEN="hf_aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3z"',
        "AZURE_API_KEY: 9aF3kQ0zL7xW2mV5bN8cT1yR4uE6iO0p",
        "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUA\n",
        "-----BEGIN PRIVATE KEY-----\r\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\r\n",
        '{"private_key": "-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\\n"}',
        "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: A,0F\n\nMIIEvQIBADANBgkqhkiG9w0\n",
        "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQOYBGMIIEvQIBADANBgkqhkiG9w0BAQEF\n",
        "machine pkgs.example.com\n  login feed\n  password Zx81-Qq77\n",
        "GH_TOKEN=ghp_1b3D5f7H9j1L3n5P7r9T1v3X5z7B9d1F3h5J",
        "password = pypi-AgEIcHlwaS5vcmcCJGI0ZjM2ZTkyLTQ1ZjYtNDE3Zi1hYmNk",
        f"DefaultEndpointsProtocol=https;AccountName=a;AccountKey={'Zx81Qq77' * 10}Zx81Qw==;",
    ],
)
def test_credentials_are_found(text: str) -> None:
    assert credential_in(f"x = 1\nurl: {text}\n") is not None
    scanner = Scanner()
    for at in range(0, len(text) + 900, 7):  # it may lie across two pieces
        scanner.update(f"{' ' * 900}{text}"[at : at + 7].encode())
    assert scanner.found is not None


@pytest.mark.parametrize(
    "text",
    [
        "https://${FEED_USER}:${FEED_TOKEN}@pkgs.example.com/simple",
        "https://git@github.com/org/repo.git",
        "git+ssh://git@github.com/org/repo.git",
        "https://myorg@dev.azure.com/myorg/project/_git/repo",
        "https://user:password@example.com",
        "TOKENIZERS_PARALLELISM=false",
        "API_KEY=${API_KEY_FROM_THE_VAULT_1}",
        "HF_TOKEN=your-token-goes-here-0123456789",
        "ENV SECRET=/run/secrets/a1B2c3D4e5F6g7H8i9",
        "MAX_TOKEN: 1000000000000000000000000",
        "PASSWORD: ThisIsThePasswordOfTheVault2",
        "https://<token>@pkgs.example.com",
        "mail ada@example.com, see https://example.com",
        "https://example.com/@scope/package",
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN CERTIFICATE-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n",
        "ratio: 3:/4@5",
        "machine learning login page password reset",
        'RUN echo "machine github.com login ci password ${TOKEN}" > ~/.netrc',
        "machine github.com login ci password <token>",
        f"token: ghp_{'x' * 36}",
        "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;",
        "AccountKey=${ACCOUNT_KEY}",
    ],
)
def test_what_is_no_credential(text: str) -> None:
    assert credential_in(f"x = 1\n{text}\n") is None


def test_files_that_are_no_text_are_not_searched() -> None:
    scanner = Scanner()
    scanner.update(b"\x7fELF\0\0https://feed:hunter2-s3cr3t@pkgs.example.com")
    assert scanner.found is None
    assert scanner.is_done


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_utf_16_is_text(encoding: str) -> None:
    text = "[global]\nindex-url = https://feed:hunter2-s3cr3t@pkgs.example.com\n"
    data = (b"\xfe\xff" if encoding == "utf-16-be" else b"") + text.encode(encoding)
    scanner = Scanner()
    scanner.update(data[:33])  # in the middle of a character
    scanner.update(data[33:])
    assert scanner.found is not None


# What stops a definition


def test_the_rules_that_nobody_overrules_exist() -> None:
    assert RULES.keys() >= gate.REFUSED


def finding(rule: str, severity: Severity = Severity.ERROR, at: int = 0) -> Diagnostic:
    return Diagnostic(Span(at, at + 1), rule, severity, "m", (), ())


def test_verdicts() -> None:
    fails, refused = finding("conda-bad-spec"), finding("reserved-name-prefix")
    assert not gate.judge([], []).stops(allow_errors=False)
    assert not gate.judge([finding("pip-not-listed", Severity.WARNING)], []).stops(allow_errors=False)
    assert gate.judge([fails], [fails]).stops(allow_errors=False)
    assert not gate.judge([fails], [fails]).stops(allow_errors=True)
    assert gate.judge([], [refused]).stops(allow_errors=True), "a comment silenced it"
    found = gate.judge([refused, fails], [refused, fails])
    assert (found.refused, found.errors) == ((refused,), (fails,)), "each is counted once"
    rated = finding("conda-bad-spec", Severity.WARNING)
    assert not gate.judge([rated], [fails]).stops(allow_errors=False), "its author rated it"


# How a definition stands


def an_offer(version: str | None = None, image: str = "a") -> Offer:
    return Offer("churn", version, Content(image=image), Forecast(Kind.USER_MANAGED))


def registered(*versions: tuple[str, str], **more: Any) -> Registered:
    made = tuple(RegisteredVersion(number, Content(image=image).digest) for number, image in versions)
    return Registered("churn", made, **more)


@pytest.mark.parametrize(
    ("made", "known", "titles"),
    [
        (an_offer(), None, ["Register churn as 1"]),
        (an_offer("5"), None, ["Register churn as 5"]),
        (an_offer(), registered(("1", "a")), ["registered as 1, unchanged"]),
        (an_offer(), registered(("1", "a"), ("2", "b")), ["changed since 2", "Register churn as 3"]),
        (an_offer("1"), registered(("1", "a"), ("2", "b")), ["registered as 1, unchanged"]),
        (an_offer("1"), registered(("1", "b")), ["changed since 1"]),
        (an_offer("2"), registered(("1", "b")), ["changed since 1", "Register churn as 2"]),
        (an_offer("2"), registered(("1", "a")), ["registered as 1, unchanged", "Register churn as 2"]),
        (an_offer(), registered(("1", "a"), is_archived=True), ["'churn' is archived"]),
        (an_offer(), Registered("churn", (RegisteredVersion("4", "x", None, True),)), ["Register churn as 5"]),
    ],
)
def test_lines(made: Offer, known: Registered | None, titles: list[str]) -> None:
    stands = standing(made, known)
    assert stands is not None
    assert [each.title for each in lines(stands)] == titles


def test_menus() -> None:
    stands = standing(an_offer(), registered(("1", "b")))
    assert stands is not None
    assert [(each.deed, each.version) for each in actions(stands)] == [
        (Deed.REGISTER, "2"),
        (Deed.COMPARE, "1"),
        (Deed.OPEN, "1"),
        (Deed.HISTORY, None),
    ]
    assert standing(an_offer()._replace(is_anonymous=True), None) is None


# Addresses


@pytest.mark.parametrize(
    ("uri", "page"),
    [
        (pages.of_registered("churn", "2026.11"), Page(PageKind.REGISTERED, "churn", version="2026.11")),
        (pages.of_history("churn"), Page(PageKind.HISTORY, "churn")),
        (
            pages.address(PageKind.COMPARE, "/p q/env.yml", ("jobs", "a/b"), "3"),
            Page(PageKind.COMPARE, "p q/env.yml", ("jobs", "a/b"), "3"),
        ),
        (pages.address(PageKind.COMPARE, "/p/env.yml", ()), Page(PageKind.COMPARE, "p/env.yml")),
        (pages.address(PageKind.HASH, "/p/env.yml", ()), Page(PageKind.HASH, "p/env.yml")),
    ],
)
def test_addresses_lead_back(uri: str, page: Page) -> None:
    assert pages.parse(uri) == page


def test_names_are_safe_in_paths() -> None:
    for bad in ("..", ".", "a/b", "a\\b", "c:", "", "a\0"):
        assert name_problem(bad) is not None
        assert version_problem(bad) is not None
    assert name_problem(Path("x").name) is None
