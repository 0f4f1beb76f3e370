/* The results that a receiver wrote down, each with the one that the checks come to now. */
#include <string.h>

#include "base/arena.h"
#include "base/name.h"
#include "received_priv.h"
#include "views/dkim.h"
#include "views/dmarc.h"
#include "views/spf.h"

static const struct enumtab_row agree_rows[] = {
	{ "not-judged", RECEIVED_NOT_JUDGED },
	{ "unknown", RECEIVED_UNKNOWN_NOW },
	{ "same", RECEIVED_SAME },
	{ "differs", RECEIVED_DIFFERS },
};
const struct enumtab received_agree_names = ENUMTAB(agree_rows);

static const char *
spf_now(struct understanding *k, const struct auth_result *r)
{
	const struct spf_view *v = known_spf(k);
	bool of_ehlo = auth_property(r, "smtp.helo")[0] != '\0' &&
	    auth_property(r, "smtp.mailfrom")[0] == '\0';
	const struct spf_check *c = of_ehlo ? v->helo : v->main;
	return c != NULL ? enumtab_name(&spf_result_names, (int)c->result) : "";
}

static const char *
after_at(const char *text)
{
	const char *at = strrchr(text, '@');
	return at != NULL ? at + 1 : text;
}

static bool
is_named(const char *text, const char *name)
{
	char copy[NAME_TEXT_MAX];
	return name_from_user(text, copy) && name_equal(copy, name);
}

static const char *
dkim_now(struct understanding *k, const struct auth_result *r)
{
	const struct dkim_view *v = known_dkim(k);
	const char *d = auth_property(r, "header.d"), *i = auth_property(r, "header.i");
	const char *s = auth_property(r, "header.s");
	for (size_t n = 0; n < v->n; n++) {
		const struct dkim_row *row = &v->rows[n];
		if (row->origin == DKIM_OF_MESSAGE &&
		    is_named(d[0] != '\0' ? d : after_at(i), row->domain) &&
		    (s[0] == '\0' || is_named(s, row->selector)))
			return enumtab_name(&dkim_result_names, (int)row->result);
	}
	return "";
}

static const char *
dmarc_now(struct understanding *k, const struct auth_result *r)
{
	(void)r;
	return enumtab_name(&dmarc_result_names, (int)known_dmarc(k)->result);
}

static const char *
iprev_now(struct understanding *k, const struct auth_result *r)
{
	(void)r;
	return enumtab_name(&iprev_result_names, (int)known_iprev(k)->result);
}

/* The methods of RFC 8601 that a check judges, and the properties that say of whom. */
static const struct {
	const char *method;
	const char *(*now)(struct understanding *k, const struct auth_result *r);
	const char *properties[3];
} methods[] = {
	{ "spf", spf_now, { "smtp.mailfrom", "smtp.helo", "" } },
	{ "dkim", dkim_now, { "header.d", "header.i", "" } },
	{ "dmarc", dmarc_now, { "header.from", "", "" } },
	{ "iprev", iprev_now, { "policy.iprev", "smtp.remote-ip", "" } },
};
enum { METHODS = sizeof methods / sizeof methods[0] };

static bool
has_run(const struct report *r, const char *id)
{
	for (size_t i = 0; i < r->n_checks; i++)
		if (strcmp(r->checks[i]->id, id) == 0)
			return true;
	return false;
}

static enum received_agree
compare(const char *then, const char *now)
{
	if (now[0] == '\0')
		return RECEIVED_NOT_JUDGED;
	if (strcmp(now, "temperror") == 0)
		return RECEIVED_UNKNOWN_NOW;
	return strcmp(then, now) == 0 ? RECEIVED_SAME : RECEIVED_DIFFERS;
}

static struct received_row
make_row(const struct report *checks, const struct auth_result *r)
{
	struct received_row row = { .method = r->method, .subject = "", .now = "" };
	row.then = r->result;
	row.reason = r->reason;
	for (size_t i = 0; i < METHODS; i++) {
		if (strcmp(methods[i].method, r->method) != 0)
			continue;
		for (size_t p = 0; row.subject[0] == '\0' && methods[i].properties[p][0] != '\0';
		     p++)
			row.subject = after_at(auth_property(r, methods[i].properties[p]));
		if (has_run(checks, r->method))
			row.now = methods[i].now(checks->known, r);
	}
	row.agree = compare(row.then, row.now);
	return row;
}

const struct received_row *
received_rows(const struct received_report *r, size_t *n)
{
	const struct hop *h = r->hop;
	struct received_row *rows = NULL;
	size_t cap = 0;
	*n = 0;
	for (size_t i = 0; i < h->n_results; i++) {
		for (size_t k = 0; k < h->results[i].results.n; k++) {
			rows = arena_grow(r->checks->arena, rows, *n, &cap, sizeof *rows);
			rows[*n] = make_row(r->checks, &h->results[i].results.list[k]);
			rows[(*n)++].certain = h->results[i].certain;
		}
	}
	return rows;
}
