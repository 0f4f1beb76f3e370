#!/bin/sh
# A provider for mailready (MAILREADY_PROGRAM, see mailready-providers(7)): sets PTR records with nsupdate.
# Needs jq, dig and nsupdate.  MAILREADY_PROGRAM_SERVER is "ADDRESS PORT" of the primary server,
# MAILREADY_PROGRAM_ZONE its reverse zone, MAILREADY_PROGRAM_KEY the file with the TSIG key.
set -eu
request=$(cat)
verb=$(printf '%s' "$request" | jq -r .verb)
reverse=$(printf '%s' "$request" | jq -r .reverse)
address=${MAILREADY_PROGRAM_SERVER% *} port=${MAILREADY_PROGRAM_SERVER#* }

case $verb in
find)
	case $reverse in
	*".$MAILREADY_PROGRAM_ZONE") jq -cn --arg id "$reverse" --arg zone "$MAILREADY_PROGRAM_ZONE" '{id: $id, text: "\($id) in the zone \($zone)"}' ;;
	*) echo '{"id": null}' ;;
	esac
	;;
get)
	# an answer that does not come must not look like no record: 69 says that it is unknown
	answer=$(dig +noall +comments +answer +tries=2 +time=2 -p "$port" "@$address" "$reverse" PTR) || exit 69
	case $answer in
	*'status: NOERROR'* | *'status: NXDOMAIN'*) ;;
	*) echo "$address does not say what $reverse has" >&2; exit 69 ;;
	esac
	printf '%s\n' "$answer" | jq -cRn '[inputs | split("\\s+"; null) | select(.[3] == "PTR")] | {names: map(.[4] | rtrimstr(".")), ttl: (.[0][1] // null | if . then tonumber else . end)}'
	;;
put)
	{
		printf 'server %s %s\nzone %s.\nupdate delete %s. PTR\n' "$address" "$port" "$MAILREADY_PROGRAM_ZONE" "$reverse"
		printf '%s' "$request" | jq -r --arg r "$reverse" '(.record // empty) | .ttl as $ttl | .names[] | "update add \($r). \($ttl // 3600) PTR \(.)."'
		echo send
	} | nsupdate -k "$MAILREADY_PROGRAM_KEY" >&2 || exit 75
	echo '{}'
	;;
poll) echo '{"state": "active"}' ;;
*) exit 65 ;;
esac
