/* Sentences about lists and listings. */
#include <string.h>

#include "base/arena.h"
#include "base/safe.h"
#include "base/strset.h"
#include "checks/dnsbl_priv.h"
#include "checks/repaired_priv.h"
#include "views/names.h"

enum { REASON_LEN_MAX = 300 };

const char *
dnsbl_show_list(const struct list *l, struct arena *a)
{
	return strcmp(l->name, l->zone) == 0 ? l->zone :
					       arena_printf(a, "%s (%s)", l->name, l->zone);
}

const char *
dnsbl_show_codes(const struct list_verdict *v, struct arena *a)
{
	const char *text = "";
	for (size_t i = 0; i < v->n_codes; i++) {
		const char *meaning = v->meanings[i];
		text = arena_printf(a, *meaning != '\0' ? "%s%s%s (%s)" : "%s%s%s%s", text,
		    i > 0 ? ", " : "", v->codes[i], meaning);
	}
	return text;
}

/* A meaning begins with the list's own word for it: "XBL: an infected host". */
const char *
dnsbl_show_words(const struct list_verdict *v, struct arena *a)
{
	const char *words[16], *text;
	size_t n = 0;
	for (size_t i = 0; i < v->n_codes; i++) {
		size_t len = strcspn(v->meanings[i], ":");
		if (len > 0 && v->meanings[i][len] == ':')
			words[n++] = arena_strndup(a, v->meanings[i], len);
	}
	n = strset_make(words, n);
	text = safe_join(a, words, n, ", ");
	return n > 0 ? arena_printf(a, " (%s)", text) : "";
}

const char *
dnsbl_show_reason(const char *text, struct arena *a)
{
	if (*text == '\0')
		return "";
	size_t len = strlen(text);
	bool cut = len > REASON_LEN_MAX;
	if (cut)
		len = REASON_LEN_MAX;
	while (cut && len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
		len--;
	return arena_printf(a, ", with the reason \"%.*s%s\"", (int)len, text, cut ? "..." : "");
}

/* "2001:db8:1:2::/64", with the host part of the address zeroed. */
static const char *
network64(const struct ip *ip, struct arena *a)
{
	struct ip net = *ip;
	char shown[IP_TEXT_MAX];
	memset(net.bytes + 8, 0, 8);
	return arena_printf(a, "%s/64", ip_format(&net, shown));
}

const char *
dnsbl_show_scope(const struct list_view *v, const struct target *t, struct arena *a)
{
	static const char *const texts[] = {
		[LIST_SCOPE_ADDRESS] = "",
		[LIST_SCOPE_24] = "; the entry is for its whole /24, not for this address",
		[LIST_SCOPE_64] = "",
		[LIST_SCOPE_NETWORK] = "; the entry is for the whole network, not for this address",
		[LIST_SCOPE_AS] = "; the entry is for the whole provider, not for this address",
	};
	if (v->is_domain)
		return "";
	enum list_scope scope = t->ip.family == 6 ? v->list->scope6 : v->list->scope;
	if (scope == LIST_SCOPE_64)
		return arena_printf(a, "; such entries are for a whole /64, here %s",
		    network64(&t->ip, a));
	return texts[scope];
}

/* How long until receivers have forgotten the PTR answer that is there now. */
static const char *
shown_wait(const struct dns_answer *ptr, struct arena *a)
{
	uint32_t ttl = ptr->status == DNS_FOUND ? ptr->records[0].ttl_s : ptr->soa_negative_ttl_s;
	return ttl > 0 ? duration_shown(ttl, a) : "some hours";
}

/* The list looks at the PTR record, too: it must see the new one first. */
static const char *
removal_order(struct understanding *k, const char *repair, const char *wait)
{
	if (repaired_is(k))
		return arena_printf(k->arena, "wait %s, until %s, when caches have expired", wait,
		    repaired_when(k));
	return arena_printf(k->arena, "%s; wait %s, until caches have expired", repair, wait);
}

void
dnsbl_explain(struct understanding *k, const struct list_view *v, struct dnsbl_explanation *out)
{
	*out = (struct dnsbl_explanation){ .text = "", .order = "", .aftermath = "" };
	if (v->explained == LIST_UNEXPLAINED)
		return;
	const char *wait = shown_wait(known_ptr(k)->answer, k->arena);
	if (v->explained == LIST_BY_NO_PTR) {
		out->text = "; the missing PTR record explains it (ptr.missing)";
		out->order = removal_order(k, "set the PTR record (see ptr.missing)", wait);
	} else if (v->explained == LIST_BY_GENERIC_PTR) {
		enum generic_class class = known_generic(k)->class;
		out->text = arena_printf(k->arena,
		    "; the generic PTR name explains it (generic_ptr.%s)",
		    enumtab_name(&generic_class_names, (int)class));
		out->order = removal_order(k,
		    "give the address your own PTR name (see generic_ptr)", wait);
	} else {
		bool no_ptr = v->verdict.cause == LIST_CAUSE_NO_PTR;
		out->aftermath = arena_printf(k->arena,
		    " The present PTR %s is not a reason for it; when it is newer than %s, wait "
		    "until caches have expired before you request removal.",
		    no_ptr ? "record" : "name", wait);
	}
}

static const char *
fix_of_code(const struct list_view *v, size_t i, const struct dnsbl_explanation *why)
{
	if (v->verdict.causes[i] != LIST_CAUSE_NONE && *why->order != '\0')
		return why->order;
	if (*v->verdict.fixes[i] != '\0')
		return v->verdict.fixes[i];
	if (*v->list->first_fix != '\0')
		return v->list->first_fix;
	return "find out from the list's reason and its page what it saw, and stop it";
}

const char *
dnsbl_show_fixes(const struct list_view *v, const struct dnsbl_explanation *why, struct arena *a)
{
	const char *fixes[16], *codes[16], *text = "";
	size_t n = 0;
	for (size_t i = 0; i < v->verdict.n_codes; i++) {
		const char *fix = fix_of_code(v, i, why);
		size_t k = 0;
		while (k < n && strcmp(fixes[k], fix) != 0)
			k++;
		fixes[k] = fix;
		codes[k] = k < n ? arena_printf(a, "%s and %s", codes[k], v->verdict.codes[i]) :
				   v->verdict.codes[i];
		n += k == n;
	}
	if (n == 1)
		return fixes[0];
	for (size_t k = 0; k < n; k++)
		text = arena_printf(a, "%s%sfor %s, %s", text, k > 0 ? "; " : "", codes[k],
		    fixes[k]);
	return text;
}
