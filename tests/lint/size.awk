# Functions longer than 60 lines: from the name at the start of a line to the brace that ends it.
/^[a-z_][a-z_0-9]*\(/ { name = $0; start = FNR }
/^}$/ && name {
	if (FNR - start > 60) {
		sub(/\(.*/, "", name)
		print "  " FILENAME ":" start ": " name ": " FNR - start + 1 " lines"
	}
	name = ""
}
