/*
 * Lists of tags as DKIM and DMARC write them: "v=DKIM1; k=rsa; p=..." (RFC 6376 3.2, RFC 9989 4.8).
 * Untrusted; whatever the text is, what can be read is read, and each fault is known with its place:
 * who must refuse a list with faults looks at their number, who must skip them shows them.
 */
#ifndef MAILREADY_MAIL_TAGS_H
#define MAILREADY_MAIL_TAGS_H

#include <stddef.h>
#include <stdint.h>

struct arena;

enum { TAGS_MAX = 64, TAG_FAULTS_MAX = 16, TAGS_TEXT_MAX = 65535 };

struct tag {
	const char *name;  /* as written; a copy in the arena */
	const char *value; /* without blanks around it; may be "" */
	size_t at;         /* of the name, in bytes from the beginning of the list */
	size_t value_at;
};

struct tag_fault {
	size_t at;        /* of what is wrong, in bytes from the beginning of the list */
	const char *name; /* the tag's, untrusted; "" when it has none */
	const char *text; /* a phrase: "has no value" */
};

struct tag_list {
	struct tag tags[TAGS_MAX]; /* each name once: the first */
	size_t n;
	struct tag_fault faults[TAG_FAULTS_MAX]; /* the first ones, in the order of their places */
	size_t n_faults;
};

/* Reads len bytes; a text over TAGS_TEXT_MAX is one fault and no tags. */
void tags_read(struct arena *a, const char *text, size_t len, struct tag_list *out);

/* Adds a fault that the meaning of a tag has; those over TAG_FAULTS_MAX are left out. */
void tags_fault(struct tag_list *l, size_t at, const char *name, const char *text);

/* The tag of that name, compared without case; NULL when there is none. */
const struct tag *tags_find(const struct tag_list *l, const char *name);

/* Its value; NULL when there is no such tag. */
const char *tags_value(const struct tag_list *l, const char *name);

/*
 * The words of a value between separators, without blanks around them, in the arena.  Empty words are
 * left out; words beyond max are not read.
 */
const char **tags_words(struct arena *a, const char *value, char separator, size_t max, size_t *n);

/*
 * The bytes of a value in base64 (RFC 4648 4) with blanks anywhere (RFC 6376 2.10); NULL when it is not
 * valid base64.
 */
uint8_t *tags_base64(struct arena *a, const char *value, size_t *len);

#endif
