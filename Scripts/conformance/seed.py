"""Gives the shop under test something to talk about: orders that are placed, paid, sent and given back.

Usage: seed.py ADDRESS KEY
"""

import json
import sys
import urllib.request
import uuid

address, key = sys.argv[1:]


def call(method, path, body=None):
    request = urllib.request.Request(address + path, method=method, data=body and json.dumps(body).encode())
    request.add_header("Authorization", "Bearer " + key)
    if body is not None:
        request.add_header("Content-Type", "application/json")
        request.add_header("Idempotency-Key", str(uuid.uuid4()))
    with urllib.request.urlopen(request, timeout=30) as reply:
        return json.load(reply)


variants = [variant["variant_id"] for variant in call("GET", "/v1/inventory/stock?page_size=20")["stock"]]
for number in range(24):
    order = call("POST", "/v1/orders", {
        "lines": [{"variant_id": variants[number % len(variants)], "quantity": "2"}],
        "email": f"shopper{number}@example.com",
        "shipping_address": {"name": "Ada Example", "line1": "High Street 1", "city": "Berlin", "country": "DE"},
    })
    path = "/v1/orders/" + order["order_id"]
    if number % 4 > 0:
        call("POST", path + "/pay", {"channel": "sandbox", "instrument_token": "tok_ok"})
    if number % 4 > 1:
        call("POST", path + "/fulfilments", {"lines": [{"line": 1, "quantity": "1"}]})
    if number % 4 > 2:
        call("POST", path + "/refunds", {"amount": {"minor": "100", "currency": "EUR"}})
