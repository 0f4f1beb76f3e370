/* Lines of OpenSMTPD: a session's first line names the other side, and the rest of them have its number alone. */
#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "explain/log_priv.h"

/* The session's number, 16 hexadecimal digits at the beginning; 0: there is none. */
static size_t
id_of(const char **text)
{
	const char *start = *text + strspn(*text, " ");
	size_t len = strspn(start, "0123456789abcdef");
	*text = start;
	return len == LOG_SESSION_ID && start[len] == ' ' ? len : 0;
}

/* NULL: it is not known, or its beginning was too long ago. */
static struct log_session *
session_of(const struct log_text *l)
{
	const char *id = l->text;
	size_t len = id_of(&id);
	for (size_t i = 0; len > 0 && l->memory != NULL && i < LOG_SESSIONS_MAX; i++)
		if (memcmp(l->memory->sessions[i].id, id, len) == 0)
			return &l->memory->sessions[i];
	return NULL;
}

/* "SESSION smtp connected address=IP host=NAME", "SESSION mta connecting address=smtp://IP:25 host=NAME" */
static enum log_line
remember(struct log_text *l)
{
	const char *id = l->text;
	size_t len = id_of(&id), address_len, host_len;
	if (len == 0 || l->memory == NULL)
		return LOG_QUIET;
	struct log_session *s = &l->memory->sessions[l->memory->next++ % LOG_SESSIONS_MAX];
	*s = (struct log_session){ .answered = false };
	memcpy(s->id, id, len);
	const char *address = log_value(id, " address=", " ", &address_len);
	const char *host = log_value(id, " host=", " ", &host_len);
	const char *scheme = memmem(address, address_len, "://", 3);
	if (scheme != NULL) {
		address_len -= (size_t)(scheme + 3 - address);
		address = scheme + 3;
		/* the port, which is not part of an IPv6 address in brackets */
		const char *colon = memrchr(address, ':', address_len);
		address_len = colon != NULL ? (size_t)(colon - address) : address_len;
	}
	s->address = log_address(address, address_len, l->arena);
	const char *name = log_host_name(host, host_len, l->arena);
	if (strlen(name) < sizeof s->host)
		memcpy(s->host, name, strlen(name));
	return LOG_QUIET;
}

/*
 * The lines of a reply come joined, without their codes and without anything between them.  Only enhanced status
 * codes of two digits in a part are left, "have a5.7.25 PTR record": where one stands a line began.
 */
static void
split_joined(struct log_text *l)
{
	struct reply *r = l->out;
	size_t len = strlen(r->status);
	struct buf text;
	if (len == 0 || strstr(r->text, r->status) == NULL)
		return;
	buf_init(&text, REPLY_TEXT_MAX);
	const char *p = r->text;
	for (const char *at; (at = strstr(p, r->status)) != NULL;) {
		size_t n = (size_t)(at - p);
		at += len;
		buf_add(&text, p, n);
		bool spaced = text.len == 0 || text.data[text.len - 1] == ' ';
		p = at + (spaced ? strspn(at, " ") : 0);
	}
	buf_add(&text, p, strlen(p));
	r->text = arena_strndup(l->arena, text.data, text.len);
	buf_fini(&text);
}

/* "SESSION mta delivery evpid=E from=<> to=<> source="A" relay="IP (NAME)" result="PermFail" stat="R"" */
static enum log_line
delivery(struct log_text *l)
{
	size_t result_len, len, relay_len, source_len;
	const char *result = log_value(l->text, " result=\"", "\"", &result_len);
	if (strncmp(result, "Ok", result_len) == 0)
		return LOG_QUIET;
	const char *stat = log_value(l->text, " stat=\"", "", &len);
	const char *end = strrchr(stat, '"');
	/* "Network error", "Address family mismatch": what each of them said is in the lines of its session */
	static const char none[] = " on destination MXs\"";
	size_t n = sizeof none - 1;
	if (l->memory != NULL && len >= n && memcmp(stat + len - n, none, n) == 0)
		return LOG_QUIET;
	const char *relay = log_value(l->text, " relay=\"", "\"", &relay_len);
	const char *open = memchr(relay, '(', relay_len);
	const char *name = open != NULL ? open + 1 : relay;
	log_take(l, stat, end != NULL ? (size_t)(end - stat) : strlen(stat),
	    log_host_name(name, (size_t)(relay + relay_len - name), l->arena));
	split_joined(l);
	const char *source = log_value(l->text, " source=\"", "\"", &source_len);
	if (l->out->address.family == 0 && source_len > 0)
		l->out->address = log_address(source, source_len, l->arena);
	l->out->by_us = log_is_own(relay + (relay[0] == '['));
	l->out->sender = log_domain(l, " from=<", ">");
	l->out->recipient = log_domain(l, " to=<", ">");
	struct log_session *session = session_of(l);
	if (session != NULL)
		session->answered = true;
	return LOG_REFUSED;
}

/*
 * "SESSION mta error reason=BANNER rejected: R": refused before there was a message, or "reason=IO Error: Connection
 * refused".  Of the end of a session that has had its refusal this is nothing new.
 */
static enum log_line
error(struct log_text *l, const char *reason)
{
	const struct log_session *session = session_of(l);
	const char *rejected = strstr(reason, " rejected: ");
	if (rejected == NULL && session != NULL && session->answered)
		return LOG_QUIET;
	const char *said = rejected != NULL ? rejected + strlen(" rejected: ") : reason;
	log_take(l, said, strlen(said), "");
	split_joined(l);
	if (rejected != NULL)
		l->out->stage = strncmp(reason, "BANNER", 6) == 0 ? "greeting" :
		    strncmp(reason, "LHLO", 4) == 0               ? "ehlo" :
								    reply_stage(reason);
	if (session != NULL)
		l->out->host = arena_strdup(l->arena, session->host);
	if (session != NULL && session->address.family != 0) {
		char address[IP_TEXT_MAX];
		ip_format(&session->address, address);
		l->out->by_us = log_is_own(address) || strcmp(address, "::1") == 0;
	}
	return LOG_REFUSED;
}

/* "SESSION smtp failed-command command="RCPT TO:<A>" result="R"": "" is the command of a client that connects. */
static enum log_line
refusal(struct log_text *l, const char *command)
{
	const char *between = strstr(command, "\" result=\"");
	if (between == NULL)
		return LOG_OTHER;
	const char *reply = between + strlen("\" result=\""), *end = strrchr(reply, '"');
	char verb[] = "....";
	log_take(l, reply, end != NULL ? (size_t)(end - reply) : strlen(reply), "");
	for (size_t i = 0; i < sizeof verb - 1 && command + i < between; i++)
		verb[i] = (char)toupper((unsigned char)command[i]);
	l->out->stage = between == command ? "greeting" : reply_stage(verb);
	l->out->by_us = l->out->from_client = true;
	if (strcmp(l->out->stage, "mail") == 0)
		l->out->sender = reply_domain(command, (size_t)(between - command), l->arena);
	if (strcmp(l->out->stage, "rcpt") == 0)
		l->out->recipient = reply_domain(command, (size_t)(between - command), l->arena);
	if (strcmp(verb, "EHLO") == 0 || strcmp(verb, "HELO") == 0)
		l->out->ehlo = between - command > 5 ?
		    arena_strndup(l->arena, command + 5, (size_t)(between - command - 5)) :
		    "";
	const struct log_session *session = session_of(l);
	l->out->address = session != NULL ? session->address : (struct ip){ .family = 0 };
	return LOG_REFUSED;
}

enum log_line
log_opensmtpd(struct log_text *l)
{
	static const char failed[] = " smtp failed-command command=\"";
	static const char reason[] = " mta error reason=";
	if (strstr(l->text, " smtp connected address=") != NULL ||
	    strstr(l->text, " mta connecting address=") != NULL)
		return remember(l);
	const char *at = strstr(l->text, failed);
	if (at != NULL)
		return refusal(l, at + sizeof failed - 1);
	at = strstr(l->text, reason);
	if (at != NULL)
		return error(l, at + sizeof reason - 1);
	return strstr(l->text, " mta delivery ") != NULL ? delivery(l) : LOG_OTHER;
}
