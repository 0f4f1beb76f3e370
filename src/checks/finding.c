/* Findings: made safe to print, and summed up. */
#include "checks/finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/safe.h"
#include "views/understanding.h"

enum { SENTENCE = 512 }; /* few are longer, and need printing twice */

static const struct enumtab_row stage_rows[] = {
	{ "address", STAGE_ADDRESS },
	{ "forward", STAGE_FORWARD },
	{ "ptr", STAGE_PTR },
	{ "greeting", STAGE_GREETING },
	{ "certificate", STAGE_CERTIFICATE },
	{ "listing", STAGE_LISTING },
	{ "sender", STAGE_SENDER },
};
const struct enumtab stage_names = ENUMTAB(stage_rows);

const struct topic topic_address = { STAGE_ADDRESS, "public address", false };
const struct topic topic_ptr = { STAGE_PTR, "PTR name", true };
const struct topic topic_zone = { STAGE_PTR, "name servers", false };
const struct topic topic_ehlo = { STAGE_GREETING, "EHLO name", true };
const struct topic topic_dialogue = { STAGE_GREETING, "SMTP dialogue", false };
const struct topic topic_tls = { STAGE_CERTIFICATE, "TLS", false };
const struct topic topic_certificate = { STAGE_CERTIFICATE, "certificate", false };
const struct topic topic_lists = { STAGE_LISTING, "block lists", false };
const struct topic topic_spf = { STAGE_SENDER, "SPF record", false };
const struct topic topic_sender = { STAGE_SENDER, "sender's domain", false };
const struct topic topic_dkim = { STAGE_SENDER, "DKIM signature", false };
const struct topic topic_dmarc = { STAGE_SENDER, "DMARC record", false };

static const char *format_safe(struct arena *a, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));

static const char *
format_safe(struct arena *a, const char *fmt, va_list ap)
{
	char sentence[SENTENCE];
	va_list again;
	va_copy(again, ap);
	int len = vsnprintf(sentence, sizeof sentence, fmt, ap);
	char *text = sentence;
	if (len >= SENTENCE) {
		text = arena_alloc(a, (size_t)len + 1);
		vsnprintf(text, (size_t)len + 1, fmt, again);
	}
	va_end(again);
	return safe_text(a, len < 0 ? "" : text);
}

void
findings_init(struct findings *out, struct arena *a)
{
	*out = (struct findings){ .arena = a };
}

void
findings_judge(struct findings *out, const struct check *const *checks, size_t n,
    struct understanding *known)
{
	for (size_t i = 0; i < n; i++) {
		if (checks[i]->applies != NULL && !checks[i]->applies(known->target))
			continue;
		out->check = checks[i];
		checks[i]->judge(known, out);
	}
	out->check = NULL;
}

struct finding *
finding_add(struct findings *out, const struct rule *rule, enum verdict verdict,
    const char *subject, const char *fmt, ...)
{
	struct finding *f = arena_alloc(out->arena, sizeof *f);
	f->check = out->check;
	f->rule = rule;
	f->verdict = verdict;
	f->severity = rule->severity;
	f->subject = safe_text(out->arena, subject);
	f->remedy = "";
	f->why = rule->why;
	f->headline = rule->headline;
	f->cause = "";
	va_list ap;
	va_start(ap, fmt);
	f->text = format_safe(out->arena, fmt, ap);
	va_end(ap);

	out->list = arena_grow(out->arena, out->list, out->n, &out->cap, sizeof *out->list);
	out->list[out->n++] = f;
	return f;
}

void
finding_remedy(struct findings *out, struct finding *f, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	f->remedy = format_safe(out->arena, fmt, ap);
	va_end(ap);
}

void
finding_headline(struct findings *out, struct finding *f, const char *fmt, ...)
{
	static const char dots[] = "...";
	va_list ap;
	va_start(ap, fmt);
	const char *text = format_safe(out->arena, fmt, ap);
	va_end(ap);
	size_t len = strlen(text), kept = HEADLINE_MAX - strlen(dots);
	while (len > HEADLINE_MAX && kept > 0 && ((unsigned char)text[kept] & 0xc0) == 0x80)
		kept--;
	f->headline = len <= HEADLINE_MAX ?
	    text :
	    arena_printf(out->arena, "%.*s%s", (int)kept, text, dots);
}

void
finding_evidence(struct findings *out, struct finding *f, const struct fact *fact)
{
	if (fact == NULL)
		return;
	for (size_t i = 0; i < f->n_evidence; i++)
		if (f->evidence[i] == fact)
			return;
	f->evidence = arena_grow(out->arena, f->evidence, f->n_evidence, &f->cap_evidence,
	    sizeof *f->evidence);
	f->evidence[f->n_evidence++] = fact;
}

void
finding_mark_planned(struct findings *out, struct finding *f)
{
	const struct fact *planned = NULL;
	size_t n_planned = 0;
	bool others = false; /* another answer is a reason, too */
	for (size_t i = 0; i < f->n_evidence; i++) {
		const struct fact *fact = f->evidence[i];
		/* what a file leaves out is nothing that would be published */
		bool found = fact->kind == FACT_DNS && fact->dns->planned &&
		    fact->dns->status == DNS_FOUND;
		n_planned += found;
		planned = found ? fact : planned;
		others |= !found && fact->kind == FACT_DNS && dns_is_known(fact->dns->status);
	}
	if (n_planned == 0)
		return;
	const char *which = n_planned > 1 || !others ?
	    "" :
	    arena_printf(out->arena, "the %s record is ",
		enumtab_name(&dns_type_names, planned->type));
	f->text = arena_printf(out->arena, "%s (%splanned, not published yet)", f->text, which);
}

enum verdict
findings_verdict(const struct findings *f)
{
	bool judged = false, warned = false, unknown = false;
	for (size_t i = 0; i < f->n; i++) {
		const struct finding *one = f->list[i];
		if (verdict_is_bad(one->verdict))
			return VERDICT_FAIL;
		judged |= one->verdict == VERDICT_PASS || one->verdict == VERDICT_WARN;
		warned |= one->verdict == VERDICT_WARN;
		unknown |= one->verdict == VERDICT_TEMPERROR && one->rule->required;
	}
	if (unknown || !judged)
		return VERDICT_TEMPERROR;
	return warned ? VERDICT_WARN : VERDICT_PASS;
}
