/* What the user names on the command line or in a list: "ADDRESS|HOST [EHLO-NAME [DOMAIN]]". */
#ifndef MAILREADY_APP_TARGETS_H
#define MAILREADY_APP_TARGETS_H

#include <stddef.h>

#include "base/err.h"
#include "base/ip.h"
#include "base/name.h"

enum { TARGET_LINE_MAX = 4096 };

struct target_spec {
	struct ip ip;             /* family 0: a host name, to be resolved */
	char host[NAME_TEXT_MAX]; /* "" for an address */
	char ehlo[NAME_TEXT_MAX]; /* as given; "" */
	char domain[NAME_TEXT_MAX];
	int line;                 /* in the input file; 0 for the command line */
};

enum target_line { TARGET_LINE_BLANK, TARGET_LINE_GOOD, TARGET_LINE_BAD };

/* One word: an address or a host name.  ERR_DATA names the word and what was expected. */
enum err_code target_parse_word(const char *word, struct target_spec *out, struct err *err) MUST_CHECK;

/* One line of a list; "#" starts a comment.  BAD fills err. */
enum target_line target_parse_line(const char *line, size_t len, struct target_spec *out,
    struct err *err);

#endif
