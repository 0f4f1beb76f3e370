#!/usr/bin/perl
# What Mail::SPF says: a line "IP HELO SENDER" each on standard input, a result each.  usage: oracle_spf.pl PORT
use strict;
use warnings;
use Mail::SPF;
use Net::DNS::Resolver;
my $resolver = Net::DNS::Resolver->new(nameservers => ['127.0.0.1'], port => $ARGV[0], recurse => 0, udp_timeout => 5,
	tcp_timeout => 5, retry => 2);
my $server = Mail::SPF::Server->new(dns_resolver => $resolver, query_rr_types => Mail::SPF::Server->query_rr_type_txt);
while (my $line = <STDIN>) {
	my ($ip, $helo, $sender) = split ' ', $line;
	my $request = Mail::SPF::Request->new(versions => [1], scope => 'mfrom', identity => $sender, ip_address => $ip,
		helo_identity => $helo);
	print $server->process($request)->code, "\n";
}
