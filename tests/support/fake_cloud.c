#include "fake_cloud.h"

#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/name.h"

static void
event(struct fake_cloud *c, const char *word)
{
	size_t len = strlen(c->log);
	snprintf(c->log + len, sizeof c->log - len, "%s ", word);
	if (++c->events == c->crash_at)
		_exit(99);
}

static void
keep_before(struct fake_cloud *c)
{
	memcpy(c->before, c->names, sizeof c->before);
	c->n_before = c->n_names;
	c->changed_us = c->now_us;
}

static void
set_names(struct fake_cloud *c, const char *const *names, size_t n)
{
	keep_before(c);
	c->n_names = n;
	for (size_t i = 0; i < n; i++)
		snprintf(c->names[i], sizeof c->names[i], "%s", names[i]);
}

static void
meddle(struct fake_cloud *c)
{
	static const char *const other[] = { "somebody.example.net" };
	set_names(c, other, 1);
	c->is_default = false;
}

/* The fault of this call, if there is one; *done: it is carried out all the same. */
static enum err_code
fault(struct provider_session *s, enum cloud_call call, bool *done, struct err *err)
{
	struct fake_cloud *c = s->state;
	s->retry_after_s = 0;
	s->maybe_done = false;
	*done = true;
	if (c->n_calls[call]++ >= c->fault_n[call])
		return ERR_NONE;
	*done = c->fault[call] == CLOUD_TEMP_DONE || c->fault[call] == CLOUD_DOUBTED;
	switch (c->fault[call]) {
	case CLOUD_WELL:
		break;
	case CLOUD_TEMP:
		return err_set(err, ERR_TEMP, "503 from the cloud");
	case CLOUD_TEMP_DONE:
		s->maybe_done = true;
		return err_set(err, ERR_TEMP, "the connection was cut");
	case CLOUD_DOUBTED:
		s->maybe_done = true;
		return err_set(err, ERR_NOPERM, "the signature of the answer is wrong");
	case CLOUD_UNAVAILABLE:
		return err_set(err, ERR_UNAVAILABLE, "no connection");
	case CLOUD_UNAUTHORIZED:
		return err_set(err, ERR_NOPERM, "401 from the cloud");
	case CLOUD_FORBIDDEN:
		return err_set(err, ERR_NOPERM, "403 from the cloud");
	case CLOUD_BUSY:
	case CLOUD_BUSY_LONG:
		s->retry_after_s = c->fault[call] == CLOUD_BUSY ? 7 : 3000;
		return err_set(err, ERR_TEMP, "429 from the cloud");
	case CLOUD_REFUSED:
		return err_set(err, ERR_DATA, "400 from the cloud");
	case CLOUD_LOST:
		return ERR_NONE;
	case CLOUD_BROKEN:
		*done = true;
		*(call == CLOUD_FORWARD_PUT ? &c->forward_broken : &c->broken) = true;
		return ERR_NONE;
	case CLOUD_STUCK:
		*done = true;
		*(call == CLOUD_FORWARD_PUT ? &c->forward_stuck : &c->stuck) = true;
		return ERR_NONE;
	case CLOUD_MEDDLED:
		meddle(c);
		return err_set(err, ERR_TEMP, "503 from the cloud");
	}
	return ERR_NONE;
}

static enum provider_state
state_of(const struct fake_cloud *c)
{
	if (c->broken)
		return PROVIDER_FAILED;
	if (c->stuck || (c->changed_us != 0 && c->now_us < c->changed_us + c->pending_us))
		return PROVIDER_PENDING;
	return c->n_names > 0 ? PROVIDER_ACTIVE : PROVIDER_ABSENT;
}

static enum err_code
get(struct provider_session *s, const struct provider_place *place, const struct ip *ip,
    struct arena *a, struct provider_record *out, enum provider_state *state, struct err *err)
{
	struct fake_cloud *c = s->state;
	bool done;
	(void)place;
	event(c, "get");
	enum err_code code = fault(s, CLOUD_GET, &done, err);
	if (code != ERR_NONE)
		return code;
	*out = (struct provider_record){ .ip = *ip,
		.ttl_s = c->ttl_s,
		.description = "",
		.is_default = c->is_default,
		.n_names = c->n_names };
	for (size_t i = 0; i < c->n_names; i++)
		out->names[i] = arena_strdup(a, c->names[i]);
	*state = state_of(c);
	if (c->changed_us != 0 && c->now_us < c->changed_us + c->lag_us) {
		out->n_names = c->n_before;
		for (size_t i = 0; i < c->n_before; i++)
			out->names[i] = arena_strdup(a, c->before[i]);
		*state = c->n_before > 0 ? PROVIDER_ACTIVE : PROVIDER_ABSENT;
	}
	return ERR_NONE;
}

static enum err_code
put(struct provider_session *s, const struct provider_place *place, const struct ip *ip,
    const struct provider_record *record, struct err *err)
{
	struct fake_cloud *c = s->state;
	bool done;
	(void)place, (void)ip;
	event(c, record != NULL ? "put" : "unset");
	enum err_code code = fault(s, CLOUD_PUT, &done, err);
	if (!done)
		return code;
	set_names(c, record != NULL ? record->names : NULL, record != NULL ? record->n_names : 0);
	c->is_default = false;
	c->ttl_s = record != NULL ? record->ttl_s : 0;
	event(c, "written");
	return code;
}

static enum err_code
poll(struct provider_session *s, const struct provider_place *place, const struct ip *ip,
    enum provider_state *state, struct err *err)
{
	struct fake_cloud *c = s->state;
	bool done;
	(void)place, (void)ip;
	event(c, "poll");
	enum err_code code = fault(s, CLOUD_POLL, &done, err);
	*state = state_of(c);
	if (code == ERR_NONE && *state == PROVIDER_FAILED)
		return err_set(err, ERR_UNAVAILABLE, "status ERROR");
	return code;
}

static enum err_code
forward_get(struct provider_session *s, const char *name, const struct ip *family_of,
    struct provider_set *out, struct err *err)
{
	struct fake_cloud *c = s->state;
	bool done;
	(void)name, (void)family_of;
	event(c, "forward-get");
	enum err_code code = fault(s, CLOUD_FORWARD_GET, &done, err);
	memcpy(out->ips, c->ips, sizeof c->ips);
	out->n = c->n_ips;
	out->ttl_s = c->n_ips > 0 ? 300 : 0;
	return code;
}

static enum err_code
forward_put(struct provider_session *s, const char *name, const struct ip *family_of,
    const struct provider_set *set, struct err *err)
{
	struct fake_cloud *c = s->state;
	bool done;
	(void)name, (void)family_of;
	event(c, "forward-put");
	enum err_code code = fault(s, CLOUD_FORWARD_PUT, &done, err);
	if (!done)
		return code;
	memcpy(c->ips, set->ips, set->n * sizeof *set->ips);
	c->n_ips = set->n;
	c->forward_us = c->now_us;
	event(c, "forward-written");
	return code;
}

static enum err_code
forward_poll(struct provider_session *s, const char *name, const struct ip *family_of,
    enum provider_state *state, struct err *err)
{
	struct fake_cloud *c = s->state;
	bool done;
	(void)name, (void)family_of;
	event(c, "forward-poll");
	enum err_code code = fault(s, CLOUD_FORWARD_POLL, &done, err);
	*state = c->forward_broken ? PROVIDER_FAILED :
	    c->forward_stuck       ? PROVIDER_PENDING :
	    c->n_ips > 0           ? PROVIDER_ACTIVE :
				     PROVIDER_ABSENT;
	if (code == ERR_NONE && *state == PROVIDER_FAILED)
		(void)err_set(err, ERR_UNAVAILABLE, "status ERROR");
	return code;
}

const struct provider fake_cloud_provider = {
	.name = "fake",
	.title = "Fake Cloud",
	.max_names = 10,
	.min_ttl_s = 1,
	.max_ttl_s = 86400,
	.default_ttl_s = 300,
	.ip4 = true,
	.has_default = true,
	.reads_lag = true,
	.get = get,
	.put = put,
	.poll = poll,
	.forward_get = forward_get,
	.forward_put = forward_put,
	.forward_poll = forward_poll,
};

static uint64_t
now_us(void *arg)
{
	return ((struct fake_cloud *)arg)->now_us;
}

static int64_t
wall_s(void *arg)
{
	return 1700000000 + (int64_t)(now_us(arg) / 1000000);
}

static void
wait_us(void *arg, uint64_t us)
{
	((struct fake_cloud *)arg)->now_us += us;
}

static uint32_t
no_jitter(void *arg)
{
	(void)arg;
	return 0;
}

static void
no_progress(void *arg, const char *text)
{
	(void)arg, (void)text;
}

/* --- the DNS behind it: two servers for both zones, and a resolver that knows them */

enum { TTL_S = 900, NEGATIVE_S = 120, PORT = 53 };

static const char *const server_names[] = { "ns1.example.net", "ns2.example.net" };
static const char *const server_ips[] = { "198.51.100.1", "198.51.100.2" };

static struct dns_answer
answer_of(enum dns_status status, struct dns_record *records, size_t n, const char *zone)
{
	struct dns_answer answer = dns_answer_pending;
	answer.status = status;
	answer.records = records;
	answer.n_records = n;
	answer.soa_zone = zone;
	answer.soa_mail = "hostmaster.example.net";
	answer.soa_negative_ttl_s = NEGATIVE_S;
	return answer;
}

static void
set(struct facts *f, const struct endpoint *server, const char *name, uint16_t type,
    const struct dns_answer *answer)
{
	struct fact *fact = facts_need_dns(f, server, name, type);
	facts_set_dns(fact, f->arena, answer);
}

static struct dns_record
record_of(const char *owner, uint16_t type, const char *text)
{
	struct dns_record r = { .owner = owner, .type = type, .ttl_s = TTL_S, .text = text };
	if (type == DNS_A)
		(void)ip_parse(text, &r.ip);
	return r;
}

static void
set_zone(struct facts *f, const char *zone)
{
	struct dns_record soa = record_of(zone, DNS_SOA, "hostmaster.example.net");
	struct dns_record ns[2];
	struct dns_answer answer = answer_of(DNS_FOUND, &soa, 1, "");
	set(f, NULL, zone, DNS_SOA, &answer);
	for (int i = 0; i < 2; i++) {
		struct dns_record a = record_of(server_names[i], DNS_A, server_ips[i]);
		answer = answer_of(DNS_FOUND, &a, 1, "");
		set(f, NULL, server_names[i], DNS_A, &answer);
		ns[i] = record_of(zone, DNS_NS, server_names[i]);
	}
	answer = answer_of(DNS_FOUND, ns, 2, "");
	set(f, NULL, zone, DNS_NS, &answer);
}

/* The resolver says what the first server said at first: it holds on to its cache. */
static void
set_all(struct facts *f, const char *name, uint16_t type, const char *zone,
    struct dns_answer answers[2], bool silent)
{
	struct dns_answer heard = answers[0];
	if (heard.status == DNS_FOUND) {
		struct dns_answer soa = answer_of(DNS_NODATA, NULL, 0, zone);
		set(f, NULL, name, DNS_SOA, &soa);
	}
	set(f, NULL, name, type, &heard);
	for (int i = 0; i < 2; i++) {
		struct endpoint server = { .port = PORT };
		(void)ip_parse(server_ips[i], &server.ip);
		answers[i].authoritative = true;
		if (i == 1 && silent)
			answers[i] = answer_of(DNS_TIMEOUT, NULL, 0, "");
		set(f, &server, name, type, &answers[i]);
	}
}

static bool
dns_is_new(const struct fake_cloud *c, uint64_t since_us, int server)
{
	uint64_t late = c->pending_us + c->dns_us + (server == 1 ? c->second_us : 0);
	return !c->dns_never && c->now_us >= since_us + late;
}

static void
set_ptr(const struct fake_cloud *c, const struct target *t, struct facts *f)
{
	static const char zone[] = "113.0.203.in-addr.arpa";
	struct dns_record records[2][PROVIDER_NAMES_MAX];
	struct dns_answer answers[2];
	char reverse[IP_REVERSE_MAX];
	ip_reverse_name(&t->ip, reverse);
	for (int i = 0; i < 2; i++) {
		bool fresh = c->changed_us == 0 || dns_is_new(c, c->changed_us, i);
		size_t n = fresh ? c->n_names : c->n_before;
		for (size_t k = 0; k < n; k++)
			records[i][k] = record_of(reverse, DNS_PTR,
			    fresh ? c->names[k] : c->before[k]);
		answers[i] = answer_of(n > 0 ? DNS_FOUND : DNS_NXDOMAIN, records[i], n, zone);
	}
	set_zone(f, zone);
	set_all(f, reverse, DNS_PTR, zone, answers, c->second_silent);
}

static void
set_forward(const struct fake_cloud *c, const char *name, struct facts *f)
{
	static const char zone[] = "example.com";
	struct dns_record records[2][4];
	struct dns_answer answers[2];
	char text[IP_TEXT_MAX];
	for (int i = 0; i < 2; i++) {
		bool fresh = c->forward_us == 0 || dns_is_new(c, c->forward_us, i);
		size_t n = fresh ? c->n_ips : 0;
		for (size_t k = 0; k < n; k++)
			records[i][k] = record_of(name, DNS_A,
			    arena_strdup(f->arena, ip_format(&c->ips[k], text)));
		answers[i] = answer_of(n > 0 ? DNS_FOUND : DNS_NXDOMAIN, records[i], n, zone);
	}
	set_zone(f, zone);
	set_all(f, name, DNS_A, zone, answers, c->second_silent);
}

static void
gather(void *arg, const struct target *t, const struct check *const *checks, size_t n_checks,
    struct facts *f)
{
	struct fake_cloud *c = arg;
	(void)checks, (void)n_checks;
	event(c, "dns");
	set_ptr(c, t, f);
	for (size_t i = 0; i < t->names.n_wanted; i++)
		set_forward(c, t->names.wanted[i], f);
}

void
fake_cloud_init(struct fake_cloud *c, const char *name)
{
	memset(c, 0, sizeof *c);
	c->now_us = 1000000;
	c->ttl_s = 300;
	c->n_names = name != NULL;
	snprintf(c->names[0], sizeof c->names[0], "%s", name != NULL ? name : "");
}

void
fake_cloud_session(struct fake_cloud *c, struct provider_session *s)
{
	memset(s, 0, sizeof *s);
	s->provider = &fake_cloud_provider;
	s->state = c;
}

void
fake_cloud_world(struct fake_cloud *c, struct world *w)
{
	*w = (struct world){ .arg = c,
		.now_us = now_us,
		.wall_s = wall_s,
		.wait_us = wait_us,
		.random = no_jitter,
		.gather = gather,
		.progress = no_progress };
}
