/* What a whole run came to: verdicts, the commonest findings, the worst targets. */
#include "run/summary_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/safe.h"

/* Worst first, as people want to read it. */
static const enum verdict verdict_order[] = { VERDICT_FAIL, VERDICT_PERMERROR, VERDICT_TEMPERROR,
	VERDICT_WARN, VERDICT_PASS, VERDICT_SKIP, VERDICT_INFO };

enum { VERDICTS = sizeof verdict_order / sizeof verdict_order[0] };

void
summary_init(struct summary *s)
{
	*s = (struct summary){ .n_rules = 0 };
	arena_init(&s->arena);
	map_init(&s->index);
}

void
summary_fini(struct summary *s)
{
	map_fini(&s->index);
	arena_fini(&s->arena);
}

static struct summary_rule *
rule_of(struct summary *s, const char *id)
{
	struct summary_rule *rule = map_get(&s->index, id);

	if (rule != NULL || s->n_rules == SUMMARY_RULES_MAX)
		return rule;
	rule = arena_alloc(&s->arena, sizeof *rule);
	rule->id = arena_strdup(&s->arena, id);
	s->rules = arena_grow(&s->arena, s->rules, s->n_rules, &s->cap_rules, sizeof *s->rules);
	s->rules[s->n_rules++] = rule;
	map_put(&s->index, rule->id, rule);
	return rule;
}

/* Of one verdict, severity decides; whatever is bad is worse than all that is only doubtful. */
static unsigned
weight_of(enum verdict verdict, enum severity severity)
{
	if (verdict_is_bad(verdict))
		return 100 * (1 + (unsigned)severity);
	if (verdict == VERDICT_WARN)
		return 1 + (unsigned)severity;
	return 0;
}

void
summary_finding(struct summary *s, struct summary_target *t, const char *rule, enum verdict verdict,
    enum severity severity)
{
	struct summary_rule *r = rule_of(s, rule);

	t->weight += weight_of(verdict, severity);
	if (r != NULL)
		r->n[verdict]++;
}

/* Lower addresses first among equals: the list does not depend on the order of arrival. */
static bool
is_worse(const struct summary_target *a, const struct summary_target *b)
{
	bool a_bad = verdict_is_bad(a->verdict), b_bad = verdict_is_bad(b->verdict);

	if (a_bad != b_bad)
		return a_bad;
	if (!a_bad && a->verdict != b->verdict)
		return a->verdict > b->verdict;
	if (a->weight != b->weight)
		return a->weight > b->weight;
	int order = ip_compare(&a->ip, &b->ip);
	return order != 0 ? order < 0 : strcmp(a->name, b->name) < 0;
}

void
summary_target(struct summary *s, struct summary_target *t, const struct ip *ip, const char *name,
    enum verdict verdict, const char *reason)
{
	s->n[verdict]++;
	if (!verdict_is_bad(verdict) && verdict != VERDICT_WARN && verdict != VERDICT_TEMPERROR)
		return;
	t->ip = *ip;
	snprintf(t->name, sizeof t->name, "%s", name);
	t->verdict = verdict;
	size_t at = s->n_worst;
	while (at > 0 && is_worse(t, &s->worst[at - 1]))
		at--;
	if (at == SUMMARY_WORST)
		return;
	snprintf(t->reason, sizeof t->reason, "%s", reason);
	s->n_worst += s->n_worst < SUMMARY_WORST;
	memmove(&s->worst[at + 1], &s->worst[at], (s->n_worst - at - 1) * sizeof s->worst[0]);
	s->worst[at] = *t;
}

static void
print_counts(const struct summary *s, FILE *out)
{
	size_t all = 0;

	for (size_t i = 0; i < VERDICTS; i++)
		all += s->n[i];
	fprintf(out, "%zu target%s", all, all == 1 ? "" : "s");
	const char *before = ": ";
	for (size_t i = 0; i < VERDICTS; i++) {
		enum verdict v = verdict_order[i];
		if (s->n[v] == 0)
			continue;
		fprintf(out, "%s%zu %s", before, s->n[v], verdict_word(v));
		before = ", ";
	}
	fputc('\n', out);
}

struct row {
	const struct summary_rule *rule;
	enum verdict verdict;
};

static int
by_count(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	size_t n = x->rule->n[x->verdict], m = y->rule->n[y->verdict];

	if (n != m)
		return n < m ? 1 : -1;
	return strcmp(x->rule->id, y->rule->id);
}

static void
print_findings(const struct summary *s, FILE *out)
{
	struct arena arena;

	arena_init(&arena);
	struct row *rows = arena_array(&arena, s->n_rules + 1, sizeof *rows);
	for (size_t i = 0; i < VERDICTS - 3; i++) {
		enum verdict v = verdict_order[i];
		size_t n = 0;
		for (size_t k = 0; k < s->n_rules; k++)
			if (s->rules[k]->n[v] > 0)
				rows[n++] = (struct row){ s->rules[k], v };
		qsort(rows, n, sizeof *rows, by_count);
		for (size_t k = 0; k < n; k++)
			fprintf(out, "  %9zu  %-9s  %s\n", rows[k].rule->n[v], verdict_word(v),
			    safe_text(&arena, rows[k].rule->id));
	}
	arena_fini(&arena);
}

/* The reason may have been cut within a character. */
static void
print_worst(const struct summary_target *t, FILE *out)
{
	struct buf name, reason;

	buf_init(&reason, 4 * SUMMARY_REASON_MAX);
	safe_add(&reason, t->reason, strlen(t->reason), 2 * SUMMARY_REASON_MAX);
	buf_init(&name, 4 * SUMMARY_NAME_MAX);
	safe_add(&name, t->name, strlen(t->name), 2 * SUMMARY_NAME_MAX);
	fprintf(out, "  %s  %s  %s\n", name.data, verdict_word(t->verdict), reason.data);
	buf_fini(&name);
	buf_fini(&reason);
}

void
summary_print(const struct summary *s, FILE *out)
{
	print_counts(s, out);
	print_findings(s, out);
	if (s->n_worst > 0)
		fprintf(out, "worst:\n");
	for (size_t i = 0; i < s->n_worst; i++)
		print_worst(&s->worst[i], out);
}
