/* Lines that Exim 4.96, Sendmail 8.17.1 and OpenSMTPD 6.8 wrote: those of integration/test_mtas.sh. */
#include "test.h"

#include <stdlib.h>
#include <time.h>

#include "base/arena.h"
#include "explain/log.h"
#include "shown.h"

/*
 * A log, and what is found in it: "code status|host|address|stage|ehlo|sender|recipient|time|text", a line each; ">"
 * before what this machine refused itself.
 */
static const struct row {
	const char *name, *log, *found;
} rows[] = {
	{ "Exim: the host refuses before the recipients are named: it is said twice",
	    "2026-12-01 04:23:08 1xYFOW-00003j-0o H=mx.busy.example [192.0.2.23]: SMTP error from"
	    " remote mail server after initial connection: 421 4.3.2 mx.busy.example Service not "
	    "available, try again later\n"
	    "2026-12-01 04:23:08 1xYFOW-00003j-0o == bob@busy.example R=dnslookup T=remote_smtp d"
	    "efer (0) H=mx.busy.example [192.0.2.23]: SMTP error from remote mail server after in"
	    "itial connection: 421 4.3.2 mx.busy.example Service not available, try again later\n",
	    "421 4.3.2|mx.busy.example||greeting|||busy.example|2026-12-01T04:23:08Z|mx.busy.exam"
	    "ple Service not available, try again later" },
	{ "Exim: HELO",
	    "2026-12-01 04:23:09 1xYFOX-000045-0E H=mx.helo.example [192.0.2.27]: SMTP error from"
	    " remote mail server after HELO out.a.example: 504 5.5.2 <out.a.example>: Helo comman"
	    "d rejected: need fully-qualified hostname\n"
	    "2026-12-01 04:23:09 1xYFOX-000045-0E ** bob@helo.example R=dnslookup T=remote_smtp H"
	    "=mx.helo.example [192.0.2.27]: SMTP error from remote mail server after HELO out.a.e"
	    "xample: 504 5.5.2 <out.a.example>: Helo command rejected: need fully-qualified hostn"
	    "ame\n",
	    "504 5.5.2|mx.helo.example||ehlo|out.a.example||helo.example|2026-12-01T04:23:09Z|<ou"
	    "t.a.example>: Helo command rejected: need fully-qualified hostname" },
	{ "Exim: DATA, an address without brackets",
	    "2026-12-01 04:23:09 1xYFOX-00004C-0t == bob@data.example R=dnslookup T=remote_smtp d"
	    "efer (-46) H=mx.data.example [192.0.2.28]: SMTP error from remote mail server after "
	    "DATA: 451 4.7.1 mx.data.example: try again in an hour, 203.0.113.25\n",
	    "451 4.7.1|mx.data.example|203.0.113.25|data|||data.example|2026-12-01T04:23:09Z|mx.d"
	    "ata.example: try again in an hour, 203.0.113.25" },
	{ "Exim: four lines of a reply",
	    "2026-12-01 04:23:07 1xYFOV-00003Y-2i ** bob@ptr.example R=dnslookup T=remote_smtp H="
	    "mx.ptr.example [192.0.2.21]: SMTP error from remote mail server after RCPT TO:<bob@p"
	    "tr.example>: 550-5.7.25 [203.0.113.25] The IP address sending this message does not "
	    "have a\\n550-5.7.25 PTR record setup, or the corresponding forward DNS entry does not"
	    "\\n550-5.7.25 point to the sending IP. For more information, go to\\n550 5.7.25  https"
	    "://support.google.com/a?p=sender-guidelines-ip x1-2si0001.7 - gsmtp\n",
	    "550 5.7.25|mx.ptr.example|203.0.113.25|rcpt|||ptr.example|2026-12-01T04:23:07Z|[203."
	    "0.113.25] The IP address sending this message does not have a PTR record setup, or t"
	    "he corresponding forward DNS entry does not point to the sending IP. For more inform"
	    "ation, go to https://support.google.com/a?p=sender-guidelines-ip x1-2si0001.7 - gsmt"
	    "p" },
	{ "Exim: over IPv6",
	    "2026-12-01 04:23:10 1xYFOY-00004V-0K ** bob@six.example R=dnslookup T=remote_smtp H="
	    "mx.six.example [2001:db8::31]: SMTP error from remote mail server after RCPT TO:<bob"
	    "@six.example>: 550-5.7.25 [2001:db8::25] does not have a PTR record\\n550 5.7.25 - gs"
	    "mtp\n",
	    "550 5.7.25|mx.six.example|2001:db8::25|rcpt|||six.example|2026-12-01T04:23:10Z|[2001"
	    ":db8::25] does not have a PTR record - gsmtp" },
	{ "Exim: nobody is there",
	    "2026-12-01 04:23:10 1xYFOY-00004c-0z H=mx.dead.example [192.0.2.32] Connection refus"
	    "ed\n"
	    "2026-12-01 04:23:10 1xYFOY-00004c-0z == bob@dead.example R=dnslookup T=remote_smtp d"
	    "efer (111): Connection refused\n",
	    "0 ||||||dead.example|2026-12-01T04:23:10Z|Connection refused" },
	{ "Exim: a domain without mail",
	    "2026-12-01 04:23:10 1xYFOY-00004f-1e ** bob@nomx.example: Unrouteable address\n", "" },
	{ "Exim: the queue is run again, and nobody is asked",
	    "2026-12-01 04:27:24 1xYFSY-00003h-1N == bob@grey.example routing defer (-52): retry "
	    "time not reached\n"
	    "2026-12-01 04:27:24 1xYFSZ-000043-0p == bob@sender.example R=dnslookup T=remote_smtp"
	    " defer (-54): retry time not reached for any host for 'sender.example'\n",
	    "" },
	{ "Exim: the words of a reply are not its own",
	    "2026-12-01 04:22:10 1xYF2I-0008Iw-0n H=mx.busy.example [192.0.2.23]: SMTP error from"
	    " remote mail server after initial connection: 421 4.7.0 mail was rejected for now =="
	    " later\n",
	    "" },
	{ "Exim refuses a connection",
	    "2026-12-01 04:23:11 H=[198.51.100.11] rejected connection in \"connect\" ACL: host loo"
	    "kup failed (failed to find host name from IP address)\n",
	    ">0 ||198.51.100.11|greeting||||2026-12-01T04:23:11Z|host lookup failed (failed to fi"
	    "nd host name from IP address)" },
	{ "Exim refuses an EHLO name",
	    "2026-12-01 04:23:11 H=mail.s.example (nodot) [198.51.100.10] rejected EHLO or HELO n"
	    "odot: the name in HELO needs a dot\n",
	    ">0 ||198.51.100.10|ehlo|nodot|||2026-12-01T04:23:11Z|the name in HELO needs a dot" },
	{ "Exim refuses what is not an EHLO name",
	    "2026-12-01 04:23:11 rejected EHLO from mail.s.example [198.51.100.10]: syntactically"
	    " invalid argument(s): a(b)\n",
	    ">0 ||198.51.100.10|ehlo||||2026-12-01T04:23:11Z|syntactically invalid argument(s): a"
	    "(b)" },
	{ "Exim refuses a sender",
	    "2026-12-01 04:23:11 H=mail.s.example [198.51.100.10] rejected MAIL <eve@bad.example>"
	    ": sender not wanted\n",
	    ">0 ||198.51.100.10|mail|mail.s.example|bad.example||2026-12-01T04:23:11Z|sender not "
	    "wanted" },
	{ "Exim refuses a listed client: the EHLO name is not the PTR name",
	    "2026-12-01 04:23:11 H=listed.s.example (mail.s.example) [198.51.100.12] F=<eve@s.exa"
	    "mple> rejected RCPT <joe@a.example>: 198.51.100.12 is listed at bl.s.example\n",
	    ">0 ||198.51.100.12|rcpt|mail.s.example|s.example|a.example|2026-12-01T04:23:11Z|198."
	    "51.100.12 is listed at bl.s.example" },
	{ "Exim refuses a recipient for now",
	    "2026-12-01 04:23:11 H=mail.s.example (other.s.example) [198.51.100.10] F=<eve@s.exam"
	    "ple> temporarily rejected RCPT <later@a.example>: greylisted, come back\n",
	    ">0 ||198.51.100.10|rcpt|other.s.example|s.example|a.example|2026-12-01T04:23:11Z|gre"
	    "ylisted, come back" },
	{ "Exim refuses a sender that it verified: one refusal in two lines",
	    "2026-12-01 04:23:11 H=mail.s.example [198.51.100.10] sender verify fail for <eve@now"
	    "here.example>: Unrouteable address\n"
	    "2026-12-01 04:23:11 H=mail.s.example [198.51.100.10] F=<eve@nowhere.example> rejecte"
	    "d RCPT <joe@a.example>: Sender verify failed\n",
	    ">0 ||198.51.100.10|rcpt|mail.s.example|nowhere.example|a.example|2026-12-01T04:23:11"
	    "Z|Sender verify failed" },
	{ "Exim refuses a client that did not greet",
	    "2026-12-01 04:00:10 rejected MAIL from mail.s.example [198.51.100.10]: no HELO/EHLO "
	    "given\n",
	    ">0 ||198.51.100.10|mail||||2026-12-01T04:00:10Z|no HELO/EHLO given" },
	{ "Exim refuses a message: the reject log has its header",
	    "2026-12-01 04:23:11 1xYFOZ-00005a-0F H=(mail.s.example) [198.51.100.13] F=<eve@s.exa"
	    "mple> rejected after DATA: This message looks like spam\n"
	    "Envelope-from: <eve@s.example>\n"
	    "Envelope-to: <joe@a.example>\n"
	    "P Received: from [198.51.100.13] (helo=mail.s.example)\n"
	    "\tby out.a.example with esmtp (Exim 4.96)\n"
	    "  Subject: spam\n"
	    "2026-12-01 04:23:11 H=mail.s.example [198.51.100.10] F=<eve@s.example> rejected RCPT"
	    " <x@other.example>: relay not permitted\n",
	    ">0 ||198.51.100.13|end-of-data|mail.s.example|s.example||2026-12-01T04:23:11Z|This m"
	    "essage looks like spam\n"
	    ">0 ||198.51.100.10|rcpt|mail.s.example|s.example|other.example|2026-12-01T04:23:11Z|"
	    "relay not permitted" },
	{ "Sendmail: the first line of a reply, and a status of its own",
	    "Dec  1 04:23:14 out sm-mta[541]: 6B14NE3G000539: to=<bob@ptr.example>, ctladdr=<joe@"
	    "a.example> (975/975), delay=00:00:00, xdelay=00:00:00, mailer=esmtp, pri=30014, rela"
	    "y=mx.ptr.example. [192.0.2.21], dsn=5.1.1, reply=550-5.7.25 [203.0.113.25] The IP ad"
	    "dress sending this message does not have a, stat=User unknown\n",
	    "550 5.7.25|mx.ptr.example|203.0.113.25||||ptr.example|2026-12-01T04:23:14Z|[203.0.11"
	    "3.25] The IP address sending this message does not have a" },
	{ "Sendmail: a reply without a status",
	    "Dec  1 04:23:14 out sm-mta[576]: 6B14NEgi000571: to=<bob@plain.example>, ctladdr=<jo"
	    "e@a.example> (975/975), delay=00:00:00, xdelay=00:00:00, mailer=esmtp, pri=30014, re"
	    "lay=mx.plain.example. [192.0.2.29], dsn=5.1.1, reply=550 no such user here, stat=Use"
	    "r unknown\n",
	    "550 |mx.plain.example|||||plain.example|2026-12-01T04:23:14Z|no such user here" },
	{ "Sendmail: the greeting",
	    "Dec  1 04:23:14 out sm-mta[550]: 6B14NEfa000546: to=<bob@busy.example>, ctladdr=<joe"
	    "@a.example> (975/975), delay=00:00:00, xdelay=00:00:00, mailer=esmtp, pri=30014, rel"
	    "ay=mx.busy.example. [192.0.2.23], dsn=4.5.0, reply=421 4.3.2 mx.busy.example Service"
	    " not available, try again later, stat=Deferred: 421 4.3.2 mx.busy.example Service no"
	    "t available, try again later\n",
	    "421 4.3.2|mx.busy.example|||||busy.example|2026-12-01T04:23:14Z|mx.busy.example Serv"
	    "ice not available, try again later" },
	{ "Sendmail: over IPv6",
	    "Dec  1 04:23:14 out sm-mta[589]: 6B14NEv4000587: to=<bob@six.example>, ctladdr=<joe@"
	    "a.example> (975/975), delay=00:00:00, xdelay=00:00:00, mailer=esmtp, pri=30014, rela"
	    "y=mx.six.example. [IPv6:2001:db8:0:0:0:0:0:31], dsn=5.1.1, reply=550-5.7.25 [2001:db"
	    "8::25] does not have a PTR record, stat=User unknown\n",
	    "550 5.7.25|mx.six.example|2001:db8::25||||six.example|2026-12-01T04:23:14Z|[2001:db8"
	    "::25] does not have a PTR record" },
	{ "Sendmail: nobody is there",
	    "Dec  1 04:23:14 out sm-mta[595]: 6B14NEp5000591: to=<bob@dead.example>, ctladdr=<joe"
	    "@a.example> (975/975), delay=00:00:00, xdelay=00:00:00, mailer=esmtp, pri=30014, rel"
	    "ay=mx.dead.example. [192.0.2.32], dsn=4.4.1, stat=Deferred: Connection refused by mx"
	    ".dead.example.\n",
	    "0 4.4.1|mx.dead.example|||||dead.example|2026-12-01T04:23:14Z|Deferred: Connection r"
	    "efused by mx.dead.example." },
	{ "Sendmail: its own mail boxes",
	    "Dec  1 04:14:18 out sm-mta[24024]: 6B14EIJX024024: to=<postmaster@a.example>, delay="
	    "00:00:00, mailer=local, pri=31039, dsn=5.1.1, reply=550 5.1.1 User unknown, stat=Use"
	    "r unknown\n",
	    ">550 5.1.1||||||a.example|2026-12-01T04:14:18Z|User unknown" },
	{ "Sendmail refuses a client without a PTR name",
	    "Dec  1 04:23:14 out sm-mta[648]: ruleset=check_relay, arg1=[198.51.100.11], arg2=198"
	    ".51.100.11, relay=[198.51.100.11], reject=550 5.7.1 Fix reverse DNS for 198.51.100.1"
	    "1\n",
	    ">550 5.7.1||198.51.100.11|mail||||2026-12-01T04:23:14Z|Fix reverse DNS for 198.51.10"
	    "0.11" },
	{ "Sendmail refuses a listed client: the answer of the list is not an address",
	    "Dec  1 04:23:14 out sm-mta[649]: ruleset=check_relay, arg1=listed.s.example, arg2=12"
	    "7.0.0.2, relay=listed.s.example [198.51.100.12], reject=550 5.7.1 Rejected: 198.51.1"
	    "00.12 listed at bl.s.example\n",
	    ">550 5.7.1||198.51.100.12|mail||||2026-12-01T04:23:14Z|Rejected: 198.51.100.12 liste"
	    "d at bl.s.example" },
	{ "Sendmail refuses a client whose name may be forged",
	    "Dec  1 04:23:14 out sm-mta[650]: ruleset=check_relay, arg1=[198.51.100.13], arg2=198"
	    ".51.100.13, relay=elsewhere.s.example [198.51.100.13] (may be forged), reject=451 4."
	    "1.8 Possibly forged hostname for 198.51.100.13\n",
	    ">451 4.1.8||198.51.100.13|mail||||2026-12-01T04:23:14Z|Possibly forged hostname for "
	    "198.51.100.13" },
	{ "Sendmail refuses a sender",
	    "Dec  1 04:23:14 out sm-mta[655]: 6B14NEW5000655: ruleset=check_mail, arg1=<eve@nowhe"
	    "re.example>, relay=mail.s.example [198.51.100.10], reject=553 5.1.8 <eve@nowhere.exa"
	    "mple>... Domain of sender address eve@nowhere.example does not exist\n",
	    ">553 5.1.8||198.51.100.10|mail||nowhere.example||2026-12-01T04:23:14Z|<eve@nowhere.e"
	    "xample>... Domain of sender address eve@nowhere.example does not exist" },
	{ "Sendmail refuses a recipient",
	    "Dec  1 04:23:14 out sm-mta[658]: 6B14NEvB000658: ruleset=check_rcpt, arg1=<x@other.e"
	    "xample>, relay=mail.s.example [198.51.100.10], reject=550 5.7.1 <x@other.example>..."
	    " Relaying denied\n",
	    ">550 5.7.1||198.51.100.10|rcpt|||other.example|2026-12-01T04:23:14Z|<x@other.example"
	    ">... Relaying denied" },
	{ "Sendmail: a recipient without a mail box",
	    "Dec  1 04:23:14 out sm-mta[656]: 6B14NE2B000656: <ghost@a.example>... User unknown\n",
	    ">0 |||rcpt|||a.example|2026-12-01T04:23:14Z|User unknown" },
	{ "Sendmail refuses at once",
	    "Dec  1 04:14:18 out sm-mta[24024]: ruleset=check_relay, arg1=[198.51.100.11], arg2=1"
	    "98.51.100.11, relay=[198.51.100.11], reject=421 4.3.2 Connection rate limit exceeded"
	    ".\n",
	    ">421 4.3.2||198.51.100.11|greeting||||2026-12-01T04:14:18Z|Connection rate limit exc"
	    "eeded." },
	{ "OpenSMTPD: lines of a reply, joined without a blank",
	    "2026-12-01T04:23:17.183948+00:00 out smtpd[784]: 282405cda6d69829 mta delivery evpid"
	    "=bc6e8d797d4d68c4 from=<joe@a.example> to=<bob@ptr.example> rcpt=<-> source=\"203.0.1"
	    "13.25\" relay=\"192.0.2.21 (mx.ptr.example)\" delay=0s result=\"PermFail\" "
	    "stat=\"550-5.7."
	    "25 [203.0.113.25] The IP address sending this message does not have a5.7.25 PTR reco"
	    "rd setup, or the corresponding forward DNS entry does not5.7.25 point to the sending"
	    " IP. For more information, go to5.7.25  https://support.google.com/a?p=sender-guidel"
	    "ines-ip x1-2si0001.7 - gsmtp\"\n",
	    "550 5.7.25|mx.ptr.example|203.0.113.25|||a.example|ptr.example|2026-12-01T04:23:17Z|"
	    "[203.0.113.25] The IP address sending this message does not have a PTR record setup,"
	    " or the corresponding forward DNS entry does not point to the sending IP. For more i"
	    "nformation, go to https://support.google.com/a?p=sender-guidelines-ip x1-2si0001.7 -"
	    " gsmtp" },
	{ "OpenSMTPD: over IPv6",
	    "2026-12-01T04:23:17.262239+00:00 out smtpd[784]: 282405f9d1261623 mta delivery evpid"
	    "=a57e6c5eba348299 from=<joe@a.example> to=<bob@six.example> rcpt=<-> source=\"[2001:d"
	    "b8::25]\" relay=\"[2001:db8::31] (mx.six.example)\" delay=0s result=\"PermFail\" "
	    "stat=\"55"
	    "0-5.7.25 [2001:db8::25] does not have a PTR record5.7.25 - gsmtp\"\n",
	    "550 5.7.25|mx.six.example|2001:db8::25|||a.example|six.example|2026-12-01T04:23:17Z|"
	    "[2001:db8::25] does not have a PTR record - gsmtp" },
	{ "OpenSMTPD: the greeting; who it was is in another line, and of the message no more is "
	  "said",
	    "2026-12-01T04:23:17.198695+00:00 out smtpd[784]: 282405d9c892d57e mta connecting add"
	    "ress=smtp://192.0.2.24:25 host=mx.listed.example\n"
	    "2026-12-01T04:23:17.199944+00:00 out smtpd[784]: 282405d9c892d57e mta error reason=B"
	    "ANNER rejected: 554-5.7.1 mx.listed.example Service unavailable; Client host [203.0."
	    "113.25] blocked using zen.spamhaus.org\n"
	    "2026-12-01T04:23:18.184302+00:00 out smtpd[784]: 0000000000000000 mta delivery evpid"
	    "=b232b8c130db60e1 from=<joe@a.example> to=<bob@busy.example> rcpt=<-> source=\"-\" rel"
	    "ay=\"busy.example\" delay=1s result=\"TempFail\" stat=\"Address family mismatch on "
	    "destin"
	    "ation MXs\"\n",
	    "554 5.7.1|mx.listed.example|203.0.113.25|greeting||||2026-12-01T04:23:17Z|mx.listed."
	    "example Service unavailable; Client host [203.0.113.25] blocked using zen.spamhaus.o"
	    "rg" },
	{ "OpenSMTPD: EHLO",
	    "2026-12-01T04:23:17.218788+00:00 out smtpd[784]: 282405e5388b5643 mta connecting add"
	    "ress=smtp://192.0.2.27:25 host=mx.helo.example\n"
	    "2026-12-01T04:23:17.219759+00:00 out smtpd[784]: 282405e5388b5643 mta error reason=H"
	    "ELO rejected: 504 5.5.2 <out.a.example>: Helo command rejected: need fully-qualified"
	    " hostname\n",
	    "504 5.5.2|mx.helo.example||ehlo|out.a.example|||2026-12-01T04:23:17Z|<out.a.example>"
	    ": Helo command rejected: need fully-qualified hostname" },
	{ "OpenSMTPD: refused, and the connection ends",
	    "2026-12-01T04:23:17.238307+00:00 out smtpd[784]: 282405f0c2ab839b mta connecting add"
	    "ress=smtp://192.0.2.30:25 host=mx.cut.example\n"
	    "2026-12-01T04:23:17.241985+00:00 out smtpd[784]: 282405f0c2ab839b mta delivery evpid"
	    "=d525e21391946567 from=<joe@a.example> to=<bob@cut.example> rcpt=<-> source=\"203.0.1"
	    "13.25\" relay=\"192.0.2.30 (mx.cut.example)\" delay=0s result=\"TempFail\" stat=\"421 "
	    "4.7."
	    "0 [203.0.113.25] Too many errors\"\n"
	    "2026-12-01T04:23:17.242099+00:00 out smtpd[784]: 282405f0c2ab839b mta error reason=C"
	    "onnection closed unexpectedly\n",
	    "421 4.7.0|mx.cut.example|203.0.113.25|||a.example|cut.example|2026-12-01T04:23:17Z|["
	    "203.0.113.25] Too many errors" },
	{ "OpenSMTPD: nobody is there",
	    "2026-12-01T04:23:17.270725+00:00 out smtpd[784]: 282405fddca7fa1c mta connecting add"
	    "ress=smtp://192.0.2.32:25 host=mx.dead.example\n"
	    "2026-12-01T04:23:17.270955+00:00 out smtpd[784]: 282405fddca7fa1c mta error reason=I"
	    "O Error: Connection refused\n",
	    "0 |mx.dead.example||||||2026-12-01T04:23:17Z|IO Error: Connection refused" },
	{ "OpenSMTPD: a session that began long ago",
	    "2026-12-01T04:23:17.195553+00:00 out smtpd[784]: 282405d594fae18b mta error reason=B"
	    "ANNER rejected: 421 4.3.2 mx.busy.example Service not available, try again later\n",
	    "421 4.3.2|||greeting||||2026-12-01T04:23:17Z|mx.busy.example Service not available, "
	    "try again later" },
	{ "OpenSMTPD refuses a connection",
	    "2026-12-01T04:23:17.472458+00:00 out smtpd[784]: 2824060121107260 smtp connected add"
	    "ress=198.51.100.11 host=<unknown>\n"
	    "2026-12-01T04:23:17.472646+00:00 out smtpd[784]: 2824060121107260 smtp failed-comman"
	    "d command=\"\" result=\"550 no PTR record, go away\"\n",
	    ">550 ||198.51.100.11|greeting||||2026-12-01T04:23:17Z|no PTR record, go away" },
	{ "OpenSMTPD refuses an EHLO name",
	    "2026-12-01T04:23:17.480493+00:00 out smtpd[784]: 28240607fea79851 smtp failed-comman"
	    "d command=\"EHLO nodot\" result=\"550 5.5.2 the name in HELO needs a dot\"\n",
	    ">550 5.5.2|||ehlo|nodot|||2026-12-01T04:23:17Z|the name in HELO needs a dot" },
	{ "OpenSMTPD refuses a sender",
	    "2026-12-01T04:23:17.482213+00:00 out smtpd[784]: 2824060954e628fa smtp connected add"
	    "ress=198.51.100.10 host=mail.s.example\n"
	    "2026-12-01T04:23:17.482718+00:00 out smtpd[784]: 2824060954e628fa smtp failed-comman"
	    "d command=\"MAIL FROM:<eve@bad.example>\" result=\"550 5.7.1 sender not wanted\"\n",
	    ">550 5.7.1||198.51.100.10|mail||bad.example||2026-12-01T04:23:17Z|sender not wanted" },
	{ "OpenSMTPD refuses a recipient",
	    "2026-12-01T04:23:17.489096+00:00 out smtpd[784]: 2824060d0e9ca58e smtp connected add"
	    "ress=198.51.100.10 host=mail.s.example\n"
	    "2026-12-01T04:23:17.490067+00:00 out smtpd[784]: 2824060d0e9ca58e smtp failed-comman"
	    "d command=\"RCPT TO:<x@other.example>\" result=\"550 Invalid recipient: "
	    "<x@other.exampl"
	    "e>\"\n",
	    ">550 ||198.51.100.10|rcpt|||other.example|2026-12-01T04:23:17Z|Invalid recipient: <x"
	    "@other.example>" },
	{ "OpenSMTPD: its own mail boxes",
	    "2026-12-01T04:12:44.698142+00:00 out smtpd[13346]: 3b55788b33b16e34 mda delivery evp"
	    "id=f19bc4d24a789bfa from=<eve@s.example> to=<joe@a.example> rcpt=<joe@a.example> use"
	    "r=joe delay=0s result=PermFail stat=Error (\"mail.maildir: no space\")\n",
	    "" },
};

static const char *
found_in(const char *log, struct log_memory *memory, struct arena *a)
{
	const int64_t now_s = 1796104800; /* 2026-12-01 06:00:00 UTC */
	const char *found = "";
	for (const char *line = log, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
		struct reply r;
		size_t len = (size_t)(end - line);
		enum log_line kind = log_read(arena_strndup(a, line, len), len, now_s, memory, a,
		    &r);
		assert_int_not_equal(kind, LOG_OTHER);
		if (kind == LOG_REFUSED)
			found = arena_printf(a, "%s%s%s%s", found, found[0] != '\0' ? "\n" : "",
			    r.by_us ? ">" : "", reply_shown(&r, a));
	}
	return found;
}

static void
test_logs(void **state)
{
	static struct log_memory memory;
	(void)state;
	setenv("TZ", "UTC", 1);
	tzset();
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct arena a;
		ROW(rows[i].name);
		arena_init(&a);
		memory = (struct log_memory){ .next = 0 };
		const char *found = found_in(rows[i].log, &memory, &a);
		assert_string_equal(found, rows[i].found);
		arena_fini(&a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_logs) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
