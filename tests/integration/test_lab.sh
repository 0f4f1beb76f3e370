#!/usr/bin/env bash
# The program against real name servers, block lists and a real resolver: everything it says about
# the lab's addresses is true, whatever the network does in between.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 70
if [[ -z ${LAB_DIR:-} ]]; then
	for program in nsd rbldnsd unbound dig python3; do
		PATH=$PATH:/usr/sbin command -v "$program" >/dev/null || {
			echo "skip lab: no $program"
			exit 0
		}
	done
	exec tests/lab/lab --loss 30 -- "$0"
fi
bin=${MAILREADY:-$PWD/build/release/mailready}
tmp=$(mktemp -d "${TEST_TMP:-/tmp}/lab.XXXXXX") || exit 70
failed=0
cd "$tmp" || exit 70

# NAME RESOLVER... -- OPTION...: reports about the addresses on standard input
reports() {
	local name=$1 status=0 servers=()
	shift
	while [[ $1 != -- ]]; do servers+=(--resolver "$1"); shift; done
	shift
	cat >"$name.in"
	"$bin" check --input "$name.in" --ordered --format jsonl --allow-special --no-smtp \
		--authority-port "$LAB_AUTHORITY_PORT" "${servers[@]}" "$@" >"$name.out" 2>"$name.err" || status=$?
	if ((status > 2)) || [[ -s $name.err ]]; then
		echo "not ok $name: exit status $status, $(head -c 300 "$name.err" | tr '\n' ' ')"
		failed=1
	fi
	if "$OLDPWD/tests/integration/validate_schema.py" "$name.out" >"$name.schema" 2>&1; then
		echo "ok $name: every report fits the schema"
	else
		echo "not ok $name: the schema: $(head -n 3 "$name.schema" | tr '\n' ' ')"
		failed=1
	fi
}

judged() { # WHAT NAME
	"$OLDPWD/tests/integration/lab_judge.py" "$1" "$2" "$2.out" "$2.in" || failed=1
}

edges=$LAB_DIR/ips-edge.txt v4=$LAB_DIR/ips-4.txt v6=$LAB_DIR/ips-6.txt
sixty=$LAB_DIR/lists-60.txt every=$LAB_DIR/lists-all.txt

reports edges "$LAB_RESOLVER" -- --lists "$sixty" --timeout 6 <"$edges"
judged addresses edges
reports bulk "$LAB_RESOLVER" -- --skip dnsbl --timeout 6 <"$v4"
judged addresses bulk
reports bulk-lists "$LAB_RESOLVER" -- --lists "$sixty" --timeout 6 < <(head -n 200 "$v4")
judged addresses bulk-lists
reports bulk6-lists "$LAB_RESOLVER" -- --lists "$sixty" --timeout 6 < <(head -n 200 "$v6")
judged addresses bulk6-lists
reports odd-lists "$LAB_RESOLVER" -- --lists "$every" --timeout 4 < <(head -n 10 "$v4")
judged lists odd-lists
reports ehlo "$LAB_RESOLVER" -- --skip dnsbl --timeout 6 \
	< <(sed 's/.*"ip": "\([^"]*\)", "ehlo": "\([^"]*\)".*/\1 \2/' "$LAB_DIR/ehlo.jsonl")
judged ehlo ehlo

# What the network does in between is not seen in the result.
for way in delayed lossy forged dead-then-alive; do
	case $way in
	delayed) servers=("$LAB_DELAYED") ;;
	lossy) servers=("$LAB_LOSSY") ;;
	forged) servers=("$LAB_FORGED") ;;
	dead-then-alive) servers=("$LAB_DEAD" "$LAB_RESOLVER") ;;
	esac
	reports "$way" "${servers[@]}" -- --lists "$sixty" --timeout 10 \
		< <(head -n 30 "$v4"; head -n 10 "$v6"; grep -vxF 192.0.2.33 "$edges")
	judged "$([[ $way == lossy ]] && echo lossy || echo addresses)" "$way"
done

# A domain means its mail servers, whatever the network does in between.
for way in RESOLVER DELAYED LOSSY FORGED; do
	resolver=LAB_$way wrong=
	while IFS=$'\t' read -r domain addresses said; do
		"$bin" check "$domain" --only address --format csv --allow-special --timeout 10 \
			--resolver "${!resolver}" >domain.out 2>domain.err
		rows=$(tail -n +2 domain.out | cut -d, -f1,2 | tr ',' ' ' | tr -d '\r')
		# what has no address has a row under its name, which is all that is known
		got=$(awk '$1 ~ /^[0-9.]+$|:/' <<<"$rows" | paste -sd,)
		: "${got:=-}"
		[[ -n $rows ]] || wrong+="$domain has no row; "
		[[ $got == "$addresses" ]] || wrong+="$domain: $got instead of $addresses; "
		if [[ $said != - ]]; then
			grep -qF -- "$said" domain.err || wrong+="$domain does not say $said; "
		elif [[ -s domain.err ]]; then
			wrong+="$domain says $(head -c 200 domain.err); "
		fi
	done <"$LAB_DIR/domains.tsv"
	if [[ -z $wrong ]]; then echo "ok domains, ${way,,}"; else echo "not ok domains, ${way,,}: $wrong"; failed=1; fi
done

# A resolver that never answers: nothing is good, nothing is bad, and it ends in time.
start=$(date +%s%N)
head -n 3 "$v4" >dead.in
"$bin" check --input dead.in --format jsonl --allow-special --no-smtp --resolver "$LAB_DEAD" \
	--authority-port "$LAB_AUTHORITY_PORT" --lists "$sixty" --timeout 2 >dead.out 2>dead.err
status=$?
ms=$((($(date +%s%N) - start) / 1000000))
told=$(python3 - dead.out <<'PYTHON'
import json, sys
for line in open(sys.argv[1], encoding="utf-8"):
    r = json.loads(line)
    got = (r["verdict"], r["ptr"]["status"], r["iprev"]["result"],
           sorted({e["state"] for e in r["lists"]}),
           sorted({f["verdict"] for f in r["findings"]} & {"fail", "pass"}))
    if got != ("temperror", "temperror", "temperror", ["unknown"], []):
        print(r["target"]["address"], got)
PYTHON
)
if ((status == 2 || status == 69)) && ((ms < 4000)) && [[ -z $told ]]; then
	echo "ok a dead resolver: all unknown, exit status $status"
else
	echo "not ok a dead resolver: exit status $status after $ms ms, $told $(head -c 200 dead.err)"
	failed=1
fi
exit "$failed"
