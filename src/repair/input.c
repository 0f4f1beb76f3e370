/* Which addresses are to have which names: from a list, and from saved plans. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "base/lines.h"
#include "repair/input_priv.h"

enum { PLAN_FILE_MAX = 8 << 20 };

enum err_code
fix_parse_name(const char *word, struct fix_spec *out, struct err *err)
{
	if (out->n_names == PROVIDER_NAMES_MAX)
		return err_set(err, ERR_DATA, "more than %d names for one address",
		    PROVIDER_NAMES_MAX);
	if (!name_from_user(word, out->names[out->n_names]) || out->names[out->n_names][0] == '\0')
		return err_set(err, ERR_DATA,
		    "\"%.80s\" is not a domain name (at most 253 characters, and 63 between two "
		    "dots)",
		    word);
	out->n_names++;
	return ERR_NONE;
}

/* "203.0.113.25/32" is also one address: the only block that has a PTR record. */
enum err_code
fix_parse_address(const char *word, struct ip *out, struct err *err)
{
	char address[IP_TEXT_MAX];
	size_t len = strcspn(word, "/");
	if (target_parse_address(word, out))
		return ERR_NONE;
	snprintf(address, sizeof address, "%.*s", (int)(len < sizeof address ? len : 0), word);
	if (word[len] == '\0' || !ip_parse(address, out))
		return err_set(err, ERR_DATA,
		    "\"%.80s\" is not an IP address: a PTR record belongs to one", word);
	const char *one = out->family == 4 ? "/32" : "/128";
	if (strcmp(word + len, one) == 0)
		return ERR_NONE;
	return err_set(err, ERR_DATA,
	    "\"%.80s\" is a block: a PTR record belongs to one address (%s)", word, one);
}

static enum err_code
parse_words(char *line, struct fix_spec *out, struct err *err)
{
	char *word = lines_word(&line);
	if (fix_parse_address(word, &out->ip, err) != ERR_NONE)
		return err->code;
	while ((word = lines_word(&line)) != NULL)
		if (fix_parse_name(word, out, err) != ERR_NONE)
			return err->code;
	if (out->n_names == 0)
		return err_set(err, ERR_DATA,
		    "no name after the address; expected \"ADDRESS NAME...\"");
	return ERR_NONE;
}

static enum target_line
too_long(struct err *err)
{
	(void)err_set(err, ERR_DATA, "line longer than %d bytes", TARGET_LINE_MAX - 1);
	return TARGET_LINE_BAD;
}

/* The name of a row: its host name or its EHLO name, which may not be two names. */
static enum err_code
take_row(const struct target_spec *row, struct fix_spec *out, struct err *err)
{
	const char *host = row->names.host, *ehlo = row->names.ehlo;
	if (row->first.family == 0)
		return err_set(err, ERR_DATA,
		    "no address in this row: a PTR record belongs to one");
	if (target_is_many(row))
		return err_set(err, ERR_DATA, "a block: a PTR record belongs to one address");
	out->ip = row->first;
	if (host[0] == '\0' && ehlo[0] == '\0')
		return err_set(err, ERR_DATA, "no name in this row; expected it in a column host");
	if (host[0] != '\0' && fix_parse_name(host, out, err) != ERR_NONE)
		return err->code;
	if (ehlo[0] == '\0' || fix_parse_name(ehlo, out, err) != ERR_NONE)
		return ehlo[0] == '\0' ? ERR_NONE : err->code;
	if (out->n_names == 2 && strcmp(out->names[0], out->names[1]) != 0)
		return err_set(err, ERR_DATA,
		    "the host name %s and the EHLO name %s differ; omit the column that the PTR "
		    "record is not to have",
		    host, ehlo);
	out->n_names = 1;
	return ERR_NONE;
}

enum target_line
fix_parse_line(struct target_reader *r, const char *line, size_t len, struct arena *a,
    struct fix_spec *out, struct err *err)
{
	char copy[TARGET_LINE_MAX];
	struct target_spec row;
	*out = (struct fix_spec){ .n_names = 0 };
	enum target_line kind = target_parse_line(r, line, len, a, &row, err);
	enum err_code code = ERR_NONE;
	if (kind == TARGET_LINE_GOOD)
		code = take_row(&row, out, err);
	else if (kind != TARGET_LINE_WORDS)
		return kind;
	else if (target_line_text(line, len, copy, err) == TARGET_LINE_GOOD)
		code = parse_words(copy, out, err);
	return code == ERR_NONE ? TARGET_LINE_GOOD : TARGET_LINE_BAD;
}

static enum err_code
add_work(struct work *w, const struct fix_spec *spec, struct err *err)
{
	if (w->n == FIX_TARGETS_MAX)
		return err_set(err, ERR_DATA, "more than %d addresses in one run", FIX_TARGETS_MAX);
	/* an address has one PTR record: what the second line says would undo the first */
	for (size_t i = 0; i < w->n; i++)
		if (ip_equal(&w->list[i].spec->ip, &spec->ip))
			return err_set(err, ERR_DATA,
			    "the address appears twice: it has one PTR record, which may have up "
			    "to %d names",
			    PROVIDER_NAMES_MAX);
	struct fix_spec *copy = arena_alloc(w->arena, sizeof *copy);
	*copy = *spec;
	w->list = arena_grow(w->arena, w->list, w->n, &w->cap, sizeof *w->list);
	w->list[w->n++] = (struct work_item){ .spec = copy };
	return ERR_NONE;
}

static void
complain(struct work *w, const char *path, int line, const struct err *why)
{
	fprintf(w->errors, "mailready: %s:%d: %s\n", path, line, why->text);
	w->n_bad++;
}

static void
read_lines(struct work *w, const char *path, FILE *f)
{
	struct target_reader reader = { .words = true };
	struct fix_spec spec;
	struct arena arena;
	struct err why;
	struct buf line;
	enum lines_status status;
	enum target_line kind = TARGET_LINE_BLANK;
	arena_init(&arena);
	buf_init(&line, TARGET_LINE_MAX - 1);
	for (int number = 1;
	     kind != TARGET_LINE_STOP && (status = lines_next(f, &line, NULL)) != LINES_END;
	     number++) {
		kind = status == LINES_LONG ?
		    too_long(&why) :
		    fix_parse_line(&reader, line.data, line.len, &arena, &spec, &why);
		spec.line = number;
		if (status != LINES_LONG && reader.note != NULL)
			fprintf(w->errors, "mailready: %s:%d: %s\n", path, number, reader.note);
		if (kind >= TARGET_LINE_BAD ||
		    (kind == TARGET_LINE_GOOD && add_work(w, &spec, &why) != ERR_NONE))
			complain(w, path, number, &why);
		arena_reset(&arena);
	}
	buf_fini(&line);
	arena_fini(&arena);
}

static enum err_code
read_list(struct work *w, const char *path, struct err *err)
{
	bool standard = strcmp(path, "-") == 0;
	const char *shown = standard ? "standard input" : path;
	FILE *f = file_open(path, err);
	if (f == NULL)
		return err->code;
	read_lines(w, shown, f);
	bool broken = ferror(f) != 0;
	if (!standard)
		fclose(f);
	if (broken)
		return err_set(err, ERR_IO, "%s: reading failed", shown);
	if (w->n_bad > 0)
		return err_set(err, ERR_DATA, "%s: %zu bad line%s; nothing was done", shown,
		    w->n_bad, w->n_bad == 1 ? "" : "s");
	return w->n > 0 ? ERR_NONE : err_set(err, ERR_NOINPUT, "%s: no address in it", shown);
}

static enum err_code
add_saved(struct work *w, const json_t *json, struct err *err)
{
	struct plan *saved = arena_alloc(w->arena, sizeof *saved);
	struct fix_spec spec = { .n_names = 0 };
	if (plan_load(json, w->arena, saved, err) != ERR_NONE)
		return err->code;
	spec.ip = saved->ip;
	for (size_t i = 0; i < saved->n_names; i++)
		if (fix_parse_name(saved->names[i], &spec, err) != ERR_NONE)
			return err->code;
	if (add_work(w, &spec, err) == ERR_NONE)
		w->list[w->n - 1].saved = saved;
	return err->code;
}

static enum err_code
read_plans(struct work *w, const char *path, struct err *err)
{
	json_t *json = json_read_file(path, PLAN_FILE_MAX, err);
	if (json == NULL)
		return err->code;
	size_t n = json_is_array(json) ? json_array_size(json) : 1;
	err->code = ERR_NONE;
	for (size_t i = 0; i < n && err->code == ERR_NONE; i++)
		(void)add_saved(w, json_is_array(json) ? json_array_get(json, i) : json, err);
	json_decref(json);
	if (err->code != ERR_NONE)
		return err_prefix(err, "%s", path);
	return n > 0 ? ERR_NONE : err_set(err, ERR_NOINPUT, "%s: no plan in it", path);
}

enum err_code
work_read(struct work *w, const struct fix_options *o, struct arena *a, struct err *err)
{
	*w = (struct work){ .arena = a, .errors = o->run->out.errors };
	err->code = ERR_NONE;
	if (o->plan_in != NULL)
		return read_plans(w, o->plan_in, err);
	if (o->run->in.list != NULL)
		return read_list(w, o->run->in.list, err);
	for (size_t i = 0; i < o->n_specs; i++)
		if (add_work(w, &o->specs[i], err) != ERR_NONE)
			return err->code;
	return ERR_NONE;
}

/* Plans show the inside of an account: only the user may read them. */
enum err_code
plans_write(const char *path, json_t *plans, struct err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_set(err, ERR_CANTCREAT, "%s: %s", path, strerror(errno));
	const json_t *what = json_array_size(plans) == 1 ? json_array_get(plans, 0) : plans;
	errno = 0;
	bool good = json_dumpfd(what, fd,
			JSON_INDENT(2) | JSON_ENSURE_ASCII | JSON_PRESERVE_ORDER) == 0;
	good = good && write(fd, "\n", 1) == 1;
	good = close(fd) == 0 && good;
	return good ? ERR_NONE :
		      err_set(err, ERR_IO, "%s: writing failed: %s", path, strerror(errno));
}
