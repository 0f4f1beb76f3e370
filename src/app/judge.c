#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "gather/dump.h"
#include "run_priv.h"

static enum err_code
judge_line(struct session *s, const char *line, size_t len)
{
	struct arena arena;
	struct facts facts;
	struct target target;
	json_t *json = json_read(line, len, s->err);

	if (json == NULL)
		return s->err->code;
	arena_init(&arena);
	facts_init(&facts, &arena);
	enum err_code code = dump_load(json, &s->policy, &target, &facts, s->err);
	json_decref(json);
	if (code == ERR_NONE) {
		session_report(s, &target, &facts, 0);
		session_flush(s);
	}
	facts_fini(&facts);
	arena_fini(&arena);
	return code;
}

static enum err_code
judge_lines(struct session *s, const char *path, FILE *f)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	int number = 0;
	enum err_code code = ERR_NONE;

	while (code == ERR_NONE && !s->broken && (n = getline(&line, &cap, f)) >= 0) {
		number++;
		if (n > 1 && (code = judge_line(s, line, (size_t)n)) != ERR_NONE)
			code = err_prefix(s->err, "%s:%d", path, number);
	}
	free(line);
	if (code == ERR_NONE && s->broken)
		return s->err->code;
	if (code == ERR_NONE && s->n_reports == 0)
		return err_set(s->err, ERR_NOINPUT, "%s: no facts in it", path);
	return code;
}

enum err_code
run_judge(const struct run_options *o, const char *path, struct run_result *result, struct err *err)
{
	struct session s;
	enum err_code code = session_open(&s, o, result, err);
	FILE *f = NULL;

	if (code == ERR_NONE) {
		f = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
		if (f == NULL)
			code = err_set(err, ERR_NOINPUT, "%s: %s", path, strerror(errno));
	}
	if (code == ERR_NONE) {
		session_begin(&s);
		code = judge_lines(&s, path, f);
		session_end(&s);
		session_flush(&s);
		if (s.summary != NULL)
			summary_print(s.summary, o->errors);
		if (code == ERR_NONE && s.broken)
			code = err->code;
	}
	if (f != NULL && f != stdin)
		fclose(f);
	session_close(&s);
	return code;
}
