#!/usr/bin/env python3
"""A signer program for tests: keeps Ed25519 keys in a folder of its own, by the contract of provider-keys(1).

Ed25519 after RFC 8032, in the standard library alone. What a test wants to go wrong is the second argument.
"""
import base64
import hashlib
import json
import os
import sys
import time

P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
I = pow(2, (P - 1) // 4, P)


def recover_x(y, sign):
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * I % P
    return P - x if x & 1 != sign else x


Y = 4 * pow(5, P - 2, P) % P
B = (recover_x(Y, 0), Y)


def add(a, b):
    (x1, y1), (x2, y2) = a, b
    k = D * x1 * x2 * y1 * y2 % P
    return (x1 * y2 + x2 * y1) * pow(1 + k, P - 2, P) % P, (y1 * y2 + x1 * x2) * pow(1 - k, P - 2, P) % P


def times(n, point):
    result = (0, 1)
    while n:
        if n & 1:
            result = add(result, point)
        point = add(point, point)
        n >>= 1
    return result


def pack(point):
    return int.to_bytes(point[1] | (point[0] & 1) << 255, 32, "little")


def expand(seed):
    h = hashlib.sha512(seed).digest()
    return int.from_bytes(h[:32], "little") & (1 << 254) - 8 | 1 << 254, h[32:]


def public_key(seed):
    return pack(times(expand(seed)[0], B))


def sign(seed, message):
    a, prefix = expand(seed)
    r = int.from_bytes(hashlib.sha512(prefix + message).digest(), "little") % L
    big_r = pack(times(r, B))
    k = int.from_bytes(hashlib.sha512(big_r + public_key(seed) + message).digest(), "little") % L
    return big_r + int.to_bytes((r + k * a) % L, 32, "little")


def answer(request, folder):
    def refuse(code, message):
        return {"error": code, "message": message}

    if request["version"] != 1 or request["type"] != "ed25519":
        return refuse("invalid", "this signer has Ed25519 keys only")
    path = os.path.join(folder, request["key"])
    operation = request["operation"]
    if operation == "generate":
        if os.path.exists(path):
            return refuse("exists", "there is such a key")
        with open(path, "wb") as file:
            file.write(os.urandom(32))
    if operation == "remove":
        if os.path.exists(path):
            os.remove(path)
            return {}
        return refuse("not_found", "no such key")
    if not os.path.exists(path):
        return refuse("not_found", "no such key")
    seed = open(path, "rb").read()
    if operation in ("generate", "public_key"):
        return {"public_key": base64.b64encode(public_key(seed)).decode()}
    if operation == "sign":
        return {"signature": base64.b64encode(sign(seed, base64.b64decode(request["message"]))).decode()}
    return refuse("invalid", "no such operation")


folder, wrong = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ""
request = json.load(sys.stdin)
with open(os.path.join(folder, "environment"), "w") as file:
    json.dump(sorted(os.environ), file)
if wrong == "sleep":
    if os.fork() == 0:  # a child of the child, which must not outlive it
        with open(os.path.join(folder, "child"), "w") as file:
            file.write(str(os.getpid()))
        sys.stdout.flush()
        time.sleep(600)
    time.sleep(600)
if wrong == "flood":
    while True:
        print("x" * 65536)
if wrong == "silent":
    sys.exit(0)
if wrong == "talk":
    print("good morning")
    sys.exit(0)
reply = answer(request, folder)
if wrong == "lie" and "signature" in reply:
    reply["signature"] = base64.b64encode(bytes(64)).decode()
print(json.dumps(reply))
if wrong == "fail":
    sys.exit(1)
