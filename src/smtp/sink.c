/* The server side of SMTP, for mail that goes nowhere. */
#include "smtp/sink.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "smtp/sink_priv.h"

enum { OUT_MAX = 1 << 20, PIECE_MAX = 65536 };

static const struct enumtab_row stage_rows[] = {
	{ "connect", SINK_CONNECT },
	{ "ehlo", SINK_EHLO },
	{ "mail", SINK_MAIL },
	{ "rcpt", SINK_RCPT },
	{ "data", SINK_DATA },
	{ "nowhere", SINK_NOWHERE },
};
const struct enumtab sink_stage_names = ENUMTAB(stage_rows);

struct sink {
	const struct sink_options *options;
	struct buf out, line;
	bool line_cut; /* the rest of a line that is too long is passed over */
	enum sink_want want;
	char ehlo[SINK_LINE_MAX];
	char tls_version[32], tls_cipher[64];
	struct sink_delivery *delivery; /* since MAIL FROM, or what was refused; NULL */
	bool in_text;
	enum sink_text_state text_state;
	struct message_reader *reader; /* NULL: the message is over a limit or cannot be read */
	uint64_t size;                 /* of the message under way, in bytes */
	bool too_large;
	unsigned n_errors, n_messages;
};

/* ---- deliveries */

static struct sink_delivery *
new_delivery(const struct sink *s)
{
	struct sink_delivery *d = mem_zalloc(1, sizeof *d);
	arena_init(&d->arena);
	buf_init(&d->text, SINK_SIZE_MAX);
	d->ehlo = arena_strdup(&d->arena, s->ehlo);
	d->tls_version = arena_strdup(&d->arena, s->tls_version);
	d->tls_cipher = arena_strdup(&d->arena, s->tls_cipher);
	d->refused = SINK_NOWHERE;
	d->fault = "";
	return d;
}

void
sink_delivery_free(struct sink_delivery *d)
{
	if (d == NULL)
		return;
	buf_fini(&d->text);
	arena_fini(&d->arena);
	free(d);
}

static void
drop_delivery(struct sink *s)
{
	if (s->reader != NULL)
		message_drop(s->reader);
	s->reader = NULL;
	sink_delivery_free(s->delivery);
	s->delivery = NULL;
}

static void
hand_over(struct sink *s)
{
	struct sink_delivery *d = s->delivery;
	s->delivery = NULL;
	s->options->delivered(s->options->arg, d);
}

/* ---- replies */

static void
say(struct sink *s, const char *reply)
{
	buf_printf(&s->out, "%s\r\n", reply);
}

static void
refuse(struct sink *s, const char *reply)
{
	say(s, reply);
	if (++s->n_errors < SINK_ERRORS_MAX)
		return;
	say(s, "421 4.7.0 Too many errors");
	s->want = SINK_WANTS_END;
}

/* Is everything refused at this stage?  Then it is, and whoever it was is reported. */
static bool
refused_at(struct sink *s, enum sink_stage stage)
{
	if (s->options->refuse != stage)
		return false;
	if (s->delivery == NULL)
		s->delivery = new_delivery(s);
	s->delivery->refused = stage;
	refuse(s, "550 5.7.1 Refused, as --refuse asks");
	return true;
}

/* ---- commands */

static void
do_ehlo(struct sink *s, const char *rest)
{
	drop_delivery(s);
	snprintf(s->ehlo, sizeof s->ehlo, "%s", rest);
	if (refused_at(s, SINK_EHLO)) {
		s->ehlo[0] = '\0';
		return;
	}
	buf_printf(&s->out, "250-%s\r\n250-PIPELINING\r\n250-SIZE %d\r\n250-8BITMIME\r\n",
	    s->options->name, SINK_SIZE_MAX);
	if (s->tls_version[0] == '\0')
		say(s, "250-STARTTLS");
	say(s, "250-SMTPUTF8");
	say(s, "250 ENHANCEDSTATUSCODES");
}

static void
do_helo(struct sink *s, const char *rest)
{
	drop_delivery(s);
	snprintf(s->ehlo, sizeof s->ehlo, "%s", rest);
	if (refused_at(s, SINK_EHLO))
		s->ehlo[0] = '\0';
	else
		buf_printf(&s->out, "250 %s\r\n", s->options->name);
}

static void
do_starttls(struct sink *s, const char *rest)
{
	if (rest[0] != '\0' || s->tls_version[0] != '\0') {
		refuse(s, rest[0] != '\0' ? "501 5.5.4 No parameters" : "503 5.5.1 TLS is up");
		return;
	}
	drop_delivery(s);
	say(s, "220 2.0.0 Ready to start TLS");
	s->want = SINK_WANTS_TLS;
}

/* The path after "FROM:" or "TO:", in the arena of the delivery; NULL without one. */
static const char *
read_path(struct sink *s, const char *rest, const char *word)
{
	size_t len = strlen(word);
	if (strncasecmp(rest, word, len) != 0)
		return NULL;
	rest += len + strspn(rest + len, " ");
	bool angles = rest[0] == '<';
	rest += angles;
	const char *end = angles ? strrchr(rest, '>') : rest + strcspn(rest, " ");
	if (end == NULL || (!angles && end == rest))
		return NULL;
	return arena_strndup(&s->delivery->arena, rest, (size_t)(end - rest));
}

static void
do_mail(struct sink *s, const char *rest)
{
	if (s->ehlo[0] == '\0' || (s->delivery != NULL && s->delivery->refused == SINK_NOWHERE)) {
		refuse(s, s->ehlo[0] == '\0' ? "503 5.5.1 EHLO first" : "503 5.5.1 MAIL again");
		return;
	}
	if (++s->n_messages > SINK_MESSAGES_MAX) {
		say(s, "421 4.7.0 Too many messages");
		s->want = SINK_WANTS_END;
		return;
	}
	drop_delivery(s);
	s->delivery = new_delivery(s);
	s->delivery->sender = read_path(s, rest, "FROM:");
	if (s->delivery->sender == NULL) {
		drop_delivery(s);
		refuse(s, "501 5.5.4 Expected MAIL FROM:<address>");
	} else if (!refused_at(s, SINK_MAIL)) {
		say(s, "250 2.1.0 Sender ok");
	}
}

static void
do_rcpt(struct sink *s, const char *rest)
{
	if (s->delivery == NULL || s->delivery->sender == NULL || s->delivery->refused == SINK_MAIL)
		refuse(s, "503 5.5.1 MAIL first");
	else if (read_path(s, rest, "TO:") == NULL)
		refuse(s, "501 5.5.4 Expected RCPT TO:<address>");
	else if (s->delivery->n_recipients == SINK_RECIPIENTS_MAX)
		refuse(s, "452 4.5.3 Too many recipients");
	else if (!refused_at(s, SINK_RCPT)) {
		s->delivery->n_recipients++;
		say(s, "250 2.1.5 Recipient ok");
	}
}

static void
do_data(struct sink *s, const char *rest)
{
	(void)rest;
	if (s->delivery == NULL || s->delivery->n_recipients == 0) {
		refuse(s, "503 5.5.1 RCPT first");
		return;
	}
	if (refused_at(s, SINK_DATA))
		return;
	say(s, "354 End with <CRLF>.<CRLF>");
	s->in_text = true;
	s->too_large = false;
	s->size = 0;
	s->text_state = SINK_TEXT_START;
	s->reader = message_begin(&s->delivery->arena);
}

static void
do_rset(struct sink *s, const char *rest)
{
	(void)rest;
	if (s->delivery == NULL || s->delivery->refused == SINK_NOWHERE)
		drop_delivery(s);
	say(s, "250 2.0.0 Ok");
}

static void
do_noop(struct sink *s, const char *rest)
{
	(void)rest;
	say(s, "250 2.0.0 Ok");
}

static void
do_vrfy(struct sink *s, const char *rest)
{
	(void)rest;
	refuse(s, "252 2.1.5 Send mail and see");
}

static void
do_quit(struct sink *s, const char *rest)
{
	(void)rest;
	say(s, "221 2.0.0 Bye");
	s->want = SINK_WANTS_END;
}

static const struct {
	const char *verb;
	void (*run)(struct sink *s, const char *rest);
} commands[] = {
	{ "EHLO", do_ehlo },
	{ "HELO", do_helo },
	{ "STARTTLS", do_starttls },
	{ "MAIL", do_mail },
	{ "RCPT", do_rcpt },
	{ "DATA", do_data },
	{ "RSET", do_rset },
	{ "NOOP", do_noop },
	{ "VRFY", do_vrfy },
	{ "QUIT", do_quit },
};

static void
run_command(struct sink *s)
{
	char *line = s->line.data;
	size_t len = strlen(line); /* a NUL byte ends it */
	while (len > 0 && (line[len - 1] == '\r' || line[len - 1] == '\n' || line[len - 1] == ' '))
		line[--len] = '\0';
	size_t verb = strcspn(line, " ");
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
		if (strlen(commands[i].verb) != verb ||
		    strncasecmp(line, commands[i].verb, verb) != 0)
			continue;
		const char *rest = line + verb + strspn(line + verb, " ");
		if (rest[0] == '\0' && (commands[i].run == do_ehlo || commands[i].run == do_helo))
			refuse(s, "501 5.5.4 Expected a name");
		else
			commands[i].run(s, rest);
		return;
	}
	refuse(s, "500 5.5.2 Unknown command");
}

/* One line of input, or a part of it; how many bytes were taken. */
static size_t
take_line(struct sink *s, const char *data, size_t len)
{
	const char *end = memchr(data, '\n', len);
	size_t n = end != NULL ? (size_t)(end - data) + 1 : len;
	if (s->line.len + n > SINK_LINE_MAX)
		s->line_cut = true;
	else if (!s->line_cut)
		buf_add(&s->line, data, n);
	if (end == NULL)
		return n;
	if (s->line_cut)
		refuse(s, "500 5.5.2 Line too long");
	else
		run_command(s);
	buf_reset(&s->line);
	s->line_cut = false;
	return n;
}

/* ---- the text of a message */

static void
add_text(struct sink *s, const struct buf *piece)
{
	struct sink_delivery *d = s->delivery;
	struct err err = { 0 };
	if (s->options->keep && !s->too_large)
		buf_add(&d->text, piece->data, piece->len);
	if (s->too_large || s->reader == NULL ||
	    message_add(s->reader, piece->data, piece->len, &err) == ERR_NONE)
		return;
	message_drop(s->reader);
	s->reader = NULL;
	d->fault = arena_strdup(&d->arena, err.text);
}

static void
end_text(struct sink *s)
{
	struct sink_delivery *d = s->delivery;
	struct message *m = arena_alloc(&d->arena, sizeof *m);
	struct err err = { 0 };
	s->in_text = false;
	if (s->too_large) {
		drop_delivery(s);
		refuse(s, "552 5.3.4 Message too large");
		return;
	}
	if (s->reader != NULL && message_end(s->reader, m, &err) == ERR_NONE)
		d->message = m;
	else if (s->reader != NULL)
		d->fault = arena_strdup(&d->arena, err.text);
	s->reader = NULL;
	say(s, "250 2.0.0 Taken, and delivered to nobody");
	hand_over(s);
}

static size_t
take_text(struct sink *s, const char *data, size_t len)
{
	struct buf piece;
	bool end;
	buf_init(&piece, 2 * PIECE_MAX);
	size_t n = sink_text(&s->text_state, data, len < PIECE_MAX ? len : PIECE_MAX, &piece, &end);
	s->size += n;
	s->too_large |= s->size > SINK_SIZE_MAX;
	add_text(s, &piece);
	buf_fini(&piece);
	if (end)
		end_text(s);
	return n;
}

/* ---- as others see it */

struct sink *
sink_new(const struct sink_options *o)
{
	struct sink *s = mem_zalloc(1, sizeof *s);
	s->options = o;
	buf_init(&s->out, OUT_MAX);
	buf_init(&s->line, SINK_LINE_MAX);
	if (refused_at(s, SINK_CONNECT))
		s->want = SINK_WANTS_END;
	else
		buf_printf(&s->out, "220 %s ESMTP mailready\r\n", o->name);
	return s;
}

void
sink_free(struct sink *s)
{
	if (s->delivery != NULL && s->delivery->refused != SINK_NOWHERE)
		hand_over(s);
	drop_delivery(s);
	buf_fini(&s->line);
	buf_fini(&s->out);
	free(s);
}

void
sink_input(struct sink *s, const char *data, size_t len)
{
	/* what follows STARTTLS in clear text is not the client's under TLS (RFC 3207 4.2) */
	while (len > 0 && s->want == SINK_WANTS_INPUT) {
		size_t n = s->in_text ? take_text(s, data, len) : take_line(s, data, len);
		data += n;
		len -= n;
	}
	if (s->out.failed)
		s->want = SINK_WANTS_END;
}

struct buf *
sink_output(struct sink *s)
{
	return &s->out;
}

enum sink_want
sink_wants(const struct sink *s)
{
	return s->want;
}

void
sink_tls_up(struct sink *s, const char *version, const char *cipher)
{
	snprintf(s->tls_version, sizeof s->tls_version, "%s", version);
	snprintf(s->tls_cipher, sizeof s->tls_cipher, "%s", cipher);
	s->ehlo[0] = '\0'; /* what was said before is forgotten (RFC 3207 4.2) */
	s->want = SINK_WANTS_INPUT;
}
