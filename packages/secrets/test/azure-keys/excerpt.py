"""
Prints the part of Azure's description of Key Vault's keys that sops-azure.test.itg.ts is checked against. It is in the package
azure-keyvault-keys, whose models and paths Azure generates from its description: python3 excerpt.py > descriptions.json
"""

import importlib.metadata
import json
import sys
from typing import get_args
from urllib.parse import unquote, urlsplit

from azure.keyvault.keys._generated._operations import _operations as operations
from azure.keyvault.keys._generated.models import KeyOperationResult, KeyOperationsParameters


def fields(model):
    model({})
    return {field._rest_name: type_of(model.__annotations__[name]) for name, field in model._attr_to_rest_field.items()}


def type_of(annotation):
    """Bytes are texts in base64url, and the names of algorithms are texts too."""
    types = {one for one in (get_args(annotation) or [annotation]) if isinstance(one, type)} - {type(None)}
    if types and types <= {str, bytes}:
        return "string"
    raise TypeError(annotation)


def method(action):
    build = getattr(operations, f"build_key_vault_{action}_request")
    request = build("{keyName}", "{keyVersion}")
    return {
        "revision": f"azure-keyvault-keys {importlib.metadata.version('azure-keyvault-keys')}",
        "id": action,
        "httpMethod": request.method,
        "flatPath": unquote(urlsplit(request.url).path)[1:],
        "request": "KeyOperationsParameters",
        "response": "KeyOperationResult",
        "schemas": {model.__name__: fields(model) for model in (KeyOperationsParameters, KeyOperationResult)},
    }


json.dump([method("encrypt"), method("decrypt")], sys.stdout, indent=2)
print()
