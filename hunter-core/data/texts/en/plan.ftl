### Offer, potential, urgency and next step. Written for the seller.

offer-price = { $license }: { $price } per user per month.
offer-migration-fee = One-time migration fee { $fee }.
offer-defender = Microsoft Defender add-on { $defender } per user per month.
offer-consulting = Consulting package { $consulting }.
offer-existing = Ask for the present licence first; the price below is only for comparison.
offer-cold = Name no price in the first call; once the need is clear, start from the price below.
offer-skip = Prepare no offer for now; should interest arise, start from the price below.
offer-size-unknown = The number of users is unknown, so the tier is not certain; clear it up in the call.
offer-as-of = Prices are from the list of { $as-of }.

factor-segment = Segment ({ $segment-name }): { $points } points.
factor-readiness = Readiness score { $score }: { $points } points.
factor-readiness-none = Readiness score unknown; { $points } points as a base.
factor-readiness-zero = Readiness score 0; { $points } points as a base.
factor-priority = Priority { $priority } (1 is highest, 7 is lowest): { $points } points.
factor-priority-none = Priority unknown: { $points } points.
factor-size = Size ({ $size-name }): { $points } points.
factor-contact = Contact quality { $quality } out of 100: { $points } points.

potential-parts =
    segment { $segment-points }, readiness { $readiness-points }, priority { $priority-points }, size { $size-points }
potential-parts-contact = { $parts }, contacts { $contact-points }
potential-plain = Potential { $total }: { $parts }.
potential-tuned = Potential { $total }: { $parts }; { $sum } in all, tuning factor { $factor }.
potential-capped = Potential { $total }: { $parts }; { $sum } in all, tuning factor { $factor }, capped at 100.

urgency-priority = Priority { $priority }, near the top of the list.
urgency-score = Segment: { $segment-name }; readiness score: { $score }.
urgency-nothing = Nothing calls for haste.
registration-ended =
    The domain's registration appears to have ended { $days ->
        [1] 1 day
       *[other] { $days } days
    } ago, on { $date }; ask whether it was renewed.
registration-ends-today = The domain's registration ends today, { $date }.
registration-ends =
    The domain's registration ends in { $days ->
        [1] 1 day
       *[other] { $days } days
    }, on { $date }.
registration-registrar = The records name { $registrar } as the registrar.

step-call =
    Call within { $timeline-name }. { $segment ->
        [migration] Propose half an hour to plan the move of e-mail to Microsoft 365.
        [existing] Propose a review of the present Microsoft set-up and learn the renewal date.
        [cold] Introduce yourself briefly and listen to how they handle e-mail today.
       *[none] Learn how they handle e-mail today and how many users they have.
    }
step-email =
    Send a short e-mail within { $timeline-name }. { $segment ->
        [migration] Attach one page on how a move works and suggest a day to talk.
        [existing] Write about an e-mail security check and the renewal date.
        [cold] Introduce yourself and share the summary of the public records.
       *[none] Introduce yourself and ask how they handle e-mail.
    }
step-wait = Do not call for now; scan the records again in { $timeline-name } and take a fresh look.

note-summary = Potential { $potential }, urgency { $level-name }.
note-refusal = Check the opt-out list before you make contact.
