"""A small proxy that makes faults on purpose, in front of a server that makes none: errors before and after the deed,
answers that never come, and a rate above which calls are refused. It knows nothing of Identity Center but the header that
names the operation.
"""

import http.client
import http.server
import json
import random
import threading
import time

READS = ("List", "Get", "Describe")


class Faults:
    """How often of 1 each fault is made, and calls a second for each operation; all may change while the proxy runs."""

    def __init__(self, seed=1, error_before=0.0, error_after=0.0, drop_after=0.0, rate=None):
        self.chance = random.Random(seed)
        self.error_before = error_before
        self.error_after = error_after
        self.drop_after = drop_after
        self.rate = rate
        self.lock = threading.Lock()
        self.levels = {}
        self.made = {"error_before": 0, "error_after": 0, "drop_after": 0, "throttled": 0}

    def refuses(self, operation):
        """Whether a call comes too early: a bucket as deep as the rate, which fills by the rate."""
        if self.rate is None:
            return False
        with self.lock:
            now = time.monotonic()
            level, at = self.levels.get(operation, (self.rate, now))
            level = min(self.rate, level + (now - at) * self.rate)
            refused = level < 1
            self.levels[operation] = (level if refused else level - 1, now)
            self.made["throttled"] += refused
            return refused

    def toss(self, fault):
        with self.lock:
            made = self.chance.random() < getattr(self, fault)
            self.made[fault] += made
            return made


class Proxy:
    """Listens on a free port of loopback and hands everything on to `port`."""

    def __init__(self, port, faults):
        self.faults = faults
        self.calls = []
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                proxy.answer(self, port, body)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, *_):
                """Callers are killed in these tests; that they hang up is no news."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def answer(self, handler, port, body):
        operation = handler.headers.get("x-amz-target", "").rpartition(".")[2]
        writes = bool(operation) and not operation.startswith(READS)
        if operation and self.faults.refuses(operation):
            return error(handler, 400, "ThrottlingException", "Rate exceeded")
        if operation and self.faults.toss("error_before"):
            return error(handler, 500, "InternalServerException", "before")
        onward = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {k: v for k, v in handler.headers.items() if k.lower() not in ("connection", "content-length")}
        onward.request("POST", handler.path, body, headers)
        response = onward.getresponse()
        answer = response.read()
        onward.close()
        if writes:
            self.calls.append((operation, response.status, json.loads(body)))
        if writes and self.faults.toss("error_after"):
            return error(handler, 500, "InternalServerException", "after")
        if writes and self.faults.toss("drop_after"):
            handler.close_connection = True
            return None
        handler.send_response(response.status)
        for name, value in response.getheaders():
            if name.lower() not in ("connection", "content-length", "transfer-encoding", "date", "server"):
                handler.send_header(name, value)
        handler.send_header("content-length", str(len(answer)))
        handler.end_headers()
        handler.wfile.write(answer)
        return None


def error(handler, status, name, message):
    answer = json.dumps({"__type": name, "message": message}).encode()
    handler.send_response(status)
    handler.send_header("content-type", "application/x-amz-json-1.1")
    handler.send_header("content-length", str(len(answer)))
    handler.end_headers()
    handler.wfile.write(answer)
