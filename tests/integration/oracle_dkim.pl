#!/usr/bin/perl
# What Mail::DKIM says of messages: a result a file.  usage: oracle_dkim.pl PORT FILE...
use strict;
use warnings;
use Mail::DKIM::DNS;
use Mail::DKIM::Verifier;
use Net::DNS::Resolver;
my $port = shift;
Mail::DKIM::DNS::resolver(Net::DNS::Resolver->new(nameservers => ['127.0.0.1'], port => $port, recurse => 0,
	udp_timeout => 5, retry => 2));
for my $file (@ARGV) {
	open(my $in, '<:raw', $file) or die "$file: $!";
	my $verifier = Mail::DKIM::Verifier->new;
	while (my $line = <$in>) {
		$line =~ s/\r?\n\z/\r\n/;
		$verifier->PRINT($line);
	}
	$verifier->CLOSE;
	print $verifier->result, "\n";
}
