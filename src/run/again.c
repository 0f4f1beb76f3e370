/* Asking again what was unknown in the output of a run that is over; its other rows stand. */
#include <errno.h>
#include <string.h>

#include "base/file.h"
#include "base/lines.h"
#include "base/safe.h"
#include "base/terminal.h"
#include "run/line_priv.h"
#include "run/run_priv.h"

enum { LINE_MAX_BYTES = 64 << 20, PIECE_MAX = 7 * LINE_MAX_BYTES /* escapes make it longer */ };

/* The columns of csv that say which target it is, and what came of it. */
enum {
	CSV_ADDRESS = 0,
	CSV_HOST = 1,
	CSV_VERDICT = 2,
	CSV_MX_OF = 27,
	CSV_EHLO,
	CSV_DOMAIN,
	CSV_MAIL_FROM,
	CSV_FROM,
	CSV_DKIM,
	CSV_COLUMNS
};

struct again {
	const struct run_options *options;
	const char *path;
	FILE *file;
	struct err *err;
	struct buf header; /* of the format; "" of JSON lines */
	struct buf line;
	struct buf piece;            /* rows that stand and are not written yet */
	struct target_reader reader; /* of targets, as a table has them */
	struct arena row;            /* what is read of one of them */
	struct arena arena;
	struct target_spec *specs; /* to be asked, */
	const char **rows;         /* what was said of them, */
	bool *reported;            /* and is said of them anew */
	size_t n, cap, rows_cap;
	size_t n_lines, n_rows, n_odd; /* rows that are unknown, but not of a target */
};

static enum err_code
bad_row(struct again *a, const char *what)
{
	return err_set(a->err, ERR_DATA, "%s:%zu: %s; expected what --format %s --output wrote",
	    a->path, a->n_lines, what, a->options->out.renderer->name);
}

static enum err_code
flush(struct again *a)
{
	const struct buf *piece = &a->piece;
	bool written = !piece->failed &&
	    file_write_all(fileno(a->options->out.file), piece->data, piece->len);

	buf_reset(&a->piece);
	return written ?
	    ERR_NONE :
	    err_set(a->err, ERR_IO, "the rows that stand cannot be written: %s", strerror(errno));
}

static enum err_code
keep(struct again *a, const char *row, size_t len)
{
	if (a->header.len > 0)
		buf_add(&a->piece, row, len);
	else
		safe_add_json(&a->piece, row, len);
	buf_putc(&a->piece, '\n');
	return a->piece.len >= PIECE_BYTES ? flush(a) : ERR_NONE;
}

static void
put_field(struct buf *out, const char *text)
{
	buf_puts(out, out->len > 0 ? ",\"" : "\"");
	for (; *text != '\0'; text++) {
		if (*text == '"')
			buf_putc(out, '"');
		buf_putc(out, *text);
	}
	buf_putc(out, '"');
}

/* Its names are read as those of a list: nothing else is taken for a target. */
static bool
spec_of(struct again *a, const struct report_names *n, struct target_spec *out)
{
	const char *const fields[] = { n->address, n->host, n->ehlo, n->domain, n->from,
		n->mail_from, n->dkim };
	struct err why;
	struct buf row;

	buf_init(&row, TARGET_LINE_MAX);
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
		put_field(&row, fields[i]);
	bool good = !row.failed &&
	    target_parse_line(&a->reader, row.data, row.len, &a->arena, out, &why) ==
		TARGET_LINE_GOOD;
	buf_fini(&row);
	if (good && n->mx_of[0] != '\0')
		out->names.mx_of = arena_strdup(&a->arena, n->mx_of);
	return good && (out->first.family == 0 || !target_is_many(out));
}

/* A row of a line that was not a target stands, and counts as it did. */
static enum err_code
ask(struct again *a, const struct report_names *names)
{
	struct target_spec spec;

	if (!spec_of(a, names, &spec)) {
		a->n_odd++;
		return keep(a, a->line.data, a->line.len);
	}
	a->specs = arena_grow(&a->arena, a->specs, a->n, &a->cap, sizeof *a->specs);
	a->rows = arena_grow(&a->arena, a->rows, a->n, &a->rows_cap, sizeof *a->rows);
	a->specs[a->n] = spec;
	a->rows[a->n++] = arena_strndup(&a->arena, a->line.data, a->line.len);
	return ERR_NONE;
}

static enum err_code
take_json(struct again *a)
{
	struct report_line line;
	struct report_names names;
	struct err why;

	if (report_line_read(a->line.data, a->line.len, &line, NULL, &why) != ERR_NONE)
		return bad_row(a, why.text);
	if (line.verdict != VERDICT_TEMPERROR)
		return keep(a, a->line.data, a->line.len);
	report_line_names(a->line.data, a->line.len, &a->row, &names);
	return ask(a, &names);
}

/*
 * One field of a row, as csv_add() writes it; false when it does not end well.  *at moves past it, and is
 * NULL behind the last one.
 */
static bool
take_field(char **at, const char **out)
{
	bool quoted = **at == '"';
	char *from = *at + quoted, *to = from;

	*out = from;
	for (; *from != '\0' && (quoted || *from != ','); from++) {
		if (quoted && *from == '"' && *++from != '"')
			break;
		*to++ = *from;
	}
	if ((*from != ',' && *from != '\0') || (quoted && from[-1] != '"'))
		return false;
	*at = *from == ',' ? from + 1 : NULL;
	*to = '\0';
	return true;
}

static bool
is_plain_text(const struct buf *line)
{
	for (size_t i = 0; i < line->len; i++) {
		unsigned char c = (unsigned char)line->data[i];
		if ((c < ' ' || c == 0x7f) && !(c == '\r' && i + 1 == line->len))
			return false;
	}
	return line->len > 0 && line->data[line->len - 1] == '\r';
}

static enum err_code
take_csv(struct again *a)
{
	const char *field[CSV_COLUMNS];
	char *at;
	int verdict = 0;

	if (!is_plain_text(&a->line))
		return bad_row(a, "the row does not end as rows do, or has control bytes");
	at = arena_strndup(&a->row, a->line.data, a->line.len - 1);
	for (size_t i = 0; i < CSV_COLUMNS; i++) {
		if (at == NULL)
			return bad_row(a, "the row is not complete");
		if (!take_field(&at, &field[i]))
			return bad_row(a, "a field does not end");
	}
	if (at != NULL || !enumtab_code(&verdict_names, field[CSV_VERDICT], &verdict))
		return bad_row(a, "the row has too many fields, or no verdict");
	if (verdict != VERDICT_TEMPERROR)
		return keep(a, a->line.data, a->line.len);
	const struct report_names names = { .address = field[CSV_ADDRESS],
		.host = field[CSV_HOST],
		.mx_of = field[CSV_MX_OF],
		.ehlo = field[CSV_EHLO],
		.domain = field[CSV_DOMAIN],
		.from = field[CSV_FROM],
		.mail_from = field[CSV_MAIL_FROM],
		.dkim = field[CSV_DKIM] };
	return ask(a, &names);
}

static enum err_code
take_header(struct again *a)
{
	/* it ends in CR LF, the line in CR */
	if (a->line.len + 1 != a->header.len ||
	    memcmp(a->line.data, a->header.data, a->line.len) != 0)
		return bad_row(a, "these are not the columns of this version");
	return keep(a, a->line.data, a->line.len);
}

static enum err_code
take_line(struct again *a, uint64_t taken)
{
	a->n_lines++;
	if (taken == a->line.len)
		return err_set(a->err, ERR_DATA,
		    "%s:%zu: the last line is cut: the run that wrote it did not end; continue it "
		    "with --resume, or remove the line and give its target anew",
		    a->path, a->n_lines);
	if (a->header.len > 0 && a->n_lines == 1)
		return take_header(a);
	a->n_rows++;
	arena_reset(&a->row);
	return a->header.len > 0 ? take_csv(a) : take_json(a);
}

static enum err_code
read_lines(struct again *a)
{
	enum lines_status status;
	uint64_t taken;
	enum err_code code = ERR_NONE;

	while (code == ERR_NONE && (status = lines_next(a->file, &a->line, &taken)) != LINES_END)
		code = status == LINES_READ ? take_line(a, taken) :
					      bad_row(a, "a line is too long for a report");
	if (code == ERR_NONE && ferror(a->file))
		return err_set(a->err, ERR_IO, "%s: %s", a->path, strerror(errno));
	if (code == ERR_NONE && a->n_rows == 0)
		return err_set(a->err, ERR_NOINPUT, "%s: no report in it", a->path);
	return code == ERR_NONE ? flush(a) : code;
}

/* What was not reported anew, because the run was interrupted, stands as it was. */
static enum err_code
run_unknown(struct again *a, struct run_result *result)
{
	struct run_options o = *a->options;
	struct renderer rows = *o.out.renderer;

	a->reported = arena_array(&a->arena, a->n, sizeof *a->reported);
	rows.begin = NULL; /* the header was copied */
	o.out.renderer = &rows;
	o.in.specs = a->specs;
	o.in.n_specs = a->n;
	o.in.reported = a->reported;
	enum err_code code = run_check(&o, result, a->err);
	for (size_t i = 0; code == ERR_NONE && i < a->n; i++)
		if (!a->reported[i])
			code = keep(a, a->rows[i], strlen(a->rows[i]));
	return code == ERR_NONE ? flush(a) : code;
}

static enum err_code
run_rows(struct again *a, struct run_result *result)
{
	static const char columns[] = "address,host,ehlo,domain,from,mail-from,dkim";
	struct target_spec unused;
	struct err why;

	(void)target_parse_line(&a->reader, columns, sizeof columns - 1, &a->arena, &unused, &why);
	enum err_code code = read_lines(a);
	if (code == ERR_NONE && a->n > 0)
		code = run_unknown(a, result);
	else if (code == ERR_NONE)
		terminal_say(a->options->out.errors,
		    "mailready: %s: no target is unknown; its %zu row%s as %s", a->path, a->n_rows,
		    a->n_rows == 1 ? " stands" : "s stand",
		    a->n_rows == 1 ? "it was" : "they were");
	if (code == ERR_NONE && a->n_odd > 0)
		terminal_say(a->options->out.errors,
		    "mailready: %s: %zu row%s not of a target, and stand%s", a->path, a->n_odd,
		    a->n_odd == 1 ? " is" : "s are", a->n_odd == 1 ? "s" : "");
	result->bad_lines += a->n_odd;
	return code;
}

enum err_code
run_again(const struct run_options *o, const char *path, struct run_result *result, struct err *err)
{
	struct again a = { .options = o, .path = path, .err = err };

	*result = (struct run_result){ .bad_lines = 0 };
	a.file = file_open(path, err);
	if (a.file == NULL)
		return err->code;
	arena_init(&a.row);
	arena_init(&a.arena);
	buf_init(&a.header, LINE_MAX_BYTES);
	buf_init(&a.line, LINE_MAX_BYTES);
	buf_init(&a.piece, PIECE_MAX);
	if (o->out.renderer->begin != NULL)
		o->out.renderer->begin(&o->out.render, &a.header);
	enum err_code code = run_rows(&a, result);
	buf_fini(&a.piece);
	buf_fini(&a.line);
	buf_fini(&a.header);
	arena_fini(&a.arena);
	arena_fini(&a.row);
	if (a.file != stdin)
		fclose(a.file);
	return code;
}
