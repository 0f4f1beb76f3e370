/* One word as a target: an address, a block, a range or a host name. */
#include "gather/block_priv.h"
#include "gather/targets_priv.h"

static const char *
what_it_is(const char *word, struct arena *a)
{
	const char *hint = target_hint(word, a);
	return hint != NULL ? hint :
			      "not an IPv4 or IPv6 address, a block (192.0.2.0/24), a range "
			      "(192.0.2.1-192.0.2.9) or a host name with a domain";
}

enum err_code
target_parse_word(const char *word, bool huge, struct arena *a, struct target_spec *out,
    struct err *err)
{
	char host[NAME_TEXT_MAX];

	*out = (struct target_spec){ .names = { .host = "", .ehlo = "", .domain = "" } };
	if (target_parse_address(word, &out->first)) {
		out->last = out->first;
		return ERR_NONE;
	}
	const char *fault = block_parse(word, huge, a, &out->first, &out->last);
	if (fault != NULL)
		return target_refuse(err, word, fault);
	if (out->first.family != 0)
		return ERR_NONE;
	if (target_parse_host(arena_strndup(a, word, target_len_without_port(word)), host)) {
		out->names.host = arena_strdup(a, host);
		return ERR_NONE;
	}
	return target_refuse(err, word, what_it_is(word, a));
}
