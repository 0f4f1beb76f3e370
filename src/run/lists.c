/* mailready lists: the catalogue as a table, one list in full, or what the test of the lists found. */
#include "run/lists.h"

#include <errno.h>
#include <string.h>

#include "base/terminal.h"
#include "run/lists_priv.h"

enum { TEXT_MAX = 4 << 20 };

/* Without a choice all that is known is shown, what is dead as well. */
static struct catalogue *
shown_lists(struct listing *l)
{
	const struct lists_options *o = &l->options->look.lists;
	bool chosen = o->named || o->n_files + o->n_only > 0;
	return chosen ? &l->source.selection.lists : &l->source.all;
}

static enum err_code
show_one(struct listing *l, const char *zone, struct err *err)
{
	const struct list *list = catalogue_named(&l->source.all, zone, &l->arena, err);
	if (list == NULL)
		return err->code;
	l->format->one(list, l->source.keys, &l->text);
	return ERR_NONE;
}

static bool
has_word(const struct list *l, const struct lists_request *request)
{
	for (size_t i = 0; i < request->n_words; i++)
		if (strcasestr(l->zone, request->words[i]) != NULL ||
		    strcasestr(l->name, request->words[i]) != NULL ||
		    strcasestr(l->operator_name, request->words[i]) != NULL)
			return true;
	return request->n_words == 0;
}

/* Leaves those of the lists that have one of the words. */
static enum err_code
filter(struct catalogue *lists, const struct lists_request *request, struct err *err)
{
	size_t n = 0;
	for (size_t i = 0; i < lists->n; i++)
		if (has_word(&lists->lists[i], request))
			lists->lists[n++] = lists->lists[i];
	lists->n = n;
	if (n > 0 || request->n_words == 0)
		return ERR_NONE;
	return err_set(err, ERR_USAGE,
	    "no list has '%s' in its zone, name or operator; mailready lists shows all%s",
	    request->words[0],
	    request->action == LISTS_TEST ? ", --lists all tests those asked on request, too" : "");
}

static enum err_code
show(struct listing *l, const struct lists_request *request, size_t *unhealthy, struct err *err)
{
	for (size_t i = 0; i < l->source.selection.n_remarks; i++)
		terminal_say(l->options->out.errors, "mailready: %s",
		    l->source.selection.remarks[i]);
	if (request->action == LISTS_SHOW)
		return show_one(l, request->zone, err);
	struct catalogue *lists = request->action == LISTS_TEST ? &l->source.selection.lists :
								  shown_lists(l);
	if (filter(lists, request, err) != ERR_NONE)
		return err->code;
	if (request->action == LISTS_TEST)
		return lists_test(l, unhealthy, err);
	l->format->table(lists, l->source.keys, &l->text);
	return ERR_NONE;
}

static enum err_code
write_text(const struct buf *text, bool json, FILE *out, struct err *err)
{
	if (text->failed)
		return err_set(err, ERR_INTERNAL, "the table grew over %d bytes", TEXT_MAX);
	bool written = json ? fwrite(text->data, 1, text->len, out) == text->len :
			      terminal_put(out, text->data);
	if (written && fflush(out) == 0)
		return ERR_NONE;
	return err_set(err, ERR_IO, "the table cannot be written: %s", strerror(errno));
}

enum err_code
run_lists(const struct run_options *o, const struct lists_request *request, size_t *unhealthy,
    struct err *err)
{
	struct listing l = { .options = o,
		.format = request->json ? &lists_as_json : &lists_as_text };
	*unhealthy = 0;
	arena_init(&l.arena);
	buf_init(&l.text, TEXT_MAX);
	enum err_code code = lists_open(&l.source, &o->look.lists, request->action != LISTS_TEST,
	    &l.arena, err);
	if (code == ERR_NONE)
		code = show(&l, request, unhealthy, err);
	if (code == ERR_NONE)
		code = write_text(&l.text, request->json, o->out.file, err);
	lists_close(&l.source);
	buf_fini(&l.text);
	arena_fini(&l.arena);
	return code;
}
