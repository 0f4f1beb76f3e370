#!/usr/bin/env python3
"""Stands in for chats and alarm services, and is stricter than they are.

usage: standin.py DIR    prints its port; POST /KIND/SECRET is for that kind, as for the real one

A body that its schema (beside this file) does not allow is answered 400, with the reason.  What was taken
is a line of DIR/KIND.log; of PagerDuty and Alertmanager, DIR/KIND.open has what stands.  The first lines of
DIR/KIND.answers, if there are any, are the next answers: "429 120" is the status and Retry-After.
"""
import datetime
import http.server
import json
import pathlib
import sys
import threading

import jsonschema

HERE = pathlib.Path(__file__).resolve().parent
DIR = pathlib.Path(sys.argv[1])
SCHEMAS = {p.name.split(".")[0]: json.loads(p.read_text()) for p in HERE.glob("*.schema.json")}
SCHEMAS["json"] = json.loads((HERE.parents[2] / "data" / "notify.schema.json").read_text())
GOOD = {"json": (200, ""), "slack": (200, "ok"), "mattermost": (200, "ok"), "teams": (202, ""), "discord": (204, ""),
        "ntfy": (200, "{}"), "pagerduty": (202, "{}"), "alertmanager": (200, "")}
alarms = {"pagerduty": {}, "alertmanager": {}}
lock = threading.Lock()


def once(pairs):
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a member stands twice")
    return dict(pairs)


def units(text):
    return len(text.encode("utf-16-le")) // 2


def lengths(kind, schema, raw, body):
    """What a JSON schema cannot say."""
    if len(raw) > schema.get("x-max-bytes", len(raw)):
        yield f"{len(raw)} bytes"
    if kind == "discord":
        texts = [t for e in body["embeds"] for t in (e["title"], e.get("description", ""))]
        if sum(map(units, texts)) > schema["x-max-text"] or any(units(t) > 4096 for t in texts):
            yield "the embeds are too long"
    if kind == "ntfy" and len(body["message"].encode()) > schema["x-max-message"]:
        yield "the message is too long"
    if kind == "slack" and any(units(b["text"]["text"]) > 3000 for b in body.get("blocks", [])):
        yield "a section is too long"
    # github.com/slackapi/bolt-js/issues/2509: 13,172 characters pass at most, markup included
    if kind == "slack" and units(json.dumps(body.get("blocks", []), ensure_ascii=False)) > 13000:
        yield "msg_blocks_too_long"


def judge(kind, headers, raw):
    if headers.get("Content-Type") != "application/json":
        return "the body is not said to be JSON"
    try:
        body = json.loads(raw.decode("utf-8"), object_pairs_hook=once)
    except ValueError as fault:
        return f"no JSON: {fault}"
    schema = SCHEMAS[kind]
    validator = jsonschema.Draft202012Validator(schema)
    for error in validator.iter_errors(body):
        return f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"
    return next(lengths(kind, schema, raw, body), None)


def move_alarms(kind, body):
    """An alarm stands from its trigger to its resolve."""
    state = alarms[kind]
    if not (DIR / f"{kind}.open").exists():
        state.clear()
    if kind == "pagerduty":
        if body["event_action"] == "resolve":
            state.pop(body["dedup_key"], None)
        else:
            state[body["dedup_key"]] = body["payload"]["severity"]
    for alert in body if kind == "alertmanager" else []:
        key = json.dumps(alert["labels"], sort_keys=True)
        end = datetime.datetime.fromisoformat(alert["endsAt"].replace("Z", "+00:00")).timestamp()
        now = float((DIR / "now").read_text())
        state.pop(key, None)
        if end > now:
            state[key] = alert["labels"]["severity"]
    (DIR / f"{kind}.open").write_text("".join(f"{v}\n" for v in sorted(state.values())))


class Service(http.server.BaseHTTPRequestHandler):
    def answer(self, status, text, retry=None):
        self.send_response(status)
        if retry:
            self.send_header("Retry-After", retry)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def planned(self, kind):
        file = DIR / f"{kind}.answers"
        lines = file.read_text().splitlines() if file.exists() else []
        if lines:
            file.write_text("".join(f"{line}\n" for line in lines[1:]))
        return lines[0].split() if lines else None

    def do_POST(self):
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        kind = self.path.split("/")[1]
        with lock:
            plan = self.planned(kind)
            if plan:
                self.answer(int(plan[0]), f"no: {self.path}", plan[1] if len(plan) > 1 else None)
                return
            why = judge(kind, self.headers, raw)
            if why:
                self.answer(400, why)
                return
            body = json.loads(raw)
            if kind in alarms:
                move_alarms(kind, body)
            with open(DIR / f"{kind}.log", "a") as log:
                print(json.dumps({"path": self.path, "headers": dict(self.headers), "body": body}), file=log)
            self.answer(*GOOD[kind])

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
print(server.server_port, flush=True)
threading.Timer(250, server.shutdown).start()
server.serve_forever()
