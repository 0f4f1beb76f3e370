/* From facts to a written report: judge, make the report, show it. */
#include "run/run_priv.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/paths.h"
#include "base/terminal.h"
#include "checks/registry.h"
#include "report/digest.h"
#include "run/list_cache_priv.h"
#include "views/generic_table.h"
#include "views/hoster_table.h"
#include "views/receiver_table.h"

enum {
	REPORT_MAX = 4 << 20,     /* of one target */
	PIECE_MAX = 64 << 20,     /* of those that are written at once */
	DOCUMENT_MAX = 512 << 20, /* of a format that needs the whole run */
	REPORTS_NOTED = 10,       /* a few targets show which lists are healthy */
};

void
run_probe(char out[16])
{
	uint8_t random[12];

	if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random) {
		perror("mailready: getrandom");
		exit(70);
	}
	for (size_t i = 0; i < sizeof random; i++)
		out[i] = (char)('a' + random[i] % 26);
	out[sizeof random] = '\0';
}

static bool
runs_check(const struct run_options *o, const struct check *check)
{
	for (size_t i = 0; i < o->n_checks; i++)
		if (o->checks[i] == check)
			return true;
	return false;
}

/* Where no check asks them, no target has to make room for lists, or wait for one. */
static enum err_code
load_lists(struct session *s, bool whole)
{
	const struct run_options *o = s->options;

	if (lists_open(&s->lists, &o->look.lists, whole, &s->arena, s->err) != ERR_NONE)
		return s->err->code;
	for (size_t i = 0; i < s->lists.selection.n_remarks; i++)
		terminal_say(o->out.errors, "mailready: %s", s->lists.selection.remarks[i]);
	s->result->bad_lines += s->lists.all.n_remarks;
	s->policy.keys = s->lists.keys;
	if (!runs_check(o, &check_dnsbl))
		s->lists.selection.lists.n = 0;
	s->policy.lists = &s->lists.selection.lists;
	run_probe(s->probe);
	s->policy.probe = s->probe;
	return ERR_NONE;
}

static enum err_code
load_generic(struct session *s)
{
	char path[PATH_MAX];

	if (data_path("generic-ptr.ini", path, sizeof path, s->err) != ERR_NONE)
		return s->err->code;
	return generic_table_read_file(path, &s->generic, s->err);
}

static enum err_code
load_hosters(struct session *s)
{
	char path[PATH_MAX];

	if (data_path("hosters.ini", path, sizeof path, s->err) != ERR_NONE)
		return s->err->code;
	return hoster_table_read_file(path, &s->hosters, s->err);
}

/* Only where the output shows it: no run of many targets reads or computes what nobody sees. */
static enum err_code
load_receivers(struct session *s)
{
	const struct run_options *o = s->options;
	const struct policy *p = &s->policy;
	char path[PATH_MAX];

	enum renderer_receivers shows = o->out.renderer->receivers;
	if (o->out.sink != NULL)
		shows = o->out.sink_receivers ? RECEIVERS_SHOWN : RECEIVERS_NEVER;
	if (shows == RECEIVERS_NEVER)
		return ERR_NONE;
	bool left_out = p->named || (p->many && o->out.sink == NULL) || shows == RECEIVERS_ASKED;
	if (!p->show_receivers && left_out)
		return ERR_NONE;
	if (data_path("receivers", path, sizeof path, s->err) != ERR_NONE ||
	    receiver_table_read_dir(path, &s->receivers, s->err) != ERR_NONE)
		return s->err->code;
	s->policy.receivers = s->receivers;
	return ERR_NONE;
}

enum err_code
session_open(struct session *s, const struct run_options *o, bool whole, struct run_result *result,
    struct err *err)
{
	*s = (struct session){ .options = o,
		.result = result,
		.err = err,
		.policy = o->look.policy };
	*result = (struct run_result){ .bad_lines = 0 };
	arena_init(&s->arena);
	buf_init(&s->piece,
	    o->out.sink == NULL && o->out.renderer->whole != NULL ? DOCUMENT_MAX : PIECE_MAX);
	if (o->out.summary) {
		s->summary = mem_zalloc(1, sizeof *s->summary);
		summary_init(s->summary);
	}
	s->policy.now_s = (int64_t)time(NULL);
	s->policy.no_remedies = o->out.sink == NULL && o->out.renderer->no_remedies;
	if (load_lists(s, whole) != ERR_NONE || load_generic(s) != ERR_NONE ||
	    load_hosters(s) != ERR_NONE || load_receivers(s) != ERR_NONE)
		return err->code;
	s->policy.generic = s->generic;
	s->policy.hosters = s->hosters;
	return ERR_NONE;
}

void
session_close(struct session *s)
{
	generic_table_free(s->generic);
	hoster_table_free(s->hosters);
	receiver_table_free(s->receivers);
	lists_close(&s->lists);
	buf_fini(&s->piece);
	if (s->summary != NULL)
		summary_fini(s->summary);
	free(s->summary);
	arena_fini(&s->arena);
}

void
session_flush(struct session *s)
{
	struct buf *piece = &s->piece;

	if (s->broken)
		return;
	s->broken = true;
	if (piece->failed)
		(void)err_set(s->err, ERR_INTERNAL,
		    "the report of %zu targets grew over %zu bytes; take fewer targets, or a "
		    "format with a line a target (csv, jsonl)",
		    s->n_reports, piece->max);
	else if (!file_write_all(fileno(s->options->out.file), piece->data, piece->len))
		(void)err_set(s->err, ERR_IO, "the report cannot be written: %s", strerror(errno));
	else
		s->broken = false;
	buf_reset(piece);
}

static void
render(struct session *s, void (*part)(const struct render_options *, struct buf *))
{
	if (part != NULL && s->options->out.sink == NULL)
		part(&s->options->out.render, &s->piece);
}

static bool
any_unknown(const struct findings *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->list[i]->verdict == VERDICT_TEMPERROR)
			return true;
	return false;
}

static const struct rule too_large = { "report.too-large", &topic_address,
	"report is too large to be written", SEVERITY_HIGH, true, "",
	"A name server that sends very many records, or very long ones, must not cost other "
	"targets "
	"their reports." };

/* What is written in the place of a report that does not fit: that it does not. */
static void
replace(struct report *r, struct findings *findings)
{
	findings_init(findings, r->arena);
	struct finding *f = finding_add(findings, &too_large, VERDICT_TEMPERROR,
	    target_title(r->target), "the report of %s has more than %d bytes",
	    target_title(r->target), REPORT_MAX);
	finding_remedy(findings, f,
	    "Look at this address alone with --format text, and at what its name servers send.");
	r->n_checks = 0;
	r->findings = findings;
	r->verdict = VERDICT_TEMPERROR;
}

static void
summarize(struct summary *s, const struct report *r)
{
	struct summary_target t = { .weight = 0 };

	for (size_t i = 0; i < r->findings->n; i++) {
		const struct finding *f = r->findings->list[i];
		summary_finding(s, &t, f->rule->id, f->verdict, f->severity);
	}
	summary_target(s, &t, &r->target->ip, target_title(r->target), r->verdict,
	    report_reason(r));
}

/* False when it does not fit, and the piece is as it was. */
static bool
write_report(struct session *s, const struct report *r)
{
	const struct run_options *o = s->options;
	size_t before = s->piece.len;

	if (s->n_reports > 1)
		render(s, o->out.renderer->between);
	o->out.renderer->report(r, &o->out.render, &s->piece);
	if (!s->piece.failed && s->piece.len - before <= REPORT_MAX)
		return true;
	buf_cut(&s->piece, before);
	return false;
}

/* Now, or with all others at the end. */
static void
show(struct session *s, struct report *r, struct findings *findings)
{
	const struct run_options *o = s->options;

	s->n_reports++;
	if (o->out.sink != NULL) {
		o->out.sink(o->out.sink_arg, r);
		return;
	}
	if (o->out.renderer->whole != NULL) {
		s->digests = arena_grow(&s->arena, s->digests, s->n_digests, &s->cap_digests,
		    sizeof *s->digests);
		digest_of_report(r, &s->arena, &s->digests[s->n_digests++]);
		return;
	}
	if (write_report(s, r))
		return;
	replace(r, findings);
	terminal_say(o->out.errors, "mailready: %s", findings->list[0]->text);
	if (!write_report(s, r))
		s->piece.failed = true;
}

void
session_show(struct session *s, struct report *r, struct findings *findings)
{
	show(s, r, findings);
	if (s->summary != NULL)
		summarize(s->summary, r);
}

/* What the first targets have shown need not be asked again for each of the others. */
static void
note_lists(struct session *s, struct understanding *known)
{
	const struct lists_view *lists = known_lists(known);

	list_cache_note(s->cache, lists->rows, lists->n);
	if (s->n_reports + 1 == REPORTS_NOTED)
		s->policy.tested = list_cache_known(s->cache, s->policy.tested,
		    &s->policy.n_tested);
}

void
session_report(struct session *s, const struct target *t, const struct check *const *checks,
    size_t n_checks, const struct facts *f, uint64_t time_us)
{
	struct findings findings;
	struct understanding known;

	findings_init(&findings, f->arena);
	understanding_init(&known, t, f, f->arena);
	findings_judge(&findings, checks, n_checks, &known);
	struct report rep = { .target = t,
		.facts = f,
		.known = &known,
		.checks = checks,
		.n_checks = n_checks,
		.findings = &findings,
		.verdict = findings_verdict(&findings),
		.time_us = time_us,
		.arena = f->arena };

	if (s->cache != NULL && s->n_reports < REPORTS_NOTED)
		note_lists(s, &known);
	session_show(s, &rep, &findings);
	s->result->n[rep.verdict]++;
	s->result->unknown += any_unknown(&findings);
}

void
session_begin(struct session *s)
{
	render(s, s->options->out.renderer->begin);
}

static enum plugin_state
limits_of(const struct session *s)
{
	struct plugin_values values = { .known = { false } };

	for (size_t i = 0; i < s->n_digests; i++)
		plugin_values_add(&values, &s->digests[i]);
	return plugin_limits_state(&s->options->out.render.limits, &values);
}

void
session_end(struct session *s)
{
	const struct run_options *o = s->options;
	struct render_options render_how = o->out.render;

	/* a name without address has a row, which counts as bad */
	render_how.lost += s->result->bad_lines - s->result->bad_hosts;
	if (s->result->outage.there)
		render_how.outage = s->err->text;
	s->result->limits = limits_of(s);
	if (o->out.renderer->whole != NULL && o->out.sink == NULL)
		o->out.renderer->whole(s->digests, s->n_digests, &render_how, &s->piece);
	render(s, o->out.renderer->end);
}
