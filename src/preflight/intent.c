/* The file that says what is wanted of servers that are about to go live. */
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/keys.h"
#include "base/name.h"
#include "base/strset.h"
#include "mail/dkim_signature.h"
#include "preflight/preflight.h"
#include "provider/provider.h"

enum { FILE_MAX = 1 << 20, WORD_MAX = 1024 };

/* What one section says, or what is before the first. */
struct wanted {
	struct intent *in; /* that it is in */
	const char *section;
	int line;
	struct ip *ips;
	const char **names, **domains;
	const char *ehlo, *banner, *provider, *from, *mail_from; /* NULL: not said */
	struct dkim_identity *dkim;
	size_t n_ips, n_names, n_domains, n_dkim;
	size_t cap_ips, cap_names, cap_domains, cap_dkim;
};

struct intent {
	const char *file;
	struct arena *a;
	struct wanted defaults;
	struct wanted *list; /* of the sections */
	size_t n, cap;
	size_t n_ips;
	const struct provider_list *known;
	uint64_t seen; /* keys of the section at hand */
	struct err *err;
};

/* A word of a value that may hold several; false at its end. */
static bool
next_word(const char **at, char out[WORD_MAX])
{
	*at += strspn(*at, " \t,");
	size_t len = strcspn(*at, " \t,");
	if (len == 0 || len >= WORD_MAX)
		return false;
	memcpy(out, *at, len);
	out[len] = '\0';
	*at += len;
	return true;
}

static enum err_code
read_host_name(struct intent *in, const char *word, const char **out)
{
	char name[NAME_TEXT_MAX];
	if (!name_from_user(word, name))
		return err_set(in->err, ERR_DATA, "'%s' is not a name: expected a full host name",
		    word);
	if (strncmp(name, "*.", 2) == 0)
		return err_set(in->err, ERR_DATA,
		    "'%s' is a wildcard: expected the one name of the server", word);
	enum name_fault fault = name_host_fault(name);
	if (fault != NAME_GOOD)
		return err_set(in->err, ERR_DATA,
		    "'%s' %s: expected a full host name such as mail.example.com", word,
		    name_fault_text(fault));
	*out = arena_strdup(in->a, name);
	return ERR_NONE;
}

static enum err_code
set_name(const struct key_line *l, struct err *err)
{
	const struct wanted *w = l->into;
	char word[WORD_MAX];
	const char *at = l->value;
	if (!next_word(&at, word))
		return err_set(err, ERR_DATA, "'%s' is not a name: expected a full host name",
		    l->value);
	if (read_host_name(w->in, word, key_place(l)) != ERR_NONE)
		return err->code;
	if (next_word(&at, word))
		return err_set(err, ERR_DATA, "'%s' is one name too many: expected one", word);
	return ERR_NONE;
}

static bool
has_ip(const struct wanted *w, const struct ip *ip)
{
	for (size_t i = 0; i < w->n_ips; i++)
		if (ip_equal(&w->ips[i], ip))
			return true;
	return false;
}

/* Twice in one section, or in two. */
static enum err_code
check_new_ip(struct intent *in, const struct ip *ip, const char *word)
{
	bool known = has_ip(&in->defaults, ip);
	for (size_t i = 0; !known && i < in->n; i++)
		known = has_ip(&in->list[i], ip);
	if (known)
		return err_set(in->err, ERR_DATA, "%s appears twice: expected it once", word);
	if (in->n_ips == INTENT_ADDRESSES_MAX)
		return err_set(in->err, ERR_DATA, "more than %d in one file", INTENT_ADDRESSES_MAX);
	return ERR_NONE;
}

static enum err_code
read_address(struct wanted *w, const char *word)
{
	struct intent *in = w->in;
	struct ip ip;
	if (!ip_parse(word, &ip))
		return err_set(in->err, ERR_DATA,
		    "'%s' is not an address: expected IPv4 or IPv6 addresses", word);
	if (check_new_ip(in, &ip, word) != ERR_NONE)
		return in->err->code;
	w->ips = arena_grow(in->a, w->ips, w->n_ips, &w->cap_ips, sizeof *w->ips);
	w->ips[w->n_ips++] = ip;
	in->n_ips++;
	return ERR_NONE;
}

/* A name that is there twice is meant once. */
static enum err_code
keep_name(struct intent *in, const char *name, const char ***list, size_t *n, size_t *cap,
    size_t max)
{
	for (size_t i = 0; i < *n; i++)
		if (name_equal((*list)[i], name))
			return ERR_NONE;
	if (*n == max)
		return err_set(in->err, ERR_DATA, "more than %zu for one server", max);
	*list = arena_grow(in->a, *list, *n, cap, sizeof **list);
	(*list)[(*n)++] = name;
	return ERR_NONE;
}

static enum err_code
read_ptr(struct wanted *w, const char *word)
{
	const char *name = "";
	if (read_host_name(w->in, word, &name) != ERR_NONE)
		return w->in->err->code;
	return keep_name(w->in, name, &w->names, &w->n_names, &w->cap_names, PROVIDER_NAMES_MAX);
}

static enum err_code
read_domain(struct wanted *w, const char *word)
{
	struct intent *in = w->in;
	char name[NAME_TEXT_MAX];
	if (!name_from_user(word, name) || name[0] == '\0' || strchr(word, '@') != NULL)
		return err_set(in->err, ERR_DATA,
		    "'%s' is not a domain: expected what is after the @ of senders", word);
	return keep_name(in, arena_strdup(in->a, name), &w->domains, &w->n_domains, &w->cap_domains,
	    INTENT_DOMAINS_MAX);
}

static enum err_code
read_words(const struct key_line *l, enum err_code (*read)(struct wanted *w, const char *word),
    struct err *err)
{
	char word[WORD_MAX];
	const char *at = l->value;
	size_t n = 0;
	for (; next_word(&at, word); n++)
		if (read(l->into, word) != ERR_NONE)
			return err->code;
	if (n == 0 || *at != '\0')
		return err_set(err, ERR_DATA, "'%s' holds nothing of use: expected at least one",
		    l->value);
	return ERR_NONE;
}

static enum err_code
set_addresses(const struct key_line *l, struct err *err)
{
	return read_words(l, read_address, err);
}

static enum err_code
set_ptr(const struct key_line *l, struct err *err)
{
	return read_words(l, read_ptr, err);
}

static enum err_code
set_domains(const struct key_line *l, struct err *err)
{
	return read_words(l, read_domain, err);
}

static enum err_code
set_from(const struct key_line *l, struct err *err)
{
	char name[NAME_TEXT_MAX];
	if (!name_from_user(l->value, name) || name[0] == '\0' ||
	    name_host_fault(name) == NAME_BAD_BYTE)
		return err_set(err, ERR_DATA,
		    "'%s' is not a domain name: expected the domain of the From header", l->value);
	return key_text(l, err);
}

static enum err_code
read_dkim(struct wanted *w, const char *word)
{
	struct intent *in = w->in;
	if (w->n_dkim == INTENT_DKIM_MAX)
		return err_set(in->err, ERR_DATA, "more than %d for one server", INTENT_DKIM_MAX);
	w->dkim = arena_grow(in->a, w->dkim, w->n_dkim, &w->cap_dkim, sizeof *w->dkim);
	const char *fault = dkim_identity_read(in->a, word, &w->dkim[w->n_dkim]);
	if (fault != NULL)
		return err_set(in->err, ERR_DATA, "'%s': %s; expected DOMAIN/SELECTOR", word,
		    fault);
	w->n_dkim++;
	return ERR_NONE;
}

static enum err_code
set_dkim(const struct key_line *l, struct err *err)
{
	return read_words(l, read_dkim, err);
}

static enum err_code
set_provider(const struct key_line *l, struct err *err)
{
	struct wanted *w = l->into;
	const struct provider_list *known = w->in->known;
	const char **names = arena_array(l->arena, known->n + 1, sizeof *names);
	size_t n = 0;
	names[n++] = "manual";
	for (size_t i = 0; i < known->n; i++)
		names[n++] = known->at[i]->name;
	for (size_t i = 0; i < n; i++)
		if (strcmp(names[i], l->value) == 0)
			w->provider = names[i];
	if (w->provider != NULL)
		return ERR_NONE;
	if (known->fault[0] != '\0') /* it may be a program's */
		return err_set(err, ERR_DATA, "'%s' is not known: %s", l->value, known->fault);
	return err_set(err, ERR_DATA, "'%s' is not known: %s", l->value,
	    keys_choices(l->value, names, n, l->arena));
}

#define AT(member) offsetof(struct wanted, member)

static const struct key rows[] = {
	{ "address", set_addresses, .many = true, .arg = "IPv4 or IPv6 addresses" },
	{ "ehlo", set_name, AT(ehlo), .arg = "a full host name" },
	{ "ptr", set_ptr, .many = true, .arg = "full host names" },
	{ "domain", set_domains, .many = true, .arg = "domains" },
	{ "from", set_from, AT(from), .arg = "the domain in the From header" },
	{ "mail-from", key_text, AT(mail_from), .arg = "the sender in MAIL FROM" },
	{ "dkim", set_dkim, .many = true, .arg = "keys, as DOMAIN/SELECTOR" },
	{ "banner", set_name, AT(banner), .arg = "a full host name" },
	{ "provider", set_provider, .arg = "who is asked to write PTR records" },
};
static const struct keys keys = KEYS(rows);

static enum err_code
on_section(void *arg, const struct ini_line *line, struct err *err)
{
	struct intent *in = arg;
	for (size_t i = 0; i < in->n; i++)
		if (strcmp(in->list[i].section, line->section) == 0)
			return err_set(err, ERR_DATA, "the section [%s] is on line %d already",
			    line->section, in->list[i].line);
	if (line->section[0] == '\0')
		return err_set(err, ERR_DATA, "the section has no name");
	if (in->n == INTENT_ADDRESSES_MAX)
		return err_set(err, ERR_DATA, "more than %d sections", INTENT_ADDRESSES_MAX);
	in->list = arena_grow(in->a, in->list, in->n, &in->cap, sizeof *in->list);
	in->list[in->n++] = (struct wanted){
		.in = in,
		.section = arena_strdup(in->a, line->section),
		.line = line->line,
	};
	in->seen = 0;
	return ERR_NONE;
}

/* The section that was opened last; the defaults before the first. */
static enum err_code
on_key(void *arg, const struct ini_line *line, struct err *err)
{
	struct intent *in = arg;
	struct wanted *w = in->n > 0 ? &in->list[in->n - 1] : &in->defaults;
	if (w->line == 0)
		w->line = line->line;
	return keys_read(&keys, &in->seen, line, w, in->a, err);
}

/* ---- what the sections come to */

static enum err_code
check_complete(struct intent *in, const struct wanted *w, const char *ehlo)
{
	const char *section = w->section[0] == '\0' ? "" : arena_printf(in->a, "[%s] ", w->section);
	if (w->n_ips == 0)
		return err_set(in->err, ERR_DATA, "%s:%d: %shas no address: expected address = ...",
		    in->file, w->line, section);
	if (ehlo == NULL)
		return err_set(in->err, ERR_DATA,
		    "%s:%d: %shas no EHLO name: expected ehlo = mail.example.com", in->file,
		    w->line, section);
	return ERR_NONE;
}

static void
take_addresses(struct intent *in, const struct wanted *w, struct preflight_server *s)
{
	s->addresses = arena_array(in->a, w->n_ips, sizeof *s->addresses);
	s->n_addresses = w->n_ips;
	for (size_t i = 0; i < w->n_ips; i++) {
		s->addresses[i].ip = w->ips[i];
		ip_format(&w->ips[i], s->addresses[i].text);
	}
}

static enum err_code
take_server(struct intent *in, const struct wanted *w, struct preflight_server *s)
{
	const struct wanted *d = &in->defaults;
	const char *ehlo = w->ehlo != NULL ? w->ehlo : d->ehlo;
	const struct wanted *names = w->n_names > 0 ? w : d;
	const struct wanted *domains = w->n_domains > 0 ? w : d;
	const char *banner = w->banner != NULL ? w->banner : d->banner;
	const char *provider = w->provider != NULL ? w->provider : d->provider;
	const struct wanted *signers = w->n_dkim > 0 ? w : d;
	if (check_complete(in, w, ehlo) != ERR_NONE)
		return in->err->code;
	*s = (struct preflight_server){ .name = w->section,
		.line = w->line,
		.ehlo = ehlo,
		.banner = banner != NULL ? banner : ehlo,
		.domains = domains->domains,
		.n_domains = domains->n_domains,
		.from = w->from != NULL ? w->from : d->from,
		.mail_from = w->mail_from != NULL ? w->mail_from : d->mail_from,
		.dkim = signers->dkim,
		.n_dkim = signers->n_dkim,
		.provider = provider != NULL ? provider : "" };
	const char **list = arena_array(in->a, names->n_names + 1, sizeof *list);
	list[0] = ehlo;
	for (size_t i = 0; i < names->n_names; i++)
		list[i] = names->names[i];
	s->names = list;
	s->n_names = strset_make(list, names->n_names > 0 ? names->n_names : 1);
	take_addresses(in, w, s);
	return ERR_NONE;
}

static enum err_code
take_all(struct intent *in, struct preflight *out)
{
	const struct wanted *list = in->n > 0 ? in->list : &in->defaults;
	size_t n = in->n > 0 ? in->n : 1;
	if (in->n > 0 && in->defaults.n_ips > 0)
		return err_set(in->err, ERR_DATA,
		    "%s:%d: address: expected it in the section of its server", in->file,
		    in->defaults.line);
	if (in->n == 0 && in->defaults.line == 0)
		return err_set(in->err, ERR_DATA,
		    "%s: the file is empty: expected address = ... and ehlo = ...", in->file);
	out->servers = arena_array(in->a, n, sizeof *out->servers);
	for (size_t i = 0; i < n; i++)
		if (take_server(in, &list[i], &out->servers[i]) != ERR_NONE)
			return in->err->code;
	out->n_servers = n;
	return ERR_NONE;
}

enum err_code
intent_read_text(const char *name, const char *text, size_t len, struct arena *a,
    struct preflight *out, struct err *err)
{
	static const struct provider_options nobodys = { .n_own = 0 };
	struct provider_list table;
	struct intent in = { .file = arena_strdup(a, name), .a = a, .err = err };
	provider_list_make(&table, &nobodys, a);
	in.known = out->known != NULL ? out->known : &table;
	*out = (struct preflight){ .file = in.file, .known = out->known };
	in.defaults = (struct wanted){ .in = &in, .section = "" };
	if (ini_read_sections(name, text, len, on_section, on_key, &in, err) != ERR_NONE)
		return err->code = ERR_DATA; /* an input, not our configuration */
	return take_all(&in, out);
}

enum err_code
intent_read_file(const char *path, struct arena *a, struct preflight *out, struct err *err)
{
	bool is_input = strcmp(path, "-") == 0;
	struct buf text;
	buf_init(&text, FILE_MAX);
	enum err_code code = file_read(is_input ? "/dev/stdin" : path, &text, err);
	if (code == ERR_NONE)
		code = intent_read_text(is_input ? "standard input" : path, text.data, text.len, a,
		    out, err);
	buf_fini(&text);
	return code;
}
