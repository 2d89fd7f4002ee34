# SPDX-License-Identifier: GPL-2.0-or-later
"""The world behind an uplink of libslirp: a lease, and a file from a server on the host's loopback."""

import base64
import hashlib
import random
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tap import expect

HOST = '10.0.2.2'       # what libslirp calls the host's loopback


class FileServer:
    """One file of random bytes over HTTP on a free port of 127.0.0.1. Use as a context manager.

    What is posted to it is compared with the file, and the answer is "same" or "differs"; returned has the
    paths to which the same was posted.
    """

    def __init__(self, size, text=False):
        """text: of letters and digits, since busybox's wget does not post bytes of 0."""
        self.data = random.Random(size).randbytes(size)
        if text:
            self.data = base64.b64encode(self.data)[:size]
        self.sum = hashlib.sha256(self.data).hexdigest()
        self.returned = set()
        data, returned = self.data, self.returned

        class Handler(BaseHTTPRequestHandler):
            def answer(self, body):
                self.send_response(200)
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                self.answer(data)

            def do_POST(self):
                same = self.rfile.read(int(self.headers['Content-Length'])) == data
                if same:
                    returned.add(self.path)
                self.answer(b'same' if same else b'differs')

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(('127.0.0.1', 0), Handler)

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    @property
    def url(self):
        return f'http://{HOST}:{self.server.server_port}/'


def lease(vm, nic):
    """Ask DHCP for an address, besides those the card has; returns what was given."""
    out = nic.sh(vm, 'udhcpc -i eth0 -f -q -n -t 10 -T 2 -s /bin/udhcpc.sh 2>&1', 90)
    given = re.search(r'lease (\S+) from (\S+) router', out)
    expect(given, out)
    vm.sh(f'ip -n {nic.ns} addr replace {nic.v4}/24 dev eth0')
    return given.group(0)


def fetch(vm, nic, server, timeout=120):
    """Fetch the file in the namespace of the card; returns Mb/s. Fails unless its SHA-256 is the server's."""
    out = nic.sh(vm, f'start=$(cut -d" " -f1 /proc/uptime); wget -q -O /tmp/file {server.url} && '
                     'sha256sum /tmp/file && echo $start $(cut -d" " -f1 /proc/uptime); rm -f /tmp/file', timeout)
    expect(server.sum in out, f'the file is not what the server has: {out}')
    start, end = map(float, out.split()[-2:])
    return len(server.data) * 8 / 1e6 / max(end - start, 0.01)
