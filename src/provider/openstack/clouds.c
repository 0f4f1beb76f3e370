/* clouds.yaml of OpenStack's own clients: it may hold passwords. */
#include <string.h>

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

/* Keys of other programs are no business of ours; what a merge key brings would be missed. */
static enum err_code
read_map(struct clouds *c, const yaml_node_t *map, bool in_auth, struct os_config *out)
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
		if (!os_field_of_key(yaml_doc_scalar(key), in_auth, &field))
			continue;
		if (yaml_doc_scalar(value) == NULL ||
		    strlen(yaml_doc_scalar(value)) != value->data.scalar.length)
			return fail_at(c, value, "expected one value of plain text");
		os_set(out, field, yaml_doc_scalar(value));
	}
	return ERR_NONE;
}

static enum err_code
read_cloud(struct clouds *c, const char *cloud, struct os_config *out)
{
	yaml_node_t *all = member(c, yaml_document_get_root_node(&c->document), "clouds");
	yaml_node_t *one = member(c, all, cloud);
	if (one == NULL)
		return err_set(c->err, ERR_NOINPUT, "%s has no cloud \"%s\"", c->name, cloud);
	if (read_map(c, one, false, out) != ERR_NONE)
		return c->err->code;
	yaml_node_t *auth = member(c, one, "auth");
	return auth == NULL ? ERR_NONE : read_map(c, auth, true, out);
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
