/* A repair for people: the verdict first, the steps numbered, then what was proven. */
#include <string.h>

#include "base/arena.h"
#include "base/command.h"
#include "base/safe.h"
#include "base/when.h"
#include "base/wrap.h"
#include "report/fix_priv.h"
#include "report_priv.h"
#include "views/names.h"

enum { LABEL_WIDTH = 9 };

static const struct enumtab_row outcome_rows[] = {
	{ "planned", FIX_PLANNED },
	{ "declined", FIX_DECLINED },
	{ "written", FIX_WRITTEN },
	{ "proven", FIX_PROVEN },
	{ "unproven", FIX_UNPROVEN },
	{ "failed", FIX_FAILED },
};
const struct enumtab fix_outcome_names = ENUMTAB(outcome_rows);

/* The word of the headline, and the colour of the verdict that it is like. */
struct word {
	const char *text;
	enum verdict like;
};

static struct word
plan_word(enum plan_status status)
{
	static const struct word words[] = {
		[PLAN_NOTHING] = { "READY", VERDICT_PASS },
		[PLAN_WAIT] = { "WAIT", VERDICT_WARN },
		[PLAN_CHANGE] = { "CHANGE", VERDICT_WARN },
		[PLAN_BLOCKED] = { "BLOCKED", VERDICT_FAIL },
		[PLAN_UNDECIDED] = { "UNDECIDED", VERDICT_TEMPERROR },
	};
	return words[status];
}

static struct word
outcome_word(const struct fix_report *r)
{
	static const struct word words[] = {
		[FIX_DECLINED] = { "DECLINED", VERDICT_SKIP },
		[FIX_WRITTEN] = { "WRITTEN", VERDICT_INFO },
		[FIX_PROVEN] = { "PROVEN", VERDICT_PASS },
		[FIX_UNPROVEN] = { "UNPROVEN", VERDICT_WARN },
		[FIX_FAILED] = { "FAILED", VERDICT_FAIL },
	};
	return r->outcome == FIX_PLANNED ? plan_word(r->plan->status) : words[r->outcome];
}

static const char *
wanted_shown(const struct fix_report *r)
{
	const struct plan *p = r->plan;
	if (r->undo)
		return "the old record is back";
	if (p->wish.unset)
		return "the PTR record is removed";
	return arena_printf(r->arena, "the PTR record is %s",
	    names_shown(p->names, p->n_names, r->arena));
}

static const char *
headline(const struct fix_report *r)
{
	switch (r->outcome) {
	case FIX_PLANNED:
		return r->plan->summary;
	case FIX_DECLINED:
		return "nothing was written";
	case FIX_WRITTEN:
		return arena_printf(r->arena, "%s, the API says; the DNS was not asked",
		    wanted_shown(r));
	case FIX_PROVEN:
		return wanted_shown(r);
	case FIX_UNPROVEN:
		return arena_printf(r->arena, "%s, but not visible in the DNS in time: %s",
		    r->journal != NULL ? "written" : "nothing to write", r->proof->missing);
	case FIX_FAILED:
		return r->err->text;
	}
	return "";
}

static void
put_label(struct buf *out, const char *label)
{
	buf_printf(out, "  %-*s ", LABEL_WIDTH, label);
}

/* On a line of its own: it is to be copied. */
static void
put_command(struct buf *out, const char *command)
{
	put_label(out, "");
	buf_printf(out, "    %s\n", command);
}

static const char *
value_shown(const struct plan_value *v, struct arena *a)
{
	if (v->is_default && v->n_values == 0)
		return "the provider's default";
	if (v->n_values == 0)
		return "none";
	const char *names = names_shown(v->values, v->n_values, a);
	const char *ttl = v->ttl_s != 0 || v->ttl_zero ? arena_printf(a, " (TTL %u)", v->ttl_s) :
							 "";
	const char *tags = v->n_tags > 0 ?
	    arena_printf(a, " %s", safe_join(a, v->tags, v->n_tags, " ")) :
	    "";
	const char *description = v->description[0] != '\0' ?
	    arena_printf(a, " \"%s\"", safe_text(a, v->description)) :
	    "";
	return arena_printf(a, "%s%s%s%s", names, v->is_default ? " (default)" : ttl, description,
	    tags);
}

static void
put_steps(const struct fix_report *r, struct buf *out)
{
	const struct plan *p = r->plan;
	for (size_t i = 0; i < p->n_steps; i++) {
		const struct plan_step *s = &p->steps[i];
		const struct plan_value *from = r->undo ? &s->new : &s->old,
					*to = r->undo ? &s->old : &s->new;
		const char *what = s->kind == STEP_PTR ? "PTR" :
		    strchr(p->address, ':')            ? "AAAA" :
							 "A";
		buf_printf(out, "%4zu. %s record of %s: %s -> %s", i + 1, what,
		    safe_text(r->arena, s->subject), value_shown(from, r->arena),
		    value_shown(to, r->arena));
		if (s->rule[0] != '\0' && !r->undo)
			buf_printf(out, "  [%s]", safe_text(r->arena, s->rule));
		if (r->journal != NULL)
			buf_printf(out, "  %s",
			    enumtab_name(&step_state_names, (int)r->journal->steps[i]));
		buf_putc(out, '\n');
	}
}

static void
put_needs(const struct fix_report *r, struct buf *out)
{
	const struct plan *p = r->plan;
	for (size_t i = 0; i < p->n_needs; i++) {
		const struct plan_need *n = &p->needs[i];
		put_label(out, i == 0 ? "publish" : "");
		buf_printf(out, "%s %s %s", name_shown(n->name, r->arena), n->type, n->value);
		if (n->zone[0] != '\0')
			buf_printf(out, ", in the zone %s", safe_text(r->arena, n->zone));
		if (n->mailbox[0] != '\0')
			buf_printf(out, " (contact %s)", safe_text(r->arena, n->mailbox));
		buf_putc(out, '\n');
	}
}

static void
put_notes(const struct fix_report *r, struct buf *out)
{
	for (size_t i = 0; i < r->plan->n_notes; i++) {
		struct command_text part;
		const char *rest = r->plan->notes[i], *label = i == 0 ? "note" : "";
		for (; command_next(&rest, r->arena, &part); label = "") {
			put_label(out, label);
			buf_printf(out, "%s\n", part.words);
			if (part.command[0] != '\0')
				put_command(out, part.command);
		}
	}
	const char *line = r->warnings;
	while (*line != '\0') {
		size_t len = strcspn(line, "\n");
		put_label(out, "warning");
		buf_add(out, line, len);
		buf_putc(out, '\n');
		line += len + (line[len] == '\n');
	}
}

static bool
is_good(const struct proof_server *s)
{
	return s->good;
}

static bool
is_lame(const struct proof_server *s)
{
	return s->lame;
}

static bool
is_unasked(const struct proof_server *s)
{
	return s->unasked;
}

static bool
is_late(const struct proof_server *s)
{
	return !s->good && !s->lame && !s->unasked;
}

/* "ns1.example, ns2.example" of the rows of one record; cut when many; "" for none. */
static const char *
servers_of(const struct proof *p, const char *record, bool (*is)(const struct proof_server *),
    struct arena *a)
{
	const char *names[PROOF_SERVERS_MAX];
	size_t n = 0;
	for (size_t i = 0; i < p->n_servers; i++)
		if (strcmp(p->servers[i].record, record) == 0 && is(&p->servers[i]))
			names[n++] = p->servers[i].server;
	return n > 0 ? names_shown(names, n, a) : "";
}

static bool
is_first_of_record(const struct proof *p, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (strcmp(p->servers[k].record, p->servers[i].record) == 0)
			return false;
	return true;
}

static void
put_rows(const struct proof *p, const char *label, bool (*is)(const struct proof_server *),
    struct buf *out)
{
	for (size_t i = 0; i < p->n_servers; i++) {
		const struct proof_server *s = &p->servers[i];
		if (!is(s))
			continue;
		put_label(out, label);
		buf_printf(out, "%s at %s: %s\n", s->record, s->server, s->says);
	}
}

static void
put_servers(const struct fix_report *r, struct buf *out)
{
	const struct proof *p = r->proof;
	for (size_t i = 0; i < p->n_servers; i++) {
		const char *record = p->servers[i].record;
		if (!is_first_of_record(p, i))
			continue;
		const char *good = servers_of(p, record, is_good, r->arena);
		const char *lame = servers_of(p, record, is_lame, r->arena);
		put_label(out, "seen");
		buf_printf(out, "%s at %s", record, good[0] != '\0' ? good : "no server");
		if (lame[0] != '\0')
			buf_printf(out, "; %s does not serve the zone", lame);
		buf_putc(out, '\n');
	}
	put_rows(p, "not yet", is_late, out);
	put_rows(p, "unasked", is_unasked, out);
}

static void
put_findings(const struct fix_report *r, const struct render_options *o, struct buf *out)
{
	const struct findings *f = r->proof->findings;
	if (f == NULL || r->undo)
		return;
	for (size_t i = 0; i < f->n; i++) {
		const struct finding *one = f->list[i];
		if (one->verdict == VERDICT_INFO && o->verbose == 0)
			continue;
		put_label(out, i == 0 ? "checks" : "");
		put_colored(out, o, one->verdict, verdict_word(one->verdict));
		buf_printf(out, "  %s\n", one->text);
	}
}

static void
put_caches(const struct fix_report *r, struct buf *out)
{
	char when[WHEN_TEXT_MAX];
	int64_t until_s;
	uint32_t cached_s = fix_cached_s(r, &until_s);
	if (cached_s == 0)
		return;
	put_label(out, "caches");
	buf_printf(out, "may hold the old answer until %s (for %s)\n", when_utc(until_s, when),
	    duration_shown(cached_s, r->arena));
	if (r->undo || r->outcome != FIX_PROVEN)
		return;
	put_label(out, "retry");
	buf_puts(out, "after that, have the mail that waits tried again. In Postfix:\n");
	put_command(out, "postqueue -f");
}

/* A word of a shell's command line. */
static const char *
word_shown(const char *word, struct arena *a)
{
	const char *text = safe_text(a, word);
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789/._-+:@%,=";
	if (text[0] != '\0' && text[strspn(text, plain)] == '\0')
		return text;
	struct buf out;
	buf_init(&out, 4 * strlen(text) + 3);
	buf_putc(&out, '\'');
	for (; *text != '\0'; text++)
		buf_puts(&out, *text == '\'' ? "'\\''" : (const char[]){ *text, '\0' });
	buf_putc(&out, '\'');
	text = arena_strndup(a, out.data, out.len);
	buf_fini(&out);
	return text;
}

/* What can be done with the journal now: rows of a label and a command. */
static void
put_journal(const struct fix_report *r, struct buf *out)
{
	if (r->journal == NULL)
		return;
	const char *path = word_shown(r->journal->path, r->arena);
	bool open = r->outcome == FIX_UNPROVEN || r->outcome == FIX_FAILED;
	put_label(out, "journal");
	buf_printf(out, "%s\n", safe_text(r->arena, r->journal->path));
	if (open) {
		put_label(out, "again");
		buf_printf(out, r->undo ? "mailready undo %s\n" : "mailready fix --resume %s\n",
		    path);
	}
	if (!r->undo && r->outcome != FIX_DECLINED) {
		put_label(out, "undo");
		buf_printf(out, "mailready undo %s\n", path);
	}
}

/* The same wait once more, where nothing was written from here. */
static void
put_wait(const struct fix_report *r, struct buf *out)
{
	const struct plan *p = r->plan;
	if (r->outcome != FIX_UNPROVEN || r->journal != NULL || p->n_names == 0)
		return;
	put_label(out, "again");
	buf_printf(out, "mailready wait %s", p->address);
	for (size_t i = 0; i < p->n_names; i++)
		buf_printf(out, " --name %s", word_shown(p->names[i], r->arena));
	buf_putc(out, '\n');
}

/* The mail itself is as it is to be sent. */
static void
put_request(const struct fix_report *r, const struct render_options *o, struct buf *out)
{
	const struct request *q = r->request;
	if (q == NULL)
		return;
	buf_putc(out, '\n');
	wrap_lines(out, o->columns, q->who);
	buf_putc(out, '\n');
	if (q->own[0] != '\0')
		buf_printf(out, "\n%s", q->own);
	buf_printf(out, "\n%s:\n\n",
	    q->by_customer ? "If the address is in somebody else's account, a request to send" :
			     "A request to send");
	if (q->to[0] != '\0')
		buf_printf(out, "To: %s\n", q->to);
	buf_printf(out, "Subject: %s\n\n%s", q->subject, q->body);
}

static void
put_all(const struct fix_report *r, const struct render_options *o, struct buf *out)
{
	struct word word = outcome_word(r);
	buf_printf(out, "%s  ", r->plan->address);
	put_colored(out, o, word.like, word.text);
	buf_printf(out, "  %s\n", headline(r));
	if (r->title[0] != '\0') {
		put_label(out, "account");
		buf_printf(out, "%s%s%s\n", r->title, r->plan->place.text[0] != '\0' ? ": " : "",
		    safe_text(r->arena, r->plan->place.text));
	}
	put_steps(r, out);
	put_needs(r, out);
	put_notes(r, out);
	if (r->proof != NULL) {
		put_servers(r, out);
		put_findings(r, o, out);
	}
	put_caches(r, out);
	/* where more than a plan was asked for, the question comes next */
	if (r->outcome == FIX_PLANNED && r->plan->status == PLAN_CHANGE && !o->quiet &&
	    !r->result) {
		put_label(out, "next");
		buf_puts(out, "nothing was written: use --apply\n");
	}
}

void
fix_text(const struct fix_report *r, const struct render_options *o, struct buf *out)
{
	struct buf lines;
	buf_init(&lines, out->max);
	put_all(r, o, &lines);
	wrap_lines(out, o->columns, lines.data);
	out->failed |= lines.failed;
	buf_fini(&lines);
	/* commands are not broken */
	put_journal(r, out);
	put_wait(r, out);
	put_request(r, o, out);
}

static void
put_record(const struct provider_record *r, struct buf *out)
{
	char address[IP_TEXT_MAX];
	struct arena a;
	arena_init(&a);
	buf_printf(out, "%s  ", ip_format(&r->ip, address));
	buf_puts(out,
	    r->n_names == 0 ? "no PTR record set" : names_shown(r->names, r->n_names, &a));
	if (r->is_default)
		buf_puts(out, "  (the provider's default)");
	if (r->n_names > 0 && (r->ttl_s != 0 || r->ttl_zero))
		buf_printf(out, "  TTL %u", r->ttl_s);
	if (r->description != NULL && r->description[0] != '\0')
		buf_printf(out, "  \"%s\"", safe_text(&a, r->description));
	for (size_t i = 0; i < r->n_tags; i++)
		buf_printf(out, "  %s", safe_text(&a, r->tags[i]));
	buf_putc(out, '\n');
	arena_fini(&a);
}

void
ptr_text(const struct provider_record *r, const struct render_options *o, struct buf *out)
{
	struct buf line;
	buf_init(&line, out->max);
	put_record(r, &line);
	wrap_lines(out, o->columns, line.data);
	out->failed |= line.failed;
	buf_fini(&line);
}
