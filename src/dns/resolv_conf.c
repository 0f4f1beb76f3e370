/* The resolvers of this host, from a file as resolv.conf(5) describes it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "dns/stub.h"

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

enum err_code
dns_read_resolv_conf(const char *path, struct resolv_conf *out, struct err *err)
{
	char line[512];
	FILE *f = fopen(path, "re");

	*out = (struct resolv_conf){ .n = 0 };
	if (f == NULL)
		return err_set(err, ERR_CONFIG, "%s: %s; name a resolver with --resolver ADDR",
		    path, strerror(errno));
	while (fgets(line, sizeof line, f) != NULL)
		take_line(out, line);
	fclose(f);
	if (out->n == 0)
		return err_set(err, ERR_CONFIG,
		    "%s: no usable nameserver line; name a resolver with --resolver ADDR", path);
	return ERR_NONE;
}
