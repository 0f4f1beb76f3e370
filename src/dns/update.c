/* Dynamic update messages: one record set replaced by another. */
#include "dns/update.h"

#include <ldns/ldns.h>
#include <string.h>

#include "base/buf.h"
#include "base/name.h"
#include "dns/answer.h"
#include "dns/msg.h"
#include "dns/record_priv.h"

enum { FLAG_QR = 0x80, OPCODE = 0x78, OPCODE_UPDATE = 5 << 3 };

static ldns_rdf *
name_rdf(const char *name)
{
	uint8_t wire[NAME_WIRE_MAX];
	size_t len = name_to_wire(name, wire);
	return len == 0 ? NULL : ldns_rdf_new_frm_data(LDNS_RDF_TYPE_DNAME, len, wire);
}

static ldns_rdf *
value_rdf(const struct dns_update *u, const struct dns_rrset *set, size_t i)
{
	if (u->type == DNS_PTR)
		return name_rdf(set->names[i]);
	const struct ip *ip = &set->ips[i];
	return ip->family == 4 ? ldns_rdf_new_frm_data(LDNS_RDF_TYPE_A, 4, ip->bytes) :
				 ldns_rdf_new_frm_data(LDNS_RDF_TYPE_AAAA, 16, ip->bytes);
}

/* Adds a record without rdata; its class has the meaning.  False when the owner is not a name. */
static bool
push_bare(ldns_rr_list *list, const struct dns_update *u, ldns_rr_class class)
{
	ldns_rdf *owner = name_rdf(u->owner);
	if (owner == NULL)
		return false;
	ldns_rr *rr = ldns_rr_new();
	ldns_rr_set_owner(rr, owner);
	ldns_rr_set_type(rr, (ldns_rr_type)u->type);
	ldns_rr_set_class(rr, class);
	ldns_rr_set_ttl(rr, 0);
	return ldns_rr_list_push_rr(list, rr);
}

static bool
push_set(ldns_rr_list *list, const struct dns_update *u, const struct dns_rrset *set,
    uint32_t ttl_s)
{
	for (size_t i = 0; i < set->n; i++) {
		ldns_rdf *value = value_rdf(u, set, i);
		if (value == NULL || !push_bare(list, u, LDNS_RR_CLASS_IN))
			return false;
		ldns_rr *rr = ldns_rr_list_rr(list, ldns_rr_list_rr_count(list) - 1);
		ldns_rr_push_rdf(rr, value);
		ldns_rr_set_ttl(rr, ttl_s);
	}
	return true;
}

/* RFC 2136 2.4.3 "RRset does not exist" is class NONE; 2.4.2 names every record, with TTL 0. */
static bool
push_prerequisite(ldns_rr_list *list, const struct dns_update *u)
{
	if (u->old.n == 0)
		return push_bare(list, u, LDNS_RR_CLASS_NONE);
	return push_set(list, u, &u->old, 0);
}

/* RFC 2136 2.5.2: class ANY takes the whole set away; what is added comes after it. */
static bool
push_changes(ldns_rr_list *list, const struct dns_update *u)
{
	return push_bare(list, u, LDNS_RR_CLASS_ANY) && push_set(list, u, &u->new, u->new.ttl_s);
}

static bool
add_packet(struct buf *out, ldns_pkt *packet, uint16_t id)
{
	uint8_t *wire = NULL;
	size_t len = 0;
	ldns_pkt_set_id(packet, id);
	ldns_pkt_set_rd(packet, false); /* RFC 2136 2.2: those bits are zero in an update */
	if (ldns_pkt2wire(&wire, packet, &len) != LDNS_STATUS_OK)
		return false;
	buf_add(out, wire, len);
	LDNS_FREE(wire);
	return !out->failed;
}

static bool
build(const struct dns_update *u, bool asks_only, struct buf *out)
{
	bool built = false;
	ldns_rr_list *prerequisites = ldns_rr_list_new(), *changes = ldns_rr_list_new();
	ldns_rdf *zone = name_rdf(u->zone);
	bool filled = asks_only ? push_bare(prerequisites, u, LDNS_RR_CLASS_ANY) :
				  push_prerequisite(prerequisites, u) && push_changes(changes, u);
	if (zone != NULL && filled) {
		/* takes the zone, copies the lists */
		ldns_pkt *packet = ldns_update_pkt_new(zone, LDNS_RR_CLASS_IN, prerequisites,
		    changes, NULL);
		zone = NULL;
		built = packet != NULL && add_packet(out, packet, u->id);
		ldns_pkt_free(packet);
	}
	ldns_rdf_deep_free(zone);
	ldns_rr_list_deep_free(prerequisites);
	ldns_rr_list_deep_free(changes);
	return built;
}

bool
dns_update_build(const struct dns_update *u, struct buf *out)
{
	return build(u, false, out);
}

bool
dns_update_build_question(const struct dns_update *u, struct buf *out)
{
	return build(u, true, out);
}

int
dns_update_rcode(const uint8_t *message, size_t len, uint16_t id)
{
	if (len < DNS_HEADER || wire_get16(message) != id || !(message[2] & FLAG_QR) ||
	    (message[2] & OPCODE) != OPCODE_UPDATE)
		return -1;
	return message[3] & 15;
}
