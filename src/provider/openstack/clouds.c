/* clouds.yaml of OpenStack's own clients: it may hold passwords. */
#include <string.h>

#include "base/arena.h"
#include "provider/creds/yaml_doc_priv.h"
#include "provider/openstack/config_priv.h"

struct clouds {
	yaml_document_t document;
	const char *name;
	struct err *err;
};

static enum err_code
fail_at(const struct clouds *c, const yaml_node_t *node, const char *text)
{
	return err_set(c->err, ERR_CONFIG, "%s:%zu: %s", c->name, node->start_mark.line + 1, text);
}

static yaml_node_t *
member(struct clouds *c, const yaml_node_t *map, const char *key)
{
	return yaml_doc_member(&c->document, map, key, strcmp);
}

/* Keys whose values would come from elsewhere. */
static void
note_unread(const char *key, struct os_config *out)
{
	static const char *const keys[] = { "profile", "regions" };
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (strcmp(key, keys[i]) == 0)
			out->unread = keys[i];
}

/* Keys of other programs are no business of ours; what a merge key brings would be missed. */
static enum err_code
read_map(struct clouds *c, const yaml_node_t *map, enum os_place place, struct os_config *out)
{
	if (map->type != YAML_MAPPING_NODE)
		return fail_at(c, map, "expected \"key: value\" lines");
	for (yaml_node_pair_t *p = map->data.mapping.pairs.start; p < map->data.mapping.pairs.top;
	     p++) {
		const yaml_node_t *key = yaml_document_get_node(&c->document, p->key);
		const yaml_node_t *value = yaml_document_get_node(&c->document, p->value);
		enum os_field field;
		if (key == NULL || value == NULL || yaml_doc_scalar(key) == NULL)
			continue;
		if (strcmp(yaml_doc_scalar(key), "<<") == 0)
			return fail_at(c, key,
			    "merge keys (<<) are not supported: write out the values");
		if (place == OS_CLOUD)
			note_unread(yaml_doc_scalar(key), out);
		if (!os_field_of_key(yaml_doc_scalar(key), place, &field) ||
		    yaml_doc_is_null(value))
			continue;
		if (yaml_doc_scalar(value) == NULL ||
		    strlen(yaml_doc_scalar(value)) != value->data.scalar.length)
			return fail_at(c, value, "expected one value of plain text");
		os_set(out, field, yaml_doc_scalar(value));
	}
	return ERR_NONE;
}

/* As openstacksdk has it: beside auth may stand what belongs into it; only of domains and projects it counts more. */
static enum err_code
read_cloud(struct clouds *c, const char *cloud, struct os_config *out)
{
	yaml_node_t *all = member(c, yaml_document_get_root_node(&c->document), "clouds");
	yaml_node_t *one = member(c, all, cloud);
	if (one == NULL)
		return err_set(c->err, ERR_NOINPUT, "%s has no cloud \"%s\"", c->name, cloud);
	if (read_map(c, one, OS_CLOUD, out) != ERR_NONE)
		return c->err->code;
	yaml_node_t *auth = member(c, one, "auth");
	if (auth == NULL || yaml_doc_is_null(auth))
		return ERR_NONE;
	if (read_map(c, auth, OS_AUTH, out) != ERR_NONE)
		return c->err->code;
	return read_map(c, one, OS_CLOUD_FIRST, out);
}

size_t
os_clouds_names(const char *name, const char *text, size_t len, struct arena *a, const char **out,
    size_t max)
{
	struct err ignored;
	struct clouds c = { .name = name, .err = &ignored };
	size_t n = 0;
	if (yaml_doc_read(&c.document, name, text, len, &ignored) != ERR_NONE)
		return 0;
	yaml_node_t *all = member(&c, yaml_document_get_root_node(&c.document), "clouds");
	if (all != NULL && all->type == YAML_MAPPING_NODE)
		for (yaml_node_pair_t *p = all->data.mapping.pairs.start;
		     p < all->data.mapping.pairs.top; p++) {
			const char *key = yaml_doc_scalar(
			    yaml_document_get_node(&c.document, p->key));
			if (key != NULL && n < max)
				out[n++] = arena_strdup(a, key);
		}
	yaml_doc_free(&c.document);
	return n;
}

enum err_code
os_clouds_parse(struct os_config *c, const char *name, const char *text, size_t len,
    const char *cloud, struct err *err)
{
	struct clouds clouds = { .name = name, .err = err };
	if (yaml_doc_read(&clouds.document, name, text, len, err) != ERR_NONE)
		return err->code;
	enum err_code code = read_cloud(&clouds, cloud, c);
	yaml_doc_free(&clouds.document);
	return code;
}
