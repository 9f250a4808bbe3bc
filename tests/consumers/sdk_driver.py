"""Run by the Python that has azure-ai-ml: loads files with it and sends them to a workspace on loopback.

Reads `{"key": …, "certificate": …, "folders": [[FOLDER, FILE, STORE], …]}` from stdin. STORE is where the workspace
keeps what is uploaded. Writes `ANSWERS ` and a list: what refused a file (`load` or `send`) and how, or null.
The workspace says yes to all that is well-formed; it holds the environment `churn` in version 3 and no other, and an
online endpoint of that name.
"""

import json
import logging
import re
import ssl
import sys
import threading
import time
import warnings
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

logging.disable(logging.CRITICAL)
warnings.simplefilter("ignore")

from azure.ai.ml import (  # noqa: E402
    MLClient,
    load_batch_deployment,
    load_component,
    load_environment,
    load_job,
    load_online_deployment,
)
from azure.ai.ml.entities import OnlineDeployment  # noqa: E402
from azure.core.credentials import AccessToken  # noqa: E402

WORKSPACE = "/subscriptions/s/resourceGroups/r/providers/Microsoft.MachineLearningServices/workspaces/w"
HELD = {("environments", "churn"): "3"}
# What the service puts into a deployment that does not say it.
DEFAULTS = {
    "provisioningState": "Succeeded",
    "containerResourceRequirements": {},
    "scaleSettings": {"scaleType": "Default"},
}
# By the `$schema` that a file names.
LOADERS = {
    "environment": load_environment,
    "commandJob": load_job,
    "pipelineJob": load_job,
    "sweepJob": load_job,
    "sparkJob": load_job,
    "commandComponent": load_component,
    "pipelineComponent": load_component,
    "managedOnlineDeployment": load_online_deployment,
    "kubernetesOnlineDeployment": load_online_deployment,
    "batchDeployment": load_batch_deployment,
}


class Workspace(BaseHTTPRequestHandler):
    """The service, as far as the client has to talk to it."""

    protocol_version = "HTTP/1.1"
    port = 0
    store = Path()
    deployed = {}  # noqa: RUF012 - shared by all requests

    def log_message(self, *_):
        pass

    def answer(self, code, value=None, headers=()):
        body = b"" if value is None else json.dumps(value).encode()
        self.send_response(code)
        for name, text in [("Content-Type", "application/json"), ("Content-Length", str(len(body))), *headers]:
            self.send_header(name, text)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def do_HEAD(self):
        self.answer(404, None, [("x-ms-error-code", "BlobNotFound")])

    def do_GET(self):
        path = unquote(urlsplit(self.path).path)
        if path == WORKSPACE:
            return self.answer(200, {"id": WORKSPACE, "name": "w", "location": "here", "properties": {}})
        if path.endswith("/datastores/workspaceblobstore"):
            properties = {
                "datastoreType": "AzureBlob",
                "accountName": f"127.0.0.1:{self.port}/account",
                "containerName": "container",
                "endpoint": "core.windows.net",
                "protocol": "https",
                "credentials": {"credentialsType": "Sas"},
                "isDefault": True,
            }
            return self.answer(200, {"id": path, "name": "workspaceblobstore", "properties": properties})
        if path == f"{WORKSPACE}/onlineEndpoints/churn":
            return self.answer(200, {"id": path, "location": "here", "properties": {"authMode": "Key"}})
        if path in self.deployed:
            return self.answer(200, self.deployed[path])
        kind, name, rest = self.parts(path)
        version = HELD.get((kind, name))
        if version is None:
            missing = {"code": "NotFound", "message": f"no {kind}/{name} in this workspace"}
            return self.answer(404, {"error": missing})
        if not rest:
            properties = {"latestVersion": version, "nextVersion": "4", "isArchived": False}
            return self.answer(200, {"id": path, "name": name, "properties": properties})
        held = {"id": f"{WORKSPACE}/{kind}/{name}/versions/{version}", "name": version}
        held |= {"properties": {"image": "example.io/base:1", "isAnonymous": False}, "systemData": {}}
        return self.answer(200, {"value": [held]} if rest == "versions" else held)

    def do_POST(self):
        self.body()
        self.answer(200, {"secretsType": "Sas", "sasToken": "sv=1&sig=none"})

    def do_PUT(self):
        body = self.body()
        address = urlsplit(self.path)
        path = unquote(address.path)
        # The hash of the content, then the folder's name and what lies in it.
        blob = re.search(r"/LocalUpload/\w+/(.+)", path)
        if blob:
            if "comp=metadata" not in address.query:
                target = self.store / blob[1]
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(body)
            etag = [("ETag", '"1"'), ("Last-Modified", "Sun, 22 Nov 2026 00:00:00 GMT")]
            return self.answer(200 if "comp=metadata" in address.query else 201, None, etag)
        value = json.loads(body)
        _, name, rest = self.parts(path)
        value |= {"id": path, "name": rest.rpartition("/")[2] or name, "systemData": {}}
        if "/deployments/" in path:  # the client waits for it
            value["properties"] = {**DEFAULTS, **{k: v for k, v in value["properties"].items() if v is not None}}
            self.deployed[path] = value
        return self.answer(201, value)

    @staticmethod
    def parts(path):
        found = re.fullmatch(rf"{re.escape(WORKSPACE)}/([^/]+)/(.+?)(?:/(versions(?:/.*)?))?", path)
        return (found[1], found[2], found[3] or "") if found else ("", "", "")


class Credential:
    """A token that opens nothing."""

    def get_token(self, *_, **__):
        return AccessToken("none", int(time.time()) + 3600)


def refusal(client, folder, name):
    path = Path(folder) / name
    try:
        text = path.read_bytes().decode("utf-8", "replace")
        schema = re.search(r"^\$schema: .*/(\w+)(?:\.schema)?\.json", text, re.MULTILINE)
        loaded = LOADERS[schema[1] if schema else "environment"](source=path)
    except Exception as error:  # noqa: BLE001 - the client has many
        return ["load", told(error)]
    try:
        if isinstance(loaded, OnlineDeployment):
            client.begin_create_or_update(loaded).result()
        else:
            client.create_or_update(loaded)
    except Exception as error:  # noqa: BLE001 - the client has many
        return ["send", told(error)]
    return None


def told(error):
    return f"{type(error).__name__}: {error}"


def main():
    asked = json.load(sys.stdin)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Workspace)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(asked["certificate"], asked["key"])
    server.socket = context.wrap_socket(server.socket, server_side=True)
    Workspace.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"https://127.0.0.1:{server.server_port}"
    cloud = {
        "azure_portal": address,
        "resource_manager": address,
        "active_directory": address,
        "aml_resource_id": address,
        "storage_endpoint": "core.windows.net",
        "registry_discovery_endpoint": address,
    }
    client = MLClient(Credential(), "s", "r", "w", cloud="Loopback", cloud_metadata=cloud)
    answers = []
    for folder, name, store in asked["folders"]:
        Workspace.store = Path(store)
        answers.append(refusal(client, folder, name))
    print("ANSWERS", json.dumps(answers))


main()
