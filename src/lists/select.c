/* Chooses the lists that are asked. */
#include "lists/select.h"

#include <string.h>

#include "base/arena.h"
#include "base/inifile.h"
#include "catalogue_priv.h"
#include "lists/keyring.h"

struct selecting {
	const struct catalogue *all;
	const struct list_choice *choice;
	const struct keyring *keys;
	struct arena *arena;
	bool *in; /* one for each list of all */
	struct list_selection *out;
	struct err *err;
};

/* The zone that a word is like; NULL when it is like none, or not a name. */
static const char *
nearest_zone(const struct catalogue *all, const char *word, struct arena *a)
{
	char zone[NAME_TEXT_MAX];
	const char **known = arena_array(a, all->n + 1, sizeof *known);
	for (size_t i = 0; i < all->n; i++)
		known[i] = all->lists[i].zone;
	return name_from_text(word, zone) ? ini_nearest(zone, known, all->n) : NULL;
}

static const struct list *
find_word(const struct catalogue *all, const char *word)
{
	char zone[NAME_TEXT_MAX];
	return name_from_text(word, zone) ? catalogue_find_any(all, zone) : NULL;
}

const struct list *
catalogue_named(const struct catalogue *all, const char *word, struct arena *a, struct err *err)
{
	const struct list *l = find_word(all, word);
	if (l != NULL)
		return l;
	const char *nearest = nearest_zone(all, word, a);
	if (nearest != NULL)
		err_set(err, ERR_USAGE,
		    "the list \"%s\" is unknown, did you mean %s? Another list of this zone is "
		    "asked when it is in a file of --lists",
		    word, nearest);
	else
		err_set(err, ERR_USAGE,
		    "the list \"%s\" is unknown; mailready lists shows the known lists, and a "
		    "file of --lists can add others",
		    word);
	return NULL;
}

enum err_code
catalogue_add_named(struct catalogue *all, const struct list_choice *choice, struct arena *a,
    struct err *err)
{
	for (size_t i = 0; i < choice->n_only; i++) {
		const char *word = choice->only[i];
		if (find_word(all, word) != NULL || nearest_zone(all, word, a) != NULL)
			continue;
		if (catalogue_add_plain(all, a, word, err) != ERR_NONE) {
			err->code = ERR_USAGE;
			return err_prefix(err, "the list \"%s\" is unknown", word);
		}
		all->lists[all->n - 1].named = true;
	}
	return ERR_NONE;
}

static bool
is_askable(const struct list *l)
{
	return (l->ip4 || l->ip6 || l->domain) && l->kind != LIST_KIND_WEB && l->zone[0] != '*';
}

static bool
has_key(const struct selecting *s, const struct list *l)
{
	return *l->key == '\0' || keyring_has(s->keys, l->key);
}

static bool
is_in_set(const struct selecting *s, const struct list *l)
{
	bool living = is_askable(l) && l->status <= LIST_UNSURE;
	bool usual = living && !l->on_request && has_key(s, l);
	switch (s->choice->set) {
	case LIST_SET_DEFAULT:
		return usual;
	case LIST_SET_CRITICAL:
		return usual && l->impact == LIST_CRITICAL;
	case LIST_SET_ALL:
		return living;
	case LIST_SET_FILES:
		return is_askable(l) && l->status != LIST_DEAD && l->file >= s->choice->first_file;
	}
	return false;
}

static bool
zone_is_in(const struct selecting *s, const char *zone)
{
	const struct list *l = *zone != '\0' ? catalogue_find(s->all, zone) : NULL;
	return l != NULL && s->in[l - s->all->lists];
}

/* What the user named is asked, even if it says the same twice. */
static void
take_set(struct selecting *s)
{
	for (size_t i = 0; i < s->all->n; i++)
		s->in[i] = is_in_set(s, &s->all->lists[i]);
	if (s->choice->set == LIST_SET_FILES)
		return;
	bool *dropped = arena_array(s->arena, s->all->n + 1, sizeof *dropped);
	for (size_t i = 0; i < s->all->n; i++) {
		const struct list *l = &s->all->lists[i];
		if (!s->in[i])
			continue;
		dropped[i] |= zone_is_in(s, l->part_of);
		if (*l->stands_for != '\0' && has_key(s, l) && zone_is_in(s, l->stands_for))
			dropped[catalogue_find(s->all, l->stands_for) - s->all->lists] = true;
	}
	for (size_t i = 0; i < s->all->n; i++)
		s->in[i] &= !dropped[i];
}

static enum err_code
take_only(struct selecting *s)
{
	for (size_t i = 0; i < s->choice->n_only; i++) {
		const struct list *l = catalogue_named(s->all, s->choice->only[i], s->arena,
		    s->err);
		if (l == NULL)
			return s->err->code;
		if (l->status == LIST_DEAD || l->zone[0] == '*')
			return err_set(s->err, ERR_USAGE, "the list %s %s", s->choice->only[i],
			    list_epitaph(l, s->arena));
		if (!is_askable(l))
			return err_set(s->err, ERR_USAGE,
			    "the list %s cannot be asked over DNS: see mailready lists show %s",
			    l->zone, l->zone);
		s->in[l - s->all->lists] = true;
	}
	return ERR_NONE;
}

static enum err_code
leave_out(struct selecting *s)
{
	for (size_t i = 0; i < s->choice->n_skip; i++) {
		const struct list *l = catalogue_named(s->all, s->choice->skip[i], s->arena,
		    s->err);
		if (l == NULL)
			return s->err->code;
		s->in[l - s->all->lists] = false;
	}
	return ERR_NONE;
}

static void
remark(struct selecting *s, const char *text)
{
	struct list_selection *out = s->out;
	out->remarks = arena_grow(s->arena, out->remarks, out->n_remarks, &out->cap_remarks,
	    sizeof *out->remarks);
	out->remarks[out->n_remarks++] = text;
}

/* The user knows a list that the catalogue does not. */
static void
remark_unknown(struct selecting *s)
{
	for (size_t i = 0; i < s->choice->n_only; i++) {
		const struct list *l = find_word(s->all, s->choice->only[i]);
		if (l != NULL && l->named)
			remark(s,
			    arena_printf(s->arena,
				"the list %s is unknown to the catalogue: any answer of "
				"127.0.0.0/8 "
				"but 127.0.0.1 counts as a listing, whatever it means",
				l->zone));
	}
}

/* A dead list in a user's file is not an error: it was alive when the file was written. */
static void
remark_dead(struct selecting *s)
{
	for (size_t i = 0; i < s->all->n; i++) {
		const struct list *l = &s->all->lists[i];
		if (s->choice->set != LIST_SET_FILES || l->file < s->choice->first_file)
			continue;
		const struct list *known = l->plain ? NULL : l;
		for (size_t k = 0; l->plain && k < s->all->n; k++)
			if (s->all->lists[k].zone[0] == '*' &&
			    name_is_under(l->zone, s->all->lists[k].zone + 2))
				known = &s->all->lists[k];
		if (known == NULL || known->status != LIST_DEAD)
			continue;
		s->in[i] = false;
		remark(s,
		    arena_printf(s->arena, "the list %s is not asked: it %s", l->zone,
			list_epitaph(known, s->arena)));
	}
}

static void
copy_chosen(struct selecting *s)
{
	struct catalogue *out = &s->out->lists;
	for (size_t i = 0; i < s->all->n; i++)
		out->n += s->in[i];
	out->cap = out->n;
	out->lists = arena_array(s->arena, out->n, sizeof *out->lists);
	out->n = 0;
	for (size_t i = 0; i < s->all->n; i++)
		if (s->in[i])
			out->lists[out->n++] = s->all->lists[i];
}

enum err_code
catalogue_select(const struct catalogue *all, const struct list_choice *choice,
    const struct keyring *keys, struct arena *a, struct list_selection *out, struct err *err)
{
	struct selecting s = { all, choice, keys, a, NULL, out, err };
	*out = (struct list_selection){ .n_remarks = 0 };
	for (size_t i = 0; i < all->n_remarks; i++)
		remark(&s, all->remarks[i]);
	s.in = arena_array(a, all->n + 1, sizeof *s.in);
	enum err_code code = ERR_NONE;
	if (choice->n_only > 0)
		code = take_only(&s);
	else
		take_set(&s);
	if (code == ERR_NONE)
		code = leave_out(&s);
	if (code != ERR_NONE)
		return code;
	if (choice->n_only == 0)
		remark_dead(&s);
	remark_unknown(&s);
	copy_chosen(&s);
	return ERR_NONE;
}
