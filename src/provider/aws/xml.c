/* Replies in XML, as rows of a path and a text.  Expat reads; nothing outside the reply is ever fetched. */
#include <expat.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "provider/aws/aws_priv.h"

enum { DEPTH_MAX = 16, PATH_TEXT_MAX = 512, ROWS_MAX = 65536 };

struct reading {
	XML_Parser parser;
	struct arena *arena;
	struct aws_reply *out;
	char path[PATH_TEXT_MAX];
	size_t ends[DEPTH_MAX]; /* how long the path was before each open element */
	size_t depth;
	bool is_leaf; /* the innermost open element has no child so far */
	bool too_much;
	struct buf text;
};

static void
give_up(struct reading *r)
{
	r->too_much = true;
	(void)XML_StopParser(r->parser, XML_FALSE);
}

static void
add_row(struct reading *r, const char *text)
{
	struct aws_reply *out = r->out;
	if (out->n == ROWS_MAX) {
		give_up(r);
		return;
	}
	out->leaves = arena_grow(r->arena, out->leaves, out->n, &out->cap, sizeof *out->leaves);
	out->leaves[out->n++] = (struct aws_leaf){ .path = arena_strdup(r->arena, r->path),
		.text = text };
}

/* Elements that stand in lists: of EC2, then of Route 53. */
static bool
is_entry(const char *name)
{
	static const char *const names[] = { "item", "HostedZone", "ResourceRecordSet" };
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/* The root's own name is not in the path. */
static void
on_start(void *arg, const XML_Char *name, const XML_Char **attributes)
{
	struct reading *r = arg;
	size_t len = strlen(r->path);
	(void)attributes;
	if (r->depth == DEPTH_MAX || len + strlen(name) + 2 > sizeof r->path) {
		give_up(r);
		return;
	}
	r->ends[r->depth++] = len;
	if (r->depth == 1)
		r->out->root = arena_strdup(r->arena, name);
	else
		snprintf(r->path + len, sizeof r->path - len, "%s%s", len > 0 ? "/" : "", name);
	r->is_leaf = true;
	buf_reset(&r->text);
	if (is_entry(name))
		add_row(r, NULL);
}

static void
on_end(void *arg, const XML_Char *name)
{
	struct reading *r = arg;
	(void)name;
	/* the end of an empty element still comes, which was not opened here */
	if (r->too_much)
		return;
	if (r->is_leaf && r->depth > 1)
		add_row(r, arena_strndup(r->arena, r->text.data, r->text.len));
	r->is_leaf = false;
	r->path[r->ends[--r->depth]] = '\0';
}

static void
on_text(void *arg, const XML_Char *text, int len)
{
	struct reading *r = arg;
	buf_add(&r->text, text, (size_t)len);
}

/* Entities of one's own are how small documents become large ones; these APIs send none. */
static void
on_doctype(void *arg, const XML_Char *name, const XML_Char *system, const XML_Char *public, int own)
{
	(void)name, (void)system, (void)public, (void)own;
	give_up(arg);
}

enum err_code
aws_xml_read(const char *text, size_t len, struct arena *a, struct aws_reply *out, struct err *err)
{
	struct reading r = { .parser = XML_ParserCreate("UTF-8"), .arena = a, .out = out };
	*out = (struct aws_reply){ .root = "" };
	if (r.parser == NULL)
		return err_set(err, ERR_INTERNAL, "the reader of XML cannot start");
	buf_init(&r.text, HTTP_BODY_MAX);
	XML_SetUserData(r.parser, &r);
	XML_SetElementHandler(r.parser, on_start, on_end);
	XML_SetCharacterDataHandler(r.parser, on_text);
	XML_SetStartDoctypeDeclHandler(r.parser, on_doctype);
	bool good = len <= HTTP_BODY_MAX &&
	    XML_Parse(r.parser, text, (int)len, XML_TRUE) == XML_STATUS_OK && !r.text.failed;
	const char *why = r.too_much ? "it has a document type, or is larger than replies are" :
				       XML_ErrorString(XML_GetErrorCode(r.parser));
	if (!good)
		(void)err_set(err, ERR_TEMP, "the answer is not XML of this API: %s", why);
	buf_fini(&r.text);
	XML_ParserFree(r.parser);
	return good ? ERR_NONE : ERR_TEMP;
}

const char *
aws_text(const struct aws_reply *r, size_t from, size_t to, const char *path)
{
	for (size_t i = from; i < to && i < r->n; i++)
		if (r->leaves[i].text != NULL && strcmp(r->leaves[i].path, path) == 0)
			return r->leaves[i].text;
	return "";
}

bool
aws_item(const struct aws_reply *r, const char *path, size_t *at, size_t *end)
{
	size_t len = strlen(path);
	while (
	    *at < r->n && (r->leaves[*at].text != NULL || strcmp(r->leaves[*at].path, path) != 0))
		(*at)++;
	if (*at == r->n)
		return false;
	for (*end = *at + 1; *end < r->n; (*end)++)
		if (strncmp(r->leaves[*end].path, path, len) != 0 ||
		    r->leaves[*end].path[len] != '/')
			break;
	return true;
}
