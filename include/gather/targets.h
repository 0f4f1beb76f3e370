/*
 * What the user names on the command line or in a list: "TARGET [EHLO-NAME [DOMAIN]]", and in a list
 * after the target "from=DOMAIN", "mail-from=SENDER" and "dkim=DOMAIN/SELECTOR".  A target is an address,
 * a host name, a block in CIDR notation or a range A-B of addresses.  A list may also be a CSV table with
 * a header, or a hosts file.
 */
#ifndef MAILREADY_GATHER_TARGETS_H
#define MAILREADY_GATHER_TARGETS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/ip.h"
#include "base/name.h"
#include "gather/target.h"

enum {
	TARGET_LINE_MAX = 4096,
	TARGET_BLOCK_BITS = 24, /* blocks and ranges hold at most 2^24 addresses */
	TARGET_COLUMNS_MAX = 64,
};

struct target_spec {
	struct ip first, last; /* equal for one address; family 0: a host name, to be resolved */
	/* host: internal form; of an address only where a table names both, else "" */
	struct target_names names;
	int line; /* in the input file; 0 for the command line */
};

enum target_line {
	TARGET_LINE_BLANK,
	TARGET_LINE_GOOD,
	TARGET_LINE_WORDS, /* words that the caller reads itself */
	TARGET_LINE_BAD,
	TARGET_LINE_STOP, /* nothing of the list can be read */
};

/* What the columns of a table hold. */
enum target_column {
	TARGET_COLUMN_UNUSED,
	TARGET_COLUMN_ADDRESS,
	TARGET_COLUMN_HOST,
	TARGET_COLUMN_EHLO,
	TARGET_COLUMN_DOMAIN,
	TARGET_COLUMN_FROM,
	TARGET_COLUMN_MAIL_FROM,
	TARGET_COLUMN_DKIM,
	TARGET_COLUMNS, /* how many kinds there are */
};

/* How the lines of a list are read; its first lines decide. */
enum target_form {
	TARGET_FORM_OPEN,  /* not known yet */
	TARGET_FORM_WORDS, /* TARGET [EHLO-NAME [DOMAIN]] [from=DOMAIN] ... */
	TARGET_FORM_TABLE,
	TARGET_FORM_HOSTS, /* hosts(5): ADDRESS NAME ALIAS... */
};

/* Where the reader of a list is; all zeroes but huge and words before its first line. */
struct target_reader {
	bool huge;  /* as of target_parse_word() */
	bool words; /* what is not a table is left to the caller */
	bool begun;
	enum target_form form;
	char delimiter; /* of a table: comma, semicolon, tab, or blank for words */
	enum target_column columns[TARGET_COLUMNS_MAX];
	size_t n_columns;
	const char *note; /* what the user should know about the line just read; NULL */
};

/*
 * One word.  huge: IPv4 blocks and ranges of any size; IPv6 ones never exceed 2^24 addresses (a
 * /104), because what could be looked up in a life is less than any of them.  Strings that are
 * not "" live in the arena.  ERR_DATA names the word, what was expected, and what was probably meant.
 */
enum err_code target_parse_word(const char *word, bool huge, struct arena *a,
    struct target_spec *out, struct err *err) MUST_CHECK;

/*
 * One address as people write it: bare, with a final dot, in brackets (RFC 5321 4.1.3: "[192.0.2.1]",
 * "[IPv6:2001:db8::1]"), with the port 25 after it.  What is an IPv6 address as a whole is one,
 * "2001:db8::1:25" too: with a port it needs brackets (RFC 5952 6).
 */
bool target_parse_address(const char *word, struct ip *out);

/* One line's text without its comment ("#") in out; BAD, when it is too long or no text, fills err. */
enum target_line target_line_text(const char *line, size_t len, char out[TARGET_LINE_MAX],
    struct err *err);

/*
 * The next line of a list.  TARGET [EHLO-NAME [DOMAIN]], until a header of column names or the first
 * line of a hosts file says that it is a table or such a file.  BAD and STOP fill err; the reader's
 * note and the strings of out live in the arena.  WORDS, for a reader with words set: neither blank nor
 * a table's; out is not filled, target_line_text() has its text.
 */
enum target_line target_parse_line(struct target_reader *r, const char *line, size_t len,
    struct arena *a, struct target_spec *out, struct err *err);

/* Can it lead to more than one report? */
bool target_is_many(const struct target_spec *spec);

/* The address after ip; the last of its family is followed by the first. */
void target_ip_next(struct ip *ip);

/*
 * Which of n shards takes a target, from 0: chosen by the address alone, or by the host name when
 * the address has family 0; the same on every machine and for every order of the input.
 */
unsigned target_shard(const struct ip *ip, const char *host, unsigned n);

#endif
