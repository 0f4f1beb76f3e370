/* Records of KumoMTA and PowerMTA. */
#include <jansson.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/json.h"
#include "explain/record_priv.h"

/* ---- what both share */

/* "192.0.2.1", "192.0.2.1:25", "[2001:db8::1]:25" */
static struct ip
address_of(const char *text, struct arena *a)
{
	struct ip ip = { .family = 0 };
	if (ip_parse(text, &ip))
		return ip;
	bool bracket = text[0] == '[';
	const char *from = text + bracket;
	if (!ip_parse(arena_strndup(a, from, strcspn(from, bracket ? "]" : ":")), &ip))
		ip.family = 0;
	return ip;
}

/* A host in lower case, up to a blank, without its final dot. */
static const char *
host_of(const char *text, struct arena *a)
{
	size_t len = strcspn(text, " (");
	while (len > 0 && text[len - 1] == '.')
		len--;
	char *host = arena_strndup(a, text, len);
	for (char *c = host; *c != '\0'; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	return host;
}

static const char *
domain_of(const char *address, struct arena *a)
{
	return reply_domain(address, strlen(address), a);
}

/* ---- KumoMTA */

static const char *
string_at(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text != NULL ? text : "";
}

/* The recipient; of several, the first. */
static const char *
recipient_at(const json_t *object)
{
	const json_t *r = json_object_get(object, "recipient");
	const char *text = json_string_value(json_is_array(r) ? json_array_get(r, 0) : r);
	return text != NULL ? text : "";
}

static int
number_at(const json_t *object, const char *key)
{
	json_int_t n = json_integer_value(json_object_get(object, key));
	return n >= 0 && n <= 999 ? (int)n : 0;
}

static void
take_response(const json_t *response, struct arena *a, struct reply *out)
{
	const json_t *status = json_object_get(response, "enhanced_code");
	const char *text = arena_printf(a, "%d ", number_at(response, "code"));
	if (json_is_object(status))
		text = arena_printf(a, "%s%d.%d.%d ", text, number_at(status, "class"),
		    number_at(status, "subject"), number_at(status, "detail"));
	text = arena_printf(a, "%s%s", text, string_at(response, "content"));
	reply_read(text, strlen(text), a, out);
	const char *command = string_at(response, "command");
	out->stage = reply_stage(strcmp(command, ".") == 0 ? "end of data" : command);
}

static bool
is_refusal(const char *type)
{
	static const char *const types[] = { "Bounce", "TransientFailure", "Expiration",
		"Rejection" };
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (strcmp(type, types[i]) == 0)
			return true;
	return false;
}

static enum log_line
read_object(const json_t *object, struct arena *a, struct reply *out)
{
	const json_t *response = json_object_get(object, "response");
	const json_t *peer = json_object_get(object, "peer_address");
	if (!json_is_object(response) || string_at(object, "type")[0] == '\0')
		return LOG_OTHER;
	if (!is_refusal(string_at(object, "type")) || number_at(response, "code") < 400)
		return LOG_QUIET;
	take_response(response, a, out);
	/* of mail that comes in: the peer is the client */
	out->by_us = out->from_client = strcmp(string_at(object, "type"), "Rejection") == 0;
	out->host = out->by_us ? "" : host_of(string_at(peer, "name"), a);
	if (out->address.family == 0)
		out->address = address_of(string_at(json_object_get(object, "source_address"),
					      "address"),
		    a);
	out->sender = domain_of(string_at(object, "sender"), a);
	out->recipient = domain_of(recipient_at(object), a);
	json_int_t time_s = json_integer_value(json_object_get(object, "timestamp"));
	out->time_s = time_s > 0 ? (int64_t)time_s : 0;
	return LOG_REFUSED;
}

enum log_line
record_object(const char *line, size_t len, struct arena *a, struct reply *out)
{
	struct err err;
	json_t *object = line[0] == '{' ? json_read(line, len, &err) : NULL;
	enum log_line kind = json_is_object(object) ? read_object(object, a, out) : LOG_OTHER;
	json_decref(object);
	return kind;
}

/* ---- PowerMTA */

static const char *const column_names[RECORD_COLUMNS] = {
	[RECORD_TYPE] = "type",
	[RECORD_TIME] = "timeLogged",
	[RECORD_SENDER] = "orig",
	[RECORD_RECIPIENT] = "rcpt",
	[RECORD_STATUS] = "dsnStatus",
	[RECORD_DIAG] = "dsnDiag",
	[RECORD_MTA] = "dsnMta",
	[RECORD_SOURCE] = "dlvSourceIp",
};

/* The next field of CSV (RFC 4180); *at moves past its comma. */
static const char *
next_field(const char **at, struct arena *a)
{
	const char *c = *at;
	char *field = arena_strndup(a, c, strlen(c));
	size_t n = 0;
	bool quoted = *c == '"';
	for (c += quoted; *c != '\0' && (quoted || (*c != ',' && *c != '\r')); c++) {
		if (quoted && c[0] == '"' && c[1] != '"')
			break;
		c += quoted && c[0] == '"';
		field[n++] = *c;
	}
	field[n] = '\0';
	c += strcspn(c, ",");
	*at = c + (*c == ',');
	return field;
}

bool
record_is_head(const char *line, struct arena *a, struct record_table *t)
{
	struct record_table read = { .at = { 0 } };
	if (strncmp(line, "type,", 5) != 0 && strncmp(line, "\"type\",", 7) != 0)
		return false;
	const char *at = line;
	for (size_t i = 1; *at != '\0' && i <= RECORD_COLUMNS_MAX; i++) {
		const char *name = next_field(&at, a);
		for (size_t c = 0; c < RECORD_COLUMNS; c++)
			if (strcmp(name, column_names[c]) == 0)
				read.at[c] = i;
	}
	if (read.at[RECORD_DIAG] == 0)
		return false;
	*t = read;
	return true;
}

/* "smtp;550 5.7.25 ..." */
static void
take_diag(const char *const *fields, struct arena *a, struct reply *out)
{
	const char *diag = fields[RECORD_DIAG];
	if (strncasecmp(diag, "smtp;", 5) == 0)
		diag += 5;
	reply_read(diag, strlen(diag), a, out);
	size_t len = strcspn(fields[RECORD_STATUS], " ");
	if (out->status[0] == '\0' && len > 0 && len < REPLY_STATUS_MAX) {
		memcpy(out->status, fields[RECORD_STATUS], len);
		out->status[len] = '\0';
	}
}

enum log_line
record_row(const struct record_table *t, const char *line, int64_t now_s, struct arena *a,
    struct reply *out)
{
	const char *fields[RECORD_COLUMNS] = { "", "", "", "", "", "", "", "" };
	const char *at = line;
	for (size_t i = 1; *at != '\0' && i <= RECORD_COLUMNS_MAX; i++) {
		const char *field = next_field(&at, a);
		for (size_t c = 0; c < RECORD_COLUMNS; c++)
			if (t->at[c] == i)
				fields[c] = field;
	}
	const char *type = fields[RECORD_TYPE];
	if (strcmp(type, "b") != 0 && strcmp(type, "t") != 0 && strcmp(type, "rb") != 0)
		return LOG_QUIET;
	take_diag(fields, a, out);
	if (out->code == 0 && out->status[0] == '\0')
		return LOG_QUIET;
	out->host = host_of(fields[RECORD_MTA], a);
	if (out->address.family == 0)
		out->address = address_of(fields[RECORD_SOURCE], a);
	out->sender = domain_of(fields[RECORD_SENDER], a);
	out->recipient = domain_of(fields[RECORD_RECIPIENT], a);
	(void)log_time(fields[RECORD_TIME], now_s, &out->time_s);
	return LOG_REFUSED;
}
