/* Small YAML files: one document in memory, its maps and scalars. */
#include "provider/creds/yaml_doc_priv.h"

#include <stddef.h>
#include <string.h>

enum { OPEN_MAX = 100 };

/*
 * libyaml looks at every open bracket for each further token: a file of nothing but brackets takes
 * it minutes.  Files of clouds have no use for many; those in strings count as well.
 */
static bool
is_deep(const char *text, size_t len)
{
	size_t open = 0;
	for (size_t i = 0; i < len && open <= OPEN_MAX; i++) {
		if (text[i] == '[' || text[i] == '{')
			open++;
		else if (open > 0 && (text[i] == ']' || text[i] == '}'))
			open--;
	}
	return open > OPEN_MAX;
}

/* libyaml frees what it has read as it is: whatever of it may be a secret is overwritten before. */
static void
wipe_parser(yaml_parser_t *p)
{
	explicit_bzero(p->buffer.start, (size_t)(p->buffer.end - p->buffer.start));
	explicit_bzero(p->raw_buffer.start, (size_t)(p->raw_buffer.end - p->raw_buffer.start));
	yaml_parser_delete(p);
}

enum err_code
yaml_doc_read(yaml_document_t *d, const char *name, const char *text, size_t len, struct err *err)
{
	yaml_parser_t parser;
	enum err_code code = ERR_NONE;
	if (is_deep(text, len))
		return err_set(err, ERR_CONFIG, "%s is nested too deeply", name);
	if (!yaml_parser_initialize(&parser))
		return err_set(err, ERR_INTERNAL, "libyaml cannot be started");
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, len);
	/* libyaml's words are fixed sentences, they quote nothing of the file */
	if (!yaml_parser_load(&parser, d))
		code = err_set(err, ERR_CONFIG, "%s:%zu: %s", name, parser.problem_mark.line + 1,
		    parser.problem == NULL ? "not YAML" : parser.problem);
	wipe_parser(&parser);
	return code;
}

void
yaml_doc_free(yaml_document_t *d)
{
	for (yaml_node_t *n = d->nodes.start; n < d->nodes.top; n++)
		if (n->type == YAML_SCALAR_NODE)
			explicit_bzero(n->data.scalar.value, n->data.scalar.length);
	yaml_document_delete(d);
}

const char *
yaml_doc_scalar(const yaml_node_t *node)
{
	return node != NULL && node->type == YAML_SCALAR_NODE ?
	    (const char *)node->data.scalar.value :
	    NULL;
}

bool
yaml_doc_is_null(const yaml_node_t *node)
{
	static const char *const words[] = { "", "~", "null", "Null", "NULL" };
	const char *text = yaml_doc_scalar(node);
	if (text == NULL || node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
		return false;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strcmp(text, words[i]) == 0)
			return true;
	return false;
}

yaml_node_t *
yaml_doc_member(yaml_document_t *d, const yaml_node_t *map, const char *key,
    yaml_doc_compare *compare)
{
	if (map == NULL || map->type != YAML_MAPPING_NODE)
		return NULL;
	for (yaml_node_pair_t *p = map->data.mapping.pairs.start; p < map->data.mapping.pairs.top;
	     p++) {
		const char *name = yaml_doc_scalar(yaml_document_get_node(d, p->key));
		if (name != NULL && compare(name, key) == 0)
			return yaml_document_get_node(d, p->value);
	}
	return NULL;
}

yaml_node_t *
yaml_doc_item(yaml_document_t *d, const yaml_node_t *list, size_t i)
{
	if (list == NULL || list->type != YAML_SEQUENCE_NODE ||
	    i >= (size_t)(list->data.sequence.items.top - list->data.sequence.items.start))
		return NULL;
	return yaml_document_get_node(d, list->data.sequence.items.start[i]);
}
