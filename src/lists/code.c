/* What an answer of a list means: listed, clean, or unknown with a reason. */
#include "lists/code.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

static const struct enumtab_row state_rows[] = {
	{ "unknown", LIST_UNKNOWN },
	{ "clean", LIST_CLEAN },
	{ "listed", LIST_LISTED },
	{ "not-applicable", LIST_NOT_APPLICABLE },
};
const struct enumtab list_state_names = ENUMTAB(state_rows);

static const struct enumtab_row reason_rows[] = {
	{ "ok", LIST_OK },
	{ "pending", LIST_PENDING },
	{ "timeout", LIST_TIMEOUT },
	{ "servfail", LIST_SERVFAIL },
	{ "refused", LIST_REFUSED },
	{ "dns-error", LIST_DNS_ERROR },
	{ "refused-public-resolver", LIST_REFUSED_PUBLIC },
	{ "refused-volume", LIST_REFUSED_VOLUME },
	{ "refused-zone-name", LIST_REFUSED_TYPO },
	{ "refused-other", LIST_REFUSED_OTHER },
	{ "empty", LIST_EMPTY },
	{ "wildcard", LIST_WILDCARD },
	{ "parked", LIST_PARKED },
	{ "untested", LIST_UNTESTED },
	{ "not-asked", LIST_NOT_ASKED },
	{ "unsupported-family", LIST_FAMILY },
	{ "key-needed", LIST_KEY_NEEDED },
	{ "key-wrong", LIST_KEY_WRONG },
	{ "filtered", LIST_FILTERED },
	{ "over-budget", LIST_BUDGET },
	{ "private-servers", LIST_PRIVATE },
};
const struct enumtab list_reason_names = ENUMTAB(reason_rows);

static const char *const reason_texts[] = {
	[LIST_OK] = "it answered",
	[LIST_PENDING] = "it had not answered when the time was over",
	[LIST_TIMEOUT] = "it does not answer",
	[LIST_SERVFAIL] = "the look-up failed with SERVFAIL",
	[LIST_REFUSED] = "the question was refused with REFUSED",
	[LIST_DNS_ERROR] = "the look-up failed",
	[LIST_REFUSED_PUBLIC] =
	    "it refuses questions that come through a public or unattributable resolver",
	[LIST_REFUSED_VOLUME] = "it refuses this resolver because of too many questions",
	[LIST_REFUSED_TYPO] = "its operator says that the zone name is wrong",
	[LIST_REFUSED_OTHER] = "it answers with a code that refuses the question",
	[LIST_EMPTY] = "it does not list its own test entry, so its silence proves nothing",
	[LIST_WILDCARD] =
	    "it lists even the test entry that must not be listed, so it lists everything",
	[LIST_PARKED] = "it answers with an address outside 127.0.0.0/8, as parked domains do",
	[LIST_UNTESTED] = "it is silent and was not tested, and most tested lists seem empty",
	[LIST_NOT_ASKED] = "it was not asked",
	[LIST_FAMILY] = "it does not hold addresses of this family",
	[LIST_KEY_NEEDED] = "it answers only with a key",
	[LIST_KEY_WRONG] = "with this key it does not list its own test entry",
	[LIST_FILTERED] =
	    "its own test entry gets lost: the resolver may remove answers in 127.0.0.0/8",
	[LIST_BUDGET] = "it allows no more questions today",
	[LIST_PRIVATE] = "it was not asked: its name servers have private addresses alone",
};

const char *
list_reason_text(enum list_reason reason)
{
	size_t i = (size_t)reason;
	return i < sizeof reason_texts / sizeof reason_texts[0] ? reason_texts[i] : "";
}

enum kind { KIND_LISTING, KIND_REFUSAL, KIND_ODD, KIND_HARMLESS };

static const struct list_code *
find_row(const struct list_code *rows, size_t n, uint32_t code)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].first <= code && code <= rows[i].last)
			return &rows[i];
	return NULL;
}

/* SURBL and others answer with a sum: 127.0.0.N, a bit of N for each reason. */
static bool
is_sum(const struct list *l, uint32_t code)
{
	return l->n_bits > 0 && code >> 8 == 0x7f0000;
}

/* The worst row that explains the code; NULL when none does. */
static const struct list_code *
row_of(const struct list *l, uint32_t code)
{
	const struct list_code *worst = find_row(l->codes, l->n_codes, code);
	for (size_t i = 0; worst == NULL && is_sum(l, code) && i < l->n_bits; i++)
		if (code & l->bits[i].first)
			worst = &l->bits[i];
	for (size_t i = 0; worst != NULL && is_sum(l, code) && i < l->n_bits; i++)
		if ((code & l->bits[i].first) && l->bits[i].impact > worst->impact)
			worst = &l->bits[i];
	return worst;
}

static bool
has_rows(const struct list *l)
{
	return l->n_codes + l->n_bits > 0;
}

static uint32_t
code_of(const struct dns_record *record)
{
	const uint8_t *b = record->ip.bytes;
	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

/*
 * 127.255.255.0/24 is where operators put their errors.  127.0.0.1 is a refusal as well (URIBL,
 * SURBL), unless the list documents it as a code (RPBL).
 */
static enum kind
kind_of(const struct list *l, uint32_t code)
{
	if (code >> 24 != 127)
		return KIND_ODD;
	if (find_row(l->harmless, l->n_harmless, code) != NULL)
		return KIND_HARMLESS;
	if (code >> 8 == 0x7fffff || find_row(l->refusals, l->n_refusals, code) != NULL)
		return KIND_REFUSAL;
	if (code == 0x7f000001 && row_of(l, code) == NULL)
		return KIND_REFUSAL;
	return KIND_LISTING;
}

/* The first A record of that kind; NULL without one. */
static const struct dns_record *
find_kind(const struct list *l, const struct dns_answer *answer, enum kind kind)
{
	if (answer == NULL || answer->status != DNS_FOUND)
		return NULL;
	for (size_t i = 0; i < answer->n_records; i++)
		if (answer->records[i].ip.family == 4 &&
		    kind_of(l, code_of(&answer->records[i])) == kind)
			return &answer->records[i];
	return NULL;
}

bool
list_answer_lists(const struct list *l, const struct dns_answer *answer)
{
	return find_kind(l, answer, KIND_LISTING) != NULL;
}

static enum list_reason
refusal_reason(uint32_t code)
{
	static const struct {
		uint32_t code;
		enum list_reason reason;
	} rows[] = {
		{ 0x7ffffffc, LIST_REFUSED_TYPO },
		{ 0x7ffffffe, LIST_REFUSED_PUBLIC },
		{ 0x7fffffff, LIST_REFUSED_VOLUME },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (rows[i].code == code)
			return rows[i].reason;
	return LIST_REFUSED_OTHER;
}

static enum list_reason
failure_reason(const struct dns_answer *answer)
{
	static const struct {
		enum dns_status status;
		enum list_reason reason;
	} rows[] = {
		{ DNS_PENDING, LIST_PENDING },
		{ DNS_SERVFAIL, LIST_SERVFAIL },
		{ DNS_REFUSED, LIST_REFUSED },
		{ DNS_TIMEOUT, LIST_TIMEOUT },
		{ DNS_NOT_ASKED, LIST_NOT_ASKED },
		{ DNS_PRIVATE, LIST_PRIVATE },
	};
	if (answer == NULL || dns_is_known(answer->status))
		return LIST_OK;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (rows[i].status == answer->status)
			return rows[i].reason;
	return LIST_DNS_ERROR;
}

struct decision {
	enum list_state state;
	enum list_reason reason;
	enum kind kind; /* of the records in by that decided */
	const struct dns_answer *by;
};

static struct decision
unknown(enum list_reason reason, const struct dns_answer *by, enum kind kind)
{
	return (struct decision){ LIST_UNKNOWN, reason, kind, by };
}

/* A wrong key is answered like a name that does not exist. */
static bool
needs_key(const struct list *l)
{
	return l->key != NULL && *l->key != '\0';
}

/*
 * A list that is shut down or moved is emptied, lists everything, or its domain is parked; a
 * resolver that is not welcome gets an error code, and one with rebinding protection gets
 * nothing.  Each of these shows in one of the three answers before the address's own may count.
 */
static struct decision
decide(const struct list *l, const struct dns_answer *answer, const struct dns_answer *must_list,
    const struct dns_answer *must_not)
{
	const struct dns_answer *all[] = { answer, must_list, must_not };
	for (size_t i = 0; i < 3; i++)
		if (find_kind(l, all[i], KIND_ODD) != NULL)
			return unknown(LIST_PARKED, all[i], KIND_ODD);
	for (size_t i = 0; i < 3; i++) {
		const struct dns_record *refusal = find_kind(l, all[i], KIND_REFUSAL);
		if (refusal != NULL)
			return unknown(refusal_reason(code_of(refusal)), all[i], KIND_REFUSAL);
	}
	if (list_answer_lists(l, must_not))
		return unknown(LIST_WILDCARD, answer, KIND_LISTING);
	if (must_list != NULL && dns_is_known(must_list->status) &&
	    !list_answer_lists(l, must_list))
		return unknown(needs_key(l) ? LIST_KEY_WRONG : LIST_EMPTY, answer, KIND_LISTING);
	for (size_t i = 0; i < 2; i++) {
		enum list_reason failure = failure_reason(all[i]);
		if (failure != LIST_OK)
			return unknown(failure, answer, KIND_LISTING);
	}
	if (!list_answer_lists(l, answer))
		return (struct decision){ LIST_CLEAN, LIST_OK, KIND_LISTING, answer };
	/* only a listing needs the proof that the list does not list everything */
	enum list_reason failure = failure_reason(must_not);
	if (failure != LIST_OK)
		return unknown(failure, answer, KIND_LISTING);
	return (struct decision){ LIST_LISTED, LIST_OK, KIND_LISTING, answer };
}

static int
compare_codes(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

/* The deciding records' codes, sorted because resolvers rotate them; *n of them, each once. */
static uint32_t *
deciding_codes(const struct list *l, const struct decision *d, struct arena *a, size_t *n)
{
	*n = 0;
	if (d->by->status != DNS_FOUND)
		return NULL;
	uint32_t *codes = arena_array(a, d->by->n_records, sizeof *codes);
	size_t found = 0;
	for (size_t i = 0; i < d->by->n_records; i++) {
		const struct dns_record *record = &d->by->records[i];
		if (record->ip.family == 4 && kind_of(l, code_of(record)) == d->kind)
			codes[found++] = code_of(record);
	}
	if (found > 0)
		qsort(codes, found, sizeof *codes, compare_codes);
	for (size_t i = 0; i < found; i++)
		if (*n == 0 || codes[*n - 1] != codes[i])
			codes[(*n)++] = codes[i];
	return codes;
}

/* An unknown number does not alarm when the list documents its numbers. */
static enum list_impact
impact_of(const struct list *l, const struct list_code *row)
{
	if (row != NULL)
		return row->impact;
	return has_rows(l) && l->impact > LIST_LOW ? LIST_LOW : l->impact;
}

static const char *
meaning_of_sum(const struct list *l, uint32_t code, struct arena *a)
{
	const char *text = "";
	for (size_t i = 0; i < l->n_bits; i++)
		if (code & l->bits[i].first)
			text = arena_printf(a, "%s%s%s", text, *text != '\0' ? ", " : "",
			    l->bits[i].meaning);
	return text;
}

static const char *
meaning_of(const struct list *l, uint32_t code, const struct decision *d, struct arena *a)
{
	const struct list_code *refusal = find_row(l->refusals, l->n_refusals, code);
	if (d->kind == KIND_REFUSAL)
		return refusal != NULL ? refusal->meaning : "";
	if (d->state != LIST_LISTED)
		return "";
	const struct list_code *row = find_row(l->codes, l->n_codes, code);
	if (row != NULL)
		return row->meaning;
	const char *sum = is_sum(l, code) ? meaning_of_sum(l, code, a) : "";
	return *sum == '\0' && has_rows(l) ? "a code without a known meaning" : sum;
}

/* The worst code decides how much the listing matters. */
static void
weigh(const struct list *l, uint32_t code, bool first, struct list_verdict *out)
{
	const struct list_code *row = row_of(l, code);
	enum list_impact impact = impact_of(l, row);
	if (row != NULL && row->cause != LIST_CAUSE_NONE)
		out->cause = row->cause;
	if (first || impact > out->impact)
		out->impact = impact;
}

static void
add_code(const struct list *l, uint32_t code, const struct decision *d, struct arena *a,
    struct list_verdict *out)
{
	if (out->n_codes == sizeof out->codes / sizeof out->codes[0])
		return;
	const struct list_code *row = d->state == LIST_LISTED ? row_of(l, code) : NULL;
	out->fixes[out->n_codes] = row != NULL ? row->fix : "";
	out->causes[out->n_codes] = row != NULL ? row->cause : LIST_CAUSE_NONE;
	out->codes[out->n_codes] = arena_printf(a, "%u.%u.%u.%u", code >> 24, code >> 16 & 0xff,
	    code >> 8 & 0xff, code & 0xff);
	out->meanings[out->n_codes++] = meaning_of(l, code, d, a);
}

void
list_judge(const struct list *l, const struct dns_answer *answer,
    const struct dns_answer *must_list, const struct dns_answer *must_not, struct arena *a,
    struct list_verdict *out)
{
	size_t n;
	struct decision d = decide(l, answer, must_list, must_not);
	*out = (struct list_verdict){ .state = d.state, .reason = d.reason, .impact = l->impact };
	const uint32_t *codes = deciding_codes(l, &d, a, &n);
	for (size_t i = 0; i < n; i++) {
		add_code(l, codes[i], &d, a, out);
		if (d.state == LIST_LISTED)
			weigh(l, codes[i], i == 0, out);
	}
	const struct dns_record *odd = find_kind(l, d.by, KIND_ODD);
	if (d.reason == LIST_PARKED && odd != NULL)
		out->odd = odd->ip;
}
