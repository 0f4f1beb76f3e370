/* Code that providers share: warnings, variables, ids, texts in URLs, record sets in JSON. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/hide.h"
#include "base/percent.h"
#include "base/safe.h"
#include "provider/provider_priv.h"

enum { RETRY_AFTER_MAX_S = 3600 };

void
provider_begin(struct provider_session *s)
{
	s->retry_after_s = 0;
	s->maybe_done = false;
	s->unseen_s = 0;
}

const char *
provider_variable(const struct provider_options *o, const char *name)
{
	const char *value = o->world.getenv(o->world.arg, name);
	return value != NULL ? value : "";
}

int64_t
provider_now_s(const struct provider_session *s)
{
	return s->options->world.wall_s(s->options->world.arg);
}

const char *
provider_url_text(struct arena *a, const char *text)
{
	struct buf out;
	size_t len = strlen(text);
	buf_init(&out, 3 * len + 1);
	percent_add(&out, text, len, "");
	const char *copy = arena_strndup(a, out.data, out.len);
	buf_fini(&out);
	return copy;
}

const char *
provider_endpoint(const struct provider_options *o, const char *service, bool bare)
{
	size_t len = strlen(service);
	for (size_t i = 0; i < o->n_endpoints; i++) {
		const char *text = o->endpoints[i];
		if (strncmp(text, service, len) == 0 && text[len] == '=')
			return text + len + 1;
		if (bare && strncmp(text, "http", 4) == 0)
			return text;
	}
	return NULL;
}

const char *
provider_base_url(struct arena *a, const char *url, const char *version)
{
	size_t len = strlen(url), tail = strlen(version);
	while (len > 0 && url[len - 1] == '/')
		len--;
	if (len > tail && strncmp(url + len - tail, version, tail) == 0)
		len -= tail;
	return arena_strndup(a, url, len);
}

enum err_code
provider_check_plain(const struct provider_record *record, const char *who, struct err *err)
{
	if (record->description[0] == '\0' && record->n_tags == 0)
		return ERR_NONE;
	return err_set(err, ERR_DATA, "%s cannot store %s with a PTR record", who,
	    record->n_tags > 0 ? "tags" : "a description");
}

enum err_code
provider_refuse_cname(const char *name, struct err *err)
{
	return err_set(err, ERR_DATA,
	    "%s is a CNAME, which excludes other records: change the name that it points to", name);
}

bool
provider_is_id(const char *text)
{
	size_t len = strlen(text);
	return len > 0 && len < PROVIDER_ID_MAX &&
	    strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == len;
}

const char *
provider_address_type(const struct ip *ip)
{
	return ip->family == 4 ? "A" : "AAAA";
}

bool
provider_is_null(const char *body)
{
	static const char blanks[] = " \t\r\n";
	body += strspn(body, blanks);
	return body[0] == '\0' ||
	    (strncmp(body, "null", 4) == 0 && body[4 + strspn(body + 4, blanks)] == '\0');
}

struct provider_record *
provider_record_of(struct provider_record *list, size_t n, const struct ip *ip)
{
	for (size_t i = 0; i < n; i++)
		if (ip_equal(&list[i].ip, ip))
			return &list[i];
	return NULL;
}

static int
compare_records(const void *left, const void *right)
{
	const struct provider_record *l = left, *r = right;
	return ip_compare(&l->ip, &r->ip);
}

void
provider_sort_records(struct provider_record *list, size_t n)
{
	if (n > 1)
		qsort(list, n, sizeof *list, compare_records);
}

enum err_code
provider_read_ips(const json_t *records, struct provider_set *out, struct err *err)
{
	size_t i;
	const json_t *record;
	out->n = 0;
	if (json_array_size(records) > PROVIDER_IPS_MAX)
		return err_set(err, ERR_DATA, "it has more than %d addresses", PROVIDER_IPS_MAX);
	json_array_foreach (records, i, record) {
		const char *text = json_string_value(record);
		if (text == NULL || !ip_parse(text, &out->ips[out->n++]))
			return err_set(err, ERR_TEMP, "its addresses cannot be read");
	}
	return ERR_NONE;
}

json_t *
provider_ips_json(const struct provider_set *set)
{
	char text[IP_TEXT_MAX];
	json_t *records = json_array();
	for (size_t i = 0; i < set->n; i++)
		json_array_append_new(records, json_string(ip_format(&set->ips[i], text)));
	return records;
}

void
provider_warn(struct provider_session *s, const char *fmt, ...)
{
	struct buf text, shown, safe;
	buf_init(&text, sizeof s->warnings);
	buf_init(&shown, sizeof s->warnings);
	buf_init(&safe, sizeof s->warnings);
	va_list ap;
	va_start(ap, fmt);
	buf_vprintf(&text, fmt, ap);
	va_end(ap);
	hide_add(&shown, text.data, text.len);
	safe_add(&safe, shown.data, shown.len, sizeof s->warnings);
	size_t len = strlen(s->warnings);
	if (strstr(s->warnings, safe.data) == NULL)
		snprintf(s->warnings + len, sizeof s->warnings - len, "%s%s", len > 0 ? "\n" : "",
		    safe.data);
	buf_fini(&text);
	buf_fini(&shown);
	buf_fini(&safe);
}

int64_t
provider_http_date(const char *text)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct tm tm = { 0 };
	char month[4];
	if (sscanf(text, "%*3s, %2d %3s %4d %2d:%2d:%2d GMT", &tm.tm_mday, month, &tm.tm_year,
		&tm.tm_hour, &tm.tm_min, &tm.tm_sec) != 6)
		return -1;
	const char *at = strstr(months, month);
	if (at == NULL || strlen(month) != 3 || (at - months) % 3 != 0)
		return -1;
	tm.tm_mon = (int)(at - months) / 3;
	tm.tm_year -= 1900;
	return (int64_t)timegm(&tm);
}

uint32_t
provider_retry_after(const char *value, int64_t now_s)
{
	unsigned seconds;
	size_t digits = strspn(value, "0123456789");
	if (digits > 0 && value[digits] == '\0')
		return digits > 5 || sscanf(value, "%5u", &seconds) != 1 ||
			seconds > RETRY_AFTER_MAX_S ?
		    RETRY_AFTER_MAX_S :
		    seconds;
	int64_t when = provider_http_date(value);
	if (when <= now_s)
		return 0;
	return when - now_s > RETRY_AFTER_MAX_S ? RETRY_AFTER_MAX_S : (uint32_t)(when - now_s);
}
