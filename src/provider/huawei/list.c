/* All EIPs of the project and the names that are set for them. */
#include <string.h>

#include "base/arena.h"
#include "provider/huawei/huawei_priv.h"

struct listing {
	struct arena *a;
	struct huawei_eip *eips;
	size_t n_eips;
	struct provider_record *records; /* first one for each EIP, in their order */
	size_t n, cap;
};

static size_t
place_of(const struct listing *l, const struct huawei_ptr *ptr)
{
	size_t i = 0;
	while (i < l->n_eips && strcmp(l->eips[i].id, ptr->eip_id) != 0)
		i++;
	return i;
}

static struct provider_record *
append(struct listing *l)
{
	l->records = arena_grow(l->a, l->records, l->n, &l->cap, sizeof *l->records);
	return &l->records[l->n++];
}

static bool
add(void *arg, const struct huawei_ptr *ptr)
{
	struct listing *l = arg;
	size_t i = place_of(l, ptr);
	if (i < l->n_eips) {
		l->records[i] = ptr->record;
		l->records[i].ip = l->eips[i].ip;
	} else if (ptr->record.ip.family != 0) {
		*append(l) = ptr->record;
	}
	return true;
}

/* A key whose rights end at an enterprise project may ask for an EIP, and not for all of them. */
static enum err_code
add_each(struct huawei *h, struct listing *l, struct err *err)
{
	for (size_t i = 0; i < l->n_eips; i++) {
		struct huawei_ptr ptr;
		const char *place = arena_printf(l->a, "%s:%s", h->region, l->eips[i].id);
		if (huawei_ptr_of(h, place, l->a, &ptr, err) != ERR_NONE)
			return err->code;
		if (ptr.exists)
			add(l, &ptr);
	}
	return ERR_NONE;
}

enum err_code
huawei_list(struct provider_session *s, struct arena *a, struct provider_record **out, size_t *n,
    struct err *err)
{
	struct huawei *h = huawei_begin(s);
	struct listing l = { .a = a };
	if (huawei_eips(h, a, &l.eips, &l.n_eips, err) != ERR_NONE)
		return err->code;
	for (size_t i = 0; i < l.n_eips; i++)
		*append(&l) = (struct provider_record){ .ip = l.eips[i].ip,
			.description = "",
			.is_default = true };
	if (huawei_ptrs(h, a, add, &l, err) != ERR_NONE &&
	    (!h->v21_refused || add_each(h, &l, err) != ERR_NONE))
		return err->code;
	provider_sort_records(l.records, l.n);
	*out = l.records;
	*n = l.n;
	return ERR_NONE;
}
