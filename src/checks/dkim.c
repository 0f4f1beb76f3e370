/* DKIM: the keys that were named, and the signatures of a message. */
#include "views/dkim.h"

#include <time.h>

#include "base/arena.h"
#include "checks/finding.h"
#include "checks/registry.h"
#include "dkim_rules_priv.h"
#include "views/names.h"
#include "views/world.h"

/* What is needed while the rows of one target are judged. */
struct dkim_case {
	struct understanding *k;
	struct findings *out;
	const struct dkim_view *view;
	bool another; /* of the message's signatures one verifies: the others do less harm */
};

static bool
dkim_applies(const struct target *t)
{
	return t->policy->named || t->names.n_dkim > 0 || t->names.message != NULL ||
	    t->names.guess_selectors;
}

static void
dkim_wants(const struct target *t, struct facts *f)
{
	dkim_want_keys(t, f);
}

/* Its findings are about the key's name, or about the domain. */
static const char *
subject_of(const struct dkim_row *row)
{
	if (row->key_name[0] != '\0')
		return row->key_name;
	return row->domain[0] != '\0' ? row->domain : "DKIM-Signature";
}

static struct finding *
add(const struct dkim_case *c, const struct dkim_row *row, enum dkim_rule rule,
    enum verdict verdict, const char *text)
{
	struct finding *f = finding_add(c->out, &dkim_rules[rule], verdict, subject_of(row), "%s",
	    text);
	if (row->key_name[0] != '\0') {
		finding_evidence(c->out, f,
		    world_fact(c->k->target, c->k->facts, row->key_name, DNS_TXT));
		finding_mark_planned(c->out, f);
	}
	return f;
}

/* "the signature of example.com (selector sel1)", "the key at sel1._domainkey.example.com". */
static const char *
name_row(const struct dkim_case *c, const struct dkim_row *row)
{
	struct arena *a = c->out->arena;
	if (row->signature == NULL)
		return arena_printf(a, "the key at %s", name_shown(row->key_name, a));
	if (row->domain[0] == '\0')
		return "a signature";
	return row->selector[0] == '\0' ?
	    arena_printf(a, "the signature of %s", name_shown(row->domain, a)) :
	    arena_printf(a, "the signature of %s (selector %s)", name_shown(row->domain, a),
		row->selector);
}

/* Of several signatures one that verifies is enough. */
static enum verdict
bad_verdict(const struct dkim_case *c, const struct dkim_row *row)
{
	return row->origin == DKIM_OF_MESSAGE && c->another ? VERDICT_WARN : VERDICT_FAIL;
}

/* ---- keys that cannot be used */

static const char *
publish(const struct dkim_case *c, const struct dkim_row *row)
{
	return arena_printf(c->out->arena,
	    "Publish the public key of the signer as the TXT record of %s, or sign with a selector "
	    "whose key is published.",
	    row->key_name);
}

static void
judge_missing(const struct dkim_case *c, const struct dkim_row *row)
{
	struct arena *a = c->out->arena;
	struct finding *f = add(c, row, RULE_KEY_MISSING, bad_verdict(c, row),
	    arena_printf(a, "%s %s: there is no key at %s", name_row(c, row),
		row->signature != NULL ? "cannot be verified" : "does not exist", row->key_name));
	if (row->signature == NULL)
		f->text = arena_printf(a, "there is no key: %s %s", name_shown(row->key_name, a),
		    row->answer->status == DNS_NXDOMAIN ? "does not exist" : "has no TXT record");
	finding_remedy(c->out, f, "%s", publish(c, row));
}

static void
judge_unusable(const struct dkim_case *c, const struct dkim_row *row)
{
	static const enum dkim_rule of_status[] = {
		[DKIM_KEY_GOOD] = RULE_KEY_GOOD,
		[DKIM_KEY_NOT_ONE] = RULE_KEY_INVALID,
		[DKIM_KEY_BROKEN] = RULE_KEY_INVALID,
		[DKIM_KEY_REVOKED] = RULE_KEY_REVOKED,
		[DKIM_KEY_TYPE] = RULE_KEY_INVALID,
		[DKIM_KEY_SERVICE] = RULE_KEY_INVALID,
		[DKIM_KEY_HASH] = RULE_KEY_INVALID,
		[DKIM_KEY_SHORT] = RULE_KEY_SHORT,
	};
	struct arena *a = c->out->arena;
	const struct dkim_key *key = row->key;
	const char *what = key->status == DKIM_KEY_SHORT ?
	    arena_printf(a, "it has %u bits, of %d that receivers demand", key->bits,
		DKIM_BITS_MIN) :
	    key->fault;
	struct finding *f = add(c, row, of_status[key->status], bad_verdict(c, row),
	    arena_printf(a, "%s is not usable: %s",
		row->signature == NULL ? name_row(c, row) :
					 arena_printf(a, "the key of %s", name_row(c, row)),
		what));
	if (key->status == DKIM_KEY_REVOKED)
		finding_remedy(c->out, f,
		    "Sign with a selector whose key is published; the owner of the domain has "
		    "withdrawn this one.");
	else if (key->status == DKIM_KEY_SHORT)
		finding_remedy(c->out, f,
		    "Make an RSA key of %d bits, publish it at a new selector, and sign with it.",
		    DKIM_BITS_ADVISED);
	else
		finding_remedy(c->out, f,
		    "Correct the TXT record of %s: it must read v=DKIM1; k=rsa; p= and the whole "
		    "key in "
		    "base64.",
		    row->key_name);
}

static void
judge_several(const struct dkim_case *c, const struct dkim_row *row)
{
	struct finding *f = add(c, row, RULE_KEY_SEVERAL, bad_verdict(c, row),
	    arena_printf(c->out->arena, "%s has several key records; there must be one",
		name_shown(row->key_name, c->out->arena)));
	finding_remedy(c->out, f,
	    "Keep the record of the key that signs, and remove the others at %s.", row->key_name);
}

static void
judge_unknown(const struct dkim_case *c, const struct dkim_row *row)
{
	struct arena *a = c->out->arena;
	bool body = row->reason == DKIM_BODY_UNKNOWN;
	struct finding *f = add(c, row, RULE_UNDECIDED, VERDICT_TEMPERROR,
	    arena_printf(a, "%s could not be checked: %s", name_row(c, row),
		body ? "the hash of the body could not be computed" :
		       dns_answer_reason(row->answer, a)));
	if (!body)
		finding_remedy(c->out, f, "%s",
		    remedy_unknown(row->answer,
			arena_printf(a, "fix the name servers of %s", name_shown(row->domain, a)),
			a));
}

/* ---- signatures that do not verify */

static const char *
day_of(struct arena *a, int64_t time_s)
{
	time_t t = (time_t)time_s;
	struct tm tm;
	char text[32] = "a day that no calendar has";
	if (gmtime_r(&t, &tm) != NULL)
		strftime(text, sizeof text, "%Y-%m-%d %H:%M UTC", &tm);
	return arena_strdup(a, text);
}

static const char *
explain_signature(const struct dkim_case *c, const struct dkim_row *row)
{
	struct arena *a = c->out->arena;
	const struct message_signature *s = row->signature;
	switch (row->reason) {
	case DKIM_SIGNATURE_FAULT:
		return s->dkim.fault;
	case DKIM_KEY_MISMATCH:
		return arena_printf(a, "a= is %s, but the key at %s is of another kind (k=)",
		    enumtab_name(&dkim_algorithm_names, (int)s->dkim.algorithm), row->key_name);
	case DKIM_KEY_IDENTITY:
		return "the key has t=s, which allows no subdomain in i=";
	case DKIM_EXPIRED:
		return arena_printf(a, "it has expired on %s", day_of(a, s->dkim.expires_s));
	case DKIM_HEADER_CHANGED:
		return s->body == MESSAGE_BODY_SAME ?
		    "the body is as it was signed, but a signed header field was changed, or "
		    "another key "
		    "signed it" :
		    "both the header and the body were changed, or another key signed it";
	case DKIM_BODY_CHANGED:
		return "the header is as it was signed, but the body was changed";
	case DKIM_BODY_SHORT:
		return arena_printf(a, "the body was cut: it has %llu bytes, and l= says %llu",
		    (unsigned long long)s->body_length, (unsigned long long)s->dkim.length);
	case DKIM_GOOD:
	case DKIM_NOT_JUDGED:
	case DKIM_KEY_UNKNOWN:
	case DKIM_KEY_MISSING:
	case DKIM_KEY_SEVERAL:
	case DKIM_KEY_UNUSABLE:
	case DKIM_BODY_UNKNOWN:
		break;
	}
	return "";
}

static const struct {
	enum dkim_rule rule;
	const char *remedy;
} broken[] = {
	[DKIM_SIGNATURE_FAULT] = { RULE_SIGNATURE_INVALID,
	    "Correct the settings of the signer (OpenDKIM: opendkim.conf; rspamd: "
	    "dkim_signing.conf)." },
	[DKIM_KEY_MISMATCH] = { RULE_SIGNATURE_INVALID,
	    "Publish the key of the kind that signs at this selector, or sign with the other "
	    "kind." },
	[DKIM_KEY_IDENTITY] = { RULE_SIGNATURE_INVALID,
	    "Sign with i= of the very domain in d=, or take the flag s out of the key's t=." },
	[DKIM_EXPIRED] = { RULE_EXPIRED,
	    "Let signatures last longer than a receiver's queue, seven days, say, and check the "
	    "signer's "
	    "clock." },
	[DKIM_HEADER_CHANGED] = { RULE_HEADER_CHANGED,
	    "Sign as the last step, after everything that writes header fields, and compare the "
	    "published "
	    "key with that of the signer." },
	[DKIM_BODY_CHANGED] = { RULE_BODY_CHANGED,
	    "Sign as the last step, after everything that writes to the body: footers, scanners, "
	    "recoding." },
	[DKIM_BODY_SHORT] = { RULE_BODY_CHANGED,
	    "Find out what cut the body after it was signed." },
};

static void
judge_broken(const struct dkim_case *c, const struct dkim_row *row)
{
	struct finding *f = add(c, row, broken[row->reason].rule, bad_verdict(c, row),
	    arena_printf(c->out->arena, "%s does not verify: %s", name_row(c, row),
		explain_signature(c, row)));
	finding_remedy(c->out, f, "%s", broken[row->reason].remedy);
}

/* ---- what is good, and what could be better */

static void
judge_small(const struct dkim_case *c, const struct dkim_row *row)
{
	struct arena *a = c->out->arena;
	const struct dkim_key *key = row->key;
	if (key->type == DKIM_RSA && key->bits < DKIM_BITS_ADVISED) {
		struct finding *f = add(c, row, RULE_KEY_SMALL, VERDICT_WARN,
		    arena_printf(a, "the key at %s has %u bits; %d are advised",
			name_shown(row->key_name, a), key->bits, DKIM_BITS_ADVISED));
		finding_remedy(c->out, f,
		    "Make an RSA key of %d bits, publish it at a new selector, and sign with it.",
		    DKIM_BITS_ADVISED);
	}
	if (key->testing) {
		struct finding *f = add(c, row, RULE_TESTING, VERDICT_WARN,
		    arena_printf(a, "the key at %s has t=y: its owner is still testing DKIM",
			name_shown(row->key_name, a)));
		finding_remedy(c->out, f, "Take y out of t= in the TXT record of %s.",
		    row->key_name);
	}
}

static void
judge_good(const struct dkim_case *c, const struct dkim_row *row)
{
	struct arena *a = c->out->arena;
	const char *kind = dkim_key_shown(row->key, a);
	if (row->signature == NULL)
		add(c, row, RULE_KEY_GOOD, VERDICT_PASS,
		    arena_printf(a, "%s is good: %s", name_row(c, row), kind));
	else
		add(c, row, RULE_SIGNATURE_GOOD, VERDICT_PASS,
		    arena_printf(a, "%s verifies: %s%s", name_row(c, row), kind,
			row->signature->from_sealed ? ", and no second From can be added" : ""));
	judge_small(c, row);
	if (row->signature == NULL || !row->signature->dkim.has_length)
		return;
	struct finding *f = add(c, row, RULE_BODY_LENGTH, VERDICT_WARN,
	    arena_printf(a, "%s covers the first %llu bytes of %llu of the body (l=)",
		name_row(c, row), (unsigned long long)row->signature->dkim.length,
		(unsigned long long)row->signature->body_length));
	finding_remedy(c->out, f, "Let the signer sign the whole body, without l=.");
}

static void
judge_assumed(const struct dkim_case *c, const struct dkim_row *row)
{
	struct finding *f = add(c, row, RULE_ASSUMED, VERDICT_INFO,
	    arena_printf(c->out->arena,
		"a signature of %s is taken as good: no selector was given, so its key was not "
		"looked up",
		name_shown(row->domain, c->out->arena)));
	finding_remedy(c->out, f, "Give the selector, too: --dkim %s/SELECTOR.", row->domain);
}

static void
judge_guessed(const struct dkim_case *c, const struct dkim_row *row)
{
	struct arena *a = c->out->arena;
	const char *what = row->reason == DKIM_GOOD ? dkim_key_shown(row->key, a) :
	    row->reason == DKIM_KEY_UNUSABLE        ? row->key->fault :
	    row->reason == DKIM_KEY_SEVERAL         ? "several records" :
						      dns_answer_reason(row->answer, a);
	add(c, row, RULE_GUESSED, VERDICT_INFO,
	    arena_printf(a, "guessed: %s: %s", name_shown(row->key_name, a), what));
}

static void
judge_row(const struct dkim_case *c, const struct dkim_row *row)
{
	static void (*const judges[])(const struct dkim_case *, const struct dkim_row *) = {
		[DKIM_GOOD] = judge_good,
		[DKIM_NOT_JUDGED] = judge_assumed,
		[DKIM_KEY_UNKNOWN] = judge_unknown,
		[DKIM_KEY_MISSING] = judge_missing,
		[DKIM_KEY_SEVERAL] = judge_several,
		[DKIM_KEY_UNUSABLE] = judge_unusable,
		[DKIM_KEY_MISMATCH] = judge_broken,
		[DKIM_KEY_IDENTITY] = judge_broken,
		[DKIM_SIGNATURE_FAULT] = judge_broken,
		[DKIM_EXPIRED] = judge_broken,
		[DKIM_HEADER_CHANGED] = judge_broken,
		[DKIM_BODY_CHANGED] = judge_broken,
		[DKIM_BODY_SHORT] = judge_broken,
		[DKIM_BODY_UNKNOWN] = judge_unknown,
	};
	if (row->origin == DKIM_GUESSED)
		judge_guessed(c, row);
	else
		judges[row->reason](c, row);
}

/* ---- the message as a whole */

static void
judge_message(const struct dkim_case *c, const struct message *m)
{
	const char *who = m->from.n > 0 ? m->from.list[0] : "message";
	struct arena *a = c->out->arena;
	if (m->n_signatures == 0) {
		struct finding *f = finding_add(c->out, &dkim_rules[RULE_UNSIGNED], VERDICT_WARN,
		    who, "the message has no DKIM-Signature field");
		finding_remedy(c->out, f,
		    "Let the mail server sign what it sends for the domain in From, with OpenDKIM "
		    "or "
		    "rspamd, say, and publish the key.");
	}
	bool mixed = m->n_cr > 0 || (m->n_lf > 0 && m->n_crlf > 0);
	if (!mixed)
		return;
	struct finding *f = finding_add(c->out, &dkim_rules[RULE_LINE_ENDS], VERDICT_WARN, who,
	    "the message has %llu lines that end in LF alone, %llu in CRLF, and %llu bytes of CR "
	    "that end "
	    "no line",
	    (unsigned long long)m->n_lf, (unsigned long long)m->n_crlf,
	    (unsigned long long)m->n_cr);
	finding_remedy(c->out, f, "%s",
	    arena_strdup(a,
		"Make the program that writes the mail end each line in CRLF, or each in LF "
		"where it hands it to sendmail."));
}

/* Nobody said who signs. */
static void
judge_nothing(const struct dkim_case *c)
{
	struct finding *f = finding_add(c->out, &dkim_rules[RULE_NOT_GIVEN], VERDICT_SKIP,
	    c->k->target->address, "not checked: no DKIM key and no message was given");
	finding_remedy(c->out, f,
	    "Name the key that signs, --dkim DOMAIN/SELECTOR, or give a message, --message FILE.");
}

static void
dkim_judge(struct understanding *k, struct findings *out)
{
	struct dkim_case c = { .k = k, .out = out, .view = known_dkim(k) };
	size_t guessed = 0;
	for (size_t i = 0; i < c.view->n; i++) {
		const struct dkim_row *row = &c.view->rows[i];
		c.another |= row->origin == DKIM_OF_MESSAGE && row->result == DKIM_PASS;
		guessed += row->origin == DKIM_GUESSED;
	}
	for (size_t i = 0; i < c.view->n; i++)
		judge_row(&c, &c.view->rows[i]);
	if (!c.view->is_given && c.view->n_guessed == 0)
		judge_nothing(&c);
	if (c.view->n_guessed > 0 && guessed == 0)
		finding_add(out, &dkim_rules[RULE_NOT_GUESSED], VERDICT_INFO,
		    known_sender(k)->from_domain,
		    "none of %zu usual selectors has a key: the signer uses another, or none",
		    c.view->n_guessed);
	if (c.view->message != NULL)
		judge_message(&c, c.view->message);
}

const struct check check_dkim = {
	.id = "dkim",
	.title = "DKIM keys and signatures",
	.spec = "RFC 6376 section 6",
	.rules = dkim_rules,
	.n_rules = DKIM_RULES,
	.applies = dkim_applies,
	.wants = dkim_wants,
	.judge = dkim_judge,
};
