/* The address and the time of a report in JSON lines, without reading all of it. */
#include "run/line_priv.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/json.h"

static const char schema[] = "mailready.report/1";

/* The digits of "2026-09-01T12:00:00Z"; 0 when it is something else. */
static int64_t
read_time(const char *text)
{
	static const char form[] = "dddd-dd-ddTdd:dd:ddZ";
	int64_t time = 0;

	if (strlen(text) != sizeof form - 1)
		return 0;
	for (size_t i = 0; form[i] != '\0'; i++) {
		bool digit = text[i] >= '0' && text[i] <= '9';
		if (form[i] == 'd' ? !digit : text[i] != form[i])
			return 0;
		if (digit)
			time = time * 10 + (text[i] - '0');
	}
	return time;
}

static bool
read_word(struct json_reader *r, const json_t *object, const char *key, const struct enumtab *words,
    int *out)
{
	const char *word = json_need_string(r, object, key);

	if (r->failed || enumtab_code(words, word, out))
		return !r->failed;
	(void)err_set(r->err, ERR_DATA, "%s \"%.40s\" is not known", key, word);
	r->failed = true;
	return false;
}

static uint32_t
sum_member(uint32_t sum, struct json_reader *r, const json_t *target, const char *key)
{
	const char *text = json_get_string(r, target, key, "");

	uint64_t wide = hash_add(HASH_START ^ sum, text, strlen(text) + 1);
	return (uint32_t)(wide ^ wide >> 32);
}

static void
read_target(struct json_reader *r, const json_t *report, struct report_line *out)
{
	const json_t *target = json_need_object(r, report, "target");
	const char *address = json_need_string(r, target, "address");

	const json_t *family = json_object_get(target, "family");

	/* family 0: it has no address, but the name that was given */
	bool bare = json_is_integer(family) && json_integer_value(family) == 0;
	if (!r->failed && !bare && !ip_parse(address, &out->ip)) {
		(void)err_set(r->err, ERR_DATA, "target.address \"%.60s\" is not an address",
		    address);
		r->failed = true;
	}
	snprintf(out->name, sizeof out->name, "%s", r->failed ? "" : address);
	static const char *const names[] = { "host", "ehlo", "domain", "mail_from", "from" };
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		out->who = sum_member(out->who, r, target, names[i]);
}

static void
read_findings(struct json_reader *r, const json_t *report, struct report_line *out,
    struct summary *summary, struct summary_target *t)
{
	const json_t *findings = json_need_array(r, report, "findings");

	for (size_t i = 0; !r->failed && i < json_array_size(findings); i++) {
		const json_t *finding = json_array_get(findings, i);
		const char *id = json_need_string(r, finding, "id");
		int verdict, severity;
		if (!read_word(r, finding, "verdict", &verdict_names, &verdict) ||
		    !read_word(r, finding, "severity", &severity_names, &severity))
			return;
		out->any_unknown |= verdict == VERDICT_TEMPERROR;
		if (summary != NULL)
			summary_finding(summary, t, id, (enum verdict)verdict,
			    (enum severity)severity);
	}
}

static void
read_report(struct json_reader *r, const json_t *report, struct report_line *out,
    struct summary *summary)
{
	struct summary_target t = { .weight = 0 };
	int verdict;

	const char *which = json_need_string(r, report, "schema");
	if (!r->failed && strcmp(which, schema) != 0) {
		(void)err_set(r->err, ERR_DATA, "schema is \"%.40s\", expected \"%s\"", which,
		    schema);
		r->failed = true;
		return;
	}
	read_target(r, report, out);
	out->time = read_time(json_get_string(r, report, "time", ""));
	const char *reason = json_need_string(r, report, "summary");
	if (!read_word(r, report, "verdict", &verdict_names, &verdict))
		return;
	out->verdict = (enum verdict)verdict;
	read_findings(r, report, out, summary, &t);
	if (summary != NULL && !r->failed)
		summary_target(summary, &t, &out->ip, out->name, out->verdict, reason);
}

enum err_code
report_line_read(const char *text, size_t len, struct report_line *out, struct summary *summary,
    struct err *err)
{
	struct json_reader r = { .err = err };
	json_t *report = json_read(text, len, err);

	*out = (struct report_line){ .time = 0 };
	if (report == NULL)
		return err->code;
	if (json_is_object(report))
		read_report(&r, report, out, summary);
	else
		r.failed = err_set(err, ERR_DATA, "expected an object") != ERR_NONE;
	json_decref(report);
	return r.failed ? err->code : ERR_NONE;
}

static const char *
given_keys(const json_t *report, struct arena *a)
{
	const json_t *rows = json_object_get(report, "dkim");
	const char *keys = "";

	for (size_t i = 0; i < json_array_size(rows); i++) {
		struct err ignored;
		struct json_reader r = { .err = &ignored };
		const json_t *row = json_array_get(rows, i);
		const char *origin = json_get_string(&r, row, "origin", "");
		const char *domain = json_get_string(&r, row, "domain", "");
		const char *selector = json_get_string(&r, row, "selector", "");
		if (!r.failed && (strcmp(origin, "given") == 0 || strcmp(origin, "assumed") == 0))
			keys = arena_printf(a, "%s%s%s%s%s", keys, keys[0] != '\0' ? " " : "",
			    domain, selector[0] != '\0' ? "/" : "", selector);
	}
	return keys;
}

void
report_line_names(const char *text, size_t len, struct arena *a, struct report_names *out)
{
	struct err ignored;
	json_t *report = json_read(text, len, &ignored);
	const json_t *target = json_object_get(report, "target");
	const struct {
		const char *key;
		const char **to;
	} rows[] = { { "address", &out->address }, { "host", &out->host }, { "mx_of", &out->mx_of },
		{ "ehlo", &out->ehlo }, { "domain", &out->domain }, { "from", &out->from },
		{ "mail_from", &out->mail_from } };

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const char *value = json_string_value(json_object_get(target, rows[i].key));
		*rows[i].to = value != NULL ? arena_strdup(a, value) : "";
	}
	out->dkim = given_keys(report, a);
	json_decref(report);
}

enum err_code
report_lines_count(FILE *f, const char *path, struct summary *summary, struct err *err)
{
	struct report_line line;
	char *text = NULL;
	size_t cap = 0;
	ssize_t n;
	enum err_code code = ERR_NONE;

	rewind(f);
	while (code == ERR_NONE && (n = getline(&text, &cap, f)) > 0) {
		code = report_line_read(text, (size_t)n, &line, summary, err);
		if (code != ERR_NONE)
			(void)err_prefix(err, "%s", path);
	}
	free(text);
	if (code == ERR_NONE && ferror(f))
		return err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
	return code;
}
