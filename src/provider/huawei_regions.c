/* The official SDK's regions.yaml: where services are, by service and region. */
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <yaml.h>

#include "provider/huawei_priv.h"
#include "provider/yaml_depth_priv.h"

static const char *
scalar(const yaml_node_t *node)
{
	return node != NULL && node->type == YAML_SCALAR_NODE ?
	    (const char *)node->data.scalar.value :
	    NULL;
}

/* Names of services are written in any case. */
static yaml_node_t *
member(yaml_document_t *d, const yaml_node_t *map, const char *key)
{
	if (map == NULL || map->type != YAML_MAPPING_NODE)
		return NULL;
	for (yaml_node_pair_t *p = map->data.mapping.pairs.start; p < map->data.mapping.pairs.top;
	     p++) {
		const char *name = scalar(yaml_document_get_node(d, p->key));
		if (name != NULL && strcasecmp(name, key) == 0)
			return yaml_document_get_node(d, p->value);
	}
	return NULL;
}

static yaml_node_t *
item(yaml_document_t *d, const yaml_node_t *list, size_t i)
{
	if (list == NULL || list->type != YAML_SEQUENCE_NODE ||
	    list->data.sequence.items.start + i >= list->data.sequence.items.top)
		return NULL;
	return yaml_document_get_node(d, list->data.sequence.items.start[i]);
}

/* "endpoint", or the first of "endpoints". */
static const char *
endpoint_of(yaml_document_t *d, const yaml_node_t *row)
{
	const char *one = scalar(member(d, row, "endpoint"));
	return one != NULL ? one : scalar(item(d, member(d, row, "endpoints"), 0));
}

static const char *
find(yaml_document_t *d, const char *service, const char *region)
{
	yaml_node_t *rows = member(d, yaml_document_get_root_node(d), service), *row;
	for (size_t i = 0; (row = item(d, rows, i)) != NULL; i++) {
		const char *id = scalar(member(d, row, "id"));
		if (id != NULL && strcmp(id, region) == 0)
			return endpoint_of(d, row);
	}
	return NULL;
}

enum err_code
huawei_regions_find(const char *name, const char *text, size_t len, const char *service,
    const char *region, char out[HUAWEI_URL_MAX], struct err *err)
{
	yaml_parser_t parser;
	yaml_document_t document;
	enum err_code code = ERR_NONE;
	out[0] = '\0';
	if (yaml_is_deep(text, len))
		return err_set(err, ERR_CONFIG, "%s: is nested too deeply", name);
	if (!yaml_parser_initialize(&parser))
		return err_set(err, ERR_INTERNAL, "libyaml cannot be started");
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, len);
	if (yaml_parser_load(&parser, &document)) {
		const char *url = find(&document, service, region);
		if (url != NULL && snprintf(out, HUAWEI_URL_MAX, "%s", url) >= HUAWEI_URL_MAX)
			code = err_set(err, ERR_CONFIG, "%s: the endpoint of %s in %s is too long",
			    name, service, region);
		yaml_document_delete(&document);
	} else {
		code = err_set(err, ERR_CONFIG, "%s:%zu: %s", name, parser.problem_mark.line + 1,
		    parser.problem == NULL ? "not YAML" : parser.problem);
	}
	yaml_parser_delete(&parser);
	return code;
}
