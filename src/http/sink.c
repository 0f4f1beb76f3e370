/* Takes in the body and the headers of a reply, up to their limits. */
#include "http/sink_priv.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/mem.h"

static const struct {
	const char *name;
	enum sink_header field;
} wanted[] = {
	{ "Date", SINK_DATE },
	{ "Retry-After", SINK_RETRY_AFTER },
	{ "X-Subject-Token", SINK_SUBJECT_TOKEN },
	{ "X-Request-Id", SINK_REQUEST_ID },
	{ "X-Openstack-Request-Id", SINK_REQUEST_ID },
	{ "X-IAM-Trace-Id", SINK_REQUEST_ID },
};

static void
free_wiped(char *text, size_t len)
{
	if (text != NULL)
		explicit_bzero(text, len);
	free(text);
}

void
sink_fini(struct sink *s)
{
	free_wiped(s->body, s->len);
	for (size_t i = 0; i < SINK_HEADERS; i++)
		free_wiped(s->headers[i], s->headers[i] != NULL ? strlen(s->headers[i]) : 0);
	*s = (struct sink){ .max = s->max };
}

static void
keep(struct sink *s, enum sink_header field, const char *value, size_t len)
{
	while (len > 0 && strchr(" \t", value[0]) != NULL) {
		value++;
		len--;
	}
	while (len > 0 && strchr("\r\n \t", value[len - 1]) != NULL)
		len--;
	if (s->headers[field] != NULL || memchr(value, '\0', len) != NULL)
		return; /* the first one counts */
	s->headers[field] = mem_zalloc(len + 1, 1);
	memcpy(s->headers[field], value, len);
}

void
sink_header(struct sink *s, const char *line, size_t len)
{
	if (len > 5 && memcmp(line, "HTTP/", 5) == 0) {
		sink_fini(s);
		return;
	}
	if (len > 0 && (line[0] == '\r' || line[0] == '\n'))
		s->head_ended = true;
	const char *colon = memchr(line, ':', len);
	if (colon == NULL)
		return;
	size_t name_len = (size_t)(colon - line);
	for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
		if (strlen(wanted[i].name) == name_len &&
		    strncasecmp(line, wanted[i].name, name_len) == 0)
			keep(s, wanted[i].field, colon + 1, len - name_len - 1);
}

/* realloc() would leave a copy in memory, and the reply may contain a token. */
static void
grow(struct sink *s, size_t need)
{
	size_t cap = s->cap > 0 ? s->cap : 4096;
	while (cap < need)
		cap *= 2;
	if (cap == s->cap)
		return;
	char *body = mem_zalloc(cap, 1);
	if (s->len > 0)
		memcpy(body, s->body, s->len);
	free_wiped(s->body, s->len);
	s->body = body;
	s->cap = cap;
}

bool
sink_body(struct sink *s, const char *data, size_t len)
{
	if (len > s->max - s->len) {
		s->over = true;
		return false;
	}
	grow(s, s->len + len);
	memcpy(s->body + s->len, data, len);
	s->len += len;
	return true;
}

static const char *
text_of(const struct sink *s, enum sink_header field, struct arena *a)
{
	return s->headers[field] != NULL ? arena_strdup(a, s->headers[field]) : "";
}

void
sink_to_reply(const struct sink *s, struct arena *a, struct http_reply *reply)
{
	reply->body = s->len > 0 ? arena_strndup(a, s->body, s->len) : "";
	reply->body_len = s->len;
	reply->date = text_of(s, SINK_DATE, a);
	reply->retry_after = text_of(s, SINK_RETRY_AFTER, a);
	reply->request_id = text_of(s, SINK_REQUEST_ID, a);
	reply->subject_token = text_of(s, SINK_SUBJECT_TOKEN, a);
}
