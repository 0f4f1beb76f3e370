/* mailready judge: facts that were kept are judged again, a line at a time. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/lines.h"
#include "base/name.h"
#include "gather/dump.h"
#include "run/run_priv.h"

enum { LINE_MAX_BYTES = 64 << 20 };

static bool
is_named(const char *const *words, size_t n, const char *zone)
{
	char name[NAME_TEXT_MAX];

	for (size_t i = 0; i < n; i++)
		if (name_from_user(words[i], name) && strcmp(name, zone) == 0)
			return true;
	return false;
}

static bool
is_chosen(const struct lists_options *o, const char *zone)
{
	if (o->n_only > 0 && !is_named(o->only, o->n_only, zone))
		return false;
	return !is_named(o->skip, o->n_skip, zone);
}

/*
 * The lists that the run knew: as the catalogue describes them today, or as plain zones where it
 * does not know them.  Lists that were never asked have nothing to do with these facts.
 */
static enum err_code
take_lists(struct session *s, const json_t *run, struct arena *a, struct catalogue *out)
{
	const char *zones = dump_zones(run, a);
	size_t n = 0;

	*out = s->lists.selection.lists;
	if (zones == NULL)
		return ERR_NONE;
	*out = (struct catalogue){ .n = 0 };
	if (zones[0] != '\0' &&
	    catalogue_read_text(out, a, "lists", zones, strlen(zones), s->err) != ERR_NONE)
		return s->err->code;
	for (size_t i = 0; i < out->n; i++) {
		const struct list *plain = &out->lists[i];
		const struct list *known = catalogue_find(&s->lists.all, plain->zone);
		if (is_chosen(&s->options->look.lists, plain->zone))
			out->lists[n++] = known != NULL ? *known : *plain;
	}
	out->n = n;
	return ERR_NONE;
}

static enum err_code
judge_facts(struct session *s, const json_t *run, struct facts *f)
{
	const struct run_options *o = s->options;
	const struct check **checks = arena_array(f->arena, o->n_checks, sizeof *checks);
	struct policy policy = s->policy;
	struct catalogue lists;
	struct target target;
	size_t n = 0;

	if (take_lists(s, run, f->arena, &lists) != ERR_NONE ||
	    dump_load(run, &policy, &target, f, s->err) != ERR_NONE)
		return s->err->code;
	policy.lists = &lists;
	for (size_t i = 0; i < o->n_checks; i++)
		if (dump_has_check(run, o->checks[i]->id))
			checks[n++] = o->checks[i];
	session_report(s, &target, checks, n, f, 0);
	return ERR_NONE;
}

static enum err_code
judge_line(struct session *s, const char *line, size_t len)
{
	struct arena arena;
	struct facts facts;
	json_t *run = json_read(line, len, s->err);

	if (run == NULL)
		return s->err->code;
	arena_init(&arena);
	facts_init(&facts, &arena);
	enum err_code code = judge_facts(s, run, &facts);
	json_decref(run);
	if (code == ERR_NONE)
		session_flush(s);
	facts_fini(&facts);
	arena_fini(&arena);
	return code;
}

static enum err_code
judge_lines(struct session *s, const char *path, FILE *f, struct buf *line)
{
	enum lines_status status;

	for (int number = 1; !s->broken && (status = lines_next(f, line, NULL)) != LINES_END;
	     number++) {
		if (status == LINES_LONG)
			return err_set(s->err, ERR_DATA, "%s:%d: line over %d bytes", path, number,
			    LINE_MAX_BYTES);
		if (line->len > 0 && judge_line(s, line->data, line->len) != ERR_NONE)
			return err_prefix(s->err, "%s:%d", path, number);
	}
	if (s->broken)
		return s->err->code;
	if (ferror(f))
		return err_set(s->err, ERR_IO, "%s: %s", path, strerror(errno));
	if (s->n_reports == 0)
		return err_set(s->err, ERR_NOINPUT, "%s: no facts in it", path);
	return ERR_NONE;
}

static enum err_code
judge_file(struct session *s, const char *path)
{
	struct buf line;
	FILE *f = file_open(path, s->err);

	if (f == NULL)
		return s->err->code;
	buf_init(&line, LINE_MAX_BYTES);
	session_begin(s);
	enum err_code code = judge_lines(s, path, f, &line);
	session_end(s);
	session_flush(s);
	if (s->summary != NULL)
		summary_print(s->summary, s->options->out.errors);
	buf_fini(&line);
	if (f != stdin)
		fclose(f);
	return code == ERR_NONE && s->broken ? s->err->code : code;
}

enum err_code
run_judge(const struct run_options *o, const char *path, struct run_result *result, struct err *err)
{
	struct session s;
	enum err_code code = session_open(&s, o, true, result, err);

	if (code == ERR_NONE)
		code = judge_file(&s, path);
	session_close(&s);
	return code;
}
