/* The runs: plan and apply, resume, undo, wait. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "repair/input_priv.h"
#include "repair/repair_priv.h"

/* One run of fix over all its addresses. */
struct fixing {
	struct repair repair;
	struct arena arena;
	struct work work;
	struct one *ones; /* as work.list; those that are open have a repair */
	json_t *plans;    /* for --plan-out; NULL */
	size_t n_records; /* that are to be written */
	struct fix_result *result;
	struct err *err;
};

/* Whatever can be said at once is; the error, if there is one, belongs to the address. */
static void
plan_item(struct fixing *f, size_t i)
{
	const struct work_item *item = &f->work.list[i];
	const struct fix_options *o = f->repair.options;
	struct one *one = &f->ones[i];
	f->repair.planned = f->ones;
	f->repair.n_planned = i;
	one_init(one, &f->repair, &item->spec->ip);
	one->report.result = o->apply;
	enum err_code code = one_plan(one, item->spec,
	    item->saved != NULL ? &item->saved->wish : &o->wish);
	if (code == ERR_NONE && item->saved != NULL)
		code = plan_still(item->saved, &one->plan, &one->err);
	if (code != ERR_NONE) {
		one->report.outcome = FIX_FAILED;
		one->report.result = true; /* the error has its place there */
		return;
	}
	if (f->plans != NULL)
		json_array_append_new(f->plans, plan_json(&one->plan, one->report.now_s));
	if (one->plan.status == PLAN_CHANGE)
		f->n_records += one->plan.n_steps;
}

static enum err_code
report_item(struct fixing *f, size_t i)
{
	one_count(&f->ones[i], f->result);
	return repair_report(&f->repair, &f->ones[i].report);
}

/* A blocked plan is an error when it should be applied; without an account, others must act. */
static void
refuse_blocked(struct one *one)
{
	if (one->plan.status != PLAN_BLOCKED || one->account == NULL)
		return;
	one->report.outcome = FIX_FAILED;
	(void)err_set(&one->err, ERR_NOPERM, "%s", one->plan.summary);
}

static void
apply_item(struct fixing *f, struct one *one, bool consent)
{
	if (one->report.outcome == FIX_FAILED)
		return;
	refuse_blocked(one);
	if (one->plan.status == PLAN_CHANGE && consent)
		one_apply(one);
	else if (one->plan.status == PLAN_CHANGE)
		one->report.outcome = FIX_DECLINED;
	else if (one->plan.status == PLAN_WAIT && !f->repair.options->no_wait)
		one_wait(one);
}

/* The plans as text, where the user looks: beside the question when standard output is JSON. */
static enum err_code
show_plans(struct fixing *f)
{
	const struct fix_options *o = f->repair.options;
	struct buf *text = &f->repair.text;
	for (size_t i = 0; i < f->work.n; i++) {
		if (f->ones[i].report.outcome == FIX_FAILED ||
		    f->ones[i].plan.status != PLAN_CHANGE)
			continue;
		fix_text(&f->ones[i].report, &o->run->out.render, text);
		buf_putc(text, '\n');
	}
	if (!o->json)
		return repair_write(&f->repair);
	fwrite(text->data, 1, text->len, o->run->out.errors);
	buf_reset(text);
	return ERR_NONE;
}

static enum err_code
get_consent(struct fixing *f, bool *yes)
{
	const struct fix_options *o = f->repair.options;
	*yes = true;
	if (f->n_records == 0 || o->consent == NULL)
		return ERR_NONE;
	if (show_plans(f) != ERR_NONE)
		return f->err->code;
	return o->consent(f->n_records, yes, f->err);
}

static enum err_code
apply_all(struct fixing *f)
{
	bool consent;
	if (get_consent(f, &consent) != ERR_NONE)
		return f->err->code;
	for (size_t i = 0; i < f->work.n; i++) {
		apply_item(f, &f->ones[i], consent);
		if (report_item(f, i) != ERR_NONE)
			return f->err->code;
		one_fini(&f->ones[i]);
		f->ones[i].repair = NULL;
	}
	return ERR_NONE;
}

/* All plans are made before the first is applied: consent is for all of them.  A later one builds on those
 * before it, so that all stay until the last is made. */
static enum err_code
plan_all(struct fixing *f)
{
	const struct fix_options *o = f->repair.options;
	f->ones = mem_zalloc(f->work.n, sizeof *f->ones);
	f->plans = o->plan_out != NULL ? json_array() : NULL;
	for (size_t i = 0; i < f->work.n; i++) {
		plan_item(f, i);
		if (!o->apply && report_item(f, i) != ERR_NONE)
			return f->err->code;
	}
	if (f->plans != NULL && plans_write(o->plan_out, f->plans, f->err) != ERR_NONE)
		return f->err->code;
	return o->apply ? apply_all(f) : ERR_NONE;
}

static enum err_code
run_all(struct fixing *f)
{
	const struct fix_options *o = f->repair.options;
	bool many = o->run->in.list != NULL || f->work.n != 1;
	if (repair_begin(&f->repair, many) != ERR_NONE || plan_all(f) != ERR_NONE)
		return f->err->code;
	return repair_end(&f->repair, many);
}

static void
close_all(struct fixing *f)
{
	for (size_t i = 0; f->ones != NULL && i < f->work.n; i++)
		if (f->ones[i].repair != NULL)
			one_fini(&f->ones[i]);
	free(f->ones);
	json_decref(f->plans);
}

enum err_code
fix_run(const struct fix_options *o, struct fix_result *result, struct err *err)
{
	struct fixing f = { .result = result, .err = err };
	*result = (struct fix_result){ .n_fine = 0 };
	if (o->apply && (o->run->look.planned != NULL || o->run->look.policy.offline))
		return err_set(err, ERR_USAGE,
		    "--apply needs the real DNS: omit --planned and --offline");
	if (o->apply && o->form->shows_only)
		return err_set(err, ERR_USAGE,
		    "--format %s only shows what could be done: omit --apply", o->form->name);
	arena_init(&f.arena);
	enum err_code code = repair_open(&f.repair, o, err);
	if (code == ERR_NONE)
		code = work_read(&f.work, o, &f.arena, err);
	if (code == ERR_NONE)
		code = run_all(&f);
	close_all(&f);
	repair_close(&f.repair);
	arena_fini(&f.arena);
	return code;
}

/* ---- one journal, one address */

/* The journal's data about the account, unless the command line says otherwise. */
static void
take_settings(struct repair *r, const struct journal *j)
{
	struct provider_options *p = &r->provider_options;
	p->region = p->region[0] != '\0' ? p->region : j->region;
	p->project = p->project[0] != '\0' ? p->project : j->project;
	p->cloud = p->cloud[0] != '\0' ? p->cloud : j->cloud;
	if (p->n_endpoints == 0) {
		p->endpoints = j->endpoints;
		p->n_endpoints = j->n_endpoints;
	}
	r->policy.authority_port = p->authority_port = j->authority_port;
	r->policy.allow_special = p->allow_special = j->allow_special;
}

/* That of the journal: a program of the user's is found by its name again. */
static enum err_code
find_provider(struct one *one, const struct provider **out)
{
	const char *path = one->journal.path, *name = one->plan.provider;
	if (provider_choose(&one->repair->providers, name, out, &one->err) == ERR_CONFIG)
		return err_prefix(&one->err, "%s: its provider '%s' is unknown", path, name);
	if (*out != NULL)
		return ERR_NONE;
	return err_set(&one->err, ERR_CONFIG,
	    "%s: its provider '%s' is unknown here: the configuration has no [provider %s] with "
	    "its program",
	    path, name, name);
}

static enum err_code
open_account(struct one *one)
{
	const struct provider *p;
	if (find_provider(one, &p) != ERR_NONE)
		return one->err.code;
	take_settings(one->repair, &one->journal);
	one->report.title = p->title;
	if (account_session(one->repair, p, &one->account, &one->err) != ERR_NONE)
		return one->err.code;
	one->report.warnings = one->account->warnings;
	return journal_reopen(&one->journal, &one->err);
}

static enum err_code
report_one(struct one *one, struct fix_result *result)
{
	struct repair *r = one->repair;
	one_count(one, result);
	if (repair_begin(r, false) != ERR_NONE || repair_report(r, &one->report) != ERR_NONE ||
	    repair_end(r, false) != ERR_NONE)
		return r->err->code;
	return ERR_NONE;
}

/* Opens, does, reports.  What is wrong with the journal is an error of the run. */
static enum err_code
with_journal(const struct fix_options *o, const char *path, struct fix_result *result,
    struct err *err, enum err_code (*work)(struct one *one))
{
	struct repair r;
	struct one *one = mem_zalloc(1, sizeof *one);
	struct ip none = { .family = 0 };
	*result = (struct fix_result){ .n_fine = 0 };
	enum err_code code = repair_open(&r, o, err);
	if (code == ERR_NONE) {
		one_init(one, &r, &none);
		code = one_load(one, path);
		if (code == ERR_NONE)
			code = work(one);
		if (code == ERR_NONE)
			code = report_one(one, result);
		else
			*err = one->err;
		one_fini(one);
	}
	repair_close(&r);
	free(one);
	return code;
}

static enum err_code
resume(struct one *one)
{
	const struct journal *j = &one->journal;
	if (j->undoing || j->undone)
		return err_set(&one->err, ERR_NOPERM,
		    "%s: it is being undone, or was undone: continue with mailready undo, or "
		    "make a new plan",
		    j->path);
	if (open_account(one) != ERR_NONE)
		return one->err.code;
	one_resume(one);
	return ERR_NONE;
}

enum err_code
fix_resume(const struct fix_options *o, const char *journal, struct fix_result *result,
    struct err *err)
{
	return with_journal(o, journal, result, err, resume);
}

static size_t
n_to_undo(const struct journal *j)
{
	size_t n = 0;
	for (size_t i = 0; i < j->plan.n_steps; i++)
		n += j->steps[i] != STEP_PLANNED && j->steps[i] != STEP_UNDONE;
	return n;
}

static enum err_code
undo(struct one *one)
{
	struct repair *r = one->repair;
	const struct fix_options *o = r->options;
	bool yes = true;
	size_t n = n_to_undo(&one->journal);
	if (open_account(one) != ERR_NONE)
		return one->err.code;
	one->report.undo = true;
	one->report.journal = &one->journal;
	if (n > 0 && o->consent != NULL) {
		one->plan.summary = "revert the changes of this journal";
		fix_text(&one->report, &o->run->out.render, &r->text);
		if (o->json) {
			fwrite(r->text.data, 1, r->text.len, o->run->out.errors);
			buf_reset(&r->text);
		} else if (repair_write(r) != ERR_NONE) {
			return err_set(&one->err, r->err->code, "%s", r->err->text);
		}
		if (o->consent(n, &yes, &one->err) != ERR_NONE)
			return one->err.code;
	}
	one_start_clock(one);
	if (yes)
		one_undo(one);
	else
		one->report.outcome = FIX_DECLINED;
	return ERR_NONE;
}

enum err_code
fix_undo(const struct fix_options *o, const char *journal, struct fix_result *result,
    struct err *err)
{
	return with_journal(o, journal, result, err, undo);
}

static enum err_code
wait_for(struct repair *r, const struct fix_spec *spec, struct fix_result *result)
{
	struct one *one = mem_zalloc(1, sizeof *one);
	struct plan_wish wish = { .ttl_s = 0 };
	enum err_code code;
	one_init(one, r, &spec->ip);
	for (size_t i = 0; i < spec->n_names; i++)
		one->wanted[i] = spec->names[i];
	one->target.names.n_wanted = spec->n_names;
	one->plan.names = one->wanted;
	one->plan.n_names = spec->n_names;
	if (plan_check_wish(&one->target, &wish, NULL, &one->err) != ERR_NONE)
		one->report.outcome = FIX_FAILED;
	else
		one_wait(one);
	one_count(one, result);
	code = repair_report(r, &one->report);
	one_fini(one);
	free(one);
	return code;
}

enum err_code
fix_wait(const struct fix_options *o, struct fix_result *result, struct err *err)
{
	struct repair r;
	struct arena arena;
	struct work work = { .n = 0 };
	*result = (struct fix_result){ .n_fine = 0 };
	arena_init(&arena);
	enum err_code code = repair_open(&r, o, err);
	if (code == ERR_NONE)
		code = work_read(&work, o, &arena, err);
	bool many = o->run->in.list != NULL || work.n != 1;
	if (code == ERR_NONE)
		code = repair_begin(&r, many);
	for (size_t i = 0; code == ERR_NONE && i < work.n; i++)
		code = wait_for(&r, work.list[i].spec, result);
	if (code == ERR_NONE)
		code = repair_end(&r, many);
	repair_close(&r);
	arena_fini(&arena);
	return code;
}
