/* The client side of an SMTP dialogue: a state machine of tables, without a socket. */
#include "smtp/session.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/name.h"

enum { OUT_MAX = 4096 };

/* The meaning of an end of the dialogue in a state.  CUT: what the peer did not complete ... */
enum meaning {
	CUT_START, /* ... is the dialogue itself */
	CUT_TLS,   /* ... is the way to TLS; what was learned before stands */
	CUT_LATER, /* ... is worth a word only */
	CUT_NONE,  /* ... does not matter */
};

static const enum meaning meanings[SMTP_STATES] = {
	[SMTP_AT_GREETING] = CUT_START,
	[SMTP_AT_EHLO] = CUT_START,
	[SMTP_AT_HELO] = CUT_START,
	[SMTP_AT_STARTTLS] = CUT_TLS,
	[SMTP_AT_HANDSHAKE] = CUT_TLS,
	[SMTP_AT_EHLO_TLS] = CUT_LATER,
	[SMTP_AT_QUIT] = CUT_NONE,
	[SMTP_AT_END] = CUT_NONE,
};

static const char *const waited_for[SMTP_STATES] = {
	[SMTP_AT_GREETING] = "the greeting",
	[SMTP_AT_EHLO] = "the reply to EHLO",
	[SMTP_AT_HELO] = "the reply to HELO",
	[SMTP_AT_STARTTLS] = "the reply to STARTTLS",
	[SMTP_AT_HANDSHAKE] = "the TLS handshake",
	[SMTP_AT_EHLO_TLS] = "the reply to EHLO under TLS",
	[SMTP_AT_QUIT] = "the reply to QUIT",
	[SMTP_AT_END] = "nothing",
};

/* The command that is sent on the way into a state. */
static const struct {
	const char *verb;
	bool names_us;
} commands[SMTP_STATES] = {
	[SMTP_AT_EHLO] = { "EHLO", true },
	[SMTP_AT_HELO] = { "HELO", true },
	[SMTP_AT_STARTTLS] = { "STARTTLS", false },
	[SMTP_AT_EHLO_TLS] = { "EHLO", true },
	[SMTP_AT_QUIT] = { "QUIT", false },
};

/* The first word of a line in the internal form of names; "" when it cannot be a name. */
static const char *
first_name(struct arena *a, const char *line)
{
	const char *word = arena_strndup(a, line, strcspn(line, " \t"));
	char name[NAME_TEXT_MAX], a_labels[NAME_TEXT_MAX];
	if (!name_from_text(word, name))
		return "";
	/* other letters than ASCII stay as they were sent: they are what there is to judge */
	bool translated = name_from_user(word, a_labels) && !name_equal(a_labels, name);
	return translated ? word : arena_strdup(a, name);
}

static void
keep_greeting(struct smtp_session *s)
{
	const char *line = smtp_reply_line(&s->reply, 0);
	s->dialogue->banner = arena_strdup(s->arena, line);
	s->dialogue->banner_name = first_name(s->arena, line);
}

static void
cut(struct smtp_session *s, enum smtp_status status, enum smtp_tls tls, const char *reason)
{
	struct smtp_dialogue *d = s->dialogue;
	const char *text = arena_printf(s->arena, "%s (waiting for %s)", reason,
	    waited_for[s->state]);
	enum meaning meaning = meanings[s->state];
	/* Postfix' postscreen says its name at once, and the rest after six seconds */
	if (s->state == SMTP_AT_GREETING && s->reply.state == REPLY_MORE && s->reply.code == 220)
		keep_greeting(s);
	if (meaning == CUT_START)
		d->status = status;
	if (meaning == CUT_START || meaning == CUT_LATER)
		d->error = text;
	if (meaning == CUT_TLS) {
		d->tls = tls;
		d->tls_error = text;
	}
	s->state = SMTP_AT_END;
}

static void
enter(struct smtp_session *s, enum smtp_state next)
{
	s->state = next;
	if (commands[next].verb == NULL)
		return;
	buf_puts(&s->out, commands[next].verb);
	if (commands[next].names_us)
		buf_printf(&s->out, " %s", s->our_name);
	buf_puts(&s->out, "\r\n");
}

/* Code and first line. */
static const char *
reply_text(struct smtp_session *s)
{
	return arena_printf(s->arena, "%d %.200s", s->reply.code, smtp_reply_line(&s->reply, 0));
}

/* A whole reply that has no place at this point: the peer does not follow the protocol. */
static enum smtp_state
unexpected(struct smtp_session *s)
{
	const char *reason = arena_printf(s->arena, "unexpected reply \"%s\"", reply_text(s));
	cut(s, SMTP_BROKEN, SMTP_TLS_FAILED, reason);
	return SMTP_AT_END;
}

static bool
is_refusal(int code)
{
	return code >= 400;
}

static enum smtp_state
on_greeting(struct smtp_session *s)
{
	struct smtp_dialogue *d = s->dialogue;
	d->banner_code = s->reply.code;
	d->banner = arena_strdup(s->arena, smtp_reply_line(&s->reply, 0));
	if (is_refusal(s->reply.code)) {
		/* RFC 5321 3.1: 554 waits for QUIT; 421 closes by itself */
		d->status = SMTP_TALKED;
		return SMTP_AT_QUIT;
	}
	if (s->reply.code != 220)
		return unexpected(s);
	keep_greeting(s);
	return SMTP_AT_EHLO;
}

static bool
offers_starttls(const struct smtp_dialogue *d)
{
	for (size_t i = 0; i < d->n_capabilities; i++) {
		const char *line = d->capabilities[i];
		if (strcspn(line, " \t") == 8 && strncasecmp(line, "STARTTLS", 8) == 0)
			return true;
	}
	return false;
}

static void
keep_capabilities(struct smtp_session *s)
{
	struct smtp_dialogue *d = s->dialogue;
	d->n_capabilities = s->reply.n_lines - 1;
	d->capabilities = arena_array(s->arena, d->n_capabilities, sizeof *d->capabilities);
	for (size_t i = 0; i < d->n_capabilities; i++)
		d->capabilities[i] = arena_strdup(s->arena, smtp_reply_line(&s->reply, i + 1));
}

/* RFC 5321 3.2: a client falls back to HELO when EHLO is not recognised or not implemented. */
/* EHLO and HELO share this; false when there is nothing more to send. */
static bool
is_taken(struct smtp_session *s)
{
	struct smtp_dialogue *d = s->dialogue;
	d->status = SMTP_TALKED;
	if (is_refusal(s->reply.code))
		d->error = reply_text(s);
	else
		d->ehlo_name = first_name(s->arena, smtp_reply_line(&s->reply, 0));
	return !is_refusal(s->reply.code);
}

static enum smtp_state
on_ehlo(struct smtp_session *s)
{
	struct smtp_dialogue *d = s->dialogue;
	d->ehlo_code = s->reply.code;
	if (s->reply.code == 500 || s->reply.code == 502)
		return SMTP_AT_HELO;
	if (s->reply.code != 250 && !is_refusal(s->reply.code))
		return unexpected(s);
	if (!is_taken(s))
		return SMTP_AT_QUIT;
	keep_capabilities(s);
	if (offers_starttls(d))
		return SMTP_AT_STARTTLS;
	d->tls = SMTP_TLS_NOT_OFFERED;
	return SMTP_AT_QUIT;
}

static enum smtp_state
on_helo(struct smtp_session *s)
{
	if (s->reply.code != 250 && !is_refusal(s->reply.code))
		return unexpected(s);
	if (is_taken(s))
		s->dialogue->tls = SMTP_TLS_NOT_OFFERED;
	return SMTP_AT_QUIT;
}

static enum smtp_state
on_starttls(struct smtp_session *s)
{
	struct smtp_dialogue *d = s->dialogue;
	if (s->reply.code == 220)
		return SMTP_AT_HANDSHAKE;
	if (!is_refusal(s->reply.code))
		return unexpected(s);
	d->tls = SMTP_TLS_REFUSED;
	d->tls_error = reply_text(s);
	return SMTP_AT_QUIT;
}

static enum smtp_state
on_ehlo_tls(struct smtp_session *s)
{
	if (s->reply.code != 250)
		s->dialogue->error = arena_printf(s->arena, "EHLO under TLS was answered \"%s\"",
		    reply_text(s));
	return SMTP_AT_QUIT;
}

static enum smtp_state
on_quit(struct smtp_session *s)
{
	(void)s;
	return SMTP_AT_END;
}

static enum smtp_state (*const on_reply[SMTP_STATES])(struct smtp_session *s) = {
	[SMTP_AT_GREETING] = on_greeting,
	[SMTP_AT_EHLO] = on_ehlo,
	[SMTP_AT_HELO] = on_helo,
	[SMTP_AT_STARTTLS] = on_starttls,
	[SMTP_AT_EHLO_TLS] = on_ehlo_tls,
	[SMTP_AT_QUIT] = on_quit,
};

/* The state changes before the next reply is read, so that the reply is read in its new place. */
static void
reply_ended(struct smtp_session *s)
{
	if (s->state != SMTP_AT_QUIT)
		s->dialogue->notes |= s->reply.notes;
	if (s->reply.state == REPLY_BAD) {
		const char *reason = arena_printf(s->arena, "%s: \"%.200s\"", s->reply.fault,
		    s->reply.line);
		cut(s, SMTP_BROKEN, SMTP_TLS_FAILED, reason);
	} else {
		enter(s, on_reply[s->state](s));
	}
	smtp_reply_reset(&s->reply);
}

static bool
reads_replies(const struct smtp_session *s)
{
	return s->state != SMTP_AT_HANDSHAKE && s->state != SMTP_AT_END;
}

void
smtp_session_init(struct smtp_session *s, struct smtp_dialogue *dialogue, struct arena *arena,
    const char *our_name)
{
	s->state = SMTP_AT_GREETING;
	s->dialogue = dialogue;
	s->arena = arena;
	s->our_name = our_name;
	smtp_reply_init(&s->reply);
	buf_init(&s->out, OUT_MAX);
}

void
smtp_session_fini(struct smtp_session *s)
{
	smtp_reply_fini(&s->reply);
	buf_fini(&s->out);
}

void
smtp_session_input(struct smtp_session *s, const char *data, size_t len)
{
	while (len > 0 && reads_replies(s)) {
		size_t taken = smtp_reply_feed(&s->reply, data, len);
		data += taken;
		len -= taken;
		if (s->reply.state != REPLY_MORE)
			reply_ended(s);
	}
	/* Whoever sends plain text here wants it to be taken for part of the encrypted session
	 * (RFC 3207 6, CVE-2011-0411): it is not kept. */
	if (len > 0 && s->state == SMTP_AT_HANDSHAKE)
		s->dialogue->notes |= SMTP_NOTE_INJECTED;
}

void
smtp_session_tls_up(struct smtp_session *s)
{
	assert(s->state == SMTP_AT_HANDSHAKE);
	s->dialogue->tls = SMTP_TLS_DONE;
	enter(s, SMTP_AT_EHLO_TLS); /* RFC 3207 4.2: start over */
}

void
smtp_session_tls_failed(struct smtp_session *s, const char *reason)
{
	assert(s->state == SMTP_AT_HANDSHAKE);
	s->dialogue->tls = SMTP_TLS_FAILED;
	s->dialogue->tls_error = arena_strdup(s->arena, reason);
	s->state = SMTP_AT_END;
}

void
smtp_session_lost(struct smtp_session *s, const char *reason)
{
	cut(s, SMTP_BROKEN, SMTP_TLS_FAILED, reason);
}

void
smtp_session_give_up(struct smtp_session *s, const char *reason)
{
	cut(s, SMTP_SILENT, SMTP_TLS_UNKNOWN, reason);
}
