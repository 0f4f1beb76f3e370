/* clouds.yaml: YAML is read by libyaml; what it may hold of secrets is wiped. */
#include <string.h>
#include <yaml.h>

#include "provider/os_config_priv.h"
#include "provider/yaml_depth_priv.h"

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

static const char *
scalar(const yaml_node_t *node)
{
	return node != NULL && node->type == YAML_SCALAR_NODE ?
	    (const char *)node->data.scalar.value :
	    NULL;
}

static yaml_node_t *
member(struct clouds *c, const yaml_node_t *map, const char *key)
{
	if (map == NULL || map->type != YAML_MAPPING_NODE)
		return NULL;
	for (yaml_node_pair_t *p = map->data.mapping.pairs.start; p < map->data.mapping.pairs.top;
	     p++) {
		const char *name = scalar(yaml_document_get_node(&c->document, p->key));
		if (name != NULL && strcmp(name, key) == 0)
			return yaml_document_get_node(&c->document, p->value);
	}
	return NULL;
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
		if (key == NULL || value == NULL || scalar(key) == NULL)
			continue;
		if (strcmp(scalar(key), "<<") == 0)
			return fail_at(c, key,
			    "merge keys (<<) are not read: write the values out");
		if (!os_field_of_key(scalar(key), in_auth, &field))
			continue;
		if (scalar(value) == NULL || strlen(scalar(value)) != value->data.scalar.length)
			return fail_at(c, value, "expected one value of plain text");
		os_set(out, field, scalar(value));
	}
	return ERR_NONE;
}

static enum err_code
read_cloud(struct clouds *c, const char *cloud, struct os_config *out)
{
	yaml_node_t *all = member(c, yaml_document_get_root_node(&c->document), "clouds");
	yaml_node_t *one = member(c, all, cloud);
	if (one == NULL)
		return err_set(c->err, ERR_NOINPUT, "%s: has no cloud \"%s\"", c->name, cloud);
	if (read_map(c, one, false, out) != ERR_NONE)
		return c->err->code;
	yaml_node_t *auth = member(c, one, "auth");
	return auth == NULL ? ERR_NONE : read_map(c, auth, true, out);
}

/* libyaml frees what it has read as it is: whatever of it may be a secret is overwritten before. */
static void
wipe_document(yaml_document_t *d)
{
	for (yaml_node_t *n = d->nodes.start; n < d->nodes.top; n++)
		if (n->type == YAML_SCALAR_NODE)
			explicit_bzero(n->data.scalar.value, n->data.scalar.length);
	yaml_document_delete(d);
}

static void
wipe_parser(yaml_parser_t *p)
{
	explicit_bzero(p->buffer.start, (size_t)(p->buffer.end - p->buffer.start));
	explicit_bzero(p->raw_buffer.start, (size_t)(p->raw_buffer.end - p->raw_buffer.start));
	yaml_parser_delete(p);
}

enum err_code
os_clouds_parse(struct os_config *c, const char *name, const char *text, size_t len,
    const char *cloud, struct err *err)
{
	yaml_parser_t parser;
	struct clouds clouds = { .name = name, .err = err };
	if (yaml_is_deep(text, len))
		return err_set(err, ERR_CONFIG, "%s: is nested too deeply", name);
	if (!yaml_parser_initialize(&parser))
		return err_set(err, ERR_INTERNAL, "libyaml cannot be started");
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, len);
	enum err_code code;
	if (yaml_parser_load(&parser, &clouds.document)) {
		code = read_cloud(&clouds, cloud, c);
		wipe_document(&clouds.document);
	} else {
		/* libyaml's words are fixed sentences, they quote nothing of the file */
		code = err_set(err, ERR_CONFIG, "%s:%zu: %s", name, parser.problem_mark.line + 1,
		    parser.problem == NULL ? "not YAML" : parser.problem);
	}
	wipe_parser(&parser);
	return code;
}
