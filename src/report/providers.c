/* The report of mailready providers, for people and for programs. */
#include "report/providers.h"

#include <string.h>

#include "base/json.h"
#include "base/wrap.h"

enum {
	JSON_STYLE = JSON_PRESERVE_ORDER | JSON_INDENT(2) | JSON_ENSURE_ASCII,
	NAME_WIDTH = 10,
	STATE_WIDTH = 15,
};

static const char *
state_of(const struct provider_line *line)
{
	if (!line->configured)
		return "not configured";
	if (!line->asked)
		return "configured";
	return !line->works ? "FAILS" : line->has_it ? "has the address" : "works";
}

static const char *
families_of(const struct provider *p)
{
	return !p->ip6 ? "IPv4" : !p->ip4 ? "IPv6" : "IPv4 and IPv6";
}

static void
put_line(const struct provider_line *line, int width, struct buf *out)
{
	const struct provider *p = line->provider;
	buf_printf(out, "%-*s  %-*s  %s: %s, %zu name%s", width, p->name, STATE_WIDTH,
	    state_of(line), p->title, families_of(p), p->max_names, p->max_names == 1 ? "" : "s");
	if (p->max_ttl_s > 0)
		buf_puts(out, ", TTL");
	if (p->list != NULL)
		buf_puts(out, ", lists addresses");
	if (p->forward_put != NULL)
		buf_puts(out, ", forward records");
	buf_putc(out, '\n');
}

/* Texts of several lines keep their place below the first. */
static void
put_below(const char *text, int width, struct buf *out)
{
	while (text[0] != '\0') {
		size_t len = strcspn(text, "\n");
		buf_printf(out, "%-*s  %.*s\n", width, "", (int)len, text);
		text += len + (text[len] == '\n');
	}
}

void
providers_text(const struct provider_line *list, size_t n, const struct render_options *o,
    struct buf *out)
{
	struct buf lines;
	size_t configured = 0;
	int width = NAME_WIDTH; /* names of the user's own can be longer */
	for (size_t i = 0; i < n; i++)
		if ((int)strlen(list[i].provider->name) > width)
			width = (int)strlen(list[i].provider->name);
	buf_init(&lines, out->max);
	for (size_t i = 0; i < n; i++) {
		configured += list[i].configured;
		if (o->quiet && !list[i].configured)
			continue;
		put_line(&list[i], width, &lines);
		put_below(list[i].says, width, &lines);
		put_below(list[i].warnings, width, &lines);
	}
	if (configured == 0)
		buf_puts(&lines, "no credentials were found; see mailready-providers(7)\n");
	wrap_lines(out, o->columns, lines.data);
	out->failed |= lines.failed;
	buf_fini(&lines);
}

static json_t *
line_json(const struct provider_line *line)
{
	const struct provider *p = line->provider;
	json_t *o = json_pack("{sssssbsbsbsI}", "name", p->name, "title", p->title, "configured",
	    line->configured, "ipv4", p->ip4, "ipv6", p->ip6, "names", (json_int_t)p->max_names);
	json_object_set_new(o, "ttl", json_boolean(p->max_ttl_s > 0));
	json_object_set_new(o, "lists", json_boolean(p->list != NULL));
	json_object_set_new(o, "forward", json_boolean(p->forward_put != NULL));
	json_object_set_new(o, "works", line->asked ? json_boolean(line->works) : json_null());
	json_object_set_new(o, "has_address",
	    line->asked ? json_boolean(line->has_it) : json_null());
	json_put_text(o, "says", line->says);
	json_put_text(o, "warnings", line->warnings);
	return o;
}

void
providers_json(const struct provider_line *list, size_t n, struct buf *out)
{
	json_t *lines = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(lines, line_json(&list[i]));
	json_t *document = json_pack("{ssssso}", "schema", "mailready.providers/1", "version",
	    MAILREADY_VERSION, "providers", lines);
	json_add(document, JSON_STYLE, out);
	buf_putc(out, '\n');
	json_decref(document);
}
