#!/usr/bin/env python3
"""A provider for mailready (MAILREADY_PROGRAM, see mailready-providers(7)): PTR records in a file.

MAILREADY_PROGRAM_FILE names a JSON file {"ADDRESS": ["NAME", ...], ...}: addresses that are not in it are not
ours.  After each change the command in MAILREADY_PROGRAM_RELOAD is run, with the file as its argument; it
brings the file into the DNS.  Put the calls of your own API in the places of load() and store().
"""
import json
import os
import subprocess
import sys

DATA, TEMPORARY, CONFIGURATION = 65, 75, 78  # of sysexits.h: mailready tries again after 75 alone


def fail(status, text):
    print(text, file=sys.stderr)
    sys.exit(status)


def load(path):
    try:
        with open(path, encoding='utf-8') as file:
            return json.load(file)
    except (OSError, ValueError) as error:
        fail(CONFIGURATION, f'{path}: {error}')


def store(path, records):
    with open(path + '.new', 'w', encoding='utf-8') as file:
        json.dump(records, file, indent=1)
    os.replace(path + '.new', path)
    if subprocess.run([os.environ['MAILREADY_PROGRAM_RELOAD'], path], stdout=2, check=False).returncode != 0:
        fail(TEMPORARY, 'the records are stored, but the reload failed')


def answer(request, path):
    records = load(path)
    address, verb = request['address'], request['verb']
    if verb == 'find':
        return {'id': address if address in records else None, 'text': f'{address} in {path}'}
    if address not in records:
        fail(DATA, f'{address} is no longer in {path}')
    if verb == 'get':
        return {'names': records[address]}
    if verb == 'put':
        records[address] = request['record']['names'] if request['record'] else []
        store(path, records)
    return {'state': 'active'}


def main():
    path = os.environ.get('MAILREADY_PROGRAM_FILE') or fail(CONFIGURATION, 'MAILREADY_PROGRAM_FILE is not set')
    print(json.dumps(answer(json.load(sys.stdin), path)))


if __name__ == '__main__':
    main()
