/* cmocka with its includes in the order it needs. */
#ifndef MAILREADY_TESTS_TEST_H
#define MAILREADY_TESTS_TEST_H

/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
/* clang-format on */

#define N_ELEMENTS(a) (sizeof(a) / sizeof(a)[0])

/* In a table-driven test: names the row that failed. */
#define ROW(row) print_message("[     row  ] %s\n", (row))

#endif
