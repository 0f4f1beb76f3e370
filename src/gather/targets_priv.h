/* What the readers of targets share: words, tables, hosts files. */
#ifndef MAILREADY_GATHER_TARGETS_PRIV_H
#define MAILREADY_GATHER_TARGETS_PRIV_H

#include "gather/targets.h"

/* ERR_DATA: the word, shortened, "is", and the end of that sentence. */
enum err_code target_refuse(struct err *err, const char *word, const char *expected);

/*
 * How long the word is without ":25", the port that is asked.  Behind a bare "::" the groups cannot be
 * counted: what is not an address then is a mistyped one.
 */
size_t target_len_without_port(const char *word);

/* A host name that can be looked up, in internal form.  Odd names are, mistyped addresses are not. */
bool target_parse_host(const char *word, char out[NAME_TEXT_MAX]);

/*
 * target_hint.c: what a word that is not a target is, and what was probably meant, as the end of a
 * sentence: "a URL; did you mean mail.example.com?"  NULL for a word that is like nothing.
 */
const char *target_hint(const char *word, struct arena *a);

/*
 * target_sender.c: a name that stands for itself, without blanks, as a word of a line would be; what it
 * is, for the error.
 */
enum err_code target_take_name(const char *text, const char *what, struct arena *a,
    const char **out, struct err *err);

/*
 * What --from, --mail-from or --dkim would say, by its column; keys have blanks between them, and add to
 * those before.
 */
enum err_code target_take_sender(enum target_column column, const char *text, struct arena *a,
    struct target_names *out, struct err *err);

/* Is the word of a line one such as "from=example.com"?  And what it says. */
bool target_is_setting(const char *word);
enum err_code target_take_setting(const char *word, struct arena *a, struct target_names *out,
    struct err *err);

/*
 * target_table.c: is the line a header?  GOOD: no.  BLANK: yes, the reader knows the columns now.
 * STOP: it can be read in two ways.
 */
enum target_line target_take_header(struct target_reader *r, const char *line, struct arena *a,
    struct err *err);

/* A row of the table; line is written to. */
enum target_line target_parse_row(struct target_reader *r, char *line, struct arena *a,
    struct target_spec *out, struct err *err);

#endif
