#include <string.h>

#include "base/arena.h"
#include "record_priv.h"

bool
record_name(const ldns_rdf *rdf, char out[NAME_TEXT_MAX])
{
	size_t pos = 0;

	return rdf != NULL && name_from_wire(ldns_rdf_data(rdf), ldns_rdf_size(rdf), &pos, out);
}

/* TXT is a list of strings, each with a length byte; its text is all of them joined (RFC 7208 3.3). */
static const char *
txt_text(const ldns_rr *rr, struct arena *a)
{
	size_t total = 0;
	for (size_t i = 0; i < ldns_rr_rd_count(rr); i++)
		total += ldns_rdf_size(ldns_rr_rdf(rr, i));
	char *text = arena_alloc(a, total + 1), *p = text;
	for (size_t i = 0; i < ldns_rr_rd_count(rr); i++) {
		const ldns_rdf *rdf = ldns_rr_rdf(rr, i);
		size_t n = ldns_rdf_size(rdf);
		if (n < 2)
			continue;
		memcpy(p, ldns_rdf_data(rdf) + 1, n - 1);
		p += n - 1;
	}
	return text;
}

static const char *
address_text(const ldns_rr *rr, struct dns_record *record, struct arena *a)
{
	const ldns_rdf *rdf = ldns_rr_rdf(rr, 0);
	size_t want = record->type == DNS_A ? 4 : 16;
	char text[IP_TEXT_MAX];

	if (rdf == NULL || ldns_rdf_size(rdf) != want)
		return NULL;
	record->ip.family = want == 4 ? 4 : 6;
	memcpy(record->ip.bytes, ldns_rdf_data(rdf), want);
	return arena_strdup(a, ip_format(&record->ip, text));
}

static const char *
name_text(const ldns_rr *rr, size_t field, struct arena *a)
{
	char name[NAME_TEXT_MAX];

	return record_name(ldns_rr_rdf(rr, field), name) ? arena_strdup(a, name) : NULL;
}

bool
record_read(const ldns_rr *rr, struct arena *a, struct dns_record *out)
{
	*out = (struct dns_record){ .owner = "",
		.type = (uint16_t)ldns_rr_get_type(rr),
		.ttl_s = ldns_rr_ttl(rr),
		.text = "" };
	switch (out->type) {
	case DNS_A:
	case DNS_AAAA:
		out->text = address_text(rr, out, a);
		break;
	case DNS_TXT:
		out->text = txt_text(rr, a);
		break;
	case DNS_NS:
	case DNS_CNAME:
	case DNS_PTR:
		out->text = name_text(rr, 0, a);
		break;
	case DNS_SOA:
		out->primary = name_text(rr, 0, a);
		out->text = out->primary == NULL ? NULL : name_text(rr, 1, a);
		break;
	case DNS_MX: /* after the preference */
		out->text = name_text(rr, 1, a);
		break;
	default:
		break; /* other types are known to exist, their data is not kept */
	}
	return out->text != NULL;
}
