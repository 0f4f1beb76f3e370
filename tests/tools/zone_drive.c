/*
 * What the reader of zone files makes of one: a record a line, as ldns writes it.
 * usage: zone_drive FILE ORIGIN
 */
#include <ldns/ldns.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/file.h"
#include "dns/zone_read_priv.h"

static enum err_code
on_record(void *arg, const struct zone_record *record, struct err *err)
{
	ldns_rr *rr = NULL;
	(void)arg;
	if (record->number == 0)
		return ERR_NONE;
	if (ldns_rr_new_frm_str(&rr, record->text, 0, NULL, NULL) != LDNS_STATUS_OK)
		return zone_error(err, record->path, record->entry, "refused by ldns");
	ldns_rr_print(stdout, rr);
	ldns_rr_free(rr);
	return ERR_NONE;
}

static void
on_remark(void *arg, const char *text)
{
	(void)arg;
	fprintf(stderr, "%s\n", text);
}

static enum err_code
on_include(void *arg, const char *name, struct buf *text, struct err *err)
{
	(void)arg;
	return file_read(name, text, err);
}

int
main(int argc, char **argv)
{
	struct buf text;
	struct err err;
	char origin[NAME_TEXT_MAX];
	if (argc != 3 || !name_from_text(argv[2], origin))
		return 64;
	buf_init(&text, 1 << 24);
	enum err_code code = file_read(argv[1], &text, &err);
	struct zone_input in = { .path = argv[1],
		.text = text.data,
		.len = text.len,
		.origin = origin,
		.record = on_record,
		.remark = on_remark,
		.include = on_include };
	if (code == ERR_NONE)
		code = zone_read(&in, &err);
	if (code != ERR_NONE)
		fprintf(stderr, "%s\n", err.text);
	buf_fini(&text);
	return code == ERR_NONE ? 0 : 1;
}
