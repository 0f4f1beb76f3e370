/* Takes the secrets that are known out of texts. */
#include "base/hide.h"

#include <ctype.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/percent.h"

enum {
	FORMS_MAX = 512, /* tokens are renewed: the oldest make room */
	FORM_LEN_MAX = 64 << 10,
	ALONE_BELOW = 8, /* shorter ones count only where no letter or digit is beside them */
};

static const char mark[] = "[secret]";

/* A form of a secret in which it may appear. */
struct form {
	char *text; /* NULL: none yet */
	size_t len;
};

static struct form forms[FORMS_MAX];
static size_t n_learned;

static void
wipe(char *text)
{
	if (text != NULL)
		explicit_bzero(text, malloc_usable_size(text));
	free(text);
}

static bool
is_known(const char *text, size_t len)
{
	for (size_t i = 0; i < FORMS_MAX && forms[i].text != NULL; i++)
		if (forms[i].len == len && memcmp(forms[i].text, text, len) == 0)
			return true;
	return false;
}

/* Takes over the text of the buffer. */
static void
keep(struct buf *form)
{
	if (form->failed || form->len == 0 || is_known(form->data, form->len)) {
		explicit_bzero(form->data, form->len);
		buf_fini(form);
		return;
	}
	struct form *place = &forms[n_learned++ % FORMS_MAX];
	wipe(place->text);
	*place = (struct form){ form->data, form->len };
}

static struct buf
new_form(size_t cap)
{
	struct buf form;
	buf_init(&form, FORM_LEN_MAX);
	buf_room(&form, cap < FORM_LEN_MAX ? cap : 0); /* one that grows leaves copies in memory */
	buf_reset(&form);
	return form;
}

static void
keep_plain(const char *secret, size_t len)
{
	struct buf form = new_form(len);
	buf_add(&form, secret, len);
	keep(&form);
}

static void
keep_url(const char *secret, size_t len)
{
	struct buf form = new_form(3 * len);
	percent_add(&form, secret, len, "");
	keep(&form);
}

static void
keep_json(const char *secret, size_t len, const char *escaped)
{
	struct buf form = new_form(2 * len);
	for (size_t i = 0; i < len; i++) {
		if (strchr(escaped, secret[i]) != NULL)
			buf_putc(&form, '\\');
		buf_putc(&form, secret[i]);
	}
	keep(&form);
}

/*
 * The digits that the secret alone decides when it begins at byte `shift` of a group of three: what
 * is before and after it, such as a user and a colon, is not known here.
 */
static void
keep_base64(const char *secret, size_t len, size_t shift)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	struct buf form = new_form(2 * len + 4);
	size_t first_bit = 8 * shift, end_bit = 8 * (shift + len);
	for (size_t bit = (first_bit + 5) / 6 * 6; bit + 6 <= end_bit; bit += 6) {
		size_t at = bit / 8 - shift;
		unsigned two = (unsigned)(unsigned char)secret[at] << 8;
		if (at + 1 < len)
			two |= (unsigned char)secret[at + 1];
		buf_putc(&form, digits[two >> (10 - bit % 8) & 63]);
	}
	if (form.len < ALONE_BELOW)
		buf_reset(&form);
	keep(&form);
}

void
hide_learn(const char *secret)
{
	size_t len = secret != NULL ? strlen(secret) : 0;
	if (len < HIDE_MIN || is_known(secret, len))
		return;
	keep_plain(secret, len);
	keep_url(secret, len);
	keep_json(secret, len, "\"\\");
	keep_json(secret, len, "\"\\/");
	for (size_t shift = 0; shift < 3; shift++)
		keep_base64(secret, len, shift);
}

static size_t
common_prefix(const struct form *form, const char *text, size_t len)
{
	size_t n = 0;
	while (n < len && n < form->len &&
	    tolower((unsigned char)form->text[n]) == tolower((unsigned char)text[n]))
		n++;
	return n;
}

static bool
is_word(const char *text, size_t len, size_t at)
{
	return at < len && isalnum((unsigned char)text[at]) != 0;
}

/* How many bytes at this place are a secret, whole or cut off; 0: none. */
static size_t
secret_len(const struct form *form, const char *text, size_t len, size_t at)
{
	size_t n = common_prefix(form, text + at, len - at);
	if (n < form->len)
		return n >= HIDE_PART_MIN ? n : 0;
	bool stuck = (at > 0 && is_word(text, len, at - 1)) || is_word(text, len, at + n);
	return n >= ALONE_BELOW || !stuck ? n : 0;
}

/* A text may come through here again, and a password may be "secret". */
static bool
is_mark(const char *text, size_t len, size_t at)
{
	return len - at >= strlen(mark) && memcmp(text + at, mark, strlen(mark)) == 0;
}

static size_t
longest_secret(const char *text, size_t len, size_t at)
{
	size_t longest = 0;
	for (size_t i = 0; i < FORMS_MAX && forms[i].text != NULL; i++) {
		size_t n = secret_len(&forms[i], text, len, at);
		longest = n > longest ? n : longest;
	}
	return longest;
}

void
hide_add(struct buf *out, const char *text, size_t len)
{
	size_t shown = 0;
	for (size_t at = 0; at < len && n_learned > 0;) {
		if (is_mark(text, len, at)) {
			at += strlen(mark);
			continue;
		}
		size_t n = longest_secret(text, len, at);
		if (n > 0) {
			buf_add(out, text + shown, at - shown);
			buf_puts(out, mark);
			shown = at + n;
		}
		at += n > 0 ? n : 1;
	}
	buf_add(out, text + shown, len - shown);
}
