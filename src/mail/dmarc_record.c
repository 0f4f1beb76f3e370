/* The DMARC policy record: read, with the place of each fault. */
#include "mail/dmarc_record.h"

#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/mime.h"

static const struct enumtab_row policy_rows[] = {
	{ "none", DMARC_NONE },
	{ "quarantine", DMARC_QUARANTINE },
	{ "reject", DMARC_REJECT },
};
const struct enumtab dmarc_policy_names = ENUMTAB(policy_rows);

static const struct enumtab_row alignment_rows[] = { { "r", false }, { "s", true } };
static const struct enumtab_row testing_rows[] = { { "n", false }, { "y", true } };
static const struct enumtab_row psd_rows[] = {
	{ "u", DMARC_PSD_UNSAID },
	{ "n", DMARC_PSD_NO },
	{ "y", DMARC_PSD_YES },
};
static const struct enumtab alignments = ENUMTAB(alignment_rows);
static const struct enumtab testings = ENUMTAB(testing_rows);
static const struct enumtab psds = ENUMTAB(psd_rows);

/* After "v", blanks and "=": the version and what ends it; NULL when the text begins otherwise. */
static const char *
version_of(const char *text)
{
	text += strspn(text, " \t");
	if (*text != 'v' && *text != 'V')
		return NULL;
	text += 1 + strspn(text + 1, " \t");
	if (*text != '=')
		return NULL;
	return text + 1 + strspn(text + 1, " \t");
}

bool
dmarc_is_record(const char *text)
{
	const char *version = version_of(text);
	if (version == NULL || *text == ' ' || *text == '\t' || strncmp(version, "DMARC1", 6) != 0)
		return false;
	version += 6 + strspn(version + 6, " \t");
	return *version == '\0' || *version == ';';
}

const char *
dmarc_near_miss(const char *text)
{
	const char *version = version_of(text);
	if (dmarc_is_record(text))
		return NULL;
	if (version == NULL)
		return strcasestr(text, "DMARC1") != NULL ? "does not begin with v=DMARC1" : NULL;
	if (strncasecmp(version, "DMARC1", 6) != 0)
		return strncasecmp(version, "DMARC", 5) == 0 ? "has another version than DMARC1" :
							       NULL;
	if (strncmp(version, "DMARC1", 6) != 0)
		return "writes DMARC1 in small letters";
	if (*text == ' ' || *text == '\t')
		return "begins with a blank";
	return "has no semicolon after v=DMARC1";
}

/* What a tag of few words says; a word that is not valid is a fault, and as good as none. */
static bool
read_word(struct tag_list *l, const char *name, const struct enumtab *words, const char *fault,
    int *out)
{
	const struct tag *tag = tags_find(l, name);
	if (tag == NULL)
		return false;
	if (enumtab_code(words, tag->value, out))
		return true;
	tags_fault(l, tag->value_at, tag->name, fault);
	return false;
}

static void
read_policy(struct dmarc_record *r, const char *name, bool *has, enum dmarc_policy *out)
{
	int code = DMARC_NONE;
	*has = read_word(&r->tags, name, &dmarc_policy_names, "must be none, quarantine or reject",
	    &code);
	*out = (enum dmarc_policy)code;
	r->bad_policy |= !*has && tags_find(&r->tags, name) != NULL;
}

/* "scheme:" (RFC 3986 3.1) and something after it, without what must be encoded there */
static bool
is_uri(const char *text)
{
	size_t scheme = strspn(text,
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");
	return scheme > 0 && text[scheme] == ':' && text[scheme + 1] != '\0' &&
	    strpbrk(text, " \t<>\"") == NULL;
}

static void
read_report_uri(struct arena *a, struct dmarc_record *r, const struct tag *tag, const char *uri)
{
	static const char mailto[] = "mailto:";
	struct tag_list *l = &r->tags;
	size_t len = strcspn(uri, "!");
	const char *plain = arena_strndup(a, uri, len); /* a size after "!" is obsolete */
	if (!is_uri(plain)) {
		tags_fault(l, tag->value_at, tag->name,
		    strchr(plain, '@') != NULL ? "has an address without mailto:" :
						 "has what is not a valid URI");
		return;
	}
	if (uri[len] != '\0')
		tags_fault(l, tag->value_at, tag->name,
		    "has a size limit, which RFC 9989 took away");
	bool mail = strncasecmp(plain, mailto, sizeof mailto - 1) == 0;
	const char *address = arena_strndup(a, plain + (mail ? sizeof mailto - 1 : 0),
	    strcspn(plain + (mail ? sizeof mailto - 1 : 0), "?"));
	if (mail && mime_domain(address)[0] == '\0') {
		tags_fault(l, tag->value_at, tag->name, "has a mailto: without a mail address");
		return;
	}
	if (strcmp(tag->name, "rua") != 0)
		return;
	r->has_report_uri = true;
	if (mail)
		r->reports[r->n_reports++] = address;
}

static void
read_report_uris(struct arena *a, struct dmarc_record *r, const char *name)
{
	const struct tag *tag = tags_find(&r->tags, name);
	size_t n;
	if (tag == NULL)
		return;
	const char **uris = tags_words(a, tag->value, ',', DMARC_REPORT_URIS_MAX, &n);
	for (size_t i = 0; i < n; i++)
		read_report_uri(a, r, tag, uris[i]);
	if (n == 0)
		tags_fault(&r->tags, tag->value_at, tag->name, "has no address");
}

/* fo: 0 or 1, d, s, each at most once */
static void
read_failure_options(struct arena *a, struct dmarc_record *r)
{
	const struct tag *tag = tags_find(&r->tags, "fo");
	size_t n, seen[4] = { 0 };
	if (tag == NULL)
		return;
	const char **words = tags_words(a, tag->value, ':', 8, &n);
	bool good = n > 0;
	for (size_t i = 0; i < n; i++) {
		const char *known = strchr("01ds", words[i][0] | (words[i][0] >= 'A' ? 0x20 : 0));
		good = good && words[i][1] == '\0' && known != NULL && *known != '\0';
		if (good)
			good = seen[strcspn("01ds", known)]++ == 0;
	}
	if (!good || (seen[0] > 0 && seen[1] > 0))
		tags_fault(&r->tags, tag->value_at, tag->name,
		    "must be 0 or 1, d and s, with colons");
}

/* Tags that the record has and RFC 9989 has not: those of RFC 7489 and unknown ones. */
static void
read_others(struct arena *a, struct dmarc_record *r)
{
	static const char *const known[] = { "v", "p", "sp", "np", "adkim", "aspf", "t", "psd",
		"rua", "ruf", "fo" };
	static const char *const gone[] = { "pct", "rf", "ri" };
	for (size_t i = 0; i < r->tags.n; i++) {
		const struct tag *tag = &r->tags.tags[i];
		bool found = false, removed = false;
		for (size_t k = 0; k < sizeof known / sizeof known[0]; k++)
			found |= strcasecmp(tag->name, known[k]) == 0;
		for (size_t k = 0; k < sizeof gone / sizeof gone[0]; k++)
			removed |= strcasecmp(tag->name, gone[k]) == 0;
		if (removed)
			r->removed_tags = arena_printf(a, "%s%s%s", r->removed_tags,
			    r->removed ? ", " : "", tag->name);
		r->removed |= removed;
		if (!found && !removed)
			tags_fault(&r->tags, tag->at, tag->name, "is not a tag of DMARC");
	}
}

void
dmarc_record_read(struct arena *a, const char *text, struct dmarc_record *out)
{
	int strict_dkim = false, strict_spf = false, testing = false, psd = DMARC_PSD_UNSAID;
	*out = (struct dmarc_record){ .text = text, .removed_tags = "" };
	tags_read(a, text, strlen(text), &out->tags);
	read_policy(out, "p", &out->has_p, &out->p);
	read_policy(out, "sp", &out->has_sp, &out->sp);
	read_policy(out, "np", &out->has_np, &out->np);
	out->bad_policy |= !out->has_p;
	read_word(&out->tags, "adkim", &alignments, "must be r or s", &strict_dkim);
	read_word(&out->tags, "aspf", &alignments, "must be r or s", &strict_spf);
	read_word(&out->tags, "t", &testings, "must be y or n", &testing);
	read_word(&out->tags, "psd", &psds, "must be y, n or u", &psd);
	out->strict_dkim = strict_dkim;
	out->strict_spf = strict_spf;
	out->testing = testing;
	out->psd = (enum dmarc_psd)psd;
	out->reports = arena_array(a, DMARC_REPORT_URIS_MAX, sizeof *out->reports);
	read_report_uris(a, out, "rua");
	read_report_uris(a, out, "ruf");
	read_failure_options(a, out);
	read_others(a, out);
}

bool
dmarc_record_applies(const struct dmarc_record *r)
{
	return !r->bad_policy || r->has_report_uri;
}

enum dmarc_policy
dmarc_record_policy(const struct dmarc_record *r, enum dmarc_place place)
{
	if (r->bad_policy)
		return DMARC_NONE;
	if (place == DMARC_MISSING && r->has_np)
		return r->np;
	return place != DMARC_OWN && r->has_sp ? r->sp : r->p;
}

enum dmarc_policy
dmarc_record_effective(const struct dmarc_record *r, enum dmarc_place place)
{
	enum dmarc_policy policy = dmarc_record_policy(r, place);
	return r->testing && policy != DMARC_NONE ? policy - 1 : policy;
}
