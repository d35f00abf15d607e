"""
Reads a secret from google-server.ts by Google's own clients, and prints what each got as JSON.
It is called by with-googles-clients.ts.
"""

import base64
import json
import sys

from google.api_core.exceptions import GoogleAPICallError
from google.auth import identity_pool
from google.auth.transport.requests import Request
from google.cloud import secretmanager
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build

address, token_file, provider, account, *names = sys.argv[1:]

login = identity_pool.Credentials(
    audience=f"//iam.googleapis.com/{provider}",
    subject_token_type="urn:ietf:params:oauth:token-type:jwt",
    token_url=f"{address}/v1/token",
    credential_source={"file": token_file},
    service_account_impersonation_url=(
        f"{address}/v1/projects/-/serviceAccounts/{account}:generateAccessToken"
    ),
    scopes=["https://www.googleapis.com/auth/cloud-platform"],
)
login.refresh(Request())
credentials = Credentials(login.token)
options = {"api_endpoint": address}
discovered = build("secretmanager", "v1", credentials=credentials, client_options=options)
client = secretmanager.SecretManagerServiceClient(
    credentials=credentials, transport="rest", client_options=options
)


def by_discovery(name):
    versions = discovered.projects().secrets().versions()
    if "/locations/" in name:
        versions = discovered.projects().locations().secrets().versions()
    answer = versions.access(name=name).execute()
    return {"name": answer["name"], "data": answer["payload"]["data"]}


def by_client(name):
    try:
        answer = client.access_secret_version(name=name)
    except GoogleAPICallError as error:
        return {"error": f"{error.code} {error.reason or error.__class__.__name__}"}
    data = base64.b64encode(answer.payload.data).decode()
    return {"name": answer.name, "data": data, "crc32c": answer.payload.data_crc32c}


found = {name: by_client(name) for name in names}
discoveries = {name: by_discovery(name) for name, got in found.items() if "error" not in got}
json.dump({"client": found, "discovery": discoveries}, sys.stdout)
