#!/usr/bin/env python3
"""A strict stand-in for the Huawei Cloud endpoints: IAM, EIP, DNS and the ECS metadata service.

usage: huawei_standin.py [--config FILE] [--port N]

Prints its port on the first line, then serves on 127.0.0.1 until it is killed.  It verifies each
signature by an implementation of its own, keeps state, enforces the documented limits, turns
PENDING into ACTIVE after a while, and misbehaves when told to.  Requests that no careful client
sends (wrong signature, unsigned header, parameter or member it does not know) are refused and
written down as violations.

What becomes ACTIVE is written into real zones by dynamic update when the environment says
  STANDIN_DNS=127.0.0.1#PORT  STANDIN_DNS_KEY=hmac-sha256:NAME:BASE64

Control, without credentials:
  GET  /_control                  state: requests, violations, ptrs, recordsets
  POST /_control {"faults": [...]} replaces the list of faults; {"set": {...}} changes the config,
                                  {"reset": {...}} begins anew with that config
A fault: {"method": "PATCH", "path": "REGEX", "kind": KIND, "times": N, "skip": N, ...}; KIND is one of
  status       with "status", and if wanted "code", "message", "retry_after": the request is not done
  done-status  the same, but the request was carried out
  timeout      "seconds" of silence, then the connection is closed; not done
  cut          closed without a reply, not done;  cut-after: closed without a reply, but done
  cut-body     done, and closed in the middle of the reply
  body         done, but the reply's body is "body" instead ("", "null", "{\\"a", "[]" ...)
  huge         done, with a reply without end
  redirect     to another place, not done
  error        the record that is written becomes ERROR;  stuck: it stays PENDING for ever
  no-dns       done and ACTIVE, but the zone is not changed
  skew         401, and the Date of a server "seconds" away
"""
import argparse
import hashlib
import hmac
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import uuid
from datetime import datetime, timezone
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, quote, unquote, urlsplit

REGION = 'ap-southeast-1'
PROJECT = '0123456789abcdef0123456789abcdef'
DEFAULTS = {
    'region': REGION,
    'domain': 'standin-account',
    # key: secret, security token (temporary ones only), may it do anything
    'keys': {
        'STANDINAK00000000001': {'sk': 'standinSecretKey000000000000000000000001'},
        'STANDINTEMPAK0000001': {'sk': 'standinTempSecret00000000000000000000001',
                                 'token': 'c3RhbmRpbi1zZWN1cml0eS10b2tlbg/+=='},
        'STANDINREADER0000001': {'sk': 'standinReaderSecret000000000000000000001',
                                 'readonly': True},
        'STANDINEPSAK00000001': {'sk': 'standinEpsSecret0000000000000000000000001',
                                 'eps': 'eps-mail'},
    },
    'users': {'postmaster': 'correct horse "battery" \\ staple'},
    'tokens': {'standin-ready-made-token': PROJECT},
    'projects': [{'id': PROJECT, 'name': REGION},
                 {'id': 'fedcba9876543210fedcba9876543210', 'name': 'cn-north-4'}],
    'eips': [
        {'id': 'c0ffee00-1111-4222-8333-444455556625', 'address': '203.0.113.25'},
        {'id': 'c0ffee00-1111-4222-8333-444455556626', 'address': '203.0.113.26'},
        {'id': 'c0ffee00-1111-4222-8333-444455556627', 'address': '203.0.113.27', 'eps': 'eps-mail'},
        {'id': 'c0ffee00-1111-4222-8333-444455556628', 'address': '203.0.113.28',
         'status': 'FREEZED'},
    ],
    'zones': ['example.com', 'example.net'],
    'recordsets': [],          # {"name", "type", "records", "ttl"}
    'ptrs': [],                # {"address", "names", "ttl", "eps"}: there from the beginning, ACTIVE
    'default_names': False,    # the provider's own PTR while none is set
    'default_suffix': 'compute.hwclouds-dns.com',
    'agency': True,            # the metadata service has keys
    'metadata_token': True,    # it is a new one, which wants a token
    'v21': True,               # several names are offered here
    'eps_list': True,          # a key of one enterprise project may list the PTR records of it
    'quota': 50,
    'pending_s': 0.2,
    'page_max': 500,
}
TAG_KEY = re.compile(r'^(?!_sys_)(?! )[\w .:=+\-@]{1,128}(?<! )$')
TAG_VALUE = re.compile(r'^[\w .:/=+\-@]{0,255}$')
HOST = re.compile(r'^(?=.{1,254}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+$')


class Refused(Exception):
    def __init__(self, status, code, message, violation=False):
        super().__init__(message)
        self.status, self.code, self.message, self.violation = status, code, message, violation


def wrong(message):
    """What a careful client never does."""
    return Refused(400, 'APIGW.0201', message, True)


# --- the zones ---------------------------------------------------------------------------------

def nsupdate(zone, owner, rtype, ttl, values):
    server = os.environ.get('STANDIN_DNS')
    if not server:
        return
    address, port = server.split('#')
    lines = [f'server {address} {port}', f'zone {zone}.', f'update delete {owner}. {rtype}']
    lines += [f'update add {owner}. {ttl} {rtype} {v}' for v in values]
    command = ['nsupdate']
    if os.environ.get('STANDIN_DNS_KEY'):
        command += ['-y', os.environ['STANDIN_DNS_KEY']]
    run = subprocess.run(command, input='\n'.join(lines + ['send', '']), text=True,
                         capture_output=True, timeout=20, check=False)
    if run.returncode != 0:
        print('nsupdate:', run.stderr.strip(), file=sys.stderr, flush=True)


def reverse(address):
    octets = address.split('.')
    return '.'.join(octets[::-1]) + '.in-addr.arpa', '.'.join(octets[2::-1]) + '.in-addr.arpa'


# --- the world ---------------------------------------------------------------------------------

class World:
    def __init__(self, config):
        self.lock = threading.RLock()
        self.config = {**DEFAULTS, **config}
        self.requests, self.violations, self.faults = [], [], []
        self.bad_signatures = 0
        self.tokens = dict(self.config['tokens'])
        self.metadata_tokens = set()
        self.ptrs = {}         # EIP id -> record
        self.sets = {}         # id -> record set
        self.zones = {f'ff8080{i:026d}': z for i, z in enumerate(self.config['zones'])}
        for one in self.config['ptrs']:
            eip = next(e for e in self.config['eips'] if e['address'] == one['address'])
            self.ptrs[eip['id']] = self.new_ptr(eip, one['names'], one.get('ttl', 300), 'ACTIVE')
            self.ptrs[eip['id']]['eps'] = one.get('eps', '0')
        for one in self.config['recordsets']:
            zone = next(i for i, z in self.zones.items() if one['name'].endswith(z + '.'))
            self.add_set(zone, {'description': '', 'ttl': 300, **one}, 'ACTIVE')
        if self.config['default_names']:
            for eip in self.config['eips']:
                self.publish(eip, self.ptrs.get(eip['id']))

    def new_ptr(self, eip, names, ttl, status):
        return {'id': uuid.uuid4().hex, 'eip': eip, 'names': names, 'ttl': ttl, 'description': '',
                'tags': [], 'eps': '0', 'status': status}

    def eip(self, eip_id):
        return next((e for e in self.config['eips'] if e['id'] == eip_id), None)

    def publish(self, eip, ptr):
        owner, zone = reverse(eip['address'])
        if ptr:
            nsupdate(zone, owner, 'PTR', ptr['ttl'], ptr['names'])
        elif self.config['default_names']:
            name = 'ecs-' + eip['address'].replace('.', '-') + '.' + self.config['default_suffix']
            nsupdate(zone, owner, 'PTR', 300, [name + '.'])
        else:
            nsupdate(zone, owner, 'PTR', 300, [])

    def add_set(self, zone, body, status):
        one = {'id': uuid.uuid4().hex, 'zone_id': zone, 'name': body['name'], 'type': body['type'],
               'records': body['records'], 'ttl': body['ttl'], 'status': status,
               'description': body.get('description', ''), 'default': body.get('default', False)}
        self.sets[one['id']] = one
        return one

    def settle(self, record, fault, then):
        """Calls then(), and makes the record ACTIVE, when its time has come."""
        kind = (fault or {}).get('kind')
        if kind == 'stuck':
            return

        def finish():
            with self.lock:
                if kind == 'error':
                    record['status'] = 'ERROR'
                    return
                if kind != 'no-dns':
                    then()
                record['status'] = 'ACTIVE'
        if self.config['pending_s'] == 0:
            finish()
            return
        timer = threading.Timer(self.config['pending_s'], finish)
        timer.daemon = True
        timer.start()


# --- credentials -------------------------------------------------------------------------------

def canonical(method, raw_path, headers, signed, body):
    """The request as the signature sees it, from what arrived."""
    parts = urlsplit(raw_path)
    path = '/'.join(quote(unquote(p), safe='-._~') for p in parts.path.split('/'))
    path += '' if path.endswith('/') else '/'
    pairs = sorted(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
    query = '&'.join(quote(k, safe='-._~') + '=' + quote(v, safe='-._~') for k, v in pairs)
    lines = ''.join(f'{name}:{headers[name].strip()}\n' for name in signed)
    digest = headers.get('x-sdk-content-sha256') or hashlib.sha256(body).hexdigest()
    return '\n'.join([method, path, query, lines, ';'.join(signed), digest])


def check_signature(world, request):
    headers = request.headers_lower
    match = re.fullmatch(r'SDK-HMAC-SHA256 Access=(\S+), SignedHeaders=(\S+), Signature=([0-9a-f]{64})',
                         headers['authorization'])
    if not match:
        raise Refused(401, 'APIGW.0301', 'Incorrect IAM authentication information: '
                      'authorization format', True)
    access, signed, signature = match[1], match[2].split(';'), match[3]
    must = {'host', 'x-sdk-date'} | ({'x-project-id', 'x-security-token'} & set(headers))
    if signed != sorted(signed) or not must <= set(signed) or not set(signed) <= set(headers):
        raise Refused(401, 'APIGW.0301', f'signed headers are {signed}, must hold {must}', True)
    key = world.config['keys'].get(access)
    if world.bad_signatures > 5:
        raise Refused(401, 'APIGW.0301', 'the key is locked after repeated failures', True)
    if key is None or headers.get('x-security-token') != key.get('token'):
        world.bad_signatures += 1
        raise Refused(401, 'APIGW.0301', 'Incorrect IAM authentication information: '
                      'Get secretKey failed or security token is wrong')
    date = datetime.strptime(headers['x-sdk-date'], '%Y%m%dT%H%M%SZ').replace(tzinfo=timezone.utc)
    if abs((datetime.now(timezone.utc) - date).total_seconds()) > 900:
        raise Refused(401, 'APIGW.0303', 'Incorrect app authentication information: '
                      'signature expired')
    text = canonical(request.command, request.path, headers, signed, request.body)
    to_sign = '\n'.join(['SDK-HMAC-SHA256', headers['x-sdk-date'],
                         hashlib.sha256(text.encode()).hexdigest()])
    if hmac.new(key['sk'].encode(), to_sign.encode(), hashlib.sha256).hexdigest() != signature:
        world.bad_signatures += 1
        raise Refused(401, 'APIGW.0301', 'Incorrect IAM authentication information: verify aksk '
                      'signature fail, canonicalRequest:' + text.replace('\n', '|'))
    world.bad_signatures = 0
    return key


def authenticate(world, request):
    """Returns the project that the request may be about, or None for all of the account's."""
    headers = request.headers_lower
    if 'authorization' in headers and 'x-auth-token' in headers:
        raise wrong('both a signature and a token')
    if 'authorization' in headers:
        key = check_signature(world, request)
        if key.get('readonly') and request.command != 'GET':
            raise Refused(403, 'DNS.0030', "Policy doesn't allow dns:ptr:set to be performed.")
        request.eps = key.get('eps')
        return None
    project = world.tokens.get(headers.get('x-auth-token', ''))
    if project is None:
        raise Refused(401, 'APIGW.0301', 'Incorrect IAM authentication information: '
                      'decrypt token fail')
    return project


# --- limits ------------------------------------------------------------------------------------

def only(mapping, allowed, what):
    extra = set(mapping) - set(allowed)
    if extra:
        raise wrong(f'{what} {sorted(extra)} is not documented')


def check_record(body, names):
    if not 1 <= len(names) <= 10:
        raise Refused(400, 'DNS.0505', 'ptrdnames: 1 to 10')
    for name in names:
        if not isinstance(name, str) or not HOST.match(name):
            raise Refused(400, 'DNS.0505', 'Invalid domain name of PTR record.')
    ttl = body.get('ttl', 300)
    if not isinstance(ttl, int) or isinstance(ttl, bool) or not 1 <= ttl <= 2147483647:
        raise Refused(400, 'DNS.0506', 'Invalid TTL of PTR record.')
    if len(body.get('description') or '') > 255:
        raise Refused(400, 'DNS.0508', 'Invalid description of PTR record.')


def check_tags(tags):
    if len(tags) > 20:
        raise Refused(400, 'DNS.1001', 'Too many tags.')
    if len({t['key'] for t in tags}) != len(tags):
        raise Refused(400, 'DNS.1003', 'Two tags of one key.')
    for tag in tags:
        only(tag, ['key', 'value'], 'member of tag')
        if not TAG_KEY.match(tag['key']) or not TAG_VALUE.match(tag.get('value', '')):
            raise Refused(400, 'DNS.1003', 'Invalid tag.')


# --- services ----------------------------------------------------------------------------------

def projects(world, req):
    only(req.query, ['name'], 'parameter')
    found = [p for p in world.config['projects'] if req.query.get('name') in (None, p['name'])]
    return 200, {'projects': [{**p, 'enabled': True} for p in found], 'links': {}}


def login(world, req):
    try:
        identity = req.json['auth']['identity']
        user = identity['password']['user']
        scope = req.json['auth']['scope']['project']
        name, password, domain = user['name'], user['password'], user['domain']['name']
    except (KeyError, TypeError) as e:
        raise wrong(f'auth body: {e}') from e
    if identity['methods'] != ['password'] or domain != world.config['domain'] or \
            world.config['users'].get(name) != password:
        return 401, {'error': {'code': 401, 'message': 'The username or password is wrong.',
                               'title': 'Unauthorized'}}
    project = next((p for p in world.config['projects']
                    if scope in ({'name': p['name']}, {'id': p['id']})), None)
    if project is None:
        return 401, {'error': {'code': 401, 'message': 'no such project', 'title': 'Unauthorized'}}
    token = 'MIISTANDIN' + uuid.uuid4().hex * 60
    world.tokens[token] = project['id']
    req.extra_headers['X-Subject-Token'] = token
    return 201, {'token': {'expires_at': '2099-01-01T00:00:00.000000Z', 'project': project,
                           'user': {'name': name}}}


def check_eps(req, scope, also=()):
    """The rights of a key may end at one enterprise project."""
    if req.eps and scope not in (req.eps, *also):
        raise Refused(403, 'DNS.0030', "Policy doesn't allow it in this enterprise project.")


def publicips(world, req):
    only(req.query, ['public_ip_address', 'enterprise_project_id', 'limit', 'marker'], 'parameter')
    if req.match[1] != req.project:
        raise Refused(403, 'VPC.0011', 'the project of the path is not the one of the request')
    scope = req.query.get('enterprise_project_id', '0')
    check_eps(req, scope, ['all_granted_eps'])
    found = [e for e in world.config['eips'] if e.get('project', PROJECT) == req.project and
             scope in ('all_granted_eps', e.get('eps', '0')) and req.eps in (None, e.get('eps', '0'))]
    if 'public_ip_address' in req.query:
        found = [e for e in found if e['address'] == req.query['public_ip_address']]
    ids = [e['id'] for e in found]
    if req.query.get('marker'):
        found = found[ids.index(req.query['marker']) + 1:]
    found = found[:min(int(req.query.get('limit', 10)), world.config['page_max'])]
    return 200, {'publicips': [
        {'id': e['id'], 'public_ip_address': e['address'], 'status': e.get('status', 'ACTIVE'),
         'type': '5_bgp', 'tenant_id': req.project, 'ip_version': 4,
         'enterprise_project_id': e.get('eps', '0')} for e in found]}


def v2_view(world, ptr):
    return {'id': world.config['region'] + ':' + ptr['eip']['id'], 'ptrdname': ptr['names'][0],
            'description': ptr['description'] or None, 'ttl': ptr['ttl'],
            'address': ptr['eip']['address'], 'status': ptr['status'], 'action': 'CREATE',
            'links': {'self': ''}, 'enterprise_project_id': ptr['eps']}


def v21_view(world, ptr):
    return {'id': ptr['id'], 'publicip': {'region': world.config['region'], 'id': ptr['eip']['id'],
                                          'address': ptr['eip']['address']},
            'ptrdnames': ptr['names'], 'description': ptr['description'] or None,
            'ttl': ptr['ttl'], 'status': ptr['status'], 'links': {'self': ''},
            'enterprise_project_id': ptr['eps']}


def the_eip(world, region, eip_id):
    eip = world.eip(eip_id)
    if region != world.config['region']:
        raise Refused(400, 'DNS.0601', 'Invalid region.')
    if eip is None:
        raise Refused(404, 'DNS.0502', 'The EIP does not exist.')
    return eip


def write(world, req, eip, ptr, body, names):
    """Makes or changes a record; ptr is None when there is none."""
    check_record(body, names)
    if ptr and ptr['status'].startswith('PENDING'):
        raise Refused(409, 'DNS.0503', 'The PTR record is not in a steady state.')
    if ptr is None:
        if len(world.ptrs) >= world.config['quota']:
            raise Refused(403, 'DNS.0405', 'The PTR record quota is insufficient.')
        check_tags(body.get('tags') or [])
        ptr = world.new_ptr(eip, names, 300, 'PENDING_CREATE')
        ptr['tags'], ptr['eps'] = body.get('tags') or [], body.get('enterprise_project_id', '0')
    else:
        ptr['status'] = 'PENDING_UPDATE'
    ptr.update(names=names, ttl=body.get('ttl', ptr['ttl']))
    if body.get('description') is not None:
        ptr['description'] = body['description']
    world.ptrs[eip['id']] = ptr
    world.settle(ptr, req.fault, lambda: world.publish(eip, ptr))
    return ptr


def remove(world, req, ptr):
    if ptr['status'].startswith('PENDING'):
        raise Refused(409, 'DNS.0503', 'The PTR record is not in a steady state.')

    def gone():
        del world.ptrs[ptr['eip']['id']]
        world.publish(ptr['eip'], None)
    ptr['status'] = 'PENDING_DELETE'
    world.settle(ptr, req.fault, gone)


def v2_get(world, req):
    only(req.query, [], 'parameter')
    eip = the_eip(world, req.match[1], req.match[2])
    check_eps(req, eip.get('eps', '0'))
    if eip['id'] not in world.ptrs:
        raise Refused(404, 'DNS.0507', 'The PTR record does not exist.')
    return 200, v2_view(world, world.ptrs[eip['id']])


def v2_patch(world, req):
    eip = the_eip(world, req.match[1], req.match[2])
    check_eps(req, eip.get('eps', '0'))
    ptr = world.ptrs.get(eip['id'])
    if 'ptrdname' not in req.json:
        raise wrong('a PATCH without ptrdname, which unsets the record')
    if req.json['ptrdname'] is None:
        only(req.json, ['ptrdname'], 'member')
        if ptr:
            remove(world, req, ptr)
        return 202, None
    allowed = ['ptrdname', 'description', 'ttl'] + ([] if ptr else ['tags', 'enterprise_project_id'])
    only(req.json, allowed, 'member')
    return 202, v2_view(world, write(world, req, eip, ptr, req.json, [req.json['ptrdname']]))


def page(world, req, items, key):
    limit = min(int(req.query.get('limit', 500)), world.config['page_max'])
    ids = [i['id'] for i in items]
    if req.query.get('marker'):
        if req.query['marker'] not in ids:
            raise Refused(400, 'DNS.0007', 'Invalid marker.')
        items = items[ids.index(req.query['marker']) + 1:]
    return 200, {key: items[:limit], 'links': {'self': ''}, 'metadata': {'total_count': len(ids)}}


def v2_list(world, req):
    only(req.query, ['limit', 'marker'], 'parameter')
    check_eps(req, '')
    items = [{**v2_view(world, p), 'tags': p['tags']} for p in world.ptrs.values()]
    return page(world, req, items, 'floatingips')


def v21_list(world, req):
    only(req.query, ['limit', 'marker', 'enterprise_project_id'], 'parameter')
    scope = req.query.get('enterprise_project_id')
    check_eps(req, scope if world.config['eps_list'] else '')
    items = [{**v21_view(world, p), 'tags': p['tags']} for p in world.ptrs.values()
             if scope in (None, p['eps'])]
    return page(world, req, items, 'floatingips')


def v21_post(world, req):
    only(req.json, ['publicip', 'ptrdnames', 'description', 'ttl', 'tags', 'enterprise_project_id'],
         'member')
    eip = the_eip(world, req.json['publicip']['region'], req.json['publicip']['id'])
    check_eps(req, req.json.get('enterprise_project_id', '0'))
    if eip['id'] in world.ptrs:
        raise Refused(400, 'DNS.0016', 'The PTR record already exists.')
    return 202, v21_view(world, write(world, req, eip, None, req.json, req.json['ptrdnames']))


def by_id(world, req):
    ptr = next((p for p in world.ptrs.values() if p['id'] == req.match[1]), None)
    if ptr is None:
        raise Refused(404, 'DNS.0507', 'The PTR record does not exist.')
    return ptr


def v21_get(world, req):
    return 200, v21_view(world, by_id(world, req))


def v21_put(world, req):
    only(req.json, ['ptrdnames', 'description', 'ttl'], 'member')
    ptr = by_id(world, req)
    return 202, v21_view(world, write(world, req, ptr['eip'], ptr, req.json, req.json['ptrdnames']))


def v21_delete(world, req):
    remove(world, req, by_id(world, req))
    return 202, None


def tagged(world, req):
    if req.match[1] != req.project:
        raise Refused(403, 'DNS.0013', 'another project')
    ptr = next((p for p in world.ptrs.values()
                if req.match[2] in (p['id'], world.config['region'] + ':' + p['eip']['id'])), None)
    if ptr is None:
        raise Refused(404, 'DNS.0507', 'The PTR record does not exist.')
    return ptr


def tags_get(world, req):
    return 200, {'tags': tagged(world, req)['tags']}


def tags_action(world, req):
    only(req.json, ['action', 'tags'], 'member')
    ptr = tagged(world, req)
    keys = {t['key'] for t in req.json['tags']}
    kept = [t for t in ptr['tags'] if t['key'] not in keys]
    new = req.json['tags'] if req.json['action'] == 'create' else []
    check_tags(kept + new)
    ptr['tags'] = kept + new
    return 204, None


def zones(world, req):
    only(req.query, ['type', 'name', 'search_mode', 'limit'], 'parameter')
    if req.query.get('type') != 'public':
        raise wrong('zones without type=public')
    wanted = req.query.get('name', '').rstrip('.')
    exact = req.query.get('search_mode') == 'equal'
    return 200, {'zones': [
        {'id': i, 'name': z + '.', 'zone_type': 'public', 'status': 'ACTIVE', 'ttl': 300,
         'description': None, 'record_num': 2}
        for i, z in world.zones.items() if (z == wanted if exact else wanted in z)],
        'links': {}, 'metadata': {'total_count': 1}}


def set_view(world, one):
    return {**one, 'zone_name': world.zones[one['zone_id']] + '.', 'project_id': PROJECT,
            'description': one['description'] or None}


def the_zone(world, req):
    if req.match[1] not in world.zones:
        raise Refused(404, 'DNS.0302', 'This zone does not exist.')
    return req.match[1]


def sets_get(world, req):
    only(req.query, ['type', 'name', 'search_mode', 'limit'], 'parameter')
    zone, name = the_zone(world, req), req.query.get('name', '')
    exact = req.query.get('search_mode') == 'equal'
    found = [s for s in world.sets.values() if s['zone_id'] == zone and
             s['type'] == req.query.get('type', s['type']) and
             (s['name'] == name if exact else name.rstrip('.') in s['name'])]
    return 200, {'recordsets': [set_view(world, s) for s in found], 'links': {},
                 'metadata': {'total_count': len(found)}}


def check_set(world, zone, body):
    if not HOST.match(body['name']) or not body['name'].endswith(world.zones[zone] + '.'):
        raise Refused(400, 'DNS.0304', 'Invalid name of record set.')
    pattern = r'^\d+\.\d+\.\d+\.\d+$' if body['type'] == 'A' else r'^[0-9a-f:]+$'
    if not body['records'] or not all(re.match(pattern, r) for r in body['records']):
        raise Refused(400, 'DNS.0308', 'Invalid value of record set.')
    if not 1 <= body['ttl'] <= 2147483647:
        raise Refused(400, 'DNS.0319', 'TTL out of range.')


def write_set(world, req, zone, one):
    names = world.zones[zone]
    world.settle(one, req.fault, lambda: nsupdate(
        names, one['name'].rstrip('.'), one['type'], one['ttl'], one['records']))


def sets_post(world, req):
    only(req.json, ['name', 'type', 'ttl', 'records', 'description'], 'member')
    zone = the_zone(world, req)
    check_set(world, zone, req.json)
    for s in world.sets.values():
        if s['name'] == req.json['name'] and s['type'] in (req.json['type'], 'CNAME'):
            raise Refused(400, 'DNS.0312', f"Attribute 'name' conflicts with Record Set '{s['name']}' "
                          f"type '{s['type']}' in line 'default_view'.")
    one = world.add_set(zone, req.json, 'PENDING_CREATE')
    write_set(world, req, zone, one)
    return 202, set_view(world, one)


def the_set(world, req):
    one = world.sets.get(req.match[2])
    if one is None or one['zone_id'] != the_zone(world, req):
        raise Refused(404, 'DNS.0313', 'This record set does not exist.')
    if one['status'].startswith('PENDING') and req.command != 'GET':
        raise Refused(409, 'DNS.0314', 'The record set is not in a steady state.')
    if one['default'] and req.command != 'GET':
        raise Refused(403, 'DNS.0318', 'A default record set cannot be changed.')
    return one


def set_put(world, req):
    only(req.json, ['name', 'type', 'ttl', 'records', 'description'], 'member')
    one = the_set(world, req)
    check_set(world, one['zone_id'], req.json)
    one.update(records=req.json['records'], ttl=req.json['ttl'], status='PENDING_UPDATE')
    write_set(world, req, one['zone_id'], one)
    return 202, set_view(world, one)


def set_delete(world, req):
    one = the_set(world, req)
    one.update(status='PENDING_DELETE', records=[])

    def gone():
        del world.sets[one['id']]
        nsupdate(world.zones[one['zone_id']], one['name'].rstrip('.'), one['type'], 300, [])
    world.settle(one, req.fault, gone)
    return 202, set_view(world, one)


def metadata_token(world, req):
    if not world.config['metadata_token']:
        return 404, None
    if not re.fullmatch(r'\d+', req.headers_lower.get('x-metadata-token-ttl-seconds', '')):
        raise wrong('no X-Metadata-Token-Ttl-Seconds')
    token = uuid.uuid4().hex
    world.metadata_tokens.add(token)
    return 200, token


def metadata_allowed(world, req):
    token = req.headers_lower.get('x-metadata-token')
    if world.config['metadata_token'] and token not in world.metadata_tokens:
        raise Refused(401, '', 'token')


def securitykey(world, req):
    metadata_allowed(world, req)
    if not world.config['agency']:
        raise Refused(401, '', 'an agency must be configured')
    access, key = next((a, k) for a, k in world.config['keys'].items() if 'token' in k)
    return 200, {'credential': {'access': access, 'secret': key['sk'],
                                'securitytoken': key['token'],
                                'expires_at': '2099-01-08T03:50:07.574000Z'}}


def meta_data(world, req):
    metadata_allowed(world, req)
    return 200, {'region_id': world.config['region'], 'project_id': PROJECT, 'uuid': 'x'}


ID, EIP = r'([0-9a-zA-Z-]+)', r'([a-z0-9-]+):([0-9a-zA-Z-]+)'
# method, path, function, who may: an account, its project, or anybody
ROUTES = [(m, re.compile(p), f, who) for m, p, f, who in [
    ('GET', r'/v3/projects', projects, 'account'),
    ('POST', r'/v3/auth/tokens', login, 'anybody'),
    ('GET', rf'/v1/{ID}/publicips', publicips, 'project'),
    ('GET', rf'/v2/reverse/floatingips/{EIP}', v2_get, 'project'),
    ('PATCH', rf'/v2/reverse/floatingips/{EIP}', v2_patch, 'project'),
    ('GET', r'/v2/reverse/floatingips', v2_list, 'project'),
    ('GET', r'/v2\.1/ptrs', v21_list, 'project'),
    ('POST', r'/v2\.1/ptrs', v21_post, 'project'),
    ('GET', rf'/v2\.1/ptrs/{ID}', v21_get, 'project'),
    ('PUT', rf'/v2\.1/ptrs/{ID}', v21_put, 'project'),
    ('DELETE', rf'/v2\.1/ptrs/{ID}', v21_delete, 'project'),
    ('GET', rf'/v2/{ID}/DNS-ptr_record/([0-9a-zA-Z:-]+)/tags', tags_get, 'project'),
    ('POST', rf'/v2/{ID}/DNS-ptr_record/([0-9a-zA-Z:-]+)/tags/action', tags_action, 'project'),
    ('GET', r'/v2/zones', zones, 'project'),
    ('GET', rf'/v2/zones/{ID}/recordsets', sets_get, 'project'),
    ('POST', rf'/v2/zones/{ID}/recordsets', sets_post, 'project'),
    ('PUT', rf'/v2/zones/{ID}/recordsets/{ID}', set_put, 'project'),
    ('DELETE', rf'/v2/zones/{ID}/recordsets/{ID}', set_delete, 'project'),
    ('PUT', r'/meta-data/latest/api/token', metadata_token, 'anybody'),
    ('GET', r'/openstack/latest/securitykey', securitykey, 'anybody'),
    ('GET', r'/openstack/latest/meta_data\.json', meta_data, 'anybody'),
]]


# --- HTTP --------------------------------------------------------------------------------------

class Handler(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    wbufsize = 1 << 16 # head and body in one packet: else each reply waits for an ACK
    disable_nagle_algorithm = True
    world = None

    def log_message(self, format, *args):  # noqa: A002, the name is the base class's
        pass

    def read_request(self):
        self.headers_lower = {k.lower(): v for k, v in self.headers.items()}
        self.body = self.rfile.read(int(self.headers.get('Content-Length') or 0))
        parts = urlsplit(self.path)
        self.bare = parts.path
        self.query = dict(parse_qsl(parts.query, keep_blank_values=True))
        self.extra_headers, self.fault, self.json, self.date_offset = {}, None, None, 0
        self.eps = None

    def check_form(self):
        h = self.headers_lower
        if 'expect' in h or 'transfer-encoding' in h or '%' in self.bare:
            raise wrong('Expect, Transfer-Encoding or an escape in the path')
        if self.body:
            if h.get('content-type') != 'application/json':
                raise wrong('Content-Type is not application/json')
            self.json = json.loads(self.body)
            if not isinstance(self.json, dict):
                raise Refused(400, 'DNS.0603', 'Invalid body.', True)

    def check_project(self, scope, who):
        self.project = self.headers_lower.get('x-project-id')
        if who != 'project':
            return
        if self.project is None:
            raise wrong('no X-Project-Id')
        if self.project not in [p['id'] for p in self.world.config['projects']] or \
                scope not in (None, self.project):
            raise Refused(403, 'DNS.0041', 'the project is not of this account or token')

    def dispatch(self):
        self.check_form()
        for method, pattern, function, who in ROUTES:
            self.match = pattern.fullmatch(self.bare)
            if self.match and method == self.command:
                if self.bare.startswith('/v2.1/') and not self.world.config['v21']:
                    break
                scope = authenticate(self.world, self) if who != 'anybody' else None
                self.check_project(scope, who)
                return function(self.world, self)
        raise Refused(404, 'APIGW.0101', 'The API does not exist or has not been published')

    def answer(self):
        world = self.world
        with world.lock:
            try:
                return self.dispatch()
            except Refused as e:
                if e.violation:
                    world.violations.append(f'{self.command} {self.path}: {e.message}')
                key = ('error_code', 'error_msg') if e.code.startswith('APIGW') else \
                    ('code', 'message')
                return e.status, {key[0]: e.code, key[1]: e.message, 'request_id': 'standin'}
            except (KeyError, TypeError, ValueError, AttributeError) as e:
                world.violations.append(f'{self.command} {self.path}: {e!r}')
                return 400, {'code': 'DNS.0002', 'message': repr(e)}

    def take_fault(self):
        with self.world.lock:
            for fault in self.world.faults:
                if fault.get('method', self.command) != self.command or \
                        not re.search(fault.get('path', ''), self.path):
                    continue
                if fault.get('skip', 0) > 0:
                    fault['skip'] -= 1
                elif fault.setdefault('times', 1) > 0:
                    fault['times'] -= 1
                    return fault
        return None

    def send_bytes(self, status, body, length=None):
        self.send_response_only(status)
        self.send_header('Date', formatdate(time.time() + self.date_offset, usegmt=True))
        self.send_header('X-Request-Id', 'standin-' + str(len(self.world.requests)))
        for name, value in self.extra_headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header('Content-Length', str(len(body) if length is None else length))
        self.end_headers()
        if status != 204:
            self.wfile.write(body)

    def send_json(self, status, value):
        if isinstance(value, str):
            self.extra_headers['Content-Type'] = 'text/plain'
            self.send_bytes(status, value.encode())
            return
        self.extra_headers.setdefault('Content-Type', 'application/json')
        self.send_bytes(status, json.dumps(value).encode())

    def refuse(self, fault):
        if 'retry_after' in fault:
            self.extra_headers['Retry-After'] = str(fault['retry_after'])
        self.send_json(fault['status'], {'code': fault.get('code', ''),
                                         'message': fault.get('message', 'injected')})

    def misbehave(self, fault):
        """The faults before the request is looked at; true when it is over."""
        kind = fault['kind']
        if kind == 'timeout':
            time.sleep(fault.get('seconds', 60))
        if kind in ('timeout', 'cut'):
            self.close_connection = True
        elif kind == 'status':
            self.refuse(fault)
        elif kind == 'redirect':
            self.extra_headers['Location'] = 'http://127.0.0.1:1/stolen'
            self.send_bytes(307, b'')
        elif kind == 'skew':
            self.date_offset = fault['seconds']
            self.send_json(401, {'error_code': 'APIGW.0303', 'error_msg': 'signature expired'})
        else:
            return False
        return True

    def distort(self, fault, status, value):
        """The faults of the reply to what was done."""
        kind, text = fault['kind'], json.dumps(value).encode()
        if kind == 'cut-after':
            self.close_connection = True
        elif kind == 'done-status':
            self.refuse(fault)
        elif kind == 'cut-body':
            self.send_bytes(status, text[:len(text) // 2], len(text) + 10)
            self.close_connection = True
        elif kind == 'body':
            self.send_bytes(status, fault['body'].encode())
        elif kind == 'huge':
            self.send_bytes(status, b'{"a":"' + b'x' * (5 << 20))
            self.close_connection = True
        else:
            self.send_json(status, value)

    def serve(self):
        self.read_request()
        if self.bare == '/_control':
            self.control()
            return
        with self.world.lock:
            self.world.requests.append({'method': self.command, 'path': self.path})
        self.fault = self.take_fault()
        if self.fault and self.misbehave(self.fault):
            return
        status, value = self.answer()
        if self.fault:
            self.distort(self.fault, status, value)
        else:
            self.send_json(status, value)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = serve

    def control(self):
        world = self.world
        with world.lock:
            if self.command == 'POST':
                order = json.loads(self.body)
                if 'reset' in order:
                    world = Handler.world = World(order['reset'])
                world.faults = order.get('faults', world.faults)
                world.config.update(order.get('set', {}))
                if order.get('forget'):
                    world.requests, world.violations = [], []
            self.send_json(200, {
                'requests': world.requests, 'violations': world.violations,
                'ptrs': [{**v21_view(world, p), 'tags': p['tags']} for p in world.ptrs.values()],
                'recordsets': [set_view(world, s) for s in world.sets.values()]})


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--config', help='JSON that replaces members of DEFAULTS')
    parser.add_argument('--port', type=int, default=0)
    args = parser.parse_args()
    config = {}
    if args.config:
        with open(args.config, encoding='utf-8') as f:
            config = json.load(f)
    only(config, DEFAULTS, 'config member')
    Handler.world = World(config)
    server = ThreadingHTTPServer(('127.0.0.1', args.port), Handler)
    server.daemon_threads = True
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == '__main__':
    main()
