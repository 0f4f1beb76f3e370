/*
 * A provider of the user's own: a program that gets one request on its standard input and writes one
 * reply to its standard output, JSON both (data/program.schema.json).  It gets no arguments, and of the
 * environment only what it needs to run and what is meant for it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "net/program.h"
#include "provider/program/program_priv.h"
#include "provider/provider_priv.h"

#define VARIABLE "MAILREADY_PROGRAM"

enum { TIMEOUT_US = 30 * 1000 * 1000, REPLY_MAX = 64 * 1024, ENV_MAX = 64 };

/* The path of the program of [provider], "" when none is named, and who names it. */
static const char *
path_of(const struct provider_options *o, const char **where)
{
	const char *path = provider_variable(o, VARIABLE);
	*where = VARIABLE;
	if (path[0] != '\0' || o->program == NULL)
		return path;
	*where = "program of [provider] in the configuration";
	return o->program;
}

static bool
has_fault(const struct provider_options *o)
{
	return o->program_fault != NULL && o->program_fault[0] != '\0';
}

static bool
configured(const struct provider_options *o)
{
	const char *where;
	return path_of(o, &where)[0] != '\0' || has_fault(o);
}

static bool
always_configured(const struct provider_options *o)
{
	(void)o;
	return true;
}

/* Whoever can write the file could have it do what we may do. */
static enum err_code
check_file(const char *where, const char *path, struct err *err)
{
	struct stat st;
	if (path[0] != '/')
		return err_set(err, ERR_CONFIG, "%s: expected an absolute path, not %s", where,
		    path);
	if (stat(path, &st) != 0 || !S_ISREG(st.st_mode) || access(path, X_OK) != 0)
		return err_set(err, ERR_CONFIG, "%s: %s is not a program that can be started",
		    where, path);
	if ((st.st_uid != 0 && st.st_uid != geteuid()) || (st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return err_set(err, ERR_CONFIG,
		    "%s: others than you and root can write %s (mode %04o)", where, path,
		    (unsigned)(st.st_mode & 07777));
	return ERR_NONE;
}

static enum err_code
open_path(struct provider_session *s, const char *where, const char *path, struct err *err)
{
	if (check_file(where, path, err) == ERR_NONE)
		s->state = arena_strdup(&s->arena, path);
	return err->code;
}

static enum err_code
open_session(struct provider_session *s, struct err *err)
{
	const char *where, *path = path_of(s->options, &where);
	err->code = ERR_NONE;
	if (path[0] == '\0' && has_fault(s->options))
		return err_set(err, ERR_CONFIG, "%s", s->options->program_fault);
	if (path[0] == '\0')
		return err_set(err, ERR_CONFIG,
		    "no program: name one in %s, or as program of [provider] in the configuration",
		    VARIABLE);
	if (has_fault(s->options))
		provider_warn(s, "other programs of the configuration are not asked: %s",
		    s->options->program_fault);
	return open_path(s, where, path, err);
}

static enum err_code
open_own(struct provider_session *s, struct err *err)
{
	const struct provider_own *own = s->provider->own;
	err->code = ERR_NONE;
	return open_path(s,
	    arena_printf(&s->arena, "program of [provider %s] in the configuration", own->name),
	    own->path, err);
}

static void
close_session(struct provider_session *s)
{
	s->state = NULL; /* the path is in the arena */
}

/* PATH, HOME, LANG, and all that begins with our variable's name. */
static const char *const *
environment(struct arena *a)
{
	static const char *const kept[] = { "PATH=", "HOME=", "LANG=", VARIABLE "_" };
	const char **out = arena_array(a, ENV_MAX + 1, sizeof *out);
	size_t n = 0;
	for (char **entry = environ; *entry != NULL && n < ENV_MAX; entry++)
		for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
			if (strncmp(*entry, kept[i], strlen(kept[i])) == 0) {
				out[n++] = *entry;
				break;
			}
	return out;
}

/* ---- requests */

static json_t *
request_for(const char *verb, const struct ip *ip, const struct provider_place *place)
{
	char address[IP_TEXT_MAX], reverse[IP_REVERSE_MAX];
	json_t *o = json_pack("{ssssss}", "schema", "mailready.program/1", "verb", verb, "address",
	    ip_format(ip, address));
	json_object_set_new(o, "reverse", json_string(ip_reverse_name(ip, reverse)));
	if (place != NULL)
		json_object_set_new(o, "id", json_string(place->id));
	return o;
}

static json_t *
record_json(const struct provider_record *record)
{
	if (record == NULL)
		return json_null();
	json_t *o = json_object();
	json_put_texts(o, "names", record->names, record->n_names);
	bool known = record->ttl_s != 0 || record->ttl_zero;
	json_object_set_new(o, "ttl", known ? json_integer(record->ttl_s) : json_null());
	return o;
}

/* A write is not ended before its time: what it has done then would be a guess. */
static uint64_t
timeout_us(const struct provider_session *s, bool writes)
{
	const struct provider_world *w = &s->options->world;
	uint64_t left = writes || w->left_us == NULL ? TIMEOUT_US : w->left_us(w->arg);
	return left < TIMEOUT_US ? left : TIMEOUT_US;
}

/* Sends the request, which it releases; *reply is an object, the caller's to release. */
static enum err_code
ask(struct provider_session *s, json_t *request, json_t **reply, struct err *err)
{
	struct buf output;
	bool writes = json_object_get(request, "record") != NULL;
	char *input = json_dumps(request, JSON_COMPACT);
	json_decref(request);
	buf_init(&output, REPLY_MAX);
	provider_begin(s);
	struct program program = { .path = s->state,
		.env = environment(&s->arena),
		.input = input,
		.input_len = strlen(input),
		.output = &output,
		.timeout_us = timeout_us(s, writes),
		.sysexits = true };
	enum err_code code = program_run(&program, err);
	*reply = NULL;
	if (code == ERR_NONE)
		code = program_read(output.data, output.len, program.path, reply, err);
	/* what it had done when it failed is read back */
	s->maybe_done = writes && code == ERR_TEMP;
	buf_fini(&output);
	free(input);
	return code;
}

/* ---- the provider's functions */

static enum err_code
find(struct provider_session *s, const struct ip *ip, struct provider_place *out, struct err *err)
{
	json_t *reply;
	if (ask(s, request_for("find", ip, NULL), &reply, err) != ERR_NONE)
		return err->code;
	enum err_code code = program_read_find(reply, s->state, ip, &s->arena, out, err);
	json_decref(reply);
	return code;
}

static enum err_code
get(struct provider_session *s, const struct provider_place *place, const struct ip *ip,
    struct arena *a, struct provider_record *out, enum provider_state *state, struct err *err)
{
	json_t *reply;
	*out = (struct provider_record){ .ip = *ip, .description = "" };
	if (ask(s, request_for("get", ip, place), &reply, err) != ERR_NONE)
		return err->code;
	enum err_code code = program_read_get(reply, s->state, a, out, state, err);
	json_decref(reply);
	return code;
}

static enum err_code
check_record(const struct provider_record *record, struct err *err)
{
	return provider_check_plain(record, "a program", err);
}

static enum err_code
put(struct provider_session *s, const struct provider_place *place, const struct ip *ip,
    const struct provider_record *record, struct err *err)
{
	json_t *reply, *request = request_for("put", ip, place);
	json_object_set_new(request, "record", record_json(record));
	enum err_code code = ask(s, request, &reply, err);
	json_decref(reply);
	return code;
}

static enum err_code
poll_state(struct provider_session *s, const struct provider_place *place, const struct ip *ip,
    enum provider_state *state, struct err *err)
{
	json_t *reply;
	*state = PROVIDER_PENDING;
	if (ask(s, request_for("poll", ip, place), &reply, err) != ERR_NONE)
		return err->code;
	enum err_code code = program_read_poll(reply, s->state, state, err);
	json_decref(reply);
	return code;
}

const struct provider provider_program = {
	.name = "program",
	.title = "A program of your own",
	.max_names = PROVIDER_NAMES_MAX,
	.min_ttl_s = 1,
	.max_ttl_s = 2147483647, /* RFC 2181 8 */
	.ip4 = true,
	.ip6 = true,
	.check = check_record,
	.configured = configured,
	.open = open_session,
	.close = close_session,
	.find = find,
	.get = get,
	.put = put,
	.poll = poll_state,
};

const struct provider *
provider_of_program(const struct provider_own *own, struct arena *a)
{
	struct provider *row = arena_alloc(a, sizeof *row);
	*row = provider_program;
	row->name = own->name;
	row->title = arena_printf(a, "Your program %s", own->name);
	row->own = own;
	row->configured = always_configured;
	row->open = open_own;
	return row;
}
