"""Envelopes sealed by libsodium (PyNaCl), after semantics.md: for `provider`'s tests, and to open what it sealed.

    sealing.py vectors                 prints fixtures/keys/envelopes.json
    sealing.py open ENVELOPE SECRET    opens an envelope with the secret (64 hexadecimal digits)
    sealing.py seal TEXT PUBLIC        seals a text for a public key (base64), with a new sender key
"""
import base64
import hashlib
import json
import sys

from nacl.public import Box, PrivateKey, PublicKey
from nacl.secret import SecretBox

ALGORITHM = "X25519-XSALSA20-POLY1305"


def b64(data):
    return base64.b64encode(bytes(data)).decode()


def fingerprint(public):
    return hashlib.sha256(bytes(public)).hexdigest()[:40]


def finish(envelope):
    un = base64.b64decode
    inner = hashlib.sha256(
        envelope["version"].to_bytes(4, "big") + envelope["algorithm_id"].encode()
        + envelope["algorithm_version"].to_bytes(4, "big") + un(envelope["ciphertext"]) + un(envelope["nonce"])
        + "".join(envelope["recipient_key_ids"]).encode()).digest()
    envelope["sender_signature"] = b64(hashlib.sha256(inner + un(envelope["sender_pub_key"])).digest())
    return envelope


def seal(text, recipient, sender, nonce, version=None):
    public = PublicKey(bytes(recipient))
    sealed = Box(sender, public).encrypt(text, nonce)
    ident = fingerprint(recipient) + (f":v{version}" if version else "")
    return finish({"version": 1, "algorithm_id": ALGORITHM, "algorithm_version": 1, "recipient_key_ids": [ident],
                   "recipient_public_keys": [b64(recipient)], "nonce": b64(nonce), "ciphertext": b64(sealed.ciphertext),
                   "sender_pub_key": b64(sender.public_key)})


def seal_shared(text, recipients, sender, nonce, dek):
    """As the chain's client library does it, defect included: the key of the text is HSalsa20 of zeros, whatever the
    data key is. libsodium refuses the point of low order that leads there, so it is written out."""
    key = bytes.fromhex("351f86faa3b988468a850122b65b0acece9c4826806aeee63de9c0da2bd7f91e")
    ids = [fingerprint(r) for r in recipients]
    wrapped = [bytes(n) + Box(sender, PublicKey(bytes(r))).encrypt(dek, bytes(n)).ciphertext
               for n, r in zip(([7 + i] * 24 for i in range(9)), recipients)]
    return finish({"version": 1, "algorithm_id": ALGORITHM, "algorithm_version": 1, "recipient_key_ids": ids,
                   "recipient_public_keys": [b64(r) for r in recipients], "encrypted_keys": [b64(w) for w in wrapped],
                   "wrapped_keys": [{"recipient_id": i, "wrapped_key": b64(w)} for i, w in zip(ids, wrapped)],
                   "nonce": b64(nonce), "ciphertext": b64(SecretBox(key).encrypt(text, nonce).ciphertext),
                   "sender_pub_key": b64(sender.public_key), "metadata": {"_mode": "multi-recipient"}})


def vectors():
    ours, other = PrivateKey(bytes(range(32))), PrivateKey(bytes([9] * 32))
    sender = PrivateKey(bytes([5] * 32))
    cases = []
    for name, text, version in [("empty", b"", None), ("short", b"services: {}\n", 1), ("bytes", bytes(range(256)) * 9, 12)]:
        cases.append({"name": name, "text": text.hex(),
                      "envelope": seal(text, ours.public_key, sender, bytes([len(text) & 255] * 24), version)})
    cases.append({"name": "several recipients", "text": b"for both".hex(),
                  "envelope": seal_shared(b"for both", [bytes(other.public_key), bytes(ours.public_key)], sender,
                                          bytes([3] * 24), bytes([4] * 32))})
    print(json.dumps({"secret": bytes(ours).hex(), "public_key": b64(ours.public_key),
                      "fingerprint": fingerprint(bytes(ours.public_key)), "cases": cases}, indent=1))


if sys.argv[1] == "vectors":
    vectors()
elif sys.argv[1] == "open":
    envelope, secret = json.load(open(sys.argv[2])), PrivateKey(bytes.fromhex(sys.argv[3]))
    un = base64.b64decode
    assert finish(dict(envelope))["sender_signature"] == envelope["sender_signature"], "checksum"
    assert envelope["recipient_key_ids"][0].split(":v")[0] == fingerprint(secret.public_key), "recipient"
    text = Box(secret, PublicKey(un(envelope["sender_pub_key"]))).decrypt(un(envelope["ciphertext"]), un(envelope["nonce"]))
    sys.stdout.buffer.write(text)
elif sys.argv[1] == "seal":
    import os
    print(json.dumps(seal(open(sys.argv[2], "rb").read(), base64.b64decode(sys.argv[3]), PrivateKey.generate(), os.urandom(24))))
