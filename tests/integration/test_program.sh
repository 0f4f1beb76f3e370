#!/usr/bin/env bash
# A provider of the user's own: the examples of data/examples, from no PTR record to a proven one and back,
# and programs that misbehave.
# variants: san
set -u
# shellcheck disable=SC2034 # some of them are used by the world alone
bin="" tmp="" dns="" world=() # by the world
# shellcheck disable=SC1091
source "$(dirname "${BASH_SOURCE[0]}")/fix_world.sh"
for program in jq nsupdate; do
	command -v "$program" >/dev/null || { echo "skip program: no $program"; exit 0; }
done
start_world
kill_at_library || echo "not ok kill_at: cannot be built"
state=$HOME/.local/state/mailready
fix() { timeout 60 "$bin" fix --timeout 20 "$@" "${world[@]}"; }
undo() { timeout 60 "$bin" undo "$(journal_of "$state")" --yes --timeout 20 --resolver "127.0.0.1#$dns"; }
M=mail.example.com

# What is sent and answered, by the schema: a program between mailready and the real one
export MAILREADY_PROGRAM_LOG=$tmp/said
cat >"$tmp/between" <<'PY'
#!/usr/bin/env python3
import json, os, subprocess, sys
request = sys.stdin.read()
run = subprocess.run([os.environ["MAILREADY_PROGRAM_REAL"]], input=request, text=True, stdout=subprocess.PIPE)
with open(os.environ["MAILREADY_PROGRAM_LOG"], "a") as log:
    print(json.dumps({"request": json.loads(request), "reply": run.stdout, "args": sys.argv[1:], "env": sorted(os.environ)}), file=log)
sys.stdout.write(run.stdout)
sys.exit(run.returncode)
PY
chmod 755 "$tmp/between"
export MAILREADY_PROGRAM=$tmp/between SOME_SECRET_OF_OTHERS=s3cret
follow_schema() {
	verdict "$1: requests and replies follow the schema" "$(python3 - "$tmp/said" <<-'PY' 2>&1 | tail -n 3
		import json, sys, jsonschema
		schema = json.load(open("data/program.schema.json"))
		seen = set()
		for line in open(sys.argv[1]):
		    said = json.loads(line)
		    jsonschema.Draft202012Validator(schema).validate(said["request"])
		    verb = said["request"]["verb"]
		    seen.add(verb)
		    if said["reply"]:
		        part = {"$schema": schema["$schema"], "$defs": schema["$defs"], "$ref": "#/$defs/" + verb}
		        jsonschema.Draft202012Validator(part).validate(json.loads(said["reply"]))
		    assert said["args"] == [], said["args"]
		    assert "SOME_SECRET_OF_OTHERS" not in said["env"] and "MAILREADY_PROGRAM_REAL" in said["env"], said["env"]
		assert seen == {"find", "get", "put", "poll"}, seen
	PY
	)"
	rm -f "$tmp/said"
}
whole_way() { # PREFIX ADDRESS PLACE
	expect "$1: plan" 1 "CHANGE" fix "$2" --name $M
	says "$1: the place" "$3"
	expect "$1: apply" 0 "PROVEN" fix "$2" --name $M --apply --yes
	holds "$1: the record is there" "$2" $M.
	expect "$1: again" 0 "nothing to do" fix "$2" --name $M --apply --yes
	expect "$1: undo" 0 "the old record is back" undo
	holds "$1: it is gone" "$2"
	expect "$1: an address of others" 1 "does not have the address 198.51.100.9" fix 198.51.100.9 --name $M --force-order
	expect "$1: providers" 0 "has the address" "$bin" providers "$2" "${world[@]}"
	expect "$1: a description" 65 "cannot store a description" fix "$2" --name $M --description x
	follow_schema "$1"
}

# --- the example in shell, with nsupdate
export MAILREADY_PROGRAM_REAL=$PWD/data/examples/provider-nsupdate.sh MAILREADY_PROGRAM_SERVER="127.0.0.1 $dns" \
	MAILREADY_PROGRAM_ZONE=113.0.203.in-addr.arpa MAILREADY_PROGRAM_KEY=$tmp/nsupdate.key
awk '/secret:/ { print "key \"upd\" { algorithm hmac-sha256; secret \"" $2 "\"; };" }' "$tmp/upd.key" >"$tmp/nsupdate.key"
whole_way shell 203.0.113.10 "10.113.0.203.in-addr.arpa in the zone 113.0.203.in-addr.arpa"
expect "shell: two names and a TTL" 0 "PROVEN" fix 203.0.113.50 --name a.example.com --name b.example.com --ttl 600 --apply --yes
holds "shell: both are there" 203.0.113.50 a.example.com. b.example.com.
expect "shell: with their TTL" 0 "TTL 600" "$bin" ptr show 203.0.113.50 "${world[@]}"
expect "shell: undo of both" 0 "PROVEN" undo
expect "shell: somebody's name" 1 "--replace" fix 203.0.113.30 --name new.example.com
MAILREADY_PROGRAM_SERVER="127.0.0.9 $dns" expect "shell: its server is silent: unknown" 69 "ended with status 69" fix 203.0.113.10 --name $M --timeout 10
kill_everywhere shell 203.0.113.10 $M --resolver "127.0.0.1#$dns"

# --- the example in Python, with a file that a command of the user's brings into the DNS
printf '{"203.0.113.10": [], "203.0.113.11": []}' >"$tmp/records.json"
cat >"$tmp/reload" <<'SH'
#!/bin/sh
python3 - "$1" <<'PY' | nsupdate -k "$MAILREADY_PROGRAM_KEY"
import json, os, sys
address, port = os.environ["MAILREADY_PROGRAM_SERVER"].split()
print(f"server {address} {port}\nzone 113.0.203.in-addr.arpa")
for ip, names in json.load(open(sys.argv[1])).items():
    owner = ip.split(".")[3] + ".113.0.203.in-addr.arpa."
    print(f"update delete {owner} PTR")
    for name in names:
        print(f"update add {owner} 300 PTR {name}.")
print("send")
PY
SH
chmod 755 "$tmp/reload"
export MAILREADY_PROGRAM_REAL=$PWD/data/examples/provider-file.py MAILREADY_PROGRAM_FILE=$tmp/records.json MAILREADY_PROGRAM_RELOAD=$tmp/reload
whole_way python 203.0.113.10 "203.0.113.10 in $tmp/records.json"
MAILREADY_PROGRAM_RELOAD=/bin/false expect "python: stored, but the reload fails: not a success" 1 "UNPROVEN" fix 203.0.113.10 --name $M --apply --yes --timeout 10

# --- interrupted while the program runs: it does not outlive the run, which is resumed
cat >"$tmp/slow" <<'SH'
#!/bin/sh
request=$(cat)
case $request in *"\"$MAILREADY_PROGRAM_STOPS\""*)
	sleep 100 &
	echo $! >"$MAILREADY_PROGRAM_LEFT.new"
	mv "$MAILREADY_PROGRAM_LEFT.new" "$MAILREADY_PROGRAM_LEFT"
	wait ;;
esac
printf %s "$request" | "$MAILREADY_PROGRAM_REAL"
SH
chmod 755 "$tmp/slow"
export MAILREADY_PROGRAM_REAL=$PWD/data/examples/provider-nsupdate.sh MAILREADY_PROGRAM_LEFT=$tmp/left
interrupt() { # NAME SIGNAL STATUS VERB COMMAND...
	local name=$1 signal=$2 status=$3 left pid got
	rm -f "$tmp/left"
	MAILREADY_PROGRAM=${slow-$tmp/slow} MAILREADY_PROGRAM_STOPS=$4 "${@:5}" >"$tmp/out" 2>"$tmp/err" </dev/null &
	pid=$!
	for ((i = 0; i < 100; i++)); do [[ -e $tmp/left ]] && break; sleep 0.1; done
	kill -"$signal" "$pid"
	wait "$pid"
	got=$?
	left=$(cat "$tmp/left")
	for ((i = 0; i < 100; i++)); do kill -0 "$left" 2>/dev/null || break; sleep 0.1; done
	verdict "interrupted: $name" "$([[ $got == "$status" ]] || echo "status $got: $(tail -n 3 "$tmp/err")"
		[[ $left -gt 0 ]] || echo "not called"; ((i <= 20)) || echo "gone after $i tenths of a second"; ! kill -0 "$left" 2>/dev/null || echo "it outlives us")"
}
interrupt "in a put" TERM 143 put "$bin" fix 203.0.113.10 --name $M --apply --yes --timeout 20 "${world[@]}"
expect "interrupted: resume" 0 "PROVEN" "$bin" fix --resume "$(journal_of "$state")" --timeout 20 --resolver "127.0.0.1#$dns"
expect "interrupted: undo" 0 "PROVEN" undo
interrupt "killed in a put" KILL 137 put "$bin" fix 203.0.113.10 --name $M --apply --yes --timeout 20 "${world[@]}"
expect "killed: resume" 0 "PROVEN" "$bin" fix --resume "$(journal_of "$state")" --timeout 20 --resolver "127.0.0.1#$dns"
expect "killed: undo" 0 "PROVEN" undo
HCLOUD_TOKEN=x interrupt "killed, with two accounts asked side by side" KILL 137 find "$bin" fix 203.0.113.10 --name $M --timeout 20 --endpoint hetzner=https://127.0.0.1:9 "${world[@]}"
HCLOUD_TOKEN=x interrupt "two accounts asked side by side" HUP 129 find "$bin" fix 203.0.113.10 --name $M --timeout 20 --endpoint hetzner=https://127.0.0.1:9 "${world[@]}"

# --- programs that misbehave: NAME STATUS WORD SCRIPT
misbehave() {
	printf '#!/bin/sh\n%s\n' "$4" >"$tmp/bad"
	chmod 755 "$tmp/bad"
	MAILREADY_PROGRAM=$tmp/bad expect "bad: $1" "$2" "$3" fix 203.0.113.10 --name $M --timeout 3
}
misbehave "nothing on standard output" 75 "is not a JSON object" 'true'
misbehave "not JSON" 75 "is not a JSON object" 'echo hello'
misbehave "a list" 75 "is not a JSON object" 'echo []'
misbehave "JSON cut off" 75 "is not a JSON object" 'printf "{\"id\": \"x"'
misbehave "an id that is a number" 75 "the reply to find" 'echo "{\"id\": 7}"'
misbehave "an id without end" 75 "longer than 255 bytes" 'printf "{\"id\": \"%0300d\"}" 0'
misbehave "names that are none" 75 "up to 10 names" 'if grep -q get; then echo "{\"names\": [\"a..b\"]}"; else echo "{\"id\": \"x\"}"; fi'
misbehave "an unknown state" 75 "'perhaps' is not known" 'if grep -q get; then echo "{\"names\": [], \"state\": \"perhaps\"}"; else echo "{\"id\": \"x\"}"; fi'
misbehave "control bytes" 69 'x1b[2J' 'printf "\033[2Jgone\n" >&2; exit 69'
misbehave "status 77" 77 "key refused" 'echo key refused >&2; exit 77'
misbehave "status 78" 78 "no key" 'echo no key >&2; exit 78'
misbehave "status 1" 75 "ended with status 1" 'exit 1'
misbehave "killed" 75 "ended by signal 9" 'kill -9 $$'
misbehave "endless output" 75 "wrote more than" 'head -c 100000 /dev/zero'
MAILREADY_PROGRAM=bad expect "a relative path" 78 "MAILREADY_PROGRAM: expected an absolute path" fix 203.0.113.10 --name $M
MAILREADY_PROGRAM=$tmp/none expect "not there" 78 "MAILREADY_PROGRAM: $tmp/none is not a program" fix 203.0.113.10 --name $M
chmod 777 "$tmp/bad"
MAILREADY_PROGRAM=$tmp/bad expect "writable by all" 78 "others than you and root can write" fix 203.0.113.10 --name $M
expect "named, but none is configured" 78 "name one in MAILREADY_PROGRAM, or as program of [provider]" env -u MAILREADY_PROGRAM timeout 60 "$bin" fix 203.0.113.10 --name $M --provider program "${world[@]}"

# --- named in the configuration
export MAILREADY_PROGRAM_REAL=$PWD/data/examples/provider-nsupdate.sh
mkdir -p "$HOME/.config/mailready"
conf() { printf '%s\n' "$@" >"$HOME/.config/mailready/config"; }
unset MAILREADY_PROGRAM
conf '[provider]' "program = $tmp/between"
expect "conf: plan" 1 "10.113.0.203.in-addr.arpa in the zone" fix 203.0.113.10 --name $M
expect "conf: providers" 0 "program     works" "$bin" providers "${world[@]}"
MAILREADY_PROGRAM=$tmp/none expect "conf: the variable goes first" 78 "MAILREADY_PROGRAM: $tmp/none is not a program" fix 203.0.113.10 --name $M
conf '[provider]' "program = $tmp/none"
expect "conf: not there" 78 "program of [provider] in the configuration: $tmp/none is not a program" fix 203.0.113.10 --name $M
conf '[provider]' "program = none"
expect "conf: a relative path" 78 "config:2: program: 'none'" fix 203.0.113.10 --name $M
conf '[providers]'
expect "conf: a section that there is not" 78 "did you mean [provider]?" fix 203.0.113.10 --name $M

# --- several of them: an account each
account() { # NAME JSON: a program whose account is a file of its own
	printf '%s' "$2" >"$tmp/$1.json"
	printf '#!/bin/sh\nMAILREADY_PROGRAM_FILE=%s exec %s\n' "$tmp/$1.json" "$PWD/data/examples/provider-file.py" >"$tmp/$1-program"
	chmod 755 "$tmp/$1-program"
}
export MAILREADY_PROGRAM_RELOAD=$tmp/reload
account left '{"203.0.113.10": [], "203.0.113.11": []}'
account right '{"203.0.113.11": [], "203.0.113.50": []}'
conf '[provider left]' "program = $tmp/left-program" '[provider right]' "program = $tmp/right-program"
expect "several: both are shown" 0 "left        works" "$bin" providers "${world[@]}"
says "several: the other" "right       works"
says "several: their titles" "Your program right"
expect "several: one of them tried" 0 "right       configured" "$bin" providers --provider left "${world[@]}"
"$bin" providers 203.0.113.10 --json "${world[@]}" >"$tmp/providers.json"
verdict "several: who has the address" "$(jq -r '.providers[] | select(.has_address) | .name' "$tmp/providers.json" | grep -vx left
	jq -e '[.providers[].name] | index("right")' "$tmp/providers.json" >/dev/null || echo "no right")"
expect "several: the one that has it" 1 "203.0.113.10 in $tmp/left.json" fix 203.0.113.10 --name $M
verdict "several: named in the plan" "$(fix 203.0.113.10 --name $M --json 2>/dev/null | jq -r .provider | grep -vx left)"
expect "several: the other one" 1 "203.0.113.50 in $tmp/right.json" fix 203.0.113.50 --name a.example.com --force-order
expect "several: two have it" 78 "two accounts have the address: Your program left (203.0.113.11 in $tmp/left.json) and Your program right" fix 203.0.113.11 --name $M --force-order
says "several: what to say then" "choose one with --provider left or --provider right"
expect "several: chosen" 1 "203.0.113.11 in $tmp/right.json" fix 203.0.113.11 --name $M --force-order --provider right
expect "several: no such provider" 64 "program, left, right or manual" fix 203.0.113.10 --name $M --provider lefd
expect "several: ptr show" 0 "203.0.113.50  no PTR record set" "$bin" ptr show 203.0.113.50 "${world[@]}"
printf 'address = 203.0.113.10\nehlo = %s\nprovider = left\n' $M >"$tmp/go.ini"
expect "several: preflight" 1 "--provider left" "$bin" preflight "$tmp/go.ini" "${world[@]}" --no-smtp --skip dnsbl
says "several: preflight says who" "through Your program left"
printf 'address = 203.0.113.10\nehlo = %s\nprovider = lefd\n' $M >"$tmp/go.ini"
expect "several: preflight: a typing error" 65 "did you mean left?" "$bin" preflight "$tmp/go.ini" "${world[@]}"
chmod 777 "$tmp/right-program"
expect "several: one cannot be asked" 1 "program of [provider right] in the configuration: others than you" fix 203.0.113.10 --name $M
chmod 755 "$tmp/right-program"
conf '[provider]' "program = $tmp/between" '[provider left]' "program = $tmp/left-program"
expect "several: beside [provider]" 78 "Your program left (203.0.113.10 in $tmp/left.json); choose one with --provider program or --provider left" fix 203.0.113.10 --name $M
MAILREADY_PROGRAM=$tmp/right-program expect "several: the variable is in the place of [provider]" 1 "203.0.113.10 in $tmp/left.json" fix 203.0.113.10 --name $M

# --- a journal finds its program by its name
conf '[provider left]' "program = $tmp/left-program" '[provider right]' "program = $tmp/right-program"
expect "journal: apply" 0 "PROVEN" fix 203.0.113.10 --name $M --apply --yes
verdict "journal: it names the program" "$(head -n 1 "$(journal_of "$state")" | jq -r .plan.provider | grep -vx left)"
conf '[provider right]' "program = $tmp/right-program"
expect "journal: its program is gone" 78 "its provider 'left' is unknown here: the configuration has no [provider left] with its program" undo
conf '[provider left]' "program = nothing"
expect "journal: the configuration has a fault" 78 "its provider 'left' is unknown: $HOME/.config/mailready/config:2: program: 'nothing'" undo
mv "$tmp/left-program" "$tmp/moved"
conf '[provider right]' "program = $tmp/right-program" '[provider left]' "program = $tmp/moved"
expect "journal: undo by the same name" 0 "PROVEN" undo
holds "journal: it is gone" 203.0.113.10
mv "$tmp/moved" "$tmp/left-program"
conf '[provider left]' "program = $tmp/slow" '[provider right]' "program = $tmp/right-program"
MAILREADY_PROGRAM_REAL=$tmp/left-program slow="" interrupt "in a put of one with a name" TERM 143 put "$bin" fix 203.0.113.10 --name $M --apply --yes --timeout 20 "${world[@]}"
conf '[provider left]' "program = $tmp/left-program" '[provider right]' "program = $tmp/right-program"
expect "journal: resume" 0 "PROVEN" "$bin" fix --resume "$(journal_of "$state")" --timeout 20 --resolver "127.0.0.1#$dns"
expect "journal: undo of what was resumed" 0 "PROVEN" undo
