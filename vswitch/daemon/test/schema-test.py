#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""schema-test.py SCHEMA SOURCES JUDGE...: do the JSON Schema of the daemon's file and vswitchd --check
say the same of documents (vswitch/test/json_schema.py)? What is in it of a switch, the switch's own test
asks.
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "../../test"))

import json_schema  # noqa: E402


def one_switch(**more):
    return {"switches": {"sw0": more}}


def port(**connect):
    return one_switch(ports={"p": {"connect": connect}})


# What can be said of the file itself; of a listener and of a port on a socket; of a port on no socket
EVERYTHING = [
    {"$schema": "vswitchd.schema.json", "save": True, "metrics": "m.sock", **one_switch(
        portgroups={"vms": {"vlan": 5, "token": "secret", "listen": [
            {"transport": "stream", "address": "a.sock", "mode": "0660", "owner": "root:root", "ports": "vm%",
             "max": 10}]}},
        ports={"up": {"portgroup": "vms", "connect": {"transport": "stream", "address": "b.sock", "uplink": True,
                                                       "mac": "02:00:00:00:00:01", "retry-ms": 100}}})},
    port(transport="dgram", local="/tmp/l.sock", remote="/tmp/r.sock", mode="0600", owner="root"),
]

OTHERS = [None, True, False, -1, 0, 1, 10, 4096, 4097, 3600001, 1.5, "", "x", "stream", "dgram", "0660", "0999", "a/b",
          "127.0.0.1:5", "02:00:00:00:00:02", "03:00:00:00:00:02", "a" * 108, [], {}, ["x"], [{}], {"x": 1}]

DIFFERENCES = [
    ("a number with a point or an exponent is no whole number", r"must be a number",
     {**one_switch(), "switches": {"s": {"mtu": 1500.0}}}),
    ("an address of a socket: what it must look like", r"must be a path|address", port(transport="stream", address="x:y")),
    ("a mode is octal", r"must be a mode", one_switch(portgroups={"g": {"listen": [
        {"transport": "stream", "address": "a.sock", "ports": "p", "mode": "0999"}]}})),
    ("an owner must exist", r"no such (user|group)", one_switch(portgroups={"g": {"listen": [
        {"transport": "stream", "address": "a.sock", "ports": "p", "owner": "nobody-of-this-name"}]}})),
    ("a MAC address is a station's", r"must be a station's address", port(transport="stream", address="a.sock", mac="x")),
    ("a port's id has one % at most", r"one % in it", one_switch(portgroups={"g": {"listen": [
        {"transport": "stream", "address": "a.sock", "ports": "%%"}]}})),
    ("names must lead somewhere", r"no port group", one_switch(ports={"p": {"portgroup": "x"}})),
]

if __name__ == "__main__":
    sys.exit(json_schema.run(EVERYTHING, OTHERS, DIFFERENCES, lambda v: "switches" in v))
