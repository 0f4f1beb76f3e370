/* The official SDK's regions.yaml: where services are, by service and region. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "provider/creds/yaml_doc_priv.h"
#include "provider/huawei/huawei_priv.h"

/* Names of services are written in any case. */
static yaml_node_t *
member(yaml_document_t *d, const yaml_node_t *map, const char *key)
{
	return yaml_doc_member(d, map, key, strcasecmp);
}

/* "endpoint", or the first of "endpoints". */
static const char *
endpoint_of(yaml_document_t *d, const yaml_node_t *row)
{
	const char *one = yaml_doc_scalar(member(d, row, "endpoint"));
	return one != NULL ? one :
			     yaml_doc_scalar(yaml_doc_item(d, member(d, row, "endpoints"), 0));
}

static const char *
find(yaml_document_t *d, const char *service, const char *region)
{
	yaml_node_t *rows = member(d, yaml_document_get_root_node(d), service), *row;
	for (size_t i = 0; (row = yaml_doc_item(d, rows, i)) != NULL; i++) {
		const char *id = yaml_doc_scalar(member(d, row, "id"));
		if (id != NULL && strcmp(id, region) == 0)
			return endpoint_of(d, row);
	}
	return NULL;
}

enum err_code
huawei_regions_find(const char *name, const char *text, size_t len, const char *service,
    const char *region, char out[HUAWEI_URL_MAX], struct err *err)
{
	yaml_document_t document;
	enum err_code code = ERR_NONE;
	out[0] = '\0';
	if (yaml_doc_read(&document, name, text, len, err) != ERR_NONE)
		return err->code;
	const char *url = find(&document, service, region);
	if (url != NULL && snprintf(out, HUAWEI_URL_MAX, "%s", url) >= HUAWEI_URL_MAX)
		code = err_set(err, ERR_CONFIG, "%s: the endpoint of %s in %s is too long", name,
		    service, region);
	yaml_doc_free(&document);
	return code;
}
