/* The resolvers of this host, from a file as resolv.conf(5) describes it. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "dns/stub.h"

/* "nameserver ADDR"; false for any other line.  Scoped addresses (fe80::1%eth0) are not ours to reach. */
static bool
parse_line(char *line, struct endpoint *out)
{
	static const char keyword[] = "nameserver";
	char *p = line + strspn(line, " \t");

	if (strncmp(p, keyword, sizeof keyword - 1) != 0 ||
	    !isblank((unsigned char)p[sizeof keyword - 1]))
		return false;
	p += sizeof keyword - 1;
	p += strspn(p, " \t");
	p[strcspn(p, " \t\r\n;#")] = '\0';
	return endpoint_parse(p, 53, out);
}

enum err_code
dns_read_resolv_conf(const char *path, struct endpoint *out, size_t max, size_t *n, struct err *err)
{
	char line[512];
	FILE *f = fopen(path, "re");

	*n = 0;
	if (f == NULL)
		return err_set(err, ERR_CONFIG, "%s: %s; name a resolver with --resolver ADDR",
		    path, strerror(errno));
	while (*n < max && fgets(line, sizeof line, f) != NULL)
		if (parse_line(line, &out[*n]))
			++*n;
	fclose(f);
	if (*n == 0)
		return err_set(err, ERR_CONFIG,
		    "%s: no usable nameserver line; name a resolver with --resolver ADDR", path);
	return ERR_NONE;
}
