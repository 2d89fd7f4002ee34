# SPDX-License-Identifier: GPL-2.0-or-later
"""Receive-side scaling as Microsoft defines it: which queue a flow must arrive on.

The runner computes this by itself, from nothing but what the guest shows (the key its driver gives to
the card, and the table the card works by), to hold a card's choice of queues against it.
"""

import ipaddress
import re

KEY = 40        # bytes of the key, which serve an input of up to 36


def toeplitz(key, data):
    """The hash: the 32 bits of the key that begin where a bit of the input is 1, all XORed.

    The window of input bit i are bits i to i + 31 of the key, bit 0 being the first byte's highest.
    """
    bits, window, value = int.from_bytes(key, 'big'), 8 * len(key) - 32, 0
    for i in range(8 * len(data)):
        if data[i // 8] & 0x80 >> i % 8:
            value ^= bits >> window - i
    return value & 0xffffffff


def hash_of(key, source, destination, ports=None):
    """The hash of a frame between two addresses (text); ports: (source, destination), if they are hashed."""
    data = ipaddress.ip_address(source).packed + ipaddress.ip_address(destination).packed
    return toeplitz(key, data + b''.join(p.to_bytes(2, 'big') for p in ports or ()))


def linux_key(vm):
    """What drivers that call netdev_rss_key_fill() give to their cards: the first bytes of a key made at boot."""
    key = bytes.fromhex(vm.sh('cat /proc/sys/net/core/netdev_rss_key').strip().replace(':', ''))
    return key[:KEY]


def table_of(nic, vm):
    """The indirection table by ethtool -x: a queue for each remainder of the hash."""
    table = []
    for start, row in re.findall(r'^\s*(\d+):((?:\s+\d+)+)\s*$', nic.ethtool(vm, '-x eth0'), re.M):
        if int(start) != len(table):
            raise ValueError(f'row {start} follows {len(table)} entries')
        table += map(int, row.split())
    return table
