/* Refusals for people: what was said, what it means, whether it still holds, and what to do. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/safe.h"
#include "base/when.h"
#include "report/explain.h"
#include "report_priv.h"

enum { LABEL_WIDTH = 8, INDENT = 2 + LABEL_WIDTH + 2, REPLY_SHOWN = 400 };

static const struct {
	const char *word;
	enum verdict color;
} states[] = {
	[EXPLAIN_UNKNOWN] = { "UNKNOWN", VERDICT_TEMPERROR },
	[EXPLAIN_STILL_BROKEN] = { "STILL BROKEN", VERDICT_FAIL },
	[EXPLAIN_REPAIRED] = { "REPAIRED", VERDICT_PASS },
	[EXPLAIN_NEVER_WAS] = { "NOT LISTED", VERDICT_PASS },
	[EXPLAIN_NOT_VISIBLE] = { "NOT VISIBLE", VERDICT_WARN },
	[EXPLAIN_RECEIVER_FAULT] = { "RECEIVER'S FAULT", VERDICT_WARN },
};

static const char *const who_text[] = {
	[EXPLAIN_YOU] = "you",
	[EXPLAIN_HOSTER] = "whoever holds the reverse zone: your hoster, or you in its panel",
	[EXPLAIN_LIST] = "the operator of the list, at your request",
	[EXPLAIN_RECIPIENT] = "the recipient",
	[EXPLAIN_RECEIVER] = "the receiver",
};

struct page {
	const struct explain_report *report;
	const struct render_options *options;
	struct arena arena;
	struct buf *out;
};

static void
put_label(struct page *p, const char *label, const char *text)
{
	buf_printf(p->out, "  %-*s  ", LABEL_WIDTH, label);
	put_wrapped(p->out, p->options, INDENT, text);
}

static const char *
shown(struct page *p, const char *text)
{
	struct buf safe;
	buf_init(&safe, 8 * REPLY_SHOWN);
	safe_add(&safe, text, strlen(text), REPLY_SHOWN);
	const char *copy = arena_strdup(&p->arena, safe.data);
	buf_fini(&safe);
	return copy;
}

static const char *
address_text(struct page *p, const struct ip *ip)
{
	char text[IP_TEXT_MAX];
	return ip->family == 0 ? "" : arena_strdup(&p->arena, ip_format(ip, text));
}

/* "550 5.7.25", "550", "no code" */
static const char *
codes(struct page *p, const struct explanation *e)
{
	if (e->code == 0)
		return e->status[0] != '\0' ? e->status : "no code";
	return arena_printf(&p->arena, "%d%s%s", e->code, e->status[0] != '\0' ? " " : "",
	    e->status);
}

static const char *
provider_text(struct page *p, const struct explanation *e)
{
	static const char *const by[] = {
		[EXPLAIN_BY_MARK] = "by the mark of its reply",
		[EXPLAIN_BY_MX] = "by its MX host",
		[EXPLAIN_BY_GREETING] = "by its greeting",
		[EXPLAIN_BY_WORDS] = "by wording only",
		[EXPLAIN_BY_NONE] = "",
	};
	if (e->provider[0] == '\0')
		return "not recognised";
	return arena_printf(&p->arena, "%s, %s", shown(p, e->provider), by[e->by]);
}

static void
put_head(struct page *p, const struct explanation *e)
{
	const char *address = address_text(p, &e->address);
	put_colored(p->out, p->options, states[e->now].color,
	    e->refused ? states[e->now].word : "ACCEPTED");
	buf_printf(p->out, "  %s  %s", codes(p, e), e->refused ? e->title : "nothing was refused");
	if (address[0] != '\0')
		buf_printf(p->out, "  %s", address);
	if (e->count > 1)
		buf_printf(p->out, "  (%zu times)", e->count);
	buf_putc(p->out, '\n');
}

static void
put_meaning(struct page *p, const struct explanation *e)
{
	if (e->rule[0] == '\0') {
		put_label(p, "Means",
		    "Unknown: no row of the code book fits, and a guess would not help you.");
		return;
	}
	const char *more = e->or_cause[0] != '\0' ?
	    arena_printf(&p->arena, " It may also be: %s.", e->or_cause) :
	    "";
	const char *sure = e->sure == EXPLAIN_READ ?
	    "" :
	    " This row has not been confirmed by a document.";
	put_label(p, "Means", arena_printf(&p->arena, "%s%s%s", shown(p, e->means), more, sure));
	for (size_t i = 0; i < e->n_others; i++)
		put_label(p, "Or",
		    arena_printf(&p->arena, "%s says the same for %s (%s).",
			shown(p, e->others[i].provider), e->others[i].cause, e->others[i].rule));
}

static void
put_by(struct page *p, const struct explanation *e)
{
	bool quoted = e->address.family != 0 && !e->address_given;
	put_label(p, "By",
	    quoted ? arena_printf(&p->arena,
			 "This machine: %s is the server that it refused, or its own filter.",
			 address_text(p, &e->address)) :
		     "This machine: its server, its filter or its mail boxes.");
}

static void
put_address(struct page *p, const struct explanation *e)
{
	if (e->by_us)
		put_by(p, e);
	else if (e->expected.family != 0)
		put_label(p, "Address",
		    arena_printf(&p->arena, "The receiver saw %s, not %s.",
			address_text(p, &e->address), address_text(p, &e->expected)));
	if (e->address_given)
		put_label(p, "Address",
		    arena_printf(&p->arena, "%s, as you gave it; the reply quotes none.",
			address_text(p, &e->address)));
}

static const char *
retry_text(struct page *p, const struct explanation *e)
{
	char when[WHEN_TEXT_MAX];
	if (e->retry_at_s == 0)
		return NULL;
	if (e->retry_at_s <= p->report->now_s)
		return "now: `postqueue -f` for Postfix; other servers have a command of their own";
	return arena_printf(&p->arena, "not before %s", when_utc(e->retry_at_s, when));
}

static void
put_repair(struct page *p, const struct explanation *e)
{
	const char *retry = retry_text(p, e);
	bool gone = e->now == EXPLAIN_REPAIRED || e->now == EXPLAIN_NEVER_WAS;
	if (!gone) {
		put_label(p, "Who", who_text[e->who]);
		buf_printf(p->out, "  %-*s  ", LABEL_WIDTH, "Do");
		put_remedy(p->out, p->options, INDENT, e->remedy, &p->arena);
	}
	if (retry != NULL)
		put_label(p, "Retry", retry);
}

static void
put_findings(struct page *p, const struct explanation *e)
{
	for (size_t i = 0; i < e->n_findings; i++) {
		const struct explain_finding *f = &e->findings[i];
		bool dull = verdict_is_good(f->verdict) && p->options->verbose == 0;
		if (!dull)
			put_label(p, verdict_word(f->verdict),
			    arena_printf(&p->arena, "%s (%s)", f->text, f->id));
	}
}

static void
put_explanation(struct page *p, const struct explanation *e)
{
	put_head(p, e);
	put_label(p, "Reply", shown(p, e->text));
	if (!e->refused)
		return;
	put_label(p, "From", provider_text(p, e));
	put_meaning(p, e);
	put_address(p, e);
	put_label(p, "Now", shown(p, e->now_why));
	put_findings(p, e);
	put_repair(p, e);
	if (p->options->verbose > 0 && e->rule[0] != '\0')
		put_label(p, "Source",
		    arena_printf(&p->arena, "%s: %s, %s", e->rule, shown(p, e->source), e->date));
}

/* ---- a line a group */

static const char *
short_address(struct page *p, const struct explanation *e)
{
	return e->address.family != 0 ? address_text(p, &e->address) : "-";
}

static void
put_row(struct page *p, const struct explanation *e)
{
	char when[WHEN_TEXT_MAX] = "";
	if (e->time_s > 0)
		when_minute(e->time_s, when);
	buf_printf(p->out, "%7zu  ", e->count);
	char word[20];
	snprintf(word, sizeof word, "%-16s", states[e->now].word);
	put_colored(p->out, p->options, states[e->now].color, word);
	buf_printf(p->out, "  %-16s  %-16s  %-12s  %-39s  %-16s  %s\n",
	    e->provider[0] != '\0' ? shown(p, e->provider) : "-", e->cause, codes(p, e),
	    short_address(p, e), when, e->rule[0] != '\0' ? e->rule : shown(p, e->text));
}

static void
put_summary(struct page *p)
{
	buf_printf(p->out, "%zu refused, %zu different\n", p->report->n_refused, p->report->n);
	if (p->report->n > 0)
		buf_printf(p->out, "%7s  %-16s  %-16s  %-16s  %-12s  %-39s  %-16s  %s\n", "Count",
		    "Now", "Provider", "Cause", "Reply", "Address", "Last (UTC)", "Rule");
	for (size_t i = 0; i < p->report->n; i++)
		put_row(p, p->report->list[i]);
}

void
explain_text(const struct explain_report *r, const struct render_options *o, struct buf *out)
{
	struct page p = { .report = r, .options = o, .out = out };
	arena_init(&p.arena);
	if (r->summary)
		put_summary(&p);
	for (size_t i = 0; i < r->n && !r->summary; i++) {
		bool dull = o->quiet &&
		    (r->list[i]->now == EXPLAIN_REPAIRED || !r->list[i]->refused);
		if (dull)
			continue;
		if (i > 0)
			buf_putc(out, '\n');
		put_explanation(&p, r->list[i]);
		arena_reset(&p.arena);
	}
	arena_fini(&p.arena);
}
