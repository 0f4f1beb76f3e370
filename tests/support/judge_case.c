/* Cases of the judges: reads them, gathers their facts, judges, and compares. */
#include "judge_case.h"
#include "by_name.h"

#include <glob.h>
#include <stdlib.h>

#include "base/mem.h"
#include "checks/registry.h"
#include "fix/now.h"
#include "judge_priv.h"
#include "test.h"

enum { FILE_MAX = 4 << 20 };

static char *
copy_text(const char *text, size_t len)
{
	char *copy = mem_zalloc(len + 1, 1);
	memcpy(copy, text, len);
	return copy;
}

/* Members are laid over those that are there; an object over an object, member by member. */
static void
lay_over(json_t *below, const json_t *above)
{
	for (void *at = json_object_iter((json_t *)(uintptr_t)above); at != NULL;
	     at = json_object_iter_next((json_t *)(uintptr_t)above, at)) {
		json_t *value = json_object_iter_value(at);
		json_t *old = json_object_get(below, json_object_iter_key(at));
		if (json_is_object(value) && json_is_object(old))
			lay_over(old, value);
		else
			json_object_set(below, json_object_iter_key(at), value);
	}
}

/* "like": what is given to a case before this one is given to this one, too. */
static void
inherit(json_t *document, size_t index, json_t *one)
{
	static const char *const given[] = { "target", "policy", "answers", "dns", "smtp", "each" };
	const char *like = json_string_value(json_object_get(one, "like"));
	json_t *base = NULL, *both = json_object();
	for (size_t i = 0; i < index && base == NULL && like != NULL; i++)
		if (strcmp(json_string_value(json_object_get(json_array_get(document, i), "name")),
			like) == 0)
			base = json_array_get(document, i);
	if (like != NULL && base == NULL)
		fail_msg("no case before this one is named \"%s\"", like);
	for (size_t i = 0; i < N_ELEMENTS(given) && base != NULL; i++) {
		json_t *value = json_object_get(base, given[i]);
		if (value != NULL)
			json_object_set_new(both, given[i], json_deep_copy(value));
	}
	lay_over(both, one);
	json_object_update(one, both);
	json_decref(both);
}

static void
load_file(struct judge_cases *cases, const char *path, size_t dir_len)
{
	struct err err = { .text = "" };
	json_t *document = json_read_file(path, FILE_MAX, &err);
	if (document == NULL)
		fail_msg("%s", err.text);
	cases->documents = mem_realloc(cases->documents, cases->n_documents + 1, sizeof(json_t *));
	cases->documents[cases->n_documents++] = document;

	const char *short_path = path + dir_len + 1;
	size_t index;
	json_t *one;
	json_array_foreach (document, index, one) {
		const char *name = json_string_value(json_object_get(one, "name"));
		if (name == NULL)
			fail_msg("%s: case %zu has no name", path, index);
		inherit(document, index, one);
		char *title = NULL;
		if (asprintf(&title, "%s: %s", short_path, name) < 0)
			fail_msg("out of memory");
		cases->list = mem_realloc(cases->list, cases->n + 1, sizeof(*cases->list));
		cases->list[cases->n++] = (struct judge_case){
			.name = title,
			.check = copy_text(short_path, strcspn(short_path, "/")),
			.json = one,
		};
	}
}

void
judge_cases_load(struct judge_cases *cases, const char *dir)
{
	char pattern[1024];
	glob_t found = { .gl_pathc = 0 };
	*cases = (struct judge_cases){ .n = 0 };
	snprintf(pattern, sizeof pattern, "%s/*/*.json", dir);
	if (glob(pattern, 0, NULL, &found) != 0)
		fail_msg("no case matches %s", pattern);
	for (size_t i = 0; i < found.gl_pathc; i++)
		load_file(cases, found.gl_pathv[i], strlen(dir));
	globfree(&found);
}

static void
free_text(const char *text)
{
	free((void *)(uintptr_t)text);
}

void
judge_cases_free(struct judge_cases *cases)
{
	for (size_t i = 0; i < cases->n; i++) {
		free_text(cases->list[i].name);
		free_text(cases->list[i].check);
	}
	for (size_t i = 0; i < cases->n_documents; i++)
		json_decref(cases->documents[i]);
	free(cases->list);
	free(cases->documents);
}

void
judge_case_run(const struct judge_case *one)
{
	const struct check *check = check_by_id(one->check);
	struct run r = { .json = one->json,
		.checks = &check,
		.n_checks = 1,
		.preflight = strcmp(one->check, "preflight") == 0 };
	const struct check *all[16] = { &fix_wants };
	if (r.preflight || strcmp(one->check, "report") == 0) {
		memcpy(all + 1, checks_all, checks_n * sizeof all[0]);
		r.checks = r.preflight ? all : checks_all;
		r.n_checks = r.preflight + checks_n;
	} else if (check == NULL) {
		fail_msg("there is no check \"%s\"", one->check);
	}
	arena_init(&r.arena);
	r.reader.err = &r.err;
	r.asked = arena_array(&r.arena, json_array_size(json_object_get(one->json, "dns")) + 1,
	    sizeof(bool));
	case_read(&r, one->check);
	facts_init(&r.facts, &r.arena);

	case_gather(&r);
	understanding_init(&r.known, &r.target, &r.facts, &r.arena);
	struct findings found;
	findings_init(&found, &r.arena);
	findings_judge(&found, r.checks, r.n_checks, &r.known);
	case_check(&r, &found);
	if (r.reader.failed)
		fail_msg("%s", r.err.text);

	facts_fini(&r.facts);
	generic_table_free(r.generic);
	hoster_table_free(r.hosters);
	receiver_table_free(r.receivers);
	arena_fini(&r.arena);
}
