# A room includes itself and rooms of lower floors; rooms of one floor never include each other.
# lists/code.h reads DNS answers by design: what a list says is an answer.
BEGIN {
	n = split("base 0 net 1 mail 1 dns 2 smtp 2 http 2 lists 2 gather 3 views 4 provider 4 checks 5 history 5 fix 6 report 7 notify 8 config 9 run 9 " \
	    "watch 10 repair 10 preflight 10 explain 10 cli 11", w)
	for (i = 1; i < n; i += 2)
		floor[w[i]] = w[i + 1]
	allowed["lists dns/answer.h"]
}
FNR == 1 {
	split(FILENAME, path, "/")
	room = path[2]
	if (!(room in floor)) {
		print FILENAME ": room " room " has no floor"
		bad = 1
	}
}
/^[ \t]*#[ \t]*include[ \t]*"/ {
	split($0, quoted, "\"")
	if (split(quoted[2], part, "/") < 2 || part[1] == room || (room " " quoted[2]) in allowed)
		next
	if (!(part[1] in floor) || floor[part[1]] >= floor[room]) {
		print FILENAME ":" FNR ": " room " may not include " quoted[2]
		bad = 1
	}
}
END { exit bad }
