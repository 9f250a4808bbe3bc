"""Mistakes in what pip is to install: in conda files, in requirements files and in RUN."""

import re
from collections.abc import Iterator

from mutants import Entry, Good, Place, edited, followed, line_of, listed, mistake, pip_packages, swap

LISTS = "conda environment job requirements"
ALL = f"{LISTS} dockerfile"
CONDA = "conda environment job"
PIN = r"==(?=[\w.]+$)"


@mistake("unpinned-dependency", ALL)
def pip_package_without_version(good: Good) -> Iterator[Place]:
    yield from edited(good, pip_packages(good), r"==[\w.]+", "")


@mistake("not-exactly-pinned", LISTS)
def pip_package_with_a_range(good: Good) -> Iterator[Place]:
    yield from edited(good, pip_packages(good), "==", ">=")


@mistake("pip-invalid-operator", ALL)
def single_equals(good: Good) -> Iterator[Place]:
    yield from edited(good, pip_packages(good), "==", "=")


@mistake("pip-invalid-operator", LISTS)
def operator_the_wrong_way_round(good: Good) -> Iterator[Place]:
    yield from edited(good, pip_packages(good), "==", "=>")
    yield from edited(good, pip_packages(good), "==", "=<")
    yield from edited(good, pip_packages(good), "==", "<>")


@mistake("requirement-marker-invalid", LISTS)
def marker_without_quotes(good: Good) -> Iterator[Place]:
    yield from edited(good, pip_packages(good), r"\"([\d.]+)\"$", r"\1")
    yield from edited(good, pip_packages(good), r"(?<=; )python_version", "python")


@mistake("conflicting-pins", LISTS)
def another_version_below(good: Good) -> Iterator[Place]:
    plain = [each for each in pip_packages(good) if re.fullmatch(r"[\w-]+==[\w.]+", each.text)]
    yield from followed(good, plain, lambda text: text.partition("==")[0] + "==0.1.2")


@mistake("duplicate-requirement", LISTS)
def the_same_below(good: Good) -> Iterator[Place]:
    plain = [each for each in pip_packages(good) if re.fullmatch(r"[\w-]+==[\w.]+", each.text)]
    yield from followed(good, plain, lambda text: text)


@mistake("requirement-ignored", "requirements")
def dash_before_a_requirement(good: Good) -> Iterator[Place]:
    plain = [each for each in pip_packages(good) if re.fullmatch(r"[\w-]+==[\w.]+", each.text)]
    yield from edited(good, plain, "^", "- ")


@mistake("pip-unknown-option", "requirements")
def misspelt_option(good: Good) -> Iterator[Place]:
    yield from swap(good, "^--index-url", "--index-ulr")
    yield from swap(good, "^--prefer-binary", "--prefer-binaries")
    yield from swap(good, r"^[\w-]+==[\w.]+$", r"\g<0>\n--upgrade", down=1)


@mistake("extra-index-url", "requirements")
def second_index(good: Good) -> Iterator[Place]:
    yield from swap(good, "^--index-url", "--extra-index-url")


@mistake("extra-index-url", "dockerfile")
def second_index_in_run(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^(RUN .*\bpip3? install )", r"\1--extra-index-url https://pkgs.example.com/simple ")


@mistake("extra-index-url", CONDA)
def second_index_in_a_list(good: Good) -> Iterator[Place]:
    yield from followed(good, listed(good, "pip"), lambda _: "--extra-index-url https://pkgs.example.com/simple")


@mistake("insecure-index", "requirements")
def index_without_tls(good: Good) -> Iterator[Place]:
    yield from swap(good, "^--index-url https:", "--index-url http:")
    yield from swap(good, r"^[\w-]+==[\w.]+$", r"--trusted-host pkgs.example.com\n\g<0>")


@mistake("insecure-index", "dockerfile")
def trusted_host_in_run(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^(RUN .*\bpip3? install )", r"\1--index-url http://pkgs.example.com/simple ")


@mistake("credentials-in-index-url", "requirements dockerfile")
def password_in_an_address(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^(--index-url )https://", r"\1https://build:hunter2@")
    yield from swap(good, r"^(RUN .*\bpip3? install )", r"\1--index-url https://build:hunter2@pkgs.example.com/simple ")


@mistake("invalid-wheel-filename", LISTS)
def wheel_without_a_tag(good: Good) -> Iterator[Place]:
    yield from swap(good, r"-py3-none-any\.whl", "-py3-none.whl")
    yield from swap(good, r"churn-1\.4-py3", "churn-py3")


@mistake("requirements-include-missing", "requirements")
def misspelt_include(good: Good) -> Iterator[Place]:
    yield from swap(good, r"^-r (\S+)\.txt$", r"-r \1s.txt")


@mistake("requirements-include-missing", "requirements")
def deleted_include(good: Good) -> Iterator[Place]:
    for found in re.finditer(r"^-r (\S+)$", good.text, re.MULTILINE):
        name = "/".join([*good.name.split("/")[:-1], found[1]])
        yield Place(good.text, good.text.count("\n", 0, found.start()), {name: None})


@mistake("utf8-decode-error", "requirements")
def latin_1_without_a_coding_line(good: Good) -> Iterator[Place]:
    for at, line in enumerate(good.text.split("\n")):
        if re.fullmatch(r"[\w-]+==[\w.]+", line):
            lines = good.text.split("\n")
            lines[at] += "  # caf\u00e9"
            yield Place("\n".join(lines).encode("latin-1"), at)


# Packages that do not go with others


def first(entries: Iterator[Entry]) -> list[Entry]:
    """One of a list is enough for what hangs on the list as a whole."""
    return list(entries)[:1]


@mistake("missing-python-module", LISTS)
def module_that_python_has(good: Good) -> Iterator[Place]:
    yield from followed(good, pip_packages(good), lambda _: "json")
    yield from followed(good, first(pip_packages(good)), lambda _: "cv2")


@mistake("mpi4py-build", CONDA)
def mpi4py_without_mpi(good: Good) -> Iterator[Place]:
    ubuntu = good._replace(text=re.sub(r"(?m)^( *image: ).*$", r"\1ubuntu:22.04", good.text))
    if ubuntu.text != good.text and good.kind != "conda":
        yield from followed(ubuntu, first(listed(ubuntu, "pip")), lambda _: "mpi4py==4.0.3")


@mistake("horovod-build", CONDA)
def horovod_beside_its_framework(good: Good) -> Iterator[Place]:
    for place in edited(good, first(listed(good, "pip")), ".*", "torch==2.6.0"):
        torch = good._replace(text=str(place.text))
        yield from followed(torch, first(listed(torch, "pip")), lambda _: "horovod==0.28.1")


@mistake("pip-interactive-auth", LISTS)
def feed_without_a_login(good: Good) -> Iterator[Place]:
    feed = "--index-url https://pkgs.dev.azure.com/contoso/_packaging/ml/pypi/simple/"
    if "--index-url" not in good.text:
        yield from followed(good, first(pip_packages(good)), lambda _: feed)


@mistake("forbidden-blob", LISTS)
def signature_past_its_day(good: Good) -> Iterator[Place]:
    blob = "https://contoso.blob.core.windows.net/wheels/churn-1.4-py3-none-any.whl?se=2024-01-01T00%3A00%3A00Z&sig=x"
    yield from followed(good, first(pip_packages(good)), lambda _: blob)


@mistake("incompatible-python-version", CONDA)
def package_of_an_older_python(good: Good) -> Iterator[Place]:
    if "python=3.12" in good.text:
        yield from followed(good, first(listed(good, "pip")), lambda _: "tensorflow==2.8.0")


@mistake("inference-server-flask-conflict", LISTS)
def flask_2_with_an_old_server(good: Good) -> Iterator[Place]:
    if "inference-server" not in good.text:
        entries = first(pip_packages(good))
        for place in followed(good, entries, lambda _: "azureml-inference-server-http==0.6.1"):
            yield from followed(
                good._replace(text=str(place.text)),
                [each for each in pip_packages(good._replace(text=str(place.text))) if "inference" in each.text],
                lambda _: "flask==2.2.5",
            )


@mistake("inference-server-flask-pinned", LISTS)
def flask_beside_the_server(good: Good) -> Iterator[Place]:
    loose = good._replace(text=good.text.replace("server-http==", "server-http>="))
    entries = pip_packages(loose) if good.kind == "requirements" else listed(loose, "pip")
    servers = [each for each in entries if each.text.startswith("azureml-inference-server-http>=")]
    yield from followed(loose, servers, lambda _: "flask==2.2.5")
    yield from followed(loose, servers, lambda _: "markupsafe==2.0.1")


@mistake("inference-server-too-old", LISTS)
def old_server(good: Good) -> Iterator[Place]:
    servers = [each for each in pip_packages(good) if each.text.startswith("azureml-inference-server-http")]
    yield from edited(good, servers, "==.*", "==0.4.10")


@mistake("inference-server-missing", "job")
def deployment_without_server(good: Good) -> Iterator[Place]:
    for name, text in good.folder.items():
        if "azureml-inference-server-http" in text and "code_configuration" in good.text and "conda_file" in good.text:
            others = {name: text.replace("azureml-inference-server-http==1.4.0", "joblib==1.4.2")}
            yield Place(good.text, line_of(good.text, "^  conda_file:") or 0, others)


@mistake("batch-env-missing-packages", "job")
def batch_without_its_packages(good: Good) -> Iterator[Place]:
    for name, text in good.folder.items():
        if "azureml-dataset-runtime" in text and "conda_file" in good.text:
            others = {name: text.replace("azureml-dataset-runtime[fuse]==1.60.0", "joblib==1.4.2")}
            yield Place(good.text, line_of(good.text, "^  conda_file:") or 0, others)
