/* Errors as one safe sentence. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/hide.h"
#include "base/safe.h"

enum {
	TEXT_MAX = 3 * ERR_TEXT_MAX,
	LONGEST_SHOWN = 3 * TEXT_MAX, /* HIDE_MIN bytes of it may become "[secret]" */
};

/*
 * Sentences quote words from files, command lines and the net, and go to terminals: making them
 * safe and taking our secrets out of them here means that no caller can forget it.  Text that is
 * safe already passes unchanged.
 */
static void
store(struct err *e, const char *text)
{
	struct buf shown, safe;
	buf_init(&shown, LONGEST_SHOWN);
	buf_init(&safe, ERR_TEXT_MAX - 1);
	hide_add(&shown, text, strlen(text));
	safe_add(&safe, shown.data, shown.len, ERR_TEXT_MAX - 1 - strlen("..."));
	memcpy(e->text, safe.data, safe.len + 1);
	buf_fini(&shown);
	buf_fini(&safe);
}

enum err_code
err_set(struct err *e, enum err_code code, const char *fmt, ...)
{
	char text[2 * ERR_TEXT_MAX];
	va_list ap;
	va_start(ap, fmt);
	int len = vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	e->code = code;
	e->line_len = 0;
	store(e, len < 0 ? "" : text);
	return code;
}

enum err_code
err_prefix(struct err *e, const char *fmt, ...)
{
	char text[TEXT_MAX];
	va_list ap;
	va_start(ap, fmt);
	int len = vsnprintf(text, 2 * ERR_TEXT_MAX, fmt, ap);
	va_end(ap);
	size_t used = len < 0 ? 0 : strnlen(text, 2 * ERR_TEXT_MAX);
	size_t advice = e->line_len > 0 ? strlen(e->text) - e->line_len : 0;
	snprintf(text + used, sizeof text - used, ": %s", e->text);
	store(e, text);
	/* what had no room was the end of the advice, or all of it */
	if (e->line_len > 0 && strlen(e->text) > advice)
		e->line_len = strlen(e->text) - advice;
	return e->code;
}

enum err_code
err_advise(struct err *e, const char *fmt, ...)
{
	char text[TEXT_MAX];
	va_list ap;
	size_t len = strlen(e->text);
	int used = snprintf(text, sizeof text, "%s; ", e->text);
	va_start(ap, fmt);
	vsnprintf(text + used, sizeof text - (size_t)used, fmt, ap);
	va_end(ap);
	store(e, text);
	e->line_len = len;
	return e->code;
}
