# How long functions and files may be.  A function counts from the name at the start of a line to the
# brace that ends it.  Files and the usual length (nine of ten functions are shorter) count in src only.
function check_file() {
	if (file ~ /^src\// && lines > 450)
		complain(file ": " lines " lines, of 450 that a file may have")
}
function complain(text) {
	print text
	bad = 1
}
FNR == 1 {
	check_file()
	file = FILENAME
	name = ""
}
{ lines = FNR }
/^[a-z_][a-z_0-9]*\(/ { name = $0; start = FNR }
/^}$/ && name {
	length_ = FNR - start + 1
	if (length_ > 60) {
		sub(/\(.*/, "", name)
		complain(FILENAME ":" start ": " name ": " length_ " lines, of 60 that a function may have")
	}
	if (FILENAME ~ /^src\//) {
		of_length[length_]++
		n++
	}
	name = ""
}
END {
	check_file()
	for (p90 = 0; seen < n * 0.9;)
		seen += of_length[++p90]
	if (p90 > 25)
		complain("src: one function of ten has more than " p90 " lines; 25 is the limit")
	exit bad
}
