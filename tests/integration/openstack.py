"""Parts of an OpenStack on loopback, each a process of its own.

usage: openstack.py keystone DIR PORT          real Keystone on DIR/keystone.conf
       openstack.py catalogue DIR REGION TYPE=URL...   adds services to Keystone's database
       openstack.py credential URL PASSWORD    an application credential: prints id, secret, project
       openstack.py neutron PORT ID=ADDRESS... the one question that is put to Neutron
       openstack.py designate DIR PROJECT...   real Designate on DIR/designate.conf; prints the
                                               floating IPs of the projects, then serves
"""
import json
import sys
import uuid
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlparse


def keystone(directory, port):
    import os

    import eventlet  # noqa: F401  without it a wrong password is an error 500

    os.environ["OS_KEYSTONE_CONFIG_DIR"] = directory
    os.environ["OS_KEYSTONE_CONFIG_FILES"] = "keystone.conf"
    sys.argv = ["keystone"]
    from wsgiref.simple_server import make_server

    from keystone.server.wsgi import initialize_public_application

    make_server("127.0.0.1", int(port), initialize_public_application()).serve_forever()


def catalogue(directory, region, *services):
    import sqlite3

    database = sqlite3.connect(directory + "/keystone.sqlite")
    for service in services:
        kind, url = service.split("=", 1)
        number = uuid.uuid4().hex
        database.execute("INSERT OR IGNORE INTO region (id, description, extra) VALUES (?, '', '{}')", (region,))
        database.execute(
            "INSERT INTO service (id, type, enabled, extra) VALUES (?, ?, 1, ?)",
            (number, kind, json.dumps({"name": kind})),
        )
        database.execute(
            "INSERT INTO endpoint (id, interface, service_id, url, extra, enabled, region_id)"
            " VALUES (?, 'public', ?, ?, '{}', 1, ?)",
            (uuid.uuid4().hex, number, url, region),
        )
    database.commit()


def post(url, body, headers=None):
    from urllib.request import Request, urlopen

    request = Request(url, json.dumps(body).encode(), {"Content-Type": "application/json", **(headers or {})})
    with urlopen(request, timeout=30) as reply:
        return reply.headers, json.load(reply)


def credential(url, password):
    user = {"name": "admin", "domain": {"id": "default"}, "password": password}
    project = {"name": "admin", "domain": {"id": "default"}}
    identity = {"methods": ["password"], "password": {"user": user}}
    headers, body = post(url + "/v3/auth/tokens", {"auth": {"identity": identity, "scope": {"project": project}}})
    token = headers["X-Subject-Token"]
    number = body["token"]["user"]["id"]
    _, made = post(
        f"{url}/v3/users/{number}/application_credentials",
        {"application_credential": {"name": "mailready"}},
        {"X-Auth-Token": token},
    )
    made = made["application_credential"]
    print(made["id"], made["secret"], body["token"]["project"]["id"])


def neutron(port, *addresses):
    known = dict(reversed(pair.split("=", 1)) for pair in addresses)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            url = urlparse(self.path)
            address = parse_qs(url.query).get("floating_ip_address", [""])[0]
            good = url.path == "/v2.0/floatingips" and self.headers.get("X-Auth-Token")
            found = [{"id": known[address], "floating_ip_address": address}] if address in known else []
            body = json.dumps({"floatingips": found} if good else {}).encode()
            self.send_response(200 if good else 401)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    HTTPServer(("127.0.0.1", int(port)), Handler).serve_forever()


def designate(directory, *projects):
    import eventlet

    eventlet.monkey_patch(os=False)
    import designate.conf
    from designate import utils
    from designate.api import service as api
    from designate.central import service as central
    from designate.manage.pool import PoolCommands
    from designate.mdns import service as mdns
    from designate.network_api import fake
    from designate.producer import service as producer
    from designate.worker import service as worker
    from oslo_config import cfg
    from oslo_log import log
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    # Designate counts on its database to take records away with their set, as MySQL does
    event.listen(Engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=ON"))
    conf = designate.conf.CONF
    conf.import_opt("workers", "designate.central", group="service:central")
    conf.import_opt("workers", "designate.api", group="service:api")
    cfg.CONF.import_group("keystone_authtoken", "keystonemiddleware.auth_token")
    utils.read_config("designate", ["x", "--config-file", directory + "/designate.conf"])
    log.setup(conf, "designate")
    services = [m.Service() for m in (central, worker, producer, mdns, api)]
    for service in services:
        service.start()
    PoolCommands().update(directory + "/pools.yaml", False, False)
    for project in projects:
        floating = fake.allocate_floatingip(project)
        print("floating", floating["id"], floating["address"], flush=True)
    while True:
        eventlet.sleep(1)


if __name__ == "__main__":
    {
        "keystone": keystone,
        "catalogue": catalogue,
        "credential": credential,
        "neutron": neutron,
        "designate": designate,
    }[sys.argv[1]](*sys.argv[2:])
