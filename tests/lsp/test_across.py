"""What a file says of others follows them: made, renamed, edited and deleted, open or not."""

from pathlib import Path

from .wire import BASE, Message, Wire

SCHEMA = "$schema: https://azuremlschemas.azureedge.net/latest/environment.schema.json\n"
JOB = "$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json\ncommand: x\nenvironment: {}\n"
CONDA = "channels: [conda-forge]\ndependencies: [python=3.12, numpy]\n"


def definition(name: str, conda: str = "deps.yml") -> str:
    return f"{SCHEMA}name: {name}\nversion: '3'\nimage: {BASE}\nconda_file: {conda}\n"


def used_by(wire: Wire, uri: str) -> list[tuple[str, str]]:
    """Who uses a file, as its findings tell."""
    found = wire.diagnostics(uri)
    if not found:
        return []  # not yet known for ours
    places = {
        tuple(
            (each["location"]["uri"].rpartition("/")[2], each["message"]) for each in one.get("relatedInformation", [])
        )
        for one in found
    }
    assert len(places) == 1, "each finding says the same of the file's users"
    return list(places.pop())


def changed(wire: Wire, *paths: Path, kind: int = 2) -> None:
    changes: list[Message] = [{"uri": each.as_uri(), "type": kind} for each in paths]
    wire.notify("workspace/didChangeWatchedFiles", {"changes": changes})


def test_findings_name_who_uses_the_file(tmp_path: Path) -> None:
    (tmp_path / "deps.yml").write_text(CONDA)
    (tmp_path / "environment.yml").write_text(definition("churn"))
    (tmp_path / "job.yml").write_text(JOB.format("azureml:churn:3"))
    with Wire(tmp_path) as wire:
        uri = wire.open(tmp_path / "deps.yml")
        both = [("environment.yml", "used by environment 'churn'"), ("job.yml", "used by this command job")]
        wire.until(lambda: used_by(wire, uri) == both, "the folder was looked through")
        (finding, *_) = wire.diagnostics(uri)
        start = finding["relatedInformation"][0]["location"]["range"]["start"]
        assert start == {"line": 4, "character": len("conda_file: ")}

        (tmp_path / "more.yml").write_text(JOB.format("file:environment.yml"))
        changed(wire, tmp_path / "more.yml", kind=1)
        assert used_by(wire, uri) == [both[0], ("more.yml", "used by this command job"), both[1]]

        (tmp_path / "job.yml").unlink()
        changed(wire, tmp_path / "job.yml", kind=3)
        assert used_by(wire, uri) == [both[0], ("more.yml", "used by this command job")]

        other = wire.open(tmp_path / "environment.yml")
        wire.change(other, 2, definition("churn-rate"))
        assert used_by(wire, uri)[0] == ("environment.yml", "used by environment 'churn-rate'")
        wire.change(other, 3, definition("churn-rate", "elsewhere.yml"))
        assert [each.get("relatedInformation") for each in wire.diagnostics(uri)] == [None] * len(wire.diagnostics(uri))


def test_a_reference_follows_the_names_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "environment.yml").write_text(definition("training"))
    with Wire(tmp_path) as wire:
        uri = wire.open(tmp_path / "job.yml", JOB.format("azureml:traning:3"))
        wire.until(lambda: wire.rules(uri) == ["environment-not-found"], "the folder was looked through")
        (tmp_path / "traning.yml").write_text(definition("traning"))
        changed(wire, tmp_path / "traning.yml", kind=1)
        assert wire.rules(uri) == []
        (tmp_path / "traning.yml").unlink()
        changed(wire, tmp_path / "traning.yml", kind=3)
        assert wire.rules(uri) == ["environment-not-found"]
        other = wire.open(tmp_path / "environment.yml")
        wire.change(other, 2, definition("scoring"))
        assert wire.rules(uri) == []
        wire.change(other, 3, definition("training"))
        assert wire.rules(uri) == ["environment-not-found"]
        (tmp_path / "environment.yml").rename(tmp_path / "renamed.yml")
        wire.close(other)
        changed(wire, tmp_path / "environment.yml", kind=3)
        assert wire.rules(uri) == []
        changed(wire, tmp_path / "renamed.yml", kind=1)
        assert wire.rules(uri) == ["environment-not-found"]


def test_a_deployment_follows_what_its_environment_holds(tmp_path: Path) -> None:
    (tmp_path / "environment.yml").write_text(definition("serving"))
    (tmp_path / "deps.yml").write_text("channels: [conda-forge]\ndependencies: [python=3.12]\n")
    deployment = (
        "$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json\nname: a\n"
        "endpoint_name: a\ncode_configuration: {code: x, scoring_script: y}\nenvironment: azureml:serving:3\n"
    )
    with Wire(tmp_path) as wire:
        uri = wire.open(tmp_path / "deployment.yml", deployment)
        wire.until(lambda: wire.rules(uri) == ["inference-server-missing"], "the folder was looked through")
        conda = wire.open(tmp_path / "deps.yml")
        wire.change(conda, 2, "channels: [conda-forge]\ndependencies: [python=3.12, azureml-defaults=1.62]\n")
        assert wire.rules(uri) == []
        other = wire.open(tmp_path / "environment.yml")
        wire.change(other, 2, definition("serving").replace("deps.yml", "none.yml"))
        assert wire.rules(uri) == []
        wire.change(conda, 3, "channels: [conda-forge]\ndependencies: [python=3.12]\n")
        wire.change(other, 3, definition("serving"))
        assert wire.rules(uri) == ["inference-server-missing"]
