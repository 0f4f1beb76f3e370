/* A TSIG key from a file: one word after the other, in the forms that servers and nsupdate write. */
#include "provider/rfc2136/tsig_key_priv.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "base/hide.h"

/* One word, quoted string or punctuation mark of the file. */
struct token {
	const char *at;
	size_t len;
	bool quoted;
};

/* A cursor with a sticky error: after the first one every token is empty. */
struct reader {
	const char *name;
	const char *at, *end;
	int line;
	bool knot; /* blanks alone end a word, as base64 may hold what BIND takes for a comment */
	struct err *err;
	bool failed;
};

static void
fail(struct reader *r, const char *text)
{
	if (!r->failed)
		err_set(r->err, ERR_CONFIG, "%s:%d: %s", r->name, r->line, text);
	r->failed = true;
}

static bool
starts_with(const struct reader *r, const char *word)
{
	size_t len = strlen(word);
	return (size_t)(r->end - r->at) >= len && memcmp(r->at, word, len) == 0;
}

static void
skip_line(struct reader *r)
{
	while (r->at < r->end && *r->at != '\n')
		r->at++;
}

static void
skip_block_comment(struct reader *r)
{
	for (r->at += 2; !starts_with(r, "*/"); r->at++) {
		if (r->at == r->end) {
			fail(r, "a comment has no end");
			return;
		}
		r->line += *r->at == '\n';
	}
	r->at += 2;
}

static void
skip_blanks(struct reader *r)
{
	while (r->at < r->end && !r->failed) {
		if (*r->at == '#' || (!r->knot && starts_with(r, "//")))
			skip_line(r);
		else if (!r->knot && starts_with(r, "/*"))
			skip_block_comment(r);
		else if (!isspace((unsigned char)*r->at))
			return;
		else
			r->line += *r->at++ == '\n';
	}
}

static struct token
quoted(struct reader *r)
{
	struct token t = { .at = ++r->at, .quoted = true };
	while (r->at < r->end && *r->at != '"' && *r->at != '\n')
		r->at++;
	if (r->at == r->end || *r->at != '"') {
		fail(r, "a quoted string has no end");
		return (struct token){ .at = "" };
	}
	t.len = (size_t)(r->at++ - t.at);
	return t;
}

static bool
ends_word(const struct reader *r)
{
	if (isspace((unsigned char)*r->at))
		return true;
	return !r->knot && *r->at != '\0' && strchr("{};\"", *r->at) != NULL;
}

static struct token
next(struct reader *r)
{
	skip_blanks(r);
	if (r->failed || r->at == r->end)
		return (struct token){ .at = "" };
	if (*r->at == '"')
		return quoted(r);
	struct token t = { .at = r->at };
	if (ends_word(r))
		r->at++;
	else
		while (r->at < r->end && !ends_word(r))
			r->at++;
	t.len = (size_t)(r->at - t.at);
	return t;
}

static bool
is(struct token t, const char *word)
{
	return !t.quoted && t.len == strlen(word) && memcmp(t.at, word, t.len) == 0;
}

static void
set_name(struct reader *r, struct token t, struct tsig_key *out)
{
	char text[NAME_TEXT_MAX];
	if (t.len == 0 || t.len >= sizeof text) {
		fail(r, "the key has no name");
		return;
	}
	memcpy(text, t.at, t.len);
	text[t.len] = '\0';
	if (!name_from_text(text, out->name) || out->name[0] == '\0')
		fail(r, "the key's name is not a domain name");
}

static void
set_algorithm(struct reader *r, struct token t, struct tsig_key *out)
{
	static const char md5_suffix[] = ".sig-alg.reg.int";
	char text[64];
	size_t len = t.len < sizeof text ? t.len : sizeof text - 1;
	for (size_t i = 0; i < len; i++)
		text[i] = (char)tolower((unsigned char)t.at[i]);
	if (len > 0 && text[len - 1] == '.')
		len--;
	text[len] = '\0';
	if (strncmp(text, "hmac-md5.", 9) == 0 && strcmp(text + 8, md5_suffix) == 0)
		text[8] = '\0';
	if (!tsig_algorithm_known(text)) {
		fail(r,
		    "the algorithm is not one of hmac-sha256, hmac-sha512, hmac-sha1 and "
		    "hmac-md5: make a key with hmac-sha256");
		return;
	}
	memcpy(out->algorithm, text, strlen(text) + 1);
}

/* RFC 4648 4: groups of four, the last one padded. */
static bool
is_base64(const char *text, size_t len)
{
	size_t digits = len;
	while (digits > 0 && len - digits < 2 && text[digits - 1] == '=')
		digits--;
	for (size_t i = 0; i < digits; i++)
		if (!isalnum((unsigned char)text[i]) && text[i] != '+' && text[i] != '/')
			return false;
	return len > 0 && len % 4 == 0 && digits > 0;
}

static void
set_secret(struct reader *r, struct token t, struct tsig_key *out)
{
	if (!is_base64(t.at, t.len) || t.len >= sizeof out->secret) {
		fail(r, "the secret is not base64, or over 255 characters");
		return;
	}
	memcpy(out->secret, t.at, t.len);
	out->secret[t.len] = '\0';
	hide_learn(out->secret);
}

static void
expect(struct reader *r, const char *mark, const char *text)
{
	if (!is(next(r), mark))
		fail(r, text);
}

static void
read_bind(struct reader *r, struct tsig_key *out)
{
	expect(r, "key", "expected: key \"NAME\" { algorithm ...; secret \"...\"; };");
	set_name(r, next(r), out);
	expect(r, "{", "expected { after the key's name");
	for (;;) {
		struct token t = next(r);
		if (r->failed || is(t, "}"))
			break;
		if (is(t, "algorithm"))
			set_algorithm(r, next(r), out);
		else if (is(t, "secret"))
			set_secret(r, next(r), out);
		else
			fail(r, "expected algorithm, secret or } in the key");
		expect(r, ";", "expected ; after a value");
	}
	expect(r, ";", "expected ; after }");
	if (!r->failed && next(r).len > 0)
		fail(r, "there is more after the key: give a file with only this key");
}

static void
read_knot(struct reader *r, struct tsig_key *out)
{
	expect(r, "key:", "expected key:");
	expect(r, "-", "expected \"- id: NAME\" after key:");
	expect(r, "id:", "expected \"- id: NAME\" after key:");
	set_name(r, next(r), out);
	for (;;) {
		struct token t = next(r);
		if (r->failed || (t.len == 0 && r->at == r->end))
			return;
		if (is(t, "algorithm:"))
			set_algorithm(r, next(r), out);
		else if (is(t, "secret:"))
			set_secret(r, next(r), out);
		else
			fail(r, "expected algorithm: or secret:, and one key only");
	}
}

enum err_code
tsig_key_parse(const char *name, const char *text, size_t len, struct tsig_key *out,
    struct err *err)
{
	*out = (struct tsig_key){ .name = "" };
	struct reader r = { .name = name, .at = text, .end = text + len, .line = 1, .err = err };
	skip_blanks(&r);
	r.knot = starts_with(&r, "key:");
	if (r.knot)
		read_knot(&r, out);
	else
		read_bind(&r, out);
	if (!r.failed && (out->algorithm[0] == '\0' || out->secret[0] == '\0'))
		fail(&r, "the key needs an algorithm and a secret");
	if (r.failed)
		explicit_bzero(out, sizeof *out);
	return r.failed ? ERR_CONFIG : ERR_NONE;
}
