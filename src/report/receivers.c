/* What big receivers demand, and whether it is met: words, and the formats text and JSON. */

#include <string.h>

#include "base/arena.h"
#include "report_priv.h"

const char *const receivers_heads[RECEIVER_DEMANDS] = {
	[DEMAND_PTR] = "PTR",
	[DEMAND_FORWARD] = "forward",
	[DEMAND_EHLO] = "EHLO",
	[DEMAND_SENDER] = "sender",
	[DEMAND_SPF] = "SPF",
	[DEMAND_DKIM] = "DKIM",
	[DEMAND_DMARC] = "DMARC",
	[DEMAND_ALIGNMENT] = "aligned",
	[DEMAND_LIST] = "list",
	[DEMAND_TLS] = "TLS",
};

static const char *const signs[] = {
	[DEMAND_NOT_MADE] = "-",
	[DEMAND_MET] = "yes",
	[DEMAND_UNKNOWN] = "?",
	[DEMAND_NOT_MET] = "NO",
};

const char *
receivers_cell(const struct demand_view *d, struct arena *a)
{
	const char *any = signs[d->any.state];
	return demand_differs(d) ? arena_printf(a, "%s/%s", any, signs[d->bulk.state]) : any;
}

const char *
receivers_verdict(const struct receiver_view *row, struct arena *a)
{
	const char *any = verdict_word(row->verdict);
	return row->verdict == row->bulk_verdict ?
	    any :
	    arena_printf(a, "%s/%s", any, verdict_word(row->bulk_verdict));
}

static bool
any_demand(const struct receivers_view *v, bool (*holds)(const struct demand_view *d))
{
	for (size_t i = 0; i < v->n; i++)
		for (size_t k = 0; k < RECEIVER_DEMANDS; k++)
			if (holds(&v->rows[i].demands[k]))
				return true;
	return false;
}

static bool
is_unseen(const struct demand_view *d)
{
	return d->bulk.rule != NULL && d->bulk.rule->test == TEST_UNSEEN;
}

const char *
receivers_legend(const struct receivers_view *v, size_t i)
{
	const char *const sentences[] = {
		v->bulk ? "What a bulk sender is asked for: yes is met, NO is not met, ? is "
			  "unknown, - is not demanded." :
			  "Demands: yes is met, NO is not met, ? is unknown, - is not demanded.",
		any_demand(v, demand_differs) ?
		    "Two answers: of any sender, and of a bulk sender (--bulk for that alone)." :
		    NULL,
		any_demand(v, is_unseen) ?
		    "Whether mail is sent over TLS cannot be seen from outside, and does not "
		    "count in the verdict." :
		    NULL,
	};
	for (size_t k = 0; k < sizeof sentences / sizeof sentences[0]; k++)
		if (sentences[k] != NULL && i-- == 0)
			return sentences[k];
	return NULL;
}

/* ---- what is kept of it */

/* What cannot be seen from outside does not count. */
static bool
is_open(const struct demand_answer *answer)
{
	bool seen = answer->rule != NULL && answer->rule->test != TEST_UNSEEN;
	return seen && (answer->state == DEMAND_NOT_MET || answer->state == DEMAND_UNKNOWN);
}

void
receivers_digest(const struct receivers_view *v, struct arena *a, struct digest *out)
{
	size_t cap = 0;
	out->has_demands = true;
	for (size_t i = 0; i < v->n * RECEIVER_DEMANDS; i++) {
		const struct receiver_view *row = &v->rows[i / RECEIVER_DEMANDS];
		enum receiver_demand demand = (enum receiver_demand)(i % RECEIVER_DEMANDS);
		const struct demand_view *d = &row->demands[demand];
		const struct demand_answer *bad = d->any.state == DEMAND_NOT_MET ? &d->any :
										   &d->bulk;
		if ((!is_open(&d->any) && !is_open(&d->bulk)) ||
		    out->n_demands == DIGEST_DEMANDS_MAX)
			continue;
		out->demands = arena_grow(a, out->demands, out->n_demands, &cap,
		    sizeof *out->demands);
		out->demands[out->n_demands++] = (struct digest_demand){
			.receiver = row->receiver->id,
			.name = row->receiver->name,
			.demand = demand,
			.any = d->any.state,
			.bulk = d->bulk.state,
			.code = bad->state == DEMAND_NOT_MET ? bad->rule->code : ""
		};
	}
}

/* ---- a demand in a sentence */

static const char *
reply(const struct demand_answer *answer, struct arena *a)
{
	if (answer->state != DEMAND_NOT_MET)
		return "";
	if (answer->rule->code[0] == '\0')
		return "; no code is documented";
	return arena_printf(a, "; expect %s", answer->rule->code);
}

/* "Gmail demands that SPF or DKIM passes: not met; expect 550 5.7.26". */
static const char *
demand_line(const struct receiver *receiver, const struct demand_answer *answer, bool all,
    struct arena *a)
{
	static const char *const words[] = {
		[DEMAND_MET] = "met",
		[DEMAND_UNKNOWN] = "unknown",
		[DEMAND_NOT_MET] = "not met",
	};
	const struct receiver_rule *rule = answer->rule;
	const char *of = rule->who == RULE_ALL ?
	    "" :
	    arena_printf(a, " of bulk senders (%s)", receiver->bulk);
	const char *line = arena_printf(a, "%s demands%s that %s: %s%s", receiver->name, of,
	    rule->text, words[answer->state], reply(answer, a));
	if (answer->old)
		line = arena_printf(a, "%s; the rule was compared last on %s and may have changed",
		    line, rule->checked);
	if (all && rule->since[0] != '\0')
		line = arena_printf(a, "%s; since %s", line, rule->since);
	if (all)
		line = arena_printf(a, "%s; %s of %s, compared on %s: %s", line,
		    rule->secondary ? "second-hand source" : "source", rule->dated, rule->checked,
		    rule->source);
	return line;
}

static bool
is_told(const struct demand_answer *answer, bool all)
{
	return answer->rule != NULL && (all || answer->state == DEMAND_NOT_MET);
}

void
receivers_each(const struct receivers_view *v, bool all, struct arena *a,
    void (*fn)(void *arg, const char *line), void *arg)
{
	for (size_t i = 0; i < v->n; i++) {
		const struct receiver *receiver = v->rows[i].receiver;
		for (size_t k = 0; k < RECEIVER_DEMANDS; k++) {
			const struct demand_view *d = &v->rows[i].demands[k];
			if (is_told(&d->any, all))
				fn(arg, demand_line(receiver, &d->any, all, a));
			if (d->bulk.rule != d->any.rule && is_told(&d->bulk, all))
				fn(arg, demand_line(receiver, &d->bulk, all, a));
		}
		if (all && receiver->note[0] != '\0')
			fn(arg, arena_printf(a, "%s: %s", receiver->name, receiver->note));
	}
}

void
receivers_cells(const struct receiver_view *row, struct arena *a,
    const char *cells[RECEIVERS_COLUMNS])
{
	cells[0] = row != NULL ? row->receiver->name : "Receivers";
	cells[1] = row != NULL ? receivers_verdict(row, a) : "";
	for (size_t i = 0; i < RECEIVER_DEMANDS; i++)
		cells[2 + i] = row != NULL ? receivers_cell(&row->demands[i], a) :
					     receivers_heads[i];
}

/* ---- text */

static void
put_row(const char *const cells[RECEIVERS_COLUMNS], const size_t widths[RECEIVERS_COLUMNS],
    struct buf *out)
{
	size_t blanks = 0;
	for (size_t i = 0; i < RECEIVERS_COLUMNS; i++) {
		put_spaces(out, (int)blanks);
		buf_puts(out, cells[i]);
		blanks = widths[i] + 2 - strlen(cells[i]);
	}
	buf_putc(out, '\n');
}

struct lines {
	const struct render_options *options;
	struct buf *out;
	size_t n;
};

static void
put_text_line(void *arg, const char *line)
{
	struct lines *l = arg;
	if (l->n++ == 0)
		buf_putc(l->out, '\n');
	put_spaces(l->out, 2);
	put_wrapped(l->out, l->options, 4, line);
}

void
receivers_text(const struct receivers_view *v, const struct render_options *o, struct arena *a,
    struct buf *out)
{
	const char *cells[RECEIVERS_COLUMNS];
	size_t widths[RECEIVERS_COLUMNS] = { 0 };
	struct lines lines = { .options = o, .out = out };
	for (size_t i = 0; i <= v->n; i++) {
		receivers_cells(i < v->n ? &v->rows[i] : NULL, a, cells);
		for (size_t k = 0; k < RECEIVERS_COLUMNS; k++)
			widths[k] = strlen(cells[k]) > widths[k] ? strlen(cells[k]) : widths[k];
	}
	buf_putc(out, '\n');
	for (size_t i = 0; i <= v->n; i++) {
		receivers_cells(i > 0 ? &v->rows[i - 1] : NULL, a, cells);
		put_row(cells, widths, out);
	}
	const char *legend;
	for (size_t i = 0; (legend = receivers_legend(v, i)) != NULL; i++)
		put_wrapped(out, o, 0, legend);
	receivers_each(v, o->verbose > 0, a, put_text_line, &lines);
}

/* ---- JSON */

static void
rule_json(struct jsonw *w, const struct demand_answer *answer)
{
	const struct receiver_rule *rule = answer->rule;
	jsonw_object(w, NULL);
	jsonw_string(w, "text", rule->text);
	jsonw_string(w, "who", rule->who == RULE_BULK ? "bulk" : "all");
	jsonw_text(w, "code", rule->code);
	jsonw_text(w, "since", rule->since);
	jsonw_string(w, "source", rule->source);
	jsonw_bool(w, "secondary", rule->secondary);
	jsonw_string(w, "source_date", rule->dated);
	jsonw_string(w, "checked", rule->checked);
	jsonw_bool(w, "may_have_changed", answer->old);
	jsonw_object_end(w);
}

/* code: what to expect, of the sender that state is about. */
static void
demand_json(struct jsonw *w, enum receiver_demand demand, const struct demand_view *d)
{
	const struct demand_answer *bad = d->any.state == DEMAND_NOT_MET ? &d->any : &d->bulk;
	jsonw_object(w, NULL);
	jsonw_word(w, "demand", &receiver_demand_names, (int)demand);
	jsonw_word(w, "state", &demand_state_names, (int)d->any.state);
	jsonw_word(w, "bulk_state", &demand_state_names, (int)d->bulk.state);
	jsonw_text(w, "code", bad->state == DEMAND_NOT_MET ? bad->rule->code : "");
	jsonw_array(w, "rules");
	if (d->any.rule != NULL)
		rule_json(w, &d->any);
	if (d->bulk.rule != NULL && d->bulk.rule != d->any.rule)
		rule_json(w, &d->bulk);
	jsonw_array_end(w);
	jsonw_object_end(w);
}

void
receivers_json(struct jsonw *w, const struct receivers_view *v)
{
	jsonw_array(w, "receivers");
	for (size_t i = 0; i < v->n; i++) {
		const struct receiver_view *row = &v->rows[i];
		jsonw_object(w, NULL);
		jsonw_string(w, "id", row->receiver->id);
		jsonw_string(w, "name", row->receiver->name);
		jsonw_text(w, "bulk", row->receiver->bulk);
		jsonw_text(w, "note", row->receiver->note);
		jsonw_word(w, "verdict", &verdict_names, (int)row->verdict);
		jsonw_word(w, "bulk_verdict", &verdict_names, (int)row->bulk_verdict);
		jsonw_array(w, "demands");
		for (int k = 0; k < RECEIVER_DEMANDS; k++)
			demand_json(w, (enum receiver_demand)k, &row->demands[k]);
		jsonw_array_end(w);
		jsonw_object_end(w);
	}
	jsonw_array_end(w);
}
