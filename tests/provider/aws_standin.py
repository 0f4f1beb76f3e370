#!/usr/bin/env python3
"""A strict stand-in for the EC2 Query API (2016-11-15), Route 53 (aws_route53.py) and a server's metadata service.

usage: aws_standin.py

Prints its port on the first line, then serves on 127.0.0.1 until it is killed.  Written from the public
description: the API reference of DescribeAddresses, DescribeAddressesAttribute, ModifyAddressAttribute and
ResetAddressAttribute, "Signature Version 4 signing", "Instance Metadata Service Version 2".  It computes
each signature itself, knows each action's parameters, needs an A record that leads to the address before it
takes a PTR name, publishes after a while, and misbehaves when told to.

What is published is written into a real zone by dynamic update:
  STANDIN_DNS=127.0.0.1#PORT  STANDIN_DNS_KEY=hmac-sha256:NAME:BASE64

Control, without credentials:
  GET  /_control                state: requests (action, parameters, answer), addresses
  POST /_control {"set": {...}} changes the config, {"unset": NAME} takes a member away; {"faults": [...]} replaces
                 the faults; {"reset": 1}
A fault: {"action": NAME, "kind": KIND, "times": N}; KIND is one of (and as Route 53 says it, with 400 or 403)
  throttle  503 RequestLimitExceeded, not done      error     500 InternalError, but done
  denied    403 UnauthorizedOperation               html      502 from a gateway, not done
  cut       done, and the connection is closed      half      done, and half of the answer
  failed    done, but the update ends as FAILED     stuck     it stays PENDING
  skew      403 RequestExpired                      entities  200 with a document type
  prior     400 PriorRequestNotComplete             batch     400 InvalidChangeBatch
"""
import hashlib
import hmac
import json
import os
import re
import subprocess
import sys
import threading
import time
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, quote, urlsplit
from xml.sax.saxutils import escape

sys.dont_write_bytecode = True  # this is no place for it
import aws_route53

KEYS = {
    'AKIASTANDIN000000001': ('standinSecretKey/+0000000000000000000001', ''),
    'ASIASTANDIN000000001': ('standinTempSecret/00000000000000000000001', 'c2Vzc2lvbi10b2tlbg+/=='),
    'AKIAREADER0000000001': ('standinReaderSecret00000000000000000001', ''),
    'AKIAEC2ONLY000000001': ('standinEc2OnlySecret0000000000000000001', ''),
}
ACTIONS = {  # parameters: name pattern, and those that must be there
    'DescribeAddresses': (r'PublicIp\.1$|AllocationId\.1$', []),
    'DescribeAddressesAttribute': (r'AllocationId\.1$|Attribute$|MaxResults$|NextToken$', ['Attribute']),
    'ModifyAddressAttribute': (r'AllocationId$|DomainName$', ['AllocationId']),
    'ResetAddressAttribute': (r'AllocationId$|Attribute$', ['AllocationId', 'Attribute']),
}
DEFAULTS = {'region': 'eu-west-1', 'pending_s': 0.3, 'page': 1000, 'role': 'mail-role', 'more': 0,
            'addresses': ['203.0.113.25', '203.0.113.26']}
lock = threading.RLock()


class State:
    def __init__(self):
        self.config = dict(DEFAULTS)
        self.begin()

    def begin(self):
        self.requests, self.faults = [], []
        self.dns = aws_route53.Route53(self.config, lock)
        addresses = list(self.config['addresses'])
        addresses += ['198.18.%d.%d' % divmod(i, 256) for i in range(self.config['more'])]
        self.addresses = {'eipalloc-%017x' % i: {'ip': ip, 'name': '', 'update': None}
                          for i, ip in enumerate(addresses)}


state = State()


def nsupdate(ip, name):
    if 'STANDIN_DNS' not in os.environ or not ip.startswith('203.0.113.'):
        return
    owner = ip.split('.')[3] + '.113.0.203.in-addr.arpa.'
    lines = 'server %s\nzone 113.0.203.in-addr.arpa.\nupdate delete %s PTR\n' % (
        os.environ['STANDIN_DNS'].replace('#', ' '), owner)
    if name:
        lines += 'update add %s 300 PTR %s\n' % (owner, name)
    subprocess.run(['nsupdate', '-y', os.environ['STANDIN_DNS_KEY']], input=(lines + 'send\n').encode(), check=True)


def leads_to(name, ip):
    if 'STANDIN_DNS' not in os.environ:
        return True
    server, port = os.environ['STANDIN_DNS'].split('#')
    out = subprocess.run(['dig', '@' + server, '-p', port, '+short', '+tries=1', name, 'A'],
                         capture_output=True, check=True).stdout.decode().split()
    return ip in out


def signature_fault(handler, body, place):
    """What is wrong with the signature: (code, message), or None."""
    head = handler.headers
    m = re.fullmatch(r'AWS4-HMAC-SHA256 Credential=([A-Z0-9]+)/(\d{8})/([a-z0-9-]+)/([a-z0-9]+)/aws4_request, ?'
                     r'SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})', head.get('Authorization', ''))
    if not m:
        return 'MissingAuthenticationToken', 'Request is missing Authentication Token'
    key, day, region, service, signed, signature = m.groups()
    if key not in KEYS:
        return 'AuthFailure', 'AWS was not able to validate the provided access credentials'
    secret, token = KEYS[key]
    if head.get('X-Amz-Security-Token', '') != token:
        return 'AuthFailure', 'AWS was not able to validate the provided access credentials'
    if (region, service) != place:
        return 'SignatureDoesNotMatch', 'Credential should be scoped to a valid region'
    date = head.get('X-Amz-Date', '')
    if not re.fullmatch(r'\d{8}T\d{6}Z', date) or not date.startswith(day):
        return 'SignatureDoesNotMatch', 'no date'
    then = datetime.strptime(date, '%Y%m%dT%H%M%SZ').replace(tzinfo=timezone.utc).timestamp()
    if abs(time.time() - then) > 900:
        return 'RequestExpired', 'Request has expired.'
    names = signed.split(';')
    must = {'host', 'x-amz-date'} | ({'x-amz-security-token'} if token else set())
    if names != sorted(names) or not must <= set(names):
        return 'SignatureDoesNotMatch', 'headers that must be signed are not'
    parts = urlsplit(handler.path)
    query = sorted((quote(k, safe='-_.~'), quote(v, safe='-_.~')) for k, v in parse_qsl(parts.query, keep_blank_values=True))
    canonical = '\n'.join([
        handler.command, parts.path, '&'.join(k + '=' + v for k, v in query), *(n + ':' + re.sub(' +', ' ', head.get(n, '').strip()) for n in names), '',
        signed, hashlib.sha256(body).hexdigest()])
    scope = '/'.join([day, region, service, 'aws4_request'])
    text = '\n'.join(['AWS4-HMAC-SHA256', date, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    k = ('AWS4' + secret).encode()
    for part in (day, region, service, 'aws4_request'):
        k = hmac.new(k, part.encode(), hashlib.sha256).digest()
    if not hmac.compare_digest(hmac.new(k, text.encode(), hashlib.sha256).hexdigest(), signature):
        return 'SignatureDoesNotMatch', 'The request signature we calculated does not match the signature you provided.'
    return None


def item(allocation, one, attribute):
    inner = '<publicIp>%s</publicIp><allocationId>%s</allocationId>' % (one['ip'], allocation)
    if not attribute:
        return '<item>%s<domain>vpc</domain><tagSet><item><key>role</key><value>a&amp;b</value></item></tagSet></item>' % inner
    if one['name']:
        inner += '<ptrRecord>%s</ptrRecord>' % escape(one['name'])
    if one['update']:
        inner += '<ptrRecordUpdate><value>%s</value><status>%s</status><reason>%s</reason></ptrRecordUpdate>' % tuple(
            escape(one['update'][k]) for k in ('value', 'status', 'reason'))
    return '<item>%s</item>' % inner


def settle(allocation, name, kind):
    with lock:
        one = state.addresses.get(allocation)
        if one is None or kind == 'stuck':
            return
        if kind == 'failed':
            one['update'].update(status='FAILED', reason='The name servers refused it')
            return
        one['name'], one['update'] = name, None
        nsupdate(one['ip'], name)


def change(allocation, name, kind):
    one = state.addresses.get(allocation)
    if one is None:
        return 400, 'InvalidAllocationID.NotFound', "The allocation ID '%s' does not exist" % allocation
    if name and not leads_to(name, one['ip']):
        return 400, 'InvalidParameterValue', 'The domain name must have an A record with the address'
    if one['update']:
        return 400, 'IncorrectState', 'An update is in progress'
    one['update'] = {'value': name, 'status': 'PENDING', 'reason': ''}
    timer = threading.Timer(state.config['pending_s'], settle, (allocation, name, kind))
    timer.daemon = True
    timer.start()
    return 200, 'address', item(allocation, one, True)[6:-7]


def act(form, kind, key):
    """(status, code, message) of an error, (200, element, XML) else."""
    action = form.get('Action')
    if action not in ACTIONS:
        return 400, 'InvalidAction', 'The action %s is not valid for this web service.' % action
    if form.get('Version') != '2016-11-15':
        return 400, 'InvalidParameterValue', 'version'
    pattern, must = ACTIONS[action]
    for name, value in form.items():
        if name not in ('Action', 'Version') and not re.match(pattern, name):
            return 400, 'UnknownParameter', 'The parameter %s is not recognized' % name
        if value == '':
            return 400, 'MissingParameter', 'empty ' + name
    for name in must:
        if name not in form:
            return 400, 'MissingParameter', 'The request must contain the parameter ' + name
    if form.get('Attribute', 'domain-name') != 'domain-name':
        return 400, 'InvalidParameterValue', 'attribute'
    if key.startswith('AKIAREADER') and action.startswith(('Modify', 'Reset')):
        return 403, 'UnauthorizedOperation', 'You are not authorized to perform this operation.'
    if action == 'ModifyAddressAttribute':
        name = form.get('DomainName', '').rstrip('.').lower()
        if not re.fullmatch(r'([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]+', name):
            return 400, 'InvalidParameterValue', 'DomainName'
        return change(form['AllocationId'], name + '.', kind)
    if action == 'ResetAddressAttribute':
        return change(form['AllocationId'], '', kind)
    found = list(state.addresses.items())
    if 'PublicIp.1' in form:
        found = [x for x in found if x[1]['ip'] == form['PublicIp.1']]
        if not found:
            return 400, 'InvalidAddress.NotFound', "Address '%s' not found." % form['PublicIp.1']
    if 'AllocationId.1' in form:
        found = [x for x in found if x[0] == form['AllocationId.1']]
        if not found:
            return 400, 'InvalidAllocationID.NotFound', 'not found'
    if action == 'DescribeAddresses':
        return 200, 'addressesSet', ''.join(item(*x, False) for x in found)
    found = [x for x in found if x[1]['name'] or x[1]['update']]
    size = min(int(form.get('MaxResults', 1000)), state.config['page'])
    start = int(form.get('NextToken', 't0')[1:])
    text = '<addressSet>%s</addressSet>' % ''.join(item(*x, True) for x in found[start:start + size])
    if start + size < len(found):
        text += '<nextToken>t%d</nextToken>' % (start + size)
    return 200, '', text


class Handler(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *args):
        pass

    def answer(self, status, body, kind='text/xml;charset=UTF-8'):
        body = body.encode()
        self.send_response(status)
        self.send_header('Content-Type', kind)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def fail(self, status, code, message):
        self.answer(status, '<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>%s</Code><Message>%s'
                    '</Message></Error></Errors><RequestID>ea966190-f9aa</RequestID></Response>' % (code, escape(message)))

    def body(self):
        return self.rfile.read(int(self.headers.get('Content-Length', 0)))

    def do_PUT(self):
        ttl = self.headers.get('X-aws-ec2-metadata-token-ttl-seconds', '')
        good = self.path == '/latest/api/token' and re.fullmatch(r'[1-9]\d{0,4}', ttl)
        self.body()
        self.answer(200 if good else 400, 'metadata-token-0001' if good else '', 'text/plain')

    def do_GET(self):
        if self.path == '/_control':
            with lock:
                self.answer(200, json.dumps({'requests': state.requests, 'addresses': state.addresses,
                                             'sets': state.dns.sets}), 'application/json')
            return
        if self.path.startswith('/2013-04-01/'):
            with lock:
                self.call_dns(b'')
            return
        role, roles = state.config['role'], '/latest/meta-data/iam/security-credentials/'
        if self.headers.get('X-aws-ec2-metadata-token') != 'metadata-token-0001':
            self.answer(401, '', 'text/plain')
        elif self.path == '/latest/meta-data/placement/region':
            self.answer(200, state.config['region'], 'text/plain')
        elif role and self.path == roles:
            self.answer(200, role, 'text/plain')
        elif role and self.path == roles + role:
            key = 'ASIASTANDIN000000001'
            self.answer(200, json.dumps({'Code': 'Success', 'Type': 'AWS-HMAC', 'AccessKeyId': key,
                                         'SecretAccessKey': KEYS[key][0], 'Token': KEYS[key][1],
                                         'Expiration': '2099-01-01T00:00:00Z'}), 'application/json')
        else:
            self.answer(404, '', 'text/plain')

    def control(self, order):
        with lock:
            state.config.update(order.get('set', {}))
            state.config.pop(order.get('unset'), None)
            if 'reset' in order:
                state.begin()
            if 'faults' in order:
                state.faults = order['faults']
        self.answer(200, '{}', 'application/json')

    def do_POST(self):
        body = self.body()
        if self.path == '/_control':
            self.control(json.loads(body))
            return
        with lock:
            if self.path.startswith('/2013-04-01/'):
                self.call_dns(body)
            else:
                self.call(body)

    def fault_of(self, action):
        for f in state.faults:
            if f['action'] == action and f.get('times', 1) > 0:
                f['times'] = f.get('times', 1) - 1
                return f['kind']
        return None

    def call_dns(self, body):
        parts, kind = urlsplit(self.path), None
        action = '?'
        refusals = {'throttle': ('Throttling', 'Rate exceeded', 400), 'denied': ('AccessDenied', 'not authorized', 403),
                    'prior': ('PriorRequestNotComplete', 'still processing a prior request', 400),
                    'batch': ('InvalidChangeBatch', 'as told', 400), 'skew': ('RequestExpired', 'Request has expired.', 403)}
        try:
            action, groups = state.dns.action(self.command, parts.path)
            fault = signature_fault(self, body, ('us-east-1', 'route53'))
            if fault:
                raise aws_route53.Refused(*fault, 403)
            kind = self.fault_of(action)
            if kind in refusals:
                raise aws_route53.Refused(*refusals[kind])
            key = re.search('Credential=([A-Z0-9]+)/', self.headers['Authorization']).group(1)
            query = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
            status, text = 200, '' if kind == 'html' else state.dns.act(action, groups, query, body, key, kind)
        except aws_route53.Refused as refused:
            status, text = refused.status, refused.xml()
        state.requests.append([action, {'path': self.path}, status])
        if kind == 'html':
            self.answer(502, '<html><body><hr>Bad gateway<br></body></html>', 'text/html')
        elif kind == 'cut':
            self.close_connection = True
        elif kind == 'error':
            self.answer(500, aws_route53.Refused('InternalError', 'An internal error has occurred').xml())
        elif kind == 'entities':
            self.answer(200, '<!DOCTYPE a [<!ENTITY b "cc"><!ENTITY d "&b;&b;">]><a>&d;</a>')
        elif kind == 'empty':
            self.answer(200, '<Other/>')
        else:
            self.answer(status, text if kind != 'half' else text[:len(text) // 2])

    def call(self, body):
        if urlsplit(self.path).path != '/' or urlsplit(self.path).query:
            self.fail(404, 'InvalidAction', 'path')
            return
        fault = signature_fault(self, body, (state.config['region'], 'ec2'))
        form = dict(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True))
        if not self.headers.get('Content-Type', '').startswith('application/x-www-form-urlencoded'):
            fault = ('InvalidParameterValue', 'content type')
        if fault:
            state.requests.append([form.get('Action'), form, fault[0]])
            self.fail(403 if fault[0] != 'AuthFailure' else 401, *fault)
            return
        kind = self.fault_of(form.get('Action'))
        refusals = {'throttle': (503, 'RequestLimitExceeded', 'Request limit exceeded.'),
                    'denied': (403, 'UnauthorizedOperation', 'You are not authorized to perform this operation.'),
                    'skew': (403, 'RequestExpired', 'Request has expired.')}
        key = re.search('Credential=([A-Z0-9]+)/', self.headers['Authorization']).group(1)
        if kind in refusals:
            status, element, text = refusals[kind]
        elif kind == 'html':
            status, element, text = 502, '', ''
        else:
            status, element, text = act(form, kind, key)
        state.requests.append([form.get('Action'), form, status])
        self.reply(kind, form, status, element, text)

    def reply(self, kind, form, status, element, text):
        if kind == 'html':
            self.answer(502, '<html><body><hr>Bad gateway<br></body></html>', 'text/html')
        elif kind == 'cut':
            self.close_connection = True
        elif kind == 'entities':
            self.answer(200, '<!DOCTYPE a [<!ENTITY b "cc"><!ENTITY d "&b;&b;">]><a>&d;</a>')
        elif kind == 'error':
            self.fail(500, 'InternalError', 'An internal error has occurred')
        elif status != 200:
            self.fail(status, element, text)
        else:
            inner = '<%s>%s</%s>' % (element, text, element) if element else text
            whole = '<?xml version="1.0" encoding="UTF-8"?>\n<%sResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">' \
                '<requestId>59dbff89</requestId>%s</%sResponse>' % (form['Action'], inner, form['Action'])
            self.answer(200, whole if kind != 'half' else whole[:len(whole) // 2])


class Server(ThreadingHTTPServer):
    daemon_threads = True


server = Server(('127.0.0.1', 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
