/* The options that need a function of their own: what they take is more than one value of one type. */
#include "cli/option_functions.h"

#include <string.h>

#include "base/json.h"
#include "base/number.h"
#include "checks/registry.h"
#include "cli/commands.h"
#include "config/programs.h"
#include "gather/targets.h"
#include "views/ehlo.h"

enum {
	SHARDS_MAX = 1000000,
	TTL_MAX = 2147483647, /* RFC 2181 8 */
	SENDER_MAX = 1024,    /* more than an address can have (RFC 5321 4.5.3.1) */
};

static bool
has_control(const char *value)
{
	for (const char *c = value; *c != '\0'; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return true;
	return false;
}

/* --- targets */

enum err_code
set_helo(struct settings *s, const char *value, struct err *err)
{
	/* the check judges the name; this could not even be a word */
	if (has_control(value))
		return err_set(err, ERR_USAGE,
		    "'%s' is not an EHLO name: it contains a control byte", value);
	if (value[0] == '\0' || strlen(value) >= NAME_TEXT_MAX)
		return err_set(err, ERR_USAGE, "expected an EHLO name of 1 to %d bytes",
		    NAME_TEXT_MAX - 1);
	s->helo = value;
	return ERR_NONE;
}

/* "dig -x ADDR" looks up the PTR record of an address. */
enum err_code
add_address(struct settings *s, const char *value, struct err *err)
{
	struct ip ip;
	if (!target_parse_address(value, &ip))
		return err_set(err, ERR_USAGE,
		    "'%s' is not an IP address; other targets are written without -x", value);
	words_add(s, &s->words, value);
	return ERR_NONE;
}

enum err_code
set_domain(struct settings *s, const char *value, struct err *err)
{
	char name[NAME_TEXT_MAX];
	if (!name_from_user(value, name) || name[0] == '\0' ||
	    name_host_fault(name) == NAME_BAD_BYTE)
		return err_set(err, ERR_USAGE, "'%s' is not a domain name", value);
	s->domain = value;
	return ERR_NONE;
}

enum err_code
set_ip(struct settings *s, const char *value, struct err *err)
{
	if (!ip_parse(value, &s->explain.address))
		return err_set(err, ERR_USAGE, "'%s' is not an IPv4 or IPv6 address", value);
	return ERR_NONE;
}

enum err_code
set_listen_address(struct settings *s, const char *value, struct err *err)
{
	struct endpoint e;
	if (!endpoint_parse(value, s->listen.at.port, &e) || strchr(value, '#') != NULL)
		return err_set(err, ERR_USAGE, "'%s' is not an IPv4 or IPv6 address", value);
	s->listen.at.ip = e.ip;
	memcpy(s->listen.at.zone, e.zone, sizeof e.zone);
	return ERR_NONE;
}

enum err_code
set_mx(struct settings *s, const char *value, struct err *err)
{
	char name[NAME_TEXT_MAX];
	if (!name_from_user(value, name) || name[0] == '\0')
		return err_set(err, ERR_USAGE, "'%s' is not a host name", value);
	s->explain.mx = arena_strdup(&s->arena, name);
	return ERR_NONE;
}

enum err_code
set_from(struct settings *s, const char *value, struct err *err)
{
	char name[NAME_TEXT_MAX];
	if (!name_from_user(value, name) || name[0] == '\0' ||
	    name_host_fault(name) == NAME_BAD_BYTE)
		return err_set(err, ERR_USAGE,
		    "'%s' is not a domain name: expected the domain of the From header, as in "
		    "--from example.com",
		    value);
	s->from = value;
	return ERR_NONE;
}

/* SPF judges the domain, however odd it is (RFC 7208 4.3); this could not be sent at all. */
enum err_code
set_mail_from(struct settings *s, const char *value, struct err *err)
{
	if (has_control(value))
		return err_set(err, ERR_USAGE,
		    "'%s' is not a sender address: it contains a control byte", value);
	if (strlen(value) > SENDER_MAX)
		return err_set(err, ERR_USAGE, "expected a sender address of at most %d bytes",
		    SENDER_MAX);
	s->mail_from = value;
	return ERR_NONE;
}

enum err_code
add_dkim(struct settings *s, const char *value, struct err *err)
{
	if (s->n_dkim == DKIM_KEYS_MAX)
		return err_set(err, ERR_USAGE, "at most %d DKIM keys can be given", DKIM_KEYS_MAX);
	const char *fault = dkim_identity_read(&s->arena, value, &s->dkim[s->n_dkim]);
	if (fault != NULL)
		return err_set(err, ERR_USAGE,
		    "'%s': %s; expected DOMAIN/SELECTOR, as in --dkim example.com/sel1", value,
		    fault);
	s->n_dkim++;
	return ERR_NONE;
}

enum err_code
set_origin(struct settings *s, const char *value, struct err *err)
{
	char name[NAME_TEXT_MAX];
	if (value[0] == '\0' || !name_from_user(value, name))
		return err_set(err, ERR_USAGE, "'%s' is not the name of a zone", value);
	s->run.look.origin = arena_strdup(&s->arena, name);
	return ERR_NONE;
}

enum err_code
set_input(struct settings *s, const char *value, struct err *err)
{
	if (value[0] == '\0')
		return err_set(err, ERR_USAGE, "expected FILE, not an empty word");
	if (s->run.in.list != NULL)
		return err_set(err, ERR_USAGE, "only one list of targets can be read");
	s->run.in.list = value;
	return ERR_NONE;
}

enum err_code
set_shard(struct settings *s, const char *value, struct err *err)
{
	unsigned shard, n;
	if (number_share(value, SHARDS_MAX, &shard, &n, ERR_USAGE, err) != ERR_NONE)
		return err->code;
	s->run.in.shard = shard - 1;
	s->run.in.n_shards = n;
	return ERR_NONE;
}

/* --- looking up */

enum err_code
add_resolver(struct settings *s, const char *value, struct err *err)
{
	if (s->run.look.n_resolvers == DNS_UPSTREAMS_MAX)
		return err_set(err, ERR_USAGE, "at most %d resolvers can be given",
		    DNS_UPSTREAMS_MAX);
	if (endpoint_from_user(value, 53, &s->run.look.resolvers[s->run.look.n_resolvers],
		ERR_USAGE, err) != ERR_NONE)
		return err->code;
	s->run.look.n_resolvers++;
	return ERR_NONE;
}

/* A time that was given is for everything. */
enum err_code
set_timeout(struct settings *s, const char *value, struct err *err)
{
	s->run.look.greeting_us = 0;
	return number_seconds(value, 3600, &s->run.look.timeout_us, ERR_USAGE, err);
}

enum err_code
set_ehlo_as(struct settings *s, const char *value, struct err *err)
{
	struct ehlo_syntax syntax;
	ehlo_parse(value, &syntax);
	if (syntax.form != EHLO_FQDN && syntax.form != EHLO_LITERAL)
		return err_set(err, ERR_USAGE,
		    "'%s' cannot be said in EHLO: expected a full host name, or an address in "
		    "brackets such as [192.0.2.1]",
		    value);
	s->run.look.policy.ehlo_as = syntax.form == EHLO_FQDN ?
	    arena_strdup(&s->arena, syntax.host) :
	    value;
	return ERR_NONE;
}

/* A word, or a file; files replace the words, and several files add up. */
enum err_code
add_lists(struct settings *s, const char *value, struct err *err)
{
	static const struct {
		const char *word;
		enum list_set set;
	} sets[] = {
		{ "default", LIST_SET_DEFAULT },
		{ "critical", LIST_SET_CRITICAL },
		{ "all", LIST_SET_ALL },
	};
	struct lists_options *o = &s->run.look.lists;
	for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
		if (strcmp(value, sets[i].word) != 0)
			continue;
		if (s->list_files.n > 0 || (o->named && o->set != sets[i].set))
			return err_set(err, ERR_USAGE,
			    "'%s' cannot be joined with other lists: name one set, or files",
			    value);
		o->set = sets[i].set;
		o->named = true;
		return ERR_NONE;
	}
	if (o->named)
		return err_set(err, ERR_USAGE, "a set of lists and the file %s cannot be joined",
		    value);
	words_add(s, &s->list_files, value);
	return ERR_NONE;
}

/* --- judging, showing */

/* The number of the word among the names, which end with NULL. */
static enum err_code
find_name(struct settings *s, const char *what, const char *(*name)(size_t i), const char *word,
    size_t *out, struct err *err)
{
	const char *choices = "";
	size_t n = 0;
	while (name(n) != NULL)
		n++;
	for (size_t i = 0; i < n; i++) {
		*out = i;
		if (strcmp(name(i), word) == 0)
			return ERR_NONE;
		choices = arena_printf(&s->arena, "%s%s%s", choices, enumtab_glue(i, n), name(i));
	}
	return err_set(err, ERR_USAGE, "there is no %s '%s': expected %s", what, word, choices);
}

/* What others call our checks. */
static const struct {
	const char *word, *check;
} check_words[] = {
	{ "rdns", "ptr" },
	{ "fcrdns", "iprev" },
	{ "helo", "ehlo" },
	{ "rbl", "dnsbl" },
	{ "tls", "smtp" },
};

static const char *
our_word(const char *word)
{
	for (size_t i = 0; i < sizeof check_words / sizeof check_words[0]; i++)
		if (strcmp(word, check_words[i].word) == 0)
			return check_words[i].check;
	return word;
}

static const char *
check_name(size_t i)
{
	return i < checks_n ? checks_all[i]->id : NULL;
}

static enum err_code
mark_checks(struct settings *s, const char *value, bool *marks, struct err *err)
{
	for (const char *word = value;; word++) {
		size_t len = strcspn(word, ","), i;
		const char *id = our_word(arena_strndup(&s->arena, word, len));
		if (find_name(s, "check", check_name, id, &i, err) != ERR_NONE)
			return err->code;
		marks[i] = true;
		word += len;
		if (*word == '\0')
			return ERR_NONE;
	}
}

enum err_code
mark_only(struct settings *s, const char *value, struct err *err)
{
	s->any_only = true;
	return mark_checks(s, value, s->only, err);
}

enum err_code
mark_skip(struct settings *s, const char *value, struct err *err)
{
	return mark_checks(s, value, s->skip, err);
}

enum err_code
set_format(struct settings *s, const char *value, struct err *err)
{
	if (find_name(s, "format", s->command->format, value, &s->format, err) != ERR_NONE)
		return err->code;
	if (s->command->format == report_format)
		s->run.out.renderer = renderers_all[s->format];
	return ERR_NONE;
}

enum err_code
set_json(struct settings *s, const char *value, struct err *err)
{
	(void)value;
	return set_format(s, "json", err);
}

enum err_code
set_warning(struct settings *s, const char *value, struct err *err)
{
	s->limits = true;
	return plugin_ranges_read(value, s->run.out.render.limits.warning, err);
}

enum err_code
set_critical(struct settings *s, const char *value, struct err *err)
{
	s->limits = true;
	return plugin_ranges_read(value, s->run.out.render.limits.critical, err);
}

/* --- changing records */

/* As in zone files, where name servers take "1h" as well. */
enum err_code
set_ttl(struct settings *s, const char *value, struct err *err)
{
	uint64_t n;
	int64_t span_s;
	if (value[0] == '\0' || strchr("smhd", value[strlen(value) - 1]) == NULL) {
		if (number_count(value, 1, TTL_MAX, &n, ERR_USAGE, err) != ERR_NONE)
			return err->code;
		s->fix.wish.ttl_s = (unsigned)n;
		return ERR_NONE;
	}
	if (number_span(value, 1, TTL_MAX, &span_s, ERR_USAGE, err) != ERR_NONE)
		return err->code;
	s->fix.wish.ttl_s = (unsigned)span_s;
	return ERR_NONE;
}

enum err_code
set_provider(struct settings *s, const char *value, struct err *err)
{
	struct provider_options o = { .program = "" };
	struct provider_list known;
	const struct provider *p;
	config_programs(&o, &s->arena);
	provider_list_make(&known, &o, &s->arena);
	s->fix.provider = value;
	return provider_choose(&known, value, &p, err);
}

enum err_code
set_description(struct settings *s, const char *value, struct err *err)
{
	if (has_control(value) || !json_holds(value))
		return err_set(err, ERR_USAGE, "a description must be UTF-8 without control bytes");
	s->fix.wish.description = value;
	return ERR_NONE;
}

enum err_code
add_tag(struct settings *s, const char *value, struct err *err)
{
	if (value[0] == '=' || strchr(value, '=') == NULL || has_control(value) ||
	    !json_holds(value))
		return err_set(err, ERR_USAGE, "'%s' is not a tag: expected KEY=VALUE", value);
	words_add(s, &s->tags, value);
	return ERR_NONE;
}

enum err_code
add_endpoint(struct settings *s, const char *value, struct err *err)
{
	if (s->endpoints.n == FIX_ENDPOINTS_MAX)
		return err_set(err, ERR_USAGE, "at most %d endpoints can be given",
		    FIX_ENDPOINTS_MAX);
	/* it is written into the journal and seen in the process list: no place for a password */
	const char *host = strstr(value, "://");
	if (host != NULL && memchr(host + 3, '@', strcspn(host + 3, "/")) != NULL)
		return err_set(err, ERR_USAGE, "an endpoint must not contain a user or a password");
	words_add(s, &s->endpoints, value);
	return ERR_NONE;
}
