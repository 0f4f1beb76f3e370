# Files of one room that call each other in a circle cannot be read one after the other.  Input: the
# output of `nm -A` for the objects of all rooms; a room may hold folders (provider).  Only functions
# count: a table that says what there is (commands_all) is not a call.  Prints each circle, a strongly
# connected component of more than one file, on one line; with -v why=1 every call between files.
{
	match($0, /^[^ ]*\.o:/)
	file = substr($0, RSTART, RLENGTH - 1)
	sub(/^.*\/src\//, "", file)
	sub(/\.o$/, ".c", file)
	kind = $(NF - 1)
	if (kind == "U")
		calls[++n_calls] = file SUBSEP $NF
	else if (kind == "T")
		home[$NF] = file
}
function room(file) { return substr(file, 1, index(file, "/") - 1) }

# Tarjan's search: low[] is the earliest file on the stack that can be reached.
function visit(file,    next_files, n, i, to, circle, size)
{
	number[file] = low[file] = ++seen
	stack[++top] = file
	on_stack[file] = 1
	n = split(edges[file], next_files, " ")
	for (i = 1; i <= n; i++) {
		to = next_files[i]
		if (!(to in number)) {
			visit(to)
			if (low[to] < low[file])
				low[file] = low[to]
		} else if (on_stack[to] && number[to] < low[file])
			low[file] = number[to]
	}
	if (low[file] != number[file])
		return
	do {
		to = stack[top--]
		on_stack[to] = 0
		circle = circle " " to
		size++
	} while (to != file)
	if (size > 1) {
		print "circle:" circle
		bad = 1
	}
}
END {
	for (i = 1; i <= n_calls; i++) {
		split(calls[i], call, SUBSEP)
		to = home[call[2]]
		if (to == "" || to == call[1] || room(to) != room(call[1]) || (call[1], to) in known)
			continue
		known[call[1], to]
		edges[call[1]] = edges[call[1]] " " to
		files[call[1]]
		if (why)
			print "  " call[1] " -> " to ": " call[2]
	}
	for (file in files)
		if (!(file in number))
			visit(file)
	exit bad
}
