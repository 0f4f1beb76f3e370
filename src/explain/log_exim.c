/* Lines of Exim's main log and reject log. */
#include <string.h>

#include "base/arena.h"
#include "explain/log_priv.h"

/*
 * "ID H=host [ip]: SMTP error from remote mail server after initial connection: R": a host refuses the message
 * before its recipients are named.  Exim goes on to the next host; of the last one, "==" or "**" says the same
 * again, with the recipient: that line counts.
 */
static bool
is_attempt(const char *text, const char *mark)
{
	const char *host = strstr(text, " H=");
	return host != NULL && (mark == NULL || host < mark) &&
	    strstr(host, "]: SMTP error from remote mail server after ") != NULL;
}

/*
 * "ID == A R=r T=t defer (0) H=host [ip] I=[local]: SMTP error from remote mail server after RCPT TO:<A>:
 * R"; with "**" for good.
 */
enum log_line
log_exim_delivery(struct log_text *l)
{
	const char *mark = strstr(l->text, " == ");
	if (mark == NULL)
		mark = strstr(l->text, " ** ");
	if (is_attempt(l->text, mark))
		return LOG_QUIET;
	if (mark == NULL)
		return LOG_OTHER;
	size_t host_len, own_len;
	const char *host = log_value(mark, " H=", " [", &host_len);
	const char *own = log_value(mark, " I=[", "]", &own_len);
	const char *error = strstr(mark, "SMTP error from remote");
	if (error == NULL)
		error = strstr(mark, ": host ");
	if (error == NULL && (error = strstr(mark, "): ")) != NULL)
		error += 3;
	if (error == NULL)
		error = mark + 4;
	log_take(l, error, strlen(error), log_host_name(host, host_len, l->arena));
	if (l->out->code == 0 && strstr(mark, " defer ") == NULL && strstr(mark, "failed") == NULL)
		return LOG_QUIET;
	/* nobody was asked this time: what was said is in an earlier line */
	if (l->out->code == 0 && strstr(mark, "retry time not reached") != NULL)
		return LOG_QUIET;
	if (l->out->code == 0)
		l->out->address = (struct ip){ .family = 0 };
	if (own_len > 0 && l->out->address.family == 0)
		l->out->address = log_address(own, own_len, l->arena);
	l->out->by_us = log_is_own_host(host);
	l->out->recipient = reply_domain(mark + 4, strcspn(mark + 4, " "), l->arena);
	return LOG_REFUSED;
}

/* ---- what Exim refuses itself */

/* What is refused, in Exim's words. */
static const struct {
	const char *words, *stage;
} refused[] = {
	{ "connection in \"connect\" ACL", "greeting" },
	{ "after DATA", "end-of-data" },
	{ "during MIME ACL checks", "end-of-data" },
	{ "by local_scan()", "end-of-data" },
	{ "by non-SMTP", "end-of-data" },
};

static const char *
stage_of(const char *what)
{
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
		if (strncmp(what, refused[i].words, strlen(refused[i].words)) == 0)
			return refused[i].stage;
	return reply_stage(what);
}

/*
 * The client, "NAME (EHLO) [IP]": NAME is its confirmed PTR name, and in parentheses is the EHLO name where it is
 * another one.
 */
static void
take_client(struct log_text *l, const char *client, size_t len, bool has_greeted)
{
	const char *open = memchr(client, '[', len), *helo = memchr(client, '(', len);
	size_t name = strcspn(client, " [(");
	if (open != NULL)
		l->out->address = log_address(open + 1, strcspn(open + 1, "]"), l->arena);
	if (helo != NULL && (open == NULL || helo < open))
		l->out->ehlo = arena_strndup(l->arena, helo + 1, strcspn(helo + 1, ")"));
	else if (has_greeted && name < len)
		l->out->ehlo = arena_strndup(l->arena, client, name);
}

/*
 * "H=NAME (EHLO) [IP] F=<A> rejected RCPT <B>: REASON"; "rejected MAIL from NAME [IP]: REASON" where no command
 * was good yet.
 */
enum log_line
log_exim_reject(struct log_text *l)
{
	const char *rejected = strstr(l->text, " rejected ");
	if (rejected == NULL)
		return LOG_OTHER;
	const char *what = rejected + strlen(" rejected "), *colon = strstr(what, ": ");
	const char *client = strstr(l->text, "H="), *end = rejected, *stage = stage_of(what);
	bool named = client != NULL && client < rejected;
	if (!named) {
		client = strstr(what, " from ");
		end = colon;
	}
	if (client == NULL || end == NULL || client > end)
		return LOG_OTHER;
	client += strlen(named ? "H=" : " from ");
	const char *reason = colon != NULL ? colon + 2 : what;
	log_take(l, reason, strlen(reason), "");
	l->out->address = (struct ip){ .family = 0 };
	take_client(l, client, (size_t)(end - client), named && strcmp(stage, "greeting") != 0);
	l->out->by_us = l->out->from_client = true;
	l->out->stage = stage;
	l->out->sender = log_domain(l, strcmp(stage, "mail") == 0 ? " rejected MAIL <" : " F=<",
	    ">");
	l->out->recipient = log_domain(l, " rejected RCPT <", ">");
	/* the header of the message follows in the reject log */
	if (l->memory != NULL)
		l->memory->is_header = strcmp(stage, "end-of-data") == 0;
	return LOG_REFUSED;
}
