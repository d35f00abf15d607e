"""
Prints the part of Google's discovery documents that google-server.ts and sops-google.test.itg.ts are checked against; descriptions are
left out.
The documents are those in the package google-api-python-client: python3 excerpt.py > descriptions.json
"""

import json
import os
import sys

import googleapiclient

FOLDER = os.path.join(os.path.dirname(googleapiclient.__file__), "discovery_cache", "documents")
METHODS = {
    "secretmanager.v1": [
        "secretmanager.projects.secrets.versions.access",
        "secretmanager.projects.locations.secrets.versions.access",
    ],
    "sts.v1": ["sts.token"],
    "cloudkms.v1": [
        "cloudkms.projects.locations.keyRings.cryptoKeys.encrypt",
        "cloudkms.projects.locations.keyRings.cryptoKeys.decrypt",
    ],
    "iamcredentials.v1": ["iamcredentials.projects.serviceAccounts.generateAccessToken"],
}


def methods(resource):
    yield from resource.get("methods", {}).values()
    for below in resource.get("resources", {}).values():
        yield from methods(below)


def types(schemas, name, found):
    if name in found:
        return
    properties = schemas[name]["properties"]
    found[name] = {key: value.get("$ref") or value["type"] for key, value in properties.items()}
    for value in properties.values():
        if "$ref" in value:
            types(schemas, value["$ref"], found)


excerpt = []
for document, wanted in METHODS.items():
    with open(os.path.join(FOLDER, f"{document}.json")) as file:
        content = json.load(file)
    for method in methods(content):
        if method["id"] not in wanted:
            continue
        schemas = {}
        ends = {side: method[side]["$ref"] for side in ("request", "response") if side in method}
        for name in ends.values():
            types(content["schemas"], name, schemas)
        about = {key: method[key] for key in ("id", "httpMethod", "flatPath")}
        excerpt.append({"revision": content["revision"], **about, **ends, "schemas": schemas})

json.dump(excerpt, sys.stdout, indent=2)
print()
