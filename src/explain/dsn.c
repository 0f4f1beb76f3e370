/* Delivery status notifications, and bounces that are text alone. */
#include "explain/dsn.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

static void
forget_group(struct dsn *d)
{
	arena_reset(&d->arena);
	d->group = (struct reply){ .text = "",
		.stage = "",
		.host = "",
		.ehlo = "",
		.sender = "",
		.recipient = "" };
	d->has_reply = false;
	d->status = d->action = "";
}

void
dsn_init(struct dsn *d, bool (*found)(void *arg, const struct reply *r, size_t line), void *arg)
{
	*d = (struct dsn){ .found = found, .arg = arg, .in_header = true };
	buf_init(&d->field, DSN_FIELD_MAX);
	buf_init(&d->prose, DSN_TEXT_MAX);
	arena_init(&d->arena);
	forget_group(d);
}

void
dsn_fini(struct dsn *d)
{
	buf_fini(&d->field);
	buf_fini(&d->prose);
	arena_fini(&d->arena);
	for (size_t i = 0; i < d->n_kept; i++)
		free(d->kept[i].text);
}

/* ---- groups of fields */

static void
give(struct dsn *d)
{
	bool refused = strcasecmp(d->action, "failed") == 0 ||
	    strcasecmp(d->action, "delayed") == 0 || d->group.code >= 400;
	if (!d->stopped && refused && (d->has_reply || d->status[0] != '\0')) {
		if (d->group.status[0] == '\0' && strlen(d->status) < REPLY_STATUS_MAX &&
		    strspn(d->status, "0123456789.") == strlen(d->status))
			memcpy(d->group.status, d->status, strlen(d->status));
		d->n_groups++;
		d->stopped = !d->found(d->arg, &d->group, d->found_line);
	}
	forget_group(d);
}

/* "dns; mx.example.com (192.0.2.1)": what follows the type, in lower case, up to a blank. */
static char *
typed_name(struct arena *a, const char *value)
{
	const char *semicolon = strchr(value, ';');
	const char *name = semicolon != NULL ? semicolon + 1 : value;
	name += strspn(name, " \t");
	char *copy = arena_strndup(a, name, strcspn(name, " \t([;"));
	for (char *c = copy; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	return copy;
}

/* Whoever reports need not be who refused: it only begins the fields of the whole message. */
static void
take_reporting(struct dsn *d, const char *value)
{
	(void)d, (void)value;
}

static void
take_remote(struct dsn *d, const char *value)
{
	d->group.host = typed_name(&d->arena, value);
}

static void
take_recipient(struct dsn *d, const char *value)
{
	d->group.recipient = reply_domain(value, strlen(value), &d->arena);
}

static void
take_action(struct dsn *d, const char *value)
{
	d->action = arena_strndup(&d->arena, value, strcspn(value, " \t"));
}

static void
take_status(struct dsn *d, const char *value)
{
	d->status = arena_strndup(&d->arena, value, strcspn(value, " \t("));
}

/* "smtp; 550 5.7.25 ..."; other types are prose that may hold a reply. */
static void
take_diagnostic(struct dsn *d, const char *value)
{
	struct reply r;
	const char *semicolon = strchr(value, ';');
	const char *text = semicolon != NULL && semicolon - value < 16 ? semicolon + 1 : value;
	reply_read(text, strlen(text), &d->arena, &r);
	if (r.host[0] == '\0')
		r.host = d->group.host;
	r.recipient = d->group.recipient;
	d->group = r;
	d->has_reply = true;
}

static const struct {
	const char *name;
	void (*take)(struct dsn *d, const char *value);
} fields[] = {
	{ "Reporting-MTA", take_reporting },
	{ "Remote-MTA", take_remote },
	{ "Final-Recipient", take_recipient },
	{ "Action", take_action },
	{ "Status", take_status },
	{ "Diagnostic-Code", take_diagnostic },
};

/* A second field of this kind begins the next recipient, also where the blank line is lost. */
static bool
begins_group(const struct dsn *d, const char *name)
{
	return (strcasecmp(name, "Final-Recipient") == 0 &&
		   (d->group.recipient[0] != '\0' || d->has_reply)) ||
	    (strcasecmp(name, "Reporting-MTA") == 0 && d->has_reply);
}

static void
take_field(struct dsn *d)
{
	char *colon = strchr(d->field.data, ':');
	if (d->field.len == 0 || colon == NULL)
		return;
	*colon = '\0';
	const char *value = colon + 1 + strspn(colon + 1, " \t");
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
		if (strcasecmp(d->field.data, fields[i].name) != 0)
			continue;
		if (begins_group(d, fields[i].name))
			give(d);
		fields[i].take(d, value);
		break;
	}
	buf_reset(&d->field);
}

/* ---- bounces without fields */

/*
 * Exim, qmail and others: the reply is a paragraph of the text.  It counts when no fields follow, which say
 * the same again.
 */
static void
take_prose(struct dsn *d)
{
	struct reply r;
	if (d->prose.len > 0 && d->n_kept < DSN_KEPT_MAX && !d->in_header && !d->prose.failed &&
	    reply_read(d->prose.data, d->prose.len, &d->arena, &r) && r.code >= 400) {
		d->kept[d->n_kept].text = mem_strdup(d->prose.data);
		d->kept[d->n_kept++].line = d->found_line;
	}
	forget_group(d);
	buf_reset(&d->prose);
}

static void
give_prose(struct dsn *d)
{
	for (size_t i = 0; i < d->n_kept && d->n_groups == 0 && !d->stopped; i++) {
		struct reply r;
		(void)reply_read(d->kept[i].text, strlen(d->kept[i].text), &d->arena, &r);
		d->stopped = !d->found(d->arg, &r, d->kept[i].line);
		arena_reset(&d->arena);
	}
}

/* ---- lines */

static bool
names_type(const char *line, const char *type)
{
	return strncasecmp(line, "content-type:", 13) == 0 && strcasestr(line, type) != NULL;
}

static bool
is_field_name(const char *line, const char *name)
{
	size_t len = strlen(name);
	return strncasecmp(line, name, len) == 0 && line[len] == ':';
}

static bool
is_status_field(const char *line)
{
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
		if (is_field_name(line, fields[i].name))
			return true;
	return is_field_name(line, "Original-Recipient") || is_field_name(line, "Arrival-Date");
}

/* What begins the copy of the original message: only its own fields follow. */
static bool
begins_original(const char *line)
{
	return names_type(line, "message/rfc822") || names_type(line, "text/rfc822-headers") ||
	    names_type(line, "message/global") ||
	    strstr(line, "This is a copy of the message") != NULL ||
	    strncmp(line, "--- Below this line is a copy", 29) == 0 ||
	    strncmp(line, "--- The header of the original message", 38) == 0;
}

static void
status_line(struct dsn *d, const char *line, size_t len)
{
	if (line[0] == ' ' || line[0] == '\t') {
		buf_putc(&d->field, '\n');
		buf_add(&d->field, line + strspn(line, " \t"), len - strspn(line, " \t"));
		return;
	}
	take_field(d);
	if (len == 0) {
		if (d->group.recipient[0] != '\0' || d->has_reply)
			give(d);
		return;
	}
	if (line[0] == '-' && line[1] == '-') {
		give(d);
		d->in_status = false;
		return;
	}
	if (d->field.len == 0 && !d->has_reply && d->group.recipient[0] == '\0')
		d->found_line = d->line;
	buf_add(&d->field, line, len);
}

static void
prose_line(struct dsn *d, const char *line, size_t len)
{
	bool indented = line[0] == ' ' || line[0] == '\t';
	if (len == 0 || (!indented && line[0] == '<')) {
		take_prose(d);
		d->in_header &= len > 0;
		d->found_line = d->line;
	}
	if (len > 0) {
		if (d->prose.len > 0)
			buf_putc(&d->prose, '\n');
		buf_add(&d->prose, line + strspn(line, " \t"), len - strspn(line, " \t"));
	}
}

/* line ends in a NUL byte; the fields may begin without their part's heading, as after a forward. */
void
dsn_line(struct dsn *d, const char *line, size_t len)
{
	d->line++;
	if (d->stopped || d->ended)
		return;
	while (len > 0 && line[len - 1] == '\r')
		len--;
	char *copy = mem_zalloc(len + 1, 1);
	memcpy(copy, line, len);
	const char *bare = copy + (copy[0] == '>' ? 1 + (copy[1] == ' ') : 0);
	size_t bare_len = strlen(bare);
	if (d->in_status)
		status_line(d, bare, bare_len);
	else if (names_type(bare, "message/delivery-status"))
		take_prose(d);
	else if (is_status_field(bare)) {
		take_prose(d);
		d->in_status = true;
		status_line(d, bare, bare_len);
	} else if (d->n_groups > 0 && begins_original(bare))
		d->ended = true;
	else
		prose_line(d, bare, bare_len);
	free(copy);
}

void
dsn_end(struct dsn *d)
{
	if (d->in_status) {
		take_field(d);
		give(d);
	}
	take_prose(d);
	give_prose(d);
}

bool
dsn_is_message(const char *text, size_t len)
{
	static const char *const names[] = { "Return-Path:", "Received:", "Delivered-To:", "From:",
		"Date:", "Subject:", "To:", "Message-ID:", "MIME-Version:", "Content-Type:",
		"X-Original-To:", "Reporting-MTA:", "X-Failed-Recipients:", "Auto-Submitted:",
		"Envelope-to:", "DKIM-Signature:", "Authentication-Results:", "ARC-Seal:" };
	if (len > 5 && memcmp(text, "From ", 5) == 0)
		return true;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		size_t n = strlen(names[i]);
		if (len >= n && strncasecmp(text, names[i], n) == 0)
			return true;
	}
	return false;
}
