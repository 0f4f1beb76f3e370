/* Who the mail is from, by the words of the target: the sender in MAIL FROM and the From domain. */
#include "views/sender.h"

#include <string.h>

#include "base/arena.h"
#include "base/name.h"
#include "views/understanding.h"

/* A name that mail can be from has a dot in it (RFC 7208 4.3); an address in brackets is not a name. */
static const char *
read_domain(const char *text, struct arena *a)
{
	char name[NAME_TEXT_MAX];
	bool valid = text[0] != '[' && (name_from_user(text, name) || name_from_text(text, name));
	return valid && name_labels(name) > 1 ? arena_strdup(a, name) : "";
}

static const char *
from_domain(const struct target *t, struct arena *a)
{
	const char *from = t->names.from != NULL ? t->names.from : t->names.domain;
	return read_domain(from, a);
}

/* "<user@example.com>" as in the SMTP command. */
static const char *
without_brackets(const char *text, struct arena *a)
{
	size_t len = strlen(text);
	bool bracketed = len >= 2 && text[0] == '<' && text[len - 1] == '>';
	return bracketed ? arena_strndup(a, text + 1, len - 2) : text;
}

/* A sender without a local part has "postmaster" for one (RFC 7208 4.3). */
static const char *
whole_sender(const char *text, struct arena *a)
{
	const char *at = strrchr(text, '@');
	if (at == NULL)
		return arena_printf(a, "postmaster@%s", text);
	return at == text ? arena_printf(a, "postmaster%s", text) : text;
}

static void
read_mail_from(const char *given, struct arena *a, struct sender_view *out)
{
	const char *text = without_brackets(given, a);
	out->source = text[0] != '\0' ? SENDER_GIVEN : SENDER_EMPTY;
	if (out->source == SENDER_EMPTY)
		return;
	out->mail_from = whole_sender(text, a);
	out->mail_from_domain = read_domain(strrchr(out->mail_from, '@') + 1, a);
}

void
sender_read(const struct target *t, struct arena *a, struct sender_view *out)
{
	*out = (struct sender_view){ .source = SENDER_NONE,
		.mail_from = "",
		.mail_from_domain = "",
		.from_domain = from_domain(t, a) };
	if (t->names.mail_from != NULL) {
		read_mail_from(t->names.mail_from, a, out);
	} else if (out->from_domain[0] != '\0') {
		out->source = SENDER_FROM;
		out->mail_from = arena_printf(a, "postmaster@%s", out->from_domain);
		out->mail_from_domain = out->from_domain;
	}
}

const struct sender_view *
known_sender(struct understanding *k)
{
	if (k->sender != NULL)
		return k->sender;
	struct sender_view *v = arena_alloc(k->arena, sizeof *v);
	sender_read(k->target, k->arena, v);
	return k->sender = v;
}
