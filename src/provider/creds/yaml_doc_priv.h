/* YAML files of other programs, read by libyaml: documents, and the way through them. */
#ifndef MAILREADY_PROVIDER_CREDS_YAML_DOC_PRIV_H
#define MAILREADY_PROVIDER_CREDS_YAML_DOC_PRIV_H

#include <stdbool.h>
#include <yaml.h>

#include "base/err.h"

/* How keys are compared: strcmp, or strcasecmp. */
typedef int yaml_doc_compare(const char *a, const char *b);

/*
 * Reads the first document of text; name is the file's, for errors: ERR_CONFIG, with the line.
 * The text may hold secrets: what libyaml copied of it on the way is wiped, and no error quotes it.
 */
enum err_code yaml_doc_read(yaml_document_t *d, const char *name, const char *text, size_t len,
    struct err *err) MUST_CHECK;

/* Wipes every value, and frees. */
void yaml_doc_free(yaml_document_t *d);

/*
 * Each gives NULL for NULL and for a node of another kind, so that a path is one expression.
 * What they return is borrowed from the document.
 */
const char *yaml_doc_scalar(const yaml_node_t *node);
yaml_node_t *yaml_doc_member(yaml_document_t *d, const yaml_node_t *map, const char *key,
    yaml_doc_compare *compare);
yaml_node_t *yaml_doc_item(yaml_document_t *d, const yaml_node_t *list, size_t i);

/* YAML's words for nothing (YAML 1.2.2, 10.3.2), where they are not quoted. */
bool yaml_doc_is_null(const yaml_node_t *node);

#endif
