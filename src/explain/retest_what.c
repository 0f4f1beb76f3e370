/* Which checks ask the question behind a cause, which list is meant, and what is known without asking. */
#include <ctype.h>
#include <string.h>

#include "base/name.h"
#include "checks/registry.h"
#include "explain/retest_priv.h"

enum { ZONE_MAX = 254 };

/* ---- which checks */

bool
retest_names(const char *words, const char *id)
{
	size_t len = strlen(id);
	for (const char *at = words; *at != '\0';) {
		size_t n = strcspn(at, " ");
		if (n == len && memcmp(at, id, n) == 0)
			return true;
		at += n + (at[n] == ' ');
	}
	return false;
}

bool
retest_needs(const char *words, const struct check *c)
{
	return retest_names(words, c->id) || (c == &check_ptr && retest_names(words, "authority"));
}

static bool
has_check(const struct explanation *e)
{
	for (size_t i = 0; i < checks_n; i++)
		if (retest_needs(e->checks, checks_all[i]))
			return true;
	return false;
}

const char *
retest_zone_named(const char *text, struct arena *a)
{
	static const char *const before[] = { "blocked using ", "listed at ", "black list at ",
		"blacklist at ", "listed in ", "listed on ", "listed by ", "blocked by ",
		"block list at " };
	for (size_t i = 0; i < sizeof before / sizeof before[0]; i++) {
		char zone[NAME_TEXT_MAX], copy[ZONE_MAX];
		const char *at = strcasestr(text, before[i]);
		if (at == NULL)
			continue;
		at += strlen(before[i]);
		size_t n = 0;
		while (n < sizeof copy - 1 &&
		    (isalnum((unsigned char)at[n]) || strchr(".-_", at[n]) != NULL) &&
		    at[n] != '\0')
			n++;
		while (n > 0 && at[n - 1] == '.')
			n--;
		memcpy(copy, at, n);
		copy[n] = '\0';
		if (strchr(copy, '.') != NULL && name_from_text(copy, zone))
			return arena_strdup(a, zone);
	}
	return "";
}

/* ---- what needs no question */

static void
set(struct explanation *e, enum explain_now now, const char *why)
{
	e->now = now;
	e->now_why = why;
}

static int64_t
later(int64_t x, int64_t y)
{
	return x > y ? x : y;
}

int64_t
retest_retry_after(const struct explanation *e, int64_t seconds, int64_t now_s)
{
	int64_t from = e->time_s > 0 && e->time_s < now_s ? e->time_s : now_s;
	return later(from + later(seconds, e->wait_s), now_s);
}

void
retest_offline(const struct explain_options *o, struct explanation *e, int64_t now_s)
{
	if (!e->refused) {
		set(e, EXPLAIN_UNKNOWN, "The reply accepts the command: nothing was refused.");
		return;
	}
	if (e->wait_s > 0 || strcmp(e->cause, "greylist") == 0)
		e->retry_at_s = retest_retry_after(e, 0, now_s);
	if (strcmp(e->cause, "unknown") == 0)
		set(e, EXPLAIN_UNKNOWN,
		    "Nothing is known about this reply, so there is nothing to look at.");
	else if (strcmp(e->cause, "receiver") == 0)
		set(e, EXPLAIN_RECEIVER_FAULT, "The reply speaks of a fault of the receiver.");
	else if (e->hints)
		set(e, EXPLAIN_NOT_VISIBLE,
		    "Nobody outside of the receiver can see whether it still holds.");
	else if (!has_check(e))
		set(e, EXPLAIN_UNKNOWN, "This version has no check that looks at it.");
	else if (o->offline)
		set(e, EXPLAIN_UNKNOWN, "Not looked at: --offline asks nobody.");
	else if (e->address.family == 0)
		set(e, EXPLAIN_UNKNOWN,
		    "The reply quotes no address: name that of your server with --ip.");
	else if (ip_special(&e->address) != NULL && !o->run->look.policy.allow_special)
		set(e, EXPLAIN_UNKNOWN,
		    "The address is not a public one: name the address that the world sees with "
		    "--ip.");
}

bool
retest_can(const struct explain_options *o, const struct explanation *e)
{
	bool special = ip_special(&e->address) != NULL && !o->run->look.policy.allow_special;
	return e->refused && e->address.family != 0 && !special && has_check(e) &&
	    strcmp(e->cause, "unknown") != 0;
}
