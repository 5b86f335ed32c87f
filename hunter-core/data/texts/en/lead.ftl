### The lead itself: one-liner, segment and provider. All of it is written for the seller.

## Who receives the mail: a clause that can follow a colon.

standing-named = mail appears to run on { $provider }
standing-behind-gateway =
    mail passes the { $gateway } { $front ->
        [forwarder] forwarding service
       *[gateway] security gateway
    }, with { $provider } showing behind it
standing-own = mail goes to a server under the company's own domain
standing-unlisted = mail goes to { $host }, a host that is not in our provider table
standing-traces = the MX record names { $host }, while other records point to { $provider }
standing-gateway =
    mail passes the { $gateway } security gateway, and the records do not show the mail system behind it
standing-forwarder =
    mail goes to the { $gateway } forwarding service, and the records do not show where it is passed on to
standing-undetermined = the records do not tell who hosts the mailboxes
standing-null-mx = the domain declares with a null MX record that it takes no mail
standing-no-mx = the domain has no MX record
standing-unanswered = it is not known yet which server its mail goes to
standing-tenant-without-mail =
    the partner referral shows a Microsoft tenant, while this domain has no usable MX record
standing-tenant-elsewhere = the partner referral shows a Microsoft tenant, while the MX record names { $host }
standing-tenant-only = the partner referral shows a Microsoft tenant

## One-liner: one sentence.

one-liner-migration =
    { $domain }: { $standing }; { $band ->
        [top] with a score of { $score }, a very strong candidate for a move to Microsoft 365
        [high] with a score of { $score }, a strong candidate for a move to Microsoft 365
        [middle] with a score of { $score }, a promising candidate for a move to Microsoft 365
        [low] with a score of { $score }, still early for a move to Microsoft 365
       *[unknown] a candidate for a move to Microsoft 365, not scored yet
    }{ $tails }.
one-liner-existing =
    { $domain }: { $standing }; { $band ->
        [top] with a score of { $score }, a well-kept Microsoft customer: talk about renewal and added security
        [high] with a score of { $score }, a Microsoft customer in good shape: talk about renewal and improvements
        [middle] with a score of { $score }, a Microsoft customer with room to improve: talk about basic security
        [low] with a score of { $score }, a Microsoft customer to talk to about basic security
       *[unknown] a Microsoft customer, not scored yet
    }{ $tails }.
one-liner-cold =
    { $domain }: { $standing }; { $band ->
        [top] with a score of { $score }, a sound set-up but still a cold lead
        [high] with a score of { $score }, a sound set-up but still a cold lead
        [middle] with a score of { $score }, still a cold lead and worth an introduction
        [low] with a score of { $score }, a cold lead to get to know without haste
       *[unknown] a cold lead, not scored yet
    }{ $tails }.
one-liner-skip =
    { $domain }: { $standing }; { $band ->
        [top] despite a score of { $score }, off the call list for now
        [high] despite a score of { $score }, off the call list for now
        [middle] with a score of { $score }, off the call list for now
        [low] with a score of { $score }, off the call list for now
       *[unknown] off the call list for now
    }{ $tails }.
one-liner-none = { $domain }: { $standing }; no segment yet, the missing facts come first{ $tails }.

tail-size =
    ; { $size ->
        [small] small (1–50 users)
        [medium] medium-sized (51–500 users)
        [large] large (501 users and more)
       *[unknown] size unknown
    }
tail-country = ; by its IP data the server is in { $country-name }
tail-proxy = ; note that the IP address is marked as a proxy, so the location may mislead

## Segment explanation.

segment-migration = In the Migration segment: { $standing }.
segment-existing = In the Existing segment: { $standing }.
segment-cold = In the Cold segment: { $standing }.
segment-skip = In the Skip segment: { $standing }.
segment-none = No segment yet: { $standing }.

segment-score =
    The readiness score is { $score } out of 100; this score and the provider class decided the segment.
segment-score-range =
    From what is known the readiness score is { $score }; with the facts still unknown it may lie between { $low } and
    { $high }.
segment-score-unknown = The readiness score has not been worked out yet.
segment-score-alone = The readiness score is { $score } out of 100.
segment-by-tenant = The partner referral carries an Azure tenant id, so the lead counts as an existing customer.
segment-without-mail = There is no usable MX record, so the lead was set aside without scoring.

segment-advice-migration = The topic of the call is moving mail to Microsoft 365.
segment-advice-existing = The topic of the call is improving the present set-up, and the renewal date.
segment-advice-cold = Get to know each other first; an offer can wait.
segment-advice-skip = Nothing suggests spending time on it now; look again when things change.
segment-advice-none = Assess the domain again once the missing facts are in.

unknown-facts = Not known yet: { $unknown }.

## Provider reasoning: the evidence, quoted.

evidence-mx = The preferred MX host is { $host }.
evidence-named-listed = Our provider table lists this host as { $provider }.
evidence-named-unconfirmed = The classification says { $provider }; confirm it in the call.
evidence-behind-gateway =
    The host in front is a { $gateway } { $front ->
        [forwarder] forwarding service
       *[gateway] security gateway
    }; other records of the domain point to { $provider } behind it.
evidence-own =
    The host lies inside the company's own domain; the records do not say where it is hosted or which software it runs,
    so ask.
evidence-unlisted = This host is not in our provider table, so we name no provider.
evidence-traces =
    This host is not in our provider table; other records of the domain point to { $provider }. Confirm in the call where
    the mailboxes are.
evidence-gateway =
    The host in front is a { $gateway } security gateway; the records do not show which mail system is behind it, so ask.
evidence-forwarder = This host belongs to { $gateway }, which passes incoming mail on to another address.
evidence-undetermined = The records do not tell which system holds the mailboxes; make it the first question.
evidence-null-mx = The domain publishes a null MX record: it declares by itself that it takes no mail.
evidence-no-mx =
    The MX question got a definite answer: there is no such record. The company may use another domain.
evidence-unanswered = We have no answer for the MX record yet; it is too early to say anything about the provider.
evidence-tenant-without-mail = The domain has no usable MX record; the company may use another domain for mail.
evidence-tenant-elsewhere =
    This host is not among Microsoft's known MX names; clear up in the call how the mailboxes relate to the tenant.
evidence-tenant-only = We have no answer for the MX record yet; ask where the mailboxes are.
evidence-spf = The SPF record allows { $spf-include } to send.
evidence-dkim = The DKIM record points to { $dkim-target }.
evidence-autodiscover = The autodiscover record sends Outlook clients to { $autodiscover-target }.
evidence-tenant-name = The name of the tenant as the DKIM record shows it: { $tenant-name }.
evidence-senders = Other services that are set up to send: { $senders }.
evidence-tenant =
    The partner referral carries an Azure tenant id; it shows that a tenant exists, not which licences it holds.
evidence-licence = DNS does not tell the licence; ask for it in the call.
