#!/usr/bin/env python3
"""A strict stand-in for the simple APIs of clouds, each below a path of its own: /hetzner/v1/... .

usage: clouds.py [PORT]

Prints its port, then serves on 127.0.0.1 until it is killed.  Written from the public descriptions
(docs.hetzner.cloud and hetznercloud/hcloud-go; robot.hetzner.com/doc/webservice and community.hrobot;
ovh/python-ovh, ovh/go-ovh and ovh/terraform-provider-ovh; techdocs.akamai.com and linode/linodego; vultr.com/api and vultr/govultr; scaleway/scaleway-sdk-go).  Linode and Scaleway look a name up before they take it, in the
same zones.  It verifies the token, refuses parameters and members
that the API does not know and requests without those that it needs, keeps state, lets actions run for a
while, shows changes late, limits the rate, and misbehaves when told to.  What a careful client never sends
is also written down as a violation.

What takes effect is written into real zones by dynamic update when the environment says
  CLOUDS_DNS=127.0.0.1#PORT  CLOUDS_DNS_KEY=hmac-sha256:NAME:BASE64

Control, without a token:
  GET  /_control                   state: requests, violations, ptr, sets
  POST /_control {"faults": [...]} replaces the faults; {"set": {...}} changes the config
                 {"reset": true}   begins anew
A fault: {"method": "POST", "path": "REGEX", "kind": KIND, "times": N, ...}; KIND is one of
  status     with "status", and if wanted "body", "retry_after": not done
  cut        closed without a reply, not done;  cut-after: closed without a reply, but done
  cut-body   done, and closed in the middle of the reply
  body       done, but the reply's body is "body"
  no-effect  done and taken back: the API accepts it and does nothing
  error      the action fails
  meet       is held until there is a request whose path has "with" in it; closed when there is none for long
"""
import base64
import hashlib
import ipaddress
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

CONFIG = {
    'pending_s': 0.3,    # an action runs so long
    'lag_s': 0,          # reads show a change so much later
    'rate': 1000,        # requests a second
    'fillers': 0,        # objects before the ones that are meant, for many pages
    'unseen': 0,         # so many times, an API that looks names up does not see them yet
}
HOST = re.compile(r'^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$')


class Refused(Exception):
    def __init__(self, status, code, message, violation=False):
        super().__init__(message)
        self.status, self.code, self.message, self.violation = status, code, message, violation


def wrong(message):
    """What a careful client never does."""
    return Refused(400, 'invalid_input', message, True)


def publish(address, name):
    """The PTR record of an address, in the real zone."""
    server = os.environ.get('CLOUDS_DNS')
    if not server:
        return
    host, port = server.split('#')
    owner = ipaddress.ip_address(address).reverse_pointer
    lines = [f'server {host} {port}', f'update delete {owner}. PTR']
    if name:
        lines.append(f'update add {owner}. 300 PTR {name}.')
    run = subprocess.run(['nsupdate', '-y', os.environ['CLOUDS_DNS_KEY']], text=True, check=False,
                         input='\n'.join(lines + ['send', '']), capture_output=True, timeout=20)
    if run.returncode != 0:
        print('nsupdate:', run.stderr.strip(), file=sys.stderr, flush=True)


def publish_set(name, kind, values, ttl):
    """The A or AAAA records of a name, in the real zone."""
    host, port = os.environ['CLOUDS_DNS'].split('#')
    lines = [f'server {host} {port}', f'update delete {name}. {kind}']
    lines += [f'update add {name}. {ttl} {kind} {value}' for value in values]
    subprocess.run(['nsupdate', '-y', os.environ['CLOUDS_DNS_KEY']], text=True, check=True,
                   input='\n'.join(lines + ['send', '']), timeout=20)


def leads_to(name, address):
    """Does the name resolve to the address, in the real zones?"""
    host, port = os.environ['CLOUDS_DNS'].split('#')
    kind = 'AAAA' if ':' in address else 'A'
    run = subprocess.run(['dig', '+short', '-p', port, f'@{host}', name, kind], text=True, check=True,
                         capture_output=True, timeout=20)
    return address in run.stdout.split()


class Api:
    """What is the same for most of them."""
    busy = 429, 'rate_limit_exceeded'   # the answer to too many requests
    forms = False                       # bodies are forms, not JSON

    def __init__(self, world):
        self.world = world

    def authorize(self, method, url, headers, raw):
        token = headers.get(self.header)
        if token is not None and token == self.readonly and method != 'GET':
            raise Refused(403, 'forbidden', 'the token is only allowed to read')
        if token is None or token not in (self.token, self.readonly):
            raise Refused(401, 'unauthorized', f'unable to authenticate {token}')


class World:
    def __init__(self, config):
        self.lock = threading.RLock()
        self.config = {**CONFIG, **config}
        self.requests, self.violations, self.faults = [], [], []
        self.ptr = {}       # address -> [(time from which it is shown, name or None)]
        self.actions = {}   # id -> {"until", "error", "address", "name"}
        self.times = []     # of requests
        self.sets = {k: dict(v) for k, v in HetznerZones.sets.items()}  # (zone, name, type) -> the set

    def name_of(self, address):
        """As reads show it."""
        shown = [name for when, name in self.ptr.get(address, []) if when <= time.time()]
        return shown[-1] if shown else None

    def is_unseen(self):
        self.config['unseen'] -= 1
        return self.config['unseen'] >= 0

    def set_name(self, address, name, effect=True):
        if not effect:
            return
        self.ptr.setdefault(address, []).append((time.time() + self.config['lag_s'], name))
        publish(address, name)


# --- Hetzner Cloud ------------------------------------------------------------------------------

class HetznerZones(Api):
    """Its DNS: zones and RRSets (docs.hetzner.cloud, hcloud-go schema/zone.go and zone_rrset.go)."""
    zones = {'example.com': ('primary', 3600), 'copy.example.com': ('secondary', 3600)}
    sets = {
        ('example.com', 'multi', 'A'): {'ttl': 600, 'records': [{'value': '198.51.100.7', 'comment': 'the other'}]},
        ('example.com', 'multi', 'TXT'): {'ttl': None, 'records': [{'value': '"a"', 'comment': ''}]},
        ('example.com', 'kept', 'A'): {'ttl': None, 'records': [{'value': '198.51.100.8'}], 'protected': True},
        ('example.com', 'pointer', 'CNAME'): {'ttl': None, 'records': [{'value': 'mail.example.com.'}]},
    }

    def zones_handle(self, method, path, query, body):
        found = re.fullmatch(r'/v1/zones/([a-z0-9.-]+)(?:/rrsets(?:/([a-z0-9@.-]+)/([A-Z]+)(/actions/set_records)?)?)?', path)
        if not found:
            raise Refused(404, 'not_found', f'route not found {path}', True)
        zone, name, kind, action = found.groups()
        if zone not in self.zones:
            raise Refused(404, 'not_found', f"zone '{zone}' not found")
        if path.endswith('/rrsets') and method == 'GET':
            return self.list_sets(zone, query)
        if query:
            raise wrong(f'unknown parameter {query}')
        if not name and not path.endswith('/rrsets') and method == 'GET':
            mode, ttl = self.zones[zone]
            return 200, {'zone': {'id': 7, 'name': zone, 'mode': mode, 'ttl': ttl, 'status': 'ok', 'labels': {},
                                  'protection': {'delete': False}, 'primary_nameservers': []}}
        if self.zones[zone][0] != 'primary':
            raise Refused(422, 'incorrect_zone_mode', "this operation is not supported for this zone's mode")
        if not name and method == 'POST':
            if set(body) - {'ttl'} != {'name', 'type', 'records'}:
                raise wrong(f'expected name, type and records, got {sorted(body)}')
            name, kind = body['name'], body['type']
            if (zone, name, kind) in self.world.sets:
                raise Refused(409, 'uniqueness_error', 'the set is there already')
            return self.change_set(zone, name, kind, {'ttl': body.get('ttl'), 'records': body['records']})
        old = self.world.sets.get((zone, name, kind))
        if old is None:
            raise Refused(404, 'not_found', 'rrset not found')
        if action and method == 'POST' and set(body) == {'records'}:
            return self.change_set(zone, name, kind, {**old, 'records': body['records']})
        if not action and method == 'DELETE' and not body:
            return self.change_set(zone, name, kind, None)
        raise wrong(f'{method} {path} with {sorted(body)}')

    def list_sets(self, zone, query):
        if set(query) - {'name', 'type', 'sort', 'page', 'per_page'} or not 1 <= int(query.get('per_page', 25)) <= 50:
            raise wrong(f'parameters {query}')
        sets = [{'id': f'{name}/{kind}', 'name': name, 'type': kind, 'ttl': one['ttl'], 'labels': {}, 'zone': 7,
                 'protection': {'change': one.get('protected', False)}, 'records': one['records']}
                for (in_zone, name, kind), one in self.world.sets.items()
                if in_zone == zone and query.get('name', name) == name]
        return 200, {'rrsets': sets, 'meta': {'pagination': {'page': 1, 'next_page': None}}}

    def change_set(self, zone, name, kind, new):
        full = zone if name == '@' else f'{name}.{zone}'
        if self.world.sets.get((zone, name, kind), {}).get('protected'):
            raise Refused(423, 'protected', 'the set is protected')
        if name == zone or name.endswith('.' + zone) or not HOST.match(full) or kind not in ('A', 'AAAA'):
            raise wrong(f'name {name} or type {kind}')
        if any(k == (zone, name, 'CNAME') for k in self.world.sets):
            raise Refused(422, 'invalid_input', 'there is a CNAME')
        if new and (not new['records'] or (new['ttl'] or 60) < 60 or
                    any(set(r) - {'comment'} != {'value'} for r in new['records']) or
                    any(ipaddress.ip_address(r['value']).version != {'A': 4, 'AAAA': 6}[kind] for r in new['records'])):
            raise wrong(f'set {new}')
        number = self.begin_action(f'{full}/{kind}', 'change_rrset')
        if not self.world.action_fails and self.world.effect:
            if new:
                self.world.sets[zone, name, kind] = new
            else:
                del self.world.sets[zone, name, kind]
            values = [r['value'] for r in new['records']] if new else []
            publish_set(full, kind, values, (new and new['ttl']) or self.zones[zone][1])
        return 201, {'action': self.action(number)}


class Hetzner(HetznerZones):
    """Addresses: 203.0.113.10 and 2001:db8:10::/64 primary IPs, .30 a floating IP, .31 a load balancer with
    2001:db8:31::1, .33 a server without primary IP; PTR records only by name."""
    header, token = 'Authorization', 'Bearer hcloudTokenOfTheStandIn0123456789012345678901234567890123456'
    readonly = 'Bearer hcloudReadOnlyToken0123456789012345678901234567890123456789'
    holdings = [('primary_ips', 'primary_ip', 42, '203.0.113.10'),
                ('primary_ips', 'primary_ip', 43, '2001:db8:10::/64'),
                ('floating_ips', 'floating_ip', 50, '203.0.113.30'),
                ('servers', 'server', 60, '203.0.113.33'),
                ('load_balancers', 'load_balancer', 70, '203.0.113.31')]
    filters = {'primary_ips': {'ip', 'name', 'label_selector', 'sort'}, 'floating_ips': {'name', 'sort'},
               'servers': {'name', 'status', 'sort'}, 'load_balancers': {'name', 'sort'}}

    @staticmethod
    def error(refused):
        return {'error': {'code': refused.code, 'message': refused.message, 'details': None}}

    @staticmethod
    def default(address):
        if ':' in address:
            return None
        return 'static.' + '.'.join(address.split('.')[::-1]) + '.clients.your-server.de'

    def entry(self, address):
        name = self.world.name_of(address) or self.default(address)
        return {'ip': address, 'dns_ptr': name} if name else None

    def entries(self, network):
        if '/' not in network:
            return [self.entry(network)]
        inside = [a for a in self.world.ptr if ':' in a and
                  ipaddress.ip_address(a) in ipaddress.ip_network(network)]
        return [e for e in map(self.entry, inside) if e]

    def show(self, kind, number, address):
        shown = {'id': number, 'name': f'{kind}-{number}', 'labels': {}}
        if kind in ('primary_ips', 'floating_ips'):
            family = 'ipv6' if ':' in address else 'ipv4'
            return {**shown, 'ip': address, 'type': family, 'dns_ptr': self.entries(address), 'blocked': False}
        v4 = {'ip': address, 'dns_ptr': self.entry(address)['dns_ptr']}
        v6 = {'ip': None, 'dns_ptr': None}
        if kind == 'servers':
            v6 = {'ip': '2001:db8:33::/64', 'dns_ptr': self.entries('2001:db8:33::/64')}
        if kind == 'load_balancers':
            v6 = {'ip': '2001:db8:31::1', 'dns_ptr': (self.entry('2001:db8:31::1') or {}).get('dns_ptr')}
        return {**shown, 'public_net': {'ipv4': v4, 'ipv6': v6}}

    def all_of(self, kind):
        fillers = [(kind, '', 1000 + i, f'198.18.{i // 256}.{i % 256}')
                   for i in range(self.world.config['fillers'])]
        return fillers + [h for h in self.holdings if h[0] == kind]

    def handle(self, method, path, query, body):
        found = re.fullmatch(r'/v1/(primary_ips|floating_ips|servers|load_balancers)(?:/(\d+))?'
                             r'(/actions/change_dns_ptr)?', path)
        action = re.fullmatch(r'/v1/actions/(\d+)', path)
        if path.startswith('/v1/zones'):
            return self.zones_handle(method, path, query, body)
        if action and method == 'GET':
            return 200, {'action': self.action(int(action[1]))}
        if not found:
            raise Refused(404, 'not_found', f'route not found {path}', True)
        kind, number, change = found[1], found[2] and int(found[2]), found[3]
        if method == 'GET' and not change:
            return self.read(kind, number, query)
        if method == 'POST' and change:
            return self.change(kind, number, body)
        raise Refused(404, 'not_found', 'route not found', True)

    def read(self, kind, number, query):
        if number is not None:
            for _, one, own, address in self.all_of(kind):
                if own == number:
                    return 200, {one: self.show(kind, own, address)}
            raise Refused(404, 'not_found', f'{kind} with ID \'{number}\' not found')
        unknown = set(query) - self.filters[kind] - {'page', 'per_page'}
        if unknown:
            raise wrong(f'unknown parameter {unknown}')
        page, size = int(query.get('page', 1)), int(query.get('per_page', 25))
        if not 1 <= size <= 50:
            raise wrong('per_page must be 1 to 50')
        objects = [self.show(kind, n, a) for _, _, n, a in self.all_of(kind)
                   if 'ip' not in query or a.split('/')[0] == query['ip']]
        pages = max(1, -(-len(objects) // size))
        pagination = {'page': page, 'per_page': size, 'previous_page': page - 1 or None,
                      'next_page': page + 1 if page < pages else None, 'last_page': pages,
                      'total_entries': len(objects)}
        return 200, {kind: objects[(page - 1) * size:page * size], 'meta': {'pagination': pagination}}

    def change(self, kind, number, body):
        if set(body) != {'ip', 'dns_ptr'}:
            raise wrong(f'expected ip and dns_ptr, got {sorted(body)}')
        holding = [h for h in self.holdings if h[0] == kind and h[2] == number]
        if not holding:
            raise Refused(404, 'not_found', f'{kind} with ID \'{number}\' not found')
        name, address = body['dns_ptr'], str(ipaddress.ip_address(body['ip']))
        if name is not None and not HOST.match(name):
            raise Refused(422, 'invalid_input', f'invalid input in field \'dns_ptr\': {name}')
        number = self.begin_action(address, 'change_dns_ptr')
        if not self.world.action_fails:
            self.world.set_name(address, name, self.world.effect)
        return 201, {'action': self.action(number)}

    def begin_action(self, thing, command):
        if any(a['until'] > time.time() and a['address'] == thing for a in self.world.actions.values()):
            raise Refused(423, 'locked', 'cannot perform operation because the resource is locked')
        number = len(self.world.actions) + 1
        self.world.actions[number] = {'until': time.time() + self.world.config['pending_s'], 'address': thing,
                                      'error': self.world.action_fails, 'command': command}
        return number

    def action(self, number):
        if number not in self.world.actions:
            raise Refused(404, 'not_found', 'action not found')
        action = self.world.actions[number]
        running = action['until'] > time.time()
        error = {'code': 'action_failed', 'message': 'the name servers did not take it'}
        failed = action['error'] and not running
        return {'id': number, 'command': action['command'], 'progress': 0 if running else 100,
                'status': 'running' if running else 'error' if failed else 'success',
                'error': error if failed else None}


# --- Hetzner Robot --------------------------------------------------------------------------------

class Robot(Api):
    """203.0.113.10 the main address of a server, with a default name; 203.0.113.30 one of its subnet and
    2001:db8:10::/64, whose addresses have records only by name."""
    header, readonly = 'Authorization', None
    token = 'Basic ' + base64.b64encode(b'#ws+standIn:robot pass of the standIn').decode()
    busy, forms = (403, 'RATE_LIMIT_EXCEEDED'), True

    @staticmethod
    def error(refused):
        return {'error': {'status': refused.status, 'code': refused.code.upper(), 'message': refused.message}}

    def name_of(self, address):
        default = 'static.10.113.0.203.clients.your-server.de' if address == '203.0.113.10' else None
        return self.world.name_of(address) or default

    def handle(self, method, path, query, body):
        if query:
            raise wrong(f'unknown parameter {sorted(query)}')
        if (method, path) == ('GET', '/rdns'):
            fillers = {f'198.18.{i // 256}.{i % 256}': f'f{i}.example.com' for i in range(self.world.config['fillers'])}
            own = {a: self.name_of(a) for a in ('203.0.113.10', '203.0.113.30', *self.world.ptr)}
            return 200, [{'rdns': {'ip': a, 'ptr': n}} for a, n in {**fillers, **own}.items() if n]
        if not path.startswith('/rdns/'):
            raise Refused(404, 'NOT_FOUND', 'not found', True)
        address = ipaddress.ip_address(path[len('/rdns/'):])
        if not (str(address) in ('203.0.113.10', '203.0.113.30') or address in ipaddress.ip_network('2001:db8:10::/64')):
            raise Refused(404, 'IP_NOT_FOUND', f'The IP address {address} was not found')
        return self.carry_out(method, str(address), body)

    def carry_out(self, method, address, body):
        if method == 'POST':
            if set(body) != {'ptr'}:
                raise wrong(f'expected ptr, got {sorted(body)}')
            if not HOST.match(body['ptr']):
                raise Refused(400, 'INVALID_INPUT', 'invalid input')
        elif method not in ('GET', 'DELETE') or body:
            raise wrong(f'{method} with {sorted(body)}')
        if method != 'POST' and not self.name_of(address):
            raise Refused(404, 'RDNS_NOT_FOUND', f'The IP address {address} has no reverse DNS entry yet')
        if method != 'GET':
            self.world.set_name(address, body.get('ptr'), self.world.effect)
        if method == 'DELETE':
            return 200, b''
        return 200, {'rdns': {'ip': address, 'ptr': self.name_of(address)}}


# --- OVHcloud -------------------------------------------------------------------------------------

class Ovh(Api):
    """The blocks 203.0.113.10/32, 203.0.113.32/29 and 2001:db8:10::/64; the clock is an hour ahead.  An
    application signs; a service account gets a token from /auth/oauth2/token."""
    key, secret, consumer = 'ovhApplicationKey01', 'ovhApplicationSecretOfTheStandIn', 'ovhConsumerKeyOfTheStandIn'
    client, client_secret = 'EU.0123456789abcdef', 'ovhClientSecretOfTheStandIn'
    bearer = 'ovhBearerOfTheStandIn0123456789'
    blocks = ['203.0.113.10/32', '203.0.113.32/29', '2001:db8:10::/64']
    ahead_s = 3600

    @staticmethod
    def error(refused):
        return {'class': f'Client::{refused.code}', 'message': refused.message}

    def authorize(self, method, url, headers, raw):
        if url.endswith(('/auth/time', '/auth/oauth2/token')):
            if any(h.lower().startswith('x-ovh') or h == 'Authorization' for h in headers):
                raise wrong('keys where none are asked for')
        elif 'Authorization' in headers:
            if headers['Authorization'] != 'Bearer ' + self.bearer:
                raise Refused(401, 'Unauthorized', f'invalid token {headers["Authorization"]}')
        else:
            self.verify(method, url, headers, raw)

    def verify(self, method, url, headers, raw):
        missing = {'X-Ovh-Application', 'X-Ovh-Consumer', 'X-Ovh-Timestamp', 'X-Ovh-Signature'} - set(headers)
        if missing:
            raise wrong(f'without {missing}')
        if headers['X-Ovh-Application'] != self.key:
            raise Refused(403, 'Forbidden', 'This application key is invalid')
        stamp = headers['X-Ovh-Timestamp']
        if abs(int(stamp) - time.time() - self.ahead_s) > 30:
            raise Refused(400, 'BadRequest', 'Query out of time')
        text = '+'.join([self.secret, self.consumer, method, url, raw.decode(), stamp])
        if headers['X-Ovh-Signature'] != '$1$' + hashlib.sha1(text.encode()).hexdigest():
            raise Refused(400, 'BadRequest', f'Invalid signature by {headers["X-Ovh-Consumer"]}')

    def handle(self, method, path, query, body):
        if query:
            raise wrong(f'unknown parameter {sorted(query)}')
        if (method, path) == ('GET', '/1.0/auth/time'):
            return 200, str(int(time.time()) + self.ahead_s).encode()
        if (method, path) == ('GET', '/1.0/ip'):
            fillers = [f'198.18.{i // 256}.{i % 256}/32' for i in range(self.world.config['fillers'])]
            return 200, fillers + self.blocks
        found = re.fullmatch(r'/1.0/ip/([0-9a-f.:]+/\d+)/reverse(?:/([0-9a-f.:]+))?', path)
        if not found:
            raise Refused(404, 'NotFound', 'Got an invalid (or empty) URL', True)
        if found[1] not in self.blocks:
            raise Refused(404, 'NotFound', 'This service does not exist', True)
        return self.reverse(method, found[1], found[2], body)

    def reverse(self, method, block, address, body):
        if method == 'GET' and address is None:
            return 200, [a for a in self.world.ptr
                         if ipaddress.ip_address(a) in ipaddress.ip_network(block) and self.world.name_of(a)]
        if method == 'POST' and address is None:
            if set(body) != {'ipReverse', 'reverse'} or not body['reverse'].endswith('.'):
                raise wrong(f'expected ipReverse and a reverse with a final dot, got {body}')
            address = body['ipReverse']
        elif method not in ('GET', 'DELETE') or address is None or body:
            raise wrong(f'{method} with {body}')
        if ipaddress.ip_address(address) not in ipaddress.ip_network(block):
            raise wrong(f'{address} is not in {block}')
        name = body.get('reverse', '')[:-1]
        if method == 'POST' and not HOST.match(name):
            raise Refused(400, 'BadRequest', f'Invalid reverse {name}')
        if method == 'POST' and (self.world.is_unseen() or not leads_to(name, address)):
            raise Refused(400, 'BadRequest', f'{name}. does not resolve to {address}')
        if method != 'POST' and not self.world.name_of(address):
            raise Refused(404, 'NotFound', f'The requested object (ipReverse = {address}) does not exist')
        if method != 'GET':
            self.world.set_name(address, name or None, self.world.effect)
        return 200, b'null' if method == 'DELETE' else {'ipReverse': address, 'reverse': self.world.name_of(address) + '.'
                                                        if self.world.name_of(address) else None}


class OvhTokens(Ovh):
    """www.ovh.com, which gives a service account its token."""
    forms = True

    @staticmethod
    def error(refused):
        return {'error': refused.code, 'error_description': refused.message}

    def handle(self, method, path, query, body):
        if (method, path) != ('POST', '/auth/oauth2/token') or query or \
                set(body) != {'grant_type', 'scope', 'client_id', 'client_secret'} or \
                (body['grant_type'], body['scope']) != ('client_credentials', 'all'):
            raise wrong(f'{method} {path} {sorted(body)}')
        if (body['client_id'], body['client_secret']) != (self.client, self.client_secret):
            raise Refused(401, 'invalid_client', f'unknown client or wrong secret {body["client_secret"]}')
        return 200, {'access_token': self.bearer, 'token_type': 'Bearer', 'expires_in': 3599, 'scope': 'all'}


# --- Linode ---------------------------------------------------------------------------------------

class Linode(Api):
    """203.0.113.10 and 2001:db8:10::25."""
    header, token, readonly = 'Authorization', 'Bearer linodeTokenOfTheStandIn0123456789', None
    addresses = ('203.0.113.10', '2001:db8:10::25')

    @staticmethod
    def error(refused):
        return {'errors': [{'reason': refused.message, 'field': 'rdns'}]}

    def show(self, address):
        default = None if ':' in address else address.replace('.', '-') + '.ip.linodeusercontent.com'
        return {'address': address, 'gateway': None, 'linode_id': 123, 'prefix': 24, 'public': True,
                'region': 'eu-central', 'subnet_mask': '255.255.255.0', 'type': 'ipv6' if ':' in address else 'ipv4',
                'rdns': self.world.name_of(address) or default}

    def list(self, query):
        size, page = int(query.get('page_size', 100)), int(query.get('page', 1))
        if set(query) - {'page_size', 'page'} or not 25 <= size <= 500:
            raise wrong(f'parameters {query}')
        addresses = [f'198.18.{i // 256}.{i % 256}' for i in range(self.world.config['fillers'])]
        addresses += self.addresses
        pages = max(1, -(-len(addresses) // size))
        if not 1 <= page <= pages:
            raise Refused(404, '', 'Not found', True)
        return 200, {'data': [self.show(a) for a in addresses[(page - 1) * size:page * size]], 'page': page,
                     'pages': pages, 'results': len(addresses)}

    def handle(self, method, path, query, body):
        if (method, path) == ('GET', '/v4/networking/ips'):
            return self.list(query)
        found = re.fullmatch(r'/v4/networking/ips/([0-9a-f.:]+)', path)
        if not found or query:
            raise Refused(404, '', 'Not found', True)
        address = found[1]
        if address not in self.addresses:
            raise Refused(404, '', 'Not found')
        if method == 'PUT':
            self.change(address, body)
        elif method != 'GET':
            raise Refused(405, '', 'Method Not Allowed', True)
        return 200, self.show(address)

    def change(self, address, body):
        if set(body) != {'rdns'}:
            raise wrong(f'expected rdns, got {sorted(body)}')
        name = body['rdns']
        if name is not None:
            if not HOST.match(name):
                raise Refused(400, '', 'Must be a valid hostname')
            if self.world.is_unseen() or not leads_to(name, address):
                raise Refused(400, '', f"No match was found for '{name}'. Reverse DNS must have a matching "
                                       'forward entry.')
        self.world.set_name(address, name, self.world.effect)


# --- Vultr ----------------------------------------------------------------------------------------

class Vultr(Api):
    """203.0.113.10 the main address of an instance with 2001:db8:10::/64; .30 a reserved IP that the same
    instance has, .31 one that none has."""
    header, token, readonly = 'Authorization', 'Bearer vultrKeyOfTheStandIn0123456789ABCDEF', None
    instance = 'cb676a46-66fd-4dfb-b839-443f2e6c0b60'

    @staticmethod
    def error(refused):
        return {'error': refused.message, 'status': refused.status}

    def pages(self, key, objects, query):
        size, at = int(query.get('per_page', 100)), int(query.get('cursor', 0) or 0)
        if not 1 <= size <= 500:
            raise wrong('per_page must be 1 to 500')
        following = str(at + size) if at + size < len(objects) else ''
        return 200, {key: objects[at:at + size], 'meta': {'total': len(objects),
                                                          'links': {'next': following, 'prev': ''}}}

    def v4(self, address):
        return {'ip': address, 'netmask': '255.255.254.0', 'gateway': '', 'type': 'main_ip',
                'reverse': self.world.name_of(address) or f'{address}.vultrusercontent.com'}

    def handle(self, method, path, query, body):
        if set(query) - {'per_page', 'cursor', 'main_ip'}:
            raise wrong(f'unknown parameter in {query}')
        fillers = range(self.world.config['fillers'])
        if (method, path) == ('GET', '/v2/instances'):
            one = {'id': self.instance, 'main_ip': '203.0.113.10', 'v6_network': '2001:db8:10::', 'label': 'mail',
                   'v6_main_ip': '2001:db8:10::1', 'v6_network_size': 64}
            others = [{'id': f'f{i}', 'main_ip': f'198.18.{i // 256}.{i % 256}', 'v6_network': '', 'v6_main_ip': '',
                       'v6_network_size': 0} for i in fillers]
            return self.pages('instances', [i for i in others + [one]
                                            if query.get('main_ip') in (None, i['main_ip'])], query)
        if (method, path) == ('GET', '/v2/reserved-ips'):
            ips = [{'id': f'r{i}', 'ip_type': 'v4', 'subnet': f'198.19.{i // 256}.{i % 256}', 'subnet_size': 32,
                    'instance_id': ''} for i in fillers]
            ips += [{'id': 'r-30', 'ip_type': 'v4', 'subnet': '203.0.113.30', 'subnet_size': 32,
                     'instance_id': self.instance},
                    {'id': 'r-31', 'ip_type': 'v4', 'subnet': '203.0.113.31', 'subnet_size': 32, 'instance_id': ''}]
            return self.pages('reserved_ips', ips, query)
        below = f'/v2/instances/{self.instance}'
        if not path.startswith(below + '/ip'):
            raise Refused(404, '', 'Invalid instance.')
        return self.below(method, path[len(below):], query, body)

    def below(self, method, path, query, body):
        if (method, path) == ('GET', '/ipv4'):
            return self.pages('ipv4s', [self.v4('203.0.113.10'), self.v4('203.0.113.30')], query)
        if (method, path) == ('GET', '/ipv6/reverse'):
            names = {a: self.world.name_of(a) for a in self.world.ptr if ':' in a}
            return 200, {'reverse_ipv6s': [{'ip': ipaddress.ip_address(a).exploded, 'reverse': n}
                                           for a, n in names.items() if n]}
        wants = {('POST', '/ipv4/reverse'): {'ip', 'reverse'}, ('POST', '/ipv4/reverse/default'): {'ip'},
                 ('POST', '/ipv6/reverse'): {'ip', 'reverse'}}
        if method == 'DELETE' and path.startswith('/ipv6/reverse/'):
            body, members = {'ip': path.split('/')[-1]}, {'ip'}
        else:
            members = wants.get((method, path))
        if members is None or set(body) != members:
            raise wrong(f'{method} {path} with {sorted(body)}')
        address = ipaddress.ip_address(body['ip'])
        if address.version == 6 and body['ip'] != address.exploded:
            raise wrong(f'{body["ip"]} is not written with all digits')
        if not (str(address) in ('203.0.113.10', '203.0.113.30') or
                address in ipaddress.ip_network('2001:db8:10::/64')):
            raise Refused(400, '', 'Invalid IP')
        if 'reverse' in body and not HOST.match(body['reverse']):
            raise Refused(400, '', 'Invalid reverse')
        self.world.set_name(str(address), body.get('reverse'), self.world.effect)
        return 204, b''


# --- Scaleway -------------------------------------------------------------------------------------

class Scaleway(Api):
    """203.0.113.10 in the zone nl-ams-1."""
    header, token, readonly = 'X-Auth-Token', '11111111-2222-4333-8444-scalewayStandIn', None
    number = '7e8b5f4c-1111-4222-8333-944455556666'

    @staticmethod
    def error(refused):
        if refused.code == 'reverse':
            return {'type': 'invalid_arguments', 'message': 'Validation Error', 'fields': {'reverse': [refused.message]}}
        return {'type': refused.code, 'message': refused.message}

    def show(self, number, address):
        return {'id': number, 'address': address, 'prefix': None, 'type': 'routed_ipv4', 'zone': 'nl-ams-1',
                'server': None, 'tags': [], 'state': 'attached',
                'reverse': self.world.name_of(address) or address.replace('.', '-') + '.instances.scw.cloud'}

    def handle(self, method, path, query, body):
        found = re.fullmatch(r'/instance/v1/zones/([a-z]{2}-[a-z]{3}-\d)/ips(?:/([0-9a-f-]+))?', path)
        if not found:
            raise Refused(404, 'not_found', 'resource is not found', True)
        zone, number = found[1], found[2]
        if number is None and method == 'GET':
            return self.list(zone, query)
        if (zone, number) != ('nl-ams-1', self.number):
            raise Refused(404, 'unknown_resource', f'"{number}" not found')
        if method == 'PATCH':
            self.change(body)
        return 200, {'ip': self.show(number, '203.0.113.10')}

    def list(self, zone, query):
        size, page = int(query.get('per_page', 50)), int(query.get('page', 1))
        if set(query) - {'per_page', 'page'} or not 1 <= size <= 100:
            raise wrong(f'parameters {query}')
        ips = []
        if zone == 'nl-ams-1':
            ips = [self.show(f'f{i}', f'198.18.{i // 256}.{i % 256}') for i in range(self.world.config['fillers'])]
            ips.append(self.show(self.number, '203.0.113.10'))
        return 200, {'ips': ips[(page - 1) * size:page * size]}

    def change(self, body):
        if set(body) != {'reverse'}:
            raise wrong(f'expected reverse, got {sorted(body)}')
        name = body['reverse']
        if name is not None and (self.world.is_unseen() or not leads_to(name, '203.0.113.10')):
            raise Refused(400, 'reverse', f'Your reverse must resolve. Ensure the command \'dig +short {name}\' '
                                          'matches your IP address')
        self.world.set_name('203.0.113.10', name, self.world.effect)


APIS = {'hetzner': Hetzner, 'robot': Robot, 'ovh': Ovh, 'ovh-token': OvhTokens, 'linode': Linode, 'vultr': Vultr,
        'scaleway': Scaleway}


# --- the server ---------------------------------------------------------------------------------

class Handler(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    world = None

    def log_message(self, *_):
        pass

    def answer(self, status, body, headers=(), cut=False):
        data = b'' if status == 204 else body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(data)))
        self.send_header('Connection', 'close')
        self.end_headers()
        self.wfile.write(data[:len(data) // 2] if cut else data)
        self.close_connection = True

    def control(self, body):
        if self.command == 'GET':
            w = self.world
            return self.answer(200, {'requests': w.requests, 'violations': w.violations,
                                     'ptr': {a: w.name_of(a) for a in w.ptr},
                                     'sets': {'/'.join(k): v for k, v in w.sets.items()}})
        order = json.loads(body)
        if 'reset' in order:
            for address in self.world.ptr:
                publish(address, None)
            for zone, name, kind in self.world.sets:
                if kind == 'A' and (zone, name, kind) not in HetznerZones.sets:
                    publish_set(f'{name}.{zone}', kind, [], 0)
            Handler.world = World({})
        if 'faults' in order:
            self.world.faults = order['faults']
        self.world.config.update(order.get('set', {}))
        return self.answer(200, {})

    def fault(self, path):
        for f in self.world.faults:
            if f.get('method', self.command) == self.command and re.search(f.get('path', ''), path):
                f['times'] = f.get('times', 1) - 1
                if f['times'] >= 0:
                    return f
        return {'kind': ''}

    def authorize(self, api, raw):
        api.authorize(self.command, f'http://{self.headers["Host"]}{self.path}', self.headers, raw)
        now = time.time()
        self.world.times = [t for t in self.world.times if t > now - 1] + [now]
        if len(self.world.times) > self.world.config['rate']:
            raise Refused(*api.busy, 'rate limit exceeded')

    def body_of(self, api, raw):
        if not raw:
            return {}
        if api.forms and self.headers.get('Content-Type') == 'application/x-www-form-urlencoded':
            return dict(parse_qsl(raw.decode(), keep_blank_values=True, strict_parsing=True))
        if api.forms or self.headers.get('Content-Type') != 'application/json':
            raise wrong(f'Content-Type {self.headers.get("Content-Type")}')
        try:
            return json.loads(raw)
        except ValueError as error:
            raise wrong(f'not JSON: {error}') from error

    def carry_out(self, api, parts, path, raw):
        try:
            self.authorize(api, raw)
            query = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
            return (*api.handle(self.command, path, query, self.body_of(api, raw)), ())
        except Refused as refused:
            if refused.violation:
                self.world.violations.append(f'{self.command} {self.path}: {refused.message}')
            headers = (('Retry-After', '1'),) if refused.status == 429 else ()
            return refused.status, api.error(refused), headers

    def meets(self, word):
        for _ in range(600):
            if any(word in r['path'] for r in self.world.requests):
                return True
            time.sleep(0.05)
        return False

    def serve(self):
        raw = self.rfile.read(int(self.headers.get('Content-Length') or 0))
        parts = urlsplit(self.path)
        if parts.path == '/_control':
            return self.control(raw)
        _, service, path = unquote(parts.path).split('/', 2)
        path = '/' + path
        with self.world.lock:
            w = self.world
            w.requests.append({'method': self.command, 'path': self.path, 'body': raw.decode(), 'time': time.time()})
            f = self.fault(self.path)
        if f['kind'] == 'meet' and not self.meets(f['with']):
            self.close_connection = True
            return None
        with self.world.lock:
            w.action_fails, w.effect = f['kind'] == 'error', f['kind'] != 'no-effect'
            if f['kind'] == 'status':
                retry = [('Retry-After', str(f['retry_after']))] if 'retry_after' in f else []
                body = f.get('body', APIS[service].error(Refused(f['status'], 'fault', 'as told')))
                return self.answer(f['status'], body.encode() if isinstance(body, str) else body, retry)
            if f['kind'] != 'cut':
                status, body, headers = self.carry_out(APIS[service](w), parts, path, raw)
        if f['kind'] in ('cut', 'cut-after'):
            self.close_connection = True
            return self.connection.shutdown(2)
        if f['kind'] == 'body':
            body = f['body'].encode()
        return self.answer(status, body, headers, f['kind'] == 'cut-body')

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = serve


def main():
    Handler.world = World({})
    server = ThreadingHTTPServer(('127.0.0.1', int(sys.argv[1]) if len(sys.argv) > 1 else 0), Handler)
    server.daemon_threads = True
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == '__main__':
    main()
