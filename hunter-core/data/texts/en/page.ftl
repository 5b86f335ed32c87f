### Labels of the one-page summary of a lead.

page-title = Lead summary
page-score = Readiness score
page-score-range = possible range: { $low }–{ $high }
page-score-none = No score: the mail provider is not known.
page-priority = Priority
page-category =
    { $category ->
        [p1] high potential, nothing to displace
        [p2] competitive takeover
        [p3] weak partner
        [p4] renewal pressure
        [p5] long nurturing
       *[p6] archive
    }
page-size = Size
page-confidence = confidence: { $percent } %
page-gateway = Gateway
page-expiry = Domain expires
page-breakdown = How the score adds up
page-no-breakdown = No rows make up the score.
page-total = Total
page-evidence = Evidence
page-no-evidence = No records.
page-unknown = Not known yet
page-all-known = Everything that the score rests on is known.
page-not-known = unknown
page-footer = Observed: { $date } · Rules: { $rules }
page-fact =
    { $fact ->
        [present] present
        [missing] missing
       *[unknown] unknown
    }

# The rows of a score.
page-points =
    { $row ->
        [base] Start
        [provider] Mail provider
        [spf] SPF is there
        [dkim] DKIM is there
        [dmarc-reject] DMARC: reject
        [dmarc-quarantine] DMARC: quarantine
        [dmarc-none] DMARC: none
        [no-spf] No SPF
        [no-dkim] No DKIM
        [dkim-none] No DKIM key found
        [hosting-mx-weak] Weak shared hosting
        [spf-multiple-includes] Many SPF includes
        [clamp] Limit of 0–100
        [referral-tenant] Referral: tenant
        [referral-co-sell] Referral: co-sell
       *[other] Other
    }
