/* The text of every statement. */
#include "store_priv.h"

/* Of a row of finding f and listing l, in the order in which store_read.c takes them. */
#define FINDING_COLUMNS \
	"  (SELECT value FROM text WHERE id = f.rule)," \
	"  (SELECT value FROM text WHERE id = f.subject)," \
	"  (SELECT value FROM text WHERE id = f.text)," \
	"  f.verdict, f.severity,"

/* The findings that have a span; the rest are remarks. */
#define STANDS "('warn', 'temperror', 'permerror', 'fail')"

/*
 * A span that continues where another of the same finding ends, with other words or at another
 * place, keeps the time at which that one began: it may be forgotten before this one is.
 */
/* clang-format off */
const char *const sql_text[SQL_N] = {
[SQL_BEGIN] = "BEGIN IMMEDIATE",
[SQL_BEGIN_READ] = "BEGIN",
[SQL_COMMIT] = "COMMIT",

[SQL_TEXT_FIND] = "SELECT id FROM text WHERE hash = ? AND value = ?",
[SQL_TEXT_ADD] = "INSERT INTO text(hash, value) VALUES (?, ?)",

[SQL_SERVER_FIND] =
	"SELECT id, last_seq, last_s FROM server WHERE address = ? AND ehlo = ? AND domain = ?",
[SQL_SERVER_ADD] =
	"INSERT INTO server(address, ehlo, domain, label, host) VALUES (?, ?, ?, '', '')",
[SQL_SERVER_RAN] =
	"UPDATE server SET label = ?2, host = ?3, last_seq = ?4, last_s = ?5, ended_s = 0,"
	" group_names = ?6"
	" WHERE id = ?1",
[SQL_SERVER_END] = "UPDATE server SET ended_s = ?2 WHERE id = ?1",
[SQL_SERVERS] =
	"SELECT s.id, s.label, s.address, s.host, s.ehlo, s.domain,"
	"  min(r.time_s), max(r.time_s), count(*), s.ended_s"
	" FROM server s JOIN report r ON r.server = s.id"
	" GROUP BY s.id ORDER BY s.label, s.address, s.id",
[SQL_SERVERS_NAMED] =
	"SELECT s.id, s.label, s.address, s.host, s.ehlo, s.domain,"
	"  min(r.time_s), max(r.time_s), count(*), s.ended_s"
	" FROM server s JOIN report r ON r.server = s.id"
	" WHERE ?1 IN (s.address, s.label, s.host)"
	" GROUP BY s.id ORDER BY s.label, s.address, s.id",
[SQL_REPORT_ADD] =
	"INSERT INTO report(server, seq, time_s, time_us, verdict, reason, ptr_status, ptr_names,"
	"  iprev, ehlo_seen, ehlo_result, cert_expires_s, listed, asked, unknown, not_applicable,"
	"  more_ptr_names)"
	" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
#define REPORT_COLUMNS \
	"SELECT r.seq, r.time_s, r.time_us, s.label, s.address, s.host, s.ehlo, s.domain, r.verdict," \
	"  (SELECT value FROM text WHERE id = r.reason)," \
	"  (SELECT value FROM text WHERE id = r.ptr_status)," \
	"  (SELECT value FROM text WHERE id = r.ptr_names)," \
	"  (SELECT value FROM text WHERE id = r.iprev)," \
	"  (SELECT value FROM text WHERE id = r.ehlo_seen)," \
	"  (SELECT value FROM text WHERE id = r.ehlo_result)," \
	"  r.cert_expires_s, r.listed, r.asked, r.unknown, r.not_applicable, r.more_ptr_names," \
	"  s.group_names" \
	" FROM report r JOIN server s ON s.id = r.server WHERE r.server = ?1"
[SQL_REPORTS] = REPORT_COLUMNS " AND r.time_s >= ?2 ORDER BY r.seq DESC LIMIT ?3",
[SQL_REPORT_LAST] = REPORT_COLUMNS " AND r.seq = s.last_seq",
[SQL_POINTS] =
	"SELECT time_s, verdict, listed, asked, unknown, not_applicable FROM report"
	" WHERE server = ? AND time_s >= ? ORDER BY time_s, seq",

[SQL_FINDING_FIND] =
	"SELECT id FROM finding WHERE rule = ? AND subject = ? AND text = ? AND remedy = ?"
	"  AND why = ? AND verdict = ? AND severity = ? AND required = ?",
[SQL_FINDING_ADD] =
	"INSERT INTO finding(rule, subject, text, remedy, why, verdict, severity, required)"
	" VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
[SQL_FINDING_OPEN] =
	"INSERT INTO finding_span(server, place, first_seq, first_s, finding, first_evidence,"
	"  last_evidence)"
	/* the other columns are those of the row with the smallest first_s */
	" SELECT ?1, ?2, ?3, coalesce(min(p.first_s), ?4), ?5, coalesce(p.first_evidence, ?6), ?6"
	" FROM finding_span p JOIN finding f ON f.id = p.finding JOIN finding now ON now.id = ?5"
	" WHERE p.server = ?1 AND p.first_seq < ?3 AND (p.last_seq IS NULL OR p.last_seq = ?3 - 1)"
	"  AND f.rule = now.rule AND f.subject = now.subject"
	"  AND (f.verdict IN " STANDS ") = (now.verdict IN " STANDS ")",
[SQL_FINDING_SURE] =
	"UPDATE finding_span SET sure_seq = ?3 WHERE server = ?1 AND place = ?2 AND last_seq IS NULL",
[SQL_FINDING_SEEN] =
	"UPDATE finding_span SET last_evidence = ?3"
	" WHERE server = ?1 AND place = ?2 AND last_seq IS NULL",
[SQL_FINDING_CLOSE] =
	"UPDATE finding_span SET last_seq = ?3, last_s = ?4"
	" WHERE server = ?1 AND place = ?2 AND last_seq IS NULL",
#define FINDINGS \
	"SELECT p.first_seq, coalesce(p.last_seq, 9223372036854775807)," FINDING_COLUMNS \
	"  (SELECT value FROM text WHERE id = f.remedy)," \
	"  (SELECT value FROM text WHERE id = f.why)," \
	"  f.required, p.sure_seq" \
	" FROM finding_span p JOIN finding f ON f.id = p.finding" \
	" WHERE p.server = ?1 AND "
#define WITHIN "p.first_seq <= ?3 AND (p.last_seq IS NULL OR p.last_seq >= ?2)"
[SQL_FINDINGS] = FINDINGS WITHIN " ORDER BY p.place, p.first_seq",
[SQL_FINDINGS_LAST] = FINDINGS "p.last_seq IS NULL ORDER BY p.place",
[SQL_FINDING_SPANS] =
	"SELECT p.first_seq, coalesce(p.last_seq, s.last_seq)," FINDING_COLUMNS
	"  p.first_s, coalesce(p.last_s, s.last_s), p.last_seq IS NULL, p.first_evidence,"
	"  p.last_evidence"
	" FROM finding_span p JOIN finding f ON f.id = p.finding JOIN server s ON s.id = p.server"
	" WHERE p.server = ?1 AND f.verdict IN " STANDS
	" ORDER BY 3, 4, p.first_seq, p.place",

[SQL_LISTING_FIND] =
	"SELECT id FROM listing WHERE zone = ? AND subject = ? AND state = ? AND kind = ?"
	"  AND impact = ? AND reason = ?",
[SQL_LISTING_ADD] =
	"INSERT INTO listing(zone, subject, state, kind, impact, reason) VALUES (?, ?, ?, ?, ?, ?)",
[SQL_LISTING_OPEN] =
	"INSERT INTO listing_span(server, place, first_seq, first_s, listing)"
	" SELECT ?1, ?2, ?3, coalesce(min(p.first_s), ?4), ?5"
	" FROM listing_span p JOIN listing l ON l.id = p.listing JOIN listing now ON now.id = ?5"
	" WHERE p.server = ?1 AND p.first_seq < ?3 AND (p.last_seq IS NULL OR p.last_seq = ?3 - 1)"
	"  AND l.zone = now.zone AND l.subject = now.subject AND l.state = now.state",
[SQL_LISTING_CLOSE] =
	"UPDATE listing_span SET last_seq = ?3, last_s = ?4"
	" WHERE server = ?1 AND place = ?2 AND last_seq IS NULL",
#define LISTINGS \
	"SELECT p.first_seq, coalesce(p.last_seq, 9223372036854775807)," \
	"  (SELECT value FROM text WHERE id = l.zone)," \
	"  (SELECT value FROM text WHERE id = l.subject)," \
	"  (SELECT value FROM text WHERE id = l.state)," \
	"  (SELECT value FROM text WHERE id = l.kind)," \
	"  (SELECT value FROM text WHERE id = l.impact)," \
	"  (SELECT value FROM text WHERE id = l.reason)" \
	" FROM listing_span p JOIN listing l ON l.id = p.listing" \
	" WHERE p.server = ?1 AND "
[SQL_LISTINGS] = LISTINGS WITHIN " ORDER BY p.place, p.first_seq",
[SQL_LISTINGS_LAST] = LISTINGS "p.last_seq IS NULL ORDER BY p.place",
[SQL_LISTING_SPANS] =
	"SELECT p.first_seq, coalesce(p.last_seq, s.last_seq),"
	"  (SELECT value FROM text WHERE id = l.zone),"
	"  (SELECT value FROM text WHERE id = l.subject),"
	"  p.first_s, coalesce(p.last_s, s.last_s), p.last_seq IS NULL"
	" FROM listing_span p JOIN listing l ON l.id = p.listing JOIN server s ON s.id = p.server"
	" WHERE p.server = ?1"
	"  AND l.state = (SELECT id FROM text WHERE hash = ?2 AND value = 'listed')"
	"  AND l.kind = (SELECT id FROM text WHERE hash = ?3 AND value = 'block')"
	" ORDER BY 3, 4, p.first_seq, p.place",

[SQL_DEMANDS_LOOKED] = "UPDATE server SET demands = ?2 WHERE id = ?1",
[SQL_DEMANDS_GET] = "SELECT demands FROM server WHERE id = ?",
[SQL_DEMANDS] =
	"SELECT receiver, demand, name, state, bulk_state, code, since_s FROM demand"
	" WHERE server = ? ORDER BY name, demand",
[SQL_DEMANDS_MARK] = "UPDATE demand SET seen = 0 WHERE server = ?",
[SQL_DEMAND_PUT] =
	"INSERT INTO demand(server, receiver, demand, name, state, bulk_state, code, since_s, seen)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1)"
	" ON CONFLICT (server, receiver, demand) DO UPDATE"
	" SET name = ?4, state = ?5, bulk_state = ?6, code = ?7, seen = 1",
[SQL_DEMANDS_SWEEP] = "DELETE FROM demand WHERE server = ? AND seen = 0",

[SQL_RUN_TIMES] = "SELECT DISTINCT time_s FROM report WHERE time_s <= ? ORDER BY time_s DESC",
[SQL_FORGET_REPORTS] = "DELETE FROM report WHERE time_s < ?",
/* a server none of whose reports is left has no smallest number: all of its spans go */
[SQL_FORGET_FINDING_SPANS] =
	"DELETE FROM finding_span WHERE coalesce(last_seq, 9223372036854775806) <"
	"  coalesce((SELECT min(r.seq) FROM report r WHERE r.server = finding_span.server),"
	"    9223372036854775807)",
[SQL_FORGET_LISTING_SPANS] =
	"DELETE FROM listing_span WHERE coalesce(last_seq, 9223372036854775806) <"
	"  coalesce((SELECT min(r.seq) FROM report r WHERE r.server = listing_span.server),"
	"    9223372036854775807)",
[SQL_FORGET_DEMANDS] = "DELETE FROM demand WHERE server NOT IN (SELECT server FROM report)",
[SQL_FORGET_SERVERS] = "DELETE FROM server WHERE id NOT IN (SELECT server FROM report)",
[SQL_FORGET_FINDINGS] =
	"DELETE FROM finding WHERE id NOT IN (SELECT finding FROM finding_span)",
[SQL_FORGET_LISTINGS] =
	"DELETE FROM listing WHERE id NOT IN (SELECT listing FROM listing_span)",
[SQL_FORGET_TEXTS] =
	"DELETE FROM text WHERE id NOT IN ("
	"  SELECT reason FROM report UNION SELECT ptr_status FROM report"
	"  UNION SELECT ptr_names FROM report UNION SELECT iprev FROM report"
	"  UNION SELECT ehlo_seen FROM report UNION SELECT ehlo_result FROM report"
	"  UNION SELECT rule FROM finding UNION SELECT subject FROM finding"
	"  UNION SELECT text FROM finding UNION SELECT remedy FROM finding"
	"  UNION SELECT why FROM finding UNION SELECT zone FROM listing"
	"  UNION SELECT subject FROM listing UNION SELECT state FROM listing"
	"  UNION SELECT kind FROM listing UNION SELECT impact FROM listing"
	"  UNION SELECT reason FROM listing)",
[SQL_FORGET_OUTAGES] = "DELETE FROM outage WHERE end_s > 0 AND end_s < ?",
[SQL_VACUUM] = "PRAGMA incremental_vacuum",

[SQL_MESSAGE_PUT] =
	"INSERT INTO message(channel, subject, body, made_s, next_s, tries, error)"
	" VALUES (?, ?, ?, ?, ?, ?, ?)",
[SQL_MESSAGE_DUE] =
	"SELECT id, channel, subject, body, made_s, next_s, tries, error FROM message"
	" WHERE next_s <= ?1 OR next_s > ?2 ORDER BY next_s, id LIMIT 1",
[SQL_MESSAGE_TAKEN] = "UPDATE message SET next_s = ?2, tries = tries + 1 WHERE id = ?1",
[SQL_MESSAGE_DONE] = "DELETE FROM message WHERE id = ?",
[SQL_MESSAGE_FAILED] = "UPDATE message SET made_s = ?2, next_s = ?3, error = ?4 WHERE id = ?1",
[SQL_MESSAGE_REST] = "UPDATE message SET body = ?2, made_s = ?3, next_s = ?4, error = ?5 WHERE id = ?1",
[SQL_MESSAGE_COUNT] = "SELECT count(*) FROM message",
[SQL_MESSAGES] =
	"SELECT id, channel, subject, body, made_s, next_s, tries, error FROM message"
	" ORDER BY next_s, id",
[SQL_SENT_GET] = "SELECT sent_s FROM sent WHERE channel = ?",
[SQL_SENT_PUT] =
	"INSERT INTO sent(channel, sent_s) VALUES (?, ?)"
	" ON CONFLICT(channel) DO UPDATE SET sent_s = excluded.sent_s",

[SQL_OUTAGE_SEEN] =
	"UPDATE outage SET text = ?3, remedy = ?4, servers = max(servers, ?5), last_s = ?6, runs = runs + 1"
	" WHERE kind = ?1 AND subject = ?2 AND end_s = 0",
[SQL_OUTAGE_ADD] =
	"INSERT INTO outage(kind, subject, text, remedy, servers, first_s, last_s, runs)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, 1)",
[SQL_OUTAGE_END] = "UPDATE outage SET end_s = ?2 WHERE id = ?1",
[SQL_OUTAGES] =
	"SELECT id, kind, subject, text, remedy, servers, first_s, last_s, runs, end_s FROM outage"
	" WHERE end_s = 0 OR end_s >= ? ORDER BY first_s, id",

[SQL_LOG_GET] = "SELECT inode, offset, head_len, head_hash FROM mail_log WHERE path = ?",
[SQL_LOG_PUT] =
	"INSERT INTO mail_log(path, inode, offset, head_len, head_hash) VALUES (?1, ?2, ?3, ?4, ?5)"
	" ON CONFLICT (path) DO UPDATE SET inode = ?2, offset = ?3, head_len = ?4, head_hash = ?5",
[SQL_REFUSALS] =
	"SELECT code, status, text, host, ehlo, sender, address, first_s, last_s, count, verdict"
	" FROM refusal ORDER BY id",
[SQL_REFUSALS_CLEAR] = "DELETE FROM refusal",
[SQL_REFUSAL_ADD] =
	"INSERT INTO refusal(code, status, text, host, ehlo, sender, address, first_s, last_s, count,"
	" verdict) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
};
/* clang-format on */
