"""The official Python signer as a filter: a request a line in, what it signed a line out."""

import base64
import json
import sys

from huaweicloudsdkcore.auth.credentials import BasicCredentials, GlobalCredentials
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer

canonical = None
build = Signer._process_canonical_request


def watch(self, request, signed_headers):
    global canonical
    canonical = build(self, request, signed_headers)
    return canonical


Signer._process_canonical_request = watch


def credentials(key, derived):
    kind = GlobalCredentials if key["global"] else BasicCredentials
    made = kind(key["ak"], key["sk"], key["scope"])
    if derived:
        made._process_derived_auth_params(derived["service"], derived["region"])
        made.with_derived_predicate(lambda request: True)
    return made.with_security_token(key["token"]) if key["token"] else made


def body(case):
    given = case["body"]
    if given["kind"] == "bytes":
        return base64.b64decode(given["value"])
    return given.get("value")


def sign(case):
    global canonical
    canonical = None
    request = SdkRequest(
        method=case["method"],
        schema="https",
        host=case["host"],
        resource_path=case["path"],
        query_params=[
            (name, values[0] if len(values) == 1 else values) for name, values in case["query"]
        ],
        header_params=dict(case["headers"]),
        body=body(case),
    )
    signed = credentials(case["key"], case["derived"]).sign_request(request)
    # The signer leaves UTF-8 values read as Latin-1, as its HTTP library wants them.
    headers = [
        [name, value.encode("iso-8859-1").decode() if canonical else value]
        for name, value in signed.header_params.items()
    ]
    query = signed.uri[len(signed.resource_path) :].removeprefix("?")
    return {"canonical": canonical, "headers": headers, "query": query}


for line in sys.stdin.buffer:
    try:
        answer = sign(json.loads(line))
    except Exception as error:  # Whatever it stumbles over is part of the finding.
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=False)
