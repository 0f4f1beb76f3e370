/* Lists of targets as tables: a header that names the columns, and rows (RFC 4180). */
#include <ctype.h>
#include <string.h>

#include "base/enumtab.h"
#include "base/lines.h"
#include "base/name.h"
#include "gather/targets_priv.h"

/* Names of columns, without their case, blanks, underscores and hyphens. */
static const struct column_row {
	const char *name;
	enum target_column column;
} column_rows[] = {
	{ "ip", TARGET_COLUMN_ADDRESS },
	{ "address", TARGET_COLUMN_ADDRESS },
	{ "ipaddress", TARGET_COLUMN_ADDRESS },
	{ "ipaddr", TARGET_COLUMN_ADDRESS },
	{ "addr", TARGET_COLUMN_ADDRESS },
	{ "ipv4", TARGET_COLUMN_ADDRESS },
	{ "ipv6", TARGET_COLUMN_ADDRESS },
	{ "host", TARGET_COLUMN_HOST },
	{ "hostname", TARGET_COLUMN_HOST },
	{ "server", TARGET_COLUMN_HOST },
	{ "fqdn", TARGET_COLUMN_HOST },
	{ "helo", TARGET_COLUMN_EHLO },
	{ "ehlo", TARGET_COLUMN_EHLO },
	{ "heloname", TARGET_COLUMN_EHLO },
	{ "ehloname", TARGET_COLUMN_EHLO },
	{ "domain", TARGET_COLUMN_DOMAIN },
	{ "senderdomain", TARGET_COLUMN_DOMAIN },
	{ "from", TARGET_COLUMN_FROM },
	{ "mailfrom", TARGET_COLUMN_MAIL_FROM },
	{ "dkim", TARGET_COLUMN_DKIM },
};

static const struct enumtab_row delimiters[] = {
	{ "comma", ',' },
	{ "semicolon", ';' },
	{ "tab", '\t' },
};

enum { COLUMN_NAME_MAX = 32, N_DELIMITERS = sizeof delimiters / sizeof delimiters[0] };

/* --- fields */

struct fields {
	const char *at[TARGET_COLUMNS_MAX];
	size_t n;
};

enum field_fault { FIELD_GOOD, FIELD_OPEN, FIELD_REST, FIELD_MANY };

static const char *const field_faults[] = {
	[FIELD_OPEN] = "a quoted field does not end on its line; tables with line ends in fields "
		       "cannot be read",
	[FIELD_REST] = "text after the closing quote of a field; a quote in a field is written "
		       "twice",
	[FIELD_MANY] = "more than 64 columns",
};

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool
ends_field(char c, char delimiter)
{
	return c == '\0' || c == delimiter || (delimiter == ' ' && is_space(c));
}

static char *
skip_spaces(char *at, char delimiter)
{
	while (is_space(*at) && (*at != delimiter || delimiter == ' '))
		at++;
	return at;
}

/* From behind the opening quote to behind the closing one; in place, as it becomes shorter only. */
static char *
unquote(char *at)
{
	char *to = at;
	for (; *at != '\0'; at++) {
		if (*at == '"' && *++at != '"') {
			*to = '\0';
			return at;
		}
		*to++ = *at;
	}
	return NULL;
}

/* Cuts a field out of the line; *at: after it, on the delimiter or the end. */
static enum field_fault
take_field(char **at, char delimiter, const char **out)
{
	char *begin = skip_spaces(*at, delimiter);
	bool quoted = *begin == '"';
	char *end = quoted ? unquote(begin + 1) : begin;
	*out = begin + quoted;
	if (end == NULL)
		return FIELD_OPEN;
	while (!quoted && !ends_field(*end, delimiter))
		end++;
	*at = skip_spaces(end, delimiter);
	if (!ends_field(**at, delimiter) && delimiter != ' ')
		return FIELD_REST;
	/* unquote() has ended a quoted one itself */
	while (!quoted && end > begin && is_space(end[-1]))
		end--;
	if (!quoted && end < *at)
		*end = '\0';
	return FIELD_GOOD;
}

static enum field_fault
split(char *line, char delimiter, struct fields *out)
{
	out->n = 0;
	for (char *at = skip_spaces(line, delimiter);;) {
		if (out->n == TARGET_COLUMNS_MAX)
			return FIELD_MANY;
		enum field_fault fault = take_field(&at, delimiter, &out->at[out->n]);
		if (fault != FIELD_GOOD)
			return fault;
		out->n++;
		if (*at == '\0')
			return FIELD_GOOD;
		if (delimiter != ' ')
			*at++ = '\0';
	}
}

/* --- the header */

static enum target_column
column_of(const char *name)
{
	char plain[COLUMN_NAME_MAX];
	size_t len = 0;
	for (; *name != '\0' && len + 1 < sizeof plain; name++)
		if (strchr(" _-", *name) == NULL)
			plain[len++] = (char)tolower((unsigned char)*name);
	plain[len] = '\0';
	for (size_t i = 0; i < sizeof column_rows / sizeof column_rows[0]; i++)
		if (*name == '\0' && strcmp(plain, column_rows[i].name) == 0)
			return column_rows[i].column;
	return TARGET_COLUMN_UNUSED;
}

static bool
is_target(const char *field)
{
	char host[NAME_TEXT_MAX];
	struct ip ip;
	return target_parse_address(field, &ip) || target_parse_host(field, host);
}

/* Does a column of these say what is to be checked?  A line with a target in it is not a header. */
static bool
names_targets(const struct fields *header)
{
	bool found = false;
	for (size_t i = 0; i < header->n; i++) {
		enum target_column column = column_of(header->at[i]);
		found |= column == TARGET_COLUMN_ADDRESS || column == TARGET_COLUMN_HOST ||
		    column == TARGET_COLUMN_DOMAIN;
		if (is_target(header->at[i]))
			return false;
	}
	return found;
}

/* Is the line a header when it is split so?  Its fields are in the arena. */
static bool
reads_as(const char *line, char delimiter, struct arena *a, struct fields *out)
{
	if (strchr(line, delimiter) == NULL)
		return false;
	return split(arena_strdup(a, line), delimiter, out) == FIELD_GOOD && names_targets(out);
}

static const char *
unused_columns(const struct target_reader *r, const struct fields *header, struct arena *a)
{
	const char *list = "";
	size_t n = 0;
	for (size_t i = 0; i < header->n; i++)
		if (r->columns[i] == TARGET_COLUMN_UNUSED && header->at[i][0] != '\0')
			list = arena_printf(a, "%s%s\"%.40s\"", list, n++ > 0 ? ", " : "",
			    header->at[i]);
	if (n == 0)
		return NULL;
	return arena_printf(a,
	    "the column%s %s %s not used; expected address, host, helo, domain, from, mail-from "
	    "and dkim",
	    n == 1 ? "" : "s", list, n == 1 ? "is" : "are");
}

/* Nothing else of the columns may have two readings. */
static enum target_line
take_columns(struct target_reader *r, char delimiter, const struct fields *header, struct arena *a,
    struct err *err)
{
	size_t by[TARGET_COLUMNS] = { 0 }; /* its column, from 1 */
	r->n_columns = header->n;
	for (size_t i = 0; i < header->n; i++) {
		enum target_column column = column_of(header->at[i]);
		r->columns[i] = column;
		if (column != TARGET_COLUMN_UNUSED && by[column] > 0) {
			(void)err_set(err, ERR_DATA,
			    "the columns \"%.40s\" and \"%.40s\" mean the same; rename the one "
			    "that is not to be read",
			    header->at[by[column] - 1], header->at[i]);
			return TARGET_LINE_STOP;
		}
		by[column] = i + 1;
	}
	/* a list of domains alone: their mail servers are meant */
	if (by[TARGET_COLUMN_ADDRESS] + by[TARGET_COLUMN_HOST] == 0)
		r->columns[by[TARGET_COLUMN_DOMAIN] - 1] = TARGET_COLUMN_HOST;
	r->form = TARGET_FORM_TABLE;
	r->delimiter = delimiter;
	r->note = unused_columns(r, header, a);
	return TARGET_LINE_BLANK;
}

/* One column, or several with blanks between: all of them known, or it is a line of words. */
static enum target_line
take_words(struct target_reader *r, const char *line, struct arena *a, struct err *err)
{
	struct fields header;
	if (split(arena_strdup(a, line), ' ', &header) != FIELD_GOOD || !names_targets(&header))
		return TARGET_LINE_GOOD;
	for (size_t i = 0; i < header.n; i++)
		if (column_of(header.at[i]) == TARGET_COLUMN_UNUSED)
			return TARGET_LINE_GOOD;
	return take_columns(r, ' ', &header, a, err);
}

enum target_line
target_take_header(struct target_reader *r, const char *line, struct arena *a, struct err *err)
{
	struct fields headers[N_DELIMITERS];
	const struct enumtab_row *found[N_DELIMITERS];
	size_t n = 0;
	const char *text = line + strspn(line, " \t\r");
	if (*text == '#' || *text == '\0')
		return TARGET_LINE_GOOD;
	for (size_t i = 0; i < N_DELIMITERS; i++)
		if (reads_as(line, (char)delimiters[i].code, a, &headers[n]))
			found[n++] = &delimiters[i];
	if (n == 0)
		return take_words(r, line, a, err);
	if (n == 1)
		return take_columns(r, (char)found[0]->code, &headers[0], a, err);
	(void)err_set(err, ERR_DATA,
	    "the header can be read in two ways: each %s or each %s may end a column; quote the "
	    "names "
	    "that contain one of them",
	    found[0]->name, found[1]->name);
	return TARGET_LINE_STOP;
}

/* --- rows */

/* What a row says, by column; "" where it says nothing. */
struct row {
	const char *field[TARGET_COLUMNS];
};

static bool
is_empty(const struct fields *fields)
{
	for (size_t i = 0; i < fields->n; i++)
		if (fields->at[i][0] != '\0')
			return false;
	return true;
}

/* The host name of an address; one that says something else about the address is refused. */
static enum err_code
take_host(const char *text, struct arena *a, struct target_spec *out, struct err *err)
{
	char host[NAME_TEXT_MAX];
	struct ip ip;
	if (target_parse_address(text, &ip)) {
		if (ip_equal(&ip, &out->first) && ip_equal(&ip, &out->last))
			return ERR_NONE;
		return target_refuse(err, text,
		    "another address than that of the row; expected one target in a row");
	}
	if (!target_parse_host(text, host))
		return target_refuse(err, text, "not a host name with a domain");
	if (out->first.family == 0 && strcmp(out->names.host, host) != 0)
		return target_refuse(err, text,
		    arena_printf(a, "another target than %s; expected one target in a row",
			out->names.host));
	out->names.host = arena_strdup(a, host);
	return ERR_NONE;
}

/* A field without text says nothing. */
static enum err_code
take_sender(const struct row *row, struct arena *a, struct target_names *out, struct err *err)
{
	static const enum target_column columns[] = { TARGET_COLUMN_FROM, TARGET_COLUMN_MAIL_FROM,
		TARGET_COLUMN_DKIM };
	for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
		const char *text = row->field[columns[i]];
		if (text[0] != '\0' &&
		    target_take_sender(columns[i], text, a, out, err) != ERR_NONE)
			return err->code;
	}
	return ERR_NONE;
}

static enum err_code
take_row(const struct row *row, bool huge, struct arena *a, struct target_spec *out,
    struct err *err)
{
	const char *address = row->field[TARGET_COLUMN_ADDRESS];
	const char *host = row->field[TARGET_COLUMN_HOST];
	const char *target = address[0] != '\0' ? address : host;
	if (target[0] == '\0')
		return err_set(err, ERR_DATA, "neither an address nor a host name in this row");
	if (target_parse_word(target, huge, a, out, err) != ERR_NONE)
		return err->code;
	if (target != host && host[0] != '\0' && take_host(host, a, out, err) != ERR_NONE)
		return err->code;
	if (target_take_name(row->field[TARGET_COLUMN_EHLO], "an EHLO name", a, &out->names.ehlo,
		err) != ERR_NONE ||
	    target_take_name(row->field[TARGET_COLUMN_DOMAIN], "a domain", a, &out->names.domain,
		err) != ERR_NONE)
		return err->code;
	return take_sender(row, a, &out->names, err);
}

enum target_line
target_parse_row(struct target_reader *r, char *line, struct arena *a, struct target_spec *out,
    struct err *err)
{
	struct fields fields;
	struct row row;
	if (r->delimiter == ' ')
		line[strcspn(line, "#")] = '\0';
	if (line[strspn(line, " \t\r")] == '\0' || line[0] == '#')
		return TARGET_LINE_BLANK;
	enum field_fault fault = split(line, r->delimiter, &fields);
	if (fault != FIELD_GOOD) {
		(void)err_set(err, ERR_DATA, "%s", field_faults[fault]);
		/* where the field ends, nobody knows: the next line would be read as a row */
		return fault == FIELD_OPEN ? TARGET_LINE_STOP : TARGET_LINE_BAD;
	}
	if (is_empty(&fields))
		return TARGET_LINE_BLANK;
	if (fields.n > r->n_columns) {
		(void)err_set(err, ERR_DATA,
		    "%zu fields, but the header has %zu; a field that contains what separates them "
		    "must be quoted",
		    fields.n, r->n_columns);
		return TARGET_LINE_BAD;
	}
	for (size_t i = 0; i < TARGET_COLUMNS; i++)
		row.field[i] = "";
	for (size_t i = 0; i < fields.n; i++)
		row.field[r->columns[i]] = fields.at[i];
	return take_row(&row, r->huge, a, out, err) == ERR_NONE ? TARGET_LINE_GOOD :
								  TARGET_LINE_BAD;
}
