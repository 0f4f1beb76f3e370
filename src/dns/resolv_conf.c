/* The resolvers of this host, from a file as resolv.conf(5) describes it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/lines.h"
#include "dns/stub.h"

enum { LINE_MAX_BYTES = 512 };

static const char blanks[] = " \t\r\n";

static void
take_options(struct resolv_conf *out, char **rest)
{
	const char *word;

	while ((word = strtok_r(NULL, blanks, rest)) != NULL)
		out->use_vc |= strcmp(word, "use-vc") == 0;
}

static void
take_server(struct resolv_conf *out, char **rest)
{
	char *address = strtok_r(NULL, blanks, rest);

	if (address == NULL || out->n == DNS_UPSTREAMS_MAX)
		return;
	address[strcspn(address, ";#")] = '\0';
	out->n += endpoint_parse(address, 53, &out->servers[out->n]);
}

static void
take_line(struct resolv_conf *out, char *line)
{
	char *rest = NULL;
	const char *keyword = strtok_r(line, blanks, &rest);

	if (keyword == NULL)
		return;
	if (strcmp(keyword, "nameserver") == 0)
		take_server(out, &rest);
	else if (strcmp(keyword, "options") == 0)
		take_options(out, &rest);
}

/* A line that is too long is left out as a whole: its middle may look like a line of its own. */
static void
take_lines(struct resolv_conf *out, FILE *f)
{
	enum lines_status status;
	struct buf line;
	buf_init(&line, LINE_MAX_BYTES);
	while ((status = lines_next(f, &line, NULL)) != LINES_END)
		if (status == LINES_READ)
			take_line(out, line.data);
	buf_fini(&line);
}

enum err_code
dns_read_resolv_conf(const char *path, struct resolv_conf *out, struct err *err)
{
	FILE *f = fopen(path, "re");

	*out = (struct resolv_conf){ .n = 0 };
	if (f == NULL)
		return err_set(err, ERR_CONFIG, "%s: %s; name a resolver with --resolver ADDR",
		    path, strerror(errno));
	take_lines(out, f);
	fclose(f);
	if (out->n == 0)
		return err_set(err, ERR_CONFIG,
		    "%s: no usable nameserver line; name a resolver with --resolver ADDR", path);
	return ERR_NONE;
}
