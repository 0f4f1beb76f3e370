#include "golden.h"

#include "test.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/file.h"

static void
rewrite(const char *path, const struct buf *content)
{
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(content->data, 1, content->len, f), content->len);
	assert_int_equal(fclose(f), 0);
}

void
golden_compare(const char *path, const struct buf *got)
{
	struct buf expected;
	struct err err;
	if (getenv("UPDATE_GOLDEN") != NULL)
		rewrite(path, got);
	buf_init(&expected, GOLDEN_MAX);
	assert_int_equal(file_read(path, &expected, &err), ERR_NONE);
	assert_string_equal(got->data, expected.data);
	buf_fini(&expected);
}
