/* HTTP requests and replies as values. */
#include "http/http.h"

#include <assert.h>
#include <string.h>

void
http_header(struct http_request *r, const char *name, const char *value)
{
	assert(r->n_headers < HTTP_HEADERS_MAX);
	r->headers[r->n_headers++] = (struct http_header){ name, value };
}

/* The strings are const for readers of the reply; they stand in the arena of the call. */
static void
wipe(const char *text)
{
	if (text == NULL || text[0] == '\0')
		return;
	char *writable;
	memcpy(&writable, &text, sizeof text);
	explicit_bzero(writable, strlen(writable));
}

void
http_reply_wipe(struct http_reply *r)
{
	if (r->body != NULL && r->body_len > 0) {
		char *writable;
		memcpy(&writable, &r->body, sizeof writable);
		explicit_bzero(writable, r->body_len);
	}
	wipe(r->subject_token);
	r->body = r->subject_token = "";
	r->body_len = 0;
}
