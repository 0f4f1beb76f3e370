/* What SPF, DKIM, DMARC and the sender's domain have for the JSON object. */
#include "report_priv.h"
#include "views/dkim.h"
#include "views/dmarc.h"
#include "views/domain.h"
#include "views/spf.h"
#include "views/understanding.h"

/* The worst of the domains counts: null when there is none. */
void
part_sender_json(struct jsonw *w, struct understanding *k)
{
	size_t n;
	const struct domain_view *domains = known_domains(k, &n);
	enum domain_result worst = DOMAIN_PASS;

	for (size_t i = 0; i < n; i++)
		if (domains[i].result == DOMAIN_FAIL || worst == DOMAIN_PASS)
			worst = domains[i].result;
	jsonw_object(w, "sender");
	if (n > 0)
		jsonw_word(w, "result", &domain_result_names, (int)worst);
	else
		jsonw_null(w, "result");
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

/* Of an identity that was not judged the result is null. */
static void
spf_result_json(struct jsonw *w, const char *key, const struct spf_check *check)
{
	if (check != NULL)
		jsonw_word(w, key, &spf_result_names, (int)check->result);
	else
		jsonw_null(w, key);
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
