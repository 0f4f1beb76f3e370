/* Formats, read back: see said.h. */
#include "said.h"

#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>

/* The text between two others; false when it is not there. */
static bool
between(const char *text, const char *before, const char *after, char *out, size_t size)
{
	const char *from = strstr(text, before);

	if (from == NULL)
		return false;
	from += strlen(before);
	const char *to = strstr(from, after);
	if (to == NULL)
		return false;
	snprintf(out, size, "%.*s", (int)(to - from), from);
	return true;
}

static void
lower(char *text)
{
	for (; *text != '\0'; text++)
		*text = (char)tolower((unsigned char)*text);
}

/* The number that stands before these words; 0 without them. */
static size_t
number_before(const char *text, const char *words)
{
	const char *at = strstr(text, words);

	if (at == NULL)
		return 0;
	while (at > text && isdigit((unsigned char)at[-1]))
		at--;
	return strtoul(at, NULL, 10);
}

/* "listed on 1 of 3, 1 could not be asked; 2 do not take IPv6 addresses", in the line that has it. */
static void
read_phrase(const char *text, struct said *s)
{
	struct list_counts *c = &s->counts;

	for (const char *line = text; *line != '\0';) {
		char copy[2000];
		size_t len = strcspn(line, "\n");
		snprintf(copy, sizeof copy, "%.*s", (int)len, line);
		line += len + (line[len] == '\n');
		lower(copy);
		const char *at = strstr(copy, "listed on ");
		bool some = at != NULL &&
		    sscanf(at, "listed on %zu of %zu", &c->listed, &c->asked) == 2;
		bool none = strstr(copy, "do not take") != NULL || strstr(copy, "holds ip") != NULL;
		if (!some && !none)
			continue;
		s->counted = true;
		c->unknown = number_before(copy, " could not be asked");
		c->not_applicable = number_before(copy, " do not take") +
		    number_before(copy, " does not take") + number_before(copy, " lists holds ip");
		c->clean = c->asked - c->listed - c->unknown;
		return;
	}
}

void
said_text(const char *text, struct said *s)
{
	assert_int_equal(sscanf(text, "%*s %11s", s->verdict), 1);
	lower(s->verdict);
	read_phrase(text, s);
}

void
said_brief(const char *text, struct said *s)
{
	assert_int_equal(sscanf(text, "%*s %11s", s->verdict), 1);
	lower(s->verdict);
}

static const char *
word(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text != NULL ? text : "";
}

static size_t
number(const json_t *object, const char *key)
{
	const json_t *n = json_object_get(object, key);

	assert_true(json_is_integer(n));
	return (size_t)json_integer_value(n);
}

static void
read_json_lists(const json_t *server, struct said *s)
{
	const json_t *counts = json_object_get(server, "list_counts");
	size_t index;
	json_t *l;

	s->counted = json_is_object(counts);
	if (!s->counted)
		return;
	s->counts = (struct list_counts){ .asked = number(counts, "asked"),
		.listed = number(counts, "listed"),
		.clean = number(counts, "clean"),
		.unknown = number(counts, "unknown"),
		.not_applicable = number(counts, "not_applicable") };
	json_array_foreach (json_object_get(server, "lists"), index, l) {
		snprintf(s->list[s->n].zone, 64, "%s", word(l, "zone"));
		snprintf(s->list[s->n].subject, 64, "%s", word(l, "subject"));
		snprintf(s->list[s->n++].state, 20, "%s", word(l, "state"));
	}
}

void
said_json(const char *text, struct said *s)
{
	json_t *root = json_loads(text, 0, NULL);

	assert_non_null(root);
	snprintf(s->verdict, sizeof s->verdict, "%s", word(root, "verdict"));
	snprintf(s->ptr, sizeof s->ptr, "%s", word(json_object_get(root, "ptr"), "status"));
	snprintf(s->iprev, sizeof s->iprev, "%s", word(json_object_get(root, "iprev"), "result"));
	read_json_lists(root, s);
	json_decref(root);
}

void
said_past_json(const char *text, struct said *s)
{
	json_t *root = json_loads(text, 0, NULL);
	const json_t *server = json_array_get(json_object_get(root, "servers"), 0);

	assert_non_null(server);
	snprintf(s->verdict, sizeof s->verdict, "%s", word(server, "verdict"));
	snprintf(s->ptr, sizeof s->ptr, "%s", word(server, "ptr_status"));
	snprintf(s->iprev, sizeof s->iprev, "%s", word(server, "iprev"));
	read_json_lists(server, s);
	json_decref(root);
}

/* The next field of a row of CSV. */
static void
next_field(const char **at, char *out, size_t size)
{
	bool quoted = **at == '"';
	size_t n = 0;

	*at += quoted;
	for (; **at != '\0' && (quoted || strchr(",\r\n", **at) == NULL); (*at)++) {
		if (quoted && **at == '"' && *++*at != '"')
			break;
		if (n + 1 < size)
			out[n++] = **at;
	}
	out[n] = '\0';
	*at += **at == ',';
}

/* The field of the first row below that name; "" when there is no such column. */
static void
csv_field(const char *text, const char *name, char *out, size_t size)
{
	const char *head = text, *row = strchr(text, '\n') + 1;
	char column[64];

	out[0] = '\0';
	while (*head != '\r') {
		next_field(&head, column, sizeof column);
		next_field(&row, out, size);
		if (strcmp(column, name) == 0)
			return;
	}
	out[0] = '\0';
}

static size_t
csv_number(const char *text, const char *name)
{
	char field[64];

	csv_field(text, name, field, sizeof field);
	assert_true(isdigit((unsigned char)field[0]));
	return strtoul(field, NULL, 10);
}

void
said_csv(const char *text, struct said *s)
{
	char asked[64], listed[512], *rest = listed;

	csv_field(text, "verdict", s->verdict, sizeof s->verdict);
	csv_field(text, "ptr", s->ptr, sizeof s->ptr);
	csv_field(text, "iprev", s->iprev, sizeof s->iprev);
	csv_field(text, "lists_asked", asked, sizeof asked);
	s->counted = asked[0] != '\0';
	if (!s->counted)
		return;
	s->counts = (struct list_counts){ .asked = csv_number(text, "lists_asked"),
		.listed = csv_number(text, "lists_listed"),
		.unknown = csv_number(text, "lists_unknown"),
		.not_applicable = csv_number(text, "lists_not_applicable") };
	s->counts.clean = s->counts.asked - s->counts.listed - s->counts.unknown;
	csv_field(text, "listed", listed, sizeof listed);
	for (char *z = strsep(&rest, " "); z != NULL && *z != '\0'; z = strsep(&rest, " ")) {
		snprintf(s->list[s->n].zone, 64, "%s", z);
		snprintf(s->list[s->n++].state, 20, "listed");
	}
	assert_int_equal(s->n, s->counts.listed);
}

void
said_past_csv(const char *text, struct said *s)
{
	csv_field(text, "verdict", s->verdict, sizeof s->verdict);
}

void
said_markdown(const char *text, struct said *s)
{
	assert_true(between(text, "## ", "\n", s->list[0].zone, 64));
	snprintf(s->verdict, sizeof s->verdict, "%s", strrchr(s->list[0].zone, ' ') + 1);
	read_phrase(text, s);
	const char *at = strstr(text, "| list | about |");
	for (int line = 0; at != NULL && *at == '|'; line++) {
		if (line > 1 &&
		    sscanf(at, "| %63s | %63s | %19s |", s->list[s->n].zone, s->list[s->n].subject,
			s->list[s->n].state) == 3)
			s->n++;
		at = strchr(at, '\n') + 1;
	}
}

/* A row: its list, what it was asked about, its state; a listing has the class of its verdict. */
static void
read_html_row(const char *row, struct said *s)
{
	char state[64];

	if (!between(row, "<th scope=\"row\">", "</th>", s->list[s->n].zone, 64) ||
	    !between(row, "</th><td class=\"wide\">", "</td>", s->list[s->n].subject, 64) ||
	    !between(row, "</td><td>", "</td>", state, sizeof state))
		return;
	if (between(state, "<strong class=\"", "\"", s->list[s->n].verdict, 12))
		snprintf(state, sizeof state, "listed");
	state[strcspn(state, ":")] = '\0';
	snprintf(s->list[s->n++].state, 20, "%.19s", state);
}

void
said_html(const char *text, struct said *s)
{
	const char *title = strstr(text, "<div class=\"title\">");
	const char *iprev = strstr(text, "Forward-confirmed (iprev)");
	const char *end = strstr(text, "<h3>Timeline</h3>");

	assert_non_null(title);
	assert_true(between(title, "badge ", "\"", s->verdict, sizeof s->verdict));
	if (iprev != NULL)
		assert_true(between(iprev, "badge ", "\"", s->iprev, sizeof s->iprev));
	read_phrase(title, s);
	for (const char *row = strstr(title, "<tr>"); row != NULL; row = strstr(row + 1, "<tr>")) {
		char copy[4000];
		if ((end == NULL || row < end) && between(row, "<tr>", "</tr>", copy, sizeof copy))
			read_html_row(copy, s);
	}
}

void
said_nagios(const char *text, struct said *s)
{
	static const char *const words[][2] = { { "OK", "pass" }, { "WARNING", "warn" },
		{ "CRITICAL", "fail" }, { "UNKNOWN", "temperror" } };
	struct list_counts *c = &s->counts;
	char state[12];

	assert_int_equal(sscanf(text, "MAILREADY %11s", state), 1);
	for (size_t i = 0; i < N_ELEMENTS(words); i++)
		if (strcmp(words[i][0], state) == 0)
			snprintf(s->verdict, sizeof s->verdict, "%s", words[i][1]);
	const char *data = strstr(text, " listed=");
	if (data == NULL)
		return;
	s->counted = true;
	assert_int_equal(sscanf(data,
			     " listed=%zu;;;0;%zu lists_unknown=%zu;;;0;%*u "
			     "lists_not_applicable=%zu;",
			     &c->listed, &c->asked, &c->unknown, &c->not_applicable),
	    4);
	c->clean = c->asked - c->listed - c->unknown;
}

/* The value of a metric; false when there is none. */
static bool
metric(const char *text, const char *name, size_t *value)
{
	char head[100];

	snprintf(head, sizeof head, "\n%s{", name);
	const char *at = strstr(text, head);
	if (at != NULL)
		*value = strtoul(strstr(at, "} ") + 2, NULL, 10);
	return at != NULL;
}

void
said_openmetrics(const char *text, struct said *s)
{
	struct list_counts *c = &s->counts;

	for (const char *at = strstr(text, "\nmailready_verdict{"); at != NULL;
	     at = strstr(at + 1, "\nmailready_verdict{"))
		if (strstr(at, "} ")[2] == '1')
			assert_true(between(at, "verdict=\"", "\"", s->verdict, sizeof s->verdict));
	s->counted = metric(text, "mailready_lists_asked", &c->asked);
	assert_int_equal(metric(text, "mailready_lists_listed", &c->listed), s->counted);
	assert_int_equal(metric(text, "mailready_lists_unknown", &c->unknown), s->counted);
	assert_int_equal(metric(text, "mailready_lists_not_applicable", &c->not_applicable),
	    s->counted);
	c->clean = c->asked - c->listed - c->unknown;
	for (const char *at = strstr(text, "\nmailready_listed{"); at != NULL;
	     at = strstr(at + 1, "\nmailready_listed{")) {
		assert_true(between(at, "zone=\"", "\"", s->list[s->n].zone, 64));
		snprintf(s->list[s->n++].state, 20, "listed");
	}
}

void
said_junit(const char *text, struct said *s)
{
	assert_true(between(text, "<property name=\"verdict\" value=\"", "\"", s->verdict,
	    sizeof s->verdict));
}
