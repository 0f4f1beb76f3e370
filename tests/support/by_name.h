/* Rows of the program's tables by their names; NULL when there is none. */
#ifndef MAILREADY_TESTS_BY_NAME_H
#define MAILREADY_TESTS_BY_NAME_H

const struct check *check_by_id(const char *id);
const struct renderer *renderer_by_name(const char *name);
const struct past_format *past_format_by_name(const char *name);

#endif
