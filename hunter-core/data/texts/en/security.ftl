### Mail authentication. The clauses are also said aloud to the customer.

security-clauses =
    { $spf ->
        [present] SPF is published
        [missing] there is no SPF record
        [several] SPF is published but invalid, because there are several records
        [malformed] SPF is published but invalid, because of a syntax error
       *[unknown] there is no answer yet for SPF
    }, { $dkim ->
        [present] DKIM is published
        [missing] there is no DKIM record
        [not-found] no DKIM key was found under any usual selector
       *[unknown] there is no answer yet for DKIM
    }, { $dmarc ->
        [absent] there is no DMARC record
        [none] DMARC is published but only for monitoring
        [quarantine] DMARC is in force with a quarantine policy
        [reject] DMARC is in force with a reject policy
        [partial] DMARC is in force with a { $policy } policy but its pct tag stands at { $coverage } percent
       *[unknown] there is no answer yet for DMARC
    }

security-summary =
    { $risk ->
        [high] High risk
        [medium] Medium risk
       *[low] Low risk
    }: { $clauses }.
security-summary-partial =
    { $risk ->
        [high] High risk
        [medium] Medium risk
       *[low] Low risk
    } by what is known: { $clauses }.

detail-spf =
    SPF: { $spf ->
        [present] a valid record is published.
        [missing] no record; receivers cannot tell who may send mail for this domain.
        [several] published but invalid; there are several SPF records, which receivers treat as an error.
        [malformed] published but invalid; the record has a syntax error.
       *[unknown] no answer yet; too early to say whether it is there.
    }
detail-spf-over-limit =
    But together with what it includes, it asks for more DNS look-ups than receivers make; they treat this as a permanent error.
detail-spf-broken-include =
    But one of the records that it includes is missing or faulty; receivers treat this as a permanent error.
detail-spf-managed =
    An SPF service hosts the record; senders are managed there, so do not suggest adding any by hand.
detail-dkim =
    DKIM: { $dkim ->
        [present] a published key was found.
        [missing] no record; the _domainkey name does not exist under this domain.
        [not-found] none of the usual selectors holds a key; another selector may be in use.
       *[unknown] no answer yet; too early to say whether it is there.
    }
detail-selectors = Selectors tried: { $selectors }.
detail-dmarc =
    DMARC: { $dmarc ->
        [absent] no record; receivers are given no policy for forged mail.
        [none] a record is published and the policy in force is p=none; receivers are not asked to act on forged mail.
        [quarantine] the policy in force is quarantine; receivers are asked to treat forged mail as suspicious.
        [reject] the policy in force is reject; receivers are asked to refuse forged mail.
       *[unknown] no answer yet; too early to say whether it is there.
    }
detail-testing =
    The record says { $written }, but its t=y test mark makes the policy apply one step weaker.
detail-test-mode = The test flag (t=y) stands in the record at { $records }.
detail-coverage =
    Its pct tag is a leftover of RFC 7489; receivers that still read it apply the policy to { $coverage ->
        [0] no message at all
       *[other] { $coverage } percent of messages
    }.

angle =
    { $consequence ->
        [forgery] Open with forgery of the domain: no DMARC policy in force asks receivers to refuse forged mail. Leave
            out the technical detail; one short example is enough.
        [delivery] Open with mail getting through: the DMARC policy is strict, while SPF and DKIM do not look ready for
            it, so the company's own mail may be held up.
        [gap] Offer a small, concrete improvement: going through the mail authentication records together is a good
            start.
        [partial] Offer to finish what was begun: the DMARC policy is in force, but an old pct tag may narrow it.
       *[clean] No fault in the known records; talk about added protection and the renewal date, not about fear.
    }

remedy-unknown = Look up again what has no answer yet: { $unknown }.
remedy-spf =
    { $spf ->
        [several] Merge the SPF records into one.
        [malformed] Correct the syntax error in the SPF record.
       *[missing] List the servers that send mail and publish one SPF record.
    }
remedy-dkim =
    { $dkim ->
        [missing] Switch DKIM signing on and publish the key.
       *[not-found] Ask which DKIM selector is in use; if none is, switch DKIM signing on.
    }
remedy-dmarc =
    { $dmarc ->
        [absent] Publish a DMARC record with p=none and a report address first; tighten the policy once the reports are
            clean.
       *[none] Go through the DMARC reports and raise the policy to quarantine, then to reject.
    }
remedy-testing = Remove the t=y mark from the DMARC record once the test period is over.
remedy-coverage = Remove the pct tag from the DMARC record; RFC 9989 no longer knows it.
remedy-nothing = No record needs changing for now; keep an eye on the DMARC reports.
