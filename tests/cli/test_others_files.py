"""A repository of somebody else's: nothing is said of it, until a file is named."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

# Each is wrong by our rules, were it ours.
DOCKERFILES = {
    f"{folder}/{name}": f"{source}\n{rest}"
    for folder, name, source, rest in [
        ("web", "Dockerfile", "FROM node", "COPY package.json .\nRUN npm install\n"),
        ("api", "Dockerfile", "FROM python:latest", "RUN pip install flask\n"),
        ("api", "Dockerfile.dev", "FROM python", "RUN pip install flask>=2\n"),
        ("db", "Dockerfile", "FROM postgres", "ADD nothing.sql /\n"),
        ("cache", "Dockerfile", "FROM redis", "COPY ../outside /\n"),
        ("proxy", "proxy.Dockerfile", "FROM nginx:latest", "COPY conf /etc/nginx # the settings\n"),
        ("worker", "Dockerfile", "FROM golang AS build", "RUN go build\nFROM alpine\nCOPY --from=build /a /a\n"),
        ("jobs", "Containerfile", "FROM fedora", "RUN dnf install -y git\n"),
        ("ml", "Dockerfile", "FROM mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04", "RUN pip install torch\n"),
        ("ml", "gpu.dockerfile", "FROM nvidia/cuda", "RUN conda install pytorch\n"),
        ("old", "Dockerfile", "MAINTAINER me", "FROM ubuntu\nRUN apt-get install git\n"),
        ("broken", "Dockerfile", "FRM ubuntu", "RUN x\n"),
        ("empty", "Dockerfile", "", ""),
        ("java", "Dockerfile", "FROM maven", "RUN mvn package\n"),
        ("rust", "Dockerfile", "FROM rust", "RUN cargo build\n"),
        ("php", "Dockerfile", "FROM php", "RUN composer install\n"),
        ("ruby", "Dockerfile", "FROM ruby", "RUN bundle install\n"),
        ("docs", "Dockerfile", "FROM squidfunk/mkdocs-material", "RUN pip install mkdocs\n"),
        ("ci", "Dockerfile", "FROM docker", "RUN pip install tox\n"),
        ("tools", "Dockerfile", "FROM python:3.7", "RUN pip install --extra-index-url http://x.example/simple y\n"),
    ]
}
REQUIREMENTS = {
    f"{folder}/{name}": text
    for folder, name, text in [
        (folder, name, text)
        for folder in ("web", "api", "db", "cache", "ml")
        for name, text in [
            ("requirements.txt", "flask\nnumpy=1.26\n-r missing.txt\n"),
            ("requirements-dev.txt", "pytest\n--extra-index-url http://user:secret@x.example/simple\n"),
            ("constraints.txt", "numpy<2,\n"),
            ("test-requirements.txt", "- idna==3.7\n"),
        ]
    ]
}
YAML = {
    "docker-compose.yml": "services:\n  web:\n    image: nginx\n    build: {context: ./nowhere, dockerfile: Missing}\n",
    "k8s/deploy.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: AzureML-x}\nspec: {image: nginx}\n",
    ".github/workflows/ci.yml": "name: Microsoft\non: push\njobs:\n  a: {runs-on: ubuntu-latest, environment: prod}\n",
    "azure-pipelines.yml": "jobs:\n- job: a\n  environment: my-env\n  steps: []\n",
    ".gitlab-ci.yml": "image: python\nbuild:\n  script: [pip install x]\n  environment: production\n",
    ".pre-commit-config.yaml": "repos: []\n",
    "mkdocs.yml": "site_name: AzureML-docs\nplugins: [search]\n",
    "openapi.yaml": "openapi: 3.0.0\ninfo: {title: x, version: 1.10}\npaths: {}\n",
    "chart/Chart.yaml": "name: Microsoft-chart\nversion: 1.10\ndependencies:\n- name: x\n  version: 1\n",
    "chart/values.yaml": "image:\n  repository: nginx\n  tag: latest\n",
    "ansible/play.yml": "- hosts: all\n  tasks: []\n",
    "pubspec.yaml": "name: x\nenvironment:\n  sdk: '>=2'\ndependencies:\n  flutter: any\n",
    "cloudbuild.yaml": "steps:\n- name: gcr.io/cloud-builders/docker\n",
    "prometheus.yml": "global: {scrape_interval: 1s}\n",
    "dependabot.yml": "version: 2\nupdates: []\n",
    "codecov.yml": "coverage: {status: off}\n",
    "meta.yaml": "package: {name: x, version: '1'}\nbuild: {number: 0}\nrequirements: {run: [python]}\n",
    "conda_build_config.yaml": "python:\n  - 3.7\n",
    "settings.yml": "name: x\ncommand: run\nenvironment:\n  PATH: /bin\n",
    "locale/en.yml": "en:\n  name: Name\n  image: Image\n  build: Build\n",
}


def lint(folder: Path, *paths: str) -> tuple[int, dict[str, object], str]:
    command = [sys.executable, "-m", "envlens", "lint", "--format", "json", "--as-of", "2026-11-21", *paths]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout), done.stderr


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("others")
    for path, text in (DOCKERFILES | REQUIREMENTS | YAML).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def test_there_are_twenty_of_each() -> None:
    assert len(DOCKERFILES) == len(REQUIREMENTS) == len(YAML) == 20


def test_nothing_is_said(repository: Path) -> None:
    code, report, errors = lint(repository, ".")
    assert (code, report["findings"], report["files_checked"], errors) == (0, [], 0, "")


def test_what_is_named_is_judged(repository: Path) -> None:
    named = sorted(DOCKERFILES | REQUIREMENTS)
    _, report, _ = lint(repository, *named)
    assert report["files_checked"] == len(named)
    findings = report["findings"]
    assert isinstance(findings, list)
    assert len({each["path"] for each in findings}) > 30


def test_yaml_that_is_named_stays_somebody_elses(repository: Path) -> None:
    code, report, errors = lint(repository, *sorted(YAML))
    assert (code, report["findings"]) == (0, [])
    assert errors.count("skipped") == len(YAML)
