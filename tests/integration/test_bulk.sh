#!/usr/bin/env bash
# Many addresses: blocks and ranges, order, bad input, shards and merge, and runs that are ended at
# any moment and continued.  BULK_KILLS says how often one is killed (10), BULK_ADDRESSES how
# many addresses it has at most (all of the lab's), LAB_BLOCKS how many times 256 the lab has (16).
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 70
if [[ -z ${LAB_DIR:-} ]]; then
	for program in nsd rbldnsd unbound dig python3; do
		PATH=$PATH:/usr/sbin command -v "$program" >/dev/null || {
			echo "skip bulk: no $program"
			exit 0
		}
	done
	exec tests/lab/lab --blocks "${LAB_BLOCKS:-16}" -- "$0"
fi
root=$PWD
bin=${MAILREADY:-$PWD/build/release/mailready}
tmp=$(mktemp -d "${TEST_TMP:-/tmp}/bulk.XXXXXX") || exit 70
mounted=
finish() {
	[[ -z $mounted ]] || umount "$mounted"
	rm -rf "$tmp"
}
trap finish EXIT
cd "$tmp" || exit 70
failed=0
dns=(--allow-special --no-smtp --only "ptr,iprev" --resolver "$LAB_RESOLVER"
	--authority-port "$LAB_AUTHORITY_PORT" --timeout 8)
reports=("$root/tests/integration/bulk_reports.py")

verdict() { # NAME WHY: ok without WHY
	if [[ -z $2 ]]; then
		echo "ok $1"
	else
		echo "not ok $1: $(tr '\n' ' ' <<<"$2" | head -c 500)"
		failed=1
	fi
}

# NAME STATUS WORD COMMAND...: WORD must stand on standard error ("" = it must be empty)
expect() {
	local name=$1 status=$2 word=$3 why="" got=0
	shift 3
	"$@" >out 2>err </dev/null || got=$?
	[[ $got == "$status" ]] || why="exit $got, expected $status: $(head -c 300 err)"
	if [[ -n $word ]]; then
		grep -qF -- "$word" err || why+=" stderr does not say '$word': $(head -c 300 err)"
	elif [[ -s err ]]; then
		why+=" stderr is not empty: $(head -c 300 err)"
	fi
	verdict "$name" "$why"
}

# --- blocks and ranges: every address once, in order when that is asked for
"${reports[@]}" expand 198.18.0.0/24 198.18.1.5-198.18.2.4 2001:db8:1:1::/121 192.0.2.1 >wanted
targets=(198.18.0.0/24 198.18.1.5-198.18.2.4 2001:db8:1:1::/121 192.0.2.1)
expect "blocks and ranges" 1 "" "$bin" check "${targets[@]}" "${dns[@]}" -f jsonl
verdict "every address once" "$("${reports[@]}" addresses out | sort | diff - <(sort wanted) | head -n 5)"
cp out any-order
printf '%s\n' "${targets[@]}" >list
expect "the same from a list, in order" 1 "" "$bin" check -i list --ordered "${dns[@]}" -f jsonl
verdict "is in order" "$("${reports[@]}" addresses out | diff - wanted | head -n 5)"
verdict "and says the same" "$("${reports[@]}" same any-order out)"
expect "text is in order" 1 "" "$bin" check -i list "${dns[@]}" -f brief
verdict "every line" "$(awk '{ print $1 }' out | diff - wanted | head -n 5)"
expect "csv" 1 "" "$bin" check -i list --ordered "${dns[@]}" -f csv
verdict "says the same as jsonl" "$("${reports[@]}" csv out any-order)"
zcat_like() { printf '%s\n' 198.18.0.1 '198.18.0.2 mail.example # both' ''; }
# shellcheck disable=SC2016 # the inner shell's
expect "from a pipe" 1 "" bash -c '(cat list; sleep 0.3; echo 198.18.9.9) | "$@"' bash "$bin" check - "${dns[@]}" -f csv
verdict "to its end" "$([[ $(wc -l <out) == $(($(wc -l <wanted) + 2)) ]] || wc -l out)"

# What is known is written while the input is still open.
mkfifo pipe
"$bin" check - "${dns[@]}" -f jsonl <pipe >streamed 2>err &
pid=$!
exec 7>pipe
zcat_like >&7
for ((i = 0; i < 100; i++)); do
	[[ $(wc -l <streamed) != 2 ]] || break
	sleep 0.1
done
verdict "reports before the input ends" "$([[ $(wc -l <streamed) == 2 ]] || cat streamed err)"
# the pipe is shared: to make it non-blocking would be felt by others that read from it
flags=$(awk '/^flags:/ { print $2 }' "/proc/$pid/fdinfo/0")
verdict "the input stays as it was" "$( ((8#${flags:-4000} & 8#4000)) && echo "flags $flags")"
kill -INT "$pid"
wait "$pid"
status=$?
verdict "Ctrl-C while waiting for input" "$([[ $status == 130 ]] || echo "exit $status")$(grep -q interrupted err || cat err)"
exec 7>&-

# --- bad input: said with its number, and the rest goes on
printf '%s\n' 198.18.0.1 10.0.0.0/7 2001:db8::/64 198.18.0.9/24 198.18.0.9-198.18.0.2 no/target \
	198.18.0.3-x 'a b c d' $'\e[31m' 198.18.0.2 >bad
expect "bad lines" 65 "bad:2: \"10.0.0.0/7\"" "$bin" check -i bad "${dns[@]}" -f jsonl
for says in 'bad:2:.*--huge' 'bad:3:.*/104' 'bad:4:.*first address' 'bad:5:.*lower' 'bad:6:.*not an IPv4 or IPv6 address' \
	'bad:7:.*after the hyphen' 'bad:8:' 'bad:9:.*x1b'; do
	verdict "says $says" "$(grep -q -- "$says" err || echo "no: $(cat err)")"
done
verdict "the rest goes on" "$("${reports[@]}" addresses out | sort | diff - <(printf '198.18.0.1\n198.18.0.2\n'))"
expect "an IPv6 block with -4 is said once" 65 "IPv6 address, but only IPv4" "$bin" check -4 2001:db8::/104 198.18.0.1 \
	"${dns[@]}" -f jsonl
verdict "one line" "$([[ $(wc -l <err) == 1 ]] || wc -l err)"
: >empty
expect "empty input" 66 "no target" "$bin" check -i empty "${dns[@]}" -f jsonl
expect "empty standard input" 66 "no target" "$bin" check - "${dns[@]}" -f jsonl
printf '# nothing\n\n  # but this\n' >remarks
expect "remarks alone" 66 "no target" "$bin" check -i remarks "${dns[@]}" -f jsonl
expect "no such input" 66 "No such file" "$bin" check -i no-such-file "${dns[@]}" -f jsonl
printf '%s\n' nonsense 'no/target' >all-bad
expect "nothing but bad lines" 65 "all-bad:1: " "$bin" check -i all-bad "${dns[@]}" -f jsonl
expect "too large a block as a word" 65 "--huge" "$bin" check 0.0.0.0/0 "${dns[@]}"
expect "2^24 and one addresses" 65 "--huge" "$bin" check 9.0.0.0-10.0.0.0 "${dns[@]}"
expect "an IPv6 /103" 65 "/104" "$bin" check 2001:db8::/103 "${dns[@]}"
expect "an IPv6 /103 with --huge" 65 "/104" "$bin" check 2001:db8::/103 --huge "${dns[@]}"
# those that are not too large begin at once
for block in "10.0.0.0/8" "2001:db8::/104" "10.0.0.0/7 --huge"; do
	# shellcheck disable=SC2086 # two words
	"$bin" check $block "${dns[@]}" -f jsonl 2>err | head -n 3 >out
	verdict "$block" "$([[ $(wc -l <out) == 3 ]] || cat err)"
done

# --- a summary and progress
expect "summary" 1 "targets: " "$bin" check -i list "${dns[@]}" -f jsonl --summary
verdict "counts what was reported" "$("${reports[@]}" summary out err)"
expect "progress when asked for" 1 "/s" "$bin" check -i list "${dns[@]}" -f jsonl --progress

# --- ceilings: counted by the resolver, which notes the second of each question
control=(unbound-control -q -c "$LAB_DIR/unbound.conf")
seen() { # COMMAND...: runs it; the file seen then has the second of each question, names its name too
	"${control[@]}" set_option log-queries: yes
	local from
	from=$(wc -l <"$LAB_DIR/unbound.log")
	"$@"
	"${control[@]}" set_option log-queries: no
	tail -n "+$((from + 1))" "$LAB_DIR/unbound.log" | sed -n 's/^\[\([0-9]*\)\].* info: 127[0-9.]* \([^ ]*\) [A-Z0-9]* IN$/\1 \2/p' >names
	cut -d ' ' -f 1 names >seen
}
head -n 300 "$LAB_DIR/ips-4.txt" >some
seen expect "at most 200 questions a second" 1 "" "$bin" check -i some "${dns[@]}" --authority never -f jsonl --qps 200
# a busy machine hands some of a second's questions on in the next one
verdict "no second saw many more" "$(uniq -c seen | awk '$1 > 220 { print $1 " in second " $2 }')"
verdict "they were counted" "$([[ $(wc -l <seen) -ge 500 ]] || wc -l seen)"
verdict "every address all the same" "$("${reports[@]}" addresses out | sort | diff - <(sort some) | head -n 5)"
started=$(date +%s%N)
seen expect "at most 10 on the way" 1 "" "$bin" check -i some "${dns[@]/$LAB_RESOLVER/$LAB_DELAYED}" --authority never -f jsonl --window 10
ms=$((($(date +%s%N) - started) / 1000000)) least=$(($(wc -l <seen) * LAB_DELAY / 10))
verdict "takes as long as that must" "$( ((ms >= least && least > 1000)) || echo "$ms ms, expected $least")"

# --- one slow address before all others: its turn comes first, and of those behind it no more are
# looked up than may wait
slow=198.19.9.9
"${control[@]}" stub_add 9.19.198.in-addr.arpa. "${LAB_DEAD/\#/@}" >/dev/null
(echo "$slow" && for i in 1 2 3 4 5; do cat "$LAB_DIR/ips-4.txt"; done) >behind
behind() { # as expect; most is the most memory it took
	"$bin" check -i behind --ordered "${dns[@]}" --authority never --timeout 4 -f csv >out 2>err </dev/null &
	local now pid=$! status
	most=0
	while now=$(awk '/^VmHWM/ { print $2 }' "/proc/$pid/status" 2>/dev/null) && [[ $now ]]; do
		most=$now
		sleep 0.1
	done
	wait "$pid"
	status=$?
	verdict "one slow address before $(($(wc -l <behind) - 1)) others" "$([[ $status == 1 && ! -s err ]] || echo "exit $status: $(head -c 300 err)")"
}
seen behind
verdict "they are in order" "$(tail -n +2 out | cut -d , -f 1 | diff - behind | head -n 5)"
since=$(awk -v slow="9.9.19.198.in-addr.arpa." '$2 == slow { print $1; exit }' names)
early=$(awk -v since="$since" '$1 <= since + 2 && $2 ~ /in-addr[.]arpa[.]$/' names | wc -l)
verdict "others are looked up behind it" "$( ((since > 0 && early > 500)) || echo "$early since $since")"
verdict "but not all of them" "$( ((early < 10000 && early < $(wc -l <behind) / 2)) || echo "$early of $(wc -l <behind)")"
if [[ $bin != */san/* ]]; then
	verdict "memory is bounded" "$( ((most > 0 && most < 40960)) || echo "$most KiB")"
fi

# --- lists: what all targets have in common is asked once, and a dead list holds nobody up
on_lists=(--allow-special --no-smtp --cache none --only dnsbl --resolver "$LAB_RESOLVER" -f jsonl)
head -n 200 some >few
seen expect "200 addresses x 60 lists" 0 "" "$bin" check -i few "${on_lists[@]}" --lists "$LAB_DIR/lists-60.txt" --timeout 8
# 12,000 about addresses; asked for each of them, the test entries would be 24,000 more
verdict "test entries are asked once" "$([[ $(wc -l <seen) -lt 16000 && $(wc -l <seen) -ge 12000 ]] || wc -l seen)"
verdict "every list says what is true" "$("${reports[@]}" lists out)"
head -n 500 "$LAB_DIR/ips-4.txt" >several
seen expect "three of the lists are dead" 0 "" "$bin" check -i several "${on_lists[@]}" --lists "$LAB_DIR/lists-57+3dead.txt" --timeout 4
verdict "every address" "$("${reports[@]}" addresses out | sort | diff - <(sort several) | head -n 5)"
verdict "the living say what is true, the dead nothing" "$("${reports[@]}" silent out dead1.lists.example dead2.lists.example dead3.lists.example)"
# 16 on the way to each until they are known to be dead, one a second from then on; each sent twice
asked=$(grep -c ' [0-9.]*\.198\.dead[123]\.lists' names)
verdict "the dead are asked little" "$( ((asked >= 30 && asked < 300)) || echo "$asked questions")"

# --- shards: their union is the whole, and each address stands in one of them
head -n "${BULK_ADDRESSES:-1000000}" "$LAB_DIR/ips-4.txt" >addresses
sort addresses >sorted
expect "the whole" 1 "" "$bin" check -i addresses "${dns[@]}" -f jsonl
cp out whole
verdict "every address once" "$("${reports[@]}" addresses whole | sort | diff - sorted | head -n 5)"
for i in 1 2 3 4 5; do
	expect "shard $i of 5" 1 "" "$bin" check -i addresses --shard "$i/5" "${dns[@]}" -f jsonl -o "shard-$i.jsonl"
done
verdict "the shards are the whole" "$("${reports[@]}" addresses shard-?.jsonl | sort | diff - sorted | head -n 5)"
sort -R addresses >shuffled
expect "shard of the same in another order" 1 "" "$bin" check -i shuffled --shard 2/5 "${dns[@]}" -f jsonl
verdict "is the same shard" "$("${reports[@]}" same out shard-2.jsonl)"
expect "merge" 1 "targets: " "$bin" merge shard-?.jsonl --summary
verdict "is sorted" "$("${reports[@]}" sorted out)"
verdict "says the same as the whole" "$("${reports[@]}" same out whole)"
verdict "and its summary too" "$("${reports[@]}" summary out err)"
"${reports[@]}" older shard-1.jsonl >old.jsonl
expect "merge of two times" 1 "" "$bin" merge shard-1.jsonl old.jsonl -o merged
verdict "keeps the later" "$("${reports[@]}" same merged shard-1.jsonl)"
head -c 1000 shard-1.jsonl | tail -c 900 >part-of-line
(echo '{"schema": "other/1"}'; echo '[]'; cat part-of-line) >broken
expect "merge of what is no report" 65 "broken:1: " "$bin" merge broken shard-2.jsonl
verdict "keeps the others" "$("${reports[@]}" same out shard-2.jsonl)"
expect "merge of nothing" 66 "no report" "$bin" merge empty
expect "merge of no file" 64 "usage:" "$bin" merge
expect "merge of a pipe" 66 "regular" "$bin" merge pipe
if command -v parallel >/dev/null; then
	# the recipe of the manual page; each task is a process of its own, two at a time
	parallel --version >/dev/null 2>&1
	parallel --will-cite -j 2 "$bin" check --input addresses --shard '{}/7' "${dns[@]}" \
		--format jsonl --output 'part-{}.jsonl' ::: 1 2 3 4 5 6 7 >out 2>err </dev/null
	verdict "GNU parallel" "$([[ $? -le 7 && ! -s err ]] || cat err)"
	expect "merge of its parts" 1 "" "$bin" merge part-?.jsonl
	verdict "is the whole" "$("${reports[@]}" same out whole)"
else
	echo "skip GNU parallel: it is not installed"
fi

# --- killed at any moment, and continued
resume=("$bin" check -i addresses "${dns[@]}" -f jsonl --resume state --output results)
kills=${BULK_KILLS:-10}
n=$(wc -l <addresses) all=$(stat -c %s whole)
# At this rate the whole takes five seconds and more.  Every other run is ended where it should be in
# the output, the others at a moment after they began.
for ((i = 1; i <= kills; i++)); do
	"${resume[@]}" --qps $((n * 2 / 5)) 2>err &
	pid=$!
	if ((i % 2)); then
		until=$((all * (100 * i - RANDOM % 90) / (100 * (kills + 1))))
		while kill -0 "$pid" 2>/dev/null && (($(stat -c %s results 2>/dev/null || echo 0) < until)); do :; done
	else
		sleep "0.$(printf %03d $((RANDOM % 100)))"
	fi
	kill -9 "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
	status=$?
	[[ $status == 137 && ! -s err ]] || verdict "run $i" "exit $status before it was killed: $(cat err)"
done
before=$("${reports[@]}" addresses results 2>/dev/null | wc -l)
verdict "no run came to its end" "$( ((before < n)) || echo "$before addresses")"
expect "the last run, after $before of $n addresses" 1 "" "${resume[@]}"
verdict "killed $kills times, every address is there once" "$("${reports[@]}" addresses results | sort | diff - sorted | head -n 5)"
verdict "and says the same" "$("${reports[@]}" same results whole)"
cp results finished
echo precious >precious
ln -sf precious state.mailready-new
expect "once more: nothing is left to do" 1 "$(wc -l <addresses) targets: " "${resume[@]}" --summary
verdict "nothing is written through a link beside the state" "$(grep -vx precious precious)$(find . -maxdepth 1 -name state -type l)"
verdict "and nothing is changed" "$(cmp results finished)"

# --- what was unknown in a run that is over
unknown=("$bin" check --again again "${dns[@]}" -f jsonl --output again)
grep -v '"verdict":"temperror","summary"' whole >known
awk '/"verdict":"fail","summary"/ && n++ < 5 { sub(/"verdict":"fail"/, "\"verdict\":\"temperror\"") } 1' known >again
expect "what was unknown is asked again" 1 "" "${unknown[@]}"
verdict "and nothing else is changed" "$("${reports[@]}" same again known)"
expect "nothing is unknown any more" 0 "no target is unknown" "${unknown[@]}"
printf '{"schema":' >>again
expect "a file that is cut" 65 "again:$(($(wc -l <known) + 1)): the last line is cut" "${unknown[@]}"
expect "both at once" 64 "cannot go together" "${unknown[@]}" --resume state
closed=(--resolver 127.0.0.1#1 --timeout 0.2 --authority never --no-smtp --skip dnsbl --allow-special -f csv)
given='mail.example.com,example.net,a@example.com,example.com,example.com/s1 example.net'
"$bin" check "$(head -n 1 addresses)" --helo mail.example.com --domain example.net --mail-from a@example.com --from example.com \
	--dkim example.com/s1 --dkim example.net "${closed[@]}" >again.csv
verdict "csv: what was given stands in it" "$(tail -n 1 again.csv | grep -q ",temperror,.*,,$given"$'\r$' || cat again.csv)"
"$bin" check --again again.csv "${dns[@]}" -f csv --output again.csv
verdict "csv: it is asked again, as it was given" \
	"$(tail -n 1 again.csv | grep ",,$given"$'\r$' | grep -vq ,temperror, || echo "no: $(cat again.csv)")"

# --- a state of something else
expect "other options" 65 'checks was "ptr,iprev"' "${resume[@]}" --skip iprev
expect "another shard" 65 'shard was "1/1"' "${resume[@]}" --shard 2/3
expect "another format" 65 'format was "jsonl"' "${resume[@]}" -f csv
expect "another input" 65 "input was" "${resume[@]/addresses/shuffled}"
expect "another output" 65 "not the output" "${resume[@]/results/others}"
verdict "leaves the output alone" "$(cmp results finished)"
sed '2s/ [0-9]/ 9/' state >state-changed
# the state of another version is whole, and says so
"${reports[@]}" version state 0.0.9 >state-of-version-0.0.9
expect "a state of another version" 65 'version was "0.0.9"' "${resume[@]/#state/state-of-version-0.0.9}"
expect "a state that was changed" 65 "line 2 is damaged" "${resume[@]/state/state-changed}"
expect "no state at all" 65 "not a state file" "${resume[@]/state/empty}"
expect "an output whose state is gone" 65 "its state" "${resume[@]/state/no-state}"
flock --no-fork results sleep 5 &
pid=$!
sleep 0.3
expect "two runs at a time" 75 "another run" "${resume[@]}"
kill "$pid"
wait "$pid" 2>/dev/null

# --- a machine that died: neither the end of the output is on disk nor that of the state
lost=("$bin" check -i addresses "${dns[@]}" -f jsonl --resume state-lost --output lost)
"${lost[@]}" --qps 4000 2>err &
pid=$!
for ((i = 0; i < 100; i++)); do
	[[ $(stat -c %s lost 2>/dev/null || echo 0) -lt 200000 ]] || break
	sleep 0.02
done
kill -9 "$pid"
wait "$pid" 2>/dev/null
size=$(stat -c %s lost)
truncate -s $((size / 2)) lost
truncate -s "$size" lost
head -c -5 state-lost >cut-state
mv cut-state state-lost
expect "output that ends with zeroes, state that is cut" 1 "" "${lost[@]}"
verdict "says the same" "$("${reports[@]}" same lost whole)"

# --- Ctrl-C
"$bin" check -i addresses "${dns[@]}" -f csv --qps 2000 --resume state-c --output interrupted 2>err &
pid=$!
for ((i = 0; i < 100; i++)); do
	[[ $(stat -c %s interrupted 2>/dev/null || echo 0) -lt 20000 ]] || break
	sleep 0.02
done
kill -INT "$pid"
wait "$pid"
status=$?
verdict "Ctrl-C" "$([[ $status == 130 ]] || echo "exit $status")$(grep -q 'the same command' err || cat err)"
expect "goes on" 1 "" "$bin" check -i addresses "${dns[@]}" -f csv --resume state-c --output interrupted
verdict "every address once" "$("${reports[@]}" csv interrupted whole)"
# at this rate it is on the way for many seconds
"$bin" check -i addresses "${dns[@]}" --json --qps 500 >json 2>err &
pid=$!
sleep 0.3
kill -TERM "$pid"
wait "$pid"
status=$?
verdict "SIGTERM" "$([[ $status == 143 ]] || echo "exit $status")$(python3 -m json.tool json 2>&1 >/dev/null)"

# --- a full disk
mkdir full
if mount -t tmpfs -o size=300k tmpfs full 2>/dev/null; then
	mounted=$tmp/full
	full=("$bin" check -i addresses "${dns[@]}" -f jsonl --resume full/state --output full/results)
	expect "full disk" 74 "No space left" "${full[@]}"
	verdict "says what is safe" "$(grep -qE '[0-9]+ targets are safe' err || echo "no: $(cat err)")"
	verdict "ends with a whole line" "$([[ $(tail -c 1 full/results | od -An -c) == *'\n'* ]] || tail -c 50 full/results)"
	mount -o remount,size=100m full
	expect "goes on when there is room" 1 "" "${full[@]}"
	verdict "says the same" "$("${reports[@]}" same full/results whole)"
	umount full
	mounted=
	mount -t tmpfs -o size=12k tmpfs full && mounted=$tmp/full
	full=("$bin" check -i addresses "${dns[@]}" -f jsonl --resume full/state --output beside)
	expect "full disk of the state" 74 "No space left" "${full[@]}"
	verdict "says what is safe" "$(grep -qE '[0-9]+ targets are safe' err || echo "no: $(cat err)")"
	mount -o remount,size=100m full
	expect "goes on when there is room" 1 "" "${full[@]}"
	verdict "says the same" "$("${reports[@]}" same beside whole)"
else
	echo "skip full disk: no right to mount one"
fi
# shellcheck disable=SC2016 # the inner shell's
expect "a limit of the file's size" 74 "File too large" bash -c 'ulimit -f 200; "$@"' bash \
	"${resume[@]/#state/state-f}" --output limited --resume state-f
verdict "says what is safe" "$(grep -qE '[0-9]+ targets are safe' err || echo "no: $(cat err)")"
expect "goes on without it" 1 "" "$bin" check -i addresses "${dns[@]}" -f jsonl --resume state-f --output limited
verdict "says the same" "$("${reports[@]}" same limited whole)"
exit "$failed"
