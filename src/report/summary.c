/* The one reason for a verdict, and the line that gives it. */
#include <string.h>

#include "base/arena.h"
#include "base/name.h"
#include "base/safe.h"
#include "report_priv.h"

/* An unknown finding leads before a warning only when it leaves the whole run undecided. */
static int
rank(const struct finding *f)
{
	bool bearable = f->verdict == VERDICT_TEMPERROR && !f->rule->required;

	return bearable ? 2 * verdict_rank(VERDICT_WARN) - 1 : 2 * verdict_rank(f->verdict);
}

bool
finding_is_worse(const struct finding *a, const struct finding *b)
{
	if (rank(a) != rank(b))
		return rank(a) > rank(b);
	return a->severity > b->severity;
}

/* The finding that the verdict rests on; NULL when it rests on nothing having been judged. */
static const struct finding *
deciding_finding(const struct report *r)
{
	const struct finding *worst = NULL;
	for (size_t i = 0; i < r->findings->n; i++) {
		const struct finding *f = r->findings->list[i];
		if (f->leads)
			return f;
		if (worst == NULL || finding_is_worse(f, worst))
			worst = f;
	}
	bool undecided = r->verdict == VERDICT_TEMPERROR;
	return worst != NULL && undecided && worst->verdict != VERDICT_TEMPERROR ? NULL : worst;
}

static size_t
count_verdict(const struct report *r, enum verdict v)
{
	size_t n = 0;
	for (size_t i = 0; i < r->findings->n; i++)
		n += r->findings->list[i]->verdict == v;
	return n;
}

/*
 * What receivers look at, and the check that judges it, whether this program has it yet or not: a good
 * verdict is one about what was looked at.
 */
static const struct looked_at {
	const char *what, *check;
} looked_at[] = {
	{ "SPF", "spf" },
	{ "DKIM", "dkim" },
	{ "DMARC", "dmarc" },
	{ "EHLO name", "ehlo" },
	{ "block lists", "dnsbl" },
};

/* A check that skips everything has judged nothing. */
static bool
is_judged(const struct report *r, const char *check)
{
	for (size_t i = 0; i < r->findings->n; i++) {
		const struct finding *f = r->findings->list[i];
		if (f->check != NULL && strcmp(f->check->id, check) == 0 &&
		    f->verdict != VERDICT_SKIP)
			return true;
	}
	return false;
}

/* "; not checked: SPF, DKIM"; nothing when all was. */
static void
add_left_out(const struct report *r, struct buf *out)
{
	const char *before = "; not checked: ";
	for (size_t i = 0; i < sizeof looked_at / sizeof looked_at[0]; i++) {
		if (is_judged(r, looked_at[i].check))
			continue;
		buf_puts(out, before);
		buf_puts(out, looked_at[i].what);
		before = ", ";
	}
}

static const char *
reason_when_good(const struct report *r)
{
	enum { REASON_MAX = 512 };
	struct buf out;
	size_t unknown = count_verdict(r, VERDICT_TEMPERROR);
	buf_init(&out, REASON_MAX);
	buf_puts(&out, "nothing found that receivers refuse");
	if (unknown > 0)
		buf_printf(&out, "; %zu thing%s unknown", unknown, unknown == 1 ? "" : "s");
	add_left_out(r, &out);
	const char *reason = arena_strndup(r->arena, out.data, out.len);
	buf_fini(&out);
	return reason;
}

static bool
rests_on_planned(const struct report *r)
{
	for (size_t i = 0; i < r->facts->n; i++) {
		const struct fact *f = r->facts->list[i];
		if (f->kind == FACT_DNS && f->dns->planned && f->dns->status == DNS_FOUND)
			return true;
	}
	return false;
}

/* With what a good verdict depends on before the reason. */
static const char *
conditional(const struct report *r, const char *reason)
{
	bool good = r->verdict == VERDICT_PASS || r->verdict == VERDICT_WARN;
	return good && rests_on_planned(r) ?
	    arena_printf(r->arena, "once the planned records are published: %s", reason) :
	    reason;
}

const char *
report_reason(const struct report *r)
{
	const struct finding *f = deciding_finding(r);
	if (r->verdict == VERDICT_PASS)
		return conditional(r, reason_when_good(r));
	if (f == NULL)
		return "nothing could be checked";
	return f->leads ? f->headline : conditional(r, f->headline);
}

/* "203.0.113.25 (mx1.example.com, MX of example.com)" */
static const char *
target_shown(const struct target *t, struct arena *a)
{
	if (t->names.host[0] == '\0' || t->address[0] == '\0')
		return target_title(t);
	bool by_mx = t->names.mx_of != NULL;
	return arena_printf(a, "%s (%s%s%s)", t->address, safe_text(a, t->names.host),
	    by_mx ? ", MX of " : "", by_mx ? safe_text(a, t->names.mx_of) : "");
}

void
report_headline(const struct report *r, const struct render_options *o, struct buf *out)
{
	const struct target *t = r->target;
	char word[VERDICT_TEXT_MAX];
	const char *name = target_shown(t, r->arena);
	verdict_capitals(r->verdict, word);
	buf_printf(out, "%s  ", name);
	put_colored(out, o, r->verdict, word);
	buf_puts(out, "  ");
	put_line(out, o, (int)(strlen(name) + 2 + strlen(word) + 2), 2, report_reason(r));
}
