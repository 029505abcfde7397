"""Verifies bundles with sigstore-python: reads cases as JSON Lines, answers each with a line of JSON.

Needs the package sigstore. Every case is verified offline, against the trusted root that it names and no other.
"""

import hashlib
import json
import sys

from sigstore.dsse import Statement
from sigstore.hashes import Hashed
from sigstore.models import Bundle, TrustedRoot
from sigstore.verify import Verifier, policy
from sigstore_models.common.v1 import HashAlgorithm


def verify(case):
    with open(case["root"], encoding="utf-8") as file:
        trusted_root = TrustedRoot.from_file(case["root"])
    verifier = Verifier(trusted_root=trusted_root)
    with open(case["bundle"], "rb") as file:
        bundle = Bundle.from_json(file.read())
    with open(case["artifact"], "rb") as file:
        artifact = file.read()
    expected = policy.Identity(identity=case["identity"], issuer=case["issuer"])
    if not case["statement"]:
        verifier.verify_artifact(artifact, bundle, expected)
        return
    kind, payload = verifier.verify_dsse(bundle, expected)
    if kind != "application/vnd.in-toto+json":
        raise ValueError(f"an envelope of {kind}")
    digest = Hashed(algorithm=HashAlgorithm.SHA2_256, digest=hashlib.sha256(artifact).digest())
    if not Statement(payload)._matches_digest(digest):
        raise ValueError("no subject has the digest")


for line in sys.stdin:
    case = json.loads(line)
    try:
        verify(case)
        answer = None
    except Exception as error:  # whatever it is, the bundle was not verified
        answer = f"{type(error).__name__}: {error}"
    print(json.dumps({"name": case["name"], "refused": answer}), flush=True)
