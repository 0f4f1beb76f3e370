/* What a case gives: policy, target, and the answers to what is asked. */
#include "by_name.h"
#include "judge_priv.h"

#include <time.h>

#include "checks/registry.h"
#include "gather/dump.h"
#include "judge_lists.h"
#include "mail/message.h"
#include "test.h"

enum { ROUNDS_MAX = 50 };

/* "*60 text {N}": the text's count, and the text after it. */
static size_t
repetitions(const char **text)
{
	if ((*text)[0] != '*' || (*text)[1] < '0' || (*text)[1] > '9')
		return 1;
	char *end;
	size_t n = strtoul(*text + 1, &end, 10);
	*text = end + strspn(end, " ");
	return n;
}

static const char *
repetition(struct arena *a, const char *text, size_t index)
{
	const char *mark = strstr(text, "{N}");
	if (mark == NULL)
		return text;
	return arena_printf(a, "%.*s%zu%s", (int)(mark - text), text, index, mark + 3);
}

/* The string at an index of an array; fails the test when there is none. */
const char *
case_text(const json_t *array, size_t index)
{
	const char *text = json_string_value(json_array_get(array, index));
	if (text == NULL)
		fail_msg("a string was expected at index %zu", index);
	return text != NULL ? text : "";
}

/* The strings of an array (or one string), repetitions written out. */
const char **
case_strings(struct run *r, const json_t *value, size_t *n)
{
	const char **list = NULL;
	size_t cap = 0, count = json_is_string(value) ? 1 : json_array_size(value);
	*n = 0;
	for (size_t i = 0; i < count; i++) {
		const char *text = json_is_string(value) ? json_string_value(value) :
							   case_text(value, i);
		for (size_t k = 0, times = repetitions(&text); k < times; k++) {
			list = arena_grow(&r->arena, list, *n, &cap, sizeof(*list));
			list[(*n)++] = repetition(&r->arena, text, k);
		}
	}
	return list;
}

static int
read_code(const struct enumtab *table, const char *word)
{
	int code = 0;
	if (!enumtab_code(table, word, &code))
		fail_msg("\"%s\" is unknown", word);
	return code;
}

/* "2026-01-14 23:59:59", in UTC, as seconds since the epoch. */
static int64_t
read_time(const json_t *json, const char *key, int64_t otherwise)
{
	const char *text = json_string_value(json_object_get(json, key));
	struct tm tm = { .tm_isdst = 0 };
	if (text == NULL)
		return otherwise;
	const char *end = strptime(text, "%Y-%m-%d %H:%M:%S", &tm);
	if (end == NULL || *end != '\0')
		fail_msg("\"%s\" is not a time", text);
	return timegm(&tm);
}

/* "lists_file" lies beside the cases; "exhausted" names its lists that allow no more questions. */
static void
read_lists(struct run *r, const json_t *json, const char *check)
{
	const char *file = json_get_string(&r->reader, json, "lists_file", "");
	const char *path = arena_printf(&r->arena, "tests/judge/%s/%s", check, file);
	if (file[0] != '\0' && catalogue_read_file(&r->lists, &r->arena, path, &r->err) != ERR_NONE)
		fail_msg("%s", r->err.text);
	size_t n;
	const char **zones = case_strings(r, json_object_get(json, "exhausted"), &n);
	for (size_t i = 0; i < n; i++) {
		struct list *list = catalogue_find(&r->lists, zones[i]);
		if (list == NULL)
			fail_msg("there is no list %s", zones[i]);
		else
			list->exhausted = true;
	}
	r->policy.probe = json_get_string(&r->reader, json, "probe", "");
	r->policy.tested = case_strings(r, json_object_get(json, "tested"), &r->policy.n_tested);
}

static void
read_policy(struct run *r, const json_t *json)
{
	struct json_reader *in = &r->reader;
	struct err *err = &r->err;
	const char *lists = json_get_string(in, json, "lists", "");
	if (generic_table_read_file("data/generic-ptr.ini", &r->generic, err) != ERR_NONE)
		fail_msg("%s", err->text);
	if (hoster_table_read_file("data/hosters.ini", &r->hosters, err) != ERR_NONE)
		fail_msg("%s", err->text);
	if (lists[0] != '\0' &&
	    catalogue_read_text(&r->lists, &r->arena, "lists", lists, strlen(lists), err) !=
		ERR_NONE)
		fail_msg("%s", err->text);
	bool receivers = json_get_bool(in, json, "receivers", false);
	if (receivers && receiver_table_read_dir("data/receivers", &r->receivers, err) != ERR_NONE)
		fail_msg("%s", err->text);
	r->policy = (struct policy){
		.lists = &r->lists,
		.generic = r->generic,
		.hosters = r->hosters,
		.receivers = r->receivers,
		.show_receivers = receivers,
		.bulk = json_get_bool(in, json, "bulk", false),
		.smtp = json_get_bool(in, json, "smtp", false),
		.smtp_port = (uint16_t)json_get_int(in, json, "smtp_port", 1, 65535, 25),
		.allow_special = json_get_bool(in, json, "allow_special", true),
		.authority = (enum authority_mode)read_code(&authority_mode_names,
		    json_get_string(in, json, "authority", "never")),
		.authority_port = 53,
		.offline = json_get_bool(in, json, "offline", false),
		.many = json_get_bool(in, json, "many", false),
		.named = json_get_bool(in, json, "named", false),
		.explain = json_get_bool(in, json, "explain", false),
		.lists_direct = json_get_bool(in, json, "lists_direct", false),
		.now_s = read_time(json, "now", 1800000000),
	};
}

/* Keys as --dkim has them, and the text of a message. */
static void
read_signers(struct run *r, const json_t *json)
{
	struct target_names *names = &r->target.names;
	const char **keys = case_strings(r, json_object_get(json, "dkim"), &names->n_dkim);
	struct dkim_identity *dkim = arena_array(&r->arena, names->n_dkim, sizeof *dkim);
	for (size_t i = 0; i < names->n_dkim; i++)
		if (dkim_identity_read(&r->arena, keys[i], &dkim[i]) != NULL)
			fail_msg("\"%s\" is not a key", keys[i]);
	names->dkim = dkim;
	names->guess_selectors = json_get_bool(&r->reader, json, "guess_selectors", false);
	const char *text = json_get_string(&r->reader, json, "message", NULL);
	if (text == NULL)
		return;
	struct message *m = arena_alloc(&r->arena, sizeof *m);
	struct message_reader *reader = message_begin(&r->arena);
	if (message_add(reader, text, strlen(text), &r->err) != ERR_NONE ||
	    message_end(reader, m, &r->err) != ERR_NONE)
		fail_msg("%s", r->err.text);
	names->message = m;
}

static void
read_target(struct run *r, const json_t *json)
{
	struct json_reader *in = &r->reader;
	const char *address = json_need_string(in, json, "address");
	if (!ip_parse(address, &r->target.ip))
		fail_msg("\"%s\" is not an address", address);
	ip_format(&r->target.ip, r->target.address);
	r->target.names.host = json_get_string(in, json, "host", "");
	r->target.names.mx_of = json_get_string(in, json, "mx_of", NULL);
	r->target.names.ehlo = json_get_string(in, json, "ehlo", "");
	r->target.names.domain = json_get_string(in, json, "domain", "");
	r->target.names.mail_from = json_get_string(in, json, "mail_from", NULL);
	r->target.names.from = json_get_string(in, json, "from", NULL);
	read_signers(r, json);
	r->target.policy = &r->policy;
}

static struct endpoint
read_endpoint(const char *text)
{
	struct endpoint e = { .port = 53 };
	if (text[0] != '\0' && !endpoint_parse(text, 53, &e))
		fail_msg("\"%s\" is no server", text);
	return e;
}

static void
read_records(struct run *r, const json_t *row, const char *name, struct dns_answer *out)
{
	struct json_reader *in = &r->reader;
	const json_t *options = json_array_get(row, 4);
	size_t n;
	const char **texts = case_strings(r, json_array_get(row, 3), &n);
	uint16_t type = (uint16_t)read_code(&dns_type_names, case_text(row, 0));
	out->records = arena_array(&r->arena, n, sizeof(*out->records));
	out->n_records = n;
	for (size_t i = 0; i < n; i++) {
		struct dns_record *record = &out->records[i];
		record->owner = json_get_string(in, options, "owner", dns_answer_end(out, name));
		record->type = type;
		record->ttl_s = (uint32_t)json_get_int(in, options, "ttl", 0, UINT32_MAX, 3600);
		record->text = texts[i];
		if ((type == DNS_A || type == DNS_AAAA) && !ip_parse(texts[i], &record->ip))
			fail_msg("\"%s\" is not an address", texts[i]);
	}
}

static struct dns_answer
read_answer(struct run *r, const json_t *row, const char *name)
{
	struct json_reader *in = &r->reader;
	const json_t *options = json_array_get(row, 4);
	struct dns_answer answer = {
		.status = (enum dns_status)read_code(&dns_status_names, case_text(row, 2)),
		.rcode = -1,
		.ede = (int)json_get_int(in, options, "ede", -1, 65535, -1),
		.ede_text = json_get_string(in, options, "ede_text", ""),
		.authoritative = json_get_bool(in, options, "aa",
		    json_object_get(options, "at") != NULL),
		.planned = json_get_bool(in, options, "planned", false),
		.server = read_endpoint(json_get_string(in, options, "server", "127.0.0.53")),
		.time_us = 1000,
		.attempts = 1,
		.soa_zone = json_get_string(in, options, "soa_zone", ""),
		.soa_mail = json_get_string(in, options, "soa_mail", ""),
		.soa_negative_ttl_s = (uint32_t)json_get_int(in, options, "negative_ttl", 0,
		    UINT32_MAX, 3600),
		.referral = json_get_string(in, options, "referral", ""),
	};
	answer.chain = case_strings(r, json_object_get(options, "chain"), &answer.n_chain);
	read_records(r, row, name, &answer);
	return answer;
}

static bool
row_is_for(struct run *r, const json_t *row, const struct fact *fact)
{
	const char *name = case_text(row, 1);
	const char *at = json_get_string(&r->reader, json_array_get(row, 4), "at", "");
	if (read_code(&dns_type_names, case_text(row, 0)) != fact->type)
		return false;
	if ((at[0] != '\0') != fact->at_server)
		return false;
	struct endpoint server = read_endpoint(at);
	if (fact->at_server && !endpoint_equal(&server, &fact->endpoint))
		return false;
	for (size_t i = 0, n = repetitions(&name); i < n; i++)
		if (strcmp(repetition(&r->arena, name, i), fact->name) == 0)
			return true;
	return false;
}

static bool
answer_dns(struct run *r, struct fact *fact)
{
	size_t index;
	json_t *row;
	json_array_foreach (json_object_get(r->json, "dns"), index, row) {
		if (!row_is_for(r, row, fact))
			continue;
		struct dns_answer answer = read_answer(r, row, fact->name);
		facts_set_dns(fact, &r->arena, &answer);
		r->asked[index] = true;
		return true;
	}
	const char *words = json_string_value(json_object_get(r->json, "answers"));
	struct dns_answer answer;
	if (words == NULL || !judge_lists_answer(&r->target, words, fact, &r->arena, &answer))
		return false;
	facts_set_dns(fact, &r->arena, &answer);
	return true;
}

/* Where a dialogue ended nothing more was said, whatever the case that this one is like has. */
static void
cut_dialogue(struct smtp_dialogue *d, bool began)
{
	bool greeted = d->status == SMTP_TALKED && d->banner_code == 220;
	if (d->status != SMTP_TALKED) {
		d->banner_code = 0;
		d->banner = began ? d->banner : "";
	}
	if (!greeted) {
		d->banner_name = began ? d->banner_name : "";
		d->ehlo_name = "";
		d->ehlo_code = 0;
		d->notes = 0;
		d->n_capabilities = 0;
		d->tls = SMTP_TLS_UNKNOWN;
		d->tls_error = "";
	}
	if (d->tls != SMTP_TLS_DONE) {
		d->tls_name = d->tls_version = d->tls_cipher = d->tls_exchange = "";
		d->tls_weak = false;
		d->cert = smtp_dialogue_pending.cert;
	}
}

static struct smtp_chain_fault
read_fault(struct json_reader *in, const json_t *cert, const char *key)
{
	const json_t *json = json_object_get(cert, key);
	return (struct smtp_chain_fault){
		.depth = (int)json_get_int(in, json, "depth", 0, SMTP_DEPTH_MAX, 0),
		.subject = json_get_string(in, json, "subject", ""),
		.detail = json_get_string(in, json, "detail", ""),
	};
}

static struct smtp_dialogue
read_dialogue(struct run *r, const json_t *json, const struct endpoint *server)
{
	struct json_reader *in = &r->reader;
	const json_t *cert = json_object_get(json, "cert");
	struct smtp_dialogue d = {
		.status = (enum smtp_status)read_code(&smtp_status_names,
		    json_get_string(in, json, "status", "talked")),
		.server = *server,
		.time_us = 1000,
		.error = json_get_string(in, json, "error", ""),
		.our_name = json_get_string(in, json, "our_name", ""),
		.notes = (unsigned)json_get_int(in, json, "notes", 0, 7, 0),
		.banner_code = (int)json_get_int(in, json, "banner_code", 0, 999, 220),
		.banner = json_get_string(in, json, "banner", ""),
		.banner_name = json_get_string(in, json, "banner_name", ""),
		.ehlo_code = (int)json_get_int(in, json, "ehlo_code", 0, 999, 250),
		.ehlo_name = json_get_string(in, json, "ehlo_name", ""),
		.tls = (enum smtp_tls)read_code(&smtp_tls_names,
		    json_get_string(in, json, "tls", "unknown")),
		.tls_name = json_get_string(in, json, "tls_name", ""),
		.tls_version = json_get_string(in, json, "tls_version", ""),
		.tls_cipher = json_get_string(in, json, "tls_cipher", ""),
		.tls_exchange = json_get_string(in, json, "tls_exchange", ""),
		.tls_weak = json_get_bool(in, json, "tls_weak", false),
		.tls_error = json_get_string(in, json, "tls_error", ""),
		.cert = {
			.not_before_s = read_time(cert, "not_before", 0),
			.not_after_s = read_time(cert, "not_after", 0),
			.issuer = json_get_string(in, cert, "issuer", ""),
			.chain_good = json_get_bool(in, cert, "chain_good", false),
			.chain_error = json_get_string(in, cert, "chain_error", ""),
			.weak = read_fault(in, cert, "weak"),
			.expired = read_fault(in, cert, "expired"),
			.self_signed = json_get_bool(in, cert, "self_signed", false),
		},
	};
	d.capabilities = case_strings(r, json_object_get(json, "capabilities"), &d.n_capabilities);
	d.cert.names = case_strings(r, json_object_get(cert, "names"), &d.cert.n_names);
	return d;
}

static bool
answer_smtp(struct run *r, struct fact *fact)
{
	const json_t *json = json_object_get(r->json, "smtp");
	if (json == NULL)
		return false;
	struct smtp_dialogue dialogue = read_dialogue(r, json, &fact->endpoint);
	cut_dialogue(&dialogue, json_get_bool(&r->reader, json, "began", false));
	facts_set_smtp(fact, &r->arena, &dialogue);
	return true;
}

/* What is wanted of the intent's one address. */
static void
read_intent(struct run *r)
{
	const char *text = json_need_string(&r->reader, r->json, "intent");
	if (intent_read_text("intent", text, strlen(text), &r->arena, &r->intent, &r->err) !=
	    ERR_NONE)
		fail_msg("%s", r->err.text);
	const struct preflight_server *s = &r->intent.servers[0];
	const char **wanted = arena_array(&r->arena, s->n_names + 1, sizeof *wanted);
	r->target = (struct target){ .ip = s->addresses[0].ip,
		.names = { .host = "",
		    .ehlo = s->ehlo,
		    .domain = "",
		    .domains = s->domains,
		    .n_domains = s->n_domains,
		    .mail_from = s->mail_from,
		    .from = s->from,
		    .dkim = s->dkim,
		    .n_dkim = s->n_dkim,
		    .wanted = wanted,
		    .n_wanted = preflight_wanted(s, wanted) },
		.policy = &r->policy };
	ip_format(&r->target.ip, r->target.address);
}

void
case_read(struct run *r, const char *check)
{
	const json_t *policy = json_object_get(r->json, "policy");
	read_policy(r, policy);
	read_lists(r, policy, check);
	if (r->preflight)
		read_intent(r);
	else
		read_target(r, json_object_get(r->json, "target"));
}

static void
want_facts(struct run *r)
{
	size_t n;
	const char **others = case_strings(r, json_object_get(r->json, "with"), &n);
	for (size_t i = 0; i < n; i++)
		check_by_id(others[i])->wants(&r->target, &r->facts);
	for (size_t i = 0; i < r->n_checks; i++)
		r->checks[i]->wants(&r->target, &r->facts);
}

/* Asks anew as the engine does: only when a fact that is followed has arrived. */
void
case_gather(struct run *r)
{
	bool again = true;
	for (int round = 0; again; round++) {
		assert_true(round < ROUNDS_MAX);
		want_facts(r);
		again = false;
		for (size_t i = 0; i < r->facts.n; i++) {
			struct fact *fact = r->facts.list[i];
			if (fact->final)
				continue;
			bool arrived = fact->kind == FACT_SMTP ? answer_smtp(r, fact) :
								 answer_dns(r, fact);
			again |= arrived && fact_leads_on(fact);
		}
	}
	size_t n = r->facts.n;
	want_facts(r);
	assert_int_equal(r->facts.n, n);
}
