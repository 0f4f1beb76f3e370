/* Planned records from a zone file: zone_read.c reads it, ldns judges the data of each record. */
#include <ldns/ldns.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/name.h"
#include "dns/planned_priv.h"
#include "dns/zone_read_priv.h"

enum { PLANNED_BYTES_MAX = 64 << 20, KINDS_MAX = 32, REMARKS_MAX = 10 };

/* Records of one kind that cannot matter here. */
struct passed_over {
	char kind[ZONE_TYPE_MAX];
	size_t n;
	unsigned line; /* of the first */
};

struct loading {
	struct planned *planned;
	const char *path;
	size_t n_read, n_passed, n_remarks;
	struct passed_over kinds[KINDS_MAX]; /* the last one is for all that have no place */
	size_t n_kinds;
};

static void
pass_over(struct loading *l, const char *kind, unsigned line)
{
	size_t i = 0;
	while (i < l->n_kinds && i < KINDS_MAX - 1 && strcmp(l->kinds[i].kind, kind) != 0)
		i++;
	struct passed_over *to = &l->kinds[i];
	if (i == l->n_kinds) {
		l->n_kinds++;
		snprintf(to->kind, sizeof to->kind, "%s", i == KINDS_MAX - 1 ? "other" : kind);
		to->line = line;
	}
	to->n++;
	l->n_passed++;
}

/* What ldns made of a record, as it would stand in a message: records are read in one way only. */
static bool
add_wire(struct loading *l, const ldns_rr *rr, const struct zone_record *record)
{
	uint8_t *wire = NULL;
	size_t len = 0, at = 0;
	struct rr read;
	bool added = ldns_rr2wire(&wire, rr, LDNS_SECTION_ANSWER, &len) == LDNS_STATUS_OK &&
	    rr_read(wire, len, &at, &read) &&
	    planned_add(l->planned, &read, record->path, record->entry->line);
	free(wire);
	return added;
}

/*
 * The types that answers are made of, and what their data is.  Mail does not depend on the data of others, and
 * ldns leaks memory when that of some is broken: that there is such a record is all that is taken from them.
 */
static const struct used {
	enum dns_type type;
	const char *data;
} used[] = {
	{ DNS_A, "an IPv4 address" },
	{ DNS_AAAA, "an IPv6 address" },
	{ DNS_NS, "a name" },
	{ DNS_CNAME, "a name" },
	{ DNS_DNAME, "a name" },
	{ DNS_PTR, "a name" },
	{ DNS_MX, "a number and a name" },
	{ DNS_SOA, "two names and five numbers" },
	{ DNS_TXT, "strings of at most 255 bytes" },
};

static const struct used *
find_used(uint16_t type)
{
	for (size_t i = 0; i < sizeof used / sizeof used[0]; i++)
		if (used[i].type == type)
			return &used[i];
	return NULL;
}

static enum err_code
add_used(struct loading *l, const struct zone_record *record, const struct used *type,
    struct err *err)
{
	ldns_rr *rr = NULL;
	ldns_status s = ldns_rr_new_frm_str(&rr, record->text, 0, NULL, NULL);
	bool added = s == LDNS_STATUS_OK && add_wire(l, rr, record);
	if (s == LDNS_STATUS_OK)
		ldns_rr_free(rr);
	if (added)
		return ERR_NONE;
	return zone_error(err, record->path, record->entry, "%s %s; expected %s",
	    s == LDNS_STATUS_SYNTAX_SUPERFLUOUS_TEXT_ERR ?
		"a word too many after the data of type" :
		"not valid data of type",
	    record->type, type->data);
}

static enum err_code
on_record(void *arg, const struct zone_record *record, struct err *err)
{
	struct loading *l = arg;
	const struct used *type = find_used(record->number);
	l->n_read++;
	if (strncmp(record->owner, "*.", 2) == 0) {
		pass_over(l, "wildcard", record->entry->line);
		planned_add_wild(l->planned, record->owner);
	} else if (record->number == 0) {
		pass_over(l, record->type, record->entry->line);
		planned_add_open(l->planned, record->owner);
	} else if (type == NULL) {
		planned_add_bare(l->planned, record->owner, record->number);
	} else {
		return add_used(l, record, type, err);
	}
	return ERR_NONE;
}

static void
on_remark(void *arg, const char *text)
{
	struct loading *l = arg;
	if (l->n_remarks++ < REMARKS_MAX)
		planned_add_remark(l->planned, text);
}

/* Both are real paths; dir without a slash at its end, but for the root. */
static bool
is_below(const char *path, const char *dir)
{
	size_t len = strcmp(dir, "/") == 0 ? 0 : strlen(dir);
	return strncmp(path, dir, len) == 0 && path[len] == '/';
}

/* The file's own directory, as it really is; false with errno set. */
static bool
real_dir(const char *path, char out[PATH_MAX])
{
	if (realpath(path, out) == NULL)
		return false;
	char *slash = strrchr(out, '/');
	slash[slash == out ? 1 : 0] = '\0';
	return true;
}

static enum err_code
on_include(void *arg, const char *name, struct buf *text, struct err *err)
{
	const struct loading *l = arg;
	char dir[PATH_MAX], path[2 * PATH_MAX], real[PATH_MAX];
	if (!real_dir(l->path, dir))
		return err_set(err, ERR_DATA,
		    "$INCLUDE of \"%s\": %s is not a file with others beside it", name, l->path);
	snprintf(path, sizeof path, "%s%s%s", name[0] == '/' ? "" : dir, name[0] == '/' ? "" : "/",
	    name);
	if (realpath(path, real) != NULL && !is_below(real, dir))
		return err_set(err, ERR_DATA,
		    "$INCLUDE of \"%s\", which is not in the directory of %s or below it", name,
		    l->path);
	return file_read(path, text, err);
}

/* Of remarks about single lines, those that are too many. */
static void
say_more(struct loading *l)
{
	struct buf text;
	size_t n = l->n_remarks - REMARKS_MAX;
	buf_init(&text, ERR_TEXT_MAX);
	buf_printf(&text, "%s: and %zu more line%s like these", l->path, n, n == 1 ? "" : "s");
	planned_add_remark(l->planned, text.data);
	buf_fini(&text);
}

static void
say_passed_over(struct loading *l)
{
	struct buf text;
	buf_init(&text, ERR_TEXT_MAX);
	buf_printf(&text, "%s: %zu record%s passed over:", l->path, l->n_passed,
	    l->n_passed == 1 ? "" : "s");
	for (size_t i = 0; i < l->n_kinds; i++)
		buf_printf(&text, "%s %zu %s (%sline %u)", i == 0 ? "" : ",", l->kinds[i].n,
		    l->kinds[i].kind, l->kinds[i].n == 1 ? "" : "first: ", l->kinds[i].line);
	planned_add_remark(l->planned, text.data);
	buf_fini(&text);
}

enum err_code
planned_read(const char *path, const char *text, size_t len, const char *origin,
    struct planned **out, struct err *err)
{
	struct loading l = { .planned = planned_new(), .path = path };
	struct zone_input in = { .path = path,
		.text = text,
		.len = len,
		.origin = origin,
		.arg = &l,
		.record = on_record,
		.remark = on_remark,
		.include = on_include };
	enum err_code code = zone_read(&in, err);
	if (code == ERR_NONE && l.n_read == l.n_passed)
		code = err_set(err, ERR_DATA, "%s: %s; expected zone-file syntax", path,
		    l.n_read == 0 ? "no records in it" : "no record in it that can be used");
	if (l.n_remarks > REMARKS_MAX)
		say_more(&l);
	if (l.n_passed > 0)
		say_passed_over(&l);
	if (code != ERR_NONE) {
		planned_free(l.planned);
		l.planned = NULL;
	}
	*out = l.planned;
	return code;
}

enum err_code
planned_read_file(const char *path, const char *origin, struct planned **out, struct err *err)
{
	struct buf text;

	*out = NULL;
	buf_init(&text, PLANNED_BYTES_MAX);
	enum err_code code = file_read(path, &text, err);
	if (code == ERR_NONE)
		code = planned_read(path, text.data, text.len, origin, out, err);
	buf_fini(&text);
	return code;
}
