"""Route 53 (2013-04-01) for aws_standin.py: hosted zones, record sets, changes.

Written from the public API reference of ListHostedZonesByName, ListResourceRecordSets,
ChangeResourceRecordSets, GetChange and "Common errors".  It refuses parameters and elements that the API does
not know, lists in pages, takes a batch as a whole or not at all, wants a deletion to repeat the set exactly,
and a change is PENDING for a while before it is INSYNC, when it is also written into the real zone.
"""
import ipaddress
import os
import re
import subprocess
import threading
import time
import xml.etree.ElementTree as ET
from xml.sax.saxutils import escape

NS = '{https://route53.amazonaws.com/doc/2013-04-01/}'
HEAD = '<?xml version="1.0"?>\n'
ZONES = [  # id, name, private
    ['Z0PRIVATE', 'example.com', True], ['Z1PUBLIC', 'example.com', False], ['Z2OTHER', 'example.net', False],
    ['Z3TWICE', 'twice.example.com', False], ['Z4TWICE', 'twice.example.com', False],
    ['Z5INSIDE', 'inside.example.com', True],
]
SETS = [  # zone, name, type, and what it holds
    ['Z1PUBLIC', 'multi.example.com', 'A', {'ttl': 600, 'values': ['198.51.100.7']}],
    ['Z1PUBLIC', 'multi.example.com', 'AAAA', {'ttl': 0, 'values': ['2001:db8::7']}],
    ['Z1PUBLIC', 'multi.example.com', 'TXT', {'ttl': 600, 'values': ['"a"']}],
    ['Z1PUBLIC', 'alias.example.com', 'A', {'alias': 'lb-1.eu-west-1.elb.amazonaws.com'}],
    ['Z1PUBLIC', 'weighted.example.com', 'A', {'ttl': 60, 'values': ['198.51.100.8'], 'id': 'one'}],
    ['Z1PUBLIC', 'weighted.example.com', 'A', {'ttl': 60, 'values': ['198.51.100.9'], 'id': 'two'}],
    ['Z1PUBLIC', 'pointer.example.com', 'CNAME', {'ttl': 60, 'values': ['mail25.example.com.']}],
    ['Z1PUBLIC', '\\052.wild.example.com', 'A', {'ttl': 60, 'values': ['198.51.100.8']}],
]


class Refused(Exception):
    def __init__(self, code, message, status=400):
        super().__init__(message)
        self.code, self.message, self.status = code, message, status

    def xml(self):
        if self.code == 'InvalidChangeBatch':
            return HEAD + ('<InvalidChangeBatch xmlns="%s"><Messages><Message>%s</Message></Messages><RequestId>b25f48e8'
                           '</RequestId></InvalidChangeBatch>' % (NS[1:-1], escape(self.message)))
        return HEAD + ('<ErrorResponse xmlns="%s"><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error>'
                       '<RequestId>b25f48e8</RequestId></ErrorResponse>' % (NS[1:-1], self.code, escape(self.message)))


def order(name):
    """Names are sorted by their labels from the right."""
    return name.rstrip('.').split('.')[::-1]


def publish(name, kind, new):
    if 'STANDIN_DNS' not in os.environ:
        return
    lines = ['server ' + os.environ['STANDIN_DNS'].replace('#', ' '), f'update delete {name}. {kind}']
    if new:
        lines += [f'update add {name}. {new["ttl"]} {kind} {value}' for value in new['values']]
    subprocess.run(['nsupdate', '-y', os.environ['STANDIN_DNS_KEY']], input='\n'.join(lines + ['send', '']).encode(),
                   check=True)


class Route53:
    def __init__(self, config, lock):
        self.config, self.lock = config, lock
        self.zones = [list(z) for z in config.get('zones', ZONES)]
        self.zones += [['ZF%06d' % i, 'f%06d.example.com' % i, False] for i in range(config.get('more_zones', 0))]
        self.zones.sort(key=lambda z: (order(z[1]), z[0]))
        self.sets = [[z, n, t, dict(s)] for z, n, t, s in SETS]
        self.changes, self.times = {}, []

    def limit(self):
        now = time.time()
        self.times = [t for t in self.times if t > now - 1] + [now]
        if len(self.times) > self.config.get('dns_rate', 1000):
            raise Refused('Throttling', 'Rate exceeded')

    def settle(self, change):
        with self.lock:
            self.changes[change]['done'] = True
            publish(*self.changes[change]['publish'])

    def action(self, method, path):
        for name, want, pattern in (
                ('ListHostedZonesByName', 'GET', r'/2013-04-01/hostedzonesbyname'),
                ('ListResourceRecordSets', 'GET', r'/2013-04-01/hostedzone/([A-Z0-9]{1,32})/rrset'),
                ('ChangeResourceRecordSets', 'POST', r'/2013-04-01/hostedzone/([A-Z0-9]{1,32})/rrset/'),
                ('GetChange', 'GET', r'/2013-04-01/change/([A-Z0-9]{1,32})')):
            found = re.fullmatch(pattern, path)
            if found and want == method:
                return name, found.groups()
        raise Refused('InvalidInput', 'unknown path ' + path, 404)

    def act(self, action, groups, query, body, key, kind):
        self.limit()
        allowed = {'ListHostedZonesByName': {'dnsname', 'hostedzoneid', 'maxitems'},
                   'ListResourceRecordSets': {'name', 'type', 'identifier', 'maxitems'}}.get(action, set())
        if set(query) - allowed or '' in query.values() or not 1 <= int(query.get('maxitems', 100)) <= 300:
            raise Refused('InvalidInput', 'parameters %s' % query)
        if action == 'ChangeResourceRecordSets' and key.startswith('AKIAREADER') or key.startswith('AKIAEC2ONLY'):
            raise Refused('AccessDenied', 'User: arn:aws:iam::123456789012:user/x is not authorized to perform: '
                          'route53:%s' % action, 403)
        text = getattr(self, action)(*groups, **({'body': body, 'kind': kind} if body else {'query': query}))
        return HEAD + '<%sResponse xmlns="%s">%s</%sResponse>' % (action, NS[1:-1], text, action)

    def ListHostedZonesByName(self, query):
        start = (order(query.get('dnsname', '')), query.get('hostedzoneid', ''))
        found = [z for z in self.zones if (order(z[1]), z[0]) >= start]
        size = min(int(query.get('maxitems', 100)), self.config.get('zone_page', 100))
        text = '<HostedZones>' + ''.join(
            '<HostedZone><Id>/hostedzone/%s</Id><Name>%s.</Name><CallerReference>x</CallerReference><Config><Comment>a&amp;b'
            '</Comment><PrivateZone>%s</PrivateZone></Config><ResourceRecordSetCount>2</ResourceRecordSetCount>'
            '</HostedZone>' % (z[0], z[1], str(z[2]).lower()) for z in found[:size]) + '</HostedZones>'
        text += '<IsTruncated>%s</IsTruncated>' % str(len(found) > size).lower()
        if len(found) > size:
            text += '<NextDNSName>%s.</NextDNSName><NextHostedZoneId>%s</NextHostedZoneId>' % (found[size][1], found[size][0])
        return text + '<MaxItems>%d</MaxItems>' % size

    def zone(self, number):
        for zone in self.zones:
            if zone[0] == number:
                return zone
        raise Refused('NoSuchHostedZone', 'No hosted zone found with ID: ' + number, 404)

    def ListResourceRecordSets(self, number, query):
        self.zone(number)
        if 'identifier' in query and 'type' not in query or 'type' in query and 'name' not in query:
            raise Refused('InvalidInput', 'identifier without type, or type without name')
        start = (order(query.get('name', '')), query.get('type', ''), query.get('identifier', ''))

        def place(one):
            return order(one[1]), one[2], one[3].get('id', '')
        found = sorted((s for s in self.sets if s[0] == number and place(s) >= start), key=place)
        size = min(int(query.get('maxitems', 100)), self.config.get('set_page', 100))
        text = '<ResourceRecordSets>' + ''.join(self.show(*s[1:]) for s in found[:size]) + '</ResourceRecordSets>'
        text += '<IsTruncated>%s</IsTruncated>' % str(len(found) > size).lower()
        if len(found) > size:
            _, name, kind, one = found[size]
            text += '<NextRecordName>%s.</NextRecordName><NextRecordType>%s</NextRecordType>' % (name, kind)
            if 'id' in one:
                text += '<NextRecordIdentifier>%s</NextRecordIdentifier>' % one['id']
        return text + '<MaxItems>%d</MaxItems>' % size

    @staticmethod
    def show(name, kind, one):
        text = '<Name>%s.</Name><Type>%s</Type>' % (name, kind)
        if 'id' in one:
            text += '<SetIdentifier>%s</SetIdentifier><Weight>1</Weight>' % one['id']
        if 'alias' in one:
            return ('<ResourceRecordSet>%s<AliasTarget><HostedZoneId>Z32O12XQLNTSW2</HostedZoneId><DNSName>%s.</DNSName>'
                    '<EvaluateTargetHealth>false</EvaluateTargetHealth></AliasTarget></ResourceRecordSet>' % (text, one['alias']))
        values = ''.join('<ResourceRecord><Value>%s</Value></ResourceRecord>' % escape(v) for v in one['values'])
        return '<ResourceRecordSet>%s<TTL>%d</TTL><ResourceRecords>%s</ResourceRecords></ResourceRecordSet>' % (
            text, one['ttl'], values)

    def ChangeResourceRecordSets(self, number, body, kind):
        zone = self.zone(number)
        root = ET.fromstring(body)
        change = root.find(f'{NS}ChangeBatch/{NS}Changes/{NS}Change')
        shape = [e.tag.replace(NS, '') for e in root.iter()]
        if shape[:8] != ['ChangeResourceRecordSetsRequest', 'ChangeBatch', 'Changes', 'Change', 'Action',
                         'ResourceRecordSet', 'Name', 'Type'] or shape[8:10] != ['TTL', 'ResourceRecords'] or \
                shape[10:] != ['ResourceRecord', 'Value'] * (len(shape[10:]) // 2) or len(shape) < 12:
            raise Refused('MalformedXML', ' '.join(shape))

        def text(name):
            return change.find(f'{NS}ResourceRecordSet/{NS}{name}').text
        action, name, record = change.find(f'{NS}Action').text, text('Name').rstrip('.'), text('Type')
        new = {'ttl': int(text('TTL')), 'values': [v.text for v in change.iter(f'{NS}Value')]}
        if name != zone[1] and not name.endswith('.' + zone[1]):
            raise Refused('InvalidChangeBatch', f'RRSet with DNS name {name}. is not permitted in zone {zone[1]}.')
        for value in new['values']:
            if ipaddress.ip_address(value).version != {'A': 4, 'AAAA': 6}[record]:
                raise Refused('InvalidChangeBatch', f'Invalid Resource Record: FATAL problem: {value}')
        if any(s[0] == number and s[1] == name and s[2] == 'CNAME' for s in self.sets):
            raise Refused('InvalidChangeBatch', f'RRSet of type {record} with DNS name {name}. is not permitted')
        old = [s for s in self.sets if s[:3] == [number, name, record]]
        if any('alias' in s[3] or 'id' in s[3] for s in old):
            raise Refused('InvalidChangeBatch', 'it would be overwritten')
        if action == 'DELETE' and [s[3] for s in old] != [new]:
            raise Refused('InvalidChangeBatch', f'Tried to delete resource record set {name}. type {record}, but it '
                          'was not found, or the values provided do not match the current values')
        self.sets = [s for s in self.sets if s not in old]
        if action == 'UPSERT':
            self.sets.append([number, name, record, new])
        elif action != 'DELETE':
            raise Refused('InvalidInput', action)
        change = 'C%d' % (len(self.changes) + 1)
        self.changes[change] = {'done': False, 'publish': (name, record, new if action == 'UPSERT' else None)}
        if kind != 'stuck':
            timer = threading.Timer(self.config['pending_s'], self.settle, (change,))
            timer.daemon = True
            timer.start()
        return self.info(change)

    def info(self, number):
        return '<ChangeInfo><Id>/change/%s</Id><Status>%s</Status><SubmittedAt>2026-11-30T00:00:00Z</SubmittedAt></ChangeInfo>' % (
            number, 'INSYNC' if self.changes[number]['done'] else 'PENDING')

    def GetChange(self, number, query):
        if number not in self.changes:
            raise Refused('NoSuchChange', 'A change with the specified change ID does not exist.', 404)
        return self.info(number)
