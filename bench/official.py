"""The official Python signer: `contestant <tab> what <tab> operations a CPU second`, or with
`--check` the signature at the time all signers are asked for."""

import sys
from time import process_time

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.sdk_request import SdkRequest

HOST = "pangu.cn-southwest-2.myhuaweicloud.com"
PATH = (
    "/v1/0a1b2c3d4e5f60718293a4b5c6d7e8f9/deployments/5d1a8a3c-7f5e-4f0b-9e7c-3a2b1c0d9e8f"
    "/chat/completions"
)
KEY = BasicCredentials(
    "QTWAOYTTINDUT2QVKYUC",
    "an-invented-secret-key-of-40-characters!",
    "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
)
BUDGET = 0.3
BODIES = [("1 KB", 1 << 10), ("100 KB", 100 << 10)]


def body(size):
    start, end = '{"prompt":"', '"}'
    return start + "a" * (size - len(start) - len(end)) + end


def sign(text, headers):
    request = SdkRequest("POST", "https", HOST, PATH, None, [], headers, text)
    return KEY.sign_request(request)


def rate(text):
    for _ in range(20):
        sign(text, {"Content-Type": "application/json"})
    done = 0
    start = process_time()
    while (took := process_time() - start) < BUDGET:
        for _ in range(50):
            sign(text, {"Content-Type": "application/json"})
        done += 50
    return done / took


for what, size in BODIES:
    if "--check" in sys.argv:
        dated = {"Content-Type": "application/json", "X-Sdk-Date": "20250301T080000Z"}
        signed = sign(body(size), dated)
        print(what, signed.header_params["Authorization"].rsplit("=")[-1], sep="\t")
    else:
        print("official Python", what, round(rate(body(size))), sep="\t")
