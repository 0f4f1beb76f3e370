/* Lines of mail logs, one reader a program. */
#include "explain/log.h"

#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "explain/log_priv.h"

const char log_looked_for[] =
    "Postfix (status=deferred, bounced or expired, and reject:), Exim (==, ** and rejected), "
    "Sendmail (stat= and reject=), "
    "OpenSMTPD (result=, failed-command and mta error), Haraka (deferred and bounced), "
    "KumoMTA (records in JSON), PowerMTA (accounting in CSV)";

/* ---- Postfix */

/*
 * "QID: to=<A>, relay=HOST[IP]:25, delay=1, dsn=5.7.25, status=bounced (host H[IP] said: R (in reply to X
 * command))".  Without a reply the dsn is all that is known; with one it may be Postfix's own guess.
 */
static enum log_line
postfix_delivery(struct log_text *l)
{
	size_t len, relay_len, dsn_len;
	const char *status = log_value(l->text, ", status=", " (", &len);
	if (len == 0)
		return LOG_OTHER;
	if (strncmp(status, "sent", len) == 0 || strncmp(status, "deliverable", len) == 0)
		return LOG_QUIET;
	const char *relay = log_value(l->text, ", relay=", "[,", &relay_len);
	const char *open = strchr(status, '(');
	const char *close = open != NULL ? strrchr(open, ')') : NULL;
	const char *said = open != NULL ? open + 1 : status;
	log_take(l, said, close != NULL ? (size_t)(close - said) : strlen(said),
	    log_host_name(relay, relay_len, l->arena));
	const char *dsn = log_value(l->text, ", dsn=", ",", &dsn_len);
	if (l->out->code == 0 && dsn_len > 0 && dsn_len < REPLY_STATUS_MAX) {
		memcpy(l->out->status, dsn, dsn_len);
		/* the address in it is the other server's */
		l->out->address = (struct ip){ .family = 0 };
	}
	l->out->by_us = log_is_own_host(relay);
	l->out->recipient = log_domain(l, "to=<", ">");
	return LOG_REFUSED;
}

/* "NOQUEUE: reject: RCPT from NAME[IP]: 450 4.7.25 ...; from=<> to=<> proto=ESMTP helo=<NAME>" */
static enum log_line
postfix_reject(struct log_text *l)
{
	const char *reject = strstr(l->text, "reject: ");
	const char *from = reject != NULL ? strstr(reject, " from ") : NULL;
	const char *port = from != NULL ? strstr(from, "]:") : NULL;
	const char *colon = port != NULL ? strstr(port + 1, ": ") : NULL;
	if (colon == NULL)
		return LOG_OTHER;
	const char *reply = colon + 2, *end = strstr(reply, "; from=<");
	log_take(l, reply, end != NULL ? (size_t)(end - reply) : strlen(reply), "");
	size_t len;
	const char *open = memrchr(from, '[', (size_t)(port - from));
	if (open != NULL)
		l->out->address = log_address(open + 1, (size_t)(port - open - 1), l->arena);
	l->out->by_us = l->out->from_client = true;
	l->out->stage = reply_stage(reject + 8);
	const char *helo = log_value(l->text, " helo=<", ">", &len);
	l->out->ehlo = arena_strndup(l->arena, helo, len < REPLY_TEXT_MAX / 4 ? len : 0);
	l->out->sender = log_domain(l, "; from=<", ">");
	l->out->recipient = log_domain(l, " to=<", ">");
	return LOG_REFUSED;
}

/* "QID: host H[IP] said: R (in reply to X command)", where another MX host is still to be tried. */
static enum log_line
postfix_attempt(struct log_text *l)
{
	const char *host = strstr(l->text, ": host ");
	if (host == NULL ||
	    (strstr(host, "] said: ") == NULL && strstr(host, "] refused to talk to me: ") == NULL))
		return LOG_OTHER;
	log_take(l, host + 2, strlen(host + 2), "");
	l->out->by_us = log_is_own_host(host + strlen(": host "));
	return l->out->code >= 400 ? LOG_REFUSED : LOG_QUIET;
}

/* ---- Haraka */

/* "[NOTICE] [UUID] [outbound] ... deferred ... R": the line has the reply at its end. */
static enum log_line
haraka(struct log_text *l)
{
	const char *outbound = strstr(l->text, "[outbound]");
	if (outbound == NULL)
		return LOG_OTHER;
	const char *what = strstr(outbound, "deferred");
	if (what == NULL)
		what = strstr(outbound, "bounced");
	if (what == NULL)
		return LOG_QUIET;
	size_t len;
	const char *host = log_value(outbound, " host=", " ", &len);
	log_take(l, what, strlen(what), log_host_name(host, len, l->arena));
	return l->out->code >= 400 ? LOG_REFUSED : LOG_QUIET;
}

/* ---- the line */

/* Words without which a reader finds nothing: one pass over a line tells which of them it has. */
enum mark {
	MARK_STATUS = 1 << 0,
	MARK_REJECT = 1 << 1,
	MARK_RESULT = 1 << 2,
	MARK_STAT = 1 << 3,
	MARK_OUTBOUND = 1 << 4,
	MARK_ARROW = 1 << 5,
	MARK_REJECTED = 1 << 6,
	MARK_HOST = 1 << 7,
	MARK_SESSION = 1 << 8,
	MARK_RULESET = 1 << 9,
	MARK_UNKNOWN = 1 << 10,
	MARK_ATTEMPT = 1 << 11,
};

/* In the order of that letter. */
static const struct {
	const char *words;
	size_t key; /* the place of a letter that is rare in logs, and looked for */
	unsigned mark;
} marks[] = {
	{ ", status=", 8, MARK_STATUS },
	{ " result=\"", 7, MARK_RESULT },
	{ ", stat=", 6, MARK_STAT },
	{ " == ", 1, MARK_ARROW },
	{ " connected address=", 18, MARK_SESSION },
	{ " connecting address=", 19, MARK_SESSION },
	{ " mta error reason=", 17, MARK_SESSION },
	{ "ruleset=", 7, MARK_RULESET },
	{ ": host ", 0, MARK_HOST },
	{ ": <", 0, MARK_UNKNOWN },
	{ "]: SMTP error from remote", 1, MARK_ATTEMPT },
	{ "reject: ", 2, MARK_REJECT },
	{ " rejected ", 3, MARK_REJECTED },
	{ "[outbound]", 0, MARK_OUTBOUND },
	{ " ** ", 1, MARK_ARROW },
};

/* Where the marks of a letter are in it: from the first to before the last. */
static const struct {
	unsigned char from, to;
} keys[256] = {
	['='] = { 0, 8 },
	[':'] = { 8, 11 },
	['j'] = { 11, 13 },
	['['] = { 13, 14 },
	['*'] = { 14, 15 },
};

static const struct {
	enum log_line (*read)(struct log_text *l);
	unsigned marks;
} readers[] = {
	{ postfix_delivery, MARK_STATUS },
	{ postfix_reject, MARK_REJECT },
	{ log_opensmtpd, MARK_RESULT | MARK_SESSION },
	{ log_sendmail, MARK_STAT | MARK_RULESET | MARK_UNKNOWN },
	{ haraka, MARK_OUTBOUND },
	{ log_exim_delivery, MARK_ARROW | MARK_ATTEMPT },
	{ log_exim_reject, MARK_REJECTED },
	{ postfix_attempt, MARK_HOST },
};

static unsigned
marks_at(const char *text, const char *p, size_t from, size_t to)
{
	unsigned found = 0;
	for (size_t i = from; i < to; i++) {
		const char *words = marks[i].words;
		size_t key = marks[i].key;
		/* mostly the first letter tells it */
		if ((size_t)(p - text) >= key && p[-(ptrdiff_t)key] == words[0] &&
		    strncmp(p - key, words, strlen(words)) == 0)
			found |= marks[i].mark;
	}
	return found;
}

static unsigned
marks_of(const char *text)
{
	unsigned found = 0;
	for (const char *p = text; *p != '\0'; p++) {
		size_t from = keys[(unsigned char)*p].from, to = keys[(unsigned char)*p].to;
		if (from < to)
			found |= marks_at(text, p, from, to);
	}
	return found;
}

/* After the time: "HOST PROGRAM[PID]: ".  Exim writes neither; what it has in brackets are addresses. */
static const char *
skip_program(const char *text)
{
	const char *start = text + strspn(text, " ");
	const char *colon = strstr(start, "]: ");
	size_t before = strcspn(start, " ");
	const char *pid = colon;
	while (pid != NULL && pid > start && isdigit((unsigned char)pid[-1]))
		pid--;
	if (pid != NULL && pid > start + 1 && pid[-1] == '[' && before < (size_t)(pid - start) &&
	    memchr(start, '=', (size_t)(pid - start)) == NULL)
		return colon + 2;
	return text;
}

/* What Postfix says of a message, and not of its delivery, may hold the words of others. */
static bool
is_quiet(const char *program, const char *text)
{
	static const char *const programs[] = { "/cleanup[", "/pickup[", "/anvil[" };
	static const char *const beginnings[] = { "connect from ", "disconnect from " };
	const char *said = text + strspn(text, " ");
	for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++)
		if (strncmp(said, beginnings[i], strlen(beginnings[i])) == 0)
			return true;
	for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++)
		if (memmem(program, (size_t)(text - program), programs[i], strlen(programs[i])) !=
		    NULL)
			return strstr(text, "reject: ") == NULL;
	return false;
}

enum log_line
log_read(const char *line, size_t len, int64_t now_s, struct log_memory *memory, struct arena *a,
    struct reply *out)
{
	struct log_text l = { .arena = a, .out = out, .now_s = now_s, .memory = memory };
	const char *text = line;
	if (len > 0 && text[0] == '<') /* the priority of a raw syslog line */
		text += strspn(text + 1, "0123456789") + 2 <= len ?
		    strspn(text + 1, "0123456789") + 2 :
		    0;
	const char *rest = log_time(text, now_s, NULL);
	l.stamp = rest != NULL ? text : NULL;
	l.text = rest != NULL ? skip_program(rest) : line;
	if (memory != NULL && memory->is_header && rest == NULL)
		return LOG_QUIET;
	if (memory != NULL)
		memory->is_header = false;
	unsigned found = marks_of(l.text);
	if (found != 0 && rest != NULL && is_quiet(rest, l.text))
		return LOG_QUIET;
	for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
		enum log_line kind = (readers[i].marks & found) != 0 ? readers[i].read(&l) :
								       LOG_OTHER;
		if (kind != LOG_OTHER)
			return kind;
	}
	return rest != NULL ? LOG_QUIET : LOG_OTHER;
}
