/* Lines of mail logs, one reader a program. */
#include "explain/log.h"

#include <ctype.h>
#include <string.h>

#include "base/arena.h"

const char log_looked_for[] =
    "Postfix (status=deferred, bounced or expired, and reject:), Exim (==, ** and rejected), "
    "Sendmail (stat=), "
    "OpenSMTPD (result=\"TempFail\" or \"PermFail\"), Haraka (deferred and bounced), "
    "KumoMTA (records in JSON), PowerMTA (accounting in CSV)";

/* What one line is read from. */
struct line {
	const char *text;  /* after the time, the host and the program */
	const char *stamp; /* the time; NULL: it has none */
	int64_t now_s;
	struct arena *arena;
	struct reply *out;
};

/* ---- small parts */

/* The value after a key, up to one of the ends; its length. */
static const char *
value_of(const char *text, const char *key, const char *ends, size_t *len)
{
	const char *at = strstr(text, key);
	*len = 0;
	if (at == NULL)
		return "";
	at += strlen(key);
	*len = strcspn(at, ends);
	return at;
}

static const char *
domain_of(const struct line *l, const char *key, const char *ends)
{
	size_t len;
	const char *value = value_of(l->text, key, ends, &len);
	return reply_domain(value, len, l->arena);
}

/* A host name in lower case, as far as one is there; "none" is not one. */
static const char *
host_name(const char *text, size_t len, struct arena *a)
{
	size_t n = 0;
	while (n < len && (isalnum((unsigned char)text[n]) || strchr(".-_", text[n]) != NULL))
		n++;
	while (n > 0 && text[n - 1] == '.')
		n--;
	if (n == 4 && memcmp(text, "none", 4) == 0)
		n = 0;
	char *name = arena_strndup(a, text, n);
	for (char *c = name; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	return name;
}

static struct ip
address_of(const char *text, size_t len, struct arena *a)
{
	return reply_address(arena_strndup(a, text, len));
}

/* Is this, behind a bracket of the log, the machine itself or a socket of it: its filter, its mail boxes? */
static bool
is_own(const char *relay)
{
	static const char *const own[] = { "127.", "::1]", "IPv6:::1]", "private/", "public/",
		"/" };
	for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
		if (strncmp(relay, own[i], strlen(own[i])) == 0)
			return true;
	return false;
}

/* The same of what begins with "HOST[" or "HOST [". */
static bool
is_own_host(const char *host)
{
	const char *open = host + strcspn(host, "[, ");
	open += open[0] == ' ';
	return open[0] == '[' && is_own(open + 1);
}

/* Reads the reply, and keeps what the line has around it. */
static void
take_reply(const struct line *l, const char *text, size_t len, const char *host)
{
	reply_read(text, len, l->arena, l->out);
	if (l->out->host[0] == '\0')
		l->out->host = host;
	if (l->stamp != NULL)
		(void)log_time(l->stamp, l->now_s, &l->out->time_s);
}

/* ---- Postfix */

/*
 * "QID: to=<A>, relay=HOST[IP]:25, delay=1, dsn=5.7.25, status=bounced (host H[IP] said: R (in reply to X
 * command))".  Without a reply the dsn is all that is known; with one it may be Postfix's own guess.
 */
static enum log_line
postfix_delivery(struct line *l)
{
	size_t len, relay_len, dsn_len;
	const char *status = value_of(l->text, ", status=", " (", &len);
	if (len == 0)
		return LOG_OTHER;
	if (strncmp(status, "sent", len) == 0 || strncmp(status, "deliverable", len) == 0)
		return LOG_QUIET;
	const char *relay = value_of(l->text, ", relay=", "[,", &relay_len);
	const char *open = strchr(status, '(');
	const char *close = open != NULL ? strrchr(open, ')') : NULL;
	const char *said = open != NULL ? open + 1 : status;
	take_reply(l, said, close != NULL ? (size_t)(close - said) : strlen(said),
	    host_name(relay, relay_len, l->arena));
	const char *dsn = value_of(l->text, ", dsn=", ",", &dsn_len);
	if (l->out->code == 0 && dsn_len > 0 && dsn_len < REPLY_STATUS_MAX) {
		memcpy(l->out->status, dsn, dsn_len);
		/* the address in it is the other server's */
		l->out->address = (struct ip){ .family = 0 };
	}
	l->out->by_us = is_own_host(relay);
	l->out->recipient = domain_of(l, "to=<", ">");
	return LOG_REFUSED;
}

/* "NOQUEUE: reject: RCPT from NAME[IP]: 450 4.7.25 ...; from=<> to=<> proto=ESMTP helo=<NAME>" */
static enum log_line
postfix_reject(struct line *l)
{
	const char *reject = strstr(l->text, "reject: ");
	const char *from = reject != NULL ? strstr(reject, " from ") : NULL;
	const char *port = from != NULL ? strstr(from, "]:") : NULL;
	const char *colon = port != NULL ? strstr(port + 1, ": ") : NULL;
	if (colon == NULL)
		return LOG_OTHER;
	const char *reply = colon + 2, *end = strstr(reply, "; from=<");
	take_reply(l, reply, end != NULL ? (size_t)(end - reply) : strlen(reply), "");
	size_t len;
	const char *open = memrchr(from, '[', (size_t)(port - from));
	if (open != NULL)
		l->out->address = address_of(open + 1, (size_t)(port - open - 1), l->arena);
	l->out->by_us = true;
	l->out->stage = reply_stage(reject + 8);
	const char *helo = value_of(l->text, " helo=<", ">", &len);
	l->out->ehlo = arena_strndup(l->arena, helo, len < REPLY_TEXT_MAX / 4 ? len : 0);
	l->out->sender = domain_of(l, "; from=<", ">");
	l->out->recipient = domain_of(l, " to=<", ">");
	return LOG_REFUSED;
}

/* "QID: host H[IP] said: R (in reply to X command)", where another MX host is still to be tried. */
static enum log_line
postfix_attempt(struct line *l)
{
	const char *host = strstr(l->text, ": host ");
	if (host == NULL ||
	    (strstr(host, "] said: ") == NULL && strstr(host, "] refused to talk to me: ") == NULL))
		return LOG_OTHER;
	take_reply(l, host + 2, strlen(host + 2), "");
	l->out->by_us = is_own_host(host + strlen(": host "));
	return l->out->code >= 400 ? LOG_REFUSED : LOG_QUIET;
}

/* ---- Exim */

/*
 * "ID == A R=r T=t defer (0) H=host [ip] I=[local]: SMTP error from remote mail server after RCPT TO:<A>:
 * R"; with "**" for good.
 */
static enum log_line
exim_delivery(struct line *l)
{
	const char *mark = strstr(l->text, " == ");
	if (mark == NULL)
		mark = strstr(l->text, " ** ");
	if (mark == NULL)
		return LOG_OTHER;
	size_t host_len, own_len;
	const char *host = value_of(mark, " H=", " [", &host_len);
	const char *own = value_of(mark, " I=[", "]", &own_len);
	const char *error = strstr(mark, "SMTP error from remote");
	if (error == NULL)
		error = strstr(mark, ": host ");
	if (error == NULL)
		error = mark + 4;
	take_reply(l, error, strlen(error), host_name(host, host_len, l->arena));
	if (l->out->code == 0 && strstr(mark, " defer ") == NULL && strstr(mark, "failed") == NULL)
		return LOG_QUIET;
	if (l->out->code == 0)
		l->out->address = (struct ip){ .family = 0 };
	if (own_len > 0 && l->out->address.family == 0)
		l->out->address = address_of(own, own_len, l->arena);
	l->out->by_us = is_own_host(host);
	l->out->recipient = reply_domain(mark + 4, strcspn(mark + 4, " "), l->arena);
	return LOG_REFUSED;
}

/* "H=NAME (EHLO) [IP] F=<A> rejected RCPT <B>: REASON" of the reject log. */
static enum log_line
exim_reject(struct line *l)
{
	const char *rejected = strstr(l->text, " rejected ");
	const char *host = strstr(l->text, "H=");
	if (rejected == NULL || host == NULL || host > rejected)
		return LOG_OTHER;
	const char *colon = strstr(rejected, ": ");
	const char *reason = colon != NULL ? colon + 2 : rejected + 10;
	take_reply(l, reason, strlen(reason), "");
	const char *open = strchr(host, '[');
	if (open != NULL && open < rejected)
		l->out->address = address_of(open + 1, strcspn(open + 1, "]"), l->arena);
	const char *helo = strchr(host, '(');
	if (helo != NULL && helo < rejected)
		l->out->ehlo = arena_strndup(l->arena, helo + 1, strcspn(helo + 1, ")"));
	l->out->by_us = true;
	l->out->stage = reply_stage(rejected + 10);
	l->out->sender = domain_of(l, " F=<", ">");
	return LOG_REFUSED;
}

/* ---- Sendmail */

/* "QID: to=<A>, ..., relay=HOST [IP], dsn=X.Y.Z, reply=R, stat=Deferred: R" */
static enum log_line
sendmail(struct line *l)
{
	size_t len, relay_len;
	const char *stat = value_of(l->text, ", stat=", "", &len);
	if (stat[0] == '\0')
		return LOG_OTHER;
	if (strncmp(stat, "Sent", 4) == 0 || strncmp(stat, "queued", 6) == 0)
		return LOG_QUIET;
	const char *relay = value_of(l->text, ", relay=", " [,", &relay_len);
	const char *reply = strstr(l->text, ", reply=");
	const char *from = reply != NULL ? reply + 8 : stat;
	const char *end = reply != NULL && stat > from ? stat - 7 : from + strlen(from);
	take_reply(l, from, (size_t)(end - from), host_name(relay, relay_len, l->arena));
	size_t dsn_len;
	const char *dsn = value_of(l->text, ", dsn=", ",", &dsn_len);
	if (l->out->status[0] == '\0' && dsn_len > 0 && dsn_len < REPLY_STATUS_MAX)
		memcpy(l->out->status, dsn, dsn_len);
	l->out->by_us = is_own_host(relay);
	l->out->recipient = domain_of(l, "to=<", ">");
	return LOG_REFUSED;
}

/* ---- OpenSMTPD */

/* "SESSION mta delivery evpid=E from=<> to=<> source="A" relay="IP (NAME)" result="PermFail" stat="R"" */
static enum log_line
opensmtpd(struct line *l)
{
	size_t result_len, len;
	const char *result = value_of(l->text, " result=\"", "\"", &result_len);
	if (result_len == 0)
		return LOG_OTHER;
	if (strncmp(result, "Ok", result_len) == 0)
		return LOG_QUIET;
	const char *stat = value_of(l->text, " stat=\"", "", &len);
	const char *end = strrchr(stat, '"');
	size_t relay_len, source_len;
	const char *relay = value_of(l->text, " relay=\"", "\"", &relay_len);
	const char *open = memchr(relay, '(', relay_len);
	const char *name = open != NULL ? open + 1 : relay;
	take_reply(l, stat, end != NULL ? (size_t)(end - stat) : strlen(stat),
	    host_name(name, (size_t)(relay + relay_len - name), l->arena));
	const char *source = value_of(l->text, " source=\"", "\"", &source_len);
	if (l->out->address.family == 0 && source_len > 0)
		l->out->address = address_of(source, source_len, l->arena);
	l->out->by_us = is_own(relay);
	l->out->sender = domain_of(l, " from=<", ">");
	l->out->recipient = domain_of(l, " to=<", ">");
	return LOG_REFUSED;
}

/* ---- Haraka */

/* "[NOTICE] [UUID] [outbound] ... deferred ... R": the line has the reply at its end. */
static enum log_line
haraka(struct line *l)
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
	const char *host = value_of(outbound, " host=", " ", &len);
	take_reply(l, what, strlen(what), host_name(host, len, l->arena));
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
};

static const struct {
	const char *words;
	size_t key; /* the place of a letter that is rare in logs, and looked for */
	unsigned mark;
} marks[] = {
	{ ", status=", 8, MARK_STATUS },
	{ "reject: ", 2, MARK_REJECT },
	{ " result=\"", 7, MARK_RESULT },
	{ ", stat=", 6, MARK_STAT },
	{ "[outbound]", 0, MARK_OUTBOUND },
	{ " == ", 1, MARK_ARROW },
	{ " ** ", 1, MARK_ARROW },
	{ " rejected ", 3, MARK_REJECTED },
	{ ": host ", 0, MARK_HOST },
};

static const struct {
	enum log_line (*read)(struct line *l);
	unsigned marks;
} readers[] = {
	{ postfix_delivery, MARK_STATUS },
	{ postfix_reject, MARK_REJECT },
	{ opensmtpd, MARK_RESULT },
	{ sendmail, MARK_STAT },
	{ haraka, MARK_OUTBOUND },
	{ exim_delivery, MARK_ARROW },
	{ exim_reject, MARK_REJECTED },
	{ postfix_attempt, MARK_HOST },
};

static unsigned
marks_at(const char *text, const char *p)
{
	unsigned found = 0;
	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
		if (marks[i].words[marks[i].key] == *p && (size_t)(p - text) >= marks[i].key &&
		    strncmp(p - marks[i].key, marks[i].words, strlen(marks[i].words)) == 0)
			found |= marks[i].mark;
	return found;
}

static unsigned
marks_of(const char *text)
{
	static const bool
	    keys[256] = { ['='] = true, ['j'] = true, ['['] = true, ['*'] = true, [':'] = true };
	unsigned found = 0;
	for (const char *p = text; *p != '\0'; p++)
		if (keys[(unsigned char)*p])
			found |= marks_at(text, p);
	return found;
}

/* After the time: "HOST PROGRAM[PID]: ".  Exim writes neither. */
static const char *
skip_program(const char *text)
{
	const char *start = text + strspn(text, " ");
	const char *colon = strstr(start, "]: ");
	size_t before = strcspn(start, " ");
	if (colon != NULL && memchr(start, '=', (size_t)(colon - start)) == NULL &&
	    before < (size_t)(colon - start) &&
	    memchr(start, '[', (size_t)(colon - start)) != start)
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
log_read(const char *line, size_t len, int64_t now_s, struct arena *a, struct reply *out)
{
	struct line l = { .arena = a, .out = out, .now_s = now_s };
	const char *text = line;
	if (len > 0 && text[0] == '<') /* the priority of a raw syslog line */
		text += strspn(text + 1, "0123456789") + 2 <= len ?
		    strspn(text + 1, "0123456789") + 2 :
		    0;
	const char *rest = log_time(text, now_s, NULL);
	l.stamp = rest != NULL ? text : NULL;
	l.text = rest != NULL ? skip_program(rest) : line;
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
