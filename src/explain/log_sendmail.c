/* Lines of Sendmail. */
#include <string.h>

#include "base/arena.h"
#include "explain/log_priv.h"

/*
 * "QID: to=<A>, ..., relay=HOST [IP], dsn=X.Y.Z, reply=R, stat=Deferred: R".  Of a reply of several lines the first
 * is all that is there.  With a reply the dsn is Sendmail's own guess.
 */
static enum log_line
delivery(struct log_text *l, const char *stat)
{
	if (strncmp(stat, "Sent", 4) == 0 || strncmp(stat, "queued", 6) == 0)
		return LOG_QUIET;
	size_t relay_len, dsn_len;
	const char *relay = log_value(l->text, ", relay=", " [,", &relay_len);
	const char *reply = strstr(l->text, ", reply=");
	const char *from = reply != NULL ? reply + 8 : stat;
	const char *end = reply != NULL && stat > from ? stat - 7 : from + strlen(from);
	log_take(l, from, (size_t)(end - from), log_host_name(relay, relay_len, l->arena));
	const char *dsn = log_value(l->text, ", dsn=", ",", &dsn_len);
	if (l->out->code == 0 && dsn_len > 0 && dsn_len < REPLY_STATUS_MAX)
		memcpy(l->out->status, dsn, dsn_len);
	/* a mailer without a relay writes into mail boxes */
	l->out->by_us = relay_len == 0 || log_is_own_host(relay);
	l->out->recipient = log_domain(l, "to=<", ">");
	return LOG_REFUSED;
}

/*
 * What is refused by which ruleset.  check_relay is asked when a client connects; the greeting is given all the
 * same, and the first command after EHLO has the reply, unless it is 421.
 */
static const struct {
	const char *ruleset, *stage;
} rulesets[] = {
	{ "check_relay,", "mail" },
	{ "check_mail,", "mail" },
	{ "check_rcpt,", "rcpt" },
	{ "check_data,", "data" },
	{ "check_eom,", "end-of-data" },
};

/* "QID: ruleset=check_rcpt, arg1=<A>, relay=NAME [IP] (may be forged), reject=R" */
static enum log_line
reject(struct log_text *l, const char *ruleset, const char *reply)
{
	size_t relay_len;
	log_take(l, reply, strlen(reply), "");
	const char *relay = log_value(l->text, ", relay=", ",", &relay_len);
	const char *open = memchr(relay, '[', relay_len);
	l->out->address = open != NULL ? log_address(open + 1, strcspn(open + 1, "]"), l->arena) :
					 (struct ip){ .family = 0 };
	l->out->by_us = l->out->from_client = true;
	for (size_t i = 0; i < sizeof rulesets / sizeof rulesets[0]; i++)
		if (strncmp(ruleset, rulesets[i].ruleset, strlen(rulesets[i].ruleset)) == 0)
			l->out->stage = rulesets[i].stage;
	if (strncmp(ruleset, "check_relay,", 12) == 0 && l->out->code == 421)
		l->out->stage = "greeting";
	if (strcmp(l->out->stage, "mail") == 0)
		l->out->sender = log_domain(l, ", arg1=<", ">");
	if (strcmp(l->out->stage, "rcpt") == 0)
		l->out->recipient = log_domain(l, ", arg1=<", ">");
	return LOG_REFUSED;
}

/* "QID: <A>... User unknown": of a recipient that has no mail box here. */
static enum log_line
unknown_user(struct log_text *l, const char *open, const char *said)
{
	log_take(l, said, strlen(said), "");
	l->out->by_us = l->out->from_client = true;
	l->out->stage = "rcpt";
	l->out->recipient = reply_domain(open, (size_t)(said - open), l->arena);
	return LOG_REFUSED;
}

enum log_line
log_sendmail(struct log_text *l)
{
	static const char unknown[] = ">... User unknown";
	size_t len;
	const char *stat = log_value(l->text, ", stat=", "", &len);
	if (stat[0] != '\0')
		return delivery(l, stat);
	const char *ruleset = strstr(l->text, "ruleset=");
	const char *reply = ruleset != NULL ? strstr(ruleset, ", reject=") : NULL;
	if (reply != NULL)
		return reject(l, ruleset + strlen("ruleset="), reply + strlen(", reject="));
	const char *open = strstr(l->text, ": <");
	const char *said = open != NULL ? strstr(open, unknown) : NULL;
	if (said == NULL || strlen(said) != strlen(unknown))
		return LOG_OTHER;
	return unknown_user(l, open + 2, said + strlen(">... "));
}
