#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""schema-test.py SCHEMA SOURCES JUDGE: do the JSON Schema of a switch's document and the switch say the
same of documents (json_schema.py)? Documents are those of the tests, of the fuzz targets and of the
documentation, and EVERYTHING with each of its values exchanged for OTHERS.
"""
import sys

import json_schema

# A document in which every key of a switch's document has a value
EVERYTHING = {
    "$schema": "switch.schema.json", "mtu": 9000, "ageing": 120, "address-table": 1024, "vepa": False, "multicast": "snooping",
    "querier": {"enabled": True, "interval": 60, "vlan": 10, "address": "10.0.0.1", "address6": "fe80::1",
                "igmp": 3, "mld": 2},
    "beacon-interval": 500,
    "private-vlans": [{"primary": 100, "secondary": 101, "type": "isolated"}],
    "classes": [{"name": "vm", "shares": 25, "limit": "1G", "reservation": 1000000}],
    "mirrors": [{"name": "m", "type": "erspan2", "sources": {"p0": "both"}, "to": "up", "vlan": 5,
                 "strip-vlan": True, "sampling": 10, "truncate": 128, "session": 3, "source-ip": "10.0.0.1",
                 "destination-ip": "10.0.0.2", "source-mac": "02:00:00:00:00:01",
                 "destination-mac": "02:00:00:00:00:02"}],
    "defaults": {
        "blocked": False, "vlan": {"mode": "trunk", "id": 7, "trunk": "10-20,30", "tpid": "0x88a8",
                                   "accept": "tagged", "ingress-filter": True},
        "security": {"promiscuous": False, "mac-changes": False, "forged-transmits": False,
                     "multicast-router": "static"},
        "mac": {"learning": True, "flooding": True, "limit": 100, "limit-drop": True,
                "addresses": ["02:00:00:00:00:01"], "reserved": [0, 14], "bpdu": "guard", "bpdu-recovery": 60},
        "queue": {"frames": 100, "bytes": 100000, "target-us": 5000, "interval-us": 100000, "ecn": True},
        "shaping": {"in": {"average": 1000000, "peak": "2.5G", "burst": 100000},
                    "out": {"average": 0, "peak": 0, "burst": 0}},
        "storm": {"broadcast": 100, "multicast": "1k", "unknown": 0},
        "teaming": {"policy": "explicit", "active": ["u0"], "standby": ["u1"], "failback": True,
                    "notify": True, "beacon": True},
        "class": "vm", "reflective-relay": False,
        "rules": [{"name": "r", "direction": "both", "match": {
            "source-mac": "02:00:00:00:00:01/ff:ff:ff:00:00:00", "destination-mac": "02:00:00:00:00:02",
            "ethertype": "ipv6", "vlan": "0x10", "source-ip": "10.0.0.0/8", "not-destination-ip": "10.1.2.3",
            "protocol": 6, "source-port": "1-1023", "not-destination-port": 80, "tcp-flags": "S!A",
            "fragment": "no"}, "action": "limit", "limit": 10, "cos": 3, "dscp": "0x2e", "mirror": "m",
            "log": True}]},
    "portgroups": {"blue": {"vlan": 10, "override": ["shaping", "rules"]}},
    "ports": {"p0": {"portgroup": "blue", "shaping": {"in": {"average": 1000000, "peak": 2000000, "burst": 2000}}}},
}

# What each value is exchanged for; the readers of values, and the bounds of ranges, have their own
OTHERS = [
    None, True, False, -1, 0, 1, 2, 3, 4, 15, 16, 64, 4094, 4095, 4096, 65535, 65536, 1000000000000,
    1000000000001, 1.5, "", "x", "0", "007", "7", "8", "63", "0x3F", "0x40", "0x", "0x00007", " 7", "7 ", "4094",
    "4095", "65535", "65536", "1-2", "2-", "1,2", "1-10,4094", "0-5", "1,,2", ",", "a" * 63, "a" * 64,
    "port", "access", "flood", "both", "drop", "mark", "erspan3", "first", "tcp", "arp", "0x8100", "0X88A8",
    "33024", "0x8101", "1.5M", "1.", ".5", "100K", "1k", "1G", "2000G", "02:00:00:00:00:0a", "2:0:0:0:0:a",
    "01:00:00:00:00:01", "02:00:00:00:00", "02-00-00-00-00-01", "02:00:00:00:00:0g", "10.0.0.1", "223.255.255.255",
    "224.0.0.1", "10.0.0", "010.0.0.1", "10.0.0.256", "10.0.0.1/8", "10.0.0.1/33", "10.0.0.1/", "fe80::1",
    "fe80::1%eth0", "FE80::a:b", "::", "0::0", "::1", "2001:db8::1", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::",
    "1:2:3:4:5:6:7:8::", "1::2::3", "::1.2.3.4", "1:2:3:4:5:6:1.2.3.4", "12345::", "2001:db8::/32", "::/129",
    "SS", "S!S", "FSRPAUEC", "!F", "!", "s", [], {}, [0], [15], [16], ["x"], ["0"], [1.5], [None], {"x": 1},
    {"x": "both"}, [{}], ["02:00:00:00:00:01"], ["01:00:00:00:00:01"], ["a" * 64], [{"name": "x"}],
    {"mode": "access"}, ["vlan", "queue"], {"x": {}},
]

# What a schema cannot say: name, what the judge says of it, and a document that shows it
DIFFERENCES = [
    ("a number with a point or an exponent is no whole number", r"must be a(n? |n? .* )?(number|rate|port)",
     {"mtu": 1500.0}),
    ("names must lead somewhere: a class", r"no such class", {"defaults": {"class": "x"}}),
    ("names must lead somewhere: a port group", r"no port group", {"ports": {"p": {"portgroup": "x"}}}),
    ("a group's override says what its ports may have", r"does not let its ports override",
     {"portgroups": {"g": {"override": []}}, "ports": {"p": {"portgroup": "g", "vlan": 5}}}),
    ("a range ends behind its beginning: VLANs", r'must be a list such as "1-10,20"',
     {"defaults": {"vlan": {"mode": "trunk", "trunk": "20-10"}}}),
    ("a range ends behind its beginning: ports", r"must be a port number, or",
     {"defaults": {"rules": [{"match": {"source-port": "20-10"}}]}}),
    ("a rate in words is in its range, and whole", r"must be a rate such as", {"defaults": {"storm": {"broadcast": "9G"}}}),
    ("the address of a port of a private VLAN is in its table", r"private.VLAN",
     {"defaults": {"vlan": {"mode": "private", "id": 9}}}),
    ("secondary VLANs are told once, and are no primary ones", r"given twice|both primary and secondary",
     {"private-vlans": [{"primary": 1, "secondary": 2}, {"primary": 1, "secondary": 2}]}),
    ("CoDel's interval is not less than its target", r"interval.* less than target|interval is shorter",
     {"defaults": {"queue": {"target-us": 9000, "interval-us": 1000}}}),
    ("shaping's values fit to each other", r"shaping", {"defaults": {"shaping": {"in": {"average": 2000, "peak": 1000,
                                                                                 "burst": 2000}}}}),
    ("an uplink is active or standby, and standby ones have active ones", r"team|uplink",
     {"defaults": {"teaming": {"standby": ["u"]}}}),
    ("a name's length is that of its bytes", r"must be a string of less than|must be a name|name too long",
     {"classes": [{"name": "ä" * 40}]}),
]


def is_document(v):
    return not {"execute", "return", "error", "event", "QMP", "switches"} & set(v)


if __name__ == "__main__":
    sys.exit(json_schema.run([EVERYTHING], OTHERS, DIFFERENCES, is_document))
