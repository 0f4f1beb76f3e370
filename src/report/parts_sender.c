/* What SPF, DKIM, DMARC and the sender's domain have for the JSON object. */
#include "base/arena.h"
#include "base/safe.h"
#include "report_priv.h"
#include "views/dkim.h"
#include "views/dmarc.h"
#include "views/domain.h"
#include "views/spf.h"
#include "views/understanding.h"

/* The worst of the domains counts; NULL when there is none. */
static const char *
sender_word(struct understanding *k)
{
	size_t n;
	const struct domain_view *domains = known_domains(k, &n);
	enum domain_result worst = DOMAIN_PASS;

	for (size_t i = 0; i < n; i++)
		if (domains[i].result == DOMAIN_FAIL || worst == DOMAIN_PASS)
			worst = domains[i].result;
	return n > 0 ? enumtab_name(&domain_result_names, (int)worst) : NULL;
}

void
part_sender_json(struct jsonw *w, struct understanding *k)
{
	size_t n;
	const struct domain_view *domains = known_domains(k, &n);

	jsonw_object(w, "sender");
	jsonw_text(w, "result", n > 0 ? sender_word(k) : "");
	jsonw_array(w, "domains");
	for (size_t i = 0; i < n; i++) {
		jsonw_object(w, NULL);
		jsonw_string(w, "name", domains[i].name);
		jsonw_word(w, "result", &domain_result_names, (int)domains[i].result);
		jsonw_object_end(w);
	}
	jsonw_array_end(w);
	jsonw_object_end(w);
}

void
part_sender_take(struct understanding *k, struct digest *d)
{
	d->sender = sender_word(k);
}

/* Of an identity that was not judged the result is null. */
static void
spf_result_json(struct jsonw *w, const char *key, const struct spf_check *check)
{
	if (check != NULL)
		jsonw_word(w, key, &spf_result_names, (int)check->result);
	else
		jsonw_null(w, key);
}

static const char *
spf_word(const struct spf_check *check)
{
	return check != NULL ? enumtab_name(&spf_result_names, (int)check->result) : NULL;
}

void
part_spf_take(struct understanding *k, struct digest *d)
{
	d->spf = spf_word(known_spf(k)->main);
	d->spf_helo = spf_word(known_spf(k)->helo);
}

void
part_spf_json(struct jsonw *w, struct understanding *k)
{
	static const struct spf_check nobody = { .sender = "",
		.domain = "",
		.record = "",
		.explanation = "" };
	const struct spf_view *v = known_spf(k);
	const struct spf_check *check = v->main != NULL ? v->main : &nobody;

	jsonw_object(w, "spf");
	spf_result_json(w, "result", v->main);
	jsonw_text(w, "sender", check->sender);
	jsonw_text(w, "domain", check->domain);
	spf_result_json(w, "helo_result", v->helo);
	jsonw_int(w, "lookups", check->lookups);
	jsonw_int(w, "void_lookups", check->voids);
	jsonw_text(w, "record", check->record);
	jsonw_text(w, "explanation", check->explanation);
	jsonw_object_end(w);
}

static void
dkim_row_json(struct jsonw *w, const struct dkim_row *row)
{
	static const char *const origins[] = {
		[DKIM_OF_MESSAGE] = "message",
		[DKIM_NAMED] = "given",
		[DKIM_ASSUMED] = "assumed",
		[DKIM_GUESSED] = "guessed",
	};

	jsonw_object(w, NULL);
	jsonw_text(w, "domain", row->domain);
	jsonw_text(w, "selector", row->selector);
	jsonw_word(w, "result", &dkim_result_names, (int)row->result);
	if (row->key != NULL && row->key->bits > 0)
		jsonw_int(w, "bits", row->key->bits);
	else
		jsonw_null(w, "bits");
	jsonw_string(w, "origin", origins[row->origin]);
	jsonw_object_end(w);
}

void
part_dkim_json(struct jsonw *w, struct understanding *k)
{
	const struct dkim_view *v = known_dkim(k);

	jsonw_array(w, "dkim");
	for (size_t i = 0; i < v->n; i++)
		dkim_row_json(w, &v->rows[i]);
	jsonw_array_end(w);
}

/* A domain without a selector stands for any key of its own. */
void
part_dkim_take(struct understanding *k, struct digest *d)
{
	const struct dkim_view *v = known_dkim(k);

	for (size_t i = 0; i < v->n; i++) {
		const struct dkim_row *row = &v->rows[i];
		d->dkim = arena_printf(k->arena, "%s%s%s%s%s=%s", i > 0 ? d->dkim : "",
		    i > 0 ? " " : "", safe_name(k->arena, row->domain),
		    row->selector[0] != '\0' ? "/" : "", safe_name(k->arena, row->selector),
		    enumtab_name(&dkim_result_names, (int)row->result));
	}
}

static void
dmarc_record_json(struct jsonw *w, const struct dmarc_view *v)
{
	const struct dmarc_record *r = v->record;

	jsonw_text(w, "domain", v->step != NULL ? v->step->domain : "");
	jsonw_text(w, "record", r != NULL ? r->text : "");
	if (r == NULL) {
		jsonw_null(w, "policy");
		jsonw_null(w, "adkim");
		jsonw_null(w, "aspf");
		return;
	}
	jsonw_word(w, "policy", &dmarc_policy_names, (int)v->policy);
	jsonw_string(w, "adkim", r->strict_dkim ? "s" : "r");
	jsonw_string(w, "aspf", r->strict_spf ? "s" : "r");
}

void
part_dmarc_json(struct jsonw *w, struct understanding *k)
{
	const struct dmarc_view *v = known_dmarc(k);

	jsonw_object(w, "dmarc");
	jsonw_word(w, "result", &dmarc_result_names, (int)v->result);
	jsonw_text(w, "from", v->from);
	jsonw_text(w, "org_domain", v->walk != NULL ? v->walk->org : "");
	dmarc_record_json(w, v);
	jsonw_text(w, "aligned_spf", v->aligned_spf != NULL ? v->aligned_spf : "");
	jsonw_text(w, "aligned_dkim", v->aligned_dkim != NULL ? v->aligned_dkim : "");
	jsonw_object_end(w);
}

void
part_dmarc_take(struct understanding *k, struct digest *d)
{
	const struct dmarc_view *v = known_dmarc(k);

	if (v->from[0] != '\0')
		d->dmarc = enumtab_name(&dmarc_result_names, (int)v->result);
}
